//! What kind of exercise or treatment a session was.

use super::vocabulary::vocabulary;

vocabulary! {
    /// The kind of exercise or treatment.
    Modality {
        /// Stretching and mobility.
        Stretching = "stretching" | "stretch" | "stretches" | "flexibility" | "mobility" | "mobility exercise" | "mobilising exercise" | "mobilizing exercise" | "range of motion" | "rom" | "yoga" | "dehnen" | "dehnung" | "dehnubung" | "dehnubungen" | "beweglichkeit" | "etirement" | "etirements" | "assouplissement" | "souplesse" | "estiramiento" | "estiramientos" | "flexibilidad" | "alongamento" | "stiramento" | "allungamento" | "rekken" | "stretchen" | "udstraekning" | "toyning" | "tojning",
        /// The trunk as a whole.
        Core = "core" | "core exercise" | "core exercises" | "core training" | "core stability" | "core strength" | "core strengthening" | "trunk" | "trunk strengthening" | "trunk exercise" | "pilates" | "rumpf" | "rumpftraining" | "rumpfkraftigung" | "rumpfstabilitat" | "rumpfstabilisation" | "gainage" | "tronc" | "tronco" | "romp" | "rompstabiliteit" | "kernmuskulatur",
        /// Control of the deep muscles of the spine.
        Stabilization = "stabilization" | "stabilisation" | "stabilizing" | "stabilising" | "stability" | "stabilization exercise" | "stabilisation exercise" | "stabilization exercises" | "stabilisation exercises" | "spinal stabilization" | "spinal stabilisation" | "segmental stabilization" | "segmental stabilisation" | "lumbar stabilization" | "lumbar stabilisation" | "motor control" | "motor control exercise" | "stabilisierung" | "stabilitat" | "stabilisatie" | "estabilizacion" | "estabilizacao" | "stabilizzazione" | "stabilisering",
        /// Strength other than of the trunk alone.
        Strengthening = "strengthening" | "strength" | "strength training" | "strengthening exercise" | "resistance" | "resistance training" | "resistance exercise" | "weights" | "weight training" | "kraftigung" | "kraeftigung" | "kraft" | "krafttraining" | "renforcement" | "renforcement musculaire" | "musculation" | "fortalecimiento" | "fuerza" | "fortalecimento" | "forca" | "rinforzo" | "rafforzamento" | "kracht" | "krachttraining" | "versterking" | "styrke" | "styrketraening" | "styrketrening" | "styrka" | "styrketraning",
        /// Endurance.
        Aerobic = "aerobic" | "aerobics" | "aerobic exercise" | "aerobic training" | "cardio" | "endurance" | "walking" | "walk" | "nordic walking" | "treadmill" | "running" | "jogging" | "cycling" | "bike" | "ergometer" | "ausdauer" | "ausdauertraining" | "gehen" | "laufen" | "radfahren" | "aerobie" | "endurance training" | "marche" | "velo" | "aerobico" | "resistencia aerobica" | "caminar" | "marcha" | "bicicleta" | "caminhada" | "camminata" | "conditie" | "wandelen" | "fietsen" | "kondition" | "kondisjon" | "utholdenhet" | "udholdenhed",
        /// In water.
        Aquatic = "aquatic" | "aquatic exercise" | "aquatic therapy" | "aquatherapy" | "aqua" | "aqua therapy" | "aqua fitness" | "aqua gymnastics" | "hydrotherapy" | "hydro" | "pool" | "pool exercise" | "pool therapy" | "water" | "water exercise" | "water based" | "swimming" | "swim" | "wasser" | "wassergymnastik" | "aquagymnastik" | "aquafitness" | "bewegungsbad" | "schwimmen" | "aquatique" | "aquagym" | "hydrotherapie" | "natation" | "acuatico" | "ejercicio acuatico" | "hidroterapia" | "natacion" | "aquatico" | "natacao" | "idroterapia" | "nuoto" | "zwemmen" | "svomning" | "svomming" | "simning",
        /// Balance and proprioception.
        Balance = "balance" | "balance exercise" | "balance training" | "proprioception" | "proprioceptive" | "proprioceptive training" | "sensorimotor" | "coordination" | "gleichgewicht" | "koordination" | "propriozeption" | "sensomotorik" | "equilibre" | "proprioceptif" | "equilibrio" | "propiocepcion" | "propriocepcao" | "propriocezione" | "evenwicht" | "balans",
        /// Traction and decompression.
        Traction = "traction" | "spinal traction" | "lumbar traction" | "mechanical traction" | "decompression" | "spinal decompression" | "inversion" | "traktion" | "streckung" | "tractions" | "traccion" | "tracao" | "trazione" | "tractie" | "traktionsbehandling" | "strekk",
        /// By the hands of a therapist.
        Manual = "manual" | "manual therapy" | "manual therapies" | "manipulation" | "spinal manipulation" | "mobilization" | "mobilisation" | "joint mobilization" | "joint mobilisation" | "massage" | "soft tissue" | "soft tissue therapy" | "osteopathy" | "chiropractic" | "manuelle therapie" | "manuell" | "manuelle" | "therapie manuelle" | "manipulations" | "terapia manual" | "masaje" | "manipulacion" | "massagem" | "terapia manuale" | "massaggio" | "manuele therapie" | "manuell terapi" | "manuel terapi" | "manuel behandling",
        /// Heat.
        Heat = "heat" | "heat pack" | "heat packs" | "hot pack" | "hot packs" | "heat therapy" | "thermotherapy" | "warm pack" | "infrared" | "diathermy" | "fango" | "warme" | "waerme" | "warmetherapie" | "warmepackung" | "chaleur" | "thermotherapie" | "calor" | "termoterapia" | "caldo" | "warmte" | "varme" | "varmebehandling",
        /// Cold.
        Cold = "cold" | "cold pack" | "cold packs" | "ice" | "ice pack" | "ice packs" | "cryotherapy" | "cold therapy" | "kalte" | "kaelte" | "kaltetherapie" | "eis" | "kryotherapie" | "froid" | "glace" | "cryotherapie" | "frio" | "hielo" | "crioterapia" | "gelo" | "freddo" | "ghiaccio" | "koude" | "ijs" | "kulde" | "kyla" | "is",
        /// Electrical stimulation.
        Stimulation = "stimulation" | "electrical stimulation" | "electrostimulation" | "electro stimulation" | "electric stimulation" | "electrotherapy" | "e stim" | "estim" | "stim" | "tens" | "nmes" | "ems" | "ift" | "interferential" | "interferential current" | "reizstrom" | "elektrotherapie" | "elektrostimulation" | "electrotherapie" | "stimulation electrique" | "electroterapia" | "electroestimulacion" | "estimulacion" | "eletroterapia" | "eletroestimulacao" | "elettroterapia" | "elettrostimolazione" | "elektrostimulatie" | "elektroterapi" | "strombehandling",
        /// Any other kind.
        Other = "other" | "others" | "miscellaneous" | "misc" | "mixed" | "sonstige" | "sonstiges" | "andere" | "anderes" | "autre" | "autres" | "otro" | "otra" | "otros" | "outro" | "outra" | "altro" | "altra" | "overig" | "anders" | "andet" | "annet" | "annat",
    }
}

