//! Which columns of a file are personal, and what is said of them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::content::{Cells, Seen};
use super::headers::{beside_an_address, is_bare_name, kind};
use super::sample::Sample;
use super::{Kind, Privacy};
use crate::domain::nearest;
use crate::ingest::accounting::Finding;
use crate::ingest::columns::{Field, HeaderName, columns_of};
use crate::ingest::decode::Opened;
use crate::ingest::error::IngestError;
use crate::ingest::formats::Grid;
use crate::ingest::layout::Layout;
use crate::ingest::missing::MissingCodes;
use crate::ingest::number::DecimalMark;
use crate::ingest::plan::{DateSource, PatientSource, Plan};
use crate::ingest::rules;
use crate::settings::{LogKind, PrivacySettings};

/// The personal columns of one file.
#[derive(Clone, Debug, Default)]
pub(in crate::ingest) struct PersonalColumns {
    columns: Vec<PersonalColumn>,
    /// For each column of the file whether it is among them.
    held: Vec<bool>,
    /// What the patient ids themselves look like, if that is personal.
    ids: Option<Kind>,
}

#[derive(Clone, Debug)]
struct PersonalColumn {
    index: usize,
    why: Why,
}

/// How a column was found to be personal.
#[derive(Clone, Debug)]
enum Why {
    Header(Kind),
    Cells(Seen),
    Setting,
    /// It repeats the patient id, which is to be replaced everywhere.
    IdAgain,
}

/// What the reader makes of a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The reader cannot do without it.
    Needed,
    /// One it has a use for or at least a name.
    Native,
    /// Any other.
    Other,
}

impl PersonalColumns {
    /// Finds the personal columns of a file.
    ///
    /// # Errors
    /// [`IngestError::Setting`] if a column is to be dropped that the reader needs.
    pub fn find(opened: &Opened, layout: &Layout, plan: &Plan, privacy: Privacy<'_>) -> Result<Self, IngestError> {
        let sample = Sample::of(opened, layout);
        let id = match plan.patient {
            PatientSource::Column(column) => Some(column),
            PatientSource::Constant(_) => plan.also_names_patient,
        };
        let is_missing = |text: &str| plan.missing.has(text, plan.decimal);
        let roles = roles(plan);
        let mut columns = Vec::new();
        for ((index, header), &role) in plan.header.iter().enumerate().zip(&roles) {
            if names(&privacy.settings.drop, header) {
                if role == Role::Needed {
                    return Err(needed(plan, header));
                }
                columns.push(PersonalColumn { index, why: Why::Setting });
                continue;
            }
            if role == Role::Needed || names(&privacy.settings.keep, header) {
                continue;
            }
            let cells = sample.column(index, id, is_missing);
            let cells = Cells { header, cells: &cells, roster: plan.kind == LogKind::Patients };
            let why = if role == Role::Native { of_native(plan, index, &cells) } else { of_other(&cells) };
            let why = why.or_else(|| (privacy.pseudonyms.is_some() && repeats_id(&cells)).then_some(Why::IdAgain));
            columns.extend(why.map(|why| PersonalColumn { index, why }));
        }
        add_beside_addresses(&mut columns, &plan.header, |index| {
            roles[index] == Role::Other && !names(&privacy.settings.keep, &plan.header[index])
        });
        let ids = if privacy.pseudonyms.is_some() { None } else { of_ids(&sample, plan, id) };
        Ok(Self::of(columns, plan.header.len(), ids))
    }

    /// Finds the personal columns of a table that was unfolded, among those that are not carried (`is_used`).
    pub fn in_table(grid: &Grid, id: Option<usize>, roster: bool, privacy: Privacy<'_>, is_used: impl Fn(usize) -> bool) -> Self {
        let sample = Sample::of_table(grid);
        let mut columns = Vec::new();
        for (index, header) in grid.header.iter().enumerate() {
            if id == Some(index) || is_used(index) || names(&privacy.settings.keep, header) {
                continue;
            }
            let cells = sample.column(index, id, |text| MissingCodes::default().has(text, DecimalMark::Either));
            let cells = Cells { header, cells: &cells, roster };
            let dropped = names(&privacy.settings.drop, header).then_some(Why::Setting);
            let why = dropped.or_else(|| of_other(&cells));
            let why = why.or_else(|| (privacy.pseudonyms.is_some() && repeats_id(&cells)).then_some(Why::IdAgain));
            columns.extend(why.map(|why| PersonalColumn { index, why }));
        }
        add_beside_addresses(&mut columns, &grid.header, |index| {
            !is_used(index) && id != Some(index) && !names(&privacy.settings.keep, &grid.header[index])
        });
        Self::of(columns, grid.header.len(), None)
    }

    fn of(columns: Vec<PersonalColumn>, width: usize, ids: Option<Kind>) -> Self {
        let mut held = vec![false; width];
        columns.iter().for_each(|column| held[column.index] = true);
        Self { columns, held, ids }
    }

