//! Comparison of our numbers with R's, with the place named when they differ.

use serde_json::Value;

/// Our number against R's (or against null).
pub(super) fn same(place: &str, found: Option<f64>, expected: &Value, tolerance: f64) {
    match (found, number(expected)) {
        (None, None) => {}
        (Some(found), Some(expected)) => {
            let scale = expected.abs().max(1e-12);
            assert!((found - expected).abs() <= tolerance * scale, "{place}: {found} where R has {expected}");
        }
        (found, _) => panic!("{place}: {found:?} where R has {expected}"),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        _ => None,
    }
}

/// A column of our numbers against an array.
pub(super) fn all_same(place: &str, found: impl IntoIterator<Item = Option<f64>>, expected: &Value, tolerance: f64) {
    let found: Vec<Option<f64>> = found.into_iter().collect();
    let expected = expected.as_array().unwrap_or_else(|| panic!("{place}: R has no array"));
    assert_eq!(found.len(), expected.len(), "{place}: {} values where R has {}", found.len(), expected.len());
    for (index, (found, expected)) in found.into_iter().zip(expected).enumerate() {
        same(&format!("{place}[{index}]"), found, expected, tolerance);
    }
}
