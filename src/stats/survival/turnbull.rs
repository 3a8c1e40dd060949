//! Event-free probability when event times are only known to lie in intervals.

use serde::Serialize;

use crate::stats::error::StatsError;

/// Turnbull's estimate: probability in each of the intervals that can have any.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Turnbull {
    /// Rows.
    pub n: usize,
    /// Left ends of the intervals, rising: the event is after it, or at it for an exact time.
    pub left: Vec<f64>,
    /// Right ends; `None` for no end.
    pub right: Vec<Option<f64>>,
    /// Probability of an event in each interval.
    pub probability: Vec<f64>,
    /// Probability of being event-free after each interval.
    pub survival: Vec<f64>,
    /// Log likelihood.
    pub log_likelihood: f64,
    /// Largest directional derivative less 1 (Kuhn–Tucker): 0 at the maximum.
    pub gap: f64,
    /// Steps taken.
    pub iterations: usize,
}

/// A row's event time lies in `(left, right]`, at `left` if both are equal, or after `left` without a right end.
const MAX_ITERATIONS: usize = 200_000;
/// How far from the maximum the likelihood may be left, as a directional derivative.
const GAP: f64 = 1e-9;

/// Nonparametric maximum-likelihood estimate of the event-free probability from intervals.
///
/// # Formula
/// The likelihood `Π Σ_{intervals of row i} p` is maximized over the probabilities of the innermost intervals (between a left end and the
/// next right end) by EM steps with extrapolation (SQUAREM). At the maximum the derivatives `d_j = Σ_i 1[j in i]/P_i / n` are at most 1,
/// and 1 wherever `p_j > 0`; `gap` is how much the largest exceeds 1.
///
/// # Conventions
/// Within an interval the curve is not identified: `survival` is after it, and [`Turnbull::bounds`] gives the range.
///
/// # Errors
/// [`StatsError::EmptySample`], [`StatsError::LengthMismatch`], [`StatsError::NotFinite`]; [`StatsError::OutOfRange`] for an interval
/// that ends before it starts or starts below 0; [`StatsError::NotConverged`].
///
/// # Agrees with
/// R `survfit(Surv(left, right, type = "interval2") ~ 1)`, `interval::icfit`, `icenReg::ic_np`.
///
/// # References
/// Turnbull (1976), JRSS B 38:290–295; Gentleman & Geyer (1994), Biometrika 81:618–623; Varadhan & Roland (2008), Scand J Stat 35:335–353.
pub fn turnbull(left: &[f64], right: &[Option<f64>]) -> Result<Turnbull, StatsError> {
    let n = left.len();
    if n == 0 {
        return Err(StatsError::EmptySample);
    }
    if right.len() != n {
        return Err(StatsError::LengthMismatch { what: "right".to_owned(), found: right.len(), expected: n });
    }
    for (row, (&left, &right)) in left.iter().zip(right).enumerate() {
        if !left.is_finite() || right.is_some_and(|right| !right.is_finite()) {
            return Err(StatsError::NotFinite { what: "left or right".to_owned(), position: row + 1 });
        }
        if left < 0.0 {
            return Err(StatsError::NegativeTime { position: row + 1, value: left });
        }
        if let Some(right) = right.filter(|&right| right < left) {
            return Err(StatsError::OutOfRange { what: "the end of an interval", value: right, expected: "it cannot be before its start" });
        }
    }
    let support = Support::new(left, right);
    let m = support.left.len();
    let mut p = vec![1.0 / m as f64; m];
    let mut iterations = 0;
    let gap = loop {
        // Two EM steps and a jump along their direction; the jump is kept if it does not lower the likelihood.
        let first = support.step(&p);
        let second = support.step(&first);
        iterations += 2;
        let (mut r2, mut v2) = (0.0, 0.0);
        for j in 0..m {
            let r = first[j] - p[j];
            let v = second[j] - first[j] - r;
            r2 += r * r;
            v2 += v * v;
        }
        let mut next = second.clone();
        if v2 > 0.0 {
            let length = -(r2 / v2).sqrt();
            let mut jumped: Vec<f64> = (0..m)
                .map(|j| {
                    let r = first[j] - p[j];
                    let v = second[j] - first[j] - r;
                    (p[j] - 2.0 * length * r + length * length * v).max(0.0)
                })
                .collect();
            let sum: f64 = jumped.iter().sum();
            jumped.iter_mut().for_each(|share| *share /= sum);
            let jumped = support.step(&jumped);
            iterations += 1;
            if support.log_likelihood(&jumped) >= support.log_likelihood(&second) {
                next = jumped;
            }
        }
        // EM leaves a zero at zero; a share that the derivative says should grow is put back.
        let derivatives = support.derivatives(&next);
        let gap = derivatives.iter().fold(0.0_f64, |gap, d| gap.max(d - 1.0));
        for (share, derivative) in next.iter_mut().zip(&derivatives) {
            if *derivative < 1.0 - 1e-3 && *share < 1e-10 {
                *share = 0.0;
            } else if *derivative > 1.0 + GAP && *share == 0.0 {
                *share = 1e-6;
            }
        }
        let sum: f64 = next.iter().sum();
        next.iter_mut().for_each(|share| *share /= sum);
        p = next;
        if gap < GAP {
            break gap;
        }
        if iterations > MAX_ITERATIONS {
            return Err(StatsError::NotConverged { iterations });
        }
    };
    let mut left_of_all = 1.0;
    let survival = p
        .iter()
        .map(|share| {
            left_of_all -= share;
            f64::max(left_of_all, 0.0)
        })
        .collect();
    Ok(Turnbull {
        n,
        log_likelihood: support.log_likelihood(&p),
        left: support.left,
        right: support.right.iter().map(|right| right.is_finite().then_some(*right)).collect(),
        probability: p,
        survival,
        gap: gap.max(0.0),
        iterations,
    })
}

