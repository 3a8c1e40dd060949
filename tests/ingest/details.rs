//! The further columns of sessions and pain: what they hold, how rows of a day merge, and what becomes of cells that cannot be read.

use staywell::domain::{Answer, Modality, PainContext, PainSite, Setting};
use staywell::ingest::{Categories, Finding, Logs, SessionLog};

use super::study::{PAIN, SESSIONS, StudyFolder, pain_rows};

fn found<'a>(logs: &'a Logs, rule: &str) -> Vec<&'a Finding> {
    logs.reading.findings.iter().filter(|finding| finding.rule == rule).collect()
}

/// The text of a row, if anything is logged.
fn level(column: &Categories, row: usize) -> Option<&str> {
    column.code(row).map(|code| column.levels[code as usize].as_str())
}

fn pain(rows: &str) -> StudyFolder {
    let header = "patient_id,date,pain,site,numbness,weakness,limited,context,medication";
    StudyFolder::clean().with("pain.csv", format!("{header}\n{rows}"))
}

fn sessions(header: &str, rows: &str) -> StudyFolder {
    StudyFolder::clean().with("sessions.csv", format!("{header}\n{rows}"))
}

/// The scores kept apart: day, score, whether of a visit.
fn same_day(logs: &Logs, patient: usize) -> Vec<(String, f64, bool)> {
    let log = &logs.pain.same_day;
    let rows = log.rows(patient);
    rows.map(|row| (staywell::domain::Day(log.day[row]).to_string(), log.score(row), log.is_visit(row))).collect()
}

#[test]
fn a_log_without_further_columns_keeps_none() {
    let logs = StudyFolder::clean().read();
    let sessions = &logs.sessions;
    assert!(sessions.setting.is_empty() && sessions.modality.is_empty() && sessions.sets.is_empty() && sessions.technique.is_empty());
    assert!(sessions.muscle_group.is_empty() && sessions.exercise.is_empty() && sessions.pain_before.is_empty());
    let pain = &logs.pain;
    assert!(pain.site.is_empty() && pain.numbness.is_empty() && pain.limited.is_empty() && pain.context.is_empty());
    assert!(pain.same_day.day.is_empty() && pain.same_day.rows(1).is_empty());
    assert!(logs.measures.rows(0).is_empty() && logs.measures.names.is_empty());
}

#[test]
fn details_of_a_session_are_read_in_the_words_and_headers_of_clinics() {
    let header = "patient_id,date,Setting,Exercise category,Muscle group,Exercise name,Sets,Repetitions,Hold (sec),technique_score,pre_pain,\
                  pain_during,NRS post";
    let rows = "P2,2024-01-05,group class,E-Stim,,,,,,,,,\n\
                P1,2024-01-03,at home,Core stability,Trunk,plank,3,12,30,4,6,7.5,5\n\
                P1,2024-01-01,In clinic,hydrotherapy,legs,Side-bridge,,,,,,,\n\
                P1,2024-01-04,,,TRUNK,Plank ,2,,,,0,,\n";
    let logs = sessions(header, rows).read();
    assert_eq!((logs.reading.rejected.len(), found(&logs, "cell_not_read").len(), found(&logs, "columns_not_used").len()), (0, 0, 0));
    let log = &logs.sessions;
    assert_eq!(log.setting, [Some(Setting::Clinic), Some(Setting::Home), None, Some(Setting::Class)]);
    assert_eq!(log.modality, [Some(Modality::Aquatic), Some(Modality::Core), None, Some(Modality::Stimulation)]);
    // Levels are sorted; "TRUNK" is the "Trunk" met before it.
    assert_eq!(log.muscle_group.levels, ["Trunk", "legs"]);
    assert_eq!((0..4).map(|row| level(&log.muscle_group, row)).collect::<Vec<_>>(), [Some("legs"), Some("Trunk"), Some("Trunk"), None]);
    assert_eq!(log.exercise.levels, ["Side-bridge", "plank"]);
    assert_eq!((log.exercise.code(0), log.exercise.code(2), log.exercise.code(3)), (Some(0), Some(1), None));
    let numbers = |column: &[staywell::domain::OptionalNumber]| column.iter().map(|number| number.get()).collect::<Vec<_>>();
    assert_eq!(numbers(&log.sets), [None, Some(3.0), Some(2.0), None]);
    assert_eq!(numbers(&log.reps), [None, Some(12.0), None, None]);
    assert_eq!(numbers(&log.hold_seconds), [None, Some(30.0), None, None]);
    assert_eq!(numbers(&log.technique), [None, Some(4.0), None, None]);
    let pains = |column| (0..4).map(|row| SessionLog::pain_of(column, row)).collect::<Vec<_>>();
    assert_eq!(pains(&log.pain_before), [None, Some(6.0), Some(0.0), None]);
    assert_eq!(pains(&log.pain_during), [None, Some(7.5), None, None]);
    assert_eq!(pains(&log.pain_after), [None, Some(5.0), None, None]);
}

