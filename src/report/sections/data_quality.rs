//! The logs as read: every row accounted for, rejections by rule, what was assumed.

use std::collections::BTreeMap;

use super::super::document::{Block, Table};
use super::SectionKind;
use crate::domain::number::count;
use crate::ingest::{Logs, Rejected};
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "data-quality", title: "The logs as read", build };

fn build(study: &Study) -> Vec<Block> {
    reading_blocks(&study.logs)
}

/// Places named per rule; the rest is in `rejected.csv`.
const PLACES: usize = 3;

/// Files, rejections and notes.
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
    let mut blocks = vec![Block::Table(table), rejections(&reading.rejected)];
    let mut layout: Vec<String> =
        reading.files.iter().filter(|file| !file.layout.is_empty()).map(|file| format!("{}: {}", file.file, file.layout)).collect();
    layout.extend(reading.notes.iter().cloned());
    if !layout.is_empty() {
        blocks.push(Block::Heading("How the files were read".to_owned()));
        blocks.push(Block::List(layout));
    }
    blocks
}

fn rejections(rejected: &[Rejected]) -> Block {
    if rejected.is_empty() {
        return Block::Paragraph("No row was rejected.".to_owned());
    }
    let mut by_rule: BTreeMap<&str, Vec<&Rejected>> = BTreeMap::new();
    for row in rejected {
        by_rule.entry(row.rule).or_default().push(row);
    }
    let mut table = Table::new("Rejected rows by rule", &["Rule", "#Rows", "First places", "What to do"]);
    let mut rules: Vec<(&str, Vec<&Rejected>)> = by_rule.into_iter().collect();
    rules.sort_by_key(|(rule, rows)| (std::cmp::Reverse(rows.len()), *rule));
    for (rule, rows) in rules {
        let places: Vec<String> = rows.iter().take(PLACES).map(|row| format!("{} line {}", row.file, row.line)).collect();
        let more = if rows.len() > PLACES { ", …" } else { "" };
        table.push([rule.replace('_', " "), count(rows.len()), format!("{}{more}", places.join(", ")), rows[0].fix.clone()]);
    }
    table.notes.push("rejected.csv lists every one with its line, column, value, what was expected and the row as it stands.".to_owned());
    Block::Table(table)
}
