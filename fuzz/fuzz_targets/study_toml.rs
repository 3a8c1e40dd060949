//! Any text as `study.toml`: settings within their ranges, or an error with a place in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use staywell::settings::{SettingsError, parse};

fuzz_target!(|text: &str| {
    match parse(text, "study.toml") {
        Ok(study) => {
            // Every output prints the settings: they can be written, and none of them is infinite or no number.
            let settings = serde_json::to_value(&study.settings).expect("settings can be written");
            finite(&settings, "settings");
            let again = serde_json::to_string(&study.reading).expect("the layout can be written");
            assert!(!again.is_empty());
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            if let SettingsError::Syntax { line, column, .. } = error {
                assert!(line >= 1 && line <= text.matches('\n').count() + 1, "line {line} of {text:?}");
                assert!(column >= 1 && column <= text.chars().count() + 1, "column {column} of {text:?}");
            }
        }
    }
});

/// JSON has no infinity and no NaN: both become null where a number must stand.
fn finite(value: &serde_json::Value, place: &str) {
    const MAY_BE_NULL: [&str; 4] = ["name", "cut_off", "prescribed_per_week", "covariates"];
    match value {
        serde_json::Value::Null => assert!(MAY_BE_NULL.iter().any(|name| place.ends_with(name)), "{place} is no number"),
        serde_json::Value::Array(values) => values.iter().for_each(|value| finite(value, place)),
        serde_json::Value::Object(fields) => fields.iter().for_each(|(name, value)| finite(value, &format!("{place}.{name}"))),
        _ => {}
    }
}