#[test]
fn a_detail_that_cannot_be_read_costs_its_cell_and_not_the_row() {
    let header = "patient_id,date,modality,sets,pain_before,setting";
    let rows = "P1,2024-01-01,core,three,6,home\n\
                P1,2024-01-02,dry needling,3,17,home\n\
                P1,soon,cupping,3,4,home\n\
                P2,2024-01-03,gua sha,-1,unknown,?\n";
    let logs = sessions(header, rows).read();
    let account = logs.reading.files.iter().find(|file| file.file == "sessions.csv").unwrap();
    assert_eq!((account.read, account.used, account.rejected), (4, 3, 1));
    assert_eq!(logs.sessions.modality, [Some(Modality::Core), None, None]);
    let findings = found(&logs, "cell_not_read");
    let places: Vec<_> = findings.iter().map(|finding| (finding.line, finding.column.as_str(), finding.value.as_str())).collect();
    // By line: the rejected row's cupping is said with the row, and not counted here.
    assert_eq!(places, [(Some(2), "sets", "three"), (Some(3), "modality", "dry needling"), (Some(3), "pain_before", "17")]);
    assert!(findings.iter().all(|finding| finding.file == "sessions.csv" && finding.severity == staywell::ingest::Severity::Warn));
    assert!(findings[0].sentence.contains("It is the first of 2 cells of the column"), "{}", findings[0].sentence);
    assert!(findings[1].sentence.contains("is none of stretching, core"), "{}", findings[1].sentence);
    assert!(findings[1].fix.contains("words = { modality = { "), "{}", findings[1].fix);
    assert!(findings[2].sentence.ends_with("The cell counts as missing; the rest of the row is used."), "{}", findings[2].sentence);
}

#[test]
fn a_study_may_say_what_its_own_words_mean() {
    let toml = "[files.sessions]\nwords = { modality = { core = [\"Bauch und Rücken\"], other = [\"dry needling\"] }, setting = { home = [\"H\"] } }\n\
                [files.pain]\nwords = { site = { \"low back\" = [\"LWS links\"] }, numbness = { yes = [\"+\"], no = [\"-\"] }, context = { visit = [\"V\"] } }\n";
    let folder = sessions("patient_id,date,modality,setting", "P1,2024-01-01,bauch und rucken,H\nP1,2024-01-02,Dry-Needling,h\n");
    let log = "patient_id,date,pain,site,numbness,context\nP1,2024-01-01,6,LWS links,+,V\nP1,2024-01-02,6,5,-,\n";
    let logs = folder.with("pain.csv", log).with("study.toml", toml).read();
    assert_eq!(logs.sessions.modality, [Some(Modality::Core), Some(Modality::Other)]);
    assert_eq!(logs.sessions.setting, [Some(Setting::Home); 2]);
    assert_eq!(logs.pain.site, [Some(PainSite::LowBack), Some(PainSite::Foot)]);
    assert_eq!(logs.pain.numbness, [Some(Answer::Yes), Some(Answer::No)]);
    assert_eq!(logs.pain.context, [Some(PainContext::Visit), None]);
    let wrong = "[files.sessions]\nwords = { modality = { cor = [\"Rumpf\"] } }\n";
    let (message, hint) = StudyFolder::clean().with("study.toml", wrong).refusal();
    assert!(message.contains("\"cor\"") && hint.contains("Did you mean \"core\"?"), "{message} {hint}");
}

