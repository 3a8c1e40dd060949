//! The choices that a definition is made of, and their levels.

use serde::Serialize;

use crate::settings::{Hold, Settings};

/// Choices of a definition.
pub(super) const CHOICES: usize = 7;
/// Those of them that a follow-up depends on come first; the others concern the exposure alone.
pub(super) const OF_FOLLOW_UP: usize = 5;

/// One definition of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Definition {
    /// `remission.ceiling`.
    pub ceiling: f64,
    /// `recurrence.floor`.
    pub floor: f64,
    /// `remission.days`.
    pub remission: i32,
    /// `recurrence.hold`.
    pub hold: Hold,
    /// `censoring.silence`.
    pub silence: i32,
    /// `maintenance.lag`.
    pub lag: i32,
    /// `landmark.day`.
    pub landmark: i32,
}

impl Definition {
    /// The study's own.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self {
            ceiling: settings.remission.ceiling,
            floor: settings.recurrence.floor,
            remission: settings.remission.days,
            hold: settings.recurrence.hold,
            silence: settings.censoring.silence,
            lag: settings.maintenance.lag,
            landmark: settings.landmark.day,
        }
    }

    /// The settings with this definition in place of theirs.
    #[must_use]
    pub fn applied(&self, settings: &Settings) -> Settings {
        let mut changed = settings.clone();
        changed.remission.ceiling = self.ceiling;
        changed.recurrence.floor = self.floor;
        changed.remission.days = self.remission;
        changed.recurrence.hold = self.hold;
        changed.censoring.silence = self.silence;
        changed.maintenance.lag = self.lag;
        changed.landmark.day = self.landmark;
        changed
    }
}

/// A choice, and the levels it takes in the grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The setting.
    pub setting: &'static str,
    /// In words.
    pub name: &'static str,
    /// Its levels in order, as they are written.
    pub levels: Vec<String>,
    /// The study's own, as an index into them.
    pub own: usize,
}

/// The levels of every choice.
pub(super) struct Levels {
    ceilings: Vec<f64>,
    floors: Vec<f64>,
    remissions: Vec<i32>,
    holds: Vec<Hold>,
    silences: Vec<i32>,
    lags: Vec<i32>,
    landmarks: Vec<i32>,
    own: Definition,
}

impl Levels {
    /// Those listed with the study's own, in order and once each.
    pub fn of(settings: &Settings) -> Self {
        let (grid, own) = (&settings.grid, Definition::of(settings));
        let days = |list: &[i32], own: i32| {
            let mut all: Vec<i32> = list.iter().copied().chain([own]).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let scores = |list: &[f64], own: f64| {
            let mut all: Vec<f64> = list.iter().copied().chain([own]).collect();
            all.sort_by(f64::total_cmp);
            all.dedup_by(|a, b| same(*a, *b));
            all
        };
        let listed = |hold: &Hold| grid.holds.contains(hold) || own.hold == *hold;
        Self {
            ceilings: scores(&grid.ceilings, own.ceiling),
            floors: scores(&grid.floors, own.floor),
            remissions: days(&grid.remissions, own.remission),
            holds: [Hold::OneLog, Hold::TwoLogs, Hold::ThreeOfSeven].into_iter().filter(listed).collect(),
            silences: days(&grid.silences, own.silence),
            lags: days(&grid.lags, own.lag),
            landmarks: days(&grid.landmarks, own.landmark),
            own,
        }
    }

    /// The choices in words, those of the follow-up first.
    pub fn choices(&self) -> Vec<Choice> {
        let own = &self.own;
        let scores = |setting, name, levels: &[f64], own: f64| Choice {
            setting,
            name,
            levels: levels.iter().map(ToString::to_string).collect(),
            own: levels.iter().position(|level| same(*level, own)).unwrap_or(0),
        };
        let days = |setting, name, levels: &[i32], own: i32| Choice {
            setting,
            name,
            levels: levels.iter().map(ToString::to_string).collect(),
            own: levels.iter().position(|level| *level == own).unwrap_or(0),
        };
        vec![
            scores("remission.ceiling", "Remission at or below", &self.ceilings, own.ceiling),
            scores("recurrence.floor", "Recurrence at or above", &self.floors, own.floor),
            days("remission.days", "Days of remission", &self.remissions, own.remission),
            Choice {
                setting: "recurrence.hold",
                name: "Logs that must hold",
                levels: self.holds.iter().map(|hold| hold_in_words(*hold).to_owned()).collect(),
                own: self.holds.iter().position(|hold| *hold == own.hold).unwrap_or(0),
            },
            days("censoring.silence", "Silence that ends follow-up", &self.silences, own.silence),
            days("maintenance.lag", "Lag of the exposure", &self.lags, own.lag),
            days("landmark.day", "Landmark day", &self.landmarks, own.landmark),
        ]
    }

    /// The definition with these levels.
    pub fn definition(&self, at: [usize; CHOICES]) -> Option<Definition> {
        let [ceiling, floor, remission, hold, silence, lag, landmark] = at;
        Some(Definition {
            ceiling: *self.ceilings.get(ceiling)?,
            floor: *self.floors.get(floor)?,
            remission: *self.remissions.get(remission)?,
            hold: *self.holds.get(hold)?,
            silence: *self.silences.get(silence)?,
            lag: *self.lags.get(lag)?,
            landmark: *self.landmarks.get(landmark)?,
        })
    }
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

fn hold_in_words(hold: Hold) -> &'static str {
    match hold {
        Hold::OneLog => "one log",
        Hold::TwoLogs => "two logs",
        Hold::ThreeOfSeven => "three of seven days",
    }
}

/// The levels of every cell to compute, sorted, so that cells of one follow-up stand together.
pub(super) fn cells(choices: &[Choice], all: bool) -> Vec<[usize; CHOICES]> {
    let mut own = [0; CHOICES];
    own.iter_mut().zip(choices).for_each(|(own, choice)| *own = choice.own);
    let mut cells = vec![own];
    for (place, choice) in choices.iter().enumerate().take(CHOICES) {
        let from = if all { std::mem::take(&mut cells) } else { vec![own] };
        for cell in from {
            for level in (0..choice.levels.len()).filter(|level| all || *level != choice.own) {
                let mut next = cell;
                next[place] = level;
                cells.push(next);
            }
        }
    }
    cells.sort_unstable();
    cells
}
