//! All files of a study → [`Logs`], with every row accounted for.

use std::path::Path;
use xxhash_rust::xxh3::Xxh3;

use rustc_hash::{FxHashMap, FxHashSet};

use super::accounting::ReadingReport;
use super::error::IngestError;
use super::events::{EventColumns, EventRows};
use super::file::{self, BlockSize, FileRows, Interner};
use super::locate::{Located, locate, study_folder};
use super::logs::{Logs, ProgramRecord, Roster};
use super::number::DecimalMark;
use super::options::ReadOptions;
use super::pain::{Merged, PainColumns, PainRows, one_scale};
use super::plan::Plan;
use super::privacy::{Privacy, Pseudonyms, check_settings, hidden};
use super::programs::{ProgramColumns, ProgramRows};
use super::roster::{RosterColumns, RosterRows};
use super::rows::{Carry, Checked, Log};
use super::scale::LoggedScale;
use super::sessions::{SessionColumns, SessionRows};
use crate::domain::Day;
use crate::settings::{CheckAction, Checks, LogKind, StudyFile};

/// Reads the logs of a study, which is a folder or the path of its `study.toml`.
///
/// # Errors
/// An [`IngestError`] where nothing trustworthy can be made of the files. A row that breaks a rule is no error: it is
/// listed in [`ReadingReport::rejected`].
pub fn read_study(path: &Path, study: &StudyFile) -> Result<Logs, IngestError> {
    read_study_with(path, study, &ReadOptions::default())
}

/// As [`read_study`], with a chosen block size.
///
/// # Errors
/// As [`read_study`].
pub fn read_study_in_blocks(path: &Path, study: &StudyFile, size: BlockSize) -> Result<Logs, IngestError> {
    read_study_with(path, study, &ReadOptions { block_size: size, ..ReadOptions::default() })
}

/// As [`read_study`], with options. With pseudonyms no error names a file, a column or a cell that may be an id.
///
/// # Errors
/// As [`read_study`].
pub fn read_study_with(path: &Path, study: &StudyFile, options: &ReadOptions) -> Result<Logs, IngestError> {
    let read = read(path, study, options);
    if options.pseudonyms.is_some() { read.map_err(hidden) } else { read }
}

fn read(path: &Path, study: &StudyFile, options: &ReadOptions) -> Result<Logs, IngestError> {
    let (size, privacy) = (options.block_size, Privacy { settings: &study.reading.privacy, pseudonyms: options.pseudonyms.as_ref() });
    let folder = study_folder(path);
    if !folder.exists() {
        return Err(IngestError::NoSuchPath { path: folder });
    }
    let mut files = FxHashMap::default();
    for &kind in LogKind::ALL {
        let mut located = locate(&folder, kind, &study.reading)?;
        located.iter_mut().for_each(|file| file.name = privacy.shown_name(file));
        files.insert(kind, located);
    }
    let cut_off = study.settings.study.cut_off.map(|cut_off| cut_off.0);
    let mut reader = Reader {
        files,
        interner: Interner::default(),
        report: ReadingReport::default(),
        hasher: Xxh3::new(),
        size,
        cut_off,
        headers: Vec::new(),
    };
    let checks = &study.reading.checks;

    let (roster, covariate_names, decimal) = reader.roster(privacy)?;
    let listed = !reader.files[&LogKind::Patients].is_empty();
    let known: Option<FxHashSet<String>> =
        (listed && checks.unknown_patient == CheckAction::Reject).then(|| reader.interner.ids.iter().cloned().collect());
    let checked = Checked { roster: known.as_ref(), starts: None, cut_off, privacy };

    let programs = reader.log::<ProgramRows>(LogKind::Programs, &checked, |plan| Ok(ProgramRows::new(plan)), |_, _| Ok(()))?;
    let mut programs_columns = ProgramColumns::default();
    append_all::<ProgramRows>(&mut programs_columns, programs, &reader.interner);

    let compared = checks.repeated_sessions == CheckAction::Reject;
    let sessions = reader.log::<SessionRows>(LogKind::Sessions, &checked, |plan| Ok(SessionRows::new(plan, compared)), |_, _| Ok(()))?;

    let starts: Option<FxHashMap<String, Day>> = (checks.pain_before_program == CheckAction::Reject).then(|| {
        let records = programs_columns.patient.iter().zip(&programs_columns.record);
        records.map(|(&patient, record)| (reader.interner.ids[patient as usize].clone(), record.start)).collect()
    });
    let (pain, scale) = reader.pain(&Checked { starts: starts.as_ref(), ..checked })?;
    let events = reader.log::<EventRows>(LogKind::Events, &checked, |plan| Ok(EventRows::new(plan)), |_, _| Ok(()))?;

    check_settings(privacy.settings, &reader.headers)?;
    reader.finish(
        folder.as_path(),
        study,
        privacy,
        Read { roster, covariate_names, decimal, listed, programs: programs_columns, sessions, pain, events, scale },
    )
}

