//! Files that a command reads. None of them may be replaced by its result.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::CliError;
use crate::ingest::study_files;

/// Refuses an output file that this command reads.
pub(super) fn refuse_file(out: &Path) -> Result<(), CliError> {
    refuse(out.to_owned(), &inputs())
}

/// Refuses a folder in which one of these names, which are to be written, is a file this command reads. A name that ends in `/` stands
/// for all that is in that folder.
pub(super) fn refuse_names(folder: &Path, names: &[&str]) -> Result<(), CliError> {
    let inputs = inputs();
    for name in names {
        let path = folder.join(name);
        if name.ends_with('/') {
            let entries = fs::read_dir(&path).into_iter().flatten().filter_map(Result::ok);
            entries.map(|entry| entry.path()).try_for_each(|path| refuse(path, &inputs))?;
        } else {
            refuse(path, &inputs)?;
        }
    }
    Ok(())
}

fn refuse(out: PathBuf, inputs: &[PathBuf]) -> Result<(), CliError> {
    let Ok(target) = fs::metadata(&out) else { return Ok(()) };
    let is_input = inputs.iter().any(|path| fs::metadata(path).is_ok_and(|read| is_same_file(&read, path, &target, &out)));
    if is_input { Err(CliError::WouldReplaceInput { path: out }) } else { Ok(()) }
}

/// The values of --data, --config and --pseudonymize, and the files of a study that is named.
fn inputs() -> Vec<PathBuf> {
    let (mut named, mut others) = (Vec::new(), Vec::new());
    let mut config = None;
    let mut before = OsString::new();
    for argument in std::env::args_os().skip(1) {
        let text = argument.to_string_lossy().into_owned();
        let (option, value) = match text.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option.to_owned(), OsString::from(value)),
            _ => (std::mem::replace(&mut before, argument.clone()).to_string_lossy().into_owned(), argument),
        };
        let path = PathBuf::from(if value == "-" { OsString::from("/dev/stdin") } else { value });
        match option.as_str() {
            "--out" => {}
            "--data" | "--pseudonymize" => named.push(path),
            "--config" => {
                config = Some(path.clone());
                named.push(path);
            }
            _ => others.push(path),
        }
    }
    named.extend(others.iter().flat_map(|study| study_files(study, config.as_deref())));
    named
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
