//! Survival curve from times known only to lie in an interval.

mod maximum;

use serde::Serialize;

use self::maximum::{Ranges, maximize};
use super::equal_times::merge_nearly_equal;
use crate::stats::error::{StatsError, check_finite};

/// Times known to lie in (left, right], checked once: left = right is an exact time, an infinite right one censored at left.
#[derive(Clone, Debug, PartialEq)]
pub struct IntervalCensored {
    left: Vec<f64>,
    right: Vec<f64>,
    entry: Option<Vec<f64>>,
}

impl IntervalCensored {
    /// Takes the ends of the intervals; `right` may be infinite. Times that differ only by rounding are one time, so an interval may
    /// become an exact time.
    ///
    /// # Errors
    /// [`StatsError::EmptySample`], [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::NegativeTime`];
    /// [`StatsError::EndBeforeStart`] for an interval that ends before it begins.
    pub fn new(mut left: Vec<f64>, mut right: Vec<f64>) -> Result<Self, StatsError> {
        if left.is_empty() {
            return Err(StatsError::EmptySample);
        }
        if left.len() != right.len() {
            return Err(StatsError::LengthMismatch { what: "right".to_owned(), found: right.len(), expected: left.len() });
        }
        check_finite("left", &left)?;
        if let Some(index) = right.iter().position(|value| value.is_nan()) {
            return Err(StatsError::NotFinite { what: "right".to_owned(), position: index + 1 });
        }
        if let Some(index) = left.iter().position(|&value| value < 0.0) {
            return Err(StatsError::NegativeTime { position: index + 1, value: left[index] });
        }
        merge_nearly_equal(&mut [&mut left, &mut right]);
        if let Some(index) = left.iter().zip(&right).position(|(left, right)| left > right) {
            return Err(StatsError::EndBeforeStart { position: index + 1, start: left[index], end: right[index] });
        }
        Ok(Self { left, right, entry: None })
    }

    /// Adds times of entry (left truncation): the row is there only because its time is later.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`], [`StatsError::NotFinite`]; [`StatsError::EntryAfterTime`] for an entry not before the right
    /// end.
    pub fn with_entry(mut self, mut entry: Vec<f64>) -> Result<Self, StatsError> {
        if entry.len() != self.left.len() {
            return Err(StatsError::LengthMismatch { what: "entry".to_owned(), found: entry.len(), expected: self.left.len() });
        }
        check_finite("entry", &entry)?;
        merge_nearly_equal(&mut [&mut self.left, &mut self.right, &mut entry]);
        if let Some(index) = entry.iter().zip(&self.right).position(|(entry, right)| entry >= right) {
            return Err(StatsError::EntryAfterTime { position: index + 1, entry: entry[index], time: self.right[index] });
        }
        for (left, &entry) in self.left.iter_mut().zip(&entry) {
            *left = left.max(entry);
        }
        self.entry = Some(entry);
        Ok(self)
    }
}

/// An interval that carries probability; where in it, the data do not say.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TurnbullInterval {
    /// Left end, outside the interval (inside, where both ends are the same: an exact time).
    pub left: f64,
    /// Right end, inside the interval; `None` if it has no end.
    pub right: Option<f64>,
    /// Probability.
    pub mass: f64,
}

/// Nonparametric maximum likelihood estimate of a distribution from interval-censored times.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TurnbullCurve {
    /// Rows.
    pub n: usize,
    /// Rows with an exact time.
    pub n_exact: usize,
    /// Rows without a right end.
    pub n_right_censored: usize,
    /// Intervals with positive probability, rising.
    pub intervals: Vec<TurnbullInterval>,
    /// Log likelihood.
    pub log_likelihood: f64,
    /// How far the Kuhn–Tucker conditions are from being met, per row; without entry times no distribution has a log
    /// likelihood more than `n` times this above the one found.
    pub kuhn_tucker_gap: f64,
    /// Newton steps taken.
    pub iterations: usize,
}

/// What the estimate says of the probability of a later time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SurvivalBounds {
    /// The time.
    pub time: f64,
    /// Probability certainly later.
    pub lower: f64,
    /// Probability possibly later; equal to `lower` outside the intervals of the curve.
    pub upper: f64,
}

