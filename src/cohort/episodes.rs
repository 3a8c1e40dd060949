//! Recurrences after the first: spells at risk with episodes of pain between them.

use crate::domain::{CensorReason, Day};

use super::follow_up::{FollowUp, LowRun, Observed, RemissionSpan};

/// Every time at risk of a course, and the episodes of pain that ended them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episodes {
    /// Times at risk in order; the first is the course's [`FollowUp`]. Each but the last ended in a recurrence.
    pub spells: Vec<FollowUp>,
    /// One for each recurrence.
    pub episodes: Vec<Episode>,
    /// The last day on which a recurrence, or the remission after one, could be seen.
    pub observed_to: Day,
    /// What ended that.
    pub ended_by: CensorReason,
}

/// Pain that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Episode {
    /// The day of the recurrence.
    pub recurrence: Day,
    /// The remission that ended it; `None` if none was confirmed while the patient was followed.
    pub remission: Option<RemissionSpan>,
}

/// Follows a patient through every recurrence.
///
/// # Definition
/// After a recurrence the patient is at risk again from the log that confirms a new remission, by the rule of the first one: the
/// episode and the confirming window are no time at risk, since nothing in them could count as a recurrence. Following ends as it
/// does before the first: at the last log before a silence longer than the setting (also inside an episode, whose end and
/// successors may have passed unseen), a competing event, the day before the next program, or the last log.
///
/// # Conventions
/// Spells are in order and do not overlap. There are as many episodes as spells that ended in a recurrence.
pub(super) fn episodes(observed: &Observed<'_>, first: FollowUp, row: Option<usize>) -> Episodes {
    let mut all = Episodes { spells: vec![first], episodes: vec![], observed_to: first.end, ended_by: first.reason() };
    let mut recurred_at = row;
    while let Some(row) = recurred_at {
        let recurrence = Day(observed.pain.day[row]);
        let mut run = LowRun::default();
        let mut remission = None;
        let walked = observed.walk(row + 1, recurrence, |row| {
            remission = run.step(observed.pain, row, observed.settings);
            remission.is_some()
        });
        all.episodes.push(Episode { recurrence, remission });
        (all.observed_to, all.ended_by) = (walked.end, walked.otherwise);
        let (Some(span), Some(confirmed_at)) = (remission, walked.stopped_at) else { break };
        if let Some((event, reason)) = observed.competing.filter(|(event, _)| *event <= span.confirmed) {
            (all.observed_to, all.ended_by) = (event, reason);
            break;
        }
        let (spell, row) = observed.spell(span, span.confirmed, confirmed_at + 1);
        (all.observed_to, all.ended_by) = (spell.end, spell.reason());
        all.spells.push(spell);
        recurred_at = row;
    }
    all
}
