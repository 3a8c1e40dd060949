//! Bytes to text: UTF-8 where it is UTF-8, else Windows-1252; UTF-16 by its byte-order mark.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::formats::gzip;

/// How a file's bytes are read as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Windows1252,
    Utf16,
}

impl Encoding {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Windows1252 => "Windows-1252",
            Self::Utf16 => "UTF-16",
        }
    }
}

/// The text of a block; `None` if it is not UTF-8 and no other encoding has been settled.
pub(super) fn text(bytes: &[u8], encoding: Encoding) -> Option<Cow<'_, str>> {
    match encoding {
        Encoding::Windows1252 => Some(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0),
        Encoding::Utf8 | Encoding::Utf16 => simdutf8::basic::from_utf8(bytes).ok().map(Cow::Borrowed),
    }
}

/// A file that can be read more than once from any place; UTF-16 is held as UTF-8.
pub(super) enum Source {
    Disk(PathBuf),
    /// Packed with gzip; unpacked from its start for each way through.
    Gzip(PathBuf),
    Memory(Vec<u8>),
}

/// The start of a file and how to read on.
pub(super) struct Opened {
    pub source: Source,
    pub encoding: Encoding,
    /// Bytes of the byte-order mark.
    pub mark: usize,
    /// The first bytes after the mark.
    pub head: Vec<u8>,
    /// Whether `head` is the whole file.
    pub whole: bool,
}

/// How much of a file is looked at to settle its layout.
const HEAD_BYTES: u64 = 1 << 20;

/// How a file packed with gzip begins.
const GZIP: &[u8] = b"\x1F\x8B";

pub(super) fn open(path: &Path) -> io::Result<Opened> {
    // A pipe can be read once only.
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        return held(bytes);
    }
    let kind = std::fs::metadata(path)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        return held(std::fs::read(path)?);
    }
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    let packed = head.starts_with(GZIP);
    if packed {
        head.clear();
        gzip::reader(path, 0)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    }
    if utf16(&head).is_some() {
        return held(std::fs::read(path)?);
    }
    let whole = (head.len() as u64) < HEAD_BYTES;
    let mark = mark(&head);
    head.drain(..mark);
    let source = if packed { Source::Gzip(path.to_owned()) } else { Source::Disk(path.to_owned()) };
    Ok(Opened { source, encoding: encoding(&head, whole), mark, head, whole })
}

/// Text made by this program: UTF-8 without a mark.
pub(super) fn held_text(text: Vec<u8>) -> Opened {
    let head = text[..text.len().min(HEAD_BYTES as usize)].to_vec();
    let whole = head.len() == text.len();
    Opened { source: Source::Memory(text), encoding: Encoding::Utf8, mark: 0, head, whole }
}

/// A file in memory, unpacked, UTF-16 as UTF-8.
fn held(mut bytes: Vec<u8>) -> io::Result<Opened> {
    if bytes.starts_with(GZIP) {
        bytes = gzip::unpacked(&bytes)?;
    }
    let mut settled = None;
    if let Some(encoding) = utf16(&bytes) {
        bytes = encoding.decode_with_bom_removal(&bytes).0.into_owned().into_bytes();
        settled = Some(Encoding::Utf16);
    } else {
        bytes.drain(..mark(&bytes));
    }
    let head = bytes[..bytes.len().min(HEAD_BYTES as usize)].to_vec();
    let whole = head.len() == bytes.len();
    let encoding = settled.unwrap_or_else(|| encoding(&head, whole));
    Ok(Opened { source: Source::Memory(bytes), encoding, mark: 0, head, whole })
}

fn utf16(head: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    match head.get(..2) {
        Some([0xFF, 0xFE]) => Some(encoding_rs::UTF_16LE),
        Some([0xFE, 0xFF]) => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// Bytes of the UTF-8 byte-order mark, if there is one.
fn mark(head: &[u8]) -> usize {
    if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }
}

fn encoding(head: &[u8], whole: bool) -> Encoding {
    // A character may be cut in two at the end of the head; the last line end is a safe place.
    let sure = if whole { head.len() } else { memchr::memrchr(b'\n', head).unwrap_or(0) };
    if text(&head[..sure], Encoding::Utf8).is_some() { Encoding::Utf8 } else { Encoding::Windows1252 }
}

impl Opened {
    /// Everything from byte `offset` (counted after the byte-order mark) on.
    pub fn from(&self, offset: usize) -> io::Result<Box<dyn Read + Send + '_>> {
        match &self.source {
            Source::Disk(path) => {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start((self.mark + offset) as u64))?;
                Ok(Box::new(file))
            }
            Source::Gzip(path) => Ok(Box::new(gzip::reader(path, (self.mark + offset) as u64)?)),
            Source::Memory(text) => Ok(Box::new(Cursor::new(text.get(offset..).unwrap_or_default()))),
        }
    }
}
