//! Curves, tests and Cox models; slopes, means and shares.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use staywell::stats::survival::{Covariates, CurveInterval, Ties, TimeToEvent, cox, kaplan_meier, log_rank, rmst, rmst_difference};
use staywell::stats::{least_squares, mean_interval, theil_sen, wilson};

use super::{covers, exponential, keeps_size, normal, share};

/// `n` times with this hazard, in whole days, censored uniformly over two years.
fn sample(rng: &mut ChaCha8Rng, n: usize, rate: f64) -> TimeToEvent {
    let (time, event) = (0..n)
        .map(|_| {
            let (event, censoring) = (exponential(rng, rate).ceil(), (730.0 * rng.random::<f64>()).ceil());
            (event.min(censoring), event <= censoring)
        })
        .unzip();
    TimeToEvent::new(time, event).unwrap()
}

/// P(T > t) when an exponential time is rounded up to whole days.
fn truth(rate: f64, time: f64) -> f64 {
    (-rate * time).exp()
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn limits_of_a_curve_cover_the_truth() {
    let rate = 1.0 / 200.0;
    for method in [CurveInterval::LogLog, CurveInterval::Log, CurveInterval::Plain] {
        let coverage = share(|rng| {
            let point = kaplan_meier(&sample(rng, 150, rate), method, 0.95).unwrap().at(180.0).unwrap();
            point.lower.unwrap() <= truth(rate, 180.0) && truth(rate, 180.0) <= point.upper.unwrap()
        });
        covers(&format!("Kaplan–Meier {method:?}"), coverage);
    }
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn the_median_of_a_curve_is_covered() {
    let rate = 1.0 / 200.0;
    // First whole day on which half are left or fewer.
    let median = (0..1_000).map(f64::from).find(|&day| truth(rate, day) <= 0.5).unwrap();
    let coverage = share(|rng| {
        let found = kaplan_meier(&sample(rng, 150, rate), CurveInterval::LogLog, 0.95).unwrap().median();
        found.lower.is_none_or(|lower| lower <= median) && found.upper.is_none_or(|upper| median <= upper)
    });
    covers("median", coverage);
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn restricted_means_and_their_difference_cover() {
    let (slow, fast, horizon) = (1.0 / 300.0, 1.0 / 150.0, 180.0);
    // Integral of the step function that drops at whole days.
    let mean = |rate: f64| (0..180).map(|day| truth(rate, f64::from(day))).sum::<f64>();
    let inside = |estimate: staywell::stats::Estimate, value: f64| {
        let interval = estimate.interval.unwrap();
        interval.lower <= value && value <= interval.upper
    };
    covers(
        "restricted mean",
        share(|rng| {
            inside(rmst(&kaplan_meier(&sample(rng, 150, slow), CurveInterval::LogLog, 0.95).unwrap(), horizon).unwrap(), mean(slow))
        }),
    );
    covers(
        "restricted mean difference",
        share(|rng| {
            let curve = |rng: &mut ChaCha8Rng, rate| kaplan_meier(&sample(rng, 150, rate), CurveInterval::LogLog, 0.95).unwrap();
            let (first, second) = (curve(rng, fast), curve(rng, slow));
            inside(rmst_difference(&first, &second, horizon).unwrap().difference, mean(slow) - mean(fast))
        }),
    );
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn the_log_rank_test_keeps_its_size_with_two_groups_and_with_three() {
    for groups in [2, 3] {
        let size = share(|rng| {
            let samples: Vec<TimeToEvent> = (0..groups).map(|_| sample(rng, 80, 1.0 / 200.0)).collect();
            log_rank(&samples.iter().collect::<Vec<_>>()).unwrap().test.p_value < 0.05
        });
        keeps_size(&format!("log-rank, {groups} groups"), size);
    }
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn cox_intervals_cover_and_its_tests_keep_their_size() {
    let fit = |rng: &mut ChaCha8Rng, effect: f64| {
        let n = 200;
        let (mut time, mut event, mut group, mut score) = (vec![], vec![], vec![], vec![]);
        for _ in 0..n {
            let (g, x) = (f64::from(rng.random::<bool>()), normal(rng));
            let (t, c) = (exponential(rng, (effect * g + 0.3 * x).exp() / 200.0), 730.0 * rng.random::<f64>());
            time.push(t.min(c));
            event.push(t <= c);
            group.push(g);
            score.push(x);
        }
        let covariates = Covariates::new(vec!["group".into(), "score".into()], vec![group, score]).unwrap();
        cox(&TimeToEvent::new(time, event).unwrap(), &covariates, Ties::Efron, 0.95).unwrap()
    };
    let effect = 0.6_f64.ln();
    covers(
        "Cox hazard ratio",
        share(|rng| {
            let interval = fit(rng, effect).terms[0].interval;
            interval.lower <= 0.6 && 0.6 <= interval.upper
        }),
    );
    keeps_size("Cox Wald", share(|rng| fit(rng, 0.0).terms[0].p_value < 0.05));
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn slopes_means_and_proportions_cover() {
    let x: Vec<f64> = (0..16).map(f64::from).collect();
    let line = |rng: &mut ChaCha8Rng| x.iter().map(|week| 6.0 - 0.25 * week + normal(rng)).collect::<Vec<f64>>();
    covers(
        "least-squares slope",
        share(|rng| {
            let interval = least_squares(&x, &line(rng), 0.95).unwrap().slope.interval.unwrap();
            interval.lower <= -0.25 && -0.25 <= interval.upper
        }),
    );
    covers(
        "Theil–Sen slope",
        share(|rng| {
            let interval = theil_sen(&x, &line(rng), 0.95).unwrap().interval.unwrap();
            interval.lower <= -0.25 && -0.25 <= interval.upper
        }),
    );
    covers(
        "mean",
        share(|rng| {
            let values: Vec<f64> = (0..25).map(|_| 2.0 + normal(rng)).collect();
            let interval = mean_interval(&values, 0.95).unwrap().interval.unwrap();
            interval.lower <= 2.0 && 2.0 <= interval.upper
        }),
    );
    covers(
        "Wilson",
        share(|rng| {
            let count = (0..80).filter(|_| rng.random::<f64>() < 0.3).count();
            let interval = wilson(count, 80, 0.95).unwrap().interval;
            interval.lower <= 0.3 && 0.3 <= interval.upper
        }),
    );
}
