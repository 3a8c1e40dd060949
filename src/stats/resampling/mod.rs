//! Bootstrap: intervals for any statistic, by resampling rows or patients.

mod bootstrap;
mod curve_statistic;

pub use bootstrap::{Bootstrap, BootstrapOptions, bootstrap};
pub use curve_statistic::{CurveComparison, CurveStatistic};
