//! Patients worth a look, by what they logged last. A flag for the clinician, never a diagnosis.

use rayon::prelude::*;
use serde::Serialize;

use crate::cohort::{Cohort, Course, newly_yes, peripheralizations};
use crate::domain::number::{change, decimal};
use crate::domain::{Day, EventKind, Exclusion};
use crate::ingest::Logs;
use crate::settings::Settings;

use super::pain_course::slope_of_rows;

/// Why a patient is worth a look, the most pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LookReason {
    /// Weakness where none was logged before.
    NewWeakness,
    /// Numbness where none was logged before.
    NewNumbness,
    /// Pain reaches further down the leg, and stays there.
    Peripheralization,
    /// Pain clearly above the patient's own average at the last log.
    Flare,
    /// Pain is rising.
    RisingPain,
    /// No log of any kind.
    Silence,
}

impl LookReason {
    /// In words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NewWeakness => "new weakness",
            Self::NewNumbness => "new numbness",
            Self::Peripheralization => "pain further down the leg",
            Self::Flare => "pain-defined flare",
            Self::RisingPain => "rising pain",
            Self::Silence => "stopped logging",
        }
    }
}

/// One reason with its day and detail.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Look {
    /// Why.
    pub reason: LookReason,
    /// Since when.
    pub since: Day,
    /// What was logged.
    pub detail: String,
}

/// A patient worth a look.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LookEntry {
    /// The patient's id.
    pub id: String,
    /// Why, the most pressing first.
    pub looks: Vec<Look>,
    /// Whether the program is still running.
    pub in_program: bool,
    /// The last log of any kind.
    pub last_log: Day,
}

/// The patients worth a look.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LookList {
    /// Patients with a log in the days looked at, or silent for not too long: those who could be listed.
    pub followed: usize,
    /// Those worth a look: by the most pressing reason, then by how recent it is, then by id.
    pub entries: Vec<LookEntry>,
}

/// Makes the list.
///
/// # Definition
/// Looked at are the `days` up to the data cut-off. *New* numbness or weakness: yes after a no. *Peripheralization*: see
/// [`peripheralizations`]. *Flare*: the last pain log is in a pain-defined flare and at most 7 days before the cut-off. *Rising*: with at
/// least `logs` pain logs, the interval of the least-squares slope (autocorrelation allowed for) above 0, or the mean of the last 7 days
/// at least `rise` points above that of the days before, two logs in either. *Silence*: no log of any kind for more than `silence` and at
/// most `silence_until` days. Who died or withdrew is not listed.
#[must_use]
pub fn list_looks(logs: &Logs, cohort: &Cohort, settings: &Settings) -> LookList {
    let found: Vec<Option<LookEntry>> = (0..cohort.n_patients())
        .into_par_iter()
        .with_min_len(128)
        .filter_map(|patient| followed(logs, patient, settings).map(|last_log| entry(logs, cohort, patient, last_log, settings)))
        .collect();
    let followed = found.len();
    let mut entries: Vec<LookEntry> = found.into_iter().flatten().collect();
    let key = |entry: &LookEntry| entry.looks.first().map(|look| (look.reason, std::cmp::Reverse(look.since)));
    entries.sort_by(|one, other| key(one).cmp(&key(other)).then_with(|| one.id.cmp(&other.id)));
    LookList { followed, entries }
}

/// One patient's reasons, as in the list.
#[must_use]
pub fn looks_of(logs: &Logs, cohort: &Cohort, patient: usize, settings: &Settings) -> Vec<Look> {
    let found = followed(logs, patient, settings).and_then(|last_log| entry(logs, cohort, patient, last_log, settings));
    found.map(|entry| entry.looks).unwrap_or_default()
}

/// The last log of a patient who is still followed at the cut-off.
fn followed(logs: &Logs, patient: usize, settings: &Settings) -> Option<Day> {
    let gone = logs.events.rows(patient).any(|row| matches!(logs.events.kind[row], EventKind::Withdrawn | EventKind::Died));
    let last = [
        logs.pain.rows(patient).last().map(|row| logs.pain.day[row]),
        logs.sessions.rows(patient).last().map(|row| logs.sessions.day[row]),
        logs.measures.rows(patient).last().map(|row| logs.measures.day[row]),
    ];
    let last = Day(last.into_iter().flatten().max()?);
    let longest = settings.look_list.silence_until;
    (!gone && (longest == 0 || logs.cut_off.days_since(last) <= longest)).then_some(last)
}

