//! What a tested claim carries.

use serde::Serialize;

use crate::stats::Interval;

use super::verdict::Verdict;

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
    /// Further estimates of the same question.
    pub others: Vec<Effect>,
    /// Programs used (one per patient, as a rule).
    pub n_used: usize,
    /// Patients of these programs; if fewer, errors are worked out by patient.
    pub n_patients: usize,
    /// Events among them.
    pub n_events: usize,
    /// Programs not used, by reason.
    pub excluded: Vec<Excluded>,
    /// Whether the estimate keeps its direction over the sensitivity grid.
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
    /// Smallest effect this study could have found with 80 % power.
    pub minimum_detectable: Option<f64>,
}

/// An estimate of a claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// What it estimates.
    pub label: String,
    /// Scale: `hazard ratio`, `days`.
    pub scale: &'static str,
    /// The estimate.
    pub estimate: f64,
    /// Its interval.
    pub interval: Interval,
    /// Two-sided p value.
    pub p_value: f64,
    /// Known to be biased, and shown only for contrast.
    pub biased: bool,
}

/// Programs not used, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// Why.
    pub reason: String,
    /// How many.
    pub programs: usize,
}

/// A claim with its verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimResult {
    /// Id of the claim.
    pub id: &'static str,
    /// The statement.
    pub statement: &'static str,
    /// The estimate the verdict rests on, in words.
    pub estimand: &'static str,
    /// What makes the obvious test dishonest.
    pub trap: &'static str,
    /// The verdict.
    pub verdict: Verdict,
    /// One plain sentence a clinician can read out.
    pub sentence: String,
    /// The strongest reason to doubt it; for a claim that cannot be tested, what to log.
    pub doubt: String,
    /// The estimate the verdict rests on.
    pub primary: Option<Effect>,
    /// p of the primary estimate, Holm-adjusted over the testable claims.
    pub adjusted_p: Option<f64>,
    /// Further estimates.
    pub others: Vec<Effect>,
    /// Programs used (one per patient, as a rule).
    pub n_used: usize,
    /// Patients of these programs; if fewer, errors are worked out by patient.
    pub n_patients: usize,
    /// Events among them.
    pub n_events: usize,
    /// Programs not used, by reason.
    pub excluded: Vec<Excluded>,
    /// Assumption checks.
    pub checks: Vec<String>,
    /// E-value of the estimate.
    pub e_value: Option<f64>,
    /// E-value of the limit nearest to no effect.
    pub e_value_limit: Option<f64>,
    /// Smallest effect this study could have found with 80 % power.
    pub minimum_detectable: Option<f64>,
}
