//! Cox models: fit, tests, residuals, baseline, predictions, concordance, proportional hazards.

use serde_json::Value;
use staywell::stats::survival::{CoxModel, CoxOptions, CoxTerm, CurveInterval, Ties, TimeToEvent, TimeTransform};

use super::expected::{all_same, same};
use super::model::Model;
use super::{Analysis, Fate};

const CLOSED_FORM: f64 = 1e-9;
const ITERATED: f64 = 1e-7;

fn fit(analysis: &Analysis<'_>, ties: Ties) -> (TimeToEvent, CoxModel, Vec<String>) {
    let model = Model::of(analysis);
    let data = analysis.data;
    let (rows, covariates) = model.design(data);
    let codes = |name: &Option<String>| -> Option<Vec<usize>> {
        let codes = data.levels(name.as_ref()?).1;
        Some(rows.iter().map(|&row| codes[row].unwrap()).collect())
    };
    let (strata, cluster) = (codes(&model.strata), codes(&model.cluster));
    let options = CoxOptions { ties, strata: strata.as_deref(), cluster: cluster.as_deref(), ..CoxOptions::default() };
    let sample = model.sample(data, &rows);
    let fit = CoxModel::fit(&sample, &covariates, &options).unwrap();
    let levels = model
        .strata
        .as_ref()
        .map_or_else(Vec::new, |name| data.levels(name).0.into_iter().map(|level| format!("{name}={level}")).collect());
    (sample, fit, levels)
}

pub(super) fn cox_model(analysis: &Analysis<'_>) -> Fate {
    if analysis.call.contains("tt(") {
        return Fate::LeftOut("tt() stays out: start–stop rows do the same");
    }
    let ties = match analysis.call {
        call if call.contains("\"efron\"") => Ties::Efron,
        call if call.contains("\"breslow\"") => Ties::Breslow,
        _ => return Fate::LeftOut("the exact partial likelihood stays out"),
    };
    let (_, model, strata) = fit(analysis, ties);
    let (fit, result) = (&model.fit, analysis.result);
    let place = |field: &str| format!("{}: {field}", analysis.id);
    let column = |part: fn(&CoxTerm) -> f64| fit.terms.iter().map(move |term| Some(part(term)));
    same(&place("n"), Some(fit.n as f64), &result["n"], CLOSED_FORM);
    same(&place("nevent"), Some(fit.n_events as f64), &result["nevent"], CLOSED_FORM);
    all_same(&place("coef"), column(|term| term.coefficient), &result["coef"], ITERATED);
    all_same(&place("se"), column(|term| term.model_std_error), &result["se"], ITERATED);
    if !result["robust_se"].is_null() {
        all_same(&place("robust_se"), column(|term| term.std_error), &result["robust_se"], ITERATED);
        same(&place("robust_score"), fit.robust_score.map(|test| test.statistic), &result["robust_score"][0], ITERATED);
    }
    all_same(&place("z"), column(|term| term.statistic), &result["z"], ITERATED);
    // The p value of a large z moves by z² times the relative error of z.
    all_same(&place("p"), column(|term| term.p_value), &result["p"], 1e-6);
    all_same(&place("hr"), column(|term| term.hazard_ratio), &result["hr"], ITERATED);
    all_same(&place("hr_lower95"), column(|term| term.interval.lower), &result["hr_lower95"], ITERATED);
    all_same(&place("hr_upper95"), column(|term| term.interval.upper), &result["hr_upper95"], ITERATED);
    matrix(&place("vcov"), &fit.covariance, &result["vcov"]);
    same(&place("loglik_null"), Some(fit.log_likelihood_null), &result["loglik_null"], ITERATED);
    same(&place("loglik"), Some(fit.log_likelihood), &result["loglik"], ITERATED);
    same(&place("aic"), Some(fit.aic), &result["aic"], ITERATED);
    same(&place("bic"), Some(fit.bic), &result["bic"], ITERATED);
    for (name, test) in [("lr_test", &fit.likelihood_ratio), ("score_test", &fit.score)] {
        same(&place(name), Some(test.statistic), &result[name][0], ITERATED);
        same(&place(name), test.df, &result[name][1], CLOSED_FORM);
        same(&place(name), Some(test.p_value), &result[name][2], 1e-6);
    }
    // R rounds the Wald statistic to two decimals when it stores it.
    let (wald, found) = (result["wald_test"][0].as_f64().unwrap(), fit.wald.unwrap().statistic);
    assert!((found - wald).abs() <= 0.005 + 1e-7 * wald, "{}: {found} where R has {wald}", place("wald_test"));
    let concordance = model.concordance().unwrap();
    all_same(&place("concordance"), [Some(concordance.estimate), Some(concordance.std_error)], &result["concordance"], ITERATED);
    if let Some(baseline) = result.get("basehaz_at_zero").filter(|value| !value.is_null()) {
        baseline_hazard(&place("basehaz"), &model, baseline, &strata);
    }
    if let Some(residuals) = result.get("residuals").filter(|value| !value.is_null()) {
        check_residuals(&place("residuals"), &model, residuals);
    }
    if let Some(predicted) = result.get("predicted_survival").filter(|value| !value.is_null()) {
        predictions(&place("predicted"), &model, predicted);
    }
    Fate::Asserted
}

