//! Standard output, files and folders. A broken pipe is success; an output that cannot be written fails before the work.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::error::CliError;
use super::hint_lines::hint_lines;
use super::inputs::{refuse_file, refuse_names};
use super::options::{Format, OutputOptions};
use super::printable::printable;
use crate::report::{CommandReport, ReportError, render, write_json};

/// Prints to standard output.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    print_with(|out| Ok(out.write_all(text.as_bytes())?))
}

/// Prints indented JSON.
pub(super) fn print_json(json: &impl Serialize) -> Result<(), CliError> {
    print_with(|out| Ok(write_json(json, out)?))
}

/// Prints what may be large without holding it.
fn print_with(content: impl FnOnce(&mut dyn Write) -> Result<(), ReportError>) -> Result<(), CliError> {
    buffered(io::stdout().lock(), content).map_err(|error| match error {
        ReportError::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => CliError::BrokenPipe,
        ReportError::Output(error) => CliError::StandardOutput { problem: error.to_string() },
        error => error.into(),
    })
}

/// Writes in large pieces; of what failed nothing more.
fn buffered(out: impl Write, content: impl FnOnce(&mut dyn Write) -> Result<(), ReportError>) -> Result<(), ReportError> {
    let mut buffer = BufWriter::with_capacity(1 << 16, out);
    let done = content(&mut buffer).and_then(|()| Ok(buffer.flush()?));
    if done.is_err() {
        let _ = buffer.into_parts();
    }
    done
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
        refuse_file(&path)?;
        let is_new = fs::symlink_metadata(&path).is_err();
        let opened = fs::OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let file = opened.map_err(|error| cannot_write(&path, &error))?;
        Ok(Self { file: Some(Opened { path, file, is_new, written: false }) })
    }

    pub(super) fn write(self, text: &str) -> Result<(), CliError> {
        self.write_with(|out| Ok(out.write_all(text.as_bytes())?))
    }

    /// Writes what may be large without holding it.
    fn write_with(self, content: impl FnOnce(&mut dyn Write) -> Result<(), ReportError>) -> Result<(), CliError> {
        let Some(mut opened) = self.file else { return print_with(content) };
        let done = buffered(&mut opened, content).and_then(|()| Ok(opened.empty()?));
        done.map_err(|error| not_written(&opened.path, error))
    }
}

impl Opened {
    /// What was in the file goes once there is something to write. What is no file on a disk, such as a pipe, has no length to set.
    fn empty(&mut self) -> io::Result<()> {
        let begun = std::mem::replace(&mut self.written, true);
        if !begun && self.file.metadata().is_ok_and(|metadata| metadata.is_file()) { self.file.set_len(0) } else { Ok(()) }
    }
}

impl Write for Opened {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.empty()?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        if self.is_new && !self.written {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Prints a command's result in the form asked for.
pub(super) fn deliver(result: &CommandReport<'_>, options: &OutputOptions, destination: Destination) -> Result<(), CliError> {
    match options.format {
        Format::Table => destination.write(&render::terminal(&result.document, if options.out.is_some() { 80 } else { width() })),
        Format::Json => destination.write_with(|out| result.write_json(out)),
        Format::Csv => destination.write_with(|out| result.write_csv(out)),
    }
}

/// A folder to write into, created first, so that a bad path fails before the work.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Creates the folder and tries that it can be written to, unless one of the names that will be written is a file this command
    /// reads; a name that ends in `/` stands for all that is in that folder.
    pub(super) fn create(path: &Path, names: &[&str]) -> Result<Self, CliError> {
        refuse_names(path, names)?;
        Self::writable(path)
    }

    /// Creates the folder, but only if it holds nothing yet.
    pub(super) fn create_new(path: &Path, force: bool) -> Result<Self, CliError> {
        let holds_something = fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some());
        if holds_something && !force {
            return Err(CliError::WouldOverwrite { path: path.to_owned() });
        }
        Self::writable(path)
    }

    fn writable(path: &Path) -> Result<Self, CliError> {
        fs::create_dir_all(path).map_err(|error| cannot_write(path, &error))?;
        let probe = path.join(".staywell-write-test");
        fs::write(&probe, b"").map_err(|error| cannot_write(path, &error))?;
        let _ = fs::remove_file(probe);
        Ok(Self { path: path.to_owned() })
    }

    /// Writes one file; `name` may hold a folder (`figures/pain.svg`).
    pub(super) fn write(&self, name: &str, content: &[u8]) -> Result<(), CliError> {
        self.write_with(name, |out| Ok(out.write_all(content)?))
    }

    /// Writes one file that may be large without holding it.
    pub(super) fn write_with(&self, name: &str, content: impl FnOnce(&mut dyn Write) -> Result<(), ReportError>) -> Result<(), CliError> {
        let path = self.path.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| cannot_write(parent, &error))?;
        }
        let file = fs::File::create(&path).map_err(|error| cannot_write(&path, &error))?;
        buffered(file, content).map_err(|error| not_written(&path, error))
    }

    /// Writes one file of indented JSON.
    pub(super) fn write_json(&self, name: &str, json: &impl Serialize) -> Result<(), CliError> {
        self.write_with(name, |out| Ok(write_json(json, out)?))
    }

    /// The folder's path as given.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Why a result could not be written to a path.
fn not_written(path: &Path, error: ReportError) -> CliError {
    match error {
        ReportError::Output(error) => cannot_write(path, &error),
        error => error.into(),
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
