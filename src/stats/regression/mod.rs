//! Regression: least squares, generalized linear models, generalized estimating equations.
//!
//! # Conventions
//!
//! Every model has an intercept, reported first as `(Intercept)`. Columns are centred and scaled inside, which leaves the fit as it
//! is and keeps its digits when values lie far from zero. A row of weight 0 is left out. Rows of equal cluster label belong
//! together wherever they stand. p values are two-sided; an estimate that fits without any error has no statistic and no p value.

mod ancova;
mod clusters;
mod coefficient;
mod design;
mod equations;
mod estimating_equations;
mod family;
mod generalized_linear;
mod least_squares;
mod observations;
mod sandwich;
mod scoring;
mod working_correlation;

pub use ancova::{AdjustedDifference, AdjustedMean, Ancova, ancova};
pub use clusters::Clusters;
pub use coefficient::{Coefficient, FTest, RatioEstimate};
pub use estimating_equations::{EstimatingEquations, estimating_equations};
pub use family::Family;
pub use generalized_linear::{GeneralizedLinearModel, MeanPrediction, generalized_linear_model};
pub use least_squares::{LinearPrediction, LinearRegression, linear_regression};
pub use observations::Observations;
pub use sandwich::Covariance;
pub use working_correlation::WorkingCorrelation;

pub(super) use design::Design;
