use staywell::stats::StatsError;
use staywell::stats::survival::{FlemingHarringtonWeights, TimeToEvent, log_rank, log_rank_by, log_rank_trend};

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

/// Three groups in two strata, with late entry and ties.
fn mixed_rows() -> (TimeToEvent, Vec<usize>, Vec<usize>) {
    let (mut entry, mut time, mut event, mut group, mut stratum) = (vec![], vec![], vec![], vec![], vec![]);
    for row in 0..60_usize {
        let from = (row * 5 % 7) as f64;
        entry.push(from);
        time.push(from + 1.0 + (row * 11 % 13) as f64);
        event.push(row % 3 > 0);
        group.push(row * 7 % 12 % 3);
        stratum.push(row % 2);
    }
    (TimeToEvent::new(time, event).unwrap().with_entry(entry).unwrap(), group, stratum)
}

#[test]
fn observed_expected_and_covariance_are_the_sums_of_the_formula_over_every_event_time() {
    let (rows, group, stratum) = mixed_rows();
    for weights in [(0.0, 0.0), (1.0, 0.0), (0.5, 2.0)] {
        let found = log_rank_by(&rows, &group, Some(&stratum), FlemingHarringtonWeights { rho: weights.0, gamma: weights.1 }).unwrap();
        let (mut observed, mut expected, mut covariance) = ([0.0; 3], [0.0; 3], [[0.0; 3]; 3]);
        for part in 0..2 {
            let mut survival = 1.0_f64;
            let mut times: Vec<f64> = rows.time().to_vec();
            times.sort_by(f64::total_cmp);
            times.dedup();
            for now in times {
                let of = |test: &dyn Fn(usize) -> bool, g: usize| {
                    (0..60).filter(|&row| stratum[row] == part && group[row] == g && test(row)).count() as f64
                };
                let at_risk = [0, 1, 2].map(|g| of(&|row| rows.entry().unwrap()[row] < now && now <= rows.time()[row], g));
                let dying = [0, 1, 2].map(|g| of(&|row| rows.event()[row] && (rows.time()[row] - now).abs() < 1e-9, g));
                let (n, d): (f64, f64) = (at_risk.iter().sum(), dying.iter().sum());
                if d > 0.0 {
                    let w = survival.powf(weights.0) * (1.0 - survival).powf(weights.1);
                    survival *= 1.0 - d / n;
                    for g in 0..3 {
                        observed[g] += w * dying[g];
                        expected[g] += w * d * at_risk[g] / n;
                        for h in 0..3 {
                            let spread = if n > 1.0 { w * w * d * (n - d) / (n - 1.0) } else { 0.0 };
                            covariance[g][h] += spread * at_risk[g] / n * (f64::from(u8::from(g == h)) - at_risk[h] / n);
                        }
                    }
                }
            }
        }
        for g in 0..3 {
            close(found.observed[g], observed[g]);
            close(found.expected[g], expected[g]);
            (0..3).for_each(|h| close(found.covariance[g][h], covariance[g][h]));
        }
        // χ² = dᵀ V⁻¹ d of the last two groups, the 2 × 2 inverse written out.
        let [a, b] = [1, 2].map(|g| observed[g] - expected[g]);
        let (v, u, c) = (covariance[1][1], covariance[2][2], covariance[1][2]);
        let statistic = (a * a * u - 2.0 * a * b * c + b * b * v) / (v * u - c * c);
        assert!((found.test.statistic - statistic).abs() < 1e-10 * statistic, "{} is not {statistic}", found.test.statistic);
    }
}

#[test]
fn weights_of_a_large_power_leave_the_test_and_not_nothing() {
    // A: 1, 3; B: 2, 4, all events. 1 − S(t−) is 0, ¼, ½, ¾. The last time compares nobody. Of the others the weight at 3 is the
    // largest: in units of it that at 2 is (½)^gamma, nothing. At 3 one of each is at risk: O − E = ±½, V = ¼, χ² = 1.
    let rows = TimeToEvent::new(vec![1.0, 3.0, 2.0, 4.0], vec![true; 4]).unwrap();
    let test = |gamma| log_rank_by(&rows, &[0, 0, 1, 1], None, FlemingHarringtonWeights { rho: 0.0, gamma }).unwrap();
    for gamma in [200.0, 1000.0, 1e6] {
        let found = test(gamma);
        close(found.test.statistic, 1.0);
        // Two groups: a trend is the same test.
        close(log_rank_trend(&found, &[1.0, 2.0]).unwrap().statistic, 1.0);
    }
    // At gamma 1 the sums are in the unit of the weights: B is observed at 2 and 4 with ¼ and ¾.
    let found = test(1.0);
    close(found.observed[1], 1.0);
    // Expected of B: ¼ · 2/3 + ½ · ½ + ¾ · 1.
    close(found.expected[1], 0.25 * 2.0 / 3.0 + 0.25 + 0.75);
}
