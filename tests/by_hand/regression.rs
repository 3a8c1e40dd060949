//! Least squares, analysis of covariance, logistic and Poisson models, estimating equations, inverse-probability weights.

use staywell::stats::StatsError;
use staywell::stats::causal::{SmdDenominator, WeightKind, balance, propensity_weights, weighted_difference};
use staywell::stats::regression::{
    Clusters, Covariance, Family, Observations, WorkingCorrelation, ancova, estimating_equations, generalized_linear_model,
    linear_regression,
};
use staywell::stats::survival::Covariates;

use super::close;

fn columns(named: &[(&str, &[f64])]) -> Covariates {
    Covariates::new(named.iter().map(|pair| pair.0.to_owned()).collect(), named.iter().map(|pair| pair.1.to_vec()).collect()).unwrap()
}

fn iterated(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{found} is not {expected}");
}

/// Orthogonal columns: mean 4, b₁ = (−1 − 2 + 4 + 9)/4 = 2.5, b₂ = (−1 + 2 − 4 + 9)/4 = 1.5; fitted 0, 3, 5, 8; residuals 1, −1, −1, 1.
#[test]
fn two_orthogonal_covariates() {
    let y = [1.0, 2.0, 4.0, 9.0];
    let x = columns(&[("first", &[-1.0, -1.0, 1.0, 1.0]), ("second", &[-1.0, 1.0, -1.0, 1.0])]);
    let observations = Observations::new(&y, &x);
    let fit = linear_regression(&observations, Covariance::Classical, 0.95).unwrap();
    for (term, expected) in fit.coefficients.iter().zip([4.0, 2.5, 1.5]) {
        close(term.estimate, expected);
        // RSS = 4 on 4 − 3 = 1 degree of freedom: σ = 2, and √(σ²/4) = 1 for each.
        close(term.std_error, 1.0);
        close(term.statistic.unwrap(), expected);
    }
    close(fit.residual_std_error, 2.0);
    // Total 9 + 4 + 0 + 25 = 38.
    close(fit.r_squared.unwrap(), 34.0 / 38.0);
    close(fit.adjusted_r_squared.unwrap(), 1.0 - 4.0 / 38.0 * 3.0);
    close(fit.f_test.unwrap().statistic, 17.0 / 4.0);
    close(fit.joint_test(&["first", "second"]).unwrap().statistic, 17.0 / 4.0);
    // ℓ = −2 (ln(2π · 4/4) + 1).
    close(fit.log_likelihood.unwrap(), -2.0 * (std::f64::consts::TAU.ln() + 1.0));
    for (residual, expected) in fit.residuals.iter().zip([1.0, -1.0, -1.0, 1.0]) {
        close(*residual, expected);
    }
    fit.leverage.iter().for_each(|leverage| close(*leverage, 0.75));
    fit.variance_inflation().unwrap().iter().for_each(|factor| close(*factor, 1.0));
    // At (1, 1): 8 ± …, variance 1 + 1 + 1; a new one 3 + 4.
    let prediction = fit.predict(&[1.0, 1.0]).unwrap();
    close(prediction.estimate, 8.0);
    close(prediction.std_error, 3.0_f64.sqrt());
    let half = |interval: staywell::stats::Interval| (interval.upper - interval.lower) / 2.0;
    close(half(prediction.prediction_interval) / half(prediction.interval), (7.0_f64 / 3.0).sqrt());

    // Σ e² = 4, over 4² ; HC1 times 4/1; HC2 over 1 − ¾; HC3 over its square.
    for (covariance, expected) in [(Covariance::Hc0, 0.5), (Covariance::Hc1, 1.0), (Covariance::Hc2, 1.0), (Covariance::Hc3, 2.0)] {
        let fit = linear_regression(&observations, covariance, 0.95).unwrap();
        fit.coefficients.iter().for_each(|term| close(term.std_error, expected));
    }
    // Clusters of rows 1–2 and 3–4: Σ e = 0 and Σ e x₁ = 0 in both, Σ e x₂ = −2 and 2. So 8 · 2/(2 − 1) / 4² = 1, HC1 times 3/1.
    let clustered = linear_regression(&observations, Covariance::ClusterHc0(&[7, 7, 3, 3]), 0.95).unwrap();
    for (term, expected) in clustered.coefficients.iter().zip([0.0, 0.0, 1.0]) {
        close(term.std_error, expected);
        assert_eq!(term.statistic.is_some(), expected > 0.0);
    }
    let clustered = linear_regression(&observations, Covariance::ClusterHc1(&[7, 7, 3, 3]), 0.95).unwrap();
    close(clustered.coefficients[2].std_error, 3.0_f64.sqrt());
}

