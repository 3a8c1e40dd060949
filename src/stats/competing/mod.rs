//! Competing events: cumulative incidence, Gray's test, subdistribution hazards.

mod censoring;
mod cumulative_incidence;
mod fine_gray;
mod gray;
mod outcome;

pub use cumulative_incidence::{CumulativeIncidence, IncidencePoint, IncidenceVariance, cumulative_incidence, incidence_difference};
pub use fine_gray::{FineGray, FineGrayMethod, IncidencePrediction, fine_gray};
pub use gray::{GrayTest, gray_test};
pub use outcome::CompetingEvents;
