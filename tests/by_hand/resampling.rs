//! Bootstrap, agreement, study sizes and E-values.

use staywell::stats::agreement::{bland_altman, bland_altman_repeated, concordance_correlation, intraclass_correlation, measurement_error};
use staywell::stats::resampling::{
    BootstrapMethod, BootstrapOptions, CurveContrast, CurveMeasure, Resample, ResamplingPlan, Statistic, bca_limits, bootstrap,
    bootstrap_curves, bootstrap_replicates, clustered_rmst_difference, percentile_limits, unit_influences,
};
use staywell::stats::{
    EffectMeasure, Interval, StatsError, e_value_of, events_needed, log_rank_power, mann_kendall, minimum_detectable_hazard_ratio,
    noncentral_t_lower_p, noncentral_t_quantile, normal_quantile, power_two_means, power_two_proportions, sample_size_for_hazard_ratio,
    sample_size_from_events, sample_size_two_means, sample_size_two_proportions,
};

use super::{close, rows};

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-300), "{found} is not {expected}");
}

fn mean_of(values: &[f64]) -> impl Fn(&Resample<'_>) -> Option<f64> + Sync {
    move |resample: &Resample<'_>| {
        let drawn: u32 = resample.multiplicities().iter().sum();
        let sum: f64 = resample.multiplicities().iter().zip(values).map(|(&count, value)| f64::from(count) * value).sum();
        (drawn > 0).then(|| sum / f64::from(drawn))
    }
}

/// R: `k <- 1:999; t <- ((k*617) %% 1009)^2/1e5`.
fn replicates() -> Vec<f64> {
    (1..=999_u32).map(|k| f64::from((k * 617) % 1009).powi(2) / 1e5).collect()
}

#[test]
fn limits_are_those_of_rs_boot_for_the_same_replicates() {
    let influences = [-3.0, -1.0, -0.5, 0.2, 0.1, 1.0, 2.0, 4.5, -1.7, -1.6];
    // boot:::perc.ci(t, conf) and boot:::bca.ci(NULL, conf, t0 = 2.9, t = t, L = L).
    let expected = [
        (0.90, [0.025, 9.196_81], [0.068_973_475_393_376_13, 9.661_056_358_020_444]),
        (0.95, [0.006_25, 9.682_56], [0.023_412_905_246_059, 9.971_088_057_195_939]),
        (0.99, [0.000_25, 10.080_16], [0.002_126_087_350_246_778, 10.157_845_518_818_807]),
    ];
    for (level, percentile, bca) in expected {
        let found = percentile_limits(&replicates(), level).unwrap();
        near(found.interval.lower, percentile[0], 1e-9);
        near(found.interval.upper, percentile[1], 1e-9);
        let found = bca_limits(2.9, &replicates(), &influences, level).unwrap();
        near(found.interval.lower, bca[0], 1e-9);
        near(found.interval.upper, bca[1], 1e-9);
        // Σd³ = −27 − 1 − 0.125 + 0.008 + 0.001 + 1 + 8 + 91.125 − 4.913 − 4.096 = 63; Σd² = 9 + 1 + 0.25 + 0.04 + 0.01 + 1 + 4 +
        // 20.25 + 2.89 + 2.56 = 41; a = 63/(6 · 41^1.5). 533 of 999 replicates lie below 2.9.
        close(found.acceleration.unwrap(), 63.0 / (6.0 * 41.0_f64.powf(1.5)));
        near(found.bias_correction.unwrap(), normal_quantile(533.0 / 999.0), 1e-12);
    }
}

