//! One CSV record: where its cells are and where it ends. Every reader cuts and parses by this one scanner.
//!
//! Quotes as in RFC 4180, read leniently: `""` inside quotes, text after a closing quote belongs to the cell, quotes
//! inside an unquoted cell are text. Line ends are `\n`, `\r\n` or a lone `\r`. A quote that stays open for more than
//! 100 lines, or whose closing is followed by text after a line break, is damage: only its first line is given up.

use std::borrow::Cow;

use super::plain;

/// A quoted cell longer than this many lines is damage, not data.
const MAX_QUOTED_LINES: u32 = 100;

/// What of a file's layout decides where cells and records end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    pub delimiter: u8,
    pub comment: Option<u8>,
}

/// The place of a cell in its block.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell {
    start: u32,
    end: u32,
    quoted: bool,
}

impl Cell {
    /// The cell between two places of a block, as [`scan`] found it.
    #[inline]
    pub fn between(block: &str, start: u32, end: u32) -> Self {
        let raw = &block.as_bytes()[start as usize..end as usize];
        Self { start, end, quoted: raw.iter().find(|&&byte| byte != b' ') == Some(&b'"') }
    }

    /// The bytes of the cell as they stand, unless it is quoted.
    #[inline]
    pub fn plain<'a>(&self, block: &'a [u8]) -> Option<&'a [u8]> {
        if self.quoted { None } else { block.get(self.start as usize..self.end as usize) }
    }

    /// The cell without quotes between two places of a block.
    #[inline]
    pub fn unquoted(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32, quoted: false }
    }

    /// The place of its first byte.
    pub fn start(&self) -> u32 {
        self.start
    }

    /// The bytes of a short cell as they stand, as one number.
    #[inline]
    pub fn key(&self, block: &[u8]) -> Option<u128> {
        if self.quoted { None } else { plain::key(block, self.start as usize, self.end as usize) }
    }

    /// The place after its last byte.
    pub fn end(&self) -> u32 {
        self.end
    }

    /// The text of the cell, without surrounding space and quotes.
    #[inline]
    pub fn text<'a>(&self, block: &'a str) -> Cow<'a, str> {
        let raw = block.get(self.start as usize..self.end as usize).unwrap_or_default();
        if !self.quoted {
            let text = bare(raw);
            // A file joined to another begins with a mark nobody sees; what was quoted behind it is no less so.
            let behind_mark = if text.len() == raw.len() { None } else { text.strip_prefix('"').and_then(|body| body.strip_suffix('"')) };
            return Cow::Borrowed(behind_mark.filter(|body| !body.contains('"')).map_or(text, bare));
        }
        let inner = raw.trim_ascii();
        let body = inner.strip_prefix('"').unwrap_or(inner);
        match body.strip_suffix('"') {
            Some(body) if !body.contains('"') => Cow::Borrowed(bare(body)),
            _ => Cow::Owned(bare(&unquoted(body)).to_owned()),
        }
    }
}

/// The text without surrounding space of any kind, and without byte-order marks and spaces of no width, which nobody sees.
#[inline]
fn bare(text: &str) -> &str {
    let text = text.trim_ascii();
    let plain = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii);
    if plain(text.as_bytes().first()) && plain(text.as_bytes().last()) {
        return text;
    }
    text.trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}'))
}

/// The text of a cell after its opening quote: `""` is a quote, the closing quote is dropped.
fn unquoted(body: &str) -> String {
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('"') {
        text.push_str(&rest[..at]);
        if let Some(after) = rest[at..].strip_prefix("\"\"") {
            text.push('"');
            rest = after;
        } else {
            text.push_str(&rest[at + 1..]);
            return text;
        }
    }
    text.push_str(rest);
    text
}

/// What stands at a place in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A record with cells.
    Record,
    /// A blank or a comment line.
    Nothing,
    /// A line lost to an open quote.
    Damaged,
    /// The block ends before the record does.
    Incomplete,
}

/// One step through a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scan {
    pub kind: Kind,
    /// End of the record without its line end.
    pub end: usize,
    /// Start of the next one.
    pub next: usize,
    /// Physical lines it takes.
    pub lines: u32,
}

/// Scans the record at `start`. `whole` says that nothing follows the block, so that its end is the record's end.
pub(super) fn scan(block: &[u8], start: usize, marks: Marks, whole: bool, cells: &mut Vec<Cell>) -> Scan {
    cells.clear();
    if marks.comment.is_some() && block.get(start).copied() == marks.comment {
        return line_scan(block, start, whole, Kind::Nothing);
    }
    match scan_rest(block, start, start, marks.delimiter, cells) {
        Some(found) => found,
        None => scan_any(block, start, marks, whole, cells),
    }
}

