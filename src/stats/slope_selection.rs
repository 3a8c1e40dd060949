//! Slopes of given rank among all pairs of points, without holding all pairs.
//!
//! For x rising, the slope of points i < j is below s where the residual y − s x falls from i to j, so a merge sort counts the
//! slopes below s. A few such counts shrink a bracket around the wanted rank until the slopes inside fit in memory; these are
//! computed and selected from. Counts are made with a margin for rounding, which leaves every doubtful pair inside the bracket:
//! the result is the very number that sorting all slopes would give.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::inversions::count_inversions;
use super::mann_kendall::{PairSigns, pair_signs};

/// Pairs sampled to start the bracket, and half its width in sorted samples: four standard errors of a rank.
const SAMPLE: usize = 4096;
const HALF_WIDTH: usize = 128;

/// Counts after which the bracket is given up: slopes that differ by rounding only cannot be parted.
const PROBES: usize = 100;

/// Pairs that may be held at once where the bracket is given up.
const HELD_PAIRS: u64 = 1 << 21;

/// Points by rising x.
pub(super) struct SlopeSelection {
    /// As given, in the order of x and then y.
    points: Vec<(f64, f64)>,
    /// Less the first point.
    x: Vec<f64>,
    y: Vec<f64>,
    x_span: f64,
    y_span: f64,
    signs: PairSigns,
    sample: Vec<f64>,
    probes: Vec<Probe>,
}

/// How many slopes lie below one.
#[derive(Clone, Copy, Debug)]
struct Probe {
    slope: f64,
    /// Slopes that are below for certain.
    certainly_below: u64,
    /// Slopes that may be at or below.
    possibly_below: u64,
}

