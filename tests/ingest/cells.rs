//! Words, missing codes and damaged bytes in cells.

use staywell::domain::{Phase, SessionStatus};

use super::study::{PAIN, SESSIONS, StudyFolder, file_sentences, pain_rows};

fn statuses(status: &str, toml: &str) -> Vec<SessionStatus> {
    let rows: String =
        status.split(',').enumerate().map(|(day, word)| format!("P1,2024-01-{:02},{word}\n", day + 1)).collect::<Vec<_>>().concat();
    let folder = StudyFolder::clean().with("sessions.csv", format!("patient_id,date,completed\n{rows}")).with("study.toml", toml);
    let logs = folder.read();
    assert_eq!(logs.reading.rejected, []);
    logs.sessions.status
}

#[test]
fn yes_and_no_are_read_as_people_and_programs_write_them() {
    use SessionStatus::{Done, Missed, Partial};
    assert_eq!(statuses("yes,Y,TRUE,t,1,1.0,x,✓,ja,oui,Sí,SÍ,si,WAHR,vrai", ""), [Done; 15]);
    assert_eq!(statuses("no,N,FALSE,f,0,0.0,nein,Non,nej,nee,não,FAUX", ""), [Missed; 12]);
    assert_eq!(
        statuses("erledigt,Durchgeführt,nicht gemacht,teilweise,réalisé,no-show,did_not_attend", ""),
        [Done, Done, Missed, Partial, Done, Missed, Missed]
    );
}

#[test]
fn a_study_can_say_what_its_own_words_mean() {
    use SessionStatus::{Done, Missed, Partial};
    let toml = "[files.sessions]\nwords = { status = { done = [\"abgehakt\", \"A\"], missed = [\"\", \"krank\"], partial = [\"x\"] } }\n";
    assert_eq!(statuses("Abgehakt,a,krank,,x,done", toml), [Done, Done, Missed, Missed, Partial, Done]);
    let toml = "[files.pain]\nwords = { pain = { \"0\" = [\"none\", \"-\"], \"2.5\" = [\"mild\"], \"8\" = [\"très fort\"] } }\n";
    let pain = "patient_id,date,pain\nP1,2024-01-01,None\nP1,2024-01-02,mild\nP1,2024-01-03,TRES FORT\nP1,2024-01-04,-\nP1,2024-01-05,6\n";
    let scores: Vec<f64> =
        pain_rows(&StudyFolder::clean().with("pain.csv", pain).with("study.toml", toml).read()).iter().map(|row| row.2).collect();
    assert_eq!(scores, [0.0, 2.5, 8.0, 0.0, 6.0]);
}

#[test]
fn words_for_what_is_not_known_are_refused_with_the_nearest() {
    let refused = |toml: &str| StudyFolder::clean().with("study.toml", toml).refusal();
    assert_eq!(
        refused("[files.sessions]\nwords = { status = { dome = [\"ja\"] } }\n"),
        (
            "sessions.csv: the setting files.sessions.words gives words for \"dome\", which status does not know.".to_owned(),
            "Did you mean \"done\"?".to_owned()
        )
    );
    assert_eq!(
        refused("[files.sessions]\nwords = { statis = { done = [\"ja\"] } }\n"),
        (
            "sessions.csv: the setting files.sessions.words names \"statis\", which is no column of words of sessions.csv.".to_owned(),
            "Did you mean \"status\"?".to_owned()
        )
    );
    let (sentence, _) = refused("[files.sessions]\nwords = { status = { done = [\"Ja\"], missed = [\"JA\"] } }\n");
    assert_eq!(sentence, "sessions.csv: the setting files.sessions.words gives \"JA\" under status as \"done\" and as \"missed\".");
    let (sentence, _) = refused("[files.pain]\nwords = { pain = { zero = [\"none\"] } }\n");
    assert_eq!(sentence, "pain.csv: the setting files.pain.words gives words for \"zero\", which pain does not know.");
}

