//! The curves: from the landmark, the naive ones, and the whole cohort's.

use crate::analysis::{GroupComparison, RecurrenceAnalysis};
use crate::charts::{CurveGroup, SurvivalCurves};
use crate::domain::number::{counted, decimal, interval, p_equals, ratio};
use crate::domain::{Counted, capitalized};
use crate::settings::LandmarkOrigin;
use crate::study::Study;

const FREE: &str = "Free of recurrence";

/// `84 days after the first day at risk`, or `90 days after completion`.
pub(in crate::report) fn landmark_in_words(study: &Study) -> String {
    let landmark = &study.recurrence.landmark;
    match landmark.origin {
        LandmarkOrigin::AtRisk => format!("{} days after the first day at risk", landmark.day),
        LandmarkOrigin::Completion => format!("{} days after completion", landmark.day),
    }
}

fn groups(comparison: &GroupComparison) -> Vec<CurveGroup<'_>> {
    comparison.groups.iter().map(|group| CurveGroup { label: capitalized(&group.label), curve: &group.curve }).collect()
}

/// Said where some patient has several programs in a comparison.
fn by_patient(comparison: &GroupComparison) -> String {
    match comparison.counted() {
        Counted::Patients => String::new(),
        Counted::Programs => {
            format!("; {}, errors and tests by patient", Counted::in_words(comparison.n, comparison.patients))
        }
    }
}

/// Estimates for the strip beside the plot.
fn annotations(comparison: &GroupComparison) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(adjusted) = comparison.adjusted.value() {
        let found = &adjusted.ratio;
        lines.push(format!(
            "Hazard ratio {} ({}), adjusted",
            ratio(found.hazard_ratio),
            interval(found.interval.lower, found.interval.upper, 2)
        ));
    } else if let Some(found) = comparison.unadjusted.value() {
        lines.push(format!("Hazard ratio {} ({})", ratio(found.hazard_ratio), interval(found.interval.lower, found.interval.upper, 2)));
    }
    if let Some(rmst) = comparison.rmst.value()
        && let Some(limits) = rmst.difference.interval
    {
        lines.push(format!(
            "{} recurrence-free days in {:.0} ({})",
            crate::domain::number::change(rmst.difference.estimate, 0),
            rmst.horizon,
            interval(limits.lower, limits.upper, 0)
        ));
    }
    if let Some(test) = comparison.log_rank.value() {
        lines.push(format!("Log-rank {}", p_equals(test.p_value)));
    }
    lines
}

pub(super) fn landmark<'a>(study: &'a Study, made: &str) -> Option<SurvivalCurves<'a>> {
    let landmark = &study.recurrence.landmark;
    let comparison = landmark.comparison.value()?;
    let counts = landmark.counts;
    Some(SurvivalCurves {
        title: "Those who kept the exercise up, and those who did not".to_owned(),
        subtitle: format!("From the landmark, {}. Groups formed from sessions logged before it.", landmark_in_words(study)),
        x_label: "Days since the landmark".to_owned(),
        y_label: FREE.to_owned(),
        counted: comparison.counted(),
        groups: groups(comparison),
        x_max: None,
        annotations: annotations(comparison),
        notes: vec![
            format!(
                "{} and {} before the landmark are not in the figure{}. Kaplan–Meier; Cox model{}.",
                counted(counts.recurred_before, "recurrence", "recurrences"),
                counted(counts.censored_before, "loss", "losses"),
                if counts.not_yet_at_risk > 0 { format!("; {} were not yet at risk", counts.not_yet_at_risk) } else { String::new() },
                by_patient(comparison)
            ),
            made.to_owned(),
        ],
        watermark: None,
    })
}

pub(super) fn naive<'a>(study: &'a Study, made: &str) -> Option<SurvivalCurves<'a>> {
    let comparison = study.recurrence.naive.value()?;
    Some(SurvivalCurves {
        title: "The obvious comparison, and why it misleads".to_owned(),
        subtitle: "Ever maintained during follow-up against never: who stays well longer has longer to earn the label.".to_owned(),
        x_label: "Days since the first day at risk".to_owned(),
        y_label: FREE.to_owned(),
        counted: comparison.counted(),
        groups: groups(comparison)
            .into_iter()
            .map(|group| CurveGroup {
                label: if group.label == "Maintained" { "Ever maintained".to_owned() } else { "Never maintained".to_owned() },
                curve: group.curve,
            })
            .collect(),
        x_max: None,
        annotations: annotations(comparison),
        notes: vec![
            format!("Shown only beside the landmark comparison. Do not quote its hazard ratio{}.", by_patient(comparison)),
            made.to_owned(),
        ],
        watermark: Some("BIASED: immortal time".to_owned()),
    })
}

pub(super) fn recurrence<'a>(study: &'a Study, made: &str) -> Option<SurvivalCurves<'a>> {
    let recurrence: &RecurrenceAnalysis = &study.recurrence;
    let curve = recurrence.curve.value()?;
    let median = recurrence.median.and_then(|median| median.estimate);
    Some(SurvivalCurves {
        title: "Free of recurrence after remission".to_owned(),
        subtitle: "All patients at risk, from completion of the program or confirmed remission, whichever is later.".to_owned(),
        x_label: "Days since the first day at risk".to_owned(),
        y_label: FREE.to_owned(),
        counted: Counted::of(recurrence.at_risk, recurrence.patients_at_risk),
        groups: vec![CurveGroup { label: "All at risk".to_owned(), curve }],
        x_max: None,
        annotations: vec![median.map_or_else(
            || "Median time to recurrence: not reached".to_owned(),
            |days| format!("Median time to recurrence {} days", decimal(days, 0)),
        )],
        notes: vec![
            format!(
                "{} at risk, {}; surgery, new programs, withdrawals and deaths end follow-up. Kaplan–Meier{}.",
                Counted::in_words(recurrence.at_risk, recurrence.patients_at_risk),
                counted(recurrence.recurrences, "recurrence", "recurrences"),
                if recurrence.clustered() { ", limits by patient" } else { "" }
            ),
            made.to_owned(),
        ],
        watermark: None,
    })
}
