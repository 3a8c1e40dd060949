//! The columns of each log: native name, accepted spellings, what they hold. The one place that knows them.

use crate::domain::folded;
use crate::settings::LogKind;

/// What a column means, whatever it is called in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Whose row it is.
    PatientId,
    /// The day logged (the start of a program).
    Date,
    /// Pain score.
    Pain,
    /// Whether the pain lasted 24 hours.
    Lasted24h,
    /// Phase of care.
    Phase,
    /// Done, partial or missed.
    Status,
    /// Name of the exercise.
    Exercise,
    /// Minutes.
    Minutes,
    /// Sessions a week prescribed.
    Prescribed,
    /// Share done.
    FractionDone,
    /// Quality of execution, 1–5.
    Technique,
    /// Planned last day of a program.
    PlannedEnd,
    /// Last day of a completed program.
    CompletedOn,
    /// How a program ended.
    Outcome,
    /// Sessions a week in the program.
    PrescribedPerWeek,
    /// Sessions a week afterwards.
    MaintenancePerWeek,
    /// What happened.
    Event,
    /// A column of the native files that this version does not analyze.
    Unused,
    /// A column of `patients.csv`.
    Covariate,
}

/// One column of a native file.
#[derive(Clone, Copy, Debug)]
pub struct ColumnSpec {
    /// What it means.
    pub field: Field,
    /// Native name.
    pub name: &'static str,
    /// Further names accepted, lower case with `_` between words.
    pub aliases: &'static [&'static str],
    /// Whether a file cannot do without it.
    pub required: bool,
    /// What its cells hold, for the documentation.
    pub holds: &'static str,
}

