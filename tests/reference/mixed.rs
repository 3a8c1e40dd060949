//! Linear mixed models against lme4, lmerTest and nlme.

use serde_json::Value;
use staywell::stats::mixed::{Estimation, LinearMixedModel, RandomEffects, linear_mixed_model as fit_model};
use staywell::stats::survival::Covariates;

use super::expected::{all_same, same};
use super::{Analysis, Fate};

/// Variances, and what follows from them: R's own optimum is good to about this.
const ITERATED: f64 = 1e-7;
/// lmerTest differentiates numerically.
const NUMERIC_DERIVATIVES: f64 = 1e-7;

/// The model of the data set's analyses: outcome, fixed effects, groups, and the position of the time column.
fn model(analysis: &Analysis<'_>, random: impl Fn(usize) -> RandomEffects, estimation: Estimation) -> LinearMixedModel {
    let column = |name: &str| -> Vec<f64> { analysis.data.numbers(name).into_iter().map(Option::unwrap).collect() };
    let (outcome, covariates, time, group) = if analysis.id.starts_with("dietox") {
        let time = column("Time");
        let (levels, codes) = analysis.data.levels("Cu");
        let dummy = |level: usize| -> Vec<f64> { codes.iter().map(|code| f64::from(u8::from(*code == Some(level)))).collect() };
        let (low, high) = (dummy(1), dummy(2));
        let times = |dummy: &[f64]| -> Vec<f64> { dummy.iter().zip(&time).map(|(a, b)| a * b).collect() };
        let names = [levels[1].clone(), levels[2].clone(), "Time".into(), format!("{}:Time", levels[1]), format!("{}:Time", levels[2])];
        let columns = vec![low.clone(), high.clone(), time.clone(), times(&low), times(&high)];
        ("Weight", Covariates::new(names.to_vec(), columns).unwrap(), 2, "Pig")
    } else {
        ("Reaction", Covariates::new(vec!["Days".into()], vec![column("Days")]).unwrap(), 0, "Subject")
    };
    let groups: Vec<usize> = column(group).into_iter().map(|id| id as usize).collect();
    fit_model(&column(outcome), Some(&covariates), &groups, random(time), estimation, 0.95).unwrap()
}

fn slope(correlated: bool) -> impl Fn(usize) -> RandomEffects {
    move |column| RandomEffects::InterceptAndSlope { column, correlated }
}

pub(super) fn linear_mixed_model(analysis: &Analysis<'_>) -> Fate {
    let estimation = if analysis.call.contains("REML = TRUE") { Estimation::Reml } else { Estimation::Ml };
    let fit = match (analysis.call.contains("(0 + "), analysis.call.contains("(1 | ")) {
        (true, _) => model(analysis, slope(false), estimation),
        (false, true) => model(analysis, |_| RandomEffects::Intercept, estimation),
        (false, false) => model(analysis, slope(true), estimation),
    };
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    let effects = |of: fn(&staywell::stats::mixed::FixedEffect) -> f64| fit.fixed_effects.iter().map(move |effect| Some(of(effect)));
    all_same(&place("fixef"), effects(|effect| effect.estimate), &result["fixef"], ITERATED);
    all_same(&place("se"), effects(|effect| effect.std_error), &result["se"], ITERATED);
    all_same(&place("t"), effects(|effect| effect.statistic), &result["t"], ITERATED);
    all_same(&place("df_satterthwaite"), effects(|effect| effect.df), &result["df_satterthwaite"], NUMERIC_DERIVATIVES);
    // A p value of 1e-55 moves a hundred times as much as its t and df.
    all_same(&place("p_satterthwaite"), effects(|effect| effect.p_value), &result["p_satterthwaite"], 1e-6);
    for (j, (row, expected)) in fit.covariance.iter().zip(result["vcov"].as_array().unwrap()).enumerate() {
        for (k, (found, expected)) in row.iter().zip(expected.as_array().unwrap()).enumerate() {
            // A covariance near 0 is a difference of numbers as large as the variances.
            let scale = (fit.covariance[j][j] * fit.covariance[k][k]).sqrt();
            let expected = expected.as_f64().unwrap();
            assert!((found - expected).abs() <= ITERATED * scale, "{}: {found} where R has {expected}", place("vcov"));
        }
    }
    variances(analysis, &fit);
    same(&place("sigma"), Some(fit.residual_std_dev), &result["sigma"], ITERATED);
    same(&place("loglik"), Some(fit.log_likelihood), &result["loglik"], 1e-11);
    same(&place("aic"), Some(fit.aic), &result["aic"], 1e-11);
    same(&place("bic"), Some(fit.bic), &result["bic"], 1e-11);
    all_same(&place("fitted"), fit.fitted.iter().map(|value| Some(*value)), &result["fitted"], ITERATED);
    if let Some(predictions) = result["ranef"]["Subject"].as_object() {
        assert_eq!(fit.group_effects.len(), predictions["level"].as_array().unwrap().len());
        for (index, group) in fit.group_effects.iter().enumerate() {
            assert_eq!(group.group.to_string(), predictions["level"][index].as_str().unwrap());
            // Predictions near 0 are differences of larger numbers.
            let scale = predictions["value"].as_array().unwrap().iter().map(|row| row[0].as_f64().unwrap().abs()).fold(0.0, f64::max);
            for (found, expected) in group.effect.iter().zip(predictions["value"][index].as_array().unwrap()) {
                let expected = expected.as_f64().unwrap();
                assert!((found - expected).abs() < 1e-8 * scale, "{}: {found} where R has {expected}", place("ranef"));
            }
        }
    }
    assert!(!fit.singular);
    Fate::Asserted
}