/// Reads the files one log after the other and keeps the accounts.
struct Reader {
    files: FxHashMap<LogKind, Vec<Located>>,
    interner: Interner,
    report: ReadingReport,
    hasher: Xxh3,
    size: BlockSize,
    cut_off: Option<Day>,
    /// The columns of all files.
    headers: Vec<String>,
}

/// Everything read, patients still in the order in which they were met.
struct Read {
    roster: RosterColumns,
    covariate_names: Vec<String>,
    decimal: DecimalMark,
    listed: bool,
    programs: ProgramColumns,
    sessions: Vec<SessionColumns>,
    pain: Vec<PainColumns>,
    events: Vec<EventColumns>,
    scale: crate::domain::PainScale,
}

impl Reader {
    /// The files of one log, in turn; `check` looks at each file as a whole.
    fn log<L: Log>(
        &mut self,
        kind: LogKind,
        checked: &Checked<'_>,
        log: impl Fn(&Plan) -> Result<L, IngestError>,
        mut check: impl FnMut(&Located, &FileRows<L::Columns>) -> Result<(), IngestError>,
    ) -> Result<Vec<L::Columns>, IngestError> {
        let located = self.files.get(&kind).cloned().unwrap_or_default();
        let (mut carry, mut all) = (Carry::default(), Vec::with_capacity(located.len()));
        let first_rejected = self.report.rejected.len();
        for file in &located {
            let rows = file::read(file, kind, &log, checked, &mut self.interner, &mut carry, self.size)?;
            check(file, &rows)?;
            self.hasher.update(&rows.hash.to_le_bytes());
            self.report.files.push(rows.account);
            self.report.rejected.extend(rows.rejected);
            self.report.notes.extend(rows.notes);
            self.headers.extend(rows.plan.header);
            all.push(rows.columns);
        }
        if kind.required() || kind == LogKind::Patients {
            self.check_usable(kind, &located, first_rejected)?;
        }
        Ok(all)
    }

    /// A log that must have rows has some that can be used.
    fn check_usable(&self, kind: LogKind, located: &[Located], first_rejected: usize) -> Result<(), IngestError> {
        let accounts = || self.report.files.iter().filter(|account| account.kind == kind);
        let read: usize = accounts().map(|account| account.read).sum();
        if read == 0 {
            return located.first().map_or(Ok(()), |file| Err(IngestError::HeaderOnly { file: file.name.clone() }));
        }
        if accounts().any(|account| account.used > 0) {
            return Ok(());
        }
        let first = self.report.rejected.get(first_rejected).map_or_else(String::new, |row| {
            let column = if row.column.is_empty() { String::new() } else { format!(", column {}", row.column) };
            format!(" The first: {}, line {}{column}: {}", row.file, row.line, row.sentence)
        });
        Err(IngestError::NothingUsable {
            kind,
            read,
            rejected: accounts().map(|account| account.rejected).sum(),
            filtered: accounts().map(|account| account.filtered).sum(),
            first,
        })
    }

    fn roster(&mut self, privacy: Privacy<'_>) -> Result<(RosterColumns, Vec<String>, DecimalMark), IngestError> {
        let located = self.files[&LogKind::Patients].clone();
        if let [_, second, ..] = located.as_slice() {
            return Err(IngestError::Setting {
                file: second.name.clone(),
                setting: "files.patients".to_owned(),
                problem: "gives a second roster, but a study has one".to_owned(),
                fix: "Put the patients into one file.".to_owned(),
            });
        }
        let (mut names, mut decimal) = (Vec::new(), DecimalMark::Point);
        let checked = Checked { roster: None, starts: None, cut_off: self.cut_off, privacy };
        let columns = self.log::<RosterRows>(
            LogKind::Patients,
            &checked,
            |plan| Ok(RosterRows::new(plan)),
            |file, rows| {
                let covariates = RosterRows::new(&rows.plan);
                names = covariates.covariates().iter().map(|&column| rows.plan.native_name(column, &file.settings)).collect();
                decimal = rows.plan.decimal;
                Ok(())
            },
        )?;
        Ok((columns.into_iter().next().unwrap_or_default(), names, decimal))
    }

