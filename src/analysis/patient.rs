//! One patient's course, as the physiotherapist sees it.

use serde::Serialize;

use crate::cohort::{BaselineSource, Cohort, Course, Exposure, FollowUpEnd, PatientAdherence, maintained_at, remissions};
use crate::domain::{Day, EventKind, Exclusion, Phase, SessionStatus};
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::{TheilSen, lowess, theil_sen};

use super::computed::Computed;
use super::look_list::{Look, looks_of};

/// One patient, with nothing of any other patient in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PatientAnalysis {
    /// The patient's id.
    pub id: String,
    /// Daily pain.
    pub pain: Vec<(Day, f64)>,
    /// LOWESS-smoothed pain on the same days; empty with fewer than 7 logs.
    pub smooth: Vec<(Day, f64)>,
    /// Sessions in day order.
    pub sessions: Vec<(Day, SessionStatus)>,
    /// Stretches of one phase, first to last session of each.
    pub phases: Vec<PhaseStretch>,
    /// Theil–Sen slope of daily pain in points per week.
    pub trend_per_week: Computed<TheilSen>,
    /// First days of confirmed remissions.
    pub remissions_confirmed: Vec<Day>,
    /// Each program and the time after it, the earliest first; one entry without a start if no program is known.
    pub programs: Vec<PatientProgram>,
    /// Whether the exercise is being kept up as of the last log; `None` before the last program's completion or where it cannot
    /// be told.
    pub maintained_now: Option<Exposure>,
    /// Why the patient is worth a look, the most pressing first.
    pub looks: Vec<Look>,
    /// Clinical events.
    pub events: Vec<(Day, EventKind)>,
}

/// One program of a patient and the time after it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PatientProgram {
    /// The patient's first program is 1.
    pub number: u32,
    /// Program start.
    pub start: Option<Day>,
    /// Last day over which adherence and weekly pain are counted.
    pub end: Option<Day>,
    /// Completion, or why there is none.
    pub completion: Computed<Day>,
    /// Baseline pain and where it comes from.
    pub baseline: Option<(f64, BaselineSource)>,
    /// End-of-program pain.
    pub end_pain: Option<f64>,
    /// Change from baseline.
    pub change: Option<f64>,
    /// The greatest pain that would be an important change from baseline; `None` if the baseline is too low for one.
    pub important_change_at: Option<f64>,
    /// Sessions logged from its start (all before it, for the first) to the next one's.
    pub sessions: usize,
    /// In-program adherence.
    #[serde(skip)]
    pub adherence: Option<PatientAdherence>,
    /// First day at risk, or why never.
    pub at_risk_from: Computed<Day>,
    /// First recurrence.
    pub recurrence: Option<Day>,
    /// Last day followed, and what ended it.
    pub followed_to: Option<(Day, String)>,
}

/// A stretch of one phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PhaseStretch {
    /// Phase.
    pub phase: Phase,
    /// First session.
    pub from: Day,
    /// Last session before another phase, or in all.
    pub to: Day,
}

/// Fewer logs than this are shown as they are.
const SMOOTH_FROM: usize = 7;

/// Analyzes one patient (index into the study).
#[must_use]
pub fn analyze_patient(logs: &Logs, cohort: &Cohort, patient: usize, settings: &Settings) -> PatientAnalysis {
    let courses = cohort.of(patient);
    let pain: Vec<(Day, f64)> = logs.pain.rows(patient).map(|row| (Day(logs.pain.day[row]), logs.pain.score(row))).collect();
    let last_session = logs.sessions.rows(patient).last().map(|row| Day(logs.sessions.day[row]));
    let last_log = pain.last().map(|(day, _)| *day).into_iter().chain(last_session).max();
    let maintained_now = courses.last().zip(last_log).and_then(|(course, day)| {
        let completion = course.program?.completion.ok()?;
        maintained_at(&course.sessions, completion, day, &crate::settings::ExposureSettings { lag: 0, ..settings.maintenance.clone() })
    });
    PatientAnalysis {
        id: logs.patients.ids[patient].clone(),
        smooth: smooth(&pain),
        sessions: logs.sessions.rows(patient).map(|row| (Day(logs.sessions.day[row]), logs.sessions.status[row])).collect(),
        phases: phases(logs, patient),
        trend_per_week: trend(&pain, settings),
        remissions_confirmed: remissions(&logs.pain, patient, settings).into_iter().map(|span| span.confirmed).collect(),
        programs: courses.iter().map(|course| program(logs, course, settings)).collect(),
        maintained_now,
        looks: looks_of(logs, cohort, patient, settings),
        events: logs.events.rows(patient).map(|row| (Day(logs.events.day[row]), logs.events.kind[row])).collect(),
        pain,
    }
}

