//! All files of a study → [`Logs`], with every row accounted for.

use std::path::Path;
use xxhash_rust::xxh3::Xxh3;

use rustc_hash::{FxHashMap, FxHashSet};

use super::accounting::ReadingReport;
use super::asked::Asked;
use super::columns::Field;
use super::conversion::{Conversion, ConvertedFile};
use super::emission::NativeLog;
use super::error::IngestError;
use super::events::{EventColumns, EventRows};
use super::file::{self, BlockSize, FileRows, Interner};
use super::formats;
use super::joined::{file_ends, ranked, sorted_ids};
use super::locate::{Located, locate, study_folder};
use super::logs::{Logs, Roster};
use super::number::DecimalMark;
use super::pain::{Merged, PainColumns, PainRows, one_scale};
use super::plan::{LastDay, Plan};
use super::program_log::{ProgramFile, SettledPrograms, settle};
use super::programs::ProgramRows;
use super::refused::refused_days;
use super::relations::{self, Merges, Repeats};
use super::roster::{RosterColumns, RosterRows};
use super::rows::{Carry, Checked, Log};
use super::rules::check_ignored;
use super::scale::LoggedScale;
use super::sessions::{SessionColumns, SessionRows};
use crate::domain::{Day, PainScale};
use crate::settings::{CheckAction, CheckSeverity, Checks, DuplicateRule, FileSettings, LogKind, ScaleSetting, StudyFile};

/// Reads the logs of a study, which is a folder or the path of its `study.toml`.
///
/// # Errors
/// An [`IngestError`] where nothing trustworthy can be made of the files. A row that breaks a rule is no error: it is
/// listed in [`ReadingReport::rejected`].
pub fn read_study(path: &Path, study: &StudyFile) -> Result<Logs, IngestError> {
    read_study_as(path, study, Asked::default())
}

/// As [`read_study`], with what the caller decides.
///
/// # Errors
/// As [`read_study`].
pub fn read_study_as(path: &Path, study: &StudyFile, asked: Asked) -> Result<Logs, IngestError> {
    read(path, study, asked, false, None).map(|read| read.checked.logs)
}

/// A study with everything that is wrong with it.
#[derive(Clone, Debug)]
pub struct CheckedStudy {
    /// The logs; where there are `errors`, those parts of them that could be read, good for their account alone.
    pub logs: Logs,
    /// Why the study cannot be analyzed, file by file; empty if it can.
    pub errors: Vec<IngestError>,
}

/// As [`read_study_as`], but one unusable file does not hide what is wrong with the others.
///
/// # Errors
/// An [`IngestError`] where there is no study at all, or where rows went missing inside staywell.
pub fn check_study(path: &Path, study: &StudyFile, asked: Asked) -> Result<CheckedStudy, IngestError> {
    read(path, study, asked, true, None).map(|read| read.checked)
}

/// As [`read_study_as`], handing each log in native form to `sink`.
pub(super) fn read_and_emit(path: &Path, study: &StudyFile, asked: Asked, sink: Sink<'_>) -> Result<Conversion, IngestError> {
    let read = read(path, study, asked, false, Some(sink))?;
    Ok(Conversion { logs: read.checked.logs, files: read.files, scale: read.scale })
}

/// Takes logs in native form.
pub(super) type Sink<'a> = &'a mut dyn FnMut(NativeLog);

/// A study as read, and what became of its files if they were written in native form.
struct ReadStudy {
    checked: CheckedStudy,
    files: Vec<ConvertedFile>,
    scale: Option<ScaleSetting>,
}

