//! What happened to the pain in the program, before the days that measure its end.

use super::of_periods;
use crate::analysis::painful_sessions::rated_sessions;
use crate::analysis::vocabulary::Described;
use crate::cohort::{Course, ExposurePeriod, peripheralization, symptom_entries, symptoms_between};

/// Entries from which a rise that holds for two further ones can be seen.
const FEWEST_ENTRIES: usize = 4;

/// Known only where symptoms are still logged in the second half of the period: whoever is free of pain by then can no longer show the
/// sign, and would make those without it look as if they did better for not having it.
fn flagged(described: &Described<'_>, course: &Course, period: ExposurePeriod) -> Option<f64> {
    let (log, patient) = (&described.logs.pain, course.patient);
    let flag = peripheralization(log, patient, period.from, period.to);
    let enough = flag.is_some() || symptom_entries(log, patient, period.from, period.to) >= FEWEST_ENTRIES;
    let half = period.from.plus(period.to.days_since(period.from) / 2);
    (enough && symptoms_between(log, patient, half, period.to)).then(|| f64::from(flag.is_some()))
}

/// Whether symptoms traveled down the leg; `None` with fewer than four entries that tell of it, or none in the second
/// half of the period.
pub(super) fn peripheralized(described: &Described<'_>) -> Vec<Option<f64>> {
    of_periods(described, |course, period| flagged(described, course, period))
}

/// The same in the first half of the period.
pub(super) fn peripheralized_early(described: &Described<'_>) -> Vec<Option<f64>> {
    of_periods(described, |course, period| {
        let half = period.to.days_since(period.from) / 2;
        flagged(described, course, ExposurePeriod { to: period.from.plus(half), ..period })
    })
}

/// Share of the sessions with pain logged before and during or after that were painful.
pub(super) fn painful_share(described: &Described<'_>) -> Vec<Option<f64>> {
    let rise = described.settings.claims.painful_rise;
    of_periods(described, |course, period| {
        let sessions = rated_sessions(&described.logs.sessions, course.patient, period);
        let painful = sessions.iter().filter(|session| session.is_painful(rise)).count();
        (!sessions.is_empty()).then(|| painful as f64 / sessions.len() as f64)
    })
}
