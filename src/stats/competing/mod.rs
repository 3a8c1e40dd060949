//! Competing events: cumulative incidence, Gray's test, subdistribution hazards, pseudo-values.
//!
//! # Conventions
//!
//! Cause 0 is censoring, causes are numbered from 1; at equal times events come before censorings; at risk at t means entered
//! before t and not gone before it.

mod cumulative_incidence;
mod fine_gray;
mod gray;
mod paths;
mod pseudo_values;
mod subdistribution;
mod time_to_cause;

pub use cumulative_incidence::{
    CumulativeIncidence, IncidenceDifference, IncidenceInterval, IncidencePoint, IncidenceVariance, StateCurve, cumulative_incidence,
    incidence_difference,
};
pub use fine_gray::{FineGrayFit, FineGrayMethod, FineGrayTerm, PredictedIncidence, fine_gray};
pub use gray::{GrayTest, gray_test};
pub use pseudo_values::{pseudo_cumulative_incidence, pseudo_event_free, pseudo_restricted_mean};
pub use time_to_cause::TimeToCause;
