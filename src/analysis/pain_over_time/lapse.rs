//! Own pain after a lapse of the maintenance exercise, against own pain while it went on.

use rayon::prelude::*;
use serde::Serialize;

use super::own_periods::{LapsePeriod, PeriodRule, PeriodsFound, periods};
use crate::analysis::computed::Computed;
use crate::cohort::Cohort;
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::regression::{Covariance, Observations, linear_regression};
use crate::stats::resampling::{BootstrapMethod, BootstrapOptions, Resample, ResamplingPlan, bootstrap};
use crate::stats::{Covariates, Interval, StatsError, t_two_sided_p};

/// Pain after lapses.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LapseAnalysis {
    /// Lapses that can be judged.
    pub lapses: usize,
    /// Of those, in patients who also have a period of going on.
    pub lapses_compared: usize,
    /// Patients with a lapse that can be judged.
    pub patients_with_lapse: usize,
    /// Patients with both a lapse and a period of going on.
    pub patients_compared: usize,
    /// Lapses left out: before exercise had been kept up for 28 days after completion.
    pub too_early: usize,
    /// Lapses left out: pain not logged around them.
    pub not_logged: usize,
    /// Lapses left out: pain was already rising.
    pub rising: usize,
    /// Pain after against before, lapses against periods of going on, within patients and at equal pain before.
    pub adjusted: Computed<LapseDifference>,
    /// The same, not at equal pain before.
    pub not_adjusted: Computed<LapseDifference>,
    /// Lapses alone: after less before.
    pub before_after: Computed<LapseDifference>,
    /// Between patients too: at equal pain before and equal usual pain so far.
    pub by_history: Computed<LapseDifference>,
    /// As `adjusted`, for the 28 days from the day the lapse is known.
    pub once_known: Computed<LapseDifference>,
    /// As `adjusted`, for lapses of 28 days.
    pub longer: Computed<LapseDifference>,
    /// Lapses that ended: pain of the 28 days after resuming less that in the lapse.
    pub resuming: Computed<LapseDifference>,
    /// Standard deviation of the changes in periods of going on.
    pub change_std_dev: Option<f64>,
}

/// A mean difference in points of pain.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LapseDifference {
    /// The difference.
    pub estimate: f64,
    /// Its interval.
    pub interval: Interval,
    /// Standard error.
    pub std_error: f64,
    /// Two-sided p of none.
    pub p_value: f64,
    /// Lapses in it.
    pub lapses: usize,
    /// Patients in it.
    pub patients: usize,
}

/// Draws of the bootstrap, and their seed.
const REPLICATES: usize = 1_000;
const SEED: u64 = 20_240_101;

/// Own pain after a lapse.
///
/// # Definition
/// For each period of a patient (`own_periods`) y is pain after less pain before, x pain before, g 1 for a lapse and 0 for going on. The
/// estimate is β of
/// ```text
/// y = αᵢ + β g + γ x        (αᵢ one per patient: only differences within a patient count)
/// ```
/// by least squares over the patients who have both kinds of period. Going on shows what own pain does over such weeks anyway (drift);
/// γ takes away that pain falls back to the patient's usual level from wherever it was when the lapse opened (regression to the mean).
/// Errors by drawing patients with all their periods: percentile limits, and p from the standard error of the draws with as many degrees
/// of freedom as patients, less one. `by_history` leaves αᵢ out and has the mean pain since completion in the model instead, so that
/// nothing later than the period takes part; errors are clustered by patient.
///
/// # References
/// Allison (2009), *Fixed Effects Regression Models*. Efron & Tibshirani (1993), *An Introduction to the Bootstrap*, chapter 8. Barnett
/// (2005), *Int J Epidemiol* 34:215–220.
#[must_use]
pub fn analyze_lapses(logs: &Logs, cohort: &Cohort, settings: &Settings) -> LapseAnalysis {
    let level = settings.model.level;
    let usual = PeriodRule::default();
    let of = |rule: PeriodRule| {
        let each: Vec<PeriodsFound> = cohort.courses.par_iter().map(|course| periods(course, logs, &rule)).collect();
        let mut all = PeriodsFound::default();
        each.into_iter().for_each(|found| all.add(found));
        all
    };
    let found = of(usual);
    let patients = by_patient(&found.periods);
    let compared: Vec<&[LapsePeriod]> = patients.iter().copied().filter(|own| has_both(own)).collect();
    let lapses = |of: &[&[LapsePeriod]]| of.iter().flat_map(|own| own.iter()).filter(|period| period.lapse).count();
    let changes: Vec<f64> = found.periods.iter().filter(|period| !period.lapse).map(|period| period.after - period.before).collect();
    let other = |rule: PeriodRule| {
        let found = of(rule);
        within(&by_patient(&found.periods), true, level)
    };
    LapseAnalysis {
        lapses: lapses(&patients),
        lapses_compared: lapses(&compared),
        patients_with_lapse: patients.iter().filter(|own| own.iter().any(|period| period.lapse)).count(),
        patients_compared: compared.len(),
        too_early: found.too_early,
        not_logged: found.not_logged,
        rising: found.rising,
        adjusted: within(&patients, true, level),
        not_adjusted: within(&patients, false, level),
        before_after: own_mean(&patients, &|period| period.lapse.then_some(period.after - period.before), level),
        by_history: by_history(&found.periods, level).into(),
        once_known: other(PeriodRule { after_from: usual.lapse, after_to: usual.lapse + 28, ..usual }),
        longer: other(PeriodRule { lapse: 28, ..usual }),
        resuming: own_mean(&patients, &|period| period.resumed.map(|(during, after)| after - during), level),
        change_std_dev: crate::stats::summarize(&changes).ok().and_then(|summary| summary.std_dev),
    }
}

