//! Gray's test.

use nalgebra::{DMatrix, DVector};
use serde::Serialize;

use super::outcome::CompetingEvents;
use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::error::StatsError;
use crate::stats::hypothesis::TestResult;
use crate::stats::survival::rising;

/// Gray's test of one cause.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GrayTest {
    /// The cause.
    pub cause: usize,
    /// Scores of the groups but the last.
    pub score: Vec<f64>,
    /// Their covariance.
    pub covariance: Vec<Vec<f64>>,
    /// χ² test.
    pub test: TestResult,
}

/// Gray's test that k groups share one cumulative incidence of a cause.
///
/// # Formula
/// ```text
/// z_g = Σ (1 − F₀(t−))^ρ [ d_g − d · R_g / Σ R ],   R_g = n_g (1 − F_g(t−))/S_g(t−)
/// χ² = zᵀV⁻¹z   on k − 1 degrees of freedom
/// ```
/// F₀ pooled over the groups; V as in Gray's section 2, with the tie corrections of `cmprsk`.
///
/// # Conventions
/// Group codes count from 0; right-censored rows of weight 1; strata add their scores and covariances.
///
/// # Errors
/// [`StatsError::OneGroup`]; [`StatsError::NoEvents`] without events of the cause or if the covariance is singular;
/// [`StatsError::LengthMismatch`]; [`StatsError::Undefined`] with weights or late entry.
///
/// # Agrees with
/// R `cmprsk::cuminc(time, cause, group, strata, rho)$Tests`.
///
/// # References
/// Gray (1988), Ann Stat 16:1141–1154.
pub fn gray_test(
    events: &CompetingEvents,
    group: &[usize],
    strata: Option<&[usize]>,
    cause: usize,
    rho: f64,
) -> Result<GrayTest, StatsError> {
    let rows = &events.rows;
    for (what, codes) in [("group", Some(group)), ("strata", strata)] {
        if let Some(codes) = codes.filter(|codes| codes.len() != rows.len()) {
            return Err(StatsError::LengthMismatch { what: what.to_owned(), found: codes.len(), expected: rows.len() });
        }
    }
    if rows.entry().is_some() || rows.weights().is_some() {
        return Err(StatsError::Undefined { why: "Gray's test is for rows without weights and late entry".to_owned() });
    }
    let k = group.iter().max().map_or(0, |last| last + 1);
    let mut seen = vec![false; k];
    group.iter().for_each(|&code| seen[code] = true);
    if k < 2 || seen.iter().any(|seen| !seen) {
        return Err(StatsError::OneGroup);
    }
    if !events.cause.contains(&cause) || cause == 0 {
        return Err(StatsError::NoEvents);
    }
    let mut score = vec![0.0; k - 1];
    let mut covariance = DMatrix::zeros(k - 1, k - 1);
    let order: Vec<u32> = match strata {
        None => rows.order().to_vec(),
        Some(strata) => {
            let codes: Vec<f64> = rows.order().iter().map(|&row| strata[row as usize] as f64).collect();
            rising(&codes).into_iter().map(|place| rows.order()[place as usize]).collect()
        }
    };
    for stratum in order.chunk_by(|&a, &b| strata.is_none_or(|strata| strata[a as usize] == strata[b as usize])) {
        add_stratum(events, group, k, cause, rho, stratum, &mut score, &mut covariance);
    }
    let z = DVector::from_column_slice(&score);
    let statistic = covariance.clone().cholesky().map(|factor| z.dot(&factor.solve(&z))).ok_or(StatsError::NoEvents)?;
    let df = k as f64 - 1.0;
    Ok(GrayTest {
        cause,
        score,
        covariance: (0..k - 1).map(|j| covariance.row(j).iter().copied().collect()).collect(),
        test: TestResult { method: "Gray's test", statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) },
    })
}

