//! Results and figures → documents. Sections are built once and rendered in any syntax.

mod claim_register;
mod claim_vocabulary;
mod command;
mod csv;
mod data_tables;
mod document;
mod figures;
mod json;
mod patient;
mod power;
mod provenance;
mod rejected;
pub mod render;
mod sections;
mod summary;

pub use claim_register::claim_register;
pub use claim_vocabulary::claim_vocabulary;
pub use command::{CommandReport, adherence, check, claims, pain, recurrence, recurrence_grid};
pub use csv::{csv_text, write_csv};
pub use document::{Block, CalloutKind, DataTable, Definition, Document, Figure, Headline, Section, Table, TableColumn};
pub use json::write_json;
pub use patient::{PatientPage, patient};
pub use power::{PowerReport, power};
pub use provenance::Provenance;
pub use rejected::{write_findings, write_rejected};
pub use render::RENDERERS;
pub use sections::{SECTIONS, SectionKind};
pub use summary::summary;

use crate::charts::ChartError;
use crate::study::Study;

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A figure could not be drawn.
    #[error("a figure could not be drawn: {0}")]
    Chart(#[from] ChartError),
    /// A table could not be put together.
    #[error("a table could not be put together: {0}")]
    Table(#[from] polars::prelude::PolarsError),
    /// A result could not be written where it was to go.
    #[error("the result could not be written: {0}")]
    Output(#[from] std::io::Error),
}

/// A report: the document, its figures, and the data behind both.
#[derive(Clone, Debug)]
pub struct Report {
    /// The document.
    pub document: Document,
    /// Its figures.
    pub figures: Vec<Figure>,
    /// Data tables at full precision; those of rejected rows and findings are written by [`write_rejected`] and [`write_findings`].
    pub tables: Vec<DataTable>,
    /// The headline numbers as data.
    pub headline: DataTable,
    /// Everything, as JSON.
    pub json: serde_json::Value,
}

/// Builds the report of a study.
///
/// # Errors
/// [`ReportError`] if a figure cannot be drawn or a table not be put together.
pub fn build(study: &Study, provenance: &Provenance) -> Result<Report, ReportError> {
    let figures = figures::draw_all(study, provenance)?;
    let sections = SECTIONS
        .iter()
        .filter(|section| section.id != "questionnaires" || !study.questionnaires.is_empty())
        .map(|section| Section { id: section.id.to_owned(), title: section.title.to_owned(), blocks: (section.build)(study) })
        .collect();
    let headline = summary::headline(study);
    let document = Document {
        title: study.logs.study_name.clone(),
        subtitle: format!(
            "Do patients who keep up their exercise program stay well? {} patients, logs to {}.",
            crate::domain::number::count(study.logs.n_patients()),
            study.logs.cut_off
        ),
        headline: headline.clone(),
        sections,
        provenance: provenance.lines(&study.logs),
    };
    Ok(Report {
        document,
        figures,
        tables: data_tables::all(study)?,
        headline: summary::headline_data(&headline),
        json: json::whole(study, provenance),
    })
}