fn read(path: &Path, study: &StudyFile, asked: Asked, keep_going: bool, sink: Option<Sink<'_>>) -> Result<ReadStudy, IngestError> {
    let folder = study_folder(path);
    if !folder.exists() {
        return Err(IngestError::NoSuchPath { path: folder });
    }
    let checks = &study.reading.checks;
    check_ignored(checks)?;
    let cut_off = study.settings.study.cut_off.map(|cut_off| cut_off.0);
    let exported = match study.settings.study.exported_on {
        Some(day) => Some(LastDay { day: day.0, declared: true }),
        None => asked.today.map(|day| LastDay { day, declared: false }),
    };
    let mut reader = Reader {
        files: FxHashMap::default(),
        interner: Interner::default(),
        report: ReadingReport { notes: study.assumed.clone(), ..ReadingReport::default() },
        hasher: Xxh3::new(),
        size: asked.block_size,
        cut_off,
        exported,
        keep_going,
        errors: Vec::new(),
        sink,
        converted: Vec::new(),
    };
    for &kind in LogKind::ALL {
        let located = locate(&folder, kind, &study.reading).or_else(|error| reader.failed(error).map(|()| Vec::new()))?;
        reader.files.insert(kind, located);
    }
    let mut files = std::mem::take(&mut reader.files);
    let in_order = LogKind::ALL.iter().filter_map(|&kind| files.remove(&kind).map(|located| (kind, located)));
    let mut located: Vec<(LogKind, Vec<Located>)> = in_order.collect();
    formats::name_sheets(located.iter_mut().flat_map(|(kind, files)| files.iter_mut().map(|file| (*kind, file))))
        .or_else(|error| reader.failed(error))?;
    reader.files = located.into_iter().collect();
    let scale = if reader.sink.is_some() { emit(&mut reader.files)? } else { None };

    let (roster, decimal) = reader.roster()?;
    let listed = !reader.files[&LogKind::Patients].is_empty() && reader.errors.is_empty();
    let known: Option<FxHashSet<String>> =
        (listed && checks.unknown_patient == CheckAction::Reject).then(|| reader.interner.ids.iter().cloned().collect());
    let checked = Checked { roster: known.as_ref(), starts: None, refused: None, cut_off, exported };

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

    let (pain, pain_scale) = reader.pain(Checked { starts: rejects_early_pain.then_some(&starts), ..checked }, checks.same_day_pain)?;
    if pain_scale == PainScale::days_a_week() {
        reader.report.notes.extend(formats::fitting_definitions(&study.settings));
    }
    let events = reader.log::<EventRows>(LogKind::Events, &checked, |plan| Ok(EventRows::new(plan)), |_, _| Ok(()))?;

    let files = std::mem::take(&mut reader.converted);
    let read = Read { roster, decimal, listed, programs, sessions, pain, events, scale: pain_scale };
    Ok(ReadStudy { checked: reader.finish(folder.as_path(), study, checks, read)?, files, scale })
}

/// Has all files written in native form. Pain is kept as it was logged, with its scale, unless the files have several.
fn emit(files: &mut FxHashMap<LogKind, Vec<Located>>) -> Result<Option<ScaleSetting>, IngestError> {
    files.values_mut().flatten().for_each(|file| file.emitted = Some(1.0));
    let Some(pain) = files.get_mut(&LogKind::Pain) else { return Ok(None) };
    let mut scales = Vec::with_capacity(pain.len());
    for file in pain.iter() {
        let mut settings = file.settings.clone();
        if settings.scale.is_none() {
            settings.scale = formats::scale(file)?.map(|(scale, _)| scale);
        }
        scales.push((LoggedScale::of(&settings, &file.name)?, settings.scale));
    }
    let Some((first, declared)) = scales.first() else { return Ok(None) };
    if scales.iter().all(|(scale, _)| scale.same_values(first)) {
        return Ok(declared.as_ref().map(|declared| first.part(declared).clone()));
    }
    pain.iter_mut().zip(&scales).for_each(|(file, (scale, _))| file.emitted = Some(scale.divide_by));
    Ok(Some(ScaleSetting::Own { name: first.result.name.clone(), min: first.result.min, max: first.result.max }))
}