const fn column(field: Field, name: &'static str, aliases: &'static [&'static str], required: bool, holds: &'static str) -> ColumnSpec {
    ColumnSpec { field, name, aliases, required, holds }
}

const PATIENT_ID: ColumnSpec = column(
    Field::PatientId,
    "patient_id",
    &[
        "patient",
        "id",
        "pid",
        "patientid",
        "subject",
        "subject_id",
        "participant",
        "participant_id",
        "record_id",
        "patient_number",
        "pat_id",
        "patient_no",
        "patient_nr",
        "patient_num",
        "patient_code",
        "patient_identifier",
        "patient_key",
        "subject_no",
        "subject_number",
        "subject_code",
        "subjectid",
        "subjid",
        "usubjid",
        "participant_no",
        "participant_number",
        "participant_code",
        "participantid",
        "study_id",
        "studyid",
        "case_id",
        "client_id",
        "client",
        "person_id",
        "pseudonym",
        "code_patient",
        "recordid",
        "mrn",
        "patienten_id",
        "patientennummer",
        "patientennr",
        "patienten_nr",
        "patientencode",
        "patientenkennung",
        "patientin",
        "probanden_id",
        "proband",
        "teilnehmer",
        "teilnehmer_id",
        "versuchsperson",
        "fallnummer",
        "fall_id",
        "id_patient",
        "patient_numero",
        "numero_patient",
        "no_patient",
        "num_patient",
        "identifiant",
        "identifiant_patient",
        "paciente",
        "id_paciente",
        "paciente_id",
        "codigo_paciente",
        "numero_paciente",
        "participante",
        "patientnummer",
        "patient_nummer",
        "patientcode",
        "deelnemer",
        "deelnemer_id",
        "clientnummer",
        "paziente",
        "id_paziente",
        "codice_paziente",
        "pasient",
        "pasient_id",
        "pasientnummer",
        "patientnr",
    ],
    true,
    "text",
);
const DATE: ColumnSpec = column(
    Field::Date,
    "date",
    &[
        "day",
        "datum",
        "datetime",
        "date_time",
        "timestamp",
        "logged_on",
        "log_date",
        "session_date",
        "visit_date",
        "date_logged",
        "date_of_log",
        "date_of_entry",
        "entry_date",
        "entry_day",
        "log_day",
        "day_logged",
        "date_of_session",
        "session_day",
        "date_of_visit",
        "date_of_assessment",
        "assessment_date",
        "date_of_measurement",
        "measurement_date",
        "measured_on",
        "date_of_exercise",
        "exercise_date",
        "training_date",
        "diary_date",
        "date_of_diary",
        "survey_date",
        "response_date",
        "recorded_on",
        "recorded_at",
        "date_recorded",
        "logged_at",
        "log_datetime",
        "time_stamp",
        "observation_date",
        "obs_date",
        "date_time_local",
        "local_date",
        "calendar_date",
        "event_date",
        "date_of_event",
        "tag",
        "eintragsdatum",
        "datum_eintrag",
        "datum_uhrzeit",
        "erfassungsdatum",
        "messdatum",
        "trainingsdatum",
        "trainingstag",
        "sitzungsdatum",
        "behandlungsdatum",
        "zeitstempel",
        "datum_der_sitzung",
        "datum_der_behandlung",
        "jour",
        "date_jour",
        "date_seance",
        "date_de_seance",
        "date_de_la_seance",
        "date_saisie",
        "date_de_saisie",
        "date_mesure",
        "horodatage",
        "fecha",
        "fecha_hora",
        "dia",
        "fecha_sesion",
        "fecha_de_sesion",
        "fecha_de_la_sesion",
        "fecha_registro",
        "fecha_de_registro",
        "datum_tijd",
        "invuldatum",
        "sessiedatum",
        "datum_sessie",
        "dag",
        "giorno",
        "dato",
        "data_hora",
    ],
    true,
    "date or date-time",
);

const fn unused(name: &'static str) -> ColumnSpec {
    column(Field::Unused, name, &[], false, "accepted, not analyzed")
}

const SESSIONS: &[ColumnSpec] = &[
    PATIENT_ID,
    DATE,
    column(
        Field::Phase,
        "phase",
        &[
            "program_phase",
            "care_phase",
            "stage",
            "phase_of_care",
            "treatment_phase",
            "therapy_phase",
            "exercise_phase",
            "session_phase",
            "behandlungsphase",
            "therapiephase",
            "trainingsphase",
            "phase_de_traitement",
            "fase",
            "fase_de_tratamiento",
        ],
        false,
        "program, flexibility, …, maintenance",
    ),
    column(
        Field::Status,
        "status",
        &[
            "completed",
            "done",
            "attended",
            "attendance",
            "performed",
            "adherent",
            "session_status",
            "exercise_status",
            "completion",
            "is_completed",
            "is_done",
            "session_done",
            "session_completed",
            "exercise_done",
            "exercises_done",
            "was_done",
            "did_exercise",
            "exercised",
            "attendance_status",
            "erledigt",
            "durchgefuhrt",
            "durchgefuehrt",
            "gemacht",
            "absolviert",
            "teilgenommen",
            "fait",
            "realise",
            "effectue",
            "statut",
            "seance_faite",
            "hecho",
            "realizado",
            "completado",
            "realizada",
            "estado",
            "gedaan",
            "uitgevoerd",
            "voltooid",
            "gjort",
            "utfort",
            "udfort",
            "genomford",
            "gennemfort",
        ],
        false,
        "done, partial, missed (or 1, 0)",
    ),
    column(
        Field::Exercise,
        "exercise",
        &[
            "exercise_name",
            "activity",
            "exercise_type",
            "exercise_id",
            "activity_name",
            "ubung",
            "uebung",
            "ubungsname",
            "aktivitat",
            "exercice",
            "activite",
            "ejercicio",
            "actividad",
            "oefening",
            "ovelse",
            "ovning",
        ],
        false,
        "text",
    ),
    column(
        Field::Minutes,
        "minutes",
        &[
            "duration",
            "duration_min",
            "duration_minutes",
            "mins",
            "dauer",
            "minute",
            "min",
            "session_minutes",
            "session_duration",
            "duration_in_minutes",
            "minutes_done",
            "exercise_minutes",
            "time_min",
            "time_minutes",
            "length_min",
            "dauer_min",
            "dauer_in_minuten",
            "minuten",
            "duree",
            "duree_min",
            "duree_minutes",
            "duracion",
            "duracion_min",
            "minutos",
            "duur",
            "duur_minuten",
            "varighed",
            "varighet",
        ],
        false,
        "number, 0 or more",
    ),
    column(
        Field::Prescribed,
        "prescribed",
        &[
            "sessions_per_week",
            "prescribed_per_week",
            "prescribed_sessions",
            "prescribed_sessions_per_week",
            "sessions_prescribed",
            "target_sessions",
            "sessions_per_week_prescribed",
            "frequency_per_week",
            "verordnet",
            "einheiten_pro_woche",
            "seances_par_semaine",
            "sesiones_por_semana",
        ],
        false,
        "sessions a week, 0 or more",
    ),
    column(
        Field::FractionDone,
        "fraction_done",
        &["fraction", "share_done", "fraction_completed", "share_completed", "proportion_done", "proportion_completed"],
        false,
        "0–1",
    ),
    column(
        Field::Technique,
        "technique",
        &["technique_score", "quality", "technique_rating", "technique_grade", "execution_quality", "quality_score", "ausfuhrung"],
        false,
        "1–5",
    ),
    unused("setting"),
    unused("modality"),
    unused("muscle_group"),
    unused("sets"),
    unused("reps"),
    unused("hold_seconds"),
    unused("pain_before"),
    unused("pain_during"),
    unused("pain_after"),
];

const PAIN: &[ColumnSpec] = &[
    PATIENT_ID,
    DATE,
    column(
        Field::Pain,
        "pain",
        &[
            "score",
            "nrs",
            "vas",
            "pain_score",
            "pain_intensity",
            "pain_level",
            "intensity",
            "schmerz",
            "pain_nrs",
            "nrs_pain",
            "pain_vas",
            "vas_pain",
            "nprs",
            "nrs_score",
            "vas_score",
            "nprs_score",
            "pain_nprs",
            "nrs_pain_score",
            "vas_pain_score",
            "pain_rating",
            "painscore",
            "pain_value",
            "pain_severity",
            "pain_today",
            "pain_now",
            "current_pain",
            "average_pain",
            "avg_pain",
            "mean_pain",
            "worst_pain",
            "back_pain",
            "low_back_pain",
            "lbp",
            "pain_score_nrs",
            "pain_score_vas",
            "pain_intensity_nrs",
            "pain_intensity_vas",
            "schmerzen",
            "schmerz_nrs",
            "schmerz_vas",
            "schmerzstarke",
            "schmerzstaerke",
            "schmerzintensitat",
            "schmerzintensitaet",
            "schmerzwert",
            "schmerzscore",
            "schmerzskala",
            "schmerzniveau",
            "ruckenschmerz",
            "ruckenschmerzen",
            "douleur",
            "eva",
            "en_douleur",
            "douleur_eva",
            "douleur_en",
            "intensite_douleur",
            "intensite_de_la_douleur",
            "niveau_douleur",
            "niveau_de_douleur",
            "score_douleur",
            "score_de_douleur",
            "dolor",
            "eva_dolor",
            "dolor_eva",
            "intensidad_dolor",
            "intensidad_del_dolor",
            "intensidad",
            "nivel_dolor",
            "nivel_de_dolor",
            "pijn",
            "pijnscore",
            "pijn_nrs",
            "pijn_vas",
            "pijnintensiteit",
            "rugpijn",
            "dolore",
            "intensita_dolore",
            "dor",
            "smerte",
            "smerter",
            "smertescore",
            "smerteintensitet",
            "smarta",
            "smartintensitet",
        ],
        true,
        "number on the scale",
    ),
    column(
        Field::Lasted24h,
        "lasted_24h",
        &["lasted24h", "lasted_24_h", "pain_24h", "pain_lasted_24h", "lasted_24_hours", "lasted_a_day", "more_than_24h", "over_24h"],
        false,
        "yes or no",
    ),
    unused("site"),
    unused("numbness"),
    unused("weakness"),
    unused("context"),
    unused("medication"),
];

const PROGRAMS: &[ColumnSpec] = &[
    PATIENT_ID,
    column(
        Field::Date,
        "start",
        &[
            "program_start",
            "start_date",
            "started_on",
            "begin",
            "program_start_date",
            "programme_start",
            "programme_start_date",
            "start_of_program",
            "date_start",
            "date_of_start",
            "start_day",
            "started",
            "enrolled_on",
            "enrolment_date",
            "enrollment_date",
            "date_enrolled",
            "baseline_date",
            "program_begin",
            "beginn",
            "startdatum",
            "programmbeginn",
            "programmstart",
            "behandlungsbeginn",
            "therapiebeginn",
            "debut",
            "date_debut",
            "date_de_debut",
            "debut_programme",
            "inicio",
            "fecha_inicio",
            "fecha_de_inicio",
            "begindatum",
            "start_datum",
            "inizio",
            "data_inizio",
            "startdato",
        ],
        true,
        "date",
    ),
    column(
        Field::PlannedEnd,
        "planned_end",
        &[
            "planned_end_date",
            "expected_end",
            "planned_end_on",
            "expected_end_date",
            "planned_completion",
            "planned_completion_date",
            "scheduled_end",
            "target_end_date",
            "due_date",
            "geplantes_ende",
            "ende_geplant",
            "fin_prevue",
            "date_fin_prevue",
            "fin_prevista",
            "fecha_fin_prevista",
            "geplande_einddatum",
        ],
        false,
        "date",
    ),
    column(
        Field::CompletedOn,
        "completed_on",
        &[
            "completed",
            "completion",
            "completion_date",
            "completed_date",
            "date_completed",
            "date_of_completion",
            "program_completed",
            "program_completed_on",
            "program_end",
            "end_date",
            "date_end",
            "end_of_program",
            "finished_on",
            "discharge_date",
            "date_of_discharge",
            "discharged_on",
            "abgeschlossen_am",
            "abschluss",
            "abschlussdatum",
            "ende",
            "enddatum",
            "programmende",
            "entlassungsdatum",
            "date_fin",
            "date_de_fin",
            "fin",
            "fin_programme",
            "fecha_fin",
            "fecha_de_fin",
            "fecha_alta",
            "einddatum",
            "afgerond_op",
            "data_fine",
            "slutdato",
            "slutdatum",
        ],
        false,
        "date",
    ),
    column(
        Field::Outcome,
        "outcome",
        &[
            "program_outcome",
            "status",
            "program_status",
            "programme_outcome",
            "result",
            "completion_status",
            "discharge_status",
            "ergebnis",
            "programmstatus",
            "ausgang",
            "resultat",
            "resultado",
            "resultaat",
            "uitkomst",
            "esito",
        ],
        false,
        "completed, dropped_out, ongoing",
    ),
    column(
        Field::PrescribedPerWeek,
        "prescribed_per_week",
        &[
            "prescribed",
            "sessions_per_week",
            "prescribed_sessions_per_week",
            "sessions_prescribed_per_week",
            "weekly_sessions",
            "frequency",
            "frequency_per_week",
            "einheiten_pro_woche",
            "seances_par_semaine",
            "sesiones_por_semana",
            "sessies_per_week",
        ],
        false,
        "sessions a week, 0 or more",
    ),
    column(
        Field::MaintenancePerWeek,
        "maintenance_per_week",
        &["maintenance", "maintenance_sessions_per_week", "maintenance_sessions", "maintenance_frequency"],
        false,
        "sessions a week, 0 or more",
    ),
    unused("phase_plan"),
];

const PATIENTS: &[ColumnSpec] = &[
    PATIENT_ID,
    column(
        Field::Covariate,
        "age",
        &["age_years", "alter", "age_at_start", "age_at_baseline", "patient_age", "edad", "leeftijd", "eta", "idade", "alder"],
        false,
        "number",
    ),
    column(
        Field::Covariate,
        "birth_year",
        &[
            "year_of_birth",
            "born",
            "yob",
            "birthyear",
            "geburtsjahr",
            "annee_naissance",
            "annee_de_naissance",
            "ano_nacimiento",
            "ano_de_nacimiento",
            "geboortejaar",
            "fodselsar",
            "fodelsear",
        ],
        false,
        "number",
    ),
    column(
        Field::Covariate,
        "sex",
        &["gender", "geschlecht", "sexe", "sexo", "geslacht", "sesso", "kjonn", "kon", "patient_sex"],
        false,
        "category",
    ),
    column(Field::Covariate, "onset", &["onset_date"], false, "any"),
    column(
        Field::Covariate,
        "previous_episodes",
        &[
            "prior_episodes",
            "episodes",
            "number_of_episodes",
            "n_episodes",
            "prior_lbp_episodes",
            "earlier_episodes",
            "fruhere_episoden",
            "episodes_anterieurs",
            "episodios_previos",
        ],
        false,
        "number",
    ),
];

const EVENTS: &[ColumnSpec] = &[
    PATIENT_ID,
    DATE,
    column(
        Field::Event,
        "event",
        &[
            "event_type",
            "kind",
            "type",
            "event_name",
            "clinical_event",
            "event_kind",
            "ereignis",
            "ereignisart",
            "evenement",
            "type_evenement",
            "evento",
            "tipo_evento",
            "gebeurtenis",
            "haendelse",
            "hendelse",
            "handelse",
        ],
        true,
        "surgery, injection, imaging, referral, new_program, withdrawn, died",
    ),
];

/// The columns of one kind of log.
#[must_use]
pub fn columns_of(kind: LogKind) -> &'static [ColumnSpec] {
    match kind {
        LogKind::Sessions => SESSIONS,
        LogKind::Pain => PAIN,
        LogKind::Programs => PROGRAMS,
        LogKind::Patients => PATIENTS,
        LogKind::Events => EVENTS,
    }
}

