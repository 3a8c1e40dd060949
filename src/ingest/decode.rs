//! Bytes to text: UTF-8 where it is UTF-8, else Windows-1252; UTF-16 by its byte-order mark or its pattern of zero bytes.
//!
//! A file some lines of which are UTF-8 with letters beyond ASCII, and others are no UTF-8 at all, is damaged or was put
//! together from two: it stays UTF-8, and what is none of it is replaced by U+FFFD, for the rows concerned to be rejected.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::blocks::count_lines;
use super::formats::gzip;

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
    /// What decoding had to assume or give up, as sentences without the file's name.
    pub remarks: Vec<&'static str>,
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
    if utf16(&head).is_some() || utf16_unmarked(&head).is_some() {
        return held(std::fs::read(path)?);
    }
    let whole = (head.len() as u64) < HEAD_BYTES;
    let mark = mark(&head);
    head.drain(..mark);
    let source = if packed { Source::Gzip(path.to_owned()) } else { Source::Disk(path.to_owned()) };
    Ok(Opened { source, encoding: encoding(&head, whole), mark, head, whole, remarks: Vec::new() })
}

/// Text made by this program: UTF-8 without a mark.
pub(super) fn held_text(text: Vec<u8>) -> Opened {
    let head = text[..text.len().min(HEAD_BYTES as usize)].to_vec();
    let whole = head.len() == text.len();
    Opened { source: Source::Memory(text), encoding: Encoding::Utf8, mark: 0, head, whole, remarks: Vec::new() }
}

/// A file in memory, unpacked, UTF-16 as UTF-8.
pub(super) fn held(mut bytes: Vec<u8>) -> io::Result<Opened> {
    if bytes.starts_with(GZIP) {
        bytes = gzip::unpacked(&bytes)?;
    }
    let (mut settled, mut remarks) = (None, Vec::new());
    let marked = utf16(&bytes);
    let unmarked = if marked.is_none() { utf16_unmarked(&bytes) } else { None };
    if unmarked.is_some() {
        remarks.push("has no byte-order mark and was read as UTF-16 by its pattern of zero bytes");
    }
    if let Some(encoding) = marked.or(unmarked) {
        let (text, damaged) = encoding.decode_with_bom_removal(&bytes);
        if damaged {
            remarks.push("is UTF-16 with damaged characters, which were read as \u{FFFD}");
        }
        bytes = text.into_owned().into_bytes();
        settled = Some(Encoding::Utf16);
    } else {
        bytes.drain(..mark(&bytes));
    }
    let head = bytes[..bytes.len().min(HEAD_BYTES as usize)].to_vec();
    let whole = head.len() == bytes.len();
    let encoding = settled.unwrap_or_else(|| encoding(&head, whole));
    Ok(Opened { source: Source::Memory(bytes), encoding, mark: 0, head, whole, remarks })
}

fn utf16(head: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    match head.get(..2) {
        Some([0xFF, 0xFE]) => Some(encoding_rs::UTF_16LE),
        Some([0xFE, 0xFF]) => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// Bytes looked at for the pattern of UTF-16.
const PATTERN_BYTES: usize = 4096;

/// UTF-16 without a mark: every other byte of western text is zero, and the ones between are not.
fn utf16_unmarked(head: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let pairs = &head[..head.len().min(PATTERN_BYTES) / 2 * 2];
    let zeros = |parity: usize| pairs.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let (first, second, characters) = (zeros(0), zeros(1), pairs.len() / 2);
    let mostly = |zeros: usize| characters >= 4 && 10 * zeros >= 7 * characters;
    let hardly = |zeros: usize| 20 * zeros <= characters;
    match (mostly(first) && hardly(second), mostly(second) && hardly(first)) {
        (true, _) => Some(encoding_rs::UTF_16BE),
        (_, true) => Some(encoding_rs::UTF_16LE),
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
            Source::Gzip(path) => Ok(Box::new(gzip::reader(path, (self.mark + offset) as u64)?)),
            Source::Memory(text) => Ok(Box::new(Cursor::new(text.get(offset..).unwrap_or_default()))),
        }
    }
}

/// Where a file stops being UTF-8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct NotUtf8 {
    /// The first line that is not.
    pub first_line: usize,
    /// Lines that are not.
    pub lines: usize,
}

/// How much is looked at at a time.
const CHUNK_BYTES: usize = 1 << 20;

/// Reads a file once more to say where it is not UTF-8; `None` if it is.
pub(super) fn not_utf8(opened: &Opened) -> io::Result<Option<NotUtf8>> {
    let mut source = opened.from(0)?;
    let (mut found, mut line, mut chunk) = (NotUtf8::default(), 1, Vec::new());
    loop {
        let kept = chunk.len();
        source.by_ref().take(CHUNK_BYTES as u64).read_to_end(&mut chunk)?;
        let last = chunk.len() == kept;
        // Only whole lines are looked at: a character may be cut in two at the end of a chunk.
        let end = if last { chunk.len() } else { memchr::memrchr(b'\n', &chunk).map_or(0, |at| at + 1) };
        for text in chunk[..end].split_inclusive(|&byte| byte == b'\n') {
            if simdutf8::basic::from_utf8(text).is_err() {
                if found.lines == 0 {
                    found.first_line = line + lines_before_damage(text);
                }
                found.lines += 1;
            }
            line += count_lines(text);
        }
        chunk.drain(..end);
        if last {
            return Ok((found.lines > 0).then_some(found));
        }
    }
}

/// Lines that a lone carriage return ends before the first byte that is not UTF-8.
fn lines_before_damage(text: &[u8]) -> usize {
    std::str::from_utf8(text).map_or_else(|error| count_lines(&text[..error.valid_up_to()]), |_| 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_is_known_by_its_zeros_and_other_texts_are_not_it() {
        let little: Vec<u8> = "patient_id,pain\nZoë,6\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "patient_id,pain\nZoë,6\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(utf16_unmarked(&little), Some(encoding_rs::UTF_16LE));
        assert_eq!(utf16_unmarked(&big), Some(encoding_rs::UTF_16BE));
        for other in [&b""[..], b"a", b"patient_id,pain\nP1,6\0\n", &[0; 64], b"a\0b\0"] {
            assert_eq!(utf16_unmarked(other), None);
        }
    }

    #[test]
    fn the_first_line_that_is_not_utf_8_is_named() {
        let find = |bytes: &[u8]| not_utf8(&held(bytes.to_vec()).unwrap()).unwrap();
        assert_eq!(find("a\nZoë\n".as_bytes()), None);
        assert_eq!(find(b"a\nZo\xc3\xab\r\nZo\xeb\nx\xff"), Some(NotUtf8 { first_line: 3, lines: 2 }));
        assert_eq!(find(b"a\rb\rZo\xeb\r"), Some(NotUtf8 { first_line: 3, lines: 1 }));
        let long: Vec<u8> = [b"P1,2024-01-01,5\n".repeat(200_000), b"\xff\n".to_vec()].concat();
        assert_eq!(find(&long), Some(NotUtf8 { first_line: 200_001, lines: 1 }));
    }
}
