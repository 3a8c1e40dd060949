//! What is drawn, and one draw of it.

use std::collections::BTreeMap;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::stats::error::StatsError;

/// What is drawn with replacement: rows, or clusters with all their rows, within strata.
#[derive(Clone, Debug, PartialEq)]
pub struct ResamplingPlan {
    n_rows: usize,
    /// Rows of the units, unit after unit, and where each unit starts; `None` where every row is a unit.
    clusters: Option<Clusters>,
    /// Units stratum after stratum, and where each stratum starts.
    units: Vec<u32>,
    strata: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq)]
struct Clusters {
    starts: Vec<usize>,
    rows: Vec<u32>,
}

impl ResamplingPlan {
    /// Draws rows, each for itself.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] below two rows.
    pub fn rows(n_rows: usize) -> Result<Self, StatsError> {
        let plan = Self { n_rows, clusters: None, units: (0..n_rows as u32).collect(), strata: vec![0, n_rows] };
        plan.checked()
    }

    /// Draws clusters with all their rows; `cluster` names the cluster of each row.
    ///
    /// # Conventions
    /// Where a patient has several rows these are not independent: only drawing patients gives intervals that cover.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] below two clusters.
    pub fn clusters(cluster: &[usize]) -> Result<Self, StatsError> {
        let mut rows_of: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (row, &name) in cluster.iter().enumerate() {
            rows_of.entry(name).or_default().push(row as u32);
        }
        let (mut starts, mut rows) = (vec![0], Vec::with_capacity(cluster.len()));
        for members in rows_of.into_values() {
            rows.extend(members);
            starts.push(rows.len());
        }
        let n_units = starts.len() - 1;
        let units = (0..n_units as u32).collect();
        Self { n_rows: cluster.len(), clusters: Some(Clusters { starts, rows }), units, strata: vec![0, n_units] }.checked()
    }

    /// Draws within strata, so that each keeps its number of units; `stratum` names the stratum of each row.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`]; [`StatsError::SplitCluster`] if a cluster has rows in two strata; [`StatsError::TooFew`] if
    /// a stratum has fewer than two units.
    pub fn stratified(self, stratum: &[usize]) -> Result<Self, StatsError> {
        if stratum.len() != self.n_rows {
            return Err(StatsError::LengthMismatch { what: "stratum".to_owned(), found: stratum.len(), expected: self.n_rows });
        }
        let mut units_of: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for unit in 0..self.n_units() {
            let mut rows = self.rows_of(unit);
            let Some(name) = rows.next().map(|row| stratum[row]) else { continue };
            if let Some(row) = rows.find(|&row| stratum[row] != name) {
                return Err(StatsError::SplitCluster { position: row + 1 });
            }
            units_of.entry(name).or_default().push(unit as u32);
        }
        let (mut units, mut strata) = (Vec::with_capacity(self.units.len()), vec![0]);
        for members in units_of.into_values() {
            units.extend(members);
            strata.push(units.len());
        }
        Self { units, strata, ..self }.checked()
    }

    fn checked(self) -> Result<Self, StatsError> {
        match self.strata().map(<[u32]>::len).min() {
            Some(smallest) if smallest >= 2 => Ok(self),
            smallest => Err(StatsError::TooFew { found: smallest.unwrap_or(0), needed: 2 }),
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Number of units that are drawn: rows or clusters.
    #[must_use]
    pub fn n_units(&self) -> usize {
        self.units.len()
    }

    /// The units of each stratum.
    pub(super) fn strata(&self) -> impl Iterator<Item = &[u32]> {
        self.strata.windows(2).map(|ends| &self.units[ends[0]..ends[1]])
    }

    /// The rows of a unit.
    pub(super) fn rows_of(&self, unit: usize) -> impl Iterator<Item = usize> {
        let (cluster, itself) = match &self.clusters {
            Some(clusters) => (&clusters.rows[clusters.starts[unit]..clusters.starts[unit + 1]], None),
            None => (&[][..], Some(unit)),
        };
        itself.into_iter().chain(cluster.iter().map(|&row| row as usize))
    }
}

/// Room for one draw, reused by the next.
#[derive(Clone, Debug)]
pub(super) struct Draw<'a> {
    plan: &'a ResamplingPlan,
    units: Vec<u32>,
    /// Empty where every row is a unit.
    rows: Vec<u32>,
}

impl<'a> Draw<'a> {
    /// Every unit once: the data as they are.
    pub(super) fn whole(plan: &'a ResamplingPlan) -> Self {
        let rows = if plan.clusters.is_some() { vec![1; plan.n_rows] } else { vec![] };
        Self { plan, units: vec![1; plan.n_units()], rows }
    }

    /// Draws as many units as each stratum has, with replacement.
    pub(super) fn draw(&mut self, rng: &mut ChaCha8Rng) {
        self.units.fill(0);
        for stratum in self.plan.strata() {
            let n = stratum.len() as u32;
            for _ in 0..n {
                self.units[stratum[rng.random_range(0..n) as usize] as usize] += 1;
            }
        }
        if let Some(clusters) = &self.plan.clusters {
            for (ends, &count) in clusters.starts.windows(2).zip(&self.units) {
                for &row in &clusters.rows[ends[0]..ends[1]] {
                    self.rows[row as usize] = count;
                }
            }
        }
    }

    /// Sets how often one unit is there.
    pub(super) fn set(&mut self, unit: usize, count: u32) {
        self.units[unit] = count;
        if self.plan.clusters.is_some() {
            for row in self.plan.rows_of(unit) {
                self.rows[row] = count;
            }
        }
    }

    pub(super) fn resample(&self) -> Resample<'_> {
        let rows = if self.plan.clusters.is_some() { &self.rows } else { &self.units };
        Resample { plan: self.plan, units: &self.units, rows }
    }
}

/// One resample: how often each row was drawn.
#[derive(Clone, Copy, Debug)]
pub struct Resample<'a> {
    plan: &'a ResamplingPlan,
    units: &'a [u32],
    rows: &'a [u32],
}

impl Resample<'_> {
    /// How often each row was drawn.
    #[must_use]
    pub fn multiplicities(&self) -> &[u32] {
        self.rows
    }

    /// Every drawn row, as often as it was drawn, with the number of its draw from 0: a patient drawn twice comes with two
    /// numbers, as a model with an effect per patient needs it.
    pub fn draws(&self) -> impl Iterator<Item = (usize, usize)> {
        let counted = self.units.iter().enumerate().flat_map(|(unit, &count)| (0..count).map(move |_| unit));
        counted.enumerate().flat_map(|(draw, unit)| self.plan.rows_of(unit).map(move |row| (row, draw)))
    }
}
