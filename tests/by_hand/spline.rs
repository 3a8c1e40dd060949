//! Restricted cubic splines, beside R's.

use staywell::stats::{Covariates, RestrictedCubicSpline, least_squares};

use super::close;

const X: [f64; 7] = [0.0, 0.5, 1.0, 1.7, 2.4, 3.3, 5.0];

#[test]
fn terms_are_those_of_hmisc() {
    // R: rcspline.eval(x, knots = c(0.5, 1.5, 2.5, 4), inclx = TRUE, norm = 2)
    let expected = [
        [0.0, 0.0],
        [0.0, 0.0],
        [0.010_204_081_632_653_06, 0.0],
        [0.141_061_224_489_795_9, 0.000_653_061_224_489_795_3],
        [0.559_918_367_346_938_7, 0.059_510_204_081_632_64],
        [1.694_476_190_476_190_2, 0.406_421_768_707_483],
        [4.571_428_571_428_569, 1.428_571_428_571_427_5],
    ];
    let spline = RestrictedCubicSpline::new(vec![0.5, 1.5, 2.5, 4.0]).unwrap();
    for (x, expected) in X.into_iter().zip(expected) {
        let terms = spline.terms(x);
        assert_eq!((terms.len(), terms[0]), (3, x));
        close(terms[1], expected[0]);
        close(terms[2], expected[1]);
    }
}

#[test]
fn terms_span_what_natural_splines_span() {
    // R: fitted(lm(y ~ ns(x, knots = c(1.5, 2.5), Boundary.knots = c(0.5, 4))))
    let (y, fitted) = (
        [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0],
        [
            3.155_576_104_887_07,
            2.083_432_372_074_86,
            1.228_958_012_391_40,
            2.479_335_886_783_77,
            6.307_060_810_818_38,
            7.323_926_598_322_33,
            2.421_710_214_722_19,
        ],
    );
    let spline = RestrictedCubicSpline::new(vec![0.5, 1.5, 2.5, 4.0]).unwrap();
    let columns = (0..3).map(|term| X.iter().map(|&x| spline.terms(x)[term]).collect()).collect();
    let covariates = Covariates::new(["a", "b", "c"].map(str::to_owned).to_vec(), columns).unwrap();
    let found = staywell::stats::regression::linear_regression(
        &staywell::stats::regression::Observations::new(&y, &covariates),
        staywell::stats::regression::Covariance::Classical,
        0.95,
    )
    .unwrap();
    for (x, expected) in X.into_iter().zip(fitted) {
        let terms = spline.terms(x);
        let here = found.coefficients[0].estimate + (0..3).map(|term| found.coefficients[term + 1].estimate * terms[term]).sum::<f64>();
        assert!((here - expected).abs() < 1e-10, "{here} is not {expected}");
    }
}

#[test]
fn beyond_the_last_knot_the_curve_is_straight() {
    let spline = RestrictedCubicSpline::new(vec![0.5, 1.5, 2.5, 4.0]).unwrap();
    let x: Vec<f64> = (0..5).map(|step| 4.0 + f64::from(step)).collect();
    for term in 1..3 {
        let y: Vec<f64> = x.iter().map(|&x| spline.terms(x)[term]).collect();
        let line = least_squares(&x, &y, 0.95).unwrap();
        assert!(x.iter().zip(&y).all(|(x, y)| (line.intercept.estimate + line.slope.estimate * x - y).abs() < 1e-9));
    }
}
