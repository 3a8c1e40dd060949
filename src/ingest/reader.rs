//! Reads the files of a study one log after the other and keeps the accounts.

use xxhash_rust::xxh3::Xxh3;

use rustc_hash::FxHashMap;

use super::accounting::ReadingReport;
use super::columns::Field;
use super::conversion::ConvertedFile;
use super::emission::{Emitted, NativeLog, change_texts};
use super::error::IngestError;
use super::file::{self, BlockSize, FileRows, Interner};
use super::formats;
use super::locate::Located;
use super::number::DecimalMark;
use super::pain::{PainColumns, PainRows, one_scale};
use super::plan::{LastDay, Plan};
use super::privacy::{Privacy, add_findings};
use super::program_log::{ProgramFile, SettledPrograms, settle};
use super::programs::ProgramRows;
use super::refused::refused_days;
use super::roster::{RosterColumns, RosterRows};
use super::rows::{Carry, Checked, Log};
use super::scale::LoggedScale;
use super::study::Sink;
use crate::domain::number::counted;
use crate::domain::{Day, PainScale};
use crate::settings::{DuplicateRule, FileSettings, LogKind};

/// Reads the files one log after the other and keeps the accounts.
pub(super) struct Reader<'a, 's> {
    pub files: FxHashMap<LogKind, Vec<Located>>,
    pub interner: Interner,
    pub report: ReadingReport,
    pub hasher: Xxh3,
    pub size: BlockSize,
    pub cut_off: Option<Day>,
    pub exported: Option<LastDay>,
    /// Whether an unusable file is put aside, so that the others are checked as well.
    pub keep_going: bool,
    pub errors: Vec<IngestError>,
    /// Takes each log in native form, if they are asked for.
    pub sink: Option<Sink<'s>>,
    /// Logs in native form that were not handed on yet.
    pub emitted: Vec<(LogKind, Vec<Emitted>)>,
    pub converted: Vec<ConvertedFile>,
    pub privacy: Privacy<'a>,
    /// The columns of all files.
    pub headers: Vec<String>,
}

/// How far the accounts had come.
struct Mark {
    patients: usize,
    files: usize,
    rejected: usize,
    findings: usize,
    notes: usize,
    emitted: usize,
    converted: usize,
    errors: usize,
    hasher: Xxh3,
}

impl Reader<'_, '_> {
    /// Puts an error aside if the rest is to be read all the same.
    pub fn failed(&mut self, error: IngestError) -> Result<(), IngestError> {
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
            emitted: self.emitted.len(),
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
        self.emitted.truncate(mark.emitted);
        self.converted.truncate(mark.converted);
        self.errors.truncate(mark.errors);
        self.hasher = mark.hasher;
    }

    /// The files of one log, in turn; `check` looks at each file as a whole.
    pub fn log<L: Log>(
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
                self.converted.push(ConvertedFile::of(&rows.plan, &rows.personal, self.privacy));
            }
            self.hasher.update(&rows.hash.to_le_bytes());
            self.report.files.push(rows.account);
            self.report.rejected.extend(rows.rejected);
            add_findings(&mut self.report.findings, rows.findings);
            self.report.notes.extend(rows.notes);
            self.headers.extend(rows.header);
            all.push(rows.columns);
        }
        if (kind.required() || kind == LogKind::Patients) && self.errors.len() == first_error {
            self.check_usable(kind, &located, first_rejected).or_else(|error| self.failed(error))?;
        }
        if !emitted.is_empty() {
            self.emitted.push((kind, emitted));
        }
        // Pain may have to be read again. With pseudonyms all ids have to be known, to be found in texts.
        if kind != LogKind::Pain && self.privacy.pseudonyms.is_none() {
            self.hand_on();
        }
        Ok(all)
    }

    /// Hands on the logs in native form.
    pub fn hand_on(&mut self) {
        for (kind, mut files) in self.emitted.drain(..) {
            if let Some(pseudonyms) = self.privacy.pseudonyms {
                change_texts(kind, &mut files, |texts| self.interner.known.in_values(texts, pseudonyms));
                let names = files.iter_mut().flat_map(|file| &mut file.columns);
                names.for_each(|name| *name = self.interner.known.in_column(name));
            }
            let mut log = NativeLog::of(kind, files);
            if self.privacy.pseudonyms.is_some() {
                log.sort_by_patient();
            }
            if let Some(sink) = &mut self.sink {
                sink(log);
            }
        }
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

    pub fn roster(&mut self) -> Result<(RosterColumns, DecimalMark), IngestError> {
        let mut decimals: Vec<DecimalMark> = Vec::new();
        let checked =
            Checked { roster: None, starts: None, refused: None, cut_off: self.cut_off, exported: self.exported, privacy: self.privacy };
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

    pub fn pain(&mut self, checked: Checked<'_>, rule: DuplicateRule) -> Result<(Vec<PainColumns>, PainScale), IngestError> {
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

    /// The scale of the pains in each file of sessions: its own if it declares one, else that of the pain log. What is wrong with
    /// that is said where the pain log is read.
    pub fn session_scales(&self) -> FxHashMap<String, LoggedScale> {
        let of = |file: &Located| {
            let mut settings = file.settings.clone();
            if settings.scale.is_none() {
                settings.scale = formats::scale(file).ok().flatten().map(|(scale, _)| scale);
            }
            settings.scale.is_some().then(|| LoggedScale::of(&settings, &file.name).ok()).flatten()
        };
        // Days with pain in a week are no scores of a session.
        let pain = self.files.get(&LogKind::Pain).and_then(|files| of(files.first()?));
        let pain = pain.filter(|scale| scale.result != PainScale::days_a_week());
        let sessions = self.files.get(&LogKind::Sessions).into_iter().flatten();
        let declared = |file: &Located| file.settings.scale.as_ref().and_then(|_| LoggedScale::of(&file.settings, &file.name).ok());
        sessions.filter_map(|file| Some((file.name.clone(), declared(file).or_else(|| pain.clone())?))).collect()
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
    pub fn files_of(&self, kind: LogKind) -> impl Iterator<Item = usize> {
        self.report.files.iter().enumerate().filter(move |(_, account)| account.kind == kind).map(|(file, _)| file)
    }

    /// The programs of all files, with the account of those that are no programs of their own.
    pub fn programs(&mut self, checked: &Checked<'_>) -> Result<SettledPrograms, IngestError> {
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
            let rows = counted(merged, "row", "rows");
            self.report.notes.push(format!("Programs: {rows} said the same as another and merged into it."));
        }
        Ok(settled)
    }

    /// Counts merged rows for the files of a log.
    pub fn account_merged(&mut self, kind: LogKind, per_file: &[usize]) {
        let accounts = self.report.files.iter_mut().filter(|account| account.kind == kind);
        for (account, &merged) in accounts.zip(per_file) {
            account.used -= merged.min(account.used);
            account.merged += merged;
        }
    }
}
