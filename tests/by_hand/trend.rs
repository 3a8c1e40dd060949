use staywell::stats::{StatsError, holm, least_squares, lowess, theil_sen, theil_sen_slope, wilson};

use super::close;

#[test]
fn a_line_through_four_points() {
    // x 0..3, y 1, 3, 2, 6: x̄ = 1.5, ȳ = 3, Sxx = 5, Sxy = 7, b = 1.4, a = 0.9; residuals 0.1, 0.7, −1.7, 0.9: RSS = 4.2.
    let fit = least_squares(&[0.0, 1.0, 2.0, 3.0], &[1.0, 3.0, 2.0, 6.0], 0.95).unwrap();
    close(fit.slope.estimate, 1.4);
    close(fit.intercept.estimate, 0.9);
    close(fit.residual_std_error, 2.1_f64.sqrt());
    close(fit.slope.std_error, (2.1_f64 / 5.0).sqrt());
    // Syy = 14: R² = 1 − 4.2/14 = 0.7.
    close(fit.r_squared.unwrap(), 0.7);
    assert_eq!(least_squares(&[2.0, 2.0, 2.0], &[1.0, 2.0, 3.0], 0.95), Err(StatsError::ConstantCovariate { term: "x".to_owned() }));
}

#[test]
fn theil_sen_is_the_median_of_pairs_and_leaves_out_pairs_of_equal_x() {
    // Slopes of (0,0), (1,1), (2,2), (3,30): 1, 1, 10, 1, 14.5, 28: median of 1, 1, 1, 10, 14.5, 28 = 5.5.
    let found = theil_sen(&[0.0, 1.0, 2.0, 3.0], &[0.0, 1.0, 2.0, 30.0], 0.95).unwrap();
    close(found.slope, 5.5);
    // median(y) − slope · median(x) = 1.5 − 5.5 · 1.5.
    close(found.intercept, 1.5 - 8.25);
    close(theil_sen_slope(&[0.0, 1.0, 2.0, 3.0], &[0.0, 1.0, 2.0, 30.0], &mut vec![]).unwrap(), 5.5);
    assert_eq!(theil_sen(&[0.0, 0.0, 1.0], &[5.0, 7.0, 9.0], 0.95).unwrap().n_pairs, 2);
    assert_eq!(theil_sen_slope(&[1.0, 1.0], &[0.0, 5.0], &mut vec![]), None);
}

#[test]
fn sens_limits_are_slopes_of_the_ranks_kendall_gives() {
    // Ten points on a line with slope 2: 45 pairs, all slopes 2; Var S = 10·9·25/18 = 125, z√125 = 21.9: ranks 12 and 34.
    let x: Vec<f64> = (0..10).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|value| 2.0 * value).collect();
    let interval = theil_sen(&x, &y, 0.95).unwrap().interval.unwrap();
    close(interval.lower, 2.0);
    close(interval.upper, 2.0);
}

#[test]
fn wilson_of_none_and_of_half() {
    // 0 of 10: upper = z²/(n + z²), z² = 3.841458820694124.
    let z2 = 3.841_458_820_694_124_f64;
    let none = wilson(0, 10, 0.95).unwrap().interval;
    close(none.lower, 0.0);
    close(none.upper, z2 / (10.0 + z2));
    // 5 of 10: centre 1/2, half width z√(n/4 + z²/4)/(n + z²).
    let half = wilson(5, 10, 0.95).unwrap().interval;
    close(half.upper - 0.5, (z2 * (10.0 + z2)).sqrt() / (2.0 * (10.0 + z2)));
    assert_eq!(wilson(0, 0, 0.95), Err(StatsError::EmptySample));
}

#[test]
fn holm_steps_down_and_never_up() {
    // 0.01·3, max(0.03, 0.04·2), max(0.08, 0.045·1) in sorted order.
    for (found, expected) in holm(&[0.04, 0.01, 0.045]).into_iter().zip([0.08, 0.03, 0.08]) {
        close(found, expected);
    }
}

#[test]
fn a_smooth_line_through_a_straight_one_is_itself_and_an_outlier_does_not_bend_it() {
    let x: Vec<f64> = (0..60).map(f64::from).collect();
    let mut y: Vec<f64> = x.iter().map(|value| 3.0 + 0.5 * value).collect();
    for (found, expected) in lowess(&x, &y, 0.3, 3).unwrap().into_iter().zip(&y) {
        assert!((found - expected).abs() < 1e-9);
    }
    // With a little noise around the line, one wild point is weighted down to nothing.
    for (index, value) in y.iter_mut().enumerate() {
        *value += if index % 2 == 0 { 0.1 } else { -0.1 };
    }
    y[30] += 20.0;
    assert!((lowess(&x, &y, 0.3, 3).unwrap()[30] - 18.0).abs() < 0.3);
    assert_eq!(lowess(&[1.0, 0.0], &[0.0, 0.0], 0.5, 3).unwrap_err().to_string(), "x is 0, but x must be sorted");
}

#[test]
fn tied_times_narrow_sens_limits_as_tied_values_do() {
    // Eight points at 0 and eight at 1: 64 pairs, Var S = (16·15·37 − 2·8·7·21)/18 = 362.67, 1.96 · 19.04 = 37.3: ranks 13 and 52 of 64,
    // where without the ties in x it would be 1.96 · 22.2 = 43.5 and ranks 10 and 55.
    let x: Vec<f64> = [vec![0.0; 8], vec![1.0; 8]].concat();
    let y = [1.1, 2.3, 2.9, 3.6, 4.2, 5.5, 6.1, 7.8, 2.4, 4.4, 5.1, 6.6, 7.3, 8.9, 9.7, 10.2];
    let mut slopes: Vec<f64> = y[..8].iter().flat_map(|first| y[8..].iter().map(move |second| second - first)).collect();
    slopes.sort_by(f64::total_cmp);
    let found = theil_sen(&x, &y, 0.95).unwrap();
    let interval = found.interval.unwrap();
    assert_eq!(found.n_pairs, 64);
    close(interval.lower, slopes[12]);
    close(interval.upper, slopes[51]);
    close(interval.lower, -0.5);
    close(interval.upper, 6.0);
}
