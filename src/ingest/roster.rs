//! Rows of `patients.csv`: every further column is a covariate.

use rustc_hash::FxHashMap;

use super::columns::Field;
use super::dates::OrderEvidence;
use super::logs::{Covariate, CovariateValues};
use super::number::{self, DecimalMark};
use super::places::{Place, Places};
use super::plan::Plan;
use super::row::{Problems, Row};
use super::rows::Log;
use crate::domain::Day;

/// How the rows of one roster file are read.
pub(super) struct RosterRows {
    covariates: Vec<usize>,
    names: Vec<String>,
}

/// Roster rows as they come.
#[derive(Default)]
pub(super) struct RosterColumns {
    pub patient: Vec<u32>,
    pub places: Places,
    /// Native names, or those of the files.
    names: Vec<String>,
    covariates: Vec<Texts>,
}

/// Distinct texts of one column, and which one each row has.
#[derive(Default)]
struct Texts {
    index: FxHashMap<String, u32>,
    distinct: Vec<String>,
    codes: Vec<Option<u32>>,
}

impl Texts {
    fn push(&mut self, text: Option<&str>) {
        let code = text.map(|text| {
            self.index.get(text).copied().unwrap_or_else(|| {
                let code = self.distinct.len() as u32;
                self.index.insert(text.to_owned(), code);
                self.distinct.push(text.to_owned());
                code
            })
        });
        self.codes.push(code);
    }
}

impl RosterRows {
    pub fn new(plan: &Plan) -> Self {
        let covariates: Vec<usize> =
            plan.fields.iter().filter(|(field, _)| *field == Field::Covariate).map(|&(_, column)| column).collect();
        let names = covariates.iter().map(|&column| plan.native[column].clone()).collect();
        Self { covariates, names }
    }
}

impl Log for RosterRows {
    type Columns = RosterColumns;
    type Values = Vec<Option<String>>;

    fn values(&self, row: &Row<'_>, _: Option<Day>, _: &mut [OrderEvidence], _: &mut RosterColumns, _: &mut Problems) -> Self::Values {
        self.covariates.iter().map(|&column| row.present(column).map(std::borrow::Cow::into_owned)).collect()
    }

    fn push(&self, columns: &mut RosterColumns, patient: u32, _: Day, line: usize, values: Self::Values) {
        columns.patient.push(patient);
        columns.places.push(line);
        if columns.names.is_empty() {
            columns.names.clone_from(&self.names);
        }
        columns.covariates.resize_with(values.len(), Texts::default);
        for (texts, value) in columns.covariates.iter_mut().zip(values) {
            texts.push(value.as_deref());
        }
    }

    fn place(columns: &mut RosterColumns, line: impl Fn(usize) -> usize) {
        columns.places.moved(line);
    }

    fn append(columns: &mut RosterColumns, later: RosterColumns, patients: &[u32]) {
        let (before, added) = (columns.patient.len(), later.patient.len());
        columns.patient.extend(later.patient.iter().map(|&patient| patients[patient as usize]));
        columns.places.append(&later.places);
        // Blocks of one file mostly have the same columns.
        let same = columns.names == later.names;
        let names = columns.names.iter().cloned().enumerate().filter(|_| !same);
        let mut known: FxHashMap<String, usize> = names.map(|(at, name)| (name, at)).collect();
        for (at, (name, later)) in later.names.into_iter().zip(later.covariates).enumerate() {
            let at = if same { Some(at) } else { known.get(&name).copied() };
            let at = at.unwrap_or_else(|| {
                known.insert(name.clone(), columns.names.len());
                columns.names.push(name);
                columns.covariates.push(Texts::default());
                columns.names.len() - 1
            });
            let texts = &mut columns.covariates[at];
            texts.codes.resize(before, None);
            for code in later.codes {
                texts.push(code.map(|code| later.distinct[code as usize].as_str()));
            }
        }
        // Columns of other files only.
        columns.covariates.iter_mut().for_each(|texts| texts.codes.resize(before + added, None));
    }
}

impl RosterColumns {
    /// Changes the distinct values of each column.
    pub fn each_column(&mut self, mut change: impl FnMut(&mut [String])) {
        self.covariates.iter_mut().for_each(|texts| change(&mut texts.distinct));
    }

    /// For each patient of the sorted roster the row of `patients.csv`.
    pub fn places(&self, rank: &[u32]) -> Vec<Option<Place>> {
        let mut places = vec![None; rank.len()];
        for (row, &patient) in self.patient.iter().enumerate() {
            places[rank[patient as usize] as usize] = self.places.of(row);
        }
        places
    }

    /// One covariate per column, one value per patient; `rank` leads from the patients as met to the sorted roster.
    pub fn into_covariates(self, decimal: DecimalMark, rank: &[u32]) -> Vec<Covariate> {
        let (patient, names, covariates) = (self.patient, self.names, self.covariates);
        let values = covariates.into_iter().map(|texts| {
            let mut codes = vec![None; rank.len()];
            for (&patient, &code) in patient.iter().zip(&texts.codes) {
                let known = &mut codes[rank[patient as usize] as usize];
                *known = known.or(code);
            }
            covariate_values(&texts.distinct, &codes, decimal)
        });
        names.into_iter().zip(values).map(|(name, values)| Covariate { name, values }).collect()
    }
}

fn covariate_values(texts: &[String], codes: &[Option<u32>], decimal: DecimalMark) -> CovariateValues {
    let numbers: Option<Vec<f64>> = texts.iter().map(|text| number::parse(text, decimal)).collect();
    if let Some(numbers) = numbers {
        return CovariateValues::Number(codes.iter().map(|code| code.map(|code| numbers[code as usize])).collect());
    }
    let mut order: Vec<u32> = (0..texts.len() as u32).collect();
    order.sort_by_key(|&code| &texts[code as usize]);
    let mut rank = vec![0_u32; texts.len()];
    for (place, &code) in order.iter().enumerate() {
        rank[code as usize] = place as u32;
    }
    CovariateValues::Category {
        levels: order.iter().map(|&code| texts[code as usize].clone()).collect(),
        codes: codes.iter().map(|code| code.map(|code| rank[code as usize])).collect(),
    }
}
