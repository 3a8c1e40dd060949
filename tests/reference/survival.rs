//! Curves and log-rank tests.

use staywell::stats::survival::{
    CurveEstimator, CurveInterval, FlemingHarringtonWeights, SurvivalCurve, TimeToEvent, curve as curve_by, kaplan_meier, log_rank,
    log_rank_by, log_rank_trend, rmst, rmst_difference,
};

use super::expected::{all_same, same};
use super::model::Model;
use super::{Analysis, Fate};

const CLOSED_FORM: f64 = 1e-9;

/// Samples by the levels of the only term (or one sample without one), rows with a missing value dropped.
fn samples(analysis: &Analysis<'_>, model: &Model) -> Vec<TimeToEvent> {
    let data = analysis.data;
    let codes = match model.terms.first() {
        None => vec![Some(0); data.n_rows()],
        Some(term) => data.levels(term).1,
    };
    let n_groups = codes.iter().flatten().max().unwrap() + 1;
    (0..n_groups)
        .map(|group| {
            let rows: Vec<usize> = (0..codes.len()).filter(|&row| codes[row] == Some(group) && model.complete(data, row)).collect();
            model.sample(data, &rows)
        })
        .collect()
}

pub(super) fn curve(analysis: &Analysis<'_>) -> Fate {
    let model = Model::of(analysis);
    let interval = match analysis.call {
        call if call.contains("\"log-log\"") => CurveInterval::LogLog,
        call if call.contains("\"log\"") => CurveInterval::Log,
        call if call.contains("\"plain\"") => CurveInterval::Plain,
        call if call.contains("\"logit\"") => CurveInterval::Logit,
        call if call.contains("\"arcsin\"") => CurveInterval::ArcSin,
        call => panic!("{call}: which limits?"),
    };
    let level = if analysis.call.contains("conf.int = 0.9") { 0.9 } else { 0.95 };
    let curves: Vec<SurvivalCurve> =
        samples(analysis, &model).iter().map(|sample| kaplan_meier(sample, interval, level).unwrap()).collect();
    let result = analysis.result;
    let place = |field: &str| format!("{}: {field}", analysis.id);
    let column = |part: fn(&SurvivalCurve, usize) -> Option<f64>| -> Vec<Option<f64>> {
        curves.iter().flat_map(|curve| (0..curve.time.len()).map(move |row| part(curve, row))).collect()
    };
    all_same(&place("n"), curves.iter().map(|curve| Some(curve.n as f64)), &result["n"], CLOSED_FORM);
    all_same(&place("time"), column(|curve, row| Some(curve.time[row])), &result["time"], CLOSED_FORM);
    all_same(&place("n_risk"), column(|curve, row| Some(curve.at_risk[row])), &result["n_risk"], CLOSED_FORM);
    all_same(&place("n_event"), column(|curve, row| Some(curve.events[row])), &result["n_event"], CLOSED_FORM);
    all_same(&place("n_censor"), column(|curve, row| Some(curve.censored[row])), &result["n_censor"], CLOSED_FORM);
    all_same(&place("surv"), column(|curve, row| Some(curve.estimate[row])), &result["surv"], CLOSED_FORM);
    all_same(&place("std_err_log_surv"), column(|curve, row| curve.std_error_log[row]), &result["std_err_log_surv"], CLOSED_FORM);
    all_same(&place("lower"), column(|curve, row| curve.lower[row]), &result["lower"], CLOSED_FORM);
    all_same(&place("upper"), column(|curve, row| curve.upper[row]), &result["upper"], CLOSED_FORM);
    if result.get("cumhaz").is_some() {
        all_same(&place("cumhaz"), column(|curve, row| Some(curve.cumulative_hazard[row])), &result["cumhaz"], CLOSED_FORM);
        all_same(&place("std_chaz"), column(|curve, row| Some(curve.cumulative_hazard_std_error[row])), &result["std_chaz"], CLOSED_FORM);
    }

    let quantiles = &result["quantiles"];
    let probabilities: Vec<f64> = quantiles["probs"].as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect();
    let found: Vec<_> = curves.iter().flat_map(|curve| probabilities.iter().map(|&p| curve.quantile(p))).collect();
    all_same(&place("quantile"), found.iter().map(|q| q.estimate), &quantiles["quantile"], CLOSED_FORM);
    all_same(&place("quantile lower"), found.iter().map(|q| q.lower), &quantiles["lower"], CLOSED_FORM);
    all_same(&place("quantile upper"), found.iter().map(|q| q.upper), &quantiles["upper"], CLOSED_FORM);

    if let Some(at) = result.get("at").filter(|at| !at.is_null()) {
        at_times(analysis, &curves, at);
    }
    if let Some(rmst) = result.get("rmst").filter(|rmst| !rmst.is_null()) {
        restricted_means(analysis, &curves, rmst);
    }
    Fate::Asserted
}

