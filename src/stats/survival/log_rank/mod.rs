//! Log-rank tests of two groups or more: weighted, stratified, for trend.

mod covariance;
mod statistic;
mod weights;

use serde::Serialize;

use self::covariance::Covariance;
use self::statistic::quadratic_form;
pub use self::weights::FlemingHarringtonWeights;
use self::weights::Weight;
use super::time_to_event::{TimeToEvent, rising};
use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::error::StatsError;
use crate::stats::hypothesis::TestResult;

/// A log-rank test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogRank {
    /// Rows per group.
    pub n: Vec<usize>,
    /// Events observed per group, weighted if the test is.
    pub observed: Vec<f64>,
    /// Events expected per group if all had the same hazard, weighted if the test is.
    pub expected: Vec<f64>,
    /// Covariance of observed less expected.
    pub covariance: Vec<Vec<f64>>,
    /// χ² test.
    pub test: TestResult,
    /// With the weights as shares of the largest, so that none is lost to the square of it.
    #[serde(skip)]
    scaled: Scaled,
}

/// Differences and their covariance in a unit in which they do not vanish.
#[derive(Clone, Debug, PartialEq)]
struct Scaled {
    difference: Vec<f64>,
    covariance: Vec<Vec<f64>>,
}

/// Log-rank test that k samples share one hazard.
///
/// # Formula
/// As [`log_rank_by`], unweighted and without strata.
///
/// # Errors
/// As [`log_rank_by`].
pub fn log_rank(groups: &[&TimeToEvent]) -> Result<LogRank, StatsError> {
    if groups.len() < 2 {
        return Err(StatsError::OneGroup);
    }
    let gather = |part: fn(&TimeToEvent, usize) -> f64| -> Vec<f64> {
        groups.iter().flat_map(|rows| (0..rows.len()).map(move |row| part(rows, row))).collect()
    };
    let events = groups.iter().flat_map(|rows| rows.event().iter().copied()).collect();
    let mut all = TimeToEvent::new(gather(|rows, row| rows.time()[row]), events)?;
    if groups.iter().any(|rows| rows.entry().is_some()) {
        all = all.with_entry(gather(|rows, row| rows.entry().map_or(-1.0, |entry| entry[row])))?;
    }
    let codes: Vec<usize> = groups.iter().enumerate().flat_map(|(group, rows)| vec![group; rows.len()]).collect();
    log_rank_by(&all, &codes, None, FlemingHarringtonWeights::default())
}

