//! Data tables as CSV that a spreadsheet can open safely.

use super::document::DataTable;

/// A data table as CSV text. A cell that a spreadsheet would run as a formula gets an apostrophe in front.
#[must_use]
pub fn csv_text(table: &DataTable) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    // Writing into memory cannot fail.
    let _ = writer.write_record(&table.header);
    for row in &table.rows {
        let _ = writer.write_record(row.iter().map(|cell| safe_cell(cell)));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// Escapes a cell that starts like a formula, unless it is a number.
fn safe_cell(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula && cell.parse::<f64>().is_err() { format!("'{cell}") } else { cell.to_owned() }
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
}
