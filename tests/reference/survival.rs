//! Curves, log-rank tests and Cox models.

use staywell::stats::survival::{
    Covariates, CurveInterval, SurvivalCurve, Ties, TimeToEvent, cox, kaplan_meier, log_rank, rmst, rmst_difference,
};

use super::expected::{all_same, same};
use super::{Analysis, Fate};

const CLOSED_FORM: f64 = 1e-9;
const ITERATED: f64 = 1e-7;

/// `Surv(time, status == 2) ~ sex + age` in parts; `None` for what is not right-censored data with plain terms.
struct Model {
    time: String,
    event: String,
    event_code: f64,
    terms: Vec<String>,
}

impl Model {
    fn of(call: &str) -> Result<Self, &'static str> {
        let inside = call.split("Surv(").nth(1).and_then(|rest| rest.split_once(") ~ ")).ok_or("not a survival formula")?;
        let parts: Vec<&str> = inside.0.split(", ").collect();
        let [time, event] = parts[..] else { return Err("entry times are not in this version") };
        if time.contains(' ') {
            return Err("gap times are not in this version");
        }
        let (event, event_code) = event.split_once(" == ").map_or((event, 1.0), |(name, code)| (name, code.parse().unwrap()));
        let terms = inside.1.split(", ").next().unwrap().trim_end_matches(')');
        for (needle, reason) in [
            ("strata(", "strata are not in this version"),
            ("tt(", "tt() stays out: start–stop rows do the same"),
            ("factor(", "interaction terms are the caller's columns"),
            (":", "interaction terms are the caller's columns"),
            ("*", "interaction terms are the caller's columns"),
        ] {
            if terms.contains(needle) {
                return Err(reason);
            }
        }
        if call.contains("weights") {
            return Err("case weights are not in this version");
        }
        if call.contains("cluster") {
            return Err("cluster-robust errors are not in this version");
        }
        let terms = terms.split(" + ").filter(|term| *term != "1").map(str::to_owned).collect();
        Ok(Self { time: time.to_owned(), event: event.to_owned(), event_code, terms })
    }
}

/// Samples by the levels of the only term (or one sample without one), rows with a missing value dropped.
fn samples(analysis: &Analysis<'_>, model: &Model) -> Vec<TimeToEvent> {
    let (time, event) = (analysis.data.numbers(&model.time), analysis.data.numbers(&model.event));
    let codes = match model.terms.first() {
        None => vec![Some(0); time.len()],
        Some(term) => analysis.data.levels(term).1,
    };
    let n_groups = codes.iter().flatten().max().unwrap() + 1;
    (0..n_groups)
        .map(|group| {
            let rows = (0..time.len()).filter(|&row| codes[row] == Some(group));
            let (time, event) = rows.filter_map(|row| Some((time[row]?, (event[row]? - model.event_code).abs() < 1e-9))).unzip();
            TimeToEvent::new(time, event).unwrap()
        })
        .collect()
}

