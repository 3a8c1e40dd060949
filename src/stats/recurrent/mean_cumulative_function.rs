//! Mean number of events by each time.

use serde::Serialize;

use super::recurrent_rows::RecurrentRows;
use crate::stats::distributions::{normal_quantile, normal_two_sided_p};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;

/// Scale on which the limits of a mean count are symmetric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountInterval {
    /// The count itself, cut at 0.
    Plain,
    /// Its logarithm.
    Log,
}

/// Mean cumulative function: one row per distinct stop.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeanCumulativeFunction {
    /// Patients.
    pub n_patients: usize,
    /// Rows.
    pub n_rows: usize,
    /// Events.
    pub n_events: usize,
    /// Distinct stops, rising.
    pub time: Vec<f64>,
    /// Patients at risk just before each.
    pub at_risk: Vec<usize>,
    /// Events at each.
    pub events: Vec<usize>,
    /// Mean number of events per patient by each.
    pub estimate: Vec<f64>,
    /// Robust standard error.
    pub std_error: Vec<f64>,
    /// Lower pointwise limit; `None` where there is none.
    pub lower: Vec<Option<f64>>,
    /// Upper pointwise limit.
    pub upper: Vec<Option<f64>>,
    /// Level of the limits.
    pub level: f64,
    /// Scale of the limits.
    pub interval_method: CountInterval,
}

/// A mean count at one time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CountPoint {
    /// The time asked for.
    pub time: f64,
    /// Patients at risk just before it.
    pub at_risk: usize,
    /// Mean number of events per patient.
    pub estimate: f64,
    /// Robust standard error.
    pub std_error: f64,
    /// Lower limit.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
}

/// Difference of mean counts between two groups at one time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CountDifference {
    /// First group.
    pub first: CountPoint,
    /// Second group.
    pub second: CountPoint,
    /// Second less first.
    pub difference: Estimate,
    /// z test of no difference, with robust errors.
    pub test: TestResult,
}

/// Mean cumulative function: the mean number of events per patient by each time.
///
/// # Formula
/// ```text
/// μ(t) = Σ_{s ≤ t} d(s)/n(s)
/// Var μ(t) = Σ over patients of (Σ_{s ≤ t} (dNᵢ(s) − Yᵢ(s) d(s)/n(s)) / n(s))²
/// ```
///
/// # Conventions
/// At risk at s: start < s ≤ stop. The variance is robust: events of the same patient may depend on each other. Between their
/// own events all patients at risk change by the same amount, so the sum of squares follows from three running sums.
///
/// # Edge cases
/// No events: 0 throughout, with error 0. On the log scale there are no limits where the mean is 0.
///
/// # Errors
/// [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R survival 3.5-3 `survfit(Surv(start, stop, event) ~ 1, id = id)`: `cumhaz`, and `std.chaz` where a patient has two events
/// (R's default is not robust otherwise; `robust = TRUE` always agrees).
///
/// # References
/// Nelson (1988), J Qual Technol 20:24–35. Lawless & Nadeau (1995), Technometrics 37:158–168.
pub fn mean_cumulative_function(rows: &RecurrentRows, interval: CountInterval, level: f64) -> Result<MeanCumulativeFunction, StatsError> {
    check_level(level)?;
    let z = normal_quantile(0.5 + level / 2.0);
    let by = |times: &[f64]| {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|&a, &b| times[a].total_cmp(&times[b]));
        order
    };
    let (by_start, by_stop) = (by(rows.start()), by(rows.stop()));
    let (patient, n_patients) = patient_of_row(rows);
    let mut curve = MeanCumulativeFunction {
        n_patients,
        n_rows: rows.len(),
        n_events: rows.n_events(),
        time: vec![],
        at_risk: vec![],
        events: vec![],
        estimate: vec![],
        std_error: vec![],
        lower: vec![],
        upper: vec![],
        level,
        interval_method: interval,
    };
    let mut influence =
        Influence { value: vec![0.0; n_patients], mark: vec![0.0; n_patients], common: 0.0, squares: 0.0, at_risk: 0, sum: 0.0 };
    let (mut mean, mut entered) = (0.0_f64, 0);
    for tied in by_stop.chunk_by(|&a, &b| rows.stop()[a].total_cmp(&rows.stop()[b]).is_eq()) {
        let time = rows.stop()[tied[0]];
        while entered < by_start.len() && rows.start()[by_start[entered]] < time {
            influence.enter(patient[by_start[entered]]);
            entered += 1;
        }
        let events = tied.iter().filter(|&&row| rows.event()[row]).count();
        let n = influence.at_risk as f64;
        curve.time.push(time);
        curve.at_risk.push(influence.at_risk);
        curve.events.push(events);
        mean += events as f64 / n;
        influence.fall(events as f64 / (n * n));
        for &row in tied {
            if rows.event()[row] {
                influence.rise(patient[row], 1.0 / n);
            }
            influence.leave(patient[row]);
        }
        let std_error = influence.squares.max(0.0).sqrt();
        let limits = interval.limits(mean, std_error, z);
        curve.estimate.push(mean);
        curve.std_error.push(std_error);
        curve.lower.push(limits.map(|limits| limits.0));
        curve.upper.push(limits.map(|limits| limits.1));
    }
    Ok(curve)
}

