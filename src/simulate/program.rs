//! The program: weeks, phases, sessions, and how pain falls with what is done.

use crate::domain::{Day, Phase, ProgramOutcome, SessionStatus};

use super::options::SimulationOptions;
use super::person::{Draws, Person};

/// A session as it will be logged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    pub(super) day: Day,
    pub(super) phase: Phase,
    pub(super) status: SessionStatus,
    pub(super) setting: &'static str,
}

/// A patient's program.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) planned_end: Day,
    pub(super) outcome: ProgramOutcome,
    /// Last day of the program: completion, dropping out, or the cut-off.
    pub(super) end: Day,
    pub(super) per_week: i32,
    pub(super) sessions: Vec<Session>,
    /// Rate at which pain falls per day.
    pub(super) relief: f64,
}

/// The four phases share the program's weeks in this proportion.
const PHASES: [(Phase, f64); 4] =
    [(Phase::Flexibility, 0.2), (Phase::Strengthening, 0.55), (Phase::Functional, 0.8), (Phase::Proprioception, 1.0)];

impl Program {
    pub(super) fn draw(draws: &mut Draws, person: &Person, options: &SimulationOptions) -> Self {
        let weeks = draws.whole(12, 17);
        let per_week = [2, 3, 3, 3, 4, 4, 5][draws.whole(0, 6) as usize];
        let planned_end = person.start.plus(7 * weeks - 1);
        let drops_out = draws.happens(0.1);
        let dropped_on = person.start.plus(draws.whole(14, 7 * weeks - 14));
        let (outcome, end) = if drops_out && dropped_on <= options.cut_off {
            (ProgramOutcome::DroppedOut, dropped_on)
        } else if planned_end > options.cut_off {
            (ProgramOutcome::Ongoing, options.cut_off)
        } else {
            (ProgramOutcome::Completed, planned_end)
        };
        let mut sessions = Vec::new();
        let (mut planned, mut done) = (0.0, 0.0);
        let own = 1.6 + 0.5 * person.health_trait + 0.6 * draws.normal();
        for week in 0..weeks {
            // Adherence falls a little every week.
            let adherence = 1.0 / (1.0 + (-(own - 0.07 * f64::from(week))).exp());
            let share = f64::from(week) / f64::from(weeks);
            let phase = PHASES.iter().find(|(_, to)| share < *to).map_or(Phase::Proprioception, |(phase, _)| *phase);
            for slot in 0..per_week {
                let day = person.start.plus(7 * week + (7 * slot + draws.whole(0, 2)) / per_week);
                let fate = draws.share();
                let logged = !draws.happens(0.07);
                let setting = if slot == 0 && share < 0.7 { "clinic" } else { "home" };
                if day > end {
                    continue;
                }
                planned += 1.0;
                let status = if fate < adherence {
                    done += 1.0;
                    SessionStatus::Done
                } else if fate < adherence + 0.3 * (1.0 - adherence) {
                    done += 0.5;
                    SessionStatus::Partial
                } else {
                    SessionStatus::Missed
                };
                if logged {
                    sessions.push(Session { day, phase, status, setting });
                }
            }
        }
        let adherence = if planned > 0.0 { done / planned } else { 0.0 };
        let relief = (0.006 + 0.026 * options.program_effect * adherence) * (0.25 * draws.normal()).exp();
        Self { planned_end, outcome, end, per_week, sessions, relief }
    }

    /// Mean pain on a day of the program.
    pub(super) fn pain(&self, person: &Person, day: Day) -> f64 {
        let days = f64::from(day.days_since(person.start).max(0));
        person.lasting_pain + (person.baseline_pain - person.lasting_pain) * (-self.relief * days).exp()
    }
}
