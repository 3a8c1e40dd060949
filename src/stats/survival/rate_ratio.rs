//! Ratio of two event rates.

use serde::Serialize;

use super::person_years::check_person_time;
use crate::stats::error::{StatsError, check_level};
use crate::stats::hypothesis::TestResult;

/// Ratio of the rates of two groups, second over first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RateRatio {
    /// The ratio; `None` if the first group has no events.
    pub ratio: Option<f64>,
    /// Lower exact conditional limit.
    pub exact_lower: f64,
    /// Upper exact conditional limit; `None` if the first group has no events.
    pub exact_upper: Option<f64>,
    /// Lower mid-p conditional limit.
    pub mid_p_lower: f64,
    /// Upper mid-p conditional limit; `None` if the first group has no events.
    pub mid_p_upper: Option<f64>,
    /// Level of the limits.
    pub level: f64,
    /// Exact conditional test: the probability of all outcomes no likelier than the one seen. The statistic is the number of
    /// events of the second group.
    pub exact: TestResult,
    /// Mid-p conditional test: twice the smaller tail, in which the outcome seen counts half.
    pub mid_p: TestResult,
}

/// Ratio of two Poisson rates given events and person-time of each, second over first.
///
/// # Formula
/// ```text
/// d₂ | d₁ + d₂ ~ Binomial(d₁ + d₂, π),   π/(1 − π) = ρ T₂/T₁
/// ```
/// Exact limits are the ρ at which P(X ≥ d₂) and P(X ≤ d₂) are α/2 (Clopper and Pearson); mid-p limits count only half of
/// P(X = d₂).
///
/// # Conventions
/// Exact limits cover at least as often as they say, and mostly more often; mid-p limits cover as often as they say on average.
///
/// # Edge cases
/// No events in the first group: no ratio and no upper limit. No events in the second: ratio and lower limit 0.
///
/// # Errors
/// [`StatsError::NoEvents`] without any event; [`StatsError::OutOfRange`] for person-time not above 0;
/// [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R 4.2 `poisson.test(c(d2, d1), c(T2, T1))` (exact limits and test); R epitools 0.5-10.1 `rateratio.midp` (mid-p).
///
/// # References
/// Clopper & Pearson (1934), Biometrika 26:404–413. Rothman, Greenland & Lash (2008), Modern Epidemiology, chapter 14.
pub fn rate_ratio(first: (usize, f64), second: (usize, f64), level: f64) -> Result<RateRatio, StatsError> {
    check_level(level)?;
    check_person_time(first.1)?;
    check_person_time(second.1)?;
    let n = first.0 + second.0;
    if n == 0 {
        return Err(StatsError::NoEvents);
    }
    let tail = (1.0 - level) / 2.0;
    let per_time = first.1 / second.1;
    let seen = Split { second: second.0, first: first.0 };
    let limit = |rising: &dyn Fn(Odds) -> f64| (log_odds_at(rising).exp() * per_time).min(f64::MAX);
    let lower = |of: &dyn Fn(Odds) -> f64| if second.0 == 0 { 0.0 } else { limit(of) };
    let upper = |of: &dyn Fn(Odds) -> f64| (first.0 > 0).then(|| limit(of));
    let null = Odds::new((second.1 / first.1).ln());
    let mid_p = 2.0 * seen.at_most(null, 0.5).min(seen.mirrored().at_most(null.mirrored(), 0.5));
    let test = |method, p_value: f64| TestResult { method, statistic: second.0 as f64, df: None, p_value: p_value.min(1.0) };
    Ok(RateRatio {
        ratio: (first.0 > 0).then(|| second.0 as f64 / first.0 as f64 * per_time),
        exact_lower: lower(&|odds| seen.mirrored().at_most(odds.mirrored(), 1.0) - tail),
        exact_upper: upper(&|odds| tail - seen.at_most(odds, 1.0)),
        mid_p_lower: lower(&|odds| seen.mirrored().at_most(odds.mirrored(), 0.5) - tail),
        mid_p_upper: upper(&|odds| tail - seen.at_most(odds, 0.5)),
        level,
        exact: test("exact conditional test of the rate ratio", seen.no_likelier(null)),
        mid_p: test("mid-p conditional test of the rate ratio", mid_p),
    })
}

/// Probability that an event falls to the second group, and to the first; both kept, for either may be tiny.
#[derive(Clone, Copy)]
struct Odds {
    second: f64,
    first: f64,
}

impl Odds {
    fn new(log_odds: f64) -> Self {
        Self { second: 1.0 / (1.0 + (-log_odds).exp()), first: 1.0 / (1.0 + log_odds.exp()) }
    }

