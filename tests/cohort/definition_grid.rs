//! The core comparison under other definitions.

use staywell::analysis::{Definition, analyze_definition_grid};
use staywell::settings::GridCells;
use staywell::study::Study;

use super::invariants::sample;

#[test]
fn a_cell_is_what_the_whole_study_says_under_its_definition() {
    let study = sample();
    let grid = study.definition_grid();
    // 2 × 2 × 3 × 3 × 3 × 6 × 4.
    assert_eq!((grid.cells.len(), grid.combinations, grid.all), (2592, 2592, true));
    let own = grid.own().unwrap();
    assert_eq!(own.definition, Definition::of(&study.settings));
    let answer = study.recurrence.landmark.comparison.value().unwrap();
    assert_eq!(own.hazard_ratio.value(), answer.hazard_ratio());
    let mut with_ratio = 0;
    for number in 1..=6 {
        // A stride prime to the grid's lengths changes every choice.
        let cell = &grid.cells[number * 431 % grid.cells.len()];
        let other = Study::run(study.logs.clone(), cell.definition.applied(&study.settings));
        assert_eq!(cell.at_risk, other.recurrence.at_risk);
        assert_eq!(cell.n, other.recurrence.landmark.counts.members);
        if let Some(found) = cell.hazard_ratio.value() {
            let comparison = other.recurrence.landmark.comparison.value().unwrap();
            assert_eq!(Some(found), comparison.hazard_ratio());
            assert_eq!(cell.adjusted, comparison.adjusted.value().is_some());
            with_ratio += 1;
        }
    }
    assert!(with_ratio >= 4);
}

#[test]
fn parts_of_the_spread_add_up_and_one_choice_at_a_time_differs_in_one() {
    let study = sample();
    let spread = study.definition_grid().spread.value().unwrap();
    assert_eq!(spread.n + spread.without, 2592);
    assert!(spread.smallest <= spread.median && spread.median <= spread.greatest);
    let effects = spread.effects.value().unwrap();
    assert_eq!(effects.len(), 7);
    assert!(effects.windows(2).all(|pair| pair[0].share >= pair[1].share), "most first");
    for effect in effects {
        assert_eq!(effect.levels.iter().filter(|level| level.own).count(), 1);
        assert_eq!(effect.levels.iter().map(|level| level.cells).sum::<usize>(), spread.n);
    }
    let mut settings = study.settings.clone();
    settings.grid.cells = GridCells::OneAtATime;
    // A level of the study's own that no list has is a level too.
    settings.grid.lags = vec![0, 14];
    let few = analyze_definition_grid(&study.logs, &study.cohort, &study.recurrence.covariates, &settings);
    // The own cell, and 1 + 1 + 2 + 2 + 2 + 2 + 3 others.
    assert_eq!((few.cells.len(), few.combinations, few.all), (14, 2 * 2 * 3 * 3 * 3 * 3 * 4, false));
    let own = few.own().unwrap().levels;
    for cell in &few.cells {
        assert!(cell.levels.iter().zip(own).filter(|(level, own)| *level != own).count() <= 1);
    }
    assert!(few.spread.value().unwrap().effects.value().is_none());
}
