//! A statistic's result as rows: printed, as CSV, or as JSON.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};
use serde_json::{Map, Value, json};

use crate::report::{DataTable, csv_text};

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Number(f64),
    Count(usize),
    Text(String),
    Missing,
}

impl Cell {
    pub(super) fn optional(value: Option<f64>) -> Self {
        value.map_or(Self::Missing, Self::Number)
    }

    fn full(&self) -> String {
        match self {
            Self::Number(value) => format!("{value}"),
            Self::Count(n) => n.to_string(),
            Self::Text(text) => text.clone(),
            Self::Missing => String::new(),
        }
    }

    /// Five significant digits, for reading.
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
            _ => self.full(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Number(value) => json!(value),
            Self::Count(n) => json!(n),
            Self::Text(text) => json!(text),
            Self::Missing => Value::Null,
        }
    }
}

/// A block of rows under one name: `tidy` (one row per term or time) or `glance` (one row per group or model).
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) name: &'static str,
    pub(super) header: Vec<&'static str>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// What a statistic prints.
#[derive(Clone, Debug)]
pub(super) struct StatisticTable {
    pub(super) title: String,
    /// The first block is what CSV holds.
    pub(super) blocks: Vec<Block>,
    /// Conventions and counts of dropped rows.
    pub(super) notes: Vec<String>,
}

impl StatisticTable {
    /// Numbers are never broken over lines, so a table may be wider than the terminal.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n", self.title);
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
            text.push_str(&format!("{note}\n"));
        }
        text
    }

    pub(super) fn csv(&self) -> String {
        let Some(block) = self.blocks.first() else { return String::new() };
        csv_text(&DataTable {
            name: block.name.to_owned(),
            header: block.header.iter().map(|&name| name.to_owned()).collect(),
            rows: block.rows.iter().map(|row| row.iter().map(Cell::full).collect()).collect(),
        })
    }

    pub(super) fn json(&self) -> Value {
        let mut whole = Map::new();
        whole.insert("method".to_owned(), json!(self.title));
        for block in &self.blocks {
            let rows: Vec<Value> = block
                .rows
                .iter()
                .map(|row| Value::Object(block.header.iter().map(|&name| name.to_owned()).zip(row.iter().map(Cell::json)).collect()))
                .collect();
            whole.insert(block.name.to_owned(), json!(rows));
        }
        whole.insert("notes".to_owned(), json!(self.notes));
        Value::Object(whole)
    }
}
