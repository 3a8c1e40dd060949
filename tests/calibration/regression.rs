//! Regression.
