//! How the answers of the grid spread, and the part each choice has in it.

use serde::Serialize;

use super::GridCell;
use super::choices::Choice;
use crate::analysis::computed::Computed;
use crate::stats::{main_effects, quantile};

/// The hazard ratios of all cells that have one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GridSpread {
    /// Cells with a ratio.
    pub n: usize,
    /// Cells too small for one, or without one for another reason.
    pub without: usize,
    /// Median ratio.
    pub median: f64,
    /// Smallest ratio.
    pub smallest: f64,
    /// Greatest ratio.
    pub greatest: f64,
    /// Cells with a ratio below 1.
    pub below_one: usize,
    /// Cells whose whole interval is below 1.
    pub interval_below: usize,
    /// Cells whose whole interval is above 1.
    pub interval_above: usize,
    /// Where the study's own ratio stands: cells with a smaller one.
    pub below_own: Option<usize>,
    /// Which choices move the ratio, most first; only over all combinations.
    pub effects: Computed<Vec<ChoiceEffect>>,
    /// Part of the spread that choices have only in combination.
    pub in_combination: Option<f64>,
}

/// The part of one choice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChoiceEffect {
    /// The setting.
    pub setting: &'static str,
    /// In words.
    pub name: &'static str,
    /// Part of the spread of log hazard ratios that is the choice's alone.
    pub share: f64,
    /// Its levels.
    pub levels: Vec<LevelEffect>,
}

/// A level of a choice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LevelEffect {
    /// The level.
    pub level: String,
    /// Whether the study uses it.
    pub own: bool,
    /// Cells with a ratio.
    pub cells: usize,
    /// Geometric mean of the ratios at it, the other choices being as they are on average; `None` without a cell.
    pub hazard_ratio: Option<f64>,
}

pub(super) fn spread(cells: &[GridCell], choices: &[Choice], all: bool) -> Computed<GridSpread> {
    let with: Vec<(&GridCell, f64, f64, f64)> = cells
        .iter()
        .filter_map(|cell| {
            let found = cell.hazard_ratio.value()?;
            Some((cell, found.hazard_ratio, found.interval.lower, found.interval.upper))
        })
        .filter(|(_, ratio, _, _)| ratio.is_finite() && *ratio > 0.0)
        .collect();
    let mut ratios: Vec<f64> = with.iter().map(|cell| cell.1).collect();
    ratios.sort_by(f64::total_cmp);
    let (Some(&smallest), Some(&greatest)) = (ratios.first(), ratios.last()) else {
        let reason = cells.iter().find(|cell| cell.own).and_then(|cell| cell.hazard_ratio.reason()).unwrap_or("no definition has a ratio");
        return Computed::NotTestable(format!("no definition of the grid has enough recurrences; the study's own: {reason}"));
    };
    let median = match quantile(&ratios, 0.5) {
        Ok(median) => median,
        Err(error) => return Computed::NotTestable(error.to_string()),
    };
    let own = with.iter().find(|(cell, ..)| cell.own).map(|cell| cell.1);
    let logs: Vec<f64> = with.iter().map(|cell| cell.1.ln()).collect();
    let (effects, in_combination) = effects(&with.iter().map(|cell| cell.0).collect::<Vec<_>>(), &logs, choices, all);
    Computed::Value(GridSpread {
        n: with.len(),
        without: cells.len() - with.len(),
        median,
        smallest,
        greatest,
        below_one: ratios.iter().filter(|ratio| **ratio < 1.0).count(),
        interval_below: with.iter().filter(|cell| cell.3 < 1.0).count(),
        interval_above: with.iter().filter(|cell| cell.2 > 1.0).count(),
        below_own: own.map(|own| ratios.iter().filter(|ratio| **ratio < own).count()),
        effects,
        in_combination,
    })
}

fn effects(cells: &[&GridCell], logs: &[f64], choices: &[Choice], all: bool) -> (Computed<Vec<ChoiceEffect>>, Option<f64>) {
    if !all {
        return (Computed::NotTestable("only one choice was changed at a time".to_owned()), None);
    }
    let levels: Vec<Vec<usize>> = (0..choices.len()).map(|choice| cells.iter().map(|cell| cell.levels[choice]).collect()).collect();
    let found = match main_effects(logs, &levels) {
        Ok(found) => found,
        Err(error) => return (Computed::NotTestable(error.to_string()), None),
    };
    let mut effects: Vec<ChoiceEffect> = choices
        .iter()
        .zip(&levels)
        .zip(found.factors)
        .map(|((choice, at), factor)| ChoiceEffect {
            setting: choice.setting,
            name: choice.name,
            share: factor.share,
            levels: choice
                .levels
                .iter()
                .enumerate()
                .map(|(level, label)| LevelEffect {
                    level: label.clone(),
                    own: level == choice.own,
                    cells: at.iter().filter(|at| **at == level).count(),
                    hazard_ratio: factor.means.get(level).copied().flatten().map(f64::exp),
                })
                .collect(),
        })
        .collect();
    effects.sort_by(|one, other| other.share.total_cmp(&one.share));
    (Computed::Value(effects), Some(found.rest))
}
