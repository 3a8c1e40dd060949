//! Everybody's follow-up in intervals, and the weights for not having been lost.

use serde::Serialize;

use super::super::comparison::MaintainedRow;
use super::super::computed::Computed;
use super::confounders::Confounders;
use super::distribution::{WeightDistribution, Weights};
use super::history::{KnownPain, PainHistory, is_lost};
use super::staying::{Columns, FEWEST_LEFT, Stretch, cumulative, intervals, staying};
use crate::cohort::Course;
use crate::domain::Day;
use crate::ingest::Logs;
use crate::settings::Settings;

/// The model of who was lost to follow-up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LossModel {
    /// Programs lost: silence or withdrawal. The cut-off and competing events are no loss.
    pub lost: usize,
    /// Programs censored otherwise: at the cut-off, or by a competing event.
    pub ended_otherwise: usize,
    /// Terms of the model; empty where there is none.
    pub terms: Vec<String>,
    /// Terms that could not be used, or not as they are, each with the reason.
    pub dropped: Vec<String>,
    /// The weights over the intervals of follow-up; or why all are 1.
    pub weights: Computed<WeightDistribution>,
}

/// A member of the comparison with all confounders.
pub(super) struct Person<'a> {
    pub row: MaintainedRow,
    pub course: &'a Course,
    pub time_zero: Day,
}

/// The follow-up of everybody compared, interval by interval.
pub(super) struct Followed {
    /// The stretches, person by person; `left` means lost.
    pub stretches: Vec<Stretch>,
    /// The first stretch of each person, and the number of all.
    pub first: Vec<usize>,
    /// Pain and logging of the 28 days before each stretch.
    pub recent: [Vec<f64>; 3],
    /// People lost.
    pub lost: usize,
    /// People whose follow-up ended otherwise than by a recurrence.
    pub ended_otherwise: usize,
}

impl Followed {
    /// Cuts everybody's follow-up into intervals, with a new one beginning at day `at` as well.
    pub fn of(logs: &Logs, people: &[Person<'_>], at: i32, settings: &Settings) -> Self {
        let mut all = Self { stretches: vec![], first: vec![0], recent: Default::default(), lost: 0, ended_otherwise: 0 };
        for (place, person) in people.iter().enumerate() {
            let lost = person.course.follow_up.is_ok_and(|follow_up| is_lost(&follow_up, logs.cut_off, settings));
            all.lost += usize::from(lost);
            all.ended_otherwise += usize::from(!lost && !person.row.recurred);
            let history = PainHistory::of(logs, person.course, settings);
            let days = person.row.days;
            for (from, to) in intervals(days, settings.weights.interval, at) {
                let known = history.as_ref().and_then(|history| history.recent(person.time_zero.plus(from)));
                let known = known.unwrap_or(KnownPain { mean: 0.0, painful: 0.0, logs_per_week: 0.0 });
                all.recent.iter_mut().zip(known.values()).for_each(|(column, value)| column.push(value));
                let ends = to >= days;
                let (left, recurred) = (ends && lost, ends && person.row.recurred);
                all.stretches.push(Stretch { person: place, from, to: to.min(days), width: to - from, left, recurred });
            }
            all.first.push(all.stretches.len());
        }
        all
    }

    /// A value of each person for each stretch.
    pub fn of_person(&self, value: &dyn Fn(usize) -> f64) -> Vec<f64> {
        self.stretches.iter().map(|stretch| value(stretch.person)).collect()
    }

    /// The confounders, and recent pain and logging, of some of the stretches.
    pub fn history(&self, confounders: &Confounders, places: &[usize]) -> Columns {
        let of_person =
            confounders.names.iter().zip(&confounders.columns).map(|(name, column)| {
                (name.clone(), places.iter().map(|&place| column[self.stretches[place].person]).collect::<Vec<f64>>())
            });
        let recent = KnownPain::names("in the last 28 days")
            .into_iter()
            .zip(&self.recent)
            .map(|(name, column)| (name, places.iter().map(|&place| column[place]).collect::<Vec<f64>>()));
        of_person.chain(recent).collect()
    }
}

/// Not having been lost.
pub(super) struct Loss {
    /// Stabilized probability ratio of staying through each stretch.
    pub ratios: Vec<f64>,
    /// Weight of each stretch for having stayed up to its start, truncated.
    pub weights: Weights,
    /// The model.
    pub model: LossModel,
}

impl Loss {
    /// Models who is lost. The group is part of the denominator, and of the numerator where the comparison is between such groups.
    ///
    /// # Errors
    /// In words, where there is nobody.
    pub fn of(
        followed: &Followed,
        confounders: &Confounders,
        (name, group): (&str, Vec<f64>),
        stabilized_by_group: bool,
        settings: &Settings,
    ) -> Result<Self, String> {
        let (lost, ended_otherwise) = (followed.lost, followed.ended_otherwise);
        let n = followed.stretches.len();
        let none = |reason: String| Self {
            ratios: vec![1.0; n],
            weights: Weights::ones(n),
            model: LossModel { lost, ended_otherwise, terms: vec![], dropped: vec![], weights: Computed::NotTestable(reason) },
        };
        if lost < FEWEST_LEFT {
            return Ok(none(format!("{lost} lost to follow-up are too few for a model of who is: all weights for staying are 1")));
        }
        let mut denominator = followed.history(confounders, &(0..n).collect::<Vec<_>>());
        let mut numerator = vec![];
        let of_group = if stabilized_by_group { &mut numerator } else { &mut denominator };
        of_group.push((name.to_owned(), group));
        let found = match staying(&followed.stretches, settings.weights.interval, numerator, denominator) {
            Err(error) => {
                return Ok(none(format!("the model of who was lost could not be fitted ({error}): all weights for staying are 1")));
            }
            Ok(found) => found,
        };
        let weights = cumulative(&followed.stretches, &found.ratios);
        let weights = Weights::truncated(weights, settings.weights.truncate).map_err(|error| error.to_string())?;
        let distribution = weights.distribution().into();
        let model = LossModel { lost, ended_otherwise, terms: found.terms, dropped: found.dropped, weights: distribution };
        Ok(Self { ratios: found.ratios, weights, model })
    }
}
