//! The shapes of cells that are somebody's: e-mail addresses, phone and insurance numbers, names, streets, full dates.

use super::given_names::is_given_name;
use crate::domain::{Day, folded};

/// `local@domain.tld`, and nothing else.
pub(super) fn is_email(cell: &str) -> bool {
    let cell = cell.trim_matches(['<', '>', ';', ',']).trim_start_matches("mailto:");
    let Some((local, domain)) = cell.split_once('@') else { return false };
    let good = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "._%+-'".contains(c));
    let ending = domain.rsplit('.').next().unwrap_or_default();
    good(local) && good(domain) && domain.contains('.') && ending.len() >= 2 && ending.chars().all(char::is_alphabetic)
}

/// A phone number as people write it: with a country code, a leading zero or brackets, or in the American groups.
pub(super) fn is_phone(cell: &str) -> bool {
    let lower = cell.to_lowercase();
    let cell =
        ["tel.", "tel:", "tel", "phone:", "mobile:", "mob."].iter().find_map(|label| lower.strip_prefix(label)).unwrap_or(&lower).trim();
    let number = cell.split_once('x').map_or(cell, |(number, _)| number).trim_end_matches("ext.").trim_end_matches("ext").trim();
    if !number.chars().all(|c| c.is_ascii_digit() || "+()-./ \u{a0}\u{2011}\u{2013}".contains(c)) {
        return false;
    }
    let digits = number.chars().filter(char::is_ascii_digit).count();
    if !(7..=15).contains(&digits) || is_number_date(number) {
        return false;
    }
    let groups: Vec<usize> = number.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|&length| length > 0).collect();
    let international = number.starts_with('+') || number.starts_with("(+") || (number.starts_with("00") && digits >= 12);
    let american = groups == [3, 3, 4] || groups == [1, 3, 3, 4];
    let national = number.starts_with(['0', '(']) && groups.len() >= 2 && digits >= 8;
    international || american || national
}

/// A national or insurance number that shows in its shape: the Swiss AHV number, the American SSN.
pub(super) fn is_national_number(cell: &str) -> bool {
    let groups: Vec<&str> = cell.split(['.', '-']).collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    digits && (lengths == [3, 2, 4] && cell.contains('-') || lengths == [3, 4, 4, 2] && groups.first() == Some(&"756"))
}

/// Two or three capitalized words, or "Surname, First": the shape of a person's name, and of much else.
pub(super) fn is_person_shaped(cell: &str) -> bool {
    let words = name_words(cell);
    let capitalized = words.iter().filter(|word| is_capitalized(word)).count();
    let particles = words.iter().filter(|word| is_particle(word)).count();
    (2..=4).contains(&capitalized) && capitalized + particles == words.len()
}

/// "Surname, First" with nothing else in the cell.
pub(super) fn is_surname_first(cell: &str) -> bool {
    cell.matches(',').count() == 1 && cell.split(',').all(|part| !part.trim().is_empty()) && is_person_shaped(cell)
}

/// Whether a word of the cell is a common given name.
pub(super) fn has_given_name(cell: &str) -> bool {
    name_words(cell).iter().any(|word| word.split('-').any(|part| is_given_name(&folded(part))))
}

/// A single word that is a common given name.
pub(super) fn is_lone_given_name(cell: &str) -> bool {
    name_words(cell).len() == 1 && is_capitalized(cell.trim()) && has_given_name(cell)
}

fn name_words(cell: &str) -> Vec<&str> {
    let titles =
        ["dr.", "dr", "mr.", "mr", "mrs.", "mrs", "ms.", "ms", "miss", "prof.", "prof", "herr", "frau", "mme", "m.", "sr.", "sra."];
    cell.split([' ', ',', '\u{a0}']).filter(|word| !word.is_empty() && !titles.contains(&word.to_lowercase().as_str())).collect()
}

/// A capital, and small letters or all capitals after it; hyphens and apostrophes join.
fn is_capitalized(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && word.chars().count() >= 2
        && letters.all(|letter| letter.is_alphabetic() || "-'\u{2019}".contains(letter))
}

