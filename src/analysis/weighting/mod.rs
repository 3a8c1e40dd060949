//! The core comparison by weights: the landmark groups weighted for who kept the exercise up and who stayed followed, and the
//! strategies "keep it up" and "drop it" compared as a trial would, by clone, censor and weight.
//!
//! Weights make what is logged alike in both groups; they say nothing of what is not logged.

mod clone_censor_weight;
mod clones;
mod confounders;
mod distribution;
mod followed;
mod history;
mod outcome;
#[cfg(test)]
mod reference;
mod staying;
mod treatment;
mod warnings;
mod weighted_landmark;

pub use clone_censor_weight::{CloneCensorWeight, StrategyArm, clone_censor_weight};
pub use distribution::WeightDistribution;
pub use followed::LossModel;
pub(super) use history::is_lost;
pub use treatment::{OverlapBin, PropensityOverlap, TreatmentModel};
pub use weighted_landmark::{WeightedLandmark, weighted_landmark};
