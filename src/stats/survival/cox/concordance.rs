//! Concordance of a risk score with times to event.

use std::ops::Range;

use serde::Serialize;

use super::model::CoxModel;
use super::pairs::{Pairs, Ranks, Step, count};
use super::prepared::falling;
use crate::stats::error::{StatsError, check_finite};
use crate::stats::survival::time_to_event::TimeToEvent;

/// Concordance of a score, high meaning early events.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Concordance {
    /// Share of comparable pairs in which the higher score has the earlier event, ties in the score counted half.
    pub estimate: f64,
    /// Its standard error (infinitesimal jackknife, by cluster if there are clusters).
    pub std_error: f64,
    /// Comparable pairs that agree (sums of products of weights).
    pub concordant: f64,
    /// Comparable pairs that disagree.
    pub discordant: f64,
    /// Comparable pairs with equal scores.
    pub tied_score: f64,
}

impl CoxModel {
    /// Concordance of the model's linear predictor with the rows it was fitted to, within strata.
    ///
    /// # Formula
    /// As [`concordance`].
    ///
    /// # Errors
    /// As [`concordance`].
    pub fn concordance(&self) -> Result<Concordance, StatsError> {
        let data = &self.data;
        let walk = Walk {
            time: &data.time,
            event: &data.event,
            entry: &data.entry,
            by_entry: &data.by_entry,
            weight: &data.weight,
            strata: &data.strata,
            cluster: self.cluster.as_ref().map(|cluster| data.row.iter().map(|&row| cluster[row as usize]).collect()),
        };
        walk.concordance(&data.predictor(&self.beta))
    }
}

/// Concordance of a risk score with times to event.
///
/// # Formula
/// Over pairs of an event at `t` and a row at risk at `t` with a later time (or censored at `t`), within strata:
/// ```text
/// C = (concordant + tied / 2) / (concordant + discordant + tied)
/// se² = Σ_clusters (Σ w ∂C/∂w)²
/// ```
/// a pair counts the product of its weights. O(n log n).
///
/// # Edge cases
/// Two events at one time are no pair.
///
/// # Errors
/// [`StatsError::LengthMismatch`]; [`StatsError::NotFinite`]; [`StatsError::Undefined`] without a comparable pair.
///
/// # Agrees with
/// R survival 3.5-3 `concordance(fit)`, `summary(coxph(…))$concordance`.
///
/// # References
/// Harrell et al. (1982), JAMA 247:2543–2546; Therneau & Atkinson, the `concordance` vignette of survival.
pub fn concordance(
    rows: &TimeToEvent,
    score: &[f64],
    strata: Option<&[usize]>,
    cluster: Option<&[usize]>,
) -> Result<Concordance, StatsError> {
    let n = rows.len();
    for (what, length) in [("score", Some(score.len())), ("strata", strata.map(<[usize]>::len)), ("cluster", cluster.map(<[usize]>::len))] {
        if let Some(found) = length.filter(|&length| length != n) {
            return Err(StatsError::LengthMismatch { what: what.to_owned(), found, expected: n });
        }
    }
    check_finite("score", score)?;
    let order = falling(rows.order(), strata);
    let mut place_of = vec![0_u32; if rows.entry().is_some() { n } else { 0 }];
    if rows.entry().is_some() {
        (0_u32..).zip(&order).for_each(|(place, &row)| place_of[row as usize] = place);
    }
    let by_entry = if place_of.is_empty() { vec![] } else { falling(rows.entry_order(), strata) };
    let mut ranges = Vec::new();
    let mut start = 0;
    for stratum in order.chunk_by(|&a, &b| strata.is_none_or(|codes| codes[a as usize] == codes[b as usize])) {
        ranges.push(start..start + stratum.len());
        start += stratum.len();
    }
    let pick = |values: &[f64]| -> Vec<f64> { order.iter().map(|&row| values[row as usize]).collect() };
    let walk = Walk {
        time: &pick(rows.time()),
        event: &order.iter().map(|&row| rows.event()[row as usize]).collect::<Vec<bool>>(),
        entry: &rows.entry().map_or_else(Vec::new, pick),
        by_entry: &by_entry.iter().map(|&row| place_of[row as usize]).collect::<Vec<u32>>(),
        weight: &rows.weights().map_or_else(Vec::new, pick),
        strata: &ranges,
        cluster: cluster.map(|cluster| order.iter().map(|&row| cluster[row as usize]).collect()),
    };
    walk.concordance(&pick(score))
}

/// Rows by stratum, then by falling time.
struct Walk<'a> {
    time: &'a [f64],
    event: &'a [bool],
    /// Empty if nobody enters late, as `by_entry`.
    entry: &'a [f64],
    /// Places by stratum, then by falling entry time.
    by_entry: &'a [u32],
    /// Empty if all are 1.
    weight: &'a [f64],
    strata: &'a [Range<usize>],
    cluster: Option<Vec<usize>>,
}

impl Walk<'_> {
    fn weight(&self, place: usize) -> f64 {
        if self.weight.is_empty() { 1.0 } else { self.weight[place] }
    }

    fn concordance(&self, score: &[f64]) -> Result<Concordance, StatsError> {
        let mut counts = Vec::with_capacity(score.len());
        for stratum in self.strata {
            let ranks = Ranks::new(&score[stratum.clone()]);
            let steps: Vec<Step> = stratum
                .clone()
                .map(|place| Step {
                    time: self.time[place],
                    entry: self.entry.get(place).copied().unwrap_or(f64::NEG_INFINITY),
                    weight: self.weight(place),
                    rank: ranks.place[place - stratum.start],
                    event: self.event[place],
                })
                .collect();
            let by_entry = self.by_entry.get(stratum.clone()).unwrap_or_default();
            let entries: Vec<u32> = by_entry.iter().map(|&place| place - stratum.start as u32).collect();
            counts.extend(count(&steps, &entries, ranks.distinct));
        }
        let mut whole = Pairs::default();
        for (place, pairs) in counts.iter().enumerate() {
            // Every pair was seen from both of its rows.
            whole.add(pairs, 0.5 * self.weight(place));
        }
        let comparable = whole.all();
        let weight: f64 = (0..score.len()).map(|place| self.weight(place)).sum();
        // With fractional weights no pairs at all may sum up to their rounding.
        if comparable <= 1e-13 * weight * weight {
            return Err(StatsError::Undefined { why: "no event has anybody at risk after it, so no pair can be compared".to_owned() });
        }
        let estimate = (whole.concordant + whole.tied / 2.0) / comparable;
        let derivative = |(place, pairs): (usize, &Pairs)| {
            self.weight(place) * (pairs.concordant + pairs.tied / 2.0 - estimate * pairs.all()) / comparable
        };
        let derivatives = counts.iter().enumerate().map(derivative);
        let variance: f64 = match &self.cluster {
            None => derivatives.map(|derivative| derivative.powi(2)).sum(),
            Some(cluster) => {
                let mut sums = vec![0.0; cluster.iter().max().map_or(0, |last| last + 1)];
                cluster.iter().zip(derivatives).for_each(|(&cluster, derivative)| sums[cluster] += derivative);
                sums.iter().map(|sum| sum * sum).sum()
            }
        };
        Ok(Concordance {
            estimate,
            std_error: variance.sqrt(),
            concordant: whole.concordant,
            discordant: whole.discordant,
            tied_score: whole.tied,
        })
    }
}
