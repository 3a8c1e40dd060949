//! How a program ended.

use super::vocabulary::vocabulary;

vocabulary! {
    /// How a program ended, as the clinic recorded it.
    ProgramOutcome {
        /// Completed.
        Completed = "completed" | "complete" | "discharged" | "finished",
        /// Stopped before its end.
        DroppedOut = "dropped_out" | "dropped out" | "dropout" | "drop-out" | "stopped",
        /// Still running at the cut-off.
        Ongoing = "ongoing" | "active" | "in progress",
    }
}
