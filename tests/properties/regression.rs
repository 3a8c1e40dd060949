use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use staywell::stats::causal::{SmdDenominator, WeightKind, balance, propensity_weights, weighted_difference};
use staywell::stats::regression::{
    Clusters, Coefficient, Covariance, EstimatingEquations, Family, Observations, WorkingCorrelation, estimating_equations,
    generalized_linear_model, linear_regression,
};
use staywell::stats::survival::Covariates;
use staywell::stats::{StatsError, least_squares};

fn settings() -> ProptestConfig {
    ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(20_240_612), failure_persistence: None, ..ProptestConfig::default() }
}

const WORKING: [WorkingCorrelation; 3] = [WorkingCorrelation::Independence, WorkingCorrelation::Exchangeable, WorkingCorrelation::Ar1];
const FAMILIES: [Family; 3] = [Family::Gaussian, Family::Binomial, Family::Poisson];

/// A row: two covariates, a noise, a weight and a cluster.
#[derive(Clone, Copy, Debug)]
struct Row {
    first: f64,
    second: f64,
    noise: f64,
    weight: u8,
    cluster: usize,
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (-2.0..2.0_f64, any::<bool>(), -1.5..1.5_f64, 1..4_u8, 0..12_usize).prop_map(|(first, second, noise, weight, cluster)| Row {
        first,
        second: f64::from(second),
        noise,
        weight,
        cluster,
    });
    prop::collection::vec(row, 40..90)
}

fn design(rows: &[Row]) -> Covariates {
    columns(&[rows.iter().map(|row| row.first).collect(), rows.iter().map(|row| row.second).collect()])
}

fn columns(columns: &[Vec<f64>]) -> Covariates {
    Covariates::new((0..columns.len()).map(|j| format!("x{j}")).collect(), columns.to_vec()).unwrap()
}

fn outcome(rows: &[Row], family: Family) -> Vec<f64> {
    let level = |row: &Row| 0.4 * row.first - 0.3 * row.second + row.noise;
    rows.iter()
        .map(|row| match family {
            Family::Gaussian => level(row),
            Family::Binomial => f64::from(level(row) > 0.0),
            Family::Poisson => level(row).exp().floor(),
        })
        .collect()
}

fn clusters(rows: &[Row]) -> Vec<usize> {
    rows.iter().map(|row| row.cluster).collect()
}

fn near(found: f64, expected: f64, tolerance: f64) -> bool {
    (found - expected).abs() <= tolerance * expected.abs().max(1.0)
}

fn alike(found: &[Coefficient], expected: &[Coefficient], tolerance: f64) -> bool {
    found
        .iter()
        .zip(expected)
        .all(|(a, b)| near(a.estimate, b.estimate, tolerance) && near(a.std_error, b.std_error, tolerance * b.std_error.max(1e-3)))
}

