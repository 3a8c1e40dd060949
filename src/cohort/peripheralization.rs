//! Pain that moves down the leg, and numbness or weakness that is new: flags from the logs, never a diagnosis.

use std::ops::Range;

use crate::domain::{Answer, Day, PainSite};
use crate::ingest::PainLog;

/// Pain that reaches further down the leg and stays there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peripheralization {
    /// The first entry at the further site.
    pub day: Day,
    /// The entry that confirms it.
    pub confirmed: Day,
    /// The site before.
    pub from: PainSite,
    /// The further site.
    pub to: PainSite,
}

/// The first sign within a time, of the site or of numbness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeripheralSymptom {
    /// Day of the first entry that shows it.
    pub from: Day,
    /// Day of the entry that confirms it.
    pub confirmed: Day,
    /// What it was.
    pub sign: PeripheralSign,
}

/// The sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeripheralSign {
    /// Pain reaches farther down the leg than at the entry before.
    Site {
        /// Most distal site of that entry.
        before: PainSite,
        /// Most distal site now.
        now: PainSite,
    },
    /// Numbness where there was none before.
    Numbness,
}

/// Entries by which a further site is confirmed.
const STAYS: usize = 2;

/// Where pain peripheralizes in these rows of one patient, in the order of their days.
///
/// # Definition
/// Among the entries with a site of pain: one at least a step more distal than the one before it, and the two further ones at least as
/// far above that too.
///
/// # Edge cases
/// An entry that says that there is no pain ends a rise that is not confirmed yet, and is no site to rise from.
///
/// # References
/// Werneke & Hart (2001), *Spine* 26:758–764 (what not centralizing predicts); the rule of two further entries is ours.
#[must_use]
pub fn peripheralizations(log: &PainLog, rows: Range<usize>) -> Vec<Peripheralization> {
    if log.site.is_empty() {
        return Vec::new();
    }
    let entries: Vec<(Day, PainSite)> = rows.filter_map(|row| Some((Day(log.day[row]), log.site[row]?))).collect();
    let mut found = Vec::new();
    let mut previous: Option<PainSite> = None;
    for (index, &(day, to)) in entries.iter().enumerate() {
        if let Some(from) = previous.filter(|&from| to > from) {
            let further = entries.get(index + 1..=index + STAYS);
            if let Some([.., (confirmed, _)]) = further.filter(|further| further.iter().all(|&(_, later)| later > from)) {
                found.push(Peripheralization { day, confirmed: *confirmed, from, to });
            }
        }
        if to != PainSite::None {
            previous = Some(to);
        }
    }
    found
}

/// Days on which an answer turns from no to yes in these rows of one patient. A first answer of yes is not new.
#[must_use]
pub fn newly_yes(log: &PainLog, answers: &[Option<Answer>], rows: Range<usize>) -> Vec<Day> {
    let mut days = Vec::new();
    let mut before = None;
    for row in rows {
        let Some(answer) = answers.get(row).copied().flatten() else { continue };
        if answer == Answer::Yes && before == Some(Answer::No) {
            days.push(Day(log.day[row]));
        }
        before = Some(answer);
    }
    days
}

/// The first peripheralization or new numbness confirmed between two days, both counted. Entries of the 28 days before the first day
/// count as what was before; the sign itself has to show from the first day on ([`peripheralizations`], [`newly_yes`]).
#[must_use]
pub fn peripheralization(log: &PainLog, patient: usize, from: Day, to: Day) -> Option<PeripheralSymptom> {
    let rows = rows(log, patient, from, to);
    let travelled = peripheralizations(log, rows.clone()).into_iter().find(|found| found.day >= from).map(|found| PeripheralSymptom {
        from: found.day,
        confirmed: found.confirmed,
        sign: PeripheralSign::Site { before: found.from, now: found.to },
    });
    let newly = newly_yes(log, &log.numbness, rows).into_iter().find(|&day| day >= from);
    let numb = newly.map(|day| PeripheralSymptom { from: day, confirmed: day, sign: PeripheralSign::Numbness });
    match (travelled, numb) {
        (Some(travelled), Some(numb)) => Some(if numb.confirmed < travelled.confirmed { numb } else { travelled }),
        (travelled, numb) => travelled.or(numb),
    }
}

/// Entries of the period and of the 28 days before it that tell of site or numbness.
#[must_use]
pub fn symptom_entries(log: &PainLog, patient: usize, from: Day, to: Day) -> usize {
    rows(log, patient, from, to).filter(|&row| tells(log, row)).count()
}

/// Whether any entry between two days, both counted, tells of site or numbness.
#[must_use]
pub fn symptoms_between(log: &PainLog, patient: usize, from: Day, to: Day) -> bool {
    rows(log, patient, from, to).any(|row| log.day[row] >= from.0 && tells(log, row))
}

/// Whether an entry says where the pain was, or whether there was numbness.
fn tells(log: &PainLog, row: usize) -> bool {
    site(log, row).is_some_and(|site| site != PainSite::None) || answer(log, row).is_some()
}

const BEFORE: i32 = 28;

fn rows(log: &PainLog, patient: usize, from: Day, to: Day) -> std::ops::Range<usize> {
    let rows = log.rows(patient);
    let days = &log.day[rows.clone()];
    let first = rows.start + days.partition_point(|&day| day < from.plus(-BEFORE).0);
    let end = rows.start + days.partition_point(|&day| day <= to.0);
    first..end.max(first)
}

fn site(log: &PainLog, row: usize) -> Option<PainSite> {
    log.site.get(row).copied().flatten()
}

fn answer(log: &PainLog, row: usize) -> Option<Answer> {
    log.numbness.get(row).copied().flatten()
}
