//! Jackknife pseudo-observations.

use super::paths::Paths;
use super::time_to_cause::TimeToCause;
use crate::stats::error::{StatsError, check_finite};

/// Pseudo-observations of the probability of no event by each time: `[row][time]`.
///
/// # Formula
/// ```text
/// θᵢ = S(t) + n ∂S(t)/∂wᵢ
/// ```
/// the infinitesimal jackknife, which is the leave-one-out jackknife to order 1/n.
///
/// # Conventions
/// All causes are events. Rows in the order given; at a time with events the value after them.
///
/// # Edge cases
/// A time before the first event: 1 for everybody. Past the last follow-up: allowed only if nobody is left event-free.
///
/// # Errors
/// [`StatsError::NotFinite`]; [`StatsError::HorizonBeyondFollowUp`].
///
/// # Agrees with
/// R survival 3.5-3 `pseudo(survfit(Surv(time, status) ~ 1), times, type = "surv")`.
///
/// # References
/// Andersen, Klein & Rosthøj (2003), Biometrika 90:15–27.
pub fn pseudo_event_free(rows: &TimeToCause, times: &[f64]) -> Result<Vec<Vec<f64>>, StatsError> {
    let paths = Paths::new(rows);
    let steps = steps_at(&paths, times)?;
    let n = rows.len() as f64;
    Ok(by_row(rows, &steps, |row, steps| {
        let survival = paths.event_free[steps];
        survival + n * survival * paths.log_survival_influence(row, rows.cause()[row] > 0, steps)
    }))
}

/// Pseudo-observations of the cumulative incidence of a cause by each time: `[row][time]`.
///
/// # Formula
/// ```text
/// θᵢ = Fₖ(t) + n ∂Fₖ(t)/∂wᵢ
/// ```
///
/// # Errors
/// As [`pseudo_event_free`]; [`StatsError::OutOfRange`] for a cause that is not there.
///
/// # Agrees with
/// R survival 3.5-3 `pseudo(survfit(Surv(time, factor(cause)) ~ 1), times)`.
///
/// # References
/// Klein & Andersen (2005), Biometrics 61:223–229.
pub fn pseudo_cumulative_incidence(rows: &TimeToCause, cause: usize, times: &[f64]) -> Result<Vec<Vec<f64>>, StatsError> {
    rows.check_cause(cause)?;
    let paths = Paths::new(rows);
    let steps = steps_at(&paths, times)?;
    let n = rows.len() as f64;
    Ok(by_row(rows, &steps, |row, steps| {
        paths.incidence[cause - 1][steps] + n * paths.incidence_influence(row, rows.cause()[row], cause, steps)
    }))
}

/// Pseudo-observations of the restricted mean time without an event, by row.
///
/// # Formula
/// ```text
/// θᵢ = ∫₀^τ S + n ∂(∫₀^τ S)/∂wᵢ
/// ```
///
/// # Errors
/// As [`pseudo_event_free`]; [`StatsError::OutOfRange`] for a horizon not above 0.
///
/// # Agrees with
/// R survival 3.5-3 `pseudo(survfit(Surv(time, status) ~ 1), times, type = "rmst")`.
///
/// # References
/// Andersen, Hansen & Klein (2004), Lifetime Data Anal 10:335–350.
pub fn pseudo_restricted_mean(rows: &TimeToCause, horizon: f64) -> Result<Vec<f64>, StatsError> {
    if !(horizon > 0.0 && horizon.is_finite()) {
        return Err(StatsError::OutOfRange { what: "the horizon", value: horizon, expected: "it must be above 0" });
    }
    let paths = Paths::new(rows);
    let last = steps_at(&paths, &[horizon])?[0];
    // Areas up to each step's time, and to the horizon: under S, and under S times the Greenwood sum.
    let (mut area, mut by_greenwood) = (vec![0.0], vec![0.0]);
    let mut from = 0.0_f64;
    for steps in 0..=last {
        let to = if steps < last { paths.time[steps] } else { horizon };
        let add = paths.event_free[steps] * (to - from);
        area.push(area[steps] + add);
        by_greenwood.push(by_greenwood[steps] + add * paths.greenwood[steps]);
        from = to;
    }
    // Index 0 is time 0, index j + 1 the time of step j, the last one the horizon.
    let end = last + 1;
    let n = rows.len() as f64;
    Ok((0..rows.len())
        .map(|row| {
            // Before any step nothing has been summed; a row is at risk from the step before the first at which it counts.
            let (entry, exit) = (paths.entry[row].min(end), (paths.exit[row] + 1).min(end));
            let at_risk =
                by_greenwood[exit] - by_greenwood[entry] - paths.greenwood[paths.entry[row].min(last)] * (area[exit] - area[entry]);
            let after = if paths.exit[row] < last {
                paths.log_survival_influence(row, rows.cause()[row] > 0, paths.exit[row] + 1) * (area[end] - area[exit])
            } else {
                0.0
            };
            area[end] + n * (at_risk + after)
        })
        .collect())
}

/// How many steps lie at or before each time.
fn steps_at(paths: &Paths, times: &[f64]) -> Result<Vec<usize>, StatsError> {
    check_finite("times", times)?;
    let last = paths.time.last().copied().unwrap_or(0.0);
    let exhausted = paths.event_free.last().is_some_and(|&left| left <= 0.0);
    if let Some(&horizon) = times.iter().find(|&&time| time > last).filter(|_| !exhausted) {
        return Err(StatsError::HorizonBeyondFollowUp { horizon, last });
    }
    Ok(times.iter().map(|&time| paths.time.partition_point(|&step| step <= time)).collect())
}

fn by_row(rows: &TimeToCause, steps: &[usize], value: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
    (0..rows.len()).map(|row| steps.iter().map(|&steps| value(row, steps)).collect()).collect()
}
