//! A file cut into records, slowly: one byte at a time, by the rules `src/ingest/record.rs` documents and nothing else.

/// A record of a file, or a line given up to an open quotation mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its first physical line, counted from 1.
    pub line: usize,
    /// As it stands, without its line end.
    pub raw: Vec<u8>,
    /// Its cells, without quotation marks and surrounding space.
    pub cells: Vec<Vec<u8>>,
    pub damaged: bool,
}

/// How a file is cut.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    pub delimiter: u8,
    pub comment: Option<u8>,
    pub skip_lines: usize,
}

/// Whether a file without a mark is UTF-16: of the first 4,096 bytes at least seven in ten of one parity are zero, and hardly
/// any of the other. `Some(true)` if the zeros come first.
fn zeros_in_turn(file: &[u8]) -> Option<bool> {
    let first = &file[..file.len().min(4096) / 2 * 2];
    let units = first.len() / 2;
    let zeros = |parity: usize| first.iter().enumerate().filter(|&(at, &byte)| at % 2 == parity && byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let turns = |many: usize, few: usize| units >= 4 && many * 10 >= units * 7 && few * 20 <= units;
    if turns(even, odd) { Some(true) } else { turns(odd, even).then_some(false) }
}

/// A file as eight-bit text: UTF-16 becomes UTF-8, a UTF-8 mark goes.
pub fn eight_bit(file: &[u8]) -> Vec<u8> {
    let sixteen = |file: &[u8], unit: fn([u8; 2]) -> u16| {
        let pairs = file.chunks(2);
        let odd = file.len() % 2 == 1;
        let units = pairs.filter(|pair| pair.len() == 2).map(|pair| unit([pair[0], pair[1]]));
        let mut text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        if odd {
            text.push(char::REPLACEMENT_CHARACTER);
        }
        text.into_bytes()
    };
    match file {
        [0xFF, 0xFE, rest @ ..] => sixteen(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => sixteen(rest, u16::from_be_bytes),
        _ => match (zeros_in_turn(file), file) {
            (Some(true), _) => sixteen(file, u16::from_be_bytes),
            (Some(false), _) => sixteen(file, u16::from_le_bytes),
            (None, [0xEF, 0xBB, 0xBF, rest @ ..]) => rest.to_vec(),
            (None, _) => file.to_vec(),
        },
    }
}

/// The place after the line end at `at`.
fn after_end(text: &[u8], at: usize) -> usize {
    if text[at] == b'\r' && text.get(at + 1) == Some(&b'\n') { at + 2 } else { at + 1 }
}

fn is_end(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

/// End of the line at `from` and start of the next.
fn line_at(text: &[u8], from: usize) -> (usize, usize) {
    let mut at = from;
    while at < text.len() && !is_end(text[at]) {
        at += 1;
    }
    (at, if at < text.len() { after_end(text, at) } else { at })
}

/// Every record of a text, the header first.
pub fn records(text: &[u8], cut: Cut) -> Vec<Record> {
    let (mut at, mut line, mut out) = (0, 1, Vec::new());
    for _ in 0..cut.skip_lines {
        let (end, next) = line_at(text, at);
        if end == text.len() {
            break;
        }
        (at, line) = (next, line + 1);
    }
    while at < text.len() {
        let (end, next) = line_at(text, at);
        if cut.comment == Some(text[at]) {
            (at, line) = (next, line + 1);
            continue;
        }
        match record(text, at, cut.delimiter) {
            None => {
                out.push(Record { line, raw: text[at..end].to_vec(), cells: Vec::new(), damaged: true });
                (at, line) = (next, line + 1);
            }
            Some((cells, end, next, lines)) => {
                let raw = text[at..end].to_vec();
                if cells.len() > 1 || !raw.trim_ascii().is_empty() {
                    out.push(Record { line, raw, cells, damaged: false });
                }
                (at, line) = (next, line + lines);
            }
        }
    }
    out
}

/// The cells of a record, its end, the start of the next and its lines; `None` if a quotation mark stays open.
fn record(text: &[u8], start: usize, delimiter: u8) -> Option<(Vec<Vec<u8>>, usize, usize, usize)> {
    let (mut at, mut cells, mut lines) = (start, Vec::new(), 1);
    loop {
        let mut cell = Vec::new();
        let mut opening = at;
        while text.get(opening) == Some(&b' ') {
            opening += 1;
        }
        if text.get(opening) == Some(&b'"') {
            at = opening + 1;
            let mut breaks = 0;
            loop {
                match (*text.get(at)?, text.get(at + 1)) {
                    (b'"', Some(b'"')) => {
                        cell.push(b'"');
                        at += 2;
                    }
                    (b'"', _) => {
                        at += 1;
                        break;
                    }
                    (byte, _) if is_end(byte) => {
                        let next = after_end(text, at);
                        cell.extend_from_slice(&text[at..next]);
                        at = next;
                        breaks += 1;
                    }
                    (byte, _) => {
                        cell.push(byte);
                        at += 1;
                    }
                }
                // More than 100 lines of one cell are damage.
                if breaks >= 100 {
                    return None;
                }
            }
            let after = text[at..].iter().find(|&&byte| byte != b' ');
            if breaks > 0 && after.is_some_and(|&byte| byte != delimiter && !is_end(byte)) {
                return None;
            }
            lines += breaks;
        }
        while at < text.len() && text[at] != delimiter && !is_end(text[at]) {
            cell.push(text[at]);
            at += 1;
        }
        cells.push(cell.trim_ascii().to_vec());
        if at == text.len() {
            return Some((cells, at, at, lines));
        }
        if is_end(text[at]) {
            return Some((cells, at, after_end(text, at), lines));
        }
        at += 1;
    }
}