/// Rows with their own copies side by side.
fn repeated(rows: &[Row]) -> Vec<Row> {
    rows.iter().flat_map(|row| std::iter::repeat_n(*row, usize::from(row.weight))).collect()
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn the_order_of_rows_does_not_matter(rows in rows(), turn in 0..80_usize) {
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        for family in FAMILIES {
            let fit = |rows: &[Row]| {
                let (x, y, id) = (design(rows), outcome(rows, family), clusters(rows));
                let observations = Observations::new(&y, &x);
                let fits = [Covariance::Classical, Covariance::Hc3, Covariance::ClusterHc1(&id)]
                    .map(|covariance| generalized_linear_model(&observations, family, covariance, 0.95).map(|fit| fit.coefficients));
                let lines = linear_regression(&observations, Covariance::Hc2, 0.9).map(|fit| fit.coefficients);
                let clusters = Clusters { id: &id, wave: None };
                let marginal = estimating_equations(&observations, &clusters, family, WorkingCorrelation::Exchangeable, 0.95)
                    .map(|fit| fit.coefficients);
                fits.into_iter().chain([lines, marginal]).collect::<Vec<_>>()
            };
            for (found, expected) in fit(&turned).into_iter().zip(fit(&rows)) {
                match (found, expected) {
                    (Ok(found), Ok(expected)) => prop_assert!(alike(&found, &expected, 1e-7)),
                    (found, expected) => prop_assert_eq!(found.is_err(), expected.is_err()),
                }
            }
        }
    }

    #[test]
    fn a_whole_weight_is_as_many_rows(rows in rows()) {
        let many = repeated(&rows);
        let weight: Vec<f64> = rows.iter().map(|row| f64::from(row.weight)).collect();
        for family in FAMILIES {
            let (x, y, all_x, all_y) = (design(&rows), outcome(&rows, family), design(&many), outcome(&many, family));
            let weighted = Observations::new(&y, &x).with_weights(&weight);
            let all = Observations::new(&all_y, &all_x);
            let (Ok(once), Ok(often)) = (
                generalized_linear_model(&weighted, family, Covariance::Classical, 0.95),
                generalized_linear_model(&all, family, Covariance::Classical, 0.95),
            ) else { continue };
            prop_assert!(near(once.deviance, often.deviance, 1e-9));
            for (a, b) in once.coefficients.iter().zip(&often.coefficients) {
                prop_assert!(near(a.estimate, b.estimate, 1e-8));
                // A Gaussian scale is estimated on other degrees of freedom.
                let scale = (once.dispersion / often.dispersion).sqrt();
                prop_assert!(near(a.std_error, b.std_error * scale, 1e-8));
            }
            if family != Family::Gaussian {
                prop_assert!(near(once.log_likelihood.unwrap(), often.log_likelihood.unwrap(), 1e-9));
            }
        }
    }

    #[test]
    fn a_row_of_weight_zero_is_not_there(rows in rows()) {
        let mut padded = rows.clone();
        padded.insert(3, Row { first: 50.0, second: 1.0, noise: 9.0, weight: 0, cluster: 99 });
        let weight: Vec<f64> = padded.iter().map(|row| f64::from(row.weight.min(1))).collect();
        let (x, y) = (design(&rows), outcome(&rows, Family::Gaussian));
        let (padded_x, padded_y, id) = (design(&padded), outcome(&padded, Family::Gaussian), clusters(&padded));
        let own = clusters(&rows);
        for (with, without) in [
            (Covariance::Classical, Covariance::Classical),
            (Covariance::Hc3, Covariance::Hc3),
            (Covariance::ClusterHc1(&id), Covariance::ClusterHc1(&own)),
        ] {
            let found = linear_regression(&Observations::new(&padded_y, &padded_x).with_weights(&weight), with, 0.95).unwrap();
            let expected = linear_regression(&Observations::new(&y, &x), without, 0.95).unwrap();
            prop_assert!(alike(&found.coefficients, &expected.coefficients, 1e-9));
            prop_assert!(near(found.bic.unwrap(), expected.bic.unwrap(), 1e-9));
        }
    }

    #[test]
    fn units_and_far_origins_of_a_covariate_only_rescale_its_slope(rows in rows(), unit in 0.001..1000.0_f64) {
        for family in FAMILIES {
            let (x, y) = (design(&rows), outcome(&rows, family));
            let moved = columns(&[rows.iter().map(|row| row.first * unit + 1e6 * unit).collect(), x.columns()[1].clone()]);
            let id = clusters(&rows);
            let fit = |x| {
                let clusters = Clusters { id: &id, wave: None };
                let observations = Observations::new(&y, x);
                let marginal = estimating_equations(&observations, &clusters, family, WorkingCorrelation::Ar1, 0.95).ok()?;
                let likelihood = generalized_linear_model(&observations, family, Covariance::Hc0, 0.95).ok()?;
                Some((marginal.coefficients, likelihood.coefficients))
            };
            let (Some(own), Some(other)) = (fit(&x), fit(&moved)) else { continue };
            for (own, other) in [(own.0, other.0), (own.1, other.1)] {
                prop_assert!(near(other[1].estimate * unit, own[1].estimate, 1e-6) && near(other[1].std_error * unit, own[1].std_error, 1e-6));
                prop_assert!(near(other[2].estimate, own[2].estimate, 1e-6) && near(other[2].std_error, own[2].std_error, 1e-6));
            }
        }
    }

    #[test]
    fn one_covariate_is_the_line(rows in rows()) {
        let (x, y): (Vec<f64>, _) = (rows.iter().map(|row| row.first).collect(), outcome(&rows, Family::Gaussian));
        let line = least_squares(&x, &y, 0.9).unwrap();
        let fit = linear_regression(&Observations::new(&y, &columns(&[x])), Covariance::Classical, 0.9).unwrap();
        prop_assert!(near(fit.coefficients[1].estimate, line.slope.estimate, 1e-10));
        prop_assert!(near(fit.coefficients[0].std_error, line.intercept.std_error, 1e-10));
        prop_assert!(near(fit.coefficients[1].interval.upper, line.slope.interval.unwrap().upper, 1e-10));
        prop_assert!(near(fit.r_squared.unwrap(), line.r_squared.unwrap(), 1e-10));
        prop_assert!(near(fit.leverage.iter().sum::<f64>(), 2.0, 1e-10));
        // And the Gaussian family is least squares.
        let (x, y) = (design(&rows), outcome(&rows, Family::Gaussian));
        let least = linear_regression(&Observations::new(&y, &x), Covariance::Hc3, 0.95).unwrap();
        let likely = generalized_linear_model(&Observations::new(&y, &x), Family::Gaussian, Covariance::Hc3, 0.95).unwrap();
        prop_assert!(alike(&likely.coefficients, &least.coefficients, 1e-9));
        prop_assert!(near(likely.aic.unwrap(), least.aic.unwrap(), 1e-9));
    }

    #[test]
    fn an_offset_moves_a_gaussian_or_poisson_intercept(rows in rows(), shift in -2.0..2.0_f64) {
        let offset = vec![shift; rows.len()];
        for family in FAMILIES {
            let (x, y) = (design(&rows), outcome(&rows, family));
            let observations = Observations::new(&y, &x);
            let fit = |observations: &Observations<'_>| generalized_linear_model(observations, family, Covariance::Classical, 0.95);
            let (Ok(own), Ok(moved)) = (fit(&observations), fit(&observations.with_offset(&offset))) else { continue };
            prop_assert!(near(moved.coefficients[0].estimate, own.coefficients[0].estimate - shift, 1e-7));
            prop_assert!(near(moved.coefficients[1].std_error, own.coefficients[1].std_error, 1e-7));
            prop_assert!(near(moved.null_deviance, own.null_deviance, 1e-8));
            prop_assert!(own.fitted.iter().zip(&moved.fitted).all(|(a, b)| near(*a, *b, 1e-7)));
        }
    }

    #[test]
    fn clusters_of_one_row_are_a_robust_model_and_twins_halve_the_variance(rows in rows()) {
        let n = rows.len();
        for family in FAMILIES {
            let (x, y) = (design(&rows), outcome(&rows, family));
            let observations = Observations::new(&y, &x);
            let Ok(robust) = generalized_linear_model(&observations, family, Covariance::Hc0, 0.95) else { continue };
            let apart: Vec<usize> = (0..n).collect();
            for working in WORKING {
                let single =
                    estimating_equations(&observations, &Clusters { id: &apart, wave: None }, family, working, 0.95).unwrap();
                prop_assert_eq!(single.correlation, None);
                prop_assert!(alike(&single.coefficients, &robust.coefficients, 1e-7));
            }
            // Each cluster twice, under other labels.
            let id = clusters(&rows);
            let twice: Vec<Row> = rows.iter().chain(&rows).copied().collect();
            let twins: Vec<usize> = id.iter().copied().chain(id.iter().map(|id| id + 100)).collect();
            let (twice_x, twice_y) = (design(&twice), outcome(&twice, family));
            for working in WORKING {
                let (Ok(once), Ok(double)) = (
                    estimating_equations(&observations, &Clusters { id: &id, wave: None }, family, working, 0.95),
                    estimating_equations(&Observations::new(&twice_y, &twice_x), &Clusters { id: &twins, wave: None }, family, working, 0.95),
                ) else { continue };
                for (a, b) in once.coefficients.iter().zip(&double.coefficients) {
                    prop_assert!(near(a.estimate, b.estimate, 1e-7) && near(a.std_error, b.std_error * 2.0_f64.sqrt(), 1e-6));
                }
                prop_assert!(near(once.scale.estimate, double.scale.estimate, 1e-8));
            }
        }
    }

    #[test]
    fn the_equations_hold_with_inverses_the_long_way(rows in rows(), gaps in any::<bool>()) {
        let id = clusters(&rows);
        // Waves in the order of rows; with gaps, by the rows' place in the whole.
        let mut seen = [0_u32; 12];
        let wave: Vec<u32> = (0..rows.len())
            .map(|row| {
                seen[id[row]] += 1;
                if gaps { u32::try_from(row / 3).unwrap() + seen[id[row]] } else { seen[id[row]] }
            })
            .collect();
        let weight: Vec<f64> = rows.iter().map(|row| f64::from(row.weight)).collect();
        for family in FAMILIES {
            let (x, y) = (design(&rows), outcome(&rows, family));
            for working in WORKING {
                let observations = Observations::new(&y, &x).with_weights(&weight);
                let Ok(fit) = estimating_equations(&observations, &Clusters { id: &id, wave: Some(&wave) }, family, working, 0.95) else {
                    continue;
                };
                if fit.is_positive_definite {
                    let (score, covariance) = long_way(&rows, &wave, &fit, &y);
                    prop_assert!(score.amax() < 1e-6, "{:?} {:?} {}", family, working, score);
                    for j in 0..3 {
                        prop_assert!(near(covariance[(j, j)].sqrt(), fit.coefficients[j].std_error, 1e-6));
                    }
                }
            }
        }
    }

    #[test]
    fn overlap_weights_balance_exactly_and_weights_add_up(rows in rows()) {
        let exposed: Vec<bool> = outcome(&rows, Family::Binomial).iter().map(|&value| value > 0.5).collect();
        let x = design(&rows);
        let Ok(overlap) = propensity_weights(&exposed, &x, WeightKind::Overlap, None, 0.95) else { return Ok(()) };
        let table = balance(&exposed, &x, &overlap.weights, SmdDenominator::Pooled).unwrap();
        prop_assert!(table.largest_weighted_smd.unwrap() < 1e-6);
        // Relabelling the groups turns every propensity and every difference around.
        let turned: Vec<bool> = exposed.iter().map(|exposed| !exposed).collect();
        let y: Vec<f64> = rows.iter().map(|row| row.noise).collect();
        for kind in [WeightKind::Average, WeightKind::StabilizedAverage, WeightKind::Overlap] {
            let (own, other) =
                (propensity_weights(&exposed, &x, kind, None, 0.95).unwrap(), propensity_weights(&turned, &x, kind, None, 0.95).unwrap());
            prop_assert!(own.weights.iter().zip(&other.weights).all(|(a, b)| near(*a, *b, 1e-6)));
            let (own, other) = (
                weighted_difference(&y, &exposed, &x, &own, 0.95).unwrap().difference,
                weighted_difference(&y, &turned, &x, &other, 0.95).unwrap().difference,
            );
            prop_assert!(near(own.estimate, -other.estimate, 1e-6) && near(own.std_error, other.std_error, 1e-6));
        }
        // Stabilized or not, the weighted means are the same.
        let of = |kind| {
            let weights = propensity_weights(&exposed, &x, kind, None, 0.95).unwrap();
            weighted_difference(&y, &exposed, &x, &weights, 0.95).unwrap().difference
        };
        let (plain, stabilized) = (of(WeightKind::Average), of(WeightKind::StabilizedAverage));
        prop_assert!(near(plain.estimate, stabilized.estimate, 1e-9) && near(plain.std_error, stabilized.std_error, 1e-9));
        let cut = propensity_weights(&exposed, &x, WeightKind::Average, Some((0.05, 0.95)), 0.95).unwrap();
        let limits = cut.truncation.unwrap();
        prop_assert!(cut.weights.iter().all(|weight| (limits.lower..=limits.upper).contains(weight)));
        prop_assert!(cut.exposed.effective_sample_size <= cut.exposed.distribution.n as f64 + 1e-9);
    }
}

