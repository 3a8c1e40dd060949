//! `study.toml` → checked settings, or the place of the first mistake and the nearest thing that would do.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::error::SettingsError;
use super::{
    AdherenceSettings, CensoringSettings, Checks, ClaimSettings, CutOff, ExposureSettings, FileSettings, GridSettings, LandmarkSettings,
    LogKind, LookListSettings, ModelSettings, NegativeControlSettings, PainSettings, PrivacySettings, QuestionnaireSettings, Reading,
    RecurrenceSettings, RemissionSettings, Settings, StudySettings, WeightSettings,
};
use crate::domain::{Day, nearest};

/// A whole `study.toml`: the definitions, and how the files are laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StudyFile {
    /// The definitions.
    pub settings: Settings,
    /// The files and checks.
    pub reading: Reading,
    /// What was assumed where nothing was said, in whole sentences.
    pub assumed: Vec<String>,
}

/// The sections as they stand in the file.
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Sections {
    study: StudySettings,
    files: Files,
    checks: Checks,
    privacy: PrivacySettings,
    adherence: AdherenceSettings,
    pain: PainSettings,
    look_list: LookListSettings,
    questionnaires: QuestionnaireSettings,
    remission: RemissionSettings,
    recurrence: RecurrenceSettings,
    censoring: CensoringSettings,
    maintenance: ExposureSettings,
    landmark: LandmarkSettings,
    grid: GridSettings,
    model: ModelSettings,
    weights: WeightSettings,
    claims: ClaimSettings,
    negative_control: NegativeControlSettings,
}

#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Files {
    sessions: OneOrMany,
    pain: OneOrMany,
    programs: OneOrMany,
    patients: OneOrMany,
    events: OneOrMany,
    measures: OneOrMany,
}

/// `[files.pain]` or several `[[files.pain]]`.
#[derive(Default)]
struct OneOrMany(Vec<FileSettings>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FilesVisitor;
        impl<'de> Visitor<'de> for FilesVisitor {
            type Value = OneOrMany;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table [files.…] or several [[files.…]]")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OneOrMany, A::Error> {
                FileSettings::deserialize(MapAccessDeserializer::new(map)).map(|file| OneOrMany(vec![file]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMany, A::Error> {
                let mut files = Vec::new();
                while let Some(file) = seq.next_element()? {
                    files.push(file);
                }
                Ok(OneOrMany(files))
            }
        }
        deserializer.deserialize_any(FilesVisitor)
    }
}

impl<'de> Deserialize<'de> for CutOff {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DayVisitor;
        impl<'de> Visitor<'de> for DayVisitor {
            type Value = CutOff;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a day written YYYY-MM-DD")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<CutOff, E> {
                Day::parse_iso(text)
                    .map(CutOff)
                    .map_err(|_| E::custom(format!("\"{text}\" is not a day; write it YYYY-MM-DD, such as 2025-12-31")))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CutOff, A::Error> {
                let date = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
                let day = date.date.and_then(|date| Day::from_ymd(i32::from(date.year), u32::from(date.month), u32::from(date.day)));
                day.map(CutOff).ok_or_else(|| A::Error::custom("a day has no time of day here; write it YYYY-MM-DD, such as 2025-12-31"))
            }
        }
        deserializer.deserialize_any(DayVisitor)
    }
}