impl ColumnSpec {
    /// Whether a header name is one of this column's, with or without a unit behind it.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        let is = |name: &str| name == self.name || self.aliases.contains(&name);
        is(&normalized(name)) || is(&without_unit(name))
    }
}

/// A header name as aliases are compared: lower case, without accents, words joined by `_`; `PatientId` is two words.
#[must_use]
pub fn normalized(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut spaced = String::with_capacity(name.len() + 4);
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at)).copied().unwrap_or(' ');
        let after = letters.get(at + 1).copied().unwrap_or(' ');
        let word_starts = letter.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && after.is_lowercase()));
        if word_starts {
            spaced.push(' ');
        }
        spaced.push(letter);
    }
    let folded = folded(&spaced);
    let words: Vec<&str> = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("_")
}

/// Words that say how a value is written, not what it is.
const UNITS: &[&str] = &[
    "to",
    "bis",
    "von",
    "from",
    "of",
    "a",
    "per",
    "pro",
    "par",
    "min",
    "mins",
    "minutes",
    "minuten",
    "minuter",
    "minutter",
    "minuti",
    "minutos",
    "h",
    "hours",
    "cm",
    "mm",
    "nrs",
    "vas",
    "nprs",
    "score",
    "scale",
    "skala",
    "points",
    "punkte",
    "pts",
    "yes",
    "no",
    "ja",
    "nein",
    "oui",
    "non",
    "si",
    "y",
    "n",
    "true",
    "false",
    "week",
    "woche",
    "wk",
    "days",
    "yyyy",
    "yy",
    "dd",
    "tt",
    "jjjj",
    "jj",
    "aaaa",
    "hh",
    "ss",
    "iso",
    "required",
    "optional",
    "pain",
    "worst",
    "possible",
    "imaginable",
    "none",
    "done",
    "missed",
];

