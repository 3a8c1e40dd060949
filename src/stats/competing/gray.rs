//! Gray's test of equal cumulative incidence.

use nalgebra::{Cholesky, DMatrix, DVector};
use serde::Serialize;

use super::time_to_cause::TimeToCause;
use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::error::StatsError;
use crate::stats::hypothesis::TestResult;

/// The variance takes the cube of the number of groups at every time; more groups than this are taken for a mistake.
const MOST_GROUPS: usize = 100;

/// Gray's test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GrayTest {
    /// The cause compared.
    pub cause: usize,
    /// Power of the weight (1 − F)^ρ.
    pub rho: f64,
    /// Codes of the groups compared, rising.
    pub groups: Vec<usize>,
    /// Rows of each.
    pub n: Vec<usize>,
    /// Events of the cause in each.
    pub n_events: Vec<usize>,
    /// Score of each group but the last; with `rho` 0 and one stratum, observed less expected events.
    pub scores: Vec<f64>,
    /// Covariance of the scores.
    pub covariance: Vec<Vec<f64>>,
    /// χ² test.
    pub test: TestResult,
}

/// Gray's k-sample test that a cause has the same cumulative incidence in all groups.
///
/// # Formula
/// ```text
/// sᵢ = Σₜ (1 − F(t−))^ρ (dᵢ − d Rᵢ / Σᵣ Rᵣ),   Rᵢ = nᵢ (1 − Fᵢ(t−)) / Sᵢ(t−)
/// ```
/// with F the incidence of all groups together under the null, summed over strata; χ² = sᵀ V⁻¹ s on (groups − 1) df, V as in
/// Gray (1988) with the correction for ties.
///
/// # Conventions
/// `groups` and `strata` are any codes, one for each row. A group without anybody at risk when the cause happens is dropped
/// with its degree of freedom.
///
/// # Errors
/// [`StatsError::NoEvents`] without an event of the cause; [`StatsError::OneGroup`], or [`StatsError::NotPossible`] if only one of
/// several groups has anybody at risk when it happens; [`StatsError::LengthMismatch`];
/// [`StatsError::OutOfRange`] for a cause that is not there, a `rho` that is not finite or more than 100 groups;
/// [`StatsError::Unsupported`] for entry times and weights; [`StatsError::UndefinedVariance`] if V is singular.
///
/// # Agrees with
/// R cmprsk 2.2-11 `cuminc(time, cause, group, strata, rho)$Tests`.
///
/// # References
/// Gray (1988), Ann Stat 16:1141–1154.
pub fn gray_test(rows: &TimeToCause, groups: &[usize], strata: Option<&[usize]>, cause: usize, rho: f64) -> Result<GrayTest, StatsError> {
    const UNDEFINED: StatsError = StatsError::UndefinedVariance { what: "Gray's test" };
    rows.check_plain("Gray's test has no form for entry times or weights")?;
    for (what, codes) in [("groups", Some(groups)), ("strata", strata)] {
        if let Some(codes) = codes.filter(|codes| codes.len() != rows.len()) {
            return Err(StatsError::LengthMismatch { what: what.to_owned(), found: codes.len(), expected: rows.len() });
        }
    }
    if !rho.is_finite() {
        return Err(StatsError::OutOfRange { what: "rho", value: rho, expected: "it must be a finite number" });
    }
    if rows.n_events(cause) == 0 || cause == 0 {
        return Err(StatsError::NoEvents);
    }
    let kept = groups_at_risk(rows, groups, strata, cause);
    if kept.len() < 2 {
        let alone = groups.iter().all(|group| *group == groups[0]);
        let reason = "only one group has anybody at risk when the event happens";
        return Err(if alone { StatsError::OneGroup } else { StatsError::NotPossible { what: "Gray's test", reason } });
    }
    if kept.len() > MOST_GROUPS {
        return Err(StatsError::OutOfRange {
            what: "the number of groups",
            value: kept.len() as f64,
            expected: "at most 100 can be compared",
        });
    }
    let g = kept.len();
    let index_of = |row: usize| kept.binary_search(&groups[row]).ok();
    let mut order = rows.order();
    let stratum = |row: usize| strata.map_or(0, |strata| strata[row]);
    order.sort_by_key(|&row| stratum(row));
    let (mut scores, mut covariance) = (vec![0.0; g - 1], DMatrix::zeros(g - 1, g - 1));
    for of_stratum in order.chunk_by(|&a, &b| stratum(a) == stratum(b)) {
        let sample: Vec<Row> = of_stratum
            .iter()
            .filter_map(|&row| {
                let kind = match rows.cause()[row] {
                    0 => Kind::Censored,
                    found if found == cause => Kind::Event,
                    _ => Kind::Other,
                };
                Some(Row { time: rows.time()[row], group: index_of(row)?, kind })
            })
            .collect();
        let mut stratum = Stratum::new(&sample, g, rho);
        stratum.walk(&sample);
        stratum.add_to(&mut scores, &mut covariance);
    }
    // The scores of groups of very different size: compare pivots on the scale of correlations.
    let scale: Vec<f64> = (0..g - 1).map(|i| covariance[(i, i)].sqrt()).collect();
    if scale.iter().any(|&scale| !(scale > 0.0 && scale.is_finite())) {
        return Err(UNDEFINED);
    }
    let correlation = DMatrix::from_fn(g - 1, g - 1, |i, j| covariance[(i, j)] / (scale[i] * scale[j]));
    let standard = DVector::from_fn(g - 1, |i, _| scores[i] / scale[i]);
    let factor =
        Cholesky::new(correlation).filter(|factor| factor.l_dirty().diagonal().iter().all(|&pivot| pivot > 1e-6)).ok_or(UNDEFINED)?;
    let statistic = standard.dot(&factor.solve(&standard));
    if !statistic.is_finite() {
        return Err(UNDEFINED);
    }
    let df = (g - 1) as f64;
    let count = |accept: &dyn Fn(usize) -> bool| {
        kept.iter().map(|group| (0..rows.len()).filter(|&row| groups[row] == *group && accept(row)).count()).collect()
    };
    Ok(GrayTest {
        cause,
        rho,
        n: count(&|_| true),
        n_events: count(&|row| rows.cause()[row] == cause),
        groups: kept,
        scores,
        covariance: (0..g - 1).map(|i| covariance.row(i).iter().copied().collect()).collect(),
        test: TestResult { method: "Gray's test", statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) },
    })
}