/// Reads the text of a `study.toml`; `file` is the name used in messages.
///
/// # Errors
/// [`SettingsError::Syntax`] with line, column and the nearest known setting; [`SettingsError::Value`] for a value
/// outside its range.
pub fn parse(text: &str, file: &str) -> Result<StudyFile, SettingsError> {
    let sections: Sections = toml::from_str(text).map_err(|error| syntax_error(&error, text, file))?;
    let files = sections.files;
    let listed = [
        (LogKind::Sessions, files.sessions),
        (LogKind::Pain, files.pain),
        (LogKind::Programs, files.programs),
        (LogKind::Patients, files.patients),
        (LogKind::Events, files.events),
        (LogKind::Measures, files.measures),
    ];
    let files: BTreeMap<LogKind, Vec<FileSettings>> =
        listed.into_iter().filter(|(_, files)| !files.0.is_empty()).map(|(kind, files)| (kind, files.0)).collect();
    let study = StudyFile {
        settings: Settings {
            study: sections.study,
            adherence: sections.adherence,
            pain: sections.pain,
            look_list: sections.look_list,
            questionnaires: sections.questionnaires,
            remission: sections.remission,
            recurrence: sections.recurrence,
            censoring: sections.censoring,
            maintenance: sections.maintenance,
            landmark: sections.landmark,
            grid: sections.grid,
            model: sections.model,
            weights: sections.weights,
            claims: sections.claims,
            negative_control: sections.negative_control,
        },
        reading: Reading { files, checks: sections.checks, privacy: sections.privacy },
        assumed: Vec::new(),
    };
    super::bounds::check(&study.settings, file)?;
    check(&study.settings, file)?;
    super::own_claims::check(&study.settings.claims.own, file)?;
    study.reading.privacy.check(file)?;
    let silence = study.reading.checks.silence;
    if silence < 0 {
        let (setting, expected) = ("checks.silence".to_owned(), "it must be 0 (never) or more".to_owned());
        return Err(SettingsError::Value { file: file.to_owned(), setting, found: silence.to_string(), expected });
    }
    check_files(&study.reading, file)?;
    Ok(study)
}

fn syntax_error(error: &toml::de::Error, text: &str, file: &str) -> SettingsError {
    let offset = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = text.get(..offset).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let message = error.message();
    // serde names the known fields in backticks: `unknown field `x`, expected one of `a`, `b``.
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (problem, suggestion) = match quoted.split_first() {
        Some((word, known)) if message.starts_with("unknown field") => {
            let suggestion = nearest(word, known.iter().copied())
                .map_or_else(|| format!(". Known here: {}", known.join(", ")), |near| format!(". Did you mean \"{near}\"?"));
            (format!("there is no setting \"{word}\" here"), suggestion)
        }
        Some((word, known)) if message.starts_with("unknown variant") => {
            let near = nearest(word, known.iter().copied()).map(|near| format!(" Did you mean \"{near}\"?")).unwrap_or_default();
            (format!("\"{word}\" is not one of {}", known.join(", ")), if near.is_empty() { String::new() } else { format!(".{near}") })
        }
        _ if message.starts_with("duplicate key") => {
            let what = text.lines().nth(line - 1).unwrap_or_default().trim();
            let fix = if what.starts_with("[files.") {
                format!(
                    ". Put its settings under the first one; a further file of the log begins with [{what}], and so does the first then"
                )
            } else {
                ". Keep one of them".to_owned()
            };
            (format!("{what} stands here a second time"), fix)
        }
        _ if goes_on_after_section(text, line) => {
            ("the name of a section stands on a line of its own".to_owned(), ". Put what follows it on the next line".to_owned())
        }
        _ => (message.trim_end().replace('\n', " "), String::new()),
    };
    SettingsError::Syntax { file: file.to_owned(), line, column, problem, suggestion }
}

/// Whether a line begins with the name of a section and goes on with a setting.
fn goes_on_after_section(text: &str, line: usize) -> bool {
    let line = text.lines().nth(line - 1).unwrap_or_default().trim();
    line.starts_with('[') && line.split_once("] ").is_some_and(|(_, rest)| rest.contains('=') && !rest.trim_start().starts_with('#'))
}

/// One range check: the dotted name, the value found, whether it is good, and what was expected.
struct Range<'a> {
    setting: &'a str,
    found: String,
    good: bool,
    expected: &'a str,
}

fn range<'a>(setting: &'a str, found: impl fmt::Display, good: bool, expected: &'a str) -> Range<'a> {
    Range { setting, found: found.to_string(), good, expected }
}

