//! The claims: guards, verdicts in both directions, and estimates worked by hand.

mod adherence;
mod care;
mod clinic_defined;
mod cohorts;
mod landmarks;
mod missing_covariates;
mod order_and_start;
mod overlap;
mod pain_over_time;
mod small_study;
mod symptoms;
