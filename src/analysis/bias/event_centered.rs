//! Pain and sessions in the days around a recurrence, beside those of patients without one on the same day.

use serde::Serialize;

use super::clustered_mean::clustered_mean;
use super::risk_sets::{RiskSet, completion_of, day_of, last_logged};
use crate::analysis::computed::Computed;
use crate::cohort::{Cohort, Course};
use crate::domain::Day;
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::{Estimate, t_two_sided_p};

/// First day of the figure, counted from the recurrence.
const FIRST: i32 = -60;
/// Days of a bin, and bins.
const BIN: i32 = 5;
const BINS: i32 = 18;
/// Controls of each recurrence.
const CONTROLS: usize = 4;

/// Days before the recurrence with which the later ones are compared.
const EARLIER: (i32, i32) = (-60, -29);
/// The weeks before the recurrence that the exposure rests on.
const BEFORE: (i32, i32) = (-28, -8);
/// The last week before it.
const LAST_WEEK: (i32, i32) = (-7, -1);
/// The four weeks before the last.
const BEFORE_LAST: (i32, i32) = (-35, -8);
/// Days of a window that must be known.
const SHORTEST: i32 = 7;

/// The days around recurrences.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventCentered {
    /// Recurrences.
    pub recurrences: usize,
    /// Those with somebody to compare with.
    pub compared: usize,
    /// Bins of five days, the first from day −60 on.
    pub bins: Vec<DayBin>,
    /// Sessions a week, days −28 to −8 less days −60 to −29.
    pub sessions_before: Computed<ChangeBefore>,
    /// Mean pain, the same days.
    pub pain_before: Computed<ChangeBefore>,
    /// Sessions a week, days −7 to −1 less days −35 to −8.
    pub sessions_last_week: Computed<ChangeBefore>,
}

/// Five days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DayBin {
    /// First day, counted from the recurrence.
    pub from: i32,
    /// Last day.
    pub to: i32,
    /// Mean pain of those who recur; none below two patients.
    pub pain: Option<BinMean>,
    /// Their sessions a week.
    pub sessions: Option<BinMean>,
    /// Mean pain of the others.
    pub control_pain: Option<BinMean>,
    /// Their sessions a week.
    pub control_sessions: Option<BinMean>,
}

/// A mean in a bin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BinMean {
    /// Moments whose days are all known, of pain those with a score in them; the same course as often as it stands in a set.
    pub n: usize,
    /// Their mean, with its interval by patient.
    pub mean: Estimate,
}

/// How something changed before the recurrence, beside how it changed in others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ChangeBefore {
    /// Recurrences with both windows known, in them and in at least one of the others.
    pub n: usize,
    /// Their patients.
    pub patients: usize,
    /// Mean change of those who recur.
    pub change: f64,
    /// Mean change of the others.
    pub control_change: f64,
    /// The first less the second.
    pub difference: Estimate,
    /// Two-sided p value of no difference; `None` without any spread.
    pub p_value: Option<f64>,
}

/// Looks at the days around each recurrence, beside the same days of up to four patients who were as long at risk and did not recur then.
///
/// # Definition
/// Days count from the recurrence (day 0). A bin counts for a course if all its days lie after completion and between the course's
/// first and last log; sessions a week are the sessions done times 7/5, pain the mean of the bin's scores, of those with one. Means over courses,
/// intervals by patient.
///
/// *Changes*: a window's value is that of its days after completion and within the course's logs, at least seven; the change of a
/// recurrence less the mean change of its controls, averaged with an interval by patient.
///
/// A fall of the sessions in the weeks before the recurrence has two readings: the lapse brought the pain, or the pain on its way
/// stopped the exercise. If the first, the exposure that counts lies in the window that ends a week before; sessions of the last week
/// then are not fewer still than those of the window. A further fall in the last week, or a rise of pain along with the earlier fall, speaks for
/// the second.
///
/// # References
/// Horwitz & Feinstein (1980), Am J Med 68:255–258 (protopathic bias).
#[must_use]
pub fn analyze_event_centered(logs: &Logs, cohort: &Cohort, sets: &[RiskSet], settings: &Settings) -> EventCentered {
    let level = settings.model.level;
    let moment = |index: usize, day: i32| Moment::of(logs, &cohort.courses[index], day);
    let moments: Vec<(Moment<'_>, Vec<Moment<'_>>)> = sets
        .iter()
        .filter_map(|set| {
            let controls = set.controls.iter().take(CONTROLS).filter_map(|&index| moment(index, set.day)).collect();
            Some((moment(set.case, set.day)?, controls))
        })
        .collect();
    let change = |quantity: Quantity, late: (i32, i32), early: (i32, i32)| {
        change_before(&moments, |moment| Some(moment.value(quantity, late)? - moment.value(quantity, early)?), quantity, level)
    };
    EventCentered {
        recurrences: sets.len(),
        compared: moments.iter().filter(|(_, controls)| !controls.is_empty()).count(),
        bins: (0..BINS).map(|number| bin(&moments, FIRST + number * BIN, level)).collect(),
        sessions_before: change(Quantity::Sessions, BEFORE, EARLIER),
        pain_before: change(Quantity::Pain, BEFORE, EARLIER),
        sessions_last_week: change(Quantity::Sessions, LAST_WEEK, BEFORE_LAST),
    }
}

