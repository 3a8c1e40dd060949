//! Samples and tables compared.

use staywell::stats::comparison::{
    Calculation, chi_squared_test, equivalence_of_means, equivalence_of_paired_means, equivalence_of_proportions, fisher_exact,
    fisher_exact_two_by_two, kolmogorov_smirnov, kruskal_wallis, mcnemar, odds_ratio, one_sample_t_test, paired_t_test, rank_sum,
    risk_difference, risk_ratio, shapiro_wilk, signed_rank, student_t_test, variance_test, welch_t_test,
};
use staywell::stats::{
    QuantileType, StatsError, benjamini_hochberg, benjamini_yekutieli, beta_lower_p, beta_quantile, binomial_lower_p, binomial_probability,
    binomial_upper_p, bonferroni, chi_squared_quantile, clopper_pearson, f_lower_p, f_quantile, f_upper_p, gamma_lower_p, gamma_quantile,
    gamma_upper_p, hochberg, holm, kendall, log_gamma, median_absolute_deviation, newcombe_difference, normal_log_upper_p, normal_quantile,
    normal_two_sided_p, normal_upper_p, pearson, poisson_exact_interval, quantiles, spearman, studentized_range_upper_p,
    studentized_range_upper_quantile, t_lower_p, t_quantile, t_two_sided_p,
};

use super::close;

#[test]
fn two_means() {
    // Means 2 and 4, variances 1 and 4. Welch: se² = 1/3 + 4/3 = 5/3, df = (5/3)² / ((1/9)/2 + (16/9)/2) = 50/17.
    let welch = welch_t_test(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0], 0.95).unwrap();
    close(welch.difference.estimate, -2.0);
    close(welch.difference.std_error, (5.0_f64 / 3.0).sqrt());
    close(welch.test.statistic, -2.0 / (5.0_f64 / 3.0).sqrt());
    close(welch.test.df.unwrap(), 50.0 / 17.0);
    assert_eq!((welch.first.std_dev, welch.second.std_dev), (Some(1.0), Some(2.0)));
    // Student: s² = (2 · 1 + 2 · 4)/4 = 5/2, se² = 5/2 · (1/3 + 1/3) = 5/3, df = 4.
    let student = student_t_test(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0], 0.95).unwrap();
    close(student.difference.std_error, (5.0_f64 / 3.0).sqrt());
    assert_eq!(student.test.df, Some(4.0));
    // One value beside two: s² = (0 + 2)/1, se² = 2 (1 + 1/2) = 3, df = 1, where t = tan: p = 1 − 2/π atan(t).
    let single = student_t_test(&[5.0], &[1.0, 3.0], 0.5).unwrap();
    close(single.test.statistic, 3.0 / 3.0_f64.sqrt());
    close(single.test.p_value, 1.0 - 2.0 / std::f64::consts::PI * 3.0_f64.sqrt().atan());
    // The middle half of t with one degree of freedom is ±1.
    close(single.difference.interval.unwrap().lower, 3.0 - 3.0_f64.sqrt());
    assert_eq!(single.first.std_dev, None);
}

#[test]
fn one_mean_and_pairs() {
    // Differences 1, 2, 3: mean 2, sd 1, t = 2√3 with 2 degrees of freedom, where p = 1 − t/√(2 + t²).
    let t = 2.0 * 3.0_f64.sqrt();
    for found in [paired_t_test(&[2.0, 4.0, 6.0], &[1.0, 2.0, 3.0], 0.95).unwrap(), one_sample_t_test(&[5.0, 6.0, 7.0], 4.0, 0.95).unwrap()]
    {
        close(found.test.statistic, t);
        close(found.test.p_value, 1.0 - t / (2.0 + t * t).sqrt());
    }
    assert_eq!(welch_t_test(&[1.0, 1.0], &[2.0, 2.0], 0.95), Err(StatsError::NoVariation { what: "the values" }));
}

#[test]
fn two_variances() {
    // F = 1/4 with 2 and 2 degrees of freedom, where P(F ≤ x) = x/(1 + x): p = 2 · 1/5, quantile of 0.975: 39.
    let found = variance_test(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0], 0.95).unwrap();
    close(found.test.p_value, 0.4);
    close(found.interval.lower, 0.25 / 39.0);
    close(found.interval.upper, 0.25 * 39.0);
}

