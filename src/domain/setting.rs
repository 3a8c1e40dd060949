//! Where a session took place.

use super::vocabulary::vocabulary;

vocabulary! {
    /// Where, and with whom, a session took place.
    Setting {
        /// In the clinic, with a therapist.
        Clinic = "clinic" | "in clinic" | "at clinic" | "at the clinic" | "in the clinic" | "clinical" | "clinic visit" | "outpatient" | "inpatient" | "hospital" | "practice" | "physio" | "physiotherapy" | "supervised" | "on site" | "praxis" | "in der praxis" | "klinik" | "in der klinik" | "ambulant" | "therapie" | "clinique" | "cabinet" | "hopital" | "clinica" | "consulta" | "ospedale" | "kliniek" | "praktijk" | "klinikk" | "klinikken",
        /// At home, without a therapist.
        Home = "home" | "at home" | "from home" | "home exercise" | "home exercises" | "home program" | "home programme" | "home based" | "hep" | "domestic" | "unsupervised" | "self" | "self directed" | "zu hause" | "zuhause" | "daheim" | "heim" | "heimtraining" | "heimubung" | "heimuebung" | "eigenubung" | "domicile" | "a domicile" | "maison" | "a la maison" | "casa" | "en casa" | "a casa" | "em casa" | "domicilio" | "thuis" | "hjemme" | "hjem" | "hemma" | "hem",
        /// In a class or group.
        Class = "class" | "group" | "group class" | "group session" | "group exercise" | "group therapy" | "exercise class" | "back school" | "in class" | "in a group" | "in group" | "gruppe" | "in der gruppe" | "kurs" | "gruppentherapie" | "gruppentraining" | "ruckenschule" | "rueckenschule" | "groupe" | "en groupe" | "cours" | "cours collectif" | "grupo" | "en grupo" | "em grupo" | "clase" | "clase grupal" | "gruppo" | "in gruppo" | "groep" | "in groep" | "groepsles" | "hold" | "grupp" | "i grupp",
    }
}