impl SlopeSelection {
    /// Sorts the points; they must be finite and as many x as y.
    pub(super) fn new(x: &[f64], y: &[f64]) -> Self {
        let signs = pair_signs(x, y);
        let mut points: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
        points.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let origin = points.first().copied().unwrap_or((0.0, 0.0));
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|point| (point.0 - origin.0, point.1 - origin.1)).unzip();
        let span = |values: &[f64]| values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let (x_span, y_span) = (span(&x), span(&y));
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let n = points.len() as u64;
        let mut sample: Vec<f64> = (0..SAMPLE)
            .filter_map(|_| {
                let (i, j) = (rng.random_range(0..n) as usize, rng.random_range(0..n) as usize);
                slope(points[i.min(j)], points[i.max(j)]).filter(|slope| slope.is_finite())
            })
            .collect();
        sample.sort_unstable_by(f64::total_cmp);
        Self { points, x, y, x_span, y_span, signs, sample, probes: vec![] }
    }

    /// Number of pairs with different x.
    pub(super) fn n_pairs(&self) -> u64 {
        self.signs.falling + self.signs.level + self.signs.rising
    }

    /// Variance of Kendall's S of the points.
    pub(super) fn variance_of_score(&self) -> f64 {
        self.signs.variance_of_score()
    }

    /// The slope of a rank, counted from 0.
    pub(super) fn select(&mut self, rank: u64) -> f64 {
        // Scores repeat: a slope of exactly 0 may be that of most pairs.
        if rank >= self.signs.falling && rank < self.signs.falling + self.signs.level {
            return 0.0;
        }
        let inside = self.bracket(rank).and_then(|(low, high)| self.select_inside(rank, low, high));
        inside.unwrap_or_else(|| if self.n_pairs() <= HELD_PAIRS { self.select_held(rank) } else { self.select_streaming(rank) })
    }

    /// Margin in residuals within which rounding may decide the order: of the differences, the product and the slope itself.
    fn margin(&self, slope: f64) -> f64 {
        16.0 * f64::EPSILON * (self.y_span + slope.abs() * self.x_span)
    }

    fn residuals(&self, slope: f64) -> Vec<f64> {
        self.x.iter().zip(&self.y).map(|(x, y)| y - slope * x).collect()
    }

    fn probe(&mut self, slope: f64) -> Option<Probe> {
        let margin = self.margin(slope);
        if !margin.is_finite() {
            return None;
        }
        let residuals = self.residuals(slope);
        // Pairs of tied x are no pairs; with y rising among them, only the margin can have counted them.
        let mut tied = 0;
        let mut start = 0;
        for group in self.x.chunk_by(|a, b| a.total_cmp(b).is_eq()) {
            let mut first = start;
            for j in start..start + group.len() {
                while residuals[j] > residuals[first] + margin {
                    first += 1;
                }
                tied += (j - first) as u64;
            }
            start += group.len();
        }
        let mut buffer = Vec::new();
        let mut values = residuals.clone();
        let certainly_below = count_inversions(&mut values, &mut buffer, margin, true);
        values.copy_from_slice(&residuals);
        let possibly_below = count_inversions(&mut values, &mut buffer, margin, false) - tied;
        let probe = Probe { slope, certainly_below, possibly_below };
        self.probes.push(probe);
        Some(probe)
    }

    /// The tightest probes known to lie below and above the slope of a rank.
    fn known(&self, rank: u64) -> (Option<Probe>, Option<Probe>) {
        let below = self.probes.iter().filter(|probe| probe.possibly_below <= rank).max_by(|a, b| a.slope.total_cmp(&b.slope));
        let above = self.probes.iter().filter(|probe| probe.certainly_below > rank).min_by(|a, b| a.slope.total_cmp(&b.slope));
        (below.copied(), above.copied())
    }

    /// Two slopes around that of the rank with few enough between them.
    fn bracket(&mut self, rank: u64) -> Option<(Probe, Probe)> {
        let room = 8 * self.points.len() as u64 + 4096;
        let (least, most) = (*self.sample.first()?, *self.sample.last()?);
        let place = (rank as f64 / self.n_pairs() as f64 * self.sample.len() as f64) as usize;
        let mut reach = HALF_WIDTH;
        let mut beyond = (most - least).max(f64::MIN_POSITIVE);
        let mut doubtful = 0_u32;
        for _ in 0..PROBES {
            match self.known(rank) {
                (Some(low), Some(high)) => {
                    if high.possibly_below - low.certainly_below <= room {
                        return Some((low, high));
                    }
                    // The middle; where rounding leaves it open on which side it lies, places ever nearer to the ends.
                    let share = 0.5_f64.powi(1 + i32::try_from(doubtful.div_ceil(2)).ok()?);
                    let share = if doubtful.is_multiple_of(2) { share } else { 1.0 - share };
                    let slope = low.slope + share * (high.slope - low.slope);
                    if !(slope > low.slope && slope < high.slope) || doubtful > 40 {
                        return None;
                    }
                    let found = self.probe(slope)?;
                    let decided = found.possibly_below <= rank || found.certainly_below > rank;
                    doubtful = if decided { 0 } else { doubtful + 1 };
                }
                (low, _) => {
                    let inside =
                        if low.is_none() { place.checked_sub(reach) } else { Some(place + reach).filter(|&at| at < self.sample.len()) };
                    let slope = inside.map_or_else(|| if low.is_none() { least - beyond } else { most + beyond }, |at| self.sample[at]);
                    if inside.is_none() {
                        beyond *= 2.0;
                    }
                    reach *= 2;
                    self.probe(slope)?;
                }
            }
        }
        None
    }

    /// Selects among the slopes that are neither certainly below the bracket nor certainly above it.
    fn select_inside(&self, rank: u64, low: Probe, high: Probe) -> Option<f64> {
        let (below, above) = (self.residuals(low.slope), self.residuals(high.slope));
        let (low_margin, high_margin) = (self.margin(low.slope), self.margin(high.slope));
        let n = self.points.len();
        let falling = |residuals: &[f64]| {
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_unstable_by(|&a, &b| residuals[b].total_cmp(&residuals[a]).then(a.cmp(&b)));
            order
        };
        // A pair is inside if its left point lies below its right one at the low slope and above it at the high one. Right points
        // are taken from the top of the first order; the list, in the second order, holds the left points that can still match.
        let (by_low, by_high) = (falling(&below), falling(&above));
        let (mut next, mut previous) = (vec![n; n + 1], vec![n; n + 1]);
        let mut last = n;
        for &point in &by_high {
            next[last] = point;
            previous[point] = last;
            last = point;
        }
        previous[n] = last;
        let mut slopes = Vec::with_capacity((high.possibly_below - low.certainly_below) as usize);
        let mut leaving = 0;
        for &right in &by_low {
            while leaving < n && below[right] < below[by_low[leaving]] - low_margin {
                let point = by_low[leaving];
                next[previous[point]] = next[point];
                previous[next[point]] = previous[point];
                leaving += 1;
            }
            let mut left = next[n];
            while left != n && above[right] <= above[left] + high_margin {
                if self.x[left] < self.x[right] {
                    slopes.extend(slope(self.points[left], self.points[right]));
                }
                left = next[left];
            }
        }
        let index = (rank - low.certainly_below) as usize;
        if slopes.len() as u64 != high.possibly_below - low.certainly_below || index >= slopes.len() {
            return None;
        }
        Some(*slopes.select_nth_unstable_by(index, f64::total_cmp).1)
    }

    /// Selects among all slopes.
    fn select_held(&self, rank: u64) -> f64 {
        let mut slopes = Vec::with_capacity(self.n_pairs() as usize);
        for (i, &left) in self.points.iter().enumerate() {
            slopes.extend(self.points[i + 1..].iter().filter_map(|&right| slope(left, right)));
        }
        *slopes.select_nth_unstable_by(rank as usize, f64::total_cmp).1
    }

    /// Selects by the bits of all slopes, 16 at a time: n² time, no memory, whatever the ties.
    fn select_streaming(&self, rank: u64) -> f64 {
        let (mut prefix, mut rest) = (0_u64, rank);
        for round in 0..4 {
            let shift = 48 - 16 * round;
            let counts = (0..self.points.len())
                .into_par_iter()
                .fold(
                    || vec![0_u64; 1 << 16],
                    |mut counts, i| {
                        for &right in &self.points[i + 1..] {
                            if let Some(slope) = slope(self.points[i], right) {
                                let key = sortable(slope);
                                if round == 0 || key >> (shift + 16) == prefix {
                                    counts[(key >> shift & 0xffff) as usize] += 1;
                                }
                            }
                        }
                        counts
                    },
                )
                .reduce(|| vec![0; 1 << 16], |a, b| a.iter().zip(&b).map(|(a, b)| a + b).collect());
            let mut digit = 0;
            while digit < 0xffff && rest >= counts[digit] {
                rest -= counts[digit];
                digit += 1;
            }
            prefix = prefix << 16 | digit as u64;
        }
        from_sortable(prefix)
    }
}

