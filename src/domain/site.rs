//! How far down the leg pain reaches.

use super::vocabulary::vocabulary;

vocabulary! {
    /// The most distal place of pain, in the order from none to the foot: pain that moves up the list peripheralizes, pain that moves
    /// down centralizes.
    PainSite {
        /// No pain.
        None = "none" | "0" | "0.0" | "no pain" | "no" | "nowhere" | "pain free" | "painfree" | "keine" | "kein schmerz" | "keiner" | "schmerzfrei" | "aucun" | "aucune" | "aucune douleur" | "ninguno" | "ninguna" | "sin dolor" | "nenhum" | "nenhuma" | "sem dor" | "nessuno" | "nessuna" | "nessun dolore" | "geen" | "geen pijn" | "ingen" | "ingen smerte",
        /// Lower back.
        LowBack = "low_back" | "1" | "1.0" | "low back" | "lower back" | "lowback" | "back" | "lumbar" | "lumbar spine" | "central" | "midline" | "lbp" | "kreuz" | "rucken" | "ruecken" | "unterer rucken" | "unterer ruecken" | "lws" | "lende" | "dos" | "bas du dos" | "bas dos" | "lombaire" | "lombaires" | "lumbares" | "espalda" | "espalda baja" | "zona lumbar" | "lombar" | "costas" | "lombare" | "schiena" | "zona lombare" | "onderrug" | "rug" | "laenden" | "lend" | "korsrygg" | "rygg" | "ryg" | "landrygg",
        /// Buttock.
        Buttock = "buttock" | "2" | "2.0" | "buttocks" | "gluteal" | "glute" | "glutes" | "gluteus" | "gesass" | "gesaess" | "fesse" | "fesses" | "gluteo" | "gluteos" | "nadega" | "nalga" | "natica" | "bil" | "balde" | "sete" | "skinka",
        /// Thigh.
        Thigh = "thigh" | "3" | "3.0" | "thighs" | "upper leg" | "posterior thigh" | "hamstring" | "above knee" | "above the knee" | "oberschenkel" | "cuisse" | "muslo" | "coxa" | "coscia" | "bovenbeen" | "dij" | "lar",
        /// Calf, below the knee.
        Calf = "calf" | "4" | "4.0" | "calves" | "lower leg" | "shin" | "below knee" | "below the knee" | "wade" | "unterschenkel" | "mollet" | "jambe" | "pantorrilla" | "panturrilha" | "polpaccio" | "kuit" | "onderbeen" | "laeg" | "legg" | "vad",
        /// Foot.
        Foot = "foot" | "5" | "5.0" | "feet" | "toe" | "toes" | "ankle" | "fuss" | "fusse" | "zehen" | "zehe" | "pied" | "orteil" | "orteils" | "pie" | "pe" | "piede" | "voet" | "tenen" | "fod" | "fot",
    }
}

#[cfg(test)]
mod tests {
    use super::PainSite;

    #[test]
    fn sites_are_numbered_from_none_to_foot() {
        for (at, site) in PainSite::ALL.iter().enumerate() {
            assert_eq!(PainSite::parse(&at.to_string()), Some(*site));
        }
        assert_eq!(PainSite::parse("Lower-back"), Some(PainSite::LowBack));
        assert!(PainSite::Foot > PainSite::Calf);
    }
}
