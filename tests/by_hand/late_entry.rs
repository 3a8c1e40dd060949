//! Late entry, weights, Nelson–Aalen, and log-rank tests with weights and strata.

use staywell::stats::StatsError;
use staywell::stats::survival::{
    CurveEstimator, CurveInterval, FlemingHarringtonWeights, TimeToEvent, curve, kaplan_meier, log_rank, log_rank_by, log_rank_trend,
    rmst_ratio, survival_difference,
};

use super::{close, rows};

const SIX: [(f64, u8); 6] = [(1.0, 1), (1.0, 0), (2.0, 0), (6.0, 1), (6.0, 1), (9.0, 1)];

#[test]
fn nelson_aalen_and_the_version_that_breaks_ties() {
    let by = |estimator| curve(&rows(&SIX), estimator, CurveInterval::Log, 0.95, None).unwrap();
    // At 1: 1/6; at 6 two of three: 2/3, or one after the other 1/3 + 1/2; variances 1/36 + 2/9, or 1/36 + 1/9 + 1/4.
    let nelson = by(CurveEstimator::NelsonAalen);
    close(nelson.cumulative_hazard[2], 1.0 / 6.0 + 2.0 / 3.0);
    close(nelson.cumulative_hazard_std_error[2], (1.0_f64 / 36.0 + 2.0 / 9.0).sqrt());
    close(nelson.estimate[2], (-5.0_f64 / 6.0).exp());
    let harrington = by(CurveEstimator::FlemingHarrington);
    close(harrington.cumulative_hazard[2], 1.0);
    close(harrington.std_error_log[2].unwrap(), (1.0_f64 / 36.0 + 1.0 / 9.0 + 1.0 / 4.0).sqrt());
}

#[test]
fn whoever_enters_late_is_at_risk_only_then() {
    // (0, 2] event, (1, 3] event, (2, 4] censored: at 2 the third has not entered, so 1/2; at 3 two are at risk: 1/2 · 1/2.
    let late = rows(&[(2.0, 1), (3.0, 1), (4.0, 0)]).with_entry(vec![0.0, 1.0, 2.0]).unwrap();
    let found = kaplan_meier(&late, CurveInterval::Plain, 0.95).unwrap();
    assert_eq!((&found.at_risk[..], &found.estimate[..]), (&[2.0, 2.0, 1.0][..], &[0.5, 0.25, 0.25][..]));
    let error = rows(&[(2.0, 1)]).with_entry(vec![2.0]).unwrap_err();
    assert_eq!(error.to_string(), "row 1 enters at 2, not before its time 2; it is never at risk");
}

#[test]
fn fractional_weights_get_the_jackknife_variance() {
    // Weight 1.5 with the event at 1, weight 0.5 censored at 2: n = 2, d = 1.5, S = 1/4.
    let weighted = rows(&[(1.0, 1), (2.0, 0)]).with_weights(vec![1.5, 0.5]).unwrap();
    let found = kaplan_meier(&weighted, CurveInterval::Plain, 0.95).unwrap();
    close(found.estimate[0], 0.25);
    // U = δ/(n − d) − d/(n(n − d)): 2 − 1.5 = 0.5 and −1.5; Var log S = (1.5 · 0.5)² + (0.5 · 1.5)² = 1.125.
    close(found.std_error_log[0].unwrap(), 1.125_f64.sqrt());
    assert!(found.robust);
    // Whole weights are repeated rows, with Greenwood's variance.
    let doubled = kaplan_meier(&rows(&[(1.0, 1), (2.0, 0)]).with_weights(vec![2.0, 1.0]).unwrap(), CurveInterval::Plain, 0.95).unwrap();
    let repeated = kaplan_meier(&rows(&[(1.0, 1), (1.0, 1), (2.0, 0)]), CurveInterval::Plain, 0.95).unwrap();
    assert_eq!((doubled.std_error, doubled.at_risk), (repeated.std_error, repeated.at_risk));
}