impl Modality {
    /// Whether the patient moves: exercise of any kind. Of [`Self::Other`] it is not known.
    #[must_use]
    pub fn is_active(self) -> bool {
        matches!(
            self,
            Self::Stretching | Self::Core | Self::Stabilization | Self::Strengthening | Self::Aerobic | Self::Aquatic | Self::Balance
        )
    }

    /// Whether the treatment is done to the patient: traction, manual therapy, heat, cold, electrical stimulation.
    #[must_use]
    pub fn is_passive(self) -> bool {
        matches!(self, Self::Traction | Self::Manual | Self::Heat | Self::Cold | Self::Stimulation)
    }
}

#[cfg(test)]
mod tests {
    use super::Modality;

    #[test]
    fn every_modality_is_active_or_passive_and_only_other_is_neither() {
        for modality in Modality::ALL {
            assert!(!(modality.is_active() && modality.is_passive()), "{modality}");
            assert_eq!(modality.is_active() || modality.is_passive(), *modality != Modality::Other, "{modality}");
        }
    }

    #[test]
    fn words_of_clinics_are_understood() {
        for (text, modality) in [
            ("Core stability", Modality::Core),
            ("E-Stim", Modality::Stimulation),
            ("TENS", Modality::Stimulation),
            ("hydrotherapy", Modality::Aquatic),
            ("Motor-Control", Modality::Stabilization),
            ("Wärme", Modality::Heat),
            ("joint mobilisation", Modality::Manual),
            ("Mobility", Modality::Stretching),
        ] {
            assert_eq!(Modality::parse(text), Some(modality), "{text}");
        }
        assert_eq!(Modality::parse("dry needling"), None);
    }
}
