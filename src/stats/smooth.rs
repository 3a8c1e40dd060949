//! LOWESS, as R's.

use super::error::{StatsError, check_finite};

/// Locally weighted straight lines, robust to outliers.
///
/// # Definition
/// At each x, a weighted line through the `max(2, ⌊span·n⌋)` nearest points with tricube weights, refitted `iterations` times
/// with bisquare weights of the residuals at six times their median. x must be sorted.
///
/// # Conventions
/// Cleveland's `clowess` with `delta` = 1 % of the range of x: fitted at points at least that far apart, and interpolated
/// in between, as R does by default.
///
/// # Errors
/// [`StatsError::EmptySample`], [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], or [`StatsError::OutOfRange`] for
/// unsorted x or a span outside (0, 1].
///
/// # Agrees with
/// R `lowess(x, y, f = span, iter = iterations)`.
///
/// # References
/// Cleveland (1979), JASA 74:829–836.
pub fn lowess(x: &[f64], y: &[f64], span: f64, iterations: usize) -> Result<Vec<f64>, StatsError> {
    if x.is_empty() {
        return Err(StatsError::EmptySample);
    }
    if x.len() != y.len() {
        return Err(StatsError::LengthMismatch { what: "y".to_owned(), found: y.len(), expected: x.len() });
    }
    check_finite("x", x)?;
    check_finite("y", y)?;
    if let Some(index) = x.windows(2).position(|pair| pair[1] < pair[0]) {
        return Err(StatsError::OutOfRange { what: "x", value: x[index + 1], expected: "x must be sorted" });
    }
    if !(span > 0.0 && span <= 1.0) {
        return Err(StatsError::OutOfRange { what: "the span", value: span, expected: "it must be above 0 and at most 1" });
    }
    let n = x.len();
    if n < 2 {
        return Ok(y.to_vec());
    }
    let neighbours = ((span * n as f64 + 1e-7) as usize).clamp(2, n);
    let delta = 0.01 * (x[n - 1] - x[0]);
    let mut smooth = vec![0.0; n];
    let mut robustness = vec![1.0; n];
    let mut weights = vec![0.0; n];
    let mean_size = |residuals: &[f64]| residuals.iter().map(|r| r.abs()).sum::<f64>() / n as f64;
    for iteration in 0..=iterations {
        sweep(x, y, neighbours, delta, &robustness, &mut weights, &mut smooth);
        if iteration == iterations {
            break;
        }
        let residuals: Vec<f64> = y.iter().zip(&smooth).map(|(value, fit)| value - fit).collect();
        let scale = mean_size(&residuals);
        let mut sizes: Vec<f64> = residuals.iter().map(|r| r.abs()).collect();
        sizes.sort_unstable_by(f64::total_cmp);
        // Six times the median absolute residual: R takes three times the sum of the middle two, or of the middle one twice.
        let six_mads = 3.0 * if n.is_multiple_of(2) { sizes[n / 2 - 1] + sizes[n / 2] } else { 2.0 * sizes[n / 2] };
        if six_mads < 1e-7 * scale {
            break;
        }
        for (weight, residual) in robustness.iter_mut().zip(&residuals) {
            let size = residual.abs();
            *weight = if size <= 0.001 * six_mads {
                1.0
            } else if size <= 0.999 * six_mads {
                (1.0 - (size / six_mads).powi(2)).powi(2)
            } else {
                0.0
            };
        }
    }
    Ok(smooth)
}

/// One pass over all points: fit where needed, interpolate between.
fn sweep(x: &[f64], y: &[f64], neighbours: usize, delta: f64, robustness: &[f64], weights: &mut [f64], smooth: &mut [f64]) {
    let n = x.len();
    let (mut left, mut right) = (0, neighbours - 1);
    let mut last: Option<usize> = None;
    let mut at = 0;
    loop {
        if right < n - 1 && x[at] - x[left] > x[right + 1] - x[at] {
            left += 1;
            right += 1;
            continue;
        }
        smooth[at] = fit_at(x, y, x[at], left, right, robustness, weights).unwrap_or(y[at]);
        if let Some(last) = last
            && last + 1 < at
        {
            let gap = x[at] - x[last];
            for between in last + 1..at {
                let share = (x[between] - x[last]) / gap;
                smooth[between] = share * smooth[at] + (1.0 - share) * smooth[last];
            }
        }
        let mut done = at;
        let cut = x[at] + delta;
        let mut next = done + 1;
        while next < n {
            if x[next] > cut {
                break;
            }
            if x[next].total_cmp(&x[done]).is_eq() {
                smooth[next] = smooth[done];
                done = next;
            }
            next += 1;
        }
        last = Some(done);
        at = (done + 1).max(next - 1);
        if done >= n - 1 {
            return;
        }
    }
}

/// The weighted line through the points from `left` on, at `here`; `None` if all weights vanish.
fn fit_at(x: &[f64], y: &[f64], here: f64, left: usize, right: usize, robustness: &[f64], weights: &mut [f64]) -> Option<f64> {
    let n = x.len();
    let range = x[n - 1] - x[0];
    let reach = (here - x[left]).max(x[right] - here);
    let (far, near) = (0.999 * reach, 0.001 * reach);
    let mut total = 0.0;
    let mut end = left;
    for index in left..n {
        weights[index] = 0.0;
        let distance = (x[index] - here).abs();
        if distance <= far {
            weights[index] = if distance <= near { 1.0 } else { (1.0 - (distance / reach).powi(3)).powi(3) } * robustness[index];
            total += weights[index];
        } else if x[index] > here {
            break;
        }
        end = index + 1;
    }
    if total <= 0.0 {
        return None;
    }
    for weight in &mut weights[left..end] {
        *weight /= total;
    }
    if reach > 0.0 {
        let centre: f64 = (left..end).map(|index| weights[index] * x[index]).sum();
        let offset = here - centre;
        let spread: f64 = (left..end).map(|index| weights[index] * (x[index] - centre).powi(2)).sum();
        if spread.sqrt() > 0.001 * range {
            let slope = offset / spread;
            for index in left..end {
                weights[index] *= slope * (x[index] - centre) + 1.0;
            }
        }
    }
    Some((left..end).map(|index| weights[index] * y[index]).sum())
}