fn at_times(analysis: &Analysis<'_>, curves: &[SurvivalCurve], at: &serde_json::Value) {
    let times: Vec<f64> = at["time"].as_array().unwrap().iter().map(|time| time.as_f64().unwrap()).collect();
    // R lists the strata one after the other, each with the times its curve reaches; a new stratum starts where time falls.
    let mut group = 0;
    for (index, &time) in times.iter().enumerate() {
        group += usize::from(index > 0 && time <= times[index - 1]);
        let place = format!("{}: at {time}", analysis.id);
        let point = curves[group].at(time).unwrap_or_else(|| panic!("{place}: beyond the curve"));
        same(&format!("{place} n_risk"), Some(point.at_risk), &at["n_risk"][index], CLOSED_FORM);
        same(&format!("{place} surv"), Some(point.estimate), &at["surv"][index], CLOSED_FORM);
        same(&format!("{place} std_err"), Some(point.std_error), &at["std_err"][index], CLOSED_FORM);
        same(&format!("{place} lower"), point.lower, &at["lower"][index], CLOSED_FORM);
        same(&format!("{place} upper"), point.upper, &at["upper"][index], CLOSED_FORM);
    }
}

fn restricted_means(analysis: &Analysis<'_>, curves: &[SurvivalCurve], expected: &serde_json::Value) {
    let tau = expected["tau"].as_f64().unwrap();
    let means: Vec<_> = curves.iter().map(|curve| rmst(curve, tau).unwrap()).collect();
    let place = |field: &str| format!("{}: rmst {field}", analysis.id);
    all_same(&place("rmean"), means.iter().map(|mean| Some(mean.estimate)), &expected["rmean"], CLOSED_FORM);
    all_same(&place("se"), means.iter().map(|mean| Some(mean.std_error)), &expected["se"], CLOSED_FORM);
    if let Some(difference) = expected.get("difference_2_minus_1") {
        let found = rmst_difference(&curves[0], &curves[1], tau).unwrap();
        let interval = found.difference.interval.unwrap();
        same(&place("difference"), Some(found.difference.estimate), &difference["est"], CLOSED_FORM);
        same(&place("difference se"), Some(found.difference.std_error), &difference["se"], CLOSED_FORM);
        same(&place("difference z"), Some(found.test.statistic), &difference["z"], CLOSED_FORM);
        same(&place("difference p"), Some(found.test.p_value), &difference["p"], CLOSED_FORM);
        same(&place("difference lower"), Some(interval.lower), &difference["lower"], CLOSED_FORM);
        same(&place("difference upper"), Some(interval.upper), &difference["upper"], CLOSED_FORM);
    }
}