/// What is looked at.
#[derive(Clone, Copy)]
enum Quantity {
    /// Sessions a week.
    Sessions,
    /// Mean pain.
    Pain,
}

/// A day of a course.
struct Moment<'a> {
    logs: &'a Logs,
    course: &'a Course,
    day: Day,
    completion: Day,
    logged: (Day, Day),
}

impl<'a> Moment<'a> {
    fn of(logs: &'a Logs, course: &'a Course, day: i32) -> Option<Self> {
        let (first, _) = course.pain_logged?;
        let logged = (first, last_logged(course)?);
        Some(Self { logs, course, day: day_of(course, day)?, completion: completion_of(course)?, logged })
    }

    /// The days of a window that lie after completion and within the logs.
    fn known(&self, (from, to): (i32, i32)) -> Option<(Day, Day)> {
        let from = self.day.plus(from).max(self.completion.plus(1)).max(self.logged.0);
        let to = self.day.plus(to).min(self.logged.1);
        (to >= from).then_some((from, to))
    }

    /// The quantity over a window of which enough days are known.
    fn value(&self, quantity: Quantity, days: (i32, i32)) -> Option<f64> {
        let (from, to) = self.known(days).filter(|(from, to)| to.days_since(*from) + 1 >= SHORTEST)?;
        match quantity {
            Quantity::Sessions => Some(self.sessions_a_week(from, to)),
            Quantity::Pain => self.mean_pain(from, to),
        }
    }

    fn sessions_a_week(&self, from: Day, to: Day) -> f64 {
        self.course.sessions.done_between(from, to) * 7.0 / f64::from(to.days_since(from) + 1)
    }

    /// Mean of the scores, of at least one.
    fn mean_pain(&self, from: Day, to: Day) -> Option<f64> {
        let pain = &self.logs.pain;
        let rows = pain.rows(self.course.patient);
        let days = &pain.day[rows.clone()];
        let first = rows.start + days.partition_point(|&day| day < from.0);
        let end = rows.start + days.partition_point(|&day| day <= to.0);
        (first < end).then(|| (first..end).map(|row| pain.score(row)).sum::<f64>() / (end - first) as f64)
    }

    /// A whole bin.
    fn bin(&self, from: i32) -> Option<(Day, Day)> {
        self.known((from, from + BIN - 1)).filter(|(from, to)| to.days_since(*from) + 1 == BIN)
    }
}

fn bin(moments: &[(Moment<'_>, Vec<Moment<'_>>)], from: i32, level: f64) -> DayBin {
    let mean = |values: Vec<(usize, f64)>| {
        let n = values.len();
        clustered_mean(&values, level).map(|(mean, _)| BinMean { n, mean })
    };
    let pain = |moment: &Moment<'_>| moment.bin(from).and_then(|(from, to)| Some((moment.course.patient, moment.mean_pain(from, to)?)));
    let sessions = |moment: &Moment<'_>| moment.bin(from).map(|(from, to)| (moment.course.patient, moment.sessions_a_week(from, to)));
    let cases = || moments.iter().map(|(case, _)| case);
    let controls = || moments.iter().flat_map(|(_, controls)| controls);
    DayBin {
        from,
        to: from + BIN - 1,
        pain: mean(cases().filter_map(pain).collect()),
        sessions: mean(cases().filter_map(sessions).collect()),
        control_pain: mean(controls().filter_map(pain).collect()),
        control_sessions: mean(controls().filter_map(sessions).collect()),
    }
}

/// Recurrences without which a mean change says little.
const FEWEST: usize = 10;

fn change_before(
    moments: &[(Moment<'_>, Vec<Moment<'_>>)],
    change: impl Fn(&Moment<'_>) -> Option<f64>,
    quantity: Quantity,
    level: f64,
) -> Computed<ChangeBefore> {
    let mut differences = Vec::new();
    let (mut sum, mut control_sum) = (0.0, 0.0);
    for (case, controls) in moments {
        let Some(mine) = change(case) else { continue };
        let others: Vec<f64> = controls.iter().filter_map(&change).collect();
        if others.is_empty() {
            continue;
        }
        let other = others.iter().sum::<f64>() / others.len() as f64;
        differences.push((case.course.patient, mine - other));
        sum += mine;
        control_sum += other;
    }
    let n = differences.len();
    let Some((difference, patients)) = clustered_mean(&differences, level).filter(|_| n >= FEWEST) else {
        let what = match quantity {
            Quantity::Sessions => "sessions",
            Quantity::Pain => "pain",
        };
        return Computed::NotTestable(format!(
            "{n} recurrences have {what} known in both windows before them and in somebody to compare with, and at least {FEWEST} are needed"
        ));
    };
    let df = (patients - 1) as f64;
    let p_value = (difference.std_error > 0.0).then(|| t_two_sided_p(difference.estimate / difference.std_error, df));
    Computed::Value(ChangeBefore { n, patients, change: sum / n as f64, control_change: control_sum / n as f64, difference, p_value })
}
