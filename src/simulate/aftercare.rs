//! After completion: maintenance that starts or not and stops one day, recurrences, and the end of logging.

use crate::domain::{Day, EventKind, Phase, SessionStatus};

use super::options::SimulationOptions;
use super::person::{Draws, Person};
use super::program::{Program, Session};

/// A painful episode after completion.
#[derive(Clone, Copy, Debug)]
pub(super) struct Episode {
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) severity: f64,
}

/// What happens after completion.
#[derive(Clone, Debug)]
pub(super) struct Aftercare {
    /// Last day of maintenance by the patient's own plan; `None` if it never began.
    pub(super) maintained_to: Option<Day>,
    pub(super) episodes: Vec<Episode>,
    /// Last day anything is logged.
    pub(super) logged_to: Day,
    pub(super) sessions: Vec<Session>,
    pub(super) events: Vec<(Day, EventKind)>,
}

/// Daily hazard of recurrence without maintenance for a patient of average trait.
const HAZARD: f64 = 1.0 / 270.0;

impl Aftercare {
    /// Draws the time after completion, day by day.
    ///
    /// The hazard on a day is `HAZARD · exp(−confounding/2 · trait + 0.1 (previous episodes − 1.6))`, times the hazard ratio while
    /// the patient's own plan is to maintain. A recurrence that stops the exercise ahead of it (reverse causation) leaves the plan,
    /// and so the hazard, as it was: only the sessions are missing.
    pub(super) fn draw(draws: &mut Draws, person: &Person, program: &Program, options: &SimulationOptions) -> Self {
        let from = program.end.plus(1);
        let last = options.cut_off.min(program.end.plus(730));
        let odds = 0.55 + options.confounding * person.health_trait;
        let begins = draws.happens(1.0 / (1.0 + (-odds).exp()));
        let keeps = draws.happens(0.2);
        let lasts = draws.exponential(320.0 * (0.25 * options.confounding * person.health_trait).exp()).min(9_000.0) as i32 + 20;
        let maintained_to = begins.then(|| if keeps { last.max(from) } else { from.plus(lasts) });
        let per_week = draws.between(1.5, 3.4);
        let stops_logging = if options.dropout_per_year > 0.0 {
            draws.exponential(365.25 / options.dropout_per_year).min(20_000.0) as i32 + 10
        } else {
            20_000
        };
        let mut logged_to = last.min(from.plus(stops_logging));
        let trait_part = (-0.5 * options.confounding * person.health_trait + 0.1 * (f64::from(person.previous_episodes) - 1.6)).exp();

        let mut episodes: Vec<Episode> = Vec::new();
        let mut exercise_stops: Vec<(Day, Day)> = Vec::new();
        let mut events = Vec::new();
        let mut day = from;
        while day <= last {
            let on = maintained_to.is_some_and(|to| day <= to);
            let hazard = HAZARD * trait_part * if on { options.maintenance_hazard_ratio } else { 1.0 };
            if draws.happens(1.0 - (-hazard).exp()) {
                let to = day.plus(4 + draws.exponential(18.0).min(80.0) as i32);
                episodes.push(Episode { from: day, to, severity: draws.between(3.2, 6.8) });
                let ahead = draws.whole(1, 10);
                if draws.happens(options.reverse_causation) {
                    exercise_stops.push((day.plus(-ahead), to.plus(60)));
                }
                let fate = draws.share();
                if fate < 0.03 {
                    events.push((to.plus(14), EventKind::Surgery));
                } else if fate < 0.12 {
                    events.push((day.plus(10), EventKind::NewProgram));
                } else if fate < 0.2 {
                    events.push((day.plus(7), EventKind::Injection));
                }
                // Free of new recurrences until 30 days after the episode.
                day = to.plus(30);
            }
            day = day.plus(1);
        }
        if draws.happens(0.04) {
            events.push((from.plus(draws.whole(10, 300)), EventKind::Imaging));
        }
        if logged_to < last && draws.happens(0.35) {
            events.push((logged_to, EventKind::Withdrawn));
        }
        if let Some((surgery, _)) = events.iter().find(|(_, kind)| *kind == EventKind::Surgery) {
            logged_to = logged_to.min(surgery.plus(30));
        }
        events.retain(|(day, _)| *day <= logged_to);
        events.sort_by_key(|(day, kind)| (*day, *kind));
        let sessions = maintained_to.map(|to| maintenance(draws, from, to.min(logged_to), per_week, &exercise_stops)).unwrap_or_default();
        Self { maintained_to, episodes, logged_to, sessions, events }
    }

    /// Mean pain on a day after completion; the rest left over from the program fades on.
    pub(super) fn pain(&self, person: &Person, program: &Program, day: Day) -> f64 {
        let rest = program.pain(person, day);
        self.episodes.iter().filter(|episode| episode.from <= day && day <= episode.to).map(|episode| episode.severity).fold(rest, f64::max)
    }
}

/// Maintenance sessions a little irregularly spaced, none while the exercise is stopped.
fn maintenance(draws: &mut Draws, from: Day, to: Day, per_week: f64, stops: &[(Day, Day)]) -> Vec<Session> {
    let mut sessions = Vec::new();
    let class = draws.happens(0.3);
    let mut position = draws.between(0.0, 7.0 / per_week);
    while from.plus(position as i32) <= to {
        let day = from.plus(position as i32);
        let status = if draws.happens(0.05) { SessionStatus::Missed } else { SessionStatus::Done };
        if !stops.iter().any(|(stop, again)| *stop <= day && day <= *again) {
            sessions.push(Session { day, phase: Phase::Maintenance, status, setting: if class { "class" } else { "home" } });
        }
        position += draws.between(0.6, 1.4) * 7.0 / per_week;
    }
    sessions
}