#[test]
fn rank_sum_of_five() {
    // 5 lies above 3 and 4: W = 2. The 10 orders have W = 0, 1, 2, 2, 3, 3, 4, 4, 5, 6: P(W ≤ 2) = 4/10.
    let found = rank_sum(&[1.0, 2.0, 5.0], &[3.0, 4.0], Calculation::Automatic, true, 0.95).unwrap();
    assert!(found.exact);
    assert_eq!(found.test.statistic, 2.0);
    close(found.test.p_value, 0.8);
    close(found.probability_above, 2.0 / 6.0);
    // Differences −3, −2, −2, −1, 1, 2; even the outermost reach only 1 − 2 · 1/10.
    close(found.shift, -1.5);
    let interval = found.interval.unwrap();
    assert_eq!((interval.lower, interval.upper), (-3.0, 2.0));
    close(interval.level, 0.8);
    // The middle of the distribution is nm/2 = 3, its variance 6/12 · 6 = 3: z = (−1 + ½)/√3.
    let normal = rank_sum(&[1.0, 2.0, 5.0], &[3.0, 4.0], Calculation::Asymptotic, true, 0.5).unwrap();
    close(normal.test.p_value, normal_two_sided_p(0.5 / 3.0_f64.sqrt()));
    // Rank of the limits at z = 0.674: ⌊3 − ½ − 0.674 · √3⌋ + 1 = ⌊1.33⌋ + 1 = 2.
    let interval = normal.interval.unwrap();
    assert_eq!((interval.lower, interval.upper), (-2.0, 1.0));
    // One tie of two across: variance 6/12 (6 − 6/20) = 2.85, W = 1 + ½.
    let tied = rank_sum(&[1.0, 2.0, 4.0], &[3.0, 4.0], Calculation::Automatic, false, 0.95).unwrap();
    assert_eq!((tied.exact, tied.test.statistic), (false, 1.5));
    close(tied.test.p_value, normal_two_sided_p(1.5 / 2.85_f64.sqrt()));
    assert!(matches!(rank_sum(&[1.0], &[1.0, 2.0], Calculation::Exact, true, 0.95), Err(StatsError::NotPossible { .. })));
}

#[test]
fn signed_ranks_of_four() {
    // V = 1 + 3 + 4 = 8 of 10; V = 0, 1, 2 arise in one of 16 ways each: p = 2 · 3/16.
    let found = signed_rank(&[1.0, -2.0, 3.0, 4.0], Calculation::Automatic, true, 0.95).unwrap();
    assert_eq!(found.test.statistic, 8.0);
    close(found.test.p_value, 0.375);
    // Averages −2, −½, ½, 1, 1, 2, 2½, 3, 3½, 4.
    close(found.pseudo_median, 1.5);
    let interval = found.interval.unwrap();
    assert_eq!((interval.lower, interval.upper, interval.level), (-2.0, 4.0, 0.875));
    // A zero is dropped; |d| = 1, 1, 2 have ranks 1½, 1½, 3: V = 4½, variance 3·4·7/24 − 6/48 = 27/8, z = (4½ − 3 − ½)/√.
    let tied = signed_rank(&[0.0, 1.0, -1.0, 2.0], Calculation::Automatic, true, 0.95).unwrap();
    assert_eq!((tied.n, tied.zeros, tied.exact, tied.test.statistic), (3, 1, false, 4.5));
    close(tied.test.p_value, normal_two_sided_p(1.0 / 3.375_f64.sqrt()));
}

#[test]
fn several_groups_by_rank() {
    // Mean ranks 1½ and 3½ around 2½: H = 12/(4 · 5) · (2 · 1 + 2 · 1) = 2.4.
    close(kruskal_wallis(&[&[1.0, 2.0], &[3.0, 4.0]]).unwrap().statistic, 2.4);
    // 1 1 | 2 2: mean ranks 1½ and 3½ again, divided by 1 − (6 + 6)/60 = 0.8.
    close(kruskal_wallis(&[&[1.0, 1.0], &[], &[2.0, 2.0]]).unwrap().statistic, 3.0);
}