/// Compared on the scale of each row and column's largest cells: R's own small cells are differences of large ones.
fn matrix(place: &str, found: &[Vec<f64>], expected: &Value) {
    let size = |j: usize| found[j][j].sqrt();
    for (j, (row, expected)) in found.iter().zip(expected.as_array().unwrap()).enumerate() {
        for (k, (found, expected)) in row.iter().zip(expected.as_array().unwrap()).enumerate() {
            let expected = expected.as_f64().unwrap();
            assert!((found - expected).abs() <= 1e-7 * size(j) * size(k), "{place}[{j}][{k}]: {found} where R has {expected}");
        }
    }
}

fn baseline_hazard(place: &str, model: &CoxModel, expected: &Value, strata: &[String]) {
    let curves = model.baseline_hazard().unwrap();
    let column = |part: fn(&staywell::stats::survival::CoxPrediction) -> &[f64]| -> Vec<Option<f64>> {
        curves.iter().flat_map(|curve| part(curve).iter().map(|&value| Some(value))).collect()
    };
    all_same(&format!("{place} time"), column(|curve| &curve.time), &expected["time"], CLOSED_FORM);
    all_same(&format!("{place} hazard"), column(|curve| &curve.cumulative_hazard), &expected["hazard"], ITERATED);
    if let Some(labels) = expected["strata"].as_array() {
        let found: Vec<&str> = curves.iter().flat_map(|curve| vec![strata[curve.stratum].as_str(); curve.time.len()]).collect();
        assert_eq!(found, labels.iter().map(|label| label.as_str().unwrap()).collect::<Vec<_>>(), "{place} strata");
    }
}

