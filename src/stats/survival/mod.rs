//! Time to event.
//!
//! # Conventions
//!
//! At equal times events come before censorings; at risk at t means just before t; limits of a curve are log–log unless asked
//! otherwise; quantiles of a curve follow R's midpoint rule; Cox ties are Efron's unless asked otherwise; p values are two-sided.
//! Times that differ only by rounding are one time, as in R's `survival`.

mod cox;
mod equal_times;
mod kaplan_meier;
mod limits;
mod log_rank;
mod person_years;
mod quantiles;
mod rate_ratio;
mod risk_table;
mod rmst;
mod robust_variance;
mod time_to_event;
mod turnbull;
mod weighted_difference;

pub use crate::stats::covariates::Covariates;
pub use cox::{
    Concordance, CoxFit, CoxModel, CoxOptions, CoxPrediction, CoxResiduals, CoxTerm, ProportionalHazards, ProportionalHazardsTest, Ties,
    TimeTransform, concordance, cox,
};
pub(crate) use equal_times::merge_nearly_equal;
pub use kaplan_meier::{CurveEstimator, CurvePoint, SurvivalCurve, curve, kaplan_meier};
pub use limits::CurveInterval;
pub use log_rank::{FlemingHarringtonWeights, LogRank, log_rank, log_rank_by, log_rank_trend};
pub use person_years::{PersonYears, person_years};
pub use quantiles::QuantileEstimate;
pub use rate_ratio::{RateRatio, rate_ratio};
pub use rmst::{RmstDifference, rmst, rmst_difference, rmst_ratio, survival_difference};
pub use time_to_event::TimeToEvent;
pub use turnbull::{IntervalCensored, SurvivalBounds, TurnbullCurve, TurnbullInterval, turnbull};
pub use weighted_difference::{ClusteredGroup, HorizonContrast, SurvivalDifference, weighted_difference};
