//! Weekly answers with one row per answer.

use std::collections::BTreeMap;

use super::{answer, no_answer};
use crate::domain::{Day, number};
use crate::ingest::accounting::Rejected;
use crate::ingest::error::IngestError;
use crate::ingest::formats::day_cells::DayCells;
use crate::ingest::formats::foreign::{Carried, Foreign, record};
use crate::ingest::formats::grid::GridRow;
use crate::ingest::formats::unfolded::Unfolded;
use crate::ingest::rules;
use crate::settings::{Corrections, WeeklySettings};

/// More than 20 years of weeks are a slip.
const MOST_WEEKS: i32 = 1_040;

/// Answers of one week that are quoted; each of them is rejected with all of these.
const ANSWERS_SHOWN: usize = 5;

/// Where the day of an answer stands.
enum When {
    /// In a column.
    Date(usize),
    /// Weeks after a start.
    Week { week: usize, start: usize, days: DayCells },
}

/// An answer and the row it came from.
struct Answer<'a> {
    row: &'a GridRow,
    patient: &'a str,
    /// The day, or the cell it stands in.
    date: String,
    days: u32,
}

pub(super) fn unfold(foreign: &Foreign<'_>, weekly: &WeeklySettings, column: &str) -> Result<Unfolded, IngestError> {
    let answered = foreign.column(column, "weekly.answer")?;
    let when = when(foreign, weekly)?;
    let taken = |column: usize| match when {
        When::Date(date) => column == date || column == answered,
        When::Week { week, start, .. } => column == week || column == start || column == answered,
    };
    let carried = foreign.carried(&["date", "pain"], taken)?;
    let date = if let When::Date(column) = when { foreign.name(column) } else { "date" };
    let names = carried.iter().map(|carried| carried.name.as_str());
    let header: Vec<&str> = names.chain([date, foreign.name(answered)]).collect();
    let mut unfolded = Unfolded::new(&header, foreign.grid.header_line);
    let columns = carried.iter().map(|carried| (carried.native.clone(), carried.name.clone()));
    let own = [("date".to_owned(), date.to_owned()), ("pain".to_owned(), foreign.name(answered).to_owned())];
    unfolded.read_by = Some(foreign.settings_of_text(columns.chain(own)));
    unfolded.described.push("weekly answers".to_owned());
    let patient = carried.iter().find(|carried| carried.native == "patient_id").map(|carried| carried.column);
    let needed = patient.into_iter().chain([answered]).max().map_or(1, |column| column + 1);
    let (mut answers, mut silent) = (Vec::new(), 0);
    for row in &foreign.grid.rows {
        if let Some(rejected) = foreign.misshapen(row, needed) {
            unfolded.reject(rejected);
            continue;
        }
        let reply = row.cell(answered);
        if foreign.is_missing_value("pain", reply) {
            silent += 1;
            unfolded.aside.filtered += 1;
            continue;
        }
        let days = match answer::number(reply) {
            Ok(days) => days,
            Err(why) => {
                let rejected = no_answer(foreign, row, foreign.name(answered), reply, why);
                unfolded.reject(Rejected { raw: record(&row.cells), ..rejected });
                continue;
            }
        };
        match day(foreign, &when, row, weekly.first) {
            Ok(date) => answers.push(Answer { row, patient: patient.map_or("", |column| row.cell(column)), date, days }),
            Err(rejected) => unfolded.reject(*rejected),
        }
    }
    if silent > 0 {
        let rows = number::counted(silent, "question was", "questions were");
        unfolded.notes.push(format!("{}: {rows} not answered (not logged).", foreign.located.name));
    }
    let kept = corrected(foreign, answers, foreign.name(answered), weekly.corrections, &mut unfolded);
    for answer in kept {
        push(&answer, &carried, &mut unfolded);
    }
    Ok(unfolded)
}

fn push(answer: &Answer<'_>, carried: &[Carried], unfolded: &mut Unfolded) {
    let days = answer.days.to_string();
    let cells: Vec<&str> =
        carried.iter().map(|carried| answer.row.cell(carried.column)).chain([answer.date.as_str(), days.as_str()]).collect();
    unfolded.push(&cells, answer.row.line, None);
}

fn when(foreign: &Foreign<'_>, weekly: &WeeklySettings) -> Result<When, IngestError> {
    match (&weekly.week, &weekly.start, &weekly.date) {
        (None, None, Some(date)) => Ok(When::Date(foreign.column(date, "weekly.date")?)),
        (Some(week), Some(start), None) => {
            let (week, start) = (foreign.column(week, "weekly.week")?, foreign.column(start, "weekly.start")?);
            let starts = foreign.grid.rows.iter().map(|row| (row.cell(start), row.line));
            let days = DayCells::settled(foreign, foreign.name(start), starts.filter(|(cell, _)| !foreign.is_missing(cell)))?;
            Ok(When::Week { week, start, days })
        }
        (_, _, date) => {
            let problem =
                if date.is_some() { "gives a date and beside it weeks or a start" } else { "does not say when the answers were given" };
            let fix = "Give week and start (columns of the number of the week and of the day weeks are counted from), or date (when the question was sent).";
            Err(foreign.setting("weekly", problem.to_owned(), fix.to_owned()))
        }
    }
}

