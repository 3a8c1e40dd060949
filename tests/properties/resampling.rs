//! Bootstrap, Mann–Kendall, Theil–Sen, agreement and study sizes.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use staywell::stats::agreement::{bland_altman, bland_altman_repeated, concordance_correlation, intraclass_correlation, measurement_error};
use staywell::stats::resampling::{
    BootstrapMethod, BootstrapOptions, CurveContrast, CurveMeasure, Resample, ResamplingPlan, Statistic, bootstrap, bootstrap_replicates,
    unit_influences,
};
use staywell::stats::survival::{CurveInterval, TimeToEvent, kaplan_meier, rmst};
use staywell::stats::{
    EffectMeasure, Interval, e_value, e_value_of, log_rank_power, mann_kendall, power_two_means, power_two_proportions,
    sample_size_two_means, sample_size_two_proportions, theil_sen, theil_sen_slope,
};

fn settings() -> ProptestConfig {
    ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(20_240_611), failure_persistence: None, ..ProptestConfig::default() }
}

fn people() -> impl Strategy<Value = Vec<(u8, bool, bool)>> {
    prop::collection::vec((1..40_u8, any::<bool>(), any::<bool>()), 12..60)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3)
}

fn mean_of(values: &[f64]) -> impl Fn(&Resample<'_>) -> Option<f64> + Sync {
    move |resample: &Resample<'_>| {
        let (mut sum, mut n) = (0.0, 0.0);
        for (row, _) in resample.draws() {
            sum += values[row];
            n += 1.0;
        }
        (n > 0.0).then(|| sum / n)
    }
}

const MEASURES: [CurveMeasure; 4] = [
    CurveMeasure::RmstDifference { horizon: 20.0 },
    CurveMeasure::RmstRatio { horizon: 20.0 },
    CurveMeasure::MedianDifference,
    CurveMeasure::SurvivalDifference { time: 15.0 },
];

