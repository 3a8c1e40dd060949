//! What comes with a Cox model: baseline, residuals, concordance, proportional hazards, late entry, strata, Firth's penalty.

use staywell::stats::StatsError;
use staywell::stats::survival::{Covariates, CoxModel, CoxOptions, CurveInterval, Ties, TimeToEvent, TimeTransform, concordance};

use super::{close, rows};

fn one(x: &[f64]) -> Covariates {
    Covariates::new(vec!["x".to_owned()], vec![x.to_vec()]).unwrap()
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

/// Events at 1 (x = 1), 2 (x = 0), 3 (x = 1), censored at 4 (x = 0): r = e^β = (1 + √17)/2, see `cox.rs`.
const FOUR: [(f64, u8); 4] = [(1.0, 1), (2.0, 1), (3.0, 1), (4.0, 0)];
const X: [f64; 4] = [1.0, 0.0, 1.0, 0.0];

fn r() -> f64 {
    f64::midpoint(1.0, 17.0_f64.sqrt())
}

#[test]
fn the_baseline_hazard_and_a_prediction() {
    let model = CoxModel::fit(&rows(&FOUR), &one(&X), &CoxOptions::default()).unwrap();
    let r = r();
    let steps = [1.0 / (2.0 * r + 2.0), 1.0 / (r + 2.0), 1.0 / (r + 1.0)];
    let baseline = &model.baseline_hazard().unwrap()[0];
    assert_eq!(baseline.time, [1.0, 2.0, 3.0, 4.0]);
    near(baseline.cumulative_hazard[0], steps[0]);
    near(baseline.cumulative_hazard[3], steps.iter().sum());
    // At x = 1 and time 1: Λ = r/(2r + 2); its variance r²(λ² + q²V), q = λ(1 − x̄), x̄ = 2r/(2r + 2), V = 1/I.
    let there = &model.predict(&[1.0], CurveInterval::Log, 0.95).unwrap()[0];
    near(there.survival[0], (-r * steps[0]).exp());
    let information = 2.0 * r / (r + 1.0).powi(2) + 2.0 * r / (r + 2.0).powi(2);
    let q = steps[0] * (1.0 - r / (r + 1.0));
    near(there.std_error[0], r * (steps[0] * steps[0] + q * q / information).sqrt());
}

#[test]
fn residuals_of_four_subjects() {
    let model = CoxModel::fit(&rows(&FOUR), &one(&X), &CoxOptions::default()).unwrap();
    let (found, r) = (model.residuals(), r());
    let steps = [1.0 / (2.0 * r + 2.0), 1.0 / (r + 2.0), 1.0 / (r + 1.0)];
    // Martingale: 1 − r λ₁;  1 − (λ₁ + λ₂);  1 − r Σλ;  −Σλ.
    near(found.martingale[0], 1.0 - r * steps[0]);
    near(found.martingale[1], 1.0 - steps[0] - steps[1]);
    near(found.martingale[3], -steps.iter().sum::<f64>());
    near(found.deviance[3], -(2.0 * steps.iter().sum::<f64>()).sqrt());
    // Schoenfeld: x less the mean r/(r + 1), r/(r + 2), r/(r + 1).
    near(found.schoenfeld[0][0], 1.0 / (r + 1.0));
    near(found.schoenfeld[1][0], -r / (r + 2.0));
    // Score of the first: (1 − x̄₁)(1 − r λ₁).
    near(found.score[0][0], 1.0 / (r + 1.0) * (1.0 - r * steps[0]));
    let information = 2.0 * r / (r + 1.0).powi(2) + 2.0 * r / (r + 2.0).powi(2);
    near(found.dfbeta[0][0], found.score[0][0] / information);
    // Robust variance: Σ (score/I)².
    let robust = CoxModel::fit(&rows(&FOUR), &one(&X), &CoxOptions { robust: true, ..CoxOptions::default() }).unwrap();
    near(robust.fit.terms[0].std_error.powi(2), found.score.iter().map(|score| (score[0] / information).powi(2)).sum());
}

#[test]
fn the_test_of_proportional_hazards_by_its_formula() {
    let data = rows(&FOUR);
    let model = CoxModel::fit(&data, &one(&X), &CoxOptions::default()).unwrap();
    let r = r();
    // Residuals and information at times 1, 2, 3; g(t) = t.
    let residual = [1.0 / (r + 1.0), -r / (r + 2.0), 1.0 / (r + 1.0)];
    let information = [r / (r + 1.0).powi(2), 2.0 * r / (r + 2.0).powi(2), r / (r + 1.0).powi(2)];
    let sum = |power: i32| (0..3).map(|k| ((k + 1) as f64).powi(power) * information[k]).sum::<f64>();
    let u: f64 = (0..3).map(|k| (k + 1) as f64 * residual[k]).sum();
    let found = model.proportional_hazards(&data, TimeTransform::Identity).unwrap();
    near(found.terms[0].test.statistic, u * u / (sum(2) - sum(1).powi(2) / sum(0)));
    near(found.global.statistic, found.terms[0].test.statistic);
}

#[test]
fn concordance_counts_pairs() {
    // Score 1, 0, 1, 0. Event 1 against 2, 3, 4: agrees, tied, agrees. Event 2 against 3, 4: disagrees, tied. Event 3 against 4: agrees.
    let found = concordance(&rows(&FOUR), &X, None, None).unwrap();
    assert_eq!((found.concordant, found.discordant, found.tied_score), (3.0, 1.0, 2.0));
    close(found.estimate, 4.0 / 6.0);
    // Two events at one time are no pair; one censored there is a later row.
    let tied = concordance(&rows(&[(1.0, 1), (1.0, 1), (1.0, 0)]), &[2.0, 1.0, 0.0], None, None).unwrap();
    assert_eq!((tied.concordant, tied.discordant), (2.0, 0.0));
    let none = concordance(&rows(&[(1.0, 0), (2.0, 1)]), &[1.0, 2.0], None, None).unwrap_err();
    assert_eq!(none.to_string(), "no event has anybody at risk after it, so no pair can be compared");
}

#[test]
fn strata_have_risk_sets_of_their_own_and_late_rows_are_not_at_risk_before() {
    let x: Vec<f64> = X.iter().chain(&X).copied().collect();
    let twice: Vec<(f64, u8)> = FOUR.iter().chain(&FOUR).copied().collect();
    let strata = [0, 0, 0, 0, 7, 7, 7, 7];
    let model = CoxModel::fit(&rows(&twice), &one(&x), &CoxOptions { strata: Some(&strata), ..CoxOptions::default() }).unwrap();
    // The same root, twice the information.
    near(model.fit.terms[0].hazard_ratio, r());
    let information = 2.0 * r() / (r() + 1.0).powi(2) + 2.0 * r() / (r() + 2.0).powi(2);
    near(model.fit.terms[0].std_error, 1.0 / (2.0 * information).sqrt());
    assert_eq!(model.baseline_hazard().unwrap().iter().map(|curve| curve.stratum).collect::<Vec<_>>(), [0, 7]);
    // With the fourth entering at 1.5, x at risk at 1 is {1, 0, 1}: U = 1 − 2r/(2r + 1) − r/(r + 2) + 1 − r/(r + 1) = 0.
    let late = rows(&FOUR).with_entry(vec![0.0, 0.0, 0.0, 1.5]).unwrap();
    let r = CoxModel::fit(&late, &one(&X), &CoxOptions::default()).unwrap().fit.terms[0].hazard_ratio;
    near(2.0 - 2.0 * r / (2.0 * r + 1.0) - r / (r + 2.0) - r / (r + 1.0), 0.0);
}

#[test]
fn firths_penalty_gives_a_separated_event_a_finite_estimate() {
    // One event with x = 1 against x = 0: p = e^β/(1 + e^β). (1 − p) + ½(1 − 2p) = 0 ⇒ p = 3/4 ⇒ β = log 3.
    let (data, x) = (rows(&[(1.0, 1), (2.0, 0)]), one(&[1.0, 0.0]));
    for ties in [Ties::Efron, Ties::Breslow] {
        let model = CoxModel::fit(&data, &x, &CoxOptions { firth: true, ties, ..CoxOptions::default() }).unwrap();
        near(model.fit.terms[0].coefficient, 3.0_f64.ln());
        // I = p(1 − p) = 3/16; penalized log likelihood log(3/4) + ½ log(3/16).
        near(model.fit.terms[0].std_error, (16.0_f64 / 3.0).sqrt());
        near(model.fit.log_likelihood, 0.75_f64.ln() + 0.5 * (3.0_f64 / 16.0).ln());
    }
    let plain = CoxModel::fit(&data, &x, &CoxOptions::default()).unwrap_err();
    assert_eq!(plain, StatsError::Separation { term: "x".to_owned() });
}

#[test]
fn an_offset_is_a_coefficient_of_one() {
    // With the offset log 2 · x the estimate is log(r/2).
    let offset: Vec<f64> = X.iter().map(|x| x * 2.0_f64.ln()).collect();
    let model = CoxModel::fit(&rows(&FOUR), &one(&X), &CoxOptions { offset: Some(&offset), ..CoxOptions::default() }).unwrap();
    near(model.fit.terms[0].coefficient, (r() / 2.0).ln());
    // The linear predictor is that of the fit without: log r · x.
    for (found, x) in model.linear_predictor().into_iter().zip(X) {
        near(found, r().ln() * x);
    }
    let clusters = CoxModel::fit(&rows(&FOUR), &one(&X), &CoxOptions { cluster: Some(&[3, 3, 3, 3]), ..CoxOptions::default() });
    assert_eq!(clusters.unwrap_err(), StatsError::OneCluster);
}

#[test]
fn one_event_among_many_exposed_is_an_estimate_and_no_separation() {
    // R: coxph(Surv(t, e) ~ x) at eps = 1e-12: −6.50902282478, standard error 1.00037571764.
    let time = (0..2000).map(|row| f64::from(row * 7919 % 10_007 + 1)).collect();
    let exposed: Vec<bool> = (0..2000).map(|row| row % 3 == 0).collect();
    let event = exposed.iter().enumerate().map(|(row, exposed)| !exposed || row == 3).collect();
    let data = TimeToEvent::new(time, event).unwrap();
    let x = one(&exposed.iter().map(|&exposed| f64::from(exposed)).collect::<Vec<f64>>());
    let fit = CoxModel::fit(&data, &x, &CoxOptions::default()).unwrap().fit;
    near(fit.terms[0].coefficient, -6.509_022_824_78);
    near(fit.terms[0].std_error, 1.000_375_717_64);
}

#[test]
fn one_of_huge_risk_who_enters_late_and_leaves_says_nothing_of_the_others() {
    // exp(30 β) is e²⁰ or more: that row's event is certain when it happens, and afterwards the risk sets are those of the others.
    let n = 40;
    let scattered = |row: u32, factor: u32| f64::from(row * factor % 41) / 41.0;
    let (mut entry, mut time, mut x) = (vec![], vec![], vec![]);
    for row in 1..=n {
        x.push(3.0 * scattered(row, 17) - 1.5);
        entry.push(2.0 * scattered(row, 11));
        time.push(entry[entry.len() - 1] + 0.5 + 8.0 * scattered(row, 29) * (-x[x.len() - 1]).exp());
    }
    let fit = |entry: &[f64], time: &[f64], x: &[f64]| {
        let data = TimeToEvent::new(time.to_vec(), vec![true; time.len()]).unwrap().with_entry(entry.to_vec()).unwrap();
        CoxModel::fit(&data, &one(x), &CoxOptions::default()).unwrap().fit.terms[0].coefficient
    };
    let without = fit(&entry, &time, &x);
    assert!(without > 0.7, "{without}");
    entry.push(3.0);
    time.push(3.01);
    x.push(30.0);
    let with = fit(&entry, &time, &x);
    assert!((with - without).abs() < 1e-8, "{with} is not {without}");
}

#[test]
fn with_no_more_clusters_than_terms_there_is_a_fit_but_no_joint_test() {
    let data = rows(&[(1.0, 1), (2.0, 1), (3.0, 1), (4.0, 0), (5.0, 1), (6.0, 1), (7.0, 1), (8.0, 0)]);
    let columns = vec![vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.5, 2.0], vec![3.0, 2.0, 5.0, 1.0, 4.0, 4.0, 2.0, 1.0]];
    let covariates = Covariates::new(vec!["x".to_owned(), "y".to_owned()], columns).unwrap();
    let cluster = [0, 0, 1, 1, 0, 1, 0, 1];
    let options = CoxOptions { cluster: Some(&cluster), ..CoxOptions::default() };
    // Scores of two clusters add up to 0 at the estimate: rank 1, and not 2.
    let fit = CoxModel::fit(&data, &covariates, &options).unwrap().fit;
    assert_eq!(fit.wald, None);
    assert!(fit.terms.iter().all(|term| term.std_error > 0.0));
}

#[test]
fn without_pairs_and_with_scores_that_cancel_there_is_neither_concordance_nor_a_robust_error() {
    // Everybody else is gone before the events, which are all at one time: no pair, and every row's score is 0 but for rounding.
    let times = [(5.0, 1), (5.0, 1), (5.0, 1), (1.0, 0), (2.0, 0), (3.0, 0), (1.0, 0)];
    let x = [1.3, 2.1, 0.4, 0.7, 1.9, 0.2, 1.0];
    let data = rows(&times).with_weights(vec![0.1, 0.2, 0.3, 0.7, 0.9, 0.3, 0.13]).unwrap();
    assert!(matches!(concordance(&data, &x, None, None), Err(StatsError::Undefined { .. })));
    let options = CoxOptions { robust: true, ties: Ties::Breslow, ..CoxOptions::default() };
    if let Ok(model) = CoxModel::fit(&data, &one(&x), &options) {
        assert!(model.fit.terms[0].std_error > 1e-6, "{:?}", model.fit.terms);
    }
}
