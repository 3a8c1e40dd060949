//! One question put to a model in one way: what a unit more of an exposure goes with, at equal covariates.
//!
//! The exposure is any number per program; the outcome a number ([`adjusted_slope`]), a yes or no taken as 1 or 0 (the slope is then
//! a difference of risks), or a time to an event ([`adjusted_hazard`]). Which programs are used, what is adjusted for and why a
//! covariate is left out is decided in one place.

mod equivalence;
mod hazard;
mod rows;
mod slope;

pub(super) use hazard::HazardModel;
pub use hazard::{EventRow, adjusted_hazard};
pub use rows::Adjustment;
pub(super) use rows::ModelRows;
pub use slope::adjusted_slope;

use serde::Serialize;

use crate::stats::Interval;

/// An estimate of what an exposure goes with.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contrast {
    /// The estimate: a slope or difference in the outcome's unit, or a hazard ratio.
    pub estimate: f64,
    /// Its interval.
    pub interval: Interval,
    /// Two-sided p value of no effect.
    pub p_value: f64,
    /// Standard error, of a ratio that of its logarithm.
    pub std_error: f64,
    /// Degrees of freedom of the t distribution that interval and p value are of; without them they are of the normal one.
    pub df: Option<f64>,
    /// Programs in the model (one per patient, as a rule).
    pub n: usize,
    /// Their patients; if fewer, errors are robust ones by patient.
    pub patients: usize,
    /// Events among them, where the outcome is one.
    pub n_events: Option<usize>,
    /// Covariates in the model beside the exposure.
    pub adjusted_for: Vec<String>,
    /// Covariates left out of the model, each with the reason.
    pub dropped: Vec<String>,
    /// Programs with exposure and outcome left out because a covariate is missing.
    pub missing_covariate: usize,
}
