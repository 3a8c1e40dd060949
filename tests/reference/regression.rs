//! Lines, pairwise slopes, generalized linear models and estimating equations.

use serde_json::Value;
use staywell::stats::regression::{
    Clusters, Coefficient, Covariance, Family, Observations, WorkingCorrelation, estimating_equations, generalized_linear_model,
    linear_regression,
};
use staywell::stats::survival::Covariates;
use staywell::stats::{least_squares, theil_sen};

use super::expected::{all_same, same};
use super::{Analysis, Fate};

const CLOSED_FORM: f64 = 1e-9;
const ITERATED: f64 = 1e-7;

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

    // And the same line as a regression.
    let outcome = column(analysis, "Reaction");
    let days = design(analysis, result);
    let observations = Observations::new(&outcome, &days);
    let fit = linear_regression(&observations, Covariance::Classical, 0.95).unwrap();
    all_same(&place("coef"), fit.coefficients.iter().map(|term| Some(term.estimate)), &result["coef"], CLOSED_FORM);
    all_same(&place("se"), errors(&fit.coefficients), &result["se"], CLOSED_FORM);
    all_same(&place("t"), fit.coefficients.iter().map(|term| term.statistic), &result["t"], CLOSED_FORM);
    all_same(&place("p"), fit.coefficients.iter().map(|term| term.p_value), &result["p"], CLOSED_FORM);
    same(&place("sigma"), Some(fit.residual_std_error), &result["sigma"], CLOSED_FORM);
    same(&place("df"), Some(fit.df), &result["df"], CLOSED_FORM);
    same(&place("r2"), fit.r_squared, &result["r2"], CLOSED_FORM);
    same(&place("adj_r2"), fit.adjusted_r_squared, &result["adj_r2"], CLOSED_FORM);
    let f = fit.f_test.unwrap();
    all_same(&place("f"), [f.statistic, f.df_numerator, f.df_denominator].map(Some), &result["f"], CLOSED_FORM);
    same(&place("loglik"), fit.log_likelihood, &result["loglik"], CLOSED_FORM);
    same(&place("aic"), fit.aic, &result["aic"], CLOSED_FORM);
    same(&place("bic"), fit.bic, &result["bic"], CLOSED_FORM);
    let (_, subjects) = analysis.data.levels("Subject");
    let subjects: Vec<usize> = subjects.into_iter().map(Option::unwrap).collect();
    for (field, covariance) in [
        ("se_HC0", Covariance::Hc0),
        ("se_HC1", Covariance::Hc1),
        ("se_HC2", Covariance::Hc2),
        ("se_HC3", Covariance::Hc3),
        ("se_cluster_HC1_cadjust", Covariance::ClusterHc1(&subjects)),
    ] {
        let fit = linear_regression(&observations, covariance, 0.95).unwrap();
        all_same(&place(field), errors(&fit.coefficients), &result[field], CLOSED_FORM);
    }
    Fate::Asserted
}

fn errors(coefficients: &[Coefficient]) -> impl Iterator<Item = Option<f64>> + '_ {
    coefficients.iter().map(|term| Some(term.std_error))
}

/// The columns R made of a formula, from the names it gave them: `age`, `Cu` + `Cu035`, and `a:b` for a product.
fn design(analysis: &Analysis<'_>, result: &Value) -> Covariates {
    let names: Vec<String> = result["terms"].as_array().unwrap().iter().skip(1).map(|name| name.as_str().unwrap().to_owned()).collect();
    let columns = names.iter().map(|name| product(analysis, name)).collect();
    Covariates::new(names, columns).unwrap()
}

