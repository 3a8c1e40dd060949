//! What became of a planned session.

use super::vocabulary::vocabulary;

vocabulary! {
    /// What a log says of a session. A session that is not in the log at all is *unlogged*, a third state.
    SessionStatus {
        /// Done.
        Done = "done" | "completed" | "complete" | "yes" | "y" | "true" | "t" | "1" | "1.0" | "x" | "✓" | "✔" | "☑" | "☒" | "attended" | "performed" | "present" | "finished" | "ja" | "j" | "wahr" | "gemacht" | "erledigt" | "durchgefuhrt" | "durchgefuehrt" | "absolviert" | "abgeschlossen" | "anwesend" | "oui" | "vrai" | "fait" | "faite" | "realise" | "realisee" | "effectue" | "effectuee" | "si" | "verdadero" | "hecho" | "hecha" | "realizado" | "realizada" | "completado" | "completada" | "cumplido" | "sim" | "feito" | "vero" | "fatto" | "completato" | "waar" | "gedaan" | "voltooid" | "uitgevoerd" | "afgerond" | "sant" | "sand" | "gjort" | "utfort" | "udfort" | "genomford" | "gennemfort" | "fullfort",
        /// Done in part; counts as `fraction_done`, or as one half where that is not logged.
        Partial = "partial" | "partially" | "partly" | "incomplete" | "part" | "half" | "teilweise" | "zum teil" | "partiel" | "partielle" | "partiellement" | "parcial" | "parcialmente" | "parziale" | "parzialmente" | "gedeeltelijk" | "deels" | "delvis",
        /// Logged as not done.
        Missed = "missed" | "skipped" | "no" | "n" | "false" | "f" | "0" | "0.0" | "✗" | "✘" | "☐" | "not done" | "not completed" | "not attended" | "did not attend" | "dna" | "no show" | "absent" | "cancelled" | "canceled" | "nein" | "falsch" | "nicht gemacht" | "nicht erledigt" | "nicht durchgefuhrt" | "nicht durchgefuehrt" | "ausgelassen" | "ausgefallen" | "versaumt" | "versaeumt" | "verpasst" | "abgesagt" | "abwesend" | "non" | "faux" | "non fait" | "non faite" | "pas fait" | "pas faite" | "non realise" | "non realisee" | "manque" | "manquee" | "annule" | "annulee" | "falso" | "no hecho" | "no hecha" | "no realizado" | "no realizada" | "omitido" | "omitida" | "perdida" | "cancelado" | "cancelada" | "nao" | "nao feito" | "non fatto" | "saltato" | "nee" | "neen" | "onwaar" | "niet gedaan" | "gemist" | "overgeslagen" | "afgezegd" | "nej" | "nei" | "falskt" | "falsk" | "usant" | "inte gjort" | "ej gjort" | "ikke gjort" | "ikke udfort" | "ikke utfort" | "missad" | "udeladt" | "avlyst" | "aflyst",
    }
}