/// Σ Dᵀ V⁻¹ (y − μ) and the sandwich, each cluster's V inverted as a dense matrix.
fn long_way(rows: &[Row], wave: &[u32], fit: &EstimatingEquations, y: &[f64]) -> (DVector<f64>, DMatrix<f64>) {
    let alpha = fit.correlation.map_or(0.0, |alpha| alpha.estimate);
    let (mut total, mut bread, mut meat) = (DVector::zeros(3), DMatrix::zeros(3, 3), DMatrix::zeros(3, 3));
    for cluster in 0..12 {
        let own: Vec<usize> = (0..rows.len()).filter(|&row| rows[row].cluster == cluster).collect();
        let variance = |row: usize| match fit.family {
            Family::Gaussian => 1.0,
            Family::Binomial => fit.fitted[row] * (1.0 - fit.fitted[row]),
            Family::Poisson => fit.fitted[row],
        };
        let spread = |row: usize| (variance(row) / f64::from(rows[row].weight)).sqrt();
        let v = DMatrix::from_fn(own.len(), own.len(), |j, k| {
            let correlation = match fit.working_correlation {
                _ if j == k => 1.0,
                WorkingCorrelation::Independence => 0.0,
                WorkingCorrelation::Exchangeable => alpha,
                WorkingCorrelation::Ar1 => alpha.powi(i32::try_from(wave[own[j]].abs_diff(wave[own[k]])).unwrap()),
            };
            spread(own[j]) * spread(own[k]) * correlation
        });
        let d = DMatrix::from_fn(own.len(), 3, |j, k| variance(own[j]) * [1.0, rows[own[j]].first, rows[own[j]].second][k]);
        let residual = DVector::from_fn(own.len(), |j, _| y[own[j]] - fit.fitted[own[j]]);
        let Some(inverse) = v.try_inverse() else { continue };
        let score = d.transpose() * &inverse * residual;
        bread += d.transpose() * inverse * d;
        meat += &score * score.transpose();
        total += score;
    }
    let bread = bread.try_inverse().unwrap();
    (total, &bread * meat * &bread)
}

