//! Which sheet of a workbook, or file of a folder, is which log, by its name.

use crate::ingest::columns::normalized;
use crate::settings::LogKind;

/// What people call a log: lower case without accents, words joined by `_`.
const fn called(kind: LogKind) -> &'static [&'static str] {
    match kind {
        LogKind::Pain => &[
            "pain",
            "pains",
            "pain_log",
            "pain_logs",
            "pain_diary",
            "pain_score",
            "pain_scores",
            "nrs",
            "vas",
            "schmerz",
            "schmerzen",
            "schmerztagebuch",
            "schmerzprotokoll",
            "schmerzwerte",
            "douleur",
            "douleurs",
            "dolor",
            "dolores",
            "dolore",
            "dor",
            "dores",
            "pijn",
            "smerte",
            "smerter",
            "smarta",
        ],
        LogKind::Sessions => &[
            "session",
            "sessions",
            "session_log",
            "session_logs",
            "exercise",
            "exercises",
            "exercise_log",
            "exercise_diary",
            "training",
            "trainings",
            "workout",
            "workouts",
            "sitzung",
            "sitzungen",
            "ubung",
            "ubungen",
            "uebungen",
            "trainingstagebuch",
            "ubungstagebuch",
            "seance",
            "seances",
            "exercices",
            "sesion",
            "sesiones",
            "ejercicios",
            "seduta",
            "sedute",
            "esercizi",
            "sessoes",
            "exercicios",
            "sessies",
            "oefeningen",
        ],
        LogKind::Programs => &[
            "program",
            "programs",
            "programme",
            "programmes",
            "program_log",
            "programm",
            "therapieprogramm",
            "therapieprogramme",
            "programa",
            "programas",
            "programma",
            "programmi",
            "programma_s",
        ],
        LogKind::Patients => &[
            "patient",
            "patients",
            "roster",
            "patient_list",
            "participant",
            "participants",
            "subject",
            "subjects",
            "patienten",
            "patientenliste",
            "stammdaten",
            "paciente",
            "pacientes",
            "paziente",
            "pazienti",
        ],
        LogKind::Events => &[
            "event",
            "events",
            "event_log",
            "clinical_events",
            "ereignis",
            "ereignisse",
            "evenement",
            "evenements",
            "evento",
            "eventos",
            "eventi",
            "gebeurtenissen",
        ],
        LogKind::Measures => &[
            "measure",
            "measures",
            "measurement",
            "measurements",
            "questionnaire",
            "questionnaires",
            "outcome_measures",
            "fragebogen",
            "fragebogen_werte",
            "messwerte",
            "mesures",
            "mediciones",
            "cuestionarios",
            "misure",
            "questionari",
            "metingen",
            "vragenlijsten",
        ],
    }
}

/// The place of the one name that is this log's, in whatever case; `None` if none or several are.
pub(in crate::ingest) fn find<'a>(names: impl IntoIterator<Item = &'a str>, kind: LogKind) -> Option<usize> {
    let names: Vec<String> = names.into_iter().map(normalized).collect();
    if let Some(native) = names.iter().position(|name| name == kind.as_str()) {
        return Some(native);
    }
    let mut fits = (0..names.len()).filter(|&at| called(kind).contains(&names[at].as_str()));
    match (fits.next(), fits.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// The log a file seems to hold by a word in its name, for suggestions only.
pub(in crate::ingest) fn suggests(file: &str, kind: LogKind) -> bool {
    let name = normalized(file);
    called(kind).iter().any(|word| if word.len() > 3 { name.contains(word) } else { name.split('_').any(|part| part == *word) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_found_by_its_name_in_several_languages_and_never_among_two() {
        assert_eq!(find(["Übersicht", "Schmerzen", "Übungen"], LogKind::Pain), Some(1));
        assert_eq!(find(["Übersicht", "Schmerzen", "ÜBUNGEN"], LogKind::Sessions), Some(2));
        assert_eq!(find(["Pain scores", "PAIN"], LogKind::Pain), Some(1));
        assert_eq!(find(["Pain scores", "Pain diary"], LogKind::Pain), None);
        assert_eq!(find(["Sheet1", "Sheet2"], LogKind::Patients), None);
    }

    #[test]
    fn no_name_means_two_logs_and_all_are_written_as_compared() {
        let mut seen: Vec<&str> = Vec::new();
        for &kind in LogKind::ALL {
            for &name in called(kind) {
                assert_eq!(normalized(name), name);
                assert!(!seen.contains(&name), "{name} twice");
                seen.push(name);
            }
        }
    }

    #[test]
    fn a_file_name_may_suggest_a_log() {
        assert!(suggests("pain_2024.csv", LogKind::Pain) && suggests("Schmerztagebuch Haus 3.xlsx", LogKind::Pain));
        assert!(!suggests("dormitory.csv", LogKind::Pain) && !suggests("notes.csv", LogKind::Sessions));
    }
}