#[test]
fn greatest_distance_of_two_distributions() {
    // Apart: D = 1, as in 2 of the 6 orders.
    let exact = kolmogorov_smirnov(&[1.0, 2.0], &[3.0, 4.0], Calculation::Automatic).unwrap();
    assert_eq!(exact.statistic, 1.0);
    close(exact.p_value, 1.0 / 3.0);
    // λ = √(4/4) = 1; the series stops with its first term below 1e-6.
    let series = kolmogorov_smirnov(&[1.0, 2.0], &[3.0, 4.0], Calculation::Asymptotic).unwrap();
    close(series.p_value, 2.0 * ((-2.0_f64).exp() - (-8.0_f64).exp() + (-18.0_f64).exp()));
    // 1 | 1 2: at 1 all of the first and half of the second, D = ½. Of the 3 orders of {1, 1, 2} over places those with the 2 first
    // reach 1, the other two reach ½: all are as far.
    close(kolmogorov_smirnov(&[1.0], &[1.0, 2.0], Calculation::Exact).unwrap().p_value, 1.0);
    close(kolmogorov_smirnov(&[1.0, 1.0], &[1.0], Calculation::Automatic).unwrap().p_value, 1.0);
}

#[test]
fn normality_of_three() {
    // Weights ±1/√2: W = (x₃ − x₁)²/2 / Σ(x − x̄)², p = 6/π (asin √W − π/3).
    let equally_spaced = shapiro_wilk(&[0.0, 1.0, 2.0]).unwrap();
    close(equally_spaced.statistic, 1.0);
    close(equally_spaced.p_value, 1.0);
    let lopsided = shapiro_wilk(&[0.0, 0.0, 1.0]).unwrap();
    close(lopsided.statistic, 0.75);
    assert!(lopsided.p_value < 1e-7);
    // 0, 1, 4: 16/2 / (26/3) = 12/13.
    let between = shapiro_wilk(&[4.0, 0.0, 1.0]).unwrap();
    close(between.p_value, 6.0 / std::f64::consts::PI * ((12.0_f64 / 13.0).sqrt().asin() - std::f64::consts::FRAC_PI_3));
}

#[test]
fn tables_of_counts() {
    // All expected 15: X² = 4 · 5²/15; with Yates 4 · 4.5²/15; V = √(X²/60) = 1/3.
    let table = [vec![10, 20], vec![20, 10]];
    let plain = chi_squared_test(&table, false).unwrap();
    close(plain.test.statistic, 20.0 / 3.0);
    close(plain.cramers_v, 1.0 / 3.0);
    close(plain.smallest_expected, 15.0);
    close(chi_squared_test(&table, true).unwrap().test.statistic, 5.4);
    // An empty column changes nothing.
    assert_eq!(chi_squared_test(&[vec![10, 0, 20], vec![20, 0, 10]], false).unwrap(), plain);
    // Changes 5 one way, 2 the other: 3²/7, corrected 2²/7.
    close(mcnemar(&[vec![1, 5], vec![2, 1]], false).unwrap().statistic, 9.0 / 7.0);
    close(mcnemar(&[vec![1, 5], vec![2, 1]], true).unwrap().statistic, 4.0 / 7.0);
    // Three categories: 1/3 + 4/4 + nothing between the last two.
    let bowker = mcnemar(&[vec![0, 2, 3], vec![1, 0, 0], vec![1, 0, 0]], true).unwrap();
    close(bowker.statistic, 4.0 / 3.0);
    assert_eq!(bowker.df, Some(2.0));
}

