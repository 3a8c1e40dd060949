//! What a person at the terminal sees: results, refusals, exit codes.

mod bad_input;
mod commands;
mod convert;
mod data_guide;
mod findings;
mod inputs_kept;
mod power;
mod pseudonyms;
mod pseudonyms_in_settings;
mod statistics;
mod statistics_options;
mod statistics_output;
