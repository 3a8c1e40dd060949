//! Regression: least squares, generalized linear models, generalized estimating equations.