#[test]
fn quantiles_lie_between_order_statistics_on_the_normal_scale() {
    // Four replicates, level 0.4: ranks 5 · 0.3 = 1.5 and 3.5. Lower: 10 + (Φ⁻¹(.3) − Φ⁻¹(.2))/(Φ⁻¹(.4) − Φ⁻¹(.2)) · 10.
    let z = [0.2, 0.3, 0.4].map(normal_quantile);
    let found = percentile_limits(&[40.0, 10.0, 30.0, 20.0], 0.4).unwrap();
    close(found.interval.lower, 10.0 + 10.0 * (z[1] - z[0]) / (z[2] - z[0]));
    close(found.interval.upper, 50.0 - found.interval.lower);
    assert!(!found.extreme);
    // Level 0.9: ranks 0.25 and 4.75 lie past the ends.
    let found = percentile_limits(&[40.0, 10.0, 30.0, 20.0], 0.9).unwrap();
    assert_eq!((found.interval.lower, found.interval.upper, found.extreme), (10.0, 40.0, true));
    // All replicates on one side of the estimate, and ties that count half: z₀ = Φ⁻¹((1 + 2/2)/4) = 0.
    assert_eq!(bca_limits(5.0, &[1.0, 2.0], &[1.0], 0.5), Err(StatsError::OneSidedResamples));
    close(bca_limits(2.0, &[1.0, 2.0, 2.0, 3.0], &[1.0, -1.0], 0.5).unwrap().bias_correction.unwrap(), 0.0);
}

#[test]
fn influences_of_a_ratio_are_rs_jackknife_centred() {
    // Davison and Hinkley's cities; boot::empinf(type = "jack") is (n − 1)(θ − θ₋ᵢ).
    let u = [138.0, 93.0, 61.0, 179.0, 48.0, 37.0, 29.0, 23.0, 30.0, 2.0];
    let x = [143.0, 104.0, 69.0, 260.0, 75.0, 63.0, 50.0, 48.0, 111.0, 50.0];
    let jack = [
        -1.197_665_587_649_403_6,
        -0.615_176_531_078_611_3,
        -0.369_000_971_502_591_7,
        -0.236_927_196_312_365_4,
        0.030_785_472_972_972_6,
        0.100_722_947_761_193_5,
        0.087_067_819_148_935_1,
        0.190_105_854_943_272_6,
        0.964_779_713_114_754,
        0.662_436_324_451_409_8,
    ];
    let ratio = |resample: &Resample<'_>| {
        let sum =
            |values: &[f64]| resample.multiplicities().iter().zip(values).map(|(&count, value)| f64::from(count) * value).sum::<f64>();
        Some(sum(&x) / sum(&u))
    };
    let mean = jack.iter().sum::<f64>() / 10.0;
    let found = unit_influences(&ratio, &ResamplingPlan::rows(10).unwrap()).unwrap();
    for (found, expected) in found.iter().zip(jack) {
        assert!((found * 10.0 - (expected - mean)).abs() < 1e-12);
    }
}

#[test]
fn the_jackknife_of_a_mean_is_the_distance_from_it_by_row_and_by_patient() {
    // (x − x̄)/n: mean 3 of 1, 2, 6. Patients {1, 2} and {6}: without either the mean is 6 and 1.5, mean 3.75; d = ½(3.75 − θ₋).
    let values = [1.0, 2.0, 6.0];
    let found = unit_influences(&mean_of(&values), &ResamplingPlan::rows(3).unwrap()).unwrap();
    for (found, expected) in found.iter().zip([-2.0 / 3.0, -1.0 / 3.0, 1.0]) {
        close(*found, expected);
    }
    let found = unit_influences(&mean_of(&values), &ResamplingPlan::clusters(&[4, 4, 9]).unwrap()).unwrap();
    close(found[0], (3.75 - 6.0) / 2.0);
    close(found[1], (3.75 - 1.5) / 2.0);
}

#[test]
fn a_patient_is_drawn_with_all_rows_and_a_second_draw_is_another_patient() {
    let plan = ResamplingPlan::clusters(&[7, 3, 7, 5, 3, 7]).unwrap();
    assert_eq!((plan.n_rows(), plan.n_units()), (6, 3));
    let whole = |resample: &Resample<'_>| {
        let counts = resample.multiplicities();
        assert!(counts[0] == counts[2] && counts[2] == counts[5] && counts[1] == counts[4]);
        assert_eq!(counts[0] + counts[1] + counts[3], 3);
        let draws: Vec<(usize, usize)> = resample.draws().collect();
        assert_eq!(draws.len() as u32, counts.iter().sum::<u32>());
        // Patients 3, 5 and 7 hold the rows 1, 4; 3; 0, 2, 5: a draw holds all rows of one patient.
        for draw in 0..3 {
            let rows: Vec<usize> = draws.iter().filter(|pair| pair.1 == draw).map(|pair| pair.0).collect();
            assert!([&[1, 4][..], &[3], &[0, 2, 5]].contains(&&rows[..]), "{rows:?}");
        }
        Some(1.0)
    };
    assert!(bootstrap_replicates(&whole, &plan, 50, 1).iter().all(|value| *value == Some(1.0)));
    assert_eq!(ResamplingPlan::clusters(&[1, 1, 2]).unwrap().stratified(&[0, 1, 1]), Err(StatsError::SplitCluster { position: 2 }));
    assert_eq!(ResamplingPlan::rows(3).unwrap().stratified(&[0, 1, 1]), Err(StatsError::TooFew { found: 1, needed: 2 }));
}