fn check(settings: &Settings, file: &str) -> Result<(), SettingsError> {
    let Settings { adherence, pain, look_list, remission, recurrence, censoring, maintenance, landmark, model, weights, claims, .. } =
        settings;
    let share = "it must be more than 0 and at most 1";
    let days = "it must be at least 1 day";
    let not_negative = "it must be 0 or more";
    let study = &settings.study;
    let ranges = [
        range(
            "study.cut_off",
            study.cut_off.map_or(Day(0), |cut_off| cut_off.0),
            study.cut_off.zip(study.exported_on).is_none_or(|(cut_off, exported)| cut_off.0 <= exported.0),
            "the logs were exported before it (study.exported_on), so their last days cannot be complete",
        ),
        range(
            "adherence.prescribed_per_week",
            adherence.prescribed_per_week.unwrap_or(1.0),
            adherence.prescribed_per_week.is_none_or(|rate| rate > 0.0),
            "it must be more than 0",
        ),
        range("adherence.adherent_week", adherence.adherent_week, adherence.adherent_week > 0.0 && adherence.adherent_week <= 1.0, share),
        range(
            "adherence.partial_counts",
            adherence.partial_counts,
            (0.0..=1.0).contains(&adherence.partial_counts),
            "it must be between 0 and 1",
        ),
        range(
            "adherence.prescribed_minutes",
            adherence.prescribed_minutes.unwrap_or(1.0),
            adherence.prescribed_minutes.is_none_or(|minutes| minutes > 0.0),
            "it must be more than 0",
        ),
        range("adherence.initiation_days", adherence.initiation_days, adherence.initiation_days >= 1, days),
        range("adherence.permissible_gap", adherence.permissible_gap, adherence.permissible_gap >= 1, days),
        range("pain.baseline_days", pain.baseline_days, pain.baseline_days >= 1, days),
        range("pain.end_days", pain.end_days, pain.end_days >= 1, days),
        range("pain.important_share", pain.important_share, pain.important_share > 0.0 && pain.important_share <= 1.0, share),
        range("pain.substantial_share", pain.substantial_share, pain.substantial_share > 0.0 && pain.substantial_share <= 1.0, share),
        range("pain.important_points", pain.important_points, pain.important_points >= 0.0, not_negative),
        range("pain.slope_weeks", pain.slope_weeks, pain.slope_weeks >= 2, "a slope needs at least 2 weeks"),
        range("pain.trajectory_weeks", pain.trajectory_weeks, pain.trajectory_weeks >= 4, "a course needs at least 4 weeks"),
        range("pain.flare_points", pain.flare_points, pain.flare_points > 0.0, "it must be more than 0"),
        range(
            "pain.flare_average",
            pain.flare_average,
            pain.flare_average == 0 || pain.flare_average >= 7,
            "an average needs at least 7 days (0 = all of the patient's logged days)",
        ),
        range("look_list.days", look_list.days, look_list.days >= 14, "a trend needs at least 14 days"),
        range("look_list.logs", look_list.logs, look_list.logs >= 5, "a trend needs at least 5 logs"),
        range("look_list.rise", look_list.rise, look_list.rise > 0.0, "it must be more than 0"),
        range("look_list.silence", look_list.silence, look_list.silence >= 0, "it must be 0 (never) or more"),
        range(
            "look_list.silence_until",
            look_list.silence_until,
            look_list.silence_until == 0 || look_list.silence_until > look_list.silence,
            "it must be more than look_list.silence (0 = no limit)",
        ),
        range(
            "questionnaires.pgic_best",
            settings.questionnaires.pgic_best,
            [1, 7].contains(&settings.questionnaires.pgic_best),
            "\"very much improved\" is 1 or 7",
        ),
        range("remission.days", remission.days, remission.days >= 1, days),
        range("remission.max_silence", remission.max_silence, remission.max_silence >= 0, "it must be 0 (no limit) or more"),
        range(
            "recurrence.floor",
            recurrence.floor,
            recurrence.floor > remission.ceiling,
            "it must be above remission.ceiling, or one log could be both free of pain and a recurrence",
        ),
        range("recurrence.hold_within", recurrence.hold_within, recurrence.hold_within >= 1, days),
        range("censoring.silence", censoring.silence, censoring.silence >= 0, "it must be 0 (no limit) or more"),
        range(
            "maintenance.sessions_per_week",
            maintenance.sessions_per_week,
            maintenance.sessions_per_week > 0.0,
            "it must be more than 0",
        ),
        range("maintenance.window", maintenance.window, maintenance.window >= 7, "it must be at least 7 days"),
        range("maintenance.lag", maintenance.lag, maintenance.lag >= 0, not_negative),
        range("landmark.day", landmark.day, landmark.day >= 1, days),
        range("model.level", model.level, model.level > 0.0 && model.level < 1.0, "it must be between 0 and 1, such as 0.95"),
        range("model.horizon", model.horizon, model.horizon > 0.0, "it must be more than 0 days"),
        range("claims.flare_pain", claims.flare_pain, claims.flare_pain > 0.0, "it must be more than 0"),
        range("claims.painful_rise", claims.painful_rise, claims.painful_rise > 0.0, "it must be more than 0"),
        range("claims.equivalence_margin", claims.equivalence_margin, claims.equivalence_margin > 0.0, "it must be more than 0"),
        range(
            "claims.flexibility_weeks",
            claims.flexibility_weeks,
            (1..=52).contains(&claims.flexibility_weeks),
            "it must be from 1 to 52 weeks",
        ),
        range(
            "weights.truncate",
            weights.truncate,
            weights.truncate >= 0.0 && weights.truncate < 0.5,
            "it must be 0 (none) or more and below 0.5, such as 0.01",
        ),
        range("weights.interval", weights.interval, weights.interval >= 7, "it must be at least 7 days"),
        range("weights.grace", weights.grace, weights.grace >= 0, not_negative),
        range("claims.alpha", claims.alpha, claims.alpha > 0.0 && claims.alpha < 1.0, "it must be between 0 and 1, such as 0.05"),
    ];
    first_bad(ranges, file)
}