/// Group a at x = 0, 2 with y = 1, 4; group b at x = 2, 4 with y = 5, 6. Common slope (3 + 1)/(2 + 2) = 1, mean x = 2.
#[test]
fn adjusted_means() {
    let x = columns(&[("x", &[0.0, 2.0, 2.0, 4.0])]);
    let y = [1.0, 4.0, 5.0, 6.0];
    let names = ["a".to_owned(), "b".to_owned()];
    let found = ancova(&Observations::new(&y, &x), &[0, 0, 1, 1], &names, Covariance::Classical, 0.95).unwrap();
    // 2.5 + 1 · (2 − 1) and 5.5 + 1 · (2 − 3).
    close(found.adjusted_means[0].mean.estimate, 3.5);
    close(found.adjusted_means[1].mean.estimate, 4.5);
    // Residuals ∓½, ±½: RSS 1 on 1 degree of freedom; variance 1 · (½ + ½ + (3 − 1)²/4) = 2.
    close(found.differences[0].difference.estimate, 1.0);
    close(found.differences[0].difference.std_error, 2.0_f64.sqrt());
    close(found.group_test.unwrap().statistic, 0.5);
    // Variance of an adjusted mean: ½ + (2 − 1)²/4.
    close(found.adjusted_means[0].mean.std_error, 0.75_f64.sqrt());
}

/// 6 of 10 exposed and 3 of 10 unexposed with the outcome: odds ratio (6 · 7)/(4 · 3) = 3.5.
#[test]
fn an_odds_ratio_and_a_risk_ratio() {
    let (y, x) = (
        [vec![1.0; 6], vec![0.0; 4], vec![1.0; 3], vec![0.0; 7]].concat(),
        columns(&[("exposed", &[vec![1.0; 10], vec![0.0; 10]].concat())]),
    );
    let observations = Observations::new(&y, &x);
    let fit = generalized_linear_model(&observations, Family::Binomial, Covariance::Classical, 0.95).unwrap();
    iterated(fit.coefficients[0].estimate, (3.0_f64 / 7.0).ln());
    iterated(fit.coefficients[1].ratio().unwrap().ratio, 3.5);
    iterated(fit.coefficients[1].std_error, (1.0_f64 / 6.0 + 1.0 / 4.0 + 1.0 / 3.0 + 1.0 / 7.0).sqrt());
    let log_likelihood = 6.0 * 0.6_f64.ln() + 4.0 * 0.4_f64.ln() + 3.0 * 0.3_f64.ln() + 7.0 * 0.7_f64.ln();
    iterated(fit.log_likelihood.unwrap(), log_likelihood);
    iterated(fit.deviance, -2.0 * log_likelihood);
    iterated(fit.null_deviance, -2.0 * (9.0 * 0.45_f64.ln() + 11.0 * 0.55_f64.ln()));
    iterated(fit.predict(&[1.0], 0.0).unwrap().mean.estimate, 0.6);
    // The same table as four rows with counts as weights, and as two shares of ten.
    let four = columns(&[("exposed", &[1.0, 1.0, 0.0, 0.0])]);
    let weighted = Observations::new(&[1.0, 0.0, 1.0, 0.0], &four).with_weights(&[6.0, 4.0, 3.0, 7.0]);
    let weighted = generalized_linear_model(&weighted, Family::Binomial, Covariance::Classical, 0.95).unwrap();
    iterated(weighted.coefficients[1].std_error, fit.coefficients[1].std_error);
    let two = columns(&[("exposed", &[1.0, 0.0])]);
    let shares = Observations::new(&[0.6, 0.3], &two).with_weights(&[10.0, 10.0]);
    let shares = generalized_linear_model(&shares, Family::Binomial, Covariance::Classical, 0.95).unwrap();
    iterated(shares.coefficients[1].estimate, 3.5_f64.ln());
    // Two binomial terms with C(10, 6) = 210 and C(10, 3) = 120.
    iterated(shares.log_likelihood.unwrap(), log_likelihood + 210.0_f64.ln() + 120.0_f64.ln());

    // Poisson with robust errors: risk ratio 0.6/0.3 = 2, Var ln RR = 0.4/6 + 0.7/3.
    let risk = generalized_linear_model(&observations, Family::Poisson, Covariance::Hc0, 0.95).unwrap();
    iterated(risk.coefficients[1].ratio().unwrap().ratio, 2.0);
    iterated(risk.coefficients[1].std_error, (0.4_f64 / 6.0 + 0.7 / 3.0).sqrt());
}