#[test]
fn logit_and_arcsine_limits_are_those_of_their_formulas() {
    // S = 5/6, σ = √(1/30), z = 1.959963984540054.
    let (s, shift) = (5.0_f64 / 6.0, 1.959_963_984_540_054 * (1.0_f64 / 30.0).sqrt());
    let at_one = |interval| {
        let found = kaplan_meier(&rows(&SIX), interval, 0.95).unwrap();
        (found.lower[0].unwrap(), found.upper[0].unwrap())
    };
    // log odds 5 ∓ shift/(1 − S): odds/(1 + odds).
    let odds = |sign: f64| (5.0_f64.ln() + sign * shift / (1.0 - s)).exp();
    close(at_one(CurveInterval::Logit).0, odds(-1.0) / (1.0 + odds(-1.0)));
    close(at_one(CurveInterval::Logit).1, odds(1.0) / (1.0 + odds(1.0)));
    // arcsin √S − shift/2 · √(S/(1 − S)); above, the sine is cut at its top.
    close(at_one(CurveInterval::ArcSin).0, (s.sqrt().asin() - shift / 2.0 * 5.0_f64.sqrt()).sin().powi(2));
    close(at_one(CurveInterval::ArcSin).1, (s.sqrt().asin() + shift / 2.0 * 5.0_f64.sqrt()).min(std::f64::consts::FRAC_PI_2).sin().powi(2));
}

#[test]
fn curves_are_contrasted_at_a_time_and_as_a_ratio_of_means() {
    let (a, b) = (
        kaplan_meier(&rows(&SIX), CurveInterval::Plain, 0.95).unwrap(),
        kaplan_meier(&rows(&[(4.0, 1), (8.0, 0)]), CurveInterval::Plain, 0.95).unwrap(),
    );
    // At 5: 1/2 − 5/6, variance 1/4 · 1/2 + 25/36 · 1/30.
    let (difference, _) = survival_difference(&a, &b, 5.0).unwrap();
    close(difference.estimate, 0.5 - 5.0 / 6.0);
    close(difference.std_error, (0.125 + 25.0_f64 / 36.0 / 30.0).sqrt());
    // Means to 8: 103/18 and 4 + 4/2 = 6; variance of the second (2)²/2 = 2.
    let (ratio, _) = rmst_ratio(&a, &b, 8.0).unwrap();
    close(ratio.estimate, 6.0 * 18.0 / 103.0);
    let first = (85.0_f64 / 18.0).powi(2) / 30.0 + (5.0_f64 / 9.0).powi(2) * 2.0 / 3.0;
    close(ratio.std_error, (first / (103.0_f64 / 18.0).powi(2) + 2.0 / 36.0).sqrt());
}

#[test]
fn early_differences_weigh_more_with_rho_one() {
    // A: 1, 3, 5+; B: 2, 4, 6. Pooled S just before 1, 2, 3, 4, 6: 1, 5/6, 4/6, 3/6, 2/6; A's share at risk 3/6, 2/5, 2/4, 1/3, 0.
    let all = rows(&[(1.0, 1), (3.0, 1), (5.0, 0), (2.0, 1), (4.0, 1), (6.0, 1)]);
    let weights = FlemingHarringtonWeights { rho: 1.0, gamma: 0.0 };
    let found = log_rank_by(&all, &[0, 0, 0, 1, 1, 1], None, weights).unwrap();
    close(found.observed[0], 1.0 + 4.0 / 6.0);
    close(found.expected[0], 3.0 / 6.0 + 5.0 / 6.0 * 2.0 / 5.0 + 4.0 / 6.0 * 2.0 / 4.0 + 3.0 / 6.0 / 3.0);
    close(found.covariance[0][0], 0.25 + 25.0 / 36.0 * 0.24 + 16.0 / 36.0 * 0.25 + 9.0 / 36.0 * 2.0 / 9.0);
}

#[test]
fn two_equal_strata_add_up_and_a_trend_over_two_groups_is_the_test_itself() {
    let once = [(1.0, 1), (3.0, 1), (5.0, 0), (2.0, 1), (4.0, 1), (6.0, 1)];
    let twice: Vec<(f64, u8)> = once.iter().chain(&once).copied().collect();
    let group = [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1];
    let strata = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1];
    let plain = log_rank_by(&rows(&once), &group[..6], None, FlemingHarringtonWeights::default()).unwrap();
    let stratified = log_rank_by(&rows(&twice), &group, Some(&strata), FlemingHarringtonWeights::default()).unwrap();
    // (2 (O − E))² / (2 V)
    close(stratified.test.statistic, 2.0 * plain.test.statistic);
    close(log_rank_trend(&plain, &[1.0, 2.0]).unwrap().statistic, plain.test.statistic);
    assert_eq!(log_rank_trend(&plain, &[1.0, 1.0]), Err(StatsError::OneGroup));
    let (a, b) = (rows(&once[..3]), rows(&once[3..]));
    close(log_rank(&[&a, &b]).unwrap().test.statistic, plain.test.statistic);
}

