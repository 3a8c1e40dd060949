//! All files of a study → [`Logs`], with every row accounted for.

use std::path::Path;
use xxhash_rust::xxh3::Xxh3;

use rustc_hash::{FxHashMap, FxHashSet};

use super::accounting::ReadingReport;
use super::error::IngestError;
use super::events::{EventColumns, EventRows};
use super::file::{self, BlockSize, FileRows, Interner};
use super::joined::{file_ends, ranked, sorted_ids};
use super::locate::{Located, locate, study_folder};
use super::logs::{Logs, Roster};
use super::number::DecimalMark;
use super::pain::{Merged, PainColumns, PainRows, one_scale};
use super::plan::Plan;
use super::privacy::{Privacy, Pseudonyms, add_findings, check_settings};
use super::program_log::{ProgramFile, SettledPrograms, settle};
use super::programs::ProgramRows;
use super::reading::{CheckedStudy, ReadOptions};
use super::refused::refused_days;
use super::relations::{self, Merges, Repeats};
use super::roster::{RosterColumns, RosterRows};
use super::rows::{Carry, Checked, Log};
use super::rules::check_ignored;
use super::scale::LoggedScale;
use super::sessions::{SessionColumns, SessionRows};
use crate::domain::{Day, PainScale};
use crate::settings::{CheckAction, CheckSeverity, DuplicateRule, LogKind, StudyFile};

