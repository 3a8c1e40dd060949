//! A cell of a sheet as the text a native file would have.

use calamine::{CellErrorType, DataRef, ExcelDateTime};

/// The text of a cell; `zeros` is the width of a number format such as `0000`, by which the program shows 42 as 0042.
pub(super) fn text(cell: &DataRef<'_>, zeros: usize) -> String {
    match cell {
        DataRef::Int(number) => padded(&number.to_string(), zeros),
        DataRef::Float(number) => padded(&shortest(*number), zeros),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(value) => if *value { "true" } else { "false" }.to_owned(),
        DataRef::DateTime(moment) => date_time(*moment),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.trim().to_owned(),
        // "Not available" is how a spreadsheet says "missing"; any other error stays, and the row is rejected for it.
        DataRef::Error(CellErrorType::NA) | DataRef::Empty => String::new(),
        DataRef::Error(error) => error.to_string(),
    }
}

fn padded(number: &str, zeros: usize) -> String {
    let whole = number.bytes().all(|byte| byte.is_ascii_digit());
    if whole && number.len() < zeros { format!("{number:0>zeros$}") } else { number.to_owned() }
}

/// The width of a format made of zeros only (`0000`), else 0.
pub(super) fn zeros(format: &str) -> usize {
    if format.len() > 1 && format.bytes().all(|byte| byte == b'0') { format.len().min(30) } else { 0 }
}

/// The shortest decimal of the 15 digits a spreadsheet keeps: 0.1 + 0.2 is 0.3, and 7 is 7.
pub(in crate::ingest) fn shortest(number: f64) -> String {
    let kept = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    // Minus zero is zero.
    format!("{}", kept + 0.0)
}

/// Seconds of a day.
const DAY: f64 = 86_400.0;

fn date_time(moment: ExcelDateTime) -> String {
    let serial = moment.as_f64();
    if !serial.is_finite() {
        return String::new();
    }
    if moment.is_duration() {
        let seconds = (serial.abs() * DAY).round() as u64;
        let sign = if serial < 0.0 { "-" } else { "" };
        return format!("{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    // Outside the calendar of a spreadsheet the number stands as it is, and is rejected as no date.
    if !(0.0..2_958_466.0).contains(&serial) {
        return shortest(serial);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
    let clock = format!("{hour:02}:{minute:02}:{second:02}{fraction}");
    // A time of day without a date.
    if serial < 1.0 {
        return clock;
    }
    let midnight = (hour, minute, second, milli) == (0, 0, 0, 0);
    if midnight { format!("{year:04}-{month:02}-{day:02}") } else { format!("{year:04}-{month:02}-{day:02} {clock}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    #[test]
    fn numbers_are_the_shortest_decimal_a_spreadsheet_shows() {
        for (number, shown) in
            [(7.0, "7"), (0.1 + 0.2, "0.3"), (-0.0, "0"), (6.55, "6.55"), (1e15, "1000000000000000"), (1.0 / 3.0, "0.333333333333333")]
        {
            assert_eq!(shortest(number), shown);
        }
        assert_eq!(text(&DataRef::Float(42.0), zeros("0000")), "0042");
        assert_eq!(text(&DataRef::Float(12345.0), zeros("0000")), "12345");
        assert_eq!(text(&DataRef::Float(1.5), zeros("0000")), "1.5");
        assert_eq!((zeros("0"), zeros("0.00"), zeros("General")), (0, 0, 0));
    }

    #[test]
    fn serials_are_days_of_their_epoch() {
        let shown = |serial, kind, since_1904| text(&DataRef::DateTime(ExcelDateTime::new(serial, kind, since_1904)), 0);
        // 2024-01-31 is day 45322 since 1900 and 43860 since 1904.
        assert_eq!(shown(45_322.0, DateTime, false), "2024-01-31");
        assert_eq!(shown(43_860.0, DateTime, true), "2024-01-31");
        assert_eq!(shown(45_322.75, DateTime, false), "2024-01-31 18:00:00");
        assert_eq!(shown(0.354_166_666_666_666_7, DateTime, false), "08:30:00");
        assert_eq!(shown(1.5, TimeDelta, false), "36:00:00");
        assert_eq!(shown(-3.0, DateTime, false), "-3");
        assert_eq!(shown(4e6, DateTime, false), "4000000");
    }

    #[test]
    fn not_available_is_missing_and_other_errors_stand() {
        assert_eq!(text(&DataRef::Error(CellErrorType::NA), 0), "");
        assert_eq!(text(&DataRef::Error(CellErrorType::Ref), 0), "#REF!");
        assert_eq!(text(&DataRef::Bool(true), 0), "true");
    }
}
