//! The patient of each row, said once for rows that follow each other.

/// Patients of the rows of a log.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct PatientRuns {
    runs: Vec<Run>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    patient: u32,
    rows: u32,
}

impl PatientRuns {
    /// Adds a row.
    #[inline]
    pub fn push(&mut self, patient: u32) {
        self.push_rows(patient, 1);
    }

    #[inline]
    fn push_rows(&mut self, patient: u32, rows: u32) {
        match self.runs.last_mut() {
            Some(last) if last.patient == patient => last.rows += rows,
            _ => self.runs.push(Run { patient, rows }),
        }
    }

    /// Adds the rows of a later part of the log; `patients` leads from its patients to these.
    pub fn append(&mut self, later: &Self, patients: &[u32]) {
        for run in &later.runs {
            self.push_rows(patients[run.patient as usize], run.rows);
        }
    }

    /// Gives every patient another number.
    pub fn renumber(&mut self, patients: &[u32]) {
        for run in &mut self.runs {
            run.patient = patients[run.patient as usize];
        }
    }

    /// Patient and rows of each run.
    pub fn iter(&self) -> impl Iterator<Item = (usize, std::ops::Range<usize>)> {
        self.runs.iter().scan(0, |start, run| {
            let rows = *start..*start + run.rows as usize;
            *start = rows.end;
            Some((run.patient as usize, rows))
        })
    }
}

impl FromIterator<u32> for PatientRuns {
    fn from_iter<I: IntoIterator<Item = u32>>(patients: I) -> Self {
        let mut runs = Self::default();
        patients.into_iter().for_each(|patient| runs.push(patient));
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_patient_that_follow_each_other_are_one_run() {
        let mut runs = PatientRuns::default();
        [4, 4, 0].into_iter().for_each(|patient| runs.push(patient));
        let mut later = PatientRuns::default();
        [1, 0, 0].into_iter().for_each(|patient| later.push(patient));
        runs.append(&later, &[4, 0]);
        assert_eq!(runs.iter().collect::<Vec<_>>(), [(4, 0..2), (0, 2..4), (4, 4..6)]);
        runs.renumber(&[9, 9, 9, 9, 7]);
        assert_eq!(runs.iter().map(|(patient, _)| patient).collect::<Vec<_>>(), [7, 9, 7]);
    }
}