/// Absolute where a residual is a difference that cancels: relative to the largest of its column.
fn check_residuals(place: &str, model: &CoxModel, expected: &Value) {
    let found = model.residuals();
    let per_row = |name: &str, found: &[f64]| {
        let Some(expected) = expected.get(name).and_then(Value::as_array) else { return };
        assert_eq!(found.len(), expected.len(), "{place} {name}");
        for (row, (found, expected)) in found.iter().zip(expected).enumerate() {
            let expected = expected.as_f64().unwrap();
            assert!((found - expected).abs() <= 1e-7, "{place} {name}[{row}]: {found} where R has {expected}");
        }
    };
    per_row("martingale", &found.martingale);
    per_row("deviance", &found.deviance);
    let columns =
        [("score", &found.score), ("dfbeta", &found.dfbeta), ("schoenfeld", &found.schoenfeld), ("scaledsch", &found.scaled_schoenfeld)];
    for (name, found) in columns {
        let Some(expected) = expected.get(name).and_then(Value::as_array) else { continue };
        assert_eq!(found.len(), expected.len(), "{place} {name}");
        let cells = |row: &Value| -> Vec<f64> {
            row.as_array().map_or_else(|| vec![row.as_f64().unwrap()], |cells| cells.iter().map(|cell| cell.as_f64().unwrap()).collect())
        };
        for j in 0..found[0].len() {
            let largest = found.iter().map(|row| row[j].abs()).fold(0.0, f64::max);
            for (row, (found, expected)) in found.iter().zip(expected).enumerate() {
                let expected = cells(expected)[j];
                assert!(
                    (found[j] - expected).abs() <= ITERATED * largest,
                    "{place} {name}[{row}][{j}]: {} where R has {expected}",
                    found[j]
                );
            }
        }
    }
}

/// `data.frame(age = c(50, 70), sex = c(1, 2))`: one set of covariates per column of the result.
fn predictions(place: &str, model: &CoxModel, expected: &Value) {
    let new: Vec<(String, Vec<f64>)> = expected["newdata"]
        .as_str()
        .unwrap()
        .trim_start_matches("data.frame(")
        .split("), ")
        .map(|part| {
            let (name, values) = part.split_once(" = c(").unwrap();
            (name.to_owned(), values.trim_end_matches(')').split(", ").map(|value| value.parse().unwrap()).collect())
        })
        .collect();
    for set in 0..new[0].1.len() {
        let covariates: Vec<f64> =
            model.fit.terms.iter().map(|term| new.iter().find(|(name, _)| *name == term.name).unwrap().1[set]).collect();
        let found = &model.predict(&covariates, CurveInterval::Log, 0.95).unwrap()[0];
        let column = |name: &str| Value::Array(expected[name].as_array().unwrap().iter().map(|row| row[set].clone()).collect());
        let some = |values: &[f64]| -> Vec<Option<f64>> { values.iter().map(|&value| Some(value)).collect() };
        all_same(&format!("{place} time"), some(&found.time), &expected["time"], CLOSED_FORM);
        all_same(&format!("{place} surv"), some(&found.survival), &column("surv"), ITERATED);
        all_same(&format!("{place} std_err"), some(&found.std_error), &column("std_err"), ITERATED);
        all_same(&format!("{place} lower"), found.lower.clone(), &column("lower"), ITERATED);
        all_same(&format!("{place} upper"), found.upper.clone(), &column("upper"), ITERATED);
    }
}

pub(super) fn proportional_hazards(analysis: &Analysis<'_>) -> Fate {
    let referred = analysis.call.split(['<', '>']).nth(1).unwrap();
    let transform = match analysis.call {
        call if call.contains("\"km\"") => TimeTransform::Km,
        call if call.contains("\"rank\"") => TimeTransform::Rank,
        call if call.contains("\"log\"") => TimeTransform::Log,
        _ => TimeTransform::Identity,
    };
    let (call, _) = &analysis.others[referred];
    let ties = if call.contains("\"efron\"") { Ties::Efron } else { Ties::Breslow };
    let (sample, model, _) = fit(&Analysis { id: analysis.id.clone(), call, ..*analysis }, ties);
    let found = model.proportional_hazards(&sample, transform).unwrap();
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    let tests: Vec<_> = found.terms.iter().map(|term| term.test).chain([found.global]).collect();
    all_same(&place("chisq"), tests.iter().map(|test| Some(test.statistic)), &result["chisq"], ITERATED);
    all_same(&place("df"), tests.iter().map(|test| test.df), &result["df"], CLOSED_FORM);
    all_same(&place("p"), tests.iter().map(|test| Some(test.p_value)), &result["p"], 1e-6);
    Fate::Asserted
}
