//! Sessions that hurt, against the same patient's other sessions.

use rayon::prelude::*;

use crate::cohort::{Cohort, Course, ExposurePeriod};
use crate::domain::{Day, Exclusion};
use crate::ingest::{Logs, SessionLog};
use crate::stats::regression::{Covariance, Observations, linear_regression};
use crate::stats::{Covariates, StatsError};

use super::clusters::Clusters;
use super::contrast::{Contrast, EventRow};
use super::program_start::mean_pain;
use super::vocabulary::left_on;

/// A session whose pain is logged before and during or after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatedSession {
    /// Its day.
    pub day: Day,
    /// Pain before.
    pub before: f64,
    /// The higher of pain during and after; of several rows of a day, the highest.
    pub worst: f64,
}

impl RatedSession {
    /// Whether pain rose by at least so many points.
    #[must_use]
    pub fn is_painful(&self, rise: f64) -> bool {
        self.worst - self.before >= rise - 1e-9
    }
}

/// A patient's rated sessions of a period, one per day.
#[must_use]
pub fn rated_sessions(log: &SessionLog, patient: usize, period: ExposurePeriod) -> Vec<RatedSession> {
    let mut sessions: Vec<RatedSession> = Vec::new();
    for row in period.done_rows(log, patient) {
        let of = |column| SessionLog::pain_of(column, row);
        let worst = match (of(&log.pain_during), of(&log.pain_after)) {
            (Some(during), Some(after)) => Some(during.max(after)),
            (during, after) => during.or(after),
        };
        let (Some(before), Some(worst)) = (of(&log.pain_before), worst) else { continue };
        match sessions.last_mut() {
            // The pain before the first exercise is the pain before the session.
            Some(last) if last.day.0 == log.day[row] => last.worst = last.worst.max(worst),
            _ => sessions.push(RatedSession { day: Day(log.day[row]), before, worst }),
        }
    }
    sessions
}

/// A rated session with the pain around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SessionPain {
    /// Index of the course.
    pub course: usize,
    /// Index of the patient.
    pub patient: usize,
    /// The session.
    pub session: RatedSession,
    /// Days since program start.
    pub program_day: f64,
    /// Mean pain of the 7 days before it.
    pub week_before: f64,
    /// Mean pain of the 7 days after it.
    pub week_after: f64,
    /// The same without the first of them.
    pub later_week_after: Option<f64>,
}

/// Every rated session of a program with pain logged in the week before and in the week after it, in the order of the cohort. The
/// days of the session itself belong to neither.
#[must_use]
pub fn session_pains(logs: &Logs, cohort: &Cohort) -> Vec<SessionPain> {
    let of = |(index, course): (usize, &Course)| -> Vec<SessionPain> {
        let Some(program) = course.program else { return vec![] };
        let period = ExposurePeriod { from: program.start, to: program.end };
        let mean = |session: &RatedSession, from: i32, to: i32| {
            mean_pain(&logs.pain, course.patient, session.day.plus(from), session.day.plus(to))
        };
        rated_sessions(&logs.sessions, course.patient, period)
            .into_iter()
            .filter_map(|session| {
                Some(SessionPain {
                    course: index,
                    patient: course.patient,
                    session,
                    program_day: f64::from(session.day.days_since(program.start)),
                    week_before: mean(&session, -7, -1)?,
                    week_after: mean(&session, 1, 7)?,
                    later_week_after: mean(&session, 2, 7),
                })
            })
            .collect()
    };
    if logs.sessions.pain_before.is_empty() {
        return vec![];
    }
    cohort.courses.par_iter().enumerate().map(of).collect::<Vec<_>>().into_iter().flatten().collect()
}

/// Sessions of the programs that have painful and other ones, by the rise that makes a session painful.
#[must_use]
pub fn with_both_kinds(sessions: &[SessionPain], rise: f64) -> Vec<SessionPain> {
    let both = |program: &&[SessionPain]| {
        let painful = program.iter().filter(|pain| pain.session.is_painful(rise)).count();
        painful > 0 && painful < program.len()
    };
    sessions.chunk_by(|one, other| one.course == other.course).filter(both).flatten().copied().collect()
}

