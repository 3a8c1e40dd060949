use staywell::stats::StatsError;
use staywell::stats::competing::{
    FineGrayMethod, IncidenceInterval, IncidenceVariance, TimeToCause, cumulative_incidence, fine_gray, gray_test, incidence_difference,
    pseudo_cumulative_incidence, pseudo_event_free, pseudo_restricted_mean,
};
use staywell::stats::survival::Covariates;

use super::close;

/// Five subjects: cause 1 at 1, cause 2 at 2, censored at 3, cause 1 at 4, censored at 5.
fn five() -> TimeToCause {
    TimeToCause::new(vec![1.0, 2.0, 3.0, 4.0, 5.0], vec![1, 2, 0, 1, 0]).unwrap()
}

#[test]
fn incidences_of_five_subjects_and_their_jackknife_error() {
    let found = cumulative_incidence(&five(), IncidenceVariance::InfinitesimalJackknife, IncidenceInterval::Plain, 0.95).unwrap();
    // S: 4/5, 3/5, 3/5, 3/10. F₁: 1/5, 1/5, 1/5, 1/5 + 3/5 · 1/2 = 1/2. F₂: 0, 4/5 · 1/4 = 1/5.
    for (row, (free, one, two)) in [(0.8, 0.2, 0.0), (0.6, 0.2, 0.2), (0.6, 0.2, 0.2), (0.3, 0.5, 0.2), (0.3, 0.5, 0.2)].iter().enumerate()
    {
        close(found.event_free.estimate[row], *free);
        close(found.incidence[0].estimate[row], *one);
        close(found.incidence[1].estimate[row], *two);
    }
    assert_eq!((&found.at_risk[..], &found.events[0][..]), (&[5.0, 4.0, 3.0, 2.0, 1.0][..], &[1.0, 0.0, 0.0, 1.0, 0.0][..]));
    // Before the censoring these are shares of five: √(p(1 − p)/5).
    close(found.incidence[0].std_error[1], (0.2_f64 * 0.8 / 5.0).sqrt());
    // F₁(4) = 1/5 + S(3)/2. Influences on F₁(1) = d/n: 4/25 for the first subject, −1/25 for the others. On S(3) = 3/5:
    // −3/25 for the first two, 2/25 for the other three. On the last factor d/n = 1/2: 1/4 for the fourth, −1/4 for the fifth.
    // On F₁(4): first 4/25 − 3/50 = 1/10; second −1/25 − 3/50 = −1/10; third −1/25 + 1/25 = 0; fourth 0 + 3/5 · 1/4 = 3/20;
    // fifth −3/20. Squares: (4 + 4 + 0 + 9 + 9)/400 = 26/400.
    close(found.incidence[0].std_error[3], (26.0_f64 / 400.0).sqrt());
    let point = found.at(1, 4.5).unwrap();
    close(point.estimate, 0.5);
    close(point.upper.unwrap(), 0.5 + 1.959_963_984_540_054 * (26.0_f64 / 400.0).sqrt());
    assert_eq!(found.at(1, 0.5).unwrap().estimate, 0.0);
    assert_eq!(found.at(1, 6.0), Err(StatsError::HorizonBeyondFollowUp { horizon: 6.0, last: 5.0 }));
    assert!(matches!(found.at(3, 1.0), Err(StatsError::OutOfRange { .. })));
}

#[test]
fn limits_on_the_logarithmic_scales() {
    let at = |interval| {
        let curve = cumulative_incidence(&five(), IncidenceVariance::InfinitesimalJackknife, interval, 0.95).unwrap();
        let point = curve.at(1, 4.0).unwrap();
        (point.lower.unwrap(), point.upper.unwrap())
    };
    // p = 1/2, se = √26/20, z se/p = half: p e^{∓half}, cut at 1; p^exp(±half/ln 2).
    let half = 1.959_963_984_540_054 * 26.0_f64.sqrt() / 20.0 / 0.5;
    let (lower, upper) = at(IncidenceInterval::Log);
    close(lower, 0.5 * (-half).exp());
    close(upper, (0.5 * half.exp()).min(1.0));
    let (lower, upper) = at(IncidenceInterval::LogLog);
    close(lower, 0.5_f64.powf((half / 2.0_f64.ln()).exp()));
    close(upper, 0.5_f64.powf((-half / 2.0_f64.ln()).exp()));
}

