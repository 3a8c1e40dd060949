//! What must hold whatever the data.

mod comparison;
mod competing;
mod cox;
mod mixed;
mod recurrent;
mod regression;
mod resampling;
mod survival;
