//! From data to pixels.

/// A straight mapping of an interval of values onto an interval of pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    from: (f64, f64),
    onto: (f64, f64),
}

impl Scale {
    /// Maps `from.0` to `onto.0` and `from.1` to `onto.1`.
    #[must_use]
    pub fn new(from: (f64, f64), onto: (f64, f64)) -> Self {
        Self { from, onto }
    }

    /// The pixel of a value; values outside the interval land on its nearer end, since nothing else clips them.
    #[must_use]
    pub fn at(&self, value: f64) -> f64 {
        let span = self.from.1 - self.from.0;
        if span.abs() < f64::EPSILON || !value.is_finite() {
            return f64::midpoint(self.onto.0, self.onto.1);
        }
        let share = ((value - self.from.0) / span).clamp(0.0, 1.0);
        self.onto.0 + share * (self.onto.1 - self.onto.0)
    }

    /// Pixels per unit of value.
    #[must_use]
    pub fn pixels_per_unit(&self) -> f64 {
        let span = self.from.1 - self.from.0;
        if span.abs() < f64::EPSILON { 0.0 } else { ((self.onto.1 - self.onto.0) / span).abs() }
    }
}

/// The same for ratios: equal ratios are equally far apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioScale {
    logarithms: Scale,
}

impl RatioScale {
    /// Maps the ratio `from.0` to `onto.0` and `from.1` to `onto.1`; both ratios must be above 0.
    #[must_use]
    pub fn new(from: (f64, f64), onto: (f64, f64)) -> Self {
        Self { logarithms: Scale::new((from.0.ln(), from.1.ln()), onto) }
    }

    /// The pixel of a ratio, `None` for what has no logarithm.
    #[must_use]
    pub fn at(&self, ratio: f64) -> Option<f64> {
        (ratio > 0.0 && ratio.is_finite()).then(|| self.logarithms.at(ratio.ln()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_map_straight_and_stop_at_the_ends() {
        let scale = Scale::new((0.0, 10.0), (200.0, 100.0));
        assert!((scale.at(2.5) - 175.0).abs() < 1e-9);
        assert!((scale.at(12.0) - 100.0).abs() < 1e-9);
        assert!((scale.at(-1.0) - 200.0).abs() < 1e-9);
        assert!((Scale::new((3.0, 3.0), (0.0, 10.0)).at(3.0) - 5.0).abs() < 1e-9);
    }

    #[test]
    fn half_and_double_are_equally_far_from_one() {
        let scale = RatioScale::new((0.25, 4.0), (0.0, 400.0));
        assert!((scale.at(1.0).unwrap() - 200.0).abs() < 1e-9);
        assert!((scale.at(0.5).unwrap() - 100.0).abs() < 1e-9);
        assert!((scale.at(2.0).unwrap() - 300.0).abs() < 1e-9);
        assert_eq!(scale.at(0.0), None);
        assert_eq!(scale.at(f64::NAN), None);
    }
}
