//! What a study could have found, and how large it has to be.

mod events;
mod two_samples;

pub use events::{
    SurvivalSampleSize, events_needed, log_rank_power, minimum_detectable_hazard_ratio, sample_size_for_hazard_ratio,
    sample_size_from_events,
};
pub use two_samples::{TwoSampleSize, power_two_means, power_two_proportions, sample_size_two_means, sample_size_two_proportions};
