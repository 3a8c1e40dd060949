//! The commented `study.toml` that `staywell init` writes. A test keeps its values equal to the defaults.

/// Every setting with its default and what it means.
pub const TEMPLATE: &str = include_str!("study.template.toml");
