//! Covariance of observed less expected events, in time proportional to rows times groups.

/// The covariance as it grows over event times.
///
/// A pair of groups adds `−s n_g n_h` at each event time, `s` the variance of the events over the square of those at risk. A group's
/// number at risk stays the same over many event times, so its row is brought up to date only when that number changes, from running
/// sums of `s n_h`: not every pair at every time, of which a thousand groups have half a million.
pub(super) struct Covariance {
    k: usize,
    /// Row by row; off the diagonal the upper triangle only.
    sums: Vec<f64>,
    /// `Σ s n_h` over all event times so far.
    running: Vec<Sum>,
    /// `running` when a group's row was last brought up to date, row by row.
    counted: Vec<Sum>,
    /// Event times so far, and those that a row counts.
    times: usize,
    up_to: Vec<usize>,
}

impl Covariance {
    pub(super) fn new(k: usize) -> Self {
        Self {
            k,
            sums: vec![0.0; k * k],
            running: vec![Sum::default(); k],
            counted: vec![Sum::default(); k * k],
            times: 0,
            up_to: vec![0; k],
        }
    }

    /// To be called before a group's number at risk changes from `at_risk`; all have left at the end, so nothing is then missing.
    pub(super) fn before_change(&mut self, group: usize, at_risk: f64) {
        if self.up_to[group] == self.times {
            return;
        }
        self.up_to[group] = self.times;
        let row = group * self.k + group + 1..(group + 1) * self.k;
        for ((sum, counted), running) in self.sums[row.clone()].iter_mut().zip(&mut self.counted[row]).zip(&self.running[group + 1..]) {
            if at_risk > 0.0 {
                *sum -= at_risk * running.since(*counted);
            }
            *counted = *running;
        }
    }

    /// An event time: `variance` of its number of events if one share had them all, weights included.
    pub(super) fn add(&mut self, at_risk: &[f64], total: f64, variance: f64) {
        self.times += 1;
        let each = variance / total / total;
        for (group, &n) in at_risk.iter().enumerate().filter(|(_, n)| **n > 0.0) {
            let share = n / total;
            self.sums[group * self.k + group] += variance * share * (1.0 - share);
            self.running[group].add(each * n);
        }
    }

    pub(super) fn into_rows(self) -> Vec<Vec<f64>> {
        let k = self.k;
        (0..k).map(|g| (0..k).map(|h| self.sums[g.min(h) * k + g.max(h)]).collect()).collect()
    }
}

/// A sum with what its rounding loses beside it: differences between two of its states keep their digits.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        let total = self.high + value;
        let kept = total - self.high;
        self.low += (self.high - (total - kept)) + (value - kept);
        self.high = total;
    }

    fn since(self, earlier: Self) -> f64 {
        (self.high - earlier.high) + (self.low - earlier.low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_brought_up_to_date_now_and_then_is_the_sum_over_all_times() {
        // Numbers at risk over four event times, two of a size that rounds the others away in a plain sum.
        let at_risk: [[f64; 3]; 4] = [[2.0, 3.0, 0.0], [2.0, 3.0, 4.0], [1.0, 3.0, 4.0], [1.0, 1.0, 1.0]];
        let variance = [1e20, 1.0, 0.5, 0.25];
        let mut covariance = Covariance::new(3);
        let mut before = [0.0; 3];
        for (now, variance) in at_risk.iter().zip(variance) {
            (0..3)
                .filter(|&group| (now[group] - before[group]).abs() > 0.5)
                .for_each(|group| covariance.before_change(group, before[group]));
            before = *now;
            covariance.add(now, now.iter().sum(), variance);
        }
        (0..3).for_each(|group| covariance.before_change(group, before[group]));
        let rows = covariance.into_rows();
        for g in 0..3 {
            for h in 0..3 {
                let expected: f64 = at_risk
                    .iter()
                    .zip(variance)
                    .map(|(n, variance)| {
                        let total: f64 = n.iter().sum();
                        variance * n[g] / total * (f64::from(u8::from(g == h)) - n[h] / total)
                    })
                    .sum();
                assert!((rows[g][h] - expected).abs() <= 1e-14 * expected.abs(), "{g}, {h}: {} is not {expected}", rows[g][h]);
            }
        }
    }
}
