//! Who is at risk, has the event or is censored at each distinct time.

use super::time_to_event::TimeToEvent;

/// One row per distinct time; counts are sums of case weights.
pub(super) struct RiskTable {
    /// Distinct times, rising.
    pub(super) time: Vec<f64>,
    /// At risk just before each: entry < t ≤ time.
    pub(super) at_risk: Vec<f64>,
    /// Events at each.
    pub(super) events: Vec<f64>,
    /// Rows behind these events: with weights, how many ways there are to break the tie.
    pub(super) event_rows: Vec<u32>,
    /// Censored at each.
    pub(super) censored: Vec<f64>,
}

impl RiskTable {
    pub(super) fn new(rows: &TimeToEvent) -> Self {
        let (time, event, order) = (rows.time(), rows.event(), rows.order());
        let mut table = Self { time: vec![], at_risk: vec![], events: vec![], event_rows: vec![], censored: vec![] };
        let entry = rows.entry().unwrap_or_default();
        let mut entries = rows.entry_order().iter().peekable();
        let mut at_risk = if entry.is_empty() { (0..rows.len()).map(|row| rows.weight(row)).sum() } else { 0.0 };
        let mut n_at_risk = if entry.is_empty() { rows.len() } else { 0 };
        let mut start = 0;
        while start < order.len() {
            let now = time[order[start] as usize];
            while let Some(row) = entries.next_if(|&&row| entry[row as usize] < now) {
                at_risk += rows.weight(*row as usize);
                n_at_risk += 1;
            }
            let (mut events, mut event_rows, mut censored, mut end) = (0.0, 0, 0.0, start);
            while end < order.len() && time[order[end] as usize].total_cmp(&now).is_eq() {
                let row = order[end] as usize;
                if event[row] {
                    events += rows.weight(row);
                    event_rows += 1;
                } else {
                    censored += rows.weight(row);
                }
                end += 1;
            }
            // All who are left have the event: written as equal, whatever fractional weights rounded to.
            if events > 0.0 && n_at_risk == event_rows as usize {
                at_risk = events;
            }
            table.time.push(now);
            table.at_risk.push(at_risk);
            table.events.push(events);
            table.event_rows.push(event_rows);
            table.censored.push(censored);
            at_risk -= events + censored;
            n_at_risk -= end - start;
            if n_at_risk == 0 {
                at_risk = 0.0;
            }
            start = end;
        }
        if entry.is_empty() {
            // Summed from the end, where few are left: weights of very different sizes would leave the rounding of the large ones.
            let mut at_risk = 0.0;
            for step in (0..table.time.len()).rev() {
                at_risk += table.events[step] + table.censored[step];
                table.at_risk[step] = at_risk;
            }
        }
        table
    }
}
