//! How answers of questionnaires are coded.

use serde::{Deserialize, Serialize};

/// Settings of questionnaires.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuestionnaireSettings {
    /// The number of "very much improved" in the patient's global impression of change: 1 or 7.
    pub pgic_best: u32,
}

impl Default for QuestionnaireSettings {
    fn default() -> Self {
        Self { pgic_best: 1 }
    }
}