/// Groups that have somebody at risk at an event of the cause in some stratum, rising.
fn groups_at_risk(rows: &TimeToCause, groups: &[usize], strata: Option<&[usize]>, cause: usize) -> Vec<usize> {
    let stratum = |row: usize| strata.map_or(0, |strata| strata[row]);
    let mut first = std::collections::BTreeMap::new();
    for row in (0..rows.len()).filter(|&row| rows.cause()[row] == cause) {
        let time = first.entry(stratum(row)).or_insert(f64::INFINITY);
        *time = rows.time()[row].min(*time);
    }
    let mut kept: Vec<usize> = (0..rows.len())
        .filter(|&row| first.get(&stratum(row)).is_some_and(|&time| rows.time()[row] >= time))
        .map(|row| groups[row])
        .collect();
    kept.sort_unstable();
    kept.dedup();
    kept
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Censored,
    Event,
    Other,
}

struct Row {
    time: f64,
    group: usize,
    kind: Kind,
}

/// Sums over the times of one stratum, in the notation of Gray's paper.
struct Stratum {
    g: usize,
    rho: f64,
    at_risk: Vec<f64>,
    /// Kaplan–Meier of any event, before the current time.
    event_free: Vec<f64>,
    /// Incidence of the cause, before the current time.
    incidence: Vec<f64>,
    pooled: f64,
    scores: Vec<f64>,
    covariance: DMatrix<f64>,
    c: DMatrix<f64>,
    linear: DMatrix<f64>,
    constant: Vec<f64>,
}

impl Stratum {
    fn new(sample: &[Row], g: usize, rho: f64) -> Self {
        let mut at_risk = vec![0.0; g];
        for row in sample {
            at_risk[row.group] += 1.0;
        }
        Self {
            g,
            rho,
            at_risk,
            event_free: vec![1.0; g],
            incidence: vec![0.0; g],
            pooled: 0.0,
            scores: vec![0.0; g - 1],
            covariance: DMatrix::zeros(g - 1, g - 1),
            c: DMatrix::zeros(g, g),
            linear: DMatrix::zeros(g - 1, g),
            constant: vec![0.0; g],
        }
    }

