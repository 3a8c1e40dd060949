//! What could make the core comparison mislead, measured: who logs more, what comes first, and what cannot be an effect.
//!
//! None of these is an answer to the claim. Each moves if a certain bias is at work; those that look before a recurrence move with an
//! effect of the exercise too.

mod clustered_mean;
mod conditional_odds;
mod density;
mod event_centered;
mod group_differences;
mod loss;
mod negative_exposure;
mod negative_outcome;
mod risk_sets;
mod warnings;
mod within_person;

use serde::Serialize;

use super::covariates::CovariateChoice;
use crate::cohort::Cohort;
use crate::ingest::Logs;
use crate::settings::Settings;

pub use conditional_odds::OddsRatio;
pub use density::{ArmDensity, DensityWeek, LoggingDensity, analyze_density};
pub use event_centered::{BinMean, ChangeBefore, DayBin, EventCentered, analyze_event_centered};
pub use group_differences::{GroupDifference, analyze_group_differences};
pub use loss::{LossByArm, analyze_loss};
pub use negative_exposure::{NegativeControlExposure, analyze_negative_exposure};
pub use negative_outcome::{NegativeControlOutcome, analyze_negative_outcome};
pub use warnings::{BiasWarning, Compared, bias_warnings};
pub use within_person::{OverTrend, WithinPerson, analyze_within_person};

/// What could mislead.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BiasAnalysis {
    /// Each recurrence against earlier days of the same patient.
    pub within_person: WithinPerson,
    /// Exercise after the recurrence, which cannot have prevented it.
    pub negative_exposure: NegativeControlExposure,
    /// An event the exercise cannot prevent, where the settings name one.
    pub negative_outcome: NegativeControlOutcome,
    /// Pain and sessions in the days around the recurrence.
    pub event_centered: EventCentered,
    /// How often those compared log their pain.
    pub density: LoggingDensity,
    /// Who stops logging, by the groups of the landmark.
    pub loss: LossByArm,
    /// What was known of the two groups of the landmark analysis before.
    pub group_differences: Vec<GroupDifference>,
    /// What the numbers warn of.
    pub warnings: Vec<BiasWarning>,
}

/// Measures what could mislead, and says what it warns of beside the comparisons it is about.
#[must_use]
pub fn analyze_bias(
    logs: &Logs,
    cohort: &Cohort,
    covariates: &CovariateChoice,
    compared: &Compared<'_>,
    settings: &Settings,
) -> BiasAnalysis {
    let sets = risk_sets::risk_sets(&logs.pain, cohort);
    let loss = analyze_loss(logs, cohort, settings);
    let group_differences = analyze_group_differences(cohort, covariates, settings);
    let ((within_person, negative_exposure), ((event_centered, density), negative_outcome)) = rayon::join(
        || {
            rayon::join(
                || analyze_within_person(cohort, &sets, settings),
                || analyze_negative_exposure(cohort, &sets, covariates, settings),
            )
        },
        || {
            rayon::join(
                || rayon::join(|| analyze_event_centered(logs, cohort, &sets, settings), || analyze_density(logs, cohort, settings)),
                || analyze_negative_outcome(logs, cohort, covariates, settings),
            )
        },
    );
    let mut analysis = BiasAnalysis {
        within_person,
        negative_exposure,
        negative_outcome,
        event_centered,
        density,
        loss,
        group_differences,
        warnings: vec![],
    };
    analysis.warnings = bias_warnings(&analysis, compared, settings);
    analysis
}
