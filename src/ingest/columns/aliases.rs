//! Further names of columns that real exports use, as [`super::normalized`] spells them: English, German, French, Spanish, Portuguese,
//! Italian, Dutch, Danish, Norwegian and Swedish.

#[rustfmt::skip]
pub(super) const PATIENT_ID: &[&str] = &[
    "patient", "id", "pid", "patientid", "subject", "subject_id", "participant", "participant_id", "record_id", "patient_number",
    "pat_id", "pat_nr", "pat_no", "patnr", "user_id", "userid", "patient_no", "patient_nr", "patient_num", "patient_code", "patient_identifier", "patient_key", "subject_no",
    "subject_number", "subject_code", "subjectid", "subjid", "usubjid", "participant_no", "participant_number", "participant_code",
    "participantid", "study_participant", "case_id", "client_id", "client", "person_id", "pseudonym", "code_patient", "recordid",
    "mrn", "patienten_id", "patientennummer", "patientennr", "patienten_nr", "patientencode", "patientenkennung", "patientin",
    "probanden_id", "proband", "teilnehmer", "teilnehmer_id", "versuchsperson", "fallnummer", "fall_id", "id_patient", "patient_numero",
    "numero_patient", "no_patient", "num_patient", "identifiant", "identifiant_patient", "paciente", "id_paciente", "paciente_id",
    "codigo_paciente", "numero_paciente", "participante", "patientnummer", "patient_nummer", "patientcode", "deelnemer", "deelnemer_id",
    "clientnummer", "paziente", "id_paziente", "codice_paziente", "pasient", "pasient_id", "pasientnummer", "patientnr",
];

#[rustfmt::skip]
pub(super) const DATE: &[&str] = &[
    "day", "datum", "datetime", "date_time", "timestamp", "logged_on", "log_date", "session_date", "visit_date", "date_logged",
    "date_of_log", "date_of_entry", "entry_date", "entry_day", "log_day", "day_logged", "date_of_session", "session_day",
    "date_of_visit", "date_of_assessment", "assessment_date", "date_of_measurement", "measurement_date", "measured_on",
    "date_of_exercise", "exercise_date", "training_date", "diary_date", "date_of_diary", "survey_date", "response_date", "recorded_on",
    "recorded_at", "date_recorded", "logged_at", "log_datetime", "time_stamp", "observation_date", "obs_date", "date_time_local",
    "local_date", "calendar_date", "event_date", "date_of_event", "tag", "eintragsdatum", "datum_eintrag", "datum_uhrzeit",
    "erfassungsdatum", "messdatum", "trainingsdatum", "trainingstag", "sitzungsdatum", "behandlungsdatum", "zeitstempel",
    "datum_der_sitzung", "datum_der_behandlung", "jour", "date_jour", "date_seance", "date_de_seance", "date_de_la_seance",
    "date_saisie", "date_de_saisie", "date_mesure", "horodatage", "fecha", "fecha_hora", "dia", "fecha_sesion", "fecha_de_sesion",
    "fecha_de_la_sesion", "fecha_registro", "fecha_de_registro", "datum_tijd", "invuldatum", "sessiedatum", "datum_sessie", "dag",
    "giorno", "dato", "data_hora",
];

#[rustfmt::skip]
pub(super) const PHASE: &[&str] = &[
    "program_phase", "care_phase", "stage", "phase_of_care", "treatment_phase", "therapy_phase", "exercise_phase", "session_phase",
    "behandlungsphase", "therapiephase", "trainingsphase", "phase_de_traitement", "fase", "fase_de_tratamiento",
];

#[rustfmt::skip]
pub(super) const STATUS: &[&str] = &[
    "completed", "done", "attended", "attendance", "performed", "adherent", "session_status", "exercise_status", "completion",
    "is_completed", "is_done", "session_done", "session_completed", "exercise_done", "exercises_done", "was_done", "did_exercise",
    "exercised", "attendance_status", "erledigt", "durchgefuhrt", "durchgefuehrt", "gemacht", "absolviert", "teilgenommen", "fait",
    "realise", "effectue", "statut", "seance_faite", "hecho", "realizado", "completado", "realizada", "estado", "gedaan", "uitgevoerd",
    "voltooid", "gjort", "utfort", "udfort", "genomford", "gennemfort",
    "eseguito", "eseguita", "svolto", "svolta", "fatto", "completato", "completata", "feito", "concluido",
];