pub(super) fn curve(analysis: &Analysis<'_>) -> Fate {
    let model = match Model::of(analysis.call) {
        Ok(model) => model,
        Err(reason) => return Fate::LeftOut(reason),
    };
    let interval = match analysis.call {
        call if call.contains("\"log-log\"") => CurveInterval::LogLog,
        call if call.contains("\"log\"") => CurveInterval::Log,
        call if call.contains("\"plain\"") => CurveInterval::Plain,
        _ => return Fate::LeftOut("logit and arcsin limits are not in this version"),
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
    all_same(&place("n_risk"), column(|curve, row| Some(curve.at_risk[row] as f64)), &result["n_risk"], CLOSED_FORM);
    all_same(&place("n_event"), column(|curve, row| Some(curve.events[row] as f64)), &result["n_event"], CLOSED_FORM);
    all_same(&place("n_censor"), column(|curve, row| Some(curve.censored[row] as f64)), &result["n_censor"], CLOSED_FORM);
    all_same(&place("surv"), column(|curve, row| Some(curve.estimate[row])), &result["surv"], CLOSED_FORM);
    all_same(&place("std_err_log_surv"), column(|curve, row| curve.std_error_log[row]), &result["std_err_log_surv"], CLOSED_FORM);
    all_same(&place("lower"), column(|curve, row| curve.lower[row]), &result["lower"], CLOSED_FORM);
    all_same(&place("upper"), column(|curve, row| curve.upper[row]), &result["upper"], CLOSED_FORM);

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
        same(&format!("{place} n_risk"), Some(point.at_risk as f64), &at["n_risk"][index], CLOSED_FORM);
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
    if !analysis.call.contains("rho = 0)") {
        return Fate::LeftOut("weighted log-rank tests are not in this version");
    }
    let model = match Model::of(analysis.call) {
        Ok(model) => model,
        Err(reason) => return Fate::LeftOut(reason),
    };
    let samples = samples(analysis, &model);
    let found = log_rank(&samples.iter().collect::<Vec<_>>()).unwrap();
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

pub(super) fn cox_model(analysis: &Analysis<'_>) -> Fate {
    let ties = match analysis.call {
        call if call.contains("\"efron\"") => Ties::Efron,
        call if call.contains("\"breslow\"") => Ties::Breslow,
        _ => return Fate::LeftOut("the exact partial likelihood stays out"),
    };
    let model = match Model::of(analysis.call) {
        Ok(model) => model,
        Err(reason) => return Fate::LeftOut(reason),
    };
    let data = analysis.data;
    let mut columns: Vec<Vec<Option<f64>>> = Vec::new();
    let mut names = Vec::new();
    for term in &model.terms {
        if data.is_number(term) {
            names.push(term.clone());
            columns.push(data.numbers(term));
        } else {
            let (levels, codes) = data.levels(term);
            for (code, level) in levels.iter().enumerate().skip(1) {
                names.push(format!("{term}{level}"));
                columns.push(codes.iter().map(|found| found.map(|found| f64::from(found == code))).collect());
            }
        }
    }
    let (time, event) = (data.numbers(&model.time), data.numbers(&model.event));
    let rows: Vec<usize> = (0..time.len())
        .filter(|&row| time[row].is_some() && event[row].is_some() && columns.iter().all(|column| column[row].is_some()))
        .collect();
    let sample = TimeToEvent::new(
        rows.iter().map(|&row| time[row].unwrap()).collect(),
        rows.iter().map(|&row| (event[row].unwrap() - model.event_code).abs() < 1e-9).collect(),
    )
    .unwrap();
    let covariates =
        Covariates::new(names, columns.iter().map(|column| rows.iter().map(|&row| column[row].unwrap()).collect()).collect()).unwrap();
    let fit = cox(&sample, &covariates, ties, 0.95).unwrap();
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    let column = |part: fn(&staywell::stats::survival::CoxTerm) -> f64| fit.terms.iter().map(move |term| Some(part(term)));
    same(&place("n"), Some(fit.n as f64), &result["n"], CLOSED_FORM);
    same(&place("nevent"), Some(fit.n_events as f64), &result["nevent"], CLOSED_FORM);
    all_same(&place("coef"), column(|term| term.coefficient), &result["coef"], ITERATED);
    all_same(&place("se"), column(|term| term.std_error), &result["se"], ITERATED);
    all_same(&place("z"), column(|term| term.statistic), &result["z"], ITERATED);
    // The p value of a large z moves by z² times the relative error of z.
    all_same(&place("p"), column(|term| term.p_value), &result["p"], 1e-6);
    all_same(&place("hr"), column(|term| term.hazard_ratio), &result["hr"], ITERATED);
    all_same(&place("hr_lower95"), column(|term| term.interval.lower), &result["hr_lower95"], ITERATED);
    all_same(&place("hr_upper95"), column(|term| term.interval.upper), &result["hr_upper95"], ITERATED);
    for (row, expected) in fit.covariance.iter().zip(result["vcov"].as_array().unwrap()) {
        let scale = fit.covariance.iter().enumerate().map(|(j, row)| row[j].abs()).fold(0.0, f64::max);
        for (found, expected) in row.iter().zip(expected.as_array().unwrap()) {
            assert!((found - expected.as_f64().unwrap()).abs() <= 1e-7 * scale, "{}: {found} where R has {expected}", place("vcov"));
        }
    }
    same(&place("loglik_null"), Some(fit.log_likelihood_null), &result["loglik_null"], ITERATED);
    same(&place("loglik"), Some(fit.log_likelihood), &result["loglik"], ITERATED);
    for (name, test) in [("lr_test", &fit.likelihood_ratio), ("score_test", &fit.score)] {
        same(&place(name), Some(test.statistic), &result[name][0], ITERATED);
        same(&place(name), test.df, &result[name][1], CLOSED_FORM);
    }
    // R rounds the Wald statistic to two decimals when it stores it.
    let wald = result["wald_test"][0].as_f64().unwrap();
    assert!((fit.wald.statistic - wald).abs() <= 0.005 + 1e-7 * wald, "{}: {} where R has {wald}", place("wald_test"), fit.wald.statistic);
    Fate::Asserted
}

pub(super) fn fleming_harrington(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}

pub(super) fn log_rank_trend(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}

pub(super) fn proportional_hazards(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}
