//! Data tables as CSV that a spreadsheet can open safely.

use std::borrow::Cow;
use std::io::{self, Write};

use super::document::DataTable;

/// A data table as CSV text. A cell that a spreadsheet would run as a formula gets an apostrophe in front.
#[must_use]
pub fn csv_text(table: &DataTable) -> String {
    let mut text = Vec::new();
    // Writing into memory cannot fail.
    let _ = write_csv(table, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// As [`csv_text`], into a file.
///
/// # Errors
/// What the file said.
pub fn write_csv(table: &DataTable, out: &mut dyn Write) -> io::Result<()> {
    write_rows(&table.header, table.rows.iter(), out)
}

/// Writes a header and rows as they come.
pub(super) fn write_rows<Row>(header: &[impl AsRef<str>], rows: impl Iterator<Item = Row>, out: &mut dyn Write) -> io::Result<()>
where
    Row: IntoIterator<Item: AsRef<str>>,
{
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(header.iter().map(AsRef::as_ref)).map_err(said)?;
    for row in rows {
        for cell in row {
            writer.write_field(safe_cell(cell.as_ref()).as_ref()).map_err(said)?;
        }
        writer.write_record(None::<&[u8]>).map_err(said)?;
    }
    writer.flush()
}

/// What the file said: a pipe that was closed has to be known as one.
fn said(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Escapes a cell that starts like a formula, unless it is a number.
fn safe_cell(cell: &str) -> Cow<'_, str> {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula && cell.parse::<f64>().is_err() { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_escaped_and_negative_numbers_are_not() {
        let table = DataTable {
            name: "t".to_owned(),
            header: vec!["a".to_owned(), "b".to_owned()],
            rows: vec![vec!["=HYPERLINK(\"x\")".to_owned(), "-1.5".to_owned()], vec!["@cmd".to_owned(), "-x".to_owned()]],
        };
        assert_eq!(csv_text(&table), "a,b\n\"'=HYPERLINK(\"\"x\"\")\",-1.5\n'@cmd,'-x\n");
    }

    #[test]
    fn an_empty_cell_alone_is_quoted_and_a_table_without_rows_is_its_header() {
        let table = |header: &[&str], rows: &[&[&str]]| DataTable {
            name: "t".to_owned(),
            header: header.iter().map(|&cell| cell.to_owned()).collect(),
            rows: rows.iter().map(|row| row.iter().map(|&cell| cell.to_owned()).collect()).collect(),
        };
        assert_eq!(csv_text(&table(&["a"], &[&[""]])), "a\n\"\"\n");
        assert_eq!(csv_text(&table(&["a", "b"], &[])), "a,b\n");
    }
}
