//! Do two measurements agree, and how far can a repeated one be trusted?
//!
//! Two methods or occasions: [`bland_altman`], with several pairs per patient [`bland_altman_repeated`], and Lin's
//! [`concordance_correlation`]. Two or more raters of the same patients: [`intraclass_correlation`], and in units of the scale
//! [`measurement_error`].

mod bland_altman;
mod bland_altman_repeated;
mod concordance;
mod intraclass;
mod measurement_error;
mod ratings;

pub use bland_altman::{AgreementLimit, BlandAltman, bland_altman};
pub use bland_altman_repeated::{RepeatedBlandAltman, bland_altman_repeated};
pub use concordance::{ConcordanceCorrelation, concordance_correlation};
pub use intraclass::{IntraclassCorrelation, IntraclassCorrelations, intraclass_correlation};
pub use measurement_error::{MeasurementError, measurement_error};
pub use ratings::RatingsVariance;
