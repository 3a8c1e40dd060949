//! Weights of a log-rank test over time.

use serde::Serialize;

use super::TimeToEvent;

/// Weights over time: `S(t−)^rho · (1 − S(t−))^gamma` with the Kaplan–Meier curve of all rows of the stratum together.
///
/// (0, 0) is the log-rank test; (1, 0) Peto & Peto's version of the Wilcoxon test, for early differences; (0, 1) is for late ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct FlemingHarringtonWeights {
    /// Weight of early times.
    pub rho: f64,
    /// Weight of late times.
    pub gamma: f64,
}

impl FlemingHarringtonWeights {
    pub(super) fn are_equal(self) -> bool {
        self.rho == 0.0 && self.gamma == 0.0
    }

    /// The weights at the event times of a stratum of `k` groups.
    pub(super) fn over_time(self, rows: &TimeToEvent, group: &[usize], k: usize, order: &[u32], entry_order: &[u32]) -> Vec<Weight> {
        let (time, entry) = (rows.time(), rows.entry().unwrap_or_default());
        let power = |base: f64, power: f64| if power == 0.0 { 0.0 } else { power * base.ln() };
        let mut at_risk = AtRisk { of_group: vec![0; k], total: 0, groups: 0 };
        let mut entries = entry_order.iter().peekable();
        if entry.is_empty() {
            order.iter().for_each(|&row| at_risk.add(group[row as usize]));
        }
        let (mut survival, mut found) = (1.0_f64, vec![]);
        for rows_now in order.chunk_by(|&a, &b| time[a as usize].total_cmp(&time[b as usize]).is_eq()) {
            let now = time[rows_now[0] as usize];
            while let Some(&row) = entries.next_if(|&&row| entry[row as usize] < now) {
                at_risk.add(group[row as usize]);
            }
            let events = rows_now.iter().filter(|&&row| rows.event()[row as usize]).count();
            if events > 0 {
                let logarithm = power(survival, self.rho) + power(1.0 - survival, self.gamma);
                found.push(Weight { logarithm, compares: at_risk.groups > 1 && events < at_risk.total });
                survival *= (at_risk.total - events) as f64 / at_risk.total as f64;
            }
            rows_now.iter().for_each(|&row| at_risk.remove(group[row as usize]));
        }
        found
    }
}

/// The weight of an event time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weight {
    /// Of the weight: large powers do not take that out of range.
    pub(super) logarithm: f64,
    /// Whether somebody else could have had the event; if not, it says nothing of the difference between groups.
    pub(super) compares: bool,
}

impl Weight {
    /// That of a test without weights.
    pub(super) const ONE: Self = Self { logarithm: 0.0, compares: true };
}

/// How many are at risk, and of how many groups.
struct AtRisk {
    of_group: Vec<usize>,
    total: usize,
    groups: usize,
}

impl AtRisk {
    fn add(&mut self, group: usize) {
        self.groups += usize::from(self.of_group[group] == 0);
        self.of_group[group] += 1;
        self.total += 1;
    }

    fn remove(&mut self, group: usize) {
        self.of_group[group] -= 1;
        self.groups -= usize::from(self.of_group[group] == 0);
        self.total -= 1;
    }
}
