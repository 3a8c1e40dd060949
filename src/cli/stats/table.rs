//! A statistic's result as rows: printed, as CSV, or as JSON.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};
use serde_json::json;

use crate::cli::error::CliError;
use crate::cli::printable::printable;
use crate::report::{DataTable, csv_text};
use crate::stats::{Estimate, Interval, StatsError, TestResult, exact_text};

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Number(f64),
    Count(usize),
    Text(String),
    Flag(bool),
    Missing,
}

impl From<f64> for Cell {
    /// A number beyond what can be held (a limit of e^800) is printed as missing, never as infinity.
    fn from(value: f64) -> Self {
        if value.is_finite() { Self::Number(value) } else { Self::Missing }
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        Self::Count(value)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&String> for Cell {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

impl Cell {
    /// A sum of weights: a count where it is one that is held exactly.
    pub(super) fn weight(value: f64) -> Self {
        if value.fract() == 0.0 && (0.0..1e15).contains(&value) { Self::Count(value as usize) } else { value.into() }
    }

    fn full(&self) -> String {
        match self {
            Self::Number(value) => exact_text(*value),
            Self::Count(n) => n.to_string(),
            Self::Text(text) => text.clone(),
            Self::Flag(flag) => flag.to_string(),
            Self::Missing => String::new(),
        }
    }

    /// Five significant digits and no control characters, for reading.
    fn short(&self) -> String {
        match self {
            Self::Number(value) if *value == 0.0 => "0".to_owned(),
            Self::Number(value) if value.abs() < 1e-4 || value.abs() >= 1e7 => format!("{value:.4e}"),
            Self::Number(value) => {
                let decimals = (4 - value.abs().log10().floor() as i32).clamp(0, 9) as usize;
                let text = format!("{value:.decimals$}");
                if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
            }
            Self::Missing => "–".to_owned(),
            Self::Text(text) => printable(text).into_owned(),
            _ => self.full(),
        }
    }

    fn write_json(&self, text: &mut String) {
        match self {
            Self::Number(value) => text.push_str(&json!(value).to_string()),
            Self::Count(n) => text.push_str(&n.to_string()),
            Self::Text(word) => text.push_str(&json!(word).to_string()),
            Self::Flag(flag) => text.push_str(if *flag { "true" } else { "false" }),
            Self::Missing => text.push_str("null"),
        }
    }
}

/// A row from values of any kind.
macro_rules! cells {
    ($($value:expr),* $(,)?) => { vec![$($crate::cli::stats::table::Cell::from($value)),*] };
}
pub(super) use cells;

/// A block of rows under one name: `tidy` (one row per term or time), `glance` (one row per group or model), and what else there is.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) name: &'static str,
    pub(super) header: Vec<&'static str>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Block {
    pub(super) fn new(name: &'static str, header: &[&'static str]) -> Self {
        Self { name, header: header.to_vec(), rows: vec![] }
    }

    pub(super) fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }

    pub(super) fn with(mut self, row: Vec<Cell>) -> Self {
        self.rows.push(row);
        self
    }

    /// Tests by name: test, statistic, df, p.value.
    pub(super) fn tests(rows: &[(&str, TestResult)]) -> Self {
        let mut block = Self::new("tests", &["test", "statistic", "df", "p.value"]);
        for (name, test) in rows {
            block.push(cells![*name, test.statistic, test.df, test.p_value]);
        }
        block
    }
}

/// The lower limit of an interval there may be.
pub(super) fn low(interval: Option<Interval>) -> Option<f64> {
    interval.map(|interval| interval.lower)
}

/// The upper limit of an interval there may be.
pub(super) fn high(interval: Option<Interval>) -> Option<f64> {
    interval.map(|interval| interval.upper)
}

/// An estimate with its test, or why there is none.
pub(super) type Contrast = Result<(Estimate, TestResult), StatsError>;

/// Cells of a contrast from its estimate to its upper limit; missing where there is none, with the reason among the notes.
pub(super) fn contrast_cells(found: Contrast, time: f64, notes: &mut Vec<String>) -> Vec<Cell> {
    match found {
        Ok((estimate, test)) => {
            cells![estimate.estimate, estimate.std_error, test.statistic, test.p_value, low(estimate.interval), high(estimate.interval)]
        }
        Err(error) => {
            let reason = format!("No contrast at {}: {error}.", exact_text(time));
            if !notes.contains(&reason) {
                notes.push(reason);
            }
            vec![Cell::Missing; 6]
        }
    }
}

/// What a statistic prints.
#[derive(Clone, Debug)]
pub(super) struct StatisticTable {
    pub(super) title: String,
    /// The first block is what CSV holds unless another is asked for.
    pub(super) blocks: Vec<Block>,
    /// Conventions and counts of dropped rows.
    pub(super) notes: Vec<String>,
}

impl StatisticTable {
    /// Numbers are never broken over lines, so a table may be wider than the terminal.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n", printable(&self.title));
        for block in &self.blocks {
            let mut table = Table::new();
            table
                .load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()))
                .set_content_arrangement(ContentArrangement::Disabled);
            table.set_header(&block.header);
            for row in &block.rows {
                table.add_row(row.iter().map(|cell| {
                    let align = if matches!(cell, Cell::Text(_)) { CellAlignment::Left } else { CellAlignment::Right };
                    comfy_table::Cell::new(cell.short()).set_alignment(align)
                }));
            }
            for line in table.to_string().lines() {
                text.push_str(&format!("{}\n", line.trim_end()));
            }
        }
        for note in &self.notes {
            text.push_str(&format!("{}\n", printable(note)));
        }
        text
    }

    /// The block of this name alone.
    pub(super) fn only(mut self, name: &str) -> Result<Self, CliError> {
        let names: Vec<&str> = self.blocks.iter().map(|block| block.name).collect();
        let Some(place) = names.iter().position(|known| *known == name) else {
            return Err(CliError::Usage(format!("--block {name}: this result has the blocks {}", names.join(", "))));
        };
        self.blocks = vec![self.blocks.swap_remove(place)];
        Ok(self)
    }

    pub(super) fn csv(&self) -> String {
        let Some(block) = self.blocks.first() else { return String::new() };
        csv_text(&DataTable {
            name: block.name.to_owned(),
            header: block.header.iter().map(|&name| name.to_owned()).collect(),
            rows: block.rows.iter().map(|row| row.iter().map(Cell::full).collect()).collect(),
        })
    }

    /// One line per row, written straight from the cells: a curve may have a million of them.
    pub(super) fn json(&self) -> String {
        let mut text = format!("{{\n  \"method\": {},\n", json!(self.title));
        for block in &self.blocks {
            let keys: Vec<String> = block.header.iter().map(|name| format!("{}: ", json!(name))).collect();
            text.push_str(&format!("  {}: [", json!(block.name)));
            for (place, row) in block.rows.iter().enumerate() {
                text.push_str(if place == 0 { "\n    {" } else { ",\n    {" });
                for (column, (key, cell)) in keys.iter().zip(row).enumerate() {
                    text.push_str(if column == 0 { "" } else { ", " });
                    text.push_str(key);
                    cell.write_json(&mut text);
                }
                text.push('}');
            }
            text.push_str(if block.rows.is_empty() { "],\n" } else { "\n  ],\n" });
        }
        let notes: Vec<String> = self.notes.iter().map(|note| format!("    {}", json!(note))).collect();
        text.push_str(&format!("  \"notes\": [\n{}\n  ]\n}}\n", notes.join(",\n")));
        text
    }
}
