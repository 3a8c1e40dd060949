//! The courses behind a simulated cohort: what perfect logs would show. For the true value of what an analysis estimates.

use rayon::prelude::*;

use crate::domain::{Day, SessionStatus};

use super::aftercare::CALM;
use super::options::{SimulationError, SimulationOptions};
use super::patient::Patient;

/// A patient as nobody sees one: every day known.
#[derive(Clone, Debug, PartialEq)]
pub struct TrueCourse {
    /// Age at program start.
    pub age: f64,
    /// Sex.
    pub female: bool,
    /// Previous episodes.
    pub previous_episodes: f64,
    /// What the logs show of the trait, as `activity_level` in `patients.csv`.
    pub activity_level: f64,
    /// The trait itself, standard normal.
    pub health_trait: f64,
    /// Mean pain at the start.
    pub baseline_pain: f64,
    /// Share of the sessions planned in the program that were done.
    pub adherence: f64,
    /// First day of the program.
    pub started: Day,
    /// Day of completion.
    pub completed: Option<Day>,
    /// The later of completion and the 31st day in a row on which pain is low enough for zeros and ones.
    pub at_risk_from: Option<Day>,
    /// First day of the first recurrence after it.
    pub recurrence: Option<Day>,
    /// Last day simulated: the cut-off, or two years after completion.
    pub last_day: Day,
    /// Last day of maintenance by the patient's plan.
    pub maintained_to: Option<Day>,
    /// Days of sessions done after completion, in order.
    pub maintenance: Vec<Day>,
}

/// The courses of a cohort, in the order of its patients.
///
/// # Errors
/// [`SimulationError`] naming the option that makes no cohort.
pub fn true_courses(options: &SimulationOptions) -> Result<Vec<TrueCourse>, SimulationError> {
    options.check()?;
    Ok((1..=options.patients).into_par_iter().map(|number| true_course(number, options)).collect())
}

/// Days of low pain that make a remission.
const REMISSION: i32 = 30;

fn true_course(number: usize, options: &SimulationOptions) -> TrueCourse {
    let (patient, _) = Patient::draw(number, options);
    let Patient { person, program, after, .. } = &patient;
    let completed = patient.completed();
    let last_day = options.cut_off.min(program.end.plus(730));
    let at_risk_from = completed.and_then(|completed| remission(&patient, last_day).map(|day| day.max(completed)));
    let episodes = after.iter().flat_map(|after| &after.episodes);
    let recurrence = at_risk_from.and_then(|risk| episodes.map(|episode| episode.from).find(|day| *day > risk && *day <= last_day));
    let sessions = after.iter().flat_map(|after| &after.sessions);
    TrueCourse {
        age: f64::from(person.age),
        female: person.female,
        previous_episodes: f64::from(person.previous_episodes),
        activity_level: person.activity_level(),
        health_trait: person.health_trait,
        baseline_pain: person.baseline_pain,
        adherence: program.adherence,
        started: person.start,
        completed,
        at_risk_from,
        recurrence,
        last_day,
        maintained_to: after.as_ref().and_then(|after| after.maintained_to),
        maintenance: sessions.filter(|session| session.status != SessionStatus::Missed).map(|session| session.day).collect(),
    }
}

/// The day that confirms the remission in which the patient is at completion, or the first one after it.
fn remission(patient: &Patient, last_day: Day) -> Option<Day> {
    let completed = patient.program.end;
    let (mut low, mut day, mut confirmed) = (0, patient.person.start, None);
    while day <= last_day {
        if patient.pain(day) < CALM {
            low += 1;
        } else {
            (low, confirmed) = (0, None);
        }
        if low > REMISSION && confirmed.is_none() {
            confirmed = Some(day);
        }
        if day >= completed && confirmed.is_some() {
            return confirmed;
        }
        day = day.plus(1);
    }
    None
}