/// Hostile outcomes with a name each.
fn hostile() -> Vec<(&'static str, Vec<f64>)> {
    vec![
        ("empty", vec![]),
        ("one row", vec![1.0]),
        ("two rows", vec![0.0, 1.0]),
        ("constant 0", vec![0.0; 12]),
        ("constant 1", vec![1.0; 12]),
        ("not a number", [vec![1.0; 5], vec![f64::NAN], vec![0.0; 6]].concat()),
        ("infinite", [vec![1.0; 5], vec![f64::INFINITY], vec![0.0; 6]].concat()),
        ("alternating", (0..12).map(|row| f64::from(row % 2 == 0)).collect()),
        ("separated", (0..12).map(|row| f64::from(row > 5)).collect()),
        ("one event", (0..12).map(|row| f64::from(row == 4)).collect()),
        ("near 1e9", (0..12).map(|row| 1e9 + f64::from(row * row % 5)).collect()),
        ("huge", (0..12).map(|row| 1e300 * f64::from(row * row % 5 - 2)).collect()),
        ("tiny", (0..12).map(|row| 1e-300 * f64::from(row * row % 5)).collect()),
        ("exact", (0..12).map(|row| 2.0 + 3.0 * f64::from(row)).collect()),
    ]
}

/// Hostile covariates with a name each.
fn hostile_covariates(n: usize) -> Vec<(&'static str, Vec<Vec<f64>>)> {
    vec![
        ("counting", vec![(0..n).map(|row| row as f64).collect()]),
        ("constant", vec![vec![3.0; n]]),
        ("twice", vec![(0..n).map(|row| row as f64).collect(), (0..n).map(|row| 2.0 * row as f64 + 1.0).collect()]),
        ("near 1e9", vec![(0..n).map(|row| 1e9 + (row % 3) as f64).collect()]),
        ("huge", vec![(0..n).map(|row| 1e300 * ((row % 3) as f64 - 1.0)).collect()]),
        ("tiny", vec![(0..n).map(|row| 1e-300 * (row % 3) as f64).collect()]),
        ("one row apart", vec![(0..n).map(|row| f64::from(row == 0)).collect()]),
        ("many", (0..15).map(|j| (0..n).map(|row| ((row * (j + 3)) % 7) as f64).collect()).collect()),
    ]
}

