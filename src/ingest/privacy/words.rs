//! The words of headers that speak of a person, as [`folded`](crate::domain::folded): lower case, without accents.

use super::Kind;

/// Words and phrases that make a header personal, separated by `|`, by what they name. Stronger kinds come first: an "e-mail
/// address" is an e-mail.
pub(super) const MARKS: &[(Kind, &str)] = &[
    (
        Kind::Email,
        "email|emails|e mail|mail|emailadresse|mailadresse|emailadres|mailadres|emailaddress|correo|correo electronico|\
         courriel|epost|e post|epostadresse|e postadresse|epostadress|posta elettronica|sahkoposti",
    ),
    (
        Kind::Phone,
        "phone|phones|telephone|tel|telephon|telefon|telefonnummer|telefonnr|telefono|telefone|telefoon|telefoonnummer|\
         telefonnumer|tlf|tlfnr|telnr|telno|puhelin|puhelinnumero|mobile|mobil|mobiel|mobilnummer|mobilnr|mobiltelefon|\
         mobiltelefonnummer|mobilfunk|mobilfunknummer|mobieltje|handy|handynummer|handynr|natel|cell|cellphone|cellulare|\
         celular|movil|gsm|fax|telefax|faxnummer|rufnummer|festnetz|festnetznummer|whatsapp|phonenumber|mobilenumber|\
         mobilephone|contact number|portable",
    ),
    (
        Kind::BirthDate,
        "dob|geburts datum|geburts tag|fecha nac|date of birth|dateofbirth|birthdate|birth date|birthday|birth day|geburtsdatum|geburtstag|geb|gebdatum|gebdat|\
         geb dat|geboren|geboren am|geboortedatum|geboortedag|fodselsdato|foedselsdato|fodselsdag|foedselsdag|fodelsedatum|\
         fodelsedag|date de naissance|datedenaissance|date naissance|naissance|ddn|ne le|fecha de nacimiento|fecha nacimiento|\
         fechanacimiento|nacimiento|fnac|f nac|fec nac|data di nascita|data nascita|datanascita|nascita|data de nascimento|\
         nascimento|syntymaaika|data urodzenia",
    ),
    (
        Kind::Number,
        "ssn|avs|kk nr|kk nummer|niss|ohip|health card|social security|socialsecurity|socialsecuritynumber|nhs|nhsnumber|nino|national insurance|national id|nationalid|\
         national identity|insurance number|insurance no|insurance nr|insurance id|insurance policy|insurancenumber|insuranceno|\
         policy number|policy no|policynumber|versicherungsnummer|versicherungsnr|versicherungs nummer|versicherungs nr|\
         versichertennummer|versichertennr|versicherten nr|versicherten nummer|krankenkassennummer|krankenkassennr|\
         krankenversicherungsnummer|kvnr|kv nr|kv nummer|sozialversicherungsnummer|sozialversicherungsnr|svnr|sv nr|sv nummer|\
         ahv|ahvn|ahvnr|ahvnummer|passport|passnummer|reisepassnummer|ausweisnummer|ausweisnr|identity card|identity number|\
         id card|personal number|personnummer|personnr|fodselsnummer|foedselsnummer|fodselsnr|cpr|cprnr|cprnummer|bsn|\
         burgerservicenummer|rijksregisternummer|henkilotunnus|hetu|codice fiscale|codicefiscale|dni|nie|nif|\
         numero de securite sociale|securite sociale|numero secu|seguridad social|numero de seguridad social|cpf|tax id|\
         tax number|taxid|steuernummer|steuerid|steuer id|medicare|medicaid|mrn|medical record|medicalrecordnumber|\
         hospital number|hospital no|fallnummer|fallnr|fall nr|driver license|drivers license|driving licence|driving license",
    ),
    (
        Kind::Name,
        "name|nok|login|names|nom|noms|nombre|nombres|naam|namen|navn|namn|nome|nomi|surname|surnames|lastname|firstname|forename|\
         forenames|familyname|givenname|middlename|maidenname|fullname|patientname|patientsname|clientname|username|nickname|\
         nachname|nachnamen|vorname|vornamen|zuname|familienname|rufname|geburtsname|ledigname|madchenname|maedchenname|\
         patientenname|voornaam|achternaam|familienaam|roepnaam|tussenvoegsel|fornavn|etternavn|efternavn|mellomnavn|\
         mellemnavn|fornamn|efternamn|etunimi|sukunimi|nimi|apellido|apellidos|cognome|cognomi|nominativo|sobrenome|apelido|\
         prenom|prenoms|nomdefamille|initials|initialen|initiales|iniciales|iniziali|initialer|emergency contact|next of kin",
    ),
    (
        Kind::Address,
        "address|adr|postadress|npa|localite|addresses|addr|adresse|adressen|adress|adres|anschrift|postanschrift|wohnadresse|postadresse|heimadresse|\
         privatadresse|adressezeile|street|streetname|streetaddress|strasse|strassenname|str|hausnummer|hausnr|house number|\
         house no|housenumber|rue|calle|straat|straatnaam|huisnummer|gateadresse|vejnavn|gatuadress|direccion|domicilio|\
         indirizzo|endereco|morada|rua|postcode|post code|postalcode|postal code|postal|zip|zipcode|plz|postleitzahl|\
         postnummer|postnr|code postal|codepostal|codigo postal|wohnort|city|town|ville|ciudad|woonplaats|poststed|postort|\
         comune|localidad|place of residence|residence|domicile|village|kotiosoite|osoite|postinumero",
    ),
];

