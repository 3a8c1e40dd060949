//! Samples and tables compared.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use staywell::stats::comparison::{
    Calculation, chi_squared_test, equivalence_of_means, equivalence_of_paired_means, equivalence_of_proportions, fisher_exact,
    fisher_exact_two_by_two, kolmogorov_smirnov, kruskal_wallis, mcnemar, odds_ratio, one_sample_t_test, paired_t_test, rank_sum,
    risk_difference, risk_ratio, shapiro_wilk, signed_rank, student_t_test, variance_test, welch_t_test,
};
use staywell::stats::{
    QuantileType, benjamini_hochberg, benjamini_yekutieli, beta_lower_p, beta_quantile, beta_upper_p, bonferroni, chi_squared_lower_p,
    chi_squared_quantile, chi_squared_upper_p, clopper_pearson, f_lower_p, f_quantile, f_upper_p, hochberg, holm, kendall,
    median_absolute_deviation, newcombe_difference, normal_lower_p, normal_quantile, pearson, poisson_exact_interval, quantiles, spearman,
    studentized_range_upper_p, t_lower_p, t_quantile, t_upper_p,
};

fn settings() -> ProptestConfig {
    ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(20_240_611), failure_persistence: None, ..ProptestConfig::default() }
}

/// Scores from 0 to 10 in halves: many ties.
fn scores(size: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((0..=20_u8).prop_map(|score| f64::from(score) / 2.0), size)
}

/// Values without ties.
fn distinct(size: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::btree_set(-100_000..100_000_i32, size)
        .prop_map(|values| values.into_iter().map(|value| f64::from(value) / 64.0).collect::<Vec<f64>>())
        .prop_shuffle()
}