    fn mirrored(self) -> Self {
        Self { second: self.first, first: self.second }
    }
}

/// How the events fell.
#[derive(Clone, Copy)]
struct Split {
    second: usize,
    first: usize,
}

impl Split {
    fn mirrored(self) -> Self {
        Self { second: self.first, first: self.second }
    }

    /// Binomial probability of this split, by Loader's saddle-point form.
    fn probability(self, odds: Odds) -> f64 {
        let (x, y) = (self.second as f64, self.first as f64);
        let n = x + y;
        if self.second == 0 || self.first == 0 {
            let (share, rest) = if self.second == 0 { (odds.first, odds.second) } else { (odds.second, odds.first) };
            return (n * if rest < 0.5 { (-rest).ln_1p() } else { share.ln() }).exp();
        }
        let log = stirling_error(n) - stirling_error(x) - stirling_error(y) - deviance(x, n * odds.second) - deviance(y, n * odds.first);
        (n / (std::f64::consts::TAU * x * y)).sqrt() * log.exp()
    }

    /// P(second < seen) + `weight` P(second = seen).
    fn at_most(self, odds: Odds, weight: f64) -> f64 {
        let here = self.probability(odds);
        let n = (self.second + self.first) as f64;
        if self.second as f64 > n * odds.second {
            // The shorter tail is the other one.
            return (1.0 - self.mirrored().below(odds.mirrored(), here) - (1.0 - weight) * here).max(0.0);
        }
        self.below(odds, here) + weight * here
    }

    /// P(second < seen), from the probability of the split seen downwards.
    fn below(self, odds: Odds, here: f64) -> f64 {
        let (mut x, mut y) = (self.second as f64, self.first as f64);
        let (mut term, mut sum) = (here, 0.0_f64);
        while x > 0.0 && term > 0.0 {
            y += 1.0;
            term *= x / y * (odds.first / odds.second);
            x -= 1.0;
            sum += term;
            if term < sum * 1e-18 {
                break;
            }
        }
        sum
    }

    /// Probability of all splits no likelier than this one, with the tolerance of R's `binom.test`.
    fn no_likelier(self, odds: Odds) -> f64 {
        let n = self.second + self.first;
        let expected = n as f64 * odds.second;
        let seen = self.second as f64;
        if (seen - expected).abs() <= 1e-12 * expected {
            return 1.0;
        }
        if seen > expected {
            return self.mirrored().no_likelier(odds.mirrored());
        }
        let limit = self.probability(odds) * (1.0 + 1e-7);
        let unlikely = |second: usize| Self { second, first: n - second }.probability(odds) <= limit;
        // Beyond the mean the probabilities only fall: the first one no likelier, by bisection.
        let (mut from, mut to) = (expected.ceil() as usize, n + 1);
        while from < to {
            let middle = usize::midpoint(from, to);
            if unlikely(middle) { to = middle } else { from = middle + 1 }
        }
        let upper = if to > n { 0.0 } else { Self { second: n - to, first: to }.at_most(odds.mirrored(), 1.0) };
        self.at_most(odds, 1.0) + upper
    }
}

/// Log odds at which a rising function crosses 0.
fn log_odds_at(rising: &dyn Fn(Odds) -> f64) -> f64 {
    let (mut lower, mut upper) = (-745.0_f64, 709.0_f64);
    loop {
        let middle = f64::midpoint(lower, upper);
        if middle <= lower || middle >= upper {
            return middle;
        }
        if rising(Odds::new(middle)) > 0.0 { upper = middle } else { lower = middle }
    }
}

/// ln n! less Stirling's formula.
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        let factorial: f64 = (1..=n as u32).map(f64::from).product();
        return factorial.ln() - (0.5 * (std::f64::consts::TAU * n).ln() + n * n.ln() - n);
    }
    let square = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * square)) / square) / square) / square) / n
}

/// x ln(x/m) + m − x without cancellation near x = m.
fn deviance(x: f64, m: f64) -> f64 {
    let v = (x - m) / (x + m);
    if v.abs() >= 0.1 {
        return x * (x / m).ln() + m - x;
    }
    // ln(x/m) = 2 atanh v.
    let (mut power, mut sum, mut k) = (2.0 * x * v, (x - m) * v, 1.0);
    loop {
        power *= v * v;
        k += 2.0;
        let next = sum + power / k;
        if (next - sum).abs() <= f64::EPSILON * sum.abs() * 0.1 || k > 200.0 {
            return next;
        }
        sum = next;
    }
}
