//! A study of any form as native files.

use std::collections::BTreeSet;
use std::path::Path;

use rustc_hash::FxHashSet;
use serde::Serialize;

use super::asked::Asked;
use super::emission::{Emission, NativeLog};
use super::error::IngestError;
use super::logs::Logs;
use super::plan::{PatientSource, Plan};
use super::privacy::{PersonalColumns, Privacy};
use super::study::read_and_emit;
use crate::settings::{LogKind, ScaleSetting, StudyFile};

/// What became of the columns of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConvertedFile {
    /// As in the accounts.
    pub file: String,
    /// Which log.
    pub kind: LogKind,
    /// Columns under another name than in the file: theirs and the native one.
    pub renamed: Vec<(String, String)>,
    /// Columns that no native file has.
    pub not_carried: Vec<String>,
    /// Carried columns, by their native names, that `[privacy] keep` names.
    pub kept: Vec<String>,
    /// The patient all rows belong to, if the rows do not say.
    pub patient: Option<String>,
}

impl ConvertedFile {
    pub(super) fn of(plan: &Plan, personal: &PersonalColumns, privacy: Privacy<'_>) -> Self {
        let unknown: FxHashSet<usize> = plan.unknown.iter().copied().collect();
        let written: FxHashSet<String> = plan.emission.iter().flat_map(Emission::names).collect();
        let carried = |column: &usize| !unknown.contains(column) && !personal.holds(*column);
        let named = |column: &usize| !plan.header[*column].is_empty();
        let used = (0..plan.header.len()).filter(|column| carried(column) && named(column));
        let renamed =
            used.map(|column| (plan.header[column].clone(), plan.native[column].clone())).filter(|(theirs, native)| theirs != native);
        Self {
            file: plan.file.clone(),
            kind: plan.kind,
            renamed: renamed.collect(),
            not_carried: (0..plan.header.len())
                .filter(|column| !carried(column) && named(column))
                .map(|column| plan.header[column].clone())
                .collect(),
            kept: (0..plan.header.len())
                .filter(|&column| privacy.keeps(&plan.header[column]))
                .map(|column| plan.native[column].clone())
                .filter(|name| written.contains(name))
                .collect(),
            patient: match &plan.patient {
                PatientSource::Constant(id) => Some(privacy.shown(id)),
                PatientSource::Column(_) => None,
            },
        }
    }
}

/// A study as read, and how its files became native ones.
#[derive(Clone, Debug)]
pub struct Conversion {
    /// The logs.
    pub logs: Logs,
    /// Each file.
    pub files: Vec<ConvertedFile>,
    /// The scale the native pain log has to be read on.
    pub scale: Option<ScaleSetting>,
}

impl Conversion {
    /// Columns of the native files that the study said are not personal, sorted.
    #[must_use]
    pub fn kept(&self) -> Vec<String> {
        let names: BTreeSet<&String> = self.files.iter().flat_map(|file| &file.kept).collect();
        names.into_iter().cloned().collect()
    }
}

/// Reads a study like [`read_study`](super::read_study) and hands each log in native form to `sink`, as soon as it was read.
///
/// # Errors
/// As [`read_study`](super::read_study); logs handed on before are then of no use.
pub fn convert_study(path: &Path, study: &StudyFile, asked: &Asked, sink: &mut dyn FnMut(NativeLog)) -> Result<Conversion, IngestError> {
    read_and_emit(path, study, asked, sink)
}