#[test]
fn a_stratum_keeps_its_number_of_rows() {
    let plan = ResamplingPlan::rows(7).unwrap().stratified(&[0, 1, 0, 1, 1, 0, 1]).unwrap();
    let first = |resample: &Resample<'_>| {
        let counts = resample.multiplicities();
        Some(f64::from(counts[0] + counts[2] + counts[5]))
    };
    assert!(bootstrap_replicates(&first, &plan, 50, 1).iter().all(|value| *value == Some(3.0)));
}

#[test]
fn resamples_without_a_value_are_counted_and_too_many_are_an_error() {
    let plan = ResamplingPlan::rows(40).unwrap();
    let options = BootstrapOptions { replicates: 400, method: BootstrapMethod::Percentile, ..BootstrapOptions::default() };
    // Row 0 drawn more than k times of 40: about 1.8 % of resamples for k = 3 (Poisson 1), 26 % for k = 1.
    let limited =
        |most: u32| move |resample: &Resample<'_>| (resample.multiplicities()[0] <= most).then(|| f64::from(resample.multiplicities()[1]));
    let found = bootstrap(&limited(3), &plan, &options).unwrap();
    let failed = bootstrap_replicates(&limited(3), &plan, 400, 1).iter().filter(|value| value.is_none()).count();
    assert_eq!((found.n_failed, found.replicates, found.n_units), (failed, 400, 40));
    assert!(failed > 0);
    let error = bootstrap(&limited(1), &plan, &options).unwrap_err();
    assert!(error.to_string().starts_with("the statistic could not be computed in "), "{error}");
    assert_eq!(bootstrap(&limited(0), &plan, &options), Err(StatsError::UndefinedStatistic));
    // 95 % limits need 39 replicates: (39 + 1) · 0.025 = 1.
    let few = |replicates| bootstrap(&limited(9), &plan, &BootstrapOptions { replicates, ..options });
    assert_eq!(few(38), Err(StatsError::TooFew { found: 38, needed: 39 }));
    assert!(few(39).is_ok());
}

#[test]
fn curves_are_compared_as_on_paper() {
    // First: events at 1, 2, censored at 4: S = 2/3, 1/3; area to 4: 1 + 2/3 + 2/3 = 7/3. Second: events at 2, 4: area 2 + 1 = 3.
    let time = rows(&[(1.0, 1), (2.0, 1), (4.0, 0), (2.0, 1), (4.0, 1)]);
    let second = [false, false, false, true, true];
    let of = |measure| {
        let contrast = CurveContrast::new(&time, &second, measure).unwrap();
        // The data themselves are the only resample of units that are all alike: one cluster per group, twice.
        let whole = move |resample: &Resample<'_>| contrast.value(resample);
        bootstrap_whole(&whole, 5)
    };
    close(of(CurveMeasure::RmstDifference { horizon: 4.0 }), 3.0 - 7.0 / 3.0);
    close(of(CurveMeasure::RmstRatio { horizon: 4.0 }), 9.0 / 7.0);
    // S(2) = 1/3 and 1/2; medians 2 and (2 + 4)/2 by the midpoint rule.
    close(of(CurveMeasure::SurvivalDifference { time: 2.0 }), 1.0 / 6.0);
    close(of(CurveMeasure::MedianDifference), 1.0);
    // The second curve is 0 from 4 on, the first unknown.
    let beyond = CurveContrast::new(&time, &second, CurveMeasure::RmstDifference { horizon: 5.0 }).unwrap();
    let plan = ResamplingPlan::rows(5).unwrap();
    assert_eq!(bootstrap(&beyond, &plan, &BootstrapOptions::default()), Err(StatsError::UndefinedStatistic));
    assert_eq!(CurveContrast::new(&time, &[false; 5], CurveMeasure::MedianDifference), Err(StatsError::OneGroup));
}

