//! Rows of a Cox model, checked, sorted, centred and scaled.

use std::ops::Range;

use nalgebra::{DMatrix, SymmetricEigen};
use rayon::prelude::*;

use super::model::CoxOptions;
use crate::stats::covariates::Covariates;
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::survival::time_to_event::{TimeToEvent, rising};

/// Rows of one task when they are worked on in parallel.
const PLACES_AT_ONCE: usize = 1 << 14;

/// Rows by stratum, then by falling time; covariates centred and scaled to standard deviation 1.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) names: Vec<String>,
    /// Number of covariates.
    pub(super) p: usize,
    /// Row of the input at each place.
    pub(super) row: Vec<u32>,
    pub(super) time: Vec<f64>,
    pub(super) event: Vec<bool>,
    /// Entry times; empty if nobody enters late.
    pub(super) entry: Vec<f64>,
    /// Places by stratum, then by falling entry time; empty if nobody enters late.
    pub(super) by_entry: Vec<u32>,
    /// Case weights; empty if all are 1.
    pub(super) weight: Vec<f64>,
    /// Offsets less their mean; empty if there are none.
    pub(super) offset: Vec<f64>,
    pub(super) offset_mean: f64,
    /// Covariates, `n × p`, row by row.
    pub(super) x: Vec<f64>,
    pub(super) centre: Vec<f64>,
    pub(super) scale: Vec<f64>,
    /// Places of each stratum.
    pub(super) strata: Vec<Range<usize>>,
    /// Code of each of these strata.
    pub(super) stratum_code: Vec<usize>,
    pub(super) n_events: usize,
}

impl Prepared {
    pub(super) fn new(rows: &TimeToEvent, covariates: &Covariates, options: &CoxOptions<'_>) -> Result<Self, StatsError> {
        check_level(options.level)?;
        let n = rows.len();
        let lengths = [
            ("covariates", Some(covariates.n_rows())),
            ("strata", options.strata.map(<[usize]>::len)),
            ("offset", options.offset.map(<[f64]>::len)),
            ("cluster", options.cluster.map(<[usize]>::len)),
        ];
        for (what, length) in lengths {
            if let Some(found) = length.filter(|&length| length != n) {
                return Err(StatsError::LengthMismatch { what: what.to_owned(), found, expected: n });
            }
        }
        check_finite("offset", options.offset.unwrap_or_default())?;
        if covariates.width() == 0 {
            return Err(StatsError::EmptySample);
        }
        if rows.n_events() == 0 {
            return Err(StatsError::NoEvents);
        }
        let row = falling(rows.order(), options.strata);
        let by_input = |order: &[u32]| {
            let mut place_of = vec![0_u32; n];
            (0_u32..).zip(&row).for_each(|(place, &row)| place_of[row as usize] = place);
            order.iter().map(|&row| place_of[row as usize]).collect()
        };
        let by_entry = if rows.entry().is_some() { by_input(&falling(rows.entry_order(), options.strata)) } else { vec![] };
        let at = |row: &u32| *row as usize;
        let offset_mean = options.offset.map_or(0.0, |offset| offset.iter().sum::<f64>() / n as f64);
        let (mut strata, mut stratum_code) = (Vec::new(), Vec::new());
        match options.strata {
            None => {
                strata.push(0..n);
                stratum_code.push(0);
            }
            Some(codes) => {
                let mut start = 0;
                for chunk in row.chunk_by(|a, b| codes[at(a)] == codes[at(b)]) {
                    strata.push(start..start + chunk.len());
                    stratum_code.push(codes[at(&chunk[0])]);
                    start += chunk.len();
                }
            }
        }
        let mut data = Self {
            names: covariates.names().to_vec(),
            p: covariates.width(),
            time: row.iter().map(|row| rows.time()[at(row)]).collect(),
            event: row.iter().map(|row| rows.event()[at(row)]).collect(),
            entry: rows.entry().map_or_else(Vec::new, |entry| row.iter().map(|row| entry[at(row)]).collect()),
            by_entry,
            weight: rows.weights().map_or_else(Vec::new, |weight| row.iter().map(|row| weight[at(row)]).collect()),
            offset: options.offset.map_or_else(Vec::new, |offset| row.iter().map(|row| offset[at(row)] - offset_mean).collect()),
            offset_mean,
            x: vec![0.0; n * covariates.width()],
            centre: vec![],
            scale: vec![],
            strata,
            stratum_code,
            n_events: rows.n_events(),
            row,
        };
        data.scale_covariates(covariates)?;
        data.check_collinear()?;
        Ok(data)
    }

    pub(super) fn n(&self) -> usize {
        self.row.len()
    }

    pub(super) fn weight(&self, place: usize) -> f64 {
        if self.weight.is_empty() { 1.0 } else { self.weight[place] }
    }

