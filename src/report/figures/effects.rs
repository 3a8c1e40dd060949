//! The estimates of the core claim side by side, with what trials have shown behind them.

use super::super::sections::core_claim;
use crate::analysis::{Measure, Way, side_by_side};
use crate::charts::{EffectKind, EffectRow, Effects, ReferenceBand};
use crate::claims::Effect;
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
    rows.extend(side_by_side(&study.recurrence).into_iter().skip(1).map(|row| EffectRow {
        label: capitalized(&match row.measure {
            Measure::HazardRatio => row.label,
            Measure::OddsRatio => format!("{}, odds ratio", row.label),
            Measure::RateRatio => format!("{}, rate ratio", row.label),
        }),
        detail: row.detail,
        estimate: row.ratio,
        lower: row.interval.lower,
        upper: row.interval.upper,
        kind: match row.way {
            Way::Biased => EffectKind::Biased,
            Way::NegativeControl => EffectKind::Control,
            _ => EffectKind::Secondary,
        },
    }));
    Some(Effects {
        title: "The same question, asked in different ways".to_owned(),
        subtitle: "Hazard ratio of recurrence, maintained against not maintained, and odds and rate ratios of the same question.".to_owned(),
        x_label: "Ratio (logarithmic scale)".to_owned(),
        rows,
        reference_bands: vec![
            ReferenceBand { label: "Randomized trials of exercise after recovery: 0.5–0.75".to_owned(), lower: 0.5, upper: 0.75 },
            // Simpson et al. (2006), BMJ 333:15.
            ReferenceBand { label: "Adherence to a placebo: 0.56".to_owned(), lower: 0.553, upper: 0.567 },
        ],
        favours: ("Fewer recurrences if maintained".to_owned(), "More recurrences if maintained".to_owned()),
        notes: vec![
            "Sticking to a placebo goes with an odds ratio of 0.56 for death: a ratio near that can mean the patient rather than the exercise."
                .to_owned(),
            made.to_owned(),
        ],
    })
}
