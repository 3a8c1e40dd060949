//! Exact or approximate.

use serde::Serialize;

/// How the p value of a test on ranks is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Calculation {
    /// Exact for small samples without ties, else from the limiting distribution: R's `exact = NULL`.
    #[default]
    Automatic,
    /// From the distribution over all orders, however long; an error where there is none.
    Exact,
    /// From the limiting distribution.
    Asymptotic,
}
