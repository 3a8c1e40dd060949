//! Events that come back: mean cumulative function.
