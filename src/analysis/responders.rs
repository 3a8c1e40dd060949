//! Who responded: by the settings' rule, and by each published threshold alone.

use serde::Serialize;

use crate::cohort::PainCourse;
use crate::settings::PainSettings;
use crate::stats::{Proportion, wilson};

use super::computed::Computed;

/// Responders among programs that have ended and whose baseline allows a percent change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Responders {
    /// Least share of baseline.
    pub share: f64,
    /// Least points.
    pub points: f64,
    /// Baseline too low for a percent change: left out of both.
    pub baseline_too_low: usize,
    /// No baseline at all: left out of both.
    pub no_baseline: usize,
    /// Programs without a log at the end count as non-responders.
    pub imputed: Computed<Proportion>,
    /// Only programs with a log at the end.
    pub observed: Computed<Proportion>,
}

/// Responders by one threshold alone, among programs that have ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SimpleResponders {
    /// The threshold in words.
    pub threshold: String,
    /// Programs without a log at the end count as non-responders.
    pub imputed: Computed<Proportion>,
    /// Only programs with a log at the end.
    pub observed: Computed<Proportion>,
}

/// Responders by at least 30 % and 50 % of baseline, for baselines from `share_from_baseline` on, and by at least 2 points for
/// baselines of 2 and more, each alone.
///
/// # References
/// Farrar and others (2001), Pain 94:149: 2 points or 30 %. Dworkin and others (2008), J Pain 9:105: 30 % moderate, 50 % substantial.
pub(super) fn simple_responders(ended: &[&PainCourse], settings: &PainSettings, level: f64) -> Vec<SimpleResponders> {
    let by = |threshold: &str, least_baseline: f64, needed: &dyn Fn(f64) -> f64| {
        let (mut eligible, mut observed, mut responded) = (0, 0, 0);
        for pain in ended {
            let Some((baseline, _)) = pain.baseline.filter(|(baseline, _)| *baseline >= least_baseline) else { continue };
            eligible += 1;
            if let Some(end) = pain.end {
                observed += 1;
                responded += usize::from(baseline - end >= needed(baseline) - 1e-9);
            }
        }
        SimpleResponders {
            threshold: threshold.to_owned(),
            imputed: wilson(responded, eligible, level).into(),
            observed: wilson(responded, observed, level).into(),
        }
    };
    vec![
        by("at least 30 % less", settings.share_from_baseline, &|baseline| 0.3 * baseline),
        by("at least 50 % less", settings.share_from_baseline, &|baseline| 0.5 * baseline),
        by("at least 2 points less", 2.0, &|_| 2.0),
    ]
}

/// Responders by a share of baseline and the settings' points together.
pub(super) fn responders(ended: &[&PainCourse], share: f64, settings: &PainSettings, level: f64) -> Responders {
    let (mut no_baseline, mut baseline_too_low) = (0, 0);
    let (mut eligible, mut observed, mut responded) = (0, 0, 0);
    for pain in ended {
        match pain.baseline {
            None => no_baseline += 1,
            Some((baseline, _)) if baseline < settings.share_from_baseline => baseline_too_low += 1,
            Some((baseline, _)) => {
                eligible += 1;
                if let Some(end) = pain.end {
                    observed += 1;
                    let relief = baseline - end;
                    // A hair of slack, so that 7 to 4.9 is 30 % whatever the last bit says.
                    responded += usize::from(relief >= share * baseline - 1e-9 && relief >= settings.important_points - 1e-9);
                }
            }
        }
    }
    Responders {
        share,
        points: settings.important_points,
        baseline_too_low,
        no_baseline,
        imputed: wilson(responded, eligible, level).into(),
        observed: wilson(responded, observed, level).into(),
    }
}
