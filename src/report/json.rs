//! Results as JSON at full precision.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::provenance::Provenance;
use crate::ingest::Logs;
use crate::study::Study;

/// Indented JSON with a final newline, into a file.
///
/// # Errors
/// What the file said.
pub fn write_json(json: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, json)?;
    out.write_all(b"\n")
}

/// How it was made.
pub(super) fn provenance(logs: &Logs, provenance: &Provenance) -> Value {
    json!({
        "staywell": provenance.version,
        "settings_hash": provenance.settings_hash,
        "input_hash": provenance.input_hash,
        "cut_off": logs.cut_off,
        "cut_off_declared": logs.cut_off_declared,
        "pain_scale": logs.scale,
        "pseudonym_key": logs.pseudonym_key,
    })
}

/// The account of the files, with the number of rejected rows and of other findings by rule (they themselves are in `findings.csv`).
pub(super) fn reading(logs: &Logs) -> Value {
    let mut by_rule: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for row in &logs.reading.rejected {
        *by_rule.entry(row.rule).or_default() += 1;
    }
    let mut others: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for finding in &logs.reading.findings {
        *others.entry(finding.rule).or_default() += 1;
    }
    json!({ "files": logs.reading.files, "rejected_by_rule": by_rule, "findings_by_rule": others, "notes": logs.reading.notes })
}

/// One part of a study with how it was made.
pub(super) fn part(study: &Study, made: &Provenance, name: &str, value: Value) -> Value {
    let mut whole = json!({
        "study": study.logs.study_name,
        "provenance": provenance(&study.logs, made),
        "settings": study.settings,
        "patients": study.logs.n_patients(),
    });
    whole[name] = value;
    whole
}

/// The whole study.
pub(super) fn whole(study: &Study, made: &Provenance) -> Value {
    json!({
        "study": study.logs.study_name,
        "provenance": provenance(&study.logs, made),
        "settings": study.settings,
        "patients": study.logs.n_patients(),
        "reading": reading(&study.logs),
        "data_quality": study.quality,
        "adherence": study.adherence,
        "pain": study.pain,
        "look_list": study.look_list,
        "questionnaires": study.questionnaires,
        "recurrence": study.recurrence,
        "definition_grid": study.definition_grid(),
        "claims": study.claims,
    })
}
