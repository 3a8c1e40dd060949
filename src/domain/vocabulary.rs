//! Closed lists of words: one spelling out, several accepted in, and the nearest for a wrong one.

/// Declares an enum whose variants have one printed spelling and further accepted ones.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $spelling:literal $(| $other:literal)*),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The one spelling used in output.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $spelling),+ }
            }

            /// The value a text names, whatever its case, accents, hyphens and surrounding space.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let text = text.trim();
                $(if text.eq_ignore_ascii_case($spelling) $(|| text.eq_ignore_ascii_case($other))* { return Some(Self::$variant); })+
                let text = $crate::domain::folded(text);
                $(if text == $spelling $(|| text == $other)* { return Some(Self::$variant); })+
                None
            }

            /// Every spelling accepted, with the value it names.
            #[cfg(test)]
            #[allow(dead_code, reason = "not every list is compared")]
            pub(crate) const SPELLINGS: &'static [(&'static str, Self)] = &[$(($spelling, Self::$variant) $(, ($other, Self::$variant))*),+];
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use vocabulary;

/// The candidate closest to a mistyped word, if any is close enough to be meant.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&word, &candidate.to_lowercase()), candidate))
        .filter(|(similarity, _)| *similarity >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;
    use crate::domain::{Answer, EventKind, Modality, PainContext, PainSite, Phase, ProgramOutcome, SessionStatus, Setting, folded};

    #[test]
    fn every_spelling_names_one_value_and_further_ones_are_spelled_as_they_are_compared() {
        macro_rules! check {
            ($($list:ty),+) => {$(
                for (at, (spelling, value)) in <$list>::SPELLINGS.iter().enumerate() {
                    assert_eq!(<$list>::parse(spelling), Some(*value), "{spelling}");
                    assert!(<$list>::SPELLINGS[..at].iter().all(|(other, _)| other != spelling), "{spelling} twice");
                    assert!(*spelling == value.as_str() || folded(spelling) == *spelling, "{spelling} is never reached");
                }
            )+};
        }
        check!(Answer, EventKind, Modality, PainContext, PainSite, Phase, ProgramOutcome, SessionStatus, Setting);
    }

    #[test]
    fn words_of_other_languages_are_known_with_and_without_accents() {
        assert_eq!(SessionStatus::parse("Durchgeführt"), Some(SessionStatus::Done));
        assert_eq!(SessionStatus::parse("réalisé"), Some(SessionStatus::Done));
        assert_eq!(SessionStatus::parse("Nicht gemacht"), Some(SessionStatus::Missed));
        assert_eq!(Answer::parse("Sí"), Some(Answer::Yes));
        assert_eq!(Phase::parse("Kräftigung"), Some(Phase::Strengthening));
        assert_eq!(ProgramOutcome::parse("Drop-Out"), Some(ProgramOutcome::DroppedOut));
        assert_eq!(EventKind::parse("Décès"), Some(EventKind::Died));
        assert_eq!(EventKind::parse("X-Ray"), Some(EventKind::Imaging));
        assert_eq!(EventKind::parse("party"), None);
    }

    #[test]
    fn a_slip_finds_its_word_and_nonsense_finds_none() {
        assert_eq!(nearest("reccurence", ["adherence", "recurrence", "pain"]), Some("recurrence"));
        assert_eq!(nearest("zzz", ["adherence", "recurrence"]), None);
    }
}
