//! How long it takes from the start of the program until pain is gone and stays away, and until it has changed by an important amount.

use rayon::prelude::*;
use serde::Serialize;

use crate::analysis::clusters::Clusters;
use crate::analysis::computed::Computed;
use crate::cohort::{Cohort, Course, PainWeek, remissions};
use crate::domain::{Counted, Day, Exclusion};
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::competing::{IncidenceInterval, IncidenceVariance, TimeToCause, cumulative_incidence};
use crate::stats::survival::{CurveEstimator, CurveInterval, QuantileEstimate, SurvivalCurve, TimeToEvent, curve};
use crate::stats::{Interval, normal_upper_p};

/// Time from the start of the program to recovery.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecoveryTime {
    /// Programs followed.
    pub n: usize,
    /// Their patients; if fewer, errors are worked out by patient.
    pub patients: usize,
    /// Programs after whose start the patient recovered.
    pub recovered: usize,
    /// Programs not followed, by reason.
    pub left_out: Vec<(&'static str, usize)>,
    /// Kaplan–Meier curve of not having recovered yet.
    pub curve: SurvivalCurve,
    /// Median time to recovery in days.
    pub median: QuantileEstimate,
    /// Share recovered by each of the weeks asked for.
    pub by: Vec<RecoveredBy>,
    /// Median time in days by which half of all have recovered when leaving counts as not recovering; `None` if half never have.
    pub median_with_leaving: Option<f64>,
    /// Programs left (given up, surgery, withdrawal, death, another program) before recovery.
    pub left: usize,
    /// Days to the first important change of pain that two weeks in a row show.
    pub response: Computed<SurvivalCurve>,
    /// Programs in which a change can be seen.
    pub response_n: usize,
    /// Days from start to completion, median over completed programs.
    pub program_days: Option<f64>,
}

/// The share recovered by a week.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RecoveredBy {
    /// Weeks since the start of the program.
    pub week: u32,
    /// By Kaplan–Meier: if nobody had left.
    pub recovered: f64,
    /// Its interval.
    pub interval: Interval,
    /// Two-sided p of half.
    pub p_value: f64,
    /// By Aalen–Johansen: who left has not recovered.
    pub with_leaving: Option<f64>,
}

impl RecoveryTime {
    /// What is followed: patients, or programs where some patient has several.
    #[must_use]
    pub fn counted(&self) -> Counted {
        Counted::of(self.n, self.patients)
    }
}

/// Why a program says nothing about the time to recovery.
const NO_PROGRAM: &str = "no program with pain logged after its start";
const FREE_AT_START: &str = "hardly any pain at the start of the program";
const TOO_SHORT: &str = "pain not logged for long enough to see a recovery hold";

/// One program followed from its start.
struct Followed {
    patient: usize,
    /// Day of recovery, or the last day on which one could have begun and been seen to hold.
    days: i32,
    recovered: bool,
    /// Day on which the patient left, if that came first.
    left: Option<i32>,
}

/// Time from program start to recovery.
///
/// # Definition
/// *Recovery* is the first day of the first remission (`remission.*`) that begins after the program's start. It is seen to hold only
/// `remission.days` later, so a program whose pain log ends on day E is followed to E − `remission.days`: an earlier day could have been
/// a recovery, a later one could not have been seen. The log ends before a silence longer than `censoring.silence`, at the next
/// program, and with surgery, withdrawal or death. Left out: a baseline at or below `remission.ceiling`, or a remission that the
/// start of the program falls into.
///
/// *Leaving* is giving the program up (last session of it done), surgery, withdrawal, death or another program before recovery; it
/// competes with recovery in the Aalen–Johansen shares. It counts within `censoring.silence` days of the last log (to the cut-off without
/// that setting): whoever leaves later was already lost from sight. One after the last day followed is put on that day.
///
/// *Response* is the end of the first program week whose mean pain, and that of the next week logged, is at least
/// `pain.important_share` and `pain.important_points` below baseline.
///
/// # References
/// Williams (2014), *Lancet* 384:1586–1596 (0–1 as recovered). Aalen & Johansen (1978), *Scand J Stat* 5:141–150.
#[must_use]
pub fn analyze_recovery_time(logs: &Logs, cohort: &Cohort, weeks: &[u32], settings: &Settings) -> Computed<RecoveryTime> {
    let each: Vec<Result<Followed, &'static str>> = cohort.courses.par_iter().map(|course| followed(course, logs, settings)).collect();
    let rows: Vec<&Followed> = each.iter().filter_map(|row| row.as_ref().ok()).collect();
    let left_out = [NO_PROGRAM, FREE_AT_START, TOO_SHORT]
        .into_iter()
        .map(|reason| (reason, each.iter().filter(|row| matches!(row, Err(why) if *why == reason)).count()))
        .filter(|&(_, n)| n > 0)
        .collect();
    if rows.is_empty() {
        return Computed::NotTestable("no program has pain logged from its start until a recovery could be seen to hold".to_owned());
    }
    let clusters = Clusters::of(rows.iter().map(|row| row.patient));
    let curve = TimeToEvent::new(rows.iter().map(|row| f64::from(row.days)).collect(), rows.iter().map(|row| row.recovered).collect())
        .and_then(|outcome| km(&outcome, settings.model.level, clusters.of_row.as_deref()));
    let curve = match curve {
        Ok(curve) => curve,
        Err(error) => return Computed::NotTestable(error.to_string()),
    };
    let (incidence, left) = with_leaving(&rows, settings.model.level);
    let by = weeks.iter().filter_map(|&week| recovered_by(&curve, incidence.as_ref(), week)).collect();
    let (response, response_n) = response(cohort, settings);
    let program_days: Vec<f64> = cohort
        .courses
        .iter()
        .filter_map(|course| Some(f64::from(course.program?.completion.ok()?.days_since(course.program?.start) + 1)))
        .collect();
    Computed::Value(RecoveryTime {
        n: rows.len(),
        patients: clusters.patients,
        recovered: curve.n_events,
        left_out,
        median: curve.median(),
        by,
        median_with_leaving: incidence.as_ref().and_then(|steps| steps.iter().find(|(_, share)| *share >= 0.5 - 1e-9)).map(|step| step.0),
        left,
        curve,
        response,
        response_n,
        program_days: crate::stats::median(&program_days).ok(),
    })
}

