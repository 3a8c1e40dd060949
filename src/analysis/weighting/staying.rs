//! Weights for staying: who leaves in an interval, by pooled logistic regression.

use crate::analysis::time_varying::DAYS_OF_A_YEAR;
use crate::stats::StatsError;
use crate::stats::regression::{Covariance, Family, Observations, generalized_linear_model};
use crate::stats::survival::Covariates;

/// A part of somebody's follow-up: one interval, or what of it the person was followed. Parts of one person follow each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stretch {
    /// Place of the person among those compared.
    pub person: usize,
    /// Days since time zero up to and without its first.
    pub from: i32,
    /// Its last day.
    pub to: i32,
    /// Days of the whole interval.
    pub width: i32,
    /// Whether the person left in it (was lost, or changed the exercise).
    pub left: bool,
    /// Whether it ends in a recurrence.
    pub recurred: bool,
}

/// The days `0..days` in intervals of `width`, with a new one beginning at `at` as well.
pub(super) fn intervals(days: i32, width: i32, at: i32) -> impl Iterator<Item = (i32, i32)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        if from >= days {
            return None;
        }
        let to = if from < at { from.saturating_add(width).min(at) } else { from.saturating_add(width) };
        let found = (from, to);
        from = to;
        Some(found)
    })
}

/// Named columns, a value per stretch.
pub(super) type Columns = Vec<(String, Vec<f64>)>;

/// Probabilities of staying through each stretch.
pub(super) struct Staying {
    /// (P numerator / P denominator) of each stretch.
    pub ratios: Vec<f64>,
    /// Terms of the denominator that were used.
    pub terms: Vec<String>,
    /// Terms that could not be used, or not as they are, each with the reason.
    pub dropped: Vec<String>,
}

/// Fewer leavings than this model nothing.
pub(super) const FEWEST_LEFT: usize = 10;

/// Stabilized probabilities of staying.
///
/// # Formula
/// ```text
/// logit P(left in interval k | in by its start) = β₀ + β₁ t + β₂ t² + β x + ln(width/usual width),  t its first day in years
/// ratio = (1 − P with the numerator's terms) / (1 − P with the numerator's and the denominator's)
/// ```
///
/// # Edge cases
/// Terms that never vary or repeat others are left out. Where a term tells those who left from those who stayed, likelihood has no
/// maximum; the data are then joined by as many observations as the model has coefficients, spread evenly over the rows, of which the
/// share of all who left, left (Clogg et al. 1991).
///
/// # Errors
/// As [`generalized_linear_model`].
///
/// # References
/// Robins & Finkelstein (2000), *Biometrics* 56:779–788. Clogg et al. (1991), *J Am Stat Assoc* 86:68–78.
pub(super) fn staying(stretches: &[Stretch], usual_width: i32, numerator: Columns, denominator: Columns) -> Result<Staying, StatsError> {
    let left: Vec<f64> = stretches.iter().map(|stretch| f64::from(stretch.left)).collect();
    let offset: Vec<f64> = stretches.iter().map(|stretch| (f64::from(stretch.width) / f64::from(usual_width)).ln()).collect();
    let year = |stretch: &Stretch| f64::from(stretch.from) / DAYS_OF_A_YEAR;
    let mut terms: Columns = vec![
        ("time".to_owned(), stretches.iter().map(year).collect()),
        ("time, squared".to_owned(), stretches.iter().map(|stretch| year(stretch).powi(2)).collect()),
    ];
    terms.extend(numerator);
    let above = fit(&left, &offset, terms.clone())?.probabilities;
    terms.extend(denominator);
    let Fitted { probabilities: below, terms, dropped } = fit(&left, &offset, terms)?;
    let ratios = above.iter().zip(&below).map(|(above, below)| (1.0 - above) / (1.0 - below).max(1e-9)).collect();
    Ok(Staying { ratios, terms, dropped })
}

/// A fitted model of leaving.
struct Fitted {
    probabilities: Vec<f64>,
    terms: Vec<String>,
    dropped: Vec<String>,
}

