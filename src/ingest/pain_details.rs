//! What a pain log says beside the score: how far down the leg, numbness, weakness, limits, medication, diary or visit.

use super::columns::Field;
use super::logs::PainLog;
use super::plain::Words;
use super::plan::Plan;
use super::row::Row;
use super::sessions::append_optional;
use super::unread::{Unread, UnreadCells};
use crate::domain::{Answer, PainContext, PainSite};

/// Columns of answers, in the order in which they are kept.
const ANSWERS: [Field; 4] = [Field::Numbness, Field::Weakness, Field::Limited, Field::Medication];

/// Where the details stand in a row of one file.
pub(super) struct DetailFields {
    site: Option<usize>,
    answers: [Option<usize>; ANSWERS.len()],
    context: Option<usize>,
    /// Whether there is any of them.
    any: bool,
}

/// The details of a row.
#[derive(Default)]
pub(super) struct DetailValues {
    site: Option<PainSite>,
    answers: [Option<Answer>; ANSWERS.len()],
    context: Option<PainContext>,
    unread: UnreadCells,
}

/// Details of rows; a column is empty until a file has it.
#[derive(Default)]
pub(super) struct DetailColumns {
    site: Vec<Option<PainSite>>,
    answers: [Vec<Option<Answer>>; ANSWERS.len()],
    context: Vec<Option<PainContext>>,
    sites: Words<PainSite>,
    yes_or_no: [Words<Answer>; ANSWERS.len()],
    contexts: Words<PainContext>,
    pub unread: Unread,
}

impl DetailFields {
    pub fn new(plan: &Plan) -> Self {
        let (site, context) = (plan.column(Field::Site), plan.column(Field::Context));
        let answers = ANSWERS.map(|field| plan.column(field));
        let any = answers.iter().chain([&site, &context]).any(Option::is_some);
        Self { site, answers, context, any }
    }

    /// Reads the details of a row.
    #[inline]
    pub fn read(&self, row: &Row<'_>, columns: &mut DetailColumns) -> DetailValues {
        let mut values = DetailValues::default();
        if !self.any {
            return values;
        }
        let (unread, known) = (&mut values.unread, &columns.unread);
        let sites = PainSite::ALL.iter().map(|word| word.as_str());
        values.site = unread.word(row, self.site, &mut columns.sites, PainSite::parse, sites, known);
        let lists = columns.yes_or_no.iter_mut().zip(&self.answers);
        for (place, (list, &column)) in values.answers.iter_mut().zip(lists) {
            *place = unread.word(row, column, list, Answer::parse, ["yes", "no"].into_iter(), known);
        }
        let contexts = PainContext::ALL.iter().map(|word| word.as_str());
        values.context = unread.word(row, self.context, &mut columns.contexts, PainContext::parse, contexts, known);
        values
    }

    /// Keeps the details of a row that is used.
    #[inline]
    pub fn push(&self, columns: &mut DetailColumns, line: usize, values: DetailValues) {
        if !self.any {
            return;
        }
        if self.site.is_some() {
            columns.site.push(values.site);
        }
        for ((column, value), _) in columns.answers.iter_mut().zip(values.answers).zip(&self.answers).filter(|(_, at)| at.is_some()) {
            column.push(value);
        }
        if self.context.is_some() {
            columns.context.push(values.context);
        }
        columns.unread.note(values.unread, line);
    }
}

impl DetailColumns {
    /// Adds the rows of a later part of the log, `before` and `added` rows being those of both parts.
    pub fn append(&mut self, later: Self, before: usize, added: usize) {
        append_optional(&mut self.site, later.site, before, added, None);
        for (column, later) in self.answers.iter_mut().zip(later.answers) {
            append_optional(column, later, before, added, None);
        }
        append_optional(&mut self.context, later.context, before, added, None);
        self.unread.append(later.unread);
    }

    /// Diary or visit, as a row says.
    pub fn context(&self, row: usize) -> Option<PainContext> {
        self.context.get(row).copied().flatten()
    }

    /// Whether a row is the reading of a visit.
    pub fn is_visit(&self, row: usize) -> bool {
        self.context(row) == Some(PainContext::Visit)
    }

    /// Adds to `days` the details of a day of these rows of the log: the most distal site, yes before no, and the diary before the visit.
    pub fn merge_into(&self, rows: &(impl Iterator<Item = usize> + Clone), days: &mut Self) {
        if !self.site.is_empty() {
            days.site.push(rows.clone().filter_map(|row| self.site[row]).max());
        }
        for (column, days) in self.answers.iter().zip(&mut days.answers).filter(|(column, _)| !column.is_empty()) {
            // Yes stands before no in the list.
            days.push(rows.clone().filter_map(|row| column[row]).min());
        }
        if !self.context.is_empty() {
            let any = |context| rows.clone().any(|row| self.context[row] == context);
            let of_day = [Some(PainContext::Diary), None, Some(PainContext::Visit)];
            days.context.push(of_day.into_iter().find(|&context| any(context)).flatten());
        }
    }

    /// Puts the columns, one row a day, into the log.
    pub fn into_log(self, log: &mut PainLog) {
        log.site = self.site;
        [log.numbness, log.weakness, log.limited, log.medication] = self.answers;
        log.context = self.context;
    }
}
