//! Adherence over the cohort: by program and by program week.

use serde::Serialize;

use crate::cohort::{Cohort, PatientAdherence};
use crate::domain::{Counted, Tally};
use crate::ingest::Logs;
use crate::settings::{AdherenceRule, Settings};
use crate::stats::{Proportion, Summary, median, summarize, wilson};

use super::adherence_variants::{AdherenceVariants, variants};
use super::computed::Computed;

/// Adherence of the cohort.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AdherenceAnalysis {
    /// The variant called adherence.
    pub rule: AdherenceRule,
    /// Patients with a program and a prescription.
    pub patients: usize,
    /// Programs with a prescription.
    pub programs: usize,
    /// Programs without a prescription.
    pub without_prescription: usize,
    /// The variant called adherence, over programs.
    pub adherence: Computed<Summary>,
    /// The same with every unlogged session counted as done.
    pub upper: Computed<Summary>,
    /// Mean over weeks of the capped weekly share (unlogged counted as missed).
    pub weekly_capped: Computed<Summary>,
    /// This share with every unlogged session counted as done.
    pub if_unlogged_done: Computed<Summary>,
    /// Done over prescribed, not capped.
    pub raw: Computed<Summary>,
    /// Programs with at least `adherent_week` of the prescription done: by the raw ratio where that is called adherence, else by the
    /// mean of the capped weekly shares.
    pub adherent_patients: Computed<Proportion>,
    /// Days to the first gap longer than the permissible one.
    pub median_persistence_days: Computed<f64>,
    /// Sessions prescribed, done, logged as missed and unlogged, in all.
    pub sessions: SessionTotals,
    /// By unit and phase, in bands, at several cuts, begun and kept up.
    pub variants: AdherenceVariants,
    /// Program week by program week.
    pub by_week: Vec<AdherenceByWeek>,
}

/// Sums over all programs and weeks.
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

/// One program week over all programs that last as long.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AdherenceByWeek {
    /// Program week, from 1.
    pub week: u32,
    /// Patients with a prescription in that week.
    pub patients: usize,
    /// Programs with one.
    pub programs: usize,
    /// Share of the prescribed sessions done.
    pub done: f64,
    /// Share logged as missed.
    pub missed: f64,
    /// Share unlogged.
    pub unlogged: f64,
    /// Mean over programs of min(done, prescribed) / prescribed.
    pub capped_mean: f64,
}

impl AdherenceAnalysis {
    /// What is averaged over: patients, or programs where some patient has several.
    #[must_use]
    pub fn counted(&self) -> Counted {
        Counted::of(self.programs, self.patients)
    }
}

/// Summarizes the cohort's adherence.
#[must_use]
pub fn analyze_adherence(logs: &Logs, cohort: &Cohort, settings: &Settings) -> AdherenceAnalysis {
    let prescribed = || cohort.courses.iter().filter(|course| course.adherence.is_some());
    let tally = Tally::of(prescribed().map(|course| course.patient));
    let programs: Vec<&PatientAdherence> = prescribed().filter_map(|course| course.adherence.as_ref()).collect();
    let with_program = cohort.courses.iter().filter(|course| course.program.is_some()).count();
    let values = |part: fn(&PatientAdherence) -> f64| programs.iter().map(|program| part(program)).collect::<Vec<f64>>();
    let summary = |part: fn(&PatientAdherence) -> f64| -> Computed<Summary> {
        if programs.is_empty() {
            return Computed::NotTestable(
                "no patient has both a program and a prescription; log prescribed_per_week in programs.csv or set adherence.prescribed_per_week"
                    .to_owned(),
            );
        }
        summarize(&values(part)).into()
    };
    let shares = match settings.adherence.rule {
        AdherenceRule::Raw | AdherenceRule::RawCapped => values(|program| program.raw),
        AdherenceRule::WeeklyCapped | AdherenceRule::AdherentWeeks => values(|program| program.weekly_capped),
    };
    let adherent = shares.iter().filter(|&&share| share >= settings.adherence.adherent_week - 1e-9).count();
    AdherenceAnalysis {
        rule: settings.adherence.rule,
        patients: tally.patients,
        programs: tally.programs,
        without_prescription: with_program - programs.len(),
        adherence: summary(|program| program.value),
        upper: summary(|program| program.value_upper),
        weekly_capped: summary(|program| program.weekly_capped),
        if_unlogged_done: summary(|program| program.upper_bound),
        raw: summary(|program| program.raw),
        adherent_patients: wilson(adherent, programs.len(), settings.model.level).into(),
        median_persistence_days: median(&values(|program| f64::from(program.persistence_days))).into(),
        sessions: programs.iter().fold(SessionTotals::default(), |sum, program| SessionTotals {
            prescribed: sum.prescribed + program.prescribed,
            done: sum.done + program.done,
            missed: sum.missed + program.missed,
            unlogged: sum.unlogged + program.unlogged,
        }),
        variants: variants(cohort, &programs, logs.sessions.has_exercise, !logs.sessions.minutes.is_empty(), settings),
        by_week: by_week(cohort),
    }
}

fn by_week(cohort: &Cohort) -> Vec<AdherenceByWeek> {
    let weeks_of = || cohort.courses.iter().filter_map(|course| Some((course.patient, &course.adherence.as_ref()?.weeks)));
    let n_weeks = weeks_of().map(|(_, weeks)| weeks.len()).max().unwrap_or(0);
    let mut totals = vec![(Tally::default(), SessionTotals::default(), 0.0_f64); n_weeks];
    for (patient, week) in weeks_of().flat_map(|(patient, weeks)| weeks.iter().map(move |week| (patient, week))) {
        // A week in which nothing was prescribed is undefined.
        let Some(share) = week.capped() else { continue };
        let (tally, sum, capped) = &mut totals[week.week as usize];
        tally.add(patient);
        sum.prescribed += week.prescribed;
        // Sessions beyond the prescription do not fill another patient's gap.
        let done = week.done.min(week.prescribed);
        sum.done += done;
        sum.missed += week.missed.min(week.prescribed - done);
        sum.unlogged += week.unlogged;
        *capped += share;
    }
    totals
        .into_iter()
        .enumerate()
        .filter(|(_, (tally, _, _))| tally.programs > 0)
        .map(|(week, (tally, sum, capped))| AdherenceByWeek {
            week: week as u32 + 1,
            patients: tally.patients,
            programs: tally.programs,
            done: sum.done / sum.prescribed,
            missed: sum.missed / sum.prescribed,
            unlogged: sum.unlogged / sum.prescribed,
            capped_mean: capped / tally.programs as f64,
        })
        .collect()
}
