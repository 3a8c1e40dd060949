//! Published ways of counting adherence, as bundles of settings.

use serde::{Deserialize, Serialize};

use super::adherence::{AdherenceRule, AdherenceSettings};

/// A published definition of adherence. One more is one more line in [`AdherencePreset::ALL`] and its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdherencePreset {
    /// Sessions done over sessions recommended, satisfactory from 80 %.
    #[serde(rename = "bailey-2020")]
    Bailey2020,
    /// Initiation, implementation and persistence told apart.
    #[serde(rename = "de-geest-2018")]
    DeGeest2018,
    /// Weeks covered, after the proportion of days covered.
    Pdc,
    /// Done over prescribed from the start to the end of the program, not capped.
    Cma2,
    /// The same, capped at 100 %.
    Cma4,
}

impl AdherencePreset {
    /// All presets.
    pub const ALL: [Self; 5] = [Self::Bailey2020, Self::DeGeest2018, Self::Pdc, Self::Cma2, Self::Cma4];

    /// The settings it stands for.
    #[must_use]
    pub fn settings(self) -> AdherenceSettings {
        let usual = AdherenceSettings { preset: Some(self), ..AdherenceSettings::default() };
        match self {
            Self::Bailey2020 => AdherenceSettings { rule: AdherenceRule::RawCapped, adherent_week: 0.8, ..usual },
            Self::DeGeest2018 => AdherenceSettings { rule: AdherenceRule::WeeklyCapped, initiation_days: 14, permissible_gap: 28, ..usual },
            Self::Pdc => AdherenceSettings { rule: AdherenceRule::AdherentWeeks, adherent_week: 0.8, ..usual },
            Self::Cma2 => AdherenceSettings { rule: AdherenceRule::Raw, ..usual },
            Self::Cma4 => AdherenceSettings { rule: AdherenceRule::RawCapped, ..usual },
        }
    }

    /// Its name in `study.toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bailey2020 => "bailey-2020",
            Self::DeGeest2018 => "de-geest-2018",
            Self::Pdc => "pdc",
            Self::Cma2 => "cma2",
            Self::Cma4 => "cma4",
        }
    }

    /// Where it comes from, and what had to be carried over.
    #[must_use]
    pub fn source(self) -> &'static str {
        match self {
            Self::Bailey2020 => {
                "Bailey and others (2020), Br J Sports Med 54:326: frequency from self-report logs, satisfactory most often from 80 to 99 % \
                 of the recommended dose; a convention, not biology"
            }
            Self::DeGeest2018 => {
                "De Geest and others (2018), Ann Intern Med 169:30 (EMERGE): initiation, implementation and persistence are told apart; \
                 the days of initiation and the gap are ours"
            }
            Self::Pdc => {
                "the proportion of days covered of medication studies, with weeks for days, since a session covers a week's share and \
                 cannot be banked; a week is covered from 80 % of its prescription"
            }
            Self::Cma2 => {
                "CMA2 of AdhereR (Dima and Dediu 2017, PLoS ONE 12:e0174426), with sessions for supply and program start for the first \
                 event: done over prescribed to the end of the program, without cap. CMA5 and above carry supply over, which exercise does not allow"
            }
            Self::Cma4 => {
                "CMA4 of AdhereR (Dima and Dediu 2017, PLoS ONE 12:e0174426), with sessions for supply and program start for the first \
                 event: as CMA2, capped at 100 %. CMA5 and above carry supply over, which exercise does not allow"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn a_preset_brings_its_settings_and_what_is_written_beside_it_stands() {
        let read = |text: &str| parse(text, "s").unwrap().settings.adherence;
        for preset in AdherencePreset::ALL {
            assert_eq!(read(&format!("[adherence]\npreset = \"{}\"\n", preset.name())), preset.settings());
        }
        let own = read("[adherence]\npreset = \"pdc\"\nadherent_week = 0.75\n");
        assert_eq!((own.rule, own.adherent_week), (AdherenceRule::AdherentWeeks, 0.75));
        // In the template nothing stands beside it.
        let template = super::super::TEMPLATE.replace("# preset = \"bailey-2020\"", "preset = \"pdc\"");
        assert_eq!(read(&template), AdherencePreset::Pdc.settings());
        let error = parse("[adherence]\npreset = \"pdq\"\n", "s").unwrap_err().to_string();
        assert!(error.contains("Did you mean \"pdc\"?"), "{error}");
    }
}
