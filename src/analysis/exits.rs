//! How following a patient ends: recurrence beside surgery, a new program, withdrawal or death, and silence.

use serde::Serialize;

use crate::cohort::{Cohort, Exposure, FollowUp, FollowUpEnd, LandmarkFate, landmark_fate};
use crate::domain::{CensorReason, Tally};
use crate::settings::Settings;
use crate::stats::StatsError;
use crate::stats::TestResult;
use crate::stats::competing::{
    CumulativeIncidence, FineGrayMethod, IncidenceInterval, IncidencePoint, IncidenceVariance, TimeToCause, cumulative_incidence,
    fine_gray, gray_test,
};
use crate::stats::survival::Covariates;

use super::comparison::HazardRatio;
use super::computed::Computed;

/// An end of the time at risk. Only the last log before the cut-off is none: the patient is still followed, still well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// Pain came back.
    Recurrence,
    /// Surgery.
    Surgery,
    /// A new program or a new referral into one.
    NewProgram,
    /// Withdrawn or died.
    WithdrawnOrDied,
    /// Logging went silent.
    Silence,
}

impl Exit {
    /// All, in the order of their causes.
    pub const ALL: [Self; 5] = [Self::Recurrence, Self::Surgery, Self::NewProgram, Self::WithdrawnOrDied, Self::Silence];

    /// In words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recurrence => "recurrence",
            Self::Surgery => "surgery",
            Self::NewProgram => "new program",
            Self::WithdrawnOrDied => "withdrawn or died",
            Self::Silence => "logging went silent",
        }
    }

    fn of(follow_up: &FollowUp) -> Option<Self> {
        Some(match follow_up.ended_by {
            FollowUpEnd::Recurrence => Self::Recurrence,
            FollowUpEnd::Censored(CensorReason::Surgery) => Self::Surgery,
            FollowUpEnd::Censored(CensorReason::NewProgram) => Self::NewProgram,
            FollowUpEnd::Censored(CensorReason::Withdrawn | CensorReason::Died) => Self::WithdrawnOrDied,
            FollowUpEnd::Censored(CensorReason::Silence) => Self::Silence,
            FollowUpEnd::Censored(CensorReason::LastLog) => return None,
        })
    }

    /// The cause where every exit is one; 0 is still followed.
    fn cause(follow_up: &FollowUp) -> usize {
        Self::of(follow_up).and_then(|exit| Self::ALL.iter().position(|other| *other == exit)).map_or(0, |place| place + 1)
    }

    /// The cause where a recurrence (1) competes with what makes it impossible or unseen for good (2), and silence is a censoring.
    fn clinical_cause(follow_up: &FollowUp) -> usize {
        match Self::of(follow_up) {
            None | Some(Self::Silence) => 0,
            Some(Self::Recurrence) => 1,
            Some(_) => 2,
        }
    }
}

/// The exits of the cohort.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExitAnalysis {
    /// Cumulative incidence of each exit, in the order of [`Exit::ALL`], from the first day at risk.
    pub incidence: Computed<CumulativeIncidence>,
    /// Exits by kind, in the same order, in programs.
    pub counts: [usize; 5],
    /// The tabled days.
    pub times: Vec<f64>,
    /// Incidence of each exit, then of none, at those days; empty beyond the last follow-up.
    pub at: Vec<Vec<IncidencePoint>>,
    /// Recurrence with surgery, new programs, withdrawals and deaths competing, silence a censoring: at the tabled days.
    pub recurrence: Vec<Option<IncidencePoint>>,
    /// Recurrence by 1 − Kaplan–Meier, which takes them as censorings: at the tabled days.
    pub one_minus_survival: Vec<Option<f64>>,
    /// The arms of the landmark comparison.
    pub arms: Computed<ExitComparison>,
}

/// Incidence of recurrence by landmark arm, with surgery, new programs, withdrawals and deaths competing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExitComparison {
    /// Not maintained, then maintained: incidence of recurrence at the tabled days since the landmark.
    pub at: [Vec<Option<IncidencePoint>>; 2],
    /// Recurrences and other exits that compete, in each.
    pub counts: [[usize; 2]; 2],
    /// Gray's test.
    pub gray: Computed<TestResult>,
    /// Fine–Gray subdistribution hazard ratio, maintained against not, unadjusted.
    pub subdistribution: Computed<HazardRatio>,
    /// The cause-specific hazard ratio of the landmark comparison, unadjusted.
    pub cause_specific: Option<HazardRatio>,
}