/// 8 events in 100 days against 15 in 60: rate ratio (15/60)/(8/100) = 3.125, variance of its logarithm 1/8 + 1/15.
#[test]
fn a_rate_ratio() {
    let x = columns(&[("group", &[0.0, 1.0])]);
    let offset = [100.0_f64.ln(), 60.0_f64.ln()];
    let fit =
        generalized_linear_model(&Observations::new(&[8.0, 15.0], &x).with_offset(&offset), Family::Poisson, Covariance::Classical, 0.95)
            .unwrap();
    iterated(fit.coefficients[1].ratio().unwrap().ratio, 3.125);
    iterated(fit.coefficients[1].std_error, (1.0_f64 / 8.0 + 1.0 / 15.0).sqrt());
    // Null: 23 in 160 days, expecting 14.375 and 8.625.
    iterated(fit.null_deviance, 2.0 * (8.0 * (8.0_f64 / 14.375).ln() + 15.0 * (15.0_f64 / 8.625).ln()));
    assert!(fit.deviance.abs() < 1e-9);
}

/// Clusters (1, 3) and (5, 7): mean 4, residuals −3, −1, 1, 3, φ = 20/4 = 5, α = (3 + 3)/2/5 = 0.6; cluster sums ∓4, so √32/4 = √2.
#[test]
fn a_mean_of_two_clusters() {
    let y = [1.0, 5.0, 3.0, 7.0];
    let clusters = Clusters { id: &[10, 20, 10, 20], wave: None };
    let fit =
        |clusters, working| estimating_equations(&Observations::intercept_only(&y), clusters, Family::Gaussian, working, 0.95).unwrap();
    for working in [WorkingCorrelation::Independence, WorkingCorrelation::Exchangeable, WorkingCorrelation::Ar1] {
        let found = fit(&clusters, working);
        iterated(found.coefficients[0].estimate, 4.0);
        iterated(found.coefficients[0].std_error, 2.0_f64.sqrt());
        iterated(found.scale.estimate, 5.0);
        match working {
            WorkingCorrelation::Independence => assert_eq!(found.correlation, None),
            _ => iterated(found.correlation.unwrap().estimate, 0.6),
        }
    }
    // Two waves apart the same correlation is α².
    let apart = Clusters { id: &[10, 20, 10, 20], wave: Some(&[1, 2, 3, 4]) };
    iterated(fit(&apart, WorkingCorrelation::Ar1).correlation.unwrap().estimate, 0.6_f64.sqrt());
    // Model-based: φ · Σ over clusters of 2/(1 + α), inverted: 5 / (4/1.6) = 2.
    iterated(fit(&clusters, WorkingCorrelation::Exchangeable).model_covariance[0][0], 2.0);
}

/// x = 0: 1 of 4 exposed; x = 1: 3 of 4. Weights 4, 4/3, 4/3, 4/3 for the exposed; outcome x + exposed, so the difference is 1.
#[test]
fn inverse_probability_weights() {
    let x = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
    let exposed = [true, false, false, false, true, true, true, false];
    let covariates = columns(&[("x", &x)]);
    let found = propensity_weights(&exposed, &covariates, WeightKind::Average, None, 0.95).unwrap();
    let third = 4.0 / 3.0;
    for (weight, expected) in found.weights.iter().zip([4.0, third, third, third, third, third, third, 4.0]) {
        iterated(*weight, expected);
    }
    // 8²/(16 + 3 · 16/9) = 3.
    iterated(found.exposed.effective_sample_size, 3.0);
    let stabilized = propensity_weights(&exposed, &covariates, WeightKind::StabilizedAverage, None, 0.95).unwrap();
    iterated(stabilized.weights[0], 2.0);
    let treated = propensity_weights(&exposed, &covariates, WeightKind::Exposed, None, 0.95).unwrap();
    // e/(1 − e): 1/3 at x = 0, 3 at x = 1.
    iterated(treated.weights[1], 1.0 / 3.0);
    iterated(treated.weights[7], 3.0);
    let overlap = propensity_weights(&exposed, &covariates, WeightKind::Overlap, None, 0.95).unwrap();
    iterated(overlap.weights[0], 0.75);
    // The largest is cut to the 75th percentile: of 1.33 six times and 4 twice, position 5.25 is 1.33 + 0.25 · (4 − 1.33) = 2.
    let cut = propensity_weights(&exposed, &covariates, WeightKind::Average, Some((0.0, 0.75)), 0.95).unwrap();
    iterated(cut.weights[0], 2.0);
    assert_eq!(cut.truncation.unwrap().n_lowered, 2);

    let table = balance(&exposed, &covariates, &found.weights, SmdDenominator::Pooled).unwrap();
    // (0.75 − 0.25)/√(0.75 · 0.25).
    iterated(table.rows[0].smd.unwrap(), 0.5 / 0.1875_f64.sqrt());
    assert!(table.rows[0].is_binary && table.rows[0].weighted_smd.unwrap().abs() < 1e-9);
    iterated(table.rows[0].weighted_mean_exposed, 0.5);
    let outcome: Vec<f64> = x.iter().zip(exposed).map(|(x, exposed)| x + f64::from(exposed)).collect();
    let difference = weighted_difference(&outcome, &exposed, &covariates, &found, 0.95).unwrap();
    iterated(difference.difference.estimate, 1.0);
    // Given weights: Σ w²(y − m)² / 8² with |y − m| = ½ and Σ w² = 64/3 in each group: 2 · 16/3/64 = 1/6.
    iterated(difference.std_error_given_weights, (1.0_f64 / 6.0).sqrt());
    // The outcome less the exposure is x itself, which the weights balance exactly: the difference has no error of its own.
    assert!(difference.difference.std_error < 1e-9);
}

