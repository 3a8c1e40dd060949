//! Each recurrence with a few of those who were as long at risk on that day and went on without one.

use std::cmp::Reverse;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::cohort::{Cohort, Course, FollowUp};
use crate::domain::Day;
use crate::ingest::PainLog;

/// Those taken from each risk set. Ten give nearly the precision of all.
const MOST_CONTROLS: usize = 10;
const SEED: u64 = 1986;

/// A recurrence and its controls.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskSet {
    /// Course that recurred.
    pub case: usize,
    /// Days at risk until it did.
    pub day: i32,
    /// Courses of other patients still at risk after as many days, each once, in a drawn order.
    pub controls: Vec<usize>,
}

/// The risk set of every recurrence, in the order of the cohort.
///
/// # Definition
/// Incidence density sampling: on the day a course recurs, `t` days after it came to be at risk, up to ten are drawn without
/// replacement from the courses of other patients whose time at risk is longer than `t`, whether or not they recur later. Odds ratios
/// of such sets estimate hazard ratios. The draw is seeded and goes through courses sorted by what is known of them: the same study has
/// the same sets whatever its patients are called.
///
/// # References
/// Prentice & Breslow (1978), Biometrika 65:153–158. Goldstein & Langholz (1992), Ann Stat 20:1903–1928.
pub(super) fn risk_sets(pain: &PainLog, cohort: &Cohort) -> Vec<RiskSet> {
    let at_risk = |(index, course): (usize, &Course)| Some((course.follow_up.ok()?.days(), index));
    let mut longest: Vec<(i32, usize)> = cohort.courses.iter().enumerate().filter_map(at_risk).collect();
    longest.sort_by_cached_key(|&(days, index)| (Reverse(days), known(pain, &cohort.courses[index])));
    let mut draws = ChaCha8Rng::seed_from_u64(SEED);
    let of_course = |(case, course): (usize, &Course)| {
        let day = course.follow_up.ok().filter(FollowUp::recurred)?.days();
        let at_risk = &longest[..longest.partition_point(|&(days, _)| days > day)];
        let other = |index: usize| cohort.courses[index].patient != course.patient;
        let mut controls: Vec<usize> = Vec::with_capacity(MOST_CONTROLS);
        if at_risk.len() <= 2 * MOST_CONTROLS {
            let mut all: Vec<usize> = at_risk.iter().map(|&(_, index)| index).filter(|&index| other(index)).collect();
            while controls.len() < MOST_CONTROLS && !all.is_empty() {
                controls.push(all.swap_remove(draws.random_range(0..all.len())));
            }
        } else {
            // At most so many tries: a patient with very many courses must not hold the draw up.
            for _ in 0..20 * MOST_CONTROLS {
                let (_, index) = at_risk[draws.random_range(0..at_risk.len())];
                if other(index) && !controls.contains(&index) {
                    controls.push(index);
                }
                if controls.len() == MOST_CONTROLS {
                    break;
                }
            }
        }
        Some(RiskSet { case, day, controls })
    };
    let mut sets: Vec<RiskSet> = longest.iter().map(|&(_, case)| (case, &cohort.courses[case])).filter_map(of_course).collect();
    sets.sort_unstable_by_key(|set| set.case);
    sets
}

/// What the sets look at, names apart: courses alike in this have the same days of pain logs and of sessions, and did as much on them.
fn known<'a>(pain: &'a PainLog, course: &'a Course) -> impl Ord + 'a {
    let at_risk_from = course.follow_up.ok().map(|follow_up| follow_up.at_risk_from);
    let done: Vec<u32> = course.sessions.done.iter().map(|share| share.to_bits()).collect();
    (at_risk_from, completion_of(course), course.sessions.day.as_slice(), done, &pain.day[course.pain_rows.clone()])
}

/// The day that lies so many days after a course came to be at risk.
pub(super) fn day_of(course: &Course, day: i32) -> Option<Day> {
    Some(course.follow_up.ok()?.at_risk_from.plus(day))
}

/// Last day of a course's program.
pub(super) fn completion_of(course: &Course) -> Option<Day> {
    course.program?.completion.ok()
}

/// Last day with a log of the course's own, of pain or of a session.
pub(super) fn last_logged(course: &Course) -> Option<Day> {
    let session = course.sessions.day.last().map(|&day| Day(day));
    course.pain_logged.map(|(_, last)| last).max(session)
}
