//! Clinical events that end or change follow-up.

use super::vocabulary::vocabulary;

vocabulary! {
    /// A dated clinical event.
    EventKind {
        /// Surgery on the spine.
        Surgery = "surgery" | "operation",
        /// Injection.
        Injection = "injection",
        /// Imaging.
        Imaging = "imaging" | "mri" | "x-ray" | "scan",
        /// Referral to another service.
        Referral = "referral" | "referred",
        /// Start of a further program.
        NewProgram = "new_program" | "new program" | "re-referral" | "re_referral",
        /// Withdrawal from the study.
        Withdrawn = "withdrawn" | "withdrew" | "withdrawal",
        /// Death.
        Died = "died" | "death" | "dead",
    }
}

impl EventKind {
    /// Whether the event ends the time in which a recurrence can be seen.
    #[must_use]
    pub fn ends_follow_up(self) -> bool {
        matches!(self, Self::Surgery | Self::NewProgram | Self::Withdrawn | Self::Died)
    }
}
