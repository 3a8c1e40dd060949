//! Standard output, files and folders. A broken pipe is success; an output that cannot be written fails before the work.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::error::CliError;
use super::hint_lines::hint_lines;
use super::options::{Format, OutputOptions};
use super::printable::printable;
use crate::report::CommandReport;
use crate::report::render;

/// Prints to standard output.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => CliError::BrokenPipe,
        _ => CliError::StandardOutput { problem: error.to_string() },
    })
}

/// Prints a note to standard error. Nobody reading it is no failure.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Prints an error and its hint. Cells of a file may stand in both, so nothing but a mistake in study.toml, shown with its place, has lines.
pub(super) fn print_error(error: &CliError) {
    let label = if colour_wanted(io::stderr().is_terminal()) { "\u{1b}[1;31merror:\u{1b}[0m" } else { "error:" };
    let text = error.to_string();
    let shown = |line: &str| printable(line).into_owned();
    let text = if error.has_lines() { text.lines().map(shown).collect::<Vec<_>>().join("\n") } else { shown(&text) };
    note(&format!("{label} {text}"));
    if let Some(hint) = error.hint() {
        for line in hint_lines(&hint) {
            note(&format!("  {}", printable(line)));
        }
    }
}

/// Colours only on a terminal, and never when `NO_COLOR` is set.
pub(super) fn colour_wanted(terminal: bool) -> bool {
    terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Width of the terminal in columns, 80 in a pipe.
pub(super) fn width() -> usize {
    comfy_table_width().unwrap_or(80).clamp(60, 110)
}

fn comfy_table_width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    comfy_table::Table::new().width().map(usize::from)
}

/// A file that is written once the result is there; opened first, so that a bad path fails before the work, and left as it was if the
/// work fails.
pub(super) struct Destination {
    file: Option<Opened>,
}

struct Opened {
    path: PathBuf,
    file: fs::File,
    is_new: bool,
    written: bool,
}

impl Destination {
    pub(super) fn open(options: &OutputOptions) -> Result<Self, CliError> {
        let Some(path) = options.out.clone() else { return Ok(Self { file: None }) };
        if is_input(&path) {
            return Err(CliError::WouldReplaceInput { path });
        }
        let is_new = fs::symlink_metadata(&path).is_err();
        let opened = fs::OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let file = opened.map_err(|error| cannot_write(&path, &error))?;
        Ok(Self { file: Some(Opened { path, file, is_new, written: false }) })
    }

    pub(super) fn write(mut self, text: &str) -> Result<(), CliError> {
        match &mut self.file {
            None => print(text),
            Some(opened) => {
                // What is no file on a disk, such as a pipe, has no length to set.
                let is_file = opened.file.metadata().is_ok_and(|metadata| metadata.is_file());
                let emptied = if is_file { opened.file.set_len(0) } else { Ok(()) };
                opened.written = true;
                emptied.and_then(|()| opened.file.write_all(text.as_bytes())).map_err(|error| cannot_write(&opened.path, &error))
            }
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        if self.is_new && !self.written {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether a file to write is one this command reads: the value of --data, --config or --pseudonymize, or a file of the study that is named.
fn is_input(out: &Path) -> bool {
    let Ok(target) = fs::metadata(out) else { return false };
    let mut before = String::new();
    for argument in std::env::args_os().skip(1) {
        let text = argument.to_string_lossy().into_owned();
        let (option, value) = match text.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option.to_owned(), value.to_owned()),
            _ => (std::mem::replace(&mut before, text.clone()), text),
        };
        let named = PathBuf::from(if value == "-" { "/dev/stdin" } else { &value });
        let read = match option.as_str() {
            "--data" | "--config" | "--pseudonymize" => vec![named],
            "--out" => vec![],
            _ => crate::ingest::study_files(&named),
        };
        if read.iter().any(|path| fs::metadata(path).is_ok_and(|read| is_same_file(&read, path, &target, out))) {
            return true;
        }
    }
    false
}

/// Links and spellings of one file are one file.
#[cfg(unix)]
fn is_same_file(one: &fs::Metadata, _: &Path, other: &fs::Metadata, _: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    other.is_file() && (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same_file(_: &fs::Metadata, one: &Path, target: &fs::Metadata, other: &Path) -> bool {
    target.is_file() && one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// Prints a command's result in the form asked for.
pub(super) fn deliver(result: &CommandReport, options: &OutputOptions, destination: Destination) -> Result<(), CliError> {
    let text = match options.format {
        Format::Table => render::terminal(&result.document, if options.out.is_some() { 80 } else { width() }),
        Format::Json => json_text(&result.json),
        Format::Csv => crate::report::csv_text(&result.csv),
    };
    destination.write(&text)
}

/// Indented JSON with a final newline.
pub(super) fn json_text(json: &serde_json::Value) -> String {
    format!("{json:#}\n")
}

/// A folder to write into, created first, so that a bad path fails before the work.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Creates the folder and tries that it can be written to.
    pub(super) fn create(path: &Path) -> Result<Self, CliError> {
        fs::create_dir_all(path).map_err(|error| cannot_write(path, &error))?;
        let probe = path.join(".staywell-write-test");
        fs::write(&probe, b"").map_err(|error| cannot_write(path, &error))?;
        let _ = fs::remove_file(probe);
        Ok(Self { path: path.to_owned() })
    }

    /// The same, but only if it holds nothing yet.
    pub(super) fn create_new(path: &Path, force: bool) -> Result<Self, CliError> {
        let holds_something = fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some());
        if holds_something && !force {
            return Err(CliError::WouldOverwrite { path: path.to_owned() });
        }
        Self::create(path)
    }

    /// Writes one file; `name` may hold a folder (`figures/pain.svg`).
    pub(super) fn write(&self, name: &str, content: &[u8]) -> Result<(), CliError> {
        let path = self.path.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| cannot_write(parent, &error))?;
        }
        fs::write(&path, content).map_err(|error| cannot_write(&path, &error))
    }

    /// The folder's path as given.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Why a path could not be written.
pub(super) fn cannot_write(path: &Path, error: &io::Error) -> CliError {
    let problem = match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "a file of that name is in the way".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    };
    CliError::Write { path: path.to_owned(), problem }
}
