//! Recurrent events and rates.

use super::{Analysis, Fate};

pub(super) fn mean_cumulative_function(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}

pub(super) fn person_years(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}
