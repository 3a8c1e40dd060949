//! How great a setting may be, so that no date, sum or product made with it runs out of numbers.

use super::error::SettingsError;
use super::{GridSettings, LandmarkSettings, Settings};

/// The longest time in days: a hundred years.
const LONGEST: i32 = 36_525;

/// The greatest number.
const GREATEST: f64 = 1e6;

/// Combinations of the grid that are computed in a reasonable time.
const MOST_CELLS: usize = 20_000;

/// Combinations of the levels listed; the study's own level may add one to each list.
fn cells(grid: &GridSettings) -> usize {
    let GridSettings { ceilings, floors, remissions, holds, silences, lags, landmarks, cells: _ } = grid;
    let lengths = [ceilings.len(), floors.len(), remissions.len(), holds.len(), silences.len(), lags.len(), landmarks.len()];
    lengths.into_iter().fold(1, |product: usize, length| product.saturating_mul(length.max(1)))
}

/// Refuses numbers that are infinite, none, or greater than anything they can mean.
pub(super) fn check(settings: &Settings, file: &str) -> Result<(), SettingsError> {
    let Settings { adherence, pain, look_list, remission, recurrence, censoring, maintenance, landmark, grid, .. } = settings;
    let Settings { model, weights, .. } = settings;
    let bad = |setting: &str, found: String, expected: &str| {
        Err(SettingsError::Value { file: file.to_owned(), setting: setting.to_owned(), found, expected: expected.to_owned() })
    };
    let days = [
        ("adherence.initiation_days", adherence.initiation_days),
        ("adherence.permissible_gap", adherence.permissible_gap),
        ("pain.baseline_days", pain.baseline_days),
        ("pain.end_days", pain.end_days),
        ("look_list.days", look_list.days),
        ("look_list.silence", look_list.silence),
        ("look_list.silence_until", look_list.silence_until),
        ("remission.days", remission.days),
        ("remission.max_silence", remission.max_silence),
        ("recurrence.hold_within", recurrence.hold_within),
        ("censoring.silence", censoring.silence),
        ("maintenance.window", maintenance.window),
        ("maintenance.lag", maintenance.lag),
        ("landmark.day", landmark.day),
        ("weights.interval", weights.interval),
        ("weights.grace", weights.grace),
    ];
    if let Some((setting, found)) = days.into_iter().find(|&(_, days)| days > LONGEST) {
        return bad(setting, found.to_string(), "it must be at most 36525 days, a hundred years");
    }
    let LandmarkSettings { sensitivity_days, sensitivity_lags, .. } = landmark;
    for (setting, list, least) in [
        ("landmark.sensitivity_days", sensitivity_days, 1),
        ("landmark.sensitivity_lags", sensitivity_lags, 0),
        ("maintenance.lags", &maintenance.lags, 0),
        ("grid.remissions", &grid.remissions, 1),
        ("grid.silences", &grid.silences, 0),
        ("grid.lags", &grid.lags, 0),
        ("grid.landmarks", &grid.landmarks, 1),
    ] {
        if !list.iter().all(|day| (least..=LONGEST).contains(day)) {
            return bad(setting, format!("{list:?}"), &format!("each of its days must be from {least} to {LONGEST}"));
        }
    }
    for (setting, list) in [("grid.ceilings", &grid.ceilings), ("grid.floors", &grid.floors)] {
        if !list.iter().all(|score| (-GREATEST..=GREATEST).contains(score)) {
            return bad(setting, format!("{list:?}"), "each of its scores must be a number from -1000000 to 1000000");
        }
    }
    if cells(grid) > MOST_CELLS {
        return bad("grid", format!("{} combinations", cells(grid)), "its lists may have at most 20000 combinations; shorten one");
    }
    if !model.times.iter().all(|time| (0.0..=f64::from(LONGEST)).contains(time)) {
        return bad("model.times", format!("{:?}", model.times), &format!("each of its days must be from 0 to {LONGEST}"));
    }
    let numbers = [
        ("adherence.prescribed_per_week", adherence.prescribed_per_week.unwrap_or(1.0)),
        ("adherence.prescribed_minutes", adherence.prescribed_minutes.unwrap_or(1.0)),
        ("pain.flare_points", pain.flare_points),
        ("look_list.rise", look_list.rise),
        ("pain.important_points", pain.important_points),
        ("pain.share_from_baseline", pain.share_from_baseline),
        ("remission.ceiling", remission.ceiling),
        ("recurrence.floor", recurrence.floor),
        ("maintenance.sessions_per_week", maintenance.sessions_per_week),
        ("model.horizon", model.horizon),
    ];
    match numbers.into_iter().find(|(_, number)| !(-GREATEST..=GREATEST).contains(number)) {
        None => Ok(()),
        Some((setting, found)) => bad(setting, found.to_string(), "it must be a number from -1000000 to 1000000"),
    }
}
