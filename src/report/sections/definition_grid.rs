//! The core comparison under other definitions: how the answer moves, and which choices move it.

use super::super::document::{Block, Table};
use super::super::figures;
use super::{SectionKind, reason};
use crate::analysis::{ChoiceEffect, DefinitionGrid, GridSpread, LONGEST_LOG};
use crate::domain::number::{count, counted, interval, percent, ratio};
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "definition-grid", title: "The answer under other definitions", build };

fn build(study: &Study) -> Vec<Block> {
    let grid = study.definition_grid();
    let mut blocks = vec![Block::Paragraph(what_was_tried(grid))];
    let spread = match (grid.spread.value(), grid.spread.reason()) {
        (Some(spread), _) => spread,
        (None, why) => {
            blocks.extend(why.map(reason));
            return blocks;
        }
    };
    blocks.push(Block::Figure(figures::SPECIFICATION.to_owned()));
    blocks.push(Block::Paragraph(in_words(grid, spread)));
    blocks.push(Block::Table(spread_table(grid, spread)));
    match spread.effects.value() {
        Some(effects) => {
            blocks.extend(most_moving(effects).map(Block::Paragraph));
            blocks.push(Block::Table(effects_table(effects, spread)));
        }
        None => blocks.push(Block::Table(one_at_a_time(grid))),
    }
    blocks
}

fn what_was_tried(grid: &DefinitionGrid) -> String {
    if grid.all {
        format!(
            "Seven choices make up the definition of the core comparison. All {} combinations of their levels were computed, each from the \
             logs on; all of them are in grid.csv.",
            count(grid.combinations)
        )
    } else {
        format!(
            "Seven choices make up the definition of the core comparison. Of the {} combinations of their levels, the study's own and the {} \
             that differ from it in one choice were computed{}; they are in grid.csv. All of them: staywell recurrence STUDY --grid, or cells = \
             \"all\" under [grid] in study.toml.",
            count(grid.combinations),
            count(grid.cells.len().saturating_sub(1)),
            if grid.pain_logs > LONGEST_LOG {
                format!(", since the pain log has {} rows, more than {}", count(grid.pain_logs), count(LONGEST_LOG))
            } else {
                String::new()
            }
        )
    }
}

fn in_words(grid: &DefinitionGrid, spread: &GridSpread) -> String {
    let own = grid.own().and_then(|cell| cell.hazard_ratio.value()).zip(spread.below_own).map_or_else(
        || "The study's own definition has no ratio. ".to_owned(),
        |(own, below)| {
            format!(
                "The study's own definition gives {}; {} of the {} definitions with a ratio give a smaller one. ",
                ratio(own.hazard_ratio),
                count(below),
                count(spread.n)
            )
        },
    );
    let direction = if spread.n < 2 {
        "One ratio does not show whether the direction depends on the definition.".to_owned()
    } else if spread.below_one == spread.n {
        "All ratios are below 1: the direction does not depend on the definition.".to_owned()
    } else if spread.below_one == 0 {
        "No ratio is below 1: the direction does not depend on the definition.".to_owned()
    } else {
        let share = spread.below_one as f64 / spread.n as f64;
        format!("{} of the ratios are below 1: the direction is not the same under every definition.", percent(share))
    };
    own + &direction
}

fn spread_table(grid: &DefinitionGrid, spread: &GridSpread) -> Table {
    let mut table = Table::new("Hazard ratios over the definitions", &["What", "#Value"]);
    let of = |n: usize| format!("{} of {} ({})", count(n), count(spread.n), percent(n as f64 / spread.n as f64));
    for (what, value) in [
        ("Definitions computed", count(grid.cells.len())),
        ("With a ratio", count(spread.n)),
        ("Median ratio", ratio(spread.median)),
        ("Range", format!("{}–{}", ratio(spread.smallest), ratio(spread.greatest))),
        ("Ratio below 1", of(spread.below_one)),
        ("Whole interval below 1", of(spread.interval_below)),
        ("Whole interval above 1", of(spread.interval_above)),
    ] {
        table.push([what.to_owned(), value]);
    }
    if spread.without > 0 {
        let why = grid.cells.iter().find_map(|cell| cell.hazard_ratio.reason()).unwrap_or_default();
        table.notes.push(format!("{} without a ratio; the first: {why}.", counted(spread.without, "definition", "definitions")));
    }
    table.notes.push(
        "The same patients are compared again and again: these are not independent answers, and intervals are not corrected for their number."
            .to_owned(),
    );
    table
}

/// The choice that moves the ratio most, in a sentence; none where no choice moves it.
fn most_moving(effects: &[ChoiceEffect]) -> Option<String> {
    let first = effects.first().filter(|first| first.share >= 0.01)?;
    let with: Vec<(&str, f64)> = first.levels.iter().filter_map(|level| Some((level.level.as_str(), level.hazard_ratio?))).collect();
    let least = with.iter().min_by(|one, other| one.1.total_cmp(&other.1))?;
    let most = with.iter().max_by(|one, other| one.1.total_cmp(&other.1))?;
    let still: Vec<&str> = effects.iter().filter(|effect| effect.share < 0.01).map(|effect| effect.setting).collect();
    let hardly =
        if still.is_empty() { String::new() } else { format!(" Hardly any difference (below 1 % of the spread): {}.", still.join(", ")) };
    Some(format!(
        "What moves the ratio most is {} ({}): on average over the other choices {} at {} and {} at {}, {} of the spread.{hardly}",
        first.name.to_lowercase(),
        first.setting,
        ratio(least.1),
        least.0,
        ratio(most.1),
        most.0,
        percent(first.share)
    ))
}

fn effects_table(effects: &[ChoiceEffect], spread: &GridSpread) -> Table {
    let mut table = Table::new("Which choices move the ratio", &["Choice", "#Part of the spread", "Mean ratio at each level"]);
    for effect in effects {
        let levels: Vec<String> = effect
            .levels
            .iter()
            .map(|level| {
                let mean = level.hazard_ratio.map_or_else(|| "–".to_owned(), ratio);
                format!("{}{}: {mean}", level.level, if level.own { "*" } else { "" })
            })
            .collect();
        table.push([format!("{} ({})", effect.name, effect.setting), percent(effect.share), levels.join("; ")]);
    }
    if let Some(rest) = spread.in_combination {
        table.push(["Choices in combination only".to_owned(), percent(rest), "–".to_owned()]);
    }
    table.notes.push(
        "Additive decomposition of the log hazard ratios over the grid (least squares); means are geometric. * the study's own level. Chance \
         moves ratios too, most where few recurrences are left: late landmarks, strict definitions."
            .to_owned(),
    );
    table
}

/// The study's own cell, and those one choice away from it.
fn one_at_a_time(grid: &DefinitionGrid) -> Table {
    let mut table = Table::new("One choice at a time", &["Choice", "Level", "#Compared", "#Recurrences", "#Hazard ratio"]);
    for cell in &grid.cells {
        let other = cell.levels.iter().zip(&grid.choices).find(|(level, choice)| **level != choice.own);
        let (name, level) = match other {
            Some((level, choice)) => (choice.name, choice.levels.get(*level).map_or("", String::as_str)),
            None => ("The study's own", "–"),
        };
        let found = cell.hazard_ratio.value().map_or_else(
            || "–".to_owned(),
            |found| format!("{} ({})", ratio(found.hazard_ratio), interval(found.interval.lower, found.interval.upper, 2)),
        );
        table.push([name.to_owned(), level.to_owned(), count(cell.n), count(cell.n_events), found]);
    }
    table
}