pub(super) fn log_rank_test(analysis: &Analysis<'_>) -> Fate {
    let model = Model::of(analysis);
    let data = analysis.data;
    let rho = analysis.call.split("rho = ").nth(1).unwrap().trim_end_matches(')').parse().unwrap();
    let group = data.levels(&model.terms[0]).1;
    let strata = model.strata.as_ref().map(|name| data.levels(name).1);
    let rows: Vec<usize> = (0..group.len())
        .filter(|&row| model.complete(data, row) && group[row].is_some() && strata.as_ref().is_none_or(|strata| strata[row].is_some()))
        .collect();
    let pick = |codes: &[Option<usize>]| -> Vec<usize> { rows.iter().map(|&row| codes[row].unwrap()).collect() };
    let strata = strata.map(|codes| pick(&codes));
    let weights = FlemingHarringtonWeights { rho, gamma: 0.0 };
    let found = log_rank_by(&model.sample(data, &rows), &pick(&group), strata.as_deref(), weights).unwrap();
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    all_same(&place("n"), found.n.iter().map(|&n| Some(n as f64)), &result["n"], CLOSED_FORM);
    all_same(&place("obs"), found.observed.iter().map(|&n| Some(n)), &result["obs"], CLOSED_FORM);
    all_same(&place("exp"), found.expected.iter().map(|&n| Some(n)), &result["exp"], CLOSED_FORM);
    for (row, expected) in found.covariance.iter().zip(result["var"].as_array().unwrap()) {
        all_same(&place("var"), row.iter().map(|&value| Some(value)), expected, CLOSED_FORM);
    }
    same(&place("chisq"), Some(found.test.statistic), &result["chisq"], CLOSED_FORM);
    same(&place("df"), found.test.df, &result["df"], CLOSED_FORM);
    same(&place("p"), Some(found.test.p_value), &result["p"], CLOSED_FORM);
    Fate::Asserted
}

pub(super) fn fleming_harrington(analysis: &Analysis<'_>) -> Fate {
    let estimator = if analysis.call.contains("ctype = 1") { CurveEstimator::NelsonAalen } else { CurveEstimator::FlemingHarrington };
    let model = Model::of(analysis);
    let curves: Vec<SurvivalCurve> =
        samples(analysis, &model).iter().map(|sample| curve_by(sample, estimator, CurveInterval::Log, 0.95, None).unwrap()).collect();
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    let column = |part: fn(&SurvivalCurve, usize) -> Option<f64>| -> Vec<Option<f64>> {
        curves.iter().flat_map(|curve| (0..curve.time.len()).map(move |row| part(curve, row))).collect()
    };
    all_same(&place("time"), column(|curve, row| Some(curve.time[row])), &result["time"], CLOSED_FORM);
    all_same(&place("surv"), column(|curve, row| Some(curve.estimate[row])), &result["surv"], CLOSED_FORM);
    all_same(&place("cumhaz"), column(|curve, row| Some(curve.cumulative_hazard[row])), &result["cumhaz"], CLOSED_FORM);
    all_same(&place("std_chaz"), column(|curve, row| Some(curve.cumulative_hazard_std_error[row])), &result["std_chaz"], CLOSED_FORM);
    all_same(&place("std_err_log_surv"), column(|curve, row| curve.std_error_log[row]), &result["std_err_log_surv"], CLOSED_FORM);
    all_same(&place("lower"), column(|curve, row| curve.lower[row]), &result["lower"], CLOSED_FORM);
    all_same(&place("upper"), column(|curve, row| curve.upper[row]), &result["upper"], CLOSED_FORM);
    Fate::Asserted
}

pub(super) fn log_rank_trend_test(analysis: &Analysis<'_>) -> Fate {
    let model = Model::of(analysis);
    let samples = samples(analysis, &model);
    let scores: Vec<f64> = (1..=samples.len()).map(|score| score as f64).collect();
    let found = log_rank_trend(&log_rank(&samples.iter().collect::<Vec<_>>()).unwrap(), &scores).unwrap();
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    same(&place("chisq"), Some(found.statistic), &result["chisq"], CLOSED_FORM);
    same(&place("df"), found.df, &result["df"], CLOSED_FORM);
    same(&place("p"), Some(found.p_value), &result["p"], CLOSED_FORM);
    Fate::Asserted
}
