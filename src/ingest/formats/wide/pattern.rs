//! Which columns of a wide table hold values: a pattern whose `*` stands for a number or a date.

use std::collections::BTreeMap;

use crate::domain::Day;
use crate::ingest::formats::day_cells::looks_like_a_date;
use crate::settings::LogKind;

/// What stands in a column's name in place of the `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ingest::formats) enum Label {
    Number(i32),
    Date(String),
}

/// A column the pattern fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ingest::formats) struct Fit {
    pub column: usize,
    pub label: Label,
}

/// Why a pattern cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// Not exactly one `*`.
    Stars,
    /// It fits no column; some column is like a date, but not one that can be read.
    Nothing { like_a_date: Option<usize> },
    /// Numbers in some columns, dates in others.
    NumbersAndDates { number: usize, date: usize },
    /// Two columns of one number or date.
    Twice { first: usize, second: usize },
    /// A number no day or week has.
    TooLarge { column: usize },
}

/// The columns a pattern fits, in the order of the file.
pub(super) fn fits(header: &[String], pattern: &str) -> Result<Vec<Fit>, Misfit> {
    let pattern = pattern.trim().to_lowercase();
    let (before, after) = pattern.split_once('*').filter(|(_, after)| !after.contains('*')).ok_or(Misfit::Stars)?;
    let (mut fits, mut like_a_date): (Vec<Fit>, Option<usize>) = (Vec::new(), None);
    for (column, name) in header.iter().enumerate() {
        let name = name.trim().to_lowercase();
        let Some(inner) = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)) else { continue };
        match label(inner.trim_matches([' ', '_', '-', '#', '.', ':'])) {
            Some(Ok(label)) => fits.push(Fit { column, label }),
            Some(Err(TooMany)) => return Err(Misfit::TooLarge { column }),
            None if inner.chars().filter(char::is_ascii_digit).count() >= 3
                && inner.chars().all(|c| c.is_ascii_digit() || "/.-".contains(c)) =>
            {
                like_a_date = like_a_date.or(Some(column));
            }
            None => {}
        }
    }
    if fits.is_empty() {
        return Err(Misfit::Nothing { like_a_date });
    }
    let number = fits.iter().find(|fit| matches!(fit.label, Label::Number(_)));
    let date = fits.iter().find(|fit| matches!(fit.label, Label::Date(_)));
    if let (Some(number), Some(date)) = (number, date) {
        return Err(Misfit::NumbersAndDates { number: number.column, date: date.column });
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for fit in &fits {
        let key = match &fit.label {
            Label::Number(number) => number.to_string(),
            Label::Date(date) => date.clone(),
        };
        if let Some(first) = seen.insert(key, fit.column) {
            return Err(Misfit::Twice { first, second: fit.column });
        }
    }
    Ok(fits)
}

/// A number of more digits than days or weeks have.
struct TooMany;

fn label(inner: &str) -> Option<Result<Label, TooMany>> {
    // A spreadsheet may have made 1.0 of 1.
    let inner = inner.strip_suffix(".0").unwrap_or(inner);
    if !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit()) {
        let significant = inner.trim_start_matches('0');
        if significant.len() == 8
            && let Some(day) = compact_date(significant)
        {
            return Some(Ok(Label::Date(day.to_string())));
        }
        let number = if significant.is_empty() { Some(0) } else { significant.parse().ok().filter(|number| *number < 10_000) };
        return Some(number.map(Label::Number).ok_or(TooMany));
    }
    looks_like_a_date(inner).then(|| Ok(Label::Date(inner.to_owned())))
}

/// `20240301`.
fn compact_date(digits: &str) -> Option<Day> {
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
    let year = number(0, 4)?.cast_signed();
    Day::from_ymd(year, number(4, 6)?, number(6, 8)?).filter(|_| (1900..2200).contains(&year))
}

/// Columns that are alike but for a number or a date; fewer are no wide table.
const ALIKE: usize = 5;

