//! What an analysis counts: patients, or programs where some patient has several.

use super::number::counted;

/// What one row of an analysis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// A patient, who has one program.
    Patients,
    /// A program; some patient has several.
    Programs,
}

impl Counted {
    /// The word for this many rows of so many patients.
    #[must_use]
    pub fn of(rows: usize, patients: usize) -> Self {
        if rows > patients { Self::Programs } else { Self::Patients }
    }

    /// `1 patient`, `2,000 programs`.
    #[must_use]
    pub fn count(self, n: usize) -> String {
        match self {
            Self::Patients => counted(n, "patient", "patients"),
            Self::Programs => counted(n, "program", "programs"),
        }
    }

    /// `219 patients`, or `227 programs of 219 patients` where some patient has several.
    #[must_use]
    pub fn in_words(programs: usize, patients: usize) -> String {
        match Self::of(programs, patients) {
            Self::Patients => Self::Patients.count(patients),
            Self::Programs => format!("{} of {}", Self::Programs.count(programs), Self::Patients.count(patients)),
        }
    }

    /// `patients` or `programs`.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Patients => "patients",
            Self::Programs => "programs",
        }
    }

    /// `patient` or `program`.
    #[must_use]
    pub fn singular(self) -> &'static str {
        match self {
            Self::Patients => "patient",
            Self::Programs => "program",
        }
    }

    /// Heading of a column of counts, set to the right: `#Patients` or `#Programs`.
    #[must_use]
    pub fn column(self) -> &'static str {
        match self {
            Self::Patients => "#Patients",
            Self::Programs => "#Programs",
        }
    }
}

/// Programs and the patients they are of, counted as they come patient by patient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Programs.
    pub programs: usize,
    /// Distinct patients.
    pub patients: usize,
    last: Option<usize>,
}

impl Tally {
    /// Counts a program of a patient.
    pub fn add(&mut self, patient: usize) {
        self.programs += 1;
        if self.last.replace(patient) != Some(patient) {
            self.patients += 1;
        }
    }

    /// Counts programs by their patients, those of one patient together.
    #[must_use]
    pub fn of(patients: impl IntoIterator<Item = usize>) -> Self {
        let mut tally = Self::default();
        patients.into_iter().for_each(|patient| tally.add(patient));
        tally
    }

    /// What the programs are counted as.
    #[must_use]
    pub fn counted(self) -> Counted {
        Counted::of(self.programs, self.patients)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_programs_of_one_patient_are_one_patient() {
        let tally = Tally::of([0, 1, 1, 4]);
        assert_eq!((tally.programs, tally.patients, tally.counted()), (4, 3, Counted::Programs));
        assert_eq!(Counted::Programs.count(1), "1 program");
        assert_eq!(Counted::in_words(227, 219), "227 programs of 219 patients");
        assert_eq!(Counted::in_words(1, 1), "1 patient");
    }
}