/// The same comparison the long way: a curve from the drawn rows.
fn long_way(measure: CurveMeasure, people: &[(u8, bool, bool)], resample: &Resample<'_>) -> Option<f64> {
    let curve = |second: bool| {
        let drawn: Vec<usize> = resample.draws().map(|draw| draw.0).filter(|&row| people[row].2 == second).collect();
        let time = drawn.iter().map(|&row| f64::from(people[row].0)).collect();
        let rows = TimeToEvent::new(time, drawn.iter().map(|&row| people[row].1).collect()).ok()?;
        kaplan_meier(&rows, CurveInterval::Plain, 0.95).ok()
    };
    let (first, second) = (curve(false)?, curve(true)?);
    match measure {
        CurveMeasure::RmstDifference { horizon } => Some(rmst(&second, horizon).ok()?.estimate - rmst(&first, horizon).ok()?.estimate),
        CurveMeasure::RmstRatio { horizon } => Some(rmst(&second, horizon).ok()?.estimate / rmst(&first, horizon).ok()?.estimate),
        CurveMeasure::MedianDifference => Some(second.median().estimate? - first.median().estimate?),
        CurveMeasure::SurvivalDifference { time } => {
            let at = |curve: &staywell::stats::survival::SurvivalCurve| {
                curve.at(time).map(|point| point.estimate).or_else(|| curve.estimate.last().copied().filter(|&last| last <= 0.0))
            };
            Some(at(&second)? - at(&first)?)
        }
    }
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn curves_from_multiplicities_are_curves_from_the_drawn_rows(people in people(), clusters in any::<bool>()) {
        let rows = TimeToEvent::new(people.iter().map(|p| f64::from(p.0)).collect(), people.iter().map(|p| p.1).collect()).unwrap();
        let second: Vec<bool> = people.iter().map(|p| p.2).collect();
        let names: Vec<usize> = (0..people.len()).map(|row| row % 5).collect();
        let plan = if clusters { ResamplingPlan::clusters(&names).unwrap() } else { ResamplingPlan::rows(people.len()).unwrap() };
        for measure in MEASURES {
            let Ok(contrast) = CurveContrast::new(&rows, &second, measure) else { continue };
            let fast = bootstrap_replicates(&contrast, &plan, 20, 3);
            let slow = bootstrap_replicates(&|resample: &Resample<'_>| long_way(measure, &people, resample), &plan, 20, 3);
            for (fast, slow) in fast.into_iter().zip(slow) {
                prop_assert_eq!(fast.is_some(), slow.is_some(), "{:?}: {:?} and {:?}", measure, fast, slow);
                prop_assert!(fast.zip(slow).is_none_or(|(a, b)| near(a, b)), "{:?}: {:?} and {:?}", measure, fast, slow);
            }
        }
    }

    #[test]
    fn influences_of_a_restricted_mean_have_greenwoods_variance_and_add_to_nothing(people in people()) {
        let rows = |second: bool| {
            let some: Vec<_> = people.iter().filter(|p| p.2 == second).collect();
            TimeToEvent::new(some.iter().map(|p| f64::from(p.0)).collect(), some.iter().map(|p| p.1).collect())
        };
        let (Ok(first), Ok(second)) = (rows(false), rows(true)) else { return Ok(()) };
        let all = TimeToEvent::new(people.iter().map(|p| f64::from(p.0)).collect(), people.iter().map(|p| p.1).collect()).unwrap();
        let in_second: Vec<bool> = people.iter().map(|p| p.2).collect();
        let curve = |rows: &TimeToEvent| kaplan_meier(rows, CurveInterval::Plain, 0.95).unwrap();
        if let (Ok(one), Ok(two)) = (rmst(&curve(&first), 20.0), rmst(&curve(&second), 20.0)) {
            let contrast = CurveContrast::new(&all, &in_second, CurveMeasure::RmstDifference { horizon: 20.0 }).unwrap();
            let influences = contrast.influence().unwrap();
            prop_assert!(influences.iter().sum::<f64>().abs() < 1e-9);
            let variance: f64 = influences.iter().map(|d| d * d).sum();
            prop_assert!(near(variance.sqrt(), one.std_error.hypot(two.std_error)));
        }
    }

    #[test]
    fn intervals_move_and_stretch_with_the_values(values in prop::collection::vec(-50..50_i32, 5..40), method in any::<bool>()) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let moved: Vec<f64> = values.iter().map(|value| 8.0 * value + 1024.0).collect();
        let method = if method { BootstrapMethod::Bca } else { BootstrapMethod::Percentile };
        let options = BootstrapOptions { replicates: 199, method, ..BootstrapOptions::default() };
        let plan = ResamplingPlan::rows(values.len()).unwrap();
        if let Ok(found) = bootstrap(&mean_of(&values), &plan, &options) {
            let other = bootstrap(&mean_of(&moved), &plan, &options).unwrap();
            prop_assert!(near(other.interval.lower, 8.0 * found.interval.lower + 1024.0));
            prop_assert!(near(other.interval.upper, 8.0 * found.interval.upper + 1024.0));
            prop_assert!(near(other.std_error, 8.0 * found.std_error));
            prop_assert!(found.interval.lower <= found.interval.upper);
        }
    }

    #[test]
    fn rows_that_are_each_a_cluster_are_rows_and_names_do_not_matter(values in prop::collection::vec(-50..50_i32, 4..30)) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let n = values.len();
        let own: Vec<usize> = (0..n).map(|row| 10 + 3 * row).collect();
        let statistic = mean_of(&values);
        let rows = ResamplingPlan::rows(n).unwrap();
        let clusters = ResamplingPlan::clusters(&own).unwrap();
        prop_assert_eq!(bootstrap_replicates(&statistic, &rows, 30, 5), bootstrap_replicates(&statistic, &clusters, 30, 5));
        prop_assert_eq!(unit_influences(&statistic, &rows), unit_influences(&statistic, &clusters));
        let one = rows.clone().stratified(&vec![7; n]).unwrap();
        prop_assert_eq!(bootstrap_replicates(&statistic, &rows, 30, 5), bootstrap_replicates(&statistic, &one, 30, 5));
    }

    #[test]
    fn kendalls_test_turns_with_the_series_and_sees_only_the_order(pairs in prop::collection::vec((0..12_i32, -6..6_i32), 3..60)) {
        let x: Vec<f64> = pairs.iter().map(|p| f64::from(p.0)).collect();
        let y: Vec<f64> = pairs.iter().map(|p| f64::from(p.1)).collect();
        let brute: i64 = (0..x.len())
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| i64::from((pairs[i].0 - pairs[j].0).signum() * (pairs[i].1 - pairs[j].1).signum()))
            .sum();
        if let Ok(found) = mann_kendall(Some(&x), &y) {
            prop_assert_eq!(found.score, brute);
            prop_assert!((-1.0..=1.0).contains(&found.tau) && (0.0..=1.0).contains(&found.test.p_value));
            let falling: Vec<f64> = y.iter().map(|value| -value).collect();
            let turned = mann_kendall(Some(&x), &falling).unwrap();
            prop_assert_eq!((turned.score, turned.test.p_value), (-found.score, found.test.p_value));
            let cubed: Vec<f64> = y.iter().map(|value| value.powi(3) + 5.0).collect();
            prop_assert_eq!(mann_kendall(Some(&x), &cubed).unwrap(), found);
            // x and y are alike to it.
            prop_assert_eq!(mann_kendall(Some(&y), &x).unwrap().score, found.score);
            // And the order of the rows does not matter.
            let (mut rx, mut ry) = (x.clone(), y.clone());
            rx.reverse();
            ry.reverse();
            prop_assert_eq!(mann_kendall(Some(&rx), &ry).unwrap(), found);
        } else {
            prop_assert!(x.iter().all(|value| *value == x[0]) || y.iter().all(|value| *value == y[0]));
        }
    }

    #[test]
    fn agreement_turns_with_the_order_of_the_two_and_scales(pairs in prop::collection::vec((0..100_i32, 0..100_i32), 3..40)) {
        let first: Vec<f64> = pairs.iter().map(|p| f64::from(p.0)).collect();
        let second: Vec<f64> = pairs.iter().map(|p| f64::from(p.1)).collect();
        let (found, turned) = (bland_altman(&first, &second, 0.95, 0.95).unwrap(), bland_altman(&second, &first, 0.95, 0.95).unwrap());
        prop_assert!(near(found.lower.estimate, -turned.upper.estimate) && near(found.lower.exact.lower, -turned.upper.exact.upper));
        prop_assert!(found.lower.exact.lower <= found.lower.estimate && found.lower.estimate <= found.lower.exact.upper);
        if let Ok(found) = concordance_correlation(&first, &second, 0.95) {
            prop_assert!(found.estimate.abs() <= found.pearson.abs() + 1e-12);
            prop_assert!(found.interval.lower <= found.estimate && found.estimate <= found.interval.upper);
            let turned = concordance_correlation(&second, &first, 0.95).unwrap();
            prop_assert!(near(found.estimate, turned.estimate) && near(found.location_shift, -turned.location_shift));
        }
        if let Ok(found) = intraclass_correlation(&[&first, &second], 0.95) {
            let scaled: Vec<Vec<f64>> = [&second, &first].iter().map(|v| v.iter().map(|value| 4.0 * value - 64.0).collect()).collect();
            let other = intraclass_correlation(&[&scaled[0], &scaled[1]], 0.95).unwrap();
            for (one, two) in [
                (found.one_way_single, other.one_way_single),
                (found.agreement_single, other.agreement_single),
                (found.consistency_single, other.consistency_single),
                (found.agreement_mean, other.agreement_mean),
            ] {
                prop_assert_eq!(one.is_some(), two.is_some());
                if let (Some(one), Some(two)) = (one, two) {
                    prop_assert!(near(one.estimate, two.estimate));
                    prop_assert_eq!(one.interval.is_some(), two.interval.is_some());
                    if let (Some(limits), Some(others)) = (one.interval, two.interval) {
                        prop_assert!(near(limits.lower, others.lower) && limits.lower <= limits.upper);
                        prop_assert!(limits.lower <= one.estimate + 1e-9 && one.estimate <= limits.upper + 1e-9);
                    }
                }
            }
        }
        // Two occasions: the error of measurement is that of the differences over √2.
        let error = measurement_error(&[&first, &second], 0.95).unwrap();
        prop_assert!(near(error.sem_consistency, found.std_dev / 2.0_f64.sqrt()));
        prop_assert!(error.sem_agreement >= error.sem_consistency);
    }

    #[test]
    fn repeated_pairs_forget_the_order_of_rows_and_names(
        rows in prop::collection::vec((0..6_usize, 0..100_i32, 0..100_i32), 4..60), turn in 0..60_usize
    ) {
        let of = |rows: &[(usize, i32, i32)], name: fn(usize) -> usize| {
            let column = |of: fn(&(usize, i32, i32)) -> i32| rows.iter().map(|row| f64::from(of(row))).collect::<Vec<f64>>();
            let subject: Vec<usize> = rows.iter().map(|row| name(row.0)).collect();
            bland_altman_repeated(&subject, &column(|row| row.1), &column(|row| row.2), 0.95, 0.95)
        };
        if let Ok(found) = of(&rows, |name| name) {
            let mut turned = rows.clone();
            turned.rotate_left(turn % rows.len());
            let other = of(&turned, |name| 1000 - name).unwrap();
            prop_assert!(near(found.lower.estimate, other.lower.estimate) && near(found.std_dev, other.std_dev));
            let interval = found.upper.interval.unwrap();
            prop_assert!(interval.lower <= found.upper.estimate && found.upper.estimate <= interval.upper);
        }
    }

    #[test]
    fn power_and_size_are_inverses_and_more_is_more(effect in 0.1..2.0_f64, ratio in 0.3..3.0_f64, power in 0.3..0.99_f64) {
        let size = sample_size_two_means(effect, 1.0, ratio, power, 0.05).unwrap();
        let reached = |n: f64| power_two_means(n, ratio * n, effect, 1.0, 0.05).unwrap();
        if size.first_exact > 2.0_f64.max(2.0 / ratio) + 1e-6 {
            prop_assert!((reached(size.first_exact) - power).abs() < 1e-7);
        }
        prop_assert!(reached(size.first_exact + 5.0) >= reached(size.first_exact));
        let (first, second) = (0.2, 0.2 + 0.3 * effect / 2.0);
        let size = sample_size_two_proportions(first, second, ratio, power, 0.05).unwrap();
        let found = power_two_proportions(size.first_exact, ratio * size.first_exact, first, second, 0.05).unwrap();
        prop_assert!((found - power).abs() < 1e-9);
        prop_assert!(log_rank_power(100.0, 1.0 + effect, 0.5, 0.05).unwrap() >= log_rank_power(50.0, 1.0 + effect, 0.5, 0.05).unwrap());
    }

    #[test]
    fn an_e_value_is_the_same_for_a_ratio_and_its_inverse(ratio in 1.05..20.0_f64) {
        for measure in [EffectMeasure::RiskRatio, EffectMeasure::OddsRatioCommon, EffectMeasure::HazardRatioCommon] {
            let interval = |value: f64| Some(Interval { lower: value / 1.04, upper: value * 1.04, level: 0.95 });
            let up = e_value_of(measure, ratio, interval(ratio)).unwrap();
            let down = e_value_of(measure, 1.0 / ratio, interval(1.0 / ratio)).unwrap();
            prop_assert!(near(up.estimate, down.estimate) && near(up.limit.unwrap(), down.limit.unwrap()));
            prop_assert!(up.estimate >= up.limit.unwrap() && up.limit.unwrap() >= 1.0);
        }
        prop_assert_eq!(e_value(ratio, None), e_value_of(EffectMeasure::HazardRatioCommon, ratio, None).unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..settings() })]

    #[test]
    fn a_long_series_has_the_slope_and_limits_of_all_its_pairs(
        points in prop::collection::vec((0..300_i32, 0..11_i32), 401..520), grain in 1..4_i32, seven in any::<bool>()
    ) {
        let x: Vec<f64> = points.iter().map(|p| f64::from(p.0) / if seven { 7.0 } else { 1.0 }).collect();
        let y: Vec<f64> = points.iter().map(|p| f64::from(p.1 - p.0 / (40 * grain))).collect();
        let found = theil_sen(&x, &y, 0.95).unwrap();
        let mut slopes: Vec<f64> = (0..x.len())
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .filter(|&(i, j)| x[i] != x[j])
            .map(|(i, j)| (y[i] - y[j]) / (x[i] - x[j]) + 0.0)
            .collect();
        slopes.sort_by(f64::total_cmp);
        let n = slopes.len();
        let (low, high) = (slopes[(n - 1) / 2], slopes[n / 2]);
        prop_assert_eq!((found.n_pairs, found.slope), (n, low + 0.5 * (high - low)));
        prop_assert!((theil_sen_slope(&x, &y, &mut vec![]).unwrap() - found.slope).abs() < 1e-15);
        let interval = found.interval.unwrap();
        prop_assert!(slopes.binary_search_by(|slope| slope.total_cmp(&interval.lower)).is_ok());
        prop_assert!(slopes.binary_search_by(|slope| slope.total_cmp(&interval.upper)).is_ok());
        // Ranks lie as far from one end as from the other: equally many slopes below the one as above the other, ties aside.
        let below = slopes.partition_point(|&slope| slope < interval.lower);
        let not_below = slopes.partition_point(|&slope| slope <= interval.lower);
        let above = n - slopes.partition_point(|&slope| slope <= interval.upper);
        let not_above = n - slopes.partition_point(|&slope| slope < interval.upper);
        prop_assert!(below <= not_above && above <= not_below);
    }
}