    fn pain(&mut self, checked: &Checked<'_>) -> Result<(Vec<PainColumns>, crate::domain::PainScale), IngestError> {
        let mut scales: Vec<(String, LoggedScale)> = Vec::new();
        for file in &self.files[&LogKind::Pain] {
            scales.push((file.name.clone(), LoggedScale::of(file.settings.scale.as_ref(), &file.name)?));
        }
        let scale = one_scale(&scales)?;
        let located = self.files[&LogKind::Pain].clone();
        let scale_of = |name: &str| scales.iter().find(|(file, _)| file == name).map(|(_, scale)| scale.clone());
        let columns = self.log::<PainRows>(
            LogKind::Pain,
            checked,
            |plan| {
                let setting = located.iter().find(|file| file.name == plan.file).and_then(|file| file.settings.scale.as_ref());
                Ok(PainRows::new(plan, scale_of(&plan.file).map_or_else(|| LoggedScale::of(setting, &plan.file), Ok)?))
            },
            |file, rows| match scale_of(&file.name) {
                Some(scale) => rows.columns.check_scale(&file.name, &scale),
                None => Ok(()),
            },
        )?;
        Ok((columns, scale))
    }

    /// Counts merged rows for the files of a log.
    fn account_merged(&mut self, kind: LogKind, per_file: &[usize]) {
        let accounts = self.report.files.iter_mut().filter(|account| account.kind == kind);
        for (account, &merged) in accounts.zip(per_file) {
            account.used -= merged.min(account.used);
            account.merged += merged;
        }
    }

    fn finish(mut self, folder: &Path, study: &StudyFile, privacy: Privacy<'_>, read: Read) -> Result<Logs, IngestError> {
        let checks = &study.reading.checks;
        let Read { mut roster, covariate_names, decimal, listed, programs, sessions, pain, events, scale } = read;
        let last_day = last_day(&sessions, &pain, &events);
        let (ids, rank) = sorted_ids(std::mem::take(&mut self.interner.ids));
        let n = ids.len();

        let session_ends = file_ends(sessions.iter().map(|columns| columns.day.len()));
        let sessions = ranked::<SessionRows>(sessions, &rank);
        let mut merged = Merged::new(&session_ends);
        let sessions = sessions.into_log(n, &mut merged);
        let repeated = merged.per_file;
        self.account_merged(LogKind::Sessions, &repeated);

        let pain_ends = file_ends(pain.iter().map(|columns| columns.day.len()));
        let pain = ranked::<PainRows>(pain, &rank);
        let mut merged = Merged::new(&pain_ends);
        let pain = pain.into_log(n, checks.same_day_pain, &mut merged);
        let (same_day, conflicting) = (merged.per_file, merged.conflicting_days);
        self.account_merged(LogKind::Pain, &same_day);

        self.note_merged(repeated.iter().sum(), same_day.iter().sum(), conflicting, checks);
        let events = ranked::<EventRows>(events, &rank).into_log(n);
        let mut records: Vec<Option<ProgramRecord>> = vec![None; n];
        for (&patient, &record) in programs.patient.iter().zip(&programs.record) {
            records[rank[patient as usize] as usize] = Some(record);
        }
        roster.each_column(|values| self.interner.known.in_values(values));
        let covariates = roster.into_covariates(&covariate_names, decimal, &rank);
        self.report.rejected.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        self.check_balance()?;
        let name = study.settings.study.name.clone().filter(|name| !name.trim().is_empty());
        let name = name.unwrap_or_else(|| folder_name(folder));
        privacy.note(&mut self.report);
        self.interner.known.check()?;
        self.interner.known.hide(&mut self.report);
        Ok(Logs {
            study_name: self.interner.known.in_name(&name),
            pseudonym_key: privacy.pseudonyms.map(Pseudonyms::fingerprint),
            patients: Roster { ids, listed, covariates },
            pain,
            sessions,
            programs: records,
            events,
            scale,
            cut_off: self.cut_off.unwrap_or(last_day),
            cut_off_declared: self.cut_off.is_some(),
            reading: self.report,
            input_hash: format!("{:016x}", self.hasher.digest()),
        })
    }

