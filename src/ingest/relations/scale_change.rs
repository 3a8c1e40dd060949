//! A pain log that goes on on another scale.

use super::{At, Found, Logs, plain};
use crate::domain::Day;
use crate::ingest::accounting::Finding;
use crate::ingest::rules;
use crate::settings::Checks;

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

/// One end of the log holds small scores only, most of them not 0, and the logs next to it were large: somebody who gets
/// well passes through the middle of the scale, and mostly ends at 0.
pub(super) fn check(logs: &Logs, patient: usize, _: &Checks, found: &mut Vec<Finding>) {
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
        let (small_side, large_side) = if ends_small { (after, before) } else { (before, after) };
        let beside = if ends_small { &before[change - BESIDE..] } else { &after[..BESIDE] };
        let at_once = days[change].saturating_sub(days[change - 1]) <= AT_ONCE;
        let mostly_not_zero = 2 * small_side.iter().filter(|&&score| score > 0.0).count() > small_side.len();
        if !at_once || !mostly_not_zero || beside.iter().any(|&score| score < LARGE * greatest) {
            continue;
        }
        let (near_small, near_large) = if ends_small {
            (median(&small_side[..LEAST_LOGS]), median(&large_side[large_side.len() - LEAST_LOGS..]))
        } else {
            (median(&small_side[small_side.len() - LEAST_LOGS..]), median(&large_side[..LEAST_LOGS]))
        };
        if near_large < TIMES.0 * near_small || near_large > TIMES.1 * near_small {
            continue;
        }
        let (id, day) = (&logs.patients.ids[patient], Day(days[change]));
        let (before, after) = if ends_small { (near_large, near_small) } else { (near_small, near_large) };
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
