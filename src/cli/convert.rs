//! `staywell convert STUDY --out DIR`: the logs in native form, and what was assumed of theirs.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::error::{CliError, Outcome};
use super::inputs::refuse_names;
use super::options::StudyOptions;
use super::output::{Folder, cannot_write, print, print_json};
use super::printable::printable;
use super::progress::Progress;
use super::study::{open, outcome};
use crate::ingest::{Conversion, ConvertedFile, FORMATS, NativeLog, convert_study, native_file, study_files};
use crate::report::write_rejected;
use crate::settings::{LogKind, written};

const AFTER: &str = "\
Example:
  staywell convert clinic.xlsx --out study

STUDY may be a folder, a study.toml or a workbook with a sheet per log. DIR then holds sessions.csv, pain.csv and the other logs there
are, with native column names, ISO dates and decimal points, a study.toml with the definitions as they were, and rejected.csv with every
row that was not carried. Rows are those accepted, as logged: duplicates are merged again when they are read. Times of day stay beside
their dates; columns that mean nothing to staywell, or look personal, are not carried, but named. With --pseudonymize the files name
patients by pseudonym; texts, such as names of exercises, are carried as they are but for ids in them. A cell that begins with = + - @
stays as it is, since these files are for programs to read; when you open one in a spreadsheet, import such columns as text.";

/// The help with every format there is.
fn after_help() -> String {
    let formats: Vec<String> =
        FORMATS.iter().map(|format| format!("  {}: {}; read: {}", format.name, format.looks_like, format.read_as)).collect();
    format!("{AFTER}\n\nFormats, told by content:\n{}", formats.join("\n"))
}

#[derive(Debug, clap::Args)]
#[command(after_help = after_help())]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyOptions,
    /// Folder to write into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write into the folder even if it is not empty
    #[arg(long)]
    force: bool,
    /// How the account is printed
    #[arg(long, value_enum, default_value_t = AccountFormat::Table)]
    format: AccountFormat,
}

/// Forms of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum AccountFormat {
    /// For reading
    Table,
    /// For programs
    Json,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let (folder, file, asked) = open(&args.study)?;
    refuse_inputs(args, &folder)?;
    let is_new = !args.out.exists();
    let out = Folder::create_new(&args.out, args.force)?;
    let mut parts = Parts { folder: &args.out, written: Vec::new(), failed: None, is_new };
    let conversion = {
        let _progress = Progress::start(args.study.quiet.quiet, "reading the logs");
        convert_study(&folder, &file, &asked, &mut |log| parts.take(&log))?
    };
    if let Some(error) = parts.failed.take() {
        return Err(error);
    }
    parts.refuse_strangers()?;
    let mut settings = conversion.logs.settings.clone();
    settings.study.name = Some(conversion.logs.study_name.clone());
    let toml = written(&settings, &file.reading.checks, &conversion.kept(), conversion.scale.as_ref()).map_err(CliError::Usage)?;
    let written = parts.finish()?;
    out.write("study.toml", toml.as_bytes())?;
    out.write_with("rejected.csv", |out| Ok(write_rejected(&conversion.logs.reading, out)?))?;
    match args.format {
        AccountFormat::Table => print(&account(&conversion, &written, &args.out))?,
        AccountFormat::Json => print_json(&account_json(&conversion, &written))?,
    }
    Ok(outcome(&args.study, &conversion.logs.reading))
}

const WRITTEN: [&str; 8] =
    ["patients.csv", "programs.csv", "sessions.csv", "pain.csv", "events.csv", "measures.csv", "study.toml", "rejected.csv"];

/// Nothing that is read may be written over.
fn refuse_inputs(args: &Args, folder: &Path) -> Result<(), CliError> {
    let real = |path: &Path| path.canonicalize().ok();
    let Some(out) = real(&args.out) else { return Ok(()) };
    let config = args.study.config.as_deref();
    let files = study_files(&args.study.study, config);
    let beside = files
        .iter()
        .filter(|path| Some(path.as_path()) != config)
        .any(|path| path.parent().and_then(real).is_some_and(|parent| parent == out));
    if beside || real(folder).is_some_and(|folder| folder == out) {
        return Err(CliError::WouldReplaceInput { path: args.out.clone() });
    }
    refuse_names(&args.out, &WRITTEN)
}

/// Logs written under other names until all are there, so that a study that cannot be read leaves nothing behind.
struct Parts<'a> {
    folder: &'a Path,
    written: Vec<(LogKind, usize)>,
    failed: Option<CliError>,
    is_new: bool,
}