impl MeanCumulativeFunction {
    /// The last time anybody was followed to.
    #[must_use]
    pub fn last_time(&self) -> f64 {
        self.time.last().copied().unwrap_or(0.0)
    }

    /// Mean count at `time`.
    ///
    /// # Errors
    /// [`StatsError::HorizonBeyondFollowUp`] past the last follow-up, where it is unknown.
    pub fn at(&self, time: f64) -> Result<CountPoint, StatsError> {
        if time.is_nan() || time > self.last_time() {
            return Err(StatsError::HorizonBeyondFollowUp { horizon: time, last: self.last_time() });
        }
        let at_risk = self.at_risk[self.time.partition_point(|&row| row < time)];
        Ok(match self.time.partition_point(|&row| row <= time).checked_sub(1) {
            None => CountPoint { time, at_risk, estimate: 0.0, std_error: 0.0, lower: Some(0.0), upper: Some(0.0) },
            Some(row) => CountPoint {
                time,
                at_risk,
                estimate: self.estimate[row],
                std_error: self.std_error[row],
                lower: self.lower[row],
                upper: self.upper[row],
            },
        })
    }
}

/// Difference of the mean counts of two groups of different patients at one time, second less first.
///
/// # Formula
/// `μ₂(t) − μ₁(t)`, variance the sum of the two robust ones, normal interval at the first curve's level, z test.
///
/// # Errors
/// As [`MeanCumulativeFunction::at`]; [`StatsError::NotPossible`] if neither group has had an event by then.
///
/// # References
/// Cook & Lawless (2007), The Statistical Analysis of Recurrent Events, section 3.6.
pub fn mean_count_difference(
    first: &MeanCumulativeFunction,
    second: &MeanCumulativeFunction,
    time: f64,
) -> Result<CountDifference, StatsError> {
    let (one, two) = (first.at(time)?, second.at(time)?);
    if one.estimate + two.estimate <= 0.0 {
        return Err(StatsError::NotPossible {
            what: "the difference of the mean counts at this time",
            reason: "nobody has had an event by then",
        });
    }
    let estimate = two.estimate - one.estimate;
    let std_error = one.std_error.hypot(two.std_error);
    if std_error <= 0.0 {
        return Err(StatsError::UndefinedVariance { what: "the difference of the mean counts" });
    }
    let half = normal_quantile(0.5 + first.level / 2.0) * std_error;
    let statistic = estimate / std_error;
    Ok(CountDifference {
        first: one,
        second: two,
        difference: Estimate {
            estimate,
            std_error,
            interval: Some(Interval { lower: estimate - half, upper: estimate + half, level: first.level }),
        },
        test: TestResult {
            method: "robust z test of the difference of mean counts",
            statistic,
            df: None,
            p_value: normal_two_sided_p(statistic),
        },
    })
}

impl CountInterval {
    fn limits(self, mean: f64, std_error: f64, z: f64) -> Option<(f64, f64)> {
        let half = z * std_error;
        match self {
            Self::Plain => Some(((mean - half).max(0.0), mean + half)),
            Self::Log => (mean > 0.0).then(|| (mean * (-half / mean).exp(), mean * (half / mean).exp())),
        }
    }
}

/// Numbers the patients 0, 1, …: one number per row, and how many there are.
fn patient_of_row(rows: &RecurrentRows) -> (Vec<usize>, usize) {
    let mut patient = vec![0; rows.len()];
    let mut n_patients = 0;
    for of_patient in rows.patients() {
        for &row in of_patient {
            patient[row] = n_patients;
        }
        n_patients += 1;
    }
    (patient, n_patients)
}

/// Each patient's influence on the mean, and the sum of their squares.
struct Influence {
    /// As of the patient's last change of state; while at risk, what `common` has fallen since `mark` is still to come off.
    value: Vec<f64>,
    mark: Vec<f64>,
    common: f64,
    squares: f64,
    at_risk: usize,
    /// Sum over those at risk.
    sum: f64,
}

impl Influence {
    fn current(&self, patient: usize) -> f64 {
        self.value[patient] - (self.common - self.mark[patient])
    }

    fn enter(&mut self, patient: usize) {
        self.mark[patient] = self.common;
        self.at_risk += 1;
        self.sum += self.value[patient];
    }

    fn leave(&mut self, patient: usize) {
        self.value[patient] = self.current(patient);
        self.at_risk -= 1;
        self.sum -= self.value[patient];
    }

    /// Takes `by` from everybody at risk.
    fn fall(&mut self, by: f64) {
        let n = self.at_risk as f64;
        self.squares += by * (n * by - 2.0 * self.sum);
        self.sum -= n * by;
        self.common += by;
    }

    /// Gives `by` to a patient at risk.
    fn rise(&mut self, patient: usize, by: f64) {
        self.squares += by * (2.0 * self.current(patient) + by);
        self.value[patient] += by;
        self.sum += by;
    }
}
