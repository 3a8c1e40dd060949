//! How a patient was treated beyond the number of sessions: what the further claims are about, and what is true of it.

use super::options::SimulationOptions;
use super::person::{Draws, Person};

/// What a patient's treatment was like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Care {
    /// Technique against that of the average patient, in points of 1 to 5.
    pub(super) technique: f64,
    /// Share of sessions that are heat, cold, stimulation, traction or manual therapy; more where pain was worse at the start.
    pub(super) passive: f64,
    /// Some of the passive sessions are traction.
    pub(super) traction: bool,
    /// Share of active sessions in water.
    pub(super) aquatic: f64,
    /// The program began with strengthening.
    pub(super) strengthening_first: bool,
    /// The program had no balance and coordination.
    pub(super) skips_proprioception: bool,
    /// Share of stretches done by the rule.
    pub(super) stretches_by_rule: f64,
    /// Exercises in a stretching session.
    pub(super) stretches: i32,
    /// Share of the program after which the pain travels down the leg.
    pub(super) peripheralizes: Option<f64>,
    /// Week after which what was gained is lost again.
    pub(super) fades_from: Option<i32>,
    /// A pause in maintenance: days after completion, and how long.
    pub(super) lapse: Option<(i32, i32)>,
    /// Days from completion to surgery of a patient whose pain stayed.
    pub(super) surgery_after: i32,
    /// What is logged beside the diary.
    pub(super) asked: Asked,
}

/// What is logged of a patient beside the daily diary.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// A score at visits.
    pub(super) at_visits: bool,
    /// A score in the evening, for the first two weeks.
    pub(super) twice_a_day: bool,
    /// Questionnaires.
    pub(super) questionnaires: bool,
}

/// Share of sessions done that hurt.
pub(super) const PAINFUL_SESSIONS: f64 = 0.05;

impl Care {
    pub(super) fn draw(draws: &mut Draws, person: &Person, options: &SimulationOptions) -> Self {
        let technique = 0.45 * draws.normal();
        let mostly_passive = draws.happens(if person.baseline_pain > 6.5 { 0.24 } else { 0.08 });
        let passive = if mostly_passive { draws.between(0.6, 0.85) } else { draws.between(0.05, 0.3) };
        let traction = draws.happens(0.3);
        let aquatic = if draws.happens(0.2) { draws.between(0.25, 0.6) } else { 0.0 };
        let peripheralizes = (draws.happens(0.06), draws.between(0.15, 0.5));
        let fades = (draws.happens(0.07), draws.whole(5, 8));
        let lapse = (draws.happens(0.25), (draws.whole(20, 300), draws.whole(21, 40)));
        Self {
            technique,
            passive,
            traction,
            aquatic,
            strengthening_first: draws.happens(0.15),
            skips_proprioception: draws.happens(0.25),
            stretches_by_rule: draws.share(),
            stretches: draws.whole(1, 4),
            peripheralizes: peripheralizes.0.then_some(peripheralizes.1),
            fades_from: (fades.0 && options.claim_effects).then_some(fades.1),
            lapse: lapse.0.then_some(lapse.1),
            surgery_after: draws.exponential(450.0).min(9_000.0) as i32 + 30,
            asked: Asked { at_visits: draws.happens(0.3), twice_a_day: draws.happens(0.05), questionnaires: draws.happens(0.6) },
        }
    }

    /// What the rate of relief is multiplied with.
    ///
    /// A point of technique is worth 20 % of relief; passive sessions all through cost a third of it against none; water adds 12 % per
    /// ten years above 46 where 40 % of the sessions are in it; pain that travels down the leg halves it. Traction, the order of the
    /// phases, balance training and the rules of stretching do nothing.
    pub(super) fn relief(&self, person: &Person, options: &SimulationOptions) -> f64 {
        if !options.claim_effects {
            return 1.0;
        }
        let age = f64::from(person.age - 46) / 10.0;
        let outward = if self.peripheralizes.is_some() { 0.5 } else { 1.0 };
        outward * (0.2 * self.technique - 0.4 * (self.passive - 0.25) + 0.3 * self.aquatic * age).exp()
    }
}
