//! What single commands print: a section of the report, its data as CSV, and everything as JSON.

use std::io::Write;

use serde::Serialize;
use serde_json::{Value, json};

use super::ReportError;
use super::csv::write_csv;
use super::data_tables;
use super::document::{Block, Document, Section};
use super::json::{part, write_json};
use super::provenance::Provenance;
use super::rejected::write_findings;
use super::sections::{SECTIONS, claim_blocks, quality_blocks, reading_blocks};
use crate::analysis::{DataQuality, assess_data_quality};
use crate::ingest::{CheckedStudy, Finding, Rejected};
use crate::study::Study;

/// Makes a form of a result once it is asked for, and writes it.
pub(super) type Writing<'a> = Box<dyn Fn(&mut dyn Write) -> Result<(), ReportError> + 'a>;

/// What a command prints. CSV and JSON, which may be large, are made when they are written.
pub struct CommandReport<'a> {
    /// For reading.
    pub document: Document,
    pub(super) csv: Writing<'a>,
    pub(super) json: Writing<'a>,
}

impl CommandReport<'_> {
    /// Writes the main table as CSV.
    ///
    /// # Errors
    /// [`ReportError::Table`], [`ReportError::Output`].
    pub fn write_csv(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        (self.csv)(out)
    }

    /// Writes everything as JSON.
    ///
    /// # Errors
    /// [`ReportError::Output`].
    pub fn write_json(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        (self.json)(out)
    }
}

/// A document of these sections of the report.
fn document(study: &Study, provenance: &Provenance, sections: &[&str]) -> Document {
    let chosen = SECTIONS.iter().filter(|section| sections.contains(&section.id));
    Document {
        title: study.logs.study_name.clone(),
        subtitle: String::new(),
        headline: vec![],
        sections: chosen
            .map(|section| Section { id: section.id.to_owned(), title: section.title.to_owned(), blocks: (section.build)(study) })
            .collect(),
        provenance: provenance.lines(&study.logs),
    }
}

/// `staywell adherence`: one CSV row per patient, program and week.
#[must_use]
pub fn adherence<'a>(study: &'a Study, provenance: &'a Provenance) -> CommandReport<'a> {
    CommandReport {
        document: document(study, provenance, &["adherence", "definitions"]),
        csv: Box::new(|out| Ok(write_csv(&data_tables::patient_weeks(study)?, out)?)),
        json: Box::new(|out| Ok(write_json(&part(study, provenance, "adherence", json!(study.adherence)), out)?)),
    }
}

/// `staywell pain`: one CSV row per program week.
#[must_use]
pub fn pain<'a>(study: &'a Study, provenance: &'a Provenance) -> CommandReport<'a> {
    CommandReport {
        document: document(
            study,
            provenance,
            if study.questionnaires.is_empty() { &["pain", "definitions"] } else { &["pain", "questionnaires", "definitions"] },
        ),
        csv: Box::new(|out| Ok(write_csv(&data_tables::pain_by_week(study), out)?)),
        json: Box::new(|out| Ok(write_json(&part(study, provenance, "pain", json!(study.pain)), out)?)),
    }
}

/// `staywell recurrence`: one CSV row per patient and program.
#[must_use]
pub fn recurrence<'a>(study: &'a Study, provenance: &'a Provenance) -> CommandReport<'a> {
    CommandReport {
        document: document(study, provenance, &["patients", "recurrence", "weighting", "definitions"]),
        csv: Box::new(|out| Ok(write_csv(&data_tables::patients(study)?, out)?)),
        json: Box::new(|out| Ok(write_json(&part(study, provenance, "recurrence", json!(study.recurrence)), out)?)),
    }
}

