//! After completion: maintenance that starts or not and stops one day, recurrences, and the end of logging.

use crate::domain::{Day, EventKind, Phase, SessionStatus};

use super::care::Care;
use super::options::{SimulationOptions, Uptake};
use super::person::{Draws, Person};
use super::program::{Program, Session};

/// A painful episode after completion.
#[derive(Clone, Copy, Debug)]
pub(super) struct Episode {
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) severity: f64,
    /// First day of the twinges that announce it.
    pub(super) twinges_from: Option<Day>,
}

/// What happens after completion.
#[derive(Clone, Debug)]
pub(super) struct Aftercare {
    /// Last day of maintenance by the patient's own plan; `None` if it never began.
    pub(super) maintained_to: Option<Day>,
    /// First day on which twinges stopped the exercise ahead of a recurrence.
    pub(super) stopped_on: Option<Day>,
    pub(super) episodes: Vec<Episode>,
    /// Last day anything is logged.
    pub(super) logged_to: Day,
    pub(super) sessions: Vec<Session>,
    pub(super) events: Vec<(Day, EventKind)>,
    /// A pause in maintenance that brings slight pain back.
    lapse: Option<(Day, Day)>,
    /// Surgery of a patient whose pain stayed.
    surgery: Option<Day>,
}

/// Slight pain of a lapse, in points, from two weeks into it to ten days after it.
const LAPSE_PAIN: f64 = 0.6;
/// Pain that stays from this level on leads some to surgery.
const SURGERY_FROM: f64 = 2.2;

/// Referrals a year of a patient of average trait.
const REFERRALS_A_YEAR: f64 = 0.35;
/// Daily hazard of recurrence without maintenance for a patient of average trait.
const HAZARD: f64 = 1.0 / 270.0;

