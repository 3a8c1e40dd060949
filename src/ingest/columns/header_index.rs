//! The header of a file, prepared to be looked up: a name in it is normalized once, however many columns it is compared with.

use rustc_hash::FxHashMap;

use super::header_name::{normalized, without_unit};

/// The name of a column in the spellings in which it is compared.
pub(in crate::ingest) struct HeaderName {
    /// As [`normalized`].
    pub plain: String,
    /// Capitals may begin words (`painScore`) or be a slip (`fraction_donE`).
    lower: String,
    without_unit: String,
}

impl HeaderName {
    pub fn of(name: &str) -> Self {
        Self { plain: normalized(name), lower: normalized(&name.to_lowercase()), without_unit: without_unit(name) }
    }

    pub(super) fn spellings(&self) -> [&str; 3] {
        [&self.plain, &self.lower, &self.without_unit]
    }
}

/// All names of a header.
pub(in crate::ingest) struct HeaderIndex<'a> {
    pub names: Vec<HeaderName>,
    as_it_stands: FxHashMap<&'a str, usize>,
    in_lower_case: FxHashMap<String, usize>,
}

impl<'a> HeaderIndex<'a> {
    pub fn of(header: &'a [String]) -> Self {
        let (mut as_it_stands, mut in_lower_case) = (FxHashMap::default(), FxHashMap::default());
        for (column, name) in header.iter().enumerate() {
            as_it_stands.entry(name.as_str()).or_insert(column);
            in_lower_case.entry(name.to_ascii_lowercase()).or_insert(column);
        }
        Self { names: header.iter().map(|name| HeaderName::of(name)).collect(), as_it_stands, in_lower_case }
    }

    /// The first column of that name, as it stands or else in other case.
    pub fn column(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        self.as_it_stands.get(name).or_else(|| self.in_lower_case.get(&name.to_ascii_lowercase())).copied()
    }
}
