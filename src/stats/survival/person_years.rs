//! Events per person-time.

use serde::Serialize;

use crate::stats::distributions::gamma_quantile;
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::Interval;

/// Person-time, events and rate of one group.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PersonYears {
    /// Code of the group.
    pub group: usize,
    /// Rows.
    pub n: usize,
    /// Events.
    pub n_events: usize,
    /// Time at risk, in units of `scale`.
    pub person_time: f64,
    /// Events per unit of person-time.
    pub rate: f64,
    /// Exact Poisson interval of the rate.
    pub interval: Interval,
}

/// Person-time, events and event rate by group.
///
/// # Formula
/// ```text
/// T = Σ (stop − entry)/scale,   rate = d/T
/// exact limits: Γ⁻¹(α/2; d)/T and Γ⁻¹(1 − α/2; d + 1)/T, Γ⁻¹(·; k) the quantile of the gamma distribution with shape k
/// ```
///
/// # Conventions
/// Without `entry`, everybody is followed from 0. `scale` is how many of the units of the times make one of the unit wanted,
/// such as 365.25. Groups come out by rising code.
///
/// # Edge cases
/// No events: rate and lower limit 0.
///
/// # Errors
/// [`StatsError::EmptySample`], [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::InvalidLevel`];
/// [`StatsError::OutOfRange`] for a row that ends before it begins, a scale not above 0 or a group without person-time.
///
/// # Agrees with
/// R survival 3.5-3 `pyears(Surv(entry, time, event) ~ group, scale)` with `poisson.test(d, T)$conf.int`.
///
/// # References
/// Garwood (1936), Biometrika 28:437–442.
pub fn person_years(
    entry: Option<&[f64]>,
    time: &[f64],
    event: &[bool],
    group: &[usize],
    scale: f64,
    level: f64,
) -> Result<Vec<PersonYears>, StatsError> {
    check_level(level)?;
    let expected = time.len();
    if expected == 0 {
        return Err(StatsError::EmptySample);
    }
    for (what, found) in [("entry", entry.map_or(expected, <[f64]>::len)), ("event", event.len()), ("group", group.len())] {
        if found != expected {
            return Err(StatsError::LengthMismatch { what: what.to_owned(), found, expected });
        }
    }
    check_finite("time", time)?;
    check_finite("entry", entry.unwrap_or_default())?;
    if !(scale > 0.0 && scale.is_finite()) {
        return Err(StatsError::OutOfRange { what: "the scale", value: scale, expected: "it must be above 0" });
    }
    let mut order: Vec<usize> = (0..expected).collect();
    order.sort_by_key(|&row| group[row]);
    order
        .chunk_by(|&a, &b| group[a] == group[b])
        .map(|rows| {
            let (mut total, mut n_events) = (0.0, 0);
            for &row in rows {
                let followed = time[row] - entry.map_or(0.0, |entry| entry[row]);
                if followed < 0.0 {
                    return Err(StatsError::OutOfRange {
                        what: "the time at risk of a row",
                        value: followed,
                        expected: "it cannot be negative",
                    });
                }
                total += followed;
                n_events += usize::from(event[row]);
            }
            let person_time = total / scale;
            check_person_time(person_time)?;
            let (d, tail) = (n_events as f64, (1.0 - level) / 2.0);
            let lower = if n_events == 0 { 0.0 } else { gamma_quantile(tail, d) / person_time };
            let upper = gamma_quantile(1.0 - tail, d + 1.0) / person_time;
            Ok(PersonYears {
                group: group[rows[0]],
                n: rows.len(),
                n_events,
                person_time,
                rate: d / person_time,
                interval: Interval { lower, upper, level },
            })
        })
        .collect()
}

pub(super) fn check_person_time(person_time: f64) -> Result<(), StatsError> {
    if person_time > 0.0 && person_time.is_finite() {
        Ok(())
    } else {
        Err(StatsError::OutOfRange { what: "person-time", value: person_time, expected: "it must be above 0" })
    }
}
