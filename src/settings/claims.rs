//! Intervals, covariates, horizon, and the rule for a verdict.

use serde::{Deserialize, Serialize};

/// Intervals, covariates and horizon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelSettings {
    /// Level of every interval.
    pub level: f64,
    /// Days over which restricted mean time is compared. Shortened to the last common day of follow-up if that is earlier.
    pub horizon: f64,
    /// Days at which recurrence-free probability is tabled.
    pub times: Vec<f64>,
    /// Covariates the hazard ratio is adjusted for: columns of `patients.csv`, or the derived `adherence` and
    /// `baseline_pain`. Without the setting: those of `age`, `sex`, `previous_episodes`,
    /// `baseline_pain` and `adherence` that are logged.
    pub covariates: Option<Vec<String>>,
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self { level: 0.95, horizon: 365.0, times: vec![90.0, 180.0, 365.0], covariates: None }
    }
}

/// The rule that turns an estimate into a verdict, fixed before looking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClaimSettings {
    /// Family-wise error rate for the Holm-adjusted p value.
    pub alpha: f64,
    /// Fewer events than this: not testable.
    pub min_events: usize,
    /// Fewer patients in a group than this: not testable.
    pub min_group: usize,
    /// Flexibility came first if it filled at least this many program weeks before the first strengthening.
    pub flexibility_weeks: u32,
    /// A program began in a flare if pain reached this in the 7 days before its first session.
    pub flare_pain: f64,
    /// A session was painful if pain during or after it was at least this many points above the pain before.
    pub painful_rise: f64,
    /// Differences of pain up to this many points count as none where a claim says that something adds little.
    pub equivalence_margin: f64,
    /// Claims of the clinic itself, tested in one family with the others.
    pub own: Vec<OwnClaim>,
}

/// A claim as a clinic defines it, from the vocabulary of exposures and outcomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnClaim {
    /// Short name, unique: small letters, digits and hyphens.
    pub id: String,
    /// The statement in one sentence.
    pub statement: String,
    /// Exposure by name, or `patients.COLUMN`.
    pub exposure: String,
    /// Makes a yes or no of a number: yes from this value on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// The level of a column of words that counts as yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
    /// Outcome by name.
    pub outcome: String,
    /// What is said of it.
    pub claim: ClaimedDirection,
    /// For `no-difference`: the largest difference that is none, in the estimate's unit (a ratio: above 1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
    /// How it is estimated; without it, as the outcome asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<EstimateKind>,
    /// Covariates it is adjusted for, of those of the study; without it, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjust: Option<Vec<String>>,
}

/// What a clinic claims of those with more of an exposure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimedDirection {
    /// Less of the outcome.
    Less,
    /// More of it.
    More,
    /// About the same.
    NoDifference,
}

/// What is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EstimateKind {
    /// Hazard ratio of a time to an event.
    HazardRatio,
    /// Difference of risks of a yes or no.
    RiskDifference,
    /// Difference of a number, at equal baseline where it is pain.
    MeanDifference,
}

impl Default for ClaimSettings {
    fn default() -> Self {
        Self {
            alpha: 0.05,
            min_events: 30,
            min_group: 20,
            flexibility_weeks: 2,
            flare_pain: 7.0,
            painful_rise: 2.0,
            equivalence_margin: 1.0,
            own: vec![],
        }
    }
}
