//! The columns of each log: native name, accepted spellings, what they hold. The one place that knows them.

mod aliases;
mod header_index;
mod header_name;
mod meant;

pub(super) use header_index::{HeaderIndex, HeaderName};
pub use header_name::normalized;

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
    /// Where a session took place.
    Setting,
    /// Kind of exercise or treatment.
    Modality,
    /// Muscles exercised.
    MuscleGroup,
    /// Sets done.
    Sets,
    /// Repetitions in a set.
    Reps,
    /// Seconds a position was held.
    HoldSeconds,
    /// Pain before the session.
    PainBefore,
    /// Worst pain in the session.
    PainDuring,
    /// Pain after the session.
    PainAfter,
    /// How far down the leg the pain reaches.
    Site,
    /// Numbness.
    Numbness,
    /// Weakness.
    Weakness,
    /// Whether the pain limited activity.
    Limited,
    /// Diary or visit.
    Context,
    /// Whether pain medication was taken.
    Medication,
    /// What was measured.
    Measure,
    /// The value measured.
    Value,
    /// A measure with a column of its own.
    MeasureColumn,
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

const PATIENT_ID: ColumnSpec = column(Field::PatientId, "patient_id", aliases::PATIENT_ID, true, "text");
const DATE: ColumnSpec = column(Field::Date, "date", aliases::DATE, true, "date or date-time");

const fn unused(name: &'static str) -> ColumnSpec {
    column(Field::Unused, name, &[], false, "accepted, not analyzed")
}

const SESSIONS: &[ColumnSpec] = &[
    PATIENT_ID,
    DATE,
    column(Field::Phase, "phase", aliases::PHASE, false, "program, flexibility, …, maintenance"),
    column(Field::Status, "status", aliases::STATUS, false, "done, partial, missed (or 1, 0)"),
    column(
        Field::Exercise,
        "exercise",
        aliases::EXERCISE,
        false,
        "text; several rows of a day are then one session, the names are not analyzed",
    ),
    column(Field::Minutes, "minutes", aliases::MINUTES, false, "number, 0 or more"),
    column(Field::Prescribed, "prescribed", aliases::PRESCRIBED, false, "sessions a week, 0 or more"),
    column(Field::FractionDone, "fraction_done", aliases::FRACTION_DONE, false, "0–1"),
    column(Field::Technique, "technique", aliases::TECHNIQUE, false, "1–5"),
    unused("session_number"),
    column(Field::Setting, "setting", aliases::SETTING, false, "clinic, home, class"),
    column(Field::Modality, "modality", aliases::MODALITY, false, "stretching, core, …, traction, manual, heat, cold, stimulation, other"),
    column(Field::MuscleGroup, "muscle_group", aliases::MUSCLE_GROUP, false, "text"),
    column(Field::Sets, "sets", aliases::SETS, false, "number, 0 or more"),
    column(Field::Reps, "reps", aliases::REPS, false, "number, 0 or more"),
    column(Field::HoldSeconds, "hold_seconds", aliases::HOLD_SECONDS, false, "number, 0 or more"),
    column(Field::PainBefore, "pain_before", aliases::PAIN_BEFORE, false, "number on the scale of pain.csv"),
    column(Field::PainDuring, "pain_during", aliases::PAIN_DURING, false, "number on the scale of pain.csv"),
    column(Field::PainAfter, "pain_after", aliases::PAIN_AFTER, false, "number on the scale of pain.csv"),
    column(Field::Unused, "entry", &[], false, "text; tells apart entries of one day that are equal otherwise"),
];

const PAIN: &[ColumnSpec] = &[
    PATIENT_ID,
    DATE,
    column(Field::Pain, "pain", aliases::PAIN, true, "number on the scale"),
    column(Field::Lasted24h, "lasted_24h", aliases::LASTED_24H, false, "yes, no or unknown"),
    column(Field::Site, "site", aliases::SITE, false, "0–5, or none, low back, buttock, thigh, calf, foot"),
    column(Field::Numbness, "numbness", aliases::NUMBNESS, false, "yes, no or unknown"),
    column(Field::Weakness, "weakness", aliases::WEAKNESS, false, "yes, no or unknown"),
    column(Field::Limited, "limited", aliases::LIMITED, false, "yes or no: whether the pain limited activity"),
    column(Field::Context, "context", aliases::CONTEXT, false, "diary, visit"),
    column(Field::Medication, "medication", aliases::MEDICATION, false, "yes or no; read and checked, not analyzed"),
];

