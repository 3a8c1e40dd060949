//! Dates as they are typed: ISO, numbers in an order that the column itself or the study settles, month names, day
//! numbers of spreadsheets, parts in columns of their own. What can be read in two ways is never guessed.

mod clock;
mod cursor;
mod evidence;
mod fault;
mod names;
mod parts;
mod serial;
mod style;
mod written;

pub(super) use evidence::{OrderEvidence, Sighting};
pub(super) use fault::NotADay;
pub(super) use parts::from_parts;
pub(super) use style::DateStyle;

use clock::Clock;

use crate::domain::Day;

/// A day as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dated {
    pub day: Day,
    /// The time beside it: of the local day, where that is known.
    pub time: Option<Clock>,
}

impl Dated {
    /// Whether the time beside it is in UTC and was not taken to a local one.
    pub fn utc(&self) -> bool {
        self.time.is_some_and(|time| time.utc)
    }
}

/// The time of day that stands beside the date in a cell.
pub(super) fn time_of_day(text: &str, style: &DateStyle) -> Option<String> {
    parse(text, style).ok()?.time.map(|time| time.to_string())
}

/// Reads a day. A time of day after it is accepted; the local day counts.
#[inline]
pub(super) fn parse(text: &str, style: &DateStyle) -> Result<Dated, NotADay> {
    match Day::parse_iso(text) {
        Ok(day) => Ok(Dated { day, time: None }),
        Err(_) => written::parse(text, style),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{DateOrder, DateSerial, Language};

    const PLAIN: DateStyle = DateStyle { order: None, two_digit_years: None, language: None, zone: None, serial: None };

    fn ordered(order: DateOrder) -> DateStyle {
        DateStyle { order: Some(order), ..PLAIN }
    }

    fn read(text: &str, style: DateStyle) -> Result<String, NotADay> {
        parse(text, &style).map(|dated| dated.day.to_string())
    }

    fn is(text: &str, style: DateStyle, wanted: &str) {
        assert_eq!(read(text, style), Ok(wanted.to_owned()), "{text}");
    }

    #[test]
    fn iso_dates_and_date_times_are_read_whatever_the_order() {
        for text in [
            "2024-03-31",
            "2024-03-31 23:59",
            "2024-03-31T23:59:59.5+02:00",
            "2024-03-31T00:00:00Z",
            "2024/3/31",
            "2024.03.31",
            "2024 03 31",
            "20240331",
            "20240331T235959Z",
            "2024-03-31, 23:59",
            "\u{200e}2024-03-31\u{a0}",
        ] {
            is(text, PLAIN, "2024-03-31");
            is(text, ordered(DateOrder::MonthFirst), "2024-03-31");
        }
        assert!(parse("2024-03-31T00:00:00Z", &PLAIN).unwrap().utc());
        assert!(!parse("2024-03-31T00:00:00+01:00", &PLAIN).unwrap().utc());
    }

    #[test]
    fn other_dates_follow_the_order_and_are_undecided_without() {
        let (day_first, month_first) = (ordered(DateOrder::DayFirst), ordered(DateOrder::MonthFirst));
        is("31/03/2024", day_first, "2024-03-31");
        is("31. 3. 2024", day_first, "2024-03-31");
        is("31.03.2024 14.05", day_first, "2024-03-31");
        is("31/03/2024 at 2:05 pm", day_first, "2024-03-31");
        is("3-31-2024 8:05", month_first, "2024-03-31");
        assert_eq!(read("31.02.2024", day_first), Err(NotADay::NoSuchDay));
        assert_eq!(read("31.03.2024", ordered(DateOrder::Iso)), Err(NotADay::NotIso));
        assert_eq!(read("3/4/2024", PLAIN), Err(NotADay::Undecided { parts: (3, 4, 2024), weekday: None }));
        assert_eq!(read("2022-13-01", PLAIN), Err(NotADay::NoSuchDay));
        assert_eq!(read("20241301", PLAIN), Err(NotADay::NoSuchDay));
        for text in [
            "",
            "yesterday",
            "2024-03-31x",
            "2024-03-31 noon",
            "2024-03-31 25:00",
            "1/2-2024",
            "1/2/3/2024",
            "1/é/2024",
            "2024",
            "2024-03",
            "March",
            "14:05",
        ] {
            assert_eq!(read(text, PLAIN), Err(NotADay::Shape), "{text}");
        }
    }

    #[test]
    fn years_of_two_digits_need_the_setting_and_an_order() {
        let window = |first, order| DateStyle { two_digit_years: Some(first), order, ..PLAIN };
        assert_eq!(read("3/4/24", PLAIN), Err(NotADay::ShortYear));
        assert_eq!(read("31-Mar-24", PLAIN), Err(NotADay::ShortYear));
        assert_eq!(read("31/03/24", window(1950, None)), Err(NotADay::ShortYearOrder));
        is("31/03/24", window(1950, Some(DateOrder::DayFirst)), "2024-03-31");
        is("03/31/49", window(1950, Some(DateOrder::MonthFirst)), "2049-03-31");
        is("03/31/50", window(1950, Some(DateOrder::MonthFirst)), "1950-03-31");
        is("24-03-31", window(1950, Some(DateOrder::Iso)), "2024-03-31");
        is("31-MAR-24", window(1970, None), "2024-03-31");
        is("31 Mar '99", window(2000, None), "2099-03-31");
    }

    #[test]
    fn month_names_leave_no_order_open() {
        for text in [
            "31 Mar 2024",
            "Mar 31, 2024",
            "31-MAR-2024",
            "March 31 2024",
            "31st of March, 2024",
            "2024-Mar-31",
            "2024 March 31",
            "31MAR2024",
            "31MAR2024:14:05:00",
            "31.Mar.2024 8:00",
            "Mar. 31st 2024",
            "Sunday, 31 March 2024",
            "Sun Mar 31 2024 14:05:00 GMT+0200 (Central European Summer Time)",
            "Sun, 31 Mar 2024 14:05:00 +0200",
            "2024-03-31 (Sun)",
            "2024-03-31 Sunday",
        ] {
            is(text, PLAIN, "2024-03-31");
        }
        assert_eq!(read("31 Feb 2024", PLAIN), Err(NotADay::NoSuchDay));
        assert_eq!(read("4. März 2024", PLAIN), Err(NotADay::OtherLanguage));
        let speaks = |language| DateStyle { language: Some(language), ..PLAIN };
        for (language, text) in [
            (Language::De, "Montag, 4. März 2024"),
            (Language::De, "Mo., 4.3.2024, 14:05 Uhr"),
            (Language::Fr, "lundi 4 mars 2024 à 14h05"),
            (Language::Fr, "lun. 4 mars 2024"),
            (Language::Es, "lunes, 4 de marzo de 2024"),
            (Language::Es, "4-mar-2024"),
            (Language::It, "lunedì 4 marzo 2024"),
            (Language::Pt, "segunda-feira, 4 de março de 2024"),
            (Language::Nl, "ma 4 mrt. 2024"),
            (Language::Sv, "mån 4 mars 2024 kl. 14.05"),
            (Language::Da, "mandag den 4. marts 2024"),
            (Language::No, "mandag 4. mars 2024"),
        ] {
            is(text, DateStyle { order: Some(DateOrder::DayFirst), ..speaks(language) }, "2024-03-04");
        }
        is("1er avril 2024", speaks(Language::Fr), "2024-04-01");
        is("mar. 5 mars 2024", speaks(Language::Fr), "2024-03-05");
        is("mar 5 2024", speaks(Language::Fr), "2024-03-05");
    }

    #[test]
    fn a_weekday_is_checked_and_can_settle_the_order() {
        let monday = Err(NotADay::WrongWeekday { written: chrono::Weekday::Mon, day: Day::from_ymd(2024, 3, 5).unwrap() });
        assert_eq!(read("Mon 2024-03-05", PLAIN), monday);
        assert_eq!(read("Mon 5 Mar 2024", PLAIN), monday);
        // 2024-03-04 is a Monday, 2024-04-03 a Wednesday.
        let undecided = NotADay::Undecided { parts: (3, 4, 2024), weekday: Some(chrono::Weekday::Mon) };
        assert_eq!(read("Mon 3/4/2024", PLAIN), Err(undecided));
        let mut evidence = OrderEvidence::default();
        evidence.note((3, 4, 2024), Some(chrono::Weekday::Mon), "Mon 3/4/2024", 2);
        assert!(evidence.month_first.is_some() && evidence.day_first.is_none() && evidence.either.is_none());
    }

    #[test]
    fn stamps_in_utc_are_taken_to_the_local_day_of_the_zone() {
        let berlin = DateStyle { zone: Some(chrono_tz::Europe::Berlin), ..PLAIN };
        // Summer time began in Berlin on 2024-03-31 at 01:00 UTC: one hour ahead before, two after.
        is("2024-03-30T23:30:00Z", berlin, "2024-03-31");
        is("2024-03-30T22:30:00Z", berlin, "2024-03-30");
        is("2024-03-31T22:30:00Z", berlin, "2024-04-01");
        is("2024-03-31T22:30:00+00:00", berlin, "2024-04-01");
        is("2024-03-31T23:30:00+02:00", berlin, "2024-03-31");
        is("2024-03-31 23:30", berlin, "2024-03-31");
        is("2024-12-31T02:00:00Z", DateStyle { zone: Some(chrono_tz::America::New_York), ..PLAIN }, "2024-12-30");
        assert!(!parse("2024-03-31T22:30:00Z", &berlin).unwrap().utc());
    }

    #[test]
    fn the_time_beside_a_date_is_told_and_nothing_else_is_one() {
        let time = |text: &str, style: DateStyle| time_of_day(text, &style);
        for text in ["2024-03-31", "31 Mar 2024", "March 4, 2024", "2024 03 31", "20240331", "Sunday, 31 March 2024", "2024-03-31x"] {
            assert_eq!(time(text, PLAIN), None, "{text}");
        }
        let german = DateStyle { language: Some(Language::De), ..PLAIN };
        assert_eq!(time("Montag, 4. März 2024", german), None);
        assert_eq!(time("Montag, 4. März 2024, 14:05 Uhr", german).as_deref(), Some("14:05"));
        assert_eq!(time("20240331T1405", PLAIN).as_deref(), Some("14:05"));
        assert_eq!(time("31 Mar 2024 2:05:09 PM", PLAIN).as_deref(), Some("14:05:09"));
        assert_eq!(time("31.03.2024 14:05", ordered(DateOrder::DayFirst)).as_deref(), Some("14:05"));
        // Berlin was two hours ahead: the day and the time are those of the place.
        let berlin = DateStyle { zone: Some(chrono_tz::Europe::Berlin), ..PLAIN };
        assert_eq!(time("2024-06-30T23:30Z", berlin).as_deref(), Some("01:30"));
        is("2024-06-30T23:30Z", berlin, "2024-07-01");
        let serial = DateStyle { serial: Some(DateSerial::From1900), ..PLAIN };
        assert_eq!((time("45382.75", serial).as_deref(), time("45382", serial)), (Some("18:00"), None));
    }

    #[test]
    fn day_numbers_of_spreadsheets_need_the_setting() {
        assert_eq!(read("45382", PLAIN), Err(NotADay::Serial { number: 45_382 }));
        assert_eq!(read("45382.5", PLAIN), Err(NotADay::Serial { number: 45_382 }));
        let from = |serial| DateStyle { serial: Some(serial), ..PLAIN };
        is("45382", from(DateSerial::From1900), "2024-03-31");
        is("45382.99", from(DateSerial::From1900), "2024-03-31");
        is("43920", from(DateSerial::From1904), "2024-03-31");
        assert_eq!(read("60", from(DateSerial::From1900)), Err(NotADay::NoSuchDay));
        is("20240331", from(DateSerial::From1900), "2024-03-31");
    }

    #[test]
    fn the_days_of_two_centuries_come_back_from_every_shape() {
        use chrono::{Datelike, NaiveDate};
        use rayon::prelude::*;
        let declared = |order| DateStyle { order: Some(order), two_digit_years: None, serial: Some(DateSerial::From1900), ..PLAIN };
        let shapes: [(&str, DateStyle); 12] = [
            ("%Y-%m-%d", PLAIN),
            ("%Y%m%d", PLAIN),
            ("%Y/%m/%d %H:%M", PLAIN),
            ("%Y-%m-%dT%H:%M:%SZ", PLAIN),
            ("%d.%m.%Y", declared(DateOrder::DayFirst)),
            ("%-d/%-m/%Y", declared(DateOrder::DayFirst)),
            ("%m/%d/%Y", declared(DateOrder::MonthFirst)),
            ("%d %B %Y", PLAIN),
            ("%b %-d, %Y", PLAIN),
            ("%d-%b-%Y", PLAIN),
            ("%A, %-d %B %Y", PLAIN),
            ("%a %d/%m/%Y %I:%M %p", declared(DateOrder::DayFirst)),
        ];
        let shapes = shapes.map(|(shape, style)| (chrono::format::StrftimeItems::new(shape).collect::<Vec<_>>(), style));
        (1900..=2100).into_par_iter().for_each(|year| {
            for date in NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days().take_while(|date| date.year() == year) {
                let written = date.and_hms_opt(17, 30, 0).unwrap();
                let wanted = Day::from_ymd(date.year(), date.month(), date.day()).unwrap();
                // The plainest shapes every day, each other one every fifth.
                let turn = |at: usize| at.is_multiple_of(5) || (date.ordinal() as usize + at).is_multiple_of(5);
                for (shape, style) in shapes.iter().enumerate().filter(|(at, _)| turn(*at)).map(|(_, shape)| shape) {
                    let text = written.format_with_items(shape.as_slice().iter()).to_string();
                    assert_eq!(parse(&text, style).map(|dated| dated.day), Ok(wanted), "{text}");
                }
            }
        });
    }

    proptest::proptest! {
        #[test]
        fn no_text_stops_the_parser(text in "\\PC{0,24}", order in 0_u8..4, language in 0_usize..10) {
            let order = [None, Some(DateOrder::Iso), Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)][order as usize];
            let style = DateStyle {
                order,
                two_digit_years: Some(1950),
                language: Some(names::LANGUAGES[language]),
                zone: Some(chrono_tz::Pacific::Apia),
                serial: Some(DateSerial::From1904),
            };
            let (_, _) = (parse(&text, &style).ok(), parse(&text, &PLAIN).ok());
        }

        #[test]
        fn no_text_made_of_the_pieces_of_dates_stops_the_parser(
            text in "([0-9]{1,8}|[-/., :TZ+]|Mar|März|Mon|PM|h|'|\u{2013}|st|de|\\(|\\[){0,14}"
        ) {
            let style = DateStyle { two_digit_years: Some(1999), language: Some(Language::De), zone: Some(chrono_tz::Asia::Kolkata), ..PLAIN };
            if let Ok(dated) = parse(&text, &style) {
                // Whatever is read is a day of the calendar that is written back and read again.
                proptest::prop_assert_eq!(parse(&dated.day.to_string(), &PLAIN).map(|dated| dated.day), Ok(dated.day));
            }
        }
    }
}
