//! What became of a planned session.

use super::vocabulary::vocabulary;

vocabulary! {
    /// What a log says of a session. A session that is not in the log at all is *unlogged*, a third state.
    SessionStatus {
        /// Done.
        Done = "done" | "completed" | "complete" | "yes" | "y" | "true" | "1" | "attended",
        /// Done in part; counts as `fraction_done`, or as one half where that is not logged.
        Partial = "partial" | "partly" | "incomplete" | "part",
        /// Logged as not done.
        Missed = "missed" | "skipped" | "no" | "n" | "false" | "0" | "not done" | "dna" | "cancelled",
    }
}
