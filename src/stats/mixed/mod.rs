//! Linear mixed models: patients that differ in level and slope.
//!
//! [`linear_mixed_model`] fits one; [`likelihood_ratio_test`] compares two. Inside, in the order of the work: the columns made
//! orthonormal (`design`), each group reduced to a few numbers (`sufficient`), the deviance and its derivatives from those
//! (`profile`, `parameters`), its minimum (`optimize`), and what is read off there (`satterthwaite`, `random_effects`,
//! `intraclass`).

mod comparison;
mod design;
mod fit;
mod intraclass;
mod model;
mod optimize;
mod parameters;
mod profile;
mod random_effects;
mod satterthwaite;
mod sufficient;

pub use comparison::likelihood_ratio_test;
pub use fit::linear_mixed_model;
pub use model::{
    Estimation, ExplainedVariance, FixedEffect, GroupEffect, IntraclassCorrelation, LinearMixedModel, RandomEffectVariance, RandomEffects,
};
