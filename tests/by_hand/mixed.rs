//! Mixed models of balanced data, where the answers are means and mean squares.

use staywell::stats::mixed::{Estimation, LinearMixedModel, RandomEffects, likelihood_ratio_test, linear_mixed_model};
use staywell::stats::survival::Covariates;
use staywell::stats::{StatsError, t_two_sided_p};

const SLOPE: RandomEffects = RandomEffects::InterceptAndSlope { column: 0, correlated: true };

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{found} is not {expected}");
}

fn one(name: &str, column: &[f64]) -> Covariates {
    Covariates::new(vec![name.to_owned()], vec![column.to_vec()]).unwrap()
}

/// Three patients measured twice: means 2, 6, 13 around 7.
fn three_patients(estimation: Estimation) -> LinearMixedModel {
    linear_mixed_model(&[1.0, 3.0, 5.0, 7.0, 12.0, 14.0], None, &[4, 4, 9, 9, 2, 2], RandomEffects::Intercept, estimation, 0.95).unwrap()
}

#[test]
fn one_way_reml_is_the_analysis_of_variance() {
    // SSB = 2 (25 + 1 + 36) = 124 on 2, MSB = 62; SSW = 3 · 2 = 6 on 3, MSW = 2. σ² = 2, τ² = (62 − 2)/2 = 30.
    let fit = three_patients(Estimation::Reml);
    near(fit.residual_std_dev, 2.0_f64.sqrt());
    near(fit.random_effects.covariance[0][0], 30.0);
    // The mean's variance is MSB/6, so its degrees of freedom are MSB's.
    let mean = &fit.fixed_effects[0];
    near(mean.estimate, 7.0);
    near(mean.std_error, (62.0_f64 / 6.0).sqrt());
    near(mean.df, 2.0);
    near(mean.p_value, t_two_sided_p(7.0 / (62.0_f64 / 6.0).sqrt(), 2.0));
    // V has eigenvalues 2 and 62, three times each; 1ᵀV⁻¹1 = 6/62; SSW/2 + SSB/62 = 3 + 2.
    near(fit.deviance, 5.0 * std::f64::consts::TAU.ln() + 3.0 * 2.0_f64.ln() + 3.0 * 62.0_f64.ln() + (6.0_f64 / 62.0).ln() + 5.0);
    near(fit.aic, fit.deviance + 6.0);
    near(fit.bic, fit.deviance + 3.0 * 6.0_f64.ln());
    // Predictions shrink the deviations −5, −1, 6 by 1 − 2/62 = 30/31; what stays unknown is 30 (1 − 30/31).
    let groups: Vec<usize> = fit.group_effects.iter().map(|effect| effect.group).collect();
    assert_eq!(groups, [2, 4, 9]);
    for (effect, deviation) in fit.group_effects.iter().zip([6.0, -5.0, -1.0]) {
        near(effect.effect[0], deviation * 30.0 / 31.0);
        near(effect.std_dev[0], (30.0_f64 / 31.0).sqrt());
    }
    near(fit.fitted[0], 7.0 - 5.0 * 30.0 / 31.0);
    near(fit.residuals[0], 1.0 - fit.fitted[0]);
    assert!(!fit.singular);
}

#[test]
fn one_way_maximum_likelihood_divides_by_the_groups() {
    // σ² + 2τ² = SSB/3.
    let fit = three_patients(Estimation::Ml);
    near(fit.residual_std_dev.powi(2), 2.0);
    near(fit.random_effects.covariance[0][0], (124.0 / 3.0 - 2.0) / 2.0);
    near(fit.deviance, 6.0 * std::f64::consts::TAU.ln() + 3.0 * 2.0_f64.ln() + 3.0 * (124.0_f64 / 3.0).ln() + 6.0);
}

#[test]
fn the_interval_of_the_intraclass_correlation_comes_from_f() {
    let fit = three_patients(Estimation::Reml);
    let correlation = fit.intraclass_correlation.unwrap();
    near(correlation.estimate, 30.0 / 32.0);
    // F = 31. With 2 and 3 degrees of freedom the upper tail at x is (1 + 2x/3)^(−3/2).
    let quantile = |tail: f64| 1.5 * (tail.powf(-2.0 / 3.0) - 1.0);
    let share = |critical: f64| (31.0 / critical - 1.0) / (31.0 / critical + 1.0);
    let interval = correlation.interval.unwrap();
    near(interval.lower, share(quantile(0.025)));
    near(interval.upper, share(quantile(0.975)));
    near(fit.explained_variance.marginal, 0.0);
    near(fit.explained_variance.conditional, 30.0 / 32.0);
}

