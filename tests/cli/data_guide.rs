//! `docs/data.md` says what the program does: its tables are made by the program.

use std::fs;
use std::path::Path;

use crate::harness::staywell;

/// The part of the guide between the two marks of a table.
fn documented(guide: &str, table: &str) -> String {
    let (start, end) = (format!("<!-- {table}: "), format!("<!-- end of {table} -->"));
    let after = guide.split_once(&start).unwrap().1;
    let inside = after.split_once("-->\n").unwrap().1;
    inside.split_once(&end).unwrap().0.trim().to_owned()
}

#[test]
fn the_tables_of_the_guide_are_those_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/data.md");
    let guide = fs::read_to_string(path).unwrap();
    for table in ["columns", "rules"] {
        let printed = staywell(&["explain", "--markdown", table]);
        assert_eq!((printed.code, printed.stderr.as_str()), (0, ""));
        assert!(printed.stdout.lines().count() > 20);
        assert_eq!(
            documented(&guide, table),
            printed.stdout.trim(),
            "put the output of `staywell explain --markdown {table}` between the marks of docs/data.md"
        );
    }
}
