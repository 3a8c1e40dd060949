use nalgebra::{Cholesky, DMatrix, DVector};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use staywell::stats::StatsError;
use staywell::stats::mixed::{Estimation, LinearMixedModel, RandomEffects, likelihood_ratio_test, linear_mixed_model};
use staywell::stats::survival::Covariates;

fn settings() -> ProptestConfig {
    ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(20_240_611), failure_persistence: None, ..ProptestConfig::default() }
}

const LEVEL: RandomEffects = RandomEffects::Intercept;

fn slope(correlated: bool) -> RandomEffects {
    RandomEffects::InterceptAndSlope { column: 0, correlated }
}

/// Rows of (group, week, outcome).
type Rows = Vec<(usize, f64, f64)>;

fn fit(rows: &Rows, random: RandomEffects, estimation: Estimation) -> Result<LinearMixedModel, StatsError> {
    let columns = vec![rows.iter().map(|row| row.1).collect()];
    let groups: Vec<usize> = rows.iter().map(|row| row.0).collect();
    let outcome: Vec<f64> = rows.iter().map(|row| row.2).collect();
    linear_mixed_model(&outcome, Some(&Covariates::new(vec!["week".into()], columns).unwrap()), &groups, random, estimation, 0.95)
}

/// Groups of one to six rows that differ in level and slope, with noise.
fn patients() -> impl Strategy<Value = Rows> {
    let patient = (-40..40_i32, -10..10_i32, prop::collection::vec((0..13_u8, -30..30_i32), 1..7));
    prop::collection::vec(patient, 4..12).prop_map(|patients| {
        let rows = patients.into_iter().enumerate().flat_map(|(group, (level, slope, rows))| {
            rows.into_iter().map(move |(week, noise)| {
                let week = f64::from(week);
                (group, week, f64::from(level) / 10.0 + f64::from(slope) / 10.0 * week + f64::from(noise) / 10.0)
            })
        });
        rows.collect()
    })
}

/// Few distinct numbers, so that ties, constants and exact fits happen.
fn hostile() -> impl Strategy<Value = Rows> {
    prop::collection::vec((0..4_usize, 0..3_u8, 0..3_u8), 1..14)
        .prop_map(|rows| rows.into_iter().map(|(group, week, value)| (group, f64::from(week), f64::from(value))).collect())
}

fn close(found: f64, expected: f64, scale: f64) -> Result<(), TestCaseError> {
    prop_assert!((found - expected).abs() <= 1e-5 * scale, "{found} is not {expected}");
    Ok(())
}

/// Whether every number a fit holds is finite.
fn all_finite(fit: &LinearMixedModel) -> bool {
    let effects = fit.fixed_effects.iter().flat_map(|effect| {
        let limits = effect.interval.map_or([0.0, 0.0], |interval| [interval.lower, interval.upper]);
        [effect.estimate, effect.std_error, effect.df, effect.statistic, effect.p_value, limits[0], limits[1]]
    });
    let groups = fit.group_effects.iter().flat_map(|group| group.effect.iter().chain(&group.std_dev).copied());
    let matrices = fit.covariance.iter().chain(&fit.random_effects.covariance).flatten().copied();
    let numbers =
        [fit.residual_std_dev, fit.deviance, fit.aic, fit.bic, fit.explained_variance.marginal, fit.explained_variance.conditional];
    let correlation = fit.intraclass_correlation.iter().flat_map(|icc| {
        let limits = icc.interval.map_or([0.0, 1.0], |interval| [interval.lower, interval.upper]);
        [icc.estimate, limits[0], limits[1]]
    });
    effects
        .chain(groups)
        .chain(matrices)
        .chain(numbers)
        .chain(correlation)
        .chain(fit.fitted.iter().copied())
        .chain(fit.random_effects.correlation)
        .all(f64::is_finite)
}

