//! Starting exercise during a flare-up negates the benefit.

use crate::analysis::vocabulary::exposure;
use crate::analysis::{Adjustment, Contrast, ProgramStarts};
use crate::domain::Counted;
use crate::domain::number::{count, decimal};
use crate::stats::summarize;

use super::draft::{Draft, adjusted_for, effect, variant};
use super::program_question::{Column, ProgramQuestion, spread};
use super::result::Evaluation;
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence, guards};

pub(super) const CLAIM: Claim = Claim {
    id: "starting-in-flare-fails",
    statement: "Starting exercise during a flare-up negates its benefit.",
    source: "A therapist's article on flexibility exercises: wait until the flare is over.",
    exposure: "pain at or above the setting on any day of the week before the first session, or not",
    outcome: "pain in the last days of the program, and in its eighth week",
    estimand: "difference of pain at the end of the program between those who began in a flare and those who did not, at equal mean pain of that \
               week (with its curve) and of the 28 days before, where logged, and equal covariates (analysis of covariance)",
    trap: "regression to the mean: a flare passes by itself, so the raw change flatters those who began in one; a baseline from before the flare \
           alone understates how much pain they have, and harms them",
    needs: "pain.csv in the week before the first session (better: five weeks) and in the last days of the program, sessions.csv",
    evaluate,
};

/// The columns the question is adjusted for.
struct Before {
    starts: ProgramStarts,
    /// Squared distance of the week's mean from its mean over programs.
    squared: Vec<Option<f64>>,
}

impl Before {
    fn of(evidence: &Evidence<'_>) -> Self {
        let starts = ProgramStarts::of(evidence.logs, evidence.cohort);
        let known: Vec<f64> = starts.mean.iter().flatten().copied().collect();
        let middle = summarize(&known).map_or(0.0, |summary| summary.mean);
        let squared = starts.mean.iter().map(|mean| mean.map(|mean| (mean - middle) * (mean - middle))).collect();
        Self { starts, squared }
    }

    /// The columns by name.
    fn columns(&self) -> [Column<'_>; 3] {
        [("baseline_pain", &self.starts.mean), ("baseline_pain squared", &self.squared), ("pain 8 to 35 days before", &self.starts.earlier)]
    }
}

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let Some(kind) = exposure("flare_at_start") else {
        return Evaluation::not_testable("the start is not known", "Log pain before the first session.");
    };
    let before = Before::of(evidence);
    let question = ProgramQuestion::of(evidence, kind);
    let remedy =
        "Log pain daily in the week before the first session (better in the five weeks before it) and in the last week of the program.";
    if question.exposure.iter().all(Option::is_none) {
        return Evaluation::not_testable("no pain is logged in the 7 days before a first session", remedy);
    }
    let primary = question.slope(&question.ends.pain, &question.exposure, &adjustment(&question, &before));
    let compared = question.complete(&question.ends.pain, primary.as_ref().ok(), &before.columns());
    let (flare, calm) = question.group_sizes(&compared);
    let groups = [("began in a flare", flare), ("did not", calm)];
    if let Some(refusal) = guards::group_sizes(&groups, evidence.recurrence.counted(), &evidence.settings.claims, remedy) {
        return refusal;
    }
    let overlap = overlap(&question, &before, &compared);
    if overlap < evidence.settings.claims.min_group {
        return Evaluation::not_testable(
            format!(
                "only {overlap} of those who began in a flare had a mean pain in that week that others had too; at least {} are needed to \
                 compare like with like",
                evidence.settings.claims.min_group
            ),
            "More patients whose pain lay near the limit, or another limit ([claims] flare_pain in study.toml).",
        );
    }
    match primary {
        Ok(primary) => tested(evidence, &question, &before, &Primary { estimate: &primary, compared: &compared, overlap }),
        Err(error) => Evaluation::not_testable(error.to_string(), remedy),
    }
}

/// The primary estimate, the pain at the end of the programs in it, and how many of those in a flare overlap with the others.
struct Primary<'a> {
    estimate: &'a Contrast,
    compared: &'a [Option<f64>],
    overlap: usize,
}

/// Of those who began in a flare, how many had a mean pain in that week no higher than the highest of the others.
fn overlap(question: &ProgramQuestion<'_>, before: &Before, compared: &[Option<f64>]) -> usize {
    let of = |wanted: f64| {
        let used = question.exposure.iter().zip(compared).zip(&before.starts.mean);
        used.filter_map(move |((flare, end), mean)| {
            let flare = end.and(*flare)?;
            if (flare - wanted).abs() < 0.5 { *mean } else { None }
        })
    };
    let highest = of(0.0).fold(f64::NEG_INFINITY, f64::max);
    of(1.0).filter(|&mean| mean <= highest).count()
}

