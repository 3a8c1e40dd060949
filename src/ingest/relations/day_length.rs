//! More exercise on a day than the day has minutes.

use super::{At, Context, Found, Logs, counted, plain};
use crate::domain::{Day, SessionStatus};
use crate::ingest::accounting::Finding;
use crate::ingest::rules;

const MINUTES_OF_A_DAY: f64 = 1440.0;

pub(super) fn check(logs: &Logs, patient: usize, _: &Context<'_>, found: &mut Vec<Finding>) {
    let sessions = &logs.sessions;
    if sessions.minutes.is_empty() {
        return;
    }
    let (mut at, end) = (sessions.rows(patient).start, sessions.rows(patient).end);
    while at < end {
        let (first, day) = (at, sessions.day[at]);
        let mut sum = 0.0;
        while at < end && sessions.day[at] == day {
            // What was missed took no time.
            if sessions.status[at] != SessionStatus::Missed {
                sum += f64::from(sessions.minutes[at].get().unwrap_or(0.0));
            }
            at += 1;
        }
        if sum > MINUTES_OF_A_DAY {
            let (id, day, rows) = (&logs.patients.ids[patient], Day(day), counted(at - first, "row"));
            let sentence = format!("{id} has {} minutes of exercise on {day} ({rows}); a day has 1,440.", plain(sum));
            let at = At::session(logs, first);
            found.push(Found { rule: rules::MORE_THAN_A_DAY, at, column: "minutes", value: plain(sum), sentence }.of(logs, patient));
        }
    }
}
