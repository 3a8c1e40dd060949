//! Weights that balance who was exposed and who was not.

mod balance;
mod propensity;

pub use balance::{Balance, BalanceTable, balance_table};
pub use propensity::{PropensityOptions, PropensityWeights, WeightTarget, inverse_probability_weights};
