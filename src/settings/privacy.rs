//! What the reader is told about personal columns, beside what it finds itself.

use serde::{Deserialize, Serialize};

use super::error::SettingsError;

/// Columns that the study itself calls personal, or not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrivacySettings {
    /// Columns that were mistaken for personal ones and are used after all.
    pub keep: Vec<String>,
    /// Further columns that are not to be carried.
    pub drop: Vec<String>,
}

impl PrivacySettings {
    /// Checks that every name is one, and that none is both kept and dropped.
    pub(super) fn check(&self, file: &str) -> Result<(), SettingsError> {
        let value = |setting: &str, found: String, expected: &str| SettingsError::Value {
            file: file.to_owned(),
            setting: format!("privacy.{setting}"),
            found,
            expected: expected.to_owned(),
        };
        for (setting, names) in [("keep", &self.keep), ("drop", &self.drop)] {
            if names.iter().any(|name| name.trim().is_empty()) {
                return Err(value(setting, "\"\"".to_owned(), "it must name columns as they stand in the header of a file"));
            }
        }
        let same = |a: &str, b: &str| a.trim().eq_ignore_ascii_case(b.trim());
        match self.keep.iter().find(|kept| self.drop.iter().any(|dropped| same(kept, dropped))) {
            Some(both) => Err(value("keep", format!("\"{both}\""), "privacy.drop names it too; a column is either kept or dropped")),
            None => Ok(()),
        }
    }
}
