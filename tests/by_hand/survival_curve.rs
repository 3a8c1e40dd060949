use staywell::stats::StatsError;
use staywell::stats::survival::{CurveInterval, TimeToEvent, kaplan_meier, rmst, rmst_difference, rmst_ratio, survival_difference};

use super::{close, rows};

/// Six subjects with the four cases of a tie: a censoring alone (2), an event tied with a censoring (1), tied events (6), an
/// event alone (9).
const SIX: [(f64, u8); 6] = [(1.0, 1), (1.0, 0), (2.0, 0), (6.0, 1), (6.0, 1), (9.0, 1)];

#[test]
fn the_product_limit_and_greenwood_of_six_subjects() {
    let curve = kaplan_meier(&rows(&SIX), CurveInterval::LogLog, 0.95).unwrap();
    assert_eq!(curve.time, [1.0, 2.0, 6.0, 9.0]);
    assert_eq!(curve.at_risk, [6.0, 4.0, 3.0, 1.0]);
    assert_eq!((&curve.events[..], &curve.censored[..]), (&[1.0, 0.0, 2.0, 1.0][..], &[1.0, 1.0, 0.0, 0.0][..]));
    // S: 5/6; 5/6; 5/6 · 1/3 = 5/18; 0.
    for (found, expected) in curve.estimate.iter().zip([5.0 / 6.0, 5.0 / 6.0, 5.0 / 18.0, 0.0]) {
        close(*found, expected);
    }
    // Σ d/(n(n−d)): 1/(6·5) = 1/30; then + 2/(3·1) = 1/30 + 2/3 = 7/10.
    close(curve.std_error[0], 5.0 / 6.0 * (1.0_f64 / 30.0).sqrt());
    close(curve.std_error[2], 5.0 / 18.0 * 0.7_f64.sqrt());
    // S = 0: no error, no limits.
    assert_eq!((curve.std_error_log[3], curve.lower[3], curve.upper[3]), (None, None, None));
}

#[test]
fn log_log_limits_are_those_of_the_formula() {
    let curve = kaplan_meier(&rows(&SIX), CurveInterval::LogLog, 0.95).unwrap();
    // θ = exp(1.959963984540054 σ / log S), σ = √(1/30), S = 5/6: S^(θ), S^(1/θ).
    let theta = (1.959_963_984_540_054 * (1.0_f64 / 30.0).sqrt() / (5.0_f64 / 6.0).ln()).exp();
    close(curve.lower[0].unwrap(), (5.0_f64 / 6.0).powf(1.0 / theta));
    close(curve.upper[0].unwrap(), (5.0_f64 / 6.0).powf(theta));
}

#[test]
fn at_risk_is_just_before_and_nothing_is_known_past_the_end() {
    let curve = kaplan_meier(&rows(&SIX), CurveInterval::Plain, 0.95).unwrap();
    assert_eq!([0.0, 1.0, 1.5, 6.0, 6.5, 9.0].map(|time| curve.at(time).unwrap().at_risk), [6.0, 6.0, 4.0, 3.0, 1.0, 1.0]);
    close(curve.at(0.5).unwrap().estimate, 1.0);
    close(curve.at(5.9).unwrap().estimate, 5.0 / 6.0);
    assert!(curve.at(9.1).is_none());
}

#[test]
fn the_median_of_a_flat_half_is_its_middle_and_may_not_be_reached() {
    // 1, 2, 3, 4, all events: S = 1/2 on [2, 3), so 2.5.
    let flat = kaplan_meier(&rows(&[(1.0, 1), (2.0, 1), (3.0, 1), (4.0, 1)]), CurveInterval::LogLog, 0.95).unwrap();
    assert_eq!(flat.median().estimate, Some(2.5));
    // One event of four: the curve stays at 3/4.
    let high = kaplan_meier(&rows(&[(1.0, 1), (2.0, 0), (3.0, 0), (4.0, 0)]), CurveInterval::LogLog, 0.95).unwrap();
    assert_eq!(high.median().estimate, None);
}

