//! What staywell made of a corrupted study against what stands in its files.

use std::collections::{BTreeMap, BTreeSet};

use staywell::ingest::{IngestError, Logs, Rejected};
use staywell::settings::LogKind;

use super::kept::{self, KeptRows};
use super::meaning::{Columns, How, Reading, Row, decimal, rows, text, western};
use super::reference::{Cut, Record, eight_bit, records};
use super::valid::{Dates, Fields, ValidFile, ValidStudy, spelled};

/// One file read by the reference, with what staywell rejected of it.
struct Judged<'a> {
    file: &'a ValidFile,
    rows: Vec<Row>,
    rejected: BTreeMap<usize, &'a Rejected>,
    /// Whether rows are in two encodings.
    mixed: bool,
    /// Lines whose row stands as it was written, with what it says.
    untouched: BTreeMap<usize, &'a Option<Fields>>,
    ascii: BTreeSet<usize>,
}

impl Judged<'_> {
    /// Rows that were used or merged.
    fn accepted(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !self.rejected.contains_key(&row.line) && !row.left_out)
    }

    fn id(row: &Row) -> Option<&str> {
        match row.fields.get("patient_id") {
            Some(Reading::Is(id)) => Some(id.trim()),
            _ => None,
        }
    }
}

/// Compares; the number of kept cells the reference cannot judge, or what is wrong.
pub fn judge(study: &ValidStudy, spoiled: usize, bytes: &[u8], outcome: &Result<Logs, IngestError>) -> Result<usize, String> {
    let logs = match outcome {
        Ok(logs) => logs,
        Err(error) => return refused(study, spoiled, bytes, error).map(|()| 0),
    };
    let mut judged = Vec::new();
    for (index, file) in study.files.iter().enumerate() {
        let bytes = if index == spoiled { bytes } else { &file.bytes };
        judged.push(balanced(study, file, bytes, logs)?);
    }
    let mut beyond = 0;
    for file in &judged {
        for row in file.accepted() {
            beyond += usize::from(row.unsure) + row.fields.values().filter(|reading| **reading == Reading::Beyond).count();
            readable(file, row)?;
        }
        accepted_as_written(file, &judged)?;
    }
    let (kept, faults) = kept::long_logs(logs);
    if let Some(fault) = faults.first() {
        return Err(fault.clone());
    }
    for file in judged.iter().filter(|judged| !matches!(judged.file.kind, LogKind::Patients | LogKind::Programs)) {
        kept_as_read(study, file, kept.get(&file.file.name).unwrap_or(&KeptRows::new()), logs)?;
    }
    for kind in [LogKind::Sessions, LogKind::Pain, LogKind::Events] {
        merged_by_the_rule(study, &judged, kind, &kept)?;
    }
    programs_as_read(&judged, logs)?;
    patients_as_read(study, &judged, logs)?;
    Ok(beyond)
}

/// Whether a refusal of the whole study is one its file gives reason for.
fn refused(study: &ValidStudy, spoiled: usize, bytes: &[u8], error: &IngestError) -> Result<(), String> {
    let file = &study.files[spoiled];
    let found = records(&eight_bit(bytes), study.cut());
    let intact = found.first().is_some_and(|header| header.raw == file.header);
    let fault = |why: &str| Err(format!("refused, {why}: {error}"));
    if error.to_string().trim().is_empty() {
        return fault("but in no words");
    }
    let good = found.iter().skip(1).any(|record| file.rows.get(&record.raw).is_some_and(Option::is_some));
    match error {
        IngestError::Unbalanced { .. } => fault("for rows were lost"),
        _ if !intact => Ok(()),
        IngestError::MixedDates { .. } | IngestError::AmbiguousDates { .. } | IngestError::OffScale { .. } => Ok(()),
        // A file joined on whose columns have another order, where all that follows would be misread.
        IngestError::ColumnsMoved { .. } => Ok(()),
        IngestError::HeaderOnly { .. } if found.len() == 1 => Ok(()),
        // Nobody is known any more, or no row stands as it was written.
        IngestError::NothingUsable { .. } if file.kind == LogKind::Patients || !good => Ok(()),
        _ => fault("though its header and some rows stand as written"),
    }
}

