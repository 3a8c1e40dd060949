//! The claims: guards, verdicts in both directions, and estimates worked by hand.

mod clinic_defined;
mod landmarks;
mod pain_over_time;
mod small_study;