/// Reads the logs of a study; `keep_going` puts unusable files aside.
pub(super) fn read(path: &Path, study: &StudyFile, options: &ReadOptions, keep_going: bool) -> Result<CheckedStudy, IngestError> {
    let (size, privacy) = (options.block_size, Privacy { settings: &study.reading.privacy, pseudonyms: options.pseudonyms.as_ref() });
    let folder = study_folder(path);
    if !folder.exists() {
        return Err(IngestError::NoSuchPath { path: folder });
    }
    let checks = &study.reading.checks;
    check_ignored(checks)?;
    let cut_off = study.settings.study.cut_off.map(|cut_off| cut_off.0);
    let mut reader = Reader {
        files: FxHashMap::default(),
        interner: Interner::default(),
        report: ReadingReport::default(),
        hasher: Xxh3::new(),
        size,
        cut_off,
        keep_going,
        errors: Vec::new(),
        headers: Vec::new(),
    };
    for &kind in LogKind::ALL {
        let mut located = locate(&folder, kind, &study.reading).or_else(|error| reader.failed(error).map(|()| Vec::new()))?;
        located.iter_mut().for_each(|file| file.name = privacy.shown_name(file));
        reader.files.insert(kind, located);
    }

    let (roster, covariate_names, decimal) = reader.roster(privacy)?;
    let listed = !reader.files[&LogKind::Patients].is_empty() && reader.errors.is_empty();
    let known: Option<FxHashSet<String>> =
        (listed && checks.unknown_patient == CheckAction::Reject).then(|| reader.interner.ids.iter().cloned().collect());
    let checked = Checked { roster: known.as_ref(), starts: None, refused: None, cut_off, privacy };

    let programs = reader.programs(&checked)?;

    let rejects_early_pain = checks.pain_before_program == CheckAction::Reject;
    let rejects_early_exercise = checks.exercise_before_program == CheckSeverity::Reject;
    let starts: FxHashMap<String, Day> = if rejects_early_pain || rejects_early_exercise {
        programs.first_starts().map(|(patient, start)| (reader.interner.ids[patient as usize].clone(), start)).collect()
    } else {
        FxHashMap::default()
    };

    let of_sessions = Checked { starts: rejects_early_exercise.then_some(&starts), ..checked };
    let compared = checks.repeated_sessions == CheckAction::Reject;
    let sessions =
        reader.log::<SessionRows>(LogKind::Sessions, &of_sessions, |plan| Ok(SessionRows::new(plan, compared)), |_, _| Ok(()))?;

    let (pain, scale) = reader.pain(Checked { starts: rejects_early_pain.then_some(&starts), ..checked }, checks.same_day_pain)?;
    let events = reader.log::<EventRows>(LogKind::Events, &checked, |plan| Ok(EventRows::new(plan)), |_, _| Ok(()))?;

    if reader.errors.is_empty() {
        check_settings(privacy.settings, &reader.headers).or_else(|error| reader.failed(error))?;
    }
    reader.finish(
        folder.as_path(),
        study,
        privacy,
        Read { roster, covariate_names, decimal, listed, programs, sessions, pain, events, scale },
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
    /// Whether an unusable file is put aside, so that the others are checked as well.
    keep_going: bool,
    errors: Vec<IngestError>,
    /// The columns of all files.
    headers: Vec<String>,
}

/// Everything read, patients still in the order in which they were met.
struct Read {
    roster: RosterColumns,
    covariate_names: Vec<String>,
    decimal: DecimalMark,
    listed: bool,
    programs: SettledPrograms,
    sessions: Vec<SessionColumns>,
    pain: Vec<PainColumns>,
    events: Vec<EventColumns>,
    scale: PainScale,
}

/// How far the accounts had come.
struct Mark {
    patients: usize,
    files: usize,
    rejected: usize,
    findings: usize,
    notes: usize,
    errors: usize,
    hasher: Xxh3,
}

impl Reader {
    /// Puts an error aside if the rest is to be read all the same.
    fn failed(&mut self, error: IngestError) -> Result<(), IngestError> {
        if !self.keep_going {
            return Err(error);
        }
        self.errors.push(error);
        Ok(())
    }

    fn mark(&self) -> Mark {
        Mark {
            patients: self.interner.ids.len(),
            files: self.report.files.len(),
            rejected: self.report.rejected.len(),
            findings: self.report.findings.len(),
            notes: self.report.notes.len(),
            errors: self.errors.len(),
            hasher: self.hasher.clone(),
        }
    }

    fn back_to(&mut self, mark: Mark) {
        self.interner.truncate(mark.patients);
        self.report.files.truncate(mark.files);
        self.report.rejected.truncate(mark.rejected);
        self.report.findings.truncate(mark.findings);
        self.report.notes.truncate(mark.notes);
        self.errors.truncate(mark.errors);
        self.hasher = mark.hasher;
    }

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
        let (first_rejected, first_error) = (self.report.rejected.len(), self.errors.len());
        for file in &located {
            let rows = match file::read(file, kind, &log, checked, &mut self.interner, &mut carry, self.size) {
                Ok(rows) => rows,
                Err(error) => {
                    self.failed(error)?;
                    continue;
                }
            };
            check(file, &rows).or_else(|error| self.failed(error))?;
            self.hasher.update(&rows.hash.to_le_bytes());
            self.report.files.push(rows.account);
            self.report.rejected.extend(rows.rejected);
            add_findings(&mut self.report.findings, rows.findings);
            self.report.notes.extend(rows.notes);
            self.headers.extend(rows.plan.header);
            all.push(rows.columns);
        }
        if (kind.required() || kind == LogKind::Patients) && self.errors.len() == first_error {
            self.check_usable(kind, &located, first_rejected).or_else(|error| self.failed(error))?;
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
            let error = IngestError::Setting {
                file: second.name.clone(),
                setting: "files.patients".to_owned(),
                problem: "gives a second roster, but a study has one".to_owned(),
                fix: "Put the patients into one file.".to_owned(),
            };
            self.failed(error)?;
        }
        let (mut names, mut decimal) = (Vec::new(), DecimalMark::Point);
        let checked = Checked { roster: None, starts: None, refused: None, cut_off: self.cut_off, privacy };
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

    fn pain(&mut self, checked: Checked<'_>, rule: DuplicateRule) -> Result<(Vec<PainColumns>, PainScale), IngestError> {
        let (mut scales, mut located): (Vec<(String, LoggedScale)>, Vec<Located>) = (Vec::new(), Vec::new());
        for file in self.files.remove(&LogKind::Pain).unwrap_or_default() {
            match LoggedScale::of(file.settings.scale.as_ref(), &file.name) {
                Ok(scale) => {
                    scales.push((file.name.clone(), scale));
                    located.push(file);
                }
                Err(error) => self.failed(error)?,
            }
        }
        self.files.insert(LogKind::Pain, located);
        let scale = match one_scale(&scales) {
            Ok(scale) => scale,
            Err(error) => self.failed(error).map(|()| PainScale::numeric_rating())?,
        };
        let mark = self.mark();
        let columns = self.pain_files(&checked, &scales)?;
        if rule != DuplicateRule::Refuse {
            return Ok((columns, scale));
        }
        let refused = refused_days(&columns, &self.interner);
        if refused.is_empty() {
            return Ok((columns, scale));
        }
        // Read again, now knowing which days differ: each of their rows is listed with its place and its record.
        drop(columns);
        self.back_to(mark);
        Ok((self.pain_files(&Checked { refused: Some(&refused), ..checked }, &scales)?, scale))
    }

    fn pain_files(&mut self, checked: &Checked<'_>, scales: &[(String, LoggedScale)]) -> Result<Vec<PainColumns>, IngestError> {
        let located = self.files[&LogKind::Pain].clone();
        let scale_of = |name: &str| scales.iter().find(|(file, _)| file == name).map(|(_, scale)| scale.clone());
        self.log::<PainRows>(
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
        )
    }

    /// The files of a log, as indices into `reading.files`.
    fn files_of(&self, kind: LogKind) -> impl Iterator<Item = usize> {
        self.report.files.iter().enumerate().filter(move |(_, account)| account.kind == kind).map(|(file, _)| file)
    }

    /// The programs of all files, with the account of those that are no programs of their own.
    fn programs(&mut self, checked: &Checked<'_>) -> Result<SettledPrograms, IngestError> {
        let (mut names, mut shown, first_file) = (Vec::new(), Vec::new(), self.report.files.len());
        let columns = self.log::<ProgramRows>(
            LogKind::Programs,
            checked,
            |plan| Ok(ProgramRows::new(plan)),
            |file, rows| {
                names.push((file.name.clone(), rows.plan.dates.first().map_or_else(String::new, |date| date.name.clone())));
                shown.push((rows.plan.clone(), rows.personal.clone()));
                Ok(())
            },
        )?;
        let files = names.into_iter().zip(columns).map(|((name, start_column), columns)| ProgramFile { name, start_column, columns });
        let mut settled = settle(files.collect(), &self.interner.ids);
        for ((plan, personal), rejected) in shown.iter().zip(&mut settled.conflicting) {
            rejected.iter_mut().for_each(|row| personal.clean(plan, checked.privacy, row));
        }
        for (account, rejected) in self.report.files[first_file..].iter_mut().zip(&mut settled.conflicting) {
            account.used -= rejected.len();
            account.rejected += rejected.len();
            self.report.rejected.append(rejected);
        }
        self.account_merged(LogKind::Programs, &settled.merged);
        let merged: usize = settled.merged.iter().sum();
        if merged > 0 {
            let rows = if merged == 1 { "1 row".to_owned() } else { format!("{merged} rows") };
            self.report.notes.push(format!("Programs: {rows} said the same as another and merged into it."));
        }
        Ok(settled)
    }

    /// Counts merged rows for the files of a log.
    fn account_merged(&mut self, kind: LogKind, per_file: &[usize]) {
        let accounts = self.report.files.iter_mut().filter(|account| account.kind == kind);
        for (account, &merged) in accounts.zip(per_file) {
            account.used -= merged.min(account.used);
            account.merged += merged;
        }
    }

    fn finish(mut self, folder: &Path, study: &StudyFile, privacy: Privacy<'_>, read: Read) -> Result<CheckedStudy, IngestError> {
        let checks = &study.reading.checks;
        let Read { mut roster, covariate_names, decimal, listed, programs, sessions, pain, events, scale } = read;
        let last_day = last_day(&sessions, &pain, &events);
        let (ids, rank) = sorted_ids(std::mem::take(&mut self.interner.ids));
        let n = ids.len();
        let repeated_programs = programs.merged.iter().map(|&rows| Repeats { rows, first: None }).collect();

        let session_ends = file_ends(sessions.iter().map(|columns| columns.day.len()));
        let sessions = ranked::<SessionRows>(sessions, &rank, self.files_of(LogKind::Sessions));
        let mut merged = Merged::new(&session_ends);
        let sessions = sessions.into_log(n, &mut merged);
        let (repeated, repeated_sessions) = (merged.per_file, merged.repeats);
        self.account_merged(LogKind::Sessions, &repeated);

        let pain_ends = file_ends(pain.iter().map(|columns| columns.day.len()));
        let pain = ranked::<PainRows>(pain, &rank, self.files_of(LogKind::Pain));
        let mut merged = Merged::new(&pain_ends);
        let pain = pain.into_log(n, checks.same_day_pain, &mut merged);
        let (same_day, repeated_pain, conflicts) = (merged.per_file, merged.repeats, merged.conflicts);
        self.account_merged(LogKind::Pain, &same_day);

        let counts = (repeated.iter().sum(), same_day.iter().sum(), conflicts.len());
        self.report.notes.extend(relations::merge_notes(counts, checks.same_day_pain));
        let repeats = vec![(LogKind::Programs, repeated_programs), (LogKind::Sessions, repeated_sessions), (LogKind::Pain, repeated_pain)];
        let merges = Merges { repeats, conflicts };
        let events = ranked::<EventRows>(events, &rank, self.files_of(LogKind::Events)).into_log(n);
        let first_program_file = self.files_of(LogKind::Programs).next().unwrap_or_default();
        let programs = programs.into_log(&rank, first_program_file);
        let roster_file = self.files_of(LogKind::Patients).next().unwrap_or_default();
        let places = roster.places(roster_file, &rank);
        roster.each_column(|values| self.interner.known.in_values(values));
        let covariates = roster.into_covariates(&covariate_names, decimal, &rank);
        self.check_balance()?;
        let name = study.settings.study.name.clone().filter(|name| !name.trim().is_empty());
        let name = name.unwrap_or_else(|| folder_name(folder));
        privacy.note(&mut self.report);
        let known = self.interner.known;
        known.check()?;
        let mut logs = Logs {
            study_name: known.in_name(&name),
            pseudonym_key: privacy.pseudonyms.map(Pseudonyms::fingerprint),
            patients: Roster { ids, listed, places, covariates },
            pain,
            sessions,
            programs,
            events,
            scale,
            cut_off: self.cut_off.unwrap_or(last_day),
            cut_off_declared: self.cut_off.is_some(),
            reading: self.report,
            input_hash: format!("{:016x}", self.hasher.digest()),
        };
        // Of logs that miss a part nothing can be said about the parts together.
        if self.errors.is_empty() {
            let found = relations::findings(&logs, checks, &merges, &known);
            logs.reading.findings.extend(found);
        }
        logs.reading.findings.retain(|finding| !checks.ignore.iter().any(|ignored| ignored == finding.rule));
        known.hide(&mut logs.reading);
        logs.reading.sort();
        Ok(CheckedStudy { logs, errors: self.errors })
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

fn folder_name(folder: &Path) -> String {
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    full.file_name().map_or_else(|| "study".to_owned(), |name| name.to_string_lossy().into_owned())
}