fn is_particle(word: &str) -> bool {
    [
        "von", "van", "de", "der", "den", "da", "di", "du", "del", "della", "la", "le", "el", "al", "bin", "zu", "zur", "vom", "ten",
        "ter", "y", "af", "dos", "j.",
    ]
    .contains(&word)
        || matches!(word.strip_suffix('.'), Some(initial) if initial.chars().count() == 1 && initial.chars().all(char::is_uppercase))
}

/// A street with its number, on either side.
pub(super) fn is_street(cell: &str) -> bool {
    let words: Vec<String> = cell.split([' ', ',', '\u{a0}']).map(folded).filter(|word| !word.is_empty()).collect();
    let number = |word: &String| {
        let digits = word.trim_end_matches(char::is_alphabetic);
        (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && word.len() <= digits.len() + 1
    };
    let numbered = words.iter().any(number);
    let named = words
        .iter()
        .any(|word| STREETS.contains(&word.as_str()) || STREET_ENDINGS.iter().any(|end| word.len() > end.len() + 1 && word.ends_with(end)));
    numbered
        && named
        && words.len() >= 2
        && words.len() <= 9
        && words.iter().any(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 3)
}

const STREETS: &[&str] = &[
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "ln",
    "drive",
    "dr",
    "boulevard",
    "blvd",
    "court",
    "crescent",
    "close",
    "terrace",
    "rue",
    "chemin",
    "route",
    "quai",
    "impasse",
    "via",
    "viale",
    "piazza",
    "corso",
    "calle",
    "avenida",
    "plaza",
    "paseo",
    "carrer",
    "rua",
    "strasse",
    "weg",
    "gasse",
    "platz",
    "allee",
    "ring",
    "straat",
    "laan",
    "plein",
    "gracht",
    "gata",
    "gate",
    "vei",
    "veien",
    "vej",
];
const STREET_ENDINGS: &[&str] = &[
    "strasse", "straße", "str", "weg", "gasse", "platz", "allee", "ufer", "straat", "laan", "plein", "gracht", "gatan", "gata", "veien",
    "vejen", "vagen", "gade", "katu",
];

/// The year of a full date in any order of day, month and year; a two-digit year is the last that has been.
pub(super) fn year_of_date(cell: &str) -> Option<i32> {
    let date = cell.split(['T', ' ']).next().unwrap_or_default();
    let separator = date.chars().find(|c| !c.is_ascii_digit()).filter(|c| "-/.".contains(*c))?;
    let mut parts = [(0_u32, 0_usize); 3];
    let mut texts = date.split(separator);
    for part in &mut parts {
        let text = texts.next()?;
        *part = (text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))?, text.len());
    }
    if texts.next().is_some() {
        return None;
    }
    let [(a, first), (b, second), (c, third)] = parts;
    let (year, one, two) = match (first, second, third) {
        (4, 1..=2, 1..=2) => (a, b, c),
        (1..=2, 1..=2, 4) => (c, a, b),
        (1..=2, 1..=2, 2) => (if c > 25 { 1900 + c } else { 2000 + c }, a, b),
        _ => return None,
    };
    let year = year.cast_signed();
    (Day::from_ymd(year, one, two).is_some() || Day::from_ymd(year, two, one).is_some()).then_some(year)
}

fn is_number_date(text: &str) -> bool {
    year_of_date(text).is_some() || year_of_date(&text.replace(' ', "-")).is_some()
}

/// A small number or a yes or no: an answer to a question about the thing, not the thing.
pub(super) fn is_answer(cell: &str) -> bool {
    let small = cell.len() <= 3 && cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',');
    let words = [
        "yes",
        "no",
        "y",
        "n",
        "true",
        "false",
        "x",
        "-",
        "ja",
        "nein",
        "oui",
        "non",
        "si",
        "nee",
        "nei",
        "nej",
        "unknown",
        "other",
        "checked",
        "unchecked",
        "never",
    ];
    small || words.contains(&folded(cell).as_str()) || cell == "-"
}

/// A plain year.
pub(super) fn is_year(cell: &str) -> bool {
    cell.len() == 4 && cell.parse::<i32>().is_ok_and(|year| (1900..=2100).contains(&year))
}