fn check_files(reading: &Reading, file: &str) -> Result<(), SettingsError> {
    let entries = reading.files.iter().flat_map(|(kind, entries)| entries.iter().map(move |entry| (kind.as_str(), entry)));
    for (kind, entry) in entries {
        let name = |setting: &str| format!("files.{kind}.{setting}");
        let (years, thousands, decimal) = (name("two_digit_years"), name("thousands"), name("decimal"));
        let mark = |mark: Option<char>| mark.map_or_else(String::new, |mark| format!("\"{mark}\""));
        let ranges = [
            range(
                &years,
                entry.two_digit_years.unwrap_or(1950),
                entry.two_digit_years.is_none_or(|first| (1900..=2000).contains(&first)),
                "it is the first of the hundred years that two digits can mean, from 1900 to 2000, such as 1950",
            ),
            range(
                &thousands,
                mark(entry.thousands),
                entry.thousands.is_none_or(|mark| matches!(mark, '.' | ',' | ' ' | '\'' | '\u{2019}' | '\u{a0}' | '\u{202f}')),
                "it must be \".\", \",\", \"'\" or \" \"",
            ),
            range(
                &decimal,
                mark(entry.decimal),
                entry.decimal.is_none() || entry.decimal != entry.thousands,
                "that mark already stands between thousands",
            ),
        ];
        first_bad(ranges, file)?;
    }
    Ok(())
}

