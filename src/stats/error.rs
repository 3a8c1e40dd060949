//! Why a statistic cannot be computed, in a sentence.

use thiserror::Error;

use super::exact_text::exact_text;

/// Why a statistic cannot be computed.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum StatsError {
    /// Nothing to compute from.
    #[error("there are no values to compute from")]
    EmptySample,
    /// NaN or infinity.
    #[error("{what}, value {position}: not a finite number")]
    NotFinite {
        /// Name of the input.
        what: String,
        /// Position, counted from 1.
        position: usize,
    },
    /// Inputs of different length.
    #[error("{what} has {found} values where {expected} were expected")]
    LengthMismatch {
        /// Name of the input.
        what: String,
        /// Its length.
        found: usize,
        /// The length it should have.
        expected: usize,
    },
    /// A time before time zero.
    #[error("time {position} is {}; times to event cannot be negative", exact_text(*value))]
    NegativeTime {
        /// Position, counted from 1.
        position: usize,
        /// The time.
        value: f64,
    },
    /// Fewer than two groups have anybody at risk when an event happens.
    #[error("there is only one group to compare")]
    OneGroup,
    /// No event in any group.
    #[error("there are no events, so there is nothing to compare")]
    NoEvents,
    /// Too few values.
    #[error("{needed} values are needed, there are {found}")]
    TooFew {
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// All values of an explanatory variable are equal.
    #[error("\"{term}\" has the same value everywhere, so its effect cannot be estimated")]
    ConstantCovariate {
        /// The variable.
        term: String,
    },
    /// A variable does not vary among those at risk at any event.
    #[error("\"{term}\" does not vary among those at risk when events happen, so its effect cannot be estimated")]
    UninformativeCovariate {
        /// The variable.
        term: String,
    },
    /// A variable is a combination of others.
    #[error("\"{term}\" can be worked out from the other covariates, so its effect cannot be told apart from theirs")]
    Collinear {
        /// The variable.
        term: String,
    },
    /// The likelihood rises without end.
    #[error("\"{term}\" separates the events from the rest: every larger effect fits better, so there is no finite estimate")]
    Separation {
        /// The variable.
        term: String,
    },
    /// Nobody of one group is like anybody of the other.
    #[error("\"{term}\" tells the groups apart, so nobody can be compared with anybody like them")]
    NoOverlap {
        /// The variable.
        term: String,
    },
    /// The iteration did not settle.
    #[error("the fit did not settle in {iterations} iterations")]
    NotConverged {
        /// Iterations done.
        iterations: usize,
    },
    /// A level outside (0, 1).
    #[error("a confidence level of {} is not between 0 and 1", exact_text(*level))]
    InvalidLevel {
        /// The level.
        level: f64,
    },
    /// A probability, share or ratio outside its range.
    #[error("{what} is {}, but {expected}", exact_text(*value))]
    OutOfRange {
        /// Name of the input.
        what: &'static str,
        /// What was found.
        value: f64,
        /// What was expected, as a clause.
        expected: &'static str,
    },
    /// Numbers whose squares overflow or vanish.
    #[error("{what}: numbers of the size of {} are too large or too small to be squared; give them in other units", exact_text(*size))]
    Magnitude {
        /// Name of the input.
        what: String,
        /// Its largest value, or the largest difference between its values.
        size: f64,
    },
    /// A horizon past the last follow-up.
    #[error(
        "the horizon of {} lies beyond the last follow-up at {}, where the curve is unknown",
        exact_text(*horizon),
        exact_text(*last)
    )]
    HorizonBeyondFollowUp {
        /// The horizon.
        horizon: f64,
        /// The last time of the curve.
        last: f64,
    },
    /// A row that is never at risk.
    #[error("row {position} enters at {}, not before its time {}; it is never at risk", exact_text(*entry), exact_text(*time))]
    EntryAfterTime {
        /// Position, counted from 1.
        position: usize,
        /// The entry time.
        entry: f64,
        /// The time.
        time: f64,
    },
    /// An interval whose ends are the wrong way round.
    #[error("row {position} ends at {}, before its start {}", exact_text(*end), exact_text(*start))]
    EndBeforeStart {
        /// Position, counted from 1.
        position: usize,
        /// The start.
        start: f64,
        /// The end.
        end: f64,
    },
    /// More rows than can be indexed.
    #[error("there are more than 4,294,967,295 rows")]
    TooManyRows,
    /// Robust errors from a single cluster, or from fewer than there are terms.
    #[error("there are too few clusters: robust standard errors need more clusters than there are terms")]
    OneCluster,
    /// All rows belong to one group.
    #[error("all rows belong to one group, so there are no differences between groups to estimate")]
    SingleGroup,
    /// Too few rows per group, or groups told apart by the fixed effects already.
    #[error("{rows} rows in {groups} groups cannot tell differences between groups from the variation within them")]
    GroupsNotSeparable {
        /// Rows.
        rows: usize,
        /// Groups.
        groups: usize,
    },
    /// The model fits every value exactly.
    #[error("the model fits the outcome exactly, so there is no residual variance to estimate")]
    NoResidualVariance,
    /// Two fits that are not of the same rows, or not one inside the other.
    #[error("the two models cannot be compared: {reason}")]
    NotComparable {
        /// Why, as a clause.
        reason: &'static str,
    },
    /// An outcome without variation.
    #[error("the outcome has the same value everywhere, so there is nothing to explain")]
    ConstantOutcome,
    /// Too few clusters for a cluster-robust error.
    #[error("at least {needed} clusters are needed, there are {found}")]
    TooFewClusters {
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// Two rows of a cluster at the same wave.
    #[error("two rows of one cluster have wave {wave}; an order in time needs different waves")]
    RepeatedWave {
        /// The wave.
        wave: u32,
    },
    /// A row that fits exactly whatever its outcome.
    #[error("row {position} alone decides a coefficient (leverage 1), so the HC2 and HC3 errors are not defined")]
    FullLeverage {
        /// Position, counted from 1.
        position: usize,
    },
    /// A marginal model without any residual.
    #[error("the model fits without any residual, so there is no correlation and no error to estimate")]
    ExactFit,
    /// A working correlation that leaves no matrix to invert.
    #[error(
        "rows of a cluster would be correlated by {}, at the edge of what is possible; take another working correlation",
        exact_text(*alpha)
    )]
    SingularCorrelation {
        /// The correlation.
        alpha: f64,
    },
    /// All rows in one exposure group.
    #[error("everybody is in the same exposure group, so there is nothing to compare")]
    OneExposureGroup,
    /// Nothing varies that the variance could be estimated from.
    #[error("{what} has no defined variance in these data")]
    UndefinedVariance {
        /// Name of the statistic.
        what: &'static str,
    },
    /// A method that has no form for such data.
    #[error("{what}")]
    Unsupported {
        /// What it does not take, as a sentence.
        what: &'static str,
    },
    /// One patient followed twice at the same time.
    #[error("two intervals of the same patient overlap at time {}", exact_text(*time))]
    OverlappingIntervals {
        /// Start of the later one.
        time: f64,
    },
    /// A statistic that the data as they are do not define.
    #[error("the statistic cannot be computed from these data")]
    UndefinedStatistic,
    /// A statistic that too many resamples do not define.
    #[error("the statistic could not be computed in {failed} of {replicates} resamples, so its interval would not describe the data")]
    FailedResamples {
        /// Resamples without a value.
        failed: usize,
        /// Resamples drawn.
        replicates: usize,
    },
    /// A bias correction that would be infinite.
    #[error("every resample lies on one side of the estimate, so its bias cannot be corrected")]
    OneSidedResamples,
    /// A cluster with rows in two strata.
    #[error("row {position} lies in another stratum than the rest of its cluster")]
    SplitCluster {
        /// Position, counted from 1.
        position: usize,
    },
    /// Values that are all equal, where a difference between them is needed.
    #[error("{what} do not vary, so there is nothing to test")]
    NoVariation {
        /// Name of the values.
        what: &'static str,
    },
    /// A result that does not exist for these data.
    #[error("{what} cannot be computed: {reason}")]
    NotPossible {
        /// The result.
        what: &'static str,
        /// Why not, as a clause.
        reason: &'static str,
    },
    /// Something that has no value for these data, or that a method does not do.
    #[error("{why}")]
    Undefined {
        /// What has none and why, as a sentence without a full stop.
        why: String,
    },
}

/// Refuses NaN and infinities.
pub(crate) fn check_finite(what: &str, values: &[f64]) -> Result<(), StatsError> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(index) => Err(StatsError::NotFinite { what: what.to_owned(), position: index + 1 }),
    }
}

/// Refuses levels outside (0, 1).
pub(crate) fn check_level(level: f64) -> Result<(), StatsError> {
    if level > 0.0 && level < 1.0 { Ok(()) } else { Err(StatsError::InvalidLevel { level }) }
}
