//! What single commands print: a section of the report, its data as CSV, and everything as JSON.

use serde_json::{Value, json};

use super::ReportError;
use super::data_tables;
use super::document::{Block, DataTable, Document, Section};
use super::json::part;
use super::provenance::Provenance;
use super::rejected::findings_table;
use super::sections::{SECTIONS, claim_blocks, quality_blocks, reading_blocks};
use crate::analysis::assess_data_quality;
use crate::ingest::CheckedStudy;
use crate::study::Study;

/// What a command prints.
#[derive(Clone, Debug)]
pub struct CommandReport {
    /// For reading.
    pub document: Document,
    /// The main table.
    pub csv: DataTable,
    /// Everything.
    pub json: Value,
}

/// A document of these sections of the report.
fn document(study: &Study, provenance: &Provenance, sections: &[&str]) -> Document {
    let chosen = SECTIONS.iter().filter(|section| sections.contains(&section.id));
    Document {
        title: study.logs.study_name.clone(),
        subtitle: String::new(),
        headline: vec![],
        sections: chosen
            .map(|section| Section { id: section.id, title: section.title.to_owned(), blocks: (section.build)(study) })
            .collect(),
        provenance: provenance.lines(&study.logs),
    }
}

fn named(tables: Vec<DataTable>, name: &str) -> DataTable {
    tables.into_iter().find(|table| table.name == name).unwrap_or_else(|| DataTable { name: name.to_owned(), header: vec![], rows: vec![] })
}

/// `staywell adherence`: one CSV row per patient, program and week.
///
/// # Errors
/// [`ReportError::Table`].
pub fn adherence(study: &Study, provenance: &Provenance) -> Result<CommandReport, ReportError> {
    Ok(CommandReport {
        document: document(study, provenance, &["adherence", "definitions"]),
        csv: named(data_tables::all(study)?, "patient_weeks"),
        json: part(study, provenance, "adherence", json!(study.adherence)),
    })
}

/// `staywell pain`: one CSV row per program week.
///
/// # Errors
/// [`ReportError::Table`].
pub fn pain(study: &Study, provenance: &Provenance) -> Result<CommandReport, ReportError> {
    Ok(CommandReport {
        document: document(study, provenance, &["pain", "definitions"]),
        csv: named(data_tables::all(study)?, "pain_by_week"),
        json: part(study, provenance, "pain", json!(study.pain)),
    })
}

/// `staywell recurrence`: one CSV row per patient and program.
///
/// # Errors
/// [`ReportError::Table`].
pub fn recurrence(study: &Study, provenance: &Provenance) -> Result<CommandReport, ReportError> {
    Ok(CommandReport {
        document: document(study, provenance, &["patients", "recurrence", "definitions"]),
        csv: named(data_tables::all(study)?, "patients"),
        json: part(study, provenance, "recurrence", json!(study.recurrence)),
    })
}

/// `staywell claims`: one CSV row per estimate; only the claim named, if one is.
///
/// # Errors
/// [`ReportError::Table`].
pub fn claims(study: &Study, only: Option<&str>, provenance: &Provenance) -> Result<CommandReport, ReportError> {
    let chosen: Vec<_> = study.claims.iter().filter(|claim| only.is_none_or(|id| claim.id == id)).collect();
    let sections = chosen
        .iter()
        .map(|claim| Section { id: claim.id, title: claim.id.to_owned(), blocks: claim_blocks(claim, study.recurrence.counted()) })
        .chain([definitions(study)])
        .collect();
    let mut csv = named(data_tables::all(study)?, "effects");
    csv.rows.retain(|row| chosen.iter().any(|claim| row.first().is_some_and(|id| id == claim.id)));
    Ok(CommandReport {
        document: Document {
            title: study.logs.study_name.clone(),
            subtitle: String::new(),
            headline: vec![],
            sections,
            provenance: provenance.lines(&study.logs),
        },
        csv,
        json: part(study, provenance, "claims", json!(chosen)),
    })
}

/// The definitions in force.
pub(super) fn definitions(study: &Study) -> Section {
    let blocks: Vec<Block> =
        SECTIONS.iter().filter(|section| section.id == "definitions").flat_map(|section| (section.build)(study)).collect();
    Section { id: "definitions", title: "Definitions used".to_owned(), blocks }
}

/// `staywell check`: one CSV row per finding. Of a study that cannot be analyzed, what can be said of its files.
#[must_use]
pub fn check(checked: &CheckedStudy, provenance: &Provenance) -> CommandReport {
    let logs = &checked.logs;
    let usable = checked.errors.is_empty();
    let quality = usable.then(|| assess_data_quality(logs));
    let mut sections = vec![Section { id: "data-quality", title: "The logs as read".to_owned(), blocks: reading_blocks(logs) }];
    if let Some(quality) = &quality {
        sections.push(Section { id: "logging", title: "How the logs were kept".to_owned(), blocks: quality_blocks(quality) });
    }
    let errors: Vec<Value> = checked.errors.iter().map(|error| json!({ "sentence": error.to_string(), "fix": error.hint() })).collect();
    CommandReport {
        document: Document {
            title: logs.study_name.clone(),
            subtitle: String::new(),
            headline: vec![],
            sections,
            provenance: if usable { provenance.lines(logs) } else { vec![] },
        },
        csv: findings_table(&logs.reading),
        json: json!({
            "study": logs.study_name,
            "provenance": super::json::provenance(logs, provenance),
            "usable": usable,
            "errors": errors,
            "patients": logs.n_patients(),
            "reading": super::json::reading(logs),
            "rejected": logs.reading.rejected,
            "findings": logs.reading.findings,
            "data_quality": quality,
        }),
    }
}
