use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use staywell::stats::survival::{Covariates, CurveInterval, Ties, TimeToEvent, cox, kaplan_meier, log_rank, rmst};

fn settings() -> ProptestConfig {
    ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(20_240_611), failure_persistence: None, ..ProptestConfig::default() }
}

fn rows(pairs: &[(u8, bool)]) -> TimeToEvent {
    TimeToEvent::new(pairs.iter().map(|pair| f64::from(pair.0)).collect(), pairs.iter().map(|pair| pair.1).collect()).unwrap()
}

fn sample() -> impl Strategy<Value = Vec<(u8, bool)>> {
    prop::collection::vec((0..60_u8, any::<bool>()), 1..80)
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn a_curve_never_rises_stays_inside_its_limits_and_ignores_the_order_of_rows(pairs in sample(), shift in 0..80_usize) {
        let curve = kaplan_meier(&rows(&pairs), CurveInterval::LogLog, 0.95).unwrap();
        prop_assert!(curve.estimate.windows(2).all(|pair| pair[1] <= pair[0]));
        for row in 0..curve.time.len() {
            prop_assert!((0.0..=1.0).contains(&curve.estimate[row]));
            if let (Some(lower), Some(upper)) = (curve.lower[row], curve.upper[row]) {
                prop_assert!(lower <= curve.estimate[row] && curve.estimate[row] <= upper);
            }
        }
        let mut turned = pairs.clone();
        turned.rotate_left(shift % pairs.len());
        prop_assert_eq!(kaplan_meier(&rows(&turned), CurveInterval::LogLog, 0.95).unwrap(), curve);
    }

    #[test]
    fn every_row_twice_is_the_same_curve_with_a_smaller_error(pairs in sample()) {
        let twice: Vec<(u8, bool)> = pairs.iter().chain(&pairs).copied().collect();
        let (once, doubled) = (
            kaplan_meier(&rows(&pairs), CurveInterval::Plain, 0.95).unwrap(),
            kaplan_meier(&rows(&twice), CurveInterval::Plain, 0.95).unwrap(),
        );
        for row in 0..once.time.len() {
            prop_assert!((once.estimate[row] - doubled.estimate[row]).abs() < 1e-12);
            prop_assert!((once.std_error[row] - 2.0_f64.sqrt() * doubled.std_error[row]).abs() < 1e-12);
        }
    }

    #[test]
    fn without_censoring_the_curve_is_the_share_still_to_come(times in prop::collection::vec(0..60_u8, 1..80)) {
        let pairs: Vec<(u8, bool)> = times.iter().map(|&time| (time, true)).collect();
        let curve = kaplan_meier(&rows(&pairs), CurveInterval::LogLog, 0.95).unwrap();
        for row in 0..curve.time.len() {
            let later = times.iter().filter(|&&time| f64::from(time) > curve.time[row]).count() as f64 / times.len() as f64;
            prop_assert!((curve.estimate[row] - later).abs() < 1e-12);
        }
        // And the restricted mean to the last time is the mean.
        if curve.last_time() > 0.0 {
            let mean = times.iter().map(|&time| f64::from(time)).sum::<f64>() / times.len() as f64;
            prop_assert!((rmst(&curve, curve.last_time()).unwrap().estimate - mean).abs() < 1e-9);
        }
    }

    #[test]
    fn early_censorings_in_a_third_group_leave_the_test_alone_and_names_of_groups_do_not_matter(first in sample(), second in sample()) {
        let later = |pairs: &[(u8, bool)]| rows(&pairs.iter().map(|&(time, event)| (time + 1, event)).collect::<Vec<_>>());
        let (a, b, early) = (later(&first), later(&second), rows(&[(0, false), (0, false)]));
        if let Ok(two) = log_rank(&[&a, &b]) {
            prop_assert!((0.0..=1.0).contains(&two.test.p_value));
            for other in [log_rank(&[&b, &a]).unwrap(), log_rank(&[&a, &b, &early]).unwrap()] {
                prop_assert!((other.test.statistic - two.test.statistic).abs() < 1e-9 * two.test.statistic.max(1.0));
                prop_assert_eq!(other.test.df, two.test.df);
            }
        }
    }

    #[test]
    fn scaling_a_covariate_scales_its_coefficient_and_relabelling_flips_its_sign(
        people in prop::collection::vec((0..60_u8, any::<bool>(), any::<bool>()), 30..80)
    ) {
        let outcome = rows(&people.iter().map(|person| (person.0, person.1)).collect::<Vec<_>>());
        let fit = |scale: f64, offset: f64| {
            let x = people.iter().map(|person| offset + scale * f64::from(person.2)).collect();
            cox(&outcome, &Covariates::new(vec!["x".into()], vec![x]).unwrap(), Ties::Efron, 0.95)
        };
        if let Ok(plain) = fit(1.0, 0.0) {
            let (scaled, flipped) = (fit(10.0, 3.0).unwrap(), fit(-1.0, 1.0).unwrap());
            prop_assert!((plain.terms[0].coefficient - 10.0 * scaled.terms[0].coefficient).abs() < 1e-7);
            prop_assert!((plain.terms[0].coefficient + flipped.terms[0].coefficient).abs() < 1e-7);
            prop_assert!((plain.terms[0].p_value - flipped.terms[0].p_value).abs() < 1e-7);
            // The score test of one group against another is the log-rank test where no events are tied.
            prop_assert!(plain.log_likelihood >= plain.log_likelihood_null - 1e-9);
        }
    }
}
