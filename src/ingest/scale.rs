//! The scale pain was logged on, the one it is kept on, and what the values found say of it.

use super::error::IngestError;
use crate::domain::{PainScale, nearest};
use crate::settings::{FileSettings, ScaleSetting};

/// How logged values become scores.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LoggedScale {
    least: f64,
    greatest: f64,
    /// Logged values are divided by this.
    pub divide_by: f64,
    /// The scale of the scores.
    pub result: PainScale,
    /// The column the scale is declared for, where it is declared by column.
    column: Option<String>,
}

/// What was found in the column of scores.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Found {
    /// Values that are numbers.
    pub scored: usize,
    /// Those of them off the scale, and the first few different ones.
    pub off: usize,
    off_values: Vec<f64>,
    span: Option<(f64, f64)>,
    /// Whether any has decimals.
    decimals: bool,
}

const NAMES: [&str; 4] = ["nrs", "vas100", "vas10", "days7"];

/// Fewer values than this off the scale are slips, whatever their share.
const SLIPS: usize = 3;

/// From this many values off the scale on, a tenth of all is too many for slips.
const MANY: usize = 10;

impl LoggedScale {
    /// The scale of a file; the 0–10 numeric rating scale if nothing is declared.
    pub fn of(settings: &FileSettings, file: &str) -> Result<Self, IngestError> {
        let nrs = || Self::new(&PainScale::numeric_rating().name, 10.0, 1.0);
        match &settings.scale {
            None => Ok(nrs()),
            Some(ScaleSetting::ByColumn(scales)) => {
                let mapped = settings.columns.get("pain");
                let chosen = scales.get_key_value("pain").or_else(|| mapped.and_then(|name| scales.get_key_value(name)));
                let only = || if scales.len() == 1 && mapped.is_none() { scales.iter().next() } else { None };
                let Some((column, scale)) = chosen.or_else(only) else {
                    let names: Vec<&str> = scales.keys().map(String::as_str).collect();
                    return Err(wrong(
                        file,
                        format!("has a scale for {}, but it is not clear which of them is the pain column", names.join(" and for ")),
                        format!("Say which: columns = {{ pain = \"{}\" }}", names.first().unwrap_or(&"pain")),
                    ));
                };
                let column = (column != "pain").then(|| column.clone());
                Ok(Self { column, ..Self::declared(scale, file)? })
            }
            Some(scale) => Self::declared(scale, file),
        }
    }

    /// Whether values logged on both mean the same.
    pub fn same_values(&self, other: &Self) -> bool {
        let numbers = |scale: &Self| [scale.least, scale.greatest, scale.divide_by].map(f64::to_bits);
        numbers(self) == numbers(other) && self.result == other.result
    }

    /// The part of a declaration by columns that this scale was made of.
    pub fn part<'a>(&self, declared: &'a ScaleSetting) -> &'a ScaleSetting {
        match declared {
            ScaleSetting::ByColumn(scales) => scales.get(self.column.as_deref().unwrap_or("pain")).unwrap_or(declared),
            other => other,
        }
    }

    fn new(name: &str, greatest: f64, divide_by: f64) -> Self {
        let result = PainScale { name: name.to_owned(), min: 0.0, max: greatest / divide_by };
        Self { least: 0.0, greatest, divide_by, result, column: None }
    }

    fn declared(scale: &ScaleSetting, file: &str) -> Result<Self, IngestError> {
        match scale {
            ScaleSetting::Named(name) => match name.to_ascii_lowercase().as_str() {
                "nrs" => Ok(Self::new(&PainScale::numeric_rating().name, 10.0, 1.0)),
                "vas100" => Ok(Self::new("0–10 VAS", 100.0, 10.0)),
                "vas10" => Ok(Self::new("0–10 VAS", 10.0, 1.0)),
                "days7" => Ok(Self::new(&PainScale::days_a_week().name, 7.0, 1.0)),
                _ => Err(wrong(
                    file,
                    format!("is \"{name}\", which is none of {}", NAMES.join(", ")),
                    nearest(name, NAMES).map_or_else(
                        || "Declare a scale of your own as scale = { name = \"…\", min = 0, max = 10 }.".to_owned(),
                        |near| format!("Did you mean \"{near}\"?"),
                    ),
                )),
            },
            ScaleSetting::Own { name, min, max } if min < max => {
                let result = PainScale { name: name.clone(), min: *min, max: *max };
                Ok(Self { least: *min, greatest: *max, divide_by: 1.0, result, column: None })
            }
            ScaleSetting::Own { min, max, .. } => {
                Err(wrong(file, format!("goes from {min} to {max}"), "Give a max above the min.".to_owned()))
            }
            ScaleSetting::ByColumn(_) => Err(wrong(
                file,
                "is a table within a table".to_owned(),
                "Give one scale by column: scale = { vas = \"vas100\" }".to_owned(),
            )),
        }
    }

    /// A scale declared for one column must not be applied to another.
    pub fn check_column(&self, file: &str, pain: &str) -> Result<(), IngestError> {
        match &self.column {
            Some(column) if !column.eq_ignore_ascii_case(pain) => Err(wrong(
                file,
                format!("is given for the column \"{column}\", but pain is read from \"{pain}\""),
                format!("Say which column is meant: columns = {{ pain = \"{column}\" }}, or give the scale of \"{pain}\"."),
            )),
            _ => Ok(()),
        }
    }

    /// Whether a logged value lies on the scale.
    pub fn allows(&self, value: f64) -> bool {
        value >= self.least && value <= self.greatest
    }

    /// The scale as logged, for sentences: `the scale "0–10 NRS" (0 to 10)`.
    pub fn shown(&self) -> String {
        format!("the scale \"{}\" ({} to {} as logged)", self.result.name, self.least, self.greatest)
    }

    /// Refuses a file that is on another scale: at least half its values are off this one, or, where slips are ruled out
    /// by their number and variety, a tenth of them.
    pub fn check(&self, found: &Found, file: &str) -> Result<(), IngestError> {
        let half = found.off >= SLIPS && 2 * found.off >= found.scored;
        let tenth = found.off >= MANY && 10 * found.off >= found.scored && found.off_values.len() >= SLIPS;
        if !half && !tenth {
            return Ok(());
        }
        let (least, greatest) = found.span.unwrap_or_default();
        Err(IngestError::OffScale {
            file: file.to_owned(),
            off: found.off,
            scored: found.scored,
            scale: self.shown(),
            least,
            greatest,
            fix: suggestion(found, least, greatest),
        })
    }

    /// What makes it doubtful that the file is on this scale, though every value lies on it.
    pub fn doubt(&self, found: &Found, file: &str) -> Option<String> {
        let (_, greatest) = found.span?;
        let tenfold = self.divide_by > 1.0 && greatest <= 10.0 && greatest > 0.0 && found.scored >= MANY;
        let other = if found.decimals { "vas10" } else { "nrs" };
        tenfold.then(|| {
            format!(
                "{file}: the scale is declared as 0 to 100, but none of its {} values exceeds {greatest}. If patients answered from 0 to 10, set scale = \"{other}\".",
                found.scored
            )
        })
    }
}

