//! Patients of whom a log says nothing.

use super::{At, Context, Found, Logs, counted};
use crate::ingest::accounting::Finding;
use crate::ingest::rules;

pub(super) fn check(logs: &Logs, patient: usize, _: &Context<'_>, found: &mut Vec<Finding>) {
    let (sessions, pain) = (logs.sessions.rows(patient), logs.pain.rows(patient));
    let id = &logs.patients.ids[patient];
    let sentence = match (sessions.len(), pain.len()) {
        (0, 0) => format!("{id} has neither a session nor a pain score."),
        (0, days) => format!("{id} has pain scores of {} and no session.", counted(days, "day")),
        (sessions, 0) => format!("{id} has {} and no pain score.", counted(sessions, "session")),
        _ => return,
    };
    found.push(
        Found { rule: rules::PATIENT_WITHOUT_LOGS, at: At::first_of(logs, patient), column: "", value: String::new(), sentence }
            .of(logs, patient),
    );
}
