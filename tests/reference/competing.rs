//! Competing events and pseudo-values.

use super::{Analysis, Fate};

pub(super) fn cumulative_incidence_and_gray(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}

pub(super) fn aalen_johansen(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}

pub(super) fn fine_gray_weighted(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}

pub(super) fn fine_gray_crr(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}

pub(super) fn pseudo_values(_: &Analysis<'_>) -> Fate {
    Fate::LeftOut(super::LATER)
}
