//! A logged number that may be missing, in the room of a number.

use std::fmt;

/// A finite number or nothing, in four bytes where an `Option<f32>` takes eight: a register has 10⁸ of them.
#[derive(Clone, Copy)]
pub struct OptionalNumber(f32);

impl OptionalNumber {
    /// Nothing logged.
    pub const MISSING: Self = Self(f32::NAN);

    /// The number, if one was logged.
    #[must_use]
    pub fn get(self) -> Option<f32> {
        (!self.0.is_nan()).then_some(self.0)
    }

    /// Whether a number was logged.
    #[must_use]
    pub fn is_some(self) -> bool {
        !self.0.is_nan()
    }
}

/// A number that is none (`NaN`) counts as missing.
impl From<Option<f32>> for OptionalNumber {
    fn from(number: Option<f32>) -> Self {
        number.map_or(Self::MISSING, Self)
    }
}

impl PartialEq for OptionalNumber {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl PartialEq<Option<f32>> for OptionalNumber {
    fn eq(&self, other: &Option<f32>) -> bool {
        self.get() == *other
    }
}

impl fmt::Debug for OptionalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_or_nothing_comes_back_as_it_went_in() {
        for number in [None, Some(0.0), Some(-0.5), Some(f32::MAX)] {
            let kept = OptionalNumber::from(number);
            assert_eq!((kept.get(), kept.is_some()), (number, number.is_some()));
            assert_eq!(kept, number);
            assert_eq!(kept, kept);
            assert_eq!(format!("{kept:?}"), format!("{number:?}"));
        }
        assert_ne!(OptionalNumber::MISSING, OptionalNumber::from(Some(0.0)));
        assert_eq!(size_of::<OptionalNumber>(), 4);
    }
}
