//! Prescribed sessions by week: done, missed, not logged.

use super::{MOST_WEEKS, weeks_left_out};
use crate::charts::{AdherenceByWeek, AdherenceWeekBar};
use crate::domain::Counted;
use crate::study::Study;

pub(super) fn adherence(study: &Study, made: &str) -> Option<AdherenceByWeek> {
    let analysis = &study.adherence;
    if analysis.by_week.is_empty() {
        return None;
    }
    Some(AdherenceByWeek {
        title: "What became of the prescribed sessions".to_owned(),
        subtitle: match analysis.counted() {
            Counted::Patients => "Share of the sessions prescribed in each program week, over all patients still in their program.",
            Counted::Programs => "Share of the sessions prescribed in each program week, over all programs that last as long.",
        }
        .to_owned(),
        averaged: analysis.counted(),
        weeks: analysis
            .by_week
            .iter()
            .take(MOST_WEEKS)
            .map(|week| AdherenceWeekBar {
                week: week.week,
                patients: week.patients,
                done: week.done,
                missed: week.missed,
                unlogged: week.unlogged,
                capped_mean: week.capped_mean,
            })
            .collect(),
        notes: vec![
            format!(
                "{} with a prescription. Silence is not zero: the truth lies between done and done + not logged.{}",
                Counted::in_words(analysis.programs, analysis.patients),
                weeks_left_out(analysis.by_week.len())
            ),
            made.to_owned(),
        ],
    })
}
