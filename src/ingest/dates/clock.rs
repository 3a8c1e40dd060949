//! Times of day behind a date, and the zone they are in.

use std::fmt;

use chrono::{Datelike, NaiveDate, NaiveTime, TimeZone, Timelike};
use chrono_tz::Tz;

use super::cursor::Cursor;
use crate::domain::Day;

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct Clock {
    hour: u32,
    minute: u32,
    second: u32,
    /// Whether it is in UTC.
    pub utc: bool,
}

/// Reads `14:05`, `14:05:59.5`, `2:05 PM`, `14h05`, `14.05`, `1405` (after a `T`), each with a zone or without.
pub(super) fn clock(at: &mut Cursor<'_>, basic: bool) -> Option<Clock> {
    let mut here = *at;
    let digits = here.digits();
    let (mut hour, mut minute, mut second): (u32, u32, u32);
    let mut said = false;
    match digits.len() {
        4 | 6 if basic => {
            let two = |from: usize| digits.get(from..from + 2).and_then(|text| text.parse::<u32>().ok());
            (hour, minute, second) = (two(0)?, two(2)?, if digits.len() == 6 { two(4)? } else { 0 });
            said = true;
            fraction(&mut here);
        }
        1 | 2 => {
            (hour, minute, second) = (digits.parse().ok()?, 0, 0);
            let mut after = here;
            after.space();
            if after.one_of(&[':', '.', 'h', 'H']).is_some() {
                after.space();
                let found = after.digits();
                if found.len() == 2 {
                    minute = found.parse().ok()?;
                    said = true;
                    here = after;
                    seconds(&mut here, &mut second)?;
                } else if found.is_empty() && here.one_of(&['h', 'H']).is_some() {
                    said = true;
                } else {
                    return None;
                }
            }
        }
        _ => return None,
    }
    if let Some(after_noon) = half_of_day(&mut here) {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if after_noon { 12 } else { 0 };
        said = true;
    }
    said |= o_clock(&mut here);
    // 24:00 is the end of the day written before it.
    let end_of_day = hour == 24 && minute == 0 && second == 0;
    if !said || (hour > 23 && !end_of_day) || minute > 59 || second > 60 {
        return None;
    }
    let utc = zone(&mut here)?;
    *at = here;
    Some(Clock { hour, minute, second, utc })
}

/// Seconds and their fraction, if they come next.
fn seconds(here: &mut Cursor<'_>, second: &mut u32) -> Option<()> {
    let mut after = *here;
    if after.one_of(&[':', '.']).is_none() {
        // `14h05m`, `14h05min`
        let word = after.word();
        if word.eq_ignore_ascii_case("m") || word.eq_ignore_ascii_case("min") {
            *here = after;
        }
        return Some(());
    }
    let found = after.digits();
    if found.len() != 2 {
        return None;
    }
    *second = found.parse().ok()?;
    *here = after;
    fraction(here);
    Some(())
}

fn fraction(here: &mut Cursor<'_>) {
    let mut after = *here;
    if after.one_of(&['.', ',', ':']).is_some() && !after.digits().is_empty() {
        *here = after;
    }
}

/// `AM` or `PM` in any spelling; whether it is the latter.
fn half_of_day(here: &mut Cursor<'_>) -> Option<bool> {
    let mut after = *here;
    after.space();
    let half = after.one_of(&['a', 'A', 'p', 'P'])?;
    after.eat('.');
    after.space();
    after.one_of(&['m', 'M'])?;
    after.eat('.');
    if after.rest.starts_with(char::is_alphabetic) {
        return None;
    }
    *here = after;
    Some(matches!(half, 'p' | 'P'))
}

/// `Uhr`, `h`, `uur`, `Hs`; whether one was there.
fn o_clock(here: &mut Cursor<'_>) -> bool {
    let mut after = *here;
    after.space();
    let word = after.word();
    let known = ["uhr", "h", "hrs", "uur", "hs", "heures", "horas"].iter().any(|known| word.eq_ignore_ascii_case(known));
    if known {
        *here = after;
    }
    known
}

/// Abbreviations of zones: the time before them is local, and so is its day.
const LOCAL: [&str; 22] = [
    "CET", "CEST", "MEZ", "MESZ", "WET", "WEST", "EET", "EEST", "BST", "IST", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT",
    "AEST", "AEDT", "NZST", "NZDT",
];

