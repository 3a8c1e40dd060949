//! Competing events and pseudo-values.

use serde_json::Value;
use staywell::stats::Covariates;
use staywell::stats::competing::{
    CompetingEvents, CumulativeIncidence, FineGray, FineGrayMethod, IncidenceVariance, cumulative_incidence, fine_gray, gray_test,
};
use staywell::stats::survival::{CurveInterval, PseudoOutcome, pseudo_values as pseudo};

use super::expected::{all_same, same};
use super::model::{Model, term_columns};
use super::{Analysis, Fate};

const CLOSED_FORM: f64 = 1e-9;
const ITERATED: f64 = 1e-7;

fn outcome(analysis: &Analysis<'_>) -> (Vec<f64>, Vec<usize>) {
    let data = analysis.data;
    let time = data.numbers("etime").into_iter().map(Option::unwrap).collect();
    (time, data.numbers("estat").into_iter().map(|cause| cause.unwrap() as usize).collect())
}

fn by_sex(analysis: &Analysis<'_>, variance: IncidenceVariance) -> Vec<CumulativeIncidence> {
    let (time, cause) = outcome(analysis);
    let (levels, sex) = analysis.data.levels("sex");
    (0..levels.len())
        .map(|level| {
            let (time, cause) = (0..time.len()).filter(|&row| sex[row] == Some(level)).map(|row| (time[row], cause[row])).unzip();
            let events = CompetingEvents::from_times(time, cause).unwrap();
            cumulative_incidence(&events, variance, CurveInterval::Log, 0.95, None).unwrap()
        })
        .collect()
}

pub(super) fn aalen_johansen(analysis: &Analysis<'_>) -> Fate {
    let curves = by_sex(analysis, IncidenceVariance::Jackknife);
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    all_same(&place("time"), curves.iter().flat_map(|curve| curve.time.iter().map(|&time| Some(time))), &result["time"], CLOSED_FORM);
    let column = |field: &str, state: usize| -> Value {
        Value::Array(result[field].as_array().unwrap().iter().map(|row| row[state].clone()).collect())
    };
    let of = |part: &dyn Fn(&CumulativeIncidence, usize) -> Option<f64>| -> Vec<Option<f64>> {
        curves.iter().flat_map(|curve| (0..curve.time.len()).map(|row| part(curve, row)).collect::<Vec<_>>()).collect()
    };
    all_same(&place("n_risk"), of(&|curve, row| Some(curve.at_risk[row])), &column("n_risk", 0), CLOSED_FORM);
    all_same(&place("free"), of(&|curve, row| Some(curve.event_free[row])), &column("pstate", 0), CLOSED_FORM);
    all_same(&place("free se"), of(&|curve, row| Some(curve.event_free_std_error[row])), &column("std_err", 0), CLOSED_FORM);
    for cause in 0..2 {
        let place = |field: &str| place(&format!("cause {} {field}", cause + 1));
        all_same(&place("n_event"), of(&|curve, row| Some(curve.events[cause][row])), &column("n_event", cause + 1), CLOSED_FORM);
        all_same(&place("pstate"), of(&|curve, row| Some(curve.estimate[cause][row])), &column("pstate", cause + 1), CLOSED_FORM);
        all_same(&place("std_err"), of(&|curve, row| Some(curve.std_error[cause][row])), &column("std_err", cause + 1), CLOSED_FORM);
        all_same(&place("lower"), of(&|curve, row| curve.lower[cause][row]), &column("lower", cause + 1), CLOSED_FORM);
        all_same(&place("upper"), of(&|curve, row| curve.upper[cause][row]), &column("upper", cause + 1), CLOSED_FORM);
    }
    Fate::Asserted
}