/// Turnbull's nonparametric maximum likelihood estimate.
///
/// # Formula
/// ```text
/// maximize Σᵢ log P(Lᵢ < T ≤ Rᵢ) − Σᵢ log P(T > Vᵢ)       (second sum: entry times V)
/// ```
/// over the probabilities of the innermost intervals: those from a left end to a right end (or entry time) with no end between.
/// Optimum: Σᵢ 1(j in row i)/Pᵢ ≤ n for every interval j, with equality where it has probability.
///
/// # Conventions
/// Intervals are open at the left and closed at the right; equal ends are an exact time. Each iteration opens the intervals
/// that promise most and takes a Newton step over those in use, until the conditions hold to 1e-10.
///
/// # Edge cases
/// All right-censored: all probability after the last time. Only exact and right-censored times: Kaplan–Meier.
/// With entry times the likelihood may have several local maxima, or run away where few are at risk early: then an error.
///
/// # Errors
/// [`StatsError::NotConverged`] if the Kuhn–Tucker gap stays above 1e-9.
///
/// # Agrees with
/// R survival 3.5-3 `survfit(Surv(left, right, type = "interval2") ~ 1)`, whose EM stops earlier.
///
/// # References
/// Turnbull (1976), JRSS B 38:290–295. Alioum & Commenges (1996), Biometrics 52:512–524. Wang (2007), JRSS B 69:185–198.
pub fn turnbull(rows: &IntervalCensored) -> Result<TurnbullCurve, StatsError> {
    let innermost = innermost_intervals(rows);
    let lefts: Vec<End> = innermost.iter().map(|interval| interval.0).collect();
    let rights: Vec<f64> = innermost.iter().map(|interval| interval.1).collect();
    let events = Ranges::new(
        (0..rows.left.len())
            .map(|row| {
                let first = lefts.partition_point(|left| left.before(&left_end(rows.left[row], rows.right[row])));
                (first, rights.partition_point(|&right| right <= rows.right[row]))
            })
            .collect(),
        innermost.len(),
    );
    let entries = rows.entry.as_ref().map(|entry| {
        let after = |&from: &f64| (lefts.partition_point(|left| left.value < from || (left.value <= from && left.exact)), lefts.len());
        Ranges::new(entry.iter().map(after).collect(), innermost.len())
    });
    let maximum = maximize(&events, entries.as_ref())?;
    let intervals = innermost
        .iter()
        .zip(&maximum.mass)
        .filter(|(_, mass)| **mass > 0.0)
        .map(|((left, right), &mass)| TurnbullInterval { left: left.value, right: right.is_finite().then_some(*right), mass })
        .collect();
    let count = |accept: fn(f64, f64) -> bool| rows.left.iter().zip(&rows.right).filter(|(left, right)| accept(**left, **right)).count();
    Ok(TurnbullCurve {
        n: rows.left.len(),
        n_exact: count(|left, right| left >= right),
        n_right_censored: count(|_, right| right.is_infinite()),
        intervals,
        log_likelihood: maximum.log_likelihood,
        kuhn_tucker_gap: maximum.gap,
        iterations: maximum.iterations,
    })
}

impl TurnbullCurve {
    /// Bounds of P(T > `time`): equal outside the intervals, apart inside one.
    #[must_use]
    pub fn survival_bounds(&self, time: f64) -> SurvivalBounds {
        let (mut lower, mut upper) = (0.0_f64, 0.0_f64);
        // From the end, so that small probabilities of late times keep their digits.
        for interval in self.intervals.iter().rev() {
            let exact = interval.right == Some(interval.left);
            if interval.left > time || (!exact && interval.left >= time) {
                lower += interval.mass;
            }
            if interval.right.is_none_or(|right| right > time) {
                upper += interval.mass;
            }
        }
        SurvivalBounds { time, lower: lower.min(1.0), upper: upper.min(1.0) }
    }
}

/// A left end; at equal values that of an exact time comes before the right ends, that of an interval after them.
#[derive(Clone, Copy)]
struct End {
    value: f64,
    exact: bool,
}

impl End {
    fn before(&self, other: &Self) -> bool {
        self.value < other.value || (self.value <= other.value && self.exact && !other.exact)
    }
}

fn left_end(left: f64, right: f64) -> End {
    End { value: left, exact: left >= right }
}

/// Left ends followed by a right end with no other end between.
fn innermost_intervals(rows: &IntervalCensored) -> Vec<(End, f64)> {
    let mut ends: Vec<(f64, u8)> = Vec::with_capacity(3 * rows.left.len());
    for (&left, &right) in rows.left.iter().zip(&rows.right) {
        ends.push((left, if left >= right { 0 } else { 2 }));
        ends.push((right, 1));
    }
    ends.extend(rows.entry.iter().flatten().map(|&entry| (entry, 1)));
    ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    ends.windows(2)
        .filter(|pair| pair[0].1 != 1 && pair[1].1 == 1)
        .map(|pair| (End { value: pair[0].0, exact: pair[0].1 == 0 }, pair[1].0))
        .collect()
}
