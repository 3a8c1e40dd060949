//! Exposure spans in blocks of days, for models of which a row per change of dose would be too many.

use crate::settings::ExposureSettings;

use super::course::Course;
use super::exposure_spans::{ExposureSpan, exposure_spans};

/// The time at risk of a course as spans of one dose each, the dose looked at again every `step` days only.
///
/// # Definition
/// [`exposure_spans`] with a `step` of 1. Else the days at risk of which the dose is known are cut into blocks of `step` days, the
/// last one shorter, and each block has the dose of its first day, which is known from history only: a dose is at most `step − 1`
/// days older than that of the day itself. Neighboring blocks of one dose make one span.
#[must_use]
pub fn dose_spans(course: &Course, settings: &ExposureSettings, step: i32) -> Vec<ExposureSpan> {
    let exact = exposure_spans(course, settings);
    let (Some(first), Some(last)) = (exact.first(), exact.last()) else { return exact };
    if step <= 1 {
        return exact;
    }
    let (mut from, end, recurred) = (first.from, last.to, last.recurred);
    let mut spans: Vec<ExposureSpan> = Vec::new();
    let mut known = exact.iter();
    let mut current = first;
    while from < end {
        while current.to <= from {
            let Some(next) = known.next() else { break };
            current = next;
        }
        let to = from.saturating_add(step).min(end);
        let (sessions, window_days) = (current.sessions, current.window_days);
        match spans.last_mut() {
            Some(last) if last.window_days == window_days && (last.sessions - sessions).abs() < 1e-9 => last.to = to,
            _ => spans.push(ExposureSpan { from, to, sessions, window_days, recurred: false }),
        }
        from = to;
    }
    if let Some(last) = spans.last_mut() {
        last.recurred = recurred;
    }
    spans
}