    pub(super) fn covariates(&self, place: usize) -> &[f64] {
        &self.x[place * self.p..(place + 1) * self.p]
    }

    /// Linear predictor of the centred covariates and offset at a place.
    pub(super) fn predictor_at(&self, place: usize, beta: &[f64]) -> f64 {
        let eta: f64 = self.covariates(place).iter().zip(beta).map(|(x, b)| x * b).sum();
        if self.offset.is_empty() { eta } else { eta + self.offset[place] }
    }

    /// Linear predictors by place.
    pub(super) fn predictor(&self, beta: &[f64]) -> Vec<f64> {
        self.by_place(|place| self.predictor_at(place, beta))
    }

    /// `w e^η` by place.
    pub(super) fn risk(&self, beta: &[f64]) -> Vec<f64> {
        self.by_place(|place| self.predictor_at(place, beta).exp() * self.weight(place))
    }

    fn by_place(&self, value: impl Fn(usize) -> f64 + Send + Sync) -> Vec<f64> {
        (0..self.n()).into_par_iter().with_min_len(PLACES_AT_ONCE).map(value).collect()
    }

    /// What centring took from each linear predictor.
    pub(super) fn shifted_predictor(&self, beta: &[f64]) -> f64 {
        (0..self.p).map(|j| beta[j] * self.centre[j] / self.scale[j]).sum()
    }

    fn scale_covariates(&mut self, covariates: &Covariates) -> Result<(), StatsError> {
        let (n, p) = (self.n() as f64, self.p);
        let spread = |(name, column): (&String, &Vec<f64>)| {
            let first = column[0];
            if column.iter().all(|value| value - first == 0.0) {
                return Err(StatsError::ConstantCovariate { term: name.clone() });
            }
            // Differences from the first value first: a mean of numbers near 1e9 would lose their digits.
            let mean = column.iter().map(|value| value - first).sum::<f64>() / n;
            let deviation = (column.iter().map(|value| (value - first - mean).powi(2)).sum::<f64>() / n).sqrt();
            if !(deviation > 0.0 && deviation.is_finite()) {
                return Err(StatsError::OutOfRange {
                    what: "a covariate",
                    value: first,
                    expected: "its squares do not fit a number; give it in other units",
                });
            }
            Ok((first, mean, deviation))
        };
        let spreads: Vec<Result<(f64, f64, f64), StatsError>> =
            covariates.names().par_iter().zip(covariates.columns()).map(spread).collect();
        let spreads = spreads.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.x.par_chunks_mut(PLACES_AT_ONCE * p).zip(self.row.par_chunks(PLACES_AT_ONCE)).for_each(|(x, rows)| {
            for (j, (column, &(first, mean, deviation))) in covariates.columns().iter().zip(&spreads).enumerate() {
                for (x, &source) in x[j..].iter_mut().step_by(p).zip(rows) {
                    *x = (column[source as usize] - first - mean) / deviation;
                }
            }
        });
        for (first, mean, deviation) in spreads {
            self.centre.push(first + mean);
            self.scale.push(deviation);
        }
        Ok(())
    }

    /// The smallest eigenvalue of the covariates' correlation matrix shows whether one is made of others.
    fn check_collinear(&self) -> Result<(), StatsError> {
        let (p, n) = (self.p, self.n());
        let mut sums = vec![0.0; p * p];
        for row in self.x.chunks_exact(p) {
            for j in 0..p {
                for k in j..p {
                    sums[j * p + k] += row[j] * row[k];
                }
            }
        }
        let correlation = DMatrix::from_fn(p, p, |j, k| sums[j.min(k) * p + j.max(k)] / n as f64);
        let eigen = SymmetricEigen::new(correlation);
        let Some((smallest, value)) = eigen.eigenvalues.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)) else { return Ok(()) };
        if *value > 1e-11 {
            return Ok(());
        }
        let involved = eigen.eigenvectors.column(smallest);
        // Of the terms in the combination, the last one named is the one to leave out.
        let term = (0..p).rev().find(|&j| involved[j].abs() > 1e-4).unwrap_or(p - 1);
        Err(StatsError::Collinear { term: self.names[term].clone() })
    }
}

/// Rows by stratum, then by falling time, from rows by rising time.
pub(super) fn falling(by_rising: &[u32], strata: Option<&[usize]>) -> Vec<u32> {
    let reversed: Vec<u32> = by_rising.iter().rev().copied().collect();
    let Some(strata) = strata else { return reversed };
    let codes: Vec<f64> = reversed.iter().map(|&row| strata[row as usize] as f64).collect();
    rising(&codes).into_iter().map(|place| reversed[place as usize]).collect()
}
