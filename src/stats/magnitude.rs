//! Whether numbers can be squared: the one check of every model, mean and variance.

use super::error::{StatsError, check_finite};

/// Numbers from here on overflow when squared, and differences below its inverse vanish.
const LARGEST: f64 = 1e120;

/// Refuses NaN and infinities, numbers too large to be squared, and numbers that differ by too little for that.
///
/// Equal values pass, zeros as well: what does not vary is for the model to judge.
pub(crate) fn check_range(what: &str, values: &[f64]) -> Result<(), StatsError> {
    check_finite(what, values)?;
    let Some(&first) = values.first() else { return Ok(()) };
    let (largest, spread) =
        values.iter().fold((0.0_f64, 0.0_f64), |(largest, spread), value| (largest.max(value.abs()), spread.max((value - first).abs())));
    let refused = |size| StatsError::Magnitude { what: what.to_owned(), size };
    if largest >= LARGEST {
        return Err(refused(largest));
    }
    if spread > 0.0 && spread <= 1.0 / LARGEST { Err(refused(spread)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_squares_to_nothing_or_to_infinity_is_refused_and_zeros_are_not() {
        // 1e155² = 1e310 is beyond 1.8e308; (2e-300 − 1e-300)² = 1e-600 is below 5e-324.
        for values in [&[0.0, 1e155][..], &[-1e300, 0.0], &[1e-300, 2e-300], &[0.0, 5e-324], &[1e300, 1e300]] {
            assert!(matches!(check_range("y", values), Err(StatsError::Magnitude { .. })), "{values:?}");
        }
        for values in [&[][..], &[0.0, 0.0], &[1e-300, 1e-300], &[0.0, 1e-100], &[1e100, -1e100], &[1e9, 1e9 + 1e-6]] {
            assert_eq!(check_range("y", values), Ok(()), "{values:?}");
        }
        assert!(matches!(check_range("y", &[1.0, f64::NAN]), Err(StatsError::NotFinite { position: 2, .. })));
    }
}
