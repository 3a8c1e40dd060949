//! Who a patient is, and the random draws everything else is made of.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::domain::Day;

use super::options::SimulationOptions;

/// A patient's own stream of random numbers.
pub(super) struct Draws(ChaCha8Rng);

/// What a stream is for: what is drawn for one purpose does not move what is drawn for another.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// Person, program, time after it, scores.
    Course,
    /// How the patient was treated, twinges, lapses: what the further claims are about.
    Care,
    /// Cells that change nothing else.
    Columns,
}

impl Draws {
    pub(super) fn new(seed: u64, patient: usize, purpose: Purpose) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(patient as u64 | (purpose as u64) << 62);
        Self(rng)
    }

    /// Uniform between 0 and 1.
    pub(super) fn share(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    /// Whether something of this probability happens.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn whole(&mut self, low: i32, high: i32) -> i32 {
        (low + (f64::from(high - low + 1) * self.share()) as i32).min(high)
    }

    /// Standard normal (Box–Muller).
    pub(super) fn normal(&mut self) -> f64 {
        let (radius, angle) = (1.0 - self.share(), std::f64::consts::TAU * self.share());
        (-2.0 * radius.ln()).sqrt() * angle.cos()
    }

    /// Exponential with this mean.
    pub(super) fn exponential(&mut self, mean: f64) -> f64 {
        -(1.0 - self.share()).ln() * mean
    }
}

/// What a patient brings along.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    pub(super) start: Day,
    pub(super) age: i32,
    pub(super) female: bool,
    /// The healthy adherer's trait: standard normal, not logged.
    pub(super) health_trait: f64,
    /// What the logs show of it: standard normal, and equal to it where all of it is measured.
    pub(super) visible_trait: f64,
    /// Logged, and a part of the visible trait shows in it.
    pub(super) previous_episodes: i32,
    pub(super) baseline_pain: f64,
    /// Pain that stays whatever is done; 0 for most.
    pub(super) lasting_pain: f64,
}

impl Person {
    /// The trait is `√m · visible + √(1 − m) · hidden`, with `m` the share that is measured.
    pub(super) fn draw(draws: &mut Draws, care: &mut Draws, options: &SimulationOptions) -> Self {
        let start =
            options.first_start.plus(draws.whole(0, options.enrolment_days.min(options.cut_off.days_since(options.first_start) - 28)));
        let visible_trait = draws.normal();
        let measured = options.confounding_measured;
        let health_trait = measured.sqrt() * visible_trait + (1.0 - measured).sqrt() * care.normal();
        let episodes = (1.6 - 0.7 * visible_trait + 0.9 * draws.normal()).round().clamp(0.0, 8.0);
        Self {
            start,
            age: (46.0 + 12.0 * draws.normal()).round().clamp(18.0, 82.0) as i32,
            female: draws.happens(0.55),
            health_trait,
            visible_trait,
            previous_episodes: episodes as i32,
            baseline_pain: (6.1 + 1.2 * draws.normal()).clamp(3.5, 9.0),
            lasting_pain: if draws.happens(0.16) { draws.between(1.8, 4.5) } else { 0.0 },
        }
    }

    /// Days of exercise and walking as the clinic asks at the start, from 0 to 10: the visible trait.
    pub(super) fn activity_level(&self) -> f64 {
        ((5.0 + 1.5 * self.visible_trait) * 10.0).round().clamp(0.0, 100.0) / 10.0
    }
}
