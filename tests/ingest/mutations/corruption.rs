//! The ways a file is spoiled.

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::reference::eight_bit;
use super::valid::{Coding, ValidStudy, encoded};

macro_rules! corruptions {
    ($($name:ident = $words:literal),+ $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Corruption { $($name),+ }

        impl Corruption {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $words),+ }
            }
        }
    };
}

corruptions! {
    CutLine = "a line cut short",
    JoinedLines = "a line end lost",
    Truncated = "the file cut anywhere",
    Quote = "a quotation mark anywhere",
    OpeningQuote = "a cell opened by a quotation mark",
    LostQuote = "a quotation mark lost",
    DoubledQuotes = "quotation marks doubled",
    LongQuote = "a quotation mark open over many lines",
    SwappedCells = "two cells of a row swapped",
    SwappedColumns = "two columns swapped",
    SwappedHeader = "two names of the header swapped",
    MiscodedCell = "bytes of another encoding in a cell",
    MiscodedFile = "the file in another encoding",
    Nuls = "NUL bytes",
    HugeField = "a field of megabytes",
    LongRow = "a row of very many cells",
    Shuffled = "rows shuffled",
    Doubled = "rows doubled",
    Deleted = "rows deleted",
    LostDelimiter = "a separator lost",
    FurtherDelimiter = "a separator too many",
    BlankLines = "blank and comment lines",
    LoneReturns = "lone carriage returns",
    MixedLineEnds = "line ends of all kinds",
    Flipped = "bytes changed at random",
    WrongValue = "a value of a wrong kind",
    Emptied = "the file emptied",
    LostHeader = "the header lost",
    DoubledHeader = "the header doubled",
    Joined = "a further file joined on, header and all",
    Spaces = "spaces and tabs around cells",
}

const WRONG: [&str; 40] = [
    "31/02/2024",
    "31.02.2024",
    "2024-02-30",
    "2023-13-01",
    "0000-00-00",
    "0000-01-01",
    "9999-12-31",
    "1899-12-31",
    "24-03-05",
    "20240305",
    "12/31/2024",
    "5 March 2024",
    "45356",
    "yesterday",
    "eleven",
    "11",
    "-1",
    "-0",
    "1e308",
    "1e-320",
    "1e999",
    "NaN",
    "inf",
    "0x10",
    "7,5",
    "7.5",
    "1,234.5",
    "7-8",
    "7/10",
    "",
    "NA",
    "-",
    ".",
    "perhaps",
    "DONE",
    "=1+1",
    "\u{a0}5",
    "5 ",
    "P1 ",
    "999999999999999999999",
];

impl Corruption {
    /// The file, spoiled once more.
    pub fn apply(self, bytes: &[u8], study: &ValidStudy, file: usize, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let coding = study.dress.coding;
        let sixteen = matches!(coding, Coding::Utf16Little | Coding::Utf16Big);
        // Bytes of a UTF-16 file are spoiled as they stand now and then, else its text is.
        let on_bytes =
            matches!(self, Self::Truncated | Self::Flipped | Self::Nuls | Self::MiscodedCell | Self::MiscodedFile | Self::Emptied);
        if sixteen && !(on_bytes && rng.random_bool(0.5)) {
            let text = self.spoil(eight_bit(bytes), study, file, rng);
            return encoded(&String::from_utf8_lossy(&text), coding);
        }
        self.spoil(bytes.to_vec(), study, file, rng)
    }

