//! Surgery after a landmark in the program, by adherence up to it, with other exits competing.

use serde::Serialize;

use crate::analysis::clusters::Clusters;
use crate::analysis::computed::Computed;
use crate::analysis::contrast::{Adjustment, Contrast, EventRow, adjusted_hazard};
use crate::analysis::covariates::CovariateChoice;
use crate::cohort::{AdherenceWeek, Cohort, Course, PatientAdherence};
use crate::domain::{Day, EventKind, Exclusion};
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::TestResult;
use crate::stats::competing::{
    CumulativeIncidence, IncidenceDifference, IncidenceInterval, IncidenceVariance, TimeToCause, cumulative_incidence, gray_test,
    incidence_difference,
};

/// Surgery by adherence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SurgeryAnalysis {
    /// Days from the start of the program to the landmark.
    pub landmark: i32,
    /// Adherence from which a program is in the high band.
    pub cut: f64,
    /// Programs compared.
    pub n: usize,
    /// Their patients; if fewer, errors of the hazard ratios are worked out by patient.
    pub patients: usize,
    /// Surgeries after the landmark.
    pub surgeries: usize,
    /// Other exits after it.
    pub other_exits: usize,
    /// Programs not compared, by reason.
    pub left_out: SurgeryLeftOut,
    /// Low band, then high band.
    pub bands: [BandOutcome; 2],
    /// Gray's test that surgery is as common in both.
    pub gray: Computed<TestResult>,
    /// Difference of the cumulative incidence at `horizon`, high less low.
    pub difference: Computed<IncidenceDifference>,
    /// Days after the landmark at which incidences are compared.
    pub horizon: f64,
    /// Cause-specific hazard ratio, high against low band.
    pub not_adjusted: Computed<Contrast>,
    /// The same at equal covariates.
    pub adjusted: Computed<Contrast>,
    /// The ratio for 10 % more adherence, at equal covariates.
    pub per_tenth: Computed<Contrast>,
    /// High against low band at equal covariates, without surgeries in the first four weeks after the landmark: those may have been
    /// planned by then.
    pub later: Computed<Contrast>,
}

/// Days after the landmark within which a surgery may have been planned before it.
const PLANNED: i32 = 28;

/// Who is not compared, in programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SurgeryLeftOut {
    /// No program, or nothing prescribed in it.
    pub no_prescription: usize,
    /// Surgery on or before the landmark.
    pub surgery_before: usize,
    /// Another exit, or the end of the log, on or before it.
    pub ended_before: usize,
}

/// One band.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BandOutcome {
    /// What it is called.
    pub label: &'static str,
    /// Programs.
    pub n: usize,
    /// Surgeries.
    pub surgeries: usize,
    /// Cumulative incidence of surgery (cause 1) and other exits (cause 2).
    pub incidence: Computed<CumulativeIncidence>,
}

struct Row {
    course: usize,
    patient: usize,
    days: i32,
    /// 0 none, 1 surgery, 2 another exit.
    cause: usize,
    adherence: f64,
}

