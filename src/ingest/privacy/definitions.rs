//! Patient ids in what a study says of itself: its name, names of columns and of the scale of pain, which are written again.

use super::KnownIds;
use crate::ingest::columns::columns_of;
use crate::settings::{LogKind, ScaleSetting, Settings};

impl KnownIds {
    /// The definitions with every id in a name replaced.
    pub fn in_settings(&self, settings: &Settings) -> Settings {
        let mut shown = settings.clone();
        shown.study.name = settings.study.name.as_deref().map(|name| self.in_name(name));
        for covariate in shown.model.covariates.iter_mut().flatten() {
            *covariate = self.in_column(covariate);
        }
        shown
    }

    /// The name of a column with every id in it replaced; native names stay, whatever ids there are.
    pub fn in_column(&self, name: &str) -> String {
        let native = LogKind::ALL.iter().any(|&kind| columns_of(kind).iter().any(|spec| spec.name == name));
        if native { name.to_owned() } else { self.in_text(name) }
    }

    /// A declared scale with every id in a name replaced.
    pub fn in_scale(&self, scale: ScaleSetting) -> ScaleSetting {
        match scale {
            ScaleSetting::Named(_) => scale,
            ScaleSetting::Own { name, min, max } => ScaleSetting::Own { name: self.in_text(&name), min, max },
            ScaleSetting::ByColumn(scales) => {
                ScaleSetting::ByColumn(scales.into_iter().map(|(column, scale)| (self.in_column(&column), self.in_scale(scale))).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::settings::parse;

    #[test]
    fn names_in_settings_hold_no_id_and_native_columns_keep_theirs() {
        let mut known = KnownIds::default();
        for (at, id) in ["MUELLER-1967", "minutes", "8"].into_iter().enumerate() {
            known.add(id, &format!("p-{at}"));
        }
        let text = "[study]\nname = \"Case 8, Mueller-1967\"\n[model]\ncovariates = [\"minutes\", \"mueller-1967_dose\", \"age\"]\n";
        let shown = known.in_settings(&parse(text, "study.toml").unwrap().settings);
        assert_eq!(shown.study.name.unwrap(), "Case p-2, p-0");
        assert_eq!(shown.model.covariates.unwrap(), ["minutes", "p-0_dose", "age"]);
        let own = |name: &str| ScaleSetting::Own { name: name.to_owned(), min: 0.0, max: 7.0 };
        let by = |column: &str, name: &str| ScaleSetting::ByColumn(BTreeMap::from([(column.to_owned(), own(name))]));
        assert_eq!(known.in_scale(by("MUELLER-1967", "0–8 of MUELLER-1967")), by("p-0", "0–8 of p-0"));
    }
}
