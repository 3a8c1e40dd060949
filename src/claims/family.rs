//! All claims tested together: Holm over those that can be tested, then each one's verdict.

use rayon::prelude::*;

use crate::stats::holm;

use super::result::{ClaimResult, Evaluation, Tested};
use super::verdict::Verdict;
use super::{Claim, Evidence};

/// Tests the claims as one family.
#[must_use]
pub fn test_claims(claims: &[Claim], evidence: &Evidence<'_>) -> Vec<ClaimResult> {
    let evaluations: Vec<Evaluation> = claims.par_iter().map(|claim| (claim.evaluate)(evidence)).collect();
    let p_values: Vec<f64> = evaluations
        .iter()
        .filter_map(|evaluation| match evaluation {
            Evaluation::Tested(tested) => Some(tested.primary.p_value),
            Evaluation::NotTestable { .. } => None,
        })
        .collect();
    let mut adjusted = holm(&p_values).into_iter();
    claims
        .iter()
        .zip(evaluations)
        .map(|(claim, evaluation)| match evaluation {
            Evaluation::NotTestable { reason, remedy } => not_testable(claim, &reason, remedy),
            Evaluation::Tested(tested) => judged(claim, *tested, adjusted.next().unwrap_or(1.0), evidence),
        })
        .collect()
}

fn not_testable(claim: &Claim, reason: &str, remedy: String) -> ClaimResult {
    ClaimResult {
        verdict: Verdict::NotTestable,
        sentence: format!("These logs cannot test this: {}.", reason.trim_end_matches('.').trim_start_matches("not testable: ")),
        doubt: remedy,
        ..untested(claim)
    }
}

/// The claim before anything is known of it.
fn untested(claim: &Claim) -> ClaimResult {
    ClaimResult {
        id: claim.id.to_owned(),
        statement: claim.statement.to_owned(),
        estimand: claim.estimand.to_owned(),
        trap: claim.trap.to_owned(),
        needs: claim.needs.to_owned(),
        verdict: Verdict::NotTestable,
        sentence: String::new(),
        doubt: String::new(),
        primary: None,
        claimed: None,
        adjusted_p: None,
        others: vec![],
        n_used: 0,
        n_patients: 0,
        n_events: None,
        excluded: vec![],
        checks: vec![],
        e_value: None,
        e_value_limit: None,
        minimum_detectable: None,
        warnings: vec![],
    }
}

fn judged(claim: &Claim, tested: Tested, adjusted_p: f64, evidence: &Evidence<'_>) -> ClaimResult {
    let alpha = evidence.settings.claims.alpha;
    let verdict = Verdict::on(tested.claimed, tested.primary.interval, adjusted_p, alpha, tested.keeps_direction);
    let words = match verdict {
        Verdict::Supported => "The claim is supported by these logs",
        Verdict::Contradicted => "The claim is contradicted by these logs",
        Verdict::Inconclusive | Verdict::NotTestable => "These logs do not settle the claim",
    };
    ClaimResult {
        verdict,
        sentence: format!("{} {words}.", tested.finding),
        doubt: tested.doubt,
        primary: Some(tested.primary),
        claimed: Some(tested.claimed),
        adjusted_p: Some(adjusted_p),
        others: tested.others,
        n_used: tested.n_used,
        n_patients: tested.n_patients,
        n_events: tested.n_events,
        excluded: tested.excluded,
        checks: tested.checks,
        e_value: tested.e_value,
        e_value_limit: tested.e_value_limit,
        minimum_detectable: tested.minimum_detectable,
        warnings: tested.warnings,
        ..untested(claim)
    }
}