#[test]
fn fishers_tea() {
    // Weights 1, 16, 36, 16, 1 of 70: p = 34/70. The lady's 3 of 4.
    let tea = fisher_exact_two_by_two([[3, 1], [1, 3]], 0.95).unwrap();
    close(tea.p_value, 34.0 / 70.0);
    let weights = |odds: f64| [1.0, 16.0 * odds, 36.0 * odds.powi(2), 16.0 * odds.powi(3), odds.powi(4)];
    let share =
        |odds: f64, cells: std::ops::RangeInclusive<usize>| weights(odds)[cells].iter().sum::<f64>() / weights(odds).iter().sum::<f64>();
    let odds = tea.odds_ratio.unwrap();
    let mean = (0..5).map(|x| x as f64 * share(odds, x..=x)).sum::<f64>();
    close(mean, 3.0);
    close(share(tea.lower, 3..=4), 0.025);
    close(share(tea.upper.unwrap(), 0..=3), 0.025);
    // All right: no upper end. P(4 of 4; ψ) = 0.025 at the lower.
    let perfect = fisher_exact_two_by_two([[4, 0], [0, 4]], 0.95).unwrap();
    assert_eq!((perfect.odds_ratio, perfect.upper), (None, None));
    close(perfect.p_value, 2.0 / 70.0);
    close(share(perfect.lower, 4..=4), 0.025);
    // Any size: rows 2 and 2, columns 2, 1, 1. 1/Π cell! is ½ for (2 0 0) and (0 1 1) above, 1 for (1 1 0) and (1 0 1): p = 1/3.
    let wide = fisher_exact(&[vec![2, 0, 0], vec![0, 1, 1]]).unwrap();
    close(wide.p_value, 1.0 / 3.0);
    close(wide.statistic, 1.0 / 6.0);
    close(fisher_exact(&[vec![3, 1], vec![1, 3]]).unwrap().p_value, 34.0 / 70.0);
}

#[test]
fn risks_of_two_groups() {
    // 10 of 20 and 5 of 20: difference ¼, variance (¼ + 3/16)/20.
    let difference = risk_difference((10, 20), (5, 20), 0.95).unwrap();
    close(difference.estimate, 0.25);
    close(difference.std_error, (0.4375_f64 / 20.0).sqrt());
    // Ratio 2, variance of its log 1/10 − 1/20 + 1/5 − 1/20 = 1/5.
    let ratio = risk_ratio((10, 20), (5, 20), 0.95).unwrap();
    close(ratio.ratio.unwrap(), 2.0);
    close(ratio.log_std_error.unwrap(), 0.2_f64.sqrt());
    close(ratio.interval.unwrap().lower, 2.0 * (-normal_quantile(0.975) * 0.2_f64.sqrt()).exp());
    // Odds 1 and 1/3: ratio 3, variance 1/10 + 1/10 + 1/5 + 1/15.
    let odds = odds_ratio((10, 20), (5, 20), 0.95).unwrap();
    close(odds.ratio.unwrap(), 3.0);
    close(odds.log_std_error.unwrap(), (7.0_f64 / 15.0).sqrt());
    let nobody = risk_ratio((3, 10), (0, 10), 0.95).unwrap();
    assert_eq!((nobody.ratio, nobody.interval), (None, None));
}

#[test]
fn newcombes_published_examples() {
    // Newcombe (1998), table II, method 10, to its four digits.
    let examples = [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ];
    for (a, m, b, n, lower, upper) in examples {
        let interval = newcombe_difference(a, m, b, n, 0.95).unwrap().interval;
        assert!((interval.lower - lower).abs() < 6e-5 && (interval.upper - upper).abs() < 6e-5, "{a}/{m}, {b}/{n}: {interval:?}");
    }
}

#[test]
fn equivalence_is_two_one_sided_tests() {
    // Differences 0, 1, −1: mean 0, se 1/√3, margins ±1: t = ±√3 with 2 degrees of freedom, one-sided p = (1 − √3/√5)/2.
    let paired = equivalence_of_paired_means(&[1.0, 2.0, 3.0], &[1.0, 1.0, 4.0], (-1.0, 1.0), 0.05).unwrap();
    close(paired.p_value, (1.0 - (3.0_f64 / 5.0).sqrt()) / 2.0);
    close(paired.above_lower.p_value, paired.below_upper.p_value);
    assert!(!paired.equivalent);
    // Means 2 and 2: se² = 1/3 + 1/3, df = 4; far margins.
    let welch = equivalence_of_means(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0], (-8.0, 4.0), 0.05).unwrap();
    close(welch.p_value, t_lower_p(-4.0 / (2.0_f64 / 3.0).sqrt(), 4.0));
    assert!(welch.equivalent);
    // 50 of 100 each: se² = 2 · ¼/100, margins ±0.2.
    let shares = equivalence_of_proportions((50, 100), (50, 100), (-0.2, 0.2), 0.05).unwrap();
    close(shares.p_value, normal_upper_p(0.2 / 0.005_f64.sqrt()));
}

