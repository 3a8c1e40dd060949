//! How often the two groups log their pain after the landmark.

use crate::charts::{ProfilePanel, ProfilePoint, Profiles};
use crate::domain::number::percent;
use crate::study::Study;

/// Weeks without which a line shows nothing.
pub(in crate::report) const FEWEST_WEEKS: usize = 4;

pub(super) fn density(study: &Study, made: &str) -> Option<Profiles> {
    let density = &study.recurrence.bias.density;
    if density.weeks.len() < FEWEST_WEEKS {
        return None;
    }
    let profile = |group: usize| -> Vec<ProfilePoint> {
        let points = density.weeks.iter().filter_map(|week| {
            let (mean, n) = (week.mean.get(group)?, *week.n.get(group)?);
            Some(ProfilePoint {
                at: f64::from(week.week),
                n,
                mean: Some(mean.estimate),
                lower: mean.interval.map(|limits| limits.lower.max(0.0)),
                upper: mean.interval.map(|limits| limits.upper),
            })
        });
        points.collect()
    };
    Some(Profiles {
        title: "Do both groups log their pain as often?".to_owned(),
        subtitle: "Pain entries in each week after the landmark, of those still at risk at its end.".to_owned(),
        x_label: "Weeks since the landmark".to_owned(),
        at_zero: None,
        groups: vec!["not maintained".to_owned(), "maintained".to_owned()],
        panels: vec![ProfilePanel { y_label: "Entries a week".to_owned(), profiles: vec![profile(0), profile(1)] }],
        counted: "At risk".to_owned(),
        notes: vec![
            format!(
                "Bands: {} intervals by patient. Who logs more often has more chances that a recurrence is seen, and is seen early.",
                percent(study.settings.model.level)
            ),
            made.to_owned(),
        ],
    })
}