/// Cuts a file anew and compares counts, lines and records.
fn balanced<'a>(study: &'a ValidStudy, file: &'a ValidFile, bytes: &[u8], logs: &'a Logs) -> Result<Judged<'a>, String> {
    let name = &file.name;
    let account = logs.reading.files.iter().find(|account| account.file == *name).ok_or_else(|| format!("{name} has no account"))?;
    let eight = eight_bit(bytes);
    let mut found = records(&eight, study.cut());
    let intact = found.first().is_some_and(|header| header.raw == file.header);
    if !intact {
        let delimiter = [("comma", b','), ("semicolon", b';'), ("tab", b'\t'), ("separated by |", b'|')]
            .into_iter()
            .find_map(|(word, delimiter)| account.layout.starts_with(word).then_some(delimiter))
            .ok_or_else(|| format!("{name}: the separator is not said: {}", account.layout))?;
        found = records(&eight, Cut { delimiter, ..study.cut() });
    }
    let header = if found.is_empty() { return Err(format!("{name} was read without a header")) } else { found.remove(0) };
    if account.read != found.len() {
        return Err(format!("{name}: {} rows were read, but {} stand in the file", account.read, found.len()));
    }
    let rejected = rejections(name, &found, logs)?;
    if account.read != account.used + account.merged + account.rejected + account.filtered || account.rejected != rejected.len() {
        return Err(format!("{name} does not balance: {account:?}, {} rejections listed", rejected.len()));
    }
    let sixteen = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let whole_utf8 = std::str::from_utf8(&eight).is_ok();
    let multibyte = eight.split(|&byte| byte == b'\n' || byte == b'\r').any(|line| !line.is_ascii() && std::str::from_utf8(line).is_ok());
    let how = How { day_first: !account.layout.contains("month first"), western: !whole_utf8 && !multibyte, lossy: !whole_utf8 || sixteen };
    let untouched: BTreeMap<usize, &Option<Fields>> =
        found.iter().filter(|_| intact).filter_map(|record| Some((record.line, file.rows.get(&record.raw)?))).collect();
    let late = |fields: &&Option<Fields>| fields.as_ref().and_then(|fields| fields.get("date")).is_some_and(|date| date[8..] > *"12");
    if !how.day_first && study.dress.dates == Dates::DayFirst && untouched.values().any(late) {
        return Err(format!("{name} was read month first: {}", account.layout));
    }
    let read = rows(&found, &Columns::new(&header, file), file, &study.dress, how);
    let left_out = read.iter().filter(|row| row.left_out).count();
    let known = read.iter().all(|row| !row.unsure);
    if known && left_out != account.filtered {
        return Err(format!("{name}: {} rows were filtered, but {left_out} are to be left out", account.filtered));
    }
    let ascii = found.iter().filter(|record| record.raw.is_ascii()).map(|record| record.line).collect();
    Ok(Judged { file, rows: read, rejected, mixed: !whole_utf8 && multibyte, untouched, ascii })
}

/// The rejections of a file by line: each names a record that starts there and quotes it.
fn rejections<'a>(name: &str, found: &[Record], logs: &'a Logs) -> Result<BTreeMap<usize, &'a Rejected>, String> {
    let by_line: BTreeMap<usize, &Record> = found.iter().map(|record| (record.line, record)).collect();
    let mut rejected = BTreeMap::new();
    for row in logs.reading.rejected.iter().filter(|row| row.file == name) {
        let record = by_line.get(&row.line).ok_or_else(|| format!("{name}: no row starts on line {} ({})", row.line, row.sentence))?;
        let lossy = || String::from_utf8_lossy(&record.raw).into_owned();
        if row.raw != text(&record.raw) && row.raw != western(&record.raw) && row.raw != lossy() {
            return Err(format!("{name}, line {}: the row is quoted as {:?}, but is {:?}", row.line, row.raw, text(&record.raw)));
        }
        if row.rule.is_empty() || row.sentence.is_empty() || row.fix.is_empty() {
            return Err(format!("{name}, line {}: rejected without a reason", row.line));
        }
        if rejected.insert(row.line, row).is_some() {
            return Err(format!("{name}, line {} is rejected twice", row.line));
        }
    }
    Ok(rejected)
}

/// An accepted row can be read: its cells can be told apart and none of them is no value at all.
fn readable(file: &Judged<'_>, row: &Row) -> Result<(), String> {
    let place = || format!("{}, line {}", file.file.name, row.line);
    if row.broken {
        return Err(format!("{}: accepted, though its cells cannot be told apart", place()));
    }
    if row.unsure {
        return Ok(());
    }
    for (name, reading) in &row.fields {
        let needed = match file.file.kind {
            LogKind::Programs => ["patient_id", "start"].contains(&name.as_str()),
            _ => ["patient_id", "date", "pain", "event"].contains(&name.as_str()),
        };
        if *reading == Reading::Never || (needed && *reading == Reading::Missing) {
            return Err(format!("{}: accepted, though its {name} is {reading:?}", place()));
        }
    }
    Ok(())
}