#[test]
fn the_variance_of_aalen_without_censoring_or_ties() {
    // Causes 1, 2, 1, 2 at 1, 2, 3, 4 among four: F₁(3) = 1/2.
    let rows = TimeToCause::new(vec![1.0, 2.0, 3.0, 4.0], vec![1, 2, 1, 2]).unwrap();
    let found = cumulative_incidence(&rows, IncidenceVariance::Aalen, IncidenceInterval::Plain, 0.95).unwrap();
    // S: 3/4, 1/2, 1/4. Terms at t = 3 are (δ + (F(s) − F(t))/S(s))² S(s−)² d/n²:
    // s = 1: (1 − (1/4)/(3/4))² / 16 = (4/9)/16 = 1/36;  s = 2: ((1/4)/(1/2))² (9/16)/9 = 1/64;  s = 3: (1/4)/4 = 1/16.
    close(found.incidence[0].std_error[2].powi(2), 1.0 / 36.0 + 1.0 / 64.0 + 1.0 / 16.0);
    // At 4 cause 2 happens, so the error of cause 1 stands still.
    close(found.incidence[0].std_error[3], found.incidence[0].std_error[2]);
}

#[test]
fn late_entry_and_weights() {
    // The second enters after the first has gone: n = 1 each time it happens, so S falls to 0 at 1.
    let rows = TimeToCause::new(vec![1.0, 3.0], vec![1, 2]).unwrap().with_entry(vec![0.0, 2.0]).unwrap();
    let found = cumulative_incidence(&rows, IncidenceVariance::InfinitesimalJackknife, IncidenceInterval::Log, 0.95).unwrap();
    assert_eq!((&found.at_risk[..], &found.incidence[0].estimate[..]), (&[1.0, 1.0][..], &[1.0, 1.0][..]));
    assert_eq!(found.incidence[1].estimate, [0.0, 0.0]);
    // Weights 1 and 3: F₁(1) = 1/4, influences 3/16 and −1/16, times the weights 3/16 and −3/16.
    let rows = TimeToCause::new(vec![1.0, 2.0], vec![1, 0]).unwrap().with_weights(vec![1.0, 3.0]).unwrap();
    let found = cumulative_incidence(&rows, IncidenceVariance::InfinitesimalJackknife, IncidenceInterval::Log, 0.95).unwrap();
    close(found.incidence[0].estimate[0], 0.25);
    close(found.incidence[0].std_error[0], 18.0_f64.sqrt() / 16.0);
}

#[test]
fn a_difference_is_tested_against_the_errors_of_both() {
    let curve = |time, cause| {
        let rows = TimeToCause::new(time, cause).unwrap();
        cumulative_incidence(&rows, IncidenceVariance::InfinitesimalJackknife, IncidenceInterval::Plain, 0.95).unwrap()
    };
    let (a, b) = (curve(vec![1.0, 2.0, 9.0, 9.0], vec![1, 2, 0, 0]), curve(vec![1.0, 2.0, 9.0, 9.0], vec![1, 1, 0, 0]));
    let found = incidence_difference(&a, &b, 1, 5.0).unwrap();
    // 1/2 − 1/4, variances (1/4)(3/4)/4 and (1/2)(1/2)/4.
    close(found.difference.estimate, 0.25);
    close(found.difference.std_error, (3.0_f64 / 64.0 + 1.0 / 16.0).sqrt());
    close(found.test.statistic, 0.25 / (7.0_f64 / 64.0).sqrt());
}

#[test]
fn the_score_of_grays_test_is_observed_less_expected() {
    // A: cause 1 at 1, cause 2 at 3; B: cause 2 at 2, cause 1 at 4.
    let rows = TimeToCause::new(vec![1.0, 3.0, 2.0, 4.0], vec![1, 2, 2, 1]).unwrap();
    let found = gray_test(&rows, &[7, 7, 8, 8], None, 1, 0.0).unwrap();
    // At 1: both R are 2, so 1 − 1/2. At 4 nobody of A is left: 0.
    close(found.scores[0], 0.5);
    assert_eq!((found.groups, found.n, found.n_events, found.test.df), (vec![7, 8], vec![2, 2], vec![1, 1], Some(1.0)));
    assert_eq!(gray_test(&rows, &[7, 7, 7, 7], None, 1, 0.0), Err(StatsError::OneGroup));
    assert_eq!(gray_test(&rows, &[7, 7, 8, 8], None, 3, 0.0), Err(StatsError::NoEvents));
}

