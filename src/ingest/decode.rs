//! Bytes to text: UTF-8 where it is UTF-8, else Windows-1252; UTF-16 by its byte-order mark.
//!
//! A file some lines of which are UTF-8 with letters beyond ASCII, and others are no UTF-8 at all, is damaged or was put
//! together from two: it stays UTF-8, and what is none of it is replaced by U+FFFD, for the rows concerned to be rejected.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// How a file's bytes are read as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// UTF-8 with other bytes in it.
    Mixed,
    Windows1252,
    Utf16,
}

impl Encoding {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Mixed => "UTF-8 and other bytes",
            Self::Windows1252 => "Windows-1252",
            Self::Utf16 => "UTF-16",
        }
    }
}

/// The text of a block; `None` if it is not UTF-8 and no other encoding has been settled.
pub(super) fn text(bytes: &[u8], encoding: Encoding) -> Option<Cow<'_, str>> {
    match encoding {
        Encoding::Mixed => Some(String::from_utf8_lossy(bytes)),
        Encoding::Windows1252 => Some(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0),
        Encoding::Utf8 | Encoding::Utf16 => simdutf8::basic::from_utf8(bytes).ok().map(Cow::Borrowed),
    }
}

/// A file that can be read more than once from any place; UTF-16 is held as UTF-8.
pub(super) enum Source {
    Disk(PathBuf),
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

pub(super) fn open(path: &Path) -> io::Result<Opened> {
    // A pipe can be read once only.
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(held(bytes));
    }
    let kind = std::fs::metadata(path)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        return Ok(held(std::fs::read(path)?));
    }
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    if utf16(&head).is_some() {
        return Ok(held(std::fs::read(path)?));
    }
    let whole = (head.len() as u64) < HEAD_BYTES;
    let mark = mark(&head);
    head.drain(..mark);
    Ok(Opened { source: Source::Disk(path.to_owned()), encoding: encoding(&head, whole), mark, head, whole })
}

/// Text made by this program: UTF-8 without a mark.
pub(super) fn held_text(text: Vec<u8>) -> Opened {
    let head = text[..text.len().min(HEAD_BYTES as usize)].to_vec();
    let whole = head.len() == text.len();
    Opened { source: Source::Memory(text), encoding: Encoding::Utf8, mark: 0, head, whole }
}

/// A file in memory, UTF-16 as UTF-8.
pub(super) fn held(mut bytes: Vec<u8>) -> Opened {
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
    Opened { source: Source::Memory(bytes), encoding, mark: 0, head, whole }
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
    /// How a file is read that is not UTF-8 throughout.
    pub fn without_utf8(&self) -> io::Result<Encoding> {
        let mut lines = BufReader::new(self.from(0)?);
        let mut line = Vec::new();
        loop {
            line.clear();
            if lines.read_until(b'\n', &mut line)? == 0 {
                return Ok(Encoding::Windows1252);
            }
            let mut pieces = line.split(|&byte| byte == b'\r');
            if pieces.any(|piece| !piece.is_ascii() && simdutf8::basic::from_utf8(piece).is_ok()) {
                return Ok(Encoding::Mixed);
            }
        }
    }

    /// Everything from byte `offset` (counted after the byte-order mark) on.
    pub fn from(&self, offset: usize) -> io::Result<Box<dyn Read + Send + '_>> {
        match &self.source {
            Source::Disk(path) => {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start((self.mark + offset) as u64))?;
                Ok(Box::new(file))
            }
            Source::Memory(text) => Ok(Box::new(Cursor::new(text.get(offset..).unwrap_or_default()))),
        }
    }
}
