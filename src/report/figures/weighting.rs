//! The weighted comparisons: balance, overlap, and the weighted curves.

use super::curves::landmark_in_words;
use crate::analysis::{HazardRatio, WeightedLandmark};
use crate::charts::{Balance, BalanceDifference, CurveGroup, Overlap, OverlapBars, SurvivalCurves};
use crate::cohort::Exposure;
use crate::domain::number::{change, interval, ratio};
use crate::domain::{Counted, capitalized};
use crate::stats::survival::HorizonContrast;
use crate::study::Study;

/// Differences of means below this, in standard deviations, are usually called small (Austin 2009).
pub(in crate::report) const SMALL_DIFFERENCE: f64 = 0.1;

/// `previous_episodes` as `Previous episodes`, `sex=male` as `Sex: male`.
pub(in crate::report) fn covariate_in_words(name: &str) -> String {
    capitalized(&name.replace('_', " ").replace('=', ": "))
}

fn counted(weighted: &WeightedLandmark) -> Counted {
    Counted::of(weighted.n, weighted.patients)
}

pub(super) fn balance(study: &Study, made: &str) -> Option<Balance> {
    let weighted = study.recurrence.weighted.value()?;
    let rows = weighted.treatment.balance.rows.iter();
    Some(Balance {
        title: "Were the two groups alike before they are compared?".to_owned(),
        subtitle: format!("Those who kept the exercise up against those who did not, {}.", landmark_in_words(study)),
        x_label: "Difference of means (in standard deviations, whatever the sign)".to_owned(),
        rows: rows
            .map(|row| BalanceDifference { label: covariate_in_words(&row.name), before: row.smd, after: row.weighted_smd })
            .collect(),
        threshold: SMALL_DIFFERENCE,
        notes: vec![
            "Weighted by the inverse of the probability of being in one's own group; standard deviations of the unweighted groups. What \
             is not logged may differ all the same."
                .to_owned(),
            made.to_owned(),
        ],
    })
}

pub(super) fn overlap(study: &Study, made: &str) -> Option<Overlap> {
    let weighted = study.recurrence.weighted.value()?;
    let overlap = &weighted.treatment.overlap;
    Some(Overlap {
        title: "Is there somebody to compare everybody with?".to_owned(),
        subtitle: "Probability of keeping the exercise up, by what was known before the exposure window.".to_owned(),
        x_label: "Probability of keeping the exercise up at the landmark".to_owned(),
        counted: counted(weighted),
        groups: ("Kept it up".to_owned(), "Did not".to_owned()),
        bars: overlap
            .bins
            .iter()
            .map(|bin| OverlapBars { from: bin.from, to: bin.to, up: bin.maintained, down: bin.not_maintained })
            .collect(),
        support: overlap.support,
        notes: vec![
            "Between the dashed lines lie the probabilities that both groups reach; who lies outside has nobody to be compared with."
                .to_owned(),
            made.to_owned(),
        ],
    })
}

fn annotations(found: &HazardRatio, contrast: Option<&HorizonContrast>) -> Vec<String> {
    let mut lines =
        vec![format!("Hazard ratio {} ({}), weighted", ratio(found.hazard_ratio), interval(found.interval.lower, found.interval.upper, 2))];
    if let Some((contrast, limits)) = contrast.and_then(|contrast| Some((contrast, contrast.rmst.difference.interval?))) {
        lines.push(format!(
            "{} recurrence-free days in {:.0} ({})",
            change(contrast.rmst.difference.estimate, 0),
            contrast.horizon,
            interval(limits.lower, limits.upper, 0)
        ));
    }
    lines
}

pub(super) fn weighted<'a>(study: &'a Study, made: &str) -> Option<SurvivalCurves<'a>> {
    let weighted = study.recurrence.weighted.value()?;
    Some(SurvivalCurves {
        title: "The same comparison, weighted".to_owned(),
        subtitle: format!("From the landmark, {}, as if both groups had been alike in all that is logged.", landmark_in_words(study)),
        x_label: "Days since the landmark".to_owned(),
        y_label: "Free of recurrence".to_owned(),
        counted: counted(weighted),
        groups: weighted.groups.iter().map(|group| CurveGroup { label: capitalized(&group.label), curve: &group.curve }).collect(),
        x_max: None,
        annotations: annotations(&weighted.hazard_ratio, weighted.contrast.value()),
        notes: vec![
            "Weighted Kaplan–Meier and Cox model, errors by patient; numbers at risk and recurrences are sums of weights.".to_owned(),
            made.to_owned(),
        ],
        watermark: None,
    })
}

pub(super) fn strategies<'a>(study: &'a Study, made: &str) -> Option<SurvivalCurves<'a>> {
    let cloned = study.recurrence.clone_censor_weight.value()?;
    let label = |exposure: Exposure| match exposure {
        Exposure::Maintained => "Keep it up",
        Exposure::NotMaintained => "Drop it",
    };
    Some(SurvivalCurves {
        title: "Keeping it up against dropping it, as a trial would compare them".to_owned(),
        subtitle: format!(
            "From the first day at risk. Everybody counts in both groups until the day, from day {} on, that shows otherwise.",
            cloned.grace
        ),
        x_label: "Days since the first day at risk".to_owned(),
        y_label: "Free of recurrence".to_owned(),
        counted: Counted::of(cloned.n, cloned.patients),
        groups: cloned.groups.iter().map(|group| CurveGroup { label: label(group.exposure).to_owned(), curve: &group.curve }).collect(),
        x_max: None,
        annotations: annotations(&cloned.hazard_ratio, cloned.contrast.value()),
        notes: vec![
            "Clone, censor, weight: those who leave a group are made up for by those like them who stay. Errors by patient; numbers at \
             risk and recurrences are sums of weights."
                .to_owned(),
            made.to_owned(),
        ],
        watermark: None,
    })
}
