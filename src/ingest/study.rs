//! All files of a study → [`Logs`], with every row accounted for.

use std::path::Path;
use xxhash_rust::xxh3::Xxh3;

use rustc_hash::{FxHashMap, FxHashSet};

use super::accounting::ReadingReport;
use super::asked::Asked;
use super::conversion::{Conversion, ConvertedFile};
use super::emission::NativeLog;
use super::error::IngestError;
use super::events::{EventColumns, EventRows};
use super::file::Interner;
use super::formats;
use super::joined::{file_ends, ranked, sorted_ids};
use super::locate::{Located, locate, study_folder};
use super::logs::{Logs, Roster};
use super::measures::{MeasureColumns, MeasureRows};
use super::merged::Merged;
use super::number::DecimalMark;
use super::pain::{PainColumns, PainRows};
use super::plan::{LastDay, Plan};
use super::privacy::{Privacy, Pseudonyms, check_settings, hidden};
use super::program_log::SettledPrograms;
use super::reader::Reader;
use super::relations::{self, Merges, Repeats};
use super::roster::RosterColumns;
use super::rows::Checked;
use super::rules::check_ignored;
use super::scale::LoggedScale;
use super::sessions::{SessionColumns, SessionRows};
use crate::domain::{Day, PainScale};
use crate::settings::{CheckAction, CheckSeverity, Checks, FileSettings, LogKind, ScaleSetting, StudyFile};

/// Reads the logs of a study, which is a folder or the path of its `study.toml`.
///
/// # Errors
/// An [`IngestError`] where nothing trustworthy can be made of the files. A row that breaks a rule is no error: it is
/// listed in [`ReadingReport::rejected`].
pub fn read_study(path: &Path, study: &StudyFile) -> Result<Logs, IngestError> {
    read_study_as(path, study, &Asked::default())
}

