//! What was done in the sessions of a program and how, before the days that measure its end.

use super::minutes::minutes_of_rows;
use super::of_periods;
use crate::analysis::vocabulary::Described;
use crate::cohort::{Course, ExposurePeriod};
use crate::domain::{Modality, Phase};
use crate::ingest::SessionLog;

/// Share of the time in sessions for which the answer is yes; rows without an answer are left out. Each row counts one where none has
/// minutes, or none of those with one answer: minutes of the others alone would say that nothing was done.
fn share_of_time(log: &SessionLog, course: &Course, period: ExposurePeriod, answer: impl Fn(Modality) -> Option<bool>) -> Option<f64> {
    let rows: Vec<usize> = period.done_rows(log, course.patient).collect();
    let answers: Vec<Option<bool>> = rows.iter().map(|&row| log.modality(row).and_then(&answer)).collect();
    let is_timed = |row: usize| log.minutes.get(row).and_then(|minutes| minutes.get()).is_some();
    let comparable = [true, false].into_iter().all(|wanted| {
        let mut of_kind = rows.iter().zip(&answers).filter(|(_, found)| **found == Some(wanted)).map(|(&row, _)| row).peekable();
        of_kind.peek().is_none() || of_kind.any(is_timed)
    });
    let logged = minutes_of_rows(log, &rows).filter(|minutes| comparable && minutes.iter().sum::<f64>() > 0.0);
    let minutes = logged.unwrap_or_else(|| vec![1.0; rows.len()]);
    let (mut yes, mut all) = (0.0, 0.0);
    for (answer, minutes) in answers.into_iter().zip(minutes) {
        let Some(answer) = answer else { continue };
        all += minutes;
        yes += if answer { minutes } else { 0.0 };
    }
    (all > 0.0).then(|| yes / all)
}

/// Share of the time in sessions that was exercise, not treatment done to the patient.
pub(super) fn active_share(described: &Described<'_>) -> Vec<Option<f64>> {
    let active = |modality: Modality| (modality.is_active() || modality.is_passive()).then(|| modality.is_active());
    of_periods(described, |course, period| share_of_time(&described.logs.sessions, course, period, active))
}

/// Share of the time in sessions that was exercise in water.
pub(super) fn aquatic_share(described: &Described<'_>) -> Vec<Option<f64>> {
    let aquatic = |modality| Some(modality == Modality::Aquatic);
    of_periods(described, |course, period| share_of_time(&described.logs.sessions, course, period, aquatic))
}

/// Whether any session was traction; `None` where no session has a modality.
pub(super) fn traction(described: &Described<'_>) -> Vec<Option<f64>> {
    let log = &described.logs.sessions;
    of_periods(described, |course, period| {
        let mut modalities = period.done_rows(log, course.patient).filter_map(|row| log.modality(row)).peekable();
        modalities.peek()?;
        Some(f64::from(modalities.any(|modality| modality == Modality::Traction)))
    })
}

/// Sessions (rows) of traction.
pub(super) fn traction_sessions(described: &Described<'_>) -> Vec<Option<f64>> {
    let log = &described.logs.sessions;
    of_periods(described, |course, period| {
        let mut modalities = period.done_rows(log, course.patient).filter_map(|row| log.modality(row)).peekable();
        modalities.peek()?;
        Some(modalities.filter(|&modality| modality == Modality::Traction).count() as f64)
    })
}

/// Mean rating of technique.
pub(super) fn technique(described: &Described<'_>) -> Vec<Option<f64>> {
    of_periods(described, |course, period| mean_technique(&described.logs.sessions, course, period))
}

/// The same over the first half of the period.
pub(super) fn early_technique(described: &Described<'_>) -> Vec<Option<f64>> {
    of_periods(described, |course, period| {
        let half = period.to.days_since(period.from) / 2;
        mean_technique(&described.logs.sessions, course, ExposurePeriod { to: period.from.plus(half), ..period })
    })
}

fn mean_technique(log: &SessionLog, course: &Course, period: ExposurePeriod) -> Option<f64> {
    let rated = period.done_rows(log, course.patient).filter_map(|row| log.technique.get(row).and_then(|rating| rating.get()));
    let (n, sum) = rated.fold((0_u32, 0.0), |(n, sum), rating| (n + 1, sum + f64::from(rating)));
    (n > 0).then(|| sum / f64::from(n))
}

/// Seconds a stretch is to be held, by the rule.
const HOLD: (f32, f32) = (30.0, 120.0);
/// Times it is to be repeated.
const REPEATS: (f32, f32) = (3.0, 5.0);
/// Muscle groups to be stretched in a week.
const GROUPS: usize = 7;

/// Rows of stretching: by modality, or by phase where the row has no modality.
fn stretches<'a>(log: &'a SessionLog, course: &Course, period: ExposurePeriod) -> impl Iterator<Item = usize> + use<'a> {
    period.done_rows(log, course.patient).filter(|&row| match log.modality(row) {
        Some(modality) => modality == Modality::Stretching,
        None => log.phase[row] == Some(Phase::Flexibility),
    })
}

/// Share of the stretches with hold and repeats logged that were held for 30 to 120 seconds and repeated 3 to 5 times. Repeats are
/// sets times repetitions, or the one that is logged.
pub(super) fn stretch_rule(described: &Described<'_>) -> Vec<Option<f64>> {
    let log = &described.logs.sessions;
    of_periods(described, |course, period| {
        let of = |column: &[crate::domain::OptionalNumber], row: usize| column.get(row).and_then(|number| number.get());
        let (mut all, mut inside) = (0_u32, 0_u32);
        for row in stretches(log, course, period) {
            let repeats = match (of(&log.sets, row), of(&log.reps, row)) {
                (Some(sets), Some(reps)) => Some(sets * reps),
                (sets, reps) => reps.or(sets),
            };
            let (Some(hold), Some(repeats)) = (of(&log.hold_seconds, row), repeats) else { continue };
            all += 1;
            inside += u32::from((HOLD.0..=HOLD.1).contains(&hold) && (REPEATS.0..=REPEATS.1).contains(&repeats));
        }
        (all > 0).then(|| f64::from(inside) / f64::from(all))
    })
}

/// Muscle groups stretched in a week as a share of seven, mean over the program weeks with a stretch whose group is logged.
pub(super) fn stretched_groups(described: &Described<'_>) -> Vec<Option<f64>> {
    let log = &described.logs.sessions;
    of_periods(described, |course, period| {
        let grouped: Vec<(i32, u32)> = stretches(log, course, period)
            .filter_map(|row| Some(((log.day[row] - period.from.0) / 7, log.muscle_group.code(row)?)))
            .collect();
        let (mut weeks, mut sum) = (0_u32, 0.0);
        for week in grouped.chunk_by(|one, other| one.0 == other.0) {
            let mut groups: Vec<u32> = week.iter().map(|&(_, group)| group).collect();
            groups.sort_unstable();
            groups.dedup();
            weeks += 1;
            sum += groups.len().min(GROUPS) as f64 / GROUPS as f64;
        }
        (weeks > 0).then(|| sum / f64::from(weeks))
    })
}
