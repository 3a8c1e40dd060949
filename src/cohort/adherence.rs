//! In-program adherence of one patient, week by week.

use crate::domain::Day;
use crate::settings::{AdherenceRule, AdherenceSettings};

use super::program::ProgramWindow;
use super::sessions::SessionDays;

/// One week of one patient's program. Week 0 is the 7 days from program start; the last week may be shorter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdherenceWeek {
    /// Week since program start, from 0.
    pub week: u32,
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
    /// `min(done, prescribed) / prescribed`.
    #[must_use]
    pub fn capped(&self) -> f64 {
        (self.done / self.prescribed).min(1.0)
    }
}

/// In-program adherence of one patient in every variant.
///
/// # Definition
/// ```text
/// weekly capped = mean over weeks of min(done_w, prescribed_w) / prescribed_w
/// raw           = Σ done_w / Σ prescribed_w
/// upper bound   = weekly capped if every unlogged session had been done
/// ```
/// The lower bound (every unlogged session missed) is the weekly capped value itself. Exercise is not banked: a week's
/// surplus does not carry over.
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
    /// Mean of the capped weekly shares (unlogged counted as missed: the lower bound).
    pub weekly_capped: f64,
    /// The same with every unlogged session counted as done.
    pub upper_bound: f64,
    /// Done over prescribed, not capped.
    pub raw: f64,
    /// Share of weeks with at least `adherent_week` of their prescription.
    pub adherent_weeks: f64,
    /// Minutes logged in the program, where the log has minutes.
    pub minutes: Option<f64>,
    /// Days from program start to the first gap between sessions longer than `permissible_gap`; the whole program if none.
    pub persistence_days: i32,
    /// The variant the settings call adherence.
    pub value: f64,
}

impl PatientAdherence {
    /// Adherence over the program's window, or `None` if nothing was prescribed.
    pub(super) fn of(
        program: &ProgramWindow,
        sessions: &SessionDays,
        prescribed_per_week: Option<f64>,
        minutes: Option<f64>,
        settings: &AdherenceSettings,
    ) -> Option<Self> {
        let per_week = prescribed_per_week.filter(|&rate| rate > 0.0)?;
        let days = program.end.days_since(program.start) + 1;
        let n_weeks = usize::try_from((days + 6) / 7).ok()?;
        let mut weeks: Vec<AdherenceWeek> = (0..n_weeks)
            .map(|week| {
                let days_in = (days - 7 * week as i32).min(7);
                AdherenceWeek { week: week as u32, prescribed: per_week * f64::from(days_in) / 7.0, done: 0.0, missed: 0.0, unlogged: 0.0 }
            })
            .collect();
        let mut last_done = program.start;
        let mut persistence_days = None;
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
                last_done = day;
            }
            let week = &mut weeks[(day.days_since(program.start) / 7) as usize];
            week.done += share;
            week.missed += 1.0 - share;
        }
        if persistence_days.is_none() && program.end.days_since(last_done) > settings.permissible_gap {
            persistence_days = Some(last_done.days_since(program.start));
        }
        for week in &mut weeks {
            week.unlogged = (week.prescribed - week.done - week.missed).max(0.0);
        }
        let sum = |part: fn(&AdherenceWeek) -> f64| weeks.iter().map(part).sum::<f64>();
        let mean = |part: &dyn Fn(&AdherenceWeek) -> f64| weeks.iter().map(part).sum::<f64>() / n_weeks as f64;
        let (prescribed, done) = (sum(|week| week.prescribed), sum(|week| week.done));
        let (missed, unlogged) = (sum(|week| week.missed), sum(|week| week.unlogged));
        let weekly_capped = mean(&AdherenceWeek::capped);
        let upper_bound = mean(&|week| ((week.done + week.unlogged) / week.prescribed).min(1.0));
        let raw = done / prescribed;
        // A hair of slack, so that 4 of 5 sessions is 80 % whatever the last bit says.
        let adherent_weeks = mean(&|week| f64::from(week.done / week.prescribed >= settings.adherent_week - 1e-9));
        let value = match settings.rule {
            AdherenceRule::WeeklyCapped => weekly_capped,
            AdherenceRule::Raw => raw,
            AdherenceRule::RawCapped => raw.min(1.0),
            AdherenceRule::AdherentWeeks => adherent_weeks,
        };
        Some(Self {
            prescribed,
            done,
            missed,
            unlogged,
            weekly_capped,
            upper_bound,
            raw,
            adherent_weeks,
            minutes,
            persistence_days: persistence_days.unwrap_or(days - 1),
            value,
            weeks,
        })
    }
}
