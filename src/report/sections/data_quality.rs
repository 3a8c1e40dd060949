//! The logs as read: findings by rule, every row accounted for, what was assumed; and how the logs were kept.

use std::collections::BTreeMap;

use super::super::document::{Block, Table};
use super::SectionKind;
use crate::analysis::{DataQuality, LoggingWeeks};
use crate::domain::number::{count, counted, decimal, percent};
use crate::ingest::{Logs, RULES, ReadingReport, Severity};
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "data-quality", title: "The logs as read", build };

fn build(study: &Study) -> Vec<Block> {
    let mut blocks = reading_blocks(&study.logs);
    blocks.push(Block::Heading("How the logs were kept".to_owned()));
    blocks.extend(quality_blocks(&study.quality));
    blocks
}

/// Places named per rule; the rest is in `findings.csv`.
const PLACES: usize = 3;

/// Findings, files and notes.
pub(in crate::report) fn reading_blocks(logs: &Logs) -> Vec<Block> {
    let reading = &logs.reading;
    let filtered = reading.files.iter().any(|file| file.filtered > 0);
    let mut columns = vec!["File", "Log", "#Rows read", "#Used", "#Rejected", "#Merged"];
    if filtered {
        columns.push("#Filtered");
    }
    let mut table = Table::new("Rows", &columns);
    let mut sum = [0_usize; 5];
    for file in &reading.files {
        let numbers = [file.read, file.used, file.rejected, file.merged, file.filtered];
        for (sum, number) in sum.iter_mut().zip(numbers) {
            *sum += number;
        }
        let shown = if filtered { 5 } else { 4 };
        table.push([file.file.clone(), file.kind.as_str().to_owned()].into_iter().chain(numbers[..shown].iter().map(|&n| count(n))));
    }
    if reading.files.len() > 1 {
        let shown = if filtered { 5 } else { 4 };
        table.push(["Together".to_owned(), String::new()].into_iter().chain(sum[..shown].iter().map(|&n| count(n))));
    }
    table.notes.push(format!(
        "read = used + rejected + merged{}, checked for every file. Merged: duplicates folded into another row.",
        if filtered { " + filtered" } else { "" }
    ));
    let mut blocks = vec![findings(reading), Block::Table(table)];
    let mut layout: Vec<String> =
        reading.files.iter().filter(|file| !file.layout.is_empty()).map(|file| format!("{}: {}", file.file, file.layout)).collect();
    layout.extend(reading.notes.iter().cloned());
    if !layout.is_empty() {
        blocks.push(Block::Heading("How the files were read".to_owned()));
        blocks.push(Block::List(layout));
    }
    blocks
}

/// What was found under one rule.
#[derive(Default)]
struct OfRule {
    count: usize,
    places: Vec<String>,
    /// The file of the last place with a line.
    file: Option<String>,
}

fn findings(reading: &ReadingReport) -> Block {
    let mut by_rule: BTreeMap<(Severity, &str), OfRule> = BTreeMap::new();
    for found in reading.all_findings() {
        let of_rule = by_rule.entry((found.severity, found.rule)).or_default();
        of_rule.count += 1;
        if of_rule.count <= PLACES {
            // A file is named once for lines that follow each other.
            let same = of_rule.file.as_deref() == Some(found.file);
            of_rule.places.push(match found.line {
                Some(line) if same => line.to_string(),
                Some(line) => format!("{}:{line}", found.file),
                None => found.file.to_owned(),
            });
            of_rule.file = found.line.map(|_| found.file.to_owned());
        } else if of_rule.count == PLACES + 1 {
            of_rule.places.push("…".to_owned());
        }
    }
    if by_rule.is_empty() {
        return Block::Paragraph("Nothing was found: no row was rejected, and there is no warning and no note.".to_owned());
    }
    let mut rules: Vec<((Severity, &str), OfRule)> = by_rule.into_iter().collect();
    rules.sort_by_key(|((severity, rule), of_rule)| (*severity, std::cmp::Reverse(of_rule.count), *rule));
    let mut table = Table::new("What was found", &["Rule", "Severity", "#Count", "Meaning", "First places"]);
    for ((severity, id), of_rule) in rules {
        let meaning = RULES.iter().find(|rule| rule.id == id).map_or_else(String::new, |rule| without_brackets(rule.meaning));
        table.push([id.replace('_', " "), severity.as_str().to_owned(), count(of_rule.count), meaning, of_rule.places.join(", ")]);
    }
    table.notes.push(
        "reject: the row is not used; warn: it is used and probably wrong; note: worth knowing. findings.csv lists every one with what was \
         expected and what to do, rejected.csv the rejected rows as they stand; `staywell explain RULE` says why a rule is there."
            .to_owned(),
    );
    Block::Table(table)
}

