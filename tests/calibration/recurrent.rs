//! Recurrent events, rates and interval-censored times.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use staywell::stats::recurrent::{CountInterval, MeanCumulativeFunction, RecurrentRows, mean_count_difference, mean_cumulative_function};
use staywell::stats::survival::{IntervalCensored, person_years, rate_ratio, turnbull};

use super::{covers, exponential, keeps_size, share};

/// Patients with events at rates that differ between them (gamma frailty of mean 1 and variance 1), followed for 0.5 to 1.5 years.
fn patients(rng: &mut ChaCha8Rng, n: usize, rate: f64) -> MeanCumulativeFunction {
    let (mut id, mut start, mut stop, mut event) = (vec![], vec![], vec![], vec![]);
    for patient in 0..n {
        let (frailty, end) = (exponential(rng, 1.0), 0.5 + rng.random::<f64>());
        let mut time = 0.0;
        loop {
            let next = time + exponential(rng, rate * frailty);
            id.push(patient);
            start.push(time);
            stop.push(next.min(end));
            event.push(next < end);
            if next >= end {
                break;
            }
            time = next;
        }
    }
    mean_cumulative_function(&RecurrentRows::new(id, start, stop, event).unwrap(), CountInterval::Log, 0.95).unwrap()
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn limits_of_a_mean_count_cover_though_patients_differ() {
    covers(
        "mean cumulative function",
        share(|rng| {
            let point = patients(rng, 120, 2.0).at(1.0).unwrap();
            point.lower.unwrap() <= 2.0 && 2.0 <= point.upper.unwrap()
        }),
    );
    keeps_size(
        "difference of mean counts",
        share(|rng| {
            let (one, two) = (patients(rng, 120, 2.0), patients(rng, 120, 2.0));
            mean_count_difference(&one, &two, 1.0).unwrap().test.p_value < 0.05
        }),
    );
}

/// Poisson count by adding exponential gaps.
fn poisson(rng: &mut ChaCha8Rng, mean: f64) -> usize {
    let (mut count, mut time) = (0, exponential(rng, 1.0));
    while time < mean {
        count += 1;
        time += exponential(rng, 1.0);
    }
    count
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn exact_limits_of_rates_cover_and_the_mid_p_test_keeps_its_size() {
    for mean in [8.0, 30.0] {
        let coverage = share(|rng| {
            let count = poisson(rng, mean);
            let event: Vec<bool> = (0..100).map(|row| row < count).collect();
            let interval = person_years(None, &[0.01; 100], &event, &[0; 100], 1.0, 0.95).unwrap()[0].interval;
            interval.lower <= mean && mean <= interval.upper
        });
        // Exact limits cover at least as often as they say for every rate, so more often for most: counts come in steps.
        println!("exact Poisson limits, mean {mean}: coverage {coverage:.4}");
        assert!((0.945..=0.99).contains(&coverage));
    }
    let means = (40.0, 60.0);
    let ratio = |rng: &mut ChaCha8Rng| rate_ratio((poisson(rng, means.0), 2.0), (poisson(rng, means.1), 3.0), 0.95).unwrap();
    // Rates of 20 in both groups.
    let exact = share(|rng| {
        let found = ratio(rng);
        found.exact_lower <= 1.0 && found.exact_upper.is_none_or(|upper| 1.0 <= upper)
    });
    println!("exact conditional limits: coverage {exact:.4}");
    assert!((0.945..=0.99).contains(&exact));
    covers(
        "mid-p rate ratio",
        share(|rng| {
            let found = ratio(rng);
            found.mid_p_lower <= 1.0 && found.mid_p_upper.is_none_or(|upper| 1.0 <= upper)
        }),
    );
    keeps_size("mid-p rate ratio", share(|rng| ratio(rng).mid_p.p_value < 0.05));
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn the_interval_censored_curve_comes_nearer_the_truth_with_more_patients() {
    // Exponential times of mean 10 seen at visits every 1 to 4, a third of them dated exactly.
    let error = |n: usize| {
        let mut total = 0.0;
        for seed in 0..100 {
            let rng = &mut <ChaCha8Rng as rand::SeedableRng>::seed_from_u64(seed);
            let (left, right) = (0..n)
                .map(|_| {
                    let time = exponential(rng, 0.1);
                    if rng.random::<f64>() < 1.0 / 3.0 {
                        return (time, time);
                    }
                    let (mut last, mut next) = (0.0, 1.0 + 3.0 * rng.random::<f64>());
                    while next < time && next < 25.0 {
                        last = next;
                        next += 1.0 + 3.0 * rng.random::<f64>();
                    }
                    if next < time { (next, f64::INFINITY) } else { (last, next) }
                })
                .unzip();
            let found = turnbull(&IntervalCensored::new(left, right).unwrap()).unwrap();
            let errors = (1..=20).map(f64::from).map(|time| {
                let bounds = found.survival_bounds(time);
                (f64::midpoint(bounds.lower, bounds.upper) - (-0.1 * time).exp()).abs()
            });
            total += errors.sum::<f64>() / 20.0;
        }
        total / 100.0
    };
    let (small, large) = (error(100), error(1_600));
    println!("Turnbull: mean absolute error {small:.4} of 100, {large:.4} of 1600");
    assert!(small < 0.06 && large < 0.02 && large < small / 2.0);
}