/// The periods of each patient; patients in the order of what is known of them, so that the draws do not depend on what they are called.
fn by_patient(periods: &[LapsePeriod]) -> Vec<&[LapsePeriod]> {
    let mut patients: Vec<&[LapsePeriod]> = periods.chunk_by(|one, next| one.patient == next.patient).collect();
    let known = |one: &LapsePeriod, other: &LapsePeriod| {
        let day = one.last_session.cmp(&other.last_session);
        day.then(one.after.total_cmp(&other.after)).then(one.before.total_cmp(&other.before)).then(one.usual.total_cmp(&other.usual))
    };
    patients.sort_by(|one, other| {
        let differs = one.iter().zip(*other).map(|(one, other)| known(one, other)).find(|order| order.is_ne());
        differs.unwrap_or_else(|| one.len().cmp(&other.len()))
    });
    patients
}

fn has_both(own: &[LapsePeriod]) -> bool {
    own.iter().any(|period| period.lapse) && own.iter().any(|period| !period.lapse)
}

/// Sums of products of one patient's deviations from the own means.
#[derive(Clone, Copy, Debug, Default)]
struct OwnProducts {
    gg: f64,
    gx: f64,
    xx: f64,
    gy: f64,
    xy: f64,
}

impl OwnProducts {
    fn of(own: &[LapsePeriod]) -> Self {
        let n = own.len() as f64;
        let mean = |value: &dyn Fn(&LapsePeriod) -> f64| own.iter().map(value).sum::<f64>() / n;
        let (g_of, x_of) = (|period: &LapsePeriod| f64::from(period.lapse), |period: &LapsePeriod| period.before);
        let y_of = |period: &LapsePeriod| period.after - period.before;
        let (g_mean, x_mean, y_mean) = (mean(&g_of), mean(&x_of), mean(&y_of));
        own.iter().fold(Self::default(), |sum, period| {
            let (g, x, y) = (g_of(period) - g_mean, x_of(period) - x_mean, y_of(period) - y_mean);
            Self { gg: sum.gg + g * g, gx: sum.gx + g * x, xx: sum.xx + x * x, gy: sum.gy + g * y, xy: sum.xy + x * y }
        })
    }

    fn plus(self, times: f64, other: &Self) -> Self {
        Self {
            gg: self.gg + times * other.gg,
            gx: self.gx + times * other.gx,
            xx: self.xx + times * other.xx,
            gy: self.gy + times * other.gy,
            xy: self.xy + times * other.xy,
        }
    }

