//! A patient from first day to last, before anything is logged.

use crate::domain::{Day, ProgramOutcome};

use super::aftercare::Aftercare;
use super::care::Care;
use super::options::SimulationOptions;
use super::person::{Draws, Person, Purpose};
use super::program::Program;

/// One patient's course.
#[derive(Clone, Debug)]
pub(super) struct Patient {
    pub(super) person: Person,
    pub(super) care: Care,
    pub(super) program: Program,
    /// Nothing after a program that was not completed.
    pub(super) after: Option<Aftercare>,
}

impl Patient {
    /// Draws patient `number` (from 1), and gives the stream that scores are drawn from next.
    pub(super) fn draw(number: usize, options: &SimulationOptions) -> (Self, Draws) {
        let mut draws = Draws::new(options.seed, number, Purpose::Course);
        let mut further = Draws::new(options.seed, number, Purpose::Care);
        let person = Person::draw(&mut draws, &mut further, options);
        let care = Care::draw(&mut further, &person, options);
        let program = Program::draw(&mut draws, &mut further, &person, &care, options);
        let after = (program.outcome == ProgramOutcome::Completed)
            .then(|| Aftercare::draw(&mut draws, &mut further, &person, &care, &program, options));
        (Self { person, care, program, after }, draws)
    }

    /// Mean pain on a day.
    pub(super) fn pain(&self, day: Day) -> f64 {
        match &self.after {
            Some(after) if day > self.program.end => after.pain(&self.person, &self.program, day),
            _ => self.program.pain(&self.person, day),
        }
    }

    /// How far twinges ahead of a recurrence have come on a day, from 0 to 1.
    pub(super) fn twinges(&self, day: Day) -> Option<f64> {
        self.after.as_ref().and_then(|after| after.twinges(day))
    }

    /// The day of completion.
    pub(super) fn completed(&self) -> Option<Day> {
        (self.program.outcome == ProgramOutcome::Completed).then_some(self.program.end)
    }

    /// Last day anything is logged.
    pub(super) fn logged_to(&self) -> Day {
        self.after.as_ref().map_or(self.program.end, |after| after.logged_to)
    }

    /// Whether the pain has travelled down the leg by a day.
    pub(super) fn travelled_by(&self, day: Day) -> bool {
        let planned = f64::from(self.program.planned_end.days_since(self.person.start));
        self.care.peripheralizes.is_some_and(|share| f64::from(day.days_since(self.person.start)) >= share * planned)
    }

    /// Whether pain on a day is there from morning to morning: not on the first day of a recurrence, and not as a twinge.
    pub(super) fn lasting_pain(&self, day: Day) -> bool {
        let begins = |after: &Aftercare| after.episodes.iter().any(|episode| episode.from == day);
        self.pain(day) >= 3.0 && !self.after.as_ref().is_some_and(begins)
    }

    /// Whether the patient's own plan is to maintain on a day.
    pub(super) fn maintains(&self, day: Day) -> bool {
        self.after.as_ref().is_some_and(|after| after.maintains(day))
    }
}
