//! Valid studies in many dresses, and what each of their rows says.

use std::collections::BTreeMap;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use staywell::domain::Day;
use staywell::settings::LogKind;
use tempfile::TempDir;

use super::reference::{Cut, eight_bit, records};

/// What a row says: native column → value, spelled one way. Missing ones are left out.
pub type Fields = BTreeMap<String, String>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Utf8,
    Utf8Mark,
    Utf16Little,
    Utf16Big,
    Windows1252,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dates {
    Iso,
    WithTime,
    /// `31.03.2024`; the order is settled by the column.
    DayFirst,
    /// `31/03/2024`; the order is declared.
    DayFirstDeclared,
    /// Three columns.
    Parts,
}

/// How the files of a study are written.
#[derive(Clone, Copy, Debug)]
pub struct Dress {
    pub name: &'static str,
    pub delimiter: u8,
    pub newline: &'static str,
    pub coding: Coding,
    pub dates: Dates,
    pub decimal_comma: bool,
    pub quote_all: bool,
    pub fill_down: bool,
    pub filter: bool,
    pub several: bool,
    pub comment: Option<u8>,
    pub skip_lines: usize,
    pub foreign_names: bool,
    pub same_day: &'static str,
    pub repeated: &'static str,
    pub roster: bool,
}

const PLAIN: Dress = Dress {
    name: "plain",
    delimiter: b',',
    newline: "\n",
    coding: Coding::Utf8,
    dates: Dates::Iso,
    decimal_comma: false,
    quote_all: false,
    fill_down: false,
    filter: false,
    several: false,
    comment: None,
    skip_lines: 0,
    foreign_names: false,
    same_day: "max",
    repeated: "reject",
    roster: true,
};

const ALL: [Dress; 10] = [
    PLAIN,
    Dress {
        name: "semicolons",
        delimiter: b';',
        newline: "\r\n",
        coding: Coding::Utf8Mark,
        decimal_comma: true,
        dates: Dates::DayFirst,
        ..PLAIN
    },
    Dress {
        name: "tabs in UTF-16",
        delimiter: b'\t',
        newline: "\r\n",
        coding: Coding::Utf16Little,
        dates: Dates::WithTime,
        several: true,
        ..PLAIN
    },
    Dress {
        name: "pipes",
        delimiter: b'|',
        coding: Coding::Utf16Big,
        dates: Dates::DayFirstDeclared,
        repeated: "keep",
        roster: false,
        ..PLAIN
    },
    Dress {
        name: "western",
        delimiter: b';',
        newline: "\r\n",
        coding: Coding::Windows1252,
        decimal_comma: true,
        quote_all: true,
        same_day: "last",
        ..PLAIN
    },
    Dress { name: "fill-down", fill_down: true, comment: Some(b'#'), skip_lines: 2, roster: false, ..PLAIN },
    Dress { name: "filtered", filter: true, dates: Dates::Parts, foreign_names: true, several: true, ..PLAIN },
    Dress { name: "old Macintosh", newline: "\r", delimiter: b';', dates: Dates::DayFirstDeclared, same_day: "mean", ..PLAIN },
    Dress { name: "quoted commas", quote_all: true, decimal_comma: true, dates: Dates::DayFirst, several: true, newline: "\r\n", ..PLAIN },
    Dress { name: "parts to fill", delimiter: b'\t', dates: Dates::Parts, fill_down: true, filter: true, comment: Some(b'%'), ..PLAIN },
];

pub const DRESSES: usize = ALL.len();

/// One file and what its rows say.
pub struct ValidFile {
    pub name: String,
    pub kind: LogKind,
    pub bytes: Vec<u8>,
    /// The header record as it stands.
    pub header: Vec<u8>,
    /// Record as it stands → what it says; `None` for a row the filter leaves out.
    pub rows: BTreeMap<Vec<u8>, Option<Fields>>,
    /// Native name → name in the file.
    pub names: BTreeMap<String, String>,
    /// Native columns that are filled down.
    pub filled: Vec<String>,
}

/// A study on disk and what it says.
pub struct ValidStudy {
    folder: TempDir,
    pub dress: Dress,
    pub files: Vec<ValidFile>,
    pub toml: String,
}