fn all_finite(value: &serde_json::Value) -> bool {
    // A number that is not finite is written as null where the field is no option.
    match value {
        serde_json::Value::Object(fields) => fields.iter().all(|(name, value)| {
            let may_be_missing = [
                "statistic",
                "p_value",
                "df",
                "test",
                "correlation",
                "geepack_correlation_error",
                "likelihood_ratio",
                "f_test",
                "r_squared",
                "adjusted_r_squared",
                "log_likelihood",
                "aic",
                "bic",
                "smd",
                "weighted_smd",
                "variance_ratio",
                "weighted_variance_ratio",
                "largest_smd",
                "largest_weighted_smd",
                "truncation",
                "std_dev",
            ];
            (value.is_null() && may_be_missing.contains(&name.as_str())) || all_finite(value)
        }),
        serde_json::Value::Array(values) => values.iter().all(|value| value.is_null() && values.len() <= 4 || all_finite(value)),
        serde_json::Value::Null => false,
        _ => true,
    }
}

#[test]
fn hostile_data_give_a_sentence_or_finite_numbers() {
    let mut finite = 0;
    for (name, y) in hostile() {
        let n = y.len();
        for (shape, x) in hostile_covariates(n) {
            if n == 0 {
                continue;
            }
            let x = columns(&x);
            let observations = Observations::new(&y, &x);
            let mut check = |what: String, found: Result<serde_json::Value, StatsError>| match found {
                Ok(value) => {
                    assert!(all_finite(&value), "{name}, {shape}, {what}: {value}");
                    finite += 1;
                }
                Err(error) => assert!(error.to_string().len() > 10),
            };
            let labels = [(0..n).collect::<Vec<usize>>(), vec![0; n], (0..n).map(|row| row / 3).collect()];
            for id in &labels {
                for covariance in [
                    Covariance::Classical,
                    Covariance::Hc0,
                    Covariance::Hc1,
                    Covariance::Hc2,
                    Covariance::Hc3,
                    Covariance::ClusterHc0(id),
                    Covariance::ClusterHc1(id),
                ] {
                    let line = linear_regression(&observations, covariance, 0.95).map(|fit| serde_json::to_value(fit).unwrap());
                    check(format!("line {covariance:?}"), line);
                    for family in FAMILIES {
                        let fit =
                            generalized_linear_model(&observations, family, covariance, 0.95).map(|fit| serde_json::to_value(fit).unwrap());
                        check(format!("{family:?} {covariance:?}"), fit);
                    }
                }
                for family in FAMILIES {
                    for working in WORKING {
                        let clusters = Clusters { id, wave: None };
                        let fit = estimating_equations(&observations, &clusters, family, working, 0.95)
                            .map(|fit| serde_json::to_value(fit).unwrap());
                        check(format!("{family:?} {working:?}"), fit);
                    }
                }
            }
            let exposed: Vec<bool> = y.iter().map(|&value| value > 0.5).collect();
            for kind in [WeightKind::Average, WeightKind::StabilizedAverage, WeightKind::Exposed, WeightKind::Overlap] {
                for truncate in [None, Some((0.01, 0.99)), Some((0.5, 0.5))] {
                    let Ok(weights) = propensity_weights(&exposed, &x, kind, truncate, 0.95) else { continue };
                    check(format!("{kind:?}"), Ok(serde_json::to_value(&weights).unwrap()));
                    check(
                        "difference".into(),
                        weighted_difference(&y, &exposed, &x, &weights, 0.95).map(|found| serde_json::to_value(found).unwrap()),
                    );
                    check(
                        "balance".into(),
                        balance(&exposed, &x, &weights.weights, SmdDenominator::Exposed).map(|found| serde_json::to_value(found).unwrap()),
                    );
                }
            }
        }
    }
    assert!(finite > 500, "only {finite} fits");
    assert_eq!(linear_regression(&Observations::intercept_only(&[]), Covariance::Classical, 0.95), Err(StatsError::EmptySample));
}