/// A statistic of the data as they are.
fn bootstrap_whole(statistic: &(impl Fn(&Resample<'_>) -> Option<f64> + Sync), n: usize) -> f64 {
    let whole = |resample: &Resample<'_>| {
        let untouched = resample.multiplicities().iter().all(|&count| count == 1);
        if untouched { statistic(resample) } else { Some(0.0) }
    };
    let options = BootstrapOptions { replicates: 39, method: BootstrapMethod::Percentile, ..BootstrapOptions::default() };
    bootstrap(&whole, &ResamplingPlan::rows(n).unwrap(), &options).unwrap().estimate
}

#[test]
fn a_bootstrap_of_curves_says_all_that_is_needed_to_repeat_it() {
    let group = |shift: u32| rows(&(1..=40_u32).map(|i| (f64::from(i * 7 % 41 + shift), u8::from(i % 4 != 0))).collect::<Vec<_>>());
    let options = BootstrapOptions { replicates: 500, seed: 9, level: 0.9, method: BootstrapMethod::Bca };
    let found = bootstrap_curves(&group(1), &group(6), CurveMeasure::RmstDifference { horizon: 30.0 }, &options).unwrap();
    assert_eq!((found.replicates, found.seed, found.n_units, found.interval.level), (500, 9, 80, 0.9));
    assert!(found.interval.lower < found.estimate && found.estimate < found.interval.upper && found.std_error > 0.0);
    assert_eq!(bootstrap_curves(&group(1), &group(6), CurveMeasure::RmstDifference { horizon: 30.0 }, &options), Ok(found));
}

#[test]
fn kendalls_s_with_ties_in_both() {
    // x 1 1 2 3 4 5 5, y 1 2 2 5 3 3 7. Pairs of equal x (2) count 0; of the other 19: y equal in (2, 2), (3, 3); falling: 5 > 3
    // twice; rising 15. S = 13. Ties x {2, 2}, y {2, 2}: v(7) = 798, v(2) = 18:
    // (798 − 36 − 36)/18 + 4 · 4/(2 · 42) = 40.3333 + 0.1905.
    let found = mann_kendall(Some(&[1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.0]), &[1.0, 2.0, 2.0, 5.0, 3.0, 3.0, 7.0]).unwrap();
    assert_eq!((found.score, found.n), (13, 7));
    close(found.variance, 726.0 / 18.0 + 16.0 / 84.0);
    close(found.test.statistic, 12.0 / (726.0_f64 / 18.0 + 16.0 / 84.0).sqrt());
    // 21 pairs, 2 tied in each: τ = 13/19. R: z = 1.8851, p = 0.05942, tau = 0.6842105.
    close(found.tau, 13.0 / 19.0);
    near(found.test.p_value, 0.059_42, 1e-4);
    // Without x: y = 1, 2, 3 rises in all 3 pairs; variance 3 · 2 · 11/18; −0 and 0 are equal.
    let found = mann_kendall(None, &[1.0, 2.0, 3.0]).unwrap();
    assert_eq!((found.score, found.variance, found.tau), (3, 66.0 / 18.0, 1.0));
    assert_eq!(mann_kendall(None, &[-0.0, 0.0, 1.0]).unwrap().score, 2);
    assert_eq!(mann_kendall(None, &[4.0; 5]), Err(StatsError::ConstantCovariate { term: "y".to_owned() }));
}

const WRIGHT: [f64; 17] =
    [494.0, 395.0, 516.0, 434.0, 476.0, 557.0, 413.0, 442.0, 650.0, 433.0, 417.0, 656.0, 267.0, 478.0, 178.0, 423.0, 427.0];
const MINI: [f64; 17] =
    [512.0, 430.0, 520.0, 428.0, 500.0, 600.0, 364.0, 380.0, 658.0, 445.0, 432.0, 626.0, 260.0, 477.0, 259.0, 350.0, 451.0];

#[test]
fn the_peak_flow_meters_of_bland_and_altman() {
    // Lancet 1986: mean difference −2.1, SD 38.8 l/min. Limits by R's qt with ncp = 1.96 √17.
    let found = bland_altman(&WRIGHT, &MINI, 0.95, 0.95).unwrap();
    near(found.bias.estimate, -2.117_647_058_823_53, 1e-12);
    near(found.std_dev, 38.765_129_873_607_38, 1e-12);
    near(found.lower.estimate, -78.095_905_467_1, 1e-11);
    near(found.lower.exact.lower, -124.160_798_294_8, 1e-10);
    near(found.lower.exact.upper, -53.094_931_416_7, 1e-10);
    close(found.upper.exact.upper - found.bias.estimate, found.bias.estimate - found.lower.exact.lower);
    // s √(1/17 + z²/32), z² = 3.841458820694124.
    close(found.upper.std_error, 38.765_129_873_607_38 * (1.0 / 17.0 + 3.841_458_820_694_124_f64 / 32.0).sqrt());
    assert!(found.proportional_bias.is_some());
}

#[test]
fn repeated_pairs_part_into_between_and_within() {
    // Differences 1, 3 of one patient and 5, 7 of the other: mean 4; MSB = 2 (2² + 2²)/1 = 16, MSW = 4/2 = 2, λ = (16 − 8)/4 = 2.
    let found = bland_altman_repeated(&[1, 1, 2, 2], &[1.0, 3.0, 5.0, 7.0], &[0.0; 4], 0.95, 0.95).unwrap();
    close(found.bias.estimate, 4.0);
    close(found.within_variance, 2.0);
    close(found.between_variance, 7.0);
    close(found.std_dev, 3.0);
    close(found.upper.estimate, 4.0 + 3.0 * normal_quantile(0.975));
    // Var d̄ = 7 · 8/16 + 2/4.
    close(found.bias.std_error, 2.0);
    assert!(bland_altman_repeated(&[1, 2, 3], &[1.0, 2.0, 4.0], &[0.0; 3], 0.95, 0.95).is_err());
}

#[test]
fn concordance_of_three_pairs() {
    // x 1, 2, 3; y 2, 4, 6: s_x² = 2/3, s_y² = 8/3, s_xy = 4/3, shift −2: ρ_c = (8/3)/(10/3 + 4) = 4/11; ρ = 1, v = ½, u² = 4/(4/3) = 3,
    // C_b = 2/(½ + 2 + 3) = 4/11. Var = 2 C_b ρ_c² (1 − ρ_c) 3 − C_b² ρ_c² 9/2 over 1.
    let found = concordance_correlation(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0], 0.95).unwrap();
    let c: f64 = 4.0 / 11.0;
    close(found.estimate, c);
    close(found.pearson, 1.0);
    close(found.scale_shift, 0.5);
    close(found.location_shift, -(3.0_f64.sqrt()));
    close(found.std_error.powi(2), 6.0 * c.powi(3) * (1.0 - c) - 4.5 * c.powi(4));
    let same = concordance_correlation(&[1.0, 2.0, 4.0], &[1.0, 2.0, 4.0], 0.95).unwrap();
    assert_eq!((same.estimate, same.interval.lower), (1.0, 1.0));
}

