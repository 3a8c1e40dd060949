//! Derivatives of a survival curve by the weight of each row.

use super::curve_contrast::SortedGroup;

/// Adds `factor` times the derivative of the restricted mean by the weight of each row.
///
/// # Formula
/// ```text
/// ∂μ(τ)/∂wᵢ = Σ_{t ≤ min(Tᵢ, τ)} A(t) d/(n (n − d)) − [event at Tᵢ ≤ τ] A(Tᵢ)/(n − d),   A(t) = ∫ₜ^τ S
/// ```
pub(super) fn area_influences(group: &SortedGroup, horizon: f64, factor: f64, influences: &mut [f64]) {
    let survival = curve(group);
    let mut ahead = vec![0.0; survival.len()];
    let (mut area, mut right) = (0.0, horizon);
    for (position, at) in group.times.iter().enumerate().rev() {
        area += survival[position] * (right - at.time);
        right = at.time;
        ahead[position] = area;
    }
    add_influences(group, &ahead, factor, influences);
}

/// Adds `factor` times the derivative of the curve at the end of its times.
///
/// # Formula
/// As for the restricted mean, with `S` at the end in the place of `A(t)`.
pub(super) fn survival_influences(group: &SortedGroup, factor: f64, influences: &mut [f64]) {
    let last = curve(group).last().copied().unwrap_or(1.0);
    add_influences(group, &vec![last; group.times.len()], factor, influences);
}

/// The curve after each distinct time, every row once.
fn curve(group: &SortedGroup) -> Vec<f64> {
    let n = group.rows.len();
    let mut survival = 1.0;
    let after = |at: &super::curve_contrast::DistinctTime| {
        survival *= (n - at.censored) as f64 / (n - at.start) as f64;
        survival
    };
    group.times.iter().map(after).collect()
}

fn add_influences(group: &SortedGroup, ahead: &[f64], factor: f64, influences: &mut [f64]) {
    let mut running = 0.0;
    let mut done = 0;
    for (at, &ahead) in group.times.iter().zip(ahead) {
        let (n, rest) = ((group.rows.len() - at.start) as f64, (group.rows.len() - at.censored) as f64);
        // Where everybody left has the event, the curve is 0 from there on and nothing lies ahead.
        let own = if rest > 0.0 { ahead / rest } else { 0.0 };
        running += own * (n - rest) / n;
        for &row in &group.rows[at.start..at.censored] {
            influences[row as usize] += factor * (running - own);
        }
        for &row in &group.rows[at.censored..at.end] {
            influences[row as usize] += factor * running;
        }
        done = at.end;
    }
    for &row in &group.rows[done..] {
        influences[row as usize] += factor * running;
    }
}
