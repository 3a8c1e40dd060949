//! The file that holds the key of pseudonyms.

use std::io::ErrorKind;
use std::path::Path;

use crate::ingest::error::IngestError;

/// A key shorter than this can be guessed.
const LEAST_BYTES: usize = 16;
/// A file longer than this is no key.
const MOST_BYTES: u64 = 65_536;

const MAKE: &str = "Make a key with `head -c 32 /dev/urandom | base64 > clinic.key` (Windows PowerShell: `$b = New-Object byte[] 32; \
    [Security.Cryptography.RandomNumberGenerator]::Create().GetBytes($b); [Convert]::ToBase64String($b) | Out-File -Encoding ascii clinic.key`), \
    keep it outside of the study folder, and do not lose it: only the same key gives the same pseudonyms.";

fn error(problem: String, fix: &str) -> IngestError {
    IngestError::Key { problem, fix: fix.to_owned() }
}

/// The bytes of a key file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, IngestError> {
    let shown = path.display();
    let metadata = std::fs::metadata(path).map_err(|problem| unreadable(path, &problem))?;
    if metadata.is_dir() {
        return Err(error(format!("{shown} is a folder, not a file with a key"), MAKE));
    }
    if metadata.len() > MOST_BYTES {
        return Err(error(format!("{shown} has {} bytes and is no key", metadata.len()), MAKE));
    }
    let key = std::fs::read(path).map_err(|problem| unreadable(path, &problem))?;
    match trimmed(&key).len() {
        0 => Err(error(format!("{shown} is empty"), MAKE)),
        length if length < LEAST_BYTES => {
            Err(error(format!("the key in {shown} has {length} bytes; it needs at least {LEAST_BYTES}, or it can be guessed"), MAKE))
        }
        _ => Ok(key),
    }
}

/// A key without the line end at its end, if it is long enough.
pub(super) fn checked(key: &[u8]) -> Result<&[u8], IngestError> {
    let key = trimmed(key);
    if key.len() < LEAST_BYTES {
        return Err(error(format!("the key has {} bytes; it needs at least {LEAST_BYTES}, or it can be guessed", key.len()), MAKE));
    }
    Ok(key)
}

pub(super) fn unusable() -> IngestError {
    error("the key cannot be used".to_owned(), MAKE)
}

fn trimmed(key: &[u8]) -> &[u8] {
    let key = key.strip_suffix(b"\n").unwrap_or(key);
    key.strip_suffix(b"\r").unwrap_or(key)
}

fn unreadable(path: &Path, problem: &std::io::Error) -> IngestError {
    let shown = path.display();
    match problem.kind() {
        ErrorKind::NotFound => error(format!("there is no key file {shown}"), MAKE),
        ErrorKind::PermissionDenied => {
            error(format!("{shown} could not be read: permission was denied"), "Ask its owner for permission to read it.")
        }
        _ => error(format!("{shown} could not be read: {problem}"), "Give --pseudonymize the path of a file with a key."),
    }
}

/// Whether a file lies in a folder or below it.
pub(super) fn lies_in(path: &Path, folder: &Path) -> bool {
    let (Ok(path), Ok(folder)) = (path.canonicalize(), folder.canonicalize()) else { return false };
    let folder = if folder.is_file() { folder.parent().map(Path::to_owned).unwrap_or_default() } else { folder };
    path.starts_with(folder)
}
