//! The same three rows in every dress a spreadsheet or an export gives them.

use super::study::{PAIN, SESSIONS, StudyFolder, file_sentences, pain_rows};

fn expected() -> Vec<(String, String, f64)> {
    [("P1", "2024-01-01", 6.5), ("P1", "2024-01-08", 4.0), ("Zoë", "2024-01-02", 5.0)]
        .map(|(id, day, score)| (id.to_owned(), day.to_owned(), score))
        .to_vec()
}

fn read(pain: impl AsRef<[u8]>) -> (Vec<(String, String, f64)>, String) {
    let logs = StudyFolder::clean().with("pain.csv", pain).read();
    assert_eq!(logs.reading.rejected, []);
    let layout = logs.reading.files.iter().find(|file| file.file == "pain.csv").unwrap().layout.clone();
    (pain_rows(&logs), layout)
}

#[test]
fn a_byte_order_mark_crlf_and_blank_lines_are_no_data() {
    let (rows, _) = read("\u{feff}patient_id,date,pain\r\n\r\nP1,2024-01-01,6.5\r\n  \r\nP1,2024-01-08,4\r\nZoë,2024-01-02,5");
    assert_eq!(rows, expected());
}

#[test]
fn lone_carriage_returns_end_lines() {
    assert_eq!(read("patient_id,date,pain\rP1,2024-01-01,6.5\rP1,2024-01-08,4\rZoë,2024-01-02,5\r").0, expected());
}

#[test]
fn semicolons_with_decimal_commas_and_tabs_are_detected() {
    let (rows, layout) = read("patient_id;date;pain\nP1;2024-01-01;6,5\nP1;2024-01-08;4,0\nZoë;2024-01-02;5\n");
    assert_eq!(rows, expected());
    assert_eq!(layout, "semicolon-separated · decimal point or comma · date year-month-day · UTF-8");
    let (rows, layout) = read("patient_id\tdate\tpain\nP1\t2024-01-01\t6,5\nP1\t2024-01-08\t4\nZoë\t2024-01-02\t5\n");
    assert_eq!(rows, expected());
    assert_eq!(layout, "tab-separated · decimal point or comma · date year-month-day · UTF-8");
    assert_eq!(read("patient_id|date|pain\nP1|2024-01-01|6.5\nP1|2024-01-08|4\nZoë|2024-01-02|5\n").0, expected());
}

#[test]
fn utf_16_and_windows_1252_are_read_and_said() {
    let text = "patient_id,date,pain\nP1,2024-01-01,6.5\nP1,2024-01-08,4\nZoë,2024-01-02,5\n";
    let little: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let western: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
    for (bytes, name) in [(little, "UTF-16"), (big, "UTF-16"), (western, "Windows-1252")] {
        let (rows, layout) = read(bytes);
        assert_eq!(rows, expected(), "{name}");
        assert!(layout.ends_with(name), "{layout}");
    }
}

#[test]
fn a_header_in_windows_1252_keeps_its_columns_apart() {
    let logs = StudyFolder::clean().with("pain.csv", b"patient_id,r\xe9gion,date,pain\nP1,genou,2024-01-01,6\n").read();
    assert_eq!(pain_rows(&logs), [("P1".to_owned(), "2024-01-01".to_owned(), 6.0)]);
    let sentence = "pain.csv: The file is not UTF-8 (line 1 is the first that is not) and was read as Windows-1252.";
    assert_eq!(file_sentences(&logs, "not_utf8"), [sentence]);
    assert_eq!(file_sentences(&logs, "columns_not_used"), ["pain.csv: Columns not used: région."]);
}

#[test]
fn aliases_case_and_spaces_in_column_names_are_accepted() {
    let logs = StudyFolder::clean()
        .with("pain.csv", "Patient ID, Datum ,NRS\nP1,2024-01-01,6\n")
        .with("sessions.csv", "Subject,Session Date,Completed\nP1,2024-01-01,0\n")
        .read();
    assert_eq!(pain_rows(&logs), [("P1".to_owned(), "2024-01-01".to_owned(), 6.0)]);
    assert_eq!(logs.sessions.status, [staywell::domain::SessionStatus::Missed]);
}

#[test]
fn a_quoted_line_break_does_not_shift_the_lines_reported() {
    let pain = "patient_id,date,pain,note\nP1,2024-01-01,6,\"bad\r\nnight\"\nP1,2024-01-02,eleven,\"say \"\"ah\"\"\"\n";
    let row = StudyFolder::clean().with("pain.csv", pain).rejection();
    assert_eq!((row.line, row.column.as_str(), row.value.as_str()), (4, "pain", "eleven"));
    assert_eq!(row.raw, "P1,2024-01-02,eleven,\"say \"\"ah\"\"\"");
    let logs = StudyFolder::clean().with("pain.csv", pain).read();
    assert!(logs.reading.notes.contains(&"pain.csv: 1 row spans several lines because of line breaks inside quotation marks.".to_owned()));
}

#[test]
fn an_open_quote_costs_its_line_and_no_other() {
    let logs = StudyFolder::clean().with("pain.csv", "patient_id,date,pain\nP1,2024-01-01,6\n\"P1,2024-01-02,5\nP1,2024-01-03,4\n").read();
    assert_eq!(pain_rows(&logs).len(), 2);
    let row = &logs.reading.rejected[0];
    assert_eq!((row.rule, row.line, row.raw.as_str()), ("unterminated_quote", 3, "\"P1,2024-01-02,5"));
    assert_eq!(row.fix, "Close the quotation mark, or double it (\"\") if it belongs to the text.");
}

#[test]
fn patients_come_sorted_whatever_the_order_of_the_rows() {
    let logs = StudyFolder::empty()
        .with("sessions.csv", SESSIONS)
        .with("pain.csv", "patient_id,date,pain\nP2,2024-01-03,1\nP10,2024-01-01,2\nP1,2024-02-01,3\nP1,2024-01-01,4\n")
        .with("events.csv", "patient_id,date,event\nP2,2024-02-02,died\nP1,2024-02-03,MRI\nP2,2024-01-02,surgery\n")
        .read();
    assert_eq!(logs.patients.ids, ["P1", "P10", "P2"]);
    let rows: Vec<f64> = pain_rows(&logs).iter().map(|row| row.2).collect();
    assert_eq!(rows, [4.0, 3.0, 2.0, 1.0]);
    assert_eq!(logs.events.offsets, [0, 1, 1, 3]);
    assert_eq!(logs.events.kind[1], staywell::domain::EventKind::Surgery);
    assert!(logs.events.day.is_sorted_by_key(|day| *day) || logs.events.day[1] < logs.events.day[2]);
}

#[test]
fn equal_files_hash_equally_and_a_changed_cell_shows() {
    let first = StudyFolder::clean().read().input_hash;
    assert_eq!(first.len(), 16);
    assert_eq!(StudyFolder::clean().read().input_hash, first);
    assert_ne!(StudyFolder::clean().with("pain.csv", PAIN.replace("01,6", "01,7")).read().input_hash, first);
}
