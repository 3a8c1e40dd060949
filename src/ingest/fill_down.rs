//! Columns in which an empty cell repeats the one above, and what becomes of that below rows that cannot be read.

use super::plan::{DateSource, Plan};
use super::record::Cell;
use super::row::{Problems, Row};
use super::rules;

/// What is known of the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    All,
    /// Too many or too few: each may stand some places beside its own.
    Shifted,
    /// Those before an open quotation mark.
    First,
}

/// The last value of each column that is filled down.
#[derive(Debug, Default)]
pub(super) struct Filled {
    values: Vec<Option<String>>,
    /// Columns whose last value is not known, after a row that could not be read.
    lost: Vec<usize>,
}

impl Filled {
    /// The last values by column; empty without `fill_down`.
    pub fn values(&self) -> &[Option<String>] {
        &self.values
    }

    /// Forgets the values, before another file.
    pub fn clear(&mut self) {
        self.values.clear();
        self.lost.clear();
    }

    /// Takes over the cells of a row. After one that cannot be read, and may have held a new value, nobody knows what an
    /// empty cell repeats.
    pub fn take(&mut self, plan: &Plan, block: &str, cells: &[Cell], known: Known) {
        if plan.fill_down.is_empty() {
            return;
        }
        self.values.resize(plan.header.len(), None);
        let text = |column: usize| cells.get(column).map(|cell| cell.text(block)).filter(|text| !text.is_empty());
        for &column in &plan.fill_down {
            let may_be_new = match known {
                Known::All => {
                    if let Some(text) = text(column) {
                        self.values[column] = Some(text.into_owned());
                        self.lost.retain(|&lost| lost != column);
                    }
                    false
                }
                Known::Shifted => {
                    let places = cells.len().abs_diff(plan.header.len());
                    let mut beside = column.saturating_sub(places)..(column + places + 1).min(cells.len());
                    beside.any(|place| text(place).is_some_and(|text| may_stand(plan, column, &text)))
                }
                Known::First => column >= cells.len() || text(column).is_some(),
            };
            if may_be_new {
                self.values[column] = None;
                self.lost.retain(|&lost| lost != column);
                self.lost.push(column);
            }
        }
    }

    /// Names the empty cells of a row of which nobody knows what they repeat.
    pub fn check(&self, row: &Row<'_>, problems: &mut Problems) {
        for &column in &self.lost {
            let sentence = "The empty cell repeats the one above it, but a row above could not be read.".to_owned();
            problems.push(rules::NOTHING_TO_REPEAT, row.name(column), "", sentence);
        }
    }
}

/// Whether a text could be meant for a column: what has no digit is no date and no part of one.
fn may_stand(plan: &Plan, column: usize, text: &str) -> bool {
    let dated = plan.dates.iter().any(|date| match date.source {
        DateSource::Column(date) => date == column,
        DateSource::Parts { year, month, day } => [year, month, day].contains(&column),
    });
    !dated || text.bytes().any(|byte| byte.is_ascii_digit())
}
