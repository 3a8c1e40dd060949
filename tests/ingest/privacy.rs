//! Personal columns are found by their headers and cells, and neither they nor what stands in them is carried.

use staywell::ingest::{Finding, Logs};

use super::study::StudyFolder;

/// A study whose patients.csv has one further column.
fn study(header: &str, cells: &[&str]) -> StudyFolder {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let rows: Vec<String> = cells.iter().enumerate().map(|(at, cell)| format!("P{},{}\n", at + 1, quoted(cell))).collect();
    StudyFolder::clean().with("patients.csv", format!("patient_id,{}\n{}", quoted(header), rows.concat()))
}

/// What the one further column is found to be, in the words of the note; `None` if it is carried.
fn found(header: &str, cells: &[&str]) -> Option<String> {
    let logs = study(header, cells).read();
    let finding = named(&logs).into_iter().next();
    assert_eq!(finding.is_some(), logs.patients.covariates.is_empty(), "{header}: a column is carried or named");
    let sentence = finding?.sentence;
    let what = sentence.split(" looks like ").nth(1)?.split(" (").next()?;
    Some(what.to_owned())
}

/// The findings of personal columns.
fn named(logs: &Logs) -> Vec<Finding> {
    logs.reading.findings.iter().filter(|finding| finding.rule == "personal_column").cloned().collect()
}

/// Cells that look like nothing in particular.
const PLAIN: [&str; 3] = ["k7q", "z3m", "w1c"];

const NAMES: &str = "names of people";
const PHONES: &str = "phone numbers";
const EMAILS: &str = "e-mail addresses";
const BIRTHS: &str = "birth dates";
const PLACES: &str = "postal addresses";
const NUMBERS: &str = "national, insurance or record numbers";

#[test]
fn headers_in_many_languages_name_what_is_personal() {
    let table: &[(&str, &[&str])] = &[
        (
            NAMES,
            &[
                "name",
                "Name",
                "first name",
                "First_Name",
                "firstName",
                "FIRSTNAME",
                "last name",
                "surname",
                "Surname (legal)",
                "Family name",
                "middle_name",
                "maiden name",
                "full name",
                "Patient name",
                "patient's name",
                "name of patient",
                "Nachname",
                "Vorname",
                "Vor- und Nachname",
                "Familienname",
                "Name des Patienten",
                "nom",
                "Nom de famille",
                "prénom",
                "PRENOM",
                "nombre",
                "Apellidos",
                "Nombre y apellidos",
                "achternaam",
                "voornaam",
                "Fornavn",
                "Etternavn",
                "förnamn",
                "efternamn",
                "cognome",
                "Nome e cognome",
                "initials",
                "therapist_name",
                "emergency contact",
                "username",
            ],
        ),
        (
            PHONES,
            &[
                "phone",
                "Phone number",
                "phone_1",
                "Tel.",
                "Tel. privat",
                "Telefon",
                "Telefonnummer",
                "handy",
                "Handy-Nr.",
                "mobile",
                "mobile_no",
                "MobilePhone",
                "home phone",
                "téléphone",
                "teléfono",
                "Telefoonnummer",
                "tlf",
                "cellulare",
                "Natel",
                "Fax",
                "emergency phone",
            ],
        ),
        (
            EMAILS,
            &[
                "email",
                "E-Mail",
                "EMail",
                "e_mail_address",
                "What is your e-mail address?",
                "Mail",
                "correo electrónico",
                "courriel",
                "e-post",
                "E-Mail-Adresse",
            ],
        ),
        (
            BIRTHS,
            &[
                "DOB",
                "dob",
                "DoB",
                "date of birth",
                "date_of_birth (dd/mm/yyyy)",
                "birth_date",
                "BirthDate",
                "birthday",
                "Geburtsdatum",
                "Geburts-Datum",
                "Fecha nac.",
                "Geb.",
                "geb. Datum",
                "geboortedatum",
                "fødselsdato",
                "födelsedatum",
                "date de naissance",
                "fecha de nacimiento",
                "data di nascita",
            ],
        ),
        (
            PLACES,
            &[
                "address",
                "Address line 2",
                "street",
                "Strasse",
                "Straße",
                "Str.",
                "Hausnummer",
                "PLZ",
                "zip",
                "ZIP code",
                "postcode",
                "Wohnort",
                "city",
                "Anschrift",
                "adresse",
                "code postal",
                "dirección",
                "indirizzo",
                "straat",
                "postnummer",
            ],
        ),
        (
            NUMBERS,
            &[
                "SSN",
                "social security number",
                "AHV",
                "AHV-Nr.",
                "AHVN13",
                "NHS number",
                "NHSNumber",
                "nhs_no",
                "insurance_no",
                "insurance number",
                "Versichertennummer",
                "KV-Nr.",
                "Sozialversicherungsnummer",
                "BSN",
                "CPR-nummer",
                "personnummer",
                "fødselsnummer",
                "codice fiscale",
                "numéro de sécurité sociale",
                "DNI",
                "passport number",
                "MRN",
                "National ID",
            ],
        ),
    ];
    for (what, headers) in table {
        for header in *headers {
            assert_eq!(found(header, &PLAIN).as_deref(), Some(*what), "{header}");
        }
    }
}

