//! Weighted comparisons: estimates, balance, and what the weights look like.

use super::super::document::{Block, CalloutKind, Table};
use super::super::figures::{self, SMALL_DIFFERENCE, covariate_in_words};
use super::{SectionKind, reason};
use crate::analysis::{CloneCensorWeight, Computed, HazardRatio, StrategyArm, WeightDistribution, WeightedLandmark};
use crate::domain::number::{change, count, decimal, interval, p_value, percent, ratio};
use crate::domain::{Counted, capitalized};
use crate::stats::Estimate;
use crate::stats::causal::BalanceRow;
use crate::stats::survival::HorizonContrast;
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "weighting", title: "Weighted comparisons", build };

fn build(study: &Study) -> Vec<Block> {
    let recurrence = &study.recurrence;
    if recurrence.curve.reason().is_some() {
        return vec![reason("nobody is at risk of recurrence, so there is nothing to weigh")];
    }
    let mut blocks = vec![Block::Paragraph(
        "Patients who keep the exercise up differ from those who do not. Here each is weighted so that both groups look alike in what is \
         logged about them, and so that those who went silent are made up for by those like them who did not. Weights can do nothing about \
         what is not logged."
            .to_owned(),
    )];
    blocks.push(Block::Table(estimates(study)));
    match &recurrence.weighted {
        Computed::NotTestable(why) => blocks.push(reason(&format!("the landmark comparison could not be weighted: {why}"))),
        Computed::Value(weighted) => {
            blocks.push(Block::Figure(figures::WEIGHTED.to_owned()));
            blocks.push(Block::Figure(figures::BALANCE.to_owned()));
            blocks.push(Block::Table(balance(weighted)));
            blocks.push(Block::Figure(figures::OVERLAP.to_owned()));
        }
    }
    match &recurrence.clone_censor_weight {
        Computed::NotTestable(why) => {
            blocks.push(reason(&format!("keeping it up and dropping it could not be compared as strategies: {why}")));
        }
        Computed::Value(cloned) => {
            blocks.push(Block::Figure(figures::STRATEGIES.to_owned()));
            blocks.push(Block::Table(arms(cloned)));
        }
    }
    if recurrence.weighted.value().is_some() || recurrence.clone_censor_weight.value().is_some() {
        blocks.push(Block::Table(weights(study)));
    }
    let warnings: Vec<String> = [
        recurrence.weighted.value().map(|weighted| ("At the landmark", &weighted.warnings)),
        recurrence.clone_censor_weight.value().map(|cloned| ("Between the strategies", &cloned.warnings)),
    ]
    .into_iter()
    .flatten()
    .flat_map(|(which, warnings)| warnings.iter().map(move |warning| format!("{which}: {warning}")))
    .collect();
    if !warnings.is_empty() {
        blocks.push(Block::Callout { kind: CalloutKind::Warning, title: "What speaks against these weights".to_owned(), text: warnings });
    }
    blocks
}

fn ratio_cells(label: &str, found: &Computed<HazardRatio>) -> Vec<String> {
    let mut cells = vec![label.to_owned()];
    match found {
        Computed::Value(found) => cells.extend([
            ratio(found.hazard_ratio),
            interval(found.interval.lower, found.interval.upper, 2),
            p_value(found.p_value),
            Counted::of(found.n, found.patients).count(found.n),
            count(found.n_events),
        ]),
        Computed::NotTestable(_) => cells.extend(["–"; 5].map(str::to_owned)),
    }
    cells
}

/// `+8 percentage points (−9 to 25)`, from shares.
fn points(difference: &Estimate) -> String {
    let number = change(100.0 * difference.estimate, 0);
    let limits =
        difference.interval.map_or_else(String::new, |limits| format!(" ({})", interval(100.0 * limits.lower, 100.0 * limits.upper, 0)));
    format!("{number} percentage points{limits}")
}

fn contrast_in_words(contrast: &Computed<HorizonContrast>) -> String {
    match contrast {
        Computed::Value(found) => {
            let mean = &found.rmst.difference;
            format!(
                "After {:.0} days, {} free of recurrence; {} recurrence-free days{}.",
                found.horizon,
                points(&found.survival.difference),
                change(mean.estimate, 0),
                mean.interval.map_or_else(String::new, |limits| format!(" ({})", interval(limits.lower, limits.upper, 0)))
            )
        }
        Computed::NotTestable(why) => format!("{}.", capitalized(why)),
    }
}

fn estimates(study: &Study) -> Table {
    let recurrence = &study.recurrence;
    let mut table = Table::new(
        "Hazard ratio of recurrence, exercise kept up against not",
        &["Comparison", "#Hazard ratio", "#interval", "#p", "#Compared", "#Recurrences"],
    );
    if let Some(column) = table.columns.get_mut(2) {
        column.name = format!("{} interval", percent(study.settings.model.level));
    }
    if let Some(weighted) = recurrence.weighted.value() {
        table.push(ratio_cells("Landmark, without weights", &weighted.unweighted));
        table.push(ratio_cells("Landmark, weighted for who kept it up", &weighted.treatment_weighted));
        table.push(ratio_cells("… and for who stayed followed", &Computed::Value(weighted.hazard_ratio.clone())));
        table.notes.push(format!("Weighted curves of the landmark groups, kept up less not. {}", contrast_in_words(&weighted.contrast)));
        table.notes.push(format!(
            "{} lost to follow-up (silence, withdrawal) are made up for{}; {} ended at the cut-off or by surgery, a new program or death and \
             count as censored without a weight.",
            count(weighted.loss.lost),
            weighted.loss.weights.reason().map_or_else(String::new, |why| format!(": not so here, since {why}")),
            count(weighted.loss.ended_otherwise)
        ));
        if weighted.missing_covariate > 0 {
            table.notes.push(format!("{} left out because a covariate is missing.", count(weighted.missing_covariate)));
        }
    }
    if let Some(cloned) = recurrence.clone_censor_weight.value() {
        table.push(ratio_cells("Strategies, without weights", &cloned.unweighted));
        table.push(ratio_cells("Strategies, weighted", &Computed::Value(cloned.hazard_ratio.clone())));
        table.push(ratio_cells(&format!("… after day {}", cloned.grace), &cloned.after_grace));
        table.notes.push(format!(
            "Strategies: keep it up on every day from day {} at risk on, or on none. Up to that day both share everybody, which pulls the \
             ratio towards 1. {}",
            cloned.grace,
            contrast_in_words(&cloned.contrast)
        ));
    }
    table.notes.push("Cox models with errors by patient that take the weights as known.".to_owned());
    table
}

