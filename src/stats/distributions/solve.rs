//! One root, found for certain.

/// Root of an increasing function that gives its value and slope: Newton's method, with bisection wherever a step leaves the
/// bracket. For arguments that are logarithms: the search stays inside ±745, the range of the exponential.
pub(super) fn increasing_root(start: f64, of: impl Fn(f64) -> (f64, f64)) -> f64 {
    increasing_root_between(-745.0, 745.0, start, 1.0, of)
}

/// The same between two arguments; `scale` is the size of a step that matters.
pub(super) fn increasing_root_between(mut low: f64, mut high: f64, start: f64, scale: f64, of: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut u = if start.is_nan() { 0.0 } else { start.clamp(low, high) };
    let mut last_step = f64::INFINITY;
    for _ in 0..400 {
        let (value, slope) = of(u);
        if value > 0.0 {
            high = u;
        } else {
            low = u;
        }
        let newton = u - value / slope;
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        let step = (next - u).abs();
        // Once steps are at the level of rounding they stop shrinking.
        if step <= 4e-16 * u.abs().max(0.1 * scale) || (step < 1e-13 * scale && step >= last_step) {
            return next;
        }
        last_step = step;
        u = next;
    }
    u
}
