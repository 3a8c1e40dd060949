//! Remission, time at risk, first recurrence, and what ended follow-up.

use std::ops::Range;

use crate::domain::{Answer, CensorReason, Day, EventKind, Exclusion};
use crate::ingest::{EventLog, PainLog};
use crate::settings::{Hold, RecurrenceSettings, RemissionLogs, Settings};

use super::program::ProgramWindow;

/// Time at risk of a first recurrence. It begins at the later of completion and the day remission is confirmed: the
/// confirming window is no time at risk, since nothing in it could have counted as a recurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// First log of the remission that put the patient at risk.
    pub remission_from: Day,
    /// The log that confirmed it.
    pub remission_confirmed: Day,
    /// First day at risk.
    pub at_risk_from: Day,
    /// Day of recurrence or censoring.
    pub end: Day,
    /// What ended it.
    pub ended_by: FollowUpEnd,
    /// The last day known to be free of it: of the last log below the floor, or the first day at risk. A recurrence began
    /// after this day and by `end`.
    pub last_free: Day,
}

/// What ended the time at risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowUpEnd {
    /// Pain came back.
    Recurrence,
    /// It did not while the patient was followed.
    Censored(CensorReason),
}

impl FollowUp {
    /// Days at risk.
    #[must_use]
    pub fn days(&self) -> i32 {
        self.end.days_since(self.at_risk_from)
    }

    /// Whether it ended in a recurrence.
    #[must_use]
    pub fn recurred(&self) -> bool {
        self.ended_by == FollowUpEnd::Recurrence
    }

    /// Why it was censored; after a recurrence, that following went on.
    pub(super) fn reason(&self) -> CensorReason {
        match self.ended_by {
            FollowUpEnd::Recurrence => CensorReason::LastLog,
            FollowUpEnd::Censored(reason) => reason,
        }
    }
}

/// A stretch of remission, for a patient's figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemissionSpan {
    /// First log of the run.
    pub from: Day,
    /// The log that confirmed it.
    pub confirmed: Day,
}

impl RemissionSpan {
    /// Whether a day falls into it: the run of low logs has begun by then, and if it is confirmed by then, no log since lies above the
    /// ceiling and no silence since, up to the day itself, is longer than `remission.max_silence`.
    #[must_use]
    pub fn holds_on(&self, day: Day, pain: &PainLog, patient: usize, settings: &Settings) -> bool {
        let rule = &settings.remission;
        let too_long = |silence: i32| rule.max_silence > 0 && silence > rule.max_silence;
        let mut last = self.confirmed;
        for row in pain.rows(patient).filter(|&row| pain.day[row] > self.confirmed.0 && pain.day[row] <= day.0) {
            if pain.score(row) > rule.ceiling || too_long(pain.day[row] - last.0) {
                return false;
            }
            last = Day(pain.day[row]);
        }
        self.from <= day && (day <= self.confirmed || !too_long(day.days_since(last)))
    }
}

/// Follows one patient from remission after a program to recurrence or censoring.
///
/// # Definition
/// *Remission*: consecutive logs at or below `remission.ceiling`, no silence longer than `max_silence` inside, from the
/// first of the run to a log at least `days` later, which confirms it. *Recurrence*: the first log after the first day
/// at risk at or above `recurrence.floor` that holds (`hold`). *Censoring*: the last log before a silence longer than
/// `censoring.silence`, a competing event, the day before the patient's next program (`next_start`), or the last log.
///
/// # Errors
/// The [`Exclusion`] that keeps the patient out of the risk set.
pub fn follow_up(
    pain: &PainLog,
    events: &EventLog,
    patient: usize,
    program: &ProgramWindow,
    next_start: Option<Day>,
    cut_off: Day,
    settings: &Settings,
) -> Result<FollowUp, Exclusion> {
    Observed::of(pain, events, patient, program, next_start, cut_off, settings)?.first_spell().map(|(spell, _)| spell)
}

/// The logs in which a patient's recurrences after a program can be seen, and what ends them.
pub(super) struct Observed<'a> {
    pub pain: &'a PainLog,
    /// From the first log that may confirm remission to the last before the next program.
    pub rows: Range<usize>,
    pub completion: Day,
    /// The first competing event.
    pub competing: Option<(Day, CensorReason)>,
    pub cut_off: Day,
    pub settings: &'a Settings,
}

/// Where a walk over the logs ended.
pub(super) struct Walked {
    /// The row that stopped it, if one did.
    pub stopped_at: Option<usize>,
    /// The day it ended: of that row, else of the competing event or of the last log.
    pub end: Day,
    /// Why it ended where no row stopped it.
    pub otherwise: CensorReason,
}