    fn walk(&mut self, sample: &[Row]) {
        let (mut own, mut other) = (vec![0.0; self.g], vec![0.0; self.g]);
        for tied in sample.chunk_by(|a, b| a.time.total_cmp(&b.time).is_eq()) {
            own.fill(0.0);
            other.fill(0.0);
            for row in tied {
                match row.kind {
                    Kind::Censored => {}
                    Kind::Event => own[row.group] += 1.0,
                    Kind::Other => other[row.group] += 1.0,
                }
            }
            self.step(&own, &other);
            for row in tied {
                self.at_risk[row.group] -= 1.0;
            }
        }
    }

    fn step(&mut self, own: &[f64], other: &[f64]) {
        let g = self.g;
        let (own_total, other_total): (f64, f64) = (own.iter().sum(), other.iter().sum());
        if own_total + other_total <= 0.0 {
            return;
        }
        let present: Vec<usize> = (0..g).filter(|&i| self.at_risk[i] > 0.0).collect();
        // hᵢ = nᵢ/Sᵢ(t−), Rᵢ = hᵢ (1 − Fᵢ(t−)).
        let h: Vec<f64> = (0..g).map(|i| if self.at_risk[i] > 0.0 { self.at_risk[i] / self.event_free[i] } else { 0.0 }).collect();
        let total_h: f64 = h.iter().sum();
        let total_r: f64 = present.iter().map(|&i| h[i] * (1.0 - self.incidence[i])).sum();
        let mut after = self.event_free.clone();
        for &i in &present {
            after[i] = self.event_free[i] * (self.at_risk[i] - own[i] - other[i]) / self.at_risk[i];
        }
        let pooled = self.pooled + own_total / total_h;
        if own_total > 0.0 {
            let weight = if self.rho == 0.0 { 1.0 } else { (1.0 - self.pooled).powf(self.rho) };
            let a = DMatrix::from_fn(g, g, |i, j| weight * h[i] * (if i == j { 1.0 - h[i] / total_h } else { -h[j] / total_h }));
            self.c += &a * (own_total / (total_h * (1.0 - self.pooled)));
            for &i in present.iter().filter(|&&i| i < g - 1) {
                self.scores[i] += weight * (own[i] - own_total * h[i] * (1.0 - self.incidence[i]) / total_r);
            }
            for &k in &present {
                let share = if after[k] > 0.0 { 1.0 - (1.0 - pooled) / after[k] } else { 1.0 };
                let tied = if own_total > 1.0 { 1.0 - (own_total - 1.0) / (total_h * self.event_free[k] - 1.0) } else { 1.0 };
                let spread = tied * self.event_free[k] * own_total / (total_h * self.at_risk[k]);
                self.constant[k] += share * share * spread;
                for i in 0..g - 1 {
                    let of_i = a[(i, k)] - share * self.c[(i, k)];
                    self.linear[(i, k)] += of_i * share * spread;
                    for j in 0..g - 1 {
                        self.covariance[(i, j)] += of_i * (a[(j, k)] - share * self.c[(j, k)]) * spread;
                    }
                }
            }
        }
        for k in (0..g).filter(|&k| other[k] > 0.0 && after[k] > 0.0) {
            let share = (1.0 - pooled) / after[k];
            let tied = if other[k] > 1.0 { 1.0 - (other[k] - 1.0) / (self.at_risk[k] - 1.0) } else { 1.0 };
            let spread = tied * self.event_free[k].powi(2) * other[k] / self.at_risk[k].powi(2);
            self.constant[k] += share * share * spread;
            for i in 0..g - 1 {
                let of_i = share * self.c[(i, k)];
                self.linear[(i, k)] -= of_i * share * spread;
                for j in 0..g - 1 {
                    self.covariance[(i, j)] += of_i * share * self.c[(j, k)] * spread;
                }
            }
        }
        for &i in &present {
            self.incidence[i] += self.event_free[i] * own[i] / self.at_risk[i];
        }
        self.event_free = after;
        self.pooled = pooled;
    }

    fn add_to(&self, scores: &mut [f64], covariance: &mut DMatrix<f64>) {
        for (i, score) in scores.iter_mut().enumerate() {
            *score += self.scores[i];
            for j in 0..self.g - 1 {
                covariance[(i, j)] += self.covariance[(i, j)];
                for k in 0..self.g {
                    covariance[(i, j)] += self.c[(i, k)] * self.c[(j, k)] * self.constant[k]
                        + self.c[(i, k)] * self.linear[(j, k)]
                        + self.c[(j, k)] * self.linear[(i, k)];
                }
            }
        }
    }
}
