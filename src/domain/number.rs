//! How numbers are spelled: the only place that rounds. Rounding is half away from zero on the decimal shown.

/// `0.62`: a ratio, two decimals below 10.
#[must_use]
pub fn ratio(value: f64) -> String {
    if value.abs() < 9.995 { format!("{value:.2}") } else { format!("{value:.1}") }
}

/// `3.4`: a score, slope or count of sessions, with this many decimals and a true minus sign.
#[must_use]
pub fn decimal(value: f64, decimals: usize) -> String {
    let factor = 10_f64.powi(i32::try_from(decimals).unwrap_or(2));
    // Half away from zero, as people round; format! alone rounds the binary value's halves to even.
    let rounded = (value.abs() * factor + 1e-9).round() / factor;
    let sign = if value < 0.0 && rounded > 0.0 { "−" } else { "" };
    format!("{sign}{rounded:.decimals$}")
}

/// `+1.2` or `−1.2`: a change.
#[must_use]
pub fn change(value: f64, decimals: usize) -> String {
    let text = decimal(value, decimals);
    if value > 0.0 { format!("+{text}") } else { text }
}

/// `67 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{} %", decimal(100.0 * share, 0))
}

/// `0.45–0.85`, or `−1.2 to 0.4` where a minus sign would run into the dash.
#[must_use]
pub fn interval(lower: f64, upper: f64, decimals: usize) -> String {
    let (low, high) = (decimal(lower, decimals), decimal(upper, decimals));
    if lower < 0.0 { format!("{low} to {high}") } else { format!("{low}–{high}") }
}

/// `0.031`, `0.47`, `<0.001` or `>0.99`: a p value.
#[must_use]
pub fn p_value(p: f64) -> String {
    if p < 0.001 {
        "<0.001".to_owned()
    } else if p > 0.99 {
        ">0.99".to_owned()
    } else if p < 0.1 {
        format!("{p:.3}")
    } else {
        format!("{p:.2}")
    }
}

/// `p = 0.031` or `p < 0.001`.
#[must_use]
pub fn p_equals(p: f64) -> String {
    let text = p_value(p);
    match text.chars().next() {
        Some(sign @ ('<' | '>')) => format!("p {sign} {}", &text[1..]),
        _ => format!("p = {text}"),
    }
}

/// `1,234,567`: a count.
#[must_use]
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 patient`, `2,000 patients`.
#[must_use]
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_round_away_from_zero_and_minus_is_a_minus() {
        assert_eq!(decimal(0.25, 1), "0.3");
        assert_eq!(decimal(-2.5, 0), "−3");
        assert_eq!(decimal(-0.04, 1), "0.0");
        assert_eq!(change(1.25, 1), "+1.3");
    }

    #[test]
    fn intervals_and_p_values_read_as_in_a_journal() {
        assert_eq!(interval(0.451, 0.849, 2), "0.45–0.85");
        assert_eq!(interval(-1.2, 0.4, 1), "−1.2 to 0.4");
        assert_eq!(p_equals(0.000_4), "p < 0.001");
        assert_eq!(p_equals(0.0314), "p = 0.031");
        assert_eq!(p_value(0.5), "0.50");
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(counted(1, "patient", "patients"), "1 patient");
    }
}
