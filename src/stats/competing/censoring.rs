//! The censoring distribution that weights rows after a competing event.

use super::outcome::CompetingEvents;

/// G(t−) of staying uncensored at distinct times, and what the sandwich needs of it.
pub(super) struct Censoring {
    pub(super) time: Vec<f64>,
    /// G just before each time.
    pub(super) before: Vec<f64>,
    /// Censored at each time.
    pub(super) censored: Vec<f64>,
    /// At risk of being censored at each time.
    pub(super) at_risk: Vec<f64>,
}

impl Censoring {
    /// `events_first`: rows with an event at a time are no longer at risk of being censored there (R's `finegray`); else they are
    /// (`cmprsk::crr`).
    pub(super) fn new(events: &CompetingEvents, events_first: bool) -> Self {
        let rows = &events.rows;
        let time = rows.time();
        let mut result = Self { time: vec![], before: vec![], censored: vec![], at_risk: vec![] };
        let (mut at_risk, mut g) = (rows.len() as f64, 1.0);
        for tied in rows.order().chunk_by(|&a, &b| time[a as usize].total_cmp(&time[b as usize]).is_eq()) {
            let censored = tied.iter().filter(|&&row| events.cause[row as usize] == 0).count() as f64;
            let ended = tied.len() as f64;
            let exposed = if events_first { at_risk - (ended - censored) } else { at_risk };
            result.time.push(time[tied[0] as usize]);
            result.before.push(g);
            result.censored.push(censored);
            result.at_risk.push(exposed);
            if censored > 0.0 {
                g *= (exposed - censored) / exposed;
            }
            at_risk -= ended;
        }
        result
    }
}
