//! Pain and sessions in the days around a recurrence.

use crate::analysis::{BinMean, DayBin};
use crate::charts::{ProfilePanel, ProfilePoint, Profiles};
use crate::domain::number::percent;
use crate::study::Study;

pub(super) fn event_centered(study: &Study, made: &str) -> Option<Profiles> {
    let days = &study.recurrence.bias.event_centered;
    if days.bins.iter().all(|bin| bin.pain.is_none() || bin.sessions.is_none()) {
        return None;
    }
    let profile = |of: fn(&DayBin) -> Option<BinMean>| -> Vec<ProfilePoint> {
        let point = |bin: &DayBin| {
            let (found, at) = (of(bin), f64::midpoint(f64::from(bin.from), f64::from(bin.to)));
            let limits = found.and_then(|found| found.mean.interval);
            ProfilePoint {
                at,
                n: found.map_or(0, |found| found.n),
                mean: found.map(|found| found.mean.estimate),
                lower: limits.map(|limits| limits.lower.max(0.0)),
                upper: limits.map(|limits| limits.upper),
            }
        };
        days.bins.iter().map(point).collect()
    };
    Some(Profiles {
        title: "What comes first: less exercise, or more pain?".to_owned(),
        subtitle:
            "Mean pain and sessions a week in the days around a recurrence, beside patients as long at risk who did not recur on that day."
                .to_owned(),
        x_label: "Days from the recurrence".to_owned(),
        at_zero: Some("recurrence".to_owned()),
        groups: vec!["with the recurrence".to_owned(), "others on the same day at risk".to_owned()],
        panels: vec![
            ProfilePanel {
                y_label: format!("Pain ({})", study.logs.scale.name),
                profiles: vec![profile(|bin| bin.pain), profile(|bin| bin.control_pain)],
            },
            ProfilePanel {
                y_label: "Sessions a week".to_owned(),
                profiles: vec![profile(|bin| bin.sessions), profile(|bin| bin.control_sessions)],
            },
        ],
        counted: "With a log in these five days".to_owned(),
        notes: vec![
            format!(
                "Means of five days each, after completion only, so those shown are not the same on every day; bands: {} intervals by patient.",
                percent(study.settings.model.level)
            ),
            made.to_owned(),
        ],
    })
}
