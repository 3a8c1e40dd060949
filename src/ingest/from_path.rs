//! One file per patient: the id stands in the name of the file.

use super::error::IngestError;
use super::locate::Located;
use crate::settings::LogKind;

/// The patient of a file by the pattern of the study, in which `*` stands for the id.
pub(super) fn patient(pattern: &str, located: &Located, kind: LogKind) -> Result<String, IngestError> {
    let setting = |problem: String, fix: &str| IngestError::Setting {
        file: located.name.clone(),
        setting: format!("files.{}.patient_from_path", kind.as_str()),
        problem,
        fix: fix.to_owned(),
    };
    let pattern = pattern.trim().replace('\\', "/");
    let parts: Vec<&str> = pattern.split('*').collect();
    let [before, after] = parts.as_slice() else {
        return Err(setting(format!("is \"{pattern}\""), "Put one * where the patient's id stands, as in \"diaries/pain_*.csv\"."));
    };
    let id = located.name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).map(str::trim);
    id.filter(|id| !id.is_empty()).map(str::to_owned).ok_or_else(|| {
        setting(
            format!("is \"{pattern}\", which does not fit this file"),
            "Let the path match files with a patient's id only, or list the others as [[files.…]] of their own.",
        )
    })
}