#[test]
fn headers_of_other_things_stay() {
    let headers = [
        "age",
        "sex",
        "birth_year",
        "year of birth",
        "Geburtsjahr",
        "année de naissance",
        "birth_weight",
        "exercise_name",
        "name of exercise",
        "Name der Übung",
        "site",
        "site_name",
        "study_name",
        "drug name",
        "file_name",
        "event_name",
        "program name",
        "mobility",
        "mobile_app_used",
        "mobile_device",
        "phone_calls",
        "phone_reminders",
        "email_reminders",
        "emails_sent",
        "telehealth",
        "cell_count",
        "handyman",
        "handedness",
        "address_changed",
        "street_noise",
        "insurance",
        "insurance_type",
        "insurance company",
        "NHS_trust",
        "national team",
        "surgery",
        "named_therapist_visits",
        "nomination",
        "nominal_dose",
        "telomere_length",
        "team",
        "group",
        "arm",
        "occupation",
        "education",
        "height",
        "weight",
        "BMI",
        "smoker",
        "diagnosis",
        "onset",
        "employer_size",
        "strength",
        "stress",
        "strategy",
        "region",
        "country",
        "Ort",
        "cap",
        "nights",
        "nervous",
        "nombre de séances",
        "namespace",
        "contact_days",
        "partner",
        "city_or_rural",
        "postal_survey_returned",
        "mailings",
        "faxed",
    ];
    for header in headers {
        assert_eq!(found(header, &PLAIN), None, "{header}");
    }
}

#[test]
fn an_answer_a_date_or_a_year_under_a_personal_header_is_not_personal() {
    let cases: [(&str, &[&str]); 7] = [
        ("mobile", &["1", "0", "1"]),
        ("email", &["yes", "no", "yes"]),
        ("NHS", &["x", "", "x"]),
        ("phone date", &["2024-03-01", "2024-03-09", "2024-04-02"]),
        ("Geburtsdatum", &["1967", "1982", "1950"]),
        ("dob", &["45", "61", "38"]),
        ("nombre", &["3", "4", "2"]),
    ];
    for (header, cells) in cases {
        assert_eq!(found(header, cells), None, "{header} {cells:?}");
    }
}

