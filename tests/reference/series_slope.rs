//! Values of R 4.2.2 by the formula in the documentation: `lm`, the residuals' lag-1 correlation, `qt` on the effective degrees of freedom.

use staywell::stats::{StatsError, least_squares, series_slope};

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-10 * expected.abs().max(1.0), "{found} is not {expected}");
}

#[test]
fn the_slope_of_a_series_agrees_with_r() {
    let x: Vec<f64> = (1..=16).map(f64::from).collect();
    let y = [5., 5., 6., 4., 5., 6., 6., 5., 4., 5., 6., 7., 6., 6., 5., 7.];
    let found = series_slope(&x, &y, 0.95).unwrap();
    close(found.slope, 0.085_294_117_647_059);
    close(found.std_error, 0.057_110_299_532_003);
    close(found.autocorrelation, 0.203_432_129_258_001);
    close(found.effective_n, 10.590_614_644_575_092);
    close(found.interval.lower, -0.044_842_968_428_734);
    close(found.interval.upper, 0.215_431_203_722_852);
    close(found.p_value.unwrap(), 0.171_096_055_923_053);
}

#[test]
fn a_negative_correlation_is_taken_as_none_and_gives_least_squares() {
    let x = [1., 2., 4., 5., 8., 9., 10., 13., 14., 15., 16., 20.];
    let y = [3., 4., 3., 5., 4., 3., 5., 4., 6., 5., 5., 4.];
    let found = series_slope(&x, &y, 0.95).unwrap();
    let plain = least_squares(&x, &y, 0.95).unwrap();
    close(found.autocorrelation, 0.0);
    close(found.std_error, plain.slope.std_error);
    close(found.interval.upper, plain.slope.interval.unwrap().upper);
    close(found.p_value.unwrap(), 0.112_123_028_523_047);
}

#[test]
fn a_series_too_short_or_too_alike_has_no_interval() {
    let x: Vec<f64> = (0..5).map(f64::from).collect();
    assert_eq!(series_slope(&x[..4], &x[..4], 0.95), Err(StatsError::TooFew { found: 4, needed: 5 }));
    // Up for six, down for six: the residuals hang together so much that twelve logs tell less than three would.
    let x: Vec<f64> = (1..=12).map(f64::from).collect();
    let y = [5., 5., 6., 6., 5., 4., 4., 5., 6., 6., 7., 6.];
    assert!(matches!(series_slope(&x, &y, 0.95), Err(StatsError::TooFew { needed: 3, .. })));
    // A line fits exactly: no test, an interval of one point.
    let line = series_slope(&x, &x, 0.95).unwrap();
    assert_eq!((line.p_value, line.autocorrelation, line.effective_n), (None, 0.0, 12.0));
}