/// Weighted and stratified log-rank test that the groups share one hazard within each stratum.
///
/// # Formula
/// Summed over the event times `i` of each stratum, with weight `wᵢ` ([`FlemingHarringtonWeights`]):
/// ```text
/// O_g = Σ wᵢ d_gᵢ,   E_g = Σ wᵢ dᵢ n_gᵢ / nᵢ
/// V_gh = Σ wᵢ² dᵢ (nᵢ − dᵢ) / (nᵢ − 1) · n_gᵢ/nᵢ (δ_gh − n_hᵢ/nᵢ)
/// χ² = (O − E)ᵀ V⁻ (O − E)   on k − 1 degrees of freedom
/// ```
///
/// # Conventions
/// Group codes count from 0; late entry is allowed; case weights are not used, as in R. The test is worked out with weights as shares
/// of the largest, which changes nothing but what can be held: with a large power weights vanish, and with them the sums as given.
///
/// # Edge cases
/// A group with no expected events is dropped, with its degree of freedom, as in R. Groups that are never at risk together (each in
/// strata of its own) leave fewer than k − 1 degrees of freedom; R stops there.
///
/// # Errors
/// [`StatsError::OneGroup`] without a second group; [`StatsError::NotPossible`] if fewer than two groups have anybody at risk when an
/// event happens; [`StatsError::NoEvents`] without events;
/// [`StatsError::UndefinedVariance`] if nobody of another group is at risk at any event; [`StatsError::LengthMismatch`];
/// [`StatsError::OutOfRange`] for a negative rho or gamma.
///
/// # Agrees with
/// R survival 3.5-3 `survdiff(Surv(time, event) ~ group + strata(stratum), rho = …)`.
///
/// # References
/// Mantel (1966); Peto & Peto (1972), JRSS A 135:185–207; Harrington & Fleming (1982), Biometrika 69:553–566.
pub fn log_rank_by(
    rows: &TimeToEvent,
    group: &[usize],
    strata: Option<&[usize]>,
    weights: FlemingHarringtonWeights,
) -> Result<LogRank, StatsError> {
    for (what, codes) in [("group", Some(group)), ("strata", strata)] {
        if let Some(codes) = codes.filter(|codes| codes.len() != rows.len()) {
            return Err(StatsError::LengthMismatch { what: what.to_owned(), found: codes.len(), expected: rows.len() });
        }
    }
    for (what, value) in [("rho", weights.rho), ("gamma", weights.gamma)] {
        if !(value >= 0.0 && value.is_finite()) {
            return Err(StatsError::OutOfRange { what, value, expected: "it must be 0 or more" });
        }
    }
    let k = group.iter().max().map_or(0, |last| last + 1);
    if k < 2 {
        return Err(StatsError::OneGroup);
    }
    let mut n = vec![0; k];
    group.iter().for_each(|&code| n[code] += 1);
    let ordered;
    let parts: Vec<(&[u32], &[u32])> = match strata {
        None => vec![(rows.order(), rows.entry_order())],
        Some(strata) => {
            let codes: Vec<f64> = strata.iter().map(|&code| code as f64).collect();
            // A stable sort by stratum of rows already sorted by time.
            let sorted = |order: &[u32]| -> Vec<u32> {
                let in_order: Vec<f64> = order.iter().map(|&row| codes[row as usize]).collect();
                rising(&in_order).into_iter().map(|place| order[place as usize]).collect()
            };
            ordered = (sorted(rows.order()), sorted(rows.entry_order()));
            let mut entries = ordered.1.chunk_by(|&a, &b| strata[a as usize] == strata[b as usize]);
            let by_time = ordered.0.chunk_by(|&a, &b| strata[a as usize] == strata[b as usize]);
            by_time.map(|stratum| (stratum, entries.next().unwrap_or_default())).collect()
        }
    };
    let mut sums = Sums::new(k);
    if weights.are_equal() {
        parts.iter().for_each(|(order, entry_order)| sums.add_stratum(rows, group, |_| Weight::ONE, order, entry_order));
        return sums.test(n);
    }
    let over_time = |(order, entry_order): &(&[u32], &[u32])| weights.over_time(rows, group, k, order, entry_order);
    let weights: Vec<Vec<Weight>> = parts.iter().map(over_time).collect();
    let comparing = weights.iter().flatten().filter(|weight| weight.compares).map(|weight| weight.logarithm);
    sums.log_unit = comparing.fold(f64::NEG_INFINITY, f64::max);
    for ((order, entry_order), weights) in parts.iter().zip(&weights) {
        sums.add_stratum(rows, group, |time| weights[time], order, entry_order);
    }
    sums.test(n)
}

/// Log-rank test for trend over ordered groups: does the hazard rise or fall from group to group?
///
/// # Formula
/// ```text
/// χ² = [Σ_g s_g (O_g − E_g)]² / (sᵀ V s)   on 1 degree of freedom
/// ```
/// with scores `s`, usually 1 … k.
///
/// # Errors
/// [`StatsError::LengthMismatch`] unless there is a score per group; [`StatsError::NotFinite`]; [`StatsError::OneGroup`] if the
/// scores leave no variance.
///
/// # Agrees with
/// R: `survdiff` with the contrast worked out by hand; `survMisc::comp` trend test.
///
/// # References
/// Tarone (1975), Biometrika 62:679–682.
pub fn log_rank_trend(log_rank: &LogRank, scores: &[f64]) -> Result<TestResult, StatsError> {
    let k = log_rank.observed.len();
    if scores.len() != k {
        return Err(StatsError::LengthMismatch { what: "scores".to_owned(), found: scores.len(), expected: k });
    }
    crate::stats::error::check_finite("score", scores)?;
    let Scaled { difference, covariance } = &log_rank.scaled;
    let difference: f64 = (0..k).map(|g| scores[g] * difference[g]).sum();
    let variance: f64 = (0..k).map(|g| (0..k).map(|h| scores[g] * scores[h] * covariance[g][h]).sum::<f64>()).sum();
    let largest: f64 = (0..k).map(|g| scores[g] * scores[g] * covariance[g][g]).sum();
    if variance <= 1e-12 * largest || variance <= 0.0 {
        return Err(StatsError::OneGroup);
    }
    let statistic = difference * difference / variance;
    Ok(TestResult { method: "log-rank test for trend", statistic, df: Some(1.0), p_value: chi_squared_upper_p(statistic, 1.0) })
}

