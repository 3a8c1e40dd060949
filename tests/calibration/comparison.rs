//! Samples and tables compared.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use staywell::stats::comparison::{
    Calculation, chi_squared_test, equivalence_of_means, equivalence_of_proportions, fisher_exact_two_by_two, kolmogorov_smirnov,
    kruskal_wallis, mcnemar, odds_ratio, paired_t_test, rank_sum, risk_difference, risk_ratio, shapiro_wilk, signed_rank, student_t_test,
    variance_test, welch_t_test,
};
use staywell::stats::{
    Interval, benjamini_hochberg, benjamini_yekutieli, clopper_pearson, hochberg, holm, kendall, newcombe_difference, pearson,
    poisson_exact_interval, spearman,
};

use super::{covers, exponential, keeps_size, normal, share};

fn normals(rng: &mut ChaCha8Rng, n: usize, mean: f64, std_dev: f64) -> Vec<f64> {
    (0..n).map(|_| mean + std_dev * normal(rng)).collect()
}

fn count(rng: &mut ChaCha8Rng, n: usize, p: f64) -> usize {
    (0..n).filter(|_| rng.random::<f64>() < p).count()
}

fn inside(interval: Interval, value: f64) -> bool {
    interval.lower <= value && value <= interval.upper
}

/// Exact methods cover at least their level, up to the error of the simulation.
fn covers_at_least(name: &str, coverage: f64) {
    println!("{name}: coverage {coverage:.4}");
    assert!((0.943..=1.0).contains(&coverage), "{name}: coverage {coverage}");
}