/// Reads the files one log after the other and keeps the accounts.
struct Reader<'a> {
    files: FxHashMap<LogKind, Vec<Located>>,
    interner: Interner,
    report: ReadingReport,
    hasher: Xxh3,
    size: BlockSize,
    cut_off: Option<Day>,
    exported: Option<LastDay>,
    /// Whether an unusable file is put aside, so that the others are checked as well.
    keep_going: bool,
    errors: Vec<IngestError>,
    /// Takes each log in native form, if they are asked for.
    sink: Option<Sink<'a>>,
    converted: Vec<ConvertedFile>,
}

/// Everything read, patients still in the order in which they were met.
struct Read {
    roster: RosterColumns,
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
    converted: usize,
    errors: usize,
    hasher: Xxh3,
}

impl Reader<'_> {
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
            converted: self.converted.len(),
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
        self.converted.truncate(mark.converted);
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
        let mut emitted = Vec::new();
        for file in &located {
            let rows = match file::read(file, kind, &log, checked, &mut self.interner, &mut carry, self.size) {
                Ok(rows) => rows,
                Err(error) => {
                    self.failed(error)?;
                    continue;
                }
            };
            check(file, &rows).or_else(|error| self.failed(error))?;
            if let Some(rows_emitted) = rows.emitted {
                emitted.push(rows_emitted);
                self.converted.push(ConvertedFile::of(&rows.plan));
            }
            self.hasher.update(&rows.hash.to_le_bytes());
            self.report.files.push(rows.account);
            self.report.rejected.extend(rows.rejected);
            self.report.findings.extend(rows.findings);
            self.report.notes.extend(rows.notes);
            all.push(rows.columns);
        }
        if (kind.required() || kind == LogKind::Patients) && self.errors.len() == first_error {
            self.check_usable(kind, &located, first_rejected).or_else(|error| self.failed(error))?;
        }
        if let Some(sink) = self.sink.as_mut().filter(|_| !emitted.is_empty()) {
            sink(NativeLog::of(kind, emitted));
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
            format!(" The first: {}, line {}{column}: {} {}", row.file, row.line, row.sentence, row.fix)
        });
        Err(IngestError::NothingUsable {
            kind,
            read,
            rejected: accounts().map(|account| account.rejected).sum(),
            filtered: accounts().map(|account| account.filtered).sum(),
            first,
        })
    }

    fn roster(&mut self) -> Result<(RosterColumns, DecimalMark), IngestError> {
        let mut decimals: Vec<DecimalMark> = Vec::new();
        let checked = Checked { roster: None, starts: None, refused: None, cut_off: self.cut_off, exported: self.exported };
        let files = self.log::<RosterRows>(
            LogKind::Patients,
            &checked,
            |plan| Ok(RosterRows::new(plan)),
            |_, rows| {
                decimals.push(rows.plan.decimal);
                Ok(())
            },
        )?;
        let same: Vec<u32> = (0..self.interner.ids.len() as u32).collect();
        let mut columns = RosterColumns::default();
        for (mut file, index) in files.into_iter().zip(self.files_of(LogKind::Patients)) {
            file.places.set_file(index);
            RosterRows::append(&mut columns, file, &same);
        }
        let first = decimals.first().copied().unwrap_or(DecimalMark::Point);
        Ok((columns, if decimals.iter().all(|&decimal| decimal == first) { first } else { DecimalMark::Either }))
    }

    fn pain(&mut self, checked: Checked<'_>, rule: DuplicateRule) -> Result<(Vec<PainColumns>, PainScale), IngestError> {
        let (mut scales, mut located): (Vec<(String, LoggedScale)>, Vec<Located>) = (Vec::new(), Vec::new());
        for mut file in self.files.remove(&LogKind::Pain).unwrap_or_default() {
            match self.scale_of(&mut file) {
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

    /// The scale of a file: as declared, else as its layout says.
    fn scale_of(&mut self, file: &mut Located) -> Result<LoggedScale, IngestError> {
        if file.settings.scale.is_none()
            && let Some((scale, note)) = formats::scale(file)?
        {
            file.settings.scale = Some(scale);
            self.report.notes.push(note);
        }
        LoggedScale::of(&file.settings, &file.name)
    }

    fn pain_files(&mut self, checked: &Checked<'_>, scales: &[(String, LoggedScale)]) -> Result<Vec<PainColumns>, IngestError> {
        let scale_of = |name: &str| {
            let scale = scales.iter().find(|(file, _)| file == name).map(|(_, scale)| scale.clone());
            scale.map_or_else(|| LoggedScale::of(&FileSettings::default(), name), Ok)
        };
        let mut doubts = Vec::new();
        let columns = self.log::<PainRows>(
            LogKind::Pain,
            checked,
            |plan| {
                let scale = scale_of(&plan.file)?;
                let pain = plan.column(Field::Pain).and_then(|column| plan.header.get(column));
                scale.check_column(&plan.file, pain.map_or("", String::as_str))?;
                Ok(PainRows::new(plan, scale))
            },
            |file, rows| {
                let scale = scale_of(&file.name)?;
                doubts.extend(scale.doubt(&rows.columns.found, &file.name));
                scale.check(&rows.columns.found, &file.name)
            },
        )?;
        self.report.notes.extend(doubts);
        Ok(columns)
    }

    /// The files of a log, as indices into `reading.files`.
    fn files_of(&self, kind: LogKind) -> impl Iterator<Item = usize> {
        self.report.files.iter().enumerate().filter(move |(_, account)| account.kind == kind).map(|(file, _)| file)
    }

    /// The programs of all files, with the account of those that are no programs of their own.
    fn programs(&mut self, checked: &Checked<'_>) -> Result<SettledPrograms, IngestError> {
        let (mut names, first_file) = (Vec::new(), self.report.files.len());
        let columns = self.log::<ProgramRows>(
            LogKind::Programs,
            checked,
            |plan| Ok(ProgramRows::new(plan)),
            |file, rows| {
                names.push((file.name.clone(), rows.plan.dates.first().map_or_else(String::new, |date| date.name.clone())));
                Ok(())
            },
        )?;
        let files = names.into_iter().zip(columns).map(|((name, start_column), columns)| ProgramFile { name, start_column, columns });
        let mut settled = settle(files.collect(), &self.interner.ids);
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

    fn finish(mut self, folder: &Path, study: &StudyFile, checks: &Checks, read: Read) -> Result<CheckedStudy, IngestError> {
        let Read { roster, decimal, listed, programs, sessions, pain, events, scale } = read;
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

        let event_ends = file_ends(events.iter().map(|columns| columns.day.len()));
        let events = ranked::<EventRows>(events, &rank, self.files_of(LogKind::Events));
        let mut merged = Merged::new(&event_ends);
        let events = events.into_log(n, &mut merged);
        let (merged_events, repeated_events) = (merged.per_file, merged.repeats);
        self.account_merged(LogKind::Events, &merged_events);
        let counts = [repeated.iter().sum(), same_day.iter().sum(), conflicts.len(), merged_events.iter().sum()];
        self.report.notes.extend(relations::merge_notes(counts, checks.same_day_pain));
        let repeats = vec![
            (LogKind::Programs, repeated_programs),
            (LogKind::Sessions, repeated_sessions),
            (LogKind::Pain, repeated_pain),
            (LogKind::Events, repeated_events),
        ];
        let merges = Merges { repeats, conflicts };
        let first_program_file = self.files_of(LogKind::Programs).next().unwrap_or_default();
        let programs = programs.into_log(&rank, first_program_file);
        let places = roster.places(&rank);
        let covariates = roster.into_covariates(decimal, &rank);
        self.check_balance()?;
        let name = study.settings.study.name.clone().filter(|name| !name.trim().is_empty());
        let mut logs = Logs {
            study_name: name.unwrap_or_else(|| folder_name(folder)),
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
            let found = relations::findings(&logs, checks, &merges);
            logs.reading.findings.extend(found);
        }
        logs.reading.findings.retain(|finding| !checks.ignore.iter().any(|ignored| ignored == finding.rule));
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
