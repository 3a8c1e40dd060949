//! In-program adherence of one patient, week by week.

use crate::domain::{Day, Phase};
use crate::ingest::Logs;
use crate::settings::{AdherenceRule, AdherenceSettings};

use super::adherence_measure::{AdherenceMeasure, DoseBand, DoseWeek};
use super::prescription::{n_weeks, week_of, weekly_prescription};
use super::program::{ProgramSource, ProgramWindow};
use super::row_doses::{exercises, minutes, minutes_done};
use super::sessions::SessionDays;

/// One week of one patient's program. Week 0 is the 7 days from program start; the last week may be shorter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdherenceWeek {
    /// Week since program start, from 0.
    pub week: u32,
    /// Days of it inside the program, 1–7.
    pub days: u32,
    /// Sessions prescribed: the weekly number times the share of the week inside the program.
    pub prescribed: f64,
    /// Sessions done (partial ones by their share).
    pub done: f64,
    /// Sessions, or parts of them, logged as not done.
    pub missed: f64,
    /// Sessions prescribed of which the log says nothing.
    pub unlogged: f64,
}

impl AdherenceWeek {
    /// `min(done, prescribed) / prescribed`; `None` if nothing was prescribed.
    #[must_use]
    pub fn capped(&self) -> Option<f64> {
        (self.prescribed > 0.0).then(|| (self.done / self.prescribed).min(1.0))
    }

    fn dose(&self) -> DoseWeek {
        DoseWeek { prescribed: self.prescribed, done: self.done, unlogged: self.unlogged }
    }
}

/// Whether a program was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Initiation {
    /// Days from program start to the first session done, wholly or in part; `None` if none was.
    pub days: Option<i32>,
    /// Whether that was within `initiation_days`. `None` where the start is itself the first session, or where the program has
    /// not been running for so long.
    pub within: Option<bool>,
}

/// Adherence in the weeks of one phase of care.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PhaseAdherence {
    /// The phase.
    pub phase: Phase,
    /// Sessions over the weeks in which most sessions logged are of this phase.
    pub sessions: AdherenceMeasure,
}

/// In-program adherence of one patient in every variant; each by the definition of [`AdherenceMeasure`].
///
/// # Definition
/// A week belongs to the phase of most of its logged sessions, at a tie to the one logged later; a week without any belongs to that of
/// the week before, those before the first to the first one's.
#[derive(Clone, Debug, PartialEq)]
pub struct PatientAdherence {
    /// Week by week.
    pub weeks: Vec<AdherenceWeek>,
    /// Sessions prescribed in all.
    pub prescribed: f64,
    /// Sessions done in all.
    pub done: f64,
    /// Sessions logged as not done.
    pub missed: f64,
    /// Sessions unlogged.
    pub unlogged: f64,
    /// Weeks in which nothing was prescribed: in none of the shares.
    pub undefined_weeks: usize,
    /// Mean of the capped weekly shares (unlogged counted as missed: the lower bound).
    pub weekly_capped: f64,
    /// The same with every unlogged session counted as done.
    pub upper_bound: f64,
    /// Done over prescribed, not capped.
    pub raw: f64,
    /// The same with every unlogged session counted as done.
    pub raw_upper: f64,
    /// Share of weeks with at least `adherent_week` of their prescription.
    pub adherent_weeks: f64,
    /// The same with every unlogged session counted as done.
    pub adherent_weeks_upper: f64,
    /// Share of weeks with more than their prescription.
    pub weeks_over: f64,
    /// How much was done of what was prescribed, more than all of it too.
    pub band: DoseBand,
    /// Adherence in exercises, where the log has them.
    pub exercises: Option<AdherenceMeasure>,
    /// Adherence in minutes, where the log has them and minutes were prescribed.
    pub in_minutes: Option<AdherenceMeasure>,
    /// Minutes logged in the program's sessions that were done, where the log has minutes.
    pub minutes: Option<f64>,
    /// By phase of care, in the order of the phases.
    pub phases: Vec<PhaseAdherence>,
    /// Whether the program was begun.
    pub initiation: Initiation,
    /// Days from program start to the first gap between sessions longer than `permissible_gap`; the whole program if none.
    pub persistence_days: i32,
    /// Whether there was no such gap.
    pub persistent: bool,
    /// The variant the settings call adherence.
    pub value: f64,
    /// The same with every unlogged session counted as done.
    pub value_upper: f64,
}

/// What one walk over the sessions of a program finds.
struct Walked {
    weeks: Vec<AdherenceWeek>,
    phases: Vec<Option<Phase>>,
    first_done: Option<Day>,
    persistence_days: Option<i32>,
}