/// Scans any record that starts at `start`.
fn scan_any(block: &[u8], start: usize, marks: Marks, whole: bool, cells: &mut Vec<Cell>) -> Scan {
    cells.clear();
    let mut at = start;
    let mut lines = 1;
    loop {
        let cell_start = at;
        // Space before an opening quote does not make it text.
        let mut opening = at;
        while block.get(opening) == Some(&b' ') {
            opening += 1;
        }
        let quoted = block.get(opening) == Some(&b'"');
        if quoted {
            match close_quote(block, opening + 1, marks, whole) {
                Quote::Closed { after, breaks } => {
                    at = after;
                    lines += breaks;
                }
                Quote::Open => return line_scan(block, start, whole, Kind::Damaged),
                Quote::Unknown => return Scan { kind: Kind::Incomplete, end: start, next: start, lines: 0 },
            }
        }
        let rest = &block[at..];
        let stop = rest.iter().position(|&byte| byte == marks.delimiter || byte == b'\n' || byte == b'\r');
        let Some(stop) = stop else {
            if !whole {
                return Scan { kind: Kind::Incomplete, end: start, next: start, lines: 0 };
            }
            cells.push(Cell { start: cell_start as u32, end: block.len() as u32, quoted });
            return finished(block, start, block.len(), block.len(), lines, cells);
        };
        at += stop;
        cells.push(Cell { start: cell_start as u32, end: at as u32, quoted });
        if block[at] == marks.delimiter {
            at += 1;
            continue;
        }
        let Some(next) = after_line_end(block, at, whole) else {
            return Scan { kind: Kind::Incomplete, end: start, next: start, lines: 0 };
        };
        return finished(block, start, at, next, lines, cells);
    }
}

/// Scans the rest of a line from the start of a cell, if it has no quotation mark and ends in `\n` or `\r\n`; `None` for all
/// others, and near the end of the block.
///
/// Eight bytes at a time: a byte that is the delimiter, or not above `"`, is marked in its highest bit.
#[inline]
pub(super) fn scan_rest(block: &[u8], start: usize, rest: usize, delimiter: u8, cells: &mut Vec<Cell>) -> Option<Scan> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    const LOW: u64 = 0x7F * EACH;
    let delimiters = u64::from(delimiter) * EACH;
    let (mut cell_start, mut at) = (rest, rest);
    loop {
        let eight = u64::from_le_bytes(*block.get(at..)?.first_chunk::<8>()?);
        let other = eight ^ delimiters;
        // The highest bit of each byte: whether it is above a quotation mark, and whether it is no delimiter.
        let above = ((eight & LOW) + (0x7F - u64::from(b'"')) * EACH) | eight;
        let other = ((other & LOW) + LOW) | other;
        let mut marked = !(other & above) & HIGH;
        while marked != 0 {
            let end = at + marked.trailing_zeros() as usize / 8;
            marked &= marked - 1;
            let byte = *block.get(end)?;
            let ends = match byte {
                _ if byte == delimiter => false,
                b'\n' => true,
                b'\r' if block.get(end + 1) == Some(&b'\n') => true,
                b'\r' | b'"' => return None,
                _ => continue,
            };
            cells.push(Cell::unquoted(cell_start, end));
            cell_start = end + 1;
            if ends {
                return Some(finished(block, start, end, end + 1 + usize::from(byte == b'\r'), 1, cells));
            }
        }
        at += 8;
    }
}

fn finished(block: &[u8], start: usize, end: usize, next: usize, lines: u32, cells: &[Cell]) -> Scan {
    let blank = cells.len() == 1 && block[start..end].trim_ascii().is_empty();
    Scan { kind: if blank { Kind::Nothing } else { Kind::Record }, end, next, lines }
}

/// The start of the line after the line end at `at`; unknown if a `\r` is the last byte of a block that goes on.
fn after_line_end(block: &[u8], at: usize, whole: bool) -> Option<usize> {
    match (block[at], block.get(at + 1)) {
        (b'\r', Some(b'\n')) => Some(at + 2),
        (b'\r', None) if !whole => None,
        _ => Some(at + 1),
    }
}

fn line_scan(block: &[u8], start: usize, whole: bool, kind: Kind) -> Scan {
    let incomplete = Scan { kind: Kind::Incomplete, end: start, next: start, lines: 0 };
    match memchr::memchr2(b'\n', b'\r', &block[start..]) {
        None if whole => Scan { kind, end: block.len(), next: block.len(), lines: 1 },
        None => incomplete,
        Some(stop) => {
            after_line_end(block, start + stop, whole).map_or(incomplete, |next| Scan { kind, end: start + stop, next, lines: 1 })
        }
    }
}

