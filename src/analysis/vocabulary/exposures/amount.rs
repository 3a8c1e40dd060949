//! How much was done in the program, before the days that measure its end and while the patient was in it.

use crate::analysis::vocabulary::Described;
use crate::cohort::{AdherenceMeasure, AdherenceWeek, Course, DoseWeek, exposure_period};
use crate::domain::{Phase, SessionStatus};
use crate::settings::AdherenceRule;

/// Adherence over the whole program weeks of the exposure period, by the rule that the settings call adherence.
pub(super) fn adherence(described: &Described<'_>) -> Vec<Option<f64>> {
    let settings = described.settings;
    let value = |course: &Course| {
        let period = exposure_period(course, settings.pain.end_days)?;
        let whole = usize::try_from((period.to.days_since(period.from) + 1) / 7).ok()?;
        adherence_of(&course.adherence.as_ref()?.weeks, whole, settings.adherence.rule, settings.adherence.adherent_week)
    };
    described.cohort.courses.iter().map(value).collect()
}

/// Adherence over the first half of those weeks.
pub(super) fn early_adherence(described: &Described<'_>) -> Vec<Option<f64>> {
    let settings = described.settings;
    let value = |course: &Course| {
        let period = exposure_period(course, settings.pain.end_days)?;
        let half = usize::try_from((period.to.days_since(period.from) + 1) / 14).ok()?;
        adherence_of(&course.adherence.as_ref()?.weeks, half, settings.adherence.rule, settings.adherence.adherent_week)
    };
    described.cohort.courses.iter().map(value).collect()
}

fn adherence_of(weeks: &[AdherenceWeek], n: usize, rule: AdherenceRule, adherent_week: f64) -> Option<f64> {
    let weeks = weeks.get(..n.min(weeks.len()))?;
    let doses = weeks.iter().map(|week| DoseWeek { prescribed: week.prescribed, done: week.done, unlogged: week.unlogged });
    let measure = AdherenceMeasure::of(doses, adherent_week)?;
    Some(match rule {
        AdherenceRule::WeeklyCapped => measure.weekly_capped,
        AdherenceRule::Raw => measure.raw,
        AdherenceRule::RawCapped => measure.raw.min(1.0),
        AdherenceRule::AdherentWeeks => measure.adherent_weeks,
    })
}

/// Sessions done a week.
pub(super) fn sessions_per_week(described: &Described<'_>) -> Vec<Option<f64>> {
    let value = |course: &Course| {
        let period = exposure_period(course, described.settings.pain.end_days)?;
        let sessions = &course.sessions;
        if sessions.day.is_empty() {
            return None;
        }
        let first = sessions.day.partition_point(|&day| day < period.from.0);
        let end = sessions.day.partition_point(|&day| day <= period.to.0);
        let in_program = (first..end.max(first)).filter(|&index| sessions.phase[index].is_none_or(Phase::in_program));
        Some(in_program.map(|index| f64::from(sessions.done[index])).sum::<f64>() / period.weeks())
    };
    described.cohort.courses.iter().map(value).collect()
}

/// Minutes of exercise a week; a session without its minutes counts the patient's mean.
pub(super) fn minutes_per_week(described: &Described<'_>) -> Vec<Option<f64>> {
    let log = &described.logs.sessions;
    let value = |course: &Course| {
        let period = exposure_period(course, described.settings.pain.end_days)?;
        let (mut rows, mut logged, mut sum) = (0_u32, 0_u32, 0.0);
        for row in period.done_rows(log, course.patient) {
            rows += 1;
            if let Some(minutes) = log.minutes.get(row).and_then(|minutes| minutes.get()) {
                logged += 1;
                sum += f64::from(minutes);
            }
        }
        (logged > 0).then(|| sum / f64::from(logged) * f64::from(rows) / period.weeks())
    };
    described.cohort.courses.iter().map(value).collect()
}

/// Share done of the exercises that are logged, done or not; only where the log names exercises.
pub(super) fn exercises_done(described: &Described<'_>) -> Vec<Option<f64>> {
    let log = &described.logs.sessions;
    let partial = described.settings.adherence.partial_counts;
    let value = |course: &Course| {
        let period = exposure_period(course, described.settings.pain.end_days)?;
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
    };
    if !log.has_exercise {
        return vec![None; described.cohort.courses.len()];
    }
    described.cohort.courses.iter().map(value).collect()
}
