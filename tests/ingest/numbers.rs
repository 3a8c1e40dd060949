//! Numbers, their marks, and scales.

use super::study::{PAIN, StudyFolder, pain_rows};

fn minutes(cell: &str, toml: &str) -> StudyFolder {
    let sessions = format!("patient_id;date;minutes\nP1;2024-01-01;{cell}\nP1;2024-01-02;30\n");
    StudyFolder::clean().with("sessions.csv", sessions).with("study.toml", format!("[files.sessions]\n{toml}\n"))
}

#[test]
fn thousands_are_read_by_the_setting_and_refused_without() {
    for (cell, toml, wanted) in [
        ("1.234,5", "thousands = \".\"", 1234.5),
        ("1,234.5", "thousands = \",\"", 1234.5),
        ("1 234,5", "thousands = \" \"\ndecimal = \",\"", 1234.5),
        ("1\u{202f}234", "thousands = \" \"", 1234.0),
        ("1'234.5", "thousands = \"'\"", 1234.5),
    ] {
        let logs = minutes(cell, toml).read();
        assert_eq!(logs.sessions.minutes, [Some(wanted), Some(30.0)], "{cell}");
    }
    let logs = minutes("1.234,5", "thousands = \".\"").read();
    assert_eq!(logs.reading.files[0].layout, "semicolon-separated · decimal comma · point between thousands · date year-month-day · UTF-8");
    for (cell, settings) in
        [("1.234,5", "thousands = \".\" and decimal = \",\""), ("1,234.5", "thousands = \",\""), ("1'234.5", "thousands = \"'\"")]
    {
        let row = minutes(cell, "").rejection();
        assert_eq!((row.rule, row.value.as_str()), ("not_a_number", cell));
        assert_eq!(row.fix, format!("Set {settings} under [files.sessions] in study.toml, if that is how the file writes numbers."));
    }
    // One mark cannot stand for both.
    let (sentence, _) = minutes("1", "thousands = \",\"\ndecimal = \",\"").refusal();
    assert_eq!(sentence, "study.toml: files.sessions.decimal = \",\", but that mark already stands between thousands");
}

#[test]
fn a_number_with_a_unit_a_range_or_its_scale_is_not_read_and_says_what_to_do() {
    for (cell, fix) in [
        ("30 min", "Write 30 alone; a unit such as \"min\" belongs in the column's name."),
        ("20-30", "If a range is meant, write one number, the same way for every range: its worst value, say."),
        ("7/10", "If 7 of 10 is meant, write 7 alone; the scale is declared once for the file (scale = …)."),
        (">30", "Write the number alone; above, below and about have no one value."),
    ] {
        let row = minutes(cell, "").rejection();
        assert_eq!((row.rule, row.value.as_str(), row.fix.as_str()), ("not_a_number", cell, fix));
    }
}

fn scores(values: impl IntoIterator<Item = f64>) -> String {
    let rows = values.into_iter().enumerate().map(|(day, value)| format!("P1,2024-{:02}-{:02},{value}\n", day / 28 + 1, day % 28 + 1));
    format!("patient_id,date,pain\n{}", rows.collect::<Vec<_>>().concat())
}

fn with_scale(pain: &str, scale: &str) -> StudyFolder {
    StudyFolder::clean().with("pain.csv", pain).with("study.toml", format!("[files.pain]\nscale = {scale}\n"))
}

#[test]
fn a_tenth_of_the_values_off_the_scale_is_no_slip_if_they_vary() {
    // 12 of 60 values are above 10: mostly free of pain on a scale to 100.
    let low_vas = |at: usize| if at.is_multiple_of(5) { 20.0 + at as f64 } else { 3.0 };
    let (sentence, hint) = StudyFolder::clean().with("pain.csv", scores((0..60).map(low_vas))).refusal();
    assert!(sentence.starts_with("pain.csv: 12 of 60 pain values lie outside the scale \"0–10 NRS\""), "{sentence}");
    assert_eq!(hint, "They look like a 0–100 visual analogue scale: [files.pain] scale = \"vas100\"");
    // The same share of one code is left to the rows, each with the setting to add.
    let coded = |at: usize| if at.is_multiple_of(5) { 99.0 } else { 3.0 };
    let logs = StudyFolder::clean().with("pain.csv", scores((0..60).map(coded))).read();
    assert_eq!(logs.reading.rejected.len(), 12);
    // Two slips in sixty are slips.
    let slips = |at: usize| if at < 2 { 55.0 + at as f64 } else { 3.0 };
    assert_eq!(StudyFolder::clean().with("pain.csv", scores((0..60).map(slips))).read().reading.rejected.len(), 2);
}