fn km(outcome: &TimeToEvent, level: f64, cluster: Option<&[usize]>) -> Result<SurvivalCurve, crate::stats::StatsError> {
    curve(outcome, CurveEstimator::KaplanMeier, CurveInterval::LogLog, level, cluster)
}

fn followed(course: &Course, logs: &Logs, settings: &Settings) -> Result<Followed, &'static str> {
    let program = course.program.ok_or(NO_PROGRAM)?;
    let rows = logs.pain.rows(course.patient);
    let days = &logs.pain.day[rows];
    let first = days.partition_point(|&day| day < program.start.0);
    let end = course.next_start.map_or(days.len(), |next| days.partition_point(|&day| day < next.0));
    if first >= end {
        return Err(NO_PROGRAM);
    }
    let ends = settings.censoring.competing_events.then(|| exit_event(course, logs)).flatten();
    let silence = settings.censoring.silence;
    let mut last = program.start.0;
    for &day in &days[first..end] {
        if (silence > 0 && day - last > silence) || ends.is_some_and(|end| end.0 < day) {
            break;
        }
        last = day;
    }
    if course.pain.as_ref().and_then(|pain| pain.baseline).is_some_and(|(baseline, _)| baseline <= settings.remission.ceiling) {
        return Err(FREE_AT_START);
    }
    let start = program.start.0;
    let spans = remissions(&logs.pain, course.patient, settings);
    if spans.iter().any(|span| span.holds_on(program.start, &logs.pain, course.patient, settings)) {
        return Err(FREE_AT_START);
    }
    let recovery = spans.iter().find(|span| span.from.0 > start && span.confirmed.0 <= last).map(|span| span.from.0 - start);
    let watched = last - settings.remission.days - start;
    if watched < 1 && recovery.is_none() {
        return Err(TOO_SHORT);
    }
    let days = recovery.unwrap_or(watched);
    let gave_up = (program.completion == Err(Exclusion::DroppedOut)).then(|| course.last_session_done()).flatten();
    let seen = if silence > 0 { last + silence } else { logs.cut_off.0 };
    let left = [ends, gave_up].into_iter().flatten().min().filter(|day| day.0 <= seen).map(|day| (day.0 - start).max(1));
    let left = left.filter(|&left| recovery.is_none_or(|recovered| left < recovered)).map(|left| left.min(days));
    Ok(Followed { patient: course.patient, days, recovered: recovery.is_some(), left })
}

/// The first event after the start that ends the program's time: surgery, withdrawal, death, another program.
fn exit_event(course: &Course, logs: &Logs) -> Option<Day> {
    let start = course.program?.start;
    let event = logs.events.rows(course.patient).find(|&row| logs.events.day[row] > start.0 && logs.events.kind[row].ends_follow_up());
    [event.map(|row| Day(logs.events.day[row])), course.next_start].into_iter().flatten().min()
}

