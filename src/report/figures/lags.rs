//! The comparison by the exposure of each day, at one lag after another.

use crate::charts::{EffectKind, EffectRow, Effects, ReferenceBand};
use crate::domain::number::counted;
use crate::study::Study;

pub(super) fn lags(study: &Study, made: &str) -> Option<Effects> {
    let over_time = &study.recurrence.time_varying;
    let rows: Vec<EffectRow> = over_time
        .lags
        .iter()
        .filter_map(|cell| {
            let found = cell.hazard_ratio.value()?;
            Some(EffectRow {
                label: match usize::try_from(cell.lag).ok()? {
                    0 => "Up to the day itself".to_owned(),
                    lag => format!("Up to {} before", counted(lag, "day", "days")),
                },
                detail: counted(cell.n_events, "recurrence", "recurrences"),
                estimate: found.hazard_ratio,
                lower: found.interval.lower,
                upper: found.interval.upper,
                kind: EffectKind::Secondary,
            })
        })
        .collect();
    (!rows.is_empty()).then(|| Effects {
        title: "Does the difference outlast the days just before the pain?".to_owned(),
        subtitle: "Hazard ratio of recurrence, exercise kept up against not, each day by what was logged so many days before it.".to_owned(),
        x_label: "Hazard ratio (logarithmic scale)".to_owned(),
        rows,
        reference_bands: vec![ReferenceBand { label: "Randomized trials of exercise after recovery".to_owned(), lower: 0.5, upper: 0.75 }],
        favours: ("Fewer recurrences if kept up".to_owned(), "More recurrences if kept up".to_owned()),
        notes: vec![
            "If the ratio goes to 1 as the exercise is looked at earlier, the first pain probably stopped the exercise and not the other way round."
                .to_owned(),
            made.to_owned(),
        ],
    })
}