#[test]
fn the_judges_of_shrout_and_fleiss() {
    let judges: [&[f64]; 4] = [
        &[9.0, 6.0, 8.0, 7.0, 10.0, 6.0],
        &[2.0, 1.0, 4.0, 1.0, 5.0, 2.0],
        &[5.0, 3.0, 6.0, 2.0, 6.0, 4.0],
        &[8.0, 2.0, 8.0, 6.0, 9.0, 7.0],
    ];
    let found = intraclass_correlation(&judges, 0.95).unwrap();
    // Shrout & Fleiss (1979), table 4: .17, .29, .71, .44, .62, .91; limits by psych::ICC(m, lmer = FALSE).
    let expected = [
        (found.one_way_single, 0.165_741_768_405_476, -0.132_932_324_874_750_9, 0.722_560_062_328_121),
        (found.agreement_single, 0.289_763_779_527_559, 0.018_786_513_374_712, 0.761_084_369_648_953),
        (found.consistency_single, 0.714_840_714_840_715, 0.342_464_765_033_925_4, 0.945_858_259_955_36),
        (found.one_way_mean, 0.442_797_133_679_269, -0.884_442_155_238_119, 0.912_415_420_340_776),
        (found.agreement_mean, 0.620_050_547_598_989, 0.071_136_815_302_503_5, 0.927_232_040_167_722),
        (found.consistency_mean, 0.909_315_542_377_069, 0.675_674_713_816_304_7, 0.985_891_678_169_062),
    ];
    for (form, estimate, lower, upper) in expected {
        let form = form.unwrap();
        near(form.estimate, estimate, 1e-9);
        let interval = form.interval.unwrap();
        near(interval.lower, lower, 1e-9);
        near(interval.upper, upper, 1e-9);
    }
    near(found.one_way_single.unwrap().p_value, 0.164_768_808_344_639_6, 1e-9);
    near(found.consistency_single.unwrap().f_statistic.unwrap(), 11.027_247_956_403_27, 1e-12);
    // Mean squares of the paper: BMS 11.24, WMS 6.26, JMS 32.49, EMS 1.02.
    let variance = found.variance;
    for (found, expected) in
        [(variance.between_subjects, 11.24), (variance.within_subjects, 6.26), (variance.between_raters, 32.49), (variance.residual, 1.02)]
    {
        assert!((found - expected).abs() < 0.005);
    }
}

