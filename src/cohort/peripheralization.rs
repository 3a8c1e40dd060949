//! Pain that moves down the leg, and numbness or weakness that is new.

use std::ops::Range;

use crate::domain::{Answer, Day, PainSite};
use crate::ingest::PainLog;

/// Pain that reaches further down the leg and stays there: a flag, never a diagnosis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peripheralization {
    /// The first entry at the further site.
    pub day: Day,
    /// The site of the entry before.
    pub from: PainSite,
    /// The further site.
    pub to: PainSite,
}

/// Entries by which a further site is confirmed.
const STAYS: usize = 2;

/// Where pain peripheralizes in these rows of one patient, in the order of their days.
///
/// # Definition
/// Over the entries with a site: the most distal site is further down than that of the entry before, beyond the lower back, and the
/// next two entries are further down than it too. Pain that comes back to the lower back is none.
///
/// # References
/// Werneke and Hart (2001), Spine 26:758, on what centralization tells; two further entries are ours.
#[must_use]
pub fn peripheralizations(log: &PainLog, rows: Range<usize>) -> Vec<Peripheralization> {
    if log.site.is_empty() {
        return Vec::new();
    }
    let entries: Vec<(Day, PainSite)> = rows.filter_map(|row| Some((Day(log.day[row]), log.site[row]?))).collect();
    entries
        .windows(2 + STAYS)
        .filter(|run| run[1].1 > PainSite::LowBack && run[1..].iter().all(|(_, site)| *site > run[0].1))
        .map(|run| Peripheralization { day: run[1].0, from: run[0].1, to: run[1].1 })
        .collect()
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
