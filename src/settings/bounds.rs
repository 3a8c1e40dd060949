//! How great a setting may be, so that no date, sum or product made with it runs out of numbers.

use super::error::SettingsError;
use super::{LandmarkSettings, Settings};

/// The longest time in days: a hundred years.
const LONGEST: i32 = 36_525;

/// The greatest number.
const GREATEST: f64 = 1e6;

/// Refuses numbers that are infinite, none, or greater than anything they can mean.
pub(super) fn check(settings: &Settings, file: &str) -> Result<(), SettingsError> {
    let Settings { adherence, pain, remission, recurrence, censoring, maintenance, landmark, model, weights, .. } = settings;
    let bad = |setting: &str, found: String, expected: &str| {
        Err(SettingsError::Value { file: file.to_owned(), setting: setting.to_owned(), found, expected: expected.to_owned() })
    };
    let days = [
        ("adherence.permissible_gap", adherence.permissible_gap),
        ("pain.baseline_days", pain.baseline_days),
        ("pain.end_days", pain.end_days),
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
    ] {
        if !list.iter().all(|day| (least..=LONGEST).contains(day)) {
            return bad(setting, format!("{list:?}"), &format!("each of its days must be from {least} to {LONGEST}"));
        }
    }
    if !model.times.iter().all(|time| (0.0..=f64::from(LONGEST)).contains(time)) {
        return bad("model.times", format!("{:?}", model.times), &format!("each of its days must be from 0 to {LONGEST}"));
    }
    let numbers = [
        ("adherence.prescribed_per_week", adherence.prescribed_per_week.unwrap_or(1.0)),
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
