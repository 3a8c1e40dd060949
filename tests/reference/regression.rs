//! Lines, pairwise slopes, generalized linear models and estimating equations.

use serde_json::Value;
use staywell::stats::regression::{
    ErrorKind, Family, GeeOptions, GlmOptions, LinearOptions, Term, WorkingCorrelation, estimating_equations as gee,
    generalized_linear_model as logistic, linear_regression,
};
use staywell::stats::{Covariates, least_squares, theil_sen};

use super::expected::{all_same, same};
use super::model::term_columns;
use super::{Analysis, Fate};

const CLOSED_FORM: f64 = 1e-9;
const ITERATED: f64 = 1e-7;

fn column(analysis: &Analysis<'_>, name: &str) -> Vec<f64> {
    analysis.data.numbers(name).into_iter().map(Option::unwrap).collect()
}

pub(super) fn line(analysis: &Analysis<'_>) -> Fate {
    let (x, y) = (column(analysis, "Days"), column(analysis, "Reaction"));
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    let simple = least_squares(&x, &y, 0.95).unwrap();
    all_same(&place("coef"), [Some(simple.intercept.estimate), Some(simple.slope.estimate)], &result["coef"], CLOSED_FORM);
    all_same(&place("se"), [Some(simple.intercept.std_error), Some(simple.slope.std_error)], &result["se"], CLOSED_FORM);

    let covariates = Covariates::new(vec!["Days".into()], vec![x]).unwrap();
    let fit = linear_regression(&y, &covariates, &LinearOptions::default()).unwrap();
    terms(&place("lm"), &fit.terms, result, ["coef", "se", "t", "p"], CLOSED_FORM);
    same(&place("sigma"), Some(fit.sigma), &result["sigma"], CLOSED_FORM);
    same(&place("df"), Some(fit.df_residual), &result["df"], CLOSED_FORM);
    same(&place("r2"), fit.r_squared, &result["r2"], CLOSED_FORM);
    same(&place("adj_r2"), fit.adjusted_r_squared, &result["adj_r2"], CLOSED_FORM);
    let f = fit.f_test.unwrap();
    all_same(&place("f"), [Some(f.statistic), f.df, Some(fit.df_residual)], &result["f"], CLOSED_FORM);
    same(&place("loglik"), Some(fit.log_likelihood), &result["loglik"], CLOSED_FORM);
    same(&place("aic"), Some(fit.aic), &result["aic"], CLOSED_FORM);
    same(&place("bic"), Some(fit.bic), &result["bic"], CLOSED_FORM);
    let subject = codes(analysis, "Subject");
    let kinds = [
        ("se_HC0", ErrorKind::Hc0),
        ("se_HC1", ErrorKind::Hc1),
        ("se_HC2", ErrorKind::Hc2),
        ("se_HC3", ErrorKind::Hc3),
        ("se_cluster_HC1_cadjust", ErrorKind::Cluster(&subject)),
    ];
    for (name, errors) in kinds {
        let fit = linear_regression(&y, &covariates, &LinearOptions { errors, ..LinearOptions::default() }).unwrap();
        all_same(&place(name), fit.terms.iter().map(|term| Some(term.std_error)), &result[name], CLOSED_FORM);
    }
    Fate::Asserted
}

fn codes(analysis: &Analysis<'_>, name: &str) -> Vec<usize> {
    analysis.data.levels(name).1.into_iter().map(Option::unwrap).collect()
}

