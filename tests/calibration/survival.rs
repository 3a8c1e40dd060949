//! Curves, tests and Cox models; slopes, means and shares.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use staywell::stats::survival::{
    Covariates, CoxModel, CoxOptions, CurveInterval, FlemingHarringtonWeights, Ties, TimeToEvent, TimeTransform, cox, kaplan_meier,
    log_rank, log_rank_by, log_rank_trend, rmst, rmst_difference,
};
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
    for method in [CurveInterval::LogLog, CurveInterval::Log, CurveInterval::Plain, CurveInterval::Logit, CurveInterval::ArcSin] {
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

/// Patients with a frailty, each with two rows in a row of their own covariate; one stratum in two has twice the hazard.
#[test]
#[ignore = "long: run with --release -- --ignored"]
fn clustered_and_stratified_cox_models_cover_and_the_test_of_proportional_hazards_keeps_its_size() {
    let data = |rng: &mut ChaCha8Rng, effect: f64, frailty: bool| {
        let (mut time, mut event, mut x, mut patient, mut stratum) = (vec![], vec![], vec![], vec![], vec![]);
        for id in 0..150 {
            let (shared, own) = (if frailty { (0.8 * normal(rng)).exp() } else { 1.0 }, f64::from(rng.random::<bool>()));
            for _ in 0..2 {
                let half = id % 2;
                let rate = shared * (1.0 + half as f64) * (effect * own).exp() / 200.0;
                let (t, c) = (exponential(rng, rate), 500.0 * rng.random::<f64>());
                time.push(t.min(c));
                event.push(t <= c);
                x.push(own);
                patient.push(id);
                stratum.push(half);
            }
        }
        (TimeToEvent::new(time, event).unwrap(), Covariates::new(vec!["x".into()], vec![x]).unwrap(), patient, stratum)
    };
    // Under the null a frailty does not bias, but model-based errors would be too small.
    keeps_size(
        "Cox, robust by patient",
        share(|rng| {
            let (rows, x, patient, _) = data(rng, 0.0, true);
            let options = CoxOptions { cluster: Some(&patient), ..CoxOptions::default() };
            CoxModel::fit(&rows, &x, &options).unwrap().fit.terms[0].p_value < 0.05
        }),
    );
    covers(
        "Cox, stratified",
        share(|rng| {
            let (rows, x, _, stratum) = data(rng, 0.6_f64.ln(), false);
            let options = CoxOptions { strata: Some(&stratum), ..CoxOptions::default() };
            let interval = CoxModel::fit(&rows, &x, &options).unwrap().fit.terms[0].interval;
            interval.lower <= 0.6 && 0.6 <= interval.upper
        }),
    );
    keeps_size(
        "proportional hazards",
        share(|rng| {
            let (rows, x, _, stratum) = data(rng, 0.6_f64.ln(), false);
            let options = CoxOptions { strata: Some(&stratum), ..CoxOptions::default() };
            let model = CoxModel::fit(&rows, &x, &options).unwrap();
            model.proportional_hazards(&rows, TimeTransform::Km).unwrap().global.p_value < 0.05
        }),
    );
    covers(
        "concordance of nothing is one half",
        share(|rng| {
            let (rows, _, _, _) = data(rng, 0.0, false);
            let score: Vec<f64> = (0..rows.len()).map(|_| normal(rng)).collect();
            let found = staywell::stats::survival::concordance(&rows, &score, None, None).unwrap();
            (found.estimate - 0.5).abs() <= 1.96 * found.std_error
        }),
    );
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn weighted_stratified_and_trend_tests_keep_their_size_and_late_entry_covers() {
    let data = |rng: &mut ChaCha8Rng| {
        let strata: Vec<usize> = (0..480).map(|row| row % 2).collect();
        let group: Vec<usize> = (0..480).map(|row| row % 3).collect();
        let (time, event) = strata
            .iter()
            .map(|&stratum| {
                let (t, c) = (exponential(rng, (1.0 + stratum as f64) / 200.0), 500.0 * rng.random::<f64>());
                (t.min(c), t <= c)
            })
            .unzip();
        (TimeToEvent::new(time, event).unwrap(), group, strata)
    };
    for (rho, gamma) in [(1.0, 0.0), (0.0, 1.0)] {
        let size = share(|rng| {
            let (rows, group, strata) = data(rng);
            log_rank_by(&rows, &group, Some(&strata), FlemingHarringtonWeights { rho, gamma }).unwrap().test.p_value < 0.05
        });
        keeps_size(&format!("log-rank, stratified, rho {rho} gamma {gamma}"), size);
    }
    let size = share(|rng| {
        let (rows, group, _) = data(rng);
        let found = log_rank_by(&rows, &group, None, FlemingHarringtonWeights::default()).unwrap();
        log_rank_trend(&found, &[1.0, 2.0, 3.0]).unwrap().p_value < 0.05
    });
    keeps_size("log-rank for trend", size);
    let coverage = share(|rng| {
        let (mut entry, mut time, mut event) = (vec![], vec![], vec![]);
        while time.len() < 200 {
            // Half are there from the start; the others come in later, if they have not had the event by then.
            let (t, c) = (exponential(rng, 1.0 / 200.0), 200.0 + 400.0 * rng.random::<f64>());
            let e = if rng.random::<bool>() { 0.0 } else { 150.0 * rng.random::<f64>() };
            if t > e {
                entry.push(e);
                time.push(t.min(c));
                event.push(t <= c);
            }
        }
        let rows = TimeToEvent::new(time, event).unwrap().with_entry(entry).unwrap();
        let point = kaplan_meier(&rows, CurveInterval::LogLog, 0.95).unwrap().at(180.0).unwrap();
        point.lower.unwrap() <= truth(1.0 / 200.0, 180.0) && truth(1.0 / 200.0, 180.0) <= point.upper.unwrap()
    });
    covers("Kaplan–Meier with late entry", coverage);
}