fn program(logs: &Logs, course: &Course, settings: &Settings) -> PatientProgram {
    let baseline = course.pain.as_ref().and_then(|pain| pain.baseline);
    let completion = match course.program.map(|program| program.completion) {
        None => Computed::NotTestable(Exclusion::NoProgram.as_str().to_owned()),
        Some(Ok(day)) => Computed::Value(day),
        Some(Err(reason)) => Computed::NotTestable(reason.as_str().to_owned()),
    };
    let important_change_at = baseline
        .filter(|(value, _)| *value >= settings.pain.share_from_baseline)
        .map(|(value, _)| (value - (settings.pain.important_share * value).max(settings.pain.important_points)).max(logs.scale.min));
    PatientProgram {
        number: course.program_number,
        start: course.program.map(|program| program.start),
        end: course.program.map(|program| program.end),
        completion,
        baseline,
        end_pain: course.pain.as_ref().and_then(|pain| pain.end),
        change: course.pain.as_ref().and_then(crate::cohort::PainCourse::change),
        important_change_at,
        sessions: course.session_rows,
        adherence: course.adherence.clone(),
        at_risk_from: course
            .follow_up
            .map_or_else(|reason| Computed::NotTestable(reason.as_str().to_owned()), |follow_up| Computed::Value(follow_up.at_risk_from)),
        recurrence: course.follow_up.ok().filter(crate::cohort::FollowUp::recurred).map(|follow_up| follow_up.end),
        followed_to: course.follow_up.ok().map(|follow_up| {
            let ended = match follow_up.ended_by {
                FollowUpEnd::Recurrence => "recurrence".to_owned(),
                FollowUpEnd::Censored(reason) => reason.as_str().to_owned(),
            };
            (follow_up.end, ended)
        }),
    }
}

/// Span of the smoother: about thirty logs, at least a twentieth and at most two thirds of all of them.
fn smooth(pain: &[(Day, f64)]) -> Vec<(Day, f64)> {
    if pain.len() < SMOOTH_FROM {
        return Vec::new();
    }
    let x: Vec<f64> = pain.iter().map(|(day, _)| f64::from(day.0 - pain[0].0.0)).collect();
    let y: Vec<f64> = pain.iter().map(|(_, score)| *score).collect();
    let span = (30.0 / pain.len() as f64).clamp(0.05, 2.0 / 3.0);
    lowess(&x, &y, span, 3).map(|smooth| pain.iter().map(|(day, _)| *day).zip(smooth).collect()).unwrap_or_default()
}

/// At most this many days enter the pairwise slopes; a longer log is thinned to weekly means.
const DAILY_PAIRS: usize = 1_000;

fn trend(pain: &[(Day, f64)], settings: &Settings) -> Computed<TheilSen> {
    let (mut weeks, mut scores) = (Vec::new(), Vec::new());
    if pain.len() <= DAILY_PAIRS {
        weeks.extend(pain.iter().map(|(day, _)| f64::from(day.0 - pain[0].0.0) / 7.0));
        scores.extend(pain.iter().map(|(_, score)| *score));
    } else {
        let mut rows = pain.iter().peekable();
        while let Some((day, first)) = rows.next() {
            let week = (day.0 - pain[0].0.0) / 7;
            let (mut sum, mut n) = (*first, 1.0);
            while let Some((_, score)) = rows.next_if(|(day, _)| (day.0 - pain[0].0.0) / 7 == week) {
                sum += score;
                n += 1.0;
            }
            weeks.push(f64::from(week));
            scores.push(sum / n);
        }
    }
    theil_sen(&weeks, &scores, settings.model.level).into()
}

fn phases(logs: &Logs, patient: usize) -> Vec<PhaseStretch> {
    let mut stretches: Vec<PhaseStretch> = Vec::new();
    for row in logs.sessions.rows(patient) {
        let Some(phase) = logs.sessions.phase[row] else { continue };
        let day = Day(logs.sessions.day[row]);
        match stretches.last_mut() {
            Some(last) if last.phase == phase => last.to = day,
            _ => stretches.push(PhaseStretch { phase, from: day, to: day }),
        }
    }
    stretches
}
