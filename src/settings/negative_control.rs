//! What the exercise cannot prevent.

use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::{EventKind, nearest};

/// What the exercise cannot prevent, so that a difference in it tells of other differences between the groups.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NegativeControlSettings {
    /// An event of events.csv; it must not be one that ends follow-up.
    #[serde(deserialize_with = "event")]
    pub event: Option<EventKind>,
}

fn event<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<EventKind>, D::Error> {
    let word = String::deserialize(deserializer)?;
    let usable = || EventKind::ALL.iter().filter(|kind| !kind.ends_follow_up()).map(|kind| kind.as_str());
    match EventKind::parse(&word) {
        Some(kind) if !kind.ends_follow_up() => Ok(Some(kind)),
        Some(kind) => Err(serde::de::Error::custom(format!(
            "\"{kind}\" ends follow-up, so it cannot be the negative control; use one of {}",
            usable().collect::<Vec<_>>().join(", ")
        ))),
        None => {
            let meant = nearest(&word, usable()).map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"));
            Err(serde::de::Error::custom(format!("\"{word}\" is no event; use one of {}{meant}", usable().collect::<Vec<_>>().join(", "))))
        }
    }
}
