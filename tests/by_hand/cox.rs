use staywell::stats::StatsError;
use staywell::stats::survival::{Covariates, Ties, cox};

use super::{close, rows};

fn one(x: &[f64]) -> Covariates {
    Covariates::new(vec!["x".to_owned()], vec![x.to_vec()]).unwrap()
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn without_ties_the_score_equation_of_four_subjects_is_a_quadratic() {
    // Events at 1 (x = 1), 2 (x = 0), 3 (x = 1), censored at 4 (x = 0); r = e^β.
    // Risk sets: {1,0,1,0}: r/(2r+2); {0,1,0}: 1/(r+2); {1,0}: r/(r+1).
    // U = 1 − r/(r+1) − r/(r+2) + 1 − r/(r+1) = 0  ⇒  2/(r+1) = r/(r+2)  ⇒  r² − r − 4 = 0  ⇒  r = (1 + √17)/2.
    let fit = cox(&rows(&[(1.0, 1), (2.0, 1), (3.0, 1), (4.0, 0)]), &one(&[1.0, 0.0, 1.0, 0.0]), Ties::Efron, 0.95).unwrap();
    let r = f64::midpoint(1.0, 17.0_f64.sqrt());
    near(fit.terms[0].hazard_ratio, r);
    // I = 2 r/(r+1)² + 2r/(r+2)².
    let information = 2.0 * r / (r + 1.0).powi(2) + 2.0 * r / (r + 2.0).powi(2);
    near(fit.terms[0].std_error, 1.0 / information.sqrt());
    near(fit.log_likelihood_null, -(4.0_f64.ln() + 3.0_f64.ln() + 2.0_f64.ln()));
    // U(0)² / I(0) = (2/2 − 1/3)² / (2/4 + 2/9) = (4/9)/(13/18) = 8/13.
    near(fit.score.statistic, 8.0 / 13.0);
}

#[test]
fn with_tied_events_breslow_and_efron_are_the_roots_of_their_own_equations() {
    // At 1: events x = 1 and x = 0 among x = {1, 0, 1, 0}. Then censored. r = e^β.
    // Breslow: U = 1 − 2·2r/(2r+2) = 1 − 2r/(r+1) = 0 ⇒ r = 1.
    let data = rows(&[(1.0, 1), (1.0, 1), (2.0, 0), (2.0, 0)]);
    let x = one(&[1.0, 0.0, 1.0, 0.0]);
    near(cox(&data, &x, Ties::Breslow, 0.95).unwrap().terms[0].coefficient, 0.0);
    // Efron, second factor: (2r − r/2)/(2r + 2 − (r+1)/2) = r/(r+1): the same root, log likelihood −log(2r+2) − log(3(r+1)/2) + β.
    let efron = cox(&data, &x, Ties::Efron, 0.95).unwrap();
    near(efron.terms[0].coefficient, 0.0);
    near(efron.log_likelihood, -(4.0_f64.ln()) - 3.0_f64.ln());
    near(cox(&data, &x, Ties::Breslow, 0.95).unwrap().log_likelihood, -2.0 * 4.0_f64.ln());
}

#[test]
fn what_cannot_be_estimated_is_said_in_words_with_the_term() {
    let data = rows(&[(1.0, 1), (2.0, 1), (3.0, 1), (4.0, 0), (5.0, 0), (6.0, 0)]);
    let text = |covariates: &Covariates| cox(&data, covariates, Ties::Efron, 0.95).unwrap_err().to_string();
    assert_eq!(text(&one(&[2.0; 6])), "\"x\" has the same value everywhere, so its effect cannot be estimated");
    assert_eq!(
        text(&one(&[1.0, 1.0, 1.0, 0.0, 0.0, 0.0])),
        "\"x\" separates the events from the rest: every larger effect fits better, so there is no finite estimate"
    );
    let twice = Covariates::new(
        vec!["age".into(), "months".into()],
        vec![vec![30.0, 45.0, 38.0, 51.0, 29.0, 60.0], vec![360.0, 540.0, 456.0, 612.0, 348.0, 720.0]],
    )
    .unwrap();
    assert_eq!(text(&twice), "\"months\" can be worked out from the other covariates, so its effect cannot be told apart from theirs");
    let calm = rows(&[(1.0, 0), (2.0, 0)]);
    assert_eq!(cox(&calm, &one(&[0.0, 1.0]), Ties::Efron, 0.95), Err(StatsError::NoEvents));
}

#[test]
fn a_covariate_far_from_zero_gives_the_same_fit() {
    let data = rows(&[(1.0, 1), (2.0, 0), (3.0, 1), (4.0, 1), (5.0, 0), (6.0, 1)]);
    let x = [0.5, 1.5, -1.0, 2.0, 0.0, -0.5];
    let shifted: Vec<f64> = x.iter().map(|value| value + 1e9).collect();
    let (near_zero, far) = (cox(&data, &one(&x), Ties::Efron, 0.95).unwrap(), cox(&data, &one(&shifted), Ties::Efron, 0.95).unwrap());
    assert!((near_zero.terms[0].coefficient - far.terms[0].coefficient).abs() < 1e-6);
    close(near_zero.log_likelihood_null, far.log_likelihood_null);
}
