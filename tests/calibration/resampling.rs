//! Bootstrap, Mann–Kendall and agreement.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use staywell::stats::agreement::{bland_altman, bland_altman_repeated, concordance_correlation, intraclass_correlation, measurement_error};
use staywell::stats::resampling::{
    BootstrapInterval, BootstrapMethod, BootstrapOptions, CurveMeasure, Resample, ResamplingPlan, bootstrap, bootstrap_curves,
};
use staywell::stats::survival::TimeToEvent;
use staywell::stats::{Interval, mann_kendall, normal_quantile};

use super::{covers, exponential, keeps_size, normal, share};

const METHODS: [BootstrapMethod; 2] = [BootstrapMethod::Percentile, BootstrapMethod::Bca];

fn holds(interval: Interval, truth: f64) -> bool {
    interval.lower <= truth && truth <= interval.upper
}

fn of_mean(values: &[f64], plan: &ResamplingPlan, method: BootstrapMethod) -> BootstrapInterval {
    let mean = |resample: &Resample<'_>| {
        let (mut sum, mut n) = (0.0, 0.0);
        for (value, &count) in values.iter().zip(resample.multiplicities()) {
            sum += f64::from(count) * value;
            n += f64::from(count);
        }
        Some(sum / n)
    };
    bootstrap(&mean, plan, &BootstrapOptions { replicates: 999, method, ..BootstrapOptions::default() }).unwrap()
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn bootstrap_intervals_of_a_skewed_mean_cover() {
    for method in METHODS {
        let plan = ResamplingPlan::rows(100).unwrap();
        let coverage = share(|rng| {
            let values: Vec<f64> = (0..100).map(|_| exponential(rng, 1.0)).collect();
            holds(of_mean(&values, &plan, method).interval, 1.0)
        });
        covers(&format!("mean of exponential values, {method:?}"), coverage);
    }
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn bootstrap_intervals_of_curves_cover() {
    let (slow, fast, horizon) = (1.0 / 300.0, 1.0 / 150.0, 180.0);
    let mean = |rate: f64| (0..180).map(|day| (-rate * f64::from(day)).exp()).sum::<f64>();
    let sample = |rng: &mut ChaCha8Rng, rate: f64| {
        let row = |rng: &mut ChaCha8Rng| {
            let (event, censoring) = (exponential(rng, rate).ceil(), (730.0 * rng.random::<f64>()).ceil());
            (event.min(censoring), event <= censoring)
        };
        let (time, event) = (0..80).map(|_| row(rng)).unzip();
        TimeToEvent::new(time, event).unwrap()
    };
    let truths = [
        (CurveMeasure::RmstDifference { horizon }, mean(slow) - mean(fast)),
        (CurveMeasure::RmstRatio { horizon }, mean(slow) / mean(fast)),
        (CurveMeasure::SurvivalDifference { time: 90.0 }, (-90.0 * slow).exp() - (-90.0 * fast).exp()),
    ];
    for method in METHODS {
        for (measure, truth) in truths {
            let options = BootstrapOptions { replicates: 499, method, ..BootstrapOptions::default() };
            let coverage = share(|rng| {
                let (first, second) = (sample(rng, fast), sample(rng, slow));
                holds(bootstrap_curves(&first, &second, measure, &options).unwrap().interval, truth)
            });
            covers(&format!("{measure:?}, {method:?}"), coverage);
        }
    }
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn patients_must_be_drawn_where_their_rows_are_alike() {
    let (patients, visits) = (80, 5);
    let names: Vec<usize> = (0..patients * visits).map(|row| row / visits).collect();
    let values = |rng: &mut ChaCha8Rng| -> Vec<f64> {
        (0..patients)
            .flat_map(|_| {
                let own = normal(rng);
                (0..visits).map(|_| own + normal(rng)).collect::<Vec<f64>>()
            })
            .collect()
    };
    for method in METHODS {
        let plan = ResamplingPlan::clusters(&names).unwrap();
        covers(&format!("patients drawn, {method:?}"), share(|rng| holds(of_mean(&values(rng), &plan, method).interval, 0.0)));
    }
    let rows = ResamplingPlan::rows(patients * visits).unwrap();
    let wrong = share(|rng| holds(of_mean(&values(rng), &rows, BootstrapMethod::Percentile).interval, 0.0));
    println!("rows drawn: coverage {wrong:.4}");
    assert!(wrong < 0.85, "drawing rows should not cover here, but does: {wrong}");
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn kendalls_test_keeps_its_size_with_and_without_ties() {
    for n in [15, 60] {
        keeps_size(
            &format!("Mann–Kendall, {n} values"),
            share(|rng| mann_kendall(None, &(0..n).map(|_| normal(rng)).collect::<Vec<f64>>()).unwrap().test.p_value < 0.05),
        );
    }
    keeps_size(
        "Mann–Kendall, whole scores",
        share(|rng| {
            let scores: Vec<f64> = (0..40).map(|_| (4.0 + normal(rng)).round()).collect();
            mann_kendall(None, &scores).unwrap().test.p_value < 0.05
        }),
    );
    keeps_size(
        "Mann–Kendall, ties in both",
        share(|rng| {
            let x: Vec<f64> = (0..60).map(|_| (8.0 * rng.random::<f64>()).floor()).collect();
            let y: Vec<f64> = (0..60).map(|_| (4.0 + normal(rng)).round()).collect();
            mann_kendall(Some(&x), &y).unwrap().test.p_value < 0.05
        }),
    );
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn intervals_of_limits_of_agreement_cover() {
    // Differences with mean 1 and standard deviation 2.
    let truth = 1.0 + 2.0 * normal_quantile(0.975);
    for n in [12, 40] {
        let found = |rng: &mut ChaCha8Rng| {
            let second: Vec<f64> = (0..n).map(|_| 50.0 + 10.0 * normal(rng)).collect();
            let first: Vec<f64> = second.iter().map(|value| value + 1.0 + 2.0 * normal(rng)).collect();
            bland_altman(&first, &second, 0.95, 0.95).unwrap()
        };
        covers(&format!("exact limit of agreement, {n} pairs"), share(|rng| holds(found(rng).upper.exact, truth)));
        covers(&format!("approximate limit of agreement, {n} pairs"), share(|rng| holds(found(rng).upper.approximate, truth)));
    }
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn intervals_of_limits_with_several_pairs_cover() {
    for (name, between) in [("equal", 1.5_f64), ("uneven", 1.5), ("uneven, patients alike", 0.5)] {
        let truth = 1.0 + (between * between + 1.0).sqrt() * normal_quantile(0.975);
        let coverage = share(|rng| {
            let (mut subject, mut first, mut second) = (vec![], vec![], vec![]);
            for patient in 0..40 {
                let own = 1.0 + between * normal(rng);
                for _ in 0..if name == "equal" { 3 } else { 1 + patient % 5 } {
                    let value = 50.0 + 10.0 * normal(rng);
                    subject.push(patient);
                    first.push(value + own + normal(rng));
                    second.push(value);
                }
            }
            holds(bland_altman_repeated(&subject, &first, &second, 0.95, 0.95).unwrap().upper.interval.unwrap(), truth)
        });
        covers(&format!("limit of agreement, {name} pairs"), coverage);
    }
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn intraclass_and_concordance_correlations_cover() {
    // Variances: patients 4, raters 0.5, error 1.
    let ratings = |rng: &mut ChaCha8Rng, raters: usize, of_raters: f64| -> Vec<Vec<f64>> {
        let truth: Vec<f64> = (0..40).map(|_| 50.0 + 2.0 * normal(rng)).collect();
        (0..raters)
            .map(|_| {
                let shift = of_raters * normal(rng);
                truth.iter().map(|value| value + shift + normal(rng)).collect()
            })
            .collect()
    };
    let correlations = |rng: &mut ChaCha8Rng, raters: usize, of_raters: f64| {
        let columns = ratings(rng, raters, of_raters);
        intraclass_correlation(&columns.iter().map(|column| &column[..]).collect::<Vec<_>>(), 0.95).unwrap()
    };
    covers("ICC(1,1)", share(|rng| holds(correlations(rng, 3, 0.0).one_way_single.unwrap().interval.unwrap(), 0.8)));
    covers("ICC(1,k)", share(|rng| holds(correlations(rng, 3, 0.0).one_way_mean.unwrap().interval.unwrap(), 4.0 / (4.0 + 1.0 / 3.0))));
    covers("ICC(3,1)", share(|rng| holds(correlations(rng, 3, 0.7).consistency_single.unwrap().interval.unwrap(), 0.8)));
    let truth = 4.0 / 5.5;
    covers("ICC(2,1)", share(|rng| holds(correlations(rng, 5, 0.5_f64.sqrt()).agreement_single.unwrap().interval.unwrap(), truth)));
    covers(
        "concordance correlation",
        share(|rng| {
            let columns = ratings(rng, 2, 0.0);
            holds(concordance_correlation(&columns[0], &columns[1], 0.95).unwrap().interval, 0.8)
        }),
    );
    covers(
        "standard error of measurement",
        share(|rng| {
            let columns = ratings(rng, 3, 0.7);
            let columns: Vec<&[f64]> = columns.iter().map(|column| &column[..]).collect();
            holds(measurement_error(&columns, 0.95).unwrap().sem_interval, 1.0)
        }),
    );
}
