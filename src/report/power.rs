//! What `staywell power` prints.

use serde_json::json;

use super::command::CommandReport;
use super::csv::write_csv;
use super::document::{Block, DataTable, Document, Section, Table};
use super::json::{provenance as made_by, write_json};
use super::provenance::Provenance;
use crate::analysis::{PowerAssumptions, PowerNeeded, PowerOfStudy};
use crate::domain::number::{count, decimal, percent, ratio};
use crate::study::Study;

/// Recurrences and patients needed, and what a study could have found.
pub struct PowerReport<'a> {
    /// What is assumed.
    pub assumed: PowerAssumptions,
    /// Whether the shares assumed are those of the study.
    pub as_in_study: bool,
    /// Per hazard ratio.
    pub needed: Vec<PowerNeeded>,
    /// What the study could have found, and the study.
    pub study: Option<(PowerOfStudy, &'a Study, &'a Provenance)>,
}

/// `staywell power`: one CSV row per hazard ratio.
#[must_use]
pub fn power<'a>(report: &'a PowerReport<'a>) -> CommandReport<'a> {
    CommandReport {
        document: Document {
            title: report.study.as_ref().map_or_else(|| "Power".to_owned(), |(_, study, _)| study.logs.study_name.clone()),
            subtitle: String::new(),
            headline: vec![],
            sections: vec![Section { id: "power".to_owned(), title: "Recurrences and patients needed".to_owned(), blocks: blocks(report) }],
            provenance: report.study.as_ref().map_or_else(Vec::new, |(_, study, made)| made.lines(&study.logs)),
        },
        csv: Box::new(move |out| Ok(write_csv(&table_data(report), out)?)),
        json: Box::new(move |out| {
            let mut all = json!({ "assumed": report.assumed, "needed": report.needed });
            if let Some((found, study, made)) = &report.study {
                all["study"] = json!(study.logs.study_name);
                all["provenance"] = made_by(&study.logs, made);
                all["could_have_found"] = json!(found);
            }
            Ok(write_json(&all, out)?)
        }),
    }
}

fn blocks(report: &PowerReport<'_>) -> Vec<Block> {
    let PowerAssumptions { recurrence, maintained, power, alpha } = report.assumed;
    let mut blocks = vec![Block::Paragraph(format!(
        "Of the patients still well at the landmark, {} keep the exercise up and {} have a recurrence while followed{}. A difference is \
         to be found with a power of {} by a two-sided test at {}.",
        percent(maintained),
        percent(recurrence),
        if report.as_in_study { ", as in this study" } else { "" },
        percent(power),
        decimal(alpha, 2)
    ))];
    let mut table = Table::new("Needed", &["#Hazard ratio", "#Recurrences", "#Patients at the landmark"]);
    let power_column = report.study.as_ref().map(|(found, ..)| &found.power);
    if power_column.is_some() {
        table = Table::new("Needed", &["#Hazard ratio", "#Recurrences", "#Patients at the landmark", "#Power of this study"]);
    }
    for (place, needed) in report.needed.iter().enumerate() {
        let cells = [ratio(needed.hazard_ratio), count(needed.recurrences as usize), count(needed.patients as usize)];
        let power = power_column.and_then(|powers| powers.get(place)).map(|(_, power)| percent(*power));
        table.push(cells.into_iter().chain(power));
    }
    table.notes.push(
        "Schoenfeld's formula for the log-rank test. Trials of exercise after recovery found about 0.5 to 0.75; the largest one of \
         walking 0.72 (0.60–0.85)."
            .to_owned(),
    );
    table.notes.push(
        "This is the power to find a difference between the groups. Whether it is due to the exercise no number of patients can tell."
            .to_owned(),
    );
    blocks.push(Block::Table(table));
    if let Some((found, ..)) = &report.study {
        blocks.push(Block::Paragraph(format!(
            "This study has {} after the landmark among {} compared: it could have found a hazard ratio of {} or below.",
            crate::domain::number::counted(found.recurrences, "recurrence", "recurrences"),
            count(found.n),
            ratio(found.minimum_detectable)
        )));
    }
    blocks
}

fn table_data(report: &PowerReport<'_>) -> DataTable {
    let mut header = vec!["hazard_ratio", "recurrences_needed", "patients_needed"];
    let power = report.study.as_ref().map(|(found, ..)| &found.power);
    if power.is_some() {
        header.push("power_of_study");
    }
    let row = |(place, needed): (usize, &PowerNeeded)| {
        let cells = [needed.hazard_ratio, needed.recurrences, needed.patients];
        let power = power.and_then(|powers| powers.get(place)).map(|(_, power)| *power);
        cells.into_iter().chain(power).map(|value| value.to_string()).collect()
    };
    DataTable {
        name: "power".to_owned(),
        header: header.into_iter().map(str::to_owned).collect(),
        rows: report.needed.iter().enumerate().map(row).collect(),
    }
}
