//! Regression: least squares, generalized linear models, generalized estimating equations.

mod design;
mod estimating_equations;
mod family;
mod generalized_linear;
mod linear;
mod sandwich;
mod term;
mod working_correlation;

pub(in crate::stats) use design::Design;
pub use estimating_equations::{EstimatingEquations, GeeOptions, estimating_equations};
pub use family::Family;
pub use generalized_linear::{GeneralizedLinearModel, GlmOptions, generalized_linear_model};
pub use linear::{LinearModel, LinearOptions, linear_regression};
pub use sandwich::ErrorKind;
pub use term::Term;
pub use working_correlation::WorkingCorrelation;