fn table(rows: usize, columns: usize, most: u64) -> impl Strategy<Value = Vec<Vec<u64>>> {
    prop::collection::vec(prop::collection::vec(0..=most, columns), rows)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    f64::midpoint(values[(n - 1) / 2], values[n / 2])
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn means_follow_shifts_and_scales_and_turn_with_the_samples(first in scores(2..40), second in scores(2..40), shift in 0..40_usize) {
        for test in [welch_t_test, student_t_test] {
            let Ok(found) = test(&first, &second, 0.95) else { continue };
            let interval = found.difference.interval.unwrap();
            prop_assert!((0.0..=1.0).contains(&found.test.p_value));
            prop_assert_eq!(found.test.p_value < 0.05, interval.lower > 0.0 || interval.upper < 0.0);
            let turned = test(&second, &first, 0.95).unwrap();
            prop_assert!(near(turned.test.statistic, -found.test.statistic) && near(turned.test.p_value, found.test.p_value));
            let moved = |values: &[f64]| values.iter().map(|value| 3.0 * value + 70.0).collect::<Vec<f64>>();
            let scaled = test(&moved(&first), &moved(&second), 0.95).unwrap();
            prop_assert!(near(scaled.test.statistic, found.test.statistic));
            prop_assert!(near(scaled.difference.estimate, 3.0 * found.difference.estimate));
            let mut rotated = first.clone();
            rotated.rotate_left(shift % first.len());
            prop_assert!(near(test(&rotated, &second, 0.95).unwrap().test.statistic, found.test.statistic));
        }
        // Two groups at once, or their pooled test with equal sizes: F = t².
        if let (Ok(ratio), Ok(turned)) = (variance_test(&first, &second, 0.9), variance_test(&second, &first, 0.9)) {
            prop_assert!(near(ratio.ratio * turned.ratio, 1.0) && near(ratio.test.p_value, turned.test.p_value));
            prop_assert!(near(ratio.interval.lower * turned.interval.upper, 1.0));
        }
    }

    #[test]
    fn a_paired_test_is_the_test_of_the_differences(pairs in prop::collection::vec((0..20_i32, 0..20_i32), 2..40)) {
        let (first, second): (Vec<f64>, Vec<f64>) = pairs.iter().map(|&(a, b)| (f64::from(a), f64::from(b))).unzip();
        let differences: Vec<f64> = first.iter().zip(&second).map(|(a, b)| a - b).collect();
        if let (Ok(paired), Ok(single)) = (paired_t_test(&first, &second, 0.95), one_sample_t_test(&differences, 0.0, 0.95)) {
            prop_assert_eq!(paired.mean, single.mean);
            prop_assert_eq!(paired.test.p_value, single.test.p_value);
            // Inside margins exactly where the interval at 1 − 2α is.
            let equivalence = equivalence_of_paired_means(&first, &second, (-2.0, 2.0), 0.05).unwrap();
            let interval = equivalence.difference.interval.unwrap();
            prop_assert_eq!(equivalence.equivalent, interval.lower > -2.0 && interval.upper < 2.0);
        }
    }

    #[test]
    fn rank_sums_turn_with_the_samples_and_see_only_order(first in scores(1..60), second in scores(1..60)) {
        for calculation in [Calculation::Automatic, Calculation::Asymptotic] {
            let Ok(found) = rank_sum(&first, &second, calculation, true, 0.95) else { continue };
            let turned = rank_sum(&second, &first, calculation, true, 0.95).unwrap();
            prop_assert_eq!(found.test.p_value, turned.test.p_value);
            prop_assert!(near(found.probability_above + turned.probability_above, 1.0));
            prop_assert!(near(found.shift, -turned.shift));
            if let (Some(one), Some(other)) = (found.interval, turned.interval) {
                prop_assert!(near(one.lower, -other.upper) && one.lower <= found.shift && found.shift <= one.upper);
            }
            let bent = |values: &[f64]| values.iter().map(|value| value.powi(3)).collect::<Vec<f64>>();
            prop_assert_eq!(rank_sum(&bent(&first), &bent(&second), calculation, true, 0.95).unwrap().test, found.test);
        }
        let differences = first.iter().flat_map(|x| second.iter().map(move |y| x - y)).collect();
        if let Ok(found) = rank_sum(&first, &second, Calculation::Automatic, true, 0.95) {
            prop_assert_eq!(found.shift, median(differences));
        }
        // Two groups: Kruskal–Wallis is the square of the uncorrected z, so its p value is that test's.
        if let (Ok(rank), Ok(kruskal)) =
            (rank_sum(&first, &second, Calculation::Asymptotic, false, 0.95), kruskal_wallis(&[&first, &second]))
        {
            prop_assert!(near(rank.test.p_value, kruskal.p_value));
        }
    }

    #[test]
    fn exact_and_approximate_rank_tests_agree_in_larger_samples(values in distinct(80..98), cut in 35..45_usize) {
        let (first, second) = values.split_at(cut);
        if second.len() < 50 {
            let exact = rank_sum(first, second, Calculation::Exact, true, 0.95).unwrap();
            let approximate = rank_sum(first, second, Calculation::Asymptotic, true, 0.95).unwrap();
            prop_assert!((exact.test.p_value - approximate.test.p_value).abs() < 0.005);
            prop_assert_eq!(exact.shift, approximate.shift);
        }
        let exact = signed_rank(first, Calculation::Exact, true, 0.95).unwrap();
        let approximate = signed_rank(first, Calculation::Asymptotic, true, 0.95).unwrap();
        if exact.exact {
            prop_assert!((exact.test.p_value - approximate.test.p_value).abs() < 0.01);
        }
        let (exact, approximate) =
            (kolmogorov_smirnov(first, second, Calculation::Exact).unwrap(), kolmogorov_smirnov(first, second, Calculation::Asymptotic).unwrap());
        prop_assert!((exact.p_value - approximate.p_value).abs() < 0.12);
    }

    #[test]
    fn signed_ranks_turn_with_the_sign(differences in prop::collection::vec(-8..=8_i32, 1..60)) {
        let differences: Vec<f64> = differences.into_iter().map(f64::from).collect();
        let turned: Vec<f64> = differences.iter().map(|difference| -difference).collect();
        if let Ok(found) = signed_rank(&differences, Calculation::Automatic, true, 0.95) {
            let other = signed_rank(&turned, Calculation::Automatic, true, 0.95).unwrap();
            prop_assert_eq!(found.test.p_value, other.test.p_value);
            let n = found.n as f64;
            prop_assert!(near(found.test.statistic + other.test.statistic, n * (n + 1.0) / 2.0));
            let kept: Vec<f64> = differences.iter().copied().filter(|&difference| difference != 0.0).collect();
            let averages = (0..kept.len()).flat_map(|i| (i..kept.len()).map(move |j| (i, j))).map(|(i, j)| f64::midpoint(kept[i], kept[j]));
            prop_assert_eq!(found.pseudo_median, median(averages.collect()));
        }
    }

    #[test]
    fn distances_of_distributions_turn_and_see_only_order(first in scores(1..40), second in scores(1..40)) {
        for calculation in [Calculation::Exact, Calculation::Asymptotic] {
            let found = kolmogorov_smirnov(&first, &second, calculation).unwrap();
            prop_assert!((0.0..=1.0).contains(&found.p_value) && (0.0..=1.0).contains(&found.statistic));
            let turned = kolmogorov_smirnov(&second, &first, calculation).unwrap();
            prop_assert!(near(found.p_value, turned.p_value) && found.statistic == turned.statistic);
            let bent = |values: &[f64]| values.iter().map(|value| value.exp()).collect::<Vec<f64>>();
            prop_assert_eq!(kolmogorov_smirnov(&bent(&first), &bent(&second), calculation).unwrap(), found);
        }
    }

    #[test]
    fn normality_does_not_see_location_and_scale(values in distinct(4..80)) {
        let found = shapiro_wilk(&values).unwrap();
        prop_assert!((0.0..=1.0).contains(&found.p_value) && found.statistic > 0.0 && found.statistic <= 1.0);
        let moved: Vec<f64> = values.iter().rev().map(|value| -4.0 * value + 1024.0).collect();
        prop_assert!(near(shapiro_wilk(&moved).unwrap().statistic, found.statistic));
    }

    #[test]
    fn tables_may_be_turned_and_their_rows_exchanged(counts in table(3, 4, 5)) {
        let turned: Vec<Vec<u64>> = (0..4).map(|column| counts.iter().map(|row| row[column]).collect()).collect();
        let exchanged: Vec<Vec<u64>> = counts.iter().rev().cloned().collect();
        if let Ok(found) = chi_squared_test(&counts, false) {
            let exact = fisher_exact(&counts).unwrap();
            prop_assert!(exact.statistic <= exact.p_value * (1.0 + 1e-9) && exact.p_value <= 1.0);
            prop_assert!((0.0..=1.0).contains(&found.cramers_v));
            for other in [turned, exchanged] {
                prop_assert!(near(chi_squared_test(&other, false).unwrap().test.statistic, found.test.statistic));
                prop_assert!(near(fisher_exact(&other).unwrap().p_value, exact.p_value));
            }
        }
    }

    #[test]
    fn the_exact_test_of_a_two_by_two_table_is_the_general_one(a in 0..30_u64, b in 0..30_u64, c in 0..30_u64, d in 0..30_u64) {
        if let Ok(found) = fisher_exact_two_by_two([[a, b], [c, d]], 0.95) {
            prop_assert!(near(found.p_value, fisher_exact(&[vec![a, b], vec![c, d]]).unwrap().p_value));
            let turned = fisher_exact_two_by_two([[c, d], [a, b]], 0.95).unwrap();
            prop_assert!(near(turned.p_value, found.p_value));
            if let (Some(one), Some(other)) = (found.odds_ratio, turned.odds_ratio) {
                prop_assert!(near(one * other, 1.0));
                prop_assert!(found.lower <= one && found.upper.is_none_or(|upper| one <= upper));
            }
            // Changed pairs either way are exchangeable.
            if b + c > 0 {
                let one = mcnemar(&[vec![a, b], vec![c, d]], true).unwrap();
                prop_assert_eq!(one, mcnemar(&[vec![d, c], vec![b, a]], true).unwrap());
            }
        }
    }

    #[test]
    fn risks_compared_turn_with_the_groups(a in 0..=40_usize, b in 0..=25_usize) {
        let (first, second) = ((a, 40), (b, 25));
        let (one, other) = (newcombe_difference(a, 40, b, 25, 0.95).unwrap(), newcombe_difference(b, 25, a, 40, 0.95).unwrap());
        prop_assert!(near(one.interval.lower, -other.interval.upper));
        prop_assert!(-1.0 <= one.interval.lower && one.interval.lower <= one.difference && one.difference <= one.interval.upper);
        prop_assert!(near(risk_difference(first, second, 0.95).unwrap().estimate, one.difference));
        for ratio in [risk_ratio, odds_ratio] {
            let (one, other) = (ratio(first, second, 0.95).unwrap(), ratio(second, first, 0.95).unwrap());
            if let (Some(one), Some(other)) = (one.interval, other.interval) {
                prop_assert!(near(one.lower * other.upper, 1.0));
            }
        }
        // Of few, Clopper–Pearson's limits lie outside Wilson's share.
        let exact = clopper_pearson(a, 40, 0.95).unwrap();
        prop_assert!(exact.interval.lower <= exact.proportion && exact.proportion <= exact.interval.upper);
    }

    #[test]
    fn correlations_are_symmetric_and_bounded(pairs in prop::collection::vec((0..12_i32, 0..12_i32), 3..80)) {
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().map(|&(a, b)| (f64::from(a), f64::from(b))).unzip();
        let scaled: Vec<f64> = x.iter().map(|value| 5.0 - 0.5 * value).collect();
        let moment = |x: &[f64], y: &[f64]| pearson(x, y, 0.95);
        let rank = |x: &[f64], y: &[f64]| spearman(x, y, Calculation::Automatic);
        let order = |x: &[f64], y: &[f64]| kendall(x, y, Calculation::Automatic);
        for of in [&moment as &dyn Fn(&[f64], &[f64]) -> _, &rank, &order] {
            let Ok(found) = of(&x, &y) else { continue };
            prop_assert!((-1.0..=1.0).contains(&found.coefficient));
            let (turned, flipped) = (of(&y, &x).unwrap(), of(&scaled, &y).unwrap());
            prop_assert!((turned.coefficient - found.coefficient).abs() < 1e-12);
            prop_assert!((flipped.coefficient + found.coefficient).abs() < 1e-12);
            if let (Some(one), Some(other)) = (found.test, flipped.test) {
                prop_assert!(near(one.p_value, other.p_value));
            }
        }
        if let Ok(found) = order(&x, &y) {
            let (mut score, mut free_x, mut free_y) = (0.0, 0.0, 0.0);
            for i in 0..x.len() {
                for j in 0..i {
                    let sign = |a: f64, b: f64| f64::from(i8::from(a > b) - i8::from(a < b));
                    score += sign(x[i], x[j]) * sign(y[i], y[j]);
                    free_x += sign(x[i], x[j]).abs();
                    free_y += sign(y[i], y[j]).abs();
                }
            }
            prop_assert!((found.coefficient - score / f64::sqrt(free_x * free_y)).abs() < 1e-12);
        }
    }

    #[test]
    fn quantiles_rise_from_the_least_value_to_the_greatest(values in scores(1..40), mut p in prop::collection::vec(0.0..=1.0_f64, 1..20)) {
        p.sort_by(f64::total_cmp);
        p.insert(0, 0.0);
        p.push(1.0);
        let (least, most) = (values.iter().copied().fold(f64::MAX, f64::min), values.iter().copied().fold(f64::MIN, f64::max));
        for kind in QuantileType::ALL {
            let found = quantiles(&values, &p, kind).unwrap();
            prop_assert!(found.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12), "{kind:?}");
            prop_assert_eq!((found[0], found[found.len() - 1]), (least, most));
        }
        let doubled: Vec<f64> = values.iter().map(|value| 2.0 * value - 7.0).collect();
        prop_assert!(near(median_absolute_deviation(&doubled).unwrap(), 2.0 * median_absolute_deviation(&values).unwrap()));
    }

    #[test]
    fn adjusted_p_values_keep_their_order_and_rank(p in prop::collection::vec(0.0..=1.0_f64, 1..40)) {
        let all = [benjamini_hochberg(&p), hochberg(&p), holm(&p), bonferroni(&p)];
        for adjusted in all.iter().chain([&benjamini_yekutieli(&p)]) {
            for i in 0..p.len() {
                prop_assert!(p[i] <= adjusted[i] && adjusted[i] <= 1.0);
                prop_assert!((0..p.len()).all(|j| p[i] > p[j] || adjusted[i] <= adjusted[j]));
            }
        }
        // From the most lenient to the strictest.
        for pair in all.windows(2) {
            prop_assert!(pair[0].iter().zip(&pair[1]).all(|(lenient, strict)| *lenient <= strict * (1.0 + 1e-12)));
        }
    }

    #[test]
    fn quantiles_of_distributions_undo_their_tails(p in 1e-12..0.999_f64, a in 0.3..400.0_f64, b in 0.3..400.0_f64) {
        let undone = |found: f64| (found / p - 1.0).abs() < 1e-10;
        prop_assert!(undone(chi_squared_lower_p(chi_squared_quantile(p, a), a)));
        prop_assert!(undone(f_lower_p(f_quantile(p, a, b), a, b)));
        prop_assert!(undone(beta_lower_p(beta_quantile(p, a, b), a, b)) || beta_quantile(p, a, b) > 0.99);
        prop_assert!(undone(t_lower_p(t_quantile(p, a), a)));
        prop_assert!(undone(normal_lower_p(normal_quantile(p))));
        let x = 3.0 * p;
        for (lower, upper) in [
            (chi_squared_lower_p(a * x, a), chi_squared_upper_p(a * x, a)),
            (f_lower_p(x, a, b), f_upper_p(x, a, b)),
            (beta_lower_p(p, a, b), beta_upper_p(p, a, b)),
            (t_lower_p(x, a), t_upper_p(x, a)),
        ] {
            prop_assert!((lower + upper - 1.0).abs() < 1e-12);
        }
        // More groups reach farther; fewer degrees of freedom too.
        prop_assert!(studentized_range_upper_p(x, 3, a) <= studentized_range_upper_p(x, 4, a) + 1e-12);
    }
}

