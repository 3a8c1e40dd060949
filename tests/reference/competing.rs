//! Competing events and pseudo-values.

use serde_json::Value;
use staywell::stats::competing::{
    CumulativeIncidence, FineGrayFit, FineGrayMethod, IncidenceInterval, IncidenceVariance, StateCurve, TimeToCause, cumulative_incidence,
    fine_gray, gray_test, pseudo_event_free, pseudo_restricted_mean,
};
use staywell::stats::survival::Covariates;

use super::expected::{all_same, same};
use super::{Analysis, Fate};

const CLOSED_FORM: f64 = 1e-9;
const ITERATED: f64 = 1e-7;
/// crr stops when its score is below 1e-6 of the log likelihood, up to two Newton steps early.
const CRR_STOP: f64 = 1e-7;

/// `etime`, `estat` and the code of the group of each row.
fn rows(analysis: &Analysis<'_>, group: &str) -> (Vec<f64>, Vec<usize>, Vec<usize>) {
    let number = |name: &str| analysis.data.numbers(name).into_iter().map(Option::unwrap).collect::<Vec<f64>>();
    let groups = analysis.data.levels(group).1.into_iter().map(Option::unwrap).collect();
    (number("etime"), number("estat").into_iter().map(|cause| cause as usize).collect(), groups)
}

fn curves(analysis: &Analysis<'_>, variance: IncidenceVariance) -> Vec<CumulativeIncidence> {
    let (time, cause, groups) = rows(analysis, "sex");
    let n_causes = *cause.iter().max().unwrap();
    (0..=*groups.iter().max().unwrap())
        .map(|group| {
            let (time, cause) = (0..time.len()).filter(|&row| groups[row] == group).map(|row| (time[row], cause[row])).unzip();
            let sample = TimeToCause::new(time, cause).unwrap().with_causes(n_causes).unwrap();
            cumulative_incidence(&sample, variance, IncidenceInterval::Log, 0.95).unwrap()
        })
        .collect()
}

pub(super) fn cumulative_incidence_and_gray(analysis: &Analysis<'_>) -> Fate {
    let result = analysis.result;
    let curves = curves(analysis, IncidenceVariance::Aalen);
    let times: Vec<f64> = result["times"].as_array().unwrap().iter().map(|time| time.as_f64().unwrap()).collect();
    for cause in 1..=curves[0].incidence.len() {
        for (group, curve) in curves.iter().enumerate() {
            let row = (cause - 1) * curves.len() + group;
            let place = |field: &str| format!("{}: {} {field}", analysis.id, result["curves"][row]);
            let points: Vec<_> = times.iter().map(|&time| curve.at(cause, time).unwrap()).collect();
            all_same(&place("est"), points.iter().map(|point| Some(point.estimate)), &result["est"][row], CLOSED_FORM);
            all_same(&place("var"), points.iter().map(|point| Some(point.std_error.powi(2))), &result["var"][row], CLOSED_FORM);
        }
    }
    let (time, cause, groups) = rows(analysis, "sex");
    let sample = TimeToCause::new(time, cause).unwrap();
    let tests: Vec<_> = (1..=sample.n_causes()).map(|cause| gray_test(&sample, &groups, None, cause, 0.0).unwrap().test).collect();
    let expected = &result["gray_tests"];
    let place = |field: &str| format!("{}: gray {field}", analysis.id);
    all_same(&place("stat"), tests.iter().map(|test| Some(test.statistic)), &expected["stat"], CLOSED_FORM);
    all_same(&place("p"), tests.iter().map(|test| Some(test.p_value)), &expected["p"], CLOSED_FORM);
    all_same(&place("df"), tests.iter().map(|test| test.df), &expected["df"], CLOSED_FORM);
    Fate::Asserted
}

/// Event-free, then each cause: the order of R's states.
fn states(curve: &CumulativeIncidence) -> Vec<&StateCurve> {
    std::iter::once(&curve.event_free).chain(&curve.incidence).collect()
}

