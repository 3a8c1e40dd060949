//! Infinitesimal-jackknife variance of curves, in one pass.

use super::kaplan_meier::CurveEstimator;
use super::risk_table::RiskTable;
use super::time_to_event::TimeToEvent;

/// Variances at each time of the risk table.
pub(super) struct RobustVariance {
    /// Of log S (Kaplan–Meier).
    pub(super) log_survival: Vec<f64>,
    /// Of the cumulative hazard (Nelson–Aalen, or Fleming–Harrington).
    pub(super) cumulative_hazard: Vec<f64>,
}

/// The sum over clusters of (`F_c` + `W_c` A)², kept as three sums while A moves: F is what a cluster's rows have settled (events so
/// far, and A at their entries and exits), W the weight it still has at risk.
struct Spread {
    settled: Vec<f64>,
    at_risk: Vec<f64>,
    sums: [f64; 3],
}

impl Spread {
    fn new(n_clusters: usize) -> Self {
        Self { settled: vec![0.0; n_clusters], at_risk: vec![0.0; n_clusters], sums: [0.0; 3] }
    }

    fn change(&mut self, cluster: usize, settled: f64, at_risk: f64) {
        let (f, w) = (self.settled[cluster], self.at_risk[cluster]);
        let (g, v) = (f + settled, w + at_risk);
        self.sums[0] += g * g - f * f;
        self.sums[1] += g * v - f * w;
        self.sums[2] += v * v - w * w;
        (self.settled[cluster], self.at_risk[cluster]) = (g, v);
    }

    fn variance(&self, a: f64) -> f64 {
        (self.sums[0] + a * (2.0 * self.sums[1] + a * self.sums[2])).max(0.0)
    }
}

/// Variance by the derivative of the curve with respect to each row's weight, summed within clusters.
///
/// # Formula
/// ```text
/// U_i(t) = Σ_{s ≤ t} [dN_i(s) − Y_i(s) d(s)/n(s)] / (n(s) − d(s))      for log S (sign left out)
/// U_i(t) = Σ_{s ≤ t} [dN_i(s) − Y_i(s) d(s)/n(s)] / n(s)              for the cumulative hazard (Nelson–Aalen)
/// U_i(t) = Σ_{s ≤ t} Σ_{k<m} [dN_i(s) (1/(m n_k) + k d/(m² n_k²)) − Y_i(s) d/(m n_k²)],  n_k = n − k d/m   (Fleming–Harrington, m tied rows)
/// Var(t) = Σ_clusters (Σ w_i U_i(t))²
/// ```
///
/// # References
/// Therneau & Grambsch (2000), Modeling Survival Data, section 2.2.
pub(super) fn robust_variance(
    rows: &TimeToEvent,
    table: &RiskTable,
    estimator: CurveEstimator,
    cluster: Option<&[usize]>,
) -> RobustVariance {
    let cluster_of = |row: usize| cluster.map_or(row, |cluster| cluster[row]);
    let n_clusters = (0..rows.len()).map(cluster_of).max().map_or(0, |last| last + 1);
    let (time, event, order) = (rows.time(), rows.event(), rows.order());
    let mut result = RobustVariance { log_survival: vec![], cumulative_hazard: vec![] };
    let mut spreads = [Spread::new(n_clusters), Spread::new(n_clusters)];
    let mut a = [0.0_f64; 2];
    let entry = rows.entry().unwrap_or_default();
    if entry.is_empty() {
        for row in 0..rows.len() {
            spreads.iter_mut().for_each(|spread| spread.change(cluster_of(row), 0.0, -rows.weight(row)));
        }
    }
    let mut entries = rows.entry_order().iter().peekable();
    let mut next = 0;
    for (step, &now) in table.time.iter().enumerate() {
        while let Some(&row) = entries.next_if(|&&row| entry[row as usize] < now) {
            let weight = rows.weight(row as usize);
            for (spread, a) in spreads.iter_mut().zip(a) {
                spread.change(cluster_of(row as usize), weight * a, -weight);
            }
        }
        let (d, n) = (table.events[step], table.at_risk[step]);
        // Where all at risk have the event log S is −∞; its variance is not used there.
        let mut jump = [if d < n { 1.0 / (n - d) } else { 0.0 }, if n > 0.0 { 1.0 / n } else { 0.0 }];
        if d > 0.0 {
            a[0] += d / n * jump[0];
            if estimator == CurveEstimator::FlemingHarrington {
                let m = f64::from(table.event_rows[step]);
                jump[1] = 0.0;
                for k in 0..table.event_rows[step] {
                    let gone = f64::from(k) / m;
                    let left = n - gone * d;
                    jump[1] += (1.0 + gone * d / left) / (m * left);
                    a[1] += d / m / (left * left);
                }
            } else {
                a[1] += d / n * jump[1];
            }
        }
        while next < order.len() && time[order[next] as usize] <= now {
            let row = order[next] as usize;
            let weight = rows.weight(row);
            for ((spread, a), jump) in spreads.iter_mut().zip(a).zip(jump) {
                spread.change(cluster_of(row), if event[row] { weight * jump } else { 0.0 } - weight * a, weight);
            }
            next += 1;
        }
        // Nothing is learned where nobody has the event; said exactly, since quantiles look for flat parts.
        for ((variances, spread), a) in [&mut result.log_survival, &mut result.cumulative_hazard].into_iter().zip(&spreads).zip(a) {
            let before = variances.last().copied().unwrap_or(0.0);
            variances.push(if d > 0.0 { spread.variance(a) } else { before });
        }
    }
    result
}
