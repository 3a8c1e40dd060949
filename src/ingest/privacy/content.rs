//! What the cells of a column say: enough of them must have the shape of something personal.

use std::collections::{BTreeMap, BTreeSet};

use super::Kind;
use super::headers::has_word;
use super::shapes::{
    has_given_name, is_answer, is_email, is_lone_given_name, is_national_number, is_person_shaped, is_phone, is_street, is_surname_first,
    is_year, year_of_date,
};
use super::words::OTHER_DATES;

/// Half the people born before this year: dates around it are birth dates, not those of an onset.
const TYPICAL_BIRTH: i32 = 1995;
/// Birth dates of a clinic's patients lie at least this many years apart.
const SPREAD_OF_BIRTHS: i32 = 8;

/// The cells of one column, each beside the patient's id.
pub(super) struct Cells<'a> {
    pub header: &'a str,
    pub cells: &'a [(&'a str, &'a str)],
    /// Whether the file has one row a patient.
    pub roster: bool,
}

/// What was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub kind: Kind,
    /// Cells that have the shape.
    pub fitting: usize,
    /// Cells looked at.
    pub of: usize,
}

impl Cells<'_> {
    fn count(&self, shape: impl Fn(&str) -> bool) -> usize {
        self.cells.iter().filter(|(_, cell)| shape(cell)).count()
    }

    /// Whether at least this percentage of the cells has a shape.
    fn mostly(&self, percent: usize, shape: impl Fn(&str) -> bool) -> bool {
        !self.cells.is_empty() && self.count(shape) * 100 >= self.cells.len() * percent
    }

    fn seen(&self, kind: Kind, shape: impl Fn(&str) -> bool) -> Seen {
        Seen { kind, fitting: self.count(shape), of: self.cells.len() }
    }

    /// Shapes that nothing else has: e-mail addresses, phone numbers, insurance numbers.
    pub fn plainly_personal(&self) -> Option<Seen> {
        let enough = |percent: usize, least: usize, shape: fn(&str) -> bool| {
            self.mostly(percent, shape) && self.count(shape) >= least.min(self.cells.len())
        };
        if enough(30, 1, is_email) {
            return Some(self.seen(Kind::Email, is_email));
        }
        if enough(60, 2, is_national_number) {
            return Some(self.seen(Kind::Number, is_national_number));
        }
        enough(60, 2, is_phone).then(|| self.seen(Kind::Phone, is_phone))
    }

    /// What the cells hold, whatever the header says.
    pub fn personal(&self) -> Option<Seen> {
        self.plainly_personal()
            .or_else(|| (self.mostly(60, is_street) && self.count(is_street) >= 2).then(|| self.seen(Kind::Address, is_street)))
            .or_else(|| self.names())
            .or_else(|| self.births())
    }

    /// Names of people. "Bird Dog" has their shape: given names tell them apart, and that every patient has one of their own.
    pub fn names(&self) -> Option<Seen> {
        let distinct: BTreeSet<&str> = self.cells.iter().map(|&(_, cell)| cell).collect();
        if distinct.len() < 3 {
            return None;
        }
        let named = |cell: &str| is_person_shaped(cell) && has_given_name(cell);
        let shaped = self.mostly(80, is_person_shaped);
        let one_each = self.one_each(distinct.len());
        let people = shaped && (self.mostly(50, named) || (one_each && self.mostly(15, named) && self.count(named) >= 2));
        if people || (one_each && self.mostly(80, is_surname_first)) {
            return Some(self.seen(Kind::Name, is_person_shaped));
        }
        self.mostly(70, is_lone_given_name).then(|| self.seen(Kind::Name, is_lone_given_name))
    }

    /// Whether nearly every patient has one value, and none has another's.
    fn one_each(&self, distinct: usize) -> bool {
        let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for &(id, cell) in self.cells {
            values.entry(id).or_default().insert(cell);
        }
        let several = values.values().filter(|values| values.len() > 1).count();
        several * 10 <= values.len() && distinct * 10 >= values.len() * 9
    }

    /// Dates far enough back and far enough apart, under a header that does not name another day.
    fn births(&self) -> Option<Seen> {
        let is_date = |cell: &str| year_of_date(cell).is_some();
        if !self.roster || has_word(self.header, OTHER_DATES) || self.cells.len() < 3 || !self.mostly(80, is_date) {
            return None;
        }
        let mut years: Vec<i32> = self.cells.iter().filter_map(|(_, cell)| year_of_date(cell)).collect();
        years.sort_unstable();
        let (first, last, middle) = (years.first()?, years.last()?, years.get(years.len() / 2)?);
        (*middle <= TYPICAL_BIRTH && last - first >= SPREAD_OF_BIRTHS).then(|| self.seen(Kind::BirthDate, is_date))
    }

    /// Full dates under a header that speaks of birth.
    pub fn full_dates(&self) -> Option<Seen> {
        let is_date = |cell: &str| year_of_date(cell).is_some();
        self.mostly(50, is_date).then(|| self.seen(Kind::BirthDate, is_date))
    }

    /// Whether the cells contradict a header: answers to "has a mobile?", the day of a phone call, a plain year of birth.
    pub fn contradict(&self, kind: Kind) -> bool {
        if self.cells.is_empty() {
            return false;
        }
        let is_date = |cell: &str| year_of_date(cell).is_some();
        match kind {
            Kind::Address => false,
            Kind::BirthDate => self.mostly(100, is_answer) || self.mostly(80, is_year),
            Kind::Email | Kind::Phone | Kind::Number | Kind::Name => self.mostly(100, is_answer) || self.mostly(80, is_date),
        }
    }

    /// Whether one patient has several values that are no names of people: a column called "name" in a log of exercises names the exercise.
    pub fn vary_within_patients(&self) -> bool {
        if self.mostly(30, has_given_name) {
            return false;
        }
        let mut first: BTreeMap<&str, &str> = BTreeMap::new();
        self.cells.iter().any(|&(id, cell)| *first.entry(id).or_insert(cell) != cell)
    }
}
