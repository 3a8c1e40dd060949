//! What the cells of a record say, read strictly. Three answers beside "missing": this value; no value staywell may make
//! of it; or a spelling this reading does not know, which it does not judge.

use std::collections::BTreeMap;

use staywell::domain::Day;
use staywell::settings::LogKind;

use super::reference::Record;
use super::valid::{Dates, Dress, ValidFile, spelled};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    Is(String),
    Missing,
    Never,
    Beyond,
}

/// What a record of a file says.
#[derive(Clone, Debug)]
pub struct Row {
    pub line: usize,
    /// Whether its cells cannot be told apart: it must be rejected.
    pub broken: bool,
    /// Whether the filter leaves it out.
    pub left_out: bool,
    pub fields: BTreeMap<String, Reading>,
    /// All its values, for rows that repeat another.
    pub values: Vec<String>,
    /// Whether this reading cannot say what it holds: its bytes are in another encoding than the file's, or the header has
    /// names this reading does not know.
    pub unsure: bool,
}

/// Where each native column stands in the header at hand; `None` if the header does not hold what is needed, once each.
pub struct Columns {
    /// Whether every column is there under its name; staywell knows further spellings.
    all: bool,
    at: BTreeMap<String, usize>,
    count: usize,
    needed: usize,
    further: Vec<(String, usize)>,
}

impl Columns {
    pub fn new(header: &Record, file: &ValidFile) -> Self {
        // A header is decoded as one.
        let decode = if std::str::from_utf8(&header.raw).is_ok() { text } else { western };
        let header: Vec<String> = header.cells.iter().map(|cell| decode(cell)).collect();
        let mut at = BTreeMap::new();
        for (native, theirs) in &file.names {
            if let Some(column) =
                header.iter().position(|name| name == theirs).or_else(|| header.iter().position(|name| plain(name) == plain(theirs)))
            {
                at.insert(native.clone(), column);
            }
        }
        let needed: &[&str] = match file.kind {
            LogKind::Patients => &["patient_id"],
            LogKind::Programs => &["patient_id", "start"],
            LogKind::Pain => &["patient_id", "date", "year", "month", "day", "pain", "symptom"],
            LogKind::Events => &["patient_id", "date", "year", "month", "day", "event", "symptom"],
            LogKind::Measures => &["patient_id", "date", "measure", "value"],
            LogKind::Sessions => &["patient_id", "date", "year", "month", "day", "symptom"],
        };
        let needed = needed.iter().filter_map(|native| at.get(*native)).max().map_or(0, |&column| column + 1);
        let mut further: Vec<(String, usize)> = Vec::new();
        if file.kind == LogKind::Patients {
            let known = |column: usize| at.iter().find(|&(_, &known)| known == column).map(|(native, _)| native.clone());
            further = header
                .iter()
                .enumerate()
                .filter(|(_, name)| !name.is_empty())
                .map(|(column, name)| (known(column).unwrap_or_else(|| name.clone()), column))
                .collect();
            further.retain(|(name, _)| name != "patient_id");
        }
        Self { all: file.names.keys().all(|native| at.contains_key(native)), at, count: header.len(), needed, further }
    }
}

/// Whether a cell of a damaged line may be known to be empty, since it stands before the open quotation mark.
fn some_cell_empty(record: &Record, dress: &Dress) -> bool {
    record.raw.split(|&byte| byte == dress.delimiter).any(|cell| cell.iter().all(|&byte| byte == b'"' || byte == b' '))
}

fn plain(name: &str) -> String {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_").to_lowercase()
}

/// Bytes as text: UTF-8, else Windows-1252.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| western(bytes))
}

/// Bytes as Windows-1252 text.
pub fn western(bytes: &[u8]) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}

/// What is known of a file as a whole.
#[derive(Clone, Copy, Debug)]
pub struct How {
    pub day_first: bool,
    /// Whether all of it is Windows-1252.
    pub western: bool,
    /// Whether a replacement character in it may stand for lost bytes.
    pub lossy: bool,
}

