use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use staywell::stats::StatsError;
use staywell::stats::competing::{
    CumulativeIncidence, FineGrayFit, FineGrayMethod, IncidenceInterval, IncidenceVariance, TimeToCause, cumulative_incidence, fine_gray,
    gray_test, pseudo_cumulative_incidence, pseudo_event_free, pseudo_restricted_mean,
};
use staywell::stats::survival::Covariates;

const METHODS: [FineGrayMethod; 4] =
    [FineGrayMethod::Weighted, FineGrayMethod::WeightedRobust, FineGrayMethod::WeightedRobustByRow, FineGrayMethod::Crr];
const VARIANCES: [IncidenceVariance; 2] = [IncidenceVariance::InfinitesimalJackknife, IncidenceVariance::Aalen];
const INTERVALS: [IncidenceInterval; 3] = [IncidenceInterval::Plain, IncidenceInterval::Log, IncidenceInterval::LogLog];

fn settings() -> ProptestConfig {
    ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(20_240_612), failure_persistence: None, ..ProptestConfig::default() }
}

/// Time, cause and a 0/1 covariate.
type Person = (u8, usize, bool);

fn people(least: usize) -> impl Strategy<Value = Vec<Person>> {
    prop::collection::vec((0..40_u8, 0..3_usize, any::<bool>()), least..80)
}

fn rows(people: &[Person]) -> TimeToCause {
    let (time, cause) = people.iter().map(|person| (f64::from(person.0) + 1.0, person.1)).unzip();
    TimeToCause::new(time, cause).unwrap().with_causes(2).unwrap()
}

fn curve(rows: &TimeToCause) -> CumulativeIncidence {
    cumulative_incidence(rows, IncidenceVariance::InfinitesimalJackknife, IncidenceInterval::Plain, 0.95).unwrap()
}

