//! Adherence over the cohort: by patient and by program week.

use serde::Serialize;

use crate::cohort::{Cohort, PatientAdherence};
use crate::settings::{AdherenceRule, Settings};
use crate::stats::{Proportion, Summary, median, summarize, wilson};

use super::computed::Computed;

/// Adherence of the cohort.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AdherenceAnalysis {
    /// The variant called adherence.
    pub rule: AdherenceRule,
    /// Patients with a program and a prescription.
    pub patients: usize,
    /// Patients with a program but no prescription.
    pub without_prescription: usize,
    /// The variant called adherence, over patients.
    pub adherence: Computed<Summary>,
    /// Mean over weeks of the capped weekly share (unlogged counted as missed).
    pub weekly_capped: Computed<Summary>,
    /// The same with every unlogged session counted as done.
    pub if_unlogged_done: Computed<Summary>,
    /// Done over prescribed, not capped.
    pub raw: Computed<Summary>,
    /// Patients at or above `adherent_week` of their prescription on average.
    pub adherent_patients: Computed<Proportion>,
    /// Days to the first gap longer than the permissible one.
    pub median_persistence_days: Computed<f64>,
    /// Sessions prescribed, done, logged as missed and unlogged, in all.
    pub sessions: SessionTotals,
    /// Program week by program week.
    pub by_week: Vec<AdherenceByWeek>,
}

/// Sums over all patients and weeks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct SessionTotals {
    /// Prescribed.
    pub prescribed: f64,
    /// Done.
    pub done: f64,
    /// Logged as missed.
    pub missed: f64,
    /// Unlogged.
    pub unlogged: f64,
}

/// One program week over all patients still in their program.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AdherenceByWeek {
    /// Program week, from 1.
    pub week: u32,
    /// Patients with a prescription in that week.
    pub patients: usize,
    /// Share of the prescribed sessions done.
    pub done: f64,
    /// Share logged as missed.
    pub missed: f64,
    /// Share unlogged.
    pub unlogged: f64,
    /// Mean over patients of min(done, prescribed) / prescribed.
    pub capped_mean: f64,
}

/// Summarizes the cohort's adherence.
#[must_use]
pub fn analyze_adherence(cohort: &Cohort, settings: &Settings) -> AdherenceAnalysis {
    let patients: Vec<&PatientAdherence> = cohort.courses.iter().filter_map(|course| course.adherence.as_ref()).collect();
    let with_program = cohort.courses.iter().filter(|course| course.program.is_some()).count();
    let values = |part: fn(&PatientAdherence) -> f64| patients.iter().map(|patient| part(patient)).collect::<Vec<f64>>();
    let summary = |part: fn(&PatientAdherence) -> f64| -> Computed<Summary> {
        if patients.is_empty() {
            return Computed::NotTestable(
                "no patient has both a program and a prescription; log prescribed_per_week in programs.csv or set adherence.prescribed_per_week"
                    .to_owned(),
            );
        }
        summarize(&values(part)).into()
    };
    let capped = values(|patient| patient.weekly_capped);
    let adherent = capped.iter().filter(|&&share| share >= settings.adherence.adherent_week - 1e-9).count();
    AdherenceAnalysis {
        rule: settings.adherence.rule,
        patients: patients.len(),
        without_prescription: with_program - patients.len(),
        adherence: summary(|patient| patient.value),
        weekly_capped: summary(|patient| patient.weekly_capped),
        if_unlogged_done: summary(|patient| patient.upper_bound),
        raw: summary(|patient| patient.raw),
        adherent_patients: wilson(adherent, patients.len(), settings.model.level).into(),
        median_persistence_days: median(&values(|patient| f64::from(patient.persistence_days))).into(),
        sessions: patients.iter().fold(SessionTotals::default(), |sum, patient| SessionTotals {
            prescribed: sum.prescribed + patient.prescribed,
            done: sum.done + patient.done,
            missed: sum.missed + patient.missed,
            unlogged: sum.unlogged + patient.unlogged,
        }),
        by_week: by_week(&patients),
    }
}

fn by_week(patients: &[&PatientAdherence]) -> Vec<AdherenceByWeek> {
    let n_weeks = patients.iter().map(|patient| patient.weeks.len()).max().unwrap_or(0);
    let mut totals = vec![(0_usize, SessionTotals::default(), 0.0_f64); n_weeks];
    for week in patients.iter().flat_map(|patient| &patient.weeks) {
        let (n, sum, capped) = &mut totals[week.week as usize];
        *n += 1;
        sum.prescribed += week.prescribed;
        // Sessions beyond the prescription do not fill another patient's gap.
        let done = week.done.min(week.prescribed);
        sum.done += done;
        sum.missed += week.missed.min(week.prescribed - done);
        sum.unlogged += week.unlogged;
        *capped += week.capped();
    }
    totals
        .into_iter()
        .enumerate()
        .filter(|(_, (n, _, _))| *n > 0)
        .map(|(week, (patients, sum, capped))| AdherenceByWeek {
            week: week as u32 + 1,
            patients,
            done: sum.done / sum.prescribed,
            missed: sum.missed / sum.prescribed,
            unlogged: sum.unlogged / sum.prescribed,
            capped_mean: capped / patients as f64,
        })
        .collect()
}