/// The pattern that fits most columns of a header, and whether its numbers look like weeks.
pub(super) fn likely(header: &[String]) -> Option<(String, bool)> {
    let mut patterns: BTreeMap<String, usize> = BTreeMap::new();
    for name in header {
        if matches!(label(name.trim()), Some(Ok(Label::Date(_)))) {
            *patterns.entry("*".to_owned()).or_default() += 1;
            continue;
        }
        for (start, _) in name.char_indices().filter(|&(at, c)| c.is_ascii_digit() && !name[..at].ends_with(|c: char| c.is_ascii_digit())) {
            let rest = &name[start..];
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            *patterns.entry(format!("{}*{}", &name[..start], &rest[end..])).or_default() += 1;
        }
    }
    // The first of the most common: the order of names settles a draw.
    let most = patterns.values().copied().max().filter(|&most| most >= ALIKE)?;
    let pattern = patterns.into_iter().find(|(_, count)| *count == most).map(|(pattern, _)| pattern)?;
    let weeks = ["w*", "wk*", "week*", "weeks*", "woche*", "uge*", "vecka*", "semaine*", "kw*", "sms*"];
    let plain = pattern.to_lowercase().replace(['_', ' ', '-', '.'], "");
    Some((pattern, weeks.iter().any(|week| plain.ends_with(week))))
}

/// What to add to `study.toml` for a header that looks like that of a wide table.
pub(in crate::ingest::formats) fn suggestion(header: &[String], kind: LogKind) -> Option<String> {
    let value = match kind {
        LogKind::Pain => "pain",
        LogKind::Sessions => "status",
        LogKind::Programs | LogKind::Patients | LogKind::Events | LogKind::Measures => return None,
    };
    let (pattern, weeks) = likely(header)?;
    let dated = pattern == "*" && header.iter().any(|name| matches!(label(name.trim()), Some(Ok(Label::Date(_)))));
    let begins = |name: &&String| ["start", "begin", "enrol", "inclu", "baseline"].iter().any(|word| name.to_lowercase().contains(word));
    let start = header.iter().find(begins).map_or("the column of the start day", String::as_str);
    let rest = match (dated, weeks) {
        (true, _) => String::new(),
        (false, true) => format!(", start = \"{start}\", step = \"week\""),
        (false, false) => format!(", start = \"{start}\""),
    };
    // Days with pain in a week are no scores, and each is read well as the other.
    let days = if weeks && kind == LogKind::Pain {
        format!(
            " If the cells are days with pain (0 to 7), write weekly = {{ columns = \"{pattern}\", start = \"{start}\" }} in place of wide."
        )
    } else {
        String::new()
    };
    let kind = kind.as_str();
    Some(format!(
        "The columns {pattern} look like one column a {}.{days} Add to study.toml: [files.{kind}] wide = {{ columns = \"{pattern}\", value = \"{value}\"{rest} }}",
        if weeks { "week" } else { "day" }
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(header: &[&str], pattern: &str) -> Result<Vec<i32>, Misfit> {
        let header: Vec<String> = header.iter().map(|&name| name.to_owned()).collect();
        let number = |fit: Fit| match fit.label {
            Label::Number(number) => number,
            Label::Date(date) => panic!("{date}"),
        };
        fits(&header, pattern).map(|fits| fits.into_iter().map(number).collect())
    }

    #[test]
    fn the_star_stands_for_a_number_and_nothing_else() {
        assert_eq!(numbers(&["id", "day1", "Day_02", "day1_am", "daytime", "day 84"], "day*"), Ok(vec![1, 2, 84]));
        assert_eq!(numbers(&["d1_pain", "d1_done", "d2_pain"], "d*_pain"), Ok(vec![1, 2]));
        assert_eq!(numbers(&["id", "1", "2", "31"], "*"), Ok(vec![1, 2, 31]));
        assert_eq!(numbers(&["Tag 1", "tag 2"], "Tag *"), Ok(vec![1, 2]));
        assert_eq!(numbers(&["id", "1.0", "2.0"], "*"), Ok(vec![1, 2]));
        assert_eq!(numbers(&["day1"], "day"), Err(Misfit::Stars));
        assert_eq!(numbers(&["day1", "day01"], "day*"), Err(Misfit::Twice { first: 0, second: 1 }));
        assert_eq!(numbers(&["45352"], "*"), Err(Misfit::TooLarge { column: 0 }));
        assert_eq!(numbers(&["1", "2024-01-01"], "*"), Err(Misfit::NumbersAndDates { number: 0, date: 1 }));
        assert_eq!(numbers(&["id", "01.03.24"], "*"), Err(Misfit::Nothing { like_a_date: Some(1) }));
    }

    #[test]
    fn the_most_common_pattern_is_proposed() {
        let header: Vec<String> = (1..=8).map(|week| format!("w{week}")).chain(["id".to_owned(), "visit1".to_owned()]).collect();
        assert_eq!(likely(&header), Some(("w*".to_owned(), true)));
        assert_eq!(likely(&header[..4]), None);
        let dated: Vec<String> = (1..=9).map(|day| format!("0{day}.03.2024")).collect();
        assert_eq!(likely(&dated), Some(("*".to_owned(), false)));
    }
}
