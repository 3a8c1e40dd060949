//! How much was done in the program, before the days that measure its end and while the patient was in it.

use super::minutes::minutes_of_rows;
use super::of_periods;
use crate::analysis::vocabulary::Described;
use crate::cohort::{AdherenceMeasure, Course, DoseWeek, ExposurePeriod};
use crate::domain::{Phase, SessionStatus};
use crate::settings::AdherenceRule;

/// Adherence over the whole program weeks of the exposure period, by the rule that the settings call adherence.
pub(super) fn adherence(described: &Described<'_>) -> Vec<Option<f64>> {
    of_periods(described, |course, period| adherence_of(described, course, period, 1))
}

/// Adherence over the first half of those weeks.
pub(super) fn early_adherence(described: &Described<'_>) -> Vec<Option<f64>> {
    of_periods(described, |course, period| adherence_of(described, course, period, 2))
}

/// Adherence over the whole weeks of the first of `parts` equal parts of the period.
fn adherence_of(described: &Described<'_>, course: &Course, period: ExposurePeriod, parts: i32) -> Option<f64> {
    let rule = &described.settings.adherence;
    let whole = usize::try_from((period.to.days_since(period.from) + 1) / (7 * parts)).ok()?;
    let weeks = &course.adherence.as_ref()?.weeks;
    let weeks = weeks.get(..whole.min(weeks.len()))?;
    let doses = weeks.iter().map(|week| DoseWeek { prescribed: week.prescribed, done: week.done, unlogged: week.unlogged });
    let measure = AdherenceMeasure::of(doses, rule.adherent_week)?;
    Some(match rule.rule {
        AdherenceRule::WeeklyCapped => measure.weekly_capped,
        AdherenceRule::Raw => measure.raw,
        AdherenceRule::RawCapped => measure.raw.min(1.0),
        AdherenceRule::AdherentWeeks => measure.adherent_weeks,
    })
}

/// Sessions done a week.
pub(super) fn sessions_per_week(described: &Described<'_>) -> Vec<Option<f64>> {
    of_periods(described, |course, period| {
        let sessions = &course.sessions;
        if sessions.day.is_empty() {
            return None;
        }
        let first = sessions.day.partition_point(|&day| day < period.from.0);
        let end = sessions.day.partition_point(|&day| day <= period.to.0);
        let in_program = (first..end.max(first)).filter(|&index| sessions.phase[index].is_none_or(Phase::in_program));
        Some(in_program.map(|index| f64::from(sessions.done[index])).sum::<f64>() / period.weeks())
    })
}

/// Minutes of exercise a week: of rows that are no treatment done to the patient. Not known where no row of exercise has its minutes;
/// none, where only treatment was logged, with its minutes.
pub(super) fn minutes_per_week(described: &Described<'_>) -> Vec<Option<f64>> {
    let log = &described.logs.sessions;
    let is_exercise = |row: &usize| log.modality(*row).is_none_or(|modality| !modality.is_passive());
    of_periods(described, |course, period| {
        let (exercise, treatment): (Vec<usize>, Vec<usize>) = period.done_rows(log, course.patient).partition(is_exercise);
        let minutes = if exercise.is_empty() {
            minutes_of_rows(log, &treatment).map(|_| 0.0)
        } else {
            minutes_of_rows(log, &exercise).map(|minutes| minutes.iter().sum())
        };
        Some(minutes? / period.weeks())
    })
}

/// Share done of the exercises that are logged, done or not; only where the log names exercises.
pub(super) fn exercises_done(described: &Described<'_>) -> Vec<Option<f64>> {
    let log = &described.logs.sessions;
    let partial = described.settings.adherence.partial_counts;
    of_periods(described, |course, period| {
        if !log.has_exercise {
            return None;
        }
        let (mut rows, mut done) = (0_u32, 0.0);
        for row in period.rows(log, course.patient) {
            rows += 1;
            let fraction = log.fraction_done.get(row).and_then(|share| share.get()).map(f64::from);
            done += match log.status[row] {
                SessionStatus::Done => fraction.unwrap_or(1.0),
                SessionStatus::Partial => fraction.unwrap_or(partial),
                SessionStatus::Missed => 0.0,
            };
        }
        (rows > 0).then(|| done / f64::from(rows))
    })
}
