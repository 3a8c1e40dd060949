//! Privacy at the door: personal columns are named and not carried, and patient ids can be replaced by a keyed hash.
//!
//! `headers` and `content` say which columns look personal, `columns` takes them out of a file's plan, `rejected` keeps
//! their cells out of what is said of rejected rows, and `original` does both for tables that were unfolded. `key` and `pseudonym` make the keyed hash that stands for an id from
//! the moment a row is read; `names`, `definitions` and `hidden` keep ids out of file names, settings and errors.

mod columns;
mod content;
mod definitions;
mod given_names;
mod headers;
mod hidden;
mod key;
mod names;
mod original;
mod pseudonym;
mod rejected;
mod sample;
mod shapes;
mod words;

pub(super) use columns::{PersonalColumns, add_findings, check_settings};
pub use hidden::hidden;
pub(super) use names::KnownIds;
pub(super) use original::OriginalTable;
pub use pseudonym::Pseudonyms;
pub(super) use sample::{ROWS as SAMPLED, Sample};

use super::accounting::ReadingReport;
use super::locate::Located;
use crate::settings::PrivacySettings;

/// How a study is to be read as far as privacy goes.
#[derive(Clone, Copy)]
pub(super) struct Privacy<'a> {
    /// Columns kept or dropped by the study.
    pub settings: &'a PrivacySettings,
    /// What patient ids are replaced by, if they are.
    pub pseudonyms: Option<&'a Pseudonyms>,
}

impl Privacy<'_> {
    /// The id under which a patient is known from here on.
    pub fn shown(&self, id: &str) -> String {
        self.pseudonyms.map_or_else(|| id.to_owned(), |pseudonyms| pseudonyms.of(id))
    }

    /// The name under which a file is known from here on.
    pub fn shown_name(&self, file: &Located) -> String {
        let settings = &file.settings;
        let named = |pseudonyms| {
            let whole = settings.patient_from_path.as_deref().map(|pattern| names::of_patient(&file.name, pattern, pseudonyms));
            let name = whole.unwrap_or_else(|| file.name.clone());
            // A pattern of the path leaves open what is hidden already.
            let pattern = settings.path.as_deref().filter(|_| name == file.name);
            names::located(&name, pattern, settings.patient_id.as_deref(), pseudonyms)
        };
        self.pseudonyms.map_or_else(|| file.name.clone(), named)
    }

    /// What tells the contents of the files apart from others: a plain hash would let anybody try what stands in them.
    pub fn content_hash(&self, plain: u64) -> u64 {
        self.pseudonyms.map_or(plain, |pseudonyms| pseudonyms.digest("input", &plain.to_be_bytes()))
    }

    /// Whether the study says that a column is not personal.
    pub fn keeps(&self, header: &str) -> bool {
        columns::names(&self.settings.keep, header)
    }

    /// Notes where the key should not be.
    pub fn note(&self, report: &mut ReadingReport) {
        if self.pseudonyms.is_some_and(Pseudonyms::lies_in_study) {
            let note = "The key file of --pseudonymize lies in the study folder. Keep it elsewhere: whoever has it can tell who is who.";
            report.notes.push(note.to_owned());
        }
    }
}

/// What a personal column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Email,
    Phone,
    BirthDate,
    Number,
    Name,
    Address,
}

impl Kind {
    /// What its cells are, for a sentence.
    fn as_str(self) -> &'static str {
        match self {
            Self::Email => "e-mail addresses",
            Self::Phone => "phone numbers",
            Self::BirthDate => "birth dates",
            Self::Number => "national, insurance or record numbers",
            Self::Name => "names of people",
            Self::Address => "postal addresses",
        }
    }
}
