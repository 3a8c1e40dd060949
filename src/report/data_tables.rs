//! The data behind the report at full precision: `tables/*.csv`.

use polars::prelude::{AnyValue, DataFrame};

use super::ReportError;
use super::document::DataTable;
use crate::claims::EffectRole;
use crate::cohort::{patient_table, patient_week_table};
use crate::stats::survival::SurvivalCurve;
use crate::study::Study;

/// Every data table but those of rejected rows and findings.
pub(super) fn all(study: &Study) -> Result<Vec<DataTable>, ReportError> {
    Ok(vec![
        patients(study)?,
        patient_weeks(study)?,
        files(study),
        exclusions(study),
        adherence_by_week(study),
        pain_by_week(study),
        look_list(study),
        recurrence_curve(study),
        landmark_curves(study),
        sensitivity(study),
        effects(study),
        grid(study),
    ])
}

/// One row per patient and program.
pub(super) fn patients(study: &Study) -> Result<DataTable, ReportError> {
    Ok(from_frame("patients", &patient_table(&study.logs, &study.cohort)?))
}

/// One row per patient, program and week.
pub(super) fn patient_weeks(study: &Study) -> Result<DataTable, ReportError> {
    Ok(from_frame("patient_weeks", &patient_week_table(&study.logs, &study.cohort)?))
}

/// A number in full, so that it reads back as the same number.
fn full(value: f64) -> String {
    format!("{value}")
}

fn optional(value: Option<f64>) -> String {
    value.map(full).unwrap_or_default()
}

fn table(name: &str, header: &[&str], rows: Vec<Vec<String>>) -> DataTable {
    DataTable { name: name.to_owned(), header: header.iter().map(|&column| column.to_owned()).collect(), rows }
}

/// A polars table as text cells; null is empty.
pub(super) fn from_frame(name: &str, frame: &DataFrame) -> DataTable {
    let mut rows = vec![Vec::with_capacity(frame.width()); frame.height()];
    for column in frame.columns() {
        for (row, value) in rows.iter_mut().zip(column.as_materialized_series().iter()) {
            row.push(match value {
                AnyValue::Null => String::new(),
                AnyValue::String(text) => text.to_owned(),
                AnyValue::StringOwned(text) => text.to_string(),
                AnyValue::Float64(number) => full(number),
                other => other.to_string(),
            });
        }
    }
    DataTable { name: name.to_owned(), header: frame.get_column_names().iter().map(ToString::to_string).collect(), rows }
}

fn files(study: &Study) -> DataTable {
    let rows = study
        .logs
        .reading
        .files
        .iter()
        .map(|file| {
            vec![
                file.file.clone(),
                file.kind.as_str().to_owned(),
                file.read.to_string(),
                file.used.to_string(),
                file.rejected.to_string(),
                file.merged.to_string(),
                file.filtered.to_string(),
                file.layout.clone(),
            ]
        })
        .collect();
    table("files", &["file", "log", "read", "used", "rejected", "merged", "filtered", "layout"], rows)
}

fn exclusions(study: &Study) -> DataTable {
    let recurrence = &study.recurrence;
    let (programs, patients) = (recurrence.landmark.counts, recurrence.landmark.patients);
    let row = |stage: &str, reason: &str, patients: usize, programs: usize| {
        vec![stage.to_owned(), reason.to_owned(), patients.to_string(), programs.to_string()]
    };
    let mut rows = vec![row("study", "patients", recurrence.patients, recurrence.programs)];
    rows.extend(recurrence.excluded.iter().map(|excluded| row("excluded", excluded.reason.as_str(), excluded.patients, excluded.programs)));
    rows.push(row("at risk", "patients", recurrence.patients_at_risk, recurrence.at_risk));
    rows.push(row("at risk", "recurrences", recurrence.patients_recurred, recurrence.recurrences));
    rows.extend(recurrence.censored.iter().map(|censored| row("censored", censored.reason.as_str(), censored.patients, censored.programs)));
    for (reason, patients, programs) in [
        ("recurrence on or before the landmark", patients.recurred_before, programs.recurred_before),
        ("follow-up ended on or before the landmark", patients.censored_before, programs.censored_before),
        ("not yet at risk at the landmark", patients.not_yet_at_risk, programs.not_yet_at_risk),
        ("exposure unknown at the landmark", patients.exposure_unknown, programs.exposure_unknown),
        ("in the landmark analysis", patients.members, programs.members),
        ("of those, maintained", patients.maintained, programs.maintained),
    ] {
        rows.push(row("landmark", reason, patients, programs));
    }
    table("exclusions", &["stage", "reason", "patients", "programs"], rows)
}

fn adherence_by_week(study: &Study) -> DataTable {
    let rows = study
        .adherence
        .by_week
        .iter()
        .map(|week| {
            vec![
                week.week.to_string(),
                week.patients.to_string(),
                week.programs.to_string(),
                full(week.done),
                full(week.missed),
                full(week.unlogged),
                full(week.capped_mean),
            ]
        })
        .collect();
    table("adherence_by_week", &["week", "patients", "programs", "done", "missed", "unlogged", "capped_mean"], rows)
}

