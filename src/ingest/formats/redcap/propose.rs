//! What to write into `study.toml` for an export nobody has described yet: instruments, dates and scores by their looks.

use std::collections::BTreeSet;
use std::path::Path;

use super::dictionary::{self, Dictionary};
use super::export::Export;
use crate::domain::SessionStatus;
use crate::ingest::formats::day_cells::looks_like_a_date;
use crate::ingest::formats::grid::{Grid, GridRow};
use crate::settings::LogKind;

/// Words in the names (or labels) of fields that are what a log needs.
const PAIN: &[&str] = &["nrs", "vas", "pain", "schmerz", "smert", "smärt", "douleur", "dolor", "bother"];
const DONE: &[&str] = &["done", "status", "attend", "perform", "adher", "complian", "session"];
const MINUTES: &[&str] = &["minutes", "duration", "mins", "dauer"];
const START: &[&str] = &["start", "enrol", "begin", "inclu", "consent", "baseline", "intake"];
const END: &[&str] = &["complet", "discharge", "end", "finish"];
const COVARIATES: &[(&str, &[&str])] =
    &[("age", &["age"]), ("sex", &["sex", "gender"]), ("birth_year", &["birth_year", "yob"]), ("previous_episodes", &["episodes"])];

/// Rows of one repeating instrument, or those of no repeating instrument.
struct Group<'a> {
    instrument: &'a str,
    rows: Vec<&'a GridRow>,
}

struct Looks<'a> {
    export: Export<'a>,
    groups: Vec<Group<'a>>,
    path: &'a str,
    dictionary: Option<String>,
}

/// A block of `study.toml` for each log the export seems to hold.
pub(in crate::ingest::formats) fn proposals(grid: &Grid, path: &Path, name: &str) -> Vec<(LogKind, String)> {
    let dictionary = dictionary::beside(path);
    let known = dictionary.as_ref().and_then(|dictionary| {
        let located = crate::ingest::locate::Located {
            path: path.to_owned(),
            name: name.to_owned(),
            settings: crate::settings::FileSettings::default(),
            held: None,
            book: None,
            emitted: None,
        };
        Dictionary::read(&located, dictionary, LogKind::Pain).ok()
    });
    let dictionary = dictionary.filter(|_| known.is_some());
    let export = Export::new(grid, known);
    if !export.is_one() {
        return Vec::new();
    }
    let mut groups = vec![Group { instrument: "", rows: Vec::new() }];
    for row in &grid.rows {
        let instrument = Export::cell(row, export.instrument);
        match groups.iter_mut().find(|group| group.instrument == instrument) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { instrument, rows: vec![row] }),
        }
    }
    let looks = Looks { export, groups, path: name, dictionary };
    let logs = [LogKind::Patients, LogKind::Programs, LogKind::Sessions, LogKind::Pain];
    logs.into_iter().filter_map(|kind| looks.block(kind).map(|block| (kind, block))).collect()
}

/// The advice for a log whose settings do not say that its file is an export.
pub(super) fn fix(grid: &Grid, path: &Path, name: &str, kind: LogKind) -> String {
    let found = proposals(grid, path, name).into_iter().find(|(known, _)| *known == kind);
    if let Some((_, block)) = found {
        return format!("Add to study.toml, if the fields are the right ones:\n{block}");
    }
    let export = Export::new(grid, None);
    let fields: Vec<&str> = (0..grid.header.len())
        .filter(|&column| !export.is_system(column) && !export.is_progress(column))
        .map(|column| export.name(column))
        .collect();
    let instruments = export.seen(export.instrument);
    let instrument = instruments.first().map_or_else(String::new, |name| format!(" instrument = {}", quoted(name)));
    format!(
        "Add to study.toml, with the fields of this log (the file has {}):\n[files.{}]\npath = {}\nredcap = {{{instrument} }}\ncolumns = {{ patient_id = {}, date = \"…\" }}",
        fields.join(", "),
        kind.as_str(),
        quoted(name),
        quoted(fields.first().copied().unwrap_or("record_id"))
    )
}

impl<'a> Looks<'a> {
    fn block(&self, kind: LogKind) -> Option<String> {
        let (group, columns) = match kind {
            LogKind::Pain => self.dated(|looks, group| Some(vec![("pain".to_owned(), looks.find(group, PAIN, is_number)?)]))?,
            LogKind::Sessions => self.dated(|looks, group| {
                // A question ("Did you exercise?") has none of the words.
                let answers = || looks.columns(group).find(|&column| Self::all(group, column, is_answer));
                let done = looks.find(group, DONE, |_| true).or_else(answers);
                let minutes = looks.find(group, MINUTES, is_number);
                // The pain diary has a column of its own.
                let other = looks.find(group, PAIN, is_number);
                let found: Vec<(String, usize)> = [("status", done), ("minutes", minutes)]
                    .into_iter()
                    .filter_map(|(native, column)| column.filter(|column| Some(*column) != other).map(|column| (native.to_owned(), column)))
                    .collect();
                Some(found).filter(|found| !found.is_empty())
            })?,
            LogKind::Programs => {
                let group = self.groups.first()?;
                let start = self.find(group, START, looks_like_a_date)?;
                let end = self.find(group, END, looks_like_a_date).filter(|&end| end != start);
                let columns = [("start", Some(start)), ("completed_on", end)];
                (group, columns.into_iter().filter_map(|(native, column)| Some((native.to_owned(), column?))).collect())
            }
            LogKind::Patients => {
                let group = self.groups.first()?;
                let found =
                    COVARIATES.iter().filter_map(|(native, words)| Some(((*native).to_owned(), self.find(group, words, |_| true)?)));
                (group, Some(found.collect::<Vec<_>>()).filter(|found| !found.is_empty())?)
            }
            LogKind::Events | LogKind::Measures => return None,
        };
        Some(self.written(kind, group, &columns))
    }