#[test]
fn phases_outcomes_and_events_are_known_in_other_languages() {
    let logs = StudyFolder::clean()
        .with("sessions.csv", "Patientennummer;Datum;Phase;Erledigt\nP1;2024-01-02;Kräftigung;ja\nP1;2024-01-03;ÉQUILIBRE;nein\n")
        .with("programs.csv", "patient_id,start,outcome\nP1,2024-01-01,Abgebrochen\n")
        .with("events.csv", "Patient,Datum,Ereignis\nP1,2024-02-01,Décès\n")
        .read();
    assert_eq!(logs.reading.rejected, []);
    assert_eq!(logs.sessions.phase, [Some(Phase::Strengthening), Some(Phase::Proprioception)]);
    assert_eq!(logs.sessions.status, [SessionStatus::Done, SessionStatus::Missed]);
    assert_eq!(logs.programs.of(0)[0].outcome, Some(staywell::domain::ProgramOutcome::DroppedOut));
    assert_eq!(logs.events.kind, [staywell::domain::EventKind::Died]);
}

#[test]
fn dashes_stops_and_declared_codes_are_missing_everywhere() {
    let rules =
        |row: &str, toml: &str| StudyFolder::clean().with("pain.csv", format!("{PAIN}{row}\n")).with("study.toml", toml).rejection().rule;
    for mark in ["-", "–", ".", "N/A", "na", "NULL", "NaN"] {
        assert_eq!(rules(&format!("P1,2024-01-09,{mark}"), ""), "missing_value", "{mark}");
        assert_eq!(rules(&format!("P1,{mark},5"), ""), "missing_date", "{mark}");
        assert_eq!(rules(&format!("{mark},2024-01-09,5"), ""), "missing_patient_id", "{mark}");
    }
    let toml = "[files.pain]\nmissing = [\"-9\", \"refused\"]\n";
    for code in ["-9", "-9.0", "Refused"] {
        assert_eq!(rules(&format!("P1,2024-01-09,{code}"), toml), "missing_value", "{code}");
    }
    let comma = "[files.pain]\nmissing = [\"-9\"]\ndecimal = \",\"\n";
    assert_eq!(rules("P1,2024-01-09,\"-9,0\"", comma), "missing_value");
}

#[test]
fn a_code_that_is_not_declared_is_answered_with_the_line_to_add() {
    let row = StudyFolder::clean().with("pain.csv", format!("{PAIN}P1,2024-01-09,-9\n")).rejection();
    assert_eq!(row.rule, "pain_out_of_range");
    assert_eq!(row.fix, "Correct the value; if -9 means that there is none, add missing = [\"-9\"] under [files.pain] in study.toml.");
}

#[test]
fn utf_16_without_a_mark_is_read_and_said() {
    let text = "patient_id,date,pain\nP1,2024-01-01,6.5\nZoë,2024-01-02,5\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big] {
        let logs = StudyFolder::clean().with("pain.csv", bytes).read();
        assert_eq!(pain_rows(&logs).len(), 2);
        assert_eq!(logs.patients.ids, ["P1", "P2", "Zoë"]);
        assert!(logs.reading.files[1].layout.ends_with("UTF-16"));
        assert_eq!(logs.reading.notes, ["pain.csv has no byte-order mark and was read as UTF-16 by its pattern of zero bytes."]);
    }
}

#[test]
fn a_file_that_is_utf_8_but_for_one_line_says_which_and_keeps_the_others() {
    let mut bytes = "patient_id,date,pain\nZoë,2024-01-02,5\nP1,2024-01-01,6\n".as_bytes().to_vec();
    bytes.extend(b"Ren\xe9,2024-01-03,4\n");
    let logs = StudyFolder::clean().with("pain.csv", bytes).read();
    assert_eq!(
        file_sentences(&logs, "not_utf8"),
        [
            "pain.csv: The file is UTF-8, but bytes in 1 line (line 4 is the first) are not: it was damaged or put together from two. Rows that need them are rejected."
        ]
    );
    let rejected = &logs.reading.rejected[0];
    assert_eq!((rejected.rule, rejected.line, rejected.value.as_str()), ("mixed_encoding", 4, "Ren\u{fffd}"));
    assert!(logs.patients.ids.contains(&"Zoë".to_owned()));
}