impl<'a> Observed<'a> {
    /// # Errors
    /// The [`Exclusion`] of a patient without a log after completion.
    pub fn of(
        pain: &'a PainLog,
        events: &EventLog,
        patient: usize,
        program: &ProgramWindow,
        next_start: Option<Day>,
        cut_off: Day,
        settings: &'a Settings,
    ) -> Result<Self, Exclusion> {
        let completion = program.completion?;
        let last_day = next_start.map(|next| next.plus(-1));
        if last_day.is_some_and(|last| last <= completion) {
            return Err(Exclusion::EndedBeforeRisk);
        }
        let rows = pain.rows(patient);
        let rows =
            rows.start..rows.start + next_start.map_or(rows.len(), |next| pain.day[rows.clone()].partition_point(|&day| day < next.0));
        let first = match settings.remission.logs {
            RemissionLogs::SinceStart => rows.start + pain.day[rows.clone()].partition_point(|&day| day < program.start.0),
            RemissionLogs::AfterCompletion => rows.start + pain.day[rows.clone()].partition_point(|&day| day <= completion.0),
        };
        let rows = first..rows.end;
        if rows.is_empty() || pain.day[rows.end - 1] <= completion.0 {
            return Err(Exclusion::NoPainAfterCompletion);
        }
        let next_program = last_day.map(|last| (last, CensorReason::NewProgram));
        let event = competing_event(events, patient, program.start, settings.censoring.competing_events);
        let competing = [event, next_program].into_iter().flatten().min_by_key(|(day, _)| *day);
        Ok(Self { pain, rows, completion, competing, cut_off, settings })
    }

    /// The first time at risk, and the row of the recurrence if it ended in one.
    ///
    /// # Errors
    /// The [`Exclusion`] that keeps the patient out of the risk set.
    pub fn first_spell(&self) -> Result<(FollowUp, Option<usize>), Exclusion> {
        let Some((remission, next)) = self.remission_at_risk() else {
            return Err(match self.competing {
                Some((day, _)) if day <= self.cut_off && !has_log_after(self.pain, &self.rows, day) => Exclusion::EndedBeforeRisk,
                _ => Exclusion::NeverInRemission,
            });
        };
        let at_risk_from = self.completion.max(remission.confirmed);
        if self.competing.is_some_and(|(day, _)| day <= at_risk_from) {
            return Err(Exclusion::EndedBeforeRisk);
        }
        Ok(self.spell(remission, at_risk_from, next))
    }

    /// From the first day at risk to its end, and the row of the recurrence if it ended in one.
    pub fn spell(&self, remission: RemissionSpan, at_risk_from: Day, next: usize) -> (FollowUp, Option<usize>) {
        let rule = &self.settings.recurrence;
        let mut last_free = at_risk_from;
        let walked = self.walk(next, at_risk_from, |row| {
            let recurs = recurs(self.pain, row, self.rows.end, rule);
            if !recurs && self.pain.score(row) < rule.floor {
                last_free = Day(self.pain.day[row]);
            }
            recurs
        });
        let ended_by = if walked.stopped_at.is_some() { FollowUpEnd::Recurrence } else { FollowUpEnd::Censored(walked.otherwise) };
        let RemissionSpan { from, confirmed } = remission;
        let spell = FollowUp { remission_from: from, remission_confirmed: confirmed, at_risk_from, end: walked.end, ended_by, last_free };
        (spell, walked.stopped_at)
    }

    /// Walks the logs from row `next` on until one stops it, a silence, a competing event or the last log. On one day what stops
    /// it comes before a censoring.
    pub fn walk(&self, next: usize, from: Day, mut stops: impl FnMut(usize) -> bool) -> Walked {
        let silence = self.settings.censoring.silence;
        let mut last = from;
        let silent = |last| Walked { stopped_at: None, end: last, otherwise: CensorReason::Silence };
        for row in next..self.rows.end {
            let day = Day(self.pain.day[row]);
            if self.competing.is_some_and(|(event, _)| event < day) {
                break;
            }
            if silence > 0 && day.days_since(last) > silence {
                return silent(last);
            }
            if stops(row) {
                return Walked { stopped_at: Some(row), end: day, otherwise: CensorReason::LastLog };
            }
            last = day;
        }
        let ends = self.competing.map_or(self.cut_off, |(event, _)| event);
        if silence > 0 && ends.days_since(last) > silence {
            return silent(last);
        }
        let (end, otherwise) = self.competing.unwrap_or((last, CensorReason::LastLog));
        Walked { stopped_at: None, end, otherwise }
    }

