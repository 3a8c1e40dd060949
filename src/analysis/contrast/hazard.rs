//! The hazard ratio of an exposure at equal covariates.

use crate::stats::survival::{CoxModel, CoxOptions, CoxTerm, Ties, TimeToEvent};
use crate::stats::{Covariates, StatsError};

use super::Contrast;
use super::rows::{Adjustment, ModelRows};
use crate::analysis::clusters::Clusters;
use crate::analysis::common_support::told_apart_by;

/// A program's time to an event, or a part of it with one value of the exposure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventRow {
    /// Index of the course.
    pub course: usize,
    /// Index of the patient.
    pub patient: usize,
    /// Days from time zero to the row's first day; above 0 where a program enters late or has several rows.
    pub from: i32,
    /// Days from time zero to the event, censoring or the end of the row; above `from`.
    pub to: i32,
    /// Whether it ended in the event.
    pub event: bool,
    /// The exposure during the row, known by its beginning.
    pub exposure: f64,
}

/// A Cox model of an exposure and the covariates that can be used; the exposure is its last term.
pub(in crate::analysis) struct HazardModel {
    /// The rows and covariates used.
    pub chosen: ModelRows,
    /// The times of the rows used.
    pub outcome: TimeToEvent,
    /// The model.
    pub model: CoxModel,
}

impl HazardModel {
    /// Fits it. Rows stand in the order of the cohort, those of one course after each other; the exposure's term is called `name`.
    pub fn fit(rows: &[EventRow], name: &str, adjustment: &Adjustment<'_>, ties: Ties, level: f64) -> Result<Self, StatsError> {
        let courses: Vec<usize> = rows.iter().map(|row| row.course).collect();
        let patients: Vec<usize> = rows.iter().map(|row| row.patient).collect();
        let mut chosen = ModelRows::choose(&courses, &patients, adjustment);
        let used: Vec<&EventRow> = chosen.places.iter().map(|&place| &rows[place]).collect();
        let mut outcome = TimeToEvent::new(used.iter().map(|row| f64::from(row.to)).collect(), used.iter().map(|row| row.event).collect())?;
        if used.iter().any(|row| row.from > 0) {
            outcome = outcome.with_entry(used.iter().map(|row| f64::from(row.from)).collect())?;
        }
        let exposure: Vec<f64> = used.iter().map(|row| row.exposure).collect();
        if let Some(term) = told_apart_by(&chosen.names, &chosen.columns, &exposure) {
            return Err(StatsError::NoOverlap { term });
        }
        let names = chosen.names.iter().cloned().chain([name.to_owned()]).collect();
        let mut columns = std::mem::take(&mut chosen.columns);
        columns.push(exposure);
        // A program that goes on after an event may have several, which are not independent.
        let goes_on = used.windows(2).any(|pair| pair[0].event && pair[0].course == pair[1].course);
        let of_patients = if goes_on { Clusters::of(used.iter().map(|row| row.patient)).of_row } else { None };
        let cluster = of_patients.as_deref().or(chosen.cluster.as_deref());
        let options = CoxOptions { ties, level, cluster, ..CoxOptions::default() };
        let model = CoxModel::fit(&outcome, &Covariates::new(names, columns)?, &options)?;
        Ok(Self { chosen, outcome, model })
    }

    /// The term of the exposure.
    pub fn exposure(&self) -> Result<&CoxTerm, StatsError> {
        self.model.fit.terms.last().ok_or(StatsError::EmptySample)
    }
}

/// Hazard ratio for a unit more of the exposure, by a Cox model with Efron ties. Rows stand in the order of the cohort, those of one
/// course after each other; errors are robust ones by patient where one has several programs,
/// or rows after an event (a rate ratio of repeated events, Andersen–Gill).
///
/// # Definition
/// `λᵢ(t) = λ₀(t) exp(β xᵢ(t) + γ zᵢ)`; the estimate is exp β. A covariate missing in more than 20 % of the programs, or the same
/// in all, is left out and named.
///
/// # Errors
/// [`StatsError`] where the model cannot be fitted: no event, an exposure that does not vary, separation, a covariate that tells the
/// two groups of the exposure apart.
///
/// # References
/// Cox (1972), *J R Stat Soc B* 34:187–220. Andersen & Gill (1982), *Ann Stat* 10:1100–1120.
pub fn adjusted_hazard(rows: &[EventRow], adjustment: &Adjustment<'_>, level: f64) -> Result<Contrast, StatsError> {
    let fitted = HazardModel::fit(rows, "exposure", adjustment, Ties::Efron, level)?;
    let term = fitted.exposure()?;
    Ok(Contrast {
        estimate: term.hazard_ratio,
        interval: term.interval,
        p_value: term.p_value,
        std_error: term.std_error,
        df: None,
        n: fitted.chosen.n,
        patients: fitted.chosen.patients,
        n_events: Some(fitted.model.fit.n_events),
        missing_covariate: fitted.chosen.missing,
        adjusted_for: fitted.chosen.names,
        dropped: fitted.chosen.dropped,
    })
}
