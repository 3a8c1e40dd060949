//! The estimates of the core claim side by side, with what trials have shown behind them.

use super::super::sections::core_claim;
use crate::charts::{EffectKind, EffectRow, Effects, ReferenceBand};
use crate::claims::{Effect, Scale};
use crate::domain::number::counted;
use crate::domain::{Counted, capitalized};
use crate::study::Study;

pub(super) fn effects(study: &Study, made: &str) -> Option<Effects> {
    let claim = core_claim(study)?;
    let primary = claim.primary.as_ref()?;
    let row = |effect: &Effect, kind: EffectKind| EffectRow {
        label: capitalized(&effect.label),
        detail: String::new(),
        estimate: effect.estimate,
        lower: effect.interval.lower,
        upper: effect.interval.upper,
        kind,
    };
    let mut first = row(primary, EffectKind::Primary);
    first.detail = format!(
        "{}, {}",
        Counted::in_words(claim.n_used, claim.n_patients),
        counted(claim.n_events.unwrap_or_default(), "recurrence", "recurrences")
    );
    let mut rows = vec![first];
    for other in claim.others.iter().filter(|effect| effect.scale == Scale::HazardRatio) {
        rows.push(row(other, if other.biased { EffectKind::Biased } else { EffectKind::Secondary }));
    }
    for cell in &study.recurrence.landmark.sensitivity {
        let is_primary = cell.landmark == study.recurrence.landmark.day && cell.lag == study.settings.maintenance.lag;
        if let Some(found) = cell.hazard_ratio.value().filter(|_| !is_primary) {
            rows.push(EffectRow {
                label: format!("Landmark day {}, lag {} days", cell.landmark, cell.lag),
                detail: format!("{}, {}", Counted::in_words(found.n, found.patients), counted(found.n_events, "recurrence", "recurrences")),
                estimate: found.hazard_ratio,
                lower: found.interval.lower,
                upper: found.interval.upper,
                kind: EffectKind::Secondary,
            });
        }
    }
    Some(Effects {
        title: "The same question, asked in different ways".to_owned(),
        subtitle: "Hazard ratio of recurrence, maintained against not maintained.".to_owned(),
        x_label: "Hazard ratio (logarithmic scale)".to_owned(),
        rows,
        reference_bands: vec![ReferenceBand { label: "Randomized trials of exercise after recovery".to_owned(), lower: 0.5, upper: 0.75 }],
        favours: ("Fewer recurrences if maintained".to_owned(), "More recurrences if maintained".to_owned()),
        notes: vec![
            "Sticking to a placebo goes with an odds ratio of 0.56 for death: a ratio near that can mean the patient rather than the exercise."
                .to_owned(),
            made.to_owned(),
        ],
    })
}
