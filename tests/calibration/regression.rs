//! Regression, estimating equations and inverse-probability weights.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use staywell::stats::Interval;
use staywell::stats::causal::{WeightKind, propensity_weights, weighted_difference};
use staywell::stats::regression::{
    Clusters, Covariance, Family, Observations, WorkingCorrelation, estimating_equations, generalized_linear_model, linear_regression,
};
use staywell::stats::survival::Covariates;

use super::{covers, exponential, keeps_size, normal, share};

fn inside(interval: Interval, truth: f64) -> bool {
    interval.lower <= truth && truth <= interval.upper
}

fn two(first: Vec<f64>, second: Vec<f64>) -> Covariates {
    Covariates::new(vec!["first".into(), "second".into()], vec![first, second]).unwrap()
}

/// Normal and 0/1 covariates.
fn covariates(rng: &mut ChaCha8Rng, n: usize) -> Covariates {
    two((0..n).map(|_| normal(rng)).collect(), (0..n).map(|_| f64::from(rng.random::<f64>() < 0.4)).collect())
}

fn poisson(rng: &mut ChaCha8Rng, mean: f64) -> f64 {
    // Arrivals before time 1.
    let (mut time, mut count) = (exponential(rng, mean), 0.0);
    while time < 1.0 {
        count += 1.0;
        time += exponential(rng, mean);
    }
    count
}