pub(super) fn aalen_johansen(analysis: &Analysis<'_>) -> Fate {
    let result = analysis.result;
    let curves = curves(analysis, IncidenceVariance::InfinitesimalJackknife);
    let place = |field: &str| format!("{}: {field}", analysis.id);
    all_same(&place("n"), curves.iter().map(|curve| Some(curve.time.len() as f64)), &result["strata_len"], CLOSED_FORM);
    all_same(&place("time"), curves.iter().flat_map(|curve| &curve.time).map(|&time| Some(time)), &result["time"], CLOSED_FORM);
    let rows = curves.iter().flat_map(|curve| (0..curve.time.len()).map(move |row| (curve, row)));
    for (index, (curve, row)) in rows.enumerate() {
        let row_of = |field: &str, found: Vec<Option<f64>>| {
            all_same(&format!("{} row {index}", place(field)), found, &result[field][index], CLOSED_FORM);
        };
        same(&place("n_risk"), Some(curve.at_risk[row]), &result["n_risk"][index][0], CLOSED_FORM);
        row_of("n_event", std::iter::once(0.0).chain(curve.events.iter().map(|events| events[row])).map(Some).collect());
        row_of("pstate", states(curve).iter().map(|state| Some(state.estimate[row])).collect());
        row_of("std_err", states(curve).iter().map(|state| Some(state.std_error[row])).collect());
        row_of("lower", states(curve).iter().map(|state| state.lower[row]).collect());
        row_of("upper", states(curve).iter().map(|state| state.upper[row]).collect());
    }
    let at = &result["at"];
    let mut group = 0;
    let times: Vec<f64> = at["time"].as_array().unwrap().iter().map(|time| time.as_f64().unwrap()).collect();
    for (index, &time) in times.iter().enumerate() {
        group += usize::from(index > 0 && time <= times[index - 1]);
        let points: Vec<_> = (0..=2).map(|cause| curves[group].at(cause, time).unwrap()).collect();
        all_same(&place("at pstate"), points.iter().map(|point| Some(point.estimate)), &at["pstate"][index], CLOSED_FORM);
        all_same(&place("at std_err"), points.iter().map(|point| Some(point.std_error)), &at["std_err"][index], CLOSED_FORM);
    }
    Fate::Asserted
}

/// Cause 1 on age and male sex.
fn subdistribution_model(analysis: &Analysis<'_>, method: FineGrayMethod) -> FineGrayFit {
    let (time, cause, sex) = rows(analysis, "sex");
    let age = analysis.data.numbers("age").into_iter().map(Option::unwrap).collect();
    let male = sex.into_iter().map(|code| code as f64).collect();
    let covariates = Covariates::new(vec!["age".into(), "sexM".into()], vec![age, male]).unwrap();
    fine_gray(&TimeToCause::new(time, cause).unwrap(), 1, &covariates, method, 0.95).unwrap()
}

pub(super) fn fine_gray_weighted(analysis: &Analysis<'_>) -> Fate {
    let (fit, result) = (subdistribution_model(analysis, FineGrayMethod::WeightedRobustByRow), analysis.result);
    let place = |field: &str| format!("{}: {field}", analysis.id);
    all_same(&place("coef"), fit.terms.iter().map(|term| Some(term.coefficient)), &result["coef"], ITERATED);
    // The file holds what coxph gives by default with fractional weights (robust by expanded row), not model-based errors.
    all_same(&place("se"), fit.terms.iter().map(|term| Some(term.std_error)), &result["se"], ITERATED);
    all_same(&place("loglik"), [Some(fit.log_likelihood_null), Some(fit.log_likelihood)], &result["loglik"], CLOSED_FORM);
    Fate::Asserted
}

pub(super) fn fine_gray_crr(analysis: &Analysis<'_>) -> Fate {
    let (fit, result) = (subdistribution_model(analysis, FineGrayMethod::Crr), analysis.result);
    let place = |field: &str| format!("{}: {field}", analysis.id);
    all_same(&place("coef"), fit.terms.iter().map(|term| Some(term.coefficient)), &result["coef"], CRR_STOP);
    all_same(&place("se"), fit.terms.iter().map(|term| Some(term.std_error)), &result["se"], CRR_STOP);
    same(&place("loglik"), Some(fit.log_likelihood), &result["loglik"], CLOSED_FORM);
    same(&place("loglik_null"), Some(fit.log_likelihood_null), &result["loglik_null"], CLOSED_FORM);
    Fate::Asserted
}

pub(super) fn pseudo_values(analysis: &Analysis<'_>) -> Fate {
    let number = |name: &str| analysis.data.numbers(name).into_iter().map(Option::unwrap).collect::<Vec<f64>>();
    let event = number("fustat").into_iter().map(|status| status as usize).collect();
    let sample = TimeToCause::new(number("futime"), event).unwrap();
    let times: Vec<f64> = analysis
        .call
        .split("times = ")
        .nth(1)
        .unwrap()
        .trim_start_matches("c(")
        .split([',', ')', ' '])
        .map_while(|word| if word.is_empty() { Some(None) } else { word.parse().ok().map(Some) })
        .flatten()
        .collect();
    let found: Vec<Vec<f64>> = if analysis.call.contains("'rmst'") {
        pseudo_restricted_mean(&sample, times[0]).unwrap().into_iter().map(|value| vec![value]).collect()
    } else {
        pseudo_event_free(&sample, &times).unwrap()
    };
    let expected = analysis.result["value"].as_array().unwrap();
    assert_eq!(found.len(), expected.len(), "{}", analysis.id);
    for (row, (found, expected)) in found.iter().zip(expected).enumerate() {
        // Zeros come out as roundings on both sides, so the tolerance is against 1.
        let expected: Vec<f64> = match expected {
            Value::Array(values) => values.iter().map(|value| value.as_f64().unwrap()).collect(),
            value => vec![value.as_f64().unwrap()],
        };
        assert_eq!(found.len(), expected.len(), "{}", analysis.id);
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found - expected).abs() <= CLOSED_FORM * expected.abs().max(1.0),
                "{} row {row}: {found} where R has {expected}",
                analysis.id
            );
        }
    }
    Fate::Asserted
}
