//! Maximum of Σ w log P(range) over the probabilities of consecutive cells.

use nalgebra::{Cholesky, DMatrix, DVector};

use crate::stats::error::StatsError;

const MAX_ITERATIONS: usize = 1_000;
const MAX_CONJUGATE_STEPS: usize = 500;
/// Up to this many cells with probability the Newton equations are solved by factoring, above by conjugate gradients.
const MOST_FACTORED: usize = 600;
/// Gap aimed at, and gap above which the search has failed.
const WANTED_GAP: f64 = 1e-10;
const ALLOWED_GAP: f64 = 1e-9;

/// Ranges of cells `first..end`, equal ones together.
pub(super) struct Ranges {
    ranges: Vec<(usize, usize)>,
    weight: Vec<f64>,
    cells: usize,
}

/// What was found.
pub(super) struct Maximum {
    pub mass: Vec<f64>,
    pub log_likelihood: f64,
    pub gap: f64,
    pub iterations: usize,
}

impl Ranges {
    pub(super) fn new(mut all: Vec<(usize, usize)>, cells: usize) -> Self {
        all.sort_unstable();
        let (ranges, weight) = all.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as f64)).unzip();
        Self { ranges, weight, cells }
    }

    /// Sum of the cells of each range: running sums from the left, from the right for ranges up to the end.
    fn sums(&self, values: &[f64]) -> Vec<f64> {
        let (mut before, mut after) = (vec![0.0; self.cells + 1], vec![0.0; self.cells + 1]);
        for cell in 0..self.cells {
            before[cell + 1] = before[cell] + values[cell];
        }
        for cell in (0..self.cells).rev() {
            after[cell] = after[cell + 1] + values[cell];
        }
        self.ranges
            .iter()
            .map(|&(first, end)| match end {
                end if end == self.cells => after[first],
                end if end - first < 8 => values[first..end].iter().sum(),
                end => before[end] - before[first],
            })
            .collect()
    }

    /// For each cell, the sum of the values of the ranges it is in.
    fn spread(&self, values: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut cells = vec![0.0; self.cells + 1];
        for (&(first, end), value) in self.ranges.iter().zip(values) {
            cells[first] += value;
            cells[end] -= value;
        }
        for cell in 0..self.cells {
            cells[cell + 1] += cells[cell];
        }
        cells.truncate(self.cells);
        cells
    }

    fn total(&self) -> f64 {
        self.weight.iter().sum()
    }

    fn log_likelihood(&self, mass: &[f64]) -> f64 {
        self.sums(mass).iter().zip(&self.weight).map(|(p, w)| w * p.ln()).sum()
    }

    /// Σ w/P over the ranges each cell is in.
    fn gradient(&self, sums: &[f64]) -> Vec<f64> {
        self.spread(sums.iter().zip(&self.weight).map(|(p, w)| w / p))
    }
}

/// Maximizes Σ w log P(event range) − Σ w log P(entry range) over probabilities.
///
/// Without entries the sum of the masses is left free and n times it taken off, which changes nothing but the constraint. The
/// entries' convex term is replaced by its tangent, which bounds it from below, anew before each step: costs per cell instead
/// of n. Each step opens the cell that promises most between any two with mass, then takes a Newton step over those.
pub(super) fn maximize(events: &Ranges, entries: Option<&Ranges>) -> Result<Maximum, StatsError> {
    let n = events.total();
    let mut mass = start(events);
    for iteration in 0..=MAX_ITERATIONS {
        let total: f64 = mass.iter().sum();
        for mass in &mut mass {
            *mass /= total;
        }
        let cost = match entries {
            None => vec![n; events.cells],
            Some(entries) => entries.gradient(&entries.sums(&mass)),
        };
        let sums = events.sums(&mass);
        let slope: Vec<f64> = events.gradient(&sums).iter().zip(&cost).map(|(d, c)| d - c).collect();
        let gap = slope.iter().copied().fold(0.0, f64::max) / n;
        if !gap.is_finite() {
            return Err(StatsError::NotConverged { iterations: iteration });
        }
        if gap <= WANTED_GAP || iteration == MAX_ITERATIONS {
            if gap > ALLOWED_GAP {
                return Err(StatsError::NotConverged { iterations: iteration });
            }
            let log_likelihood = events.log_likelihood(&mass) - entries.map_or(0.0, |entries| entries.log_likelihood(&mass));
            return Ok(Maximum { mass, log_likelihood, gap, iterations: iteration });
        }
        let open = open_cells(&mass, &slope);
        if !newton_step(events, &sums, &slope, &cost, &open, &mut mass) {
            // An EM step always goes up, if slowly, but never opens a cell.
            for &cell in &open {
                mass[cell] = (mass[cell] * (1.0 + slope[cell] / cost[cell])).max(if slope[cell] > 0.0 { 1e-3 / n } else { 0.0 });
            }
        }
    }
    Err(StatsError::NotConverged { iterations: MAX_ITERATIONS })
}

