use rand_chacha::ChaCha8Rng;
use staywell::stats::mixed::{Estimation, LinearMixedModel, RandomEffects, linear_mixed_model};
use staywell::stats::survival::Covariates;

use super::{covers, keeps_size, normal, share};

/// 30 patients over 8 weeks: pain falls by `slope` a week, levels and slopes differ, and half of them are in an arm without effect.
fn trial(rng: &mut ChaCha8Rng, slope: f64) -> LinearMixedModel {
    let (mut y, mut week, mut arm, mut groups) = (vec![], vec![], vec![], vec![]);
    for patient in 0..30 {
        let level = 2.0 * normal(rng);
        let own = slope + 0.3 * (0.4 * level / 2.0 + 0.84_f64.sqrt() * normal(rng));
        for time in 0..8 {
            y.push(6.0 + level + own * f64::from(time) + normal(rng));
            week.push(f64::from(time));
            arm.push(f64::from(patient % 2));
            groups.push(patient as usize);
        }
    }
    let covariates = Covariates::new(vec!["week".into(), "arm".into()], vec![week, arm]).unwrap();
    let random = RandomEffects::InterceptAndSlope { column: 0, correlated: true };
    linear_mixed_model(&y, Some(&covariates), &groups, random, Estimation::Reml, 0.95).unwrap()
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn the_interval_of_a_mixed_models_slope_covers() {
    covers(
        "slope of a mixed model, 30 patients x 8 weeks",
        share(|rng| {
            let interval = trial(rng, -0.5).fixed_effects[1].interval.unwrap();
            interval.lower <= -0.5 && -0.5 <= interval.upper
        }),
    );
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn tests_of_a_slope_and_of_an_arm_keep_their_size() {
    keeps_size("slope of a mixed model", share(|rng| trial(rng, 0.0).fixed_effects[1].p_value < 0.05));
    keeps_size("arm in a mixed model", share(|rng| trial(rng, 0.0).fixed_effects[2].p_value < 0.05));
}

#[test]
#[ignore = "long: run with --release -- --ignored"]
fn the_interval_of_the_intraclass_correlation_covers_with_unequal_groups() {
    for truth in [0.0_f64, 0.3, 0.8] {
        let coverage = share(|rng| {
            let (mut y, mut age, mut groups) = (vec![], vec![], vec![]);
            for patient in 0..20_usize {
                let (level, years) = (truth.sqrt() * normal(rng), normal(rng));
                for _ in 0..=(patient % 5) {
                    y.push(0.2 * years + level + (1.0 - truth).sqrt() * normal(rng));
                    age.push(years);
                    groups.push(patient);
                }
            }
            let covariates = Covariates::new(vec!["age".into()], vec![age]).unwrap();
            let fit = linear_mixed_model(&y, Some(&covariates), &groups, RandomEffects::Intercept, Estimation::Reml, 0.95).unwrap();
            let interval = fit.intraclass_correlation.unwrap().interval.unwrap();
            interval.lower <= truth && truth <= interval.upper
        });
        // At 0 only the upper limit can miss, and it misses in 2.5 %.
        covers(&format!("intraclass correlation of {truth}"), if truth > 0.0 { coverage } else { coverage - 0.025 });
    }
}
