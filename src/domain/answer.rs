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

/// Whether a text says that the answer is not known: then there is none, and nothing is wrong with the cell.
#[must_use]
pub fn says_unknown(text: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 22] = [
        "unknown", "unk", "unclear", "unsure", "not sure", "uncertain", "don't know", "dont know", "not known", "not recorded", "not asked",
        "not assessed", "unbekannt", "unklar", "weiss nicht", "inconnu", "ne sait pas", "desconocido", "no se", "sconosciuto", "onbekend",
        "ukjent",
    ];
    let folded = super::folded(text);
    WORDS.contains(&folded.as_str()) || !folded.is_empty() && folded.bytes().all(|byte| byte == b'?')
}

#[cfg(test)]
mod tests {
    use super::says_unknown;

    #[test]
    fn not_knowing_is_told_from_no() {
        for text in ["unknown", "Don’t know", "?", "??", "Weiß nicht", "not-sure"] {
            assert!(says_unknown(text), "{text}");
        }
        for text in ["", "no", "none", "nein", "0", "known"] {
            assert!(!says_unknown(text), "{text}");
        }
    }
}