#[test]
fn measurement_error_of_a_test_and_retest() {
    // Differences 1, −1, 3 (mean 1, SD 2): SEM = 2/√2 = √2, MSJ = 3 · 2 · (½)² = 1.5 < MSE = 2, so raters add nothing.
    let found = measurement_error(&[&[5.0, 6.0, 9.0], &[4.0, 7.0, 6.0]], 0.95).unwrap();
    close(found.variance.residual, 2.0);
    close(found.sem_consistency, 2.0_f64.sqrt());
    close(found.sem_agreement, 2.0_f64.sqrt());
    close(found.mdc_consistency, 2.0 * normal_quantile(0.975));
    // Second occasion 10 higher: differences −9, −11, −7; MSJ = 3 · 2 · 4.5² = 121.5; σ²_raters = 119.5/3.
    let found = measurement_error(&[&[5.0, 6.0, 9.0], &[14.0, 17.0, 16.0]], 0.95).unwrap();
    close(found.sem_agreement, (2.0 + 119.5_f64 / 3.0).sqrt());
}

#[test]
fn study_sizes_are_those_of_r() {
    // power.t.test(delta = .5, power = .8, tol = 1e-12)$n, power.prop.test(p1 = .3, p2 = .5, power = .8)$n.
    let means = sample_size_two_means(0.5, 1.0, 1.0, 0.8, 0.05).unwrap();
    near(means.first_exact, 63.765_763_724_846_8, 1e-9);
    assert_eq!((means.first, means.second), (64, 64));
    close(power_two_means(means.first_exact, means.first_exact, 0.5, 1.0, 0.05).unwrap(), 0.8);
    let proportions = sample_size_two_proportions(0.3, 0.5, 1.0, 0.8, 0.05).unwrap();
    near(proportions.first_exact, 92.998_844_827_545_7, 1e-12);
    close(power_two_proportions(proportions.first_exact, proportions.first_exact, 0.3, 0.5, 0.05).unwrap(), 0.8);
    // Twice as many in the second group: the sizes keep their ratio and their power.
    let uneven = sample_size_two_means(0.5, 1.0, 2.0, 0.8, 0.05).unwrap();
    assert!((power_two_means(uneven.first_exact, 2.0 * uneven.first_exact, 0.5, 1.0, 0.05).unwrap() - 0.8).abs() < 1e-9);
    assert!(sample_size_two_means(0.0, 1.0, 1.0, 0.8, 0.05).is_err() && sample_size_two_proportions(0.3, 0.3, 1.0, 0.8, 0.05).is_err());
    // A difference of ten standard deviations: two per group are the least.
    assert_eq!(sample_size_two_means(50.0, 1.0, 1.0, 0.8, 0.05).unwrap().first, 2);
}

