use staywell::stats::StatsError;
use staywell::stats::recurrent::{CountInterval, RecurrentRows, conditional_rows, mean_count_difference, mean_cumulative_function};
use staywell::stats::survival::{IntervalCensored, person_years, rate_ratio, turnbull};

use super::close;

/// A: events at 1 and 3, followed to 4; B: followed to 2 without; C: event at 2, then to 5.
fn three() -> RecurrentRows {
    RecurrentRows::new(
        vec![1, 1, 1, 2, 3, 3],
        vec![0.0, 1.0, 3.0, 0.0, 0.0, 2.0],
        vec![1.0, 3.0, 4.0, 2.0, 2.0, 5.0],
        vec![true, true, false, false, true, false],
    )
    .unwrap()
}

#[test]
fn mean_count_and_robust_error_of_three_patients() {
    let found = mean_cumulative_function(&three(), CountInterval::Log, 0.95).unwrap();
    assert_eq!(
        (&found.time[..], &found.at_risk[..], &found.events[..]),
        (&[1.0, 2.0, 3.0, 4.0, 5.0][..], &[3, 3, 2, 2, 1][..], &[1, 1, 1, 0, 0][..])
    );
    // 1/3, 2/3, 2/3 + 1/2 = 7/6.
    for (found, expected) in found.estimate.iter().zip([1.0, 2.0, 3.5, 3.5, 3.5]) {
        close(*found, expected / 3.0);
    }
    // By 1: A (1 − 1/3)/3 = 2/9, B and C −1/9. By 2: A 2/9 − 1/9 = 1/9, B −2/9, C −1/9 + 2/9 = 1/9.
    close(found.std_error[0], 6.0_f64.sqrt() / 9.0);
    close(found.std_error[1], 6.0_f64.sqrt() / 9.0);
    // By 3, n = 2: A 1/9 + (1 − 1/2)/2 = 13/36, B −8/36, C 1/9 − 1/4 = −5/36.
    let error = f64::sqrt(13.0 * 13.0 + 64.0 + 25.0) / 36.0;
    close(found.std_error[2], error);
    let point = found.at(3.5).unwrap();
    close(point.upper.unwrap(), 7.0 / 6.0 * (1.959_963_984_540_054 * error / (7.0 / 6.0)).exp());
    assert_eq!((found.n_patients, found.n_rows, found.n_events, point.at_risk), (3, 6, 3, 2));
    assert!(matches!(found.at(5.5), Err(StatsError::HorizonBeyondFollowUp { .. })));
    let plain = mean_cumulative_function(&three(), CountInterval::Plain, 0.95).unwrap();
    let difference = mean_count_difference(&plain, &plain, 3.0).unwrap();
    assert_eq!((difference.difference.estimate, difference.test.p_value), (0.0, 1.0));
    close(difference.difference.std_error, 2.0_f64.sqrt() * error);
}