#[test]
fn cells_that_look_personal_are_found_under_any_header() {
    let table: &[(&str, &str, &[&str])] = &[
        (EMAILS, "contact", &["anna@x.ch", "b.meier@clinic.example.org", "carl+1@web.de"]),
        (EMAILS, "how to reach", &["anna@x.ch", "", "none"]),
        (PHONES, "contact", &["+41 79 123 45 67", "079 123 45 67", "(079) 1234567"]),
        (PHONES, "reach", &["555-123-4567", "(555) 123-4567", "1-555-123-4567"]),
        (PHONES, "q12", &["06 12 34 56 78", "06.12.34.56.79", "0612345 678"]),
        (PHONES, "q13", &["+4917612345678", "004917612345679", "0176/12345678"]),
        (NUMBERS, "k1", &["756.1234.5678.97", "756.9217.0769.85", "756.3047.5009.62"]),
        (NUMBERS, "k2", &["123-45-6789", "987-65-4321", "456-78-9012"]),
        (BIRTHS, "d1", &["1967-03-12", "1982-11-30", "1950-01-05", "1991-06-17"]),
        (BIRTHS, "d2", &["12.03.1967", "30.11.1982", "5.1.1950", "17.6.1991"]),
        (BIRTHS, "d3", &["3/12/67", "11/30/82", "1/5/50", "6/17/91"]),
        (BIRTHS, "birth_year", &["1967-03-12", "1999-11-30"]),
        (BIRTHS, "born", &["12.03.1967", "30.11.2001"]),
        (NAMES, "who", &["Anna Meier", "Peter von Gunten", "Jean-Luc Dupont", "Maria García López"]),
        (NAMES, "who", &["Meier, Anna", "Okonkwo, Chidi", "Nguyen, Thuy", "O'Brien, Sean"]),
        (NAMES, "p", &["ANNA MEIER", "PETER HUBER", "URS KELLER"]),
        (NAMES, "p", &["Herr Peter Huber", "Frau Dr. Anna Meier", "Frau Ursula Keller"]),
        (NAMES, "called", &["Anna", "Peter", "Ursula", "Luca"]),
        (PLACES, "where", &["Hauptstrasse 12", "Bahnhofweg 3a", "Am Platz 7"]),
        (PLACES, "where", &["12 High Street", "4b Park Road", "221 Baker St"]),
        (PLACES, "where", &["12, rue de la Paix", "5 avenue Foch", "8 rue Cler"]),
    ];
    for (what, header, cells) in table {
        assert_eq!(found(header, cells).as_deref(), Some(*what), "{header} {cells:?}");
    }
}

#[test]
fn cells_that_resemble_personal_ones_stay() {
    let table: &[(&str, &[&str])] = &[
        ("favourite", &["Bird Dog", "Glute Bridge", "Dead Bug", "Side Plank"]),
        ("site of pain", &["Low Back", "Left Knee", "Right Shoulder", "Neck"]),
        ("medication", &["Ibuprofen", "Vitamin D", "Novalgin Forte", "Paracetamol"]),
        ("atc", &["M01AE01", "N02BE01", "N02AX02"]),
        ("dose", &["400 mg", "1 g", "50/4 mg"]),
        ("icd", &["M54.5", "M54.16", "S83.2"]),
        ("remarks", &["Feels better after the walk", "Knee swollen, see MRI 12", "Called, will come Tuesday"]),
        ("onset_day", &["1988-03-12", "2002-11-30", "1975-01-05"]),
        ("enrolment date", &["2023-03-12", "2023-11-30", "2024-01-05"]),
        ("pain since", &["1990-01-01", "1985-06-01", "2001-01-01"]),
        ("d", &["2019-03-12", "2021-11-30", "2008-01-05"]),
        ("last visit", &["1.2.1990", "3.4.1981", "5.6.1970"]),
        ("device", &["0012345678", "0012345679", "0012345680"]),
        ("number", &["1234567", "1234568", "1234569"]),
        ("score", &["7.5", "12.25", "100"]),
        ("range", &["10-20", "20-30", "30-40"]),
        ("time", &["08:30", "12:15", "17:45"]),
        ("version", &["1.0.2", "1.1.0", "2.0.0"]),
        ("occupation", &["Office Clerk", "Truck Driver", "School Teacher", "Nurse"]),
        ("sport", &["Nordic Walking", "Table Tennis", "Aqua Fit"]),
        ("level", &["Level 3", "Level 4", "Level 2"]),
        ("week", &["Week 12", "Week 4", "Week 8"]),
        ("team", &["Red", "Blue", "Green"]),
        ("clinic", &["Bern", "Basel", "Zürich"]),
        ("ratio", &["120/80", "135/85", "110/70"]),
        ("handle", &["@home", "a@b", "left@right"]),
        ("coordinates", &["46.9480", "47.3769", "46.5197"]),
        ("range of dates", &["2023-01-01/2023-02-01", "2023-03-01/2023-04-01", "2023-01-05/2023-02-05"]),
        ("questionnaire", &["Oswestry Index", "Roland Morris", "Tampa Scale"]),
        ("arm", &["Exercise First", "Usual Care", "Wait List"]),
        ("employer", &["Swiss Post", "City Hospital", "Blue Ocean"]),
    ];
    for (header, cells) in table {
        assert_eq!(found(header, cells), None, "{header} {cells:?}");
    }
}

