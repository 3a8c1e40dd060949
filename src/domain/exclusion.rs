//! Why a patient is not in an analysis.

use super::vocabulary::vocabulary;

vocabulary! {
    /// Why a patient is not among those at risk of recurrence. The first reason that fits, in this order.
    Exclusion {
        /// No program start is known: neither `programs.csv` nor a session.
        NoProgram = "no program start",
        /// The program has not ended by the data cut-off.
        ProgramOngoing = "program not completed by the cut-off",
        /// The patient stopped before the program's end.
        DroppedOut = "dropped out of the program",
        /// No end of the program is known.
        NoCompletion = "no completion recorded",
        /// No pain log that could show remission.
        NoPainAfterCompletion = "no pain log after completion",
        /// Never in remission while followed, so a recurrence has no meaning.
        NeverInRemission = "never in remission",
        /// A competing event came before the time at risk.
        EndedBeforeRisk = "surgery, new program, withdrawal or death before remission",
    }
}
