//! What can be said of a clinic's claim before any log is read.

use crate::analysis::vocabulary::{EXPOSURES, OUTCOMES, OutcomeKind, exposure, outcome};
use crate::claims::CLAIMS;
use crate::domain::nearest;
use crate::settings::{EstimateKind, OwnClaim, Settings};

use super::exposure::COLUMN;

/// A claim of the clinic names something the vocabulary does not have, or asks for what does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the claim \"{id}\" in study.toml: {problem}")]
pub struct OwnClaimError {
    /// Id of the claim.
    pub id: String,
    /// What is wrong, what would do.
    pub problem: String,
}

/// Checks the clinic's claims against the vocabulary and the register.
///
/// # Errors
/// [`OwnClaimError`] for the first claim with an unknown exposure or outcome, with the nearest known one; an id of the register; `is`
/// or `at_least` where the exposure has no use for it; an estimate that does not fit its outcome; or an outcome that is over before
/// its exposure is known.
pub fn check_own_claims(settings: &Settings) -> Result<(), OwnClaimError> {
    settings.claims.own.iter().try_for_each(|own| check(own).map(|_| ()).map_err(|problem| OwnClaimError { id: own.id.clone(), problem }))
}

/// The outcome of a claim that can be asked, as far as the vocabulary tells.
pub(super) fn check(own: &OwnClaim) -> Result<&'static OutcomeKind, String> {
    if CLAIMS.iter().any(|claim| claim.id == own.id) {
        return Err("its id is that of a claim of the register; choose another".to_owned());
    }
    let unknown = |what: &str, name: &str, known: Vec<&'static str>| {
        let near = nearest(name, known.iter().copied()).map(|near| format!(" Did you mean \"{near}\"?")).unwrap_or_default();
        format!("there is no {what} \"{name}\"; there are {}.{near}", known.join(", "))
    };
    let outcome = outcome(&own.outcome).ok_or_else(|| unknown("outcome", &own.outcome, OUTCOMES.iter().map(|kind| kind.name).collect()))?;
    if let Some(asked) = own.estimate.filter(|&asked| asked != outcome.estimate) {
        return Err(format!(
            "estimate = \"{}\" does not fit {}, which has a {}; leave it out",
            estimate_name(asked),
            outcome.label,
            estimate_name(outcome.estimate)
        ));
    }
    if own.exposure.starts_with(COLUMN) {
        return Ok(outcome);
    }
    let exposure = exposure(&own.exposure).ok_or_else(|| {
        let known = EXPOSURES.iter().map(|kind| kind.name).chain(["patients.COLUMN"]).collect();
        unknown("exposure", &own.exposure, known)
    })?;
    if own.is.is_some() {
        return Err("`is` names a level of a column of patients.csv; of this exposure, at_least makes a yes or no".to_owned());
    }
    if own.at_least.is_some() && exposure.yes_no {
        return Err(format!("{} is a yes or no already; leave at_least out", exposure.label));
    }
    if exposure.known > outcome.latest {
        return Err(format!("{} is known at the {} only, and {} comes before it", exposure.label, exposure.known.name(), outcome.label));
    }
    Ok(outcome)
}

/// As in `study.toml`.
fn estimate_name(kind: EstimateKind) -> &'static str {
    match kind {
        EstimateKind::HazardRatio => "hazard-ratio",
        EstimateKind::RiskDifference => "risk-difference",
        EstimateKind::MeanDifference => "mean-difference",
    }
}