/// The zone behind a time, if there is one; whether it is UTC. `None` if what stands there is no zone.
fn zone(here: &mut Cursor<'_>) -> Option<bool> {
    let mut after = *here;
    after.space();
    let word = after.word();
    let mut utc = ["Z", "UTC", "GMT"].iter().any(|known| word.eq_ignore_ascii_case(known));
    let local = LOCAL.iter().any(|known| word.eq_ignore_ascii_case(known));
    if !word.is_empty() && !utc && !local {
        return Some(false);
    }
    if utc || local {
        *here = after;
    }
    if !local && here.rest.trim_start().starts_with(['+', '-', '\u{2212}']) {
        here.space();
        here.one_of(&['+', '-', '\u{2212}']);
        let hours = here.digits();
        let minutes = if here.eat(':') { here.digits() } else { "" };
        let shape = matches!((hours.len(), minutes.len()), (1 | 2, 0 | 2) | (4, 0));
        if !shape {
            return None;
        }
        utc = hours.bytes().chain(minutes.bytes()).all(|digit| digit == b'0');
    }
    // `[Europe/Berlin]`, `(Central European Summer Time)`
    let mut after = *here;
    after.space();
    for (open, close) in [('[', ']'), ('(', ')')] {
        if after.eat(open) {
            let (_, rest) = after.rest.split_once(close)?;
            *here = Cursor::new(rest);
            break;
        }
    }
    Some(utc)
}

impl Clock {
    /// The time that is this share of a day.
    pub fn of_share(share: f64) -> Self {
        let seconds = (share.clamp(0.0, 1.0) * 86_400.0).round() as u32;
        Self { hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60, utc: false }
    }

    /// The day and time in `zone` at this time, in UTC, of `day`.
    pub fn local(self, day: Day, zone: Tz) -> Option<(Day, Self)> {
        let date: NaiveDate = day.date();
        let (date, hour) = if self.hour == 24 { (date.succ_opt()?, 0) } else { (date, self.hour) };
        let time = NaiveTime::from_hms_opt(hour, self.minute, self.second.min(59))?;
        let local = zone.from_utc_datetime(&date.and_time(time)).naive_local();
        let clock = Self { hour: local.hour(), minute: local.minute(), second: local.second(), utc: false };
        Some((Day::from_ymd(local.year(), local.month(), local.day())?, clock))
    }
}

/// `14:05`, or `14:05:59` where there are seconds.
impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)?;
        if self.second == 0 { Ok(()) } else { write!(f, ":{:02}", self.second) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, basic: bool) -> Option<(u32, u32, u32, bool)> {
        let mut at = Cursor::new(text);
        let clock = clock(&mut at, basic)?;
        at.is_at_end().then_some((clock.hour, clock.minute, clock.second, clock.utc))
    }

    #[test]
    fn times_are_read_as_people_and_machines_write_them() {
        for (text, wanted) in [
            ("14:05", (14, 5, 0, false)),
            ("8:05:09", (8, 5, 9, false)),
            ("14:05:59.123456", (14, 5, 59, false)),
            ("14:05:59,5", (14, 5, 59, false)),
            ("2:05 PM", (14, 5, 0, false)),
            ("12:30 a.m.", (0, 30, 0, false)),
            ("12:30 p.\u{a0}m.", (12, 30, 0, false)),
            ("2 pm", (14, 0, 0, false)),
            ("14h05", (14, 5, 0, false)),
            ("14 h 05", (14, 5, 0, false)),
            ("14h", (14, 0, 0, false)),
            ("14.05", (14, 5, 0, false)),
            ("14:05 Uhr", (14, 5, 0, false)),
            ("14 Uhr", (14, 0, 0, false)),
            ("24:00", (24, 0, 0, false)),
            ("23:59:60", (23, 59, 60, false)),
            ("14:05Z", (14, 5, 0, true)),
            ("14:05 UTC", (14, 5, 0, true)),
            ("14:05:00 GMT+0200 (Central European Summer Time)", (14, 5, 0, false)),
            ("14:05+02:00[Europe/Berlin]", (14, 5, 0, false)),
            ("14:05+00:00", (14, 5, 0, true)),
            ("14:05 CEST", (14, 5, 0, false)),
            ("14:05-0800", (14, 5, 0, false)),
            ("14:05 +02", (14, 5, 0, false)),
        ] {
            assert_eq!(read(text, false), Some(wanted), "{text}");
        }
        assert_eq!(read("140509Z", true), Some((14, 5, 9, true)));
        assert_eq!(read("1405", true), Some((14, 5, 0, false)));
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in
            ["", "noon", "25:00", "24:01", "14:60", "13:05 PM", "0:05 pm", "14", "14:5", "14:05x", "1405", "14:05+2:3", "14:05+00000"]
        {
            assert_eq!(read(text, false), None, "{text}");
        }
    }
}