#[test]
fn correlations_of_three() {
    // r = ½: t = ½ √(1/¾) = 1/√3 with one degree of freedom, p = 1 − 2/π · π/6.
    let (x, y) = ([1.0, 2.0, 3.0], [1.0, 3.0, 2.0]);
    let product = pearson(&x, &y, 0.95).unwrap();
    close(product.coefficient, 0.5);
    close(product.test.unwrap().p_value, 2.0 / 3.0);
    assert_eq!(product.interval, None);
    // S = 0 + 1 + 1 = 2; the six orders have S = 0, 2, 2, 6, 6, 8: P(S ≤ 2) = ½.
    let rho = spearman(&x, &y, Calculation::Automatic).unwrap();
    close(rho.test.unwrap().statistic, 2.0);
    close(rho.test.unwrap().p_value, 1.0);
    // Four in order: S = 0 in one of 24: p = 2/24. Kendall: 6 of 6 concordant, likewise.
    let up = [1.0, 2.0, 3.0, 4.0];
    close(spearman(&up, &up, Calculation::Exact).unwrap().test.unwrap().p_value, 2.0 / 24.0);
    close(kendall(&up, &up, Calculation::Exact).unwrap().test.unwrap().p_value, 2.0 / 24.0);
    // Two concordant, one discordant.
    close(kendall(&x, &y, Calculation::Automatic).unwrap().coefficient, 1.0 / 3.0);
    // x tied once: S = 2 of √(2 · 3).
    close(kendall(&[1.0, 1.0, 2.0], &x, Calculation::Automatic).unwrap().coefficient, 2.0 / 6.0_f64.sqrt());
    // Var S = (66 − 18)/18 = 8/3.
    let z = kendall(&[1.0, 1.0, 2.0], &x, Calculation::Automatic).unwrap().test.unwrap().statistic;
    close(z, 2.0 / (8.0_f64 / 3.0).sqrt());
    // A straight line has no test.
    assert_eq!(pearson(&up, &up, 0.95).unwrap().test, None);
}

#[test]
fn a_quartile_in_nine_ways() {
    // Positions of the quarter among 1, 2, 3, 4: np = 1; np = 1 at a jump; np − ½ = ½; np = 1; np + ½; (n + 1)p; 1 + (n − 1)p;
    // ⅓ + (n + ⅓)p; ⅜ + (n + ¼)p.
    let expected = [1.0, 1.5, 1.0, 1.0, 1.5, 1.25, 1.75, 17.0 / 12.0, 1.4375];
    for (kind, expected) in QuantileType::ALL.into_iter().zip(expected) {
        close(quantiles(&[4.0, 2.0, 1.0, 3.0], &[0.25], kind).unwrap()[0], expected);
    }
    // Median 3, deviations 2, 1, 0, 1, 6: median 1.
    close(median_absolute_deviation(&[1.0, 2.0, 3.0, 4.0, 9.0]).unwrap(), 1.4826);
}

#[test]
fn three_p_values_adjusted() {
    let p = [0.03, 0.01, 0.02];
    let same = |found: Vec<f64>, expected: [f64; 3]| found.into_iter().zip(expected).for_each(|(found, expected)| close(found, expected));
    same(bonferroni(&p), [0.09, 0.03, 0.06]);
    // Down: 3 · 0.01, 2 · 0.02, then 0.03 raised to 0.04.
    same(holm(&p), [0.04, 0.03, 0.04]);
    // Up: 0.03, 2 · 0.02 lowered to it, 3 · 0.01.
    same(hochberg(&p), [0.03, 0.03, 0.03]);
    // 3/3 · 0.03, 3/2 · 0.02, 3/1 · 0.01.
    same(benjamini_hochberg(&p), [0.03, 0.03, 0.03]);
    // Times 1 + ½ + ⅓.
    same(benjamini_yekutieli(&p), [0.055, 0.055, 0.055]);
    assert!(hochberg(&[]).is_empty());
}

#[test]
fn exact_limits_of_counts() {
    // Nothing seen: P(0; upper) = α/2.
    let none = poisson_exact_interval(0.0, 0.95).unwrap();
    assert_eq!(none.lower, 0.0);
    close(none.upper, -0.025_f64.ln());
    // One: P(X ≥ 1; lower) = 1 − exp(−lower) = α/2, P(X ≤ 1; upper) = (1 + upper) exp(−upper) = α/2.
    let one = poisson_exact_interval(1.0, 0.95).unwrap();
    close(one.lower, -0.975_f64.ln());
    close((1.0 + one.upper) * (-one.upper).exp(), 0.025);
    // None of 20: (1 − upper)²⁰ = α/2. One of 20: 1 − (1 − lower)²⁰ = α/2.
    close(clopper_pearson(0, 20, 0.95).unwrap().interval.upper, 1.0 - 0.025_f64.powf(0.05));
    close(clopper_pearson(1, 20, 0.95).unwrap().interval.lower, 1.0 - 0.975_f64.powf(0.05));
}

