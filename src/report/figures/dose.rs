//! The hazard of recurrence over the sessions a week.

use crate::charts::{DoseBar, DoseCurve, DoseRatio};
use crate::domain::number::{counted, percent};
use crate::study::Study;

pub(super) fn dose(study: &Study, made: &str) -> Option<DoseCurve> {
    let analysis = &study.recurrence.dose;
    let curve = analysis.curve.value()?;
    let bands = analysis.bands.iter().filter_map(|band| {
        let found = band.hazard_ratio.as_ref()?.value()?;
        Some(DoseRatio { dose: band.mean_dose?, ratio: found.hazard_ratio, lower: found.interval.lower, upper: found.interval.upper })
    });
    let point = |point: &crate::analysis::DosePoint| DoseRatio {
        dose: point.dose,
        ratio: point.hazard_ratio,
        lower: point.lower,
        upper: point.upper,
    };
    Some(DoseCurve {
        title: "Does more exercise go with fewer recurrences?".to_owned(),
        subtitle: "Hazard ratio of recurrence against no session, by the sessions a week of each day's window.".to_owned(),
        x_label: format!(
            "Sessions a week over {} days, up to {} before",
            analysis.window,
            counted(usize::try_from(analysis.lag).unwrap_or(0), "day", "days")
        ),
        y_label: "Hazard ratio (logarithmic scale)".to_owned(),
        curve: curve.points.iter().map(point).collect(),
        bands: bands.collect(),
        bars: analysis.days.iter().map(|bar| DoseBar { from: bar.above, to: bar.up_to, days: bar.days as f64 }).collect(),
        notes: vec![
            format!(
                "Restricted cubic spline, {} knots; {} intervals, errors by patient. A patient who feels a recurrence coming may do less: a slope is no effect.",
                curve.knots.len(),
                percent(study.settings.model.level)
            ),
            made.to_owned(),
        ],
    })
}
