use staywell::stats::StatsError;
use staywell::stats::survival::{FlemingHarringtonWeights, TimeToEvent, log_rank, log_rank_by};

use super::{close, rows};

#[test]
fn observed_expected_and_variance_of_two_small_groups() {
    // A: 1, 3, 5+; B: 2, 4, 6. Events at 1, 2, 3, 4, 6.
    let (a, b) = (rows(&[(1.0, 1), (3.0, 1), (5.0, 0)]), rows(&[(2.0, 1), (4.0, 1), (6.0, 1)]));
    let found = log_rank(&[&a, &b]).unwrap();
    // At risk (A, all): (3, 6), (2, 5), (2, 4), (1, 3), (0, 1).
    close(found.expected[0], 3.0 / 6.0 + 2.0 / 5.0 + 2.0 / 4.0 + 1.0 / 3.0);
    // One event each time: V = Σ p(1 − p).
    let variance = 0.25 + 0.4 * 0.6 + 0.25 + 1.0 / 3.0 * 2.0 / 3.0;
    close(found.covariance[0][0], variance);
    close(found.covariance[0][1], -variance);
    close(found.test.statistic, (2.0 - found.expected[0]).powi(2) / variance);
    assert_eq!((found.observed, found.test.df), (vec![2.0, 3.0], Some(1.0)));
}

#[test]
fn tied_events_use_the_hypergeometric_variance() {
    // At 1: two events among five, three of them in A. V = 2 · 3/4 · 3/5 · 2/5 = 9/25.
    let (a, b) = (rows(&[(1.0, 1), (2.0, 0), (2.0, 0)]), rows(&[(1.0, 1), (2.0, 0)]));
    let found = log_rank(&[&a, &b]).unwrap();
    close(found.expected[0], 6.0 / 5.0);
    close(found.covariance[0][0], 9.0 / 25.0);
}

#[test]
fn a_group_nobody_could_have_an_event_in_is_dropped_with_its_degree_of_freedom() {
    let (a, b) = (rows(&[(3.0, 1), (5.0, 0)]), rows(&[(4.0, 1), (6.0, 1)]));
    let early = rows(&[(1.0, 0), (2.0, 0)]);
    let (two, three) = (log_rank(&[&a, &b]).unwrap(), log_rank(&[&a, &early, &b]).unwrap());
    assert_eq!(three.test.df, Some(1.0));
    close(three.test.statistic, two.test.statistic);
    assert_eq!(
        log_rank(&[&a, &early]),
        Err(StatsError::NotPossible { what: "a log-rank test", reason: "only one group has anybody at risk when an event happens" })
    );
    assert_eq!(log_rank(&[&early, &early]), Err(StatsError::NoEvents));
    assert_eq!(log_rank(&[&a]), Err(StatsError::OneGroup));
}

#[test]
fn groups_that_never_meet_leave_a_degree_of_freedom_for_each_meeting() {
    // A meets B in one stratum only, C meets D in the other: two tests of two groups, added. Without strata's limits V has rank 2 of 3.
    let (a, b) = (rows(&[(1.0, 1), (3.0, 1), (5.0, 0)]), rows(&[(2.0, 1), (4.0, 1), (6.0, 1)]));
    let (c, d) = (rows(&[(1.0, 1), (2.0, 1), (7.0, 1)]), rows(&[(2.0, 0), (5.0, 1), (8.0, 1)]));
    let apart = log_rank(&[&a, &b]).unwrap().test.statistic + log_rank(&[&c, &d]).unwrap().test.statistic;
    let all = [&a, &b, &c, &d];
    let time = all.iter().flat_map(|group| group.time().to_vec()).collect();
    let event = all.iter().flat_map(|group| group.event().to_vec()).collect();
    let codes: Vec<usize> = (0..12).map(|row| row / 3).collect();
    let strata: Vec<usize> = (0..12).map(|row| row / 6).collect();
    let found = log_rank_by(&TimeToEvent::new(time, event).unwrap(), &codes, Some(&strata), FlemingHarringtonWeights::default()).unwrap();
    assert_eq!(found.test.df, Some(2.0));
    assert!((found.test.statistic - apart).abs() < 1e-12);
}

#[test]
fn a_test_without_anybody_to_compare_at_any_event_has_no_variance() {
    // All have the event at one time.
    let (a, b) = (rows(&[(1.0, 1), (1.0, 1)]), rows(&[(1.0, 1)]));
    assert_eq!(log_rank(&[&a, &b]), Err(StatsError::UndefinedVariance { what: "the log-rank test" }));
}
