//! Names of months and weekdays.

use chrono::Weekday;

use crate::domain::folded;
use crate::settings::Language;

/// The names of one language, folded (lower case, no accents). What shortens one name and no other stands for it.
struct Names {
    months: [&'static str; 12],
    weekdays: [&'static str; 7],
    /// Further names of months, with the month.
    also: &'static [(&'static str, u32)],
}

/// Every language, in the order in which they are proposed.
pub(super) const LANGUAGES: [Language; 10] = [
    Language::En,
    Language::De,
    Language::Fr,
    Language::Es,
    Language::It,
    Language::Pt,
    Language::Nl,
    Language::Sv,
    Language::Da,
    Language::No,
];

#[rustfmt::skip]
const fn names(language: Language) -> Names {
    match language {
        Language::En => Names {
            months: ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"],
            weekdays: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
            also: &[],
        },
        Language::De => Names {
            months: ["januar", "februar", "marz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"],
            weekdays: ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"],
            also: &[("janner", 1), ("jaenner", 1), ("feber", 2), ("mrz", 3), ("maerz", 3)],
        },
        Language::Fr => Names {
            months: ["janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"],
            weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
            also: &[("jv", 1), ("jn", 6), ("jt", 7)],
        },
        Language::Es => Names {
            months: ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
            weekdays: ["lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"],
            also: &[("setiembre", 9), ("set", 9)],
        },
        Language::It => Names {
            months: ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"],
            weekdays: ["lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica"],
            also: &[],
        },
        Language::Pt => Names {
            months: ["janeiro", "fevereiro", "marco", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"],
            weekdays: ["segunda", "terca", "quarta", "quinta", "sexta", "sabado", "domingo"],
            also: &[],
        },
        Language::Nl => Names {
            months: ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
            weekdays: ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
            also: &[("mrt", 3)],
        },
        Language::Sv => Names {
            months: ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"],
            weekdays: ["mandag", "tisdag", "onsdag", "torsdag", "fredag", "lordag", "sondag"],
            also: &[],
        },
        Language::Da => Names {
            months: ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"],
            weekdays: ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lordag", "sondag"],
            also: &[],
        },
        Language::No => Names {
            months: ["januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"],
            weekdays: ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lordag", "sondag"],
            also: &[],
        },
    }
}

const WEEKDAYS: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// The one name that begins with `word`, by its place.
fn begun(word: &str, names: &[&str], least: usize) -> Option<usize> {
    if let Some(place) = names.iter().position(|name| *name == word) {
        return Some(place);
    }
    let mut fits = (0..names.len()).filter(|&place| word.len() >= least && names[place].starts_with(word));
    match (fits.next(), fits.next()) {
        (Some(place), None) => Some(place),
        _ => None,
    }
}

fn month_in(word: &str, language: Language) -> Option<u32> {
    let names = names(language);
    let also = names.also.iter().find(|(name, _)| *name == word).map(|&(_, month)| month);
    also.or_else(|| begun(word, &names.months, 3).map(|place| place as u32 + 1))
}

fn weekday_in(word: &str, language: Language) -> Option<Weekday> {
    let place = begun(word, &names(language).weekdays, 2).and_then(|place| WEEKDAYS.get(place).copied());
    // Saturday in the north of Germany.
    if language == Language::De && word == "sonnabend" { Some(Weekday::Sat) } else { place }
}

/// The month (1–12) a word names in English or in the file's language.
pub(super) fn month(word: &str, language: Option<Language>) -> Option<u32> {
    let word = folded(word);
    month_in(&word, Language::En).or_else(|| language.and_then(|language| month_in(&word, language)))
}

/// The weekday a word names in English or in the file's language.
pub(super) fn weekday(word: &str, language: Option<Language>) -> Option<Weekday> {
    let word = folded(word);
    // "Do" is a Thursday in German and no English word; the file's language goes first.
    language.and_then(|language| weekday_in(&word, language)).or_else(|| weekday_in(&word, Language::En))
}

/// The languages in which a word names a month or a weekday.
pub(super) fn languages_of(word: &str) -> impl Iterator<Item = Language> {
    let word = folded(word);
    LANGUAGES.into_iter().filter(move |&language| month_in(&word, language).is_some() || weekday_in(&word, language).is_some())
}

/// The full English name of a weekday, for sentences.
pub(super) fn english(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

/// How a language is named in `study.toml` and in English.
pub(super) fn language_name(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::En => ("en", "English"),
        Language::De => ("de", "German"),
        Language::Fr => ("fr", "French"),
        Language::Es => ("es", "Spanish"),
        Language::It => ("it", "Italian"),
        Language::Pt => ("pt", "Portuguese"),
        Language::Nl => ("nl", "Dutch"),
        Language::Sv => ("sv", "Swedish"),
        Language::Da => ("da", "Danish"),
        Language::No => ("no", "Norwegian"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_and_usual_abbreviations_are_known_with_and_without_accent_and_stop() {
        for (language, word, wanted) in [
            (Language::De, "März", 3),
            (Language::De, "Mrz", 3),
            (Language::De, "MÄR", 3),
            (Language::De, "Okt", 10),
            (Language::De, "Jänner", 1),
            (Language::Fr, "févr", 2),
            (Language::Fr, "juil", 7),
            (Language::Fr, "aout", 8),
            (Language::Fr, "déc", 12),
            (Language::Es, "ene", 1),
            (Language::Es, "sept", 9),
            (Language::Es, "Setiembre", 9),
            (Language::It, "giu", 6),
            (Language::It, "lug", 7),
            (Language::Pt, "março", 3),
            (Language::Nl, "mrt", 3),
            (Language::Nl, "mei", 5),
            (Language::Sv, "augusti", 8),
            (Language::Da, "maj", 5),
            (Language::No, "des", 12),
        ] {
            assert_eq!(month(word, Some(language)), Some(wanted), "{word}");
        }
        assert_eq!(month("Sept", None), Some(9));
        assert_eq!(month("März", None), None);
        assert_eq!(month("ju", None), None, "June or July");
        assert_eq!(month("jui", Some(Language::Fr)), None, "juin or juillet");
        assert_eq!(weekday("Do", Some(Language::De)), Some(Weekday::Thu));
        assert_eq!(weekday("do", Some(Language::Es)), Some(Weekday::Sun));
        assert_eq!(weekday("Sonnabend", Some(Language::De)), Some(Weekday::Sat));
        assert_eq!(weekday("lør", Some(Language::No)), Some(Weekday::Sat));
        assert_eq!(weekday("Thurs", None), Some(Weekday::Thu));
    }

    #[test]
    fn no_name_of_a_language_means_another_month_or_weekday_in_english() {
        for language in LANGUAGES {
            let Names { months, weekdays, also } = names(language);
            for (place, name) in months.iter().enumerate() {
                assert_eq!(folded(name), **name);
                for end in 3..=name.len() {
                    let (own, english) = (month_in(&name[..end], language), month_in(&name[..end], Language::En));
                    assert!(own.is_none() || english.is_none() || own == english, "{}", &name[..end]);
                }
                assert_eq!(month_in(name, language), Some(place as u32 + 1));
            }
            for (name, wanted) in weekdays.iter().zip(WEEKDAYS) {
                assert_eq!((folded(name).as_str(), weekday_in(name, language)), (*name, Some(wanted)));
            }
            assert!(also.iter().all(|(name, _)| folded(name) == *name));
        }
    }
}