/// Equal parts of each range's weight on the last cell of the range that ends first, then of the next one without a cell, ….
fn start(events: &Ranges) -> Vec<f64> {
    let mut order: Vec<usize> = (0..events.ranges.len()).collect();
    order.sort_by_key(|&range| events.ranges[range].1);
    let mut mass = vec![0.0; events.cells];
    let mut chosen = None;
    for range in order {
        let (first, end) = events.ranges[range];
        let cell = chosen.filter(|&cell| cell >= first).unwrap_or(end - 1);
        mass[cell] += events.weight[range];
        chosen = Some(cell);
    }
    mass
}

/// Cells with mass, and between any two of them the one with the largest slope if it is uphill.
fn open_cells(mass: &[f64], slope: &[f64]) -> Vec<usize> {
    let mut open = Vec::new();
    let mut best: Option<usize> = None;
    for cell in 0..mass.len() {
        if mass[cell] > 0.0 {
            open.extend(best.take());
            open.push(cell);
        } else if slope[cell] > best.map_or(0.0, |best| slope[best]) {
            best = Some(cell);
        }
    }
    open.extend(best);
    open
}

/// A Newton step over the open cells, cells it would make negative left out; false if it does not go up.
fn newton_step(events: &Ranges, sums: &[f64], slope: &[f64], cost: &[f64], open: &[usize], mass: &mut [f64]) -> bool {
    let curvature: Vec<f64> = sums.iter().zip(&events.weight).map(|(p, w)| w / (p * p)).collect();
    // The model's maximum x solves H x = H mass + slope; H mass is Σ curvature × P over the ranges of a cell.
    let pull = events.spread(curvature.iter().zip(sums).map(|(curvature, p)| curvature * p));
    let goal: Vec<f64> = pull.iter().zip(slope).map(|(pull, slope)| pull + slope).collect();
    let mut kept = open.to_vec();
    let target = loop {
        let solution = if kept.len() <= MOST_FACTORED { factored(events, &curvature, &goal, &kept) } else { None }
            .unwrap_or_else(|| conjugate_gradients(events, &curvature, &goal, &kept, mass));
        if solution.iter().all(|&x| x >= 0.0) {
            let mut target = vec![0.0; mass.len()];
            kept.iter().zip(&solution).for_each(|(&cell, &x)| target[cell] = x);
            break target;
        }
        kept = kept.into_iter().zip(solution).filter(|(_, x)| *x > 0.0).map(|(cell, _)| cell).collect();
        if kept.is_empty() {
            return false;
        }
    };
    let value = |mass: &[f64]| events.log_likelihood(mass) - mass.iter().zip(cost).map(|(m, c)| m * c).sum::<f64>();
    let promised: f64 = open.iter().map(|&cell| (target[cell] - mass[cell]) * slope[cell]).sum();
    if promised.is_nan() || promised <= 0.0 {
        return false;
    }
    let before = value(mass);
    // At the end the gain is below the rounding of the values; the promise then decides.
    let rounding = 1e-13 * before.abs().max(1.0);
    let mut fraction = 1.0;
    while fraction > 1e-10 {
        let next: Vec<f64> = mass.iter().zip(&target).map(|(from, to)| from + fraction * (to - from)).collect();
        let found = if fraction < 1.0 { value(&next) } else { value(&target) };
        if found.is_finite() && found - before >= 1e-4 * fraction * promised - rounding {
            mass.copy_from_slice(if fraction < 1.0 { &next } else { &target });
            return true;
        }
        fraction /= 2.0;
    }
    false
}

