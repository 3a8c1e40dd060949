//! The one integration-test binary: each further one would link everything again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::float_cmp, missing_docs)]

mod architecture;
mod by_hand;
mod calibration;
mod charts;
mod claims;
mod cli;
mod cohort;
mod harness;
mod ingest;
mod pipeline;
mod properties;
mod reference;
mod report;
mod simulate;
