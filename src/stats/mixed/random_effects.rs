//! Random effects in the units of the columns given.

use super::design::Standardized;
use super::model::RandomEffectVariance;
use super::profile::transposed;
use super::sufficient::{Square, product};

/// How the random effects that the parameters speak of lead to those of the centred columns and of the columns given.
pub(super) struct Coordinates<const Q: usize> {
    /// To coefficients of 1 and the standardized slope column.
    pub(super) mixing: Square<Q>,
    /// To coefficients of 1 and the slope column as given.
    pub(super) to_original: Square<Q>,
}

impl Coordinates<1> {
    pub(super) fn level() -> Self {
        Self { mixing: [[1.0]], to_original: [[1.0]] }
    }
}

impl Coordinates<2> {
    /// A free covariance means the same at any origin of the slope column, so the parameters speak of the centred column. An
    /// uncorrelated level is the level where the column as given is 0, so there the parameters may only be scaled.
    pub(super) fn level_and_slope(column: &Standardized, correlated: bool) -> Self {
        let (center, scale) = (column.center, column.scale);
        if correlated {
            Self { mixing: [[1.0, 0.0], [0.0, 1.0]], to_original: [[1.0, -center / scale], [0.0, 1.0 / scale]] }
        } else {
            let size = center.hypot(scale);
            Self { mixing: [[1.0, center / size], [0.0, scale / size]], to_original: [[1.0, 0.0], [0.0, 1.0 / size]] }
        }
    }
}

/// The covariance of the random effects, from the root of that of the parameters' coordinates.
pub(super) fn variance<const Q: usize>(
    coordinates: &Coordinates<Q>,
    root: &Square<Q>,
    sigma: f64,
    names: Vec<String>,
    correlated: bool,
) -> RandomEffectVariance {
    let root: Square<Q> = product(&coordinates.to_original, root).map(|row| row.map(|value| value * sigma));
    let covariance = product(&root, &transposed(&root));
    let std_dev: Vec<f64> = (0..Q).map(|k| covariance[k][k].sqrt()).collect();
    let free = Q == 2 && correlated && std_dev.iter().all(|value| *value > 0.0);
    let correlation = free.then(|| {
        // With one column left in the root, level and slope are multiples of each other.
        let columns = (0..Q).filter(|&column| root.iter().any(|row| row[column] != 0.0)).count();
        let value = covariance[0][Q - 1] / (std_dev[0] * std_dev[Q - 1]);
        if columns == 1 { value.signum() } else { value.clamp(-1.0, 1.0) }
    });
    RandomEffectVariance { names, covariance: covariance.iter().map(|row| row.to_vec()).collect(), std_dev, correlation }
}

/// Which component of a singular fit lies on the edge.
pub(super) fn singular_component(variance: &RandomEffectVariance) -> String {
    let zero: Vec<&str> =
        variance.names.iter().zip(&variance.std_dev).filter(|(_, value)| **value <= 0.0).map(|(name, _)| name.as_str()).collect();
    match (zero.as_slice(), variance.correlation) {
        ([], Some(correlation)) => {
            let sign = if correlation < 0.0 { "-" } else { "" };
            format!("the correlation of \"{}\" is {sign}1", variance.names.join("\" and \""))
        }
        ([], None) => "the covariance of the random effects is of less than full rank".to_owned(),
        ([one], _) => format!("the variance of \"{one}\" between groups is 0"),
        (several, _) => format!("the variances of \"{}\" between groups are 0", several.join("\" and \"")),
    }
}