/// Baseline is the mean of the flare's own week and its curve: the best single guide to the pain a patient has; where it is logged, the
/// four weeks before it too.
fn adjustment<'a>(question: &'a ProgramQuestion<'_>, before: &'a Before) -> Adjustment<'a> {
    before.columns().into_iter().fold(question.covariates(), |adjustment, (name, column)| adjustment.and(name, column))
}

fn tested(evidence: &Evidence<'_>, question: &ProgramQuestion<'_>, before: &Before, found: &Primary<'_>) -> Evaluation {
    let Primary { estimate: primary, compared, overlap } = *found;
    let (ends, starts) = (&question.ends, &before.starts);
    let rule = &evidence.settings.claims;
    let more = Claimed::Above(0.0);
    let label = format!("pain at the end, begun in a flare against not, {}", adjusted_for(primary));
    let mut draft = Draft::new(effect(label, Scale::Points, primary, 1.0), primary, 1.0, more, rule);
    let adjusted = adjustment(question, before);
    let difference = |label: String, outcome: &[Option<f64>], exposure: &[Option<f64>], adjustment: &Adjustment<'_>| {
        variant(label, Scale::Points, question.slope(outcome, exposure, adjustment), 1.0)
    };
    let flare = &question.exposure;
    let simple = Adjustment::default().and("baseline_pain", &starts.mean);
    draft.in_grid(difference("the same, adjusted for the week's mean pain alone".to_owned(), &ends.pain, flare, &simple), more);
    draft.in_grid(difference("pain in the eighth week".to_owned(), &starts.eighth_week, flare, &adjusted), more);
    for limit in [rule.flare_pain - 1.0, rule.flare_pain + 1.0] {
        let cut: Vec<Option<f64>> = starts.highest.iter().map(|pain| pain.map(|pain| f64::from(pain >= limit - 1e-9))).collect();
        let used: Vec<f64> = cut.iter().zip(&ends.pain).filter_map(|(flare, end)| end.and(*flare)).collect();
        let exposed = used.iter().filter(|&&flare| flare > 0.5).count();
        if exposed.min(used.len() - exposed) >= rule.min_group {
            draft.in_grid(difference(format!("the flare from pain of {} on", decimal(limit, 0)), &ends.pain, &cut, &adjusted), more);
        }
    }
    let earlier = question.covariates().and("pain 8 to 35 days before", &starts.earlier);
    let has_earlier: Vec<Option<f64>> = ends.pain.iter().zip(&starts.earlier).map(|(end, earlier)| earlier.and(*end)).collect();
    let label = "with the 28 days before that week as the only baseline (biased against those in a flare)";
    draft.biased(difference(label.to_owned(), &has_earlier, flare, &earlier));
    let raw = Adjustment::default();
    draft.biased(difference("raw change from the week's mean (biased by regression to the mean)".to_owned(), &ends.change, flare, &raw));
    draft.e_values_of_points(spread(compared, &question.exposure));
    draft.excluded(question.excluded(
        &ends.pain,
        "no pain logged in the 7 days before the first session",
        "no pain logged at the end",
        primary,
    ));
    let (in_flare, calm) = question.group_sizes(compared);
    draft.check(Some(format!(
        "Of the {} who began in a flare, {overlap} had a mean pain in that week that others had too; the rest are compared along the curve.",
        count(in_flare)
    )));
    let logged = starts.earlier.iter().zip(flare).filter(|(earlier, flare)| earlier.is_some() && flare.is_some()).count();
    draft.check(Some(format!("{logged} programs have pain logged in the 28 days before that week.")));
    draft.warn(question.missing_ends());
    let estimate = draft.primary().estimate;
    let finding = format!(
        "Among {}, the {} that began with pain of {} or more ended with {} points {} pain than the {} others at equal mean pain \
         before",
        Counted::Programs.count(primary.n),
        count(in_flare),
        decimal(rule.flare_pain, 0),
        decimal(estimate.abs(), 2),
        if estimate < 0.0 { "less" } else { "more" },
        count(calm),
    );
    draft.finish(
        &finding,
        "A flare is told from the scores alone, and most back-pain flares that patients report do not show in them; whoever was told to wait is not \
         in these logs.",
    )
}