enum Quote {
    Closed { after: usize, breaks: u32 },
    Open,
    Unknown,
}

/// The place after the closing quote of a cell whose text starts at `from`.
fn close_quote(block: &[u8], from: usize, marks: Marks, whole: bool) -> Quote {
    let mut at = from;
    let mut breaks = 0;
    while let Some(step) = memchr::memchr3(b'"', b'\n', b'\r', &block[at..]) {
        at += step;
        match block[at] {
            b'"' if block.get(at + 1) == Some(&b'"') => at += 2,
            b'"' => {
                if at + 1 == block.len() && !whole {
                    return Quote::Unknown;
                }
                let following = block[at + 1..].iter().copied().find(|&byte| byte != b' ');
                let ends = following.is_none_or(|byte| byte == marks.delimiter || byte == b'\n' || byte == b'\r');
                return if breaks > 0 && !ends { Quote::Open } else { Quote::Closed { after: at + 1, breaks } };
            }
            _ => {
                breaks += 1;
                if breaks >= MAX_QUOTED_LINES {
                    return Quote::Open;
                }
                match after_line_end(block, at, whole) {
                    Some(next) => at = next,
                    None => return Quote::Unknown,
                }
            }
        }
    }
    if whole { Quote::Open } else { Quote::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKS: Marks = Marks { delimiter: b',', comment: Some(b'#') };

    fn read(text: &str) -> Vec<(Kind, u32, Vec<String>)> {
        let (mut at, mut cells, mut out) = (0, Vec::new(), Vec::new());
        while at < text.len() {
            let scan = scan(text.as_bytes(), at, MARKS, true, &mut cells);
            let texts =
                if scan.kind == Kind::Record { cells.iter().map(|cell| cell.text(text).into_owned()).collect() } else { Vec::new() };
            out.push((scan.kind, scan.lines, texts));
            at = scan.next;
        }
        out
    }

    fn record(lines: u32, cells: &[&str]) -> (Kind, u32, Vec<String>) {
        (Kind::Record, lines, cells.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn quotes_doubled_quotes_and_every_line_end_are_read() {
        assert_eq!(
            read("a,\"b,\"\"c\"\"\"\r\n\rx, \"y\" ,z\n#no,t\"e\n\"two\nlines\",\"\""),
            [
                record(1, &["a", "b,\"c\""]),
                (Kind::Nothing, 1, vec![]),
                record(1, &["x", "y", "z"]),
                (Kind::Nothing, 1, vec![]),
                record(2, &["two\nlines", ""]),
            ]
        );
    }

    #[test]
    fn plain_lines_are_scanned_as_any_others() {
        // Every text of five letters, followed by enough for a line to be looked at eight bytes at a time.
        let letters = *b"a,\n\r\" \0\xE9";
        let (mut plain, mut any) = (Vec::new(), Vec::new());
        for number in 0..letters.len().pow(5) {
            let text: Vec<u8> = (0..5).map(|at| letters[number / letters.len().pow(at) % letters.len()]).collect();
            for rest in ["", "b,\r\n", "bcdefgh,ijk\nlmnopqr"] {
                let block = [text.as_slice(), rest.as_bytes()].concat();
                plain.clear();
                let Some(found) = scan_rest(&block, 0, 0, b',', &mut plain) else { continue };
                let expected = scan_any(&block, 0, Marks { delimiter: b',', comment: None }, true, &mut any);
                assert_eq!(format!("{found:?} {plain:?}"), format!("{expected:?} {any:?}"), "{block:?}");
            }
        }
    }

    #[test]
    fn a_stray_quote_costs_one_line_and_no_more() {
        assert_eq!(read("\"a,1\n\"b\",2\nc,3\n"), [(Kind::Damaged, 1, vec![]), record(1, &["b", "2"]), record(1, &["c", "3"])]);
        let long = format!("\"a,1\n{}", "c,3\n".repeat(150));
        let rows = read(&long);
        assert_eq!((rows[0].0, rows.len()), (Kind::Damaged, 151));
    }

    #[test]
    fn a_block_that_goes_on_does_not_end_its_last_record() {
        let mut cells = Vec::new();
        for text in ["a,b", "a,\"b", "a,\"b\"", "a\r"] {
            assert_eq!(scan(text.as_bytes(), 0, MARKS, false, &mut cells).kind, Kind::Incomplete, "{text}");
        }
    }
}
