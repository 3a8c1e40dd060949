//! On what occasion pain was asked.

use super::vocabulary::vocabulary;

vocabulary! {
    /// The occasion of a pain score.
    PainContext {
        /// Written by the patient in daily life.
        Diary = "diary" | "daily" | "daily diary" | "pain diary" | "journal" | "home" | "at home" | "self" | "self report" | "app" | "ema" | "ecological" | "log" | "tagebuch" | "schmerztagebuch" | "zu hause" | "zuhause" | "carnet" | "domicile" | "maison" | "diario" | "casa" | "dagboek" | "thuis" | "dagbok" | "dagbog" | "hjemme",
        /// Asked at a visit.
        Visit = "visit" | "clinic" | "clinic visit" | "at visit" | "in clinic" | "at clinic" | "office" | "office visit" | "appointment" | "consultation" | "assessment" | "follow up" | "followup" | "review" | "session" | "hospital" | "praxis" | "klinik" | "termin" | "besuch" | "visite" | "arztbesuch" | "kontrolle" | "consulta" | "visita" | "clinica" | "cita" | "cabinet" | "clinique" | "rendez vous" | "bezoek" | "afspraak" | "consult" | "kliniek" | "besok" | "besog" | "konsultasjon" | "konsultation",
    }
}