/// The first range that does not hold, as an error.
fn first_bad<'a>(ranges: impl IntoIterator<Item = Range<'a>>, file: &str) -> Result<(), SettingsError> {
    match ranges.into_iter().find(|range| !range.good) {
        None => Ok(()),
        Some(bad) => Err(SettingsError::Value {
            file: file.to_owned(),
            setting: bad.setting.to_owned(),
            found: bad.found,
            expected: bad.expected.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_gives_every_default() {
        assert_eq!(parse("", "study.toml").unwrap(), StudyFile::default());
    }

    #[test]
    fn the_template_is_the_defaults_spelled_out() {
        assert_eq!(parse(super::super::TEMPLATE, "study.toml").unwrap().settings, Settings::default());
    }

    #[test]
    fn a_mistyped_setting_is_named_with_its_place_and_the_nearest() {
        let error = parse("[remission]\nceiling = 1\ndayz = 30\n", "study.toml").unwrap_err();
        assert_eq!(error.to_string(), "study.toml, line 3, column 1: there is no setting \"dayz\" here. Did you mean \"days\"?");
    }

    #[test]
    fn a_value_out_of_range_says_what_was_expected() {
        let error = parse("[recurrence]\nfloor = 0.5\n", "study.toml").unwrap_err();
        assert_eq!(
            error.to_string(),
            "study.toml: recurrence.floor = 0.5, but it must be above remission.ceiling, or one log could be both free of pain and a recurrence"
        );
    }

    #[test]
    fn a_negative_control_is_an_event_that_does_not_end_follow_up() {
        let event = |word: &str| parse(&format!("[negative_control]\nevent = \"{word}\"\n"), "study.toml");
        assert_eq!(event("MRI").unwrap().settings.negative_control.event, Some(crate::domain::EventKind::Imaging));
        assert!(event("died").unwrap_err().to_string().contains("\"died\" ends follow-up"));
        assert!(event("imagin").unwrap_err().to_string().contains("did you mean \"imaging\"?"));
    }

    #[test]
    fn a_column_is_either_kept_or_dropped_and_has_a_name() {
        let refusal = |text: &str| parse(text, "study.toml").unwrap_err().to_string();
        assert_eq!(
            refusal("[privacy]\nkeep = [\"Team\"]\ndrop = [\"team \"]\n"),
            "study.toml: privacy.keep = \"Team\", but privacy.drop names it too; a column is either kept or dropped"
        );
        assert_eq!(
            refusal("[privacy]\ndrop = [\" \"]\n"),
            "study.toml: privacy.drop = \"\", but it must name columns as they stand in the header of a file"
        );
        assert!(refusal("[privacy]\nkeeep = []\n").ends_with("there is no setting \"keeep\" here. Did you mean \"keep\"?"));
    }

    #[test]
    fn a_cut_off_after_the_export_and_marks_that_are_none_are_refused() {
        let refused = |text| parse(text, "s").unwrap_err().to_string();
        assert!(
            refused("[study]\ncut_off = 2025-12-31\nexported_on = 2025-06-30\n").starts_with("s: study.cut_off = 2025-12-31, but the logs")
        );
        assert_eq!(
            refused("[files.pain]\nthousands = \"x\"\n"),
            "s: files.pain.thousands = \"x\", but it must be \".\", \",\", \"'\" or \" \""
        );
        assert!(refused("[files.pain]\ndate_order = \"day\"\n").contains("date_order is \"iso\", \"day-first\" or \"month-first\""));
        assert!(refused("[files.pain]\ndate_serial = \"1905\"\n").contains("\"1905\" is not one of 1900, 1904"));
    }

    #[test]
    fn a_cut_off_is_read_quoted_or_bare_and_files_alone_or_in_a_list() {
        for text in ["[study]\ncut_off = 2025-12-31", "[study]\ncut_off = \"2025-12-31\""] {
            assert_eq!(parse(text, "s").unwrap().settings.study.cut_off, Some(CutOff(Day::from_ymd(2025, 12, 31).unwrap())));
        }
        let one = parse("[files.pain]\npath = 'a.csv'", "s").unwrap();
        let two = parse("[[files.pain]]\npath = 'a.csv'\n[[files.pain]]\npath = 'b.csv'", "s").unwrap();
        assert_eq!(one.reading.files[&LogKind::Pain].len(), 1);
        assert_eq!(two.reading.files[&LogKind::Pain].len(), 2);
    }
}
