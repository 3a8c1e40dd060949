//! The columns of each log: native name, accepted spellings, what they hold. The one place that knows them.

use crate::settings::LogKind;

/// What a column means, whatever it is called in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Whose row it is.
    PatientId,
    /// The day logged (the start of a program).
    Date,
    /// Pain score.
    Pain,
    /// Whether the pain lasted 24 hours.
    Lasted24h,
    /// Phase of care.
    Phase,
    /// Done, partial or missed.
    Status,
    /// Name of the exercise.
    Exercise,
    /// Minutes.
    Minutes,
    /// Sessions a week prescribed.
    Prescribed,
    /// Share done.
    FractionDone,
    /// Quality of execution, 1–5.
    Technique,
    /// Planned last day of a program.
    PlannedEnd,
    /// Last day of a completed program.
    CompletedOn,
    /// How a program ended.
    Outcome,
    /// Sessions a week in the program.
    PrescribedPerWeek,
    /// Sessions a week afterwards.
    MaintenancePerWeek,
    /// What happened.
    Event,
    /// A column of the native files that this version does not analyze.
    Unused,
    /// A column of `patients.csv`.
    Covariate,
}

/// One column of a native file.
#[derive(Clone, Copy, Debug)]
pub struct ColumnSpec {
    /// What it means.
    pub field: Field,
    /// Native name.
    pub name: &'static str,
    /// Further names accepted, lower case with `_` between words.
    pub aliases: &'static [&'static str],
    /// Whether a file cannot do without it.
    pub required: bool,
    /// What its cells hold, for the documentation.
    pub holds: &'static str,
}

const fn column(field: Field, name: &'static str, aliases: &'static [&'static str], required: bool, holds: &'static str) -> ColumnSpec {
    ColumnSpec { field, name, aliases, required, holds }
}

const PATIENT_ID: ColumnSpec = column(
    Field::PatientId,
    "patient_id",
    &["patient", "id", "pid", "patientid", "subject", "subject_id", "participant", "participant_id", "record_id", "patient_number"],
    true,
    "text",
);
const DATE: ColumnSpec = column(
    Field::Date,
    "date",
    &["day", "datum", "datetime", "date_time", "timestamp", "logged_on", "log_date", "session_date", "visit_date"],
    true,
    "date or date-time",
);

const fn unused(name: &'static str) -> ColumnSpec {
    column(Field::Unused, name, &[], false, "accepted, not analyzed")
}

const SESSIONS: &[ColumnSpec] = &[
    PATIENT_ID,
    DATE,
    column(Field::Phase, "phase", &["program_phase", "care_phase", "stage"], false, "program, flexibility, …, maintenance"),
    column(
        Field::Status,
        "status",
        &["completed", "done", "attended", "attendance", "performed", "adherent"],
        false,
        "done, partial, missed (or 1, 0)",
    ),
    column(Field::Exercise, "exercise", &["exercise_name", "activity"], false, "text"),
    column(Field::Minutes, "minutes", &["duration", "duration_min", "duration_minutes", "mins", "dauer"], false, "number, 0 or more"),
    column(Field::Prescribed, "prescribed", &["sessions_per_week", "prescribed_per_week"], false, "sessions a week, 0 or more"),
    column(Field::FractionDone, "fraction_done", &["fraction", "share_done"], false, "0–1"),
    column(Field::Technique, "technique", &["technique_score", "quality"], false, "1–5"),
    unused("setting"),
    unused("modality"),
    unused("muscle_group"),
    unused("sets"),
    unused("reps"),
    unused("hold_seconds"),
    unused("pain_before"),
    unused("pain_during"),
    unused("pain_after"),
    column(Field::Unused, "entry", &[], false, "text; tells apart entries of one day that are equal otherwise"),
];

const PAIN: &[ColumnSpec] = &[
    PATIENT_ID,
    DATE,
    column(
        Field::Pain,
        "pain",
        &["score", "nrs", "vas", "pain_score", "pain_intensity", "pain_level", "intensity", "schmerz"],
        true,
        "number on the scale",
    ),
    column(Field::Lasted24h, "lasted_24h", &["lasted24h", "lasted_24_h"], false, "yes or no"),
    unused("site"),
    unused("numbness"),
    unused("weakness"),
    unused("context"),
    unused("medication"),
];

const PROGRAMS: &[ColumnSpec] = &[
    PATIENT_ID,
    column(Field::Date, "start", &["program_start", "start_date", "started_on", "begin"], true, "date"),
    column(Field::PlannedEnd, "planned_end", &["planned_end_date", "expected_end"], false, "date"),
    column(Field::CompletedOn, "completed_on", &["completed", "completion", "completion_date", "completed_date"], false, "date"),
    column(Field::Outcome, "outcome", &["program_outcome"], false, "completed, dropped_out, ongoing"),
    column(Field::PrescribedPerWeek, "prescribed_per_week", &["prescribed", "sessions_per_week"], false, "sessions a week, 0 or more"),
    column(Field::MaintenancePerWeek, "maintenance_per_week", &["maintenance"], false, "sessions a week, 0 or more"),
    unused("phase_plan"),
];

const PATIENTS: &[ColumnSpec] = &[
    PATIENT_ID,
    column(Field::Covariate, "age", &["age_years", "alter"], false, "number"),
    column(Field::Covariate, "birth_year", &["year_of_birth", "born"], false, "number"),
    column(Field::Covariate, "sex", &["gender", "geschlecht"], false, "category"),
    column(Field::Covariate, "onset", &["onset_date"], false, "any"),
    column(Field::Covariate, "previous_episodes", &["prior_episodes", "episodes"], false, "number"),
];

const EVENTS: &[ColumnSpec] = &[
    PATIENT_ID,
    DATE,
    column(
        Field::Event,
        "event",
        &["event_type", "kind", "type"],
        true,
        "surgery, injection, imaging, referral, new_program, withdrawn, died",
    ),
];

/// The columns of one kind of log.
#[must_use]
pub fn columns_of(kind: LogKind) -> &'static [ColumnSpec] {
    match kind {
        LogKind::Sessions => SESSIONS,
        LogKind::Pain => PAIN,
        LogKind::Programs => PROGRAMS,
        LogKind::Patients => PATIENTS,
        LogKind::Events => EVENTS,
    }
}

/// A header name as aliases are compared: lower case, words joined by `_`.
#[must_use]
pub fn normalized(name: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("_").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_means_two_columns_of_one_log() {
        for kind in LogKind::ALL {
            let mut seen: Vec<&str> = Vec::new();
            for spec in columns_of(*kind) {
                for name in std::iter::once(&spec.name).chain(spec.aliases) {
                    assert_eq!(normalized(name), **name, "spelled as compared");
                    assert!(!seen.contains(name), "{name} twice in {}", kind.as_str());
                    seen.push(name);
                }
            }
        }
    }

    #[test]
    fn header_names_are_compared_without_case_and_punctuation() {
        assert_eq!(normalized(" Patient-ID "), "patient_id");
        assert_eq!(normalized("Pain (score)"), "pain_score");
    }
}