    /// β of a lapse; where pain before hardly differs within patients there is nothing to adjust for.
    fn slope(&self, adjusted: bool) -> Option<f64> {
        let determinant = self.gg * self.xx - self.gx * self.gx;
        if self.gg <= 0.0 {
            None
        } else if adjusted && determinant > 1e-9 * self.gg * self.xx.max(1e-9) {
            Some((self.gy * self.xx - self.xy * self.gx) / determinant)
        } else {
            Some(self.gy / self.gg)
        }
    }
}

/// Lapses against periods of going on, within patients who have both.
fn within(patients: &[&[LapsePeriod]], adjusted: bool, level: f64) -> Computed<LapseDifference> {
    let compared: Vec<&[LapsePeriod]> = patients.iter().copied().filter(|own| has_both(own)).collect();
    let products: Vec<OwnProducts> = compared.iter().map(|own| OwnProducts::of(own)).collect();
    let lapses = compared.iter().flat_map(|own| own.iter()).filter(|period| period.lapse).count();
    drawn(products.len(), lapses, level, |drawn| {
        let sum = drawn
            .multiplicities()
            .iter()
            .zip(&products)
            .filter(|(times, _)| **times > 0)
            .fold(OwnProducts::default(), |sum, (&times, own)| sum.plus(f64::from(times), own));
        sum.slope(adjusted)
    })
    .into()
}

/// Mean over patients of the own mean of a value.
fn own_mean(patients: &[&[LapsePeriod]], value: &dyn Fn(&LapsePeriod) -> Option<f64>, level: f64) -> Computed<LapseDifference> {
    let own: Vec<Vec<f64>> =
        patients.iter().map(|own| own.iter().filter_map(value).collect::<Vec<f64>>()).filter(|values| !values.is_empty()).collect();
    let means: Vec<f64> = own.iter().map(|values| values.iter().sum::<f64>() / values.len() as f64).collect();
    drawn(means.len(), own.iter().map(Vec::len).sum(), level, |drawn| {
        let sum = drawn.multiplicities().iter().zip(&means).map(|(&times, mean)| f64::from(times) * mean).sum::<f64>();
        Some(sum / means.len() as f64)
    })
    .into()
}

/// The bootstrap over patients.
fn drawn(
    patients: usize,
    lapses: usize,
    level: f64,
    statistic: impl Fn(&Resample<'_>) -> Option<f64> + Sync,
) -> Result<LapseDifference, StatsError> {
    let plan = ResamplingPlan::rows(patients)?;
    let options = BootstrapOptions { replicates: REPLICATES, seed: SEED, level, method: BootstrapMethod::Percentile };
    let found = bootstrap(&statistic, &plan, &options)?;
    if found.std_error <= 0.0 {
        return Err(StatsError::UndefinedVariance { what: "the change of pain: it is the same in everybody" });
    }
    Ok(LapseDifference {
        estimate: found.estimate,
        interval: found.interval,
        std_error: found.std_error,
        p_value: t_two_sided_p(found.estimate / found.std_error, (patients - 1) as f64),
        lapses,
        patients,
    })
}

/// After on lapse, before and usual pain so far, over all patients.
fn by_history(periods: &[LapsePeriod], level: f64) -> Result<LapseDifference, StatsError> {
    let column = |value: &dyn Fn(&LapsePeriod) -> f64| periods.iter().map(value).collect::<Vec<f64>>();
    let names = ["pain before", "usual pain", "lapse"].map(str::to_owned).to_vec();
    let columns = vec![column(&|own| own.before), column(&|own| own.usual), column(&|own| f64::from(own.lapse))];
    let outcome = column(&|own| own.after);
    let covariates = Covariates::new(names, columns)?;
    let cluster: Vec<usize> = periods.iter().map(|own| own.patient).collect();
    let fit = linear_regression(&Observations::new(&outcome, &covariates), Covariance::ClusterHc1(&cluster), level)?;
    let term = fit.coefficients.last().ok_or(StatsError::EmptySample)?;
    Ok(LapseDifference {
        estimate: term.estimate,
        interval: term.interval,
        std_error: term.std_error,
        p_value: term.p_value.ok_or(StatsError::UndefinedVariance { what: "the slope on a lapse" })?,
        lapses: periods.iter().filter(|own| own.lapse).count(),
        patients: by_patient(periods).len(),
    })
}
