//! Whether an important change in the first weeks of a program is still there at its end.

use serde::Serialize;

use crate::analysis::computed::Computed;
use crate::cohort::{Cohort, Course, PainWeek};
use crate::domain::Exclusion;
use crate::settings::{PainSettings, Settings};
use crate::stats::{Proportion, wilson};

/// Patients with an early gain, and how many had lost it by the end of the program.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EarlyGains {
    /// Week by which the gain had to be there.
    pub by_week: u32,
    /// Programs with a baseline high enough and pain in the first weeks.
    pub judged: usize,
    /// Of those, with an early gain.
    pub gained: usize,
    /// Programs with an early gain not in the share, by reason.
    pub left_out: Vec<(&'static str, usize)>,
    /// Of these, those whose pain was not logged at the end of the program.
    pub unseen: usize,
    /// Share that had lost the gain by the end of the program.
    pub lost: Computed<Proportion>,
    /// Share that no longer had an important change at the end, however little pain had risen.
    pub below_threshold: Computed<Proportion>,
    /// Share that had given back at least half of the gain by the end.
    pub half_given_back: Computed<Proportion>,
    /// Share that had lost the gain by the last weeks logged, also of those whose log ended early.
    pub lost_when_last_seen: Computed<Proportion>,
    /// Share that had lost it if everybody whose log ended early had.
    pub lost_if_unseen_lost: Computed<Proportion>,
}

/// An early gain and what became of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EarlyGain {
    /// Baseline pain.
    pub baseline: f64,
    /// Mean of the two early weeks that show the gain.
    pub early: f64,
    /// The last two weeks logged after them, if there are two.
    pub last: Option<[PainWeek; 2]>,
    /// Whether these are at the end of the program.
    pub at_end: bool,
}

/// The gain must be there by the end of this week, which is how the claim speaks of the first weeks.
const EARLY_WEEKS: u32 = 4;

/// A loss is a rise of mean pain by at least this much: a point, below which weekly means move by themselves.
const LEAST_RISE: f64 = 1.0;

/// Pain is known at the end if it is logged in two of the program's last weeks: these.
const END_WEEKS: u32 = 3;

const ONGOING: &str = "the program is still going on";
const UNSEEN: &str = "pain not logged in two of the last three weeks of the program";
const FURTHER: &str = "a further program of a patient already counted";

impl EarlyGain {
    /// The gain of a program: two weeks logged in a row within the first four, both with an important change from baseline.
    #[must_use]
    pub fn of(course: &Course, rule: &PainSettings) -> Option<Self> {
        let (program, pain) = (course.program?, course.pain.as_ref()?);
        let (baseline, _) = pain.baseline?;
        let gained = |pair: &[PainWeek]| pair.iter().all(|week| week.week < EARLY_WEEKS && rule.important(baseline, baseline - week.mean));
        if baseline < rule.share_from_baseline {
            return None;
        }
        let found = pain.weeks.windows(2).position(gained)?;
        let [first, second] = pain.weeks.get(found..found + 2)? else { return None };
        let later: Vec<PainWeek> = pain.weeks.iter().filter(|week| week.week >= EARLY_WEEKS).copied().collect();
        let last = match later[..] {
            [.., before, last] => Some([before, last]),
            _ => None,
        };
        let weeks = (program.end.days_since(program.start) + 7) / 7;
        let at_end = last.is_some_and(|[before, _]| i64::from(before.week) + i64::from(END_WEEKS) >= i64::from(weeks));
        Some(Self { baseline, early: f64::midpoint(first.mean, second.mean), last, at_end })
    }

    /// Mean pain of the last two weeks.
    fn late(&self) -> Option<f64> {
        self.last.map(|[before, last]| f64::midpoint(before.mean, last.mean))
    }

    /// Whether neither of the last two weeks shows an important change from baseline.
    fn below(&self, rule: &PainSettings) -> bool {
        self.last.is_some_and(|weeks| weeks.iter().all(|week| !rule.important(self.baseline, self.baseline - week.mean)))
    }

    /// Whether the gain is lost: no important change in both of the last two weeks, and their mean at least a point above the early one.
    #[must_use]
    pub fn lost(&self, rule: &PainSettings) -> bool {
        self.below(rule) && self.late().is_some_and(|late| late - self.early >= LEAST_RISE - 1e-9)
    }

    fn half_given_back(&self) -> bool {
        self.late().is_some_and(|late| late - self.early >= (self.baseline - self.early) / 2.0 - 1e-9)
    }
}

/// What became of gains in the first four weeks.
///
/// # Definition
/// *Early gain*: two weekly means logged in a row, both within the first four weeks of the program, both an important change from
/// baseline (`pain.important_*`). *Lost*: neither of the last two weekly means of the program is an important change, and their mean is
/// at least one point above that of the two early weeks. The last two must lie after week 4 and within the last three weeks of a program
/// that has ended. A patient counts once, with the first program that qualifies.
///
/// # References
/// Wilson (1927), *J Am Stat Assoc* 22:209–212.
#[must_use]
pub fn analyze_early_gains(cohort: &Cohort, settings: &Settings) -> EarlyGains {
    let rule = &settings.pain;
    let judged = |course: &Course| {
        course.pain.as_ref().is_some_and(|pain| {
            pain.baseline.is_some_and(|(baseline, _)| baseline >= rule.share_from_baseline)
                && pain.weeks.iter().filter(|week| week.week < EARLY_WEEKS).count() >= 2
        })
    };
    let (mut ongoing, mut unseen, mut further) = (0, 0, 0);
    let (mut gained, mut seen, mut ended): (usize, Vec<EarlyGain>, Vec<EarlyGain>) = (0, vec![], vec![]);
    let mut counted: Option<usize> = None;
    for course in &cohort.courses {
        let Some(gain) = EarlyGain::of(course, rule) else { continue };
        gained += 1;
        if course.program.is_some_and(|program| program.completion == Err(Exclusion::ProgramOngoing)) {
            ongoing += 1;
        } else if counted == Some(course.patient) {
            further += 1;
        } else {
            counted = Some(course.patient);
            ended.push(gain);
            if gain.at_end {
                seen.push(gain);
            } else {
                unseen += 1;
            }
        }
    }
    let share = |of: &[EarlyGain], lost: &dyn Fn(&EarlyGain) -> bool| -> Computed<Proportion> {
        wilson(of.iter().filter(|gain| lost(gain)).count(), of.len(), settings.model.level).into()
    };
    EarlyGains {
        by_week: EARLY_WEEKS,
        judged: cohort.courses.iter().filter(|course| judged(course)).count(),
        gained,
        left_out: [(ONGOING, ongoing), (UNSEEN, unseen), (FURTHER, further)].into_iter().filter(|&(_, n)| n > 0).collect(),
        unseen,
        lost: share(&seen, &|gain| gain.lost(rule)),
        below_threshold: share(&seen, &|gain| gain.below(rule)),
        half_given_back: share(&seen, &EarlyGain::half_given_back),
        lost_when_last_seen: share(&ended, &|gain| gain.lost(rule)),
        lost_if_unseen_lost: share(&ended, &|gain| !gain.at_end || gain.lost(rule)),
    }
}