/// An outlier far out in x moves far in its logit while the others converge: no separation, since 5 has no event and 4 has.
#[test]
fn an_outlying_covariate_does_not_separate() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 1000.0];
    let y = [0.0, 0.0, 0.0, 1.0, 0.0, 1.0];
    let covariates = columns(&[("x", &x)]);
    let fit = generalized_linear_model(&Observations::new(&y, &covariates), Family::Binomial, Covariance::Classical, 0.95).unwrap();
    // The event at 1000 is certain, so the others decide: Σ (y − p) = 0 and Σ x (y − p) = 0 over the first five.
    let [intercept, slope] = [fit.coefficients[0].estimate, fit.coefficients[1].estimate];
    let left: Vec<f64> = x[..5].iter().zip(&y).map(|(x, y)| y - 1.0 / (1.0 + (-intercept - slope * x).exp())).collect();
    iterated(left.iter().sum(), 0.0);
    iterated(left.iter().zip(&x).map(|(left, x)| left * x).sum(), 0.0);
    // R: glm(y ~ x, binomial).
    assert!((slope - 0.730_026).abs() < 1e-6 && (intercept + 3.877_439).abs() < 1e-6);
    // With the event at 5 instead of 4 they are separated.
    let y = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0];
    let apart = generalized_linear_model(&Observations::new(&y, &covariates), Family::Binomial, Covariance::Classical, 0.95);
    assert_eq!(apart, Err(StatsError::Separation { term: "x".to_owned() }));
}

/// Full steps of coefficients and correlation undo each other here for ever; the solution is that of damped steps in R.
#[test]
fn equations_whose_full_steps_cycle_are_solved() {
    let x = [-0.622, 0.429, 0.721, 1.699, 0.247, 0.741, 2.201, -1.925, -0.373, -0.21, -0.92, 0.062, 0.56, -0.399];
    let y = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0];
    let id = [1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 5, 5, 5, 5];
    let covariates = columns(&[("x", &x)]);
    let clusters = Clusters { id: &id, wave: None };
    let fit =
        estimating_equations(&Observations::new(&y, &covariates), &clusters, Family::Binomial, WorkingCorrelation::Ar1, 0.95).unwrap();
    let found = [fit.coefficients[0].estimate, fit.coefficients[1].estimate, fit.correlation.unwrap().estimate];
    for (found, expected) in found.into_iter().zip([-0.500_62, -0.057_41, -0.164_08]) {
        assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
    }
}

/// 6 of 10 exposed and 2 of 5 unexposed with the outcome. A row's leverage is 1 over the size of its group; HC1 multiplies by 15/13, HC2
/// divides a group's part by 1 − leverage (0.9 and 0.8), HC3 by its square.
#[test]
fn robust_errors_of_logistic_and_poisson_regression() {
    let (y, x) = (
        [vec![1.0; 6], vec![0.0; 4], vec![1.0; 2], vec![0.0; 3]].concat(),
        columns(&[("exposed", &[vec![1.0; 10], vec![0.0; 5]].concat())]),
    );
    // Σ (y − p)²/(n p)² = (1 − p)/(n p) of the log risk, 1/(n p (1 − p)) of the log odds.
    let parts = [(Family::Poisson, 0.4 / 6.0, 0.6 / 2.0), (Family::Binomial, 1.0 / 2.4, 1.0 / 1.2)];
    for (family, one, other) in parts {
        let expected = [
            (Covariance::Hc0, one + other),
            (Covariance::Hc1, (one + other) * 15.0 / 13.0),
            (Covariance::Hc2, one / 0.9 + other / 0.8),
            (Covariance::Hc3, one / 0.81 + other / 0.64),
        ];
        for (covariance, variance) in expected {
            let fit = generalized_linear_model(&Observations::new(&y, &x), family, covariance, 0.95).unwrap();
            iterated(fit.coefficients[1].std_error.powi(2), variance);
        }
    }
}
