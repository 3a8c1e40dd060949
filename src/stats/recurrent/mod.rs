//! Events that come back: mean cumulative function, and rows for models of recurrent events.

mod gap_times;
mod mean_cumulative_function;

pub use gap_times::{RecurrentRows, order_events};
pub use mean_cumulative_function::{MeanCumulativeFunction, mean_cumulative_difference, mean_cumulative_function};