/// H x = goal on the kept cells by Cholesky factoring; `None` if the matrix is singular.
fn factored(events: &Ranges, curvature: &[f64], goal: &[f64], kept: &[usize]) -> Option<Vec<f64>> {
    let k = kept.len();
    let mut place = vec![0; events.cells + 1];
    for cell in 0..events.cells {
        place[cell + 1] = place[cell] + usize::from(place[cell] < k && kept[place[cell]] == cell);
    }
    // Entry (j, l), j ≤ l, is the sum over ranges that begin by j and end after l: suffix sums along, running sums down.
    let mut matrix = DMatrix::<f64>::zeros(k, k);
    for (&(first, end), curvature) in events.ranges.iter().zip(curvature) {
        if place[end] > place[first] {
            matrix[(place[first], place[end] - 1)] += curvature;
        }
    }
    for j in 0..k {
        for l in (j..k).rev() {
            let after = if l + 1 < k { matrix[(j, l + 1)] } else { 0.0 };
            matrix[(j, l)] += after;
        }
        for l in j + 1..k {
            matrix[(l, j)] = matrix[(j, l)];
        }
        if j > 0 {
            for l in j..k {
                matrix[(l, j)] += matrix[(l, j - 1)];
            }
        }
    }
    // The lower triangle now holds the sums; scaled to a unit diagonal.
    let scale: Vec<f64> = (0..k).map(|j| matrix[(j, j)].sqrt()).collect();
    if scale.iter().any(|&scale| scale.is_nan() || scale <= 0.0) {
        return None;
    }
    let scaled = DMatrix::from_fn(k, k, |j, l| {
        let (j, l) = (j.max(l), j.min(l));
        matrix[(j, l)] / (scale[j] * scale[l]) + if j == l { 1e-13 } else { 0.0 }
    });
    let right = DVector::from_fn(k, |j, _| goal[kept[j]] / scale[j]);
    let solution = Cholesky::new(scaled)?.solve(&right);
    Some(solution.iter().zip(&scale).map(|(x, scale)| x / scale).collect())
}

/// H x = goal on the kept cells by conjugate gradients from the current masses.
fn conjugate_gradients(events: &Ranges, curvature: &[f64], goal: &[f64], kept: &[usize], mass: &[f64]) -> Vec<f64> {
    let diagonal = events.spread(curvature.iter().copied());
    let mut wide = vec![0.0; events.cells];
    let mut product = |values: &[f64]| -> Vec<f64> {
        kept.iter().zip(values).for_each(|(&cell, &value)| wide[cell] = value);
        let sums = events.sums(&wide);
        let spread = events.spread(sums.iter().zip(curvature).map(|(sum, curvature)| sum * curvature));
        // A touch on the diagonal: where several distributions are equally good the matrix is singular.
        kept.iter().zip(values).map(|(&cell, value)| spread[cell] + 1e-13 * diagonal[cell] * value).collect()
    };
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let precondition = |values: &[f64]| -> Vec<f64> { kept.iter().zip(values).map(|(&cell, v)| v / diagonal[cell]).collect() };
    let mut solution: Vec<f64> = kept.iter().map(|&cell| mass[cell]).collect();
    let mut residual: Vec<f64> = kept.iter().zip(product(&solution)).map(|(&cell, product)| goal[cell] - product).collect();
    let mut scaled = precondition(&residual);
    let mut direction = scaled.clone();
    let mut norm = dot(&residual, &scaled);
    let first = norm;
    for _ in 0..MAX_CONJUGATE_STEPS {
        if norm <= 1e-22 * first {
            break;
        }
        let along = product(&direction);
        let bend = dot(&direction, &along);
        if bend.is_nan() || bend <= 0.0 {
            break;
        }
        let length = norm / bend;
        for cell in 0..kept.len() {
            solution[cell] += length * direction[cell];
            residual[cell] -= length * along[cell];
        }
        scaled = precondition(&residual);
        let next = dot(&residual, &scaled);
        let keep = next / norm;
        norm = next;
        for cell in 0..kept.len() {
            direction[cell] = scaled[cell] + keep * direction[cell];
        }
    }
    solution
}
