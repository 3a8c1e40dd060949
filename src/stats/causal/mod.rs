//! Weights that balance who was exposed and who was not.