#[test]
fn without_censoring_a_competing_event_never_leaves_the_risk_set() {
    // x = 1 has cause 1 at 1, cause 2 at 2; x = 0 has cause 1 at 3 and 4. Risk sets of cause 1: all four at 1; at 3 the second
    // of x = 1 stays (gone, weight 1) with two of x = 0; at 4 it stays with one.
    let rows = TimeToCause::new(vec![1.0, 2.0, 3.0, 4.0], vec![1, 2, 1, 1]).unwrap();
    let x = Covariates::new(vec!["x".into()], vec![vec![1.0, 1.0, 0.0, 0.0]]).unwrap();
    let fit = fine_gray(&rows, 1, &x, FineGrayMethod::Weighted, 0.95).unwrap();
    // l(β) = β − ln(2e^β + 2) − ln(e^β + 2) − ln(e^β + 1): with r = e^β, l' = 1 − 2 r/(r + 1) − r/(r + 2) = 0,
    // (r + 1)(r + 2) = 2r(r + 2) + r(r + 1), 2r² + 2r − 2 = 0, r = (√5 − 1)/2.
    let r = (5.0_f64.sqrt() - 1.0) / 2.0;
    close(fit.terms[0].coefficient, r.ln());
    // −l'' = 2 r/(r + 1)² + 2 r/(r + 2)².
    close(fit.terms[0].std_error, 1.0 / (2.0 * r / (r + 1.0).powi(2) + 2.0 * r / (r + 2.0).powi(2)).sqrt());
    close(fit.log_likelihood_null, -(4.0_f64.ln() + 3.0_f64.ln() + 2.0_f64.ln()));
    // Baseline at x = 0: jumps 1/(2r + 2), 1/(r + 2), 1/(r + 1).
    let found = fit.predict(&[0.0]).unwrap();
    close(found.estimate[1], 1.0 - (-1.0 / (2.0 * r + 2.0) - 1.0 / (r + 2.0)).exp());
    assert_eq!((fit.n_events, found.time), (vec![3, 1], vec![1.0, 3.0, 4.0]));
}

#[test]
fn censoring_weights_of_the_two_conventions_differ_where_a_censoring_is_tied_with_an_event() {
    // Cause 2 at 1 (x = 1), then at 2 an event of cause 1 (x = 0) and a censoring (x = 1), then at 3 events of cause 1, x = 0, 1.
    let rows = TimeToCause::new(vec![1.0, 2.0, 2.0, 3.0, 3.0], vec![2, 1, 0, 1, 1]).unwrap();
    let x = Covariates::new(vec!["x".into()], vec![vec![1.0, 0.0, 1.0, 0.0, 1.0]]).unwrap();
    let null = |method| fine_gray(&rows, 1, &x, method, 0.95).unwrap().log_likelihood_null;
    // At 2: five at risk, the gone one with weight 1. At 3: two and the gone one with G = 1 − 1/3 (the event has left) or 1 − 1/4.
    close(null(FineGrayMethod::Weighted), -(5.0_f64.ln() + 2.0 * (2.0_f64 + 2.0 / 3.0).ln()));
    close(null(FineGrayMethod::Crr), -(5.0_f64.ln() + 2.0 * (2.0_f64 + 3.0 / 4.0).ln()));
}

#[test]
fn pseudo_values_without_censoring_are_what_happened() {
    let rows = TimeToCause::new(vec![1.0, 2.0, 4.0], vec![1, 2, 1]).unwrap();
    for (found, expected) in pseudo_event_free(&rows, &[0.5, 2.0]).unwrap().iter().zip([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0]]) {
        found.iter().zip(expected).for_each(|(&found, expected)| close(found, expected));
    }
    for (found, expected) in pseudo_cumulative_incidence(&rows, 2, &[2.5]).unwrap().iter().zip([0.0, 1.0, 0.0]) {
        close(found[0], expected);
    }
    for (found, expected) in pseudo_restricted_mean(&rows, 3.0).unwrap().into_iter().zip([1.0, 2.0, 3.0]) {
        close(found, expected);
    }
}

#[test]
fn pseudo_values_with_a_censoring_come_from_the_influences() {
    // Of the five above at 4: S = 3/5 · 1/2, influences S/(3/5) × (−3/25, −3/25, 2/25, 2/25, 2/25) + 3/5 × (0, 0, 0, −1/4, 1/4).
    let found = pseudo_event_free(&five(), &[4.0]).unwrap();
    for (found, influence) in found.iter().zip([-0.06, -0.06, 0.04, 0.04 - 0.15, 0.04 + 0.15]) {
        close(found[0], 0.3 + 5.0 * influence);
    }
    let found = pseudo_cumulative_incidence(&five(), 1, &[4.0]).unwrap();
    for (found, influence) in found.iter().zip([0.1, -0.1, 0.0, 0.15, -0.15]) {
        close(found[0], 0.5 + 5.0 * influence);
    }
    // The five at risk to 5 with one censored last: unknown beyond.
    assert!(matches!(pseudo_event_free(&five(), &[6.0]), Err(StatsError::HorizonBeyondFollowUp { .. })));
}

