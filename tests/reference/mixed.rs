//! Linear mixed models.

use serde_json::Value;
use staywell::stats::Covariates;
use staywell::stats::mixed::{MixedMethod, MixedModel, MixedOptions, RandomEffects, linear_mixed_model};

use super::expected::{all_same, same};
use super::model::term_columns;
use super::{Analysis, Fate};

const FIXED: f64 = 1e-7;
/// R's own fits agree with each other to about this.
const VARIANCES: f64 = 1e-6;

fn fit(analysis: &Analysis<'_>) -> MixedModel {
    let data = analysis.data;
    let inside = analysis.call.split_once('(').unwrap().1;
    let (outcome, right) = inside.split_once(" ~ ").unwrap();
    let fixed = right.split([',', '(']).next().unwrap().trim().trim_end_matches(" +");
    let fixed = fixed.split_once(" * ").map_or_else(|| fixed.to_owned(), |(a, b)| format!("{a} + {b} + {a}:{b}"));
    let (names, columns): (Vec<String>, Vec<Vec<f64>>) = fixed
        .split(" + ")
        .flat_map(|term| term_columns(data, term))
        .map(|(name, column)| (name, column.into_iter().map(Option::unwrap).collect()))
        .unzip();
    let numbers = |name: &str| -> Vec<f64> { data.numbers(name).into_iter().map(Option::unwrap).collect() };
    let (time, group) = if analysis.call.contains("Pig") { ("Time", "Pig") } else { ("Days", "Subject") };
    let groups: Vec<usize> = data.levels(group).1.into_iter().map(Option::unwrap).collect();
    let column = numbers(time);
    let random = match analysis.call {
        call if call.contains("(0 + ") => RandomEffects::Slope { name: time, column: &column, correlated: false },
        call if call.contains("(1 |") => RandomEffects::Intercept,
        _ => RandomEffects::Slope { name: time, column: &column, correlated: true },
    };
    let method = if analysis.call.contains("REML = FALSE") { MixedMethod::Ml } else { MixedMethod::Reml };
    let covariates = Covariates::new(names, columns).unwrap();
    linear_mixed_model(&numbers(outcome), &covariates, &groups, &MixedOptions { random, method, level: 0.95 }).unwrap()
}

/// Fixed effects in the order of R's terms.
fn order(found: &MixedModel, result: &Value) -> Vec<usize> {
    let place = |name: &str| found.fixed.iter().position(|term| term.name == name).unwrap_or_else(|| panic!("no term {name}"));
    result["terms"].as_array().unwrap().iter().map(|name| place(name.as_str().unwrap())).collect()
}

fn fixed(place: &str, found: &MixedModel, order: &[usize], result: &Value, field: (&str, fn(&MixedModel, usize) -> f64), tolerance: f64) {
    all_same(&format!("{place}: {}", field.0), order.iter().map(|&term| Some(field.1(found, term))), &result[field.0], tolerance);
}

pub(super) fn linear_mixed_model_test(analysis: &Analysis<'_>) -> Fate {
    let (found, result, place) = (fit(analysis), analysis.result, analysis.id.as_str());
    let order = order(&found, result);
    // A term whose t is 0.02 is the difference of numbers fifty times as large.
    fixed(place, &found, &order, result, ("fixef", |fit, term| fit.fixed[term].estimate), 1e-6);
    fixed(place, &found, &order, result, ("se", |fit, term| fit.fixed[term].std_error), VARIANCES);
    fixed(place, &found, &order, result, ("t", |fit, term| fit.fixed[term].statistic), VARIANCES);
    fixed(place, &found, &order, result, ("df_satterthwaite", |fit, term| fit.fixed[term].df), 1e-5);
    fixed(place, &found, &order, result, ("p_satterthwaite", |fit, term| fit.fixed[term].p_value), 1e-3);
    for (j, row) in result["vcov"].as_array().unwrap().iter().enumerate() {
        for (k, cell) in row.as_array().unwrap().iter().enumerate() {
            let (found_cell, scale) = (
                found.covariance[order[j]][order[k]],
                (found.covariance[order[j]][order[j]] * found.covariance[order[k]][order[k]]).sqrt(),
            );
            assert!((found_cell - cell.as_f64().unwrap()).abs() <= VARIANCES * scale, "{place}: vcov[{j}][{k}] {found_cell}");
        }
    }
    let covariance = &found.random_covariance;
    let mut variances = vec![covariance[0][0]];
    if covariance.len() == 2 {
        variances.push(covariance[1][1]);
        variances.extend(found.random_correlation.map(|_| covariance[0][1]));
    }
    variances.push(found.sigma.powi(2));
    all_same(&format!("{place}: varcorr"), variances.into_iter().map(Some), &result["varcorr"]["vcov"], VARIANCES);
    same(&format!("{place}: sigma"), Some(found.sigma), &result["sigma"], VARIANCES);
    for (name, value) in [("loglik", found.log_likelihood), ("aic", found.aic), ("bic", found.bic)] {
        same(&format!("{place}: {name}"), Some(value), &result[name], 1e-9);
    }
    all_same(&format!("{place}: fitted"), found.fitted.iter().map(|&value| Some(value)), &result["fitted"], VARIANCES);
    if let Some(ranef) = result["ranef"].as_object() {
        let values = ranef.values().next().unwrap()["value"].as_array().unwrap();
        for (group, expected) in found.random.iter().zip(values) {
            for (effect, expected) in group.effects.iter().zip(expected.as_array().unwrap()) {
                let scale = found.random_covariance[0][0].sqrt();
                assert!((effect - expected.as_f64().unwrap()).abs() < VARIANCES * scale, "{place}: ranef {effect} where R has {expected}");
            }
        }
    }
    Fate::Asserted
}

/// The same model by nlme; its degrees of freedom follow another rule and are left out.
pub(super) fn nlme_model(analysis: &Analysis<'_>) -> Fate {
    let (found, result, place) = (fit(analysis), analysis.result, analysis.id.as_str());
    let order = order(&found, result);
    fixed(place, &found, &order, result, ("fixef", |fit, term| fit.fixed[term].estimate), FIXED);
    fixed(place, &found, &order, result, ("se", |fit, term| fit.fixed[term].std_error), VARIANCES);
    for (row, expected) in found.random_covariance.iter().zip(result["D"].as_array().unwrap()) {
        all_same(&format!("{place}: D"), row.iter().map(|&cell| Some(cell)), expected, VARIANCES);
    }
    same(&format!("{place}: sigma"), Some(found.sigma), &result["sigma"], VARIANCES);
    same(&format!("{place}: loglik"), Some(found.log_likelihood), &result["loglik"], 1e-9);
    same(&format!("{place}: aic"), Some(found.aic), &result["aic"], 1e-9);
    // nlme's BIC takes the logarithm of n − p.
    let bic = found.aic + found.n_parameters as f64 * (((found.n - found.fixed.len()) as f64).ln() - 2.0);
    same(&format!("{place}: bic"), Some(bic), &result["bic"], 1e-9);
    Fate::Asserted
}