/// NaN and infinities show in the debug output of a result.
fn finite<T: std::fmt::Debug, E: std::fmt::Debug>(what: &str, result: Result<T, E>) {
    if let Ok(found) = result {
        let text = format!("{found:?}");
        assert!(!text.contains("NaN") && !text.contains("inf"), "{what}: {text}");
    }
}

#[test]
fn hostile_samples_give_an_error_or_a_finite_result() {
    let mut samples: Vec<Vec<f64>> = [
        &[][..],
        &[1.0],
        &[0.0, 0.0],
        &[3.0, 3.0, 3.0, 3.0, 3.0],
        &[f64::NAN, 1.0, 2.0],
        &[1.0, f64::INFINITY, 2.0],
        &[-0.0, 0.0, -0.0, 1.0],
        &[f64::MAX, f64::MIN, 0.0, 1.0],
        &[1e300, -1e300, 1e299, 5.0],
        &[5e-324, 0.0, 1e-323, -5e-324],
        &[1e-200, 2e-200, 4e-200, 8e-200],
        &[1e9, 1e9 + 1e-6, 1e9 + 2e-6, 1e9 - 1e-6],
        &[1e15, 1e15 + 1.0, 1e15 - 1.0],
        &[1.0, 2.0],
        &[2.0, 1.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0],
        &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
    ]
    .into_iter()
    .map(<[f64]>::to_vec)
    .collect();
    samples.push((0..200).map(|i| f64::from(i % 2)).collect());
    samples.push((0..60).map(f64::from).collect());
    let calculations = [Calculation::Automatic, Calculation::Exact, Calculation::Asymptotic];
    for first in &samples {
        finite("one-sample t", one_sample_t_test(first, 1.0, 0.95));
        finite("Shapiro–Wilk", shapiro_wilk(first));
        finite("mad", median_absolute_deviation(first));
        for calculation in calculations {
            finite("signed rank", signed_rank(first, calculation, true, 0.95));
            finite("signed rank", signed_rank(first, calculation, false, 0.999_999));
        }
        for second in &samples {
            for level in [0.95, 1e-9, 1.0 - 1e-16, 0.0, 1.0, f64::NAN] {
                finite("Welch", welch_t_test(first, second, level));
                finite("Student", student_t_test(first, second, level));
                finite("paired", paired_t_test(first, second, level));
                finite("variances", variance_test(first, second, level));
                finite("Pearson", pearson(first, second, level));
                finite("rank sum", rank_sum(first, second, Calculation::Asymptotic, true, level));
            }
            for calculation in calculations {
                finite("rank sum", rank_sum(first, second, calculation, false, 0.95));
                finite("Kolmogorov–Smirnov", kolmogorov_smirnov(first, second, calculation));
                finite("Spearman", spearman(first, second, calculation));
                finite("Kendall", kendall(first, second, calculation));
            }
            finite("Kruskal–Wallis", kruskal_wallis(&[first, second, &[1.0, 2.0]]));
            for margins in [(-1.0, 1.0), (1.0, -1.0), (f64::NAN, 1.0), (0.0, f64::INFINITY), (-1e308, 1e308)] {
                finite("equivalence", equivalence_of_means(first, second, margins, 0.05));
                finite("equivalence of pairs", equivalence_of_paired_means(first, second, margins, 0.05));
            }
        }
    }
}

