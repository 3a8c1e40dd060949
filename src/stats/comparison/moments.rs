//! Mean and sum of squares of a sample, refined against large offsets.

use crate::stats::error::StatsError;
use crate::stats::magnitude::check_range;

/// Mean and sum of squares around it.
#[derive(Clone, Copy, Debug)]
pub(in crate::stats) struct Moments {
    pub(in crate::stats) n: f64,
    pub(in crate::stats) mean: f64,
    pub(in crate::stats) sum_of_squares: f64,
}

impl Moments {
    /// Of at least `needed` values that can be squared.
    pub(in crate::stats) fn of(what: &str, values: &[f64], needed: usize) -> Result<Self, StatsError> {
        if values.is_empty() {
            return Err(StatsError::EmptySample);
        }
        check_range(what, values)?;
        if values.len() < needed {
            return Err(StatsError::TooFew { found: values.len(), needed });
        }
        let n = values.len() as f64;
        let rough = values.iter().sum::<f64>() / n;
        // The second pass takes away the rounding of the first.
        let mean = rough + values.iter().map(|value| value - rough).sum::<f64>() / n;
        let (mut squares, mut rest) = (0.0, 0.0);
        for value in values {
            let deviation = value - mean;
            squares += deviation * deviation;
            rest += deviation;
        }
        Ok(Self { n, mean, sum_of_squares: (squares - rest * rest / n).max(0.0) })
    }

    /// Variance with n − 1; for two values or more.
    pub(in crate::stats) fn variance(&self) -> f64 {
        self.sum_of_squares / (self.n - 1.0)
    }
}
