//! Tests of samples, quantiles, intervals of shares, adjusted p values and tail areas.

use serde_json::Value;
use staywell::stats::{
    chi_squared_upper_p, holm, mean_interval, normal_quantile, normal_two_sided_p, quantile, summarize, t_quantile, t_two_sided_p, wilson,
};

use super::expected::{all_same, same};
use super::{Analysis, Fate};

const CLOSED_FORM: f64 = 1e-9;

fn column(analysis: &Analysis<'_>, name: &str) -> Vec<f64> {
    analysis.data.numbers(name).into_iter().map(Option::unwrap).collect()
}

fn numbers_in(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

/// A paired t test is the interval of the mean difference.
pub(super) fn hypothesis_test(analysis: &Analysis<'_>) -> Fate {
    if !analysis.id.ends_with("t.paired") {
        return Fate::LeftOut("test not in this version");
    }
    let extra = column(analysis, "extra");
    let difference: Vec<f64> = extra[..10].iter().zip(&extra[10..]).map(|(first, second)| first - second).collect();
    let mean = mean_interval(&difference, 0.95).unwrap();
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    let interval = mean.interval.unwrap();
    same(&place("estimate"), Some(mean.estimate), &result["estimate"][0], CLOSED_FORM);
    same(&place("statistic"), Some(mean.estimate / mean.std_error), &result["statistic"], CLOSED_FORM);
    same(&place("p"), Some(t_two_sided_p(mean.estimate / mean.std_error, 9.0)), &result["p"], CLOSED_FORM);
    all_same(&place("conf_int"), [Some(interval.lower), Some(interval.upper)], &result["conf_int"], CLOSED_FORM);
    Fate::Asserted
}

pub(super) fn numbers(analysis: &Analysis<'_>) -> Fate {
    let (result, id) = (analysis.result, analysis.id.as_str());
    let kind = id.split(' ').nth(1).unwrap();
    match kind {
        "quantile.type7" => {
            let values = column(analysis, "extra");
            let p = [0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0];
            all_same(id, p.iter().map(|&p| Some(quantile(&values, p).unwrap())), result, CLOSED_FORM);
        }
        "mad" => {
            let summary = summarize(&column(analysis, "extra")).unwrap();
            same(&format!("{id}: IQR"), Some(summary.upper_quartile - summary.lower_quartile), &result[1], CLOSED_FORM);
            same(&format!("{id}: sd"), summary.std_dev, &result[2], CLOSED_FORM);
        }
        "binom_ci" => {
            let (x, n) = (numbers_in(&result["x"]), numbers_in(&result["n"]));
            for (index, (x, n)) in x.iter().zip(&n).enumerate() {
                let interval = wilson(*x as usize, *n as usize, 0.95).unwrap().interval;
                all_same(&format!("{id}: {x} of {n}"), [Some(interval.lower), Some(interval.upper)], &result["wilson"][index], CLOSED_FORM);
            }
        }
        "p_adjust" => all_same(id, holm(&numbers_in(&result["p"])).into_iter().map(Some), &result["holm"], CLOSED_FORM),
        "pnorm" => {
            for (index, z) in numbers_in(&result["z"]).into_iter().enumerate() {
                // Two-sided: twice the smaller tail.
                let tail = if z < 0.0 { &result["lower"][index] } else { &result["upper"][index] };
                same(&format!("{id}: z = {z}"), Some(normal_two_sided_p(z) / 2.0), tail, CLOSED_FORM);
            }
        }
        "qnorm" => all_same(id, numbers_in(&result["p"]).into_iter().map(|p| Some(normal_quantile(p))), &result["q"], CLOSED_FORM),
        "pt" => {
            let (z, df) = (numbers_in(&result["z"]), numbers_in(&result["df"]));
            for (index, (&z, &df)) in z.iter().zip(&df).enumerate() {
                let tail = if z < 0.0 { &result["lower"][index] } else { &result["upper"][index] };
                same(&format!("{id}: t = {z}, df = {df}"), Some(t_two_sided_p(z, df) / 2.0), tail, CLOSED_FORM);
            }
        }
        "qt" => {
            let (p, df) = (numbers_in(&result["p"]), numbers_in(&result["df"]));
            for (index, (&p, &df)) in p.iter().zip(&df).enumerate() {
                same(&format!("{id}: p = {p}, df = {df}"), Some(t_quantile(p, df)), &result["q"][index], CLOSED_FORM);
            }
        }
        "pchisq" => {
            let (x, df) = (numbers_in(&result["x"]), numbers_in(&result["df"]));
            for (index, (&x, &df)) in x.iter().zip(&df).enumerate() {
                same(&format!("{id}: x = {x}, df = {df}"), Some(chi_squared_upper_p(x, df)), &result["upper"][index], CLOSED_FORM);
            }
        }
        _ => return Fate::LeftOut("kind of number not in this version"),
    }
    Fate::Asserted
}