    fn spoil(self, mut bytes: Vec<u8>, study: &ValidStudy, file: usize, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let delimiter = study.dress.delimiter;
        match self {
            Self::Truncated => bytes.truncate(place(&bytes, rng)),
            Self::Quote => bytes.insert(place(&bytes, rng), b'"'),
            Self::OpeningQuote => {
                let after = |bytes: &[u8], at: usize| at == 0 || bytes[at - 1] == delimiter || bytes[at - 1] == b'\n';
                let starts: Vec<usize> = (0..bytes.len()).filter(|&at| after(&bytes, at)).collect();
                if let Some(at) = one(&starts, rng) {
                    bytes.insert(at, b'"');
                }
            }
            Self::LostQuote => {
                let quotes: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == b'"').collect();
                if let Some(at) = one(&quotes, rng) {
                    bytes.remove(at);
                }
            }
            Self::DoubledQuotes => {
                let quotes: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == b'"').collect();
                let from = place(&quotes, rng);
                for &at in quotes.iter().skip(from).take(3).rev() {
                    bytes.insert(at, b'"');
                }
            }
            Self::LongQuote => {
                let lines = rng.random_range(1..260);
                let at = place(&bytes, rng);
                let end = if rng.random_bool(0.5) { "\"" } else { "" };
                let text = format!("{}\"{}{end}", char::from(delimiter), "more\n".repeat(lines));
                bytes.splice(at..at, text.into_bytes());
            }
            Self::MiscodedCell => {
                const PIECES: [&[u8]; 6] = [b"\xFF", b"\xC3", b"\xE9", b"\xE2\x82", b"\xC3\xA9", b"\xF0\x9F\x98\x80"];
                let at = place(&bytes, rng);
                bytes.splice(at..at, PIECES[rng.random_range(0..PIECES.len())].iter().copied());
            }
            Self::MiscodedFile => {
                let text = String::from_utf8_lossy(&eight_bit(&bytes)).into_owned();
                const CODINGS: [Coding; 5] = [Coding::Utf8, Coding::Utf8Mark, Coding::Utf16Little, Coding::Utf16Big, Coding::Windows1252];
                bytes = encoded(&text, CODINGS[rng.random_range(0..CODINGS.len())]);
                if rng.random_bool(0.3) {
                    bytes.drain(..bytes.len().min(2));
                }
            }
            Self::Nuls => {
                let at = place(&bytes, rng);
                let count = rng.random_range(1..40);
                bytes.splice(at..at, std::iter::repeat_n(0, count));
            }
            Self::HugeField => {
                let at = place(&bytes, rng);
                let size = rng.random_range(1..3) << 20;
                let filler = *b"x9 \n\"".get(rng.random_range(0..5)).unwrap_or(&b'x');
                bytes.splice(at..at, std::iter::repeat_n(filler, size));
            }
            Self::LongRow => {
                let at = place(&bytes, rng);
                let count = rng.random_range(1_000..200_000);
                bytes.splice(
                    at..at,
                    std::iter::repeat_n(if rng.random_bool(0.5) { vec![delimiter] } else { vec![b'7', delimiter] }, count).flatten(),
                );
            }
            Self::LoneReturns => {
                let at = place(&bytes, rng);
                bytes.insert(at, b'\r');
            }
            Self::Flipped => {
                for _ in 0..rng.random_range(1..5) {
                    let at = place(&bytes, rng);
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = if rng.random_bool(0.5) { rng.random() } else { *byte ^ (1 << rng.random_range(0..8)) };
                    }
                }
            }
            Self::Emptied => bytes.truncate(if rng.random_bool(0.5) { 0 } else { rng.random_range(0..4) }),
            Self::Joined => {
                let other = if rng.random_bool(0.5) { file } else { rng.random_range(0..study.files.len()) };
                let further = eight_bit(&study.files[other].bytes);
                bytes.extend(if rng.random_bool(0.8) { further } else { study.files[other].bytes.clone() });
            }
            Self::SwappedColumns => bytes = swapped_columns(&bytes, study, rng),
            _ => {
                let mut lines: Vec<Vec<u8>> = bytes
                    .split_inclusive(|&byte| byte == if study.dress.newline == "\r" { b'\r' } else { b'\n' })
                    .map(<[u8]>::to_vec)
                    .collect();
                self.spoil_lines(&mut lines, study, rng);
                bytes = lines.concat();
            }
        }
        bytes
    }

    fn spoil_lines(self, lines: &mut Vec<Vec<u8>>, study: &ValidStudy, rng: &mut ChaCha8Rng) {
        if lines.is_empty() {
            return;
        }
        let (dress, at) = (&study.dress, rng.random_range(0..lines.len()));
        let ends = |line: &[u8]| line.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).map_or(0, |last| last + 1);
        match self {
            Self::CutLine => {
                let (end, keep) = (ends(&lines[at]), rng.random_range(0..=ends(&lines[at])));
                lines[at].drain(keep..end);
            }
            Self::JoinedLines => {
                let end = ends(&lines[at]);
                lines[at].truncate(end);
            }
            Self::SwappedCells | Self::SwappedHeader => {
                let line = if self == Self::SwappedHeader { dress.skip_lines.min(lines.len() - 1) } else { at };
                let end = ends(&lines[line]);
                let tail = lines[line].split_off(end);
                let mut cells: Vec<Vec<u8>> = lines[line].split(|&byte| byte == dress.delimiter).map(<[u8]>::to_vec).collect();
                let (a, b) = (rng.random_range(0..cells.len()), rng.random_range(0..cells.len()));
                cells.swap(a, b);
                lines[line] = [cells.join(&dress.delimiter), tail].concat();
            }
            Self::Shuffled => {
                let from = rng.random_range(0..lines.len());
                lines[from..].shuffle(rng);
            }
            Self::Doubled => {
                let count = rng.random_range(1..4).min(lines.len() - at);
                let again: Vec<Vec<u8>> = lines[at..at + count].to_vec();
                let to = rng.random_range(at + count..=lines.len());
                lines.splice(to..to, again);
            }
            Self::Deleted => {
                let count = rng.random_range(1..4).min(lines.len() - at);
                lines.drain(at..at + count);
            }
            Self::LostDelimiter | Self::FurtherDelimiter => {
                let places: Vec<usize> = (0..lines[at].len()).filter(|&place| lines[at][place] == dress.delimiter).collect();
                match (one(&places, rng), self) {
                    (Some(place), Self::LostDelimiter) => drop(lines[at].remove(place)),
                    (Some(place), _) => lines[at].insert(place, dress.delimiter),
                    (None, _) => {}
                }
            }
            Self::BlankLines => {
                const BLANK: [&str; 6] = ["\n", "\r\n", "   \n", "\t \r", "#, a \"comment\n", "%\n"];
                for _ in 0..rng.random_range(1..20) {
                    let to = rng.random_range(0..=lines.len());
                    lines.insert(to, BLANK[rng.random_range(0..BLANK.len())].as_bytes().to_vec());
                }
            }
            Self::MixedLineEnds => {
                for line in lines.iter_mut() {
                    let end = ends(line);
                    if end < line.len() {
                        line.truncate(end);
                        line.extend_from_slice([&b"\n"[..], b"\r\n", b"\r", b"\n\r", b"\r\r\n"][rng.random_range(0..5)]);
                    }
                }
            }
            Self::WrongValue | Self::Spaces => {
                let end = ends(&lines[at]);
                let tail = lines[at].split_off(end);
                let mut cells: Vec<Vec<u8>> = lines[at].split(|&byte| byte == dress.delimiter).map(<[u8]>::to_vec).collect();
                let which = rng.random_range(0..cells.len());
                cells[which] = if self == Self::WrongValue {
                    encoded(
                        WRONG[rng.random_range(0..WRONG.len())],
                        if dress.coding == Coding::Windows1252 { Coding::Windows1252 } else { Coding::Utf8 },
                    )
                } else {
                    [b"  ", cells[which].as_slice(), b" \t"].concat()
                };
                lines[at] = [cells.join(&dress.delimiter), tail].concat();
            }
            Self::LostHeader => drop(lines.remove(dress.skip_lines.min(lines.len() - 1))),
            Self::DoubledHeader => {
                let header = lines[dress.skip_lines.min(lines.len() - 1)].clone();
                lines.insert(at, header);
            }
            _ => {}
        }
    }
}

/// Any place in a list, its end included.
fn place<T>(list: &[T], rng: &mut ChaCha8Rng) -> usize {
    rng.random_range(0..=list.len())
}

fn one(places: &[usize], rng: &mut ChaCha8Rng) -> Option<usize> {
    (!places.is_empty()).then(|| places[rng.random_range(0..places.len())])
}

/// Two columns exchanged in the header and in every row that has no quotation marks.
fn swapped_columns(bytes: &[u8], study: &ValidStudy, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let end = if study.dress.newline == "\r" { b'\r' } else { b'\n' };
    let (a, b) = (rng.random_range(0..5), rng.random_range(0..5));
    let swapped = bytes.split(|&byte| byte == end).map(|line| {
        let mut cells: Vec<&[u8]> = line.split(|&byte| byte == study.dress.delimiter).collect();
        if cells.len() > a.max(b) && !line.contains(&b'"') {
            cells.swap(a, b);
        }
        cells.join(&study.dress.delimiter)
    });
    swapped.collect::<Vec<_>>().join(&end)
}