/// The text without what stands in brackets.
fn without_brackets(text: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            // The space before a bracket goes with it.
            ',' | '.' | ';' | ':' if depth == 0 && short.ends_with(' ') => {
                short.pop();
                short.push(letter);
            }
            ' ' if depth == 0 && short.ends_with(' ') => {}
            letter if depth == 0 => short.push(letter),
            _ => {}
        }
    }
    short
}

/// How densely and how completely the logs were kept, and which scores were given.
pub(in crate::report) fn quality_blocks(quality: &DataQuality) -> Vec<Block> {
    let mut blocks = vec![weeks(quality)];
    let mut sentences = Vec::new();
    let scores = &quality.scores;
    if let Some(zeros) = scores.zero_share {
        sentences.push(format!("{} of {} are 0.", percent(zeros), counted(scores.logs as usize, "score", "scores")));
    }
    if let Some(fives) = scores.fives {
        sentences.push(format!(
            "5 was given {} times as often as 4 and 6 on average (1 where no number is preferred; 0 cannot be judged so, since being free of pain is common).",
            decimal(fives.ratio, 2)
        ));
    }
    if let (Some(whole), Some(half)) = (scores.whole_share, scores.half_share) {
        sentences.push(format!(
            "{} of the scores are whole numbers and {} lie halfway between two, on a scale used in tenths (one in ten each where no digit is preferred).",
            percent(whole),
            percent(half)
        ));
    }
    let streaks = &quality.streaks;
    if streaks.patients > 0 {
        sentences.push(format!(
            "{} of {} gave the same score above 0 in at least {} logs in a row; the longest such run is {}.",
            count(streaks.with_streak as usize),
            counted(streaks.patients as usize, "patient", "patients"),
            crate::analysis::STREAK,
            counted(streaks.longest as usize, "log", "logs")
        ));
    }
    let logged: u64 = quality.weekdays.iter().sum();
    if logged > 0 {
        const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        let shares = DAYS.iter().zip(quality.weekdays).map(|(day, n)| format!("{day} {}", percent(n as f64 / logged as f64)));
        sentences.push(format!("Pain logs by weekday: {}.", shares.collect::<Vec<_>>().join(", ")));
    }
    if !sentences.is_empty() {
        blocks.push(Block::List(sentences));
    }
    if !quality.columns.is_empty() {
        let mut table = Table::new("Columns that may be empty", &["Log", "Column", "#Filled", "#Of", "#Missing"]);
        for column in &quality.columns {
            let missing = 1.0 - column.filled as f64 / column.cells as f64;
            table.push([
                column.log.as_str().to_owned(),
                column.column.clone(),
                count(column.filled),
                count(column.cells),
                percent(missing),
            ]);
        }
        blocks.push(Block::Table(table));
    }
    blocks
}

fn weeks(quality: &DataQuality) -> Block {
    let mut table =
        Table::new("Pain logs a week", &["Weeks", "#Patient-weeks", "#Days logged", "#None", "#1–3 days", "#4–6 days", "#7 days"]);
    for (name, weeks) in [("in the program", &quality.program_weeks), ("after it", &quality.later_weeks)] {
        let share = |from: usize, to: usize| between(weeks, from, to).map_or_else(|| "–".to_owned(), percent);
        table.push([
            name.to_owned(),
            count(weeks.weeks() as usize),
            weeks.mean_days().map_or_else(|| "–".to_owned(), |days| decimal(days, 1)),
            share(0, 0),
            share(1, 3),
            share(4, 6),
            share(7, 7),
        ]);
    }
    table.notes.push(
        "Whole weeks of each patient from the start of the program (else the first log) to the patient's last log of any kind, by the days \
         with a pain log; days logged: the mean a week."
            .to_owned(),
    );
    Block::Table(table)
}

/// The share of weeks with a number of logged days from `from` to `to`.
fn between(weeks: &LoggingWeeks, from: usize, to: usize) -> Option<f64> {
    Some(weeks.share_with(from)? - weeks.share_with(to + 1)?)
}