    /// The group that has a date beside the columns wanted, and its columns; the one of most rows if there are several.
    fn dated(&self, wanted: impl Fn(&Self, &Group<'a>) -> Option<Vec<(String, usize)>>) -> Option<(&Group<'a>, Vec<(String, usize)>)> {
        let mut groups: Vec<&Group> = self.groups.iter().collect();
        groups.sort_by_key(|group| (group.instrument.is_empty(), std::cmp::Reverse(group.rows.len())));
        groups.into_iter().find_map(|group| {
            let found = wanted(self, group)?;
            let dates = self.columns(group).filter(|&column| Self::all(group, column, looks_like_a_date));
            let named = |column: &usize| ["date", "dat", "day"].iter().any(|word| self.export.name(*column).to_lowercase().contains(word));
            let dates: Vec<usize> = dates.collect();
            let date = dates.iter().copied().find(named).or_else(|| dates.first().copied())?;
            Some((group, std::iter::once(("date".to_owned(), date)).chain(found).collect()))
        })
    }

    /// Columns with content in a group.
    fn columns(&self, group: &'a Group<'a>) -> impl Iterator<Item = usize> + '_ {
        let content = |column: usize| group.rows.iter().any(|row| !row.cell(column).is_empty());
        (1..self.export.grid.header.len())
            .filter(move |&column| !self.export.is_system(column) && !self.export.is_progress(column))
            .filter(move |&column| !self.export.name(column).contains("___") && content(column))
    }

    /// Whether nearly all cells of a column are of a kind.
    fn all(group: &Group<'_>, column: usize, is: impl Fn(&str) -> bool) -> bool {
        let cells = || group.rows.iter().map(|row| row.cell(column)).filter(|cell| !cell.is_empty());
        let good = cells().filter(|cell| is(cell)).count();
        // Missing-data codes stand among the values.
        good > 0 && 5 * good >= 4 * cells().count()
    }

    /// The first column of a group whose name or label has one of the words, the likeliest word first.
    fn find(&self, group: &'a Group<'a>, words: &[&str], is: impl Fn(&str) -> bool) -> Option<usize> {
        words.iter().find_map(|word| {
            self.columns(group).find(|&column| {
                let name = self.export.name(column);
                let label =
                    self.export.dictionary.as_ref().and_then(|dictionary| dictionary.field(name)).map_or("", |field| field.label.as_str());
                let fits = [name, label].iter().any(|text| {
                    let text = text.to_lowercase();
                    // "age" is no part of "dosage".
                    text.split(|c: char| !c.is_alphanumeric()).any(|part| part.starts_with(word))
                        || (word.contains('_') && text.contains(word))
                });
                fits && Self::all(group, column, &is)
            })
        })
    }

    fn written(&self, kind: LogKind, group: &Group<'_>, columns: &[(String, usize)]) -> String {
        let mut redcap = Vec::new();
        if !group.instrument.is_empty() {
            redcap.push(format!("instrument = {}", quoted(group.instrument)));
        }
        let filled = |row: &&&GridRow| columns.iter().any(|(_, column)| !row.cell(*column).is_empty());
        let mut events: Vec<&str> = Vec::new();
        for row in group.rows.iter().filter(filled) {
            let event = Export::cell(row, self.export.event);
            if !event.is_empty() && !events.contains(&event) {
                events.push(event);
            }
        }
        if !events.is_empty() && events.len() < self.export.seen(self.export.event).len() {
            redcap.push(format!("events = [{}]", events.iter().map(|event| quoted(event)).collect::<Vec<_>>().join(", ")));
        }
        if let Some(dictionary) = &self.dictionary {
            redcap.push(format!("dictionary = {}", quoted(dictionary)));
        }
        let id = ("patient_id".to_owned(), 0);
        let listed: Vec<String> = std::iter::once(&id)
            .chain(columns)
            .map(|(native, column)| format!("{native} = {}", quoted(self.export.name(*column))))
            .collect();
        // No score is negative: such numbers are codes for "missing".
        let negative = |cell: &&str| kind == LogKind::Pain && cell.starts_with('-') && is_number(cell);
        let cells = columns.iter().flat_map(|(_, column)| group.rows.iter().map(|row| row.cell(*column)));
        let missing: BTreeSet<String> = cells.filter(negative).map(quoted).collect();
        let missing: Vec<String> = missing.into_iter().collect();
        let missing = if missing.is_empty() { String::new() } else { format!("missing = [{}]\n", missing.join(", ")) };
        let redcap = if redcap.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", redcap.join(", ")) };
        format!(
            "[files.{}]\npath = {}\nredcap = {redcap}\n{missing}columns = {{ {} }}\n",
            kind.as_str(),
            quoted(self.path),
            listed.join(", ")
        )
    }
}

/// Whether a cell says in words whether something was done.
fn is_answer(cell: &str) -> bool {
    !is_number(cell) && SessionStatus::parse(cell).is_some()
}

fn is_number(cell: &str) -> bool {
    // Codes for "missing" are mostly negative.
    cell.replace(',', ".").parse::<f64>().is_ok_and(|number| (-1000.0..=100.0).contains(&number))
}

/// A string of `study.toml`.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
