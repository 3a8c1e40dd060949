//! Tests of samples, correlations, quantiles, intervals of shares, adjusted p values and tail areas.

use serde_json::Value;
use staywell::stats::comparison::{
    Calculation, chi_squared_test, kolmogorov_smirnov, kruskal_wallis, paired_t_test, rank_sum, shapiro_wilk, signed_rank, student_t_test,
    variance_test, welch_t_test,
};
use staywell::stats::{
    Correlation, Interval, QuantileType, TestResult, benjamini_hochberg, benjamini_yekutieli, beta_lower_p, bonferroni,
    chi_squared_lower_p, chi_squared_quantile, chi_squared_upper_p, clopper_pearson, f_upper_p, gamma_lower_p, gamma_upper_p, hochberg,
    holm, kendall, log_gamma, median_absolute_deviation, normal_log_upper_p, normal_lower_p, normal_quantile, normal_two_sided_p,
    normal_upper_p, pearson, quantile, quantiles, spearman, studentized_range_upper_p, summarize, t_lower_p, t_quantile, t_two_sided_p,
    t_upper_p, wilson,
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

fn both(interval: Interval) -> [Option<f64>; 2] {
    [Some(interval.lower), Some(interval.upper)]
}

/// A column split by the two values of another.
fn split(analysis: &Analysis<'_>, values: &str, by: &str) -> [Vec<f64>; 2] {
    let (levels, codes) = analysis.data.levels(by);
    assert_eq!(levels.len(), 2, "{}: {by} has {} levels", analysis.id, levels.len());
    let values = column(analysis, values);
    [0, 1].map(|group| values.iter().zip(&codes).filter(|(_, code)| **code == Some(group)).map(|(value, _)| *value).collect())
}

/// Everything that R's list of a test holds; `df` and `estimate` as R orders them.
fn assert_test(analysis: &Analysis<'_>, test: &TestResult, df: &[f64], estimate: &[f64], interval: Option<Interval>) {
    let (result, place) = (analysis.result, |field: &str| format!("{}: {field}", analysis.id));
    same(&place("statistic"), Some(test.statistic), &result["statistic"], CLOSED_FORM);
    same(&place("p"), Some(test.p_value), &result["p"], CLOSED_FORM);
    let optional = |field: &str, found: &[f64]| {
        if result[field].is_null() {
            assert!(found.is_empty(), "{}: {found:?} where R has nothing", place(field));
        } else {
            all_same(&place(field), found.iter().copied().map(Some), &result[field], CLOSED_FORM);
        }
    };
    optional("parameter", df);
    optional("estimate", estimate);
    optional("conf_int", &interval.map_or(vec![], |interval| vec![interval.lower, interval.upper]));
}

pub(super) fn hypothesis_test(analysis: &Analysis<'_>) -> Fate {
    let kind = analysis.id.split(' ').nth(1).unwrap();
    match kind {
        "t.welch" | "t.student" => {
            let [first, second] = split(analysis, "extra", "group");
            let test = if kind == "t.welch" { welch_t_test } else { student_t_test };
            let found = test(&first, &second, 0.95).unwrap();
            let means = [found.first.mean, found.second.mean];
            assert_test(analysis, &found.test, &[found.test.df.unwrap()], &means, found.difference.interval);
        }
        "t.paired" => {
            let extra = column(analysis, "extra");
            let found = paired_t_test(&extra[..10], &extra[10..], 0.95).unwrap();
            assert_test(analysis, &found.test, &[found.test.df.unwrap()], &[found.mean.estimate], found.mean.interval);
        }
        "wilcox.unpaired" | "wilcox.unpaired.nocc" => {
            let [first, second] = split(analysis, "extra", "group");
            let found = rank_sum(&first, &second, Calculation::Asymptotic, kind == "wilcox.unpaired", 0.95).unwrap();
            assert_test(analysis, &found.test, &[], &[], None);
        }
        "wilcox.signed" => {
            let extra = column(analysis, "extra");
            let differences: Vec<f64> = extra[..10].iter().zip(&extra[10..]).map(|(first, second)| first - second).collect();
            let found = signed_rank(&differences, Calculation::Asymptotic, true, 0.95).unwrap();
            // V = 0: nothing to be relative to.
            assert_eq!(found.test.statistic, 0.0);
            assert_test(analysis, &found.test, &[], &[], None);
        }
        "ks" => {
            let extra = column(analysis, "extra");
            let found = kolmogorov_smirnov(&extra[..10], &extra[10..], Calculation::Asymptotic).unwrap();
            assert_test(analysis, &found, &[], &[], None);
        }
        "shapiro" => assert_test(analysis, &shapiro_wilk(&column(analysis, "extra")).unwrap(), &[], &[], None),
        "kruskal" => {
            let [first, second] = split(analysis, "extra", "group");
            let found = kruskal_wallis(&[&first, &second]).unwrap();
            assert_test(analysis, &found, &[found.df.unwrap()], &[], None);
        }
        "var" => {
            let [first, second] = split(analysis, "extra", "group");
            let found = variance_test(&first, &second, 0.95).unwrap();
            assert_test(analysis, &found.test, &[found.numerator_df, found.denominator_df], &[found.ratio], Some(found.interval));
        }
        "cor.pearson" | "cor.spearman" | "cor.kendall" => {
            let (x, y) = (column(analysis, "Days"), column(analysis, "Reaction"));
            let Correlation { coefficient, interval, test, .. } = match kind {
                "cor.pearson" => pearson(&x, &y, 0.95),
                "cor.spearman" => spearman(&x, &y, Calculation::Automatic),
                _ => kendall(&x, &y, Calculation::Automatic),
            }
            .unwrap();
            let test = test.unwrap();
            assert_test(analysis, &test, &test.df.map_or(vec![], |df| vec![df]), &[coefficient], interval);
        }
        _ => return Fate::LeftOut("test not in this version"),
    }
    Fate::Asserted
}

pub(super) fn numbers(analysis: &Analysis<'_>) -> Fate {
    let (result, id) = (analysis.result, analysis.id.as_str());
    let kind = id.split(' ').nth(1).unwrap();
    let list = |field: &str| numbers_in(&result[field]);
    let agree =
        |field: &str, found: Vec<f64>| all_same(&format!("{id}: {field}"), found.into_iter().map(Some), &result[field], CLOSED_FORM);
    let of_two = |one: &str, two: &str, of: fn(f64, f64) -> f64| -> Vec<f64> {
        list(one).into_iter().zip(list(two)).map(|(one, two)| of(one, two)).collect()
    };
    let of_three = |one: &str, two: &str, three: &str, of: fn(f64, f64, f64) -> f64| -> Vec<f64> {
        list(one).into_iter().zip(list(two)).zip(list(three)).map(|((one, two), three)| of(one, two, three)).collect()
    };
    match kind {
        "mad" => {
            let extra = column(analysis, "extra");
            let summary = summarize(&extra).unwrap();
            same(&format!("{id}: mad"), median_absolute_deviation(&extra).ok(), &result[0], CLOSED_FORM);
            same(&format!("{id}: IQR"), Some(summary.upper_quartile - summary.lower_quartile), &result[1], CLOSED_FORM);
            same(&format!("{id}: sd"), summary.std_dev, &result[2], CLOSED_FORM);
        }
        "chi" => {
            let ((rows, row), (columns, column)) = (analysis.data.levels("resp"), analysis.data.levels("smoke"));
            let mut table = vec![vec![0; columns.len()]; rows.len()];
            for (row, column) in row.into_iter().zip(column) {
                table[row.unwrap()][column.unwrap()] += 1;
            }
            let found = chi_squared_test(&table, false).unwrap().test;
            all_same(id, [Some(found.statistic), Some(found.p_value)], result, CLOSED_FORM);
        }
        "binom_ci" => {
            for (index, (x, n)) in list("x").into_iter().zip(list("n")).enumerate() {
                let (x, n, place) = (x as usize, n as usize, format!("{id}: {x} of {n}"));
                all_same(&place, both(wilson(x, n, 0.95).unwrap().interval), &result["wilson"][index], CLOSED_FORM);
                all_same(&place, both(clopper_pearson(x, n, 0.95).unwrap().interval), &result["cp"][index], CLOSED_FORM);
            }
        }
        "p_adjust" => {
            let p = list("p");
            agree("holm", holm(&p));
            agree("hochberg", hochberg(&p));
            agree("BH", benjamini_hochberg(&p));
            agree("BY", benjamini_yekutieli(&p));
            agree("bonferroni", bonferroni(&p));
        }
        "pnorm" => {
            let z = list("z");
            agree("lower", z.iter().copied().map(normal_lower_p).collect());
            agree("upper", z.iter().copied().map(normal_upper_p).collect());
            agree("log_upper", z.iter().copied().map(normal_log_upper_p).collect());
            let two_sided = z.iter().map(|&z| Some(normal_two_sided_p(z)));
            let twice = z.iter().enumerate().map(|(i, &z)| 2.0 * result[if z < 0.0 { "lower" } else { "upper" }][i].as_f64().unwrap());
            all_same(&format!("{id}: two-sided"), two_sided, &Value::from(twice.collect::<Vec<f64>>()), CLOSED_FORM);
        }
        "qnorm" => agree("q", list("p").into_iter().map(normal_quantile).collect()),
        "pt" => {
            agree("lower", of_two("z", "df", t_lower_p));
            agree("upper", of_two("z", "df", t_upper_p));
            for ((z, df), (lower, upper)) in list("z").into_iter().zip(list("df")).zip(list("lower").into_iter().zip(list("upper"))) {
                let twice = Value::from(2.0 * f64::min(lower, upper));
                same(&format!("{id}: two-sided {z}, {df}"), Some(t_two_sided_p(z, df)), &twice, CLOSED_FORM);
            }
        }
        "qt" => agree("q", of_two("p", "df", t_quantile)),
        "pchisq" => {
            agree("lower", of_two("x", "df", chi_squared_lower_p));
            agree("upper", of_two("x", "df", chi_squared_upper_p));
        }
        "qchisq" => agree("q", of_two("p", "df", chi_squared_quantile)),
        "pf" => {
            agree("upper", of_three("x", "df1", "df2", f_upper_p));
        }
        "pbeta" => agree("lower", of_three("x", "a", "b", beta_lower_p)),
        "pgamma" => {
            agree("lower", of_two("x", "a", gamma_lower_p));
            agree("upper", of_two("x", "a", gamma_upper_p));
        }
        "lgamma" => agree("v", list("x").into_iter().map(log_gamma).collect()),
        "ptukey" => agree("upper", list("q").into_iter().map(|q| studentized_range_upper_p(q, 3, 20.0)).collect()),
        _ => {
            let Some(number) = kind.strip_prefix("quantile.type") else { return Fate::LeftOut("kind of number not in this version") };
            let (values, p) = (column(analysis, "extra"), [0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0]);
            let kind = QuantileType::ALL[number.parse::<usize>().unwrap() - 1];
            all_same(id, quantiles(&values, &p, kind).unwrap().into_iter().map(Some), result, CLOSED_FORM);
            if kind == QuantileType::Linear {
                all_same(id, p.iter().map(|&p| quantile(&values, p).ok()), result, CLOSED_FORM);
            }
        }
    }
    Fate::Asserted
}