#[test]
fn events_give_patients_and_power_gives_events() {
    // HR 0.5, equal groups: d = 7.848879/(0.25 ln² 0.5) = 65.35; 40 % of the first have the event, 1 − √0.6 = 22.54 % of the second:
    // 65.35/0.6254 = 104.5 per group.
    let found = sample_size_for_hazard_ratio(0.5, 0.4, 1.0, 0.8, 0.05).unwrap();
    close(found.second_event_probability, 1.0 - 0.6_f64.sqrt());
    assert_eq!((found.first, found.second), (105, 105));
    assert!((log_rank_power(found.events, 0.5, 0.5, 0.05).unwrap() - 0.8).abs() < 1e-12);
    assert_eq!(sample_size_from_events(90.0, 0.3), Ok(300));
    assert_eq!(sample_size_from_events(91.0, 0.3), Ok(304));
    assert_eq!(sample_size_from_events(0.0, 0.3), Err(StatsError::NoEvents));
    assert!(log_rank_power(50.0, 1.0, 0.5, 0.05).is_err());
}

#[test]
fn a_power_that_needs_no_effect_is_refused() {
    // z₀.₉₇₅ + z_power = 0 at a power of 0.025, and below it the square of a negative sum would ask for events again.
    for power in [0.025, 0.01] {
        let refused = StatsError::OutOfRange { what: "the power", value: power, expected: "it must be above alpha/2" };
        assert_eq!(events_needed(0.5, 0.5, power, 0.05), Err(refused.clone()));
        assert_eq!(minimum_detectable_hazard_ratio(50.0, 0.5, power, 0.05), Err(refused.clone()));
        assert_eq!(sample_size_for_hazard_ratio(0.5, 0.4, 1.0, power, 0.05), Err(refused.clone()));
        assert_eq!(sample_size_two_means(0.5, 1.0, 1.0, power, 0.05), Err(refused.clone()));
        assert_eq!(sample_size_two_proportions(0.3, 0.5, 1.0, power, 0.05), Err(refused));
    }
    // Just above it, next to none: (1.959964 − 1.954964…)², far below one event.
    assert!(events_needed(0.5, 0.5, 0.0253, 0.05).unwrap() < 0.001);
}

#[test]
fn noncentral_t_is_rs() {
    // pt(2, 5, 1.3); qt(p, 19, ncp = qnorm(.975) √20)/√20.
    near(noncentral_t_lower_p(2.0, 5.0, 1.3), 0.694_031_310_133_179, 1e-12);
    let ncp = normal_quantile(0.975) * 20.0_f64.sqrt();
    near(noncentral_t_quantile(0.975, 19.0, ncp) / 20.0_f64.sqrt(), 3.014_003_091_394_72, 1e-10);
    near(noncentral_t_quantile(0.025, 19.0, ncp) / 20.0_f64.sqrt(), 1.356_484_251_621_13, 1e-10);
}

#[test]
fn e_values_of_every_measure() {
    let e = |rr: f64| rr + (rr * (rr - 1.0)).sqrt();
    let interval = |lower, upper| Some(Interval { lower, upper, level: 0.95 });
    let of = |measure, estimate, interval| e_value_of(measure, estimate, interval).unwrap();
    // VanderWeele & Ding: RR 3.9 (1.8 to 8.7) → 7.26 and 3.0.
    let found = of(EffectMeasure::RiskRatio, 3.9, interval(1.8, 8.7));
    assert!((found.estimate - 7.26).abs() < 0.005 && (found.limit.unwrap() - 3.0).abs() < 0.005);
    // Below 1 the ratio is inverted: 0.5 is 2, its nearer limit 0.8 is 1.25.
    let found = of(EffectMeasure::HazardRatioRare, 0.5, interval(0.3, 0.8));
    close(found.estimate, e(2.0));
    close(found.limit.unwrap(), e(1.25));
    close(of(EffectMeasure::OddsRatioCommon, 4.0, None).estimate, e(2.0));
    close(of(EffectMeasure::OddsRatioRare, 4.0, None).estimate, e(4.0));
    // Two points of a scale with a standard deviation of 4: exp(0.91 · 0.5).
    close(of(EffectMeasure::MeanDifference { std_dev: 4.0 }, -2.0, interval(-5.0, 1.0)).estimate, e(0.455_f64.exp()));
    assert_eq!(of(EffectMeasure::MeanDifference { std_dev: 4.0 }, -2.0, interval(-5.0, 1.0)).limit, Some(1.0));
    for (measure, estimate) in [(EffectMeasure::RiskRatio, 0.0), (EffectMeasure::HazardRatioCommon, f64::NAN)] {
        assert!(e_value_of(measure, estimate, None).is_err());
    }
    assert!(e_value_of(EffectMeasure::RiskRatio, 2.0, interval(3.0, 4.0)).is_err());
    assert!(e_value_of(EffectMeasure::MeanDifference { std_dev: 0.0 }, 2.0, None).is_err());
}

