//! Numbers only: slices in, results out. Imports nothing of ours.
//!
//! By question asked: a curve of time to event and its comparison ([`survival`]), with competing events ([`competing`]) or events that
//! come back ([`recurrent`]); two samples or a table ([`comparison`]); a slope ([`least_squares`], [`theil_sen`], [`mann_kendall`]) or
//! a smooth line ([`lowess`]); an outcome explained ([`regression`], [`mixed`]); an interval for anything ([`resampling`]); who was
//! exposed ([`causal`]); do two measurements agree ([`bland_altman`]); several tests at once ([`holm`]); what a confounder would need
//! ([`e_value`]); what a study could have found ([`minimum_detectable_hazard_ratio`]).

mod agreement;
pub mod causal;
pub mod comparison;
pub mod competing;
mod correlation;
mod covariates;
mod distributions;
mod error;
mod estimate;
mod evalue;
mod hypothesis;
mod inversions;
mod kendall;
mod mann_kendall;
pub mod mixed;
mod multiplicity;
mod power;
mod proportion;
mod quantile;
pub mod recurrent;
pub mod regression;
pub mod resampling;
mod slope_selection;
mod smooth;
mod summary;
pub mod survival;
mod trend;

pub use agreement::{BlandAltman, IntraclassCorrelations, bland_altman, intraclass_correlations};
pub use correlation::{Correlation, kendall, pearson, spearman};
pub use covariates::Covariates;
pub use distributions::{
    beta_lower_p, beta_quantile, beta_upper_p, binomial_lower_p, binomial_probability, binomial_upper_p, chi_squared_lower_p,
    chi_squared_quantile, chi_squared_upper_p, f_lower_p, f_quantile, f_upper_p, gamma_lower_p, gamma_quantile, gamma_upper_p, log_gamma,
    normal_log_upper_p, normal_lower_p, normal_quantile, normal_two_sided_p, normal_upper_p, poisson_exact_interval,
    studentized_range_upper_p, studentized_range_upper_quantile, t_lower_p, t_quantile, t_two_sided_p, t_upper_p,
};
pub use error::StatsError;
pub use estimate::{Estimate, Interval};
pub use evalue::{EValue, e_value, e_value_of_risk_ratio};
pub use hypothesis::TestResult;
pub use mann_kendall::{MannKendall, mann_kendall};
pub use multiplicity::{benjamini_hochberg, benjamini_yekutieli, bonferroni, hochberg, holm};
pub use power::{events_needed, minimum_detectable_hazard_ratio, power_of_events};
pub use proportion::{Proportion, TwoProportions, clopper_pearson, two_proportions, wilson};
pub use quantile::{median, median_absolute_deviation, quantile, quantile_of_type};
pub use smooth::lowess;
pub use summary::{Summary, mean_interval, summarize};
pub use trend::{LinearFit, TheilSen, least_squares, least_squares_slope, theil_sen, theil_sen_slope};
