//! Small data worked out on paper, arithmetic shown.

mod comparison;
mod competing;
mod cox;
mod cox_model;
mod heaping;
mod late_entry;
mod log_rank;
mod mixed;
mod recurrent;
mod regression;
mod resampling;
mod spline;
mod survival_curve;
mod trend;

use staywell::stats::survival::TimeToEvent;

/// Times with `1` for the event and `0` for censoring.
fn rows(pairs: &[(f64, u8)]) -> TimeToEvent {
    TimeToEvent::new(pairs.iter().map(|pair| pair.0).collect(), pairs.iter().map(|pair| pair.1 == 1).collect()).unwrap()
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
}
