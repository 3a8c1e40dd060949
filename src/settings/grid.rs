//! Other definitions, under which the core comparison is made again.

use serde::{Deserialize, Serialize};

use super::recurrence::Hold;

/// The levels of each choice. The study's own definition is always among them, whether it is listed or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GridSettings {
    /// Which combinations are computed.
    pub cells: GridCells,
    /// `remission.ceiling`.
    pub ceilings: Vec<f64>,
    /// `recurrence.floor`.
    pub floors: Vec<f64>,
    /// `remission.days`.
    pub remissions: Vec<i32>,
    /// `recurrence.hold`.
    pub holds: Vec<Hold>,
    /// `censoring.silence`.
    pub silences: Vec<i32>,
    /// `maintenance.lag`.
    pub lags: Vec<i32>,
    /// `landmark.day`.
    pub landmarks: Vec<i32>,
}

/// Which combinations of the levels are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GridCells {
    /// All, unless the pain log is very long; then one at a time.
    Auto,
    /// All.
    All,
    /// The study's definition, and those that differ from it in one choice.
    OneAtATime,
}

impl Default for GridSettings {
    fn default() -> Self {
        Self {
            cells: GridCells::Auto,
            ceilings: vec![0.0, 1.0],
            floors: vec![2.0, 3.0],
            remissions: vec![7, 28, 30],
            holds: vec![Hold::OneLog, Hold::TwoLogs, Hold::ThreeOfSeven],
            silences: vec![14, 28, 56],
            lags: vec![0, 7, 14, 28, 42, 56],
            landmarks: vec![28, 56, 84, 182],
        }
    }
}
