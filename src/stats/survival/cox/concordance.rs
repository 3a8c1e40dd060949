//! Concordance of a risk score with times to event.

use std::ops::Range;

use serde::Serialize;

use super::model::CoxModel;
use crate::stats::error::{StatsError, check_finite};
use crate::stats::survival::time_to_event::{TimeToEvent, rising};

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
    pub fn concordance(&self, rows: &TimeToEvent) -> Result<Concordance, StatsError> {
        let mut strata = vec![0; self.data.n()];
        for (range, &code) in self.data.strata.iter().zip(&self.data.stratum_code) {
            range.clone().for_each(|place| strata[self.data.row[place] as usize] = code);
        }
        concordance(rows, &self.linear_predictor(), Some(&strata), self.cluster.as_deref())
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
    let one = vec![0; n];
    let strata = strata.unwrap_or(&one);
    let sorted = |order: &[u32]| -> Vec<u32> {
        let backwards: Vec<u32> = order.iter().rev().copied().collect();
        let codes: Vec<f64> = backwards.iter().map(|&row| strata[row as usize] as f64).collect();
        if strata.iter().all(|&code| code == strata[0]) {
            return backwards;
        }
        rising(&codes).into_iter().map(|place| backwards[place as usize]).collect()
    };
    let (by_time, by_entry) = (sorted(rows.order()), sorted(rows.entry_order()));
    let same = |a: &u32, b: &u32| strata[*a as usize] == strata[*b as usize];
    let mut entries = by_entry.chunk_by(same);
    let ranks = Ranks::new(score);
    // Everything in the order of the walk, so that only the tally is read here and there.
    let walk = Walk {
        time: by_time.iter().map(|&row| rows.time()[row as usize]).collect(),
        event: by_time.iter().map(|&row| rows.event()[row as usize]).collect(),
        weight: by_time.iter().map(|&row| rows.weight(row as usize)).collect(),
        rank: by_time.iter().map(|&row| ranks.place[row as usize]).collect(),
        entry: rows.entry().map_or_else(Vec::new, |entry| by_time.iter().map(|&row| entry[row as usize]).collect()),
    };
    let mut step_of = vec![0_u32; if walk.entry.is_empty() { 0 } else { n }];
    if !walk.entry.is_empty() {
        (0_u32..).zip(&by_time).for_each(|(step, &row)| step_of[row as usize] = step);
    }
    let mut counts = vec![Pairs::default(); n];
    let mut start = 0;
    for stratum in by_time.chunk_by(same) {
        let entries: Vec<u32> = entries.next().unwrap_or_default().iter().map(|&row| step_of[row as usize]).collect();
        walk.count(ranks.distinct, start..start + stratum.len(), &entries, &mut counts);
        start += stratum.len();
    }
    let mut whole = Pairs::default();
    for (pairs, weight) in counts.iter().zip(&walk.weight) {
        // Every pair was seen from both of its rows.
        whole.add(pairs, 0.5 * weight);
    }
    let comparable = whole.all();
    if comparable <= 0.0 {
        return Err(StatsError::Undefined { why: "no event has anybody at risk after it, so no pair can be compared".to_owned() });
    }
    let estimate = (whole.concordant + whole.tied / 2.0) / comparable;
    let derivative = |step: usize| {
        let pairs = &counts[step];
        walk.weight[step] * (pairs.concordant + pairs.tied / 2.0 - estimate * pairs.all()) / comparable
    };
    let variance: f64 = match cluster {
        None => (0..n).map(|step| derivative(step).powi(2)).sum(),
        Some(cluster) => {
            let mut sums = vec![0.0; cluster.iter().max().map_or(0, |last| last + 1)];
            by_time.iter().enumerate().for_each(|(step, &row)| sums[cluster[row as usize]] += derivative(step));
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

/// Weights of the partners of one row.
#[derive(Clone, Copy, Debug, Default)]
struct Pairs {
    concordant: f64,
    discordant: f64,
    tied: f64,
}

impl Pairs {
    fn add(&mut self, other: &Self, factor: f64) {
        self.concordant += factor * other.concordant;
        self.discordant += factor * other.discordant;
        self.tied += factor * other.tied;
    }

    fn all(&self) -> f64 {
        self.concordant + self.discordant + self.tied
    }
}

/// Each row's place among the distinct scores.
struct Ranks {
    place: Vec<u32>,
    distinct: usize,
}

impl Ranks {
    fn new(score: &[f64]) -> Self {
        let mut place = vec![0; score.len()];
        let mut distinct = 0;
        for tied in rising(score).chunk_by(|&a, &b| score[a as usize].total_cmp(&score[b as usize]).is_eq()) {
            tied.iter().for_each(|&row| place[row as usize] = distinct);
            distinct += 1;
        }
        Self { place, distinct: distinct as usize }
    }
}

/// Rows below this many are summed one by one; the sums of blocks of them are a tree.
const BLOCK: usize = 32;

/// Weights by score, with sums below a score: a Fenwick tree over blocks.
struct Tally {
    weight: Vec<f64>,
    blocks: Vec<f64>,
    total: f64,
}

impl Tally {
    fn new(distinct: usize) -> Self {
        Self { weight: vec![0.0; distinct + 1], blocks: vec![0.0; distinct / BLOCK + 2], total: 0.0 }
    }

    fn add(&mut self, place: u32, weight: f64) {
        let place = place as usize;
        self.weight[place] += weight;
        self.total += weight;
        let mut block = place / BLOCK + 1;
        while block < self.blocks.len() {
            self.blocks[block] += weight;
            block += block & block.wrapping_neg();
        }
    }

    /// Weights with a score below, equal to and above that of a place.
    fn split(&self, place: u32) -> (f64, f64, f64) {
        let place = place as usize;
        let start = place / BLOCK;
        let (mut below, mut block) = (self.weight[start * BLOCK..place].iter().sum::<f64>(), start);
        while block > 0 {
            below += self.blocks[block];
            block &= block - 1;
        }
        let equal = self.weight[place];
        (below, equal, self.total - below - equal)
    }
}

/// Rows by stratum and falling time.
struct Walk {
    time: Vec<f64>,
    event: Vec<bool>,
    weight: Vec<f64>,
    rank: Vec<u32>,
    /// Empty if nobody enters late.
    entry: Vec<f64>,
}

impl Walk {
    /// Counts each row's partners in one stratum, going back in time. `entries` are its steps by falling entry time.
    fn count(&self, distinct: usize, stratum: Range<usize>, entries: &[u32], counts: &mut [Pairs]) {
        let (mut at_risk, mut events) = (Tally::new(distinct), Tally::new(distinct));
        // As the later row of a pair: events with a higher score agree.
        let as_later = |events: &Tally, step: usize, factor: f64, counts: &mut [Pairs]| {
            let (below, equal, above) = events.split(self.rank[step]);
            counts[step].add(&Pairs { concordant: above, discordant: below, tied: equal }, factor);
        };
        let mut entries = entries.iter().peekable();
        let mut start = stratum.start;
        while start < stratum.end {
            let now = self.time[start];
            let mut end = start;
            while end < stratum.end && self.time[end].total_cmp(&now).is_eq() {
                end += 1;
            }
            while let Some(&step) = entries.next_if(|&&step| self.entry[step as usize] >= now) {
                let step = step as usize;
                at_risk.add(self.rank[step], -self.weight[step]);
                as_later(&events, step, 1.0, counts);
            }
            let with = |wanted: bool| (start..end).filter(move |&step| self.event[step] == wanted);
            for step in with(false) {
                at_risk.add(self.rank[step], self.weight[step]);
                // Events after its own time are none of its pairs.
                as_later(&events, step, -1.0, counts);
            }
            for step in with(true) {
                let (below, equal, above) = at_risk.split(self.rank[step]);
                counts[step].add(&Pairs { concordant: below, discordant: above, tied: equal }, 1.0);
            }
            for step in with(true) {
                at_risk.add(self.rank[step], self.weight[step]);
                events.add(self.rank[step], self.weight[step]);
            }
            for step in with(true) {
                as_later(&events, step, -1.0, counts);
            }
            start = end;
        }
        if !self.entry.is_empty() {
            entries.for_each(|&step| as_later(&events, step as usize, 1.0, counts));
            return;
        }
        // Rows at risk from the start have met every event: sums below each score, made once.
        let mut below = Vec::with_capacity(events.weight.len());
        let mut sum = 0.0;
        for weight in &events.weight {
            below.push(sum);
            sum += weight;
        }
        for step in stratum {
            let rank = self.rank[step] as usize;
            let (below, equal) = (below[rank], events.weight[rank]);
            counts[step].add(&Pairs { concordant: sum - below - equal, discordant: below, tied: equal }, 1.0);
        }
    }
}