const IDS: [&str; 7] = ["P1", "P2", "Zoë", "Åsa-7", "P3, the third", "the \"6th\"", "two\nlines"];
const NOTES: [&str; 8] = ["", "ok", "said \"ah\", twice", "two\nlines", "one;two|three\tfour", "tr\u{e8}s mal", " spaced ", "# no comment"];
const PHASES: [&str; 3] = ["strengthening", "flexibility", "maintenance"];
const STATUSES: [&str; 3] = ["done", "partial", "missed"];
const EVENTS: [&str; 4] = ["surgery", "imaging", "injection", "withdrawn"];

/// A row before it is written: native column → text and value.
type Typed = Vec<(&'static str, String, Option<String>)>;

impl ValidStudy {
    pub fn new(dress: usize, seed: u64) -> Self {
        let mut study = Self { folder: tempfile::tempdir().unwrap(), dress: ALL[dress], files: Vec::new(), toml: String::new() };
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        if study.dress.roster {
            let rows = IDS.map(|id| {
                let (age, sex) = (rng.random_range(20..80).to_string(), if rng.random_bool(0.5) { "f" } else { "m" }.to_owned());
                vec![study.id(id), ("age", age.clone(), Some(age)), ("sex", sex.clone(), Some(sex))]
            });
            study.add(LogKind::Patients, "patients.csv", rows.to_vec(), &mut rng);
        }
        let programs = IDS.map(|id| study.program(id, &mut rng)).to_vec();
        study.add(LogKind::Programs, "programs.csv", programs, &mut rng);
        let parts = if study.dress.several { 2 } else { 1 };
        for (kind, count) in [(LogKind::Sessions, 24), (LogKind::Pain, 24), (LogKind::Events, 6)] {
            let several = parts > 1 && kind != LogKind::Events;
            for part in 0..if several { parts } else { 1 } {
                let mut rows: Vec<Typed> = (0..count).map(|_| study.row(kind, &mut rng)).collect();
                rows.sort_by(|a, b| a[0].1.cmp(&b[0].1));
                if kind == LogKind::Sessions {
                    rows.insert(5, rows[4].clone());
                }
                let name = if several { format!("{}-{}.csv", kind.as_str(), part + 1) } else { format!("{}.csv", kind.as_str()) };
                study.add(kind, &name, rows, &mut rng);
            }
        }
        let checks = format!("[checks]\nsame_day_pain = \"{}\"\nrepeated_sessions = \"{}\"\n", study.dress.same_day, study.dress.repeated);
        study.toml.push_str(&checks);
        std::fs::write(study.path().join("study.toml"), &study.toml).unwrap();
        for (index, file) in study.files.iter().enumerate() {
            study.write(index, &file.bytes);
        }
        study
    }

    pub fn path(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub fn write(&self, file: usize, bytes: &[u8]) {
        std::fs::write(self.path().join(&self.files[file].name), bytes).unwrap();
    }

    pub fn cut(&self) -> Cut {
        Cut { delimiter: self.dress.delimiter, comment: self.dress.comment, skip_lines: self.dress.skip_lines }
    }

    /// Line breaks inside an id are those of the file.
    fn id(&self, id: &str) -> (&'static str, String, Option<String>) {
        ("patient_id", id.to_owned(), Some(id.replace('\n', self.dress.newline)))
    }

    fn number(&self, tenths: u32) -> String {
        let text = if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) };
        if self.dress.decimal_comma { text.replace('.', ",") } else { text }
    }

    fn small(&self, column: &'static str, tenths: u32) -> (&'static str, String, Option<String>) {
        (column, self.number(tenths), Some(spelled(f64::from(tenths) / 10.0)))
    }

    fn date(&self, column: &'static str, day: Day) -> (&'static str, String, Option<String>) {
        let iso = day.to_string();
        let text = match self.dress.dates {
            Dates::Iso | Dates::Parts => iso.clone(),
            Dates::WithTime => format!("{iso} 08:30"),
            Dates::DayFirst => day.date().format("%d.%m.%Y").to_string(),
            Dates::DayFirstDeclared => day.date().format("%d/%m/%Y").to_string(),
        };
        (column, text, Some(iso))
    }

    fn program(&self, id: &str, rng: &mut ChaCha8Rng) -> Typed {
        let start = Day(19_700 + rng.random_range(0..200));
        vec![
            self.id(id),
            self.date("start", start),
            self.date("planned_end", start.plus(84)),
            if rng.random_bool(0.7) { self.date("completed_on", start.plus(90)) } else { ("completed_on", String::new(), None) },
            ("outcome", "ongoing".to_owned(), Some("ongoing".to_owned())),
            self.small("prescribed_per_week", 30),
        ]
    }

    fn row(&self, kind: LogKind, rng: &mut ChaCha8Rng) -> Typed {
        let pick = |list: &[&str], rng: &mut ChaCha8Rng| list[rng.random_range(0..list.len())].to_owned();
        let id = pick(&IDS, rng);
        let mut row = vec![self.id(&id), self.date("date", Day(19_700 + rng.random_range(0..300)))];
        let word = |column, text: String| (column, text.clone(), Some(text));
        match kind {
            LogKind::Sessions => {
                row.push(word("phase", pick(&PHASES, rng)));
                row.push(word("status", pick(&STATUSES, rng)));
                row.push(if rng.random_bool(0.2) {
                    ("minutes", "NA".to_owned(), None)
                } else {
                    self.small("minutes", rng.random_range(0..900))
                });
                row.push(self.small("fraction_done", rng.random_range(0..11)));
            }
            LogKind::Pain => {
                row.push(self.small("pain", rng.random_range(0..101)));
                let lasted = rng.random_bool(0.3);
                row.push(("lasted_24h", if lasted { "yes" } else { "no" }.to_owned(), lasted.then(|| "yes".to_owned())));
            }
            _ => row.push(word("event", pick(&EVENTS, rng))),
        }
        row.push(("note", pick(&NOTES, rng), None));
        if self.dress.filter {
            let kept = rng.random_bool(0.8);
            row.push(("symptom", if kept { "Back" } else { "knee" }.to_owned(), Some(if kept { "kept" } else { "left out" }.to_owned())));
        }
        row
    }

    /// Writes the rows of a file and remembers what they say.
    fn add(&mut self, kind: LogKind, name: &str, typed: Vec<Typed>, rng: &mut ChaCha8Rng) {
        let long = !matches!(kind, LogKind::Patients | LogKind::Programs);
        let parts = self.dress.dates == Dates::Parts && long;
        let fill = self.dress.fill_down && long;
        let mut natives: Vec<String> = Vec::new();
        for (native, ..) in &typed[0] {
            if *native == "date" && parts {
                natives.extend(["year", "month", "day"].map(str::to_owned))
            } else {
                natives.push((*native).to_owned())
            }
        }
        let their = |native: &String| if self.dress.foreign_names { format!("x {native} x") } else { native.clone() };
        let names: BTreeMap<String, String> = natives.iter().map(|native| (native.clone(), their(native))).collect();
        let filled: Vec<String> = natives
            .iter()
            .filter(|native| fill && ["patient_id", "date", "year", "month", "day", "phase"].contains(&native.as_str()))
            .cloned()
            .collect();

        let mut text = "title, of a kind\n".repeat(self.dress.skip_lines).replace('\n', self.dress.newline);
        let header = self.line(natives.iter().map(|native| names[native].clone()).collect(), rng);
        text.push_str(&header);
        text.push_str(self.dress.newline);
        let (mut rows, mut above): (BTreeMap<String, Option<Fields>>, Vec<String>) = (BTreeMap::new(), Vec::new());
        for row in &typed {
            let mut cells: Vec<String> = Vec::new();
            for (native, text, value) in row {
                if *native == "date" && parts {
                    cells.extend(value.as_deref().unwrap_or_default().split('-').map(str::to_owned));
                } else {
                    cells.push(text.clone());
                }
            }
            let whole = cells.clone();
            if fill {
                for (at, native) in natives.iter().enumerate() {
                    if filled.contains(native) && above.get(at) == Some(&cells[at]) && rng.random_bool(0.7) {
                        cells[at].clear();
                    }
                }
            }
            let says_all = whole == cells;
            above = whole;
            let mut fields: Fields = row.iter().filter_map(|(native, _, value)| Some(((*native).to_owned(), value.clone()?))).collect();
            let left_out = fields.remove("symptom").is_some_and(|kept| kept != "kept");
            let line = self.line(cells, rng);
            text.push_str(&line);
            text.push_str(self.dress.newline);
            if self.dress.comment.is_some() && rng.random_bool(0.1) {
                text.push_str(&format!(
                    "{}a \"comment{}{}",
                    char::from(self.dress.comment.unwrap_or(b'#')),
                    self.dress.newline,
                    self.dress.newline
                ));
            }
            // What a row with cells to fill says depends on the rows above it.
            if says_all {
                rows.insert(line, (!left_out).then_some(fields));
            }
        }
        let eight = |text: &str| eight_bit(&encoded(text, self.dress.coding));
        let rows = rows.iter().map(|(raw, fields)| (eight(raw), fields.clone())).collect();
        let file = ValidFile {
            name: name.to_owned(),
            kind,
            bytes: encoded(&text, self.dress.coding),
            header: eight(&header),
            rows,
            names,
            filled,
        };
        assert_eq!(records(&eight_bit(&file.bytes), self.cut()).len(), typed.len() + 1, "the reference finds every record of {name}");
        self.toml.push_str(&self.section(&file, parts));
        self.files.push(file);
    }

    fn line(&self, cells: Vec<String>, rng: &mut ChaCha8Rng) -> String {
        let delimiter = char::from(self.dress.delimiter);
        let first = self.dress.comment.map(char::from);
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| {
                let needed =
                    cell.contains([delimiter, '"', '\n']) || cell.trim() != cell || cell.chars().next().is_some_and(|c| Some(c) == first);
                let quoted = needed || (self.dress.quote_all && !cell.is_empty()) || rng.random_bool(0.05);
                if quoted { format!("\"{}\"", cell.replace('"', "\"\"").replace('\n', self.dress.newline)) } else { cell.clone() }
            })
            .collect();
        cells.join(&delimiter.to_string())
    }

    fn section(&self, file: &ValidFile, parts: bool) -> String {
        let dress = &self.dress;
        let mut lines = vec![format!("[[files.{}]]", file.kind.as_str()), format!("path = \"{}\"", file.name)];
        let theirs = |native: &str| format!("\"{}\"", file.names[native]);
        if dress.foreign_names {
            let known = |native: &&String| !["note", "symptom", "year", "month", "day"].contains(&native.as_str());
            let mapped: Vec<String> = file.names.keys().filter(known).map(|native| format!("{native} = {}", theirs(native))).collect();
            lines.push(format!("columns = {{ {} }}", mapped.join(", ")));
        }
        if dress.dates == Dates::DayFirstDeclared {
            lines.push("date_order = \"day-first\"".to_owned());
        }
        if dress.decimal_comma && dress.delimiter == b',' {
            lines.push("decimal = \",\"".to_owned());
        }
        if let Some(mark) = dress.comment {
            lines.push(format!("comment = \"{}\"", char::from(mark)));
        }
        if dress.skip_lines > 0 {
            lines.push(format!("skip_lines = {}", dress.skip_lines));
        }
        if parts {
            lines.push(format!("date_parts = {{ year = {}, month = {}, day = {} }}", theirs("year"), theirs("month"), theirs("day")));
        }
        if !file.filled.is_empty() {
            lines.push(format!("fill_down = [{}]", file.filled.iter().map(|native| theirs(native)).collect::<Vec<_>>().join(", ")));
        }
        if file.names.contains_key("symptom") {
            lines.push(format!("filter = {{ column = {}, equals = [\"back\"] }}", theirs("symptom")));
        }
        lines.join("\n") + "\n"
    }
}

/// A number as `Fields` hold it: what 32 bits keep of it, spelled in the shortest way.
pub fn spelled(value: f64) -> String {
    format!("{}", value as f32)
}

pub fn encoded(text: &str, coding: Coding) -> Vec<u8> {
    match coding {
        Coding::Utf8 => text.as_bytes().to_vec(),
        Coding::Utf8Mark => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        Coding::Utf16Little => [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
        Coding::Utf16Big => [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect(),
        Coding::Windows1252 => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
    }
}
