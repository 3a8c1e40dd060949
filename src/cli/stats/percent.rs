//! Shares as percentages in notes.

use crate::stats::exact_text;

/// A share in percent, without what the multiplication by 100 rounds: 0.55 is 55, not 55.00000000000001.
pub(super) fn percent(share: f64) -> String {
    // 14 digits: more than anybody gives, fewer than the last one or two that rounding touches.
    exact_text(format!("{:.13e}", 100.0 * share).parse().unwrap_or(100.0 * share))
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_share_is_printed_with_the_digits_it_was_given_with() {
        let cases = [
            (0.55, "55"),
            (0.95, "95"),
            (0.999, "99.9"),
            (0.975, "97.5"),
            (0.07, "7"),
            (0.57, "57"),
            (1.0 - 0.95, "5"),
            (1e-9, "0.0000001"),
        ];
        for (share, text) in cases {
            assert_eq!(percent(share), text);
        }
        // Every share of up to four digits is that share with the point two places on.
        for n in 1..10_000_u32 {
            let text = percent(f64::from(n) / 10_000.0);
            assert!((text.parse::<f64>().unwrap() * 100.0 - f64::from(n)).abs() < 1e-9, "{text}");
            assert!(text.len() <= 5, "{text}");
        }
    }
}
