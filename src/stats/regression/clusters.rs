//! Rows that belong together.

use std::ops::Range;

use super::observations::Observations;
use super::working_correlation::WorkingCorrelation;
use crate::stats::error::StatsError;

/// Which rows belong together.
#[derive(Clone, Copy, Debug)]
pub struct Clusters<'a> {
    /// Label of each row's cluster.
    pub id: &'a [usize],
    /// Whole-numbered time of each row within its cluster, for the distances of AR-1; `None` for 1, 2, … in order of appearance.
    pub wave: Option<&'a [u32]>,
}

/// Rows cluster after cluster.
pub(super) struct Grouped {
    /// Rows of each cluster in turn.
    pub(super) order: Vec<usize>,
    /// Where each cluster starts, and where the last ends.
    pub(super) starts: Vec<usize>,
    pub(super) wave: Vec<u32>,
}

impl Grouped {
    pub(super) fn new(clusters: &Clusters<'_>, observations: &Observations<'_>, working: WorkingCorrelation) -> Result<Self, StatsError> {
        let n = observations.len();
        for (what, found) in [("id", Some(clusters.id.len())), ("wave", clusters.wave.map(<[u32]>::len))] {
            if let Some(found) = found.filter(|&found| found != n) {
                return Err(StatsError::LengthMismatch { what: what.to_owned(), found, expected: n });
            }
        }
        let (code, count) = in_order_of_appearance(clusters.id);
        // Rows of weight 0 are kept (their part is 0) but a cluster must have weight to count.
        let (mut sizes, mut has_weight) = (vec![0; count], vec![false; count]);
        for (row, &at) in code.iter().enumerate() {
            sizes[at] += 1;
            has_weight[at] |= observations.weight(row) > 0.0;
        }
        let found = has_weight.into_iter().filter(|&has| has).count();
        if found < 2 {
            return Err(StatsError::TooFewClusters { found, needed: 2 });
        }
        let mut starts = vec![0];
        for size in &sizes {
            starts.push(starts[starts.len() - 1] + size);
        }
        let mut next = starts.clone();
        let mut order = vec![0; n];
        for (row, at) in code.into_iter().enumerate() {
            order[next[at]] = row;
            next[at] += 1;
        }
        let mut wave: Vec<u32> = Vec::with_capacity(n);
        for pair in starts.windows(2) {
            let rows = &mut order[pair[0]..pair[1]];
            match clusters.wave {
                None => wave.extend((1..).take(rows.len())),
                Some(given) => {
                    rows.sort_by_key(|&row| given[row]);
                    if working == WorkingCorrelation::Ar1
                        && let Some(same) = rows.windows(2).find(|pair| given[pair[0]] == given[pair[1]])
                    {
                        return Err(StatsError::RepeatedWave { wave: given[same[0]] });
                    }
                    wave.extend(rows.iter().map(|&row| given[row]));
                }
            }
        }
        Ok(Self { order, starts, wave })
    }

    pub(super) fn ranges(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.starts.windows(2).map(|pair| pair[0]..pair[1])
    }
}

/// Labels as 0, 1, … in order of first appearance, and how many there are.
pub(super) fn in_order_of_appearance(labels: &[usize]) -> (Vec<usize>, usize) {
    let mut distinct = labels.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut code = vec![usize::MAX; distinct.len()];
    let mut count = 0;
    let codes = labels
        .iter()
        .map(|label| {
            let at = distinct.partition_point(|other| other < label);
            if code[at] == usize::MAX {
                code[at] = count;
                count += 1;
            }
            code[at]
        })
        .collect();
    (codes, count)
}
