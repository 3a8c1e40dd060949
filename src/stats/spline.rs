//! A smooth curve that is straight beyond its outer knots.

use super::error::{StatsError, check_finite};

/// A restricted (natural) cubic spline in Harrell's form.
///
/// # Formula
/// With knots `t₁ < … < t_k` a value has the `k − 1` terms
/// ```text
/// x₁ = x
/// x_{j+1} = { (x − t_j)³₊ − (x − t_{k−1})³₊ (t_k − t_j)/(t_k − t_{k−1}) + (x − t_k)³₊ (t_{k−1} − t_j)/(t_k − t_{k−1}) } / (t_k − t₁)²
/// ```
/// for `j = 1 … k − 2`, with `u₊ = max(u, 0)`.
///
/// # Conventions
/// All terms but the first are 0 at and below the first knot, and every combination of them is a straight line above the last. The
/// divisor gives every term the unit of `x`.
///
/// # Agrees with
/// R Hmisc `rcspline.eval(x, knots, inclx = TRUE, norm = 2)`; the terms span the space of R `splines::ns` with the inner knots
/// inside and the outer ones at the boundary.
///
/// # References
/// Stone & Koo (1985), Proc Stat Comput Sect ASA 45–48. Harrell (2015), Regression Modeling Strategies, 2nd ed., section 2.4.5.
#[derive(Clone, Debug, PartialEq)]
pub struct RestrictedCubicSpline {
    knots: Vec<f64>,
}

impl RestrictedCubicSpline {
    /// A spline with these knots.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] below three knots, [`StatsError::NotFinite`], [`StatsError::NoVariation`] where they do not rise.
    pub fn new(knots: Vec<f64>) -> Result<Self, StatsError> {
        if knots.len() < 3 {
            return Err(StatsError::TooFew { found: knots.len(), needed: 3 });
        }
        check_finite("the knots", &knots)?;
        if knots.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(StatsError::NoVariation { what: "neighboring knots" });
        }
        Ok(Self { knots })
    }

    /// The knots, rising.
    #[must_use]
    pub fn knots(&self) -> &[f64] {
        &self.knots
    }

    /// Number of terms: one less than knots.
    #[must_use]
    pub fn width(&self) -> usize {
        self.knots.len() - 1
    }

    /// The terms of a value, the value itself first.
    #[must_use]
    pub fn terms(&self, x: f64) -> Vec<f64> {
        let [inner @ .., before, last] = &self.knots[..] else { return vec![x] };
        let first = inner.first().copied().unwrap_or(*before);
        let cube = |knot: f64| (x - knot).max(0.0).powi(3);
        let (unit, end) = ((last - first).powi(2), last - before);
        let curved =
            inner.iter().map(|knot| (cube(*knot) - cube(*before) * (last - knot) / end + cube(*last) * (before - knot) / end) / unit);
        std::iter::once(x).chain(curved).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knots_must_be_three_and_rise() {
        assert!(RestrictedCubicSpline::new(vec![1.0, 2.0]).is_err());
        assert!(RestrictedCubicSpline::new(vec![1.0, 1.0, 2.0]).is_err());
        assert!(RestrictedCubicSpline::new(vec![1.0, f64::NAN, 2.0]).is_err());
        assert_eq!(RestrictedCubicSpline::new(vec![0.5, 1.0, 2.0]).map(|spline| spline.width()), Ok(2));
    }

    #[test]
    fn terms_are_harrells_by_hand() {
        // Knots 1, 2, 4: x₂ = ((x−1)³ − (x−2)³·3/2 + (x−4)³·1/2)/9 above 4.
        let spline = RestrictedCubicSpline::new(vec![1.0, 2.0, 4.0]).unwrap();
        assert_eq!(spline.terms(0.0), [0.0, 0.0]);
        assert_eq!(spline.terms(1.0), [1.0, 0.0]);
        let close = |found: Vec<f64>, curved: f64| assert!((found[1] - curved).abs() < 1e-12, "{found:?}");
        close(spline.terms(2.0), 1.0 / 9.0);
        close(spline.terms(3.0), (8.0 - 1.5) / 9.0);
        close(spline.terms(4.0), (27.0 - 12.0) / 9.0);
        close(spline.terms(6.0), (125.0 - 96.0 + 4.0) / 9.0);
        // Straight beyond 4: as far from 6 to 8 as from 4 to 6.
        close(spline.terms(8.0), (343.0 - 324.0 + 32.0) / 9.0);
    }
}
