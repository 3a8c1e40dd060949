//! A small study on disk that a test can spoil.

use std::path::Path;

use staywell::ingest::{IngestError, Logs, Rejected, open_study, read_study};
use tempfile::TempDir;

/// A study folder that is removed after the test.
pub struct StudyFolder(TempDir);

pub const SESSIONS: &str = "patient_id,date,phase,status\nP1,2024-01-01,strengthening,done\nP2,2024-01-02,maintenance,missed\n";
pub const PAIN: &str = "patient_id,date,pain\nP1,2024-01-01,6\nP1,2024-01-08,4\nP2,2024-01-02,5\n";

impl StudyFolder {
    /// A clean study of two patients.
    pub fn clean() -> Self {
        Self::empty().with("sessions.csv", SESSIONS).with("pain.csv", PAIN)
    }

    pub fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn try_read(&self) -> Result<Logs, IngestError> {
        let (folder, study) = open_study(self.path(), None)?;
        read_study(&folder, &study)
    }

    pub fn read(&self) -> Logs {
        match self.try_read() {
            Ok(logs) => logs,
            Err(error) => panic!("{error}"),
        }
    }

    /// The message and the hint of a study that cannot be read.
    pub fn refusal(&self) -> (String, String) {
        let error = self.try_read().expect_err("the study is unusable");
        (error.to_string(), error.hint().unwrap_or_default())
    }

    /// The one rejected row.
    pub fn rejection(&self) -> Rejected {
        let logs = self.read();
        assert_eq!(logs.reading.rejected.len(), 1, "{:?}", logs.reading.rejected);
        logs.reading.rejected.into_iter().next().unwrap()
    }
}

/// Pain rows as `(patient, day, score)`.
pub fn pain_rows(logs: &Logs) -> Vec<(String, String, f64)> {
    let patients = 0..logs.n_patients();
    let rows = patients.flat_map(|patient| logs.pain.rows(patient).map(move |row| (patient, row)));
    rows.map(|(patient, row)| {
        (logs.patients.ids[patient].clone(), staywell::domain::Day(logs.pain.day[row]).to_string(), logs.pain.score(row))
    })
    .collect()
}

/// What a rule of whole files says, as `file: sentence`.
pub fn file_sentences(logs: &Logs, rule: &str) -> Vec<String> {
    let findings = logs.reading.findings.iter().filter(|finding| finding.rule == rule);
    findings.map(|finding| format!("{}: {}", finding.file, finding.sentence)).collect()
}