/// Follows patients to whatever ended their time at risk.
///
/// # Definition
/// Aalen–Johansen estimate with each [`Exit`] a cause; at the last log before the cut-off a patient is censored. Time from the first
/// day at risk. Beside it recurrence alone with silence as a censoring, since silence does not keep pain from coming back: what
/// 1 − Kaplan–Meier adds to that is the part of patients whom it lets recur after they had left.
///
/// # Conventions
/// Errors by the infinitesimal jackknife, log–log limits; programs are taken as independent. Gray's test and the Fine–Gray ratio
/// (robust errors) from the landmark on.
///
/// # References
/// Aalen & Johansen (1978), *Scand J Stat* 5:141–150. Gray (1988), *Ann Stat* 16:1141–1154. Fine & Gray (1999), *JASA* 94:496–509.
/// Lau, Cole & Gange (2009), *Am J Epidemiol* 170:244–256 (which ratio answers which question).
#[must_use]
pub fn analyze_exits(
    cohort: &Cohort,
    survival: impl Fn(f64) -> Option<f64>,
    cause_specific: Option<&HazardRatio>,
    settings: &Settings,
) -> ExitAnalysis {
    let followed: Vec<FollowUp> = cohort.courses.iter().filter_map(|course| course.follow_up.ok()).collect();
    let times = settings.model.times.clone();
    let level = settings.model.level;
    let time = || followed.iter().map(|follow_up| f64::from(follow_up.days())).collect::<Vec<f64>>();
    let incidence = curves(time(), followed.iter().map(Exit::cause).collect(), Exit::ALL.len(), level);
    let clinical = curves(time(), followed.iter().map(Exit::clinical_cause).collect(), 2, level);
    let at = times
        .iter()
        .map(|&time| {
            let Ok(found) = &incidence else { return vec![] };
            (1..=Exit::ALL.len()).chain([0]).filter_map(|cause| found.at(cause, time).ok()).collect()
        })
        .collect();
    ExitAnalysis {
        counts: Exit::ALL.map(|exit| followed.iter().filter(|follow_up| Exit::of(follow_up) == Some(exit)).count()),
        at,
        recurrence: times.iter().map(|&time| clinical.as_ref().ok().and_then(|found| found.at(1, time).ok())).collect(),
        one_minus_survival: times.iter().map(|&time| survival(time).map(|free| 1.0 - free)).collect(),
        incidence: if followed.is_empty() {
            Computed::NotTestable("no patient is at risk of recurrence".to_owned())
        } else {
            incidence.into()
        },
        arms: compare(cohort, cause_specific, settings),
        times,
    }
}

fn curves(time: Vec<f64>, cause: Vec<usize>, causes: usize, level: f64) -> Result<CumulativeIncidence, StatsError> {
    let rows = TimeToCause::new(time, cause)?.with_causes(causes)?;
    cumulative_incidence(&rows, IncidenceVariance::InfinitesimalJackknife, IncidenceInterval::LogLog, level)
}

fn compare(cohort: &Cohort, cause_specific: Option<&HazardRatio>, settings: &Settings) -> Computed<ExitComparison> {
    let (mut time, mut cause, mut arm, mut patients) = (vec![], vec![], vec![], vec![]);
    for course in &cohort.courses {
        let fate = landmark_fate(course, settings.landmark.day, settings.landmark.origin, &settings.maintenance);
        if let (Some(LandmarkFate::Member(member)), Ok(follow_up)) = (fate, &course.follow_up) {
            time.push(f64::from(member.days));
            cause.push(Exit::clinical_cause(follow_up));
            arm.push(usize::from(member.exposure == Exposure::Maintained));
            patients.push(course.patient);
        }
    }
    let of_arm = |one: usize| -> Vec<usize> { (0..arm.len()).filter(|&row| arm[row] == one).collect() };
    let places = [of_arm(0), of_arm(1)];
    if places.iter().any(Vec::is_empty) {
        return Computed::NotTestable("there are not two groups at the landmark".to_owned());
    }
    let counts = [0, 1].map(|one| [1, 2].map(|wanted| places[one].iter().filter(|&&row| cause[row] == wanted).count()));
    if counts.iter().all(|[_, others]| *others == 0) {
        return Computed::NotTestable(
            "nothing competes with a recurrence after the landmark: no surgery, new program, withdrawal or death is logged (events.csv)"
                .to_owned(),
        );
    }
    let level = settings.model.level;
    let at = [0, 1].map(|one| {
        let pick = |rows: &[usize]| (rows.iter().map(|&row| time[row]).collect(), rows.iter().map(|&row| cause[row]).collect());
        let (time, cause) = pick(&places[one]);
        let found = curves(time, cause, 2, level);
        settings.model.times.iter().map(|&time| found.as_ref().ok().and_then(|found| found.at(1, time).ok())).collect()
    });
    let rows = match TimeToCause::new(time, cause).and_then(|rows| rows.with_causes(2)) {
        Ok(rows) => rows,
        Err(error) => return Computed::NotTestable(error.to_string()),
    };
    Computed::Value(ExitComparison {
        at,
        counts,
        gray: gray_test(&rows, &arm, None, 1, 0.0).map(|found| found.test).into(),
        subdistribution: subdistribution(&rows, &arm, &patients, level).into(),
        cause_specific: cause_specific.cloned(),
    })
}

fn subdistribution(rows: &TimeToCause, arm: &[usize], patients: &[usize], level: f64) -> Result<HazardRatio, StatsError> {
    let exposure = arm.iter().map(|&arm| arm as f64).collect();
    let covariates = Covariates::new(vec!["maintained".to_owned()], vec![exposure])?;
    let fit = fine_gray(rows, 1, &covariates, FineGrayMethod::WeightedRobust, level)?;
    let term = fit.terms.last().ok_or(StatsError::EmptySample)?;
    Ok(HazardRatio {
        hazard_ratio: term.subdistribution_hazard_ratio,
        interval: term.interval,
        p_value: term.p_value,
        n: rows.len(),
        patients: Tally::of(patients.iter().copied()).patients,
        n_events: rows.n_events(1),
    })
}