/// The deviance written out with the covariance of all rows, for given variances.
fn dense_deviance(rows: &Rows, covariance: &[Vec<f64>], sigma: f64, estimation: Estimation) -> Option<f64> {
    let n = rows.len();
    let effects = |week: f64| [1.0, week];
    let v = DMatrix::from_fn(n, n, |i, j| {
        let residual = if i == j { sigma * sigma } else { 0.0 };
        let (zi, zj) = (effects(rows[i].1), effects(rows[j].1));
        let shared: f64 =
            covariance.iter().enumerate().map(|(k, row)| row.iter().enumerate().map(|(l, d)| zi[k] * d * zj[l]).sum::<f64>()).sum();
        residual + if rows[i].0 == rows[j].0 { shared } else { 0.0 }
    });
    let x = DMatrix::from_fn(n, 2, |i, j| effects(rows[i].1)[j]);
    let y = DVector::from_fn(n, |i, _| rows[i].2);
    let v = Cholesky::new(v)?;
    let information = Cholesky::new(x.transpose() * v.solve(&x))?;
    let beta = information.solve(&(x.transpose() * v.solve(&y)));
    let residual = &y - &x * beta;
    let log_det = |l: DMatrix<f64>| 2.0 * l.diagonal().iter().map(|value| value.ln()).sum::<f64>();
    let common = log_det(v.l()) + residual.dot(&v.solve(&residual));
    Some(match estimation {
        Estimation::Ml => common + n as f64 * std::f64::consts::TAU.ln(),
        Estimation::Reml => common + log_det(information.l()) + (n as f64 - 2.0) * std::f64::consts::TAU.ln(),
    })
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn no_other_variances_have_a_higher_likelihood(rows in patients(), reml in any::<bool>(), correlated in any::<bool>()) {
        let estimation = if reml { Estimation::Reml } else { Estimation::Ml };
        for random in [LEVEL, slope(correlated)] {
            let Ok(fit) = fit(&rows, random, estimation) else { continue };
            let d = &fit.random_effects.covariance;
            let at = |d: &[Vec<f64>], sigma: f64| dense_deviance(&rows, d, sigma, estimation).unwrap_or(f64::INFINITY);
            close(fit.deviance, at(d, fit.residual_std_dev), 1e-3 * fit.deviance.abs().max(1.0))?;
            for step in [-0.3, -0.02, 0.02, 0.3] {
                prop_assert!(at(d, fit.residual_std_dev * (1.0 + step)) >= fit.deviance - 1e-7);
                for k in 0..d.len() {
                    let mut other = d.clone();
                    other[k][k] += step * (d[k][k] + 0.01);
                    prop_assert!(other[k][k] < 0.0 || indefinite(&other) || at(&other, fit.residual_std_dev) >= fit.deviance - 1e-7);
                }
                if d.len() == 2 && correlated {
                    let mut other = d.clone();
                    other[0][1] += step * (d[0][0] * d[1][1]).sqrt();
                    other[1][0] = other[0][1];
                    prop_assert!(indefinite(&other) || at(&other, fit.residual_std_dev) >= fit.deviance - 1e-7);
                }
            }
        }
    }

    #[test]
    fn order_of_rows_and_names_of_groups_do_not_matter(rows in patients(), shift in 0..40_usize) {
        for random in [LEVEL, slope(true), slope(false)] {
            let Ok(plain) = fit(&rows, random, Estimation::Reml) else { continue };
            let mut turned = rows.clone();
            turned.rotate_left(shift % rows.len());
            for row in &mut turned {
                row.0 = 1_000 - 7 * row.0;
            }
            let turned = fit(&turned, random, Estimation::Reml).unwrap();
            close(turned.deviance, plain.deviance, 1e-3 * plain.deviance.abs().max(1.0))?;
            prop_assert_eq!(turned.singular, plain.singular);
            for (a, b) in turned.fixed_effects.iter().zip(&plain.fixed_effects) {
                close(a.estimate, b.estimate, b.std_error)?;
                close(a.std_error, b.std_error, b.std_error)?;
                close(a.df, b.df, b.df)?;
            }
            let last = plain.group_effects.len() - 1;
            close(turned.group_effects[last].effect[0], plain.group_effects[0].effect[0], plain.residual_std_dev)?;
        }
    }

    #[test]
    fn units_of_outcome_and_time_and_the_origin_of_time_only_rescale(rows in patients(), far in prop::sample::select(vec![0.0, 50.0, 1e9])) {
        for random in [LEVEL, slope(true)] {
            let Ok(plain) = fit(&rows, random, Estimation::Reml) else { continue };
            let moved: Rows = rows.iter().map(|row| (row.0, far + 2.0 * row.1, 5_000.0 - 1_000.0 * row.2)).collect();
            let moved = fit(&moved, random, Estimation::Reml).unwrap();
            prop_assert_eq!(moved.singular, plain.singular);
            let (a, b) = (&moved.fixed_effects[1], &plain.fixed_effects[1]);
            close(a.estimate, -500.0 * b.estimate, 500.0 * b.std_error)?;
            close(a.std_error, 500.0 * b.std_error, 500.0 * b.std_error)?;
            close(a.df, b.df, b.df)?;
            close(moved.residual_std_dev, 1_000.0 * plain.residual_std_dev, 1_000.0 * plain.residual_std_dev)?;
            if plain.random_effects.names.len() == 2 {
                let (found, expected) = (moved.random_effects.covariance[1][1], 250_000.0 * plain.random_effects.covariance[1][1]);
                close(found, expected, 10.0 * expected.max(1e-3 * plain.residual_std_dev.powi(2)))?;
            }
            for (a, b) in moved.fitted.iter().zip(&plain.fitted) {
                close(*a, 5_000.0 - 1_000.0 * b, 5_000.0)?;
            }
        }
    }

    #[test]
    fn fewer_restrictions_never_fit_worse(rows in patients()) {
        let fits: Vec<_> = [LEVEL, slope(false), slope(true)].iter().map(|random| fit(&rows, *random, Estimation::Ml)).collect();
        for pair in fits.windows(2) {
            if let [Ok(small), Ok(large)] = pair {
                prop_assert!(large.deviance <= small.deviance + 1e-6);
                prop_assert!((0.0..=1.0).contains(&likelihood_ratio_test(small, large).unwrap().p_value));
            }
        }
    }

    #[test]
    fn hostile_rows_give_words_or_finite_numbers(
        rows in hostile(),
        far in prop::sample::select(vec![0.0, 1e9, -1e9]),
        size in prop::sample::select(vec![1.0, 1e-310, 1e-100, 1e100, 1e300]),
    ) {
        let rows: Rows = rows.into_iter().map(|(group, week, value)| (usize::MAX - group, week + far, (value + far) * size)).collect();
        for random in [LEVEL, slope(true), slope(false)] {
            for estimation in [Estimation::Reml, Estimation::Ml] {
                match fit(&rows, random, estimation) {
                    Ok(fit) => {
                        prop_assert!(all_finite(&fit), "{fit:?}");
                        prop_assert_eq!(fit.singular, fit.singular_component.is_some());
                        prop_assert!(fit.fixed_effects.iter().all(|effect| effect.std_error > 0.0 && effect.df > 0.0));
                    }
                    Err(error) => prop_assert!(!error.to_string().is_empty() && !matches!(error, StatsError::NotConverged { .. }), "{error}"),
                }
            }
        }
    }
}

fn indefinite(covariance: &[Vec<f64>]) -> bool {
    covariance.len() == 2 && covariance[0][0] * covariance[1][1] < covariance[0][1].powi(2)
}
