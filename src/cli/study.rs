//! From the STUDY argument to logs and an analyzed study.

use std::path::PathBuf;

use chrono::{Datelike, Local};

use super::error::{CliError, Outcome};
use super::options::StudyOptions;
use super::progress::Progress;
use crate::claims::check_own_claims;
use crate::domain::Day;
use crate::ingest::{Asked, CheckedStudy, IngestError, Logs, Pseudonyms, ReadingReport, check_study, hidden, open_study, read_study_as};
use crate::report::Provenance;
use crate::settings::StudyFile;
use crate::study::Study;

/// Logs as read, with the definitions to analyze them by.
pub(super) struct Opened {
    pub(super) logs: Logs,
    settings_hash: String,
}

impl Opened {
    pub(super) fn read(options: &StudyOptions) -> Result<Self, CliError> {
        let _progress = Progress::start(options.quiet.quiet, "reading the logs");
        let (folder, file, asked) = open(options)?;
        check_own_claims(&file.settings)?;
        let logs = read_study_as(&folder, &file, &asked)?;
        Ok(Self { logs, settings_hash: settings_hash(&file, asked.pseudonyms.as_ref()) })
    }

    /// As `read`, but what is wrong with one file does not hide what is wrong with the others.
    pub(super) fn check(options: &StudyOptions) -> Result<(CheckedStudy, Provenance), CliError> {
        let _progress = Progress::start(options.quiet.quiet, "reading the logs");
        let (folder, file, asked) = open(options)?;
        check_own_claims(&file.settings)?;
        let CheckedStudy { logs, errors } = check_study(&folder, &file, &asked)?;
        let opened = Self { logs, settings_hash: settings_hash(&file, asked.pseudonyms.as_ref()) };
        let provenance = opened.provenance();
        Ok((CheckedStudy { logs: opened.logs, errors }, provenance))
    }

    /// What every output says of how it was made.
    pub(super) fn provenance(&self) -> Provenance {
        Provenance {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            settings_hash: self.settings_hash.clone(),
            input_hash: self.logs.input_hash.clone(),
        }
    }

    pub(super) fn analyze(self, options: &StudyOptions) -> (Study, Provenance) {
        let provenance = self.provenance();
        let _progress = Progress::start(options.quiet.quiet, "following each patient");
        let settings = self.logs.settings.clone();
        (Study::run(self.logs, settings), provenance)
    }
}

/// The folder, its settings, and how it is to be read.
pub(super) fn open(options: &StudyOptions) -> Result<(PathBuf, StudyFile, Asked), IngestError> {
    let pseudonyms = pseudonyms(options)?;
    let private = |error: IngestError| if pseudonyms.is_some() { hidden(error) } else { error };
    let (folder, file) = open_study(&options.study, options.config.as_deref()).map_err(private)?;
    Ok((folder, file, Asked { today: today(), pseudonyms, ..Asked::default() }))
}

/// What patient ids are to be replaced by, if they are.
pub(super) fn pseudonyms(options: &StudyOptions) -> Result<Option<Pseudonyms>, IngestError> {
    options.pseudonymize.as_deref().map(|key| Pseudonyms::from_file(key, &options.study)).transpose()
}

/// The day on the clock of the clinic: a log after it has not been made yet.
#[expect(clippy::disallowed_methods, reason = "only the command line reads the clock")]
fn today() -> Option<Day> {
    let date = Local::now().date_naive();
    Day::from_ymd(date.year(), date.month(), date.day())
}

/// XXH3 hash of the checked settings: tells apart two sets of definitions, and guards against nothing else. Ids may stand in settings,
/// so where they are pseudonymized the hash is a keyed one.
fn settings_hash(file: &StudyFile, pseudonyms: Option<&Pseudonyms>) -> String {
    let text = serde_json::json!({ "settings": file.settings, "reading": file.reading }).to_string();
    let plain = || xxhash_rust::xxh3::xxh3_64(text.as_bytes());
    format!("{:016x}", pseudonyms.map_or_else(plain, |pseudonyms| pseudonyms.digest("settings", text.as_bytes())))
}

/// The exit state of a command that read a study.
pub(super) fn outcome(options: &StudyOptions, reading: &ReadingReport) -> Outcome {
    let complaints = reading.rows_rejected() + reading.warnings();
    if options.strict && complaints > 0 { Outcome::Complaints } else { Outcome::Clean }
}
