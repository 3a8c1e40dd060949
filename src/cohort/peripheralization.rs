//! Symptoms that travel down the leg. A flag from the logs, never a diagnosis.

use crate::domain::{Answer, Day, PainSite};
use crate::ingest::PainLog;

/// What was seen, and when it was certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peripheralization {
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

/// Entries after the rise that have to be as distal.
const FURTHER_ENTRIES: usize = 2;

/// The first peripheralization confirmed between two days, both counted.
///
/// # Definition
/// Among the entries with a site of pain (days without pain tell nothing of where it is): one at least a step more distal than the one
/// before it, and the two further ones at least as far above that too. Or numbness, after an answer of no and none of yes. Entries of
/// the 28 days before the first day count as what was before; the sign itself has to show from the first day on.
///
/// # Edge cases
/// An entry that says that there is no pain ends a rise that is not confirmed yet, and is no site to rise from.
///
/// # References
/// Werneke & Hart (2001), *Spine* 26:758–764 (what not centralizing predicts); the rule of two further entries is ours.
#[must_use]
pub fn peripheralization(log: &PainLog, patient: usize, from: Day, to: Day) -> Option<Peripheralization> {
    let travelled = travelled(log, patient, from, to);
    let numb = numb(log, patient, from, to);
    match (travelled, numb) {
        (Some(travelled), Some(numb)) => Some(if numb.confirmed < travelled.confirmed { numb } else { travelled }),
        (travelled, numb) => travelled.or(numb),
    }
}

/// Entries of the period and of the 28 days before it that tell of site or numbness.
#[must_use]
pub fn symptom_entries(log: &PainLog, patient: usize, from: Day, to: Day) -> usize {
    rows(log, patient, from, to)
        .filter(|&row| site(log, row).is_some_and(|site| site != PainSite::None) || answer(log, row).is_some())
        .count()
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

fn travelled(log: &PainLog, patient: usize, from: Day, to: Day) -> Option<Peripheralization> {
    let entries: Vec<(Day, PainSite)> = rows(log, patient, from, to).filter_map(|row| Some((Day(log.day[row]), site(log, row)?))).collect();
    let mut previous: Option<PainSite> = None;
    for (index, &(day, now)) in entries.iter().enumerate() {
        if let Some(before) = previous.filter(|&before| now > before && day >= from) {
            let further = entries.get(index + 1..=index + FURTHER_ENTRIES);
            if let Some([.., (confirmed, _)]) = further.filter(|further| further.iter().all(|&(_, later)| later > before)) {
                return Some(Peripheralization { from: day, confirmed: *confirmed, sign: PeripheralSign::Site { before, now } });
            }
        }
        if now != PainSite::None {
            previous = Some(now);
        }
    }
    None
}

fn numb(log: &PainLog, patient: usize, from: Day, to: Day) -> Option<Peripheralization> {
    let mut denied = false;
    for row in rows(log, patient, from, to) {
        match answer(log, row) {
            Some(Answer::No) => denied = true,
            Some(Answer::Yes) => {
                let day = Day(log.day[row]);
                let new = denied && day >= from;
                return new.then_some(Peripheralization { from: day, confirmed: day, sign: PeripheralSign::Numbness });
            }
            None => {}
        }
    }
    None
}
