//! What a tested claim carries.

use serde::Serialize;

use crate::analysis::{Contrast, RecurrenceAnalysis};
use crate::stats::Interval;

use super::scale::Scale;
use super::verdict::{Claimed, Verdict};

/// A claim as tested on its own, before the family is adjusted for.
#[derive(Clone, Debug, PartialEq)]
pub enum Evaluation {
    /// These logs cannot test it.
    NotTestable {
        /// Why.
        reason: String,
        /// What to log to make it testable.
        remedy: String,
    },
    /// The primary estimate and what stands around it.
    Tested(Box<Tested>),
}

/// The parts of a tested claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    /// The estimate the verdict rests on.
    pub primary: Effect,
    /// Where the claim says it lies.
    pub claimed: Claimed,
    /// Further estimates of the same question.
    pub others: Vec<Effect>,
    /// Programs used (one per patient, as a rule).
    pub n_used: usize,
    /// Patients of these programs; if fewer, errors are worked out by patient.
    pub n_patients: usize,
    /// Events among them, where the outcome is an event.
    pub n_events: Option<usize>,
    /// Programs not used, by reason.
    pub excluded: Vec<Excluded>,
    /// Whether the estimate keeps its direction over the sensitivity grid, and no warning undermines it; if not, it is at most inconclusive.
    pub keeps_direction: bool,
    /// What was compared, in whom, with which result: one sentence without the verdict.
    pub finding: String,
    /// The strongest reason to doubt it.
    pub doubt: String,
    /// Assumption checks, one sentence each.
    pub checks: Vec<String>,
    /// Strength an unmeasured confounder would need to explain the estimate away, as a risk ratio.
    pub e_value: Option<f64>,
    /// The same for the interval's limit nearest to no effect.
    pub e_value_limit: Option<f64>,
    /// Smallest effect this study could have found with 80 % power, on the primary estimate's scale.
    pub minimum_detectable: Option<f64>,
    /// What in these logs speaks against taking the estimate at its word.
    pub warnings: Vec<ClaimWarning>,
}

/// Something in the logs that speaks against an estimate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimWarning {
    /// Short name of the rule that fired.
    pub id: &'static str,
    /// What was seen, and what it may mean.
    pub sentence: String,
}

/// What an estimate stands for beside the primary one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffectRole {
    /// An estimate of the question.
    Estimate,
    /// Of something the exposure cannot change: it should show no effect.
    NegativeControl,
    /// Known to be biased, and shown only for contrast.
    Biased,
}

/// An estimate of a claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// What it estimates.
    pub label: String,
    /// What it is counted in.
    pub scale: Scale,
    /// The estimate.
    pub estimate: f64,
    /// Its interval.
    pub interval: Interval,
    /// Two-sided p value.
    pub p_value: f64,
    /// What it stands for.
    pub role: EffectRole,
}

impl Effect {
    /// A contrast of the analysis as an estimate of a claim.
    pub(super) fn of_contrast(label: impl Into<String>, scale: Scale, contrast: &Contrast) -> Self {
        let Contrast { estimate, interval, p_value, .. } = *contrast;
        Self { label: label.into(), scale, estimate, interval, p_value, role: EffectRole::Estimate }
    }
}

/// Programs not used, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// Why.
    pub reason: String,
    /// How many.
    pub programs: usize,
}

impl Excluded {
    /// For each reason that left any out, how many.
    pub(super) fn for_reasons<'a>(reasons: impl IntoIterator<Item = (&'a str, usize)>) -> impl Iterator<Item = Self> {
        let some = reasons.into_iter().filter(|&(_, programs)| programs > 0);
        some.map(|(reason, programs)| Self { reason: reason.to_owned(), programs })
    }

    /// Those never at risk of a recurrence.
    pub(super) fn from_risk(recurrence: &RecurrenceAnalysis) -> impl Iterator<Item = Self> {
        recurrence.excluded.iter().map(|excluded| Self { reason: excluded.reason.to_string(), programs: excluded.programs })
    }
}

/// A claim with its verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimResult {
    /// Id of the claim.
    pub id: String,
    /// The statement.
    pub statement: String,
    /// The estimate the verdict rests on, in words.
    pub estimand: String,
    /// What makes the obvious test dishonest.
    pub trap: String,
    /// Columns without which it cannot be tested.
    pub needs: String,
    /// The verdict.
    pub verdict: Verdict,
    /// One plain sentence a clinician can read out.
    pub sentence: String,
    /// The strongest reason to doubt it; for a claim that cannot be tested, what to log.
    pub doubt: String,
    /// The estimate the verdict rests on.
    pub primary: Option<Effect>,
    /// Where the claim says it lies.
    pub claimed: Option<Claimed>,
    /// p of the primary estimate, Holm-adjusted over the testable claims.
    pub adjusted_p: Option<f64>,
    /// Further estimates.
    pub others: Vec<Effect>,
    /// Programs used (one per patient, as a rule).
    pub n_used: usize,
    /// Patients of these programs; if fewer, errors are worked out by patient.
    pub n_patients: usize,
    /// Events among them, where the outcome is an event.
    pub n_events: Option<usize>,
    /// Programs not used, by reason.
    pub excluded: Vec<Excluded>,
    /// Assumption checks.
    pub checks: Vec<String>,
    /// E-value of the estimate.
    pub e_value: Option<f64>,
    /// E-value of the limit nearest to no effect.
    pub e_value_limit: Option<f64>,
    /// Smallest effect this study could have found with 80 % power, on the primary estimate's scale.
    pub minimum_detectable: Option<f64>,
    /// What in these logs speaks against taking the estimate at its word.
    pub warnings: Vec<ClaimWarning>,
}