#[test]
fn distributions_where_they_have_a_closed_form() {
    let relative = |found: f64, expected: f64| assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{found} is not {expected}");
    for x in [1e-3, 0.7, 3.0, 40.0, 600.0_f64] {
        // Shape 1 is the exponential; shape 2 adds x.
        relative(gamma_upper_p(x, 1.0), (-x).exp());
        relative(gamma_lower_p(x, 1.0), -(-x).exp_m1());
        relative(gamma_upper_p(x, 2.0), (1.0 + x) * (-x).exp());
        // F with 2 and n, also where n is large: (1 + 2x/n)^(−n/2); and its mirror.
        for n in [1.0, 7.0, 100_000.0_f64] {
            relative(f_upper_p(x, 2.0, n), (-n / 2.0 * (2.0 * x / n).ln_1p()).exp());
            relative(f_lower_p(1.0 / x, n, 2.0), (-n / 2.0 * (2.0 * x / n).ln_1p()).exp());
        }
        // t with 1, with 2 and with 4 degrees of freedom.
        relative(t_two_sided_p(x, 1.0), 2.0 / std::f64::consts::PI * (1.0 / x).atan());
        relative(t_two_sided_p(x, 2.0), 2.0 / ((2.0 + x * x).sqrt() * ((2.0 + x * x).sqrt() + x)));
        // Two means studentized: t again.
        for df in [1.0, 2.0, 5.0, 9.0, 14.0, 30.0, 5_000.0] {
            relative(studentized_range_upper_p(x, 2, df), t_two_sided_p(x / 2.0_f64.sqrt(), df));
        }
    }
    relative(studentized_range_upper_p(3.0, 2, f64::INFINITY), normal_two_sided_p(3.0 / 2.0_f64.sqrt()));
    relative(studentized_range_upper_quantile(t_two_sided_p(2.5, 9.0), 2, 9.0), 2.5 * 2.0_f64.sqrt());
    relative(beta_lower_p(0.3, 4.0, 1.0), 0.3_f64.powi(4));
    relative(beta_quantile(0.0081, 4.0, 1.0), 0.3);
    relative(gamma_quantile(1.0 - (-3.0_f64).exp(), 1.0), 3.0);
    relative(chi_squared_quantile(0.5, 2.0), 2.0 * 2.0_f64.ln());
    relative(f_quantile(0.975, 2.0, 2.0), 39.0);
    relative(t_quantile(0.75, 1.0), 1.0);
    // No end of degrees of freedom: F is χ²/2, an exponential.
    relative(f_upper_p(3.0, 2.0, f64::INFINITY), (-3.0_f64).exp());
    relative(f_upper_p(3.0, 2.0, 1e12), (-3.0_f64).exp() * (1.0 + 9e-12));
    relative(f_quantile(0.5, 2.0, f64::INFINITY), 2.0_f64.ln());
    relative(binomial_probability(2, 5, 0.3), 10.0 * 0.09 * 0.343);
    relative(binomial_lower_p(1, 5, 0.3), 0.7_f64.powi(5) + 5.0 * 0.3 * 0.7_f64.powi(4));
    relative(binomial_upper_p(4, 5, 0.3), 0.3_f64.powi(5));
    assert_eq!((log_gamma(1.0), log_gamma(2.0)), (0.0, 0.0));
    relative(log_gamma(0.5), std::f64::consts::PI.sqrt().ln());
    relative(log_gamma(11.0), 3_628_800.0_f64.ln());
    // Where the tail is no number any more: −z²/2 − ln(z √2π), and a correction of 1/z².
    relative(normal_log_upper_p(100.0), -5_000.0 - (100.0 * std::f64::consts::TAU.sqrt()).ln() + (-1e-4_f64 + 3e-8 - 1.5e-11).ln_1p());
}