impl PatientAdherence {
    /// Adherence over the program's window, or `None` if nothing was prescribed.
    pub(super) fn of(
        logs: &Logs,
        patient: usize,
        program: &ProgramWindow,
        sessions: &SessionDays,
        settings: &AdherenceSettings,
    ) -> Option<Self> {
        let rates = weekly_prescription(logs, patient, program, settings)?;
        let Walked { weeks, phases, first_done, persistence_days } = walk(program, sessions, &rates, settings);
        let measure = AdherenceMeasure::of(weeks.iter().map(AdherenceWeek::dose), settings.adherent_week)?;
        let sum = |part: fn(&AdherenceWeek) -> f64| weeks.iter().map(part).sum::<f64>();
        let (value, value_upper) = match settings.rule {
            AdherenceRule::WeeklyCapped => (measure.weekly_capped, measure.weekly_capped_upper),
            AdherenceRule::Raw => (measure.raw, measure.raw_upper),
            AdherenceRule::RawCapped => (measure.raw.min(1.0), measure.raw_upper.min(1.0)),
            AdherenceRule::AdherentWeeks => (measure.adherent_weeks, measure.adherent_weeks_upper),
        };
        Some(Self {
            prescribed: sum(|week| week.prescribed),
            done: sum(|week| week.done),
            missed: sum(|week| week.missed),
            unlogged: sum(|week| week.unlogged),
            undefined_weeks: weeks.len() - measure.weeks,
            weekly_capped: measure.weekly_capped,
            upper_bound: measure.weekly_capped_upper,
            raw: measure.raw,
            raw_upper: measure.raw_upper,
            adherent_weeks: measure.adherent_weeks,
            adherent_weeks_upper: measure.adherent_weeks_upper,
            weeks_over: measure.weeks_over,
            band: DoseBand::of(measure.raw),
            exercises: exercises(logs, patient, program, &weeks, settings),
            in_minutes: minutes(logs, patient, program, &weeks, settings),
            minutes: minutes_done(logs, patient, program, settings),
            phases: by_phase(&weeks, &phases, settings),
            initiation: initiation(program, first_done, settings),
            persistence_days: persistence_days.unwrap_or_else(|| program.end.days_since(program.start)),
            persistent: persistence_days.is_none(),
            value,
            value_upper,
            weeks,
        })
    }
}

fn walk(program: &ProgramWindow, sessions: &SessionDays, rates: &[f64], settings: &AdherenceSettings) -> Walked {
    let days = program.end.days_since(program.start) + 1;
    let mut weeks: Vec<AdherenceWeek> = (0..n_weeks(program))
        .zip(rates)
        .map(|(week, rate)| {
            let days_in = (days - 7 * week as i32).min(7);
            AdherenceWeek {
                week: week as u32,
                days: days_in.unsigned_abs(),
                prescribed: rate * f64::from(days_in) / 7.0,
                done: 0.0,
                missed: 0.0,
                unlogged: 0.0,
            }
        })
        .collect();
    let mut phases = vec![None; weeks.len()];
    let mut votes = PhaseVotes::default();
    let (mut first_done, mut last_done, mut persistence_days) = (None, program.start, None);
    for index in sessions.between(program.start, program.end) {
        if sessions.phase[index].is_some_and(|phase| !phase.in_program()) {
            continue;
        }
        let day = Day(sessions.day[index]);
        let share = f64::from(sessions.done[index]);
        if share > 0.0 {
            if persistence_days.is_none() && day.days_since(last_done) > settings.permissible_gap {
                persistence_days = Some(last_done.days_since(program.start));
            }
            first_done = first_done.or(Some(day));
            last_done = day;
        }
        let at = week_of(program, day);
        let Some(week) = weeks.get_mut(at) else { continue };
        week.done += share;
        week.missed += 1.0 - share;
        if let Some(phase) = sessions.phase[index] {
            phases[at] = Some(votes.add(at, phase));
        }
    }
    if persistence_days.is_none() && program.end.days_since(last_done) > settings.permissible_gap {
        persistence_days = Some(last_done.days_since(program.start));
    }
    for week in &mut weeks {
        week.unlogged = (week.prescribed - week.done - week.missed).max(0.0);
    }
    Walked { weeks, phases, first_done, persistence_days }
}

/// Sessions of each phase in the week at hand.
#[derive(Default)]
struct PhaseVotes {
    week: usize,
    counts: [(u32, u32); 8],
    cast: u32,
}

impl PhaseVotes {
    /// Counts a session and gives the phase of most sessions of its week so far, of equals the one logged later.
    fn add(&mut self, week: usize, phase: Phase) -> Phase {
        if week != self.week {
            *self = Self { week, ..Self::default() };
        }
        self.cast += 1;
        if let Some((count, last)) = self.counts.get_mut(phase as usize) {
            *count += 1;
            *last = self.cast;
        }
        let most = Phase::ALL.iter().copied().max_by_key(|&phase| self.counts.get(phase as usize).copied().unwrap_or_default());
        most.unwrap_or(phase)
    }
}

fn by_phase(weeks: &[AdherenceWeek], phases: &[Option<Phase>], settings: &AdherenceSettings) -> Vec<PhaseAdherence> {
    let Some(mut phase) = phases.iter().copied().flatten().next() else { return Vec::new() };
    let of_week: Vec<Phase> = phases
        .iter()
        .map(|found| {
            phase = found.unwrap_or(phase);
            phase
        })
        .collect();
    Phase::ALL
        .iter()
        .filter_map(|&phase| {
            let own = weeks.iter().zip(&of_week).filter(|(_, of_week)| **of_week == phase).map(|(week, _)| week.dose());
            Some(PhaseAdherence { phase, sessions: AdherenceMeasure::of(own, settings.adherent_week)? })
        })
        .collect()
}

fn initiation(program: &ProgramWindow, first_done: Option<Day>, settings: &AdherenceSettings) -> Initiation {
    let days = first_done.map(|day| day.days_since(program.start));
    let seen_enough = program.end.days_since(program.start) >= settings.initiation_days;
    let within = match (program.source, days) {
        (ProgramSource::Derived, _) => None,
        (ProgramSource::Recorded, Some(days)) => Some(days <= settings.initiation_days),
        (ProgramSource::Recorded, None) => seen_enough.then_some(false),
    };
    Initiation { days, within }
}
