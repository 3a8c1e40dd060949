//! Tests of samples, quantiles, intervals of shares, adjusted p values and tail areas.

use serde_json::Value;
use staywell::stats::comparison::{
    RankTestOptions, TTest, chi_square_test, kolmogorov_smirnov, kruskal_wallis, mann_whitney, paired_t_test, shapiro_wilk, signed_rank,
    student_t_test, variance_ratio_test, welch_t_test,
};
use staywell::stats::{
    TestResult, benjamini_hochberg, benjamini_yekutieli, beta_lower_p, bonferroni, chi_squared_quantile, chi_squared_upper_p,
    clopper_pearson, f_upper_p, gamma_lower_p, gamma_upper_p, hochberg, holm, kendall, log_gamma, median_absolute_deviation,
    normal_log_upper_p, normal_lower_p, normal_quantile, normal_two_sided_p, pearson, quantile_of_type, spearman,
    studentized_range_upper_p, summarize, t_quantile, t_two_sided_p, wilson,
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

pub(super) fn hypothesis_test(analysis: &Analysis<'_>) -> Fate {
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    let test = |test: TestResult, tolerance: f64| {
        same(&place("statistic"), Some(test.statistic), &result["statistic"], CLOSED_FORM);
        same(&place("p"), Some(test.p_value), &result["p"], tolerance);
        if let (Some(df), Some(expected)) = (test.df, result["parameter"].get(0)) {
            same(&place("df"), Some(df), expected, CLOSED_FORM);
        }
    };
    let kind = analysis.id.split(' ').nth(1).unwrap();
    if let Some(method) = kind.strip_prefix("cor.") {
        let (x, y) = (column(analysis, "Days"), column(analysis, "Reaction"));
        let found = match method {
            "pearson" => pearson(&x, &y, 0.95),
            "spearman" => spearman(&x, &y),
            _ => kendall(&x, &y),
        }
        .unwrap();
        same(&place("estimate"), Some(found.estimate), &result["estimate"][0], CLOSED_FORM);
        test(found.test, 1e-8);
        if let Some(interval) = found.interval {
            all_same(&place("conf_int"), [Some(interval.lower), Some(interval.upper)], &result["conf_int"], CLOSED_FORM);
        }
        return Fate::Asserted;
    }
    let extra = column(analysis, "extra");
    let (first, second) = extra.split_at(10);
    let means = |found: TTest, estimates: &[f64]| {
        test(found.test, CLOSED_FORM);
        let interval = found.difference.interval.unwrap();
        all_same(&place("estimate"), estimates.iter().map(|&estimate| Some(estimate)), &result["estimate"], CLOSED_FORM);
        all_same(&place("conf_int"), [Some(interval.lower), Some(interval.upper)], &result["conf_int"], CLOSED_FORM);
    };
    let asymptotic = |continuity| RankTestOptions { exact: Some(false), continuity };
    match kind {
        "t.welch" | "t.student" => {
            let found = if kind == "t.welch" { welch_t_test(first, second, 0.95) } else { student_t_test(first, second, 0.95) }.unwrap();
            means(found, &[found.first.mean, found.second.unwrap().mean]);
        }
        "t.paired" => {
            let found = paired_t_test(first, second, 0.95).unwrap();
            means(found, &[found.difference.estimate]);
        }
        "wilcox.unpaired" => test(mann_whitney(first, second, asymptotic(true), 0.95).unwrap().test, CLOSED_FORM),
        "wilcox.unpaired.nocc" => test(mann_whitney(first, second, asymptotic(false), 0.95).unwrap().test, CLOSED_FORM),
        "wilcox.signed" => {
            let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
            test(signed_rank(&differences, asymptotic(true), 0.95).unwrap().test, CLOSED_FORM);
        }
        // R stops its series at terms of 1e-6.
        "ks" => test(kolmogorov_smirnov(first, second).unwrap(), 1e-5),
        "shapiro" => test(shapiro_wilk(&extra).unwrap(), CLOSED_FORM),
        "kruskal" => test(kruskal_wallis(&[first, second]).unwrap(), CLOSED_FORM),
        "var" => {
            let (ratio, found) = variance_ratio_test(first, second, 0.95).unwrap();
            test(found, CLOSED_FORM);
            let interval = ratio.interval.unwrap();
            all_same(&place("conf_int"), [Some(interval.lower), Some(interval.upper)], &result["conf_int"], CLOSED_FORM);
        }
        unknown => panic!("{unknown}"),
    }
    Fate::Asserted
}

pub(super) fn numbers(analysis: &Analysis<'_>) -> Fate {
    let (result, id) = (analysis.result, analysis.id.as_str());
    let kind = id.split(' ').nth(1).unwrap();
    match kind {
        kind if kind.starts_with("quantile.type") => {
            let (values, of_type) = (column(analysis, "extra"), kind["quantile.type".len()..].parse().unwrap());
            let p = [0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0];
            all_same(id, p.iter().map(|&p| Some(quantile_of_type(&values, p, of_type).unwrap())), result, CLOSED_FORM);
        }
        "mad" => {
            let values = column(analysis, "extra");
            let summary = summarize(&values).unwrap();
            same(&format!("{id}: mad"), Some(median_absolute_deviation(&values).unwrap()), &result[0], CLOSED_FORM);
            same(&format!("{id}: IQR"), Some(summary.upper_quartile - summary.lower_quartile), &result[1], CLOSED_FORM);
            same(&format!("{id}: sd"), summary.std_dev, &result[2], CLOSED_FORM);
        }
        "binom_ci" => {
            let (x, n) = (numbers_in(&result["x"]), numbers_in(&result["n"]));
            for (index, (x, n)) in x.iter().zip(&n).enumerate() {
                let interval = wilson(*x as usize, *n as usize, 0.95).unwrap().interval;
                all_same(&format!("{id}: {x} of {n}"), [Some(interval.lower), Some(interval.upper)], &result["wilson"][index], CLOSED_FORM);
                let exact = clopper_pearson(*x as usize, *n as usize, 0.95).unwrap().interval;
                all_same(&format!("{id}: {x} of {n} exact"), [Some(exact.lower), Some(exact.upper)], &result["cp"][index], CLOSED_FORM);
            }
        }
        "p_adjust" => {
            type Adjustment = fn(&[f64]) -> Vec<f64>;
            let methods: [(&str, Adjustment); 5] = [
                ("holm", holm),
                ("hochberg", hochberg),
                ("BH", benjamini_hochberg),
                ("BY", benjamini_yekutieli),
                ("bonferroni", bonferroni),
            ];
            for (name, method) in methods {
                all_same(&format!("{id}: {name}"), method(&numbers_in(&result["p"])).into_iter().map(Some), &result[name], CLOSED_FORM);
            }
        }
        "pnorm" => {
            for (index, z) in numbers_in(&result["z"]).into_iter().enumerate() {
                // Two-sided: twice the smaller tail.
                let tail = if z < 0.0 { &result["lower"][index] } else { &result["upper"][index] };
                same(&format!("{id}: z = {z}"), Some(normal_two_sided_p(z) / 2.0), tail, CLOSED_FORM);
                same(&format!("{id}: lower, z = {z}"), Some(normal_lower_p(z)), &result["lower"][index], CLOSED_FORM);
                same(&format!("{id}: log upper, z = {z}"), Some(normal_log_upper_p(z)), &result["log_upper"][index], CLOSED_FORM);
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
        "qchisq" => {
            let (p, df) = (numbers_in(&result["p"]), numbers_in(&result["df"]));
            let found = p.iter().zip(&df).map(|(&p, &df)| Some(chi_squared_quantile(p, df)));
            all_same(id, found, &result["q"], CLOSED_FORM);
        }
        "pf" => {
            let (x, df1, df2) = (numbers_in(&result["x"]), numbers_in(&result["df1"]), numbers_in(&result["df2"]));
            let found = (0..x.len()).map(|i| Some(f_upper_p(x[i], df1[i], df2[i])));
            all_same(id, found, &result["upper"], CLOSED_FORM);
        }
        "pbeta" => {
            let (x, a, b) = (numbers_in(&result["x"]), numbers_in(&result["a"]), numbers_in(&result["b"]));
            all_same(id, (0..x.len()).map(|i| Some(beta_lower_p(x[i], a[i], b[i]))), &result["lower"], CLOSED_FORM);
        }
        "pgamma" => {
            let (x, a) = (numbers_in(&result["x"]), numbers_in(&result["a"]));
            let tails: Vec<(f64, f64)> = x.iter().zip(&a).map(|(&x, &a)| (gamma_lower_p(x, a), gamma_upper_p(x, a))).collect();
            all_same(&format!("{id}: lower"), tails.iter().map(|tails| Some(tails.0)), &result["lower"], CLOSED_FORM);
            all_same(&format!("{id}: upper"), tails.iter().map(|tails| Some(tails.1)), &result["upper"], CLOSED_FORM);
        }
        "lgamma" => all_same(id, numbers_in(&result["x"]).into_iter().map(|x| Some(log_gamma(x))), &result["v"], CLOSED_FORM),
        "ptukey" => {
            let found = numbers_in(&result["q"]).into_iter().map(|q| Some(studentized_range_upper_p(q, 3, 20.0)));
            // R's own quadrature is good to about 1e-11 of the whole.
            all_same(id, found, &result["upper"], 1e-8);
        }
        "chi" => {
            let (outcome, group) = (column(analysis, "resp"), column(analysis, "smoke"));
            let mut table = vec![vec![0_u64; 2]; 2];
            outcome.iter().zip(&group).for_each(|(outcome, group)| table[*outcome as usize][*group as usize] += 1);
            let found = chi_square_test(&table, false).unwrap().test;
            all_same(id, [Some(found.statistic), Some(found.p_value)], result, CLOSED_FORM);
        }
        unknown => panic!("{unknown}"),
    }
    Fate::Asserted
}