#[test]
fn hostile_counts_give_an_error_or_a_finite_result() {
    let counts = [0, 1, 2, 50, 3_000, 1 << 40, u64::MAX];
    for a in counts {
        for b in counts {
            for c in counts {
                for d in [0, 1, 50, u64::MAX] {
                    let table = [vec![a, b], vec![c, d]];
                    finite("χ²", chi_squared_test(&table, true));
                    finite("McNemar", mcnemar(&table, true));
                    finite("Fisher", fisher_exact_two_by_two([[a, b], [c, d]], 0.95));
                    if a.max(b).max(c).max(d) <= 50 {
                        finite("Fisher", fisher_exact(&table));
                    }
                }
                let (first, second) = ((a as usize, b as usize), (c as usize, 50));
                finite("risk difference", risk_difference(first, second, 0.95));
                finite("risk ratio", risk_ratio(first, second, 0.95));
                finite("odds ratio", odds_ratio(first, second, 0.95));
                finite("equivalence", equivalence_of_proportions(first, second, (-0.1, 0.1), 0.05));
                finite("Newcombe", newcombe_difference(first.0, first.1, second.0, second.1, 0.95));
            }
            finite("Clopper–Pearson", clopper_pearson(a as usize, b as usize, 0.95));
        }
        finite("Poisson", poisson_exact_interval(a as f64, 0.95));
    }
    for broken in [vec![], vec![vec![]], vec![vec![1, 2], vec![3]], vec![vec![0, 0], vec![0, 0]], vec![vec![1, 2, 3]]] {
        finite("χ²", chi_squared_test(&broken, false));
        finite("McNemar", mcnemar(&broken, false));
        finite("Fisher", fisher_exact(&broken));
    }
    // Far too many tables: said so, and soon.
    let large: Vec<Vec<u64>> = (0..8).map(|row| (0..8).map(|column| 100 + row * column).collect()).collect();
    assert!(fisher_exact(&large).is_err());
    finite("Poisson", poisson_exact_interval(f64::NAN, 0.95));
    finite("Poisson", poisson_exact_interval(-1.0, 0.95));
}
