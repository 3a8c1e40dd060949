//! Clinical events that end or change follow-up.

use super::vocabulary::vocabulary;

vocabulary! {
    /// A dated clinical event.
    EventKind {
        /// Surgery on the spine.
        Surgery = "surgery" | "operation" | "surgical" | "spinal surgery" | "back surgery" | "op" | "operiert" | "chirurgie" | "intervention chirurgicale" | "operacion" | "cirugia" | "intervencion quirurgica" | "cirurgia" | "operazione" | "chirurgia" | "intervento chirurgico" | "operatie" | "ingreep" | "kirurgi" | "operasjon",
        /// Injection.
        Injection = "injection" | "epidural" | "epidural injection" | "steroid injection" | "injektion" | "spritze" | "infiltration" | "inyeccion" | "infiltracion" | "injecao" | "iniezione" | "infiltrazione" | "injectie" | "infiltratie" | "injeksjon" | "sprojte",
        /// Imaging.
        Imaging = "imaging" | "mri" | "mri scan" | "ct" | "ct scan" | "x ray" | "xray" | "radiograph" | "scan" | "bildgebung" | "mrt" | "rontgen" | "roentgen" | "imagerie" | "irm" | "radiographie" | "scanner" | "resonancia" | "resonancia magnetica" | "radiografia" | "tomografia" | "diagnostica per immagini" | "risonanza magnetica" | "beeldvorming" | "rontgenfoto" | "billeddiagnostik" | "bilddiagnostik" | "bildediagnostikk",
        /// Referral to another service.
        Referral = "referral" | "referred" | "uberweisung" | "ueberweisung" | "uberwiesen" | "ueberwiesen" | "derivacion" | "derivado" | "derivada" | "remision" | "encaminhamento" | "invio specialistico" | "verwijzing" | "doorverwijzing" | "verwezen" | "remiss" | "remitterad" | "henvisning" | "henvist",
        /// Start of a further program.
        NewProgram = "new_program" | "new program" | "new programme" | "re referral" | "rereferral" | "second program" | "second programme" | "neues programm" | "nouveau programme" | "nuevo programa" | "novo programa" | "nuovo programma" | "nieuw programma" | "nyt program" | "nytt program",
        /// Withdrawal from the study.
        Withdrawn = "withdrawn" | "withdrew" | "withdrawal" | "consent withdrawn" | "withdrawal of consent" | "ruckzug" | "rueckzug" | "zuruckgezogen" | "zurueckgezogen" | "einwilligung widerrufen" | "retrait" | "retrait du consentement" | "retirada" | "retirado" | "retiro" | "desistencia" | "ritiro" | "ritirato" | "teruggetrokken" | "terugtrekking" | "tilbagetrukket" | "trukket seg" | "tillbakadragen" | "samtycke aterkallat",
        /// Death.
        Died = "died" | "death" | "dead" | "deceased" | "tod" | "todesfall" | "gestorben" | "verstorben" | "tot" | "deces" | "decede" | "decedee" | "mort" | "morte" | "muerte" | "fallecido" | "fallecida" | "fallecimiento" | "murio" | "obito" | "faleceu" | "decesso" | "deceduto" | "deceduta" | "overleden" | "overlijden" | "dod" | "dodsfall" | "dodsfald" | "avliden",
    }
}

impl EventKind {
    /// Whether the event ends the time in which a recurrence can be seen.
    #[must_use]
    pub fn ends_follow_up(self) -> bool {
        matches!(self, Self::Surgery | Self::NewProgram | Self::Withdrawn | Self::Died)
    }
}
