//! Wide tables: one row per patient, one column per day, week or date.
//!
//! Every cell that is not empty is a row read; an empty one was not logged and is none, and is counted in a note.

mod days;
mod pattern;
mod table;

pub(super) use days::Days;
pub(super) use pattern::{Fit, suggestion};
pub(super) use table::{Counts, Made, Table};

use super::foreign::Foreign;
use super::grid::GridRow;
use super::unfolded::Unfolded;
use crate::domain::nearest;
use crate::ingest::error::IngestError;
use crate::ingest::rules;
use crate::settings::{LogKind, Step, WideSettings};
use pattern::Misfit;

/// What the cells of a wide table can hold, by log.
const VALUES: &[(LogKind, &[&str])] =
    &[(LogKind::Pain, &["pain"]), (LogKind::Sessions, &["status", "minutes", "fraction_done", "sessions"]), (LogKind::Events, &["event"])];

/// More sessions than these in one cell are a slip.
const MOST_A_DAY: u32 = 10;
const MOST_A_WEEK: u32 = 50;

pub(super) fn unfold(foreign: &Foreign<'_>, wide: &WideSettings) -> Result<Unfolded, IngestError> {
    crate::ingest::layout::check_names(&foreign.grid.header, foreign.grid.header_line, &foreign.located.name)?;
    let counted = check_value(foreign, wide)?;
    let fits = fitting(foreign, &wide.columns, "wide.columns")?;
    let days = Days::settle(foreign, wide, &fits, "wide")?;
    let value = if counted { "status" } else { wide.value.as_str() };
    let beside = match wide.value.as_str() {
        "sessions" => Some("session_number"),
        "minutes" | "fraction_done" => Some("status"),
        _ => None,
    };
    let table = Table::new(foreign, fits, days, value, beside, wide.step)?;
    let (mut unfolded, mut counts) = (table.unfolded(), Counts::default());
    for row in &foreign.grid.rows {
        table.read(row, &mut counts, &mut unfolded, |row, name, cell| {
            if counted { sessions(foreign, row, name, cell, wide.step) } else { made(foreign, wide, cell) }
        });
    }
    table.note(&counts, &mut unfolded);
    if counted && wide.step == Step::Week {
        let file = &foreign.located.name;
        unfolded.notes.push(format!(
            "{file}: the sessions of a week are dated on its first days (spread = true): counts per week are as logged, the days themselves are not."
        ));
    }
    Ok(unfolded)
}

/// Whether the cells hold numbers of sessions; refuses values the log cannot have.
fn check_value(foreign: &Foreign<'_>, wide: &WideSettings) -> Result<bool, IngestError> {
    let Some((_, values)) = VALUES.iter().find(|(kind, _)| *kind == foreign.kind) else {
        if foreign.kind == LogKind::Measures {
            let problem = "is given for measures, whose columns need no setting".to_owned();
            return Err(foreign.setting("wide", problem, "Leave it out: without a column measure each column is one.".to_owned()));
        }
        let problem = format!("is given for {}, of which a patient has one row", foreign.kind.as_str());
        return Err(foreign.setting("wide", problem, "Use wide for sessions, pain or events.".to_owned()));
    };
    if !values.contains(&wide.value.as_str()) {
        let near = nearest(&wide.value, values.iter().copied()).map_or_else(String::new, |near| format!(" Did you mean \"{near}\"?"));
        let problem = format!("is \"{}\", but the cells of {} can hold {}", wide.value, foreign.kind.as_str(), values.join(", "));
        return Err(foreign.setting("wide.value", problem, format!("Say what one cell holds.{near}")));
    }
    let counted = wide.value == "sessions";
    if counted && wide.step == Step::Week && !wide.spread {
        let problem = "is \"sessions\", a number a week, which does not say on which days they were";
        let fix = "With spread = true they are dated on the first days of the week: what is counted by week stays exact, what is counted by day (gaps, the last session) is off by up to 6 days.";
        return Err(foreign.setting("wide.value", problem.to_owned(), fix.to_owned()));
    }
    Ok(counted)
}

