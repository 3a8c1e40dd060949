//! Numbers only: slices in, results out. Imports nothing of ours.
//!
//! By question asked: a curve of time to event and its comparison ([`survival`]), with competing events ([`competing`]) or events that
//! come back ([`recurrent`]); two samples or a table ([`comparison`]); a slope ([`least_squares`], [`theil_sen`], [`mann_kendall`]) or
//! a smooth line ([`lowess`]); an outcome explained ([`regression`], [`mixed`]); an interval for anything ([`resampling`]); who was
//! exposed ([`causal`]); do two measurements agree ([`agreement`]); several tests at once ([`holm`]); what a confounder would need
//! ([`e_value`]); what a study could have found ([`minimum_detectable_hazard_ratio`]).

pub mod agreement;
pub mod causal;
pub mod comparison;
pub mod competing;
mod correlation;
mod covariates;
mod distributions;
mod error;
mod estimate;
mod evalue;
mod exact_text;
mod heaping;
mod hypothesis;
mod inversions;
mod magnitude;
mod main_effects;
mod mann_kendall;
pub mod mixed;
mod multiplicity;
mod power;
mod proportion;
mod quantile;
pub mod recurrent;
pub mod regression;
pub mod resampling;
mod series_slope;
mod slope_selection;
mod smooth;
mod spline;
mod summary;
pub mod survival;
mod trend;

pub use correlation::{Correlation, kendall, pearson, spearman};
pub use covariates::Covariates;
pub use distributions::{
    beta_lower_p, beta_quantile, beta_upper_p, binomial_lower_p, binomial_probability, binomial_upper_p, chi_squared_lower_p,
    chi_squared_quantile, chi_squared_upper_p, f_lower_p, f_quantile, f_upper_p, gamma_lower_p, gamma_quantile, gamma_upper_p, log_gamma,
    noncentral_t_lower_p, noncentral_t_quantile, noncentral_t_upper_p, normal_log_upper_p, normal_lower_p, normal_quantile,
    normal_two_sided_p, normal_upper_p, poisson_exact_interval, studentized_range_upper_p, studentized_range_upper_quantile, t_lower_p,
    t_quantile, t_two_sided_p, t_upper_p,
};
pub use error::StatsError;
pub use estimate::{Estimate, Interval};
pub use evalue::{EValue, EffectMeasure, e_value, e_value_of};
pub use exact_text::exact_text;
pub use heaping::{Heaping, heaping};
pub use hypothesis::TestResult;
pub use main_effects::{FactorEffect, MainEffects, main_effects};
pub use mann_kendall::{MannKendall, mann_kendall};
pub use multiplicity::{benjamini_hochberg, benjamini_yekutieli, bonferroni, hochberg, holm};
pub use power::{
    SurvivalSampleSize, TwoSampleSize, events_needed, log_rank_power, minimum_detectable_hazard_ratio, power_two_means,
    power_two_proportions, sample_size_for_hazard_ratio, sample_size_from_events, sample_size_two_means, sample_size_two_proportions,
};
pub use proportion::{Proportion, ProportionDifference, clopper_pearson, newcombe_difference, wilson};
pub use quantile::{QuantileType, median, median_absolute_deviation, quantile, quantiles};
pub use series_slope::{SeriesSlope, series_slope};
pub use smooth::lowess;
pub use spline::RestrictedCubicSpline;
pub use summary::{Summary, mean_interval, summarize};
pub use trend::{LinearFit, TheilSen, least_squares, least_squares_slope, theil_sen, theil_sen_slope};