fn logistic(eta: f64) -> f64 {
    1.0 / (1.0 + (-eta).exp())
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn least_squares_covers_and_its_f_test_keeps_its_size() {
    let fit = |rng: &mut ChaCha8Rng, slope: f64| {
        let x = covariates(rng, 40);
        let y: Vec<f64> = x.columns()[0].iter().map(|x| 1.0 + slope * x + normal(rng)).collect();
        linear_regression(&Observations::new(&y, &x), Covariance::Classical, 0.95).unwrap()
    };
    covers("least squares, classical", share(|rng| inside(fit(rng, 0.7).coefficients[1].interval, 0.7)));
    keeps_size("least squares, F", share(|rng| fit(rng, 0.0).f_test.unwrap().p_value < 0.05));
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn hc3_covers_where_the_variance_grows_with_a_covariate() {
    let coverage = |covariance: Covariance<'static>| {
        share(move |rng| {
            let x = covariates(rng, 100);
            let y: Vec<f64> = x.columns()[0].iter().map(|x| 1.0 + 0.7 * x + (0.5 + x.abs()) * normal(rng)).collect();
            let fit = linear_regression(&Observations::new(&y, &x), covariance, 0.95).unwrap();
            inside(fit.coefficients[1].interval, 0.7)
        })
    };
    let classical = coverage(Covariance::Classical);
    println!("least squares under heteroscedasticity, classical: coverage {classical:.4}");
    covers("least squares under heteroscedasticity, HC3", coverage(Covariance::Hc3));
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn clustered_errors_cover_with_eighty_clusters() {
    let id: Vec<usize> = (0..400).map(|row| row / 5).collect();
    let coverage = share(|rng| {
        let (mut x, mut y) = (vec![], vec![]);
        for _ in 0..80 {
            let (level, shared) = (normal(rng), normal(rng));
            for _ in 0..5 {
                x.push(shared + 0.3 * normal(rng));
                y.push(1.0 + 0.7 * x[x.len() - 1] + level + normal(rng));
            }
        }
        let x = Covariates::new(vec!["x".into()], vec![x]).unwrap();
        let fit = linear_regression(&Observations::new(&y, &x), Covariance::ClusterHc1(&id), 0.95).unwrap();
        inside(fit.coefficients[1].interval, 0.7)
    });
    covers("least squares, cluster HC1", coverage);
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn logistic_regression_covers_and_its_tests_keep_their_size() {
    let fit = |rng: &mut ChaCha8Rng, slope: f64| {
        let x = covariates(rng, 300);
        let y: Vec<f64> = (0..300)
            .map(|row| f64::from(rng.random::<f64>() < logistic(-0.5 + slope * x.columns()[0][row] + slope * x.columns()[1][row])))
            .collect();
        generalized_linear_model(&Observations::new(&y, &x), Family::Binomial, Covariance::Classical, 0.95).unwrap()
    };
    covers("logistic", share(|rng| inside(fit(rng, 0.6).coefficients[1].interval, 0.6)));
    keeps_size("logistic, likelihood ratio", share(|rng| fit(rng, 0.0).likelihood_ratio.unwrap().p_value < 0.05));
    keeps_size("logistic, Wald", share(|rng| fit(rng, 0.0).joint_test(&["first", "second"]).unwrap().p_value < 0.05));
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn poisson_regression_with_robust_errors_covers_under_overdispersion() {
    let coverage = share(|rng| {
        let x = covariates(rng, 400);
        let y: Vec<f64> = (0..400)
            .map(|row| {
                // Frailty with mean 1 and variance 1/2: the variance of a count is its mean and half its square.
                let frailty = f64::midpoint(exponential(rng, 1.0), exponential(rng, 1.0));
                poisson(rng, frailty * (0.2 + 0.3 * x.columns()[0][row] - 0.4 * x.columns()[1][row]).exp())
            })
            .collect();
        let fit = generalized_linear_model(&Observations::new(&y, &x), Family::Poisson, Covariance::Hc0, 0.95).unwrap();
        inside(fit.coefficients[2].interval, -0.4)
    });
    covers("Poisson, HC0 under overdispersion", coverage);
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn estimating_equations_cover_with_sixty_clusters_of_unequal_size() {
    let coverage = |family: Family| {
        share(move |rng| {
            let (mut id, mut x, mut y) = (vec![], vec![], vec![]);
            for cluster in 0..60 {
                let (group, level) = (f64::from(rng.random::<bool>()), normal(rng));
                for _ in 0..(3 + cluster % 4) {
                    id.push(cluster);
                    x.push(group);
                    // Correlated through the level; a 0/1 outcome by cutting a normal one, so that its marginal model is exact.
                    let latent = 0.8 * level + 0.6 * normal(rng);
                    y.push(match family {
                        // P = 0.5 or 0.7: z of 0.7 is 0.5244.
                        Family::Binomial => f64::from(latent < if group > 0.5 { 0.524_400_512_708 } else { 0.0 }),
                        _ => 2.0 + 0.5 * group + latent,
                    });
                }
            }
            let x = Covariates::new(vec!["group".into()], vec![x]).unwrap();
            let clusters = Clusters { id: &id, wave: None };
            let fit = estimating_equations(&Observations::new(&y, &x), &clusters, family, WorkingCorrelation::Exchangeable, 0.95).unwrap();
            inside(fit.coefficients[1].interval, if family == Family::Binomial { (0.7_f64 / 0.3).ln() } else { 0.5 })
        })
    };
    covers("estimating equations, Gaussian", coverage(Family::Gaussian));
    covers("estimating equations, binomial", coverage(Family::Binomial));
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn a_weighted_difference_covers_under_measured_confounding() {
    let coverage = |kind: WeightKind| {
        share(move |rng| {
            let x = covariates(rng, 400);
            let index: Vec<f64> = (0..400).map(|row| 0.6 * x.columns()[0][row] + 0.5 * x.columns()[1][row]).collect();
            let exposed: Vec<bool> = index.iter().map(|index| rng.random::<f64>() < logistic(index - 0.2)).collect();
            // The same effect for everybody, so that all kinds of weights have it as their truth.
            let y: Vec<f64> = index.iter().zip(&exposed).map(|(index, &exposed)| 2.0 * index + f64::from(exposed) + normal(rng)).collect();
            let weights = propensity_weights(&exposed, &x, kind, None, 0.95).unwrap();
            inside(weighted_difference(&y, &exposed, &x, &weights, 0.95).unwrap().difference.interval.unwrap(), 1.0)
        })
    };
    for kind in [WeightKind::Average, WeightKind::Exposed, WeightKind::Overlap] {
        covers(&format!("weighted difference, {kind:?}"), coverage(kind));
    }
}

/// Patients with a probability of their own, from a beta distribution with mean 0.3 whose pairs of answers correlate by 1/4: Beta(0.9, 2.1).
#[test]
#[ignore = "long: run with --release -- --ignored"]
fn the_error_of_a_working_correlation_covers() {
    let coverage = share(|rng| {
        let (mut outcome, mut id, mut x) = (vec![], vec![], vec![]);
        for patient in 0..300 {
            let (a, b) = (gamma(rng, 0.9), gamma(rng, 2.1));
            for _ in 0..4 {
                outcome.push(f64::from(rng.random::<f64>() < a / (a + b)));
                id.push(patient);
                x.push(normal(rng));
            }
        }
        let covariates = Covariates::new(vec!["x".into()], vec![x]).unwrap();
        let clusters = Clusters { id: &id, wave: None };
        let observations = Observations::new(&outcome, &covariates);
        let fit = estimating_equations(&observations, &clusters, Family::Binomial, WorkingCorrelation::Exchangeable, 0.95).unwrap();
        let alpha = fit.correlation.unwrap();
        (alpha.estimate - 0.25).abs() <= 1.96 * alpha.std_error
    });
    covers("correlation within patients", coverage);
}

/// Marsaglia and Tsang's gamma variable.
fn gamma(rng: &mut ChaCha8Rng, shape: f64) -> f64 {
    if shape < 1.0 {
        return gamma(rng, shape + 1.0) * (1.0 - rng.random::<f64>()).powf(1.0 / shape);
    }
    let d = shape - 1.0 / 3.0;
    loop {
        let z = normal(rng);
        let v = (1.0 + z / (9.0 * d).sqrt()).powi(3);
        if v > 0.0 && (1.0 - rng.random::<f64>()).ln() < 0.5 * z * z + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}