    /// Takes the columns out of what is read: they are neither covariates nor listed as unused, nor written as native ones.
    pub fn take_out(&self, plan: &mut Plan) {
        plan.fields.retain(|(_, column)| !self.holds(*column));
        plan.unknown.retain(|column| !self.holds(*column));
        plan.unused.retain(|(_, column)| !self.holds(*column));
    }

    /// Whether a column is personal.
    pub fn holds(&self, column: usize) -> bool {
        self.held.get(column).is_some_and(|&held| held)
    }

    /// The first personal column: cells to the right of it may be a piece of it, if a separator stood in a cell.
    pub fn first(&self) -> Option<usize> {
        self.columns.first().map(|column| column.index)
    }

    /// What is found: each column with the reason, never a value.
    pub fn findings(&self, plan: &Plan) -> Vec<Finding> {
        let mut findings = self.column_findings(&plan.file, &plan.header);
        findings.extend(self.ids.map(|kind| {
            let sentence = format!("The patient ids look like {} and stand in every table and on every page.", kind.as_str());
            let column = match plan.patient {
                PatientSource::Column(column) => plan.header.get(column).cloned().unwrap_or_default(),
                PatientSource::Constant(_) => String::new(),
            };
            Finding { column, ..Finding::of_file(rules::PERSONAL_IDS, &plan.file, String::new(), sentence) }
        }));
        findings
    }

    /// What is found of columns.
    pub fn column_findings(&self, file: &str, header: &[String]) -> Vec<Finding> {
        self.columns.iter().filter_map(|column| column.finding(file, header.get(column.index)?)).collect()
    }

    /// Columns left out for another reason than that they look personal.
    pub fn notes(&self, file: &str, header: &[String]) -> Vec<String> {
        let note = |column: &PersonalColumn| {
            let name = header.get(column.index)?;
            match &column.why {
                Why::Setting => Some(format!("{file}: column \"{name}\" is not carried, as [privacy] drop in study.toml says.")),
                Why::IdAgain => {
                    Some(format!("{file}: column \"{name}\" repeats the patient id and is not carried, since ids are pseudonymized."))
                }
                Why::Header(_) | Why::Cells(_) => None,
            }
        };
        self.columns.iter().filter_map(note).collect()
    }
}

impl PersonalColumn {
    fn kind(&self) -> Option<Kind> {
        match &self.why {
            Why::Header(kind) => Some(*kind),
            Why::Cells(seen) => Some(seen.kind),
            Why::Setting | Why::IdAgain => None,
        }
    }

    fn finding(&self, file: &str, name: &str) -> Option<Finding> {
        let (what, why) = match &self.why {
            Why::Setting | Why::IdAgain => return None,
            Why::Header(kind) => (kind.as_str(), "by its name".to_owned()),
            Why::Cells(seen) => (seen.kind.as_str(), format!("by the shape of {} of the {} cells looked at", seen.fitting, seen.of)),
        };
        let instead = if self.kind() == Some(Kind::BirthDate) { " If age matters, give a column birth_year instead." } else { "" };
        let sentence = format!("Column \"{name}\" looks like {what} ({why}) and is not carried into any output.{instead}");
        let fix = format!("Nothing. If it is something else, add to study.toml: [privacy] keep = [\"{name}\"]");
        let finding = Finding::of_file(rules::PERSONAL_COLUMN, file, String::new(), sentence);
        Some(Finding { column: name.to_owned(), fix: fix.into(), ..finding })
    }
}

/// Adds the findings of a file. That ids look personal is said once, and of one column of a file that serves several logs.
pub(in crate::ingest) fn add_findings(all: &mut Vec<Finding>, of_file: Vec<Finding>) {
    if of_file.is_empty() {
        return;
    }
    let mut ids = all.iter().any(|known| known.rule == rules::PERSONAL_IDS.id);
    let place = |finding: &Finding| (finding.file.clone(), finding.column.clone());
    let of_columns = all.iter().filter(|known| known.rule == rules::PERSONAL_COLUMN.id && known.file == of_file[0].file);
    let mut columns: FxHashSet<(String, String)> = of_columns.map(place).collect();
    for finding in of_file {
        let new = if finding.rule == rules::PERSONAL_IDS.id {
            !std::mem::replace(&mut ids, true)
        } else {
            finding.rule != rules::PERSONAL_COLUMN.id || columns.insert(place(&finding))
        };
        if new {
            all.push(finding);
        }
    }
}

/// Adds the columns that are part of an address because another one is one.
fn add_beside_addresses(columns: &mut Vec<PersonalColumn>, header: &[String], may_be: impl Fn(usize) -> bool) {
    if !columns.iter().any(|column| column.kind() == Some(Kind::Address)) {
        return;
    }
    let listed: FxHashSet<usize> = columns.iter().map(|column| column.index).collect();
    let beside: Vec<usize> = (0..header.len())
        .filter(|index| !listed.contains(index))
        .filter(|&index| may_be(index) && beside_an_address(&header[index]))
        .collect();
    columns.extend(beside.into_iter().map(|index| PersonalColumn { index, why: Why::Header(Kind::Address) }));
    columns.sort_by_key(|column| column.index);
}

