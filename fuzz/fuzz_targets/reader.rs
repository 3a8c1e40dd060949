//! One log of any kind in any layout: nothing panics, rows balance, lines and records agree, blocks do not matter.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use staywell::domain::OptionalNumber;
use staywell::ingest::{Asked, BlockSize, LogText, Logs, Places, read_log_texts};
use staywell::settings::{CheckAction, DateOrder, DateOrders, DateParts, DuplicateRule, FileSettings, Filter, LogKind, ScaleSetting, StudyFile, parse};

/// Six bytes that choose, then the file.
struct Input<'a> {
    kind: LogKind,
    settings: FileSettings,
    study: StudyFile,
    /// Whether the file begins with a header of native names.
    headed: bool,
    block: usize,
    file: &'a [u8],
}

const DELIMITERS: [Option<char>; 8] = [None, Some(','), Some(';'), Some('\t'), Some('|'), Some(' '), Some('"'), Some('é')];

/// Layouts that are unfolded, after none.
const LAYOUTS: [&str; 4] = [
    "",
    "wide = { columns = \"d*\", value = \"pain\", start = \"start\" }",
    "weekly = { columns = \"w*\", start = \"start\" }",
    "redcap = {}",
];

impl<'a> Input<'a> {
    fn new(data: &'a [u8]) -> Option<Self> {
        let (&[kind, layout, date, rows, block, checks], file) = data.split_first_chunk::<6>()?;
        let bit = |byte: u8, at: u8| byte >> at & 1 == 1;
        let kind = LogKind::ALL[usize::from(kind) % LogKind::ALL.len()];
        let foreign = LAYOUTS[usize::from(checks >> 6)];
        let mut settings = if foreign.is_empty() {
            FileSettings::default()
        } else {
            let study = parse(&format!("[files.{}]\n{foreign}", kind.as_str()), "study.toml").expect("a layout");
            study.reading.files[&kind][0].clone()
        };
        settings.delimiter = DELIMITERS[usize::from(layout & 7)];
        settings.two_digit_years = (checks >> 3 & 1 == 1).then_some(1950);
        settings.thousands = [None, Some('.'), Some(','), Some(' ')][usize::from(checks >> 4 & 3)];
        settings.decimal = [None, Some('.'), Some(','), Some('x')][usize::from(layout >> 3 & 3)];
        settings.comment = [None, Some('#'), Some('%'), Some('"')][usize::from(layout >> 5 & 3)];
        settings.date_order =
            [None, Some(DateOrder::Iso), Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)][usize::from(date & 3)].map(DateOrders::All);
        let part = |name: &str| name.to_owned();
        settings.date_parts = bit(date, 2).then(|| DateParts { year: part("year"), month: part("month"), day: part("day") });
        settings.skip_lines = usize::from(date >> 4 & 3);
        let headed = !bit(date, 7) && foreign.is_empty();
        if bit(rows, 0) {
            settings.fill_down.push("patient_id".to_owned());
        }
        if bit(rows, 1) {
            settings.fill_down.push(if settings.date_parts.is_some() { "day" } else { "date" }.to_owned());
        }
        settings.filter = bit(rows, 2).then(|| Filter { column: "note".to_owned(), equals: vec!["a".to_owned(), String::new()] });
        settings.patient_id = bit(rows, 3).then(|| "P7".to_owned());
        settings.missing = if bit(rows, 4) { vec!["-9".to_owned(), "x".to_owned()] } else { Vec::new() };
        settings.scale = match rows >> 5 & 3 {
            0 => None,
            1 => Some(ScaleSetting::Named("vas100".to_owned())),
            2 => Some(ScaleSetting::Own { name: "own".to_owned(), min: -1e308, max: 1e308 }),
            _ => Some(ScaleSetting::Named("days7".to_owned())),
        };
        let mut study = StudyFile::default();
        let rule = &mut study.reading.checks;
        rule.same_day_pain = [DuplicateRule::Max, DuplicateRule::Mean, DuplicateRule::Last, DuplicateRule::Max][usize::from(checks & 3)];
        rule.repeated_sessions = if bit(checks, 2) { CheckAction::Keep } else { CheckAction::Reject };
        Some(Self { kind, settings, study, headed, block: usize::from(block).max(1), file })
    }

    fn bytes(&self) -> Vec<u8> {
        if !self.headed {
            return self.file.to_vec();
        }
        let day: &[&str] = if self.settings.date_parts.is_some() { &["year", "month", "day"] } else { &["date"] };
        let further: &[&str] = match self.kind {
            LogKind::Patients => &["age", "sex"],
            LogKind::Programs => &["planned_end", "completed_on", "outcome", "prescribed_per_week", "maintenance_per_week"],
            LogKind::Sessions => &["phase", "status", "exercise", "minutes", "fraction_done", "setting", "modality", "sets", "pain_before"],
            LogKind::Pain => &["pain", "lasted_24h", "site", "numbness", "context"],
            LogKind::Events => &["event"],
            LogKind::Measures => &["measure", "value"],
        };
        let day = if self.kind == LogKind::Programs { &["start"] } else { day };
        let names: Vec<&str> = [&["patient_id"][..], day, further, &["note"]].concat();
        let delimiter = self.settings.delimiter.unwrap_or(',');
        let skipped = "skipped\n".repeat(self.settings.skip_lines);
        [skipped.as_bytes(), names.join(&delimiter.to_string()).as_bytes(), b"\n", self.file].concat()
    }

    fn read(&self, bytes: &[u8], block: usize) -> Result<Logs, String> {
        let text = LogText { kind: self.kind, name: "log.csv".to_owned(), bytes: bytes.to_vec(), settings: self.settings.clone() };
        read_log_texts(vec![text], &self.study, &Asked { block_size: BlockSize { bytes: block }, ..Asked::default() }).map_err(|error| {
            // An error can be printed and says something.
            assert!(!error.to_string().is_empty());
            format!("{error:?} {:?}", error.hint())
        })
    }
}

