//! What can be wrong with `study.toml`.

use thiserror::Error;

/// A setting that cannot be used, with the place and what to do.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum SettingsError {
    /// Not TOML, or a value of the wrong kind.
    #[error("{file}, line {line}, column {column}: {problem}{suggestion}")]
    Syntax {
        /// The file as named.
        file: String,
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// What is wrong.
        problem: String,
        /// `. Did you mean …?`, or empty.
        suggestion: String,
    },
    /// A value outside its range.
    #[error("{file}: {setting} = {found}, but {expected}")]
    Value {
        /// The file as named.
        file: String,
        /// Dotted name of the setting.
        setting: String,
        /// What was found.
        found: String,
        /// What was expected, as a clause.
        expected: String,
    },
}