/// Every record after the header as rows; cells left empty take over what stands above them.
pub fn rows(records: &[Record], columns: &Columns, file: &ValidFile, dress: &Dress, how: How) -> Vec<Row> {
    let mut above: BTreeMap<usize, Reading> = BTreeMap::new();
    let mut out = Vec::new();
    for record in records {
        let cells: Vec<String> = record.cells.iter().map(|cell| if how.western { western(cell) } else { text(cell) }).collect();
        let spare = cells.iter().skip(columns.count).any(|cell| !cell.is_empty());
        // A row with NUL bytes was damaged, whatever its cells say.
        let broken = record.damaged || spare || cells.len() < columns.needed || record.raw.contains(&0);
        let mut whole: BTreeMap<usize, Reading> = cells.iter().cloned().map(Reading::Is).enumerate().collect();
        let shift = cells.len().abs_diff(columns.count);
        for native in &file.filled {
            let Some(&column) = columns.at.get(native) else { continue };
            let dated = ["date", "year", "month", "day"].contains(&native.as_str());
            let may_stand = |cell: &String| !cell.is_empty() && (!dated || cell.bytes().any(|byte| byte.is_ascii_digit()));
            let beside = column.saturating_sub(shift)..(column + shift + 1).min(cells.len());
            if broken && spare && column < columns.count && beside.clone().any(|place| may_stand(&cells[place])) {
                // What stands before spare cells may be trusted if all else in the row reads well; this reading trusts none of it.
                above.insert(column, Reading::Beyond);
            } else if record.damaged || (broken && beside.clone().any(|place| may_stand(&cells[place]))) {
                // After a row whose cells cannot be told apart nobody knows what an empty cell repeats.
                above.insert(column, if record.damaged && some_cell_empty(record, dress) { Reading::Beyond } else { Reading::Never });
            } else if !broken && cells.get(column).is_none_or(String::is_empty) {
                if let Some(known) = above.get(&column) {
                    whole.insert(column, known.clone());
                }
            } else if !broken {
                let decoded = how.western || std::str::from_utf8(&record.cells[column]).is_ok();
                above.insert(column, if decoded { Reading::Is(cells[column].clone()) } else { Reading::Never });
            }
        }
        let cell = |native: &str| columns.at.get(native).map(|column| whole.get(column).cloned().unwrap_or(Reading::Is(String::new())));
        let symptom = match cell("symptom") {
            Some(Reading::Is(symptom)) if symptom.to_lowercase() == "back" => Reading::Missing,
            Some(Reading::Is(_)) => Reading::Is("left out".to_owned()),
            Some(other) => other,
            None => Reading::Missing,
        };
        let mut row = Row {
            line: record.line,
            broken: broken || symptom == Reading::Never,
            left_out: !broken && matches!(symptom, Reading::Is(_)),
            fields: BTreeMap::new(),
            values: Vec::new(),
            unsure: !columns.all || !how.western && std::str::from_utf8(&record.raw).is_err(),
        };
        for native in file.names.keys().filter(|native| !matches!(native.as_str(), "note" | "symptom" | "year" | "month" | "day")) {
            let Some(found) = cell(native) else { continue };
            row.fields.insert(native.clone(), value(found, native, dress, how));
        }
        if dress.dates == Dates::Parts && file.names.contains_key("year") {
            let parts = ["year", "month", "day"].map(|part| cell(part).unwrap_or(Reading::Never));
            row.fields.insert("date".to_owned(), joined(&parts, how));
        }
        for (name, column) in &columns.further {
            let text = whole.get(column).cloned().unwrap_or(Reading::Missing);
            row.fields.insert(name.clone(), present(text, how));
        }
        let further = ["note", "symptom"].iter().filter_map(|native| Some((*native, cell(native)?)));
        let further = further.map(|(native, found)| match present(found, how) {
            Reading::Is(text) => format!("{native}: {}", decimal(&text, dress).map_or(text, spelled)),
            _ => String::new(),
        });
        row.values = row.fields.iter().map(|(native, reading)| format!("{native}: {reading:?}")).chain(further).collect();
        out.push(row);
    }
    out
}

/// What means "missing" in every file.
const MISSING: [&str; 15] =
    ["", "NA", "N/A", "#N/A", "<NA>", "-", "--", "---", "\u{2013}", "\u{2014}", "\u{2212}", ".", "NULL", "NaN", "n.a."];

/// A cell that is not missing.
fn present(cell: Reading, how: How) -> Reading {
    match cell {
        Reading::Is(text) if MISSING.iter().any(|word| text.trim().eq_ignore_ascii_case(word)) => Reading::Missing,
        Reading::Is(text) if how.lossy && text.contains(char::REPLACEMENT_CHARACTER) => Reading::Never,
        other => other,
    }
}