fn fit(people: &[Person], scale: f64, offset: f64, method: FineGrayMethod) -> Result<FineGrayFit, StatsError> {
    let x = people.iter().map(|person| offset + scale * f64::from(person.2)).collect();
    fine_gray(&rows(people), 1, &Covariates::new(vec!["x".into()], vec![x]).unwrap(), method, 0.95)
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(1.0)
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn probabilities_add_to_one_stay_inside_their_limits_and_ignore_the_order_of_rows(people in people(1), shift in 0..80_usize) {
        let mut turned = people.clone();
        turned.rotate_left(shift % people.len());
        for variance in VARIANCES {
            for interval in INTERVALS {
                let found = cumulative_incidence(&rows(&people), variance, interval, 0.95).unwrap();
                let other = cumulative_incidence(&rows(&turned), variance, interval, 0.95).unwrap();
                for row in 0..found.time.len() {
                    let states = [&found.event_free, &found.incidence[0], &found.incidence[1]];
                    prop_assert!((states.iter().map(|state| state.estimate[row]).sum::<f64>() - 1.0).abs() < 1e-12);
                    for (state, other) in states.iter().zip([&other.event_free, &other.incidence[0], &other.incidence[1]]) {
                        prop_assert!(near(state.std_error[row], other.std_error[row], 1e-9));
                        prop_assert_eq!(state.estimate[row], other.estimate[row]);
                        prop_assert!(state.std_error[row].is_finite());
                        if let (Some(lower), Some(upper)) = (state.lower[row], state.upper[row]) {
                            prop_assert!(lower <= state.estimate[row] + 1e-12 && state.estimate[row] <= upper + 1e-12);
                            prop_assert!(lower >= 0.0 && upper <= 1.0);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_running_jackknife_is_the_sum_of_squared_influences(people in people(2), time in 1..42_u8) {
        // Pseudo-values are n times the influences about the estimate, row by row.
        let (sample, time) = (rows(&people), f64::from(time));
        let found = curve(&sample);
        if let (Ok(free), Ok(one)) = (pseudo_event_free(&sample, &[time]), pseudo_cumulative_incidence(&sample, 1, &[time])) {
            let n = people.len() as f64;
            for (cause, pseudo) in [(0, free), (1, one)] {
                let Ok(point) = found.at(cause, time) else { continue };
                let squares: f64 = pseudo.iter().map(|value| ((value[0] - point.estimate) / n).powi(2)).sum();
                prop_assert!(near(squares.sqrt(), point.std_error, 1e-9));
                prop_assert!(near(pseudo.iter().map(|value| value[0]).sum::<f64>() / n, point.estimate, 1e-9));
            }
        }
    }

    #[test]
    fn a_jackknife_influence_is_the_derivative_by_the_weight(
        people in prop::collection::vec((0..20_u8, 0..3_usize, 0..6_u8, 1..5_u8), 3..20), row in 0..20_usize
    ) {
        // Σ w² (∂F/∂w)² by central differences of the weighted estimate, entry times included.
        let estimate = |weights: Vec<f64>| {
            let (time, cause): (Vec<f64>, Vec<usize>) = people.iter().map(|person| (f64::from(person.0) + 7.0, person.1)).unzip();
            let entry = people.iter().map(|person| f64::from(person.2)).collect();
            let rows = TimeToCause::new(time, cause).unwrap().with_causes(2).unwrap();
            curve(&rows.with_entry(entry).unwrap().with_weights(weights).unwrap())
        };
        let weights: Vec<f64> = people.iter().map(|person| f64::from(person.3)).collect();
        let found = estimate(weights.clone());
        let step = row % found.time.len();
        for cause in 0..2 {
            let mut variance = 0.0;
            for i in 0..weights.len() {
                let moved = |by: f64| {
                    let mut weights = weights.clone();
                    weights[i] += by;
                    estimate(weights).incidence[cause].estimate[step]
                };
                variance += ((moved(1e-4) - moved(-1e-4)) / 2e-4 * weights[i]).powi(2);
            }
            prop_assert!((variance.sqrt() - found.incidence[cause].std_error[step]).abs() < 1e-6);
        }
    }

    #[test]
    fn a_weight_of_two_is_a_row_twice(people in people(1)) {
        let (once, twice) = (rows(&people).with_weights(vec![2.0; people.len()]).unwrap(), rows(&[&people[..], &people[..]].concat()));
        for (variance, factor) in VARIANCES.into_iter().zip([2.0_f64.sqrt(), 1.0]) {
            let of = |rows: &TimeToCause| cumulative_incidence(rows, variance, IncidenceInterval::Plain, 0.95).unwrap();
            let (weighted, repeated) = (of(&once), of(&twice));
            prop_assert_eq!(&weighted.at_risk, &repeated.at_risk);
            for row in 0..weighted.time.len() {
                prop_assert!(near(weighted.incidence[0].estimate[row], repeated.incidence[0].estimate[row], 1e-12));
                // Repeated rows count as more patients to the jackknife, a weighted one as one.
                prop_assert!(near(weighted.incidence[0].std_error[row], factor * repeated.incidence[0].std_error[row], 1e-9));
            }
        }
    }

    #[test]
    fn without_censoring_an_incidence_is_a_share(people in people(1)) {
        let people: Vec<Person> = people.into_iter().map(|person| (person.0, 1 + usize::from(person.2), person.2)).collect();
        let found = curve(&rows(&people));
        let n = people.len() as f64;
        for (row, &time) in found.time.iter().enumerate() {
            let share = people.iter().filter(|person| person.1 == 1 && f64::from(person.0) + 1.0 <= time).count() as f64 / n;
            prop_assert!(near(found.incidence[0].estimate[row], share, 1e-12));
            prop_assert!((found.incidence[0].std_error[row].powi(2) - share * (1.0 - share) / n).abs() < 1e-12);
        }
    }

    #[test]
    fn grays_test_ignores_names_of_groups_and_order_and_a_stratum_of_all(people in people(10), shift in 0..80_usize) {
        let codes: Vec<usize> = people.iter().enumerate().map(|(row, _)| row % 3).collect();
        let test = |codes: &[usize], strata: Option<&[usize]>| gray_test(&rows(&people), codes, strata, 1, 0.0);
        if let Ok(found) = test(&codes, None) {
            prop_assert!((0.0..=1.0).contains(&found.test.p_value));
            let renamed: Vec<usize> = codes.iter().map(|code| 9 - code * 4).collect();
            let stratum = vec![4; people.len()];
            for other in [test(&renamed, None).unwrap(), test(&codes, Some(&stratum)).unwrap()] {
                prop_assert!(near(other.test.statistic, found.test.statistic, 1e-7));
                prop_assert_eq!(other.test.df, found.test.df);
            }
            let (mut turned, mut turned_codes) = (people.clone(), codes);
            turned.rotate_left(shift % people.len());
            turned_codes.rotate_left(shift % people.len());
            let other = gray_test(&rows(&turned), &turned_codes, None, 1, 0.0).unwrap();
            prop_assert!(near(other.test.statistic, found.test.statistic, 1e-9));
        }
    }

    #[test]
    fn scaling_a_covariate_scales_its_subdistribution_coefficient_and_relabelling_flips_its_sign(people in people(30)) {
        for method in METHODS {
            if let Ok(plain) = fit(&people, 1.0, 0.0, method) {
                let (scaled, flipped) = (fit(&people, 10.0, 1e9, method).unwrap(), fit(&people, -1.0, 1.0, method).unwrap());
                let (term, ten, minus) = (&plain.terms[0], &scaled.terms[0], &flipped.terms[0]);
                prop_assert!(near(10.0 * ten.coefficient, term.coefficient, 1e-6) && near(-minus.coefficient, term.coefficient, 1e-6));
                prop_assert!(near(10.0 * ten.std_error, term.std_error, 1e-6) && near(minus.std_error, term.std_error, 1e-6));
                prop_assert!(plain.log_likelihood >= plain.log_likelihood_null - 1e-9);
                let predicted = plain.predict(&[1.0]).unwrap();
                prop_assert!(predicted.estimate.iter().all(|value| (0.0..=1.0).contains(value)));
                prop_assert!(predicted.estimate.windows(2).all(|pair| pair[0] <= pair[1]));
            }
        }
    }

    #[test]
    fn without_other_causes_both_conventions_are_the_cox_model(people in people(30)) {
        let people: Vec<Person> = people.into_iter().map(|person| (person.0, person.1.min(1), person.2)).collect();
        let both = [FineGrayMethod::Weighted, FineGrayMethod::Crr].map(|method| fit(&people, 1.0, 0.0, method));
        if let [Ok(weighted), Ok(crr)] = both {
            prop_assert!(near(weighted.terms[0].coefficient, crr.terms[0].coefficient, 1e-9));
            prop_assert!(near(weighted.log_likelihood, crr.log_likelihood, 1e-12));
        }
    }

    #[test]
    fn the_mean_of_restricted_mean_pseudo_values_is_the_area(people in people(2), horizon in 1..40_u8) {
        let (sample, horizon) = (rows(&people), f64::from(horizon) + 0.5);
        if let Ok(pseudo) = pseudo_restricted_mean(&sample, horizon) {
            let found = curve(&sample);
            let (mut area, mut from, mut height) = (0.0, 0.0, 1.0);
            for (row, &time) in found.time.iter().enumerate().filter(|(_, time)| **time < horizon) {
                area += height * (time - from);
                (from, height) = (time, found.event_free.estimate[row]);
            }
            area += height * (horizon - from);
            prop_assert!(near(pseudo.iter().sum::<f64>() / people.len() as f64, area, 1e-9));
        }
    }
}

#[test]
fn hostile_samples_give_a_result_or_a_sentence() {
    let samples: Vec<(Vec<f64>, Vec<usize>)> = vec![
        (vec![3.0], vec![1]),
        (vec![3.0], vec![0]),
        (vec![0.0, 0.0], vec![1, 2]),
        (vec![5.0; 6], vec![1, 2, 0, 1, 2, 0]),
        (vec![1e9, 1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0], vec![1, 2, 1, 0]),
        (vec![1.0, 2.0, 3.0, 4.0], vec![0; 4]),
        (vec![1.0, 2.0, 3.0, 4.0], vec![2; 4]),
        (vec![1e-300, 1e300, 1.0, 2.0], vec![1, 1, 2, 0]),
        (vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], vec![1, 1, 1, 2, 2, 0]),
    ];
    for (time, cause) in samples {
        let n = time.len();
        let rows = TimeToCause::new(time, cause).unwrap();
        for variance in VARIANCES {
            for interval in INTERVALS {
                let found = cumulative_incidence(&rows, variance, interval, 0.95).unwrap();
                for state in found.incidence.iter().chain([&found.event_free]) {
                    assert!(state.estimate.iter().chain(&state.std_error).all(|value| value.is_finite()));
                    assert!(state.lower.iter().chain(&state.upper).flatten().all(|value| value.is_finite()));
                }
            }
        }
        let codes: Vec<usize> = (0..n).map(|row| row % 2).collect();
        for rho in [-2.0, 0.0, 0.5, 3.0] {
            if let Ok(found) = gray_test(&rows, &codes, None, 1, rho) {
                assert!(found.test.statistic.is_finite() && found.test.p_value.is_finite());
            }
        }
        let separating: Vec<f64> = (0..n).map(|row| f64::from(u8::from(row < n / 2))).collect();
        let columns: [Vec<Vec<f64>>; 5] = [
            vec![vec![1.0; n]],
            vec![separating.clone()],
            vec![separating.clone(), separating.iter().map(|x| 2.0 * x + 1.0).collect()],
            vec![(0..n).map(|row| 1e9 + row as f64).collect()],
            vec![(0..n).map(|row| 1e-12 * (row * row % 5) as f64).collect()],
        ];
        for columns in columns {
            for method in METHODS {
                let names = (0..columns.len()).map(|j| format!("x{j}")).collect();
                match fine_gray(&rows, 1, &Covariates::new(names, columns.clone()).unwrap(), method, 0.95) {
                    Ok(fit) => {
                        let numbers =
                            fit.terms.iter().flat_map(|term| [term.coefficient, term.std_error, term.p_value, term.interval.upper]);
                        assert!(numbers.chain([fit.log_likelihood, fit.wald.statistic]).all(f64::is_finite));
                    }
                    Err(error) => assert!(!error.to_string().is_empty()),
                }
            }
        }
        for time in [0.0, 2.5, 1e9 + 1.5, f64::NAN] {
            if let Ok(values) = pseudo_event_free(&rows, &[time]) {
                assert!(values.iter().flatten().all(|value| value.is_finite()));
            }
            if let Ok(values) = pseudo_restricted_mean(&rows, time) {
                assert!(values.iter().all(|value| value.is_finite()));
            }
        }
    }
}

#[test]
fn what_cannot_be_is_refused_in_words() {
    let rows = |time: &[f64]| TimeToCause::new(time.to_vec(), vec![1, 0, 2, 1][..time.len()].to_vec());
    assert_eq!(rows(&[]), Err(StatsError::EmptySample));
    assert!(matches!(rows(&[f64::NAN]), Err(StatsError::NotFinite { .. })));
    assert!(matches!(rows(&[-1.0]), Err(StatsError::NegativeTime { .. })));
    assert!(matches!(TimeToCause::new(vec![1.0], vec![usize::MAX]), Err(StatsError::OutOfRange { .. })));
    let four = rows(&[1.0, 2.0, 3.0, 4.0]).unwrap();
    assert!(matches!(four.clone().with_entry(vec![0.0, 2.0, 0.0, 0.0]), Err(StatsError::EntryAfterTime { position: 2, .. })));
    assert!(matches!(four.clone().with_weights(vec![1.0, 0.0, 1.0, 1.0]), Err(StatsError::OutOfRange { .. })));
    assert!(matches!(four.clone().with_causes(1), Err(StatsError::OutOfRange { .. })));
    let x = |columns: Vec<Vec<f64>>| Covariates::new((0..columns.len()).map(|j| format!("x{j}")).collect(), columns).unwrap();
    let fit = |rows: &TimeToCause, cause, x: &Covariates| fine_gray(rows, cause, x, FineGrayMethod::Crr, 0.95).unwrap_err();
    let varied = x(vec![vec![1.0, 5.0, 2.0, 3.0]]);
    assert_eq!(fit(&four, 1, &x(vec![vec![1.0; 4]])), StatsError::ConstantCovariate { term: "x0".into() });
    assert!(matches!(fit(&four, 3, &varied), StatsError::OutOfRange { .. }));
    assert_eq!(fit(&four.clone().with_causes(3).unwrap(), 3, &varied), StatsError::NoEvents);
    let weighted = four.clone().with_weights(vec![1.0; 4]).unwrap();
    assert!(matches!(fit(&weighted, 1, &varied), StatsError::Unsupported { .. }));
    assert!(matches!(gray_test(&weighted, &[0, 1, 0, 1], None, 1, 0.0), Err(StatsError::Unsupported { .. })));
    assert!(matches!(gray_test(&four, &[0, 1, 0, 1], None, 1, f64::NAN), Err(StatsError::OutOfRange { .. })));
    // Cause 1 exactly where x is 1, first of all: every larger effect fits better.
    let separated = TimeToCause::new((1..=8).map(f64::from).collect(), vec![1, 1, 1, 2, 0, 2, 0, 0]).unwrap();
    let one = x(vec![vec![1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    assert_eq!(fit(&separated, 1, &one), StatsError::Separation { term: "x0".into() });
    let doubled = x(vec![vec![1.0, 3.0, 2.0, 5.0, 4.0, 1.0, 0.0, 2.0], vec![2.0, 6.0, 4.0, 10.0, 8.0, 2.0, 0.0, 4.0]]);
    assert_eq!(fit(&separated, 1, &doubled), StatsError::Collinear { term: "x1".into() });
}
