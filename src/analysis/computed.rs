//! A number, or the reason there is none.

use serde::Serialize;

/// A result, or the sentence that says why these data cannot give it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Computed<T> {
    /// The result.
    Value(T),
    /// Why there is none.
    NotTestable(String),
}

impl<T> Computed<T> {
    /// The result, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::NotTestable(_) => None,
        }
    }

    /// Why there is none, if there is none.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Value(_) => None,
            Self::NotTestable(reason) => Some(reason),
        }
    }
}

impl<T, E: std::fmt::Display> From<Result<T, E>> for Computed<T> {
    fn from(result: Result<T, E>) -> Self {
        match result {
            Ok(value) => Self::Value(value),
            Err(error) => Self::NotTestable(error.to_string()),
        }
    }
}
