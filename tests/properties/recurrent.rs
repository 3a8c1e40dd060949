use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use staywell::stats::StatsError;
use staywell::stats::recurrent::{CountInterval, RecurrentRows, conditional_rows, mean_cumulative_function};
use staywell::stats::survival::{IntervalCensored, person_years, rate_ratio, turnbull};

fn settings() -> ProptestConfig {
    ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(20_240_613), failure_persistence: None, ..ProptestConfig::default() }
}

/// Per patient: lengths of rows, whether each ends in an event, gap before it.
fn patients() -> impl Strategy<Value = Vec<Vec<(u8, bool, u8)>>> {
    prop::collection::vec(prop::collection::vec((1..6_u8, any::<bool>(), 0..3_u8), 1..5), 1..25)
}

type Columns = (Vec<usize>, Vec<f64>, Vec<f64>, Vec<bool>);

fn columns(patients: &[Vec<(u8, bool, u8)>]) -> Columns {
    let (mut id, mut start, mut stop, mut event) = (vec![], vec![], vec![], vec![]);
    for (patient, rows) in patients.iter().enumerate() {
        let mut time = 0.0;
        for &(length, ends, gap) in rows {
            time += f64::from(gap);
            id.push(patient);
            start.push(time);
            time += f64::from(length);
            stop.push(time);
            event.push(ends);
        }
    }
    (id, start, stop, event)
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(1.0)
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn running_sums_give_the_sum_of_squared_influences_of_patients(patients in patients(), shift in 0..60_usize) {
        let (mut id, mut start, mut stop, mut event) = columns(&patients);
        let rows = RecurrentRows::new(id.clone(), start.clone(), stop.clone(), event.clone()).unwrap();
        let found = mean_cumulative_function(&rows, CountInterval::Plain, 0.95).unwrap();
        // Σ over patients of (Σ (dN − Y d/n)/n)², written out.
        let mut influence = vec![0.0; patients.len()];
        for (row, &time) in found.time.iter().enumerate() {
            let at_risk: Vec<usize> = (0..id.len()).filter(|&row| start[row] < time && time <= stop[row]).collect();
            let n = at_risk.len() as f64;
            let d = at_risk.iter().filter(|&&row| stop[row] == time && event[row]).count() as f64;
            for &row in &at_risk {
                influence[id[row]] += (f64::from(u8::from(stop[row] == time && event[row])) - d / n) / n;
            }
            let error = influence.iter().map(|value| value * value).sum::<f64>().sqrt();
            prop_assert!(near(found.std_error[row], error, 1e-10));
            prop_assert_eq!((found.at_risk[row], found.events[row]), (at_risk.len(), d as usize));
            prop_assert!(found.lower[row].unwrap() <= found.estimate[row] && found.estimate[row] <= found.upper[row].unwrap());
        }
        let shift = shift % id.len();
        id.rotate_left(shift);
        start.rotate_left(shift);
        stop.rotate_left(shift);
        event.rotate_left(shift);
        let turned = mean_cumulative_function(&RecurrentRows::new(id, start, stop, event).unwrap(), CountInterval::Plain, 0.95).unwrap();
        prop_assert_eq!(&turned.estimate, &found.estimate);
        prop_assert!(turned.std_error.iter().zip(&found.std_error).all(|(a, b)| near(*a, *b, 1e-10)));
    }

    #[test]
    fn splitting_a_row_without_an_event_changes_nothing_that_counts(patients in patients()) {
        let (id, start, stop, event) = columns(&patients);
        let whole = RecurrentRows::new(id.clone(), start.clone(), stop.clone(), event.clone()).unwrap();
        let middle: Vec<f64> = start.iter().zip(&stop).map(|(start, stop)| f64::midpoint(*start, *stop)).collect();
        let halves = RecurrentRows::new(
            [&id[..], &id].concat(), [&start[..], &middle].concat(), [&middle[..], &stop].concat(),
            [&vec![false; id.len()][..], &event].concat(),
        ).unwrap();
        let of = |rows: &RecurrentRows| mean_cumulative_function(rows, CountInterval::Log, 0.95).unwrap();
        let (one, two) = (of(&whole), of(&halves));
        for &time in &one.time {
            prop_assert!(near(one.at(time).unwrap().estimate, two.at(time).unwrap().estimate, 1e-12));
            prop_assert!(near(one.at(time).unwrap().std_error, two.at(time).unwrap().std_error, 1e-10));
        }
        // And the number of the event waited for is the same in both halves.
        let (numbers, split) = (conditional_rows(&whole, None).unwrap(), conditional_rows(&halves, None).unwrap());
        prop_assert_eq!(split.event_number.iter().step_by(2).copied().collect::<Vec<_>>(), numbers.event_number.clone());
        prop_assert_eq!(split.gap_stop.iter().skip(1).step_by(2).copied().collect::<Vec<_>>(), numbers.gap_stop);
    }

    #[test]
    fn a_ratio_turned_round_is_its_inverse(d1 in 1..200_usize, d2 in 1..200_usize, t1 in 1..1000_u16, t2 in 1..1000_u16) {
        let (t1, t2) = (f64::from(t1), f64::from(t2));
        let (one, other) = (rate_ratio((d1, t1), (d2, t2), 0.95).unwrap(), rate_ratio((d2, t2), (d1, t1), 0.95).unwrap());
        prop_assert!(near(one.ratio.unwrap() * other.ratio.unwrap(), 1.0, 1e-12));
        prop_assert!(near(one.exact_lower * other.exact_upper.unwrap(), 1.0, 1e-9));
        prop_assert!(near(one.mid_p_lower * other.mid_p_upper.unwrap(), 1.0, 1e-9));
        prop_assert!(near(one.exact.p_value, other.exact.p_value, 1e-9) && near(one.mid_p.p_value, other.mid_p.p_value, 1e-9));
        prop_assert!(one.exact_lower <= one.mid_p_lower && one.mid_p_lower <= one.ratio.unwrap());
        // The mid-p limits hold the ratios the mid-p test does not refuse.
        let excludes_one = one.mid_p_lower > 1.0 || one.mid_p_upper.unwrap() < 1.0;
        prop_assert_eq!(excludes_one, one.mid_p.p_value < 0.05);
    }

    #[test]
    fn rates_scale_with_time_and_lie_inside_their_limits(times in prop::collection::vec((1..100_u8, any::<bool>()), 1..60)) {
        let time: Vec<f64> = times.iter().map(|row| f64::from(row.0)).collect();
        let event: Vec<bool> = times.iter().map(|row| row.1).collect();
        let of = |scale| person_years(None, &time, &event, &vec![3; time.len()], scale, 0.9).unwrap()[0];
        let (days, years) = (of(1.0), of(365.25));
        prop_assert!(near(years.rate, 365.25 * days.rate, 1e-12) && near(years.interval.upper, 365.25 * days.interval.upper, 1e-12));
        prop_assert!(days.interval.lower <= days.rate && days.rate < days.interval.upper);
    }

    #[test]
    fn the_interval_censored_optimum_is_certified_and_ignores_order(
        rows in prop::collection::vec((0..30_u8, 0..12_u8, any::<bool>()), 1..60), shift in 0..60_usize
    ) {
        let ends: Vec<(f64, f64)> = rows
            .iter()
            .map(|&(left, length, open)| (f64::from(left), if open { f64::INFINITY } else { f64::from(left) + f64::from(length) }))
            .collect();
        let fit = |ends: &[(f64, f64)]| {
            let (left, right) = ends.iter().copied().unzip();
            turnbull(&IntervalCensored::new(left, right).unwrap()).unwrap()
        };
        let found = fit(&ends);
        prop_assert!(found.kuhn_tucker_gap <= 1e-9);
        prop_assert!(near(found.intervals.iter().map(|interval| interval.mass).sum::<f64>(), 1.0, 1e-12));
        // Bounds fall with time and never cross.
        for pair in (0..45).map(|time| found.survival_bounds(f64::from(time))).collect::<Vec<_>>().windows(2) {
            prop_assert!(pair[0].lower <= pair[0].upper + 1e-12 && pair[1].upper <= pair[0].upper && pair[1].lower <= pair[0].lower);
        }
        let mut turned = ends.clone();
        turned.rotate_left(shift % ends.len());
        prop_assert!(near(fit(&turned).log_likelihood, found.log_likelihood, 1e-12));
        // No mixture with the uniform distribution over the same intervals is likelier.
        let likelihood = |share: f64| -> f64 {
            ends.iter().map(|&(left, right)| {
                let inside = found.intervals.iter().filter(|interval| {
                    let exact = interval.right == Some(interval.left);
                    let starts = if exact { interval.left > left || (left == right && interval.left == left) } else { interval.left >= left };
                    starts && interval.right.unwrap_or(f64::INFINITY) <= right
                });
                inside.map(|interval| (1.0 - share) * interval.mass + share / found.intervals.len() as f64).sum::<f64>().ln()
            }).sum()
        };
        prop_assert!(near(likelihood(0.0), found.log_likelihood, 1e-9));
        prop_assert!(likelihood(0.01) <= found.log_likelihood + 1e-9);
    }
}