/// The physical lines of a file, decoded in each way it may be.
fn lines(bytes: &[u8]) -> Vec<[String; 3]> {
    let unmarked = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let sixteen = |unit: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks(2).map(|pair| if let [a, b] = *pair { unit([a, b]) } else { 0xD800 });
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>().into_bytes()
    };
    let text = match bytes {
        [0xFF, 0xFE, ..] => sixteen(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => sixteen(u16::from_be_bytes),
        _ => unmarked.to_vec(),
    };
    let (mut out, mut at) = (Vec::new(), 0);
    while at <= text.len() {
        let end = text[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(text.len(), |length| at + length);
        let line = &text[at..end];
        let lossy = String::from_utf8_lossy(line).into_owned();
        // What differs between Latin-1 and Windows-1252 is compared as one sign.
        let western = line.iter().map(|&byte| plain(char::from(byte))).collect();
        out.push([lossy.clone(), western, lossy.chars().map(plain).collect()]);
        at = end + if text[end..].starts_with(b"\r\n") { 2 } else { 1 };
    }
    out
}

fn plain(c: char) -> char {
    if ('\u{80}'..='\u{9F}').contains(&c) || u32::from(c) > 0xFF { '*' } else { c }
}

fn check(bytes: &[u8], logs: &Logs, as_it_stands: bool) {
    let account = &logs.reading.files[0];
    assert!(account.balances(), "{account:?}");
    assert_eq!(account.rejected, logs.reading.rejected.len(), "every rejected row is listed");
    let marked = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    if !as_it_stands || bytes.starts_with(b"\x1F\x8B") || (account.layout.contains("UTF-16") && !marked) {
        // Unfolded rows, packed text, and UTF-16 known by its pattern alone have other lines than these bytes.
        return;
    }
    let lines = lines(bytes);
    // Cells of columns that look personal are not shown.
    let personal = logs.reading.findings.iter().any(|finding| finding.rule == "personal_column");
    let mut seen = BTreeSet::new();
    for row in &logs.reading.rejected {
        assert!(seen.insert(row.line), "line {} is rejected twice", row.line);
        let line = lines.get(row.line.wrapping_sub(1)).unwrap_or_else(|| panic!("there is no line {}", row.line));
        let first = row.raw.split(['\n', '\r']).next().unwrap_or_default();
        if personal && row.raw.contains("[removed]") || row.raw.starts_with("[not shown") {
            continue;
        }
        let western: String = first.chars().map(plain).collect();
        assert!(first == line[0] || western == line[1] || western == line[2], "line {}: {:?} is quoted as {first:?}", row.line, line[0]);
    }
    let mut kept = |places: &Places, rows: usize| {
        for row in 0..rows {
            let line = places.of(row).expect("a kept row has a place").line;
            assert!(line >= 1 && line <= lines.len(), "a kept row stands on line {line} of {}", lines.len());
            assert!(seen.insert(line), "line {line} has two fates");
        }
        rows
    };
    let long = kept(&logs.pain.places, logs.pain.day.len())
        + kept(&logs.sessions.places, logs.sessions.day.len())
        + kept(&logs.events.places, logs.events.day.len());
    // A row of measurements may hold several.
    if ![LogKind::Patients, LogKind::Programs, LogKind::Measures].contains(&account.kind) {
        assert_eq!(long, account.used, "every used row is in the logs");
    }
    assert!(logs.patients.ids.windows(2).all(|pair| pair[0] < pair[1]), "patients are sorted and distinct");
    assert!(logs.pain.score.iter().all(|score| score.is_finite()), "a score is a number");
    assert!(logs.measures.value.iter().all(|value| value.is_finite()), "a measurement is a number");
    let finite = |column: &[OptionalNumber]| column.iter().filter_map(|value| value.get()).all(f32::is_finite);
    assert!(finite(&logs.sessions.minutes) && finite(&logs.sessions.prescribed) && finite(&logs.sessions.fraction_done));
}

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::new(data) else { return };
    let bytes = input.bytes();
    let whole = input.read(&bytes, 4 << 20);
    let as_it_stands = input.settings.wide.is_none() && input.settings.weekly.is_none() && input.settings.redcap.is_none();
    let pieces = input.read(&bytes, input.block);
    assert_eq!(format!("{whole:?}"), format!("{pieces:?}"), "blocks of {} bytes change the result", input.block);
    if let Ok(logs) = whole {
        check(&bytes, &logs, as_it_stands);
    }
});
