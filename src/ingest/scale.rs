//! The scale pain was logged on, and the one it is kept on.

use super::error::IngestError;
use crate::domain::{PainScale, nearest};
use crate::settings::ScaleSetting;

/// How logged values become scores.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LoggedScale {
    least: f64,
    greatest: f64,
    /// Logged values are divided by this.
    pub divide_by: f64,
    /// The scale of the scores.
    pub result: PainScale,
}

const NAMES: [&str; 4] = ["nrs", "vas100", "vas10", "days7"];

impl LoggedScale {
    /// The scale of a file; the 0–10 numeric rating scale if nothing is declared.
    pub fn of(setting: Option<&ScaleSetting>, file: &str) -> Result<Self, IngestError> {
        let scale = |name: &str, greatest: f64, divide_by: f64| Self {
            least: 0.0,
            greatest,
            divide_by,
            result: PainScale { name: name.to_owned(), min: 0.0, max: greatest / divide_by },
        };
        match setting {
            None => Ok(scale(&PainScale::numeric_rating().name, 10.0, 1.0)),
            Some(ScaleSetting::Named(name)) => match name.to_ascii_lowercase().as_str() {
                "nrs" => Ok(scale(&PainScale::numeric_rating().name, 10.0, 1.0)),
                "vas100" => Ok(scale("0–10 VAS", 100.0, 10.0)),
                "vas10" => Ok(scale("0–10 VAS", 10.0, 1.0)),
                "days7" => Ok(scale(&PainScale::days_a_week().name, 7.0, 1.0)),
                _ => Err(IngestError::Setting {
                    file: file.to_owned(),
                    setting: "files.pain.scale".to_owned(),
                    problem: format!("is \"{name}\", which is none of {}", NAMES.join(", ")),
                    fix: nearest(name, NAMES).map_or_else(
                        || "Declare a scale of your own as scale = { name = \"…\", min = 0, max = 10 }.".to_owned(),
                        |near| format!("Did you mean \"{near}\"?"),
                    ),
                }),
            },
            Some(ScaleSetting::Own { name, min, max }) if min < max => {
                Ok(Self { least: *min, greatest: *max, divide_by: 1.0, result: PainScale { name: name.clone(), min: *min, max: *max } })
            }
            Some(ScaleSetting::Own { min, max, .. }) => Err(IngestError::Setting {
                file: file.to_owned(),
                setting: "files.pain.scale".to_owned(),
                problem: format!("goes from {min} to {max}"),
                fix: "Give a max above the min.".to_owned(),
            }),
        }
    }

    /// Whether a logged value lies on the scale.
    pub fn allows(&self, value: f64) -> bool {
        value >= self.least && value <= self.greatest
    }

    /// The scale as logged, for sentences: `the scale "0–10 NRS" (0 to 10)`.
    pub fn shown(&self) -> String {
        format!("the scale \"{}\" ({} to {} as logged)", self.result.name, self.least, self.greatest)
    }
}
