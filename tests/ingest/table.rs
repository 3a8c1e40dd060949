//! Any CSV as a table of texts and numbers.

use staywell::ingest::{Table, read_table};

use super::study::StudyFolder;

fn table(text: &str) -> Result<Table, String> {
    let folder = StudyFolder::empty().with("t.csv", text);
    read_table(&folder.path().join("t.csv")).map_err(|error| error.to_string().replace(&format!("{}/", folder.path().display()), ""))
}

#[test]
fn columns_come_by_name_as_numbers_or_texts_with_missing_cells() {
    let table = table("time;event;arm\n1,5;1;\"A; old\"\nNA;;B\n\n3;0;\n").unwrap();
    assert_eq!(table.names(), ["time", "event", "arm"]);
    assert_eq!(table.numbers("time").unwrap(), [Some(1.5), None, Some(3.0)]);
    assert_eq!(table.numbers("event").unwrap(), [Some(1.0), None, Some(0.0)]);
    let arms: Vec<Option<String>> = table.texts("arm").unwrap().into_iter().map(|text| text.map(std::borrow::Cow::into_owned)).collect();
    assert_eq!(arms, [Some("A; old".to_owned()), Some("B".to_owned()), None]);
    assert_eq!((table.n_rows(), table.line(2)), (3, 5));
}

#[test]
fn what_a_table_cannot_give_is_said_with_line_and_column() {
    let short = |text: &str, name: &str| {
        let table = table(text).unwrap();
        let message = table.numbers(name).unwrap_err().to_string();
        message.replace(table.file(), "t.csv")
    };
    assert_eq!(short("time,event\n1,1\n2,yes\n", "event"), "t.csv, line 3, column event: \"yes\" is not a number.");
    assert_eq!(
        short("time,event\n1,1\n", "tme"),
        "t.csv has no column \"tme\". Its columns are \"time\", \"event\". Did you mean \"time\"?"
    );
    assert_eq!(table("time,event\n1\n").unwrap_err(), "t.csv, line 2: the row has 1 cells, the header 2.");
    assert_eq!(table("time,event\n").unwrap_err(), "t.csv has a header but no rows.");
    assert_eq!(table("time,event\n\"1,2\n").unwrap_err(), "t.csv, line 2: a quotation mark opens a cell and is not closed.");
}

#[test]
fn a_first_line_that_declares_the_separator_is_no_header() {
    for (text, wanted) in
        [("sep=;\r\na;b\r\n1,5;2\r\n3;x\r\n", 1.5), ("\u{feff}SEP=|\na|b\n15|2\n3|x\n", 15.0), ("sep=\t\na\tb\n7\t2\n3\tx\n", 7.0)]
    {
        let table = table(text).unwrap();
        assert_eq!(table.names(), ["a", "b"], "{text}");
        assert_eq!(table.numbers("a").unwrap(), [Some(wanted), Some(3.0)]);
        // The header is on line 2, the rows on 3 and 4.
        assert_eq!((table.line(0), table.line(1)), (3, 4));
        assert!(table.numbers("b").unwrap_err().to_string().contains("line 4"));
    }
    // The separator declared is the one used, though the other would make more columns.
    assert_eq!(table("sep=;\na,b,c;d\n1,2,3;4\n").unwrap().names(), ["a,b,c", "d"]);
    // Columns of such names are columns.
    assert_eq!(table("sep=x,y\n1,2\n").unwrap().names(), ["sep=x", "y"]);
    assert_eq!(table("sep,y\n1,2\n").unwrap().names(), ["sep", "y"]);
    assert_eq!(table("sep=;\n").unwrap_err(), "t.csv is empty: it has no header and no rows.");
    let ragged = table("sep=,\na,b\n1,2\n3\n").unwrap_err();
    assert_eq!(ragged, "t.csv, line 4: the row has 1 cells, the header 2.");
}