#[test]
fn each_scale_is_proposed_for_the_values_that_look_like_it() {
    let hint = |scale: &str, values: &[f64]| with_scale(&scores(values.iter().copied()), scale).refusal().1;
    assert_eq!(hint("\"days7\"", &[8.0, 9.0, 10.0, 0.0]), "They look like a 0–10 numeric rating scale: [files.pain] scale = \"nrs\"");
    assert_eq!(
        hint("\"days7\"", &[8.5, 9.0, 7.5, 0.0]),
        "They look like a visual analogue scale of 0–10 cm: [files.pain] scale = \"vas10\""
    );
    assert_eq!(hint("\"nrs\"", &[55.0, 40.0, 12.0]), "They look like a 0–100 visual analogue scale: [files.pain] scale = \"vas100\"");
    assert_eq!(hint("\"nrs\"", &[99.0, 99.0, 99.0, 4.0]), "If 99 means that there is no score: [files.pain] missing = [\"99\"]");
    assert_eq!(
        hint("\"nrs\"", &[-3.0, -2.0, -4.0, 4.0]),
        "Declare the scale in study.toml: [files.pain] scale = { name = \"…\", min = -4, max = 4 }"
    );
}

#[test]
fn a_scale_to_100_that_nobody_uses_beyond_10_is_doubted() {
    let note = |values: &[f64]| with_scale(&scores(values.iter().copied()), "\"vas100\"").read().reading.notes;
    assert_eq!(
        note(&[3.0, 7.0, 10.0, 0.0, 5.0, 6.0, 2.0, 1.0, 4.0, 8.0]),
        [
            "pain.csv: the scale is declared as 0 to 100, but none of its 10 values exceeds 10. If patients answered from 0 to 10, set scale = \"nrs\"."
        ]
    );
    assert_eq!(note(&[3.0, 7.0, 10.0, 0.0, 5.0, 6.0, 2.0, 1.0, 4.0, 11.0]), Vec::<String>::new());
}

#[test]
fn a_scale_may_be_declared_by_column() {
    let pain = "patient_id,date,nrs,vas\nP1,2024-01-01,3,40\n";
    let folder = |toml: &str| StudyFolder::clean().with("pain.csv", pain).with("study.toml", format!("[files.pain]\n{toml}\n"));
    let both = "scale = { nrs = \"nrs\", vas = \"vas100\" }";
    let logs = folder(&format!("{both}\ncolumns = {{ pain = \"vas\" }}")).read();
    assert_eq!((pain_rows(&logs)[0].2, logs.scale.name.as_str()), (4.0, "0–10 VAS"));
    let logs = folder(&format!("{both}\ncolumns = {{ pain = \"nrs\" }}")).read();
    assert_eq!((pain_rows(&logs)[0].2, logs.scale.name.as_str()), (3.0, "0–10 NRS"));
    let (sentence, hint) = folder(both).refusal();
    assert_eq!(
        sentence,
        "pain.csv: the setting files.pain.scale has a scale for nrs and for vas, but it is not clear which of them is the pain column."
    );
    assert_eq!(hint, "Say which: columns = { pain = \"nrs\" }");
    let other = StudyFolder::clean().with("study.toml", "[files.pain]\nscale = { vas = \"vas100\" }\n");
    assert_eq!(
        other.refusal().0,
        "pain.csv: the setting files.pain.scale is given for the column \"vas\", but pain is read from \"pain\"."
    );
}

#[test]
fn numbers_with_space_around_and_a_typeset_minus_are_numbers() {
    let logs = StudyFolder::clean().with("pain.csv", format!("{PAIN}P1,2024-01-09,\u{a0}7\u{a0}\n")).read();
    assert_eq!(pain_rows(&logs)[2].2, 7.0);
    let row = StudyFolder::clean().with("pain.csv", format!("{PAIN}P1,2024-01-09,\u{2212}1\n")).rejection();
    assert_eq!(row.rule, "pain_out_of_range");
}
