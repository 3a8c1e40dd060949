//! Any text as `study.toml`: settings within their ranges, or an error with a place in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use staywell::settings::{Settings, SettingsError, parse};

fuzz_target!(|text: &str| {
    match parse(text, "study.toml") {
        Ok(study) => {
            // Every output prints the settings: they can be written, and none of them is infinite or no number.
            let settings = serde_json::to_value(&study.settings).expect("settings can be written");
            finite(&settings, &serde_json::to_value(Settings::default()).expect("settings can be written"), "settings");
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

/// JSON has no infinity and no NaN: both become null, where only a setting that may be left out is null.
fn finite(value: &Value, default: &Value, place: &str) {
    match value {
        Value::Null => assert!(default.is_null(), "{place} is no number"),
        Value::Array(values) => values.iter().for_each(|value| finite(value, &Value::Bool(false), place)),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| finite(value, default.get(name).unwrap_or(&Value::Null), &format!("{place}.{name}")));
        }
        _ => {}
    }
}