#[test]
fn with_equal_times_a_random_slope_is_the_mean_of_the_patients_lines() {
    // Lines with intercepts 10, 14, 12, 20 and slopes 1, 2, 4, 5 at t = −1, 0, 1, plus ±(1, −2, 1)/2, which no line follows.
    let (intercepts, slopes, signs) = ([10.0, 14.0, 12.0, 20.0], [1.0, 2.0, 4.0, 5.0], [0.5, -0.5, -0.5, 0.5]);
    let (mut y, mut t, mut groups) = (vec![], vec![], vec![]);
    for patient in 0..4 {
        for (time, bend) in [(-1.0, 1.0), (0.0, -2.0), (1.0, 1.0)] {
            y.push(intercepts[patient] + slopes[patient] * time + signs[patient] * bend);
            t.push(time);
            groups.push(patient);
        }
    }
    let fit = linear_mixed_model(&y, Some(&one("week", &t)), &groups, SLOPE, Estimation::Reml, 0.95).unwrap();
    // Each patient leaves 6/4 on one degree of freedom: σ² = 1.5. The lines vary by S = D + σ² diag(1/3, 1/2).
    near(fit.residual_std_dev.powi(2), 1.5);
    near(fit.random_effects.covariance[0][0], 56.0 / 3.0 - 0.5);
    near(fit.random_effects.covariance[0][1], 6.0);
    near(fit.random_effects.covariance[1][1], 10.0 / 3.0 - 0.75);
    near(fit.random_effects.correlation.unwrap(), 6.0 / ((56.0_f64 / 3.0 - 0.5) * (10.0 / 3.0 - 0.75)).sqrt());
    // Means 14 and 3 with variances S/4 on 3 degrees of freedom.
    for (effect, (mean, variance)) in fit.fixed_effects.iter().zip([(14.0, 56.0 / 12.0), (3.0, 10.0 / 12.0)]) {
        near(effect.estimate, mean);
        near(effect.std_error.powi(2), variance);
        near(effect.df, 3.0);
    }
    near(fit.covariance[0][1], 6.0 / 4.0);
    assert_eq!(fit.fixed_effects[1].name, "week");
    assert_eq!(fit.n_parameters, 6);
}

#[test]
fn equal_means_leave_no_variance_between_groups_and_say_so() {
    let fit =
        linear_mixed_model(&[1.0, 3.0, 3.0, 1.0, 2.0, 2.0], None, &[0, 0, 1, 1, 2, 2], RandomEffects::Intercept, Estimation::Reml, 0.95)
            .unwrap();
    assert!(fit.singular);
    assert_eq!(fit.singular_component.as_deref(), Some("the variance of \"(Intercept)\" between groups is 0"));
    // As if the six values were unrelated: variance 4/5 on 5.
    near(fit.random_effects.std_dev[0], 0.0);
    near(fit.residual_std_dev.powi(2), 0.8);
    near(fit.fixed_effects[0].std_error.powi(2), 0.8 / 6.0);
    near(fit.fixed_effects[0].df, 5.0);
    near(fit.intraclass_correlation.unwrap().interval.unwrap().lower, 0.0);
    assert!(fit.group_effects.iter().all(|effect| effect.effect[0] == 0.0 && effect.std_dev[0] == 0.0));
}

#[test]
fn lines_that_fan_out_from_one_point_are_perfectly_correlated() {
    // Everybody has 5 at week 2; slopes −2, −1, 1, 2; bends that no line follows leave a residual.
    let (mut y, mut t, mut groups) = (vec![], vec![], vec![]);
    for (patient, slope) in [-2.0, -1.0, 1.0, 2.0].into_iter().enumerate() {
        for (week, bend) in [(1.0, 0.3), (2.0, -0.6), (3.0, 0.3)] {
            y.push(5.0 + slope * (week - 2.0) + if patient % 2 == 0 { bend } else { -bend });
            t.push(week);
            groups.push(patient);
        }
    }
    let fit = linear_mixed_model(&y, Some(&one("week", &t)), &groups, SLOPE, Estimation::Reml, 0.95).unwrap();
    assert!(fit.singular);
    assert_eq!(fit.singular_component.as_deref(), Some("the correlation of \"(Intercept)\" and \"week\" is -1"));
    assert_eq!(fit.random_effects.correlation, Some(-1.0));
    // Intercepts are −2 slopes.
    near(fit.random_effects.std_dev[0], 2.0 * fit.random_effects.std_dev[1]);
}

