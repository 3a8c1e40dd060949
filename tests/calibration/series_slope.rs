use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use staywell::stats::series_slope;

use super::{REPLICATIONS, normal};

/// Daily logs without a trend, each like the one before by `correlation`; whether the interval of the slope holds 0, where there is one.
fn holds_zero(rng: &mut ChaCha8Rng, days: usize, correlation: f64) -> Option<bool> {
    let mut value = normal(rng);
    let y: Vec<f64> = (0..days)
        .map(|_| {
            value = correlation * value + (1.0 - correlation * correlation).sqrt() * normal(rng);
            value
        })
        .collect();
    let x: Vec<f64> = (0..days).map(|day| day as f64).collect();
    series_slope(&x, &y, 0.95).ok().map(|found| found.interval.lower <= 0.0 && 0.0 <= found.interval.upper)
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn the_interval_of_a_series_slope_covers_where_logs_resemble_each_other() {
    // Four weeks are few to estimate a correlation from.
    for (days, correlation, least) in [(28, 0.0, 0.94), (28, 0.3, 0.93), (28, 0.6, 0.92), (84, 0.0, 0.94), (84, 0.3, 0.93), (84, 0.6, 0.93)]
    {
        let of = |seed| holds_zero(&mut ChaCha8Rng::seed_from_u64(seed), days, correlation);
        let held: Vec<bool> = (0..REPLICATIONS).into_par_iter().filter_map(of).collect();
        let coverage = held.iter().filter(|held| **held).count() as f64 / held.len() as f64;
        println!("{days} days, correlation {correlation}: coverage {coverage:.4}");
        assert!((least..=0.975).contains(&coverage), "{days} days, correlation {correlation}: coverage {coverage}");
    }
}
