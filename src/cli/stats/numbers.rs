//! Numbers on the command line.

/// A number; `nan` and `inf`, which Rust would read, are none.
pub(super) fn finite(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err("a number is expected, such as 30 or 0.5".to_owned()),
    }
}