/// The innermost intervals, and the range of them inside each row.
struct Support {
    left: Vec<f64>,
    right: Vec<f64>,
    ranges: Vec<(usize, usize)>,
}

impl Support {
    fn new(left: &[f64], right: &[Option<f64>]) -> Self {
        // Ends in the order they are met: at one time a right end that is open to the left of it comes first, then exact times, then
        // left ends, which are open.
        #[derive(PartialEq, PartialOrd, Clone, Copy)]
        enum Kind {
            ExactLeft,
            Right,
            Left,
        }
        let mut ends: Vec<(f64, Kind)> = Vec::new();
        for (&l, r) in left.iter().zip(right) {
            let r = r.unwrap_or(f64::INFINITY);
            ends.push((l, if l == r { Kind::ExactLeft } else { Kind::Left }));
            ends.push((r, Kind::Right));
        }
        let rank = |kind: Kind| match kind {
            Kind::ExactLeft => 0,
            Kind::Right => 1,
            Kind::Left => 2,
        };
        ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(rank(a.1).cmp(&rank(b.1))));
        let (mut starts, mut stops) = (Vec::new(), Vec::new());
        for pair in ends.windows(2) {
            // A left end directly before a right end bounds an innermost interval.
            if pair[0].1 != Kind::Right && pair[1].1 == Kind::Right {
                starts.push(pair[0]);
                stops.push(pair[1].0);
            }
        }
        let ranges = left
            .iter()
            .zip(right)
            .map(|(&l, r)| {
                let r = r.unwrap_or(f64::INFINITY);
                let exact = l == r;
                // The first innermost interval that starts at or after l (an open one only if it starts there too), and past the last
                // that ends by r.
                let from = starts.partition_point(|&(start, kind)| start < l || start == l && !exact && kind == Kind::ExactLeft);
                let to = stops.partition_point(|&stop| stop <= r);
                (from, to)
            })
            .collect();
        Self { left: starts.iter().map(|start| start.0).collect(), right: stops, ranges }
    }

    fn sums(&self, p: &[f64]) -> Vec<f64> {
        let mut before = Vec::with_capacity(p.len() + 1);
        let mut sum = 0.0;
        before.push(0.0);
        for share in p {
            sum += share;
            before.push(sum);
        }
        self.ranges.iter().map(|&(from, to)| before[to] - before[from]).collect()
    }

    fn log_likelihood(&self, p: &[f64]) -> f64 {
        self.sums(p).iter().map(|sum| sum.ln()).sum()
    }

    /// Σ over rows that hold the interval of 1/P, over n.
    fn derivatives(&self, p: &[f64]) -> Vec<f64> {
        let n = self.ranges.len() as f64;
        let mut change = vec![0.0; p.len() + 1];
        for (&(from, to), sum) in self.ranges.iter().zip(self.sums(p)) {
            let weight = 1.0 / (n * sum.max(f64::MIN_POSITIVE));
            change[from] += weight;
            change[to] -= weight;
        }
        let mut running = 0.0;
        change[..p.len()]
            .iter()
            .map(|change| {
                running += change;
                running
            })
            .collect()
    }

    /// One EM step.
    fn step(&self, p: &[f64]) -> Vec<f64> {
        let mut next: Vec<f64> = self.derivatives(p).iter().zip(p).map(|(d, share)| (d * share).max(0.0)).collect();
        let sum: f64 = next.iter().sum();
        next.iter_mut().for_each(|share| *share /= sum);
        next
    }
}

impl Turnbull {
    /// Least and greatest event-free probability the data allow at a time.
    #[must_use]
    pub fn bounds(&self, time: f64) -> (f64, f64) {
        // Intervals that certainly ended by `time`, and those that may have.
        let ended: f64 =
            (0..self.left.len()).filter(|&j| self.right[j].is_some_and(|right| right <= time)).map(|j| self.probability[j]).sum();
        let begun: f64 = (0..self.left.len())
            .filter(|&j| self.left[j] < time || self.right[j] == Some(self.left[j]) && self.left[j] <= time)
            .map(|j| self.probability[j])
            .sum();
        ((1.0 - begun).max(0.0), (1.0 - ended).clamp(0.0, 1.0))
    }
}
