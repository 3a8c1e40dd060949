//! Beyond the first recurrence: exits, mean counts of recurrences, and curves that know a recurrence only to lie between two logs.

use crate::analysis::{Exit, IntervalCensoredCurve};
use crate::charts::{IncidenceLayer, StackedIncidence, TimeLine, TimeLines, TimePoint};
use crate::cohort::Exposure;
use crate::domain::number::{counted, decimal, interval, percent, ratio};
use crate::domain::{Counted, capitalized};
use crate::stats::recurrent::MeanCumulativeFunction;
use crate::study::Study;

/// The exits are drawn as long as so many are at risk.
const FEWEST: f64 = 10.0;

pub(super) fn exits(study: &Study, made: &str) -> Option<StackedIncidence> {
    let recurrence = &study.recurrence;
    let found = recurrence.exits.incidence.value()?;
    // The last few at risk would move the edges by whole patients.
    let enough = FEWEST.min(found.n as f64);
    let days = found.at_risk.iter().take_while(|at_risk| **at_risk >= enough).count();
    let drawn = |shares: &[f64]| shares.iter().take(days).copied().collect::<Vec<f64>>();
    let mut layers: Vec<IncidenceLayer> = Exit::ALL
        .iter()
        .zip(&found.incidence)
        .enumerate()
        .map(|(color, (exit, curve))| IncidenceLayer {
            label: capitalized(exit.as_str()),
            color,
            at_start: 0.0,
            share: drawn(&curve.estimate),
        })
        .collect();
    layers.push(IncidenceLayer {
        label: "Still well".to_owned(),
        color: Exit::ALL.len(),
        at_start: 1.0,
        share: drawn(&found.event_free.estimate),
    });
    // An exit nobody took is no layer.
    layers.retain(|layer| layer.at_start > 0.0 || layer.share.iter().any(|share| *share > 0.0));
    Some(StackedIncidence {
        title: "What ended the time at risk".to_owned(),
        subtitle: "All at risk, from the first day at risk; those still followed and well at the cut-off are censored there.".to_owned(),
        x_label: "Days since the first day at risk".to_owned(),
        y_label: "Share of those at risk".to_owned(),
        time: drawn(&found.time),
        layers,
        annotations: vec![],
        notes: vec![
            format!(
                "{}. Aalen–Johansen: each end takes its share from the others, and with those still well they make 100 %.",
                Counted::in_words(recurrence.at_risk, recurrence.patients_at_risk)
            ),
            format!("Drawn as long as {} are at risk.", decimal(enough, 0)),
            made.to_owned(),
        ],
    })
}

fn line(label: &str, curve: &MeanCumulativeFunction) -> TimeLine {
    let mut points = vec![TimePoint { time: 0.0, value: 0.0, limits: None }];
    let steps = curve.time.iter().zip(&curve.estimate).zip(curve.lower.iter().zip(&curve.upper)).zip(&curve.events);
    let last = curve.last_time();
    // Days without a recurrence change nothing.
    points.extend(
        steps.filter(|(((time, _), _), events)| **events > 0 || **time >= last).map(|(((&time, &value), (lower, upper)), _)| TimePoint {
            time,
            value,
            limits: (*lower).zip(*upper),
        }),
    );
    TimeLine { label: label.to_owned(), steps: true, dashed: false, points }
}

pub(super) fn repeated(study: &Study, made: &str) -> Option<TimeLines> {
    let repeated = &study.recurrence.repeated;
    let arms: Vec<TimeLine> = repeated
        .arms
        .iter()
        .filter_map(|arm| {
            let label = if arm.exposure == Exposure::Maintained { "Maintained" } else { "Not maintained" };
            Some(line(label, arm.mean_count.value()?))
        })
        .collect();
    let by_arm = arms.len() == 2;
    let lines = if by_arm { arms } else { vec![line("All at risk", repeated.mean_count.value()?)] };
    let mut annotations = Vec::new();
    if let Some(found) = repeated.rate_ratio() {
        annotations.push(format!(
            "Rate ratio by the exposure of the day {} ({})",
            ratio(found.hazard_ratio),
            interval(found.interval.lower, found.interval.upper, 2)
        ));
    }
    Some(TimeLines {
        title: "Recurrences per patient, the first and later ones".to_owned(),
        subtitle: if by_arm {
            format!("From the landmark, day {}. Groups formed from sessions logged before it.", study.recurrence.landmark.day)
        } else {
            "All at risk, from the first day at risk.".to_owned()
        },
        x_label: if by_arm { "Days since the landmark" } else { "Days since the first day at risk" }.to_owned(),
        y_label: "Mean number of recurrences".to_owned(),
        shares: false,
        lines,
        annotations,
        notes: vec![
            format!(
                "Mean cumulative function with {} intervals, robust, pointwise. Another recurrence counts only after a new confirmed remission; \
                 surgery, new programs, withdrawals and deaths end observation.",
                percent(study.settings.model.level)
            ),
            made.to_owned(),
        ],
    })
}

/// Drawn where logs are far enough apart for the curves to part.
pub(super) fn between_logs(study: &Study, made: &str) -> Option<TimeLines> {
    let recurrence = &study.recurrence;
    let found: &IntervalCensoredCurve = recurrence.between_logs.first()?.value()?;
    if !found.curves_part() {
        return None;
    }
    let by_log = recurrence.curve.value()?;
    let steps = by_log.time.iter().zip(&by_log.estimate).map(|(&time, &value)| TimePoint { time, value, limits: None });
    let start = TimePoint { time: 0.0, value: 1.0, limits: None };
    let last = by_log.last_time();
    let mut ends: Vec<f64> = found.turnbull.intervals.iter().flat_map(|interval| [Some(interval.left), interval.right]).flatten().collect();
    ends.push(last);
    ends.sort_by(f64::total_cmp);
    ends.dedup();
    let between = ends.into_iter().filter(|time| *time <= last).map(|time| TimePoint { time, value: found.free_at(time), limits: None });
    let gap = found.widest_gap;
    Some(TimeLines {
        title: "When did the pain come back: at the log, or before it?".to_owned(),
        subtitle: "Free of recurrence, dated by the log that shows it, and known only to lie between two logs.".to_owned(),
        x_label: "Days since the first day at risk".to_owned(),
        y_label: "Free of recurrence".to_owned(),
        shares: true,
        lines: vec![
            TimeLine {
                label: "Dated by the log (Kaplan–Meier)".to_owned(),
                steps: true,
                dashed: false,
                points: std::iter::once(start).chain(steps).collect(),
            },
            TimeLine {
                label: "Between the logs (Turnbull)".to_owned(),
                steps: false,
                dashed: true,
                points: std::iter::once(start).chain(between).collect(),
            },
        ],
        annotations: vec![format!(
            "Farthest apart on day {}: {} and {}",
            decimal(gap.day, 0),
            percent(gap.by_log),
            percent(gap.by_interval)
        )],
        notes: vec![
            format!(
                "{}; half of the intervals are longer than {} days. Within an interval the probability is spread evenly.",
                counted(found.n_events, "recurrence", "recurrences"),
                decimal(found.median_width.unwrap_or(0.0), 0)
            ),
            made.to_owned(),
        ],
    })
}