/// Headers that are places of living only where another column of the file is an address.
pub(super) const BESIDE_AN_ADDRESS: &str = "ort|plaats|stad|stadt|via|cap|cp|nr|land|gate|gata|vej|by|state|county";

/// Words that may stand beside a mark without changing what it names: a "mobile number of the patient" is a phone number, a "mobile
/// app" is not. Whose it is, which one it is, small words, and how it is written.
pub(super) const COMPANY: &str = "patient|subj|respondent|survey|n|f|patients|patienten|patientin|patientinnen|pat|pt|paciente|paziente|client|clients|klient|klientin|kunde|\
    participant|participants|teilnehmer|teilnehmerin|proband|probandin|deelnemer|deltaker|deltager|deltagare|subject|\
    person|personal|contact|kontakt|emergency|notfall|mother|father|parent|guardian|spouse|partner|relative|kin|\
    therapist|therapeut|therapeutin|physio|physiotherapist|doctor|dr|arzt|hausarzt|hausarztin|gp|physician|nurse|carer|\
    caregiver|provider|practitioner|clinician|coach|employee|interviewer|assessor|user|member|full|first|last|family|\
    given|middle|maiden|birth|second|legal|preferred|current|primary|secondary|main|alternative|alternate|alt|other|\
    next|home|house|private|privat|prive|work|office|geschaftlich|mobile|daytime|evening|residential|mailing|postal|\
    zip|line|zeile|complete|completo|number|numbers|num|no|nr|nummer|numero|numer|code|suffix|prefix|title|titel|\
    of|the|a|at|de|del|della|di|du|des|der|die|das|den|da|do|la|le|el|het|van|your|my|his|her|their|and|\
    und|et|y|e|en|og|och|or|oder|with|what|is|are|please|enter|s|ihr|ihre|mit|votre|su|am|familia|famille|\
    famiglia|jeune|fille|date|datum|fecha|data|dato|dd|mm|yyyy|yy|jjjj|jj|tt|aaaa|aa|text|txt|string|nach|vor";

/// Words of a header that ask for a year and not for a day.
pub(super) const YEARS: &str = "year|years|yob|jahr|annee|ano|anno|jaar|ar|vuosi";

/// Dates that are no birth dates, however long ago they lie.
pub(super) const OTHER_DATES: &str = "onset|start|started|begin|beginn|beginning|end|ended|ende|since|seit|depuis|desde|enrol|enroll|enrolled|\
    enrolment|enrollment|admission|admitted|aufnahme|discharge|entlassung|visit|besuch|injury|accident|unfall|trauma|\
    verletzung|surgery|operation|op|operated|diagnosis|diagnosed|diagnose|diagnostic|referral|referred|registration|\
    registered|consent|treatment|therapy|therapie|program|programme|first|last|erst|letzte|debut|inicio|inizio|\
    insorgenza|exit|entry|eintritt|austritt|baseline|followup|follow|fu|completed|completion|session|log|created|\
    updated|modified|time|timestamp|fracture|episode";

/// Whether a word or phrase is one of a list separated by `|`.
pub(super) fn lists(list: &str, phrase: &str) -> bool {
    list.split('|').any(|known| known == phrase)
}
