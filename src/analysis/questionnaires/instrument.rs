//! The questionnaires known, and the rules by which each is scored.

use serde::Serialize;

use crate::domain::folded;

/// A questionnaire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Instrument {
    /// Oswestry disability index, 0–100 %.
    Odi,
    /// Roland–Morris disability questionnaire, 0–24.
    Rmdq,
    /// Patient's global impression of change, 1–7.
    Pgic,
    /// Exercise adherence rating scale, section B, 0–24.
    Ears,
}

/// What a name in the log stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The score.
    Total,
    /// The answer to an item, from 1.
    Item(usize),
}

/// Why the answers of a day give no score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoScore {
    /// A value outside what the item or score allows.
    OutOfRange,
    /// More answers missing than the rules allow.
    TooFewAnswers,
}

impl Instrument {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Odi, Self::Rmdq, Self::Pgic, Self::Ears];

    /// Its short name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Odi => "ODI",
            Self::Rmdq => "RMDQ",
            Self::Pgic => "PGIC",
            Self::Ears => "EARS",
        }
    }

    /// Names it goes by, folded.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Odi => &["odi", "oswestry disability index", "oswestry"],
            Self::Rmdq => &["rmdq", "rmq", "rdq", "roland morris disability questionnaire", "roland morris"],
            Self::Pgic => &["pgic", "patient global impression of change", "global impression of change"],
            Self::Ears => &["ears", "exercise adherence rating scale"],
        }
    }

    /// Items, and the greatest answer of each; the least is 0.
    #[must_use]
    pub fn items(self) -> Option<(usize, f64)> {
        match self {
            Self::Odi => Some((10, 5.0)),
            Self::Rmdq => Some((24, 1.0)),
            Self::Ears => Some((6, 4.0)),
            Self::Pgic => None,
        }
    }

    /// Least and greatest score, and whether it is a whole number.
    #[must_use]
    pub fn range(self) -> (f64, f64, bool) {
        match self {
            Self::Odi => (0.0, 100.0, false),
            Self::Rmdq | Self::Ears => (0.0, 24.0, true),
            Self::Pgic => (1.0, 7.0, true),
        }
    }

    /// Points of an important change between two scores; `None` where a change of scores has no meaning.
    #[must_use]
    pub fn important_points(self) -> Option<f64> {
        match self {
            Self::Odi => Some(10.0),
            Self::Rmdq => Some(5.0),
            Self::Pgic | Self::Ears => None,
        }
    }

    /// What a name in the log stands for: `ODI`, `odi_total`, `odi_3`, `ODI item 3`, `rmdq24`.
    #[must_use]
    pub fn recognize(name: &str) -> Option<(Self, Part)> {
        let name = folded(name);
        Self::ALL.into_iter().find_map(|instrument| {
            let rest = instrument.names().iter().find_map(|known| name.strip_prefix(known))?.trim();
            let rest = ["item", "section", "question", "q"].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest).trim();
            if ["", "total", "score", "total score", "sum", "percent", "%", "2.0", "2.1", "2.1a", "v2.0", "v2.1", "v2.1a"].contains(&rest) {
                return Some((instrument, Part::Total));
            }
            let (items, _) = instrument.items()?;
            let item: usize = rest.parse().ok().filter(|item| (1..=items).contains(item))?;
            Some((instrument, Part::Item(item)))
        })
    }

    /// The score of the items answered.
    ///
    /// # Definition
    /// ODI: `100 · Σ answers / (5 · answered)`, refused with more than two of ten sections missing. RMDQ and EARS: the sum, refused with
    /// any item missing, since there is no agreed rule to prorate by. Items of the EARS are taken as scored (4 is most adherent).
    ///
    /// # Errors
    /// [`NoScore`].
    pub fn score_items(self, answers: &[Option<f64>]) -> Result<f64, NoScore> {
        let Some((items, most)) = self.items() else { return Err(NoScore::OutOfRange) };
        let given: Vec<f64> = answers.iter().copied().flatten().collect();
        if given.iter().any(|answer| answer.fract() != 0.0 || !(0.0..=most).contains(answer)) {
            return Err(NoScore::OutOfRange);
        }
        let missing = items.saturating_sub(given.len());
        let sum: f64 = given.iter().sum();
        match self {
            Self::Odi if missing <= 2 => Ok(100.0 * sum / (most * given.len() as f64)),
            Self::Rmdq | Self::Ears if missing == 0 => Ok(sum),
            _ => Err(NoScore::TooFewAnswers),
        }
    }

    /// A score given as such.
    ///
    /// # Errors
    /// [`NoScore::OutOfRange`].
    pub fn check_total(self, score: f64) -> Result<f64, NoScore> {
        let (least, most, whole) = self.range();
        let good = (least..=most).contains(&score) && (!whole || score.fract() == 0.0);
        if good { Ok(score) } else { Err(NoScore::OutOfRange) }
    }
}

/// The five bands of the ODI, by their greatest score; 20.5 is in the second.
pub const ODI_BANDS: [(f64, &str); 5] = [(20.0, "minimal"), (40.0, "moderate"), (60.0, "severe"), (80.0, "crippling"), (100.0, "greatest")];
/// From this score the EARS counts as acceptable adherence.
pub const EARS_ACCEPTABLE: f64 = 17.0;
