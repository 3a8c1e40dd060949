//! How an output was made.

use crate::ingest::Logs;

/// What every output says of how it was made. No clock: the same input gives the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Version of staywell.
    pub version: String,
    /// Hash of the checked settings.
    pub settings_hash: String,
    /// Hash of the files read.
    pub input_hash: String,
}

impl Provenance {
    /// Small print for the end of a document.
    pub(super) fn lines(&self, logs: &Logs) -> Vec<String> {
        let mut lines = vec![
            format!("staywell {}. Settings {}. Input {}.", self.version, self.settings_hash, self.input_hash),
            format!(
                "Data cut-off {} ({}). Pain on the scale {}, {}–{}.",
                logs.cut_off,
                if logs.cut_off_declared { "set by the study" } else { "the last log; set [study] cut_off to fix it" },
                logs.scale.name,
                logs.scale.min,
                logs.scale.max
            ),
            "The same files and settings give the same bytes.".to_owned(),
        ];
        lines.extend(logs.pseudonym_key.as_ref().map(|key| format!("Patient ids are pseudonyms by the key {key}….")));
        lines
    }

    /// One line for a figure.
    pub(super) fn figure_line(&self, logs: &Logs) -> String {
        format!("Cut-off {} · staywell {} · settings {} · input {}", logs.cut_off, self.version, self.settings_hash, self.input_hash)
    }
}