/// Exact tests on counts reject no more often than they say.
fn stays_below(name: &str, size: f64) {
    println!("{name}: size {size:.4}");
    assert!((0.01..=0.057).contains(&size), "{name}: size {size}");
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn t_tests_keep_their_size_and_their_intervals_cover() {
    // Unequal variances and sizes for Welch, equal ones for Student.
    let welch = |rng: &mut ChaCha8Rng, d: f64| welch_t_test(&normals(rng, 12, d, 3.0), &normals(rng, 40, 0.0, 1.0), 0.95).unwrap();
    covers("Welch", share(|rng| inside(welch(rng, 1.0).difference.interval.unwrap(), 1.0)));
    keeps_size("Welch", share(|rng| welch(rng, 0.0).test.p_value < 0.05));
    let student = |rng: &mut ChaCha8Rng, d: f64| student_t_test(&normals(rng, 8, d, 2.0), &normals(rng, 15, 0.0, 2.0), 0.95).unwrap();
    covers("Student", share(|rng| inside(student(rng, 1.0).difference.interval.unwrap(), 1.0)));
    keeps_size("Student", share(|rng| student(rng, 0.0).test.p_value < 0.05));
    let paired = |rng: &mut ChaCha8Rng, d: f64| {
        let first = normals(rng, 15, 4.0, 2.0);
        let second: Vec<f64> = first.iter().map(|value| 0.5 * value + 2.0 - d + normal(rng)).collect();
        paired_t_test(&first, &second, 0.95).unwrap()
    };
    covers("paired", share(|rng| inside(paired(rng, 1.0).mean.interval.unwrap(), 1.0)));
    keeps_size("paired", share(|rng| paired(rng, 0.0).test.p_value < 0.05));
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn rank_tests_keep_their_size_and_their_shifts_cover() {
    let skewed = |rng: &mut ChaCha8Rng, n: usize, shift: f64| (0..n).map(|_| shift + exponential(rng, 1.0)).collect::<Vec<f64>>();
    for calculation in [Calculation::Exact, Calculation::Asymptotic] {
        let sum = |rng: &mut ChaCha8Rng, d: f64| rank_sum(&skewed(rng, 25, d), &skewed(rng, 30, 0.0), calculation, true, 0.95).unwrap();
        covers(&format!("rank-sum shift, {calculation:?}"), share(|rng| inside(sum(rng, 0.7).interval.unwrap(), 0.7)));
        keeps_size(&format!("rank sum, {calculation:?}"), share(|rng| sum(rng, 0.0).test.p_value < 0.05));
        let signed = |rng: &mut ChaCha8Rng, d: f64| signed_rank(&normals(rng, 30, d, 1.0), calculation, true, 0.95).unwrap();
        covers(&format!("pseudo-median, {calculation:?}"), share(|rng| inside(signed(rng, 0.7).interval.unwrap(), 0.7)));
        keeps_size(&format!("signed rank, {calculation:?}"), share(|rng| signed(rng, 0.0).test.p_value < 0.05));
    }
    // Pain scores from 0 to 10: ties everywhere.
    let scores = |rng: &mut ChaCha8Rng, n: usize| (0..n).map(|_| (5.0 + 2.0 * normal(rng)).round().clamp(0.0, 10.0)).collect::<Vec<f64>>();
    let tied = |rng: &mut ChaCha8Rng| rank_sum(&scores(rng, 60), &scores(rng, 50), Calculation::Automatic, true, 0.95).unwrap();
    keeps_size("rank sum with ties", share(|rng| tied(rng).test.p_value < 0.05));
    keeps_size(
        "Kruskal–Wallis with ties",
        share(|rng| kruskal_wallis(&[&scores(rng, 30), &scores(rng, 40), &scores(rng, 50)]).unwrap().p_value < 0.05),
    );
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn tests_of_distributions_keep_their_size() {
    let variances = |rng: &mut ChaCha8Rng| variance_test(&normals(rng, 12, 0.0, 3.0), &normals(rng, 20, 5.0, 2.0), 0.95).unwrap();
    covers("variance ratio", share(|rng| inside(variances(rng).interval, 2.25)));
    keeps_size(
        "variances",
        share(|rng| variance_test(&normals(rng, 9, 1.0, 1.0), &normals(rng, 9, 2.0, 1.0), 0.95).unwrap().test.p_value < 0.05),
    );
    // Sizes without a common divisor, so that D takes many values.
    let distance =
        |rng: &mut ChaCha8Rng, calculation| kolmogorov_smirnov(&normals(rng, 97, 0.0, 1.0), &normals(rng, 101, 0.0, 1.0), calculation);
    keeps_size("exact Kolmogorov–Smirnov", share(|rng| distance(rng, Calculation::Exact).unwrap().p_value < 0.05));
    stays_below("asymptotic Kolmogorov–Smirnov", share(|rng| distance(rng, Calculation::Asymptotic).unwrap().p_value < 0.05));
    for n in [8, 30, 400] {
        keeps_size(&format!("Shapiro–Wilk, {n}"), share(|rng| shapiro_wilk(&normals(rng, n, 7.0, 3.0)).unwrap().p_value < 0.05));
    }
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn tables_keep_their_size() {
    let split = |rng: &mut ChaCha8Rng, n: usize, p: f64| {
        let events = count(rng, n, p) as u64;
        [events, n as u64 - events]
    };
    let plain = |rng: &mut ChaCha8Rng| chi_squared_test(&[split(rng, 80, 0.3).to_vec(), split(rng, 90, 0.3).to_vec()], false).unwrap();
    keeps_size("χ²", share(|rng| plain(rng).test.p_value < 0.05));
    let fisher = |rng: &mut ChaCha8Rng| fisher_exact_two_by_two([split(rng, 80, 0.3), split(rng, 90, 0.3)], 0.95).unwrap();
    stays_below("Fisher", share(|rng| fisher(rng).p_value < 0.05));
    // Odds ratio of 0.3/0.7 against 0.5/0.5.
    covers_at_least(
        "conditional odds ratio",
        share(|rng| {
            let found = fisher_exact_two_by_two([split(rng, 40, 0.3), split(rng, 40, 0.5)], 0.95).unwrap();
            found.lower <= 3.0 / 7.0 && found.upper.is_none_or(|upper| 3.0 / 7.0 <= upper)
        }),
    );
    let pairs = |rng: &mut ChaCha8Rng, continuity| {
        let mut table = vec![vec![0, 0], vec![0, 0]];
        for _ in 0..300 {
            let ease = rng.random::<f64>();
            table[usize::from(rng.random::<f64>() < ease)][usize::from(rng.random::<f64>() < ease)] += 1;
        }
        mcnemar(&table, continuity).unwrap().p_value
    };
    keeps_size("McNemar", share(|rng| pairs(rng, false) < 0.05));
    stays_below("McNemar, corrected", share(|rng| pairs(rng, true) < 0.05));
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn proportions_and_counts_cover() {
    let (p, q, n, m) = (0.35, 0.2, 120, 150);
    covers(
        "Newcombe",
        share(|rng| inside(newcombe_difference(count(rng, 30, 0.15), 30, count(rng, 25, 0.05), 25, 0.95).unwrap().interval, 0.1)),
    );
    covers(
        "risk difference",
        share(|rng| inside(risk_difference((count(rng, n, p), n), (count(rng, m, q), m), 0.95).unwrap().interval.unwrap(), p - q)),
    );
    covers(
        "risk ratio",
        share(|rng| inside(risk_ratio((count(rng, n, p), n), (count(rng, m, q), m), 0.95).unwrap().interval.unwrap(), p / q)),
    );
    let odds = p / (1.0 - p) / (q / (1.0 - q));
    covers(
        "odds ratio",
        share(|rng| inside(odds_ratio((count(rng, n, p), n), (count(rng, m, q), m), 0.95).unwrap().interval.unwrap(), odds)),
    );
    covers_at_least("Clopper–Pearson", share(|rng| inside(clopper_pearson(count(rng, 25, 0.1), 25, 0.95).unwrap().interval, 0.1)));
    let arrivals = |rng: &mut ChaCha8Rng, mean: f64| {
        let (mut time, mut events) = (exponential(rng, 1.0), 0.0);
        while time < mean {
            events += 1.0;
            time += exponential(rng, 1.0);
        }
        events
    };
    covers_at_least("Poisson", share(|rng| inside(poisson_exact_interval(arrivals(rng, 6.5), 0.95).unwrap(), 6.5)));
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn equivalence_is_claimed_at_the_margin_as_often_as_it_may() {
    let means =
        |rng: &mut ChaCha8Rng| equivalence_of_means(&normals(rng, 40, 1.0, 1.0), &normals(rng, 60, 0.0, 1.5), (-1.0, 1.0), 0.05).unwrap();
    keeps_size("equivalence of means", share(|rng| means(rng).equivalent));
    let shares = |rng: &mut ChaCha8Rng| {
        equivalence_of_proportions((count(rng, 300, 0.5), 300), (count(rng, 300, 0.35), 300), (-0.15, 0.15), 0.05).unwrap().equivalent
    };
    keeps_size("equivalence of proportions", share(shares));
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn correlations_keep_their_size_and_cover() {
    let pair = |rng: &mut ChaCha8Rng, n: usize, rho: f64| {
        let x = normals(rng, n, 0.0, 1.0);
        let y: Vec<f64> = x.iter().map(|value| rho * value + (1.0 - rho * rho).sqrt() * normal(rng)).collect();
        (x, y)
    };
    covers(
        "Pearson",
        share(|rng| {
            let (x, y) = pair(rng, 30, 0.6);
            inside(pearson(&x, &y, 0.95).unwrap().interval.unwrap(), 0.6)
        }),
    );
    for n in [9, 30] {
        let size = |of: &(dyn Fn(&[f64], &[f64]) -> f64 + Sync)| {
            share(|rng| {
                let (x, y) = pair(rng, n, 0.0);
                of(&x, &y) < 0.05
            })
        };
        keeps_size(&format!("Pearson, {n}"), size(&|x, y| pearson(x, y, 0.95).unwrap().test.unwrap().p_value));
        for calculation in [Calculation::Exact, Calculation::Asymptotic] {
            if n > 9 {
                keeps_size(
                    &format!("Spearman, {calculation:?}, {n}"),
                    size(&|x, y| spearman(x, y, calculation).unwrap().test.unwrap().p_value),
                );
                keeps_size(
                    &format!("Kendall, {calculation:?}, {n}"),
                    size(&|x, y| kendall(x, y, calculation).unwrap().test.unwrap().p_value),
                );
            } else if calculation == Calculation::Exact {
                stays_below("Spearman of nine", size(&|x, y| spearman(x, y, calculation).unwrap().test.unwrap().p_value));
                stays_below("Kendall of nine", size(&|x, y| kendall(x, y, calculation).unwrap().test.unwrap().p_value));
            }
        }
    }
    // Scores with many ties.
    let tied = |rng: &mut ChaCha8Rng| {
        let mut scores = || (0..60).map(|_| (2.0 * rng.random::<f64>() * 2.0).round()).collect::<Vec<f64>>();
        kendall(&scores(), &scores(), Calculation::Automatic).unwrap().test.unwrap().p_value
    };
    keeps_size("Kendall with ties", share(|rng| tied(rng) < 0.05));
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn adjusted_p_values_keep_the_error_of_the_family() {
    // No effect anywhere: a false discovery is any discovery, which the step-up procedures allow in exactly 5 %.
    let any = |adjust: fn(&[f64]) -> Vec<f64>| {
        share(|rng| adjust(&(0..12).map(|_| rng.random::<f64>()).collect::<Vec<f64>>()).iter().any(|&p| p < 0.05))
    };
    keeps_size("Holm", any(holm));
    keeps_size("Hochberg", any(hochberg));
    keeps_size("Benjamini–Hochberg", any(benjamini_hochberg));
    stays_below("Benjamini–Yekutieli", any(benjamini_yekutieli));
}