/// Difference of an outcome between painful and other sessions of the same program.
///
/// # Definition
/// `y_ij = α_i + β painful_ij + γ z_ij + ε_ij` over the sessions j of programs i, by least squares on distances from each program's own
/// means; errors are robust ones by patient. With `adjusted`, z is the pain before the session, the mean pain of the week before it, and
/// the day of the program; without, nothing.
///
/// # Errors
/// [`StatsError`] where the model cannot be fitted: too few sessions or patients, no variation.
///
/// # References
/// Allison (2009), *Fixed Effects Regression Models*; Cameron & Miller (2015), *J Hum Resour* 50:317–372 (errors by cluster).
pub fn within_program(
    sessions: &[SessionPain],
    rise: f64,
    outcome: impl Fn(&SessionPain) -> Option<f64>,
    adjusted: bool,
    level: f64,
) -> Result<Contrast, StatsError> {
    let kept: Vec<(&SessionPain, f64)> = sessions.iter().filter_map(|pain| Some((pain, outcome(pain)?))).collect();
    let columns_of = |pain: &SessionPain, outcome: f64| {
        let painful = f64::from(pain.session.is_painful(rise));
        [outcome, painful, pain.session.before, pain.week_before, pain.program_day]
    };
    let mut columns: [Vec<f64>; 5] = Default::default();
    let mut programs = 0;
    for program in kept.chunk_by(|one, other| one.0.course == other.0.course) {
        programs += 1;
        let rows: Vec<[f64; 5]> = program.iter().map(|(pain, outcome)| columns_of(pain, *outcome)).collect();
        for (column, values) in columns.iter_mut().enumerate() {
            let mean = rows.iter().map(|row| row[column]).sum::<f64>() / rows.len() as f64;
            values.extend(rows.iter().map(|row| row[column] - mean));
        }
    }
    let clusters = Clusters::of(kept.iter().map(|(pain, _)| pain.patient));
    let labels = clusters.of_row.unwrap_or_else(|| (0..kept.len()).collect());
    let [outcome, painful, before, week_before, program_day] = columns;
    let (mut names, mut covariates, mut dropped) = (vec!["painful".to_owned()], vec![painful], vec![]);
    let others = [("pain before the session", before), ("pain of the week before", week_before), ("day of the program", program_day)];
    for (name, column) in others.into_iter().filter(|_| adjusted) {
        if column.iter().all(|distance| distance.abs() < 1e-9) {
            dropped.push(format!("{name}: the same in every session of a program"));
        } else {
            names.push(name.to_owned());
            covariates.push(column);
        }
    }
    let covariates = Covariates::new(names, covariates)?;
    let fit = linear_regression(&Observations::new(&outcome, &covariates), Covariance::ClusterHc1(&labels), level)?;
    let term = fit.coefficients.get(1).ok_or(StatsError::EmptySample)?;
    let p_value = term.p_value.ok_or(StatsError::UndefinedVariance { what: "the difference: the outcome does not vary" })?;
    Ok(Contrast {
        estimate: term.estimate,
        interval: term.interval,
        p_value,
        std_error: term.std_error,
        df: term.df,
        n: programs,
        patients: clusters.patients,
        n_events: None,
        adjusted_for: covariates.names().iter().skip(1).cloned().collect(),
        dropped,
        missing_covariate: 0,
    })
}

/// Time in the program to dropping out, by whether the last rated session was painful: stretches from a rated session to the next.
///
/// # Definition
/// Days since program start. From the day of a rated session on, the exposure is whether it was painful; days before the first are not
/// used. A patient who drops out does so on the day after the last session done, so that this session is known by then.
#[must_use]
pub fn drop_out_rows(logs: &Logs, cohort: &Cohort, rise: f64) -> Vec<EventRow> {
    let of = |(index, course): (usize, &Course)| -> Vec<EventRow> {
        let Some(program) = course.program else { return vec![] };
        let left = program.completion == Err(Exclusion::DroppedOut);
        let Some(end) = (if left { left_on(course) } else { Some(program.end) }) else { return vec![] };
        let sessions = rated_sessions(&logs.sessions, course.patient, ExposurePeriod { from: program.start, to: end });
        let mut rows: Vec<EventRow> = Vec::new();
        for (number, session) in sessions.iter().enumerate() {
            let until = sessions.get(number + 1).map_or(end, |next| next.day);
            let (from, to) = (session.day.days_since(program.start), until.days_since(program.start));
            if to > from {
                let exposure = f64::from(session.is_painful(rise));
                rows.push(EventRow { course: index, patient: course.patient, from, to, event: left && until == end, exposure });
            }
        }
        rows
    };
    if logs.sessions.pain_before.is_empty() {
        return vec![];
    }
    cohort.courses.par_iter().enumerate().map(of).collect::<Vec<_>>().into_iter().flatten().collect()
}
