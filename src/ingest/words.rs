//! The clinic's own words for the known ones, as `words` under `[files.…]` declares them.

use rustc_hash::FxHashMap;

use super::columns::{ColumnSpec, Field, columns_of};
use super::error::IngestError;
use super::number::{self, DecimalMark};
use crate::domain::{Answer, EventKind, Modality, PainContext, PainSite, Phase, ProgramOutcome, SessionStatus, Setting, folded, nearest};
use crate::settings::{FileSettings, LogKind, OwnWords};

/// Own words by column.
#[derive(Clone, Debug, Default)]
pub(super) struct WordsByColumn {
    columns: Vec<(usize, FxHashMap<String, String>)>,
}

impl WordsByColumn {
    /// The words of a file; `fields` says which column holds what.
    pub fn new(settings: &FileSettings, file: &str, kind: LogKind, fields: &[(Field, usize)]) -> Result<Self, IngestError> {
        let mut columns = Vec::new();
        for (native, words) in &settings.words {
            let spec = spec(native, file, kind)?;
            let mut own: FxHashMap<String, String> = FxHashMap::default();
            for (known, spellings) in words {
                check_known(spec.field, native, known, file, kind)?;
                for spelling in spellings {
                    if let Some(other) = own.insert(key(spelling), known.clone()).filter(|other| other != known) {
                        return Err(wrong(
                            file,
                            kind,
                            format!("gives \"{spelling}\" under {native} as \"{other}\" and as \"{known}\""),
                            "Let each word stand for one.".to_owned(),
                        ));
                    }
                }
            }
            // A file without the column has no cell to read.
            if let Some(&(_, column)) = fields.iter().find(|(field, _)| *field == spec.field) {
                columns.push((column, own));
            }
        }
        Ok(Self { columns })
    }

    /// The known word a cell stands for, if the study says so.
    #[inline]
    pub fn known(&self, column: usize, text: &str) -> Option<&str> {
        if self.columns.is_empty() {
            return None;
        }
        let (_, own) = self.columns.iter().find(|(at, _)| *at == column)?;
        own.get(&key(text)).map(String::as_str)
    }

    /// The score a word stands for.
    pub fn score(&self, column: usize, text: &str) -> Option<f64> {
        self.known(column, text).and_then(|score| number::parse(score, DecimalMark::Either))
    }
}

/// Whether a study's own words for the native column `native` list this cell.
pub(super) fn declares(own: &OwnWords, native: &str, cell: &str) -> bool {
    let Some(words) = own.get(native) else { return false };
    let cell = key(cell);
    words.values().flatten().any(|spelling| key(spelling) == cell)
}

/// The text by which own words are compared; marks such as `-` stand for themselves.
fn key(text: &str) -> String {
    let folded = folded(text);
    if folded.is_empty() { text.trim().to_owned() } else { folded }
}

/// What to do about a word that is not known.
pub(super) fn advice(text: &str, native: &str, known: &str, kind: LogKind) -> String {
    format!(
        "Use one of the known words, leave the cell empty, or say what it means: words = {{ {native} = {{ {} = [{text:?}] }} }} under [files.{}] in study.toml.",
        bare(known),
        kind.as_str()
    )
}

/// A key as TOML wants it: bare where it can be.
fn bare(key: &str) -> String {
    let plain = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if plain { key.to_owned() } else { format!("{key:?}") }
}

fn spec(native: &str, file: &str, kind: LogKind) -> Result<&'static ColumnSpec, IngestError> {
    let listed = |spec: &&ColumnSpec| {
        let words = [Field::Phase, Field::Status, Field::Outcome, Field::Event, Field::Lasted24h, Field::Pain];
        let details = [Field::Setting, Field::Modality, Field::Site, Field::Context];
        let answers = [Field::Numbness, Field::Weakness, Field::Limited, Field::Medication];
        words.contains(&spec.field) || details.contains(&spec.field) || answers.contains(&spec.field)
    };
    let specs = columns_of(kind);
    specs.iter().filter(listed).find(|spec| spec.name == native).ok_or_else(|| {
        let names: Vec<&str> = specs.iter().filter(listed).map(|spec| spec.name).collect();
        let problem = format!("names \"{native}\", which is no column of words of {}.csv", kind.as_str());
        let fix = match nearest(native, names.iter().copied()) {
            Some(near) => format!("Did you mean \"{near}\"?"),
            None if names.is_empty() => format!("{}.csv has no column of words; take the setting out.", kind.as_str()),
            None => format!("Its columns of words are {}.", names.join(", ")),
        };
        wrong(file, kind, problem, fix)
    })
}

fn check_known(field: Field, native: &str, known: &str, file: &str, kind: LogKind) -> Result<(), IngestError> {
    let (good, list): (bool, Vec<&str>) = match field {
        Field::Phase => (Phase::parse(known).is_some(), Phase::ALL.iter().map(|word| word.as_str()).collect()),
        Field::Status => (SessionStatus::parse(known).is_some(), SessionStatus::ALL.iter().map(|word| word.as_str()).collect()),
        Field::Outcome => (ProgramOutcome::parse(known).is_some(), ProgramOutcome::ALL.iter().map(|word| word.as_str()).collect()),
        Field::Event => (EventKind::parse(known).is_some(), EventKind::ALL.iter().map(|word| word.as_str()).collect()),
        Field::Setting => (Setting::parse(known).is_some(), Setting::ALL.iter().map(|word| word.as_str()).collect()),
        Field::Modality => (Modality::parse(known).is_some(), Modality::ALL.iter().map(|word| word.as_str()).collect()),
        Field::Site => (PainSite::parse(known).is_some(), PainSite::ALL.iter().map(|word| word.as_str()).collect()),
        Field::Context => (PainContext::parse(known).is_some(), PainContext::ALL.iter().map(|word| word.as_str()).collect()),
        Field::Lasted24h | Field::Numbness | Field::Weakness | Field::Limited | Field::Medication => {
            (Answer::parse(known).is_some(), Answer::ALL.iter().map(|word| word.as_str()).collect())
        }
        _ => (number::parse(known, DecimalMark::Either).is_some(), Vec::new()),
    };
    if good {
        return Ok(());
    }
    let problem = format!("gives words for \"{known}\", which {native} does not know");
    let fix = match nearest(known, list.iter().copied()) {
        Some(near) => format!("Did you mean \"{near}\"?"),
        None if list.is_empty() => "Give words for numbers: words = { pain = { \"0\" = [\"none\"] } }".to_owned(),
        None => format!("Give words for {}.", list.join(", ")),
    };
    Err(wrong(file, kind, problem, fix))
}

fn wrong(file: &str, kind: LogKind, problem: String, fix: String) -> IngestError {
    IngestError::Setting { file: file.to_owned(), setting: format!("files.{}.words", kind.as_str()), problem, fix }
}