#[test]
fn times_that_differ_by_rounding_are_one_time() {
    // Causes 1 and 2 at 0.3, one of them typed as 0.1 + 0.2 = 0.30000000000000004; censored at 0.5; cause 1 at 0.7.
    let rows = |first: f64| TimeToCause::new(vec![first, 0.3, 0.5, 0.7], vec![1, 2, 0, 1]).unwrap();
    let found = cumulative_incidence(&rows(0.1 + 0.2), IncidenceVariance::InfinitesimalJackknife, IncidenceInterval::Plain, 0.95).unwrap();
    // One of four each at 0.3; then all that is left, 1/2, at 0.7. As R's survfit (0.25, 0.25, 0.75; error √(¼ · ¾/4) = 0.2165…).
    assert_eq!((&found.time[..], &found.at_risk[..]), (&[0.3, 0.5, 0.7][..], &[4.0, 2.0, 1.0][..]));
    assert_eq!((&found.incidence[0].estimate[..], &found.incidence[1].estimate[..]), (&[0.25, 0.25, 0.75][..], &[0.25; 3][..]));
    close(found.incidence[0].std_error[0], 0.216_506_350_946_109_65);
    close(found.incidence[0].std_error[2], 0.216_506_350_946_109_65);
    // So are entries and times: a row that enters at 0.3 and ends at 0.1 + 0.2 is never at risk.
    assert_eq!(
        TimeToCause::new(vec![0.1 + 0.2, 1.0], vec![1, 2]).unwrap().with_entry(vec![0.3, 0.0]),
        Err(StatsError::EntryAfterTime { position: 1, entry: 0.3, time: 0.3 })
    );
    // Whatever is made of such rows is what it is of equal times.
    let x = Covariates::new(vec!["x".into()], vec![vec![1.0, 0.0, 1.0, 0.0]]).unwrap();
    let fit = |first| fine_gray(&rows(first), 1, &x, FineGrayMethod::Weighted, 0.95).map(|fit| fit.terms[0].coefficient);
    assert_eq!(fit(0.1 + 0.2), fit(0.3));
    assert_eq!(pseudo_event_free(&rows(0.1 + 0.2), &[0.3, 0.6]), pseudo_event_free(&rows(0.3), &[0.3, 0.6]));
}

#[test]
fn an_incidence_that_has_reached_1_has_no_error() {
    // One cause, censored at 5: F = 1 − S = 1/5, 2/5, 3/5, 3/5, 1; Greenwood's error of S, which is that of F, is √(p(1 − p)/5) before
    // the censoring and exactly 0 where S is 0.
    let rows = TimeToCause::new(vec![1.0, 2.0, 4.0, 5.0, 7.0], vec![1, 1, 1, 0, 1]).unwrap();
    for rows in [rows.clone(), rows.with_causes(2).unwrap()] {
        let found = cumulative_incidence(&rows, IncidenceVariance::InfinitesimalJackknife, IncidenceInterval::Plain, 0.95).unwrap();
        let one = &found.incidence[0];
        for (row, p) in [0.2_f64, 0.4, 0.6, 0.6].into_iter().enumerate() {
            close(one.estimate[row], p);
            close(one.std_error[row], (p * (1.0 - p) / 5.0).sqrt());
        }
        assert_eq!((one.estimate[4], one.std_error[4], one.lower[4], one.upper[4]), (1.0, 0.0, Some(1.0), Some(1.0)));
    }
}

#[test]
fn grays_test_says_truly_why_it_cannot_be_done() {
    // The only row of group 8 is gone at 0.5, before the first event at 1.
    let rows = TimeToCause::new(vec![1.0, 2.0, 3.0, 0.5], vec![1, 0, 1, 0]).unwrap();
    let error = gray_test(&rows, &[7, 7, 7, 8], None, 1, 0.0).unwrap_err();
    assert_eq!(error.to_string(), "Gray's test cannot be computed: only one group has anybody at risk when the event happens");
}