pub(super) fn cumulative_incidence_and_gray(analysis: &Analysis<'_>) -> Fate {
    let curves = by_sex(analysis, IncidenceVariance::Delta);
    let result = analysis.result;
    let times: Vec<f64> = result["times"].as_array().unwrap().iter().map(|time| time.as_f64().unwrap()).collect();
    // "F 1", "M 1", "F 2", "M 2".
    for (row, (cause, group)) in [(1, 0), (1, 1), (2, 0), (2, 1)].into_iter().enumerate() {
        let points: Vec<_> = times.iter().map(|&time| curves[group].at(cause, time).unwrap()).collect();
        let place = |field: &str| format!("{}: {} {field}", analysis.id, result["curves"][row]);
        all_same(&place("est"), points.iter().map(|point| Some(point.estimate)), &result["est"][row], CLOSED_FORM);
        all_same(&place("var"), points.iter().map(|point| Some(point.std_error.powi(2))), &result["var"][row], CLOSED_FORM);
    }
    let (time, cause) = outcome(analysis);
    let group: Vec<usize> = analysis.data.levels("sex").1.into_iter().map(Option::unwrap).collect();
    let events = CompetingEvents::from_times(time, cause).unwrap();
    for cause in [1, 2] {
        let found = gray_test(&events, &group, None, cause, 0.0).unwrap().test;
        let place = |field: &str| format!("{}: Gray {cause} {field}", analysis.id);
        same(&place("stat"), Some(found.statistic), &result["gray_tests"]["stat"][cause - 1], CLOSED_FORM);
        same(&place("p"), Some(found.p_value), &result["gray_tests"]["p"][cause - 1], 1e-8);
        same(&place("df"), found.df, &result["gray_tests"]["df"][cause - 1], CLOSED_FORM);
    }
    Fate::Asserted
}

fn subdistribution(analysis: &Analysis<'_>, method: FineGrayMethod) -> FineGray {
    let (time, cause) = outcome(analysis);
    let (mut names, mut columns) = (Vec::new(), Vec::new());
    for (name, column) in ["age", "sex"].into_iter().flat_map(|term| term_columns(analysis.data, term)) {
        names.push(name);
        columns.push(column.into_iter().map(Option::unwrap).collect());
    }
    let events = CompetingEvents::from_times(time, cause).unwrap();
    fine_gray(&events, &Covariates::new(names, columns).unwrap(), 1, method, 0.95).unwrap()
}

fn coefficients(analysis: &Analysis<'_>, fit: &FineGray) {
    let place = |field: &str| format!("{}: {field}", analysis.id);
    all_same(&place("coef"), fit.terms.iter().map(|term| Some(term.coefficient)), &analysis.result["coef"], ITERATED);
    all_same(&place("se"), fit.terms.iter().map(|term| Some(term.std_error)), &analysis.result["se"], ITERATED);
}

pub(super) fn fine_gray_weighted(analysis: &Analysis<'_>) -> Fate {
    let fit = subdistribution(analysis, FineGrayMethod::Weighted);
    coefficients(analysis, &fit);
    let found = [Some(fit.log_likelihood_null), Some(fit.log_likelihood)];
    all_same(&format!("{}: loglik", analysis.id), found, &analysis.result["loglik"], ITERATED);
    Fate::Asserted
}

pub(super) fn fine_gray_crr(analysis: &Analysis<'_>) -> Fate {
    let fit = subdistribution(analysis, FineGrayMethod::Crr);
    coefficients(analysis, &fit);
    same(&format!("{}: loglik", analysis.id), Some(fit.log_likelihood), &analysis.result["loglik"], ITERATED);
    same(&format!("{}: null", analysis.id), Some(fit.log_likelihood_null), &analysis.result["loglik_null"], ITERATED);
    Fate::Asserted
}

pub(super) fn pseudo_values(analysis: &Analysis<'_>) -> Fate {
    let model = Model::of(analysis);
    let rows: Vec<usize> = (0..analysis.data.n_rows()).collect();
    let sample = model.sample(analysis.data, &rows);
    let times = analysis.call.split("times = ").nth(1).unwrap();
    let times = times.trim_start_matches("c(").split(')').next().unwrap().split(", type").next().unwrap();
    let times: Vec<f64> = times.split(", ").map(|time| time.parse().unwrap()).collect();
    let outcome = if analysis.call.contains("rmst") { PseudoOutcome::RestrictedMean } else { PseudoOutcome::Survival };
    let found = pseudo(&sample, &times, outcome).unwrap();
    for (row, (found, expected)) in found.iter().zip(analysis.result["value"].as_array().unwrap()).enumerate() {
        let place = format!("{}: row {row}", analysis.id);
        let expected = if expected.is_array() { expected.clone() } else { Value::Array(vec![expected.clone()]) };
        for (found, expected) in found.iter().zip(expected.as_array().unwrap()) {
            // A pseudo-value near 0 is a difference of ones near 1.
            assert!(
                (found - expected.as_f64().unwrap()).abs() < 1e-9 * expected.as_f64().unwrap().abs().max(1.0),
                "{place}: {found} where R has {expected}"
            );
        }
    }
    Fate::Asserted
}