#[test]
fn pain_with_exercise_is_on_the_scale_of_the_pain_log_unless_it_has_its_own() {
    let folder = || {
        sessions("patient_id,date,pain_before,pain_after", "P1,2024-01-01,60,35\n")
            .with("pain.csv", "patient_id,date,pain\nP1,2024-01-01,55\n")
    };
    let before = |logs: &Logs| (SessionLog::pain_of(&logs.sessions.pain_before, 0), SessionLog::pain_of(&logs.sessions.pain_after, 0));
    let logs = folder().with("study.toml", "[files.pain]\nscale = \"vas100\"\n").read();
    assert_eq!((before(&logs), logs.pain.score(0)), ((Some(6.0), Some(3.5)), 5.5));
    let toml = "[files.pain]\nscale = \"nrs\"\n[files.sessions]\nscale = \"vas100\"\n";
    let logs = folder().with("pain.csv", PAIN).with("study.toml", toml).read();
    assert_eq!((before(&logs), logs.pain.score(0)), ((Some(6.0), Some(3.5)), 6.0));
    let logs = folder().with("pain.csv", PAIN).read();
    assert_eq!(before(&logs), (None, None));
    assert_eq!(found(&logs, "cell_not_read").len(), 2);
}

#[test]
fn rows_of_a_day_merge_to_the_most_distal_site_and_to_yes_before_no() {
    let logs = pain(
        "P1,2024-01-02,4,calf,no,,unknown,,ja\n\
         P1,2024-01-01,4,1,no,no,,,\n\
         P1,2024-01-02,6,2,yes,,no,,nein\n\
         P1,2024-01-02,5,,unknown,,,,x\n",
    )
    .read();
    assert_eq!(pain_rows(&logs).len(), 2);
    assert_eq!(logs.pain.site, [Some(PainSite::LowBack), Some(PainSite::Calf)]);
    assert_eq!(logs.pain.numbness, [Some(Answer::No), Some(Answer::Yes)]);
    assert_eq!(logs.pain.weakness, [Some(Answer::No), None]);
    assert_eq!(logs.pain.limited, [None, Some(Answer::No)]);
    assert_eq!(logs.pain.medication, [None, Some(Answer::Yes)]);
    assert_eq!(logs.pain.context, [None, None]);
    let day = |score| ("2024-01-02".to_owned(), score, false);
    assert_eq!(same_day(&logs, 0), [day(4.0), day(6.0), day(5.0)]);
    assert!(found(&logs, "cell_not_read").is_empty());
}

#[test]
fn a_visit_is_the_pain_of_the_day_only_where_the_diary_has_none() {
    let rows = "P1,2024-01-01,3,,,,,diary,\n\
                P1,2024-01-01,8,foot,,,,clinic,\n\
                P1,2024-01-02,4,,,,,diary,\n\
                P1,2024-01-03,7,,,,,visit,\n\
                P2,2024-01-01,5,,,,,,\n\
                P2,2024-01-01,9,,,,,Visit,\n";
    for rule in ["max", "mean", "last", "refuse"] {
        let logs = pain(rows).with("study.toml", format!("[checks]\nsame_day_pain = \"{rule}\"\n")).read();
        assert_eq!(pain_rows(&logs).iter().map(|row| row.2).collect::<Vec<_>>(), [3.0, 4.0, 7.0, 5.0], "{rule}");
        let contexts = [Some(PainContext::Diary), Some(PainContext::Diary), Some(PainContext::Visit), None];
        assert_eq!(logs.pain.context, contexts, "{rule}");
        let reading = |day: u32, score, visit| (format!("2024-01-0{day}"), score, visit);
        assert_eq!(same_day(&logs, 0), [reading(1, 3.0, false), reading(1, 8.0, true), reading(3, 7.0, true)]);
        assert_eq!(same_day(&logs, 1), [reading(1, 5.0, false), reading(1, 9.0, true)]);
        assert_eq!(logs.pain.site[0], Some(PainSite::Foot), "what the visit saw is true of the day");
        assert!(found(&logs, "conflicting_pain").is_empty() && found(&logs, "repeated_rows").is_empty(), "{rule}");
        let account = logs.reading.files.iter().find(|file| file.file == "pain.csv").unwrap();
        assert_eq!((account.read, account.used, account.rejected, account.merged), (6, 4, 0, 2));
        let note = "Pain: 2 readings of visits stand on days of which the diary has a score; the diary's is the pain of the day, the visit's is kept apart.";
        assert_eq!(logs.reading.notes, [note]);
    }
}

