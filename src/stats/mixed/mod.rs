//! Linear mixed models: patients that differ in level and slope.

mod model;
mod optimize;
mod profile;
mod satterthwaite;
mod sufficient;

pub use model::{
    FixedEffect, MixedMethod, MixedModel, MixedOptions, RandomEffect, RandomEffects, likelihood_ratio_test, linear_mixed_model,
};
