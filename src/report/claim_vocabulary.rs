//! What `staywell claims vocabulary` prints: the exposures and outcomes a claim of one's own can be made of.

use serde_json::json;

use super::command::CommandReport;
use super::csv::write_csv;
use super::document::{Block, DataTable, Document, Section, Table};
use super::json::write_json;
use crate::analysis::vocabulary::{EXPOSURES, Known, OUTCOMES};

/// One row per name: kind, name, meaning, unit of the estimate or time from which it is counted, columns needed.
fn rows() -> Vec<[String; 5]> {
    let exposures = EXPOSURES.iter().map(|kind| {
        let unit = format!("per {}; known at the {}", kind.per_in_words, kind.known.name());
        ["exposure", kind.name, kind.label, &unit, kind.needs].map(str::to_owned)
    });
    let outcomes = OUTCOMES.iter().map(|kind| {
        let from = match kind.latest {
            Known::Start => "from the start of the program, for what is known by then",
            Known::End => "in the program",
            Known::Landmark => "also after the landmark",
        };
        ["outcome", kind.name, kind.label, from, kind.needs].map(str::to_owned)
    });
    exposures.chain(outcomes).collect()
}

/// Exposures and outcomes by name.
#[must_use]
pub fn claim_vocabulary() -> CommandReport<'static> {
    let table = |kind: &str, caption: &str, unit: &str| {
        let mut table = Table::new(caption, &["Name", "What it is", unit, "Needs"]);
        for [of, name, label, how, needs] in rows() {
            if of == kind {
                table.push([name, label, how, needs]);
            }
        }
        Block::Table(table)
    };
    let blocks = vec![
        Block::Paragraph(
            "A claim of your own stands under [[claims.own]] in study.toml with id, statement, exposure, outcome and claim (less, more or \
             no-difference with a margin). Any column of patients.csv is an exposure too: patients.COLUMN. at_least makes a yes or no of a \
             number, is of a word."
                .to_owned(),
        ),
        table("exposure", "Exposures", "Estimate"),
        table("outcome", "Outcomes", "Counted"),
    ];
    CommandReport {
        document: Document {
            title: "What a claim can be made of".to_owned(),
            subtitle: String::new(),
            headline: vec![],
            sections: vec![Section { id: "vocabulary".to_owned(), title: "Exposures and outcomes".to_owned(), blocks }],
            provenance: vec![],
        },
        csv: Box::new(|out| {
            let header = ["kind", "name", "label", "counted", "needs"].map(str::to_owned).to_vec();
            let rows = rows().into_iter().map(|row| row.to_vec()).collect();
            Ok(write_csv(&DataTable { name: "vocabulary".to_owned(), header, rows }, out)?)
        }),
        json: Box::new(|out| {
            let objects: Vec<_> = rows()
                .into_iter()
                .map(|[kind, name, label, counted, needs]| json!({ "kind": kind, "name": name, "label": label, "counted": counted, "needs": needs }))
                .collect();
            Ok(write_json(&objects, out)?)
        }),
    }
}