/// Rows that stand as written are accepted (or left out by the filter), and the reference reads what was written.
fn accepted_as_written(file: &Judged<'_>, all: &[Judged<'_>]) -> Result<(), String> {
    for row in &file.rows {
        let Some(&written) = file.untouched.get(&row.line) else { continue };
        let place = || format!("{}, line {}", file.file.name, row.line);
        if file.mixed && !file.ascii.contains(&row.line) {
            continue;
        }
        if written.is_none() != row.left_out {
            return Err(format!("{}: the filter and the reference disagree", place()));
        }
        if let (Some(written), false) = (written, row.broken) {
            for (name, reading) in &row.fields {
                let (said, read) = (written.get(name).map(String::as_str), plain_value(reading));
                if said != read {
                    return Err(format!("{}: {name} was written as {said:?}, but the reference reads {reading:?}", place()));
                }
            }
        }
        let Some(rejection) = file.rejected.get(&row.line) else { continue };
        let id = Judged::id(row);
        let others = |kind: LogKind| all.iter().filter(move |other| other.file.kind == kind).flat_map(Judged::accepted);
        let excused = match rejection.rule {
            "unknown_patient" => others(LogKind::Patients).all(|other| Judged::id(other) != id),
            // Another row of the patient came first.
            "repeated_patient" | "second_program" | "conflicting_program" => others(file.file.kind).any(|other| Judged::id(other) == id),
            _ => false,
        };
        if !excused {
            return Err(format!("{}: a row that stands as written is rejected: {}: {}", place(), rejection.rule, rejection.sentence));
        }
    }
    Ok(())
}

fn plain_value(reading: &Reading) -> Option<&str> {
    match reading {
        Reading::Is(text) => Some(text.as_str()).filter(|text| !text.is_empty()),
        _ => None,
    }
}

/// Every kept row stands on a line that was accepted, with the values of that line.
fn kept_as_read(study: &ValidStudy, file: &Judged<'_>, kept: &KeptRows, logs: &Logs) -> Result<(), String> {
    let name = &file.file.name;
    let accepted: BTreeMap<usize, &Row> = file.accepted().map(|row| (row.line, row)).collect();
    let used = logs.reading.files.iter().find(|account| account.file == *name).map_or(0, |account| account.used);
    if used != kept.len() {
        return Err(format!("{name}: {used} rows were used, but {} are in the logs", kept.len()));
    }
    for (line, fields) in kept {
        let Some(row) = accepted.get(line) else { return Err(format!("{name}, line {line} is in the logs, but was not accepted")) };
        if row.unsure {
            continue;
        }
        for (column, reading) in &row.fields {
            let merged = column == "lasted_24h" || (column == "pain" && study.dress.same_day == "mean");
            if *reading == Reading::Beyond || merged {
                continue;
            }
            let silent = (column == "status").then(kept::silent_status);
            let expected = plain_value(reading).map(str::to_owned).or(silent);
            let found = fields.get(column);
            if expected.as_deref().map(str::trim) != found.map(|value| value.trim()) {
                return Err(format!("{name}, line {line}: {column} is {expected:?} in the file and {found:?} in the logs"));
            }
        }
    }
    Ok(())
}

/// An accepted row, and what is in the logs of its line.
type Fate<'a> = (&'a Row, Option<&'a Fields>);