fn value(cell: Reading, native: &str, dress: &Dress, how: How) -> Reading {
    let text = match present(cell, how) {
        Reading::Is(text) => text,
        other => return other,
    };
    let control = text.chars().any(|c| c.is_control() && !c.is_whitespace());
    let number = |least: f64, most: f64| match decimal(&text, dress) {
        Some(value) if value >= least && value <= most => Reading::Is(spelled(value)),
        Some(_) => Reading::Never,
        None if control || !text.chars().any(char::is_numeric) => Reading::Never,
        None => Reading::Beyond,
    };
    let word = |known: &[(&str, &str)]| match known.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(text.trim())) {
        Some((_, meaning)) => Reading::Is((*meaning).to_owned()),
        None if control => Reading::Never,
        None => Reading::Beyond,
    };
    match native {
        "date" | "start" | "planned_end" | "completed_on" => match date(&text, dress, how.day_first) {
            Reading::Beyond if control => Reading::Never,
            other => other,
        },
        "pain" => number(0.0, 10.0),
        "fraction_done" => number(0.0, 1.0),
        // A million minutes or sessions are no log of anybody's; where exactly doubt begins is not judged here.
        "minutes" | "prescribed_per_week" => match number(0.0, f64::MAX) {
            Reading::Is(spelling) if spelling.parse::<f64>().is_ok_and(|value| value > 1000.0) => Reading::Beyond,
            other => other,
        },
        "lasted_24h" => word(&[("yes", "yes"), ("true", "yes"), ("1", "yes"), ("no", ""), ("false", ""), ("0", "")]),
        "phase" => word(&[("strengthening", "strengthening"), ("flexibility", "flexibility"), ("maintenance", "maintenance")]),
        "status" => word(&[("done", "done"), ("partial", "partial"), ("missed", "missed"), ("1", "done"), ("0", "missed")]),
        "event" => word(&[("surgery", "surgery"), ("imaging", "imaging"), ("injection", "injection"), ("withdrawn", "withdrawn")]),
        "outcome" => word(&[("ongoing", "ongoing"), ("completed", "completed"), ("dropped_out", "dropped_out")]),
        _ => Reading::Is(text),
    }
}

/// A plain decimal number in the marks of the file.
pub fn decimal(text: &str, dress: &Dress) -> Option<f64> {
    let comma = dress.decimal_comma && dress.delimiter == b',';
    let either = dress.delimiter != b',';
    let pointed = if comma && text.contains('.') || !comma && !either && text.contains(',') {
        return None;
    } else {
        text.replace(',', ".")
    };
    let digits = pointed.strip_prefix(['-', '+']).unwrap_or(&pointed);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.len() <= 12 && part.bytes().all(|byte| byte.is_ascii_digit());
    (all(whole) && all(decimals)).then(|| pointed.parse().ok()).flatten()
}

fn date(text: &str, dress: &Dress, day_first: bool) -> Reading {
    let (day, time) = match text.split_once([' ', 'T']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let clock = |time: &str| {
        time.len() == 5
            && time.get(2..3) == Some(":")
            && time.get(..2).is_some_and(|hours| hours < "24")
            && time.get(3..).is_some_and(|minutes| minutes < "60")
            && time.bytes().filter(u8::is_ascii_digit).count() == 4
    };
    if time.is_some_and(|time| !clock(time)) {
        return if text.bytes().any(|byte| byte.is_ascii_digit()) { Reading::Beyond } else { Reading::Never };
    }
    let separator = if dress.dates == Dates::DayFirst {
        '.'
    } else if dress.dates == Dates::DayFirstDeclared {
        '/'
    } else {
        '-'
    };
    let parts: Vec<&str> = day.split(separator).collect();
    let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    match (widths.as_slice(), digits) {
        ([4, 2, 2], true) if separator == '-' => calendar(parts[0], parts[1], parts[2]),
        ([2, 2, 4], true) if separator != '-' && day_first => calendar(parts[2], parts[1], parts[0]),
        _ if text.bytes().any(|byte| byte.is_ascii_digit()) => Reading::Beyond,
        _ => Reading::Never,
    }
}

fn calendar(year: &str, month: &str, day: &str) -> Reading {
    let number = |text: &str| text.parse::<u32>().ok();
    let found = || Day::from_ymd(number(year)?.cast_signed(), number(month)?, number(day)?);
    match found() {
        Some(day) if day >= Day::from_ymd(1900, 1, 1).unwrap() => Reading::Is(day.to_string()),
        _ => Reading::Never,
    }
}

fn joined(parts: &[Reading; 3], how: How) -> Reading {
    match parts.clone().map(|part| present(part, how)) {
        [Reading::Is(year), Reading::Is(month), Reading::Is(day)] => {
            let digits = |text: &str, most: usize| text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
            if year.len() == 4 && digits(&year, 4) && digits(&month, 2) && digits(&day, 2) {
                calendar(&year, &month, &day)
            } else {
                Reading::Beyond
            }
        }
        parts if parts.contains(&Reading::Never) => Reading::Never,
        parts if parts.contains(&Reading::Beyond) => Reading::Beyond,
        _ => Reading::Missing,
    }
}