#[test]
fn what_cannot_be_estimated_is_named() {
    let counting: Vec<f64> = (0..12).map(f64::from).collect();
    let other: Vec<f64> = (0..12).map(|row| f64::from(row * 5 % 7)).collect();
    let events: Vec<f64> = (0..12).map(|row| f64::from(row > 5)).collect();
    let named = |names: &[&str], columns: &[&Vec<f64>]| {
        Covariates::new(names.iter().map(|&name| name.to_owned()).collect(), columns.iter().map(|&column| column.clone()).collect())
            .unwrap()
    };
    let x = named(&["noise", "age"], &[&other, &counting]);
    let logistic =
        |y: &[f64], x: &Covariates| generalized_linear_model(&Observations::new(y, x), Family::Binomial, Covariance::Classical, 0.95);
    assert_eq!(logistic(&events, &x), Err(StatsError::Separation { term: "age".into() }));
    // Separated but for ties at the edge: a group in which everybody has the event.
    let group: Vec<f64> = (0..12).map(|row| f64::from(row < 4)).collect();
    let mixed: Vec<f64> = (0..12).map(|row| f64::from(row < 4 || row % 2 == 0)).collect();
    assert_eq!(logistic(&mixed, &named(&["noise", "group"], &[&other, &group])), Err(StatsError::Separation { term: "group".into() }));
    // A rate of 0 in one group.
    let none: Vec<f64> = (0..12).map(|row| if row < 4 { 0.0 } else { f64::from(row % 3) + 1.0 }).collect();
    let rates = generalized_linear_model(
        &Observations::new(&none, &named(&["noise", "group"], &[&other, &group])),
        Family::Poisson,
        Covariance::Classical,
        0.95,
    );
    assert_eq!(rates, Err(StatsError::Separation { term: "group".into() }));

    let double: Vec<f64> = counting.iter().zip(&other).map(|(a, b)| 0.1 * a - 3.0 * b + 0.7).collect();
    let line = |x: &Covariates| linear_regression(&Observations::new(&other, x), Covariance::Classical, 0.95);
    let collinear = named(&["age", "noise", "sum"], &[&counting, &other, &double]);
    assert_eq!(line(&collinear), Err(StatsError::Collinear { term: "sum".into() }));
    assert_eq!(line(&named(&["same"], &[&vec![4.0; 12]])), Err(StatsError::ConstantCovariate { term: "same".into() }));
    // A row of its own.
    let alone: Vec<f64> = (0..12).map(|row| f64::from(row == 2)).collect();
    let hc3 = linear_regression(&Observations::new(&counting, &named(&["alone"], &[&alone])), Covariance::Hc3, 0.95);
    assert_eq!(hc3, Err(StatsError::FullLeverage { position: 3 }));
    let one = estimating_equations(
        &Observations::new(&other, &named(&["age"], &[&counting])),
        &Clusters { id: &[1; 12], wave: None },
        Family::Gaussian,
        WorkingCorrelation::Exchangeable,
        0.95,
    );
    assert_eq!(one, Err(StatsError::TooFewClusters { found: 1, needed: 2 }));
    let exposed: Vec<bool> = events.iter().map(|&event| event > 0.5).collect();
    assert_eq!(propensity_weights(&exposed, &x, WeightKind::Average, None, 0.95), Err(StatsError::Separation { term: "age".into() }));
}

