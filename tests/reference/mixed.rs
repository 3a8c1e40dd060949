//! Linear mixed models.

use super::{Analysis, Fate};

pub(super) fn linear_mixed_model(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}

pub(super) fn nlme_model(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}
