//! Single statistics inside one process: `cargo bench --bench statistics`. Data are made, not read; `docs/performance.md` has whole
//! processes beside R and Python.

#![allow(missing_docs, clippy::unwrap_used)]

use divan::{Bencher, black_box};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use staywell::stats::competing::{FineGrayMethod, IncidenceInterval, IncidenceVariance, TimeToCause, cumulative_incidence, fine_gray};
use staywell::stats::mixed::{Estimation, RandomEffects, linear_mixed_model};
use staywell::stats::regression::{Clusters, Family, Observations, WorkingCorrelation, estimating_equations};
use staywell::stats::resampling::{BootstrapMethod, BootstrapOptions, CurveMeasure, bootstrap_curves};
use staywell::stats::survival::{CoxModel, CoxOptions, CurveInterval, TimeToEvent, TimeTransform, kaplan_meier, log_rank};
use staywell::stats::{Covariates, theil_sen_slope};

fn main() {
    divan::main();
}

fn exponential(random: &mut ChaCha8Rng, rate: f64) -> f64 {
    -(1.0 - random.random::<f64>()).ln() / rate
}

/// `n` rows with five covariates, about half of them censored; times in whole days or continuous.
fn survival(n: usize, days: bool) -> (TimeToEvent, Covariates) {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut columns = vec![vec![]; 5];
    let (mut time, mut event) = (Vec::with_capacity(n), Vec::with_capacity(n));
    for _ in 0..n {
        let x: [f64; 5] =
            std::array::from_fn(|j| if j % 2 == 0 { f64::from(random.random::<bool>()) } else { 2.0 * random.random::<f64>() });
        let rate = (0.5 * x[0] - 0.3 * x[1] + 0.2 * x[2]).exp() / 400.0;
        let (t, c) = (exponential(&mut random, rate), 730.0 * random.random::<f64>());
        let followed = t.min(c);
        time.push(if days { followed.ceil() } else { followed });
        event.push(t <= c);
        columns.iter_mut().zip(x).for_each(|(column, x)| column.push(x));
    }
    let names = (1..=5).map(|j| format!("x{j}")).collect();
    (TimeToEvent::new(time, event).unwrap(), Covariates::new(names, columns).unwrap())
}

#[divan::bench(args = [true, false], sample_count = 5)]
fn cox_five_covariates_1e6_days_or_continuous(bencher: Bencher, days: bool) {
    let (rows, covariates) = survival(1_000_000, days);
    bencher.bench_local(|| CoxModel::fit(black_box(&rows), &covariates, &CoxOptions::default()).unwrap());
}

#[divan::bench(sample_count = 5)]
fn concordance_1e6(bencher: Bencher) {
    let (rows, covariates) = survival(1_000_000, true);
    let model = CoxModel::fit(&rows, &covariates, &CoxOptions::default()).unwrap();
    bencher.bench_local(|| black_box(&model).concordance().unwrap());
}

#[divan::bench(sample_count = 5)]
fn residuals_1e6(bencher: Bencher) {
    let (rows, covariates) = survival(1_000_000, true);
    let model = CoxModel::fit(&rows, &covariates, &CoxOptions::default()).unwrap();
    bencher.bench_local(|| black_box(&model).residuals());
}

#[divan::bench(sample_count = 5)]
fn proportional_hazards_1e5(bencher: Bencher) {
    let (rows, covariates) = survival(100_000, true);
    let model = CoxModel::fit(&rows, &covariates, &CoxOptions::default()).unwrap();
    bencher.bench_local(|| model.proportional_hazards(black_box(&rows), TimeTransform::Km).unwrap());
}

/// 100,000 patients with five start–stop rows each.
#[divan::bench(args = [false, true], sample_count = 5)]
fn cox_start_stop_5e5_plain_or_clustered(bencher: Bencher, clustered: bool) {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let (mut start, mut stop, mut event, mut patient, mut columns) = (vec![], vec![], vec![], vec![], vec![vec![]; 3]);
    for id in 0..100_000 {
        let own = [f64::from(random.random::<bool>()), random.random::<f64>()];
        for visit in 0..5 {
            let (from, now) = (f64::from(visit) * 30.0, f64::from(random.random::<bool>()));
            let length = exponential(&mut random, (0.4 * own[0] + 0.5 * now).exp() / 300.0).ceil();
            start.push(from);
            stop.push(from + length.min(30.0));
            event.push(length <= 30.0);
            patient.push(id);
            [own[0], own[1], now].into_iter().zip(&mut columns).for_each(|(x, column): (f64, &mut Vec<f64>)| column.push(x));
        }
    }
    let rows = TimeToEvent::new(stop, event).unwrap().with_entry(start).unwrap();
    let covariates = Covariates::new(vec!["a".into(), "b".into(), "c".into()], columns).unwrap();
    let options = CoxOptions { cluster: clustered.then_some(patient.as_slice()), ..CoxOptions::default() };
    bencher.bench_local(|| CoxModel::fit(black_box(&rows), &covariates, &options).unwrap());
}

