//! A pain log that goes on on another scale.

use super::{At, Context, Found, Logs, plain};
use crate::domain::Day;
use crate::ingest::accounting::Finding;
use crate::ingest::rules;

/// Each side of the change has at least so many logged days.
const LEAST_LOGS: usize = 10;
/// So many logs next to the change must all be large.
const BESIDE: usize = 5;
/// The change happens between two logs at most so many days apart.
const AT_ONCE: i32 = 14;
/// Small is at most this share of the scale, large at least that one.
const SMALL: f32 = 0.1;
const LARGE: f32 = 0.3;
/// How many times larger the one side is: ten times, within the noise of a log.
const TIMES: (f32, f32) = (4.0, 20.0);

/// One end of the log holds small scores only, and next to the change most of these are not 0 while those on the other side
/// are large: somebody who gets well passes through the middle of the scale, and mostly ends at 0.
pub(super) fn check(logs: &Logs, patient: usize, _: &Context<'_>, found: &mut Vec<Finding>) {
    let rows = logs.pain.rows(patient);
    let (scores, days) = (&logs.pain.score[rows.clone()], &logs.pain.day[rows.clone()]);
    if scores.len() < 2 * LEAST_LOGS || logs.scale.min != 0.0 || logs.scale.max < 10.0 {
        return;
    }
    let greatest = logs.scale.max as f32;
    let small = |score: &&f32| **score <= SMALL * greatest;
    let at_end = scores.len() - scores.iter().rev().take_while(small).count();
    let at_start = scores.iter().take_while(small).count();
    for (change, ends_small) in [(at_end, true), (at_start, false)] {
        if change < LEAST_LOGS || scores.len() - change < LEAST_LOGS {
            continue;
        }
        let (before, after) = scores.split_at(change);
        // The logs next to the change, on either side of it.
        let (near_before, near_after) = (&before[before.len() - LEAST_LOGS..], &after[..LEAST_LOGS]);
        let (near_small, near_large) = if ends_small { (near_after, near_before) } else { (near_before, near_after) };
        let beside = if ends_small { &near_large[LEAST_LOGS - BESIDE..] } else { &near_large[..BESIDE] };
        let at_once = days[change].saturating_sub(days[change - 1]) <= AT_ONCE;
        let mostly_not_zero = 2 * near_small.iter().filter(|&&score| score > 0.0).count() > near_small.len();
        if !at_once || !mostly_not_zero || beside.iter().any(|&score| score < LARGE * greatest) {
            continue;
        }
        let (small_score, large_score) = (median(near_small), median(near_large));
        if large_score < TIMES.0 * small_score || large_score > TIMES.1 * small_score {
            continue;
        }
        let (id, day) = (&logs.patients.ids[patient], Day(days[change]));
        let (before, after) = if ends_small { (large_score, small_score) } else { (small_score, large_score) };
        let shown = |score: f32| plain(f64::from(score));
        let sentence = format!(
            "{id}'s pain is about {} up to {} and about {} from {day} on, on the scale {}: another scale?",
            shown(before),
            Day(days[change - 1]),
            shown(after),
            logs.scale.name
        );
        let at = At::pain(logs, rows.start + change);
        found.push(Found { rule: rules::SCALE_CHANGE, at, column: "pain", value: shown(scores[change]), sentence }.of(logs, patient));
    }
}

/// The middle of a few scores.
fn median(scores: &[f32]) -> f32 {
    let mut sorted = scores.to_vec();
    sorted.sort_by(f32::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        even if even.is_multiple_of(2) => f32::midpoint(sorted[middle - 1], sorted[middle]),
        _ => sorted[middle],
    }
}
