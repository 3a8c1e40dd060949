//! Phases of care.

use super::vocabulary::vocabulary;

vocabulary! {
    /// The phase of care a session belongs to. `Program` is any phase before completion whose kind was not logged.
    Phase {
        /// In the program, kind not logged.
        Program = "program" | "programme" | "program phase" | "treatment" | "therapy" | "treatment phase" | "programm" | "behandlung" | "behandlungsphase" | "therapie" | "therapiephase" | "traitement" | "programa" | "tratamiento" | "terapia" | "tratamento" | "programma" | "trattamento" | "behandeling" | "behandling" | "terapi",
        /// Stretching and mobility.
        Flexibility = "flexibility" | "stretching" | "stretch" | "mobility" | "mobilization" | "mobilisation" | "beweglichkeit" | "dehnen" | "dehnung" | "dehnubungen" | "dehnuebungen" | "souplesse" | "etirement" | "etirements" | "mobilite" | "flexibilidad" | "estiramiento" | "estiramientos" | "movilidad" | "flexibilidade" | "alongamento" | "flessibilita" | "mobilita" | "lenigheid" | "rekken" | "flexibiliteit" | "mobiliteit" | "rorlighet" | "bevaegelighed" | "bevegelighet" | "smidighed",
        /// Strengthening.
        Strengthening = "strengthening" | "strength" | "strength training" | "resistance training" | "kraft" | "kraftigung" | "kraeftigung" | "krafttraining" | "renforcement" | "renforcement musculaire" | "musculation" | "fortalecimiento" | "fuerza" | "fortalecimento" | "rinforzo" | "potenziamento" | "kracht" | "krachttraining" | "versterking" | "styrke" | "styrka" | "styrketraening" | "styrketraning" | "styrketrening",
        /// Functional training.
        Functional = "functional" | "function" | "functional training" | "funktionell" | "funktionelles training" | "funktionstraining" | "fonctionnel" | "entrainement fonctionnel" | "funcional" | "entrenamiento funcional" | "funzionale" | "functioneel" | "functionele training" | "funktionel" | "funksjonell",
        /// Balance and coordination.
        Proprioception = "proprioception" | "proprioceptive" | "balance" | "coordination" | "balance training" | "propriozeption" | "gleichgewicht" | "gleichgewichtstraining" | "koordination" | "equilibre" | "propriocepcion" | "equilibrio" | "coordinacion" | "propriocezione" | "proprioceptie" | "balans" | "evenwicht" | "coordinatie" | "koordinasjon",
        /// After completion, at home or in a class.
        Maintenance = "maintenance" | "maintain" | "maintenance phase" | "follow up" | "home program" | "home programme" | "aftercare" | "erhaltung" | "erhaltungsphase" | "erhaltungstraining" | "aufrechterhaltung" | "nachsorge" | "heimprogramm" | "entretien" | "phase d'entretien" | "maintien" | "suivi" | "mantenimiento" | "fase de mantenimiento" | "seguimiento" | "manutencao" | "mantenimento" | "onderhoud" | "onderhoudsfase" | "nazorg" | "vedligeholdelse" | "underhall" | "vedlikehold",
    }
}

impl Phase {
    /// Whether this phase is part of the program, as opposed to the maintenance after it.
    #[must_use]
    pub fn in_program(self) -> bool {
        self != Self::Maintenance
    }
}