    /// The remission that puts the patient at risk, and the first row after the first day at risk.
    ///
    /// A remission confirmed before completion counts if neither pain that came back nor a silence ended it, a silence over
    /// completion included. Pain that limits nothing ends it too: remission is by the score alone. A competing event ends the
    /// silence it falls in, as it does while at risk.
    fn remission_at_risk(&self) -> Option<(RemissionSpan, usize)> {
        let Self { pain, rows, completion, settings, .. } = self;
        let silence = settings.censoring.silence;
        let mut run = LowRun::default();
        let mut standing: Option<RemissionSpan> = None;
        let mut previous: Option<i32> = None;
        for row in rows.clone() {
            let day = pain.day[row];
            let heard = self.competing.map_or(day, |(event, _)| event.0.min(day));
            if standing.is_some() && silence > 0 && previous.is_some_and(|last| heard - last > silence) {
                // What comes after it has to be confirmed anew, also where the run itself allows longer silences.
                (standing, run) = (None, LowRun::default());
            }
            // A remission standing at completion puts the patient at risk from completion on.
            if day > completion.0
                && let Some(span) = standing
            {
                return Some((span, row));
            }
            if standing.is_some() && is_back(pain, row, rows.end, &settings.recurrence) {
                standing = None;
            }
            if let Some(span) = run.step(pain, row, settings) {
                standing = Some(span);
                if day > completion.0 {
                    return Some((span, row + 1));
                }
            }
            previous = Some(day);
        }
        None
    }
}

/// Every confirmed remission of a patient since program start (or since the first log), for a figure.
#[must_use]
pub fn remissions(pain: &PainLog, patient: usize, settings: &Settings) -> Vec<RemissionSpan> {
    let mut found = Vec::new();
    let mut run = LowRun::default();
    for row in pain.rows(patient) {
        if let Some(span) = run.step(pain, row, settings)
            && found.last() != Some(&span)
        {
            found.push(span);
        }
    }
    found
}

/// The run of low logs a walk is in.
#[derive(Default)]
pub(super) struct LowRun {
    from: Option<i32>,
    confirmed: Option<i32>,
    last: i32,
}

impl LowRun {
    /// Takes the next log; returns the remission the log confirms or continues.
    pub fn step(&mut self, pain: &PainLog, row: usize, settings: &Settings) -> Option<RemissionSpan> {
        let rule = &settings.remission;
        let day = pain.day[row];
        if pain.score(row) > rule.ceiling {
            (self.from, self.confirmed) = (None, None);
            return None;
        }
        if self.from.is_none() || (rule.max_silence > 0 && day - self.last > rule.max_silence) {
            (self.from, self.confirmed) = (Some(day), None);
        }
        self.last = day;
        let from = self.from?;
        if self.confirmed.is_none() && day - from >= rule.days {
            self.confirmed = Some(day);
        }
        self.confirmed.map(|confirmed| RemissionSpan { from: Day(from), confirmed: Day(confirmed) })
    }
}

/// Whether a recurrence begins with the log in `row`.
fn recurs(pain: &PainLog, row: usize, end: usize, rule: &RecurrenceSettings) -> bool {
    (!rule.limiting || limits_activity(pain, row)) && is_back(pain, row, end, rule)
}

/// Whether the log in `row` is at or above the floor and holds, whether it limits activity or not.
fn is_back(pain: &PainLog, row: usize, end: usize, rule: &RecurrenceSettings) -> bool {
    if pain.score(row) < rule.floor {
        return false;
    }
    if pain.lasted(row) {
        return true;
    }
    match rule.hold {
        Hold::OneLog => true,
        Hold::TwoLogs => {
            let next = row + 1;
            next < end && pain.score(next) >= rule.floor && pain.day[next] - pain.day[row] <= rule.hold_within
        }
        Hold::ThreeOfSeven => {
            let high = (row..end).take_while(|&later| pain.day[later] - pain.day[row] < 7).filter(|&later| pain.score(later) >= rule.floor);
            high.count() >= 3
        }
    }
}

/// Whether the log in `row` says that the pain limited activity; without an answer it does not.
fn limits_activity(pain: &PainLog, row: usize) -> bool {
    pain.limited.get(row).copied().flatten() == Some(Answer::Yes)
}

fn has_log_after(pain: &PainLog, rows: &Range<usize>, day: Day) -> bool {
    pain.day[rows.clone()].last().is_some_and(|&last| last > day.0)
}

/// The first event after program start that ends follow-up.
fn competing_event(events: &EventLog, patient: usize, start: Day, counted: bool) -> Option<(Day, CensorReason)> {
    if !counted {
        return None;
    }
    events.rows(patient).filter(|&row| events.day[row] > start.0).find_map(|row| {
        let reason = match events.kind[row] {
            EventKind::Surgery => CensorReason::Surgery,
            EventKind::NewProgram => CensorReason::NewProgram,
            EventKind::Withdrawn => CensorReason::Withdrawn,
            EventKind::Died => CensorReason::Died,
            EventKind::Injection | EventKind::Imaging | EventKind::Referral => return None,
        };
        Some((Day(events.day[row]), reason))
    })
}
