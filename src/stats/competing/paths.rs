//! What every estimator here is made of: risk sets and events at each distinct time, and the product-limit paths over them.

use super::time_to_cause::TimeToCause;

/// Risk sets, events and paths over the distinct times. Paths have one value more than there are times: the first is before all.
pub(super) struct Paths {
    /// Distinct times, rising.
    pub time: Vec<f64>,
    /// Weight at risk at each.
    pub at_risk: Vec<f64>,
    /// Weight of the events at each, by cause: `events[step * n_causes + cause - 1]`.
    pub events: Vec<f64>,
    /// Weight of all events at each.
    pub all_events: Vec<f64>,
    /// Whether everybody at risk has an event.
    pub ends: Vec<bool>,
    /// Weight of the censorings at each.
    pub censored: Vec<f64>,
    /// Step at which each row leaves.
    pub exit: Vec<usize>,
    /// First step at which each row is at risk.
    pub entry: Vec<usize>,
    /// Rows by step of exit: those of step j are `order[starts[j]..starts[j + 1]]`.
    pub order: Vec<usize>,
    /// Where the rows of each step start in `order`.
    pub starts: Vec<usize>,
    /// Probability of being event-free.
    pub event_free: Vec<f64>,
    /// Σ d / (n (n − d)), without the term of a step at which all have an event.
    pub greenwood: Vec<f64>,
    /// By cause: Σ S(s−) dₖ / n, the cumulative incidence.
    pub incidence: Vec<Vec<f64>>,
    /// By cause: Σ S(s−) dₖ / n².
    pub incidence_over_risk: Vec<Vec<f64>>,
    /// By cause: Σ A(s−) S(s−) dₖ / n with A the Greenwood sum.
    pub greenwood_by_incidence: Vec<Vec<f64>>,
}

impl Paths {
    pub(super) fn new(rows: &TimeToCause) -> Self {
        let (n, k) = (rows.len(), rows.n_causes());
        let order = rows.order();
        let weight = |row: usize| rows.weights().map_or(1.0, |weights| weights[row]);
        let (mut time, mut starts, mut exit) = (Vec::new(), vec![0], vec![0; n]);
        let (mut events, mut all_events, mut censored) = (Vec::new(), Vec::new(), Vec::new());
        let (mut left, mut event_count) = (Vec::new(), Vec::new());
        for tied in order.chunk_by(|&a, &b| rows.time()[a].total_cmp(&rows.time()[b]).is_eq()) {
            let step = time.len();
            time.push(rows.time()[tied[0]]);
            starts.push(starts[step] + tied.len());
            events.resize((step + 1) * k, 0.0);
            let (mut all, mut none, mut gone, mut count) = (0.0, 0.0, 0.0, 0_usize);
            for &row in tied {
                exit[row] = step;
                gone += weight(row);
                match rows.cause()[row] {
                    0 => none += weight(row),
                    cause => {
                        events[step * k + cause - 1] += weight(row);
                        all += weight(row);
                        count += 1;
                    }
                }
            }
            all_events.push(all);
            censored.push(none);
            left.push(gone);
            event_count.push(count);
        }
        let steps = time.len();
        let entry: Vec<usize> = match rows.entry() {
            None => vec![0; n],
            Some(entry) => entry.iter().map(|&from| time.partition_point(|&step| step <= from)).collect(),
        };
        let (mut entering, mut entering_count) = (vec![0.0; steps], vec![0_usize; steps]);
        for (row, &step) in entry.iter().enumerate() {
            entering[step] += weight(row);
            entering_count[step] += 1;
        }
        // From the last time back, so that the weights of the many who left do not blur the few who are left.
        let (mut at_risk, mut ends) = (vec![0.0; steps], vec![false; steps]);
        let (mut staying, mut staying_count, mut later, mut later_count) = (0.0, 0, 0.0, 0);
        for step in (0..steps).rev() {
            staying += left[step];
            staying_count += starts[step + 1] - starts[step];
            at_risk[step] = staying - later;
            ends[step] = event_count[step] == staying_count - later_count;
            later += entering[step];
            later_count += entering_count[step];
        }
        let mut paths = Self {
            time,
            at_risk,
            events,
            all_events,
            ends,
            censored,
            exit,
            entry,
            order,
            starts,
            event_free: vec![1.0],
            greenwood: vec![0.0],
            incidence: vec![vec![0.0]; k],
            incidence_over_risk: vec![vec![0.0]; k],
            greenwood_by_incidence: vec![vec![0.0]; k],
        };
        paths.walk(k);
        paths
    }

    fn walk(&mut self, k: usize) {
        let (mut event_free, mut greenwood) = (1.0_f64, 0.0_f64);
        for step in 0..self.time.len() {
            let (n, d) = (self.at_risk[step], self.all_events[step]);
            for cause in 0..k {
                let rise = event_free * self.events[step * k + cause] / n;
                let push = |path: &mut Vec<f64>, by: f64| path.push(path[step] + by);
                push(&mut self.incidence[cause], rise);
                push(&mut self.incidence_over_risk[cause], rise / n);
                push(&mut self.greenwood_by_incidence[cause], rise * greenwood);
            }
            if self.ends[step] {
                event_free = 0.0;
            } else {
                event_free *= (n - d) / n;
                greenwood += d / (n * (n - d));
            }
            self.event_free.push(event_free);
            self.greenwood.push(greenwood);
        }
    }

    /// Derivative of log S by the weight of a row, after `step` steps; the row's own event counts from its exit on.
    pub(super) fn log_survival_influence(&self, row: usize, has_event: bool, steps: usize) -> f64 {
        let (exit, entry) = (self.exit[row], self.entry[row]);
        if steps <= entry {
            return 0.0;
        }
        let drift = self.greenwood[steps.min(exit + 1)] - self.greenwood[entry];
        if has_event && steps > exit && !self.ends[exit] { drift - 1.0 / (self.at_risk[exit] - self.all_events[exit]) } else { drift }
    }

    /// Derivative of a cumulative incidence by the weight of a row while it is at risk, after `steps` steps, its own event left out.
    pub(super) fn incidence_influence_at_risk(&self, row: usize, cause: usize, steps: usize) -> f64 {
        let entry = self.entry[row];
        if steps <= entry {
            return 0.0;
        }
        let since = |path: &[f64]| path[steps] - path[entry];
        let k = cause - 1;
        since(&self.greenwood_by_incidence[k]) - self.greenwood[entry] * since(&self.incidence[k]) - since(&self.incidence_over_risk[k])
    }

    /// Derivative of a cumulative incidence by the weight of a row, after `steps` steps.
    pub(super) fn incidence_influence(&self, row: usize, own_cause: usize, cause: usize, steps: usize) -> f64 {
        let exit = self.exit[row];
        if steps <= exit {
            return self.incidence_influence_at_risk(row, cause, steps);
        }
        let at_exit = self.incidence_influence_at_risk(row, cause, exit + 1);
        let own = if own_cause == cause { self.event_free[exit] / self.at_risk[exit] } else { 0.0 };
        let after = self.incidence[cause - 1][steps] - self.incidence[cause - 1][exit + 1];
        at_exit + own + after * self.log_survival_influence(row, own_cause > 0, exit + 1)
    }
}
