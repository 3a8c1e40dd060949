//! What `staywell claims list` and `claims explain` print.

use serde_json::{Value, json};

use super::command::CommandReport;
use super::csv::write_csv;
use super::document::{Block, DataTable, Definition, Document, Section};
use super::json::write_json;
use crate::claims::Claim;

/// The parts of a claim: name in data, name for reading, text.
fn parts(claim: &Claim) -> [(&'static str, &'static str, &'static str); 6] {
    [
        ("source", "Who says so", claim.source),
        ("exposure", "What is compared", claim.exposure),
        ("outcome", "What is looked at", claim.outcome),
        ("estimand", "What the verdict rests on", claim.estimand),
        ("trap", "What makes the obvious test dishonest", claim.trap),
        ("needs", "What has to be logged", claim.needs),
    ]
}

/// The claims, each in one sentence or in full; CSV and JSON hold all parts either way.
#[must_use]
pub fn claim_register(claims: &[Claim], in_full: bool) -> CommandReport<'_> {
    let section = |claim: &Claim| {
        let mut blocks = vec![Block::Paragraph(claim.statement.to_owned())];
        if in_full {
            let definition =
                |(_, term, meaning): (&str, &str, &str)| Definition { term: term.to_owned(), meaning: meaning.to_owned(), changed: false };
            blocks.push(Block::Definitions(parts(claim).into_iter().map(definition).collect()));
        }
        Section { id: claim.id.to_owned(), title: claim.id.to_owned(), blocks }
    };
    CommandReport {
        document: Document {
            title: "Claims under test".to_owned(),
            subtitle: String::new(),
            headline: vec![],
            sections: claims.iter().map(section).collect(),
            provenance: vec![],
        },
        csv: Box::new(move |out| {
            let names = claims.first().map(parts).into_iter().flatten().map(|(name, ..)| name);
            let row = |claim: &Claim| {
                [claim.id, claim.statement].into_iter().chain(parts(claim).map(|(.., text)| text)).map(str::to_owned).collect()
            };
            let header = ["id", "statement"].into_iter().chain(names).map(str::to_owned).collect();
            Ok(write_csv(&DataTable { name: "claims".to_owned(), header, rows: claims.iter().map(row).collect() }, out)?)
        }),
        json: Box::new(move |out| {
            let object = |claim: &Claim| {
                let mut object = json!({ "id": claim.id, "statement": claim.statement });
                parts(claim).into_iter().for_each(|(name, _, text)| object[name] = json!(text));
                object
            };
            Ok(write_json(&claims.iter().map(object).collect::<Vec<Value>>(), out)?)
        }),
    }
}
