//! Claims a clinic defines: what can be said of them before the vocabulary is asked.

use super::claims::{ClaimedDirection, OwnClaim};
use super::error::SettingsError;

/// Refuses a claim that cannot be told from another, says nothing, or lacks a part.
pub(super) fn check(own: &[OwnClaim], file: &str) -> Result<(), SettingsError> {
    for (place, claim) in own.iter().enumerate() {
        let bad = |part: &str, found: &str, expected: &str| {
            let setting = if part == "id" { "claims.own.id".to_owned() } else { format!("claims.own.{part} of \"{}\"", claim.id) };
            Err(SettingsError::Value { file: file.to_owned(), setting, found: found.to_owned(), expected: expected.to_owned() })
        };
        let quoted = format!("\"{}\"", claim.id);
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if claim.id.is_empty() || !claim.id.chars().all(letters) || claim.id.len() > 80 {
            return bad("id", &quoted, "it must be small letters, digits and hyphens, such as \"walkers-stay-well\"");
        }
        if own[..place].iter().any(|other| other.id == claim.id) {
            return bad("id", &quoted, "another claim has the same id");
        }
        if claim.statement.trim().is_empty() {
            return bad("statement", "\"\"", "it must say in one sentence what is claimed");
        }
        if claim.at_least.is_some() && claim.is.is_some() {
            return bad(
                "is",
                &format!("{:?}", claim.is.as_deref().unwrap_or_default()),
                "at_least is given too; one of them makes the groups",
            );
        }
        if let Some(value) = claim.at_least.filter(|value| !value.is_finite()) {
            return bad("at_least", &value.to_string(), "it must be a number");
        }
        match (claim.claim, claim.margin) {
            (ClaimedDirection::NoDifference, None) => {
                return bad("margin", "nothing", "claim = \"no-difference\" needs the largest difference that counts as none");
            }
            (ClaimedDirection::NoDifference, Some(margin)) if !(margin > 0.0 && margin.is_finite()) => {
                return bad("margin", &margin.to_string(), "it must be above 0 (of a ratio, above 1)");
            }
            (ClaimedDirection::Less | ClaimedDirection::More, Some(margin)) => {
                return bad("margin", &margin.to_string(), "only claim = \"no-difference\" has a margin");
            }
            _ => {}
        }
    }
    Ok(())
}