#[test]
fn limits_of_an_intraclass_correlation_hold_it_or_are_not_given() {
    // Two patients: Satterthwaite's degrees of freedom come so near 0 that the F quantile overflows.
    let found = intraclass_correlation(&[&[8.33, 8.07], &[6.93, 5.3], &[7.62, 8.95]], 0.95).unwrap();
    // Row means 22.88/3 and 22.32/3, column means 8.2, 6.115, 8.285, mean 45.2/6: MSB, MSJ and MSE as sums of squares.
    let grand = 45.2 / 6.0;
    let msb = 3.0 * ((22.88_f64 / 3.0 - grand).powi(2) + (22.32_f64 / 3.0 - grand).powi(2));
    let squares = [8.33_f64, 6.93, 7.62, 8.07, 5.3, 8.95].map(|value| (value - grand).powi(2)).iter().sum::<f64>();
    let between_raters = 2.0 * ((8.2_f64 - grand).powi(2) + (6.115 - grand).powi(2) + (8.285 - grand).powi(2));
    let (msj, mse) = (between_raters / 2.0, (squares - msb - between_raters) / 2.0);
    let agreement = found.agreement_single.unwrap();
    near(agreement.estimate, (msb - mse) / (msb + 2.0 * mse + 3.0 * (msj - mse) / 2.0), 1e-9);
    assert_eq!(agreement.interval, None);
    // Whatever the ratings: limits that are given hold their estimate.
    let mut seed = 1_u64;
    let mut rating = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((seed >> 33) % 1_000) as f64 / 100.0
    };
    for _ in 0..2_000 {
        let ratings: Vec<[f64; 2]> = (0..3).map(|_| [rating(), rating()]).collect();
        let raters: Vec<&[f64]> = ratings.iter().map(<[f64; 2]>::as_slice).collect();
        let Ok(found) = intraclass_correlation(&raters, 0.95) else { continue };
        let single = [found.one_way_single, found.agreement_single, found.consistency_single];
        for form in single.into_iter().chain([found.one_way_mean, found.agreement_mean, found.consistency_mean]).flatten() {
            let Some(limits) = form.interval else { continue };
            let slack = 1e-6 * (1.0 + form.estimate.abs());
            assert!(limits.lower <= form.estimate + slack && form.estimate <= limits.upper + slack, "{ratings:?}: {form:?}");
        }
    }
}

/// First group: an event at 1, lost at 3; second: an event at 2, lost at 3. Areas to 3 are 1 + 2·½ = 2 and 2 + ½ = 2.5; what a row
/// weighs is A/(n(n − d)) − A/(n − d) with the event and A/(n(n − d)) without: ∓½ in the first group, ∓¼ in the second.
#[test]
fn a_patient_in_both_groups_ties_their_restricted_means() {
    let (first, second) = (rows(&[(1.0, 1), (3.0, 0)]), rows(&[(2.0, 1), (3.0, 0)]));
    let found = |a: &[usize], b: &[usize]| clustered_rmst_difference((&first, a), (&second, b), 3.0, 0.95);
    // Four patients: the variances add up, as without clusters.
    let apart = found(&[0, 1], &[2, 3]).unwrap();
    close(apart.difference.estimate, 0.5);
    close(apart.difference.std_error, 0.625_f64.sqrt());
    // One patient has both events: ½ − ¼ for the first patient, −½ + ¼ for the other.
    let tied = found(&[0, 1], &[0, 1]).unwrap();
    close(tied.difference.std_error, 0.125_f64.sqrt());
    close(tied.first.std_error, 0.5_f64.sqrt());
    close(tied.second.std_error, 0.125_f64.sqrt());
    assert_eq!(found(&[0, 0], &[0, 0]).unwrap_err(), StatsError::OneCluster);
    // Within each group the two rows of one patient cancel.
    assert!(matches!(found(&[0, 0], &[1, 1]), Err(StatsError::UndefinedVariance { .. })));
    assert!(matches!(found(&[0], &[1, 1]), Err(StatsError::LengthMismatch { .. })));
}