#[allow(clippy::too_many_arguments)]
fn add_stratum(
    events: &CompetingEvents,
    group: &[usize],
    k: usize,
    cause: usize,
    rho: f64,
    order: &[u32],
    score: &mut [f64],
    covariance: &mut DMatrix<f64>,
) {
    let time = events.rows.time();
    let mut at_risk = vec![0.0; k];
    order.iter().for_each(|&row| at_risk[group[row as usize]] += 1.0);
    // Left-continuous in each group: event-free share and incidence; pooled incidence.
    let (mut free, mut incidence, mut pooled) = (vec![1.0; k], vec![0.0; k], 0.0_f64);
    let mut c = DMatrix::<f64>::zeros(k, k);
    let mut v3 = vec![0.0; k];
    let mut v2 = DMatrix::<f64>::zeros(k - 1, k);
    let mut own = DMatrix::<f64>::zeros(k - 1, k - 1);
    for tied in order.chunk_by(|&a, &b| time[a as usize].total_cmp(&time[b as usize]).is_eq()) {
        let (mut d1, mut d2) = (vec![0.0; k], vec![0.0; k]);
        for &row in tied {
            let row = row as usize;
            match events.cause[row] {
                0 => {}
                found if found == cause => d1[group[row]] += 1.0,
                _ => d2[group[row]] += 1.0,
            }
        }
        let (all1, all2): (f64, f64) = (d1.iter().sum(), d2.iter().sum());
        if all1 + all2 > 0.0 {
            let alive: Vec<usize> = (0..k).filter(|&g| at_risk[g] > 0.0).collect();
            let (mut free_after, mut incidence_after) = (free.clone(), incidence.clone());
            let (mut tr, mut tq) = (0.0, 0.0);
            for &g in &alive {
                free_after[g] = free[g] * (at_risk[g] - d1[g] - d2[g]) / at_risk[g];
                incidence_after[g] = incidence[g] + free[g] * d1[g] / at_risk[g];
                tr += at_risk[g] / free[g];
                tq += at_risk[g] * (1.0 - incidence[g]) / free[g];
            }
            let pooled_after = pooled + all1 / tr;
            let weight = (1.0 - pooled).powf(rho);
            let mut a = DMatrix::<f64>::zeros(k, k);
            for &g in &alive {
                let t1 = at_risk[g] / free[g];
                for &h in &alive {
                    a[(g, h)] = weight * t1 * (f64::from(g == h) - at_risk[h] / (free[h] * tr));
                    c[(g, h)] += a[(g, h)] * all1 / (tr * (1.0 - pooled));
                }
                if g < k - 1 {
                    score[g] += weight * (d1[g] - all1 * at_risk[g] * (1.0 - incidence[g]) / (free[g] * tq));
                }
            }
            if all1 > 0.0 {
                for &g in &alive {
                    let t4 = if free_after[g] > 0.0 { 1.0 - (1.0 - pooled_after) / free_after[g] } else { 1.0 };
                    let t5 = if all1 > 1.0 { 1.0 - (all1 - 1.0) / (tr * free[g] - 1.0) } else { 1.0 };
                    let t3 = t5 * free[g] * all1 / (tr * at_risk[g]);
                    v3[g] += t4 * t4 * t3;
                    for i in 0..k - 1 {
                        let t1 = a[(i, g)] - t4 * c[(i, g)];
                        v2[(i, g)] += t1 * t4 * t3;
                        for j in 0..=i {
                            own[(i, j)] += t1 * (a[(j, g)] - t4 * c[(j, g)]) * t3;
                        }
                    }
                }
            }
            for &g in alive.iter().filter(|&&g| free_after[g] > 0.0 && d2[g] > 0.0) {
                let t4 = (1.0 - pooled_after) / free_after[g];
                let t5 = if d2[g] > 1.0 { 1.0 - (d2[g] - 1.0) / (at_risk[g] - 1.0) } else { 1.0 };
                let t3 = t5 * free[g] * free[g] * d2[g] / (at_risk[g] * at_risk[g]);
                v3[g] += t4 * t4 * t3;
                for i in 0..k - 1 {
                    let t1 = t4 * c[(i, g)];
                    v2[(i, g)] -= t1 * t4 * t3;
                    for j in 0..=i {
                        own[(i, j)] += t1 * t4 * c[(j, g)] * t3;
                    }
                }
            }
            (free, incidence, pooled) = (free_after, incidence_after, pooled_after);
        }
        tied.iter().for_each(|&row| at_risk[group[row as usize]] -= 1.0);
    }
    for i in 0..k - 1 {
        for j in 0..=i {
            let through: f64 = (0..k).map(|g| c[(i, g)] * c[(j, g)] * v3[g] + c[(i, g)] * v2[(j, g)] + c[(j, g)] * v2[(i, g)]).sum();
            let cell = own[(i, j)] + through;
            covariance[(i, j)] += cell;
            if i != j {
                covariance[(j, i)] += cell;
            }
        }
    }
}
