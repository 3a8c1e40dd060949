//! Weekly answers of 0 to 7 days with bothersome pain, by text message: one row per answer, or one column per week.
//!
//! An answer speaks of the seven days before the question. It is dated on the day of the question: `start + 7 · week`, or
//! the date in the file.

mod answer;
mod long;

use super::foreign::Foreign;
use super::grid::GridRow;
use super::unfolded::Unfolded;
use super::wide::{self, Counts, Days, Made, Table};
use crate::ingest::accounting::Rejected;
use crate::ingest::error::IngestError;
use crate::ingest::rules;
use crate::settings::{Hold, LogKind, Settings, Step, WeeklySettings, WideSettings};
use answer::NoAnswer;

pub(super) fn unfold(foreign: &Foreign<'_>, weekly: &WeeklySettings) -> Result<Unfolded, IngestError> {
    if foreign.kind != LogKind::Pain {
        let problem = format!("is given for {}, but the answers are pain logs", foreign.kind.as_str());
        return Err(foreign.setting("weekly", problem, "Move it to [files.pain].".to_owned()));
    }
    crate::ingest::layout::check_names(&foreign.grid.header, foreign.grid.header_line, &foreign.located.name)?;
    match (&weekly.answer, &weekly.columns) {
        (Some(answer), None) => long::unfold(foreign, weekly, answer),
        (None, Some(columns)) => by_week(foreign, weekly, columns),
        (given, _) => {
            let problem = if given.is_some() { "gives both answer and columns" } else { "does not say where the answers are" };
            let fix = "Give answer = \"the column of the reply\" for one row per answer, or columns = \"w*\" for one column per week.";
            Err(foreign.setting("weekly", problem.to_owned(), fix.to_owned()))
        }
    }
}

/// One column per week.
fn by_week(foreign: &Foreign<'_>, weekly: &WeeklySettings, columns: &str) -> Result<Unfolded, IngestError> {
    if weekly.week.is_some() || weekly.date.is_some() {
        let problem = "gives columns, one per week, and beside them a column of weeks or dates".to_owned();
        return Err(foreign.setting("weekly", problem, "Keep columns and start, or answer with week or date.".to_owned()));
    }
    let fits = wide::fitting(foreign, columns, "weekly.columns")?;
    let days = WideSettings {
        columns: columns.to_owned(),
        value: "pain".to_owned(),
        start: weekly.start.clone(),
        start_date: None,
        month: None,
        first: weekly.first,
        step: Step::Week,
        spread: false,
    };
    let days = Days::settle(foreign, &days, &fits, "weekly")?;
    let table = Table::new(foreign, fits, days, "pain", None, Step::Week)?;
    let (mut unfolded, mut counts) = (table.unfolded(), Counts::default());
    for row in &foreign.grid.rows {
        table.read(row, &mut counts, &mut unfolded, |row, name, cell| match answer::number(cell) {
            Ok(days) => Made::one(&days.to_string()),
            Err(why) => Made::Rejected(Box::new(no_answer(foreign, row, name, cell, why))),
        });
    }
    table.note(&counts, &mut unfolded);
    Ok(unfolded)
}

/// The rejection of a reply that is no answer, without the record.
fn no_answer(foreign: &Foreign<'_>, row: &GridRow, column: &str, reply: &str, why: NoAnswer) -> Rejected {
    match why {
        NoAnswer::Unclear => Rejected {
            fix: "Write the number of days (0 to 7) if the reply leaves no doubt; otherwise empty the cell.".to_owned(),
            ..foreign.rejected_cell(
                rules::NOT_A_NUMBER,
                row,
                column,
                reply,
                format!("\"{reply}\" is not a plain number of days from 0 to 7."),
            )
        },
        NoAnswer::Stop => Rejected {
            fix: "If the patient left the study, log the event withdrawn in events.csv; otherwise empty the cell.".to_owned(),
            ..foreign.rejected_cell(
                rules::UNKNOWN_WORD,
                row,
                column,
                reply,
                format!("\"{reply}\" ends the messages and is no number of days."),
            )
        },
    }
}

/// Definitions made for daily logs that weekly ones can never fulfil, and what to set instead.
pub(in crate::ingest) fn fitting_definitions(settings: &Settings) -> Option<String> {
    let mut lines = Vec::new();
    let (remission, recurrence) = (&settings.remission, &settings.recurrence);
    if (1..=7).contains(&remission.max_silence) {
        lines.push(format!("remission.max_silence = 14 (now {}: one late answer starts a remission anew)", remission.max_silence));
    }
    match recurrence.hold {
        Hold::TwoLogs if recurrence.hold_within < 8 => {
            lines.push(format!("recurrence.hold_within = 8 (now {}: two weekly answers never confirm each other)", recurrence.hold_within));
        }
        Hold::ThreeOfSeven => {
            lines.push("recurrence.hold = \"two-logs\" with hold_within = 8 (three logs within 7 days do not exist)".to_owned());
        }
        Hold::TwoLogs | Hold::OneLog => {}
    }
    if settings.pain.baseline_days < 7 {
        lines.push(format!("pain.baseline_days = 7 (now {})", settings.pain.baseline_days));
    }
    let listed = lines.join("; ");
    (!lines.is_empty()).then(|| format!("Pain is logged as days a week, one log every 7 days. Set in study.toml: {listed}."))
}