#[test]
fn hostile_rows_give_a_result_or_a_sentence() {
    let recurrent = |rows: &[(usize, f64, f64, bool)]| {
        let (mut id, mut start, mut stop, mut event) = (vec![], vec![], vec![], vec![]);
        for row in rows {
            id.push(row.0);
            start.push(row.1);
            stop.push(row.2);
            event.push(row.3);
        }
        RecurrentRows::new(id, start, stop, event)
    };
    assert_eq!(recurrent(&[]), Err(StatsError::EmptySample));
    assert!(matches!(recurrent(&[(1, f64::NAN, 1.0, true)]), Err(StatsError::NotFinite { .. })));
    for rows in [
        &[(1, 0.0, 1.0, true)][..],
        &[(1, 0.0, 1.0, false)],
        &[(usize::MAX, 1e9, 1e9 + 1.0, true), (0, 1e9, 1e9 + 1.0, true)],
        &[(1, 0.0, 5.0, true), (1, 5.0, 6.0, true), (1, 6.0, 7.0, true)],
        &[(1, -3.0, 5.0, true), (2, 5.0, 6.0, false)],
    ] {
        for interval in [CountInterval::Plain, CountInterval::Log] {
            let found = mean_cumulative_function(&recurrent(rows).unwrap(), interval, 0.95).unwrap();
            assert!(found.estimate.iter().chain(&found.std_error).all(|value| value.is_finite()));
            assert!(found.lower.iter().chain(&found.upper).flatten().all(|value| value.is_finite()));
            assert!(found.at(f64::NAN).is_err());
        }
    }
    assert!(matches!(
        mean_cumulative_function(&recurrent(&[(1, 0.0, 1.0, true)]).unwrap(), CountInterval::Log, 1.0),
        Err(StatsError::InvalidLevel { .. })
    ));
}