/// The normalized name without units: `Pain (0-10)` and `pain_0_10` are pain. A bracket that says something else stays,
/// as does the range of another scale.
fn without_unit(name: &str) -> String {
    let is_unit = |text: &str| {
        let text = normalized(text);
        text.split('_').all(|word| ["", "0", "1", "10", "100"].contains(&word) || UNITS.contains(&word))
    };
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find(['(', '[', '{']) {
        let (before, bracket) = rest.split_at(at);
        let Some(end) = bracket.find([')', ']', '}']) else { break };
        let (inside, after) = (bracket.get(1..end).unwrap_or_default(), bracket.get(end + 1..).unwrap_or_default());
        plain.push_str(before);
        if is_unit(inside) {
            plain.push(' ');
        } else {
            plain.push_str(bracket.get(..=end).unwrap_or_default());
        }
        rest = after;
    }
    plain.push_str(rest);
    let normal = normalized(&plain);
    let ranges = ["_0_10", "_0_100", "_0_to_10", "_0_to_100", "_0_bis_10", "_0_bis_100"];
    ranges.iter().find_map(|range| normal.strip_suffix(range)).unwrap_or(&normal).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_means_two_columns_of_one_log() {
        for kind in LogKind::ALL {
            let mut seen: Vec<&str> = Vec::new();
            for spec in columns_of(*kind) {
                for name in std::iter::once(&spec.name).chain(spec.aliases) {
                    assert_eq!(normalized(name), **name, "spelled as compared");
                    assert!(!seen.contains(name), "{name} twice in {}", kind.as_str());
                    seen.push(name);
                }
            }
        }
    }

    #[test]
    fn header_names_are_compared_without_case_and_punctuation() {
        assert_eq!(normalized(" Patient-ID "), "patient_id");
        assert_eq!(normalized("Pain (score)"), "pain_score");
        for (name, wanted) in [
            ("PatientID", "patient_id"),
            ("patientId", "patient_id"),
            ("NRSScore", "nrs_score"),
            ("\u{feff}Schmerzstärke\u{a0}", "schmerzstarke"),
            ("PATIENT-NR.", "patient_nr"),
            ("lasted24h", "lasted24h"),
            ("Fecha de la sesión", "fecha_de_la_sesion"),
            ("VAS", "vas"),
        ] {
            assert_eq!(normalized(name), wanted, "{name}");
        }
    }

    #[test]
    fn a_unit_behind_a_name_is_no_part_of_it_and_a_condition_is() {
        for name in ["Pain (0-10)", "pain [NRS 0–10]", "pain_0_10", "Pain 0 to 10", "Pain (0 = no pain, 10 = worst)"] {
            assert_eq!(without_unit(name), "pain", "{name}");
        }
        assert_eq!(without_unit("Duration (min)"), "duration");
        assert_eq!(without_unit("Date (dd/mm/yyyy)"), "date");
        for (name, wanted) in
            [("Pain (0-7)", "pain_0_7"), ("Pain (before)", "pain_before"), ("pain_1", "pain_1"), ("pain (", "pain"), ("(min)", "")]
        {
            assert_eq!(without_unit(name), wanted, "{name}");
        }
        assert!(!PAIN.iter().filter(|spec| spec.field == Field::Pain).any(|spec| spec.is_called("Pain (after exercise)")));
    }
}