/// What the reader makes of each column.
fn roles(plan: &Plan) -> Vec<Role> {
    let mut fields: FxHashMap<usize, Field> = FxHashMap::default();
    for &(field, column) in &plan.fields {
        fields.entry(column).or_insert(field);
    }
    (0..plan.header.len()).map(|index| role(plan, index, fields.get(&index).copied())).collect()
}

fn role(plan: &Plan, index: usize, field: Option<Field>) -> Role {
    let specs = columns_of(plan.kind);
    let in_date = plan.dates.iter().enumerate().any(|(slot, date)| match date.source {
        DateSource::Column(column) => slot == 0 && column == index,
        DateSource::Parts { year, month, day } => [year, month, day].contains(&index),
    });
    let is_id = matches!(plan.patient, PatientSource::Column(column) if column == index) || plan.also_names_patient == Some(index);
    let required = field.is_some_and(|field| specs.iter().any(|spec| spec.field == field && spec.required));
    if in_date || is_id || required {
        return Role::Needed;
    }
    let name = plan.header.get(index).map_or("", String::as_str);
    // A second column that names patients (a record number beside the study's id) is no native one.
    let spelled = HeaderName::of(name);
    let native = specs.iter().any(|spec| spec.field != Field::PatientId && spec.is_called_by(&spelled));
    let in_use = field.is_some_and(|field| !matches!(field, Field::Covariate | Field::MeasureColumn));
    if native || in_use { Role::Native } else { Role::Other }
}

/// A column with a name of ours is believed, unless nothing else has the shape of its cells.
fn of_native(plan: &Plan, index: usize, cells: &Cells<'_>) -> Option<Why> {
    let spec = columns_of(plan.kind).iter().find(|spec| spec.name == "birth_year");
    let name = plan.header.get(index).map_or("", String::as_str);
    let births = spec.is_some_and(|spec| spec.is_called(name));
    let dated = if births { cells.full_dates() } else { None };
    dated.or_else(|| cells.plainly_personal()).map(Why::Cells)
}

fn of_other(cells: &Cells<'_>) -> Option<Why> {
    if cells.header.is_empty() {
        return cells.personal().map(Why::Cells);
    }
    let by_header = kind(cells.header).filter(|&kind| {
        let of_exercises = !cells.roster && is_bare_name(cells.header) && cells.vary_within_patients();
        !cells.contradict(kind) && !of_exercises
    });
    by_header.map(Why::Header).or_else(|| cells.personal().map(Why::Cells))
}

/// Whether most cells of a column are the row's patient id.
fn repeats_id(cells: &Cells<'_>) -> bool {
    let same = cells.cells.iter().filter(|(id, cell)| id == cell).count();
    !cells.cells.is_empty() && same * 10 >= cells.cells.len() * 9
}

/// What the ids of a file look like.
fn of_ids(sample: &Sample, plan: &Plan, column: Option<usize>) -> Option<Kind> {
    let constant;
    let mut ids = match (&plan.patient, column) {
        (_, Some(column)) => sample.column(column, Some(column), |text| plan.missing.has(text, plan.decimal)),
        (PatientSource::Constant(id), None) => {
            constant = id.as_str();
            vec![(constant, constant)]
        }
        (PatientSource::Column(_), None) => return None,
    };
    ids.sort_unstable();
    ids.dedup();
    let cells = Cells { header: "", cells: &ids, roster: true };
    cells.plainly_personal().or_else(|| cells.names()).map(|seen| seen.kind)
}

pub(super) fn names(list: &[String], header: &str) -> bool {
    !header.is_empty() && list.iter().any(|name| name.trim().eq_ignore_ascii_case(header.trim()))
}

fn needed(plan: &Plan, header: &str) -> IngestError {
    IngestError::Setting {
        file: plan.file.clone(),
        setting: "privacy.drop".to_owned(),
        problem: format!("names the column \"{header}\", which the reader cannot do without"),
        fix: "Take it out of privacy.drop; patient ids are replaced with --pseudonymize KEYFILE.".to_owned(),
    }
}

/// Checks that every column kept or dropped is one of a file.
///
/// # Errors
/// [`IngestError::Setting`] with the column most likely meant.
pub(in crate::ingest) fn check_settings(settings: &PrivacySettings, headers: &[String]) -> Result<(), IngestError> {
    for (setting, listed) in [("keep", &settings.keep), ("drop", &settings.drop)] {
        for name in listed {
            if headers.iter().any(|header| header.trim().eq_ignore_ascii_case(name.trim())) {
                continue;
            }
            let near =
                nearest(name, headers.iter().map(String::as_str)).map_or_else(String::new, |near| format!(", perhaps to \"{near}\""));
            return Err(IngestError::Setting {
                file: "study.toml".to_owned(),
                setting: format!("privacy.{setting}"),
                problem: format!("names \"{name}\", but no file has a column of that name"),
                fix: format!("Correct it{near}, or take it out."),
            });
        }
    }
    Ok(())
}
