//! The column of a file that is most likely meant where none has an accepted name. Only ever proposed, never taken.

use super::{ColumnSpec, Field, normalized};

/// From here on a name is a misspelled one.
const MISSPELLED: f64 = 0.9;

/// Ends of names of moments (`createdAt`).
const MOMENTS: [&str; 2] = ["_at", "_on"];

impl ColumnSpec {
    /// The name that is a slip of one of this column's, or holds a word of it ("How bad was your pain today?").
    pub(in crate::ingest) fn meant<'a>(&self, names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
        let spellings = || std::iter::once(self.name).chain(self.aliases.iter().copied());
        let alike = |name: &str| {
            let name = normalized(name);
            // Short names are too easily alike.
            let long = |text: &str| text.chars().count() > 3;
            let similar =
                spellings().filter(|spelling| long(spelling) && long(&name)).map(|spelling| strsim::jaro_winkler(spelling, &name));
            similar.fold(0.0, f64::max)
        };
        let misspelled = names.clone().map(|name| (alike(name), name)).filter(|(alike, _)| *alike >= MISSPELLED);
        let best = misspelled.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map(|(_, name)| name).or_else(|| self.with_a_word(names))
    }

    fn with_a_word<'a>(&self, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        let counted = names.map(|name| {
            let normal = normalized(name);
            let is_word = |word: &&str| word.len() > 2 && (*word == self.name || self.aliases.contains(word));
            // "Data" is a date in Italian and Portuguese, and may be anything in English.
            let moment = self.field == Field::Date && (normal == "data" || MOMENTS.iter().any(|end| normal.ends_with(end)));
            (normal.split('_').filter(is_word).count() + usize::from(moment), name)
        });
        let best = counted.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.filter(|(words, _)| *words > 0).map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::columns::columns_of;
    use crate::settings::LogKind;

    fn meant<'a>(column: &str, names: &[&'a str]) -> Option<&'a str> {
        columns_of(LogKind::Pain).iter().find(|spec| spec.name == column).unwrap().meant(names.iter().copied())
    }

    #[test]
    fn a_question_and_a_slip_are_found_and_what_is_merely_alike_is_not() {
        let form = ["Timestamp!", "What is your patient ID?", "How bad was your back pain today? (0-10)", "Did you exercise today?"];
        assert_eq!(meant("patient_id", &form), Some(form[1]));
        assert_eq!(meant("pain", &form), Some(form[2]));
        assert_eq!(meant("date", &["_id", "createdAt", "data.type", "data.value"]), Some("createdAt"));
        assert_eq!(meant("date", &["id", "datte"]), Some("datte"));
        assert_eq!(meant("pain", &["pian", "paid"]), Some("pian"));
        assert_eq!(meant("date", &["Paziente", "Data", "Durata"]), Some("Data"));
        assert_eq!(meant("patient_id", &["Sent", "Received", "Answer"]), None);
        assert_eq!(meant("date", &["ID", "Week 1", "Week 2"]), None);
    }
}