/// R lists the variances, then the covariance, then the residual variance.
fn variances(analysis: &Analysis<'_>, fit: &LinearMixedModel) {
    let (expected, place) = (&analysis.result["varcorr"], |field: &str| format!("{}: varcorr {field}", analysis.id));
    let random = &fit.random_effects;
    let mut variance: Vec<f64> = (0..random.names.len()).map(|k| random.covariance[k][k]).collect();
    let mut deviation = random.std_dev.clone();
    if let Some(correlation) = random.correlation {
        variance.push(random.covariance[0][1]);
        deviation.push(correlation);
    }
    variance.push(fit.residual_std_dev.powi(2));
    deviation.push(fit.residual_std_dev);
    all_same(&place("vcov"), variance.into_iter().map(Some), &expected["vcov"], 1e-6);
    all_same(&place("sdcor"), deviation.into_iter().map(Some), &expected["sdcor"], 1e-6);
}

/// nlme's degrees of freedom (inner and outer groups) and with them its p values are its own, and its BIC counts rows less fixed
/// effects; the rest is the same model.
pub(super) fn nlme_model(analysis: &Analysis<'_>) -> Fate {
    if !analysis.call.contains("random = ~ Days | Subject") || analysis.call.contains("correlation") {
        return Fate::LeftOut("correlated errors within patients are not in this version");
    }
    let fit = model(analysis, slope(true), Estimation::Reml);
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    // nlme stops where the deviance no longer changes.
    let stopped = 1e-6;
    all_same(&place("fixef"), fit.fixed_effects.iter().map(|effect| Some(effect.estimate)), &result["fixef"], ITERATED);
    all_same(&place("se"), fit.fixed_effects.iter().map(|effect| Some(effect.std_error)), &result["se"], stopped);
    all_same(&place("t"), fit.fixed_effects.iter().map(|effect| Some(effect.statistic)), &result["t"], stopped);
    for (row, expected) in fit.random_effects.covariance.iter().zip(result["D"].as_array().unwrap()) {
        all_same(&place("D"), row.iter().map(|value| Some(*value)), expected, 5e-6);
    }
    same(&place("sigma"), Some(fit.residual_std_dev), &result["sigma"], stopped);
    same(&place("loglik"), Some(fit.log_likelihood), &result["loglik"], 1e-11);
    same(&place("aic"), Some(fit.aic), &result["aic"], 1e-11);
    let rows = fit.n_rows - fit.fixed_effects.len();
    same(&place("bic"), Some(fit.deviance + fit.n_parameters as f64 * (rows as f64).ln()), &result["bic"], 1e-11);
    assert_eq!(result["corstruct"], Value::Null);
    Fate::Asserted
}
