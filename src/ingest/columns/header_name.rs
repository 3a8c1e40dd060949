//! Header names as they are compared.

use crate::domain::folded;

/// A header name as aliases are compared: lower case, without accents, words joined by `_`; `PatientId` is two words.
#[must_use]
pub fn normalized(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut spaced = String::with_capacity(name.len() + 4);
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at)).copied().unwrap_or(' ');
        let after = letters.get(at + 1).copied().unwrap_or(' ');
        let word_starts = letter.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && after.is_lowercase()));
        if word_starts {
            spaced.push(' ');
        }
        spaced.push(letter);
    }
    let folded = folded(&spaced);
    let words: Vec<&str> = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("_")
}

/// Words that say how a value is written, not what it is.
#[rustfmt::skip]
const UNITS: &[&str] = &[
    "to", "bis", "von", "from", "of", "a", "per", "pro", "par", "min", "mins", "minutes", "minuten", "minuter", "minutter", "minuti",
    "minutos", "h", "hours", "cm", "mm", "nrs", "vas", "nprs", "score", "scale", "skala", "points", "punkte", "pts", "yes", "no", "ja",
    "nein", "oui", "non", "si", "y", "n", "true", "false", "week", "woche", "wk", "days", "yyyy", "yy", "dd", "tt", "jjjj", "jj",
    "aaaa", "hh", "ss", "iso", "required", "optional", "pain", "worst", "possible", "imaginable", "none", "done", "missed",
];

/// The normalized name without units: `Pain (0-10)` and `pain_0_10` are pain. A bracket that says something else stays,
/// as does the range of another scale.
pub(super) fn without_unit(name: &str) -> String {
    let is_unit = |text: &str| {
        let text = normalized(text);
        text.split('_').all(|word| ["", "0", "1", "10", "100"].contains(&word) || UNITS.contains(&word))
    };
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find(['(', '[', '{']) {
        let (before, bracket) = rest.split_at(at);
        let Some(end) = bracket.find([')', ']', '}']) else { break };
        let (inside, after) = (bracket.get(1..end).unwrap_or_default(), bracket.get(end + 1..).unwrap_or_default());
        plain.push_str(before);
        if is_unit(inside) {
            plain.push(' ');
        } else {
            plain.push_str(bracket.get(..=end).unwrap_or_default());
        }
        rest = after;
    }
    plain.push_str(rest);
    let normal = normalized(&plain);
    let ranges = ["_0_10", "_0_100", "_0_to_10", "_0_to_100", "_0_bis_10", "_0_bis_100"];
    ranges.iter().find_map(|range| normal.strip_suffix(range)).unwrap_or(&normal).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names_are_compared_without_case_and_punctuation() {
        assert_eq!(normalized(" Patient-ID "), "patient_id");
        assert_eq!(normalized("Pain (score)"), "pain_score");
        for (name, wanted) in [
            ("PatientID", "patient_id"),
            ("patientId", "patient_id"),
            ("NRSScore", "nrs_score"),
            ("\u{feff}Schmerzstärke\u{a0}", "schmerzstarke"),
            ("PATIENT-NR.", "patient_nr"),
            ("lasted24h", "lasted24h"),
            ("Fecha de la sesión", "fecha_de_la_sesion"),
            ("VAS", "vas"),
        ] {
            assert_eq!(normalized(name), wanted, "{name}");
        }
    }

    #[test]
    fn a_unit_behind_a_name_is_no_part_of_it_and_a_condition_is() {
        for name in ["Pain (0-10)", "pain [NRS 0–10]", "pain_0_10", "Pain 0 to 10", "Pain (0 = no pain, 10 = worst)"] {
            assert_eq!(without_unit(name), "pain", "{name}");
        }
        assert_eq!(without_unit("Duration (min)"), "duration");
        assert_eq!(without_unit("Date (dd/mm/yyyy)"), "date");
        for (name, wanted) in
            [("Pain (0-7)", "pain_0_7"), ("Pain (before)", "pain_before"), ("pain_1", "pain_1"), ("pain (", "pain"), ("(min)", "")]
        {
            assert_eq!(without_unit(name), wanted, "{name}");
        }
        assert_eq!(without_unit("Pain (after exercise)"), "pain_after_exercise");
    }
}