#[test]
fn the_number_of_threads_does_not_change_the_result() {
    let values: Vec<f64> = (0..300_u32).map(|i| f64::from(i * i % 97)).collect();
    let plan = ResamplingPlan::rows(300).unwrap();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bootstrap(&mean_of(&values), &plan, &BootstrapOptions::default()).unwrap())
    };
    assert_eq!(run(1), run(5));
}

#[test]
fn hostile_data_give_an_error_or_finite_numbers() {
    let columns: Vec<Vec<f64>> = vec![
        vec![],
        vec![1.0],
        vec![1.0, 2.0],
        vec![5.0; 6],
        vec![1e9, 1e9 + 1.0, 1e9 + 2.0, 1e9, 1e9, 1e9 + 1.0],
        vec![f64::NAN, 1.0, 2.0],
        vec![1.0, f64::INFINITY, 2.0],
        vec![0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
        vec![1e300, -1e300, 1e300, -1e300, 5.0, 0.0],
        vec![1e-300, 2e-300, 3e-300, -1e-300, 5e-300, 0.0],
        vec![-0.0, 0.0, -0.0, 0.0, 1.0, 2.0],
    ];
    let finite = |place: &str, value: serde_json::Value| {
        let text = value.to_string();
        assert!(!text.contains("null") || place == "may be missing", "{place}: {text}");
    };
    for first in &columns {
        for second in &columns {
            let same_length = first.len() == second.len();
            let numbers = [
                bland_altman(first, second, 0.95, 0.95).ok().map(|found| {
                    vec![
                        found.bias.estimate,
                        found.std_dev,
                        found.lower.exact.lower,
                        found.upper.exact.upper,
                        found.upper.approximate.upper,
                    ]
                }),
                concordance_correlation(first, second, 0.95)
                    .ok()
                    .map(|found| vec![found.estimate, found.std_error, found.interval.lower, found.interval.upper, found.scale_shift]),
                intraclass_correlation(&[first, second], 0.95).ok().map(|found| {
                    [found.one_way_single, found.agreement_single, found.consistency_single, found.one_way_mean, found.agreement_mean]
                        .iter()
                        .flatten()
                        .flat_map(|form| {
                            form.interval
                                .map_or(vec![], |limits| vec![limits.lower, limits.upper])
                                .into_iter()
                                .chain([form.estimate, form.p_value])
                        })
                        .collect()
                }),
                measurement_error(&[first, second], 0.95)
                    .ok()
                    .map(|found| vec![found.sem_agreement, found.mdc_consistency, found.sem_interval.upper]),
                mann_kendall(Some(first), second)
                    .ok()
                    .map(|found| vec![found.variance, found.tau, found.test.statistic, found.test.p_value]),
                theil_sen(first, second, 0.95).ok().map(|found| {
                    vec![found.slope, found.intercept, found.interval.map_or(0.0, |i| i.lower), found.interval.map_or(0.0, |i| i.upper)]
                }),
                bland_altman_repeated(&[0, 0, 1, 1, 2, 2], first, second, 0.95, 0.95)
                    .ok()
                    .map(|found| vec![found.bias.std_error, found.std_dev, found.upper.std_error, found.lower.interval.unwrap().lower]),
            ];
            for found in numbers.iter().flatten() {
                assert!(same_length && found.iter().all(|value| value.is_finite()), "{first:?} {second:?}: {found:?}");
            }
        }
        let plan = ResamplingPlan::rows(first.len());
        for method in [BootstrapMethod::Percentile, BootstrapMethod::Bca] {
            let options = BootstrapOptions { replicates: 99, method, ..BootstrapOptions::default() };
            if let Ok(found) = plan.clone().and_then(|plan| bootstrap(&mean_of(first), &plan, &options)) {
                finite("may be missing", serde_json::to_value(found).unwrap());
                assert!(found.std_error.is_finite() && found.interval.lower.is_finite() && found.interval.upper.is_finite());
            }
        }
    }
    let rows = TimeToEvent::new(vec![3.0; 8], vec![false; 8]).unwrap();
    let second: Vec<bool> = (0..8).map(|row| row % 2 == 0).collect();
    for measure in MEASURES {
        let contrast = CurveContrast::new(&rows, &second, measure).unwrap();
        assert!(bootstrap(&contrast, &ResamplingPlan::rows(8).unwrap(), &BootstrapOptions::default()).is_err());
    }
    assert!(ResamplingPlan::clusters(&[1, 1, 1]).is_err() && ResamplingPlan::rows(1).is_err());
}
