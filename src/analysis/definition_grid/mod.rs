//! The core comparison under every other definition: how the answer moves, and which choices move it.

mod choices;
mod spread;

use rayon::prelude::*;
use serde::Serialize;

pub use self::choices::{Choice, Definition};
pub use self::spread::{ChoiceEffect, GridSpread, LevelEffect};

use self::choices::{CHOICES, Levels, OF_FOLLOW_UP, cells};
use super::comparison::{HazardRatio, MaintainedRow, adjusted_ratio, unadjusted_ratio};
use super::computed::Computed;
use super::covariates::CovariateChoice;
use crate::cohort::{Cohort, Exposure, FollowUp, LandmarkFate, landmark_fate_of};
use crate::domain::Tally;
use crate::domain::number::counted;
use crate::ingest::Logs;
use crate::settings::{ClaimSettings, ExposureSettings, GridCells, LandmarkOrigin, Settings};

/// Pain logs longer than this are followed one choice at a time, unless all combinations are asked for.
pub const LONGEST_LOG: usize = 250_000;

/// The landmark comparison under other definitions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DefinitionGrid {
    /// The choices and their levels.
    pub choices: Vec<Choice>,
    /// Whether every combination was computed; else the study's own definition and those one choice away from it.
    pub all: bool,
    /// Combinations there are.
    pub combinations: usize,
    /// Pain logs each of them is followed over.
    pub pain_logs: usize,
    /// The cells computed. In the table `grid`, not in the JSON.
    #[serde(skip)]
    pub cells: Vec<GridCell>,
    /// How the hazard ratios spread.
    pub spread: Computed<GridSpread>,
}

/// One definition and its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GridCell {
    /// The definition.
    pub definition: Definition,
    /// Its levels, as indices into those of each choice.
    pub levels: [usize; CHOICES],
    /// Whether it is the study's own.
    pub own: bool,
    /// Programs at risk of recurrence.
    pub at_risk: usize,
    /// Programs compared from the landmark on.
    pub n: usize,
    /// Recurrences among them.
    pub n_events: usize,
    /// Whether the ratio is adjusted.
    pub adjusted: bool,
    /// Hazard ratio, maintained against not: adjusted where the covariates allow it, as in the landmark analysis.
    pub hazard_ratio: Computed<HazardRatio>,
}

impl DefinitionGrid {
    /// The study's own definition.
    #[must_use]
    pub fn own(&self) -> Option<&GridCell> {
        self.cells.iter().find(|cell| cell.own)
    }
}