/// Slope of two points; `None` with equal x. A slope of −0 is 0.
fn slope(left: (f64, f64), right: (f64, f64)) -> Option<f64> {
    let run = right.0 - left.0;
    (run != 0.0).then(|| (right.1 - left.1) / run + 0.0)
}

/// Bits that order as the numbers do.
fn sortable(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn from_sortable(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_slopes(x: &[f64], y: &[f64]) -> Vec<f64> {
        let mut slopes: Vec<f64> =
            (0..x.len()).flat_map(|i| (i + 1..x.len()).filter_map(move |j| slope((x[i], y[i]), (x[j], y[j])))).collect();
        slopes.sort_unstable_by(f64::total_cmp);
        slopes
    }

    #[test]
    fn every_way_of_selecting_gives_the_sorted_slope_bit_for_bit() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        for round in 0..30 {
            let n = 40 + 10 * (round % 30);
            let mut draw = |scale: f64, grain: f64| {
                let value = scale * rng.random::<f64>();
                if grain > 0.0 { (value / grain).floor() * grain } else { value }
            };
            let x: Vec<f64> = match round % 5 {
                0 => (0..n).map(|i| f64::from(i) / 7.0).collect(),
                1 => (0..n).map(|_| draw(30.0, 1.0)).collect(),
                2 => (0..n).map(|_| 1e9 + draw(1.0, 0.0)).collect(),
                3 => (0..n).map(|_| draw(5.0, 0.1)).collect(),
                _ => (0..n).map(|_| draw(1.0, 0.0)).collect(),
            };
            let y: Vec<f64> = match round % 6 {
                0 => x.iter().map(|x| 6.0 - 0.3 * x + draw(2.0, 0.0)).collect(),
                1 => (0..n).map(|_| draw(11.0, 1.0)).collect(),
                2 => x.iter().map(|x| 2.1 * x + 0.3).collect(),
                3 => (0..n).map(|_| 1e9 + draw(11.0, 0.1)).collect(),
                4 => (0..n).map(|i| if i % 3 == 0 { draw(1.0, 0.1) } else { 5.0 }).collect(),
                _ => (0..n).map(|_| draw(1.0, 0.0)).collect(),
            };
            let sorted = all_slopes(&x, &y);
            let mut selection = SlopeSelection::new(&x, &y);
            assert_eq!(selection.n_pairs() as usize, sorted.len());
            for share in [0.02, 0.3, 0.5, 0.51, 0.9] {
                let rank = (share * sorted.len() as f64) as usize;
                assert_eq!(selection.select(rank as u64).to_bits(), sorted[rank].to_bits(), "round {round}, share {share}");
            }
            let rank = sorted.len() / 2;
            assert_eq!(selection.select_streaming(rank as u64).to_bits(), sorted[rank].to_bits(), "round {round}");
            assert_eq!(selection.select_held(rank as u64).to_bits(), sorted[rank].to_bits(), "round {round}");
        }
    }
}