/// Share recovered over time where leaving competes, as steps; and how many left first.
fn with_leaving(rows: &[&Followed], level: f64) -> (Option<Vec<(f64, f64)>>, usize) {
    let left = rows.iter().filter(|row| row.left.is_some()).count();
    let time = rows.iter().map(|row| f64::from(row.left.unwrap_or(row.days))).collect();
    let cause = rows.iter().map(|row| if row.left.is_some() { 2 } else { usize::from(row.recovered) }).collect();
    let steps = TimeToCause::new(time, cause)
        .and_then(|rows| rows.with_causes(2))
        .and_then(|rows| cumulative_incidence(&rows, IncidenceVariance::InfinitesimalJackknife, IncidenceInterval::LogLog, level))
        .ok()
        .and_then(|found| Some(found.time.iter().copied().zip(found.incidence.first()?.estimate.iter().copied()).collect()));
    (steps, left)
}

fn recovered_by(curve: &SurvivalCurve, incidence: Option<&Vec<(f64, f64)>>, week: u32) -> Option<RecoveredBy> {
    let time = f64::from(7 * week);
    let point = curve.at(time)?;
    let with_leaving = incidence.map(|steps| {
        let rows = steps.partition_point(|step| step.0 <= time);
        rows.checked_sub(1).and_then(|row| steps.get(row)).map_or(0.0, |step| step.1)
    });
    Some(RecoveredBy {
        week,
        recovered: 1.0 - point.estimate,
        interval: Interval { lower: 1.0 - point.upper?, upper: 1.0 - point.lower?, level: curve.level },
        p_value: (2.0 * half_recovered_p(curve, time)?.0.min(half_recovered_p(curve, time)?.1)).min(1.0),
        with_leaving,
    })
}

/// One-sided p values at a time: that at least half have had the event by then, and that at most half have; `None` past the last
/// follow-up.
///
/// # Definition
/// ```text
/// z = (log(−log S(t)) − log(log 2)) / (se log S(t) / |log S(t)|)
/// ```
/// The first is Φ(z), small where clearly fewer than half have had it; the second 1 − Φ(z). The times at which neither is below α/2 are
/// the limits of the median on the log–log scale (Brookmeyer & Crowley), so test and interval agree. Where S is still 1, or is 0, z does
/// not exist and the probability that all at risk lie on one side of the median, 2⁻ⁿ, takes its place.
///
/// # References
/// Brookmeyer & Crowley (1982), *Biometrics* 38:29–41.
#[must_use]
pub fn half_recovered_p(curve: &SurvivalCurve, time: f64) -> Option<(f64, f64)> {
    let point = curve.at(time)?;
    let survival = point.estimate;
    let row = curve.time.partition_point(|&at| at <= time).checked_sub(1);
    if let Some(error) = row.and_then(|row| curve.std_error_log[row]).filter(|&error| error > 0.0)
        && survival > 0.0
        && survival < 1.0
    {
        let z = ((-survival.ln()).ln() - std::f64::consts::LN_2.ln()) / (error / survival.ln().abs());
        return Some((normal_upper_p(-z), normal_upper_p(z)));
    }
    if survival >= 1.0 {
        let chance = 0.5_f64.powf(point.at_risk);
        Some((chance, 1.0 - chance))
    } else {
        let chance = 0.5_f64.powf(curve.n as f64);
        Some((1.0 - chance, chance))
    }
}

/// Curve of the days to the first important change that holds for two weeks, and in how many programs it can be seen.
fn response(cohort: &Cohort, settings: &Settings) -> (Computed<SurvivalCurve>, usize) {
    let rows: Vec<(usize, u32, bool)> = cohort
        .courses
        .iter()
        .filter_map(|course| {
            let pain = course.pain.as_ref()?;
            let (baseline, _) = pain.baseline?;
            if baseline < settings.pain.share_from_baseline {
                return None;
            }
            let changed = |week: &PainWeek| settings.pain.important(baseline, baseline - week.mean);
            let first = pain.weeks.windows(2).find(|pair| pair.iter().all(changed)).and_then(|pair| pair.first());
            // The week before the last is the last that another could have borne out.
            let watched = pain.weeks.len().checked_sub(2).and_then(|at| pain.weeks.get(at))?;
            Some((course.patient, 7 * (first.unwrap_or(watched).week + 1), first.is_some()))
        })
        .collect();
    if rows.is_empty() {
        return (Computed::NotTestable("no program has a baseline and two weeks of pain".to_owned()), 0);
    }
    let clusters = Clusters::of(rows.iter().map(|row| row.0));
    let outcome = TimeToEvent::new(rows.iter().map(|row| f64::from(row.1)).collect(), rows.iter().map(|row| row.2).collect());
    (outcome.and_then(|outcome| km(&outcome, settings.model.level, clusters.of_row.as_deref())).into(), rows.len())
}
