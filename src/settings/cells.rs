//! How the cells of a file are written: dates, numbers, words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Order of day, month and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// 2024-03-31
    Iso,
    /// 31/03/2024
    DayFirst,
    /// 03/31/2024
    MonthFirst,
}

/// The order of a file's dates, or of each of its date columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "date_order is \"iso\", \"day-first\" or \"month-first\", or a table of these by column, such as { start = \"day-first\" }"
)]
pub enum DateOrders {
    /// One order for every date of the file.
    All(DateOrder),
    /// The order by column, under its native name or its name in the file.
    ByColumn(BTreeMap<String, DateOrder>),
}

/// The language in which months and weekdays are written, beside English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Italian.
    It,
    /// Portuguese.
    Pt,
    /// Dutch.
    Nl,
    /// Swedish.
    Sv,
    /// Danish.
    Da,
    /// Norwegian.
    No,
}

/// The day from which a spreadsheet counts its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateSerial {
    /// 1 is 1900-01-01, and there is a 1900-02-29 that never was: Excel for Windows and nearly every other spreadsheet.
    #[serde(rename = "1900")]
    From1900,
    /// 0 is 1904-01-01: workbooks from old versions of Excel for Mac.
    #[serde(rename = "1904")]
    From1904,
}

/// The clinic's own words, by native column and by the known word (for `pain`: the score) they stand for.
pub type OwnWords = BTreeMap<String, BTreeMap<String, Vec<String>>>;
