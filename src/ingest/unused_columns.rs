//! What is said of the columns of a file that are not read.

use super::accounting::Finding;
use super::columns::Field;
use super::decode::Opened;
use super::layout::Layout;
use super::plan::Plan;
use super::privacy::Sample;
use super::rules;
use crate::domain::SessionStatus;
use crate::settings::LogKind;

/// The finding about columns that mean nothing here, if there are any; what it asks is also a note.
pub(super) fn finding(plan: &Plan, opened: &Opened, layout: &Layout, notes: &mut Vec<String>) -> Option<Finding> {
    if plan.unknown.is_empty() {
        return None;
    }
    let names: Vec<&str> = plan.unknown.iter().map(|&column| plan.header[column].as_str()).collect();
    let names = names.join(", ");
    let mut sentence = format!("Columns not used: {names}.");
    if plan.kind == LogKind::Sessions
        && plan.column(Field::Status).is_none()
        && let Some((column, word)) = perhaps_status(plan, opened, layout)
    {
        let name = &plan.header[column];
        let ask = format!(
            "No column is the status, so every row is a session done, but \"{name}\" holds answers such as \"{word}\". If it says whether the session was done, add columns = {{ status = \"{name}\" }} under [files.sessions] in study.toml."
        );
        notes.push(format!("{}: {ask}", plan.file));
        sentence = format!("{sentence} {ask}");
    }
    Some(Finding::of_file(rules::COLUMNS_NOT_USED, &plan.file, names, sentence))
}

/// The first unused column that holds nothing but words of a status, and one that says the session was not, or not wholly, done.
fn perhaps_status(plan: &Plan, opened: &Opened, layout: &Layout) -> Option<(usize, String)> {
    let sample = Sample::of(opened, layout);
    plan.unknown.iter().find_map(|&column| {
        let cells = sample.column(column, None, |cell| plan.missing.has(cell, plan.decimal));
        let words: Option<Vec<(&str, SessionStatus)>> = cells.iter().map(|&(_, cell)| Some((cell, SessionStatus::parse(cell)?))).collect();
        let (word, _) = words?.into_iter().find(|(_, status)| *status != SessionStatus::Done)?;
        Some((column, word.to_owned()))
    })
}