/// One row per patient worth a look and reason.
fn look_list(study: &Study) -> DataTable {
    let rows = study.look_list.entries.iter().flat_map(|entry| {
        entry.looks.iter().map(|look| {
            vec![
                entry.id.clone(),
                look.reason.as_str().to_owned(),
                look.since.to_string(),
                look.detail.clone(),
                entry.last_log.to_string(),
                if entry.in_program { "running" } else { "ended" }.to_owned(),
            ]
        })
    });
    table("look_list", &["patient_id", "reason", "since", "detail", "last_log", "program"], rows.collect())
}

/// One row per program week.
pub(super) fn pain_by_week(study: &Study) -> DataTable {
    let rows = study
        .pain
        .by_week
        .iter()
        .map(|week| {
            vec![
                week.week.to_string(),
                week.patients.to_string(),
                week.programs.to_string(),
                full(week.mean),
                optional(week.lower),
                optional(week.upper),
                full(week.lower_quartile),
                full(week.upper_quartile),
            ]
        })
        .collect();
    table("pain_by_week", &["week", "patients", "programs", "mean", "conf.low", "conf.high", "lower_quartile", "upper_quartile"], rows)
}

const CURVE: [&str; 9] = ["strata", "time", "n.risk", "n.event", "n.censor", "estimate", "std.error", "conf.low", "conf.high"];

fn curve_rows(label: &str, curve: &SurvivalCurve) -> Vec<Vec<String>> {
    (0..curve.time.len())
        .map(|row| {
            vec![
                label.to_owned(),
                full(curve.time[row]),
                curve.at_risk[row].to_string(),
                curve.events[row].to_string(),
                curve.censored[row].to_string(),
                full(curve.estimate[row]),
                full(curve.std_error[row]),
                optional(curve.lower[row]),
                optional(curve.upper[row]),
            ]
        })
        .collect()
}

fn recurrence_curve(study: &Study) -> DataTable {
    table("recurrence_curve", &CURVE, study.recurrence.curve.value().map(|curve| curve_rows("all", curve)).unwrap_or_default())
}

fn landmark_curves(study: &Study) -> DataTable {
    let groups = study.recurrence.landmark.comparison.value().map_or(&[][..], |comparison| &comparison.groups);
    table("landmark_curves", &CURVE, groups.iter().flat_map(|group| curve_rows(&group.label, &group.curve)).collect())
}

fn sensitivity(study: &Study) -> DataTable {
    let rows = study
        .recurrence
        .landmark
        .sensitivity
        .iter()
        .map(|cell| {
            let ratio = cell.hazard_ratio.value();
            vec![
                cell.landmark.to_string(),
                cell.lag.to_string(),
                cell.n.to_string(),
                cell.n_events.to_string(),
                optional(ratio.map(|ratio| ratio.hazard_ratio)),
                optional(ratio.map(|ratio| ratio.interval.lower)),
                optional(ratio.map(|ratio| ratio.interval.upper)),
                optional(ratio.map(|ratio| ratio.p_value)),
                cell.hazard_ratio.reason().unwrap_or_default().to_owned(),
            ]
        })
        .collect();
    table("sensitivity", &["landmark", "lag", "n", "nevent", "hazard.ratio", "conf.low", "conf.high", "p.value", "reason"], rows)
}

/// One row per definition.
pub(super) fn grid(study: &Study) -> DataTable {
    let grid = study.definition_grid();
    let mut header: Vec<&str> = grid.choices.iter().map(|choice| choice.setting).collect();
    header.extend(["own", "at_risk", "n", "nevent", "adjusted", "hazard.ratio", "conf.low", "conf.high", "p.value", "reason"]);
    let rows = grid
        .cells
        .iter()
        .map(|cell| {
            let ratio = cell.hazard_ratio.value();
            let levels = cell.levels.iter().zip(&grid.choices);
            let mut row: Vec<String> = levels.map(|(level, choice)| choice.levels.get(*level).cloned().unwrap_or_default()).collect();
            row.extend([
                cell.own.to_string(),
                cell.at_risk.to_string(),
                cell.n.to_string(),
                cell.n_events.to_string(),
                cell.adjusted.to_string(),
                optional(ratio.map(|ratio| ratio.hazard_ratio)),
                optional(ratio.map(|ratio| ratio.interval.lower)),
                optional(ratio.map(|ratio| ratio.interval.upper)),
                optional(ratio.map(|ratio| ratio.p_value)),
                cell.hazard_ratio.reason().unwrap_or_default().to_owned(),
            ]);
            row
        })
        .collect();
    table("grid", &header, rows)
}

/// One row per estimate.
pub(super) fn effects(study: &Study) -> DataTable {
    let mut rows = Vec::new();
    for claim in &study.claims {
        let others = claim.others.iter().map(|effect| {
            let role = match effect.role {
                EffectRole::Estimate => "other",
                EffectRole::NegativeControl => "negative-control",
                EffectRole::Biased => "biased",
            };
            (role, effect)
        });
        for (role, effect) in claim.primary.iter().map(|effect| ("primary", effect)).chain(others) {
            rows.push(vec![
                claim.id.clone(),
                claim.verdict.as_str().to_owned(),
                role.to_owned(),
                effect.label.clone(),
                effect.scale.name().to_owned(),
                full(effect.estimate),
                full(effect.interval.lower),
                full(effect.interval.upper),
                full(effect.p_value),
            ]);
        }
    }
    table("effects", &["claim", "verdict", "role", "term", "scale", "estimate", "conf.low", "conf.high", "p.value"], rows)
}