#[test]
fn the_restricted_mean_is_the_area_and_its_variance_the_weighted_sum() {
    let curve = kaplan_meier(&rows(&SIX), CurveInterval::LogLog, 0.95).unwrap();
    // To 8: 1·1 + 5/6·(6−1) + 5/18·(8−6) = 1 + 25/6 + 5/9 = 103/18.
    let mean = rmst(&curve, 8.0).unwrap();
    close(mean.estimate, 103.0 / 18.0);
    // A(1) = 25/6 + 5/9 = 85/18, A(6) = 5/9: (85/18)²/30 + (5/9)²·2/3.
    close(mean.std_error, ((85.0_f64 / 18.0).powi(2) / 30.0 + (5.0_f64 / 9.0).powi(2) * 2.0 / 3.0).sqrt());
    // The curve is 0 from 9 on: a later horizon adds nothing.
    close(rmst(&curve, 20.0).unwrap().estimate, 1.0 + 25.0 / 6.0 + 5.0 / 18.0 * 3.0);
}

#[test]
fn a_horizon_beyond_follow_up_is_refused_in_words() {
    let curve = kaplan_meier(&rows(&[(1.0, 1), (5.0, 0)]), CurveInterval::LogLog, 0.95).unwrap();
    assert_eq!(
        rmst(&curve, 6.0).unwrap_err().to_string(),
        "the horizon of 6 lies beyond the last follow-up at 5, where the curve is unknown"
    );
    let calm = kaplan_meier(&rows(&[(5.0, 0), (5.0, 0)]), CurveInterval::LogLog, 0.95).unwrap();
    assert!(matches!(rmst_difference(&calm, &calm, 5.0), Err(StatsError::NotPossible { .. })));
}

#[test]
fn without_an_event_before_the_horizon_means_are_not_compared_and_the_reason_is_true() {
    // There are events, at 3 and 4: before 2 both means are exactly 2, without an error.
    let curve = kaplan_meier(&rows(&[(1.0, 0), (3.0, 1), (4.0, 1)]), CurveInterval::LogLog, 0.95).unwrap();
    let mean = rmst(&curve, 2.0).unwrap();
    assert_eq!((mean.estimate, mean.std_error), (2.0, 0.0));
    let reason = "cannot be computed: neither group's mean has a standard error, for nobody has the event before the horizon or all at risk \
                  have it at once";
    let texts = [rmst_difference(&curve, &curve, 2.0).unwrap_err().to_string(), rmst_ratio(&curve, &curve, 2.0).unwrap_err().to_string()];
    assert_eq!(texts, [format!("the difference of restricted means {reason}"), format!("the ratio of restricted means {reason}")]);
    // At 1 nobody has had the event; at 4 S is 0 in both.
    for time in [1.0, 4.0] {
        assert!(matches!(survival_difference(&curve, &curve, time), Err(StatsError::NotPossible { .. })), "{time}");
    }
    // No time at all is as unknown as one past the last.
    assert_eq!((curve.at(f64::NAN), curve.at(5.0)), (None, None));
}

#[test]
fn odd_samples_give_a_curve_or_a_sentence() {
    let censored = kaplan_meier(&rows(&[(3.0, 0), (4.0, 0)]), CurveInterval::Log, 0.95).unwrap();
    assert_eq!((&censored.estimate[..], censored.median().estimate), (&[1.0, 1.0][..], None));
    let one = kaplan_meier(&rows(&[(0.0, 1)]), CurveInterval::LogLog, 0.95).unwrap();
    assert_eq!((one.estimate[0], one.median().estimate), (0.0, Some(0.0)));
    let text = |time: Vec<f64>, event: Vec<bool>| TimeToEvent::new(time, event).unwrap_err().to_string();
    assert_eq!(text(vec![], vec![]), "there are no values to compute from");
    assert_eq!(text(vec![1.0, f64::NAN], vec![true, true]), "time, value 2: not a finite number");
    assert_eq!(text(vec![1.0, -2.0], vec![true, true]), "time 2 is -2; times to event cannot be negative");
    assert_eq!(text(vec![1.0], vec![true, false]), "event has 2 values where 1 were expected");
    assert_eq!(kaplan_meier(&rows(&SIX), CurveInterval::Log, 1.0), Err(StatsError::InvalidLevel { level: 1.0 }));
}
