//! Phases of care.

use super::vocabulary::vocabulary;

vocabulary! {
    /// The phase of care a session belongs to. `Program` is any phase before completion whose kind was not logged.
    Phase {
        /// In the program, kind not logged.
        Program = "program" | "programme" | "treatment" | "therapy",
        /// Stretching and mobility.
        Flexibility = "flexibility" | "stretching",
        /// Strengthening.
        Strengthening = "strengthening" | "strength",
        /// Functional training.
        Functional = "functional" | "function",
        /// Balance and coordination.
        Proprioception = "proprioception" | "proprioceptive" | "balance",
        /// After completion, at home or in a class.
        Maintenance = "maintenance" | "maintain" | "follow-up" | "home program",
    }
}

impl Phase {
    /// Whether this phase is part of the program, as opposed to the maintenance after it.
    #[must_use]
    pub fn in_program(self) -> bool {
        self != Self::Maintenance
    }
}
