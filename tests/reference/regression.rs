//! Lines, pairwise slopes, generalized linear models and estimating equations.

use staywell::stats::{least_squares, theil_sen};

use super::expected::{all_same, same};
use super::{Analysis, Fate};

const CLOSED_FORM: f64 = 1e-9;

fn column(analysis: &Analysis<'_>, name: &str) -> Vec<f64> {
    analysis.data.numbers(name).into_iter().map(Option::unwrap).collect()
}

pub(super) fn line(analysis: &Analysis<'_>) -> Fate {
    let fit = least_squares(&column(analysis, "Days"), &column(analysis, "Reaction"), 0.95).unwrap();
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    all_same(&place("coef"), [Some(fit.intercept.estimate), Some(fit.slope.estimate)], &result["coef"], CLOSED_FORM);
    all_same(&place("se"), [Some(fit.intercept.std_error), Some(fit.slope.std_error)], &result["se"], CLOSED_FORM);
    same(&place("t"), fit.test.map(|test| test.statistic), &result["t"][1], CLOSED_FORM);
    same(&place("p"), fit.test.map(|test| test.p_value), &result["p"][1], CLOSED_FORM);
    same(&place("sigma"), Some(fit.residual_std_error), &result["sigma"], CLOSED_FORM);
    same(&place("df"), Some(fit.df), &result["df"], CLOSED_FORM);
    same(&place("r2"), fit.r_squared, &result["r2"], CLOSED_FORM);
    Fate::Asserted
}

pub(super) fn pairwise_slopes(analysis: &Analysis<'_>) -> Fate {
    // "… of Reaction[11:20] on Days[11:20] …": rows counted from 1.
    let range = analysis.call.split_once('[').and_then(|(_, rest)| rest.split_once(']')).unwrap().0;
    let (from, to): (usize, usize) = range.split_once(':').map(|(a, b)| (a.parse().unwrap(), b.parse().unwrap())).unwrap();
    let (x, y) = (column(analysis, "Days"), column(analysis, "Reaction"));
    let found = theil_sen(&x[from - 1..to], &y[from - 1..to], 0.95).unwrap();
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    same(&place("slope"), Some(found.slope), &result["slope"], CLOSED_FORM);
    same(&place("intercept"), Some(found.intercept), &result["intercept"], CLOSED_FORM);
    same(&place("n_pairs"), Some(found.n_pairs as f64), &result["n_pairs"], CLOSED_FORM);
    Fate::Asserted
}

pub(super) fn generalized_linear_model(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}

pub(super) fn estimating_equations(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}