impl Aftercare {
    /// Draws the time after completion, day by day.
    ///
    /// The hazard on a day is `HAZARD · exp(−confounding/2 · trait + 0.1 (previous episodes − 1.6))`, times the hazard ratio while
    /// the patient's own plan is to maintain. A recurrence that stops the exercise ahead of it (reverse causation) leaves the plan,
    /// and so the hazard, as it was: only the sessions are missing. So does a lapse.
    pub(super) fn draw(
        draws: &mut Draws,
        care_draws: &mut Draws,
        person: &Person,
        care: &Care,
        program: &Program,
        options: &SimulationOptions,
    ) -> Self {
        let from = program.end.plus(1);
        let last = options.cut_off.min(program.end.plus(730));
        let maintained_to = plan(draws, person, from, last, options);
        let per_week = draws.between(1.5, 3.4);
        let stops_logging =
            (options.dropout_per_year > 0.0).then(|| draws.exponential(365.25 / options.dropout_per_year).min(20_000.0) as i32 + 10);
        let trait_part = (-0.5 * options.confounding * person.health_trait + 0.1 * (f64::from(person.previous_episodes) - 1.6)).exp();

        // A referral for another complaint: the trait lowers its rate as that of a recurrence, the exercise does not.
        let referral_rate = REFERRALS_A_YEAR * (-0.5 * options.confounding * person.health_trait).exp();
        let referral = from.plus(care_draws.exponential(365.25 / referral_rate).min(20_000.0) as i32);

        let mut episodes: Vec<Episode> = Vec::new();
        let mut exercise_stops: Vec<(Day, Day)> = Vec::new();
        let mut events = Vec::new();
        let mut day = from;
        while day <= last {
            let on = maintained_to.is_some_and(|to| day <= to);
            let hazard = HAZARD * trait_part * if on { options.maintenance_hazard_ratio } else { 1.0 };
            if draws.happens(1.0 - (-hazard).exp()) {
                let to = day.plus(4 + draws.exponential(18.0).min(80.0) as i32);
                let severity = draws.between(3.2, 6.8);
                // Twinges begin a few days before they stop the exercise.
                let (ahead, stop) = (draws.whole(1, 10), day.plus(-care_draws.whole(10, 45)));
                let announced = draws.happens(options.reverse_causation);
                if announced {
                    exercise_stops.push((stop, to.plus(60)));
                }
                episodes.push(Episode { from: day, to, severity, twinges_from: announced.then(|| stop.plus(-ahead).max(from)) });
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
        let stopping_rate = |day| {
            let off = maintained_to.is_none_or(|to| day > to);
            let in_pain = episodes.iter().any(|episode| episode.from.plus(-FELT_AHEAD) <= day && day <= episode.to);
            let odds = f64::from(off) - 0.5 * person.health_trait + if in_pain { 1.5 } else { 0.0 };
            (options.informative_dropout * odds).exp()
        };
        let mut logged_to = stops_logging.map_or(last, |days| last.min(stops_on(from, last, days, stopping_rate)));
        if draws.happens(0.04) {
            events.push((from.plus(draws.whole(10, 300)), EventKind::Imaging));
        }
        if logged_to < last && draws.happens(0.35) {
            events.push((logged_to, EventKind::Withdrawn));
        }
        if let Some((surgery, _)) = events.iter().find(|(_, kind)| *kind == EventKind::Surgery) {
            logged_to = logged_to.min(surgery.plus(30));
        }
        let surgery = Some(from.plus(care.surgery_after)).filter(|day| person.lasting_pain >= SURGERY_FROM && *day <= logged_to);
        if let Some(surgery) = surgery {
            events.push((surgery, EventKind::Surgery));
        }
        events.push((referral, EventKind::Referral));
        events.retain(|(day, _)| *day <= logged_to);
        events.sort_by_key(|(day, kind)| (*day, *kind));
        let lapse = care.lapse.map(|(after, days)| (from.plus(after), from.plus(after + days)));
        let lapse = lapse.filter(|(_, again)| maintained_to.is_some_and(|to| again.plus(28) <= to));
        // Twinges stop no exercise of those who are not doing any.
        let stopped_on =
            exercise_stops.iter().map(|(stop, _)| *stop).find(|stop| *stop >= from && maintained_to.is_some_and(|to| *stop <= to));
        exercise_stops.extend(lapse);
        let sessions = maintained_to.map(|to| maintenance(draws, from, to.min(logged_to), per_week, &exercise_stops)).unwrap_or_default();
        let lapse = lapse.filter(|_| options.claim_effects);
        Self { maintained_to, stopped_on, episodes, logged_to, sessions, events, lapse, surgery }
    }

    /// Mean pain on a day after completion; the rest left over from the program fades on.
    pub(super) fn pain(&self, person: &Person, program: &Program, day: Day) -> f64 {
        let recovered = self.surgery.map_or(0, |surgery| day.days_since(surgery).max(0));
        let mut rest = program.pain(person, day) * (-0.02 * f64::from(recovered)).exp();
        let stiff = self.lapse.is_some_and(|(from, again)| from.plus(14) <= day && day <= again.plus(10));
        if stiff && rest < CALM {
            rest = (rest + LAPSE_PAIN).min(CALM - 0.01);
        }
        self.episodes.iter().filter(|episode| episode.from <= day && day <= episode.to).map(|episode| episode.severity).fold(rest, f64::max)
    }

    /// How far the twinges that announce a recurrence have come on a day, from 0 to 1.
    pub(super) fn twinges(&self, day: Day) -> Option<f64> {
        self.episodes.iter().find_map(|episode| {
            let from = episode.twinges_from.filter(|from| *from <= day && day < episode.from)?;
            Some(f64::from(day.days_since(from) + 1) / f64::from(episode.from.days_since(from)))
        })
    }

    /// Whether the patient's own plan is to maintain on a day.
    pub(super) fn maintains(&self, day: Day) -> bool {
        self.maintained_to.is_some_and(|to| day <= to)
    }
}

/// Below this mean a diary holds zeros and ones.
pub(super) const CALM: f64 = 0.9;
/// Days before a recurrence from which the patient feels it come.
const FELT_AHEAD: i32 = 14;

/// Last day of maintenance by the patient's plan.
fn plan(draws: &mut Draws, person: &Person, from: Day, last: Day, options: &SimulationOptions) -> Option<Day> {
    let acting = if options.uptake == Uptake::ByTrait { options.confounding * person.health_trait } else { 0.0 };
    let begins = draws.happens(1.0 / (1.0 + (-0.55 - acting).exp()));
    let keeps = draws.happens(0.2);
    let lasts = draws.exponential(320.0 * (0.25 * acting).exp()).min(9_000.0) as i32 + 20;
    match options.uptake {
        Uptake::ByTrait | Uptake::Random => begins.then(|| if keeps { last.max(from) } else { from.plus(lasts) }),
        Uptake::Always => Some(last.max(from)),
        Uptake::Never => None,
    }
}

/// The day on which logging stops: the first by which the rates of the days, against the usual one, add up to the days drawn.
fn stops_on(from: Day, last: Day, days: i32, rate: impl Fn(Day) -> f64) -> Day {
    let (mut left, mut day) = (f64::from(days), from);
    while day <= last && left > 0.0 {
        left -= rate(day);
        day = day.plus(1);
    }
    if left > 0.0 { from.plus(days.max(last.days_since(from))) } else { day }
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
            let setting = if class { "class" } else { "home" };
            sessions.push(Session { day, phase: Phase::Maintenance, status, setting, painful: false });
        }
        position += draws.between(0.6, 1.4) * 7.0 / per_week;
    }
    sessions
}
