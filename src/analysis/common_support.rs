//! Whether two groups can be compared at equal covariates at all.

use serde::Serialize;

use crate::stats::causal::{WeightKind, propensity_weights};
use crate::stats::{Covariates, StatsError};

/// How many of each group have a probability of exposure that the other group reaches too.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CommonSupport {
    /// Not exposed, then exposed, with a probability from the greater of the two least to the lesser of the two greatest ones.
    pub within: [usize; 2],
    /// A covariate that alone tells the groups apart; nobody is within then.
    pub told_apart_by: Option<String>,
}

impl CommonSupport {
    /// By a logistic model of the exposure (two values, the greater being exposed) in the covariates.
    ///
    /// `None` without covariates or with one group, and where the model cannot be fitted for another reason than that a covariate
    /// tells the groups apart.
    ///
    /// # References
    /// Petersen, Porter, Gruber, Wang & van der Laan (2012), *Stat Methods Med Res* 21:31–54 (positivity).
    pub(super) fn of(names: &[String], columns: &[Vec<f64>], exposure: &[f64], level: f64) -> Option<Self> {
        let exposed = two_groups(exposure)?;
        if names.is_empty() {
            return None;
        }
        if let Some(term) = told_apart_by(names, columns, exposure) {
            return Some(Self { within: [0, 0], told_apart_by: Some(term) });
        }
        let covariates = Covariates::new(names.to_vec(), columns.to_vec()).ok()?;
        match propensity_weights(&exposed, &covariates, WeightKind::StabilizedAverage, None, level) {
            Ok(found) => {
                let (low, high) = support(&exposed, &found.propensity);
                let count = |group: bool| {
                    let own = exposed.iter().zip(&found.propensity).filter(|(exposed, _)| **exposed == group);
                    own.filter(|(_, probability)| (low..=high).contains(*probability)).count()
                };
                Some(Self { within: [count(false), count(true)], told_apart_by: None })
            }
            Err(StatsError::Separation { term }) => Some(Self { within: [0, 0], told_apart_by: Some(term) }),
            Err(_) => None,
        }
    }
}

/// The probabilities that both groups reach; empty where the first is above the second.
pub(super) fn support(exposed: &[bool], propensity: &[f64]) -> (f64, f64) {
    let range = |group: bool| {
        let own = exposed.iter().zip(propensity).filter(|(exposed, _)| **exposed == group).map(|(_, &probability)| probability);
        limits(own)
    };
    let (one, other) = (range(true), range(false));
    (one.0.max(other.0), one.1.min(other.1))
}

/// The first covariate of which no value of one group lies among those of the other: nobody can then be compared with anybody at equal
/// values. `None` for an exposure of more than two values.
pub(super) fn told_apart_by(names: &[String], columns: &[Vec<f64>], exposure: &[f64]) -> Option<String> {
    let exposed = two_groups(exposure)?;
    let apart = |column: &&Vec<f64>| {
        let range =
            |group: bool| limits(exposed.iter().zip(column.iter()).filter(|(exposed, _)| **exposed == group).map(|(_, &value)| value));
        let (one, other) = (range(true), range(false));
        one.1 < other.0 || other.1 < one.0
    };
    names.iter().zip(columns).find(|(_, column)| apart(column)).map(|(name, _)| name.clone())
}

fn limits(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// Whether each has the greater of an exposure's two values; `None` where it has not exactly two.
fn two_groups(exposure: &[f64]) -> Option<Vec<bool>> {
    let (low, high) = limits(exposure.iter().copied());
    let is = |value: f64, limit: f64| (value - limit).abs() < f64::EPSILON;
    (low < high && exposure.iter().all(|&value| is(value, low) || is(value, high)))
        .then(|| exposure.iter().map(|&value| is(value, high)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        vec!["age".to_owned()]
    }

    #[test]
    fn a_covariate_whose_values_do_not_mix_tells_the_groups_apart() {
        let exposure = [0.0, 0.0, 1.0, 1.0];
        assert_eq!(told_apart_by(&names(), &[vec![20.0, 30.0, 31.0, 40.0]], &exposure).as_deref(), Some("age"));
        assert_eq!(told_apart_by(&names(), &[vec![20.0, 31.0, 30.0, 40.0]], &exposure), None);
        // Doses are no groups.
        assert_eq!(told_apart_by(&names(), &[vec![20.0, 30.0, 31.0, 40.0]], &[0.0, 0.5, 1.0, 1.0]), None);
    }

    #[test]
    fn those_within_are_they_whose_probability_both_groups_reach() {
        // The probability rises with age: ages 3 to 6 are reached by both groups, by four of each.
        let age: Vec<f64> = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        let exposure: Vec<f64> = (0..12).map(|row| f64::from(row >= 6)).collect();
        let found = CommonSupport::of(&names(), &[age], &exposure, 0.95).unwrap();
        assert_eq!(found, CommonSupport { within: [4, 4], told_apart_by: None });
    }
}