/// As [`read_study`], with what the caller decides.
///
/// # Errors
/// As [`read_study`].
pub fn read_study_as(path: &Path, study: &StudyFile, asked: &Asked) -> Result<Logs, IngestError> {
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
pub fn check_study(path: &Path, study: &StudyFile, asked: &Asked) -> Result<CheckedStudy, IngestError> {
    read(path, study, asked, true, None).map(|read| read.checked)
}

/// As [`read_study_as`], handing each log in native form to `sink`.
pub(super) fn read_and_emit(path: &Path, study: &StudyFile, asked: &Asked, sink: Sink<'_>) -> Result<Conversion, IngestError> {
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

/// Reads logs that are given and not looked for.
pub(super) fn read_given(mut files: FxHashMap<LogKind, Vec<Located>>, study: &StudyFile, asked: &Asked) -> Result<Logs, IngestError> {
    let given = |kind| Ok(files.remove(&kind).unwrap_or_default());
    concealed(read_from(Path::new("memory"), study, asked, false, None, given), asked).map(|read| read.checked.logs)
}

fn read(path: &Path, study: &StudyFile, asked: &Asked, keep_going: bool, sink: Option<Sink<'_>>) -> Result<ReadStudy, IngestError> {
    let folder = study_folder(path);
    let read = if folder.exists() {
        read_from(&folder, study, asked, keep_going, sink, |kind| locate(&folder, kind, &study.reading))
    } else {
        Err(IngestError::NoSuchPath { path: folder })
    };
    concealed(read, asked)
}

/// With pseudonyms no error names a file, a column or a cell that may be an id.
fn concealed(read: Result<ReadStudy, IngestError>, asked: &Asked) -> Result<ReadStudy, IngestError> {
    if asked.pseudonyms.is_none() {
        return read;
    }
    let mut read = read.map_err(hidden)?;
    read.checked.errors = read.checked.errors.into_iter().map(hidden).collect();
    Ok(read)
}

fn read_from(
    folder: &Path,
    study: &StudyFile,
    asked: &Asked,
    keep_going: bool,
    sink: Option<Sink<'_>>,
    mut located: impl FnMut(LogKind) -> Result<Vec<Located>, IngestError>,
) -> Result<ReadStudy, IngestError> {
    let privacy = Privacy { settings: &study.reading.privacy, pseudonyms: asked.pseudonyms.as_ref() };
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
        emitted: Vec::new(),
        converted: Vec::new(),
        privacy,
        headers: Vec::new(),
    };
    for &kind in LogKind::ALL {
        let mut files = located(kind).or_else(|error| reader.failed(error).map(|()| Vec::new()))?;
        files.iter_mut().for_each(|file| file.name = privacy.shown_name(file));
        reader.files.insert(kind, files);
    }
    let mut files = std::mem::take(&mut reader.files);
    let in_order = LogKind::ALL.iter().filter_map(|&kind| files.remove(&kind).map(|located| (kind, located)));
    let mut located: Vec<(LogKind, Vec<Located>)> = in_order.collect();
    formats::name_sheets(located.iter_mut().flat_map(|(kind, files)| files.iter_mut().map(|file| (*kind, file))))
        .or_else(|error| reader.failed(error))?;
    reader.files = located.into_iter().collect();
    let session_scales = reader.session_scales();
    let scale = if reader.sink.is_some() { emit(&mut reader.files, &session_scales)? } else { None };

    let (roster, decimal) = reader.roster()?;
    let listed = !reader.files[&LogKind::Patients].is_empty() && reader.errors.is_empty();
    let known: Option<FxHashSet<String>> =
        (listed && checks.unknown_patient == CheckAction::Reject).then(|| reader.interner.ids.iter().cloned().collect());
    let checked = Checked { roster: known.as_ref(), starts: None, refused: None, cut_off, exported, privacy };

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
    let scale_of =
        |plan: &Plan| session_scales.get(&plan.file).cloned().map_or_else(|| LoggedScale::of(&FileSettings::default(), &plan.file), Ok);
    let sessions = reader.log::<SessionRows>(
        LogKind::Sessions,
        &of_sessions,
        |plan| Ok(SessionRows::new(plan, compared, scale_of(plan)?)),
        |_, _| Ok(()),
    )?;

    let (pain, pain_scale) = reader.pain(Checked { starts: rejects_early_pain.then_some(&starts), ..checked }, checks.same_day_pain)?;
    if pain_scale == PainScale::days_a_week() {
        reader.report.notes.extend(formats::fitting_definitions(&study.settings));
    }
    let events = reader.log::<EventRows>(LogKind::Events, &checked, |plan| Ok(EventRows::new(plan)), |_, _| Ok(()))?;
    let measures = reader.log::<MeasureRows>(LogKind::Measures, &checked, |plan| Ok(MeasureRows::new(plan)), |_, _| Ok(()))?;

    if reader.errors.is_empty() {
        check_settings(privacy.settings, &reader.headers).or_else(|error| reader.failed(error))?;
    }
    reader.interner.known.check()?;
    reader.hand_on();
    let mut files = std::mem::take(&mut reader.converted);
    files.iter_mut().for_each(|file| reader.interner.known.hide_columns(file));
    let scale = scale.map(|scale| reader.interner.known.in_scale(scale));
    let read = Read { roster, decimal, listed, programs, sessions, pain, events, measures, scale: pain_scale };
    Ok(ReadStudy { checked: reader.finish(folder, study, checks, read)?, files, scale })
}

/// Has all files written in native form. Pain is kept as it was logged, with its scale, unless the files have several.
fn emit(
    files: &mut FxHashMap<LogKind, Vec<Located>>,
    session_scales: &FxHashMap<String, LoggedScale>,
) -> Result<Option<ScaleSetting>, IngestError> {
    files.values_mut().flatten().for_each(|file| file.emitted = Some(1.0));
    let mut sessions = files.remove(&LogKind::Sessions).unwrap_or_default();
    let scale = emit_pain(files, &mut sessions, session_scales);
    files.insert(LogKind::Sessions, sessions);
    scale
}

fn emit_pain(
    files: &mut FxHashMap<LogKind, Vec<Located>>,
    sessions: &mut [Located],
    session_scales: &FxHashMap<String, LoggedScale>,
) -> Result<Option<ScaleSetting>, IngestError> {
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
    let same = scales.iter().all(|(scale, _)| scale.same_values(first));
    // Pain with exercise is read again on the scale of the native pain log.
    let native = if same && first.result != PainScale::days_a_week() { first.divide_by } else { 1.0 };
    for file in sessions.iter_mut() {
        file.emitted = Some(session_scales.get(&file.name).map_or(1.0, |scale| scale.divide_by) / native);
    }
    if same {
        return Ok(declared.as_ref().map(|declared| first.part(declared).clone()));
    }
    pain.iter_mut().zip(&scales).for_each(|(file, (scale, _))| file.emitted = Some(scale.divide_by));
    Ok(Some(ScaleSetting::Own { name: first.result.name.clone(), min: first.result.min, max: first.result.max }))
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
    measures: Vec<MeasureColumns>,
    scale: PainScale,
}

impl Reader<'_, '_> {
    fn finish(mut self, folder: &Path, study: &StudyFile, checks: &Checks, read: Read) -> Result<CheckedStudy, IngestError> {
        let Read { mut roster, decimal, listed, programs, mut sessions, pain, events, mut measures, scale } = read;
        let last_day = last_day(&sessions, &pain, &events, &measures);
        if let Some(pseudonyms) = self.privacy.pseudonyms {
            let change = |texts: &mut [String]| self.interner.known.in_values(texts, pseudonyms);
            sessions.iter_mut().for_each(|file| file.change_texts(change));
            measures.iter_mut().for_each(|file| file.change_texts(change));
        }
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
        let (same_day, repeated_pain, conflicts, visits) = (merged.per_file, merged.repeats, merged.conflicts, merged.visits);
        self.account_merged(LogKind::Pain, &same_day);

        let event_ends = file_ends(events.iter().map(|columns| columns.day.len()));
        let events = ranked::<EventRows>(events, &rank, self.files_of(LogKind::Events));
        let mut merged = Merged::new(&event_ends);
        let events = events.into_log(n, &mut merged);
        let (merged_events, repeated_events) = (merged.per_file, merged.repeats);
        self.account_merged(LogKind::Events, &merged_events);
        let measure_ends = file_ends(measures.iter().map(|columns| columns.day.len()));
        let measures = ranked::<MeasureRows>(measures, &rank, self.files_of(LogKind::Measures));
        let mut merged = Merged::new(&measure_ends);
        let (measures, conflicting_measures) = measures.into_log(n, &mut merged);
        let (merged_measures, repeated_measures) = (merged.per_file, merged.repeats);
        self.account_merged(LogKind::Measures, &merged_measures);
        let of_days = same_day.iter().sum::<usize>() - visits;
        let counts = [repeated.iter().sum(), of_days, conflicts.len(), merged_events.iter().sum()];
        self.report.notes.extend(relations::merge_notes(counts, checks.same_day_pain));
        self.report.notes.extend(relations::apart_notes(visits, merged_measures.iter().sum(), conflicting_measures.len()));
        let repeats = vec![
            (LogKind::Programs, repeated_programs),
            (LogKind::Sessions, repeated_sessions),
            (LogKind::Pain, repeated_pain),
            (LogKind::Events, repeated_events),
            (LogKind::Measures, repeated_measures),
        ];
        let merges = Merges { repeats, conflicts, conflicting_measures };
        let first_program_file = self.files_of(LogKind::Programs).next().unwrap_or_default();
        let programs = programs.into_log(&rank, first_program_file);
        let places = roster.places(&rank);
        if let Some(pseudonyms) = self.privacy.pseudonyms {
            roster.each_column(|values| self.interner.known.in_values(values, pseudonyms));
        }
        let mut covariates = roster.into_covariates(decimal, &rank);
        covariates.iter_mut().for_each(|covariate| covariate.name = self.interner.known.in_column(&covariate.name));
        self.check_balance()?;
        let name = study.settings.study.name.clone().filter(|name| !name.trim().is_empty());
        let name = name.unwrap_or_else(|| folder_name(folder));
        self.privacy.note(&mut self.report);
        let known = self.interner.known;
        let mut logs = Logs {
            study_name: known.in_name(&name),
            pseudonym_key: self.privacy.pseudonyms.map(Pseudonyms::fingerprint),
            patients: Roster { ids, listed, places, covariates },
            pain,
            sessions,
            programs,
            events,
            measures,
            scale: PainScale { name: known.in_text(&scale.name), ..scale },
            cut_off: self.cut_off.unwrap_or(last_day),
            cut_off_declared: self.cut_off.is_some(),
            reading: self.report,
            input_hash: format!("{:016x}", self.privacy.content_hash(self.hasher.digest())),
            settings: known.in_settings(&study.settings),
        };
        // Of logs that miss a part nothing can be said about the parts together.
        let mut found = if self.errors.is_empty() {
            relations::findings(&logs, checks, &merges, &known)
        } else {
            // Ids written in another way may be why a log has no row that can be used.
            relations::unknown_ids(&logs, &known)
        };
        found.splice(0..0, std::mem::take(&mut logs.reading.findings));
        logs.reading.findings = found;
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
fn last_day(sessions: &[SessionColumns], pain: &[PainColumns], events: &[EventColumns], measures: &[MeasureColumns]) -> Day {
    let days = sessions
        .iter()
        .map(|columns| &columns.day)
        .chain(pain.iter().map(|columns| &columns.day))
        .chain(events.iter().map(|columns| &columns.day))
        .chain(measures.iter().map(|columns| &columns.day));
    Day(days.flatten().copied().max().unwrap_or_default())
}

fn folder_name(folder: &Path) -> String {
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    full.file_name().map_or_else(|| "study".to_owned(), |name| name.to_string_lossy().into_owned())
}