struct Sums {
    observed: Vec<f64>,
    expected: Vec<f64>,
    has_events: bool,
    /// Whether a group was at risk at an event of any weight.
    expects: Vec<bool>,
    /// Logarithm of the weight in units of which the differences and their covariance are summed.
    log_unit: f64,
    difference: Vec<f64>,
    covariance: Covariance,
}

impl Sums {
    fn new(k: usize) -> Self {
        let zero = vec![0.0; k];
        let (expects, covariance) = (vec![false; k], Covariance::new(k));
        Self { has_events: false, observed: zero.clone(), expected: zero.clone(), expects, log_unit: 0.0, difference: zero, covariance }
    }

    /// `weight` is that of the i-th event time.
    fn add_stratum(&mut self, rows: &TimeToEvent, group: &[usize], weight: impl Fn(usize) -> Weight, order: &[u32], entry_order: &[u32]) {
        let k = self.observed.len();
        let (time, event) = (rows.time(), rows.event());
        let entry = rows.entry().unwrap_or_default();
        let mut at_risk = vec![0.0; k];
        let mut entries = entry_order.iter().peekable();
        if entry.is_empty() {
            for &row in order {
                let code = group[row as usize];
                self.covariance.before_change(code, at_risk[code]);
                at_risk[code] += 1.0;
            }
        }
        let (mut times, mut start) = (0, 0);
        let mut dying = vec![0.0; k];
        while start < order.len() {
            let now = time[order[start] as usize];
            while let Some(row) = entries.next_if(|&&row| entry[row as usize] < now) {
                let code = group[*row as usize];
                self.covariance.before_change(code, at_risk[code]);
                at_risk[code] += 1.0;
            }
            let mut end = start;
            let mut events = 0.0;
            while end < order.len() && time[order[end] as usize].total_cmp(&now).is_eq() {
                let row = order[end] as usize;
                if event[row] {
                    dying[group[row]] += 1.0;
                    events += 1.0;
                }
                end += 1;
            }
            if events > 0.0 {
                self.has_events = true;
                let total: f64 = at_risk.iter().sum();
                let Weight { logarithm, compares } = weight(times);
                times += 1;
                let weight = logarithm.exp();
                // Times that compare nobody add nothing but rounding.
                let share = if compares && logarithm.is_finite() { (logarithm - self.log_unit).exp() } else { 0.0 };
                for g in 0..k {
                    let expected = events * (at_risk[g] / total);
                    self.observed[g] += weight * dying[g];
                    self.expected[g] += weight * expected;
                    self.expects[g] |= expected > 0.0 && logarithm.is_finite();
                    self.difference[g] += share * (dying[g] - expected);
                }
                if share > 0.0 && total > 1.0 {
                    self.covariance.add(&at_risk, total, share * share * events * (total - events) / (total - 1.0));
                }
                dying.fill(0.0);
            }
            for &row in &order[start..end] {
                let code = group[row as usize];
                self.covariance.before_change(code, at_risk[code]);
                at_risk[code] -= 1.0;
            }
            start = end;
        }
    }

    fn test(self, n: Vec<usize>) -> Result<LogRank, StatsError> {
        let covariance = self.covariance.into_rows();
        let kept: Vec<usize> = (0..n.len()).filter(|&group| self.expects[group]).collect();
        if kept.is_empty() && self.has_events {
            return Err(StatsError::NotPossible { what: "a log-rank test", reason: "every event has weight 0" });
        }
        if kept.is_empty() {
            return Err(StatsError::NoEvents);
        }
        if kept.len() < 2 {
            return Err(StatsError::NotPossible {
                what: "a log-rank test",
                reason: "only one group has anybody at risk when an event happens",
            });
        }
        let (statistic, rank) = quadratic_form(&kept[1..], &self.difference, &covariance);
        if rank == 0 {
            return Err(StatsError::UndefinedVariance { what: "the log-rank test" });
        }
        let df = rank as f64;
        let test = TestResult { method: "log-rank test", statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) };
        let unit = self.log_unit.exp();
        Ok(LogRank {
            n,
            observed: self.observed,
            expected: self.expected,
            covariance: covariance.iter().map(|row| row.iter().map(|sum| sum * unit * unit).collect()).collect(),
            test,
            scaled: Scaled { difference: self.difference, covariance },
        })
    }
}