fn product(analysis: &Analysis<'_>, name: &str) -> Vec<f64> {
    if let Some((first, second)) = name.split_once(':') {
        let (first, second) = (product(analysis, first), product(analysis, second));
        return first.into_iter().zip(second).map(|(a, b)| a * b).collect();
    }
    if analysis.data.has(name) {
        return column(analysis, name);
    }
    let cut = (1..name.len()).find(|&cut| analysis.data.has(&name[..cut])).unwrap();
    analysis.data.text(&name[..cut]).iter().map(|cell| f64::from(*cell == name[cut..])).collect()
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

pub(super) fn glm(analysis: &Analysis<'_>) -> Fate {
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    let (outcome, covariates) = (column(analysis, "resp"), design(analysis, result));
    let fit = generalized_linear_model(&Observations::new(&outcome, &covariates), Family::Binomial, Covariance::Classical, 0.95).unwrap();
    all_same(&place("coef"), fit.coefficients.iter().map(|term| Some(term.estimate)), &result["coef"], ITERATED);
    all_same(&place("se"), errors(&fit.coefficients), &result["se"], ITERATED);
    all_same(&place("z"), fit.coefficients.iter().map(|term| term.statistic), &result["z"], ITERATED);
    all_same(&place("p"), fit.coefficients.iter().map(|term| term.p_value), &result["p"], ITERATED);
    same(&place("deviance"), Some(fit.deviance), &result["deviance"], CLOSED_FORM);
    same(&place("null_deviance"), Some(fit.null_deviance), &result["null_deviance"], CLOSED_FORM);
    same(&place("loglik"), fit.log_likelihood, &result["loglik"], CLOSED_FORM);
    same(&place("aic"), fit.aic, &result["aic"], CLOSED_FORM);
    Fate::Asserted
}

pub(super) fn geeglm(analysis: &Analysis<'_>) -> Fate {
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    // "geepack::geeglm(Weight ~ Cu * Time, id = Pig, …, family = gaussian, corstr = \"ar1\", …)"
    let after = |marker: &str| analysis.call.split_once(marker).unwrap().1.split([',', ' ']).next().unwrap().trim_matches('"');
    let outcome = column(analysis, after("geeglm("));
    let (_, id) = analysis.data.levels(after("id = "));
    let id: Vec<usize> = id.into_iter().map(Option::unwrap).collect();
    let family = match after("family = ") {
        "gaussian" => Family::Gaussian,
        "binomial" => Family::Binomial,
        "poisson" => Family::Poisson,
        unknown => panic!("{}: family {unknown}", analysis.id),
    };
    let working = match after("corstr = ") {
        "independence" => WorkingCorrelation::Independence,
        "exchangeable" => WorkingCorrelation::Exchangeable,
        "ar1" => WorkingCorrelation::Ar1,
        unknown => panic!("{}: correlation {unknown}", analysis.id),
    };
    let covariates = design(analysis, result);
    let observations = Observations::new(&outcome, &covariates);
    let fit = estimating_equations(&observations, &Clusters { id: &id, wave: None }, family, working, 0.95).unwrap();
    all_same(&place("coef"), fit.coefficients.iter().map(|term| Some(term.estimate)), &result["coef"], ITERATED);
    all_same(&place("robust_se"), errors(&fit.coefficients), &result["robust_se"], ITERATED);
    all_same(&place("wald"), fit.wald.iter().map(|test| test.map(|test| test.statistic)), &result["wald"], ITERATED);
    // R's p is 1 − cdf, which keeps no more than 15 decimal places.
    for (index, test) in fit.wald.iter().enumerate() {
        let (found, expected) = (test.unwrap().p_value, result["p"][index].as_f64().unwrap());
        assert!((found - expected).abs() <= ITERATED * expected + 1e-15, "{}: {found} where R has {expected}", place("p"));
    }
    same(&place("phi"), Some(fit.scale.estimate), &result["phi"], ITERATED);
    match fit.correlation {
        None => assert!(result["alpha"].is_null() && result["alpha_se"].is_null(), "{}", place("alpha")),
        Some(alpha) => {
            all_same(&place("alpha"), [Some(alpha.estimate)], &result["alpha"], ITERATED);
            // `alpha.std_error` itself is not geepack's (see `estimating_equations`): simulation shows it to be right (tests/calibration).
            all_same(&place("alpha_se"), [fit.geepack_correlation_error], &result["alpha_se"], ITERATED);
        }
    }
    Fate::Asserted
}