fn entry(logs: &Logs, cohort: &Cohort, patient: usize, last_log: Day, settings: &Settings) -> Option<LookEntry> {
    let rows = logs.pain.rows(patient);
    let from = logs.cut_off.plus(1 - settings.look_list.days);
    let mut looks = Vec::new();
    for (reason, answers) in [(LookReason::NewWeakness, &logs.pain.weakness), (LookReason::NewNumbness, &logs.pain.numbness)] {
        if let Some(&day) = newly_yes(&logs.pain, answers, rows.clone()).iter().find(|&&day| day >= from) {
            looks.push(Look { reason, since: day, detail: "logged as yes after a no".to_owned() });
        }
    }
    if let Some(found) = peripheralizations(&logs.pain, rows.clone()).into_iter().find(|found| found.day >= from) {
        let words = |site: crate::domain::PainSite| site.as_str().replace('_', " ");
        looks.push(Look {
            reason: LookReason::Peripheralization,
            since: found.day,
            detail: format!("from {} to {}, and so in the next two entries", words(found.from), words(found.to)),
        });
    }
    let course = cohort.of(patient).last()?;
    looks.extend(flare(logs, course));
    looks.extend(rising(logs, patient, from, settings));
    let silent = logs.cut_off.days_since(last_log);
    if settings.look_list.silence > 0 && silent > settings.look_list.silence {
        looks.push(Look {
            reason: LookReason::Silence,
            since: last_log,
            detail: format!("no log of any kind in the {silent} days before the cut-off"),
        });
    }
    let in_program = course.program.is_some_and(|program| program.completion == Err(Exclusion::ProgramOngoing));
    (!looks.is_empty()).then(|| LookEntry { id: logs.patients.ids[patient].clone(), looks, in_program, last_log })
}

/// The last pain log counts as now for so many days.
const NOW: i32 = 7;

fn flare(logs: &Logs, course: &Course) -> Option<Look> {
    let flare = course.flares.flares.last()?;
    let (_, last) = course.pain_logged?;
    (flare.to == last && logs.cut_off.days_since(last) <= NOW).then(|| Look {
        reason: LookReason::Flare,
        since: flare.from,
        detail: format!("up to {}, with an average of {} before", decimal(flare.peak, 1), decimal(flare.average, 1)),
    })
}

fn rising(logs: &Logs, patient: usize, from: Day, settings: &Settings) -> Option<Look> {
    let rows = logs.pain.rows(patient);
    let first = rows.start + logs.pain.day[rows.clone()].partition_point(|&day| day < from.0);
    let window = first..rows.end;
    if window.len() < settings.look_list.logs {
        return None;
    }
    let since = Day(logs.pain.day[window.start]);
    let slope = slope_of_rows(logs, window.clone(), settings.model.level).filter(|slope| slope.interval.lower > 0.0);
    let last_week = logs.cut_off.plus(1 - NOW);
    let split = window.start + logs.pain.day[window.clone()].partition_point(|&day| day < last_week.0);
    let mean = |rows: std::ops::Range<usize>| {
        let n = rows.len();
        (n >= 2).then(|| rows.map(|row| logs.pain.score(row)).sum::<f64>() / n as f64)
    };
    let step = mean(split..window.end).zip(mean(window.start..split)).map(|(now, before)| now - before);
    let detail = match (slope, step.filter(|step| *step >= settings.look_list.rise - 1e-9)) {
        (_, Some(step)) => format!("the last 7 days lie {} points above the days before", change(step, 1)),
        (Some(slope), None) => format!(
            "{} points a week (from {} to {}) over {} logs",
            change(slope.slope, 1),
            decimal(slope.interval.lower, 1),
            decimal(slope.interval.upper, 1),
            slope.n
        ),
        (None, None) => return None,
    };
    Some(Look { reason: LookReason::RisingPain, since, detail })
}