#[rustfmt::skip]
pub(super) const EXERCISE: &[&str] = &[
    "exercise_name", "activity", "exercise_type", "exercise_id", "activity_name", "ubung", "uebung", "ubungsname", "aktivitat",
    "exercice", "esercizio", "exercicio", "activite", "ejercicio", "actividad", "oefening", "ovelse", "ovning",
];

#[rustfmt::skip]
pub(super) const MINUTES: &[&str] = &[
    "duration", "duration_min", "duration_minutes", "mins", "dauer", "minute", "min", "session_minutes", "session_duration",
    "duration_in_minutes", "minutes_done", "exercise_minutes", "time_min", "time_minutes", "length_min", "dauer_min",
    "dauer_in_minuten", "minuten", "duree", "duree_min", "duree_minutes", "duracion", "duracion_min", "minutos", "duur", "duur_minuten",
    "varighed", "varighet", "durata", "durata_min", "minuti", "duracao",
];

#[rustfmt::skip]
pub(super) const PRESCRIBED: &[&str] = &[
    "sessions_per_week", "prescribed_per_week", "prescribed_sessions", "prescribed_sessions_per_week", "sessions_prescribed",
    "target_sessions", "sessions_per_week_prescribed", "frequency_per_week", "verordnet", "einheiten_pro_woche", "seances_par_semaine",
    "sesiones_por_semana",
];

#[rustfmt::skip]
pub(super) const FRACTION_DONE: &[&str] = &[
    "fraction", "share_done", "fraction_completed", "share_completed", "proportion_done", "proportion_completed",
];

#[rustfmt::skip]
pub(super) const TECHNIQUE: &[&str] = &[
    "technique_score", "quality", "technique_rating", "technique_grade", "execution_quality", "quality_score", "ausfuhrung",
];

#[rustfmt::skip]
pub(super) const PAIN: &[&str] = &[
    "score", "nrs", "vas", "pain_score", "pain_intensity", "pain_level", "intensity", "schmerz", "pain_nrs", "nrs_pain", "pain_vas",
    "vas_pain", "nprs", "nrs_score", "vas_score", "nprs_score", "pain_nprs", "nrs_pain_score", "vas_pain_score", "pain_rating",
    "painscore", "pain_value", "pain_severity", "pain_today", "pain_now", "current_pain", "average_pain", "avg_pain", "mean_pain",
    "worst_pain", "back_pain", "low_back_pain", "lbp", "pain_score_nrs", "pain_score_vas", "pain_intensity_nrs", "pain_intensity_vas",
    "schmerzen", "schmerz_nrs", "schmerz_vas", "schmerzstarke", "schmerzstaerke", "schmerzintensitat", "schmerzintensitaet",
    "schmerzwert", "schmerzscore", "schmerzskala", "schmerzniveau", "ruckenschmerz", "ruckenschmerzen", "douleur", "eva", "en_douleur",
    "douleur_eva", "douleur_en", "intensite_douleur", "intensite_de_la_douleur", "niveau_douleur", "niveau_de_douleur", "score_douleur",
    "score_de_douleur", "dolor", "eva_dolor", "dolor_eva", "intensidad_dolor", "intensidad_del_dolor", "intensidad", "nivel_dolor",
    "nivel_de_dolor", "pijn", "pijnscore", "pijn_nrs", "pijn_vas", "pijnintensiteit", "rugpijn", "dolore", "intensita_dolore", "dor",
    "smerte", "smerter", "smertescore", "smerteintensitet", "smarta", "smartintensitet",
];

#[rustfmt::skip]
pub(super) const LASTED_24H: &[&str] = &[
    "lasted24h", "lasted_24_h", "pain_24h", "pain_lasted_24h", "lasted_24_hours", "lasted_a_day", "more_than_24h", "over_24h",
];

