//! Cox proportional-hazards model: fit, tests, residuals, baseline, prediction, concordance.

mod baseline;
mod concordance;
mod firth;
mod fit;
mod likelihood;
mod model;
mod pairs;
mod prepared;
mod proportional_hazards;
mod residuals;
mod steps;
mod wald;

pub use baseline::CoxPrediction;
pub use concordance::{Concordance, concordance};
pub use model::{CoxFit, CoxModel, CoxOptions, CoxTerm, Ties, cox};
pub use proportional_hazards::{ProportionalHazards, ProportionalHazardsTest, TimeTransform};
pub use residuals::CoxResiduals;