/// Terms in R's order against its columns of estimates, errors, statistics and p values.
fn terms(place: &str, found: &[Term], result: &Value, names: [&str; 4], tolerance: f64) {
    let column = |part: fn(&Term) -> f64| found.iter().map(move |term| Some(part(term)));
    all_same(&format!("{place} {}", names[0]), column(|term| term.estimate), &result[names[0]], tolerance);
    all_same(&format!("{place} {}", names[1]), column(|term| term.std_error), &result[names[1]], tolerance);
    all_same(&format!("{place} {}", names[2]), column(|term| term.statistic), &result[names[2]], tolerance);
    // The p value of a large statistic moves by its square times the relative error.
    all_same(&format!("{place} {}", names[3]), column(|term| term.p_value), &result[names[3]], 1e-6_f64.max(tolerance));
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

/// `y ~ a + b` or `y ~ a * b` as outcome and columns.
fn formula(analysis: &Analysis<'_>) -> (Vec<f64>, Covariates) {
    let inside = analysis.call.split_once('(').unwrap().1.split(", ").next().unwrap();
    let (outcome, right) = inside.split_once(" ~ ").unwrap();
    let right = match right.split_once(" * ") {
        Some((a, b)) => format!("{a} + {b} + {a}:{b}"),
        None => right.to_owned(),
    };
    let (mut names, mut columns) = (Vec::new(), Vec::new());
    for (name, column) in right.split(" + ").flat_map(|term| term_columns(analysis.data, term)) {
        names.push(name);
        columns.push(column.into_iter().map(Option::unwrap).collect());
    }
    (column(analysis, outcome), Covariates::new(names, columns).unwrap())
}

pub(super) fn generalized_linear_model(analysis: &Analysis<'_>) -> Fate {
    let (outcome, covariates) = formula(analysis);
    let fit = logistic(&outcome, &covariates, Family::Binomial, &GlmOptions::default()).unwrap();
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    terms(&place("glm"), &fit.terms, result, ["coef", "se", "z", "p"], ITERATED);
    same(&place("deviance"), Some(fit.deviance), &result["deviance"], ITERATED);
    same(&place("null_deviance"), Some(fit.null_deviance), &result["null_deviance"], ITERATED);
    same(&place("loglik"), Some(fit.log_likelihood), &result["loglik"], ITERATED);
    same(&place("aic"), Some(fit.aic), &result["aic"], ITERATED);
    Fate::Asserted
}

pub(super) fn estimating_equations(analysis: &Analysis<'_>) -> Fate {
    let (outcome, covariates) = formula(analysis);
    let id = codes(analysis, analysis.call.split("id = ").nth(1).unwrap().split(',').next().unwrap());
    let correlation = match analysis.call {
        call if call.contains("independence") => WorkingCorrelation::Independence,
        call if call.contains("exchangeable") => WorkingCorrelation::Exchangeable,
        _ => WorkingCorrelation::Ar1,
    };
    let family = if analysis.call.contains("binomial") { Family::Binomial } else { Family::Gaussian };
    let fit = gee(&outcome, &covariates, &id, &GeeOptions { family, correlation, ..GeeOptions::default() }).unwrap();
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    all_same(&place("coef"), fit.terms.iter().map(|term| Some(term.estimate)), &result["coef"], ITERATED);
    all_same(&place("robust_se"), fit.terms.iter().map(|term| Some(term.std_error)), &result["robust_se"], ITERATED);
    // geepack's Wald statistic is z².
    all_same(&place("wald"), fit.terms.iter().map(|term| Some(term.statistic.powi(2))), &result["wald"], 1e-6);
    // R takes 1 − P(χ²), so its tiny p values are rounded at 1e-16.
    for (found, expected) in fit.terms.iter().zip(result["p"].as_array().unwrap()) {
        let expected = expected.as_f64().unwrap();
        assert!((found.p_value - expected).abs() <= 1e-6 * expected + 1e-15, "{}: {} where R has {expected}", place("p"), found.p_value);
    }
    same(&place("phi"), Some(fit.phi), &result["phi"], ITERATED);
    let first = |value: &Value| value.get(0).cloned().unwrap_or_else(|| value.clone());
    same(&place("alpha"), fit.alpha.map(|alpha| alpha.estimate), &first(&result["alpha"]), ITERATED);
    // alpha_se is not compared: geepack's derivative of its products of residuals takes each with its own row instead of the other's,
    // and divides by √Var once too often. With these two slips ours equals geepack's; tests/calibration shows ours to be right.
    Fate::Asserted
}