#[rustfmt::skip]
pub(super) const START: &[&str] = &[
    "program_start", "start_date", "started_on", "begin", "program_start_date", "programme_start", "programme_start_date",
    "start_of_program", "date_start", "date_of_start", "start_day", "started", "enrolled_on", "enrolment_date", "enrollment_date",
    "date_enrolled", "baseline_date", "program_begin", "beginn", "startdatum", "programmbeginn", "programmstart", "behandlungsbeginn",
    "therapiebeginn", "debut", "date_debut", "date_de_debut", "debut_programme", "inicio", "fecha_inicio", "fecha_de_inicio",
    "begindatum", "start_datum", "inizio", "data_inizio", "startdato",
];

#[rustfmt::skip]
pub(super) const PLANNED_END: &[&str] = &[
    "planned_end_date", "expected_end", "planned_end_on", "expected_end_date", "planned_completion", "planned_completion_date",
    "scheduled_end", "target_end_date", "due_date", "geplantes_ende", "ende_geplant", "fin_prevue", "date_fin_prevue", "fin_prevista",
    "fecha_fin_prevista", "geplande_einddatum",
];

#[rustfmt::skip]
pub(super) const COMPLETED_ON: &[&str] = &[
    "completed", "completion", "completion_date", "completed_date", "date_completed", "date_of_completion", "program_completed",
    "program_completed_on", "program_end", "end_date", "date_end", "end_of_program", "finished_on", "discharge_date",
    "date_of_discharge", "discharged_on", "abgeschlossen_am", "abschluss", "abschlussdatum", "ende", "enddatum", "programmende",
    "entlassungsdatum", "date_fin", "date_de_fin", "fin", "fin_programme", "fecha_fin", "fecha_de_fin", "fecha_alta", "einddatum",
    "afgerond_op", "data_fine", "slutdato", "slutdatum",
];

#[rustfmt::skip]
pub(super) const OUTCOME: &[&str] = &[
    "program_outcome", "status", "program_status", "programme_outcome", "result", "completion_status", "discharge_status", "ergebnis",
    "programmstatus", "ausgang", "resultat", "resultado", "resultaat", "uitkomst", "esito",
];

#[rustfmt::skip]
pub(super) const PRESCRIBED_PER_WEEK: &[&str] = &[
    "prescribed", "sessions_per_week", "prescribed_sessions_per_week", "sessions_prescribed_per_week", "weekly_sessions", "frequency",
    "frequency_per_week", "einheiten_pro_woche", "seances_par_semaine", "sesiones_por_semana", "sessies_per_week",
];

#[rustfmt::skip]
pub(super) const AGE: &[&str] = &[
    "age_years", "alter", "age_at_start", "age_at_baseline", "patient_age", "edad", "leeftijd", "eta", "idade", "alder",
];

#[rustfmt::skip]
pub(super) const BIRTH_YEAR: &[&str] = &[
    "year_of_birth", "born", "yob", "birthyear", "geburtsjahr", "annee_naissance", "annee_de_naissance", "ano_nacimiento",
    "ano_de_nacimiento", "geboortejaar", "fodselsar", "fodelsear",
];

#[rustfmt::skip]
pub(super) const SEX: &[&str] = &[
    "gender", "geschlecht", "sexe", "sexo", "geslacht", "sesso", "kjonn", "kon", "patient_sex",
];

#[rustfmt::skip]
pub(super) const PREVIOUS_EPISODES: &[&str] = &[
    "prior_episodes", "episodes", "number_of_episodes", "n_episodes", "prior_lbp_episodes", "earlier_episodes", "fruhere_episoden",
    "episodes_anterieurs", "episodios_previos",
];

#[rustfmt::skip]
pub(super) const EVENT: &[&str] = &[
    "event_type", "kind", "type", "event_name", "clinical_event", "event_kind", "ereignis", "ereignisart", "evenement",
    "type_evenement", "evento", "tipo_evento", "gebeurtenis", "haendelse", "hendelse", "handelse",
];