#[test]
fn a_name_in_an_exercise_log_is_that_of_the_exercise_unless_every_patient_has_one() {
    let log = |rows: &str| StudyFolder::clean().with("sessions.csv", format!("patient_id,date,name\n{rows}")).read();
    let exercises = log("P1,2024-01-01,Bridge\nP1,2024-01-02,Plank\nP2,2024-01-02,Bridge\n");
    assert_eq!(named(&exercises), []);
    let people = log("P1,2024-01-01,Meier\nP1,2024-01-02,Meier\nP2,2024-01-02,Huber\n");
    assert!(named(&people)[0].sentence.starts_with("Column \"name\" looks like names of people (by its name)"));
}

#[test]
fn a_place_beside_an_address_is_part_of_it() {
    let folder =
        StudyFolder::clean().with("patients.csv", "patient_id,Strasse,PLZ,Ort,age\nP1,Weg 1,3000,Bern,40\nP2,Weg 2,4000,Basel,50\n");
    let names: Vec<String> = folder.read().patients.covariates.into_iter().map(|covariate| covariate.name).collect();
    assert_eq!(names, ["age"]);
}

#[test]
fn the_finding_names_column_and_reason_and_what_to_do_and_no_value() {
    let folder = study("Geburtsdatum", &["12.03.1967", "30.11.1982"]);
    let finding = &named(&folder.read())[0];
    assert_eq!(
        (finding.file.as_str(), finding.line, finding.column.as_str(), finding.value.as_str()),
        ("patients.csv", None, "Geburtsdatum", "")
    );
    assert_eq!(
        finding.sentence,
        "Column \"Geburtsdatum\" looks like birth dates (by its name) and is not carried into any output. If age matters, give a column \
         birth_year instead."
    );
    assert_eq!(finding.fix, "Nothing. If it is something else, add to study.toml: [privacy] keep = [\"Geburtsdatum\"]");
    let finding = &named(&study("contact", &["anna@x.ch", "b@y.org", "no"]).read())[0];
    assert!(finding.sentence.contains("looks like e-mail addresses (by the shape of 2 of the 3 cells looked at)"));
}

#[test]
fn the_study_keeps_and_drops_columns_by_name() {
    let folder = StudyFolder::clean().with("patients.csv", "patient_id,name,employer,age\nP1,Red,Post,40\nP2,Blue,Rail,50\n");
    let names = |logs: Logs| logs.patients.covariates.into_iter().map(|covariate| covariate.name).collect::<Vec<_>>();
    assert_eq!(names(folder.read()), ["employer", "age"]);
    let folder = folder.with("study.toml", "[privacy]\nkeep = [\"Name\"]\ndrop = [\"employer\"]\n");
    assert_eq!(names(folder.read()), ["name", "age"]);
    let folder = folder.with("study.toml", "[privacy]\nkeep = [\"nme\"]\n");
    let (message, hint) = folder.refusal();
    assert_eq!(message, "study.toml: the setting privacy.keep names \"nme\", but no file has a column of that name.");
    assert_eq!(hint, "Correct it, perhaps to \"name\", or take it out.");
    let folder = folder.with("study.toml", "[privacy]\ndrop = [\"pain\"]\n");
    assert_eq!(folder.refusal().0, "pain.csv: the setting privacy.drop names the column \"pain\", which the reader cannot do without.");
}

#[test]
fn headers_and_cells_are_read_in_every_encoding_and_layout() {
    let text = "patient_id;Prénom;Straße\r\nP1;Zoë;Weg 1\r\nP2;René;Weg 2\r\n";
    let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [text.as_bytes().to_vec(), latin, utf16] {
        let logs = StudyFolder::clean().with("patients.csv", bytes).read();
        assert!(logs.patients.covariates.is_empty());
        assert_eq!(named(&logs).len(), 2);
    }
}
