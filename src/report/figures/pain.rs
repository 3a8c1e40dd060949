//! Mean pain by program week.

use super::{MOST_WEEKS, weeks_left_out};
use crate::charts::{PainByWeek, PainWeek};
use crate::domain::Counted;
use crate::domain::number::percent;
use crate::study::Study;

pub(super) fn pain(study: &Study, made: &str) -> Option<PainByWeek> {
    let analysis = &study.pain;
    if analysis.by_week.is_empty() {
        return None;
    }
    let settings = &study.settings.pain;
    let goal = analysis.baseline.value().map(|baseline| baseline.mean).filter(|mean| *mean >= settings.share_from_baseline);
    Some(PainByWeek {
        title: "Pain over the program".to_owned(),
        subtitle: format!("Mean over {} of their weekly mean, by week since program start.", analysis.counted().plural()),
        scale_name: study.logs.scale.name.clone(),
        scale_max: study.logs.scale.max,
        averaged: analysis.counted(),
        weeks: analysis
            .by_week
            .iter()
            .take(MOST_WEEKS)
            .map(|week| PainWeek {
                week: week.week,
                patients: week.patients,
                mean: week.mean,
                lower: week.lower,
                upper: week.upper,
                lower_quartile: week.lower_quartile,
                upper_quartile: week.upper_quartile,
            })
            .collect(),
        important_change_from_baseline: goal.map(|mean| mean - (settings.important_share * mean).max(settings.important_points)),
        notes: vec![
            format!(
                "{}; dark band: {} interval of the mean (t); light band: middle half of {}.{}",
                Counted::in_words(analysis.programs, analysis.patients),
                percent(study.settings.model.level),
                analysis.counted().plural(),
                weeks_left_out(analysis.by_week.len())
            ),
            made.to_owned(),
        ],
    })
}