/// `staywell recurrence --grid`: one CSV row per definition.
#[must_use]
pub fn recurrence_grid<'a>(study: &'a Study, provenance: &'a Provenance) -> CommandReport<'a> {
    CommandReport {
        document: document(study, provenance, &["definition-grid", "definitions"]),
        csv: Box::new(|out| Ok(write_csv(&data_tables::grid(study), out)?)),
        json: Box::new(|out| {
            let mut whole = part(study, provenance, "definition_grid", json!(study.definition_grid()));
            whole["cells"] = json!(study.definition_grid().cells);
            Ok(write_json(&whole, out)?)
        }),
    }
}

/// `staywell claims`: one CSV row per estimate; only the claim named, if one is.
#[must_use]
pub fn claims<'a>(study: &'a Study, only: Option<&'a str>, provenance: &'a Provenance) -> CommandReport<'a> {
    let chosen = move || study.claims.iter().filter(move |claim| only.is_none_or(|id| claim.id == id));
    let sections = chosen()
        .map(|claim| Section { id: claim.id.clone(), title: claim.id.clone(), blocks: claim_blocks(claim, study.recurrence.counted()) })
        .chain([definitions(study)])
        .collect();
    CommandReport {
        document: Document {
            title: study.logs.study_name.clone(),
            subtitle: String::new(),
            headline: vec![],
            sections,
            provenance: provenance.lines(&study.logs),
        },
        csv: Box::new(move |out| {
            let mut effects = data_tables::effects(study);
            effects.rows.retain(|row| chosen().any(|claim| row.first().is_some_and(|id| *id == claim.id)));
            Ok(write_csv(&effects, out)?)
        }),
        json: Box::new(move |out| Ok(write_json(&part(study, provenance, "claims", json!(chosen().collect::<Vec<_>>())), out)?)),
    }
}

/// The definitions in force.
pub(super) fn definitions(study: &Study) -> Section {
    let blocks: Vec<Block> =
        SECTIONS.iter().filter(|section| section.id == "definitions").flat_map(|section| (section.build)(study)).collect();
    Section { id: "definitions".to_owned(), title: "Definitions used".to_owned(), blocks }
}

/// All that `staywell check` found, in the order of `check.json`.
#[derive(Serialize)]
struct Checked<'a> {
    study: &'a str,
    provenance: Value,
    usable: bool,
    errors: Vec<Value>,
    patients: usize,
    reading: Value,
    rejected: &'a [Rejected],
    findings: &'a [Finding],
    data_quality: Option<&'a DataQuality>,
}

/// `staywell check`: one CSV row per finding. Of a study that cannot be analyzed, what can be said of its files.
#[must_use]
pub fn check<'a>(checked: &'a CheckedStudy, provenance: &'a Provenance) -> CommandReport<'a> {
    let logs = &checked.logs;
    let usable = checked.errors.is_empty();
    let quality = usable.then(|| assess_data_quality(logs));
    let mut sections = vec![Section { id: "data-quality".to_owned(), title: "The logs as read".to_owned(), blocks: reading_blocks(logs) }];
    if let Some(quality) = &quality {
        sections.push(Section { id: "logging".to_owned(), title: "How the logs were kept".to_owned(), blocks: quality_blocks(quality) });
    }
    CommandReport {
        document: Document {
            title: logs.study_name.clone(),
            subtitle: String::new(),
            headline: vec![],
            sections,
            provenance: if usable { provenance.lines(logs) } else { vec![] },
        },
        csv: Box::new(|out| Ok(write_findings(&logs.reading, out)?)),
        json: Box::new(move |out| {
            let all = Checked {
                study: &logs.study_name,
                provenance: super::json::provenance(logs, provenance),
                usable,
                errors: checked.errors.iter().map(|error| json!({ "sentence": error.to_string(), "fix": error.hint() })).collect(),
                patients: logs.n_patients(),
                reading: super::json::reading(logs),
                rejected: &logs.reading.rejected,
                findings: &logs.reading.findings,
                data_quality: quality.as_ref(),
            };
            Ok(write_json(&all, out)?)
        }),
    }
}
