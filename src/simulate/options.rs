//! What a simulated cohort is made to be.

use std::fmt;

use crate::domain::Day;

/// Choices of a simulated cohort.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulationOptions {
    /// Number of patients.
    pub patients: usize,
    /// Seed.
    pub seed: u64,
    /// First day on which a program may start.
    pub first_start: Day,
    /// Programs start within this many days.
    pub enrolment_days: i32,
    /// Data cut-off.
    pub cut_off: Day,
    /// Hazard of recurrence while maintaining, relative to not maintaining.
    pub maintenance_hazard_ratio: f64,
    /// How much full adherence speeds up relief: 0 none, 1 usual.
    pub program_effect: f64,
    /// Whether the further claims have an effect behind them; if not, nothing that is done in the program changes relief.
    pub claim_effects: bool,
    /// Share of patients who drop out of the program.
    pub program_dropout: f64,
    /// Who takes up maintenance.
    pub uptake: Uptake,
    /// Healthy adherers: log hazard falls by half of this per standard deviation of a trait that raises the log odds of taking up
    /// maintenance by all of it.
    pub confounding: f64,
    /// Share of the trait's variance that the logs show (`activity_level`; previous episodes and adherence show a part of it).
    pub confounding_measured: f64,
    /// Share of recurrences that weeks of twinges announce, which stop the exercise 10 to 45 days before.
    pub reverse_causation: f64,
    /// Rate at which patients stop logging for good.
    pub dropout_per_year: f64,
    /// How much that rate depends on maintenance, trait and pain: 0 not at all, 1 strongly.
    pub informative_dropout: f64,
    /// Pain logs a week after the program.
    pub logs_per_week: f64,
    /// The same while not maintaining, as a share of it.
    pub logging_when_stopped: f64,
    /// Share of damaged rows.
    pub dirty_share: f64,
    /// Which columns are written.
    pub columns: Columns,
}

/// Who takes up maintenance after the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uptake {
    /// As the patient's trait has it: the healthy adherer.
    ByTrait,
    /// Whoever the draw falls on, as in a trial; how long it lasts is drawn without the trait too.
    Random,
    /// Everybody, and for good.
    Always,
    /// Nobody.
    Never,
}

/// Which columns are written. The values of a column are the same either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// Those of the core question.
    Minimal,
    /// Those of every claim, several rows for the exercises of a stretching session, readings at visits, and `measures.csv`.
    Full,
}

impl Uptake {
    /// Every choice.
    pub const ALL: [Self; 4] = [Self::ByTrait, Self::Random, Self::Always, Self::Never];

    /// Written form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ByTrait => "by-trait",
            Self::Random => "random",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

impl Columns {
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::Minimal, Self::Full];

    /// Written form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Full => "full",
        }
    }
}

impl fmt::Display for Uptake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Default for SimulationOptions {
    fn default() -> Self {
        Self {
            patients: 400,
            seed: 1,
            first_start: Day(18_995), // 2022-01-03, a Monday
            enrolment_days: 364,
            cut_off: Day(20_088), // 2024-12-31
            maintenance_hazard_ratio: 0.6,
            program_effect: 1.0,
            claim_effects: true,
            program_dropout: 0.1,
            uptake: Uptake::ByTrait,
            confounding: 0.5,
            confounding_measured: 0.5,
            reverse_causation: 0.3,
            dropout_per_year: 0.2,
            informative_dropout: 0.0,
            logs_per_week: 3.0,
            logging_when_stopped: 1.0,
            dirty_share: 0.002,
            columns: Columns::Full,
        }
    }
}

impl SimulationOptions {
    /// The options of the sample study of the repository.
    #[must_use]
    pub fn sample() -> Self {
        Self { patients: 460, seed: 20_240_611, enrolment_days: 980, maintenance_hazard_ratio: 0.5, dirty_share: 0.003, ..Self::default() }
    }

    /// Refuses values that make no cohort.
    pub(super) fn check(&self) -> Result<(), SimulationError> {
        let share = |option, value: f64| range(option, value, (0.0..=1.0).contains(&value), "it must be between 0 and 1");
        range("--patients", self.patients as f64, (1..=1_000_000).contains(&self.patients), "it must be between 1 and 1000000")?;
        range(
            "--maintenance-hazard-ratio",
            self.maintenance_hazard_ratio,
            self.maintenance_hazard_ratio > 0.0 && self.maintenance_hazard_ratio <= 100.0,
            "it must be above 0 (1 is no effect)",
        )?;
        range("--program-effect", self.program_effect, (0.0..=10.0).contains(&self.program_effect), "it must be between 0 and 10")?;
        share("--program-dropout", self.program_dropout)?;
        range("--confounding", self.confounding, (-5.0..=5.0).contains(&self.confounding), "it must be between -5 and 5")?;
        share("--confounding-measured", self.confounding_measured)?;
        range("--enrolment-days", f64::from(self.enrolment_days), self.enrolment_days >= 0, "it must be 0 or more")?;
        share("--reverse-causation", self.reverse_causation)?;
        range("--dropout-per-year", self.dropout_per_year, (0.0..=50.0).contains(&self.dropout_per_year), "it must be between 0 and 50")?;
        range(
            "--informative-dropout",
            self.informative_dropout,
            (-3.0..=3.0).contains(&self.informative_dropout),
            "it must be between -3 and 3",
        )?;
        range("--logs-per-week", self.logs_per_week, (0.1..=7.0).contains(&self.logs_per_week), "it must be between 0.1 and 7")?;
        range(
            "--logging-when-stopped",
            self.logging_when_stopped,
            (0.05..=1.0).contains(&self.logging_when_stopped),
            "it must be between 0.05 and 1",
        )?;
        share("--dirty-share", self.dirty_share)?;
        if self.cut_off.days_since(self.first_start) < 30 {
            return Err(SimulationError::CutOff { first_start: self.first_start, cut_off: self.cut_off });
        }
        Ok(())
    }
}

fn range(option: &'static str, value: f64, good: bool, expected: &'static str) -> Result<(), SimulationError> {
    if good { Ok(()) } else { Err(SimulationError::Range { option, value, expected }) }
}

/// Options that make no cohort.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SimulationError {
    /// A value outside its range.
    #[error("{option} is {value}, but {expected}")]
    Range {
        /// The option.
        option: &'static str,
        /// What was found.
        value: f64,
        /// What was expected, as a clause.
        expected: &'static str,
    },
    /// No time between first start and cut-off.
    #[error("--cut-off {cut_off} leaves less than 30 days after the first start on {first_start}; choose a later cut-off")]
    CutOff {
        /// First start.
        first_start: Day,
        /// Cut-off.
        cut_off: Day,
    },
}
