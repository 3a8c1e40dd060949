//! Why a follow-up ended without a recurrence.

use super::vocabulary::vocabulary;

vocabulary! {
    /// Why the time at risk ended without a recurrence.
    CensorReason {
        /// The last log before the data cut-off: still followed, still well.
        LastLog = "last log before the cut-off",
        /// The last log before a silence longer than the setting.
        Silence = "logging went silent",
        /// Surgery (a competing event).
        Surgery = "surgery",
        /// A new program (a competing event).
        NewProgram = "new program",
        /// Withdrawal.
        Withdrawn = "withdrawn",
        /// Death (a competing event).
        Died = "died",
    }
}