fn balance(weighted: &WeightedLandmark) -> Table {
    let treatment = &weighted.treatment;
    let mut table = Table::new(
        "What the groups at the landmark were weighted for",
        &[
            "Covariate",
            "#Kept up",
            "#Not",
            "#Difference",
            "#Kept up, weighted",
            "#Not, weighted",
            "#Difference, weighted",
            "#Ratio of variances, weighted",
        ],
    );
    let difference = |difference: Option<f64>| difference.map_or_else(|| "–".to_owned(), |difference| decimal(difference, 2));
    let mean = |row: &BalanceRow, mean: f64| if row.is_binary && (0.0..=1.0).contains(&mean) { percent(mean) } else { decimal(mean, 2) };
    for row in &treatment.balance.rows {
        table.push([
            covariate_in_words(&row.name),
            mean(row, row.mean_exposed),
            mean(row, row.mean_unexposed),
            difference(row.smd),
            mean(row, row.weighted_mean_exposed),
            mean(row, row.weighted_mean_unexposed),
            difference(row.weighted_smd),
            row.weighted_variance_ratio.map_or_else(|| "–".to_owned(), |found| decimal(found, 2)),
        ]);
    }
    table.notes.push(format!(
        "Differences in standard deviations of the unweighted groups; below {} is usually called small.",
        decimal(SMALL_DIFFERENCE, 1)
    ));
    if !treatment.squares.is_empty() {
        table.notes.push(format!("The model of the groups also has: {}.", treatment.squares.join("; ")));
    }
    if !treatment.dropped.is_empty() {
        table.notes.push(format!("Not weighted for: {}.", treatment.dropped.join("; ")));
    }
    table.notes.push(
        "Sessions and pain inside the exposure window are not weighted for: they are the exposure, or may follow from it.".to_owned(),
    );
    table
}

fn arms(cloned: &CloneCensorWeight) -> Table {
    let mut table = Table::new(
        "The two strategies",
        &["Strategy", "#Cloned", "#Left by the grace day", "#Left later", "#Share left", "#Days at risk", "#Recurrences"],
    );
    for (arm, name) in cloned.arms.iter().zip(["Drop it", "Keep it up"]) {
        let StrategyArm { clones, censored_at_grace, censored_later, share_censored, days, recurrences, .. } = arm;
        table.push([
            name.to_owned(),
            count(*clones),
            count(*censored_at_grace),
            count(*censored_later),
            percent(*share_censored),
            count(usize::try_from(*days).unwrap_or(0)),
            count(*recurrences),
        ]);
    }
    table.notes.push(format!(
        "Everybody stands in both rows until the first day, from day {} on, on which what was logged before it shows otherwise; a recurrence \
         by then counts in both.",
        cloned.grace
    ));
    for (arm, name) in cloned.arms.iter().zip(["Drop it", "Keep it up"]) {
        if arm.terms.is_empty() && !arm.dropped.is_empty() {
            table.notes.push(format!("{name}: {}.", arm.dropped.join("; ")));
        }
    }
    table
}

fn weights(study: &Study) -> Table {
    let mut table = Table::new(
        "The weights",
        &["Weights", "#Rows", "#Mean", "#SD", "#Least", "#1 %", "#Median", "#99 %", "#Greatest", "#Say as much as", "#Cut"],
    );
    let mut push = |name: &str, found: &WeightDistribution| {
        table.push([
            name.to_owned(),
            count(found.n),
            decimal(found.mean, 2),
            found.std_dev.map_or_else(|| "–".to_owned(), |spread| decimal(spread, 2)),
            decimal(found.min, 2),
            decimal(found.percentile_1, 2),
            decimal(found.median, 2),
            decimal(found.percentile_99, 2),
            decimal(found.max, 2),
            count(found.effective_sample_size.round() as usize),
            percent(found.share_truncated),
        ]);
    };
    if let Some(weighted) = study.recurrence.weighted.value() {
        push("Landmark: kept up", &weighted.treatment.maintained);
        push("Landmark: not", &weighted.treatment.not_maintained);
        if let Some(loss) = weighted.loss.weights.value() {
            push("Landmark: staying followed", loss);
        }
        push("Landmark: together", &weighted.weights);
    }
    if let Some(cloned) = study.recurrence.clone_censor_weight.value() {
        push("Strategies: drop it", &cloned.arms[0].weights);
        push("Strategies: keep it up", &cloned.arms[1].weights);
    }
    let truncate = study.settings.weights.truncate;
    let cut = if truncate > 0.0 {
        format!(" Cut: set to the weight that {} % lie below, or {} % above.", decimal(100.0 * truncate, 1), decimal(100.0 * truncate, 1))
    } else {
        String::new()
    };
    table.notes.push(format!(
        "Stabilized weights, whose mean should be near 1. Rows are patients or programs, and for staying followed and the strategies their \
         intervals of {} days.{cut}",
        study.settings.weights.interval
    ));
    table
}