/// Sums run over fixed chunks: the same bytes however many threads there are, and whole numbers of rows however many chunks.
#[test]
fn many_rows_give_the_same_bytes_again() {
    let n = 30_000;
    let wave = |row: usize, step: usize| ((row * step) % 1_009) as f64 / 1_009.0;
    let x = columns(&[(0..n).map(|row| wave(row, 7)).collect(), (0..n).map(|row| wave(row, 131)).collect()]);
    let y: Vec<f64> = (0..n).map(|row| f64::from(wave(row, 577) < 0.3 + 0.3 * wave(row, 7))).collect();
    let id: Vec<usize> = (0..n).map(|row| row / 4).collect();
    let fit = || {
        let observations = Observations::new(&y, &x);
        let clusters = Clusters { id: &id, wave: None };
        (
            linear_regression(&observations, Covariance::ClusterHc1(&id), 0.95).unwrap(),
            generalized_linear_model(&observations, Family::Binomial, Covariance::Hc3, 0.95).unwrap(),
            estimating_equations(&observations, &clusters, Family::Binomial, WorkingCorrelation::Exchangeable, 0.95).unwrap(),
        )
    };
    let first = fit();
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let again = alone.install(fit);
    assert_eq!(serde_json::to_string(&first.0).unwrap(), serde_json::to_string(&again.0).unwrap());
    assert_eq!(serde_json::to_string(&first.1).unwrap(), serde_json::to_string(&again.1).unwrap());
    assert_eq!(serde_json::to_string(&first.2).unwrap(), serde_json::to_string(&again.2).unwrap());
}
