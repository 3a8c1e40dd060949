//! How a program ended.

use super::vocabulary::vocabulary;

vocabulary! {
    /// How a program ended, as the clinic recorded it.
    ProgramOutcome {
        /// Completed.
        Completed = "completed" | "complete" | "discharged" | "finished" | "graduated" | "abgeschlossen" | "entlassen" | "termine" | "terminee" | "acheve" | "completado" | "completada" | "finalizado" | "finalizada" | "terminado" | "terminada" | "concluido" | "completato" | "concluso" | "voltooid" | "afgerond" | "gennemfort" | "fullfort" | "genomford" | "slutford" | "afsluttet" | "avsluttet",
        /// Stopped before its end.
        DroppedOut = "dropped_out" | "dropped out" | "dropout" | "drop out" | "stopped" | "discontinued" | "withdrawn" | "withdrew" | "quit" | "lost to follow up" | "did not complete" | "not completed" | "abgebrochen" | "abbruch" | "ausgeschieden" | "abandon" | "abandonne" | "abandonnee" | "arrete" | "interrompu" | "abandono" | "abandonado" | "interrumpido" | "interrotto" | "abbandonato" | "gestopt" | "afgebroken" | "uitgevallen" | "avbruten" | "avbrutt" | "afbrudt" | "frafald" | "frafall",
        /// Still running at the cut-off.
        Ongoing = "ongoing" | "active" | "in progress" | "current" | "running" | "in treatment" | "laufend" | "lauft" | "laeuft" | "andauernd" | "aktiv" | "en cours" | "en curso" | "activo" | "activa" | "em curso" | "in corso" | "lopend" | "actief" | "pagaende" | "igang" | "igangvaerende",
    }
}
