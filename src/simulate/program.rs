//! The program: weeks, phases, sessions, and how pain falls with what is done.

use crate::domain::{Day, Phase, ProgramOutcome, SessionStatus};

use super::care::{Care, PAINFUL_SESSIONS};
use super::options::SimulationOptions;
use super::person::{Draws, Person};

/// A session as it will be logged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    pub(super) day: Day,
    pub(super) phase: Phase,
    pub(super) status: SessionStatus,
    pub(super) setting: &'static str,
    /// It hurt.
    pub(super) painful: bool,
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
    /// Share of the sessions planned that were done.
    pub(super) adherence: f64,
    /// Days of painful sessions that are felt afterwards.
    painful: Vec<Day>,
    fades_from: Option<Day>,
}

/// Relief if nothing but chance moves it: the average patient's adherence.
const USUAL_ADHERENCE: f64 = 0.74;
/// Points of pain in the three days after a painful session.
const AFTER_PAINFUL: f64 = 0.6;

/// The four phases share the program's weeks in this proportion.
const PHASES: [(Phase, f64); 4] =
    [(Phase::Flexibility, 0.2), (Phase::Strengthening, 0.55), (Phase::Functional, 0.8), (Phase::Proprioception, 1.0)];

impl Program {
    pub(super) fn draw(draws: &mut Draws, care_draws: &mut Draws, person: &Person, care: &Care, options: &SimulationOptions) -> Self {
        let weeks = draws.whole(12, 17);
        let per_week = [2, 3, 3, 3, 4, 4, 5][draws.whole(0, 6) as usize];
        let planned_end = person.start.plus(7 * weeks - 1);
        let drops_out = draws.happens(options.program_dropout);
        let dropped_on = person.start.plus(draws.whole(14, 7 * weeks - 14));
        let (outcome, end) = if drops_out && dropped_on <= options.cut_off {
            (ProgramOutcome::DroppedOut, dropped_on)
        } else if planned_end > options.cut_off {
            (ProgramOutcome::Ongoing, options.cut_off)
        } else {
            (ProgramOutcome::Completed, planned_end)
        };
        let (mut sessions, mut painful_days) = (Vec::new(), Vec::new());
        let (mut planned, mut done) = (0.0, 0.0);
        let own = 1.6 + 0.5 * person.visible_trait + 0.6 * draws.normal();
        for week in 0..weeks {
            // Adherence falls a little every week.
            let adherence = 1.0 / (1.0 + (-(own - 0.07 * f64::from(week))).exp());
            let share = f64::from(week) / f64::from(weeks);
            let phase = phase(share, care);
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
                let painful = care_draws.happens(PAINFUL_SESSIONS) && status != SessionStatus::Missed;
                if painful && options.claim_effects {
                    painful_days.push(day);
                }
                if logged {
                    sessions.push(Session { day, phase, status, setting, painful });
                }
            }
        }
        let adherence = if planned > 0.0 { done / planned } else { 0.0 };
        let acting = if options.claim_effects { adherence } else { USUAL_ADHERENCE };
        let relief = (0.006 + 0.026 * options.program_effect * acting) * (0.25 * draws.normal()).exp() * care.relief(person, options);
        let fades_from = care.fades_from.map(|week| person.start.plus(7 * week));
        Self { planned_end, outcome, end, per_week, sessions, relief, adherence, painful: painful_days, fades_from }
    }

    /// Mean pain on a day of the program.
    pub(super) fn pain(&self, person: &Person, day: Day) -> f64 {
        let days = f64::from(day.days_since(person.start).max(0));
        let falling = person.lasting_pain + (person.baseline_pain - person.lasting_pain) * (-self.relief * days).exp();
        let sore = self.painful.iter().any(|painful| (1..=3).contains(&day.days_since(*painful)));
        let lost = self.fades_from.map_or(0.0, |from| 1.0 - (-f64::from(day.days_since(from).max(0)) / 14.0).exp());
        falling + if sore { AFTER_PAINFUL } else { 0.0 } + 0.45 * person.baseline_pain * lost
    }
}

/// The phase of a week: flexibility, strengthening, functional training, proprioception, unless the program was another one.
fn phase(share: f64, care: &Care) -> Phase {
    let usual = PHASES.iter().find(|(_, to)| share < *to).map_or(Phase::Proprioception, |(phase, _)| *phase);
    match usual {
        Phase::Flexibility | Phase::Strengthening if care.strengthening_first => {
            if share < 0.35 {
                Phase::Strengthening
            } else {
                Phase::Flexibility
            }
        }
        Phase::Proprioception if care.skips_proprioception => Phase::Functional,
        usual => usual,
    }
}