#[test]
fn a_column_that_one_file_has_and_another_has_not_is_missing_in_the_other() {
    let toml = "[[files.sessions]]\npath = \"a.csv\"\n[[files.sessions]]\npath = \"b.csv\"\n[[files.sessions]]\npath = \"c.csv\"\n\
                [[files.pain]]\npath = \"pain.csv\"\n[[files.pain]]\npath = \"more.csv\"\n";
    let logs = StudyFolder::clean()
        .with("a.csv", SESSIONS)
        .with("b.csv", "patient_id,date,exercise,modality,reps\nP1,2023-12-01,plank,core,5\nP1,2024-03-01,bridge,,6\n")
        .with("c.csv", "patient_id,date,exercise,muscle\nP2,2024-05-01,Plank,trunk\n")
        .with("more.csv", "patient_id,date,pain,site\nP1,2023-12-24,2,thigh\n")
        .with("study.toml", toml)
        .read();
    let log = &logs.sessions;
    assert_eq!(log.modality, [Some(Modality::Core), None, None, None, None]);
    assert_eq!((0..5).map(|row| level(&log.exercise, row)).collect::<Vec<_>>(), [Some("plank"), None, Some("bridge"), None, Some("plank")]);
    assert_eq!(level(&log.muscle_group, 4), Some("trunk"));
    assert_eq!(log.reps.iter().map(|reps| reps.get()).collect::<Vec<_>>(), [Some(5.0), None, Some(6.0), None, None]);
    assert_eq!(logs.pain.site, [Some(PainSite::Thigh), None, None, None]);
    assert!(logs.pain.numbness.is_empty());
}

#[test]
fn overlapping_exports_do_not_make_several_readings_of_one() {
    let toml = "[[files.pain]]\npath = \"old.csv\"\n[[files.pain]]\npath = \"new.csv\"\n";
    let old = "patient_id,date,pain\nP1,2024-01-01,6\nP1,2024-01-01,3\nP2,2024-01-02,5\n";
    let logs = StudyFolder::clean().with("old.csv", old).with("new.csv", format!("{old}P1,2024-01-01,9\n")).with("study.toml", toml).read();
    assert_eq!(same_day(&logs, 0).into_iter().map(|row| row.1).collect::<Vec<_>>(), [6.0, 3.0, 9.0]);
    assert!(same_day(&logs, 1).is_empty());
}

#[test]
fn two_columns_that_may_be_one_detail_are_neither() {
    let logs = sessions("patient_id,date,pre_pain,NRS before", "P1,2024-01-01,6,4\n").read();
    assert!(logs.sessions.pain_before.is_empty());
    assert_eq!(found(&logs, "columns_not_used")[0].value, "pre_pain, NRS before");
}

// A word that is neither yes nor no still costs the row: whether pain lasted decides what is a recurrence.
#[test]
fn that_it_is_not_known_whether_pain_lasted_costs_no_row() {
    let rows = "P1,2024-01-01,4,yes,yes\nP1,2024-01-02,4,unknown,unknown\nP1,2024-01-03,4,?,?\nP1,2024-01-04,4,perhaps,no\n";
    let logs = StudyFolder::clean().with("pain.csv", format!("patient_id,date,pain,lasted_24h,numbness\n{rows}")).read();
    assert_eq!(logs.pain.lasted_24h, [true, false, false]);
    assert_eq!(logs.pain.numbness, [Some(Answer::Yes), None, None]);
    assert_eq!((logs.pain.lasted_filled.filled, logs.pain.lasted_filled.cells), (1, 3));
    let rejected: Vec<_> = logs.reading.rejected.iter().map(|row| (row.line, row.rule)).collect();
    assert_eq!(rejected, [(5, "unknown_word")]);
    assert!(found(&logs, "cell_not_read").is_empty());
}
