//! A number as text that reads back as the same number.

/// Whole numbers below this are all held exactly, and readable.
const LONGEST: f64 = 1e15;

/// The shortest decimal that reads back as the same number; with a power of ten where it would run over 15 digits.
#[must_use]
pub fn exact_text(value: f64) -> String {
    let size = value.abs();
    let is_plain = size == 0.0 || (1.0 / LONGEST..LONGEST).contains(&size) || !size.is_finite();
    if is_plain { format!("{value}") } else { format!("{value:e}") }
}

#[cfg(test)]
mod tests {
    use super::exact_text;

    #[test]
    fn every_number_reads_back_and_none_runs_over_hundreds_of_digits() {
        for value in [0.0, -0.0, 0.1, 123.0, 1e14, 1e15, -2.5e100, 1e-15, 9.9e-16, f64::MAX, f64::MIN_POSITIVE, 5e-324, 1.0 / 3e20] {
            let text = exact_text(value);
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits(), "{text}");
            assert!(text.len() <= 24, "{text}");
        }
        assert_eq!(exact_text(-2.5e100), "-2.5e100");
        assert_eq!(exact_text(123.0), "123");
    }
}
