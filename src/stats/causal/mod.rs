//! Causal weights: inverse probability of a binary exposure, balance before and after, the weighted difference.
//!
//! # Conventions
//!
//! Weights make measured covariates alike in the two groups; they say nothing of unmeasured ones. They also rest on positivity: that
//! anybody could have been in either group. [`PropensityWeights::warnings`] says in words where the data speak against it.

mod balance;
mod effect;
mod propensity;

pub use balance::{BalanceRow, BalanceTable, SmdDenominator, balance};
pub use effect::{WeightedDifference, weighted_difference};
pub use propensity::{GroupWeights, PropensityWeights, Truncation, WeightKind, effective_sample_size, propensity_weights};
