//! The hazard ratio under every definition of the grid.

use crate::analysis::GridSpread;
use crate::charts::{Specification, SpecificationChoice, SpecificationCurve};
use crate::domain::number::{count, percent, ratio};
use crate::study::Study;

pub(super) fn specification(study: &Study, made: &str) -> Option<SpecificationCurve> {
    let grid = study.definition_grid();
    let spread: &GridSpread = grid.spread.value()?;
    let mut specifications: Vec<Specification> = grid
        .cells
        .iter()
        .filter_map(|cell| {
            let found = cell.hazard_ratio.value()?;
            Some(Specification {
                estimate: found.hazard_ratio,
                lower: found.interval.lower,
                upper: found.interval.upper,
                levels: cell.levels.to_vec(),
                own: cell.own,
            })
        })
        .collect();
    specifications.sort_by(|one, other| one.estimate.total_cmp(&other.estimate));
    let share_of = |setting: &str| {
        let effects = spread.effects.value()?;
        effects.iter().find(|effect| effect.setting == setting).map(|effect| format!("{} of the spread", percent(effect.share)))
    };
    let choices = grid
        .choices
        .iter()
        .map(|choice| SpecificationChoice {
            name: choice.name.to_owned(),
            detail: share_of(choice.setting).unwrap_or_default(),
            levels: choice.levels.clone(),
            own: choice.own,
        })
        .collect();
    let mut annotations = vec![
        format!("Median {}, {} to {}", ratio(spread.median), ratio(spread.smallest), ratio(spread.greatest)),
        format!("Below 1 in {} of {}", count(spread.below_one), count(spread.n)),
        format!("Interval below 1 in {}, above 1 in {}", count(spread.interval_below), count(spread.interval_above)),
    ];
    if let Some(own) = grid.own().and_then(|cell| cell.hazard_ratio.value()) {
        annotations.insert(0, format!("This report: {}", ratio(own.hazard_ratio)));
    }
    Some(SpecificationCurve {
        title: "Does the answer depend on the definition?".to_owned(),
        subtitle: format!(
            "Hazard ratio of recurrence, maintained against not, from the landmark, under {}.",
            if grid.all { "every combination of the definitions below" } else { "the study's definition and each one choice away from it" }
        ),
        y_label: "Hazard ratio (log scale)".to_owned(),
        specifications,
        choices,
        annotations,
        notes: vec![
            "The darker a mark, the more of the definitions there take that level. The definitions are tried on the same patients: they are \
             not independent answers, and their number proves nothing."
                .to_owned(),
            made.to_owned(),
        ],
    })
}
