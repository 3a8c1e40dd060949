//! What reading a study gives: columns sorted by patient and day, patients as dense indices.

use crate::domain::{
    Answer, Day, EventKind, Modality, OptionalNumber, PainContext, PainScale, PainSite, Phase, ProgramOutcome, SessionStatus, Setting,
};

use super::accounting::ReadingReport;
use super::categories::Categories;
use super::places::{Place, Places};
use crate::settings::Settings;

/// The logs of a study. Patient `p` owns the rows `offsets[p]..offsets[p + 1]` of each long log.
#[derive(Clone, Debug)]
pub struct Logs {
    /// Name of the study (setting, else the folder's name).
    pub study_name: String,
    /// The fingerprint of the key by which ids are pseudonymized, if they are.
    pub pseudonym_key: Option<String>,
    /// Patients, sorted by id.
    pub patients: Roster,
    /// Pain, at most one row per patient and day, sorted by patient and day.
    pub pain: PainLog,
    /// Sessions, sorted by patient and day.
    pub sessions: SessionLog,
    /// Programs as recorded, sorted by patient and start.
    pub programs: ProgramLog,
    /// Clinical events, sorted by patient and day.
    pub events: EventLog,
    /// Questionnaires and other measurements, sorted by patient, day and measure.
    pub measures: MeasureLog,
    /// The scale of every pain value.
    pub scale: PainScale,
    /// Data cut-off: nothing after it is used.
    pub cut_off: Day,
    /// Whether the cut-off is the setting or the last log date.
    pub cut_off_declared: bool,
    /// Files, row accounting, rejected rows, notes.
    pub reading: ReadingReport,
    /// XXH3 hash (16 hexadecimal digits) of every file read, in the order of `reading.files`; if ids are pseudonymized, a keyed hash of it.
    pub input_hash: String,
    /// The settings they were read by, as they may be shown: if ids are pseudonymized, none stands in a name.
    pub settings: Settings,
}

impl Logs {
    /// Number of patients.
    #[must_use]
    pub fn n_patients(&self) -> usize {
        self.patients.ids.len()
    }
}

/// The patients and what `patients.csv` says of them.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// Ids in sorted order; the index is the patient everywhere else.
    pub ids: Vec<String>,
    /// Whether there is a `patients.csv`.
    pub listed: bool,
    /// For each patient the row of `patients.csv`, where there is one.
    pub places: Vec<Option<Place>>,
    /// Its further columns, one value a patient.
    pub covariates: Vec<Covariate>,
}

/// One column of `patients.csv`.
#[derive(Clone, Debug)]
pub struct Covariate {
    /// Column name (native name where it is an alias).
    pub name: String,
    /// One value per patient.
    pub values: CovariateValues,
}

/// Numbers, or categories with sorted levels.
#[derive(Clone, Debug)]
pub enum CovariateValues {
    /// All present values are numbers.
    Number(Vec<Option<f64>>),
    /// Level codes into sorted `levels`.
    Category {
        /// Distinct values, sorted.
        levels: Vec<String>,
        /// Index into `levels`.
        codes: Vec<Option<u32>>,
    },
}

/// Pain rows in columns.
#[derive(Clone, Debug, Default)]
pub struct PainLog {
    /// `n_patients + 1` row offsets.
    pub offsets: Vec<usize>,
    /// Days since 1970-01-01.
    pub day: Vec<i32>,
    /// Score on the study's scale; read it through [`PainLog::score`].
    pub score: Vec<f32>,
    /// Whether the pain was said to have lasted 24 hours; empty if never logged.
    pub lasted_24h: Vec<bool>,
    /// The most distal place of pain of the day, where logged; empty if the column is absent.
    pub site: Vec<Option<PainSite>>,
    /// Numbness on the day: yes if any row says so, else no if any says that; empty if the column is absent.
    pub numbness: Vec<Option<Answer>>,
    /// Weakness, likewise.
    pub weakness: Vec<Option<Answer>>,
    /// Whether the pain limited activity, likewise.
    pub limited: Vec<Option<Answer>>,
    /// Whether pain medication was taken, likewise.
    pub medication: Vec<Option<Answer>>,
    /// Where the day's score comes from: a visit only if the day has no diary; empty if the column is absent.
    pub context: Vec<Option<PainContext>>,
    /// The single scores of days with several, and the readings of visits.
    pub same_day: SameDayLog,
    /// How many cells the `lasted_24h` column has in rows used, and how many of them hold an answer.
    pub lasted_filled: Filled,
    /// File and line of each row (of the row whose score was kept).
    pub places: Places,
}