/// The columns a pattern fits.
pub(super) fn fitting(foreign: &Foreign<'_>, wanted: &str, setting: &str) -> Result<Vec<Fit>, IngestError> {
    let name = |column: usize| foreign.name(column).to_owned();
    pattern::fits(&foreign.grid.header, wanted).map_err(|misfit| {
        let (problem, fix) = match misfit {
            Misfit::Stars => (
                format!("is \"{wanted}\", which has not one *"),
                format!("Put one * where the number or the date stands, such as {setting} = \"day*\"."),
            ),
            Misfit::Nothing { like_a_date: Some(column) } => (
                format!("is \"{wanted}\"; it fits \"{}\", which is no date that can be read", name(column)),
                "Write the dates in the header with four-digit years, such as 2024-03-01.".to_owned(),
            ),
            Misfit::Nothing { like_a_date: None } => {
                let header = foreign.grid.header.iter().filter(|name| !name.is_empty()).map(|name| format!("\"{name}\""));
                let found: Vec<String> = header.take(12).collect();
                let perhaps =
                    pattern::likely(&foreign.grid.header).map_or_else(String::new, |(near, _)| format!(", perhaps to \"{near}\""));
                (format!("is \"{wanted}\", which fits none of the columns {} …", found.join(", ")), format!("Correct {setting}{perhaps}."))
            }
            Misfit::NumbersAndDates { number, date } => (
                format!("is \"{wanted}\", which fits a number (\"{}\") and a date (\"{}\")", name(number), name(date)),
                "Give a pattern that fits only one of them.".to_owned(),
            ),
            Misfit::Twice { first, second } => (
                format!("is \"{wanted}\", which fits \"{}\" and \"{}\": the same day twice", name(first), name(second)),
                "Rename one of the columns, or give a pattern that fits only one of them.".to_owned(),
            ),
            Misfit::TooLarge { column } => (
                format!("is \"{wanted}\"; the number in \"{}\" is that of no day or week", name(column)),
                "If it is a date as a spreadsheet counts days, save the file with the header shown as dates.".to_owned(),
            ),
        };
        foreign.setting(setting, problem, fix)
    })
}

/// The row a cell becomes.
fn made(foreign: &Foreign<'_>, wide: &WideSettings, cell: &str) -> Made {
    let decimal = foreign.with_point(cell);
    match wide.value.as_str() {
        "status" if ["x", "X", "\u{2713}", "\u{2714}", "\u{d7}"].contains(&cell) => Made::one("done"),
        "status" | "event" => Made::one(cell),
        // No minutes are no session, and a part of one is not a whole.
        "minutes" | "fraction_done" => {
            let part = wide.value == "fraction_done";
            let status = match decimal.replace(',', ".").parse::<f64>() {
                Ok(done) if done <= 0.0 => "missed",
                Ok(done) if part && done < 1.0 => "partial",
                _ => "done",
            };
            Made::One { value: decimal, beside: status.to_owned() }
        }
        _ => Made::one(&decimal),
    }
}

/// The number of sessions in a cell.
fn sessions(foreign: &Foreign<'_>, row: &GridRow, name: &str, cell: &str, step: Step) -> Made {
    let most = if step == Step::Week { MOST_A_WEEK } else { MOST_A_DAY };
    match cell.strip_suffix(".0").unwrap_or(cell).parse::<u32>() {
        Ok(sessions) if sessions <= most => Made::Sessions(sessions),
        Ok(_) => {
            let sentence = format!("\"{cell}\" is more sessions than one cell can mean (at most {most}).");
            Made::Rejected(Box::new(foreign.rejected_cell(rules::OUT_OF_RANGE, row, name, cell, sentence)))
        }
        Err(_) => {
            let sentence = format!("\"{cell}\" is not a number of sessions.");
            Made::Rejected(Box::new(foreign.rejected_cell(rules::NOT_A_NUMBER, row, name, cell, sentence)))
        }
    }
}