impl Found {
    /// Counts a value.
    #[inline]
    pub fn note(&mut self, value: f64, allowed: bool) {
        self.scored += 1;
        let (least, greatest) = self.span.unwrap_or((value, value));
        self.span = Some((least.min(value), greatest.max(value)));
        self.decimals = self.decimals || ((value as i64) as f64 - value).abs() > 0.0;
        if !allowed {
            self.off += 1;
            self.note_off(value);
        }
    }

    fn note_off(&mut self, value: f64) {
        if self.off_values.len() < SLIPS && !self.off_values.contains(&value) {
            self.off_values.push(value);
        }
    }

    /// Takes over what was found in a later part of the column.
    pub fn extend(&mut self, later: &Self) {
        self.scored += later.scored;
        self.off += later.off;
        self.decimals |= later.decimals;
        later.off_values.iter().for_each(|&value| self.note_off(value));
        self.span = match (self.span, later.span) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (mine, theirs) => mine.or(theirs),
        };
    }
}

/// Whether a value off the scale is of the kind that codes "no answer".
fn is_code(value: f64) -> bool {
    [-1.0, -7.0, -8.0, -9.0, 77.0, 88.0, 99.0].contains(&value)
        || value <= -66.0
        || [777.0, 888.0, 997.0, 998.0, 999.0, 9999.0].contains(&value)
}

/// What to do about one value off the scale, where it is likely no score at all.
pub(super) fn advice(value: f64) -> Option<String> {
    is_code(value).then(|| {
        format!("Correct the value; if {value} means that there is none, add missing = [\"{value}\"] under [files.pain] in study.toml.")
    })
}

fn suggestion(found: &Found, least: f64, greatest: f64) -> String {
    match found.off_values.as_slice() {
        [code] if is_code(*code) => format!("If {code} means that there is no score: [files.pain] missing = [\"{code}\"]"),
        _ if least >= 0.0 && greatest <= 10.0 && found.decimals => {
            "They look like a visual analogue scale of 0–10 cm: [files.pain] scale = \"vas10\"".to_owned()
        }
        _ if least >= 0.0 && greatest <= 10.0 => "They look like a 0–10 numeric rating scale: [files.pain] scale = \"nrs\"".to_owned(),
        _ if least >= 0.0 && greatest <= 100.0 => {
            "They look like a 0–100 visual analogue scale: [files.pain] scale = \"vas100\"".to_owned()
        }
        _ => format!("Declare the scale in study.toml: [files.pain] scale = {{ name = \"…\", min = {least}, max = {greatest} }}"),
    }
}

fn wrong(file: &str, problem: String, fix: String) -> IngestError {
    IngestError::Setting { file: file.to_owned(), setting: "files.pain.scale".to_owned(), problem, fix }
}