impl Parts<'_> {
    fn part(&self, kind: LogKind) -> PathBuf {
        self.folder.join(format!("{}.csv.part", kind.as_str()))
    }

    fn take(&mut self, log: &NativeLog) {
        if self.failed.is_some() {
            return;
        }
        let path = self.part(log.kind);
        self.written.push((log.kind, log.rows));
        if let Err(error) = File::create(&path).and_then(|mut file| file.write_all(&log.text)) {
            self.failed = Some(cannot_write(&path, &error));
        }
    }

    /// A log of a native name that this study does not have would be read as part of it.
    fn refuse_strangers(&self) -> Result<(), CliError> {
        for &kind in LogKind::ALL {
            let ours = self.written.iter().any(|(written, _)| *written == kind);
            if !ours && let Some(stranger) = native_file(self.folder, kind) {
                return Err(CliError::Usage(format!(
                    "{} is there and would be read as part of the study, which has no {}; remove it",
                    stranger.display(),
                    kind.as_str()
                )));
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<(LogKind, usize)>, CliError> {
        let written = std::mem::take(&mut self.written);
        for (place, &(kind, _)) in written.iter().enumerate() {
            let path = self.folder.join(format!("{}.csv", kind.as_str()));
            if let Err(error) = fs::rename(self.part(kind), &path) {
                self.written = written[place..].to_vec();
                return Err(cannot_write(&path, &error));
            }
        }
        self.is_new = false;
        Ok(written)
    }
}

impl Drop for Parts<'_> {
    fn drop(&mut self) {
        for &(kind, _) in &self.written {
            let _ = fs::remove_file(self.part(kind));
        }
        if self.is_new {
            let _ = fs::remove_dir(self.folder);
        }
    }
}

/// What was written, and what was assumed of each file.
fn account(conversion: &Conversion, written: &[(LogKind, usize)], out: &Path) -> String {
    let reading = &conversion.logs.reading;
    let logs: Vec<String> = written.iter().map(|(kind, rows)| format!("{}.csv ({})", kind.as_str(), counted(*rows))).collect();
    let mut text = format!("Wrote {}, study.toml and rejected.csv into {}.\n", logs.join(", "), out.display());
    for account in &reading.files {
        let left = [
            (account.rejected, "rejected"),
            (account.filtered, "left out by the filter"),
            (account.merged, "to be merged again as duplicates"),
        ];
        let left: Vec<String> = left.iter().filter(|(rows, _)| *rows > 0).map(|(rows, how)| format!("{rows} {how}")).collect();
        let left = if left.is_empty() { String::new() } else { format!(", {}", left.join(", ")) };
        text +=
            &format!("\n{} → {}.csv: {} read{left}\n  {}\n", account.file, account.kind.as_str(), counted(account.read), account.layout);
        if let Some(file) = conversion.files.iter().find(|file| file.file == account.file && file.kind == account.kind) {
            text += &columns(file);
        }
    }
    if let Some(scale) = &conversion.scale {
        text += &format!("\nPain is on the scale {}; study.toml says so.\n", serde_json::to_string(scale).unwrap_or_default());
    }
    if !reading.notes.is_empty() {
        text += "\nNotes\n";
        text.extend(reading.notes.iter().map(|note| format!("  {note}\n")));
    }
    let rejected = reading.rows_rejected();
    if rejected > 0 {
        text += &format!("\n{} rejected; rejected.csv says where and why.\n", counted(rejected));
    }
    text.lines().map(|line| printable(line).into_owned() + "\n").collect()
}

fn columns(file: &ConvertedFile) -> String {
    let mut text = String::new();
    if let Some(patient) = &file.patient {
        text += &format!("  all rows are of patient {patient}\n");
    }
    if !file.renamed.is_empty() {
        let renamed: Vec<String> = file.renamed.iter().map(|(theirs, native)| format!("{theirs} → {native}")).collect();
        text += &format!("  columns renamed: {}\n", renamed.join(", ").replace('\n', " "));
    }
    if !file.not_carried.is_empty() {
        text += &format!("  columns not carried: {}\n", file.not_carried.join(", ").replace('\n', " "));
    }
    text
}

fn counted(rows: usize) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

fn account_json(conversion: &Conversion, written: &[(LogKind, usize)]) -> serde_json::Value {
    let reading = &conversion.logs.reading;
    let logs: Vec<_> = written.iter().map(|(kind, rows)| json!({ "file": format!("{}.csv", kind.as_str()), "rows": rows })).collect();
    json!({
        "staywell": env!("CARGO_PKG_VERSION"),
        "study": conversion.logs.study_name,
        "input_hash": conversion.logs.input_hash,
        "written": logs,
        "files": reading.files,
        "columns": conversion.files,
        "scale": conversion.scale,
        "notes": reading.notes,
        "rejected": reading.rows_rejected(),
    })
}
