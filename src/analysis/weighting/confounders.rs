//! What the groups are weighted for: covariates, and what the pain log said before the exposure window.

use super::super::comparison::MaintainedRow;
use super::super::covariates::CovariateChoice;
use super::super::usable_covariates::usable_covariates;
use super::history::KnownPain;

/// A value that fewer programs than this have tells nothing of the others.
const FEWEST: usize = 5;

/// A number with at least this many different values may bend.
const BENDS_FROM: usize = 6;

/// The confounders of the rows that have all of them.
#[derive(Clone, Debug)]
pub(super) struct Confounders {
    /// Their names.
    pub names: Vec<String>,
    /// One column per name, a value per complete row.
    pub columns: Vec<Vec<f64>>,
    /// The complete rows, as places among all.
    pub complete: Vec<usize>,
    /// Left out, each with the reason.
    pub dropped: Vec<String>,
}

impl Confounders {
    /// Collects them for rows of one program each; `known` is what the pain log said before the window.
    pub fn of(rows: &[MaintainedRow], covariates: &CovariateChoice, known: &[Option<KnownPain>]) -> Self {
        let of = |part: fn(&MaintainedRow) -> usize| rows.iter().map(part).collect::<Vec<usize>>();
        let chosen = covariates.names.iter().map(String::as_str).zip(covariates.columns.iter().map(Vec::as_slice));
        let (used, dropped) = usable_covariates(&of(|row| row.course), &of(|row| row.patient), chosen);
        let complete: Vec<usize> = (0..rows.len())
            .filter(|&row| known[row].is_some() && used.iter().all(|(_, column)| column[rows[row].course].is_some()))
            .collect();
        let mut names: Vec<String> = used.iter().map(|(name, _)| (*name).to_owned()).collect();
        let mut columns: Vec<Vec<f64>> =
            used.iter().map(|(_, column)| complete.iter().filter_map(|&row| column[rows[row].course]).collect()).collect();
        for (part, name) in KnownPain::names("before the exposure window").into_iter().enumerate() {
            names.push(name);
            columns.push(complete.iter().filter_map(|&row| known[row].map(|known| known.values()[part])).collect());
        }
        let mut kept = Self { names: vec![], columns: vec![], complete, dropped };
        names.into_iter().zip(columns).for_each(|(name, column)| kept.add(name, column));
        kept
    }

    /// Those of some of the complete rows, by their places among them; what does not vary there is left out.
    pub fn among(&self, places: &[usize]) -> Self {
        let mut some = Self {
            complete: places.iter().map(|&place| self.complete[place]).collect(),
            dropped: self.dropped.clone(),
            names: vec![],
            columns: vec![],
        };
        for (name, column) in self.names.iter().zip(&self.columns) {
            some.add(name.clone(), places.iter().map(|&place| column[place]).collect());
        }
        some
    }

    fn add(&mut self, name: String, column: Vec<f64>) {
        if let Some(why) = too_rare(&column) {
            self.dropped.push(format!("{name}: {why}"));
        } else {
            self.names.push(name);
            self.columns.push(column);
        }
    }

    /// Squares of the numbers that may bend, in standard deviations from the mean.
    pub fn squares(&self) -> Vec<(String, Vec<f64>)> {
        let bends = |column: &[f64]| {
            let mut distinct: Vec<f64> = Vec::new();
            for value in column {
                if !distinct.iter().any(|known| known.total_cmp(value).is_eq()) {
                    distinct.push(*value);
                }
                if distinct.len() >= BENDS_FROM {
                    return true;
                }
            }
            false
        };
        let square = |(name, column): (&String, &Vec<f64>)| {
            let n = column.len() as f64;
            let mean = column.iter().sum::<f64>() / n;
            let spread = (column.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt();
            (bends(column) && spread > 0.0)
                .then(|| (format!("{name}, squared"), column.iter().map(|value| ((value - mean) / spread).powi(2)).collect()))
        };
        self.names.iter().zip(&self.columns).filter_map(square).collect()
    }
}

/// Why a column cannot be weighted for: (nearly) all rows have one value.
fn too_rare(column: &[f64]) -> Option<String> {
    let mut sorted = column.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let commonest = sorted.chunk_by(|one, other| one.total_cmp(other).is_eq()).map(<[f64]>::len).max()?;
    match column.len() - commonest {
        0 => Some("the same in everybody compared".to_owned()),
        differ if differ < FEWEST => Some(format!("nearly the same in everybody compared ({differ} of {} differ)", column.len())),
        _ => None,
    }
}