const PROGRAMS: &[ColumnSpec] = &[
    PATIENT_ID,
    column(Field::Date, "start", aliases::START, true, "date"),
    column(Field::PlannedEnd, "planned_end", aliases::PLANNED_END, false, "date"),
    column(Field::CompletedOn, "completed_on", aliases::COMPLETED_ON, false, "date"),
    column(Field::Outcome, "outcome", aliases::OUTCOME, false, "completed, dropped_out, ongoing"),
    column(Field::PrescribedPerWeek, "prescribed_per_week", aliases::PRESCRIBED_PER_WEEK, false, "sessions a week, 0 or more"),
    column(
        Field::MaintenancePerWeek,
        "maintenance_per_week",
        &["maintenance", "maintenance_sessions_per_week", "maintenance_sessions", "maintenance_frequency"],
        false,
        "sessions a week, 0 or more",
    ),
    unused("phase_plan"),
];

const PATIENTS: &[ColumnSpec] = &[
    PATIENT_ID,
    column(Field::Covariate, "age", aliases::AGE, false, "number"),
    column(Field::Covariate, "birth_year", aliases::BIRTH_YEAR, false, "number"),
    column(Field::Covariate, "sex", aliases::SEX, false, "category"),
    column(Field::Covariate, "onset", &["onset_date"], false, "any"),
    column(Field::Covariate, "previous_episodes", aliases::PREVIOUS_EPISODES, false, "number"),
];

const EVENTS: &[ColumnSpec] = &[
    PATIENT_ID,
    DATE,
    column(Field::Event, "event", aliases::EVENT, true, "surgery, injection, imaging, referral, new_program, withdrawn, died"),
];

const MEASURES: &[ColumnSpec] = &[
    PATIENT_ID,
    DATE,
    column(Field::Measure, "measure", aliases::MEASURE, true, "text, such as ODI, RMDQ, PGIC, flexion_cm"),
    column(Field::Value, "value", aliases::VALUE, true, "number"),
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
        LogKind::Measures => MEASURES,
    }
}

impl Field {
    /// Whether its cells hold numbers.
    pub(super) fn is_number(self) -> bool {
        matches!(
            self,
            Self::Pain
                | Self::Minutes
                | Self::Prescribed
                | Self::FractionDone
                | Self::Technique
                | Self::PrescribedPerWeek
                | Self::MaintenancePerWeek
                | Self::Sets
                | Self::Reps
                | Self::HoldSeconds
                | Self::PainBefore
                | Self::PainDuring
                | Self::PainAfter
                | Self::Value
                | Self::MeasureColumn
        )
    }

    /// Whether a cell that cannot be read counts as missing and does not cost the row.
    pub(super) fn is_detail(self) -> bool {
        matches!(
            self,
            Self::Setting
                | Self::Modality
                | Self::MuscleGroup
                | Self::Sets
                | Self::Reps
                | Self::HoldSeconds
                | Self::PainBefore
                | Self::PainDuring
                | Self::PainAfter
                | Self::Site
                | Self::Numbness
                | Self::Weakness
                | Self::Limited
                | Self::Context
                | Self::Medication
                | Self::MeasureColumn
        )
    }
}

impl ColumnSpec {
    /// Whether a header name is one of this column's, with or without a unit behind it.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.is_called_by(&HeaderName::of(name))
    }

    /// As [`Self::is_called`], for a name that is compared with many columns.
    pub(in crate::ingest) fn is_called_by(&self, name: &HeaderName) -> bool {
        name.spellings().iter().any(|name| *name == self.name || self.aliases.contains(name))
    }
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
}