#[test]
fn damage_that_begins_behind_the_first_megabyte_is_found() {
    let row = "P1,2024-01-01,6\n";
    let mut bytes = format!("patient_id,date,pain\n{}", row.repeat(100_000)).into_bytes();
    bytes.extend(b"Ren\xe9,2024-01-03,4\n");
    let logs = StudyFolder::clean().with("pain.csv", bytes).read();
    let sentence = "pain.csv: The file is not UTF-8 (line 100002 is the first that is not) and was read as Windows-1252.";
    assert_eq!(file_sentences(&logs, "not_utf8"), [sentence]);
    assert!(logs.patients.ids.contains(&"René".to_owned()));
}

#[test]
fn rows_with_nul_bytes_are_rejected_by_name() {
    let row = StudyFolder::clean().with("pain.csv", format!("{PAIN}P1\0,2024-01-09,5\n")).rejection();
    assert_eq!((row.rule, row.line, row.raw.as_str()), ("nul_byte", 5, "P1\0,2024-01-09,5"));
    assert_eq!(row.sentence, "The row holds NUL bytes, which no text has: it was damaged when it was saved or copied.");
    // A file cut off by a crash is filled up with them.
    let logs = StudyFolder::clean().with("sessions.csv", format!("{SESSIONS}{}", "\0".repeat(50))).read();
    assert_eq!((logs.reading.rejected.len(), logs.reading.rejected[0].rule), (1, "nul_byte"));
}

#[test]
fn where_the_only_word_is_a_tick_an_empty_cell_is_a_box_not_ticked() {
    use SessionStatus::{Done, Missed};
    let folder = |cells: [&str; 3], toml: &str| {
        let [a, b, c] = cells;
        let sessions = format!("patient_id,date,done\nP1,2024-01-01,{a}\nP1,2024-01-02,{b}\nP1,2024-01-03,{c}\n");
        StudyFolder::clean().with("sessions.csv", sessions).with("study.toml", toml).read()
    };
    let logs = folder(["x", "", "X"], "");
    assert_eq!(logs.sessions.status, [Done, Missed, Done]);
    assert_eq!(
        logs.reading.notes,
        [
            "sessions.csv: the only status written is a tick, so 1 empty cell is read as missed; words = { status = { done = [\"\"] } } under [files.sessions] in study.toml reads it as done."
        ]
    );
    // Another word makes it a column of words, in which a row without one says that the session took place.
    assert_eq!(folder(["x", "", "no"], "").sessions.status, [Done, Done, Missed]);
    assert_eq!(folder(["yes", "", "yes"], "").sessions.status, [Done; 3]);
    assert_eq!(folder(["x", "", "x"], "[files.sessions]\nwords = { status = { done = [\"\"] } }\n").sessions.status, [Done; 3]);
}

#[test]
fn spaces_and_marks_nobody_sees_make_no_other_patient() {
    let pain = "patient_id,date,pain\nP1\u{a0},2024-01-01,3\n\u{feff}P1,2024-01-02,4\n\"P1\u{200b} \",2024-01-03\u{a0},5\u{2009}\n\u{a0},2024-01-04,1\n";
    let logs = StudyFolder::clean().with("pain.csv", pain).read();
    let rows = logs.patients.ids.iter().enumerate().find(|(_, id)| *id == "P1").map(|(at, _)| logs.pain.rows(at).len());
    assert_eq!(rows, Some(3));
    assert_eq!(logs.reading.rejected.iter().map(|row| (row.rule, row.line)).collect::<Vec<_>>(), [("missing_patient_id", 5)]);
}
