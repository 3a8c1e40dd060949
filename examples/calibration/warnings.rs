//! Which warnings a study's report gives. This is the one place that knows where they stand.

use std::collections::BTreeSet;

use staywell::study::Study;

/// Names of the warnings that fired.
pub fn fired(study: &Study) -> BTreeSet<String> {
    let mut fired = BTreeSet::new();
    let Some(core) = study.claims.iter().find(|claim| claim.id == "maintenance-delays-recurrence") else { return fired };
    fired.extend(core.warnings.iter().map(|warning| warning.id.to_owned()));
    let of_checks = [("direction-turns", "The direction turns"), ("few-recurrences-per-term", "the adjusted ratio is fragile")];
    for (name, words) in of_checks {
        if core.checks.iter().any(|check| check.contains(words)) {
            fired.insert(name.to_owned());
        }
    }
    fired
}
