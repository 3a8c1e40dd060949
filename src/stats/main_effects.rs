//! How much each of several choices moves a number: an additive decomposition over a grid.

use serde::Serialize;

use super::error::{StatsError, check_finite};

/// What each factor adds, and its part in the spread.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MainEffects {
    /// Values.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Their sum of squares about it.
    pub total: f64,
    /// One for each factor.
    pub factors: Vec<FactorEffect>,
    /// Part of the sum of squares that all factors leave, added up: what they do only in combination.
    pub rest: f64,
}

/// What one factor adds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FactorEffect {
    /// Mean at each level, all other factors being as they are on average; `None` for a level without a value.
    pub means: Vec<Option<f64>>,
    /// Part of the total sum of squares that is lost without it.
    pub share: f64,
}

const MAX_SWEEPS: usize = 10_000;

/// Additive decomposition of the values over their factors' levels.
///
/// # Formula
/// ```text
/// least squares: y = μ + Σ_f a_f(level),  Σ over values of a_f = 0;   mean at a level = ȳ + a_f(level)
/// share_f = (RSS without f − RSS) / TSS,   rest = RSS / TSS
/// ```
///
/// # Conventions
/// `levels[f][i]` is the level of value i in factor f, counted from 0. Over a full grid, or any balanced one, a mean at a level is
/// the plain mean of its values, the shares are those of an analysis of variance, and they and the rest sum to 1. Where values are
/// missing, the means are adjusted for the imbalance (Yates' weighted squares) and the shares need not sum to 1.
///
/// # Edge cases
/// All values equal: shares 0, rest 0. A factor with one level has the share 0.
///
/// # Errors
/// [`StatsError::EmptySample`]; [`StatsError::LengthMismatch`]; [`StatsError::NotFinite`]; [`StatsError::NotConverged`] if the levels
/// hang together too loosely for the sweeps to settle.
///
/// # References
/// Yates (1934), JASA 29:51–66. Simonsohn, Simmons & Nelson (2020), Nat Hum Behav 4:1208–1214 (specification curves).
pub fn main_effects(values: &[f64], levels: &[Vec<usize>]) -> Result<MainEffects, StatsError> {
    if values.is_empty() {
        return Err(StatsError::EmptySample);
    }
    check_finite("values", values)?;
    if let Some(wrong) = levels.iter().find(|levels| levels.len() != values.len()) {
        return Err(StatsError::LengthMismatch { what: "levels".to_owned(), found: wrong.len(), expected: values.len() });
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let total: f64 = centred.iter().map(|value| value * value).sum();
    let all: Vec<&Vec<usize>> = levels.iter().collect();
    let Additive { effects, residual } = additive(&centred, &all)?;
    // A spread that is rounding only has no parts.
    let part = |sum: f64| if total > 1e-24 * (1.0 + mean * mean) * values.len() as f64 { sum / total } else { 0.0 };
    let mut factors = Vec::with_capacity(levels.len());
    for (left_out, effect) in effects.into_iter().enumerate() {
        let others: Vec<&Vec<usize>> =
            levels.iter().enumerate().filter(|(factor, _)| *factor != left_out).map(|(_, levels)| levels).collect();
        let without = additive(&centred, &others)?.residual;
        let means = effect.into_iter().map(|effect| effect.map(|effect| mean + effect)).collect();
        factors.push(FactorEffect { means, share: part((without - residual).max(0.0)) });
    }
    Ok(MainEffects { n: values.len(), mean, total, factors, rest: part(residual) })
}

/// An additive fit.
struct Additive {
    /// By factor and level; `None` for a level without a value.
    effects: Vec<Vec<Option<f64>>>,
    /// Residual sum of squares.
    residual: f64,
}

/// Least squares by sweeps over the factors.
fn additive(values: &[f64], factors: &[&Vec<usize>]) -> Result<Additive, StatsError> {
    let counts: Vec<Vec<f64>> = factors.iter().map(|levels| tally(levels, levels.iter().map(|_| 1.0))).collect();
    let mut effects: Vec<Vec<f64>> = counts.iter().map(|counts| vec![0.0; counts.len()]).collect();
    let mut residual = values.to_vec();
    let scale = values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    for _ in 0..MAX_SWEEPS {
        let mut moved = 0.0_f64;
        for (factor, levels) in factors.iter().enumerate() {
            let sums = tally(levels, residual.iter().copied());
            let steps: Vec<f64> = sums.iter().zip(&counts[factor]).map(|(sum, n)| if *n > 0.0 { sum / n } else { 0.0 }).collect();
            for (effect, step) in effects[factor].iter_mut().zip(&steps) {
                *effect += step;
                moved = moved.max(step.abs());
            }
            for (value, &level) in residual.iter_mut().zip(levels.iter()) {
                *value -= steps[level];
            }
        }
        if moved <= 1e-13 * scale {
            let effects = effects
                .into_iter()
                .zip(counts)
                .map(|(effects, counts)| effects.into_iter().zip(counts).map(|(effect, n)| (n > 0.0).then_some(effect)).collect())
                .collect();
            return Ok(Additive { effects, residual: residual.iter().map(|value| value * value).sum() });
        }
    }
    Err(StatsError::NotConverged { iterations: MAX_SWEEPS })
}

/// Sums of the values by level.
fn tally(levels: &[usize], values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sums = vec![0.0; levels.iter().max().map_or(0, |last| last + 1)];
    for (&level, value) in levels.iter().zip(values) {
        sums[level] += value;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} and {b}");
    }

    #[test]
    fn a_balanced_grid_is_an_analysis_of_variance() {
        // Two by two: 1, 3 / 2, 8. Means: 3.5; rows 2 and 5, columns 1.5 and 5.5. Squares: total 29, rows 4 × 1.5² = 9,
        // columns 4 × 2² = 16, interaction 4.
        let found = main_effects(&[1.0, 3.0, 2.0, 8.0], &[vec![0, 0, 1, 1], vec![0, 1, 0, 1]]).unwrap();
        close(found.total, 29.0);
        assert_eq!(found.factors[0].means, [Some(2.0), Some(5.0)]);
        assert_eq!(found.factors[1].means, [Some(1.5), Some(5.5)]);
        close(found.factors[0].share, 9.0 / 29.0);
        close(found.factors[1].share, 16.0 / 29.0);
        close(found.rest, 4.0 / 29.0);
    }

    #[test]
    fn a_missing_corner_does_not_change_what_is_additive() {
        // y = 10 a + b without the cell (1, 1): the plain mean of a = 1 would be 10, of a = 0 0.5.
        let found = main_effects(&[0.0, 1.0, 10.0], &[vec![0, 0, 1], vec![0, 1, 0]]).unwrap();
        let [Some(low), Some(high)] = found.factors[0].means[..] else { panic!("two levels") };
        close(high - low, 10.0);
        close(found.rest, 0.0);
    }

    #[test]
    fn equal_values_have_no_parts_and_a_level_without_values_no_mean() {
        let found = main_effects(&[0.3, 0.3], &[vec![0, 2]]).unwrap();
        assert_eq!((found.factors[0].share, found.rest), (0.0, 0.0));
        assert_eq!(found.factors[0].means[1], None);
        assert_eq!(main_effects(&[], &[]), Err(StatsError::EmptySample));
    }
}