/// Cells of an optional column, before duplicates are merged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// All of them.
    pub cells: usize,
    /// Those that hold a value.
    pub filled: usize,
}

impl Filled {
    /// Adds a cell.
    pub(super) fn note(&mut self, filled: bool) {
        self.cells += 1;
        self.filled += usize::from(filled);
    }

    /// Adds those of another part of the log.
    pub(super) fn add(&mut self, other: Self) {
        self.cells += other.cells;
        self.filled += other.filled;
    }
}

impl PainLog {
    /// The score of row `row` as the decimal number that was logged.
    ///
    /// Scores are held in 32 bits; rounding to five decimals gives back the decimal that was typed.
    #[must_use]
    pub fn score(&self, row: usize) -> f64 {
        as_logged(self.score[row])
    }

    /// Whether row `row` was logged as lasting 24 hours.
    #[must_use]
    pub fn lasted(&self, row: usize) -> bool {
        self.lasted_24h.get(row).copied().unwrap_or(false)
    }

    /// The rows of a patient.
    #[must_use]
    pub fn rows(&self, patient: usize) -> std::ops::Range<usize> {
        self.offsets[patient]..self.offsets[patient + 1]
    }
}

/// The rows of a patient in a log that may hold nothing, not even offsets.
fn rows_of(offsets: &[usize], patient: usize) -> std::ops::Range<usize> {
    match (offsets.get(patient), offsets.get(patient + 1)) {
        (Some(&start), Some(&end)) => start..end,
        _ => 0..0,
    }
}

/// The decimal number that is held in 32 bits.
fn as_logged(score: f32) -> f64 {
    (f64::from(score) * 1e5).round() / 1e5
}

/// The several scores of days that have more than one, and every reading of a visit; sorted by patient and day, those of a day in the
/// order of the files.
///
/// A score that several files repeat stands as often as the file has it that has it most often: overlapping exports tell of one
/// log twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SameDayLog {
    /// `n_patients + 1` row offsets.
    pub offsets: Vec<usize>,
    /// Days since 1970-01-01.
    pub day: Vec<i32>,
    /// Score on the study's scale; read it through [`SameDayLog::score`].
    pub score: Vec<f32>,
    /// Diary or visit, as logged.
    pub context: Vec<Option<PainContext>>,
}

impl SameDayLog {
    /// The rows of a patient; none if no day has several.
    #[must_use]
    pub fn rows(&self, patient: usize) -> std::ops::Range<usize> {
        rows_of(&self.offsets, patient)
    }

    /// The score of row `row` as the decimal number that was logged.
    #[must_use]
    pub fn score(&self, row: usize) -> f64 {
        as_logged(self.score[row])
    }

    /// Whether row `row` is the reading of a visit.
    #[must_use]
    pub fn is_visit(&self, row: usize) -> bool {
        self.context.get(row).copied().flatten() == Some(PainContext::Visit)
    }
}

/// Session rows in columns.
#[derive(Clone, Debug, Default)]
pub struct SessionLog {
    /// `n_patients + 1` row offsets.
    pub offsets: Vec<usize>,
    /// Days since 1970-01-01.
    pub day: Vec<i32>,
    /// Phase as logged; `None` where the row has none.
    pub phase: Vec<Option<Phase>>,
    /// Done, partial or missed; a row without a status is done.
    pub status: Vec<SessionStatus>,
    /// How many cells the `status` column has in rows used, and how many of them say something (an empty box to tick does).
    pub status_filled: Filled,
    /// Share done, 0–1, where logged; empty if the column is absent.
    pub fraction_done: Vec<OptionalNumber>,
    /// Minutes, where logged; empty if the column is absent.
    pub minutes: Vec<OptionalNumber>,
    /// Sessions a week prescribed as logged on the row; empty if the column is absent.
    pub prescribed: Vec<OptionalNumber>,
    /// Where it took place, where logged; empty if the column is absent.
    pub setting: Vec<Option<Setting>>,
    /// Kind of exercise or treatment, where logged; empty if the column is absent.
    pub modality: Vec<Option<Modality>>,
    /// Muscles exercised; empty if the column is absent.
    pub muscle_group: Categories,
    /// Name of the exercise; empty if the column is absent.
    pub exercise: Categories,
    /// Sets, where logged; empty if the column is absent.
    pub sets: Vec<OptionalNumber>,
    /// Repetitions in a set, where logged; empty if the column is absent.
    pub reps: Vec<OptionalNumber>,
    /// Seconds a position was held, where logged; empty if the column is absent.
    pub hold_seconds: Vec<OptionalNumber>,
    /// Quality of execution, 1–5, where logged; empty if the column is absent.
    pub technique: Vec<OptionalNumber>,
    /// Pain before the session on the study's scale, where logged; empty if the column is absent. Read it through
    /// [`SessionLog::pain_of`].
    pub pain_before: Vec<OptionalNumber>,
    /// Pain in the session, likewise.
    pub pain_during: Vec<OptionalNumber>,
    /// Pain after the session, likewise.
    pub pain_after: Vec<OptionalNumber>,
    /// Whether the log has a `phase` column (completion can then be derived from it).
    pub has_phase: bool,
    /// Whether the log has an `exercise` column (several rows then make one session).
    pub has_exercise: bool,
    /// File and line of each row.
    pub places: Places,
}

