//! One cell as a date and as a score: what is accepted is what it says, and space around it does not matter.
#![no_main]

use libfuzzer_sys::fuzz_target;
use staywell::domain::Day;
use staywell::ingest::{Asked, LogText, read_log_texts};
use staywell::settings::{DateOrder, DateOrders, FileSettings, LogKind, ScaleSetting, StudyFile};

/// Day and score of a pain file of one row.
fn read(date: &str, pain: &str, settings: &FileSettings) -> Option<(Day, f32)> {
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let bytes = format!("patient_id;date;pain\nP1;{};{}\n", cell(date), cell(pain)).into_bytes();
    let text = LogText { kind: LogKind::Pain, name: "pain.csv".to_owned(), bytes, settings: settings.clone() };
    let logs = read_log_texts(vec![text], &StudyFile::default(), &Asked::default()).ok()?;
    assert!(logs.reading.files[0].balances());
    Some((Day(*logs.pain.day.first()?), *logs.pain.score.first()?))
}

/// `YYYY-MM-DD` by counting days.
fn iso(text: &str) -> Option<Option<i32>> {
    let digits = |range: std::ops::Range<usize>| text.get(range).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?.parse::<i32>().ok();
    if text.len() != 10 || text.get(4..5) != Some("-") || text.get(7..8) != Some("-") {
        return None;
    }
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    let leap = |year: i32| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if !(1900..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 || day > lengths[month as usize - 1] {
        return Some(None);
    }
    let years: i32 = (1900..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let months: i32 = lengths[..month as usize - 1].iter().sum();
    Some(Some(years + months + day - 1 - 25_567))
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, cell)) = data.split_first() else { return };
    let Ok(cell) = std::str::from_utf8(cell) else { return };
    let order = [None, Some(DateOrder::Iso), Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)][usize::from(choice & 3)].map(DateOrders::All);
    let scale = Some(ScaleSetting::Own { name: "any".to_owned(), min: -1e6, max: 1e6 });
    let settings = FileSettings { date_order: order.clone(), scale, ..FileSettings::default() };

    let day = read(cell, "5", &settings).map(|(day, _)| day);
    let earliest = Day::from_ymd(1900, 1, 1).expect("a day");
    let latest = Day::from_ymd(9999, 12, 31).expect("a day");
    assert!(day.is_none_or(|day| day >= earliest && day <= latest), "{cell:?} is {day:?}");
    if let Some(expected) = iso(cell) {
        assert_eq!(day.map(|day| day.0), expected, "{cell:?}");
    }
    // Both orders agree on what no order decides; two that differ are not read without one.
    if order.is_none() && day.is_some() {
        let by = |order| read(cell, "5", &FileSettings { date_order: Some(DateOrders::All(order)), ..settings.clone() }).map(|(day, _)| day);
        let others: Vec<Day> = [DateOrder::DayFirst, DateOrder::MonthFirst].into_iter().filter_map(by).collect();
        assert!(others.is_empty() || others.contains(&day.expect("read")), "{cell:?} is {day:?}, but {others:?} with an order");
    }

    let score = read("2024-01-31", cell, &settings).map(|(_, score)| score);
    assert!(score.is_none_or(|score| score.is_finite() && score.abs() <= 1e6), "{cell:?} is {score:?}");
    let plain = !cell.is_empty() && cell.len() < 12 && cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && cell.bytes().any(|byte| byte != b'.');
    if plain && let (Ok(value), Some(score)) = (cell.parse::<f64>(), score) {
        // A point between thousands is a matter of settings; without them it is a decimal one.
        assert_eq!(value as f32, score, "{cell:?}");
    }
    if !cell.contains(['\n', '\r']) {
        let spaced = format!(" {cell}  ");
        assert_eq!(read(&spaced, "5", &settings).map(|(day, _)| day), day, "space around {cell:?}");
        assert_eq!(read("2024-01-31", &spaced, &settings).map(|(_, score)| score), score, "space around {cell:?}");
    }
});
