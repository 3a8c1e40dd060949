//! Recurrent events and rates.

use staywell::stats::recurrent::{MeanCumulativeFunction, mean_cumulative_function as mean_function};
use staywell::stats::survival::person_time_rate;

use super::expected::all_same;
use super::model::Model;
use super::{Analysis, Fate};

const CLOSED_FORM: f64 = 1e-9;

/// Rows of each level of the only term, or all.
fn groups(analysis: &Analysis<'_>, model: &Model) -> Vec<Vec<usize>> {
    let data = analysis.data;
    let codes = model.terms.first().map_or_else(|| vec![Some(0); data.n_rows()], |term| data.levels(term).1);
    let last = codes.iter().flatten().max().unwrap();
    (0..=*last).map(|group| (0..codes.len()).filter(|&row| codes[row] == Some(group)).collect()).collect()
}

pub(super) fn mean_cumulative_function(analysis: &Analysis<'_>) -> Fate {
    let model = Model::of(analysis);
    let id: Vec<usize> = analysis.data.levels("id").1.into_iter().map(Option::unwrap).collect();
    let curves: Vec<MeanCumulativeFunction> = groups(analysis, &model)
        .iter()
        .map(|rows| {
            let patient: Vec<usize> = rows.iter().map(|&row| id[row]).collect();
            mean_function(&model.sample(analysis.data, rows), &patient, 0.95).unwrap()
        })
        .collect();
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    let column = |part: fn(&MeanCumulativeFunction) -> &[f64]| -> Vec<Option<f64>> {
        curves.iter().flat_map(|curve| part(curve).iter().map(|&value| Some(value))).collect()
    };
    all_same(&place("time"), column(|curve| &curve.time), &result["time"], CLOSED_FORM);
    all_same(&place("n_risk"), column(|curve| &curve.at_risk), &result["n_risk"], CLOSED_FORM);
    all_same(&place("n_event"), column(|curve| &curve.events), &result["n_event"], CLOSED_FORM);
    all_same(&place("cumhaz"), column(|curve| &curve.estimate), &result["cumhaz"], CLOSED_FORM);
    all_same(&place("std_chaz_robust"), column(|curve| &curve.std_error), &result["std_chaz_robust"], CLOSED_FORM);
    Fate::Asserted
}

pub(super) fn person_years(analysis: &Analysis<'_>) -> Fate {
    let model = Model::of(analysis);
    let scale = analysis.call.split("scale = ").nth(1).unwrap().trim_end_matches(')').parse().unwrap();
    let rates: Vec<_> =
        groups(analysis, &model).iter().map(|rows| person_time_rate(&model.sample(analysis.data, rows), scale, 0.95).unwrap()).collect();
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    all_same(&place("pyears"), rates.iter().map(|rate| Some(rate.person_time)), &result["pyears"], CLOSED_FORM);
    all_same(&place("n"), rates.iter().map(|rate| Some(rate.n as f64)), &result["n"], CLOSED_FORM);
    all_same(&place("event"), rates.iter().map(|rate| Some(rate.events)), &result["event"], CLOSED_FORM);
    all_same(&place("rate"), rates.iter().map(|rate| Some(rate.rate)), &result["rate"], CLOSED_FORM);
    all_same(&place("lower"), rates.iter().map(|rate| Some(rate.interval.lower)), &result["rate_exact_lower95"], CLOSED_FORM);
    all_same(&place("upper"), rates.iter().map(|rate| Some(rate.interval.upper)), &result["rate_exact_upper95"], CLOSED_FORM);
    Fate::Asserted
}