/// Rows merged are those the rule merges, and what is kept for them is what it keeps.
fn merged_by_the_rule(study: &ValidStudy, judged: &[Judged<'_>], kind: LogKind, kept: &BTreeMap<String, KeptRows>) -> Result<(), String> {
    let files: Vec<&Judged<'_>> = judged.iter().filter(|judged| judged.file.kind == kind).collect();
    let unsure = |row: &Row| row.unsure || row.fields.values().any(|reading| *reading == Reading::Beyond);
    if files.iter().any(|file| file.accepted().any(unsure)) {
        return Ok(());
    }
    let mut groups: BTreeMap<(&str, &str), Vec<Fate<'_>>> = BTreeMap::new();
    for file in &files {
        for row in file.accepted() {
            let day = row.fields.get("date").and_then(plain_value).unwrap_or_default();
            let found = kept.get(&file.file.name).and_then(|rows| rows.get(&row.line));
            groups.entry((Judged::id(row).unwrap_or_default(), day)).or_default().push((row, found));
        }
    }
    for ((id, day), rows) in groups {
        let place = format!("{} of {id:?} on {day}", kind.as_str());
        let left: Vec<&Fields> = rows.iter().filter_map(|(_, kept)| *kept).collect();
        let expected = match kind {
            LogKind::Pain => 1,
            LogKind::Sessions if study.dress.repeated == "reject" => rows.iter().map(|(row, _)| &row.values).collect::<BTreeSet<_>>().len(),
            // An event of one kind and day counts once.
            LogKind::Events => rows.iter().map(|(row, _)| row.fields.get("event").and_then(plain_value)).collect::<BTreeSet<_>>().len(),
            _ => rows.len(),
        };
        if left.len() != expected {
            return Err(format!("{place}: {} rows became {}, but {expected} are due", rows.len(), left.len()));
        }
        if kind == LogKind::Pain {
            let scores: Vec<f64> = rows.iter().filter_map(|(row, _)| plain_value(row.fields.get("pain")?)?.parse().ok()).collect();
            let score = match study.dress.same_day {
                "max" => scores.iter().copied().fold(f64::MIN, f64::max),
                "last" => scores.last().copied().unwrap_or_default(),
                _ => scores.iter().sum::<f64>() / scores.len() as f64,
            };
            let near = |found: &str| found.parse::<f64>().is_ok_and(|found| (found - score).abs() < 1e-5);
            if !left[0].get("pain").is_some_and(|found| near(found)) {
                return Err(format!("{place}: the score is {:?}, but {score} is due of {scores:?}", left[0].get("pain")));
            }
            let lasted = rows.iter().any(|(row, _)| row.fields.get("lasted_24h").and_then(plain_value).is_some());
            if left[0].contains_key("lasted_24h") != lasted {
                return Err(format!("{place}: lasting a day is {:?}, but {lasted} in the file", left[0].get("lasted_24h")));
            }
        }
    }
    Ok(())
}

/// Every program is an accepted row, and every accepted row a program.
fn programs_as_read(judged: &[Judged<'_>], logs: &Logs) -> Result<(), String> {
    let kept = kept::programs(logs);
    let rows: Vec<&Row> = judged.iter().filter(|judged| judged.file.kind == LogKind::Programs).flat_map(Judged::accepted).collect();
    let account = |count: fn(&staywell::ingest::FileAccount) -> usize| -> usize {
        logs.reading.files.iter().filter(|account| account.kind == LogKind::Programs).map(count).sum()
    };
    if kept.len() != account(|account| account.used) || rows.len() != account(|account| account.used + account.merged) {
        return Err(format!("{} programs of {} accepted rows do not balance", kept.len(), rows.len()));
    }
    for program in &kept {
        let says = |row: &&&Row| {
            row.unsure
                || row.fields.iter().all(|(name, reading)| {
                    *reading == Reading::Beyond || plain_value(reading).map(str::trim) == program.get(name).map(|value| value.trim())
                })
        };
        if rows.iter().find(says).is_none() {
            return Err(format!("the program {program:?} stands on no line of programs.csv"));
        }
    }
    Ok(())
}

/// Every patient is named by an accepted row, and the roster's are all there with what it says of them.
fn patients_as_read(study: &ValidStudy, judged: &[Judged<'_>], logs: &Logs) -> Result<(), String> {
    let kept = kept::patients(logs);
    let named: BTreeSet<&str> = judged.iter().flat_map(Judged::accepted).filter_map(Judged::id).collect();
    let unsure = judged.iter().any(|file| file.accepted().any(|row| row.unsure || row.fields.get("patient_id") == Some(&Reading::Beyond)));
    if let Some(id) = kept.keys().find(|id| !unsure && !named.contains(id.trim())) {
        return Err(format!("nobody is called {id:?} in an accepted row"));
    }
    let roster: Vec<&Row> = judged.iter().filter(|judged| judged.file.kind == LogKind::Patients).flat_map(Judged::accepted).collect();
    for row in roster.iter().filter(|row| !row.unsure) {
        let id = Judged::id(row).unwrap_or_default();
        let Some((_, said)) = kept.iter().find(|(known, _)| known.trim() == id) else {
            return Err(format!("{id:?} of the roster is no patient"));
        };
        for (name, reading) in row.fields.iter().filter(|(name, _)| *name != "patient_id" && !name.contains(char::is_control)) {
            let (written, found) = (plain_value(reading), said.get(name).map(String::as_str));
            let number = |text: &str| decimal(text, &study.dress).or_else(|| text.parse().ok()).map(spelled);
            let equal = |written: Option<&str>| {
                let written = written.map(str::trim);
                written == found || written.zip(found).is_some_and(|(written, found)| number(written).as_deref() == Some(found))
            };
            // A later row may add what an earlier one leaves out.
            let added = || {
                roster
                    .iter()
                    .any(|other| Judged::id(other) == Some(id) && other.fields.get(name).is_some_and(|reading| equal(plain_value(reading))))
            };
            let same = equal(written) || (written.is_none() && added());
            if !same && *reading != Reading::Beyond {
                return Err(format!("{name} of {id:?} is {written:?} in the roster and {found:?} among the covariates"));
            }
        }
    }
    Ok(())
}
