//! In which order the program went, and how it began.

use super::of_periods;
use crate::analysis::program_start::ProgramStarts;
use crate::analysis::vocabulary::Described;
use crate::domain::Phase;

/// Program weeks with flexibility work before the week of the first strengthening session; `None` without strengthening in the
/// exposure period.
pub(super) fn flexibility_weeks(described: &Described<'_>) -> Vec<Option<f64>> {
    of_periods(described, |course, period| {
        let sessions = &course.sessions;
        let done_in = |phase: Phase| {
            (0..sessions.day.len()).filter(move |&index| {
                period.days().contains(&sessions.day[index]) && sessions.done[index] > 0.0 && sessions.phase[index] == Some(phase)
            })
        };
        let week = |index: usize| (sessions.day[index] - period.from.0) / 7;
        let strengthening = week(done_in(Phase::Strengthening).next()?);
        let (mut weeks, mut last) = (0_u32, None);
        for flexible in done_in(Phase::Flexibility).map(week).take_while(|&week| week < strengthening) {
            weeks += u32::from(last.replace(flexible) != Some(flexible));
        }
        Some(f64::from(weeks))
    })
}

/// Whether flexibility work filled the setting's weeks before the first strengthening.
pub(super) fn flexibility_first(described: &Described<'_>) -> Vec<Option<f64>> {
    let needed = f64::from(described.settings.claims.flexibility_weeks);
    flexibility_weeks(described).into_iter().map(|weeks| weeks.map(|weeks| f64::from(weeks >= needed))).collect()
}

/// Whether pain reached the setting in the 7 days before the first session.
pub(super) fn flare_at_start(described: &Described<'_>) -> Vec<Option<f64>> {
    let flare = described.settings.claims.flare_pain;
    let highest = ProgramStarts::of(described.logs, described.cohort).highest;
    highest.into_iter().map(|pain| pain.map(|pain| f64::from(pain >= flare - 1e-9))).collect()
}