#[divan::bench(args = [true, false], sample_count = 5)]
fn kaplan_meier_1e6_days_or_continuous(bencher: Bencher, days: bool) {
    let (rows, _) = survival(1_000_000, days);
    let (time, event) = (rows.time().to_vec(), rows.event().to_vec());
    // With the sorting, which is most of it.
    bencher
        .with_inputs(|| (time.clone(), event.clone()))
        .bench_local_values(|(time, event)| kaplan_meier(&TimeToEvent::new(time, event).unwrap(), CurveInterval::LogLog, 0.95).unwrap());
}

#[divan::bench(args = [true, false], sample_count = 5)]
fn log_rank_1e6_days_or_continuous(bencher: Bencher, days: bool) {
    let ((first, _), (second, _)) = (survival(500_000, days), survival(500_000, days));
    bencher.bench_local(|| log_rank(black_box(&[&first, &second])).unwrap());
}

#[divan::bench(sample_count = 5)]
fn bootstrap_of_a_restricted_mean_difference_1000_times_2000_rows(bencher: Bencher) {
    let ((first, _), (second, _)) = (survival(1_000, true), survival(1_000, true));
    let options = BootstrapOptions { replicates: 1_000, method: BootstrapMethod::Percentile, ..BootstrapOptions::default() };
    bencher
        .bench_local(|| bootstrap_curves(black_box(&first), &second, CurveMeasure::RmstDifference { horizon: 365.0 }, &options).unwrap());
}

/// 5,000 patients, 16 weeks.
fn weeks() -> (Vec<f64>, Covariates, Vec<usize>) {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let (mut y, mut week, mut treated, mut patient) = (vec![], vec![], vec![], vec![]);
    for id in 0..5_000 {
        let (level, slope, arm) = (random.random::<f64>() * 3.0, random.random::<f64>() * 0.2, f64::from(random.random::<bool>()));
        for now in 0..16 {
            let time = f64::from(now);
            y.push(6.0 + level - (0.2 + slope + 0.05 * arm) * time + random.random::<f64>() + random.random::<f64>());
            week.push(time);
            treated.push(arm);
            patient.push(id);
        }
    }
    (y, Covariates::new(vec!["week".into(), "treated".into()], vec![week, treated]).unwrap(), patient)
}

#[divan::bench(sample_count = 10)]
fn mixed_model_random_slope_5000_patients_16_weeks(bencher: Bencher) {
    let (y, x, patient) = weeks();
    let random = RandomEffects::InterceptAndSlope { column: 0, correlated: true };
    bencher.bench_local(|| linear_mixed_model(black_box(&y), Some(&x), &patient, random, Estimation::Reml, 0.95).unwrap());
}

#[divan::bench(sample_count = 10)]
fn estimating_equations_5000_patients_16_weeks(bencher: Bencher) {
    let (y, x, patient) = weeks();
    let clusters = Clusters { id: &patient, wave: None };
    bencher.bench_local(|| {
        estimating_equations(&Observations::new(black_box(&y), &x), &clusters, Family::Gaussian, WorkingCorrelation::Exchangeable, 0.95)
            .unwrap()
    });
}

#[divan::bench(sample_count = 20)]
fn theil_sen_of_5000_patients_16_weeks(bencher: Bencher) {
    let (y, _, _) = weeks();
    let x: Vec<f64> = (0..16).map(f64::from).collect();
    let mut scratch = Vec::new();
    bencher.bench_local(|| y.chunks_exact(16).filter_map(|own| theil_sen_slope(black_box(&x), own, &mut scratch)).sum::<f64>());
}

fn causes(n: usize) -> (TimeToCause, Covariates) {
    let mut random = ChaCha8Rng::seed_from_u64(4);
    let (mut time, mut cause, mut columns) = (vec![], vec![], vec![vec![]; 2]);
    for _ in 0..n {
        let x = [f64::from(random.random::<bool>()), random.random::<f64>()];
        let (a, b, c) =
            (exponential(&mut random, (0.5 * x[0]).exp() / 400.0), exponential(&mut random, 1.0 / 600.0), 730.0 * random.random::<f64>());
        let first = a.min(b).min(c);
        time.push(first.ceil());
        cause.push(if first >= c { 0 } else { 1 + usize::from(b < a) });
        x.into_iter().zip(&mut columns).for_each(|(x, column): (f64, &mut Vec<f64>)| column.push(x));
    }
    (TimeToCause::new(time, cause).unwrap(), Covariates::new(vec!["a".into(), "b".into()], columns).unwrap())
}

#[divan::bench(sample_count = 10)]
fn fine_gray_1e5(bencher: Bencher) {
    let (rows, covariates) = causes(100_000);
    bencher.bench_local(|| fine_gray(black_box(&rows), 1, &covariates, FineGrayMethod::Crr, 0.95).unwrap());
}

#[divan::bench(sample_count = 10)]
fn cumulative_incidence_1e5(bencher: Bencher) {
    let (rows, _) = causes(100_000);
    bencher.bench_local(|| {
        cumulative_incidence(black_box(&rows), IncidenceVariance::InfinitesimalJackknife, IncidenceInterval::LogLog, 0.95).unwrap()
    });
}
