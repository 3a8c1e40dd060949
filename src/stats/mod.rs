//! Numbers only: slices in, results out. Imports nothing of ours.
//!
//! By question asked: a curve of time to event and its comparison ([`survival`]); a slope ([`least_squares`], [`theil_sen`]); a
//! smooth line ([`lowess`]); a distribution in a few numbers ([`summarize`], [`quantile`]); a share ([`wilson`]); several tests at
//! once ([`holm`]); what a confounder would need ([`e_value`]); what a study could have found
//! ([`minimum_detectable_hazard_ratio`]).

pub mod causal;
pub mod comparison;
pub mod competing;
mod covariates;
mod distributions;
mod error;
mod estimate;
mod evalue;
mod hypothesis;
pub mod mixed;
mod multiplicity;
mod power;
mod proportion;
mod quantile;
pub mod recurrent;
pub mod regression;
pub mod resampling;
mod smooth;
mod summary;
pub mod survival;
mod trend;

pub use covariates::Covariates;
pub use distributions::{chi_squared_upper_p, normal_quantile, normal_two_sided_p, t_quantile, t_two_sided_p};
pub use error::StatsError;
pub use estimate::{Estimate, Interval};
pub use evalue::{EValue, e_value};
pub use hypothesis::TestResult;
pub use multiplicity::holm;
pub use power::{events_needed, minimum_detectable_hazard_ratio};
pub use proportion::{Proportion, wilson};
pub use quantile::{median, quantile};
pub use smooth::lowess;
pub use summary::{Summary, mean_interval, summarize};
pub use trend::{LinearFit, TheilSen, least_squares, least_squares_slope, theil_sen, theil_sen_slope};