fn fit(left: &[f64], offset: &[f64], terms: Columns) -> Result<Fitted, StatsError> {
    let mut dropped = Vec::new();
    let mut terms: Columns = terms
        .into_iter()
        .filter(|(name, column)| {
            let varies = column.iter().any(|value| (value - column[0]).abs() > f64::EPSILON);
            if !varies {
                dropped.push(format!("{name}: always the same"));
            }
            varies
        })
        .collect();
    let n = left.len() as f64;
    let mean = left.iter().sum::<f64>() / n;
    let mut prior: Option<f64> = None;
    loop {
        let (names, columns): (Vec<String>, Vec<Vec<f64>>) = terms.iter().cloned().unzip();
        let covariates = if names.is_empty() { Covariates::none(left.len()) } else { Covariates::new(names.clone(), columns)? };
        let share = prior.unwrap_or(0.0);
        let outcome: Vec<f64> = left.iter().map(|left| (left + share * mean) / (1.0 + share)).collect();
        let weights = vec![1.0 + share; outcome.len()];
        let whole = if names.is_empty() { Observations::intercept_only(&outcome) } else { Observations::new(&outcome, &covariates) };
        let observations = whole.with_weights(&weights).with_offset(offset);
        match generalized_linear_model(&observations, Family::Binomial, Covariance::Classical, 0.95) {
            Ok(model) => return Ok(Fitted { probabilities: model.fitted, terms: names, dropped }),
            Err(StatsError::Separation { term }) if prior.is_none() => {
                prior = Some((terms.len() + 1) as f64 / n);
                dropped.push(format!(
                    "{term}: tells those who left from those who stayed, so the model is drawn a little towards the share of all who left"
                ));
            }
            Err(StatsError::Collinear { term } | StatsError::ConstantCovariate { term }) => {
                leave_out(&mut terms, &mut dropped, term, "repeats other terms")?;
            }
            Err(StatsError::Separation { term }) => {
                leave_out(&mut terms, &mut dropped, term, "still tells those who left from those who stayed")?;
            }
            Err(error) => return Err(error),
        }
    }
}

fn leave_out(terms: &mut Columns, dropped: &mut Vec<String>, term: String, why: &str) -> Result<(), StatsError> {
    let Some(place) = terms.iter().position(|(name, _)| *name == term) else {
        return Err(StatsError::Collinear { term });
    };
    terms.remove(place);
    dropped.push(format!("{term}: {why}"));
    Ok(())
}

/// The product of the ratios of a person's earlier stretches: a stretch is weighted by having stayed up to its start.
pub(super) fn cumulative(stretches: &[Stretch], ratios: &[f64]) -> Vec<f64> {
    let mut weights = Vec::with_capacity(stretches.len());
    let mut weight = 1.0;
    for (place, stretch) in stretches.iter().enumerate() {
        if place == 0 || stretches[place - 1].person != stretch.person {
            weight = 1.0;
        }
        weights.push(weight);
        weight *= ratios[place];
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_cover_the_days_and_begin_anew_at_the_day_asked_for() {
        assert_eq!(intervals(90, 28, 0).collect::<Vec<_>>(), [(0, 28), (28, 56), (56, 84), (84, 112)]);
        assert_eq!(intervals(90, 28, 40).collect::<Vec<_>>(), [(0, 28), (28, 40), (40, 68), (68, 96)]);
        assert_eq!(intervals(28, 28, 28).collect::<Vec<_>>(), [(0, 28)]);
    }

    #[test]
    fn a_stretch_is_weighted_by_what_came_before_it() {
        let stretch = |person, from| Stretch { person, from, to: from + 28, width: 28, left: false, recurred: false };
        let stretches = [stretch(0, 0), stretch(0, 28), stretch(0, 56), stretch(1, 0), stretch(1, 28)];
        let weights = cumulative(&stretches, &[1.5, 2.0, 9.0, 0.5, 3.0]);
        assert_eq!(weights, [1.0, 1.5, 3.0, 1.0, 0.5]);
    }

    #[test]
    fn the_ratios_of_a_saturated_model_are_those_of_the_shares_who_stay() {
        // 20 people in each stratum and one interval: 5 of stratum 0 leave in it and 10 of stratum 1. A saturated model gives the
        // shares themselves.
        let (mut stretches, mut stratum) = (Vec::new(), Vec::new());
        for person in 0..40 {
            let in_one = person >= 20;
            let leaves = if in_one { person < 30 } else { person < 5 };
            stretches.push(Stretch { person, from: 0, to: 28, width: 28, left: leaves, recurred: false });
            stratum.push(f64::from(in_one));
        }
        let found = staying(&stretches, 28, vec![], vec![("stratum".to_owned(), stratum)]).unwrap();
        // P(stay) = 25/40 for all, 15/20 in stratum 0, 10/20 in stratum 1.
        assert!((found.ratios[0] - 0.625 / 0.75).abs() < 1e-9 && (found.ratios[39] - 0.625 / 0.5).abs() < 1e-9);
        assert_eq!(found.terms, ["stratum"]);
    }
}
