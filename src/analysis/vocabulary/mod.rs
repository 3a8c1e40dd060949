//! What a claim can be made of: exposures and outcomes of a program by name, so that claims of the register and those a clinic
//! defines itself speak of the same things.
//!
//! An exposure or an outcome more is one function and one line in [`EXPOSURES`] or [`OUTCOMES`].

mod exposures;
mod outcomes;

pub use exposures::EXPOSURES;
pub use outcomes::OUTCOMES;
pub(super) use outcomes::left_on;

use crate::cohort::Cohort;
use crate::ingest::Logs;
use crate::settings::{EstimateKind, Settings};

use super::contrast::EventRow;

/// What a program's course is described by.
#[derive(Clone, Copy, Debug)]
pub struct Described<'a> {
    /// The logs as read.
    pub logs: &'a Logs,
    /// One course per program of a patient.
    pub cohort: &'a Cohort,
    /// The definitions.
    pub settings: &'a Settings,
}

/// An exposure: a number, or 1 and 0 for yes and no, per program.
#[derive(Clone, Copy, Debug)]
pub struct ExposureKind {
    /// Name, as in `study.toml`.
    pub name: &'static str,
    /// What it is, as a noun: "in-program adherence".
    pub label: &'static str,
    /// What an estimate is per, in the values' unit: 0.1 for 10 %; 1 for yes against no.
    pub per: f64,
    /// The same in words: "10 % more adherence".
    pub per_in_words: &'static str,
    /// Whether the values are 1 and 0 only.
    pub yes_no: bool,
    /// When it is known: an outcome has to come after it.
    pub known: Known,
    /// Columns it needs.
    pub needs: &'static str,
    /// One value per course of the cohort; `None` where it is not known.
    pub values: fn(&Described<'_>) -> Vec<Option<f64>>,
}

/// The day from which an exposure is known, earlier ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// At the start of the program.
    Start,
    /// At the end of the program.
    End,
    /// At the landmark of the time at risk.
    Landmark,
}

impl Known {
    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start of the program",
            Self::End => "end of the program",
            Self::Landmark => "landmark",
        }
    }
}

/// An outcome of a program.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeKind {
    /// Name, as in `study.toml`.
    pub name: &'static str,
    /// What it is, as a noun: "pain at the end of the program".
    pub label: &'static str,
    /// Columns it needs.
    pub needs: &'static str,
    /// The last day from which it can be counted: an exposure has to be known by then.
    pub latest: Known,
    /// What is estimated of it.
    pub estimate: EstimateKind,
    /// Its values.
    pub values: fn(&Described<'_>, Known) -> OutcomeValues,
}

/// The values of an outcome.
#[derive(Clone, Debug, PartialEq)]
pub enum OutcomeValues {
    /// A number per course.
    Number(Vec<Option<f64>>),
    /// 1 or 0 per course.
    YesNo(Vec<Option<f64>>),
    /// A time to an event, from the day the exposure is known; the rows' exposure is yet to be filled in.
    TimeToEvent(Vec<EventRow>),
}

/// The exposure of this name.
#[must_use]
pub fn exposure(name: &str) -> Option<&'static ExposureKind> {
    EXPOSURES.iter().find(|kind| kind.name == name)
}

/// The outcome of this name.
#[must_use]
pub fn outcome(name: &str) -> Option<&'static OutcomeKind> {
    OUTCOMES.iter().find(|kind| kind.name == name)
}