#[test]
fn hostile_rates_give_a_result_or_a_sentence() {
    let one = |time: f64, scale: f64| person_years(None, &[time], &[true], &[0], scale, 0.95);
    assert!(matches!(one(f64::NAN, 1.0), Err(StatsError::NotFinite { .. })));
    for (time, scale) in [(0.0, 1.0), (-1.0, 1.0), (1.0, 0.0), (1.0, f64::NAN)] {
        assert!(matches!(one(time, scale), Err(StatsError::OutOfRange { .. })));
    }
    assert_eq!(person_years(None, &[], &[], &[], 1.0, 0.95), Err(StatsError::EmptySample));
    assert!(one(1e-9, 1e9).unwrap()[0].interval.upper.is_finite());
    for (d1, d2) in [(0, 1), (1, 0), (1, 1), (0, 50_000), (100_000, 99_000), (3, 1_000_000)] {
        for (t1, t2) in [(1.0, 1.0), (1e-9, 1e9), (1e9, 1e-9)] {
            let found = rate_ratio((d1, t1), (d2, t2), 0.95).unwrap();
            let numbers = [found.exact_lower, found.mid_p_lower, found.exact.p_value, found.mid_p.p_value];
            assert!(numbers.iter().all(|value| value.is_finite() && *value >= 0.0), "{d1} {d2} {t1} {t2}: {found:?}");
            assert!(found.exact_upper.into_iter().chain(found.mid_p_upper).chain(found.ratio).all(f64::is_finite));
            assert!(found.exact.p_value <= 1.0 && found.mid_p.p_value <= 1.0);
        }
    }
}

#[test]
fn hostile_intervals_give_a_result_or_a_sentence() {
    let rows = |left: &[f64], right: &[f64]| IntervalCensored::new(left.to_vec(), right.to_vec());
    assert_eq!(rows(&[], &[]), Err(StatsError::EmptySample));
    assert!(matches!(rows(&[1.0], &[f64::NAN]), Err(StatsError::NotFinite { .. })));
    assert!(matches!(rows(&[f64::INFINITY], &[f64::INFINITY]), Err(StatsError::NotFinite { .. })));
    assert!(matches!(rows(&[2.0], &[1.0]), Err(StatsError::EndBeforeStart { position: 1, .. })));
    assert!(matches!(rows(&[-2.0], &[1.0]), Err(StatsError::NegativeTime { .. })));
    assert!(matches!(rows(&[1.0], &[2.0]).unwrap().with_entry(vec![2.0]), Err(StatsError::EntryAfterTime { position: 1, .. })));
    let open = f64::INFINITY;
    for (left, right) in [
        (&[0.0][..], &[0.0][..]),
        (&[0.0], &[open]),
        (&[5.0; 8], &[5.0; 8]),
        (&[1e9, 1e9, 1e9 + 1.0], &[1e9 + 1.0, 1e9 + 2.0, open]),
        (&[0.0, 0.0, 0.0, 10.0], &[1e-9, 1e9, open, open]),
        (&[0.0, 1.0, 2.0, 3.0], &[1.0, 2.0, 3.0, 4.0]),
    ] {
        let found = turnbull(&rows(left, right).unwrap()).unwrap();
        assert!(found.kuhn_tucker_gap <= 1e-9 && found.log_likelihood.is_finite());
        assert!((found.intervals.iter().map(|interval| interval.mass).sum::<f64>() - 1.0).abs() < 1e-12);
    }
    // One at risk early who has the event takes all probability: those who enter later have none left, so there is no optimum.
    let early = rows(&[1.0, 5.0, 6.0], &[1.0, 5.0, 6.0]).unwrap().with_entry(vec![0.0, 2.0, 2.0]).unwrap();
    match turnbull(&early) {
        Ok(found) => assert!(found.kuhn_tucker_gap <= 1e-9),
        Err(error) => assert!(matches!(error, StatsError::NotConverged { .. })),
    }
}
