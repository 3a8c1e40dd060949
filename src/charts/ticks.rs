//! Where axes are marked: round numbers, round spans of days, calendar months and years, round ratios.

use chrono::{Datelike, NaiveDate};

use crate::domain::Day;

/// Spans of days a reader of a clinic's follow-up thinks in.
const DAY_STEPS: [u32; 15] = [1, 2, 5, 7, 14, 30, 60, 90, 120, 180, 360, 720, 1_800, 3_600, 7_200];
/// Spans of weeks.
const WEEK_STEPS: [u32; 9] = [1, 2, 4, 8, 12, 26, 52, 104, 260];
/// Spans of months that begin in January.
const MONTH_STEPS: [u32; 7] = [1, 2, 3, 6, 12, 24, 60];

fn multiples(step: f64, first: f64, last: f64) -> Vec<f64> {
    let from = (first / step - 1e-9).ceil() as i64;
    let to = (last / step + 1e-9).floor() as i64;
    (from..=to).map(|number| number as f64 * step).collect()
}

/// Round days from 0 to `last`, at most `most` steps.
#[must_use]
pub fn day_ticks(last: f64, most: usize) -> Vec<f64> {
    let step = DAY_STEPS.iter().copied().find(|step| last / f64::from(*step) <= most as f64).unwrap_or(14_400);
    multiples(f64::from(step), 0.0, last)
}

/// The span of whole weeks with which `weeks` of them take at most `most` steps.
#[must_use]
pub fn week_step(weeks: f64, most: usize) -> u32 {
    WEEK_STEPS.iter().copied().find(|step| weeks / f64::from(*step) <= most as f64).unwrap_or(520)
}

/// Whole weeks from `first` to `last`, at most `most` steps, on multiples of the step.
#[must_use]
pub fn week_ticks(first: f64, last: f64, most: usize) -> Vec<f64> {
    multiples(f64::from(week_step(last - first, most)), first, last)
}

/// Round values from `first` to `last`: steps of 1, 2 or 5 times a power of ten, at most `most` of them.
#[must_use]
pub fn value_ticks(first: f64, last: f64, most: usize) -> Vec<f64> {
    let span = last - first;
    if span <= 0.0 || !span.is_finite() {
        return vec![first];
    }
    let mut power = 10f64.powf((span / most as f64).log10().floor());
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if span / (factor * power) <= most as f64 + 1e-9 {
                return multiples(factor * power, first, last);
            }
        }
        power *= 10.0;
    }
}

/// Ratios to mark between `low` and `high`, thinned until there are at most `most`.
#[must_use]
pub fn ratio_ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    const FINE: [f64; 19] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 20.0, 30.0, 50.0, 100.0];
    const MIDDLE: [f64; 13] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
    const COARSE: [f64; 5] = [0.01, 0.1, 1.0, 10.0, 100.0];
    let within =
        |list: &[f64]| -> Vec<f64> { list.iter().copied().filter(|ratio| *ratio >= low * 0.999 && *ratio <= high * 1.001).collect() };
    [within(&FINE), within(&MIDDLE)].into_iter().find(|list| list.len() <= most).unwrap_or_else(|| within(&COARSE))
}

/// A first of a month to mark, with its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarTick {
    /// The day.
    pub day: Day,
    /// `Mar 2024`, `Apr` or, where only years fit, `2024`.
    pub label: String,
}

/// Firsts of months (or of years) from `first` to `last`, at most `most` of them; the first label and each January's carry the year.
/// A span without any such day has its first day marked instead.
#[must_use]
pub fn calendar_ticks(first: Day, last: Day, most: usize) -> Vec<CalendarTick> {
    let months = f64::from(last.days_since(first).max(1)) / 30.44;
    let step = MONTH_STEPS.iter().copied().find(|step| months / f64::from(*step) <= most as f64).unwrap_or(120);
    let mut ticks: Vec<CalendarTick> = Vec::new();
    let (mut year, mut month) = (first.date().year(), 1);
    while let Some(day) = Day::from_ymd(year, month, 1).filter(|day| *day <= last) {
        if day >= first && (step <= 12 || year.rem_euclid((step / 12).cast_signed()) == 0) {
            let label = if step >= 12 {
                year.to_string()
            } else if ticks.is_empty() || month == 1 {
                month_label(day.date(), "%b %Y")
            } else {
                month_label(day.date(), "%b")
            };
            ticks.push(CalendarTick { day, label });
        }
        month += step.min(12);
        if month > 12 {
            month = 1;
            year += 1;
        }
    }
    if ticks.is_empty() {
        ticks.push(CalendarTick { day: first, label: month_label(first.date(), "%-d %b %Y") });
    }
    ticks
}

fn month_label(date: NaiveDate, form: &str) -> String {
    date.format(form).to_string()
}

/// A tick's label: no decimals where there are none, `−` for minus.
#[must_use]
pub fn tick_label(value: f64) -> String {
    let rounded = (value * 1000.0).round() / 1000.0;
    let label = format!("{}", rounded.abs());
    if rounded < 0.0 { format!("−{label}") } else { label }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_marked_in_spans_a_clinic_thinks_in() {
        assert_eq!(day_ticks(10.0, 8), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(day_ticks(600.0, 8), [0.0, 90.0, 180.0, 270.0, 360.0, 450.0, 540.0]);
        assert_eq!(day_ticks(640.0, 6), [0.0, 120.0, 240.0, 360.0, 480.0, 600.0]);
        assert_eq!(day_ticks(1500.0, 8), [0.0, 360.0, 720.0, 1080.0, 1440.0]);
        assert_eq!(day_ticks(0.0, 8), [0.0]);
    }

    #[test]
    fn values_are_marked_in_ones_twos_and_fives() {
        assert_eq!(value_ticks(0.0, 10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(value_ticks(0.0, 7.0, 7), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        assert_eq!(value_ticks(0.0, 100.0, 5), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(value_ticks(4.0, 4.0, 5), [4.0]);
    }

    #[test]
    fn months_carry_the_year_once_and_years_stand_alone_over_long_spans() {
        let day = |text: &str| Day::parse_iso(text).unwrap();
        let labels = |first: &str, last: &str, most: usize| -> Vec<String> {
            calendar_ticks(day(first), day(last), most).into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(labels("2023-11-20", "2024-02-10", 8), ["Dec 2023", "Jan 2024", "Feb"]);
        assert_eq!(labels("2020-03-01", "2024-06-01", 6), ["2021", "2022", "2023", "2024"]);
        assert_eq!(labels("2024-03-02", "2024-03-20", 6), ["2 Mar 2024"]);
    }

    #[test]
    fn ratios_are_thinned_to_what_fits_and_always_hold_one() {
        assert_eq!(ratio_ticks(0.4, 2.0, 9), [0.5, 0.7, 1.0, 1.5, 2.0]);
        assert_eq!(ratio_ticks(0.01, 100.0, 6), [0.01, 0.1, 1.0, 10.0, 100.0]);
    }

    #[test]
    fn tick_labels_have_no_needless_decimals() {
        assert_eq!([tick_label(2.0), tick_label(0.1 + 0.2), tick_label(-1.5)], ["2", "0.3", "−1.5"]);
    }
}