#[rustfmt::skip]
pub(super) const SETTING: &[&str] = &[
    "session_setting", "exercise_setting", "care_setting", "setting_of_session", "home_or_clinic", "clinic_or_home", "supervision",
    "setting_type",
];

#[rustfmt::skip]
pub(super) const MODALITY: &[&str] = &[
    "modalities", "modality_type", "exercise_category", "exercise_modality", "exercise_class", "exercise_kind", "kind_of_exercise",
    "type_of_exercise", "treatment_type", "treatment_modality", "type_of_treatment", "intervention_type", "therapy_type",
    "modalitat", "modalitaet", "ubungsart", "uebungsart", "therapieform", "behandlungsart", "modalite", "modalidad", "modalita",
    "modalidade", "modaliteit", "modalitet",
];

#[rustfmt::skip]
pub(super) const MUSCLE_GROUP: &[&str] = &[
    "muscle", "muscles", "muscle_groups", "target_muscle", "target_muscles", "muscle_target", "target_muscle_group", "body_part",
    "muskelgruppe", "muskelgruppen", "muskel", "groupe_musculaire", "grupo_muscular", "gruppo_muscolare", "spiergroep", "muskelgrupp",
    "muskelgruppe_trainiert",
];

#[rustfmt::skip]
pub(super) const SETS: &[&str] = &[
    "set", "number_of_sets", "n_sets", "sets_done", "num_sets", "set_count", "satze", "saetze", "series", "serien", "serie",
    "nombre_de_series", "serier",
];

#[rustfmt::skip]
pub(super) const REPS: &[&str] = &[
    "rep", "repetitions", "repetition", "number_of_reps", "number_of_repetitions", "n_reps", "num_reps", "reps_done", "reps_per_set",
    "repetitions_per_set", "wiederholungen", "wdh", "repeticiones", "repetitions_par_serie", "repeticoes", "ripetizioni", "herhalingen",
    "gentagelser", "repetisjoner", "repetitioner",
];

#[rustfmt::skip]
pub(super) const HOLD_SECONDS: &[&str] = &[
    "hold", "hold_time", "hold_sec", "hold_secs", "hold_s", "hold_time_s", "hold_time_sec", "hold_time_seconds", "hold_duration",
    "seconds_held", "holding_time", "haltezeit", "haltedauer", "halten_sekunden", "temps_de_maintien", "tiempo_de_mantenimiento",
];

#[rustfmt::skip]
pub(super) const PAIN_BEFORE: &[&str] = &[
    "pre_pain", "pain_pre", "pain_before_session", "pain_before_exercise", "pain_pre_session", "pain_pre_exercise", "pre_session_pain",
    "pre_exercise_pain", "before_pain", "nrs_before", "nrs_pre", "vas_before", "vas_pre", "pain_at_start", "pain_start", "schmerz_vorher",
    "schmerz_vor", "schmerzen_vorher", "nrs_vorher", "vas_vorher", "douleur_avant", "dolor_antes", "dolore_prima", "dor_antes",
    "pijn_voor", "smerte_for", "smarta_fore",
];

#[rustfmt::skip]
pub(super) const PAIN_DURING: &[&str] = &[
    "pain_in_session", "pain_during_session", "pain_during_exercise", "during_pain", "nrs_during", "vas_during", "intra_session_pain",
    "worst_pain_during", "schmerz_wahrend", "schmerz_waehrend", "schmerzen_wahrend", "nrs_wahrend", "douleur_pendant", "dolor_durante",
    "dolore_durante", "dor_durante", "pijn_tijdens", "smerte_under", "smarta_under",
];

#[rustfmt::skip]
pub(super) const PAIN_AFTER: &[&str] = &[
    "post_pain", "pain_post", "pain_after_session", "pain_after_exercise", "pain_post_session", "pain_post_exercise", "post_session_pain",
    "post_exercise_pain", "after_pain", "nrs_after", "nrs_post", "vas_after", "vas_post", "pain_at_end", "pain_end", "schmerz_nachher",
    "schmerz_nach", "schmerzen_nachher", "nrs_nachher", "vas_nachher", "douleur_apres", "dolor_despues", "dolore_dopo", "dor_depois",
    "pijn_na", "smerte_etter", "smerte_efter", "smarta_efter",
];

