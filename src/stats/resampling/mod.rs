//! Bootstrap: intervals for any statistic, by resampling rows or patients.
//!
//! What is drawn is a [`ResamplingPlan`]: rows, or clusters with all their rows, within strata where there are any. A [`Statistic`]
//! is computed from how often each row was drawn; a closure over a [`Resample`] will do. [`bootstrap`] draws, counts the resamples
//! that give no value, and makes the interval; [`CurveContrast`] holds the comparisons of two survival curves in a fast form.

mod bootstrap;
mod clustered_difference;
mod contrast_influence;
mod curve_contrast;
mod jackknife;
mod limits;
mod plan;

pub use bootstrap::{BootstrapInterval, BootstrapOptions, Statistic, bootstrap, bootstrap_replicates};
pub use clustered_difference::clustered_rmst_difference;
pub use curve_contrast::{CurveContrast, CurveMeasure, bootstrap_curves};
pub use jackknife::unit_influences;
pub use limits::{BootstrapLimits, BootstrapMethod, bca_limits, percentile_limits};
pub use plan::{Resample, ResamplingPlan};