/// Makes the landmark comparison under each definition of the grid.
///
/// # Definition
/// A cell is the landmark analysis with seven settings in place of the study's: ceiling, floor, days of remission, hold, silence,
/// lag, landmark. Everything else (covariates, window, sessions a week, origin of the landmark) stays. Below the least numbers of
/// recurrences and of patients in a group that a claim needs, a cell has no ratio but the reason.
///
/// # Conventions
/// All combinations, or one choice at a time where the pain log is longer than [`LONGEST_LOG`] and they were not asked for.
#[must_use]
pub fn analyze_definition_grid(logs: &Logs, cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> DefinitionGrid {
    let levels = Levels::of(settings);
    let choices = levels.choices();
    let pain_logs = logs.pain.day.len();
    let all = match settings.grid.cells {
        GridCells::All => true,
        GridCells::OneAtATime => false,
        GridCells::Auto => pain_logs <= LONGEST_LOG,
    };
    let at: Vec<[usize; CHOICES]> = cells(&choices, all);
    let of_follow_up: Vec<&[[usize; CHOICES]]> = at.chunk_by(|one, other| one[..OF_FOLLOW_UP] == other[..OF_FOLLOW_UP]).collect();
    let cells: Vec<GridCell> = of_follow_up
        .into_par_iter()
        .flat_map(|cells| {
            let followed = cells.first().and_then(|first| levels.definition(*first)).map(|definition| {
                let changed = definition.applied(settings);
                let follow_ups = cohort.follow_ups(logs, &changed);
                follow_ups.into_iter().enumerate().filter_map(|(course, follow_up)| Some((course, follow_up.ok()?))).collect::<Vec<_>>()
            });
            let followed = followed.unwrap_or_default();
            let one = |at: &[usize; CHOICES]| Some(cell(*at, levels.definition(*at)?, &choices, cohort, &followed, covariates, settings));
            cells.par_iter().filter_map(one).collect::<Vec<_>>()
        })
        .collect();
    let spread = spread::spread(&cells, &choices, all);
    let combinations = choices.iter().map(|choice| choice.levels.len()).product();
    DefinitionGrid { choices, all, combinations, pain_logs, cells, spread }
}

fn cell(
    levels: [usize; CHOICES],
    definition: Definition,
    choices: &[Choice],
    cohort: &Cohort,
    followed: &[(usize, FollowUp)],
    covariates: &CovariateChoice,
    settings: &Settings,
) -> GridCell {
    let rule = ExposureSettings { lag: definition.lag, ..settings.maintenance.clone() };
    let rows = landmark_rows(followed, cohort, definition.landmark, settings.landmark.origin, &rule);
    let n_events = rows.iter().filter(|row| row.recurred).count();
    let unordered =
        (definition.floor <= definition.ceiling).then(|| "the floor of a recurrence is not above the ceiling of remission".to_owned());
    let (adjusted, hazard_ratio) = match unordered.or_else(|| too_few(&rows, n_events, &settings.claims)) {
        Some(reason) => (false, Computed::NotTestable(reason)),
        None => match adjusted_ratio(&rows, covariates, &settings.model) {
            Computed::Value(adjusted) => (true, Computed::Value(adjusted.ratio)),
            Computed::NotTestable(_) => (false, unadjusted_ratio(&rows, &settings.model).into()),
        },
    };
    let own = levels.iter().zip(choices).all(|(level, choice)| *level == choice.own);
    GridCell { definition, levels, own, at_risk: followed.len(), n: rows.len(), n_events, adjusted, hazard_ratio }
}

/// Those in the landmark comparison, of follow-ups by any definition of recurrence.
pub(super) fn landmark_rows(
    followed: &[(usize, FollowUp)],
    cohort: &Cohort,
    day: i32,
    origin: LandmarkOrigin,
    rule: &ExposureSettings,
) -> Vec<MaintainedRow> {
    followed
        .iter()
        .filter_map(|(index, follow_up)| {
            let course = cohort.courses.get(*index)?;
            match landmark_fate_of(course, follow_up, day, origin, rule)? {
                LandmarkFate::Member(member) => Some(MaintainedRow {
                    course: *index,
                    patient: member.patient,
                    from: 0,
                    days: member.days,
                    recurred: member.recurred,
                    exposure: member.exposure,
                }),
                _ => None,
            }
        })
        .collect()
}

/// Why the numbers of a comparison are too small for a ratio, if they are.
pub(super) fn too_few(rows: &[MaintainedRow], n_events: usize, needed: &ClaimSettings) -> Option<String> {
    if n_events < needed.min_events {
        return Some(format!("{} after the landmark; {} are needed", counted(n_events, "recurrence", "recurrences"), needed.min_events));
    }
    let patients = |exposure| Tally::of(rows.iter().filter(|row| row.exposure == exposure).map(|row| row.patient)).patients;
    [(Exposure::Maintained, "kept the exercise up"), (Exposure::NotMaintained, "did not keep the exercise up")]
        .into_iter()
        .map(|(exposure, words)| (patients(exposure), words))
        .find(|(patients, _)| *patients < needed.min_group)
        .map(|(patients, words)| {
            format!("{} at the landmark {words}; {} are needed", counted(patients, "patient", "patients"), needed.min_group)
        })
}
