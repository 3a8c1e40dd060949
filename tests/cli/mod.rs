//! What a person at the terminal sees: results, refusals, exit codes.

mod bad_input;
mod commands;
mod convert;
mod data_guide;
mod findings;
mod pseudonyms;
mod statistics;
mod statistics_options;
mod statistics_output;