    fn note_merged(&mut self, repeated: usize, same_day: usize, conflicting: usize, checks: &Checks) {
        use crate::settings::DuplicateRule::{Last, Max, Mean};
        let rows = |count: usize| if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
        if repeated > 0 {
            self.report.notes.push(format!("Sessions: {} repeated another to the letter and merged into it.", rows(repeated)));
        }
        if same_day > 0 {
            let kept = match checks.same_day_pain {
                Max => "the day's worst",
                Mean => "the day's mean",
                Last => "the last one in the files",
            };
            let days = if conflicting == 1 { "1 day".to_owned() } else { format!("{conflicting} days") };
            let sentence =
                format!("Pain: {} of a day already logged merged into one score ({kept}); on {days} the scores differed.", rows(same_day));
            self.report.notes.push(sentence);
        }
    }

    /// Every row read is used, rejected, merged or filtered, and every rejected one is listed.
    fn check_balance(&self) -> Result<(), IngestError> {
        for account in &self.report.files {
            if !account.balances() {
                let accounted = account.used + account.rejected + account.merged + account.filtered;
                return Err(IngestError::Unbalanced { file: account.file.clone(), read: account.read, accounted });
            }
        }
        let (read, accounted) = (self.report.rows_rejected(), self.report.rejected.len());
        if read == accounted { Ok(()) } else { Err(IngestError::Unbalanced { file: "rejected.csv".to_owned(), read, accounted }) }
    }
}

/// The last day of the logs; a study that reads has at least one.
fn last_day(sessions: &[SessionColumns], pain: &[PainColumns], events: &[EventColumns]) -> Day {
    let days = sessions
        .iter()
        .map(|columns| &columns.day)
        .chain(pain.iter().map(|columns| &columns.day))
        .chain(events.iter().map(|columns| &columns.day));
    Day(days.flatten().copied().max().unwrap_or_default())
}

/// For each file the row after its last one, all files counted through.
fn file_ends(rows: impl Iterator<Item = usize>) -> Vec<usize> {
    rows.scan(0, |end, rows| {
        *end += rows;
        Some(*end)
    })
    .collect()
}

/// The files of a log as one, its patients by rank; the first file's columns are taken as they are.
fn ranked<L: Ranked>(files: Vec<L::Columns>, rank: &[u32]) -> L::Columns {
    let mut files = files.into_iter();
    let Some(mut all) = files.next() else { return L::Columns::default() };
    for patient in L::patients(&mut all) {
        *patient = rank[*patient as usize];
    }
    for later in files {
        L::append(&mut all, later, rank);
    }
    all
}

/// Logs whose rows can be given other patient numbers in place.
trait Ranked: Log {
    fn patients(columns: &mut Self::Columns) -> &mut [u32];
}

impl Ranked for SessionRows {
    fn patients(columns: &mut SessionColumns) -> &mut [u32] {
        &mut columns.patient
    }
}

impl Ranked for PainRows {
    fn patients(columns: &mut PainColumns) -> &mut [u32] {
        &mut columns.patient
    }
}

impl Ranked for EventRows {
    fn patients(columns: &mut EventColumns) -> &mut [u32] {
        &mut columns.patient
    }
}

fn append_all<L: Log>(columns: &mut L::Columns, files: Vec<L::Columns>, interner: &Interner) {
    let same: Vec<u32> = (0..interner.ids.len() as u32).collect();
    for file in files {
        L::append(columns, file, &same);
    }
}

/// Ids sorted byte by byte, and for each patient as met the place in them.
fn sorted_ids(ids: Vec<String>) -> (Vec<String>, Vec<u32>) {
    let mut order: Vec<u32> = (0..ids.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| ids[a as usize].cmp(&ids[b as usize]));
    let mut rank = vec![0_u32; ids.len()];
    for (place, &patient) in order.iter().enumerate() {
        rank[patient as usize] = place as u32;
    }
    let mut sorted = vec![String::new(); ids.len()];
    for (id, &place) in ids.into_iter().zip(&rank) {
        sorted[place as usize] = id;
    }
    (sorted, rank)
}

fn folder_name(folder: &Path) -> String {
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    full.file_name().map_or_else(|| "study".to_owned(), |name| name.to_string_lossy().into_owned())
}
