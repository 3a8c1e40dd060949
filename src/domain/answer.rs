//! Yes and no as people write them.

use super::vocabulary::vocabulary;

vocabulary! {
    /// The answer in a column of yes and no.
    Answer {
        /// Yes.
        Yes = "yes" | "y" | "true" | "t" | "1" | "1.0" | "x" | "✓" | "✔" | "☑" | "☒" | "ja" | "j" | "wahr" | "oui" | "vrai" | "si" | "verdadero" | "sim" | "verdadeiro" | "vero" | "waar" | "sant" | "sand" | "on" | "checked",
        /// No.
        No = "no" | "n" | "false" | "f" | "0" | "0.0" | "✗" | "✘" | "☐" | "nein" | "falsch" | "non" | "faux" | "falso" | "nao" | "nee" | "neen" | "onwaar" | "nej" | "nei" | "falskt" | "falsk" | "usant" | "off" | "unchecked",
    }
}