impl SessionLog {
    /// The pain of row `row` in one of the columns of pain, as the decimal number that was logged.
    #[must_use]
    pub fn pain_of(column: &[OptionalNumber], row: usize) -> Option<f64> {
        column.get(row).and_then(|score| score.get()).map(as_logged)
    }

    /// The setting of row `row`, where logged.
    #[must_use]
    pub fn setting(&self, row: usize) -> Option<Setting> {
        self.setting.get(row).copied().flatten()
    }

    /// The modality of row `row`, where logged.
    #[must_use]
    pub fn modality(&self, row: usize) -> Option<Modality> {
        self.modality.get(row).copied().flatten()
    }

    /// The rows of a patient.
    #[must_use]
    pub fn rows(&self, patient: usize) -> std::ops::Range<usize> {
        self.offsets[patient]..self.offsets[patient + 1]
    }
}

/// Programs as the clinic recorded them: of one patient no two start on the same day.
#[derive(Clone, Debug, Default)]
pub struct ProgramLog {
    /// `n_patients + 1` row offsets.
    pub offsets: Vec<usize>,
    /// The programs.
    pub record: Vec<ProgramRecord>,
    /// Where each stands.
    pub place: Vec<Place>,
}

impl ProgramLog {
    /// The rows of a patient.
    #[must_use]
    pub fn rows(&self, patient: usize) -> std::ops::Range<usize> {
        self.offsets[patient]..self.offsets[patient + 1]
    }

    /// The programs of a patient, the earliest first; none if `programs.csv` has no row of the patient.
    #[must_use]
    pub fn of(&self, patient: usize) -> &[ProgramRecord] {
        &self.record[self.rows(patient)]
    }
}

/// A program as the clinic recorded it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProgramRecord {
    /// First day.
    pub start: Day,
    /// Planned last day.
    pub planned_end: Option<Day>,
    /// Last day of a completed program.
    pub completed_on: Option<Day>,
    /// How it ended.
    pub outcome: Option<ProgramOutcome>,
    /// Sessions a week prescribed in the program.
    pub prescribed_per_week: Option<f64>,
    /// Sessions a week recommended afterwards.
    pub maintenance_per_week: Option<f64>,
}

/// Clinical events in columns.
#[derive(Clone, Debug, Default)]
pub struct EventLog {
    /// `n_patients + 1` row offsets.
    pub offsets: Vec<usize>,
    /// Days since 1970-01-01.
    pub day: Vec<i32>,
    /// What happened.
    pub kind: Vec<EventKind>,
    /// File and line of each row.
    pub places: Places,
}

impl EventLog {
    /// The rows of a patient.
    #[must_use]
    pub fn rows(&self, patient: usize) -> std::ops::Range<usize> {
        self.offsets[patient]..self.offsets[patient + 1]
    }
}

/// Measurements in columns, at most one of a patient, day and measure.
#[derive(Clone, Debug, Default)]
pub struct MeasureLog {
    /// `n_patients + 1` row offsets.
    pub offsets: Vec<usize>,
    /// Days since 1970-01-01.
    pub day: Vec<i32>,
    /// Codes into `names`.
    pub measure: Vec<u32>,
    /// Names of the measures, sorted, each as it was spelled first.
    pub names: Vec<String>,
    /// The value as logged.
    pub value: Vec<f64>,
    /// File and line of each row (of the row whose value was kept).
    pub places: Places,
}

impl MeasureLog {
    /// The rows of a patient; none without a log.
    #[must_use]
    pub fn rows(&self, patient: usize) -> std::ops::Range<usize> {
        rows_of(&self.offsets, patient)
    }
}
