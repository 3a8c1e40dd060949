//! Where the header is and what separates cells, settled from the start of a file.

use std::collections::BTreeSet;

use super::decode::{self, Encoding, Opened};
use super::error::IngestError;
use super::record::{Kind, Marks, Scan, scan};
use crate::settings::FileSettings;

/// The header of a file and the place of its first record.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub marks: Marks,
    /// Names as they stand in the file.
    pub header: Vec<String>,
    /// Line of the header.
    pub header_line: usize,
    /// Bytes before the first record.
    pub data_offset: usize,
    /// Line of the first record.
    pub data_line: usize,
}

/// Separators tried, the likeliest first.
pub(super) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Records looked at to settle the separator.
const SAMPLE: usize = 50;

pub(super) fn settle(opened: &Opened, settings: &FileSettings, file: &str) -> Result<Layout, IngestError> {
    let layout = settle_any(opened, settings, file)?;
    check_names(&layout.header, layout.header_line, file)?;
    Ok(layout)
}

/// Refuses a header in which two columns have one name.
pub(super) fn check_names(header: &[String], line: usize, file: &str) -> Result<(), IngestError> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for name in header {
        if !name.is_empty() && !names.insert(name) {
            return Err(IngestError::DuplicateColumn { file: file.to_owned(), line, name: name.clone() });
        }
    }
    Ok(())
}

/// As [`settle`], for files in which names may come twice (labels of an export).
pub(super) fn settle_any(opened: &Opened, settings: &FileSettings, file: &str) -> Result<Layout, IngestError> {
    let head = opened.head.as_slice();
    let comment = settings.comment.map(|mark| ascii(mark, "comment", file)).transpose()?;
    let (mut start, mut line) = (0, 1);
    for _ in 0..settings.skip_lines {
        let Some(at) = memchr::memchr2(b'\n', b'\r', &head[start..]).map(|at| start + at) else { break };
        start = at + if head[at..].starts_with(b"\r\n") { 2 } else { 1 };
        line += 1;
    }
    let declared = declared_separator(&head[start..]);
    if let Some((_, bytes)) = declared {
        start += bytes;
        line += 1;
    }
    let delimiter = match (settings.delimiter, declared) {
        (Some(mark), _) => ascii(mark, "delimiter", file)?,
        (None, Some((delimiter, _))) => delimiter,
        (None, None) => detect(head, start, comment, opened.whole),
    };
    let marks = Marks { delimiter, comment };
    let mut cells = Vec::new();
    while start < head.len() {
        let found = scan(head, start, marks, opened.whole, &mut cells);
        match found.kind {
            Kind::Nothing => {
                start = found.next;
                line += found.lines as usize;
            }
            Kind::Record => return header(head, marks, start, &found, line, file),
            Kind::Damaged | Kind::Incomplete => {
                return Err(IngestError::OpenQuote { file: file.to_owned(), line });
            }
        }
    }
    Err(IngestError::EmptyFile { file: file.to_owned() })
}

/// The separator of a first line `sep=;`, as Excel writes it, and the length of that line.
fn declared_separator(head: &[u8]) -> Option<(u8, usize)> {
    let (key, rest) = head.split_at_checked(4)?;
    let (&delimiter, end) = rest.split_first()?;
    let ends = [&b"\r\n"[..], b"\n", b"\r"].into_iter().find(|ends| end.starts_with(ends))?;
    let separates = delimiter.is_ascii() && !delimiter.is_ascii_alphanumeric() && !matches!(delimiter, b'"' | b'\r' | b'\n');
    (key.eq_ignore_ascii_case(b"sep=") && separates).then_some((delimiter, 5 + ends.len()))
}

fn header(head: &[u8], marks: Marks, start: usize, found: &Scan, line: usize, file: &str) -> Result<Layout, IngestError> {
    // Header and rows may differ in encoding. Windows-1252 letters take more bytes as UTF-8: the decoded text is scanned anew.
    let bytes = &head[start..found.end];
    let text = decode::text(bytes, Encoding::Utf8).or_else(|| decode::text(bytes, Encoding::Windows1252)).unwrap_or_default();
    let mut cells = Vec::new();
    scan(text.as_bytes(), 0, marks, true, &mut cells);
    let header: Vec<String> = cells.iter().map(|cell| cell.text(&text).into_owned()).collect();
    if header.iter().all(String::is_empty) {
        return Err(IngestError::NamelessHeader { file: file.to_owned(), line });
    }
    Ok(Layout { marks, header, header_line: line, data_offset: found.next, data_line: line + found.lines as usize })
}

fn ascii(mark: char, setting: &str, file: &str) -> Result<u8, IngestError> {
    u8::try_from(mark).ok().filter(u8::is_ascii).ok_or_else(|| IngestError::Setting {
        file: file.to_owned(),
        setting: setting.to_owned(),
        problem: format!("is \"{mark}\""),
        fix: format!("Use one plain character for {setting}, such as {}.", if setting == "comment" { "\"#\"" } else { "\";\"" }),
    })
}

/// The separator by which most of the first records have as many cells as the header, give or take one; more columns win a draw.
fn detect(head: &[u8], start: usize, comment: Option<u8>, whole: bool) -> u8 {
    let mut best = (0, 0, b',');
    for delimiter in DELIMITERS {
        let marks = Marks { delimiter, comment };
        let (mut at, mut cells, mut counts) = (start, Vec::new(), Vec::new());
        while at < head.len() && counts.len() < SAMPLE {
            let found = scan(head, at, marks, whole, &mut cells);
            match found.kind {
                Kind::Record => counts.push(cells.len()),
                Kind::Incomplete => break,
                Kind::Nothing | Kind::Damaged => {}
            }
            at = found.next;
        }
        let Some(&columns) = counts.first().filter(|&&columns| columns > 1) else { continue };
        // A separator too many at the end of the header or of the rows is no disagreement.
        let agreeing = 100 * counts.iter().filter(|&&count| count.abs_diff(columns) <= 1).count() / counts.len();
        // Ragged rows are common: a separator with most rows agreeing competes by columns.
        let grade = (usize::from(agreeing >= 50), columns, delimiter);
        if (grade.0, grade.1) > (best.0, best.1) {
            best = grade;
        }
    }
    best.2
}