#[test]
fn times_that_differ_by_rounding_are_one_time() {
    // 0.3 − 0.1 is 0.19999999999999998.
    let times = TimeToEvent::new(vec![0.3 - 0.1, 0.2, 0.5], vec![true, true, false]).unwrap();
    assert_eq!(kaplan_meier(&times, CurveInterval::Plain, 0.95).unwrap().at_risk, [3.0, 1.0]);
}

#[test]
fn robust_errors_of_tied_events_counted_one_after_the_other() {
    // At 1 two of eight have the event: H = 1/8 + 1/7. Derivative of H in the weight of a row with the event, of the k-th part
    // (d/2)/(n − k d/2): (1/8 + 1/7)/2 + (1/2)/7², of every row at risk −(1/8² + 1/7²).
    let time = vec![1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 4.0, 5.0];
    let event = [1, 1, 1, 1, 0, 1, 0, 1].map(|event| event == 1).to_vec();
    let own: Vec<usize> = (0..8).collect();
    let data = TimeToEvent::new(time, event).unwrap();
    let found = curve(&data, CurveEstimator::FlemingHarrington, CurveInterval::LogLog, 0.95, Some(&own)).unwrap();
    let drift: f64 = 1.0 / 64.0 + 1.0 / 49.0;
    let event = f64::midpoint(1.0 / 8.0, 1.0 / 7.0) + 0.5 / 49.0 - drift;
    close(found.cumulative_hazard_std_error[0], (2.0 * event * event + 6.0 * drift * drift).sqrt());
    // R: survfit(Surv(t, e) ~ 1, stype = 2, ctype = 2, cluster = id)$std.chaz.
    for (found, expected) in found.cumulative_hazard_std_error.into_iter().zip([0.176_526, 0.293_747, 0.400_451]) {
        assert!((found - expected).abs() < 1e-6);
    }
}

#[test]
fn quantiles_with_robust_errors_do_not_hang_on_the_last_digit_of_a_flat_part() {
    let time = vec![17.0, 19.0, 2.0, 9.0, 6.0, 8.0];
    let event = vec![true, false, true, true, false, true];
    let data = TimeToEvent::new(time, event).unwrap();
    let found = curve(&data, CurveEstimator::KaplanMeier, CurveInterval::LogLog, 0.95, Some(&[1, 1, 1, 3, 3, 1])).unwrap();
    // Nobody has the event at 6, so nothing changes there.
    assert_eq!(found.lower[0], found.lower[1]);
    // R: quantile(survfit(Surv(t, e) ~ 1, cluster = c, conf.type = "log-log"), 0.25)$lower.
    assert_eq!(found.quantile(0.25).lower, Some(2.0));
}

#[test]
fn rows_of_one_group_keep_the_times_all_rows_have_together() {
    // Beside times of 0 to 5, 0.5 and 1.5 after 1e8 are three times; among themselves their scale would make them one.
    let late = [1e8 + 0.5, 1e8 + 1.5, 1e8 + 20.5];
    let time: Vec<f64> = (0..60).map(|row| f64::from(row) / 12.0 + 0.01).chain(late).collect();
    let all = TimeToEvent::new(time, vec![true; 63]).unwrap();
    let own = kaplan_meier(&all.subset(&[60, 61, 62]).unwrap(), CurveInterval::LogLog, 0.95).unwrap();
    assert_eq!(own.time, late);
    close(own.estimate[0], 2.0 / 3.0);
}

#[test]
fn events_that_all_weigh_nothing_are_no_test_but_events() {
    // Both events at the first time, where 1 − S is 0.
    let (a, b) = (rows(&[(5.0, 1), (7.0, 0)]), rows(&[(5.0, 1), (8.0, 0)]));
    let time = a.time().iter().chain(b.time()).copied().collect();
    let all = TimeToEvent::new(time, vec![true, false, true, false]).unwrap();
    let found = log_rank_by(&all, &[0, 0, 1, 1], None, FlemingHarringtonWeights { rho: 0.0, gamma: 1.0 });
    assert_eq!(found, Err(StatsError::NotPossible { what: "a log-rank test", reason: "every event has weight 0" }));
}
