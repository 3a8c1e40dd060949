//! Events that come back: mean cumulative function, and rows for models of the time between events.

mod gap_times;
mod mean_cumulative_function;
mod recurrent_rows;

pub use gap_times::{ConditionalRows, conditional_rows};
pub use mean_cumulative_function::{
    CountDifference, CountInterval, CountPoint, MeanCumulativeFunction, mean_count_difference, mean_cumulative_function,
};
pub use recurrent_rows::RecurrentRows;