/// Surgery after a landmark.
///
/// # Definition
/// The landmark lies `landmark.day` days after the start of the program. *Adherence* up to it is the mean over the program's weeks that
/// have ended by then of min(done, prescribed) / prescribed; weeks after a program was given up count as 0, to its planned end, or to the
/// landmark where none is recorded. *High* is `adherence.adherent_week` and more. Compared are programs without surgery or another exit by
/// the landmark and with a log after it.
/// A patient is followed to surgery, to another exit (withdrawal, death, another program), or to `censoring.silence` days after the last
/// log of any kind before the first longer silence (the cut-off if that is earlier): a surgery later than that is not counted, since its
/// absence would not have been noticed either. What is logged after that silence, or after an exit, plays no part. The hazard ratio is
/// cause-specific: other exits are censorings.
///
/// # References
/// Aalen & Johansen (1978), *Scand J Stat* 5:141–150. Gray (1988), *Ann Stat* 16:1141–1154. Lau, Cole & Gange (2009), *Am J Epidemiol*
/// 170:244–256.
#[must_use]
pub fn analyze_surgery(logs: &Logs, cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> SurgeryAnalysis {
    let (landmark, cut, level) = (settings.landmark.day, settings.adherence.adherent_week, settings.model.level);
    let mut left_out = SurgeryLeftOut::default();
    let mut rows: Vec<Row> = Vec::new();
    for (index, course) in cohort.courses.iter().enumerate() {
        let adherence = course.adherence.as_ref().and_then(|adherence| adherence_by(adherence, landmark, left_without_plan(course, logs)));
        let (Some(program), Some(adherence)) = (course.program, adherence) else {
            left_out.no_prescription += 1;
            continue;
        };
        let zero = program.start.plus(landmark);
        let (end, cause) = followed(course, logs, program.start, settings);
        if end <= zero {
            if cause == 1 {
                left_out.surgery_before += 1;
            } else {
                left_out.ended_before += 1;
            }
            continue;
        }
        rows.push(Row { course: index, patient: course.patient, days: end.days_since(zero), cause, adherence });
    }
    let high = |row: &Row| row.adherence >= cut - 1e-9;
    let band = |label, wanted: bool| {
        let members: Vec<&Row> = rows.iter().filter(|row| high(row) == wanted).collect();
        BandOutcome {
            label,
            n: members.len(),
            surgeries: members.iter().filter(|row| row.cause == 1).count(),
            incidence: times(&members)
                .and_then(|rows| cumulative_incidence(&rows, IncidenceVariance::InfinitesimalJackknife, IncidenceInterval::LogLog, level))
                .into(),
        }
    };
    let bands = [band("low adherence", false), band("high adherence", true)];
    let last = |band: &BandOutcome| band.incidence.value().map_or(0.0, CumulativeIncidence::last_time);
    let horizon = settings.model.horizon.min(last(&bands[0])).min(last(&bands[1]));
    let difference = match (bands[0].incidence.value(), bands[1].incidence.value()) {
        (Some(low), Some(high)) => incidence_difference(low, high, 1, horizon).into(),
        _ => Computed::NotTestable("one band is empty".to_owned()),
    };
    let all: Vec<&Row> = rows.iter().collect();
    let groups: Vec<usize> = rows.iter().map(|row| usize::from(high(row))).collect();
    let gray = times(&all).and_then(|times| gray_test(&times, &groups, None, 1, 0.0)).map(|found| found.test).into();
    let events = |exposure: &dyn Fn(&Row) -> f64| -> Vec<EventRow> {
        rows.iter()
            .map(|row| EventRow {
                course: row.course,
                patient: row.patient,
                from: 0,
                to: row.days,
                event: row.cause == 1,
                exposure: exposure(row),
            })
            .collect()
    };
    let by_band = events(&|row| f64::from(high(row)));
    let adjustment = Adjustment::but(covariates, &["adherence"]);
    SurgeryAnalysis {
        landmark,
        cut,
        n: rows.len(),
        patients: Clusters::of(rows.iter().map(|row| row.patient)).patients,
        surgeries: rows.iter().filter(|row| row.cause == 1).count(),
        other_exits: rows.iter().filter(|row| row.cause == 2).count(),
        left_out,
        gray,
        difference,
        horizon,
        not_adjusted: adjusted_hazard(&by_band, &Adjustment::default(), level).into(),
        adjusted: adjusted_hazard(&by_band, &adjustment, level).into(),
        per_tenth: adjusted_hazard(&events(&|row| row.adherence / 0.1), &adjustment, level).into(),
        later: adjusted_hazard(
            &by_band.iter().filter(|row| row.to > PLANNED).map(|row| EventRow { from: PLANNED, ..*row }).collect::<Vec<_>>(),
            &adjustment,
            level,
        )
        .into(),
        bands,
    }
}

fn times(rows: &[&Row]) -> Result<TimeToCause, crate::stats::StatsError> {
    TimeToCause::new(rows.iter().map(|row| f64::from(row.days)).collect(), rows.iter().map(|row| row.cause).collect())?.with_causes(2)
}

/// Whether a program was given up of which no planned end is recorded: its weeks end with the last session. Those of one with a planned
/// end go on to it, as empty ones.
fn left_without_plan(course: &Course, logs: &Logs) -> bool {
    let records = logs.programs.of(course.patient);
    let record = records.get((course.program_number as usize).saturating_sub(1));
    let planned = record.and_then(|record| record.planned_end).is_some_and(|day| day <= logs.cut_off);
    !planned && course.program.is_some_and(|program| program.completion == Err(Exclusion::DroppedOut))
}

/// Mean capped share over the weeks of the program that have ended by `day` days after its start, the last of them the day before; with
/// `to_day`, over all weeks to that day, those after the program's last one as 0.
pub(super) fn adherence_by(adherence: &PatientAdherence, day: i32, to_day: bool) -> Option<f64> {
    let ended: Vec<f64> =
        adherence.weeks.iter().filter(|week| 7 * (i64::from(week.week) + 1) <= i64::from(day)).filter_map(AdherenceWeek::capped).collect();
    let weeks = if to_day { usize::try_from(day / 7).unwrap_or(0).max(ended.len()) } else { ended.len() };
    (!ended.is_empty()).then(|| ended.iter().sum::<f64>() / weeks as f64)
}

/// The last day of a course that is followed for surgery, and what ended it: 0 the log, 1 surgery, 2 another exit.
fn followed(course: &Course, logs: &Logs, start: Day, settings: &Settings) -> (Day, usize) {
    let rows = logs.events.rows(course.patient);
    let exit = rows.filter(|&row| logs.events.day[row] > start.0 && logs.events.kind[row].ends_follow_up()).map(|row| {
        let cause = if logs.events.kind[row] == EventKind::Surgery { 1 } else { 2 };
        (Day(logs.events.day[row]), cause)
    });
    let exit = exit.min().into_iter().chain(course.next_start.map(|next| (next, 2))).min();
    let silence = settings.censoring.silence;
    let watched =
        if silence > 0 { last_before_silence(course, logs, start, silence).plus(silence).min(logs.cut_off) } else { logs.cut_off };
    match exit {
        Some((day, cause)) if day <= watched => (day, cause),
        _ => (watched, 0),
    }
}

/// The last log of a course, of pain or a session, before the first silence from its start on.
fn last_before_silence(course: &Course, logs: &Logs, start: Day, silence: i32) -> Day {
    let pain = &logs.pain.day[course.pain_rows.clone()];
    let mut days: Vec<i32> = course.sessions.day.iter().chain(pain).copied().filter(|&day| day > start.0).collect();
    days.sort_unstable();
    let mut last = start.0;
    for day in days {
        if day - last > silence {
            break;
        }
        last = day;
    }
    Day(last)
}