#[test]
fn the_likelihood_ratio_of_a_covariate_between_groups_is_that_of_their_means() {
    // Means 1, 3 in one arm, 7, 11 in the other; halves ±1 around each. SSB = 2 · 59 without, 2 (2 + 8) with the arm.
    let (y, groups) = ([0.0, 2.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0], [0, 0, 1, 1, 2, 2, 3, 3]);
    let arm = one("arm", &[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
    let fit = |fixed: Option<&Covariates>, estimation| {
        linear_mixed_model(&y, fixed, &groups, RandomEffects::Intercept, estimation, 0.95).unwrap()
    };
    let (small, large) = (fit(None, Estimation::Ml), fit(Some(&arm), Estimation::Ml));
    let test = likelihood_ratio_test(&small, &large).unwrap();
    near(test.statistic, 4.0 * (118.0_f64 / 20.0).ln());
    assert_eq!(test.df, Some(1.0));
    let reason = |small: &LinearMixedModel, large: &LinearMixedModel| likelihood_ratio_test(small, large).unwrap_err().to_string();
    assert_eq!(reason(&large, &small), "the two models cannot be compared: the second has no parameters more than the first");
    assert_eq!(
        reason(&small, &fit(Some(&arm), Estimation::Reml)),
        "the two models cannot be compared: one was fitted by maximum, one by restricted maximum likelihood"
    );
    assert_eq!(
        reason(&fit(None, Estimation::Reml), &fit(Some(&arm), Estimation::Reml)),
        "the two models cannot be compared: restricted likelihoods of different fixed effects are not on one scale; fit both by \
         maximum likelihood"
    );
    assert_eq!(reason(&three_patients(Estimation::Ml), &large), "the two models cannot be compared: they were fitted to different rows");
}

#[test]
fn what_cannot_be_estimated_is_said_in_words() {
    let y = [1.0, 3.0, 5.0, 7.0, 12.0, 15.0];
    let week = one("week", &[0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
    let fit = |y: &[f64], fixed: Option<&Covariates>, groups: &[usize], random| {
        linear_mixed_model(y, fixed, groups, random, Estimation::Reml, 0.95).unwrap_err().to_string()
    };
    let level = RandomEffects::Intercept;
    assert_eq!(
        fit(&y, Some(&week), &[7; 6], level),
        "all rows belong to one group, so there are no differences between groups to estimate"
    );
    let apart = "6 rows in 6 groups cannot tell differences between groups from the variation within them";
    assert_eq!(fit(&y, None, &[0, 1, 2, 3, 4, 5], level), apart);
    // Two rows per patient are a line each: nothing is left to be residual.
    let lines = "6 rows in 3 groups cannot tell differences between groups from the variation within them";
    assert_eq!(fit(&y, Some(&week), &[0, 0, 1, 1, 2, 2], SLOPE), lines);
    // Nor is there a variance between groups that the fixed effects name one by one.
    let named = Covariates::new(
        vec!["second".into(), "third".into()],
        vec![vec![0.0, 0.0, 1.0, 1.0, 0.0, 0.0], vec![0.0, 0.0, 0.0, 0.0, 1.0, 1.0]],
    );
    assert_eq!(fit(&y, Some(&named.unwrap()), &[0, 0, 1, 1, 2, 2], level), lines);
    assert_eq!(
        fit(&y, Some(&one("week", &[2.0; 6])), &[0, 0, 0, 1, 1, 1], level),
        StatsError::ConstantCovariate { term: "week".into() }.to_string()
    );
    assert_eq!(fit(&y[..2], Some(&one("week", &[0.0, 1.0])), &[0, 1], level), "3 values are needed, there are 2");
    let exact = "the model fits the outcome exactly, so there is no residual variance to estimate";
    assert_eq!(fit(&[4.0; 6], None, &[0, 0, 0, 1, 1, 1], level), exact);
    assert_eq!(fit(&[1.0, 1.0, 5.0, 5.0, 6.0, 6.0], None, &[0, 0, 1, 1, 2, 2], level), exact);
    assert_eq!(fit(&[1.0, f64::NAN, 2.0], None, &[0, 0, 1], level), "the outcome, value 2: not a finite number");
    assert_eq!(fit(&[], None, &[], level), "there are no values to compute from");
    assert_eq!(fit(&y, None, &[0, 1], level), "groups has 2 values where 6 were expected");
    assert_eq!(
        fit(&y, None, &[0, 0, 0, 1, 1, 1], SLOPE),
        "the position of the random slope's column is 0, but it must be one of the fixed effects' columns, counted from 0"
    );
}
