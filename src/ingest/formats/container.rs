//! What a file is, told by its first bytes and not by its name.

/// How many bytes decide.
pub(super) const HEAD: usize = 4096;

/// The kinds of file told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum Container {
    /// Delimited text.
    Text,
    /// Delimited text, packed.
    Gzip,
    /// A spreadsheet.
    Workbook,
    /// Typed columns.
    Parquet,
    /// Something else: what it is, with its article, and what to do.
    Other(&'static str, &'static str),
}

const AS_CSV: &str = "Export the table as CSV or as an Excel workbook.";
const SAVE_AS: &str = "Open it in the spreadsheet program and save it as an Excel workbook (.xlsx) or as CSV.";
const UNPACK: &str = "Unpack it and give the file inside.";

/// Beginnings of files that hold no log.
const OTHERS: &[(&[u8], &str, &str)] = &[
    (b"ARROW1", "an Arrow (Feather) file", "Write it as Parquet or CSV."),
    (b"%PDF", "a PDF document", AS_CSV),
    (b"SQLite format 3\0", "an SQLite database", AS_CSV),
    (b"\0\x01\0\0Standard", "an Access database", AS_CSV),
    (b"$FL2", "an SPSS file", AS_CSV),
    (b"$FL3", "an SPSS file", AS_CSV),
    (b"<stata_dta>", "a Stata file", AS_CSV),
    (b"RDX3", "an R workspace", AS_CSV),
    (b"{\\rtf", "a text document (RTF)", AS_CSV),
    (b"BZh", "a bzip2 file", UNPACK),
    (b"\x28\xB5\x2F\xFD", "a Zstandard file", UNPACK),
    (b"\xFD7zXZ\0", "an xz file", UNPACK),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", UNPACK),
    (b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (b"\x89PNG", "a picture", AS_CSV),
    (b"\xFF\xD8\xFF", "a picture", AS_CSV),
];

impl Container {
    /// The container that begins with `head`.
    pub fn of(head: &[u8]) -> Self {
        if head.starts_with(b"\x1F\x8B") {
            return Self::Gzip;
        }
        if head.starts_with(b"PAR1") {
            return Self::Parquet;
        }
        // A zip archive, and the compound file of older spreadsheets.
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") || head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
            return Self::Workbook;
        }
        if let Some((_, is, fix)) = OTHERS.iter().find(|(begins, ..)| head.starts_with(begins)) {
            return Self::Other(is, fix);
        }
        markup(head).unwrap_or(Self::Text)
    }
}

/// Web pages and XML that a clinic's system calls .xls.
fn markup(head: &[u8]) -> Option<Container> {
    let text =
        String::from_utf8_lossy(head.get(..HEAD).unwrap_or(head)).trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']).to_lowercase();
    let starts = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    if starts(&["<!doctype html", "<html", "<table", "<head", "<meta", "<style"]) {
        return Some(Container::Other("a web page (HTML), whatever its name says", SAVE_AS));
    }
    if starts(&["<?xml"]) {
        let is = if text.contains("office:spreadsheet") { "a spreadsheet in the XML form of 2003" } else { "an XML document" };
        return Some(Container::Other(is, SAVE_AS));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell_what_a_file_is() {
        assert_eq!(Container::of(b"\x1F\x8B\x08\0"), Container::Gzip);
        assert_eq!(Container::of(b"PK\x03\x04\x14\0"), Container::Workbook);
        assert_eq!(Container::of(b"PAR1\x15\x04"), Container::Parquet);
        for text in ["patient_id,date\nPK1,2024-01-01\n", "", "<5,mild\n", "PARK,1", "\u{feff}id;x"] {
            assert_eq!(Container::of(text.as_bytes()), Container::Text, "{text}");
        }
        let Container::Other(is, _) = Container::of(b"\xEF\xBB\xBF\r\n<HTML><body><table>") else { panic!("a page") };
        assert!(is.starts_with("a web page"));
        assert!(matches!(Container::of(b"ARROW1\0\0"), Container::Other("an Arrow (Feather) file", _)));
    }
}
