//! The day each cell of a wide table is about.

use super::super::foreign::{Foreign, shortened};
use super::super::grid::GridRow;
use super::pattern::{Fit, Label};
use crate::domain::Day;
use crate::ingest::accounting::Rejected;
use crate::ingest::error::IngestError;
use crate::ingest::formats::day_cells::DayCells;
use crate::ingest::rules;
use crate::settings::WideSettings;

/// How the day of a cell is found.
pub(in crate::ingest::formats) enum Days {
    /// From the names of the columns alone: one day a column, where there is one.
    OfColumns(Vec<Option<Day>>),
    /// From a day of each row, and one distance a column.
    FromStart { column: usize, cells: DayCells, distances: Vec<i32> },
}

/// A start further away than this is a slip: 20 years of days.
const FURTHEST: i32 = 7_305;

impl Days {
    /// `under` is the setting the days are given in.
    pub fn settle(foreign: &Foreign<'_>, wide: &WideSettings, fits: &[Fit], under: &str) -> Result<Self, IngestError> {
        let dated: Vec<&str> =
            fits.iter().filter_map(|fit| if let Label::Date(date) = &fit.label { Some(date.as_str()) } else { None }).collect();
        let sources = [wide.start.is_some(), wide.start_date.is_some(), wide.month.is_some()].iter().filter(|&&given| given).count();
        if !dated.is_empty() {
            return match sources {
                0 => Self::of_dates(foreign, &dated),
                _ => Err(foreign.setting(
                    under,
                    format!("gives a start, but the columns {} are named by dates", wide.columns),
                    format!("Take start, start_date and month out of {under}."),
                )),
            };
        }
        if sources != 1 {
            let problem = if sources == 0 {
                "does not say from which day the columns are counted"
            } else {
                "gives more than one of start, start_date and month"
            };
            let fix = if under == "wide" {
                "Give one of them: start = \"a column of this file\", start_date = \"2024-03-01\" (the same for every row), or month = \"2024-03\" (the numbers are days of it)."
            } else {
                "Give start = \"the column of the day weeks are counted from\"."
            };
            return Err(foreign.setting(under, problem.to_owned(), fix.to_owned()));
        }
        let distance = |number: i32| number.saturating_sub(wide.first).saturating_mul(wide.step.days());
        let distances: Vec<i32> = fits.iter().map(|fit| if let Label::Number(number) = fit.label { distance(number) } else { 0 }).collect();
        if distances.iter().any(|distance| distance.unsigned_abs() > 4 * FURTHEST.unsigned_abs()) {
            let problem = format!("is {}, which puts columns more than 80 years from the start", wide.first);
            return Err(foreign.setting(
                &format!("{under}.first"),
                problem,
                "Give the number of the column of the start day, mostly 1 or 0.".to_owned(),
            ));
        }
        if let Some(month) = &wide.month {
            return Self::of_month(foreign, month, fits);
        }
        if let Some(start) = wide.start_date {
            return Ok(Self::OfColumns(distances.into_iter().map(|distance| Some(start.0.plus(distance))).collect()));
        }
        let name = wide.start.as_deref().unwrap_or_default();
        let column = foreign.column(name, &format!("{under}.start"))?;
        let starts = foreign.grid.rows.iter().map(|row| (row.cell(column), row.line));
        let cells = DayCells::settled(foreign, foreign.name(column), starts.filter(|(cell, _)| !foreign.is_missing(cell)))?;
        Ok(Self::FromStart { column, cells, distances })
    }

    fn of_dates(foreign: &Foreign<'_>, dates: &[&str]) -> Result<Self, IngestError> {
        let line = foreign.grid.header_line;
        let cells = DayCells::settled(foreign, "(header)", dates.iter().map(|&date| (date, line)))?;
        let day = |date: &&str| {
            cells.day(date).map(Some).ok_or_else(|| {
                let problem = format!("fits the column \"{date}\", which is no day of the calendar");
                foreign.setting("wide.columns", problem, "Correct the name of the column, or date_order under the same heading.".to_owned())
            })
        };
        dates.iter().map(day).collect::<Result<Vec<_>, _>>().map(Self::OfColumns)
    }

    fn of_month(foreign: &Foreign<'_>, month: &str, fits: &[Fit]) -> Result<Self, IngestError> {
        let parts = month.trim().split_once('-').and_then(|(year, month)| Some((year.parse::<i32>().ok()?, month.parse::<u32>().ok()?)));
        let known = parts.filter(|&(year, month)| (1900..2200).contains(&year) && (1..=12).contains(&month));
        let Some((year, month)) = known else {
            return Err(foreign.setting("wide.month", format!("is \"{month}\""), "Write the month as \"2024-03\".".to_owned()));
        };
        let day = |fit: &Fit| if let Label::Number(day) = fit.label { Day::from_ymd(year, month, day.cast_unsigned()) } else { None };
        Ok(Self::OfColumns(fits.iter().map(day).collect()))
    }

    /// The column the days are counted from.
    pub fn start_column(&self) -> Option<usize> {
        match self {
            Self::OfColumns(_) => None,
            Self::FromStart { column, .. } => Some(*column),
        }
    }

    /// The start of a row, or why it has none; `Day(0)` where none is needed.
    pub fn start(&self, foreign: &Foreign<'_>, row: &GridRow) -> Result<Day, NoStart> {
        let Self::FromStart { column, cells, .. } = self else { return Ok(Day(0)) };
        let cell = row.cell(*column);
        if foreign.is_missing(cell) {
            return Err(NoStart::Missing);
        }
        cells.day(cell).ok_or(NoStart::Unreadable)
    }

    /// The day of the cell in the `index`th value column of a row with that start.
    pub fn day(&self, start: Day, index: usize) -> Option<Day> {
        match self {
            Self::OfColumns(days) => days.get(index).copied().flatten(),
            Self::FromStart { distances, .. } => distances.get(index).map(|&distance| start.plus(distance)),
        }
    }
}

/// Why a row has no start.
#[derive(Clone, Copy)]
pub(in crate::ingest::formats) enum NoStart {
    Missing,
    Unreadable,
}

impl NoStart {
    /// The rejection of one value of such a row, without the record; its value stands in the column `name`.
    pub fn rejected(self, foreign: &Foreign<'_>, row: &GridRow, start: usize, name: &str, value: &str) -> Rejected {
        let (of, cell) = (foreign.name(start), &*shortened(row.cell(start)));
        match self {
            Self::Missing => {
                let sentence = format!("{name} says \"{value}\", but without a start day in column {of} its day is not known.");
                Rejected {
                    fix: format!("Enter the start day in column {of}."),
                    ..foreign.rejected_cell(rules::MISSING_DATE, row, of, cell, sentence)
                }
            }
            Self::Unreadable => {
                let sentence = format!("\"{cell}\" is not a day, and the day of {name} is counted from it.");
                foreign.rejected_cell(rules::INVALID_DATE, row, of, cell, sentence)
            }
        }
    }
}
