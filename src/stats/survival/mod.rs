//! Time to event.
//!
//! # Conventions
//!
//! At equal times events come before censorings; at risk at t means just before t; limits of a curve are log–log unless asked
//! otherwise; quantiles of a curve follow R's midpoint rule; Cox ties are Efron's unless asked otherwise; p values are two-sided.
//! Times are whole days in this crate's use, so equal times are exactly equal.

mod cox;
mod cox_likelihood;
mod kaplan_meier;
mod limits;
mod log_rank;
mod quantiles;
mod rmst;
mod time_to_event;

pub use cox::{Covariates, CoxFit, CoxTerm, Ties, cox};
pub use kaplan_meier::{CurvePoint, SurvivalCurve, kaplan_meier};
pub use limits::CurveInterval;
pub use log_rank::{LogRank, log_rank};
pub use quantiles::QuantileEstimate;
pub use rmst::{RmstDifference, rmst, rmst_difference};
pub use time_to_event::TimeToEvent;