/// The day of a row's answer, or the cell it stands in.
fn day(foreign: &Foreign<'_>, when: &When, row: &GridRow, first: i32) -> Result<String, Box<Rejected>> {
    let (week, start, days) = match when {
        When::Date(column) => return Ok(row.cell(*column).to_owned()),
        When::Week { week, start, days } => (*week, *start, *days),
    };
    let rejected =
        |rule, column: usize, sentence: String| Box::new(foreign.rejected(rule, row, foreign.name(column), row.cell(column), sentence));
    let cell = row.cell(week);
    if foreign.is_missing(cell) {
        return Err(rejected(
            rules::MISSING_DATE,
            week,
            "The number of the week is missing, so the day of the answer is not known.".to_owned(),
        ));
    }
    let digits = cell.trim_start_matches(|c: char| c.is_alphabetic() || c == ' ' || c == '_');
    let number = digits.strip_suffix(".0").unwrap_or(digits).parse::<i32>().ok().filter(|week| (0..=MOST_WEEKS).contains(week));
    let Some(number) = number else {
        return Err(rejected(rules::INVALID_DATE, week, format!("\"{cell}\" is not the number of a week, from which the day is counted.")));
    };
    let cell = row.cell(start);
    if foreign.is_missing(cell) {
        return Err(rejected(rules::MISSING_DATE, start, format!("Without a start day the day of week {number} is not known.")));
    }
    match days.day(cell) {
        Some(day) => {
            let weeks = number.saturating_sub(first).clamp(-MOST_WEEKS, MOST_WEEKS);
            Ok(Day(day.0 + 7 * weeks).to_string())
        }
        None => Err(rejected(rules::INVALID_DATE, start, format!("\"{cell}\" is not a day, and weeks are counted from it."))),
    }
}

/// The first answers of a week, and how many more there are.
fn listed(week: &[Answer<'_>]) -> String {
    let shown: Vec<String> = week.iter().take(ANSWERS_SHOWN).map(|answer| answer.days.to_string()).collect();
    let more = week.len().saturating_sub(ANSWERS_SHOWN);
    let more = if more > 0 { format!(" and {} more", number::count(more)) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// One answer per patient and week, by the declared rule; the others are merged, or rejected.
fn corrected<'a>(
    foreign: &Foreign<'_>,
    answers: Vec<Answer<'a>>,
    column: &str,
    rule: Corrections,
    unfolded: &mut Unfolded,
) -> Vec<Answer<'a>> {
    let mut weeks: BTreeMap<(String, String), Vec<Answer<'a>>> = BTreeMap::new();
    for answer in answers {
        let day = answer.date.split(['T', ' ']).next().unwrap_or_default().to_owned();
        weeks.entry((answer.patient.to_owned(), day)).or_default().push(answer);
    }
    let (mut kept, mut merged, mut differing) = (Vec::new(), 0, 0);
    for ((patient, day), mut week) in weeks {
        let same = week.windows(2).all(|pair| pair[0].days == pair[1].days);
        // Answers of nobody, or of no day, are rejected one by one.
        let nobody = patient.is_empty() && foreign.located.settings.patient_id.is_none();
        if week.len() > 1 && !day.is_empty() && !nobody {
            if !same && rule == Corrections::Refuse {
                let all = listed(&week);
                for answer in week {
                    let sentence = format!("There are several answers for this week: {all}.");
                    let value = answer.days.to_string();
                    unfolded.reject(foreign.rejected(rules::SEVERAL_ANSWERS, answer.row, column, &value, sentence));
                }
                continue;
            }
            merged += week.len() - 1;
            differing += usize::from(!same);
            let at = if rule == Corrections::First { 0 } else { week.len() - 1 };
            kept.push(week.swap_remove(at));
        } else {
            kept.extend(week);
        }
    }
    if merged > 0 {
        let which = if rule == Corrections::First { "first" } else { "last" };
        unfolded.notes.push(format!(
            "{}: {} another one of the same week; the {which} in the file counts, and in {} they differed.",
            foreign.located.name,
            number::counted(merged, "answer stood beside", "answers stood beside"),
            number::counted(differing, "week", "weeks"),
        ));
    }
    unfolded.aside.merged += merged;
    kept.sort_by_key(|answer| answer.row.line);
    kept
}
