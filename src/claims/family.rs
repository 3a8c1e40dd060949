//! All claims tested together: Holm over those that can be tested, then each one's verdict.

use rayon::prelude::*;

use crate::domain::number::p_equals;
use crate::settings::OwnClaim;
use crate::stats::holm;

use super::clinic_defined;
use super::result::{ClaimResult, Evaluation, Tested};
use super::verdict::Verdict;
use super::{Claim, Evidence};

/// Tests the claims, and after them those the clinic defines, as one family.
#[must_use]
pub fn test_claims(claims: &[Claim], evidence: &Evidence<'_>) -> Vec<ClaimResult> {
    let own = &evidence.settings.claims.own;
    let stated: Vec<ClaimResult> = claims.iter().map(untested).chain(own.iter().map(untested_own)).collect();
    let evaluate = |place: usize| match claims.get(place) {
        Some(claim) => (claim.evaluate)(evidence),
        None => clinic_defined::evaluate(&own[place - claims.len()], evidence),
    };
    let evaluations: Vec<Evaluation> = (0..stated.len()).into_par_iter().map(evaluate).collect();
    let p_values: Vec<f64> = evaluations
        .iter()
        .filter_map(|evaluation| match evaluation {
            Evaluation::Tested(tested) => Some(tested.primary.p_value),
            Evaluation::NotTestable { .. } => None,
        })
        .collect();
    let mut adjusted = holm(&p_values).into_iter();
    stated
        .into_iter()
        .zip(evaluations)
        .map(|(claim, evaluation)| match evaluation {
            Evaluation::NotTestable { reason, remedy } => not_testable(claim, &reason, remedy),
            Evaluation::Tested(tested) => judged(claim, *tested, adjusted.next().unwrap_or(1.0), p_values.len(), evidence),
        })
        .collect()
}

fn not_testable(claim: ClaimResult, reason: &str, remedy: String) -> ClaimResult {
    ClaimResult {
        verdict: Verdict::NotTestable,
        sentence: format!("These logs cannot test this: {}.", reason.trim_end_matches('.').trim_start_matches("not testable: ")),
        doubt: remedy,
        ..claim
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
        ..untested_blank()
    }
}

fn untested_blank() -> ClaimResult {
    ClaimResult {
        id: String::new(),
        statement: String::new(),
        estimand: String::new(),
        trap: String::new(),
        needs: String::new(),
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

/// The same of a claim of the clinic.
fn untested_own(own: &OwnClaim) -> ClaimResult {
    ClaimResult {
        id: own.id.clone(),
        statement: own.statement.clone(),
        estimand: format!("{} on {}, as study.toml defines it", own.outcome, own.exposure),
        trap: "nobody was assigned to the exposure".to_owned(),
        needs: format!("{}, {}", own.exposure, own.outcome),
        ..untested_blank()
    }
}

fn judged(claim: ClaimResult, tested: Tested, adjusted_p: f64, family: usize, evidence: &Evidence<'_>) -> ClaimResult {
    let alpha = evidence.settings.claims.alpha;
    let verdict = Verdict::on(tested.claimed, tested.primary.interval, adjusted_p, alpha, tested.keeps_direction);
    // What looks settled on its own and is not in the family has that as its strongest doubt.
    let alone = Verdict::on(tested.claimed, tested.primary.interval, tested.primary.p_value, alpha, tested.keeps_direction);
    let doubt = if verdict == Verdict::Inconclusive && alone != Verdict::Inconclusive {
        format!(
            "{family} claims are tested together, and among so many a p value like this one comes up by chance too often (adjusted {}). {}",
            p_equals(adjusted_p),
            tested.doubt
        )
    } else {
        tested.doubt
    };
    let words = match verdict {
        Verdict::Supported => "The claim is supported by these logs",
        Verdict::Contradicted => "The claim is contradicted by these logs",
        Verdict::Inconclusive | Verdict::NotTestable => "These logs do not settle the claim",
    };
    ClaimResult {
        verdict,
        sentence: format!("{} {words}.", tested.finding),
        doubt,
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
        ..claim
    }
}