#[test]
fn rows_wait_for_their_next_event_from_the_last_one_on() {
    // A waits for events 1, 2, 3; C for 1 and 2. The row of A before its second event is split at 2.
    let rows = RecurrentRows::new(
        vec![1, 1, 1, 1, 3, 3],
        vec![2.0, 0.0, 1.0, 3.0, 2.5, 0.0],
        vec![3.0, 1.0, 2.0, 4.0, 5.0, 2.0],
        vec![true, true, false, false, false, true],
    )
    .unwrap();
    let found = conditional_rows(&rows, None).unwrap();
    assert_eq!(found.source_row, [1, 2, 0, 3, 5, 4]);
    assert_eq!(found.event_number, [1, 2, 2, 3, 1, 2]);
    // C was away from 2 to 2.5: its clock starts at the return.
    assert_eq!(found.gap_start, [0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(found.gap_stop, [1.0, 1.0, 2.0, 1.0, 2.0, 2.5]);
    assert_eq!(conditional_rows(&rows, Some(2)).unwrap().source_row, [1, 2, 0, 5, 4]);
}

#[test]
fn rows_that_cannot_be_are_refused() {
    let rows = |start: [f64; 2], stop: [f64; 2]| RecurrentRows::new(vec![1, 1], start.into(), stop.into(), vec![true, false]);
    assert_eq!(rows([0.0, 1.0], [2.0, 3.0]), Err(StatsError::OverlappingIntervals { time: 1.0 }));
    assert!(matches!(rows([0.0, 2.0], [2.0, 2.0]), Err(StatsError::EntryAfterTime { position: 2, .. })));
    assert!(rows([0.0, 2.0], [2.0, 3.0]).is_ok());
}

#[test]
fn rates_and_their_exact_limits() {
    // Group 0: 2 + 3 days, no event; group 5: from 1 to 5 and from 2 to 4, one event. In half days.
    let found =
        person_years(Some(&[0.0, 0.0, 1.0, 2.0]), &[2.0, 3.0, 5.0, 4.0], &[false, false, true, false], &[0, 0, 5, 5], 0.5, 0.95).unwrap();
    assert_eq!((found[0].person_time, found[1].person_time, found[1].group, found[1].n_events), (10.0, 12.0, 5, 1));
    // No event: P(0 | λT) = e^{−λT} = 0.025. One event: P(X ≥ 1) = 1 − e^{−λT} = 0.025 below; above e^{−m}(1 + m) = 0.025.
    assert_eq!((found[0].rate, found[0].interval.lower), (0.0, 0.0));
    close(found[0].interval.upper, -0.025_f64.ln() / 10.0);
    close(found[1].interval.lower, -0.975_f64.ln() / 12.0);
    let m = found[1].interval.upper * 12.0;
    close((-m).exp() * (1.0 + m), 0.025);
}

#[test]
fn the_ratio_of_two_rates_given_their_events() {
    // 1 and 3 events in the same time: given four, Binomial(4, π).
    let found = rate_ratio((1, 10.0), (3, 10.0), 0.95).unwrap();
    assert_eq!(found.ratio, Some(3.0));
    // Upper: 1 − π⁴ = P(X ≤ 3) = 0.025.
    let share = 0.975_f64.powf(0.25);
    close(found.exact_upper.unwrap() / (share / (1.0 - share)), 1.0);
    // At π = 1/2 the splits have 1, 4, 6, 4, 1 sixteenths: no likelier than 4 are 1 + 4 + 4 + 1; mid-p tail 1 + 4/2.
    close(found.exact.p_value, 10.0 / 16.0);
    close(found.mid_p.p_value, 6.0 / 16.0);
    assert!(found.exact_lower < found.mid_p_lower && found.mid_p_upper < found.exact_upper);
    // Nothing in the first group: no upper end. π⁴ = 0.025 below, half of π⁴ for mid-p.
    let found = rate_ratio((0, 5.0), (4, 10.0), 0.95).unwrap();
    let odds = |share: f64| share / (1.0 - share);
    assert_eq!((found.ratio, found.exact_upper, found.mid_p_upper), (None, None, None));
    close(found.exact_lower, odds(0.025_f64.powf(0.25)) / 2.0);
    close(found.mid_p_lower, odds(0.05_f64.powf(0.25)) / 2.0);
    assert_eq!(rate_ratio((0, 5.0), (0, 10.0), 0.95), Err(StatsError::NoEvents));
}

#[test]
fn innermost_intervals_and_their_probabilities() {
    // (0, 2], (1, 3], (2, 4]: left ends 0, 1, 2, right ends 2, 3, 4. Sorted: 0( 1( 2] 2( 3] 4]: innermost (1, 2] and (2, 3].
    // l = ln p + ln 1 + ln(1 − p): p = 1/2.
    let found = turnbull(&IntervalCensored::new(vec![0.0, 1.0, 2.0], vec![2.0, 3.0, 4.0]).unwrap()).unwrap();
    let ends: Vec<(f64, Option<f64>)> = found.intervals.iter().map(|interval| (interval.left, interval.right)).collect();
    assert_eq!(ends, [(1.0, Some(2.0)), (2.0, Some(3.0))]);
    close(found.intervals[0].mass, 0.5);
    close(found.log_likelihood, 2.0 * 0.5_f64.ln());
    // Inside an interval the curve is known only up to its mass.
    for (time, lower, upper) in [(1.0, 1.0, 1.0), (1.5, 0.5, 1.0), (2.0, 0.5, 0.5), (2.5, 0.0, 0.5), (3.0, 0.0, 0.0)] {
        let bounds = found.survival_bounds(time);
        close(bounds.lower, lower);
        close(bounds.upper, upper);
    }
}

#[test]
fn exact_and_right_censored_times_give_the_product_limit() {
    // Events at 1 and 3, censored at 2: masses 1/3 at 1 and 2/3 at 3. Censored at 1 and 2 only: all beyond 2.
    let found = turnbull(&IntervalCensored::new(vec![1.0, 2.0, 3.0], vec![1.0, f64::INFINITY, 3.0]).unwrap()).unwrap();
    let masses: Vec<(f64, Option<f64>)> = found.intervals.iter().map(|interval| (interval.left, interval.right)).collect();
    assert_eq!((masses, found.n_exact, found.n_right_censored), (vec![(1.0, Some(1.0)), (3.0, Some(3.0))], 2, 1));
    close(found.intervals[0].mass, 1.0 / 3.0);
    let found = turnbull(&IntervalCensored::new(vec![1.0, 2.0], vec![f64::INFINITY; 2]).unwrap()).unwrap();
    assert_eq!((found.intervals[0].left, found.intervals[0].right, found.survival_bounds(2.0).lower), (2.0, None, 1.0));
}

#[test]
fn late_entry_takes_the_early_times_of_others_out() {
    // Exact at 1 and 3 from 0, exact at 4 from 2: at 1 two at risk, S = 1/2; at 3 two, S = 1/4; at 4 one. Masses 1/2, 1/4, 1/4.
    let rows = IntervalCensored::new(vec![1.0, 3.0, 4.0], vec![1.0, 3.0, 4.0]).unwrap().with_entry(vec![0.0, 0.0, 2.0]).unwrap();
    let found = turnbull(&rows).unwrap();
    for (interval, mass) in found.intervals.iter().zip([0.5, 0.25, 0.25]) {
        assert!((interval.mass - mass).abs() < 1e-8, "{} is not {mass}", interval.mass);
    }
}

#[test]
fn times_that_differ_by_rounding_are_one_time() {
    // Patient 1 in (0, 0.1 + 0.2] and (0.3, 0.7], an event at the end of each; patient 2 to 1 without. 0.1 + 0.2 is 0.30000000000000004,
    // no overlap: two at risk at 0.3 and at 0.7, so 1/2 and 1. R: survfit(…, id)$std.chaz is 0.3535533905932738, 0.7071067811865476.
    let rows = RecurrentRows::new(vec![1, 1, 2], vec![0.0, 0.3, 0.0], vec![0.1 + 0.2, 0.7, 1.0], vec![true, true, false]).unwrap();
    let found = mean_cumulative_function(&rows, CountInterval::Plain, 0.95).unwrap();
    assert_eq!((&found.time[..], &found.at_risk[..], &found.estimate[..]), (&[0.3, 0.7, 1.0][..], &[2, 2, 1][..], &[0.5, 1.0, 1.0][..]));
    close(found.std_error[0], 0.353_553_390_593_273_8);
    close(found.std_error[1], std::f64::consts::FRAC_1_SQRT_2);
    // Before anybody has had an event there is nothing to compare.
    assert_eq!(
        mean_count_difference(&found, &found, 0.2).unwrap_err().to_string(),
        "the difference of the mean counts at this time cannot be computed: nobody has had an event by then"
    );
    // An interval from 0.3 to 0.1 + 0.2 is the exact time 0.3, also the other way round: Kaplan–Meier of events at 0.3, 0.3 and 1.
    let found = turnbull(&IntervalCensored::new(vec![0.3, 0.1 + 0.2, 1.0], vec![0.1 + 0.2, 0.3, 1.0]).unwrap()).unwrap();
    let masses: Vec<(f64, Option<f64>)> = found.intervals.iter().map(|interval| (interval.left, interval.right)).collect();
    assert_eq!((masses, found.n_exact), (vec![(0.3, Some(0.3)), (1.0, Some(1.0))], 3));
    close(found.intervals[0].mass, 2.0 / 3.0);
}
