//! Settings → the text of a `study.toml`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Checks, LogKind, PrivacySettings, ScaleSetting, Settings};

/// What a study of native files needs to be told.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    files: BTreeMap<&'static str, NativeFile<'a>>,
    checks: &'a Checks,
    #[serde(skip_serializing_if = "is_default")]
    privacy: PrivacySettings,
    #[serde(flatten)]
    settings: &'a Settings,
}

#[derive(Serialize)]
struct NativeFile<'a> {
    scale: &'a ScaleSetting,
}

fn is_default(privacy: &PrivacySettings) -> bool {
    *privacy == PrivacySettings::default()
}

/// The text of a `study.toml` for native files: every definition, the columns that are not personal although they look it, and the
/// scale of pain if it has to be told.
///
/// # Errors
/// What the writer of TOML said; there is no setting it cannot write.
pub fn written(settings: &Settings, checks: &Checks, kept: &[String], scale: Option<&ScaleSetting>) -> Result<String, String> {
    let privacy = PrivacySettings { keep: kept.to_vec(), ..PrivacySettings::default() };
    let files = scale.map(|scale| (LogKind::Pain.as_str(), NativeFile { scale })).into_iter().collect();
    let text = toml::to_string(&Written { files, checks, privacy, settings }).map_err(|error| error.to_string())?;
    Ok(format!("# Native logs: nothing has to be said of their layout. Every definition is as it was in the study converted.\n\n{text}"))
}

#[cfg(test)]
mod tests {
    use super::super::{StudyFile, parse};
    use super::*;

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let text = "[study]\nname = \"Back \\\"class\\\"\"\ncut_off = 2025-12-31\n[checks]\nsame_day_pain = \"mean\"\n[adherence]\nprescribed_per_week = 2.5\n\
            [model]\ncovariates = [\"age\"]\n[landmark]\norigin = \"completion\"\n[privacy]\nkeep = [\"name\"]\n";
        for text in ["", text] {
            let study = parse(text, "study.toml").unwrap();
            let scale = ScaleSetting::Own { name: "0–7".to_owned(), min: 0.0, max: 7.0 };
            for scale in [None, Some(&ScaleSetting::Named("vas100".to_owned())), Some(&scale)] {
                let again =
                    parse(&written(&study.settings, &study.reading.checks, &study.reading.privacy.keep, scale).unwrap(), "again").unwrap();
                assert_eq!(again.reading.privacy, study.reading.privacy);
                assert_eq!((&again.settings, &again.reading.checks), (&study.settings, &study.reading.checks));
                assert_eq!(again.reading.files.get(&LogKind::Pain).and_then(|files| files[0].scale.as_ref()), scale);
            }
        }
        assert_eq!(StudyFile::default().settings, parse("", "s").unwrap().settings);
    }
}