#[rustfmt::skip]
pub(super) const SITE: &[&str] = &[
    "pain_site", "site_of_pain", "pain_location", "location_of_pain", "distal_site", "most_distal_site", "most_distal_pain",
    "most_distal_symptom", "pain_region", "pain_area", "schmerzort", "schmerzlokalisation", "lokalisation", "localisation_douleur",
    "localisation_de_la_douleur", "localizacion_dolor", "localizacion_del_dolor", "sede_dolore", "pijnlocatie", "smertested",
];

#[rustfmt::skip]
pub(super) const NUMBNESS: &[&str] = &[
    "numb", "tingling", "numbness_tingling", "numbness_or_tingling", "paresthesia", "paraesthesia", "pins_and_needles", "taubheit",
    "taubheitsgefuhl", "taubheitsgefuehl", "kribbeln", "engourdissement", "fourmillements", "entumecimiento", "hormigueo", "dormencia",
    "intorpidimento", "formicolio", "gevoelloosheid", "tintelingen", "folelosleshet", "domning",
];

#[rustfmt::skip]
pub(super) const WEAKNESS: &[&str] = &[
    "weak", "leg_weakness", "muscle_weakness", "schwache", "schwaeche", "kraftminderung", "muskelschwache", "faiblesse", "debilidad",
    "fraqueza", "debolezza", "zwakte", "svaghet", "svakhet", "svaghed",
];

#[rustfmt::skip]
pub(super) const LIMITED: &[&str] = &[
    "activity_limiting", "activity_limited", "limits_activity", "limited_activity", "limiting", "activity_limitation",
    "activity_limiting_pain", "pain_limits_activity", "pain_limited_activity", "limited_by_pain", "interferes_with_activity",
    "eingeschrankt", "eingeschraenkt", "einschrankung", "einschraenkung", "activite_limitee", "limite_activite",
    "limita_actividad", "actividad_limitada", "beperkt", "begraenset", "begrenset", "begransad",
];

#[rustfmt::skip]
pub(super) const CONTEXT: &[&str] = &[
    "pain_context", "context_of_entry", "occasion", "reporting_context", "report_context", "assessment_context", "entry_context",
    "entry_source", "kontext", "contexte", "contexto", "contesto",
];

#[rustfmt::skip]
pub(super) const MEDICATION: &[&str] = &[
    "medication_taken", "medication_use", "meds", "pain_medication", "pain_meds", "pain_medication_taken", "took_medication", "analgesic",
    "analgesics", "analgesic_use", "painkiller", "painkillers", "painkiller_taken", "medikation", "medikamente", "medikament",
    "schmerzmittel", "medicament", "medicaments", "antalgique", "medicacion", "medicamento", "analgesico", "medicazione", "farmaci",
    "analgesici", "medicatie", "pijnstiller", "pijnstillers", "medisin", "smertestillende", "smartstillande",
];

#[rustfmt::skip]
pub(super) const MEASURE: &[&str] = &[
    "measure_name", "measurement", "measurement_name", "instrument", "instrument_name", "questionnaire", "questionnaire_name",
    "outcome_measure", "outcome", "test", "test_name", "scale", "scale_name", "variable", "parameter", "item", "mass", "messgrosse",
    "messgroesse", "fragebogen", "instrumento", "cuestionario", "questionario", "medida", "mesure", "misura", "maat", "vragenlijst",
    "mal",
];

#[rustfmt::skip]
pub(super) const VALUE: &[&str] = &[
    "score", "result", "total", "total_score", "measure_value", "measured_value", "measurement_value", "value_measured", "val", "wert",
    "messwert", "punktzahl", "ergebnis", "valeur", "resultat", "valor", "resultado", "puntuacion", "puntaje", "valore", "risultato",
    "punteggio", "waarde", "resultaat", "verdi", "vaerdi", "varde", "poang",
];
