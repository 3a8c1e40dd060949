//! What a visit reads of a patient's pain, against the patient's own diary of the days around it.

use rayon::prelude::*;
use serde::Serialize;

use crate::analysis::computed::Computed;
use crate::domain::PainContext;
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::agreement::{RepeatedBlandAltman, bland_altman_repeated};
use crate::stats::{Interval, StatsError, normal_quantile, normal_two_sided_p};

/// Visits beside the diary.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VisitReadings {
    /// Days with a reading of a visit.
    pub visits: usize,
    /// Of those, with a diary around them.
    pub compared: usize,
    /// Patients of these.
    pub patients: usize,
    /// Share of visits off by the points of an important change or more.
    pub off: Computed<ClusteredShare>,
    /// Points that count as off.
    pub points: f64,
    /// The same against the diary of 7 days on either side.
    pub off_of_week: Computed<ClusteredShare>,
    /// The same against the diary of the day itself alone.
    pub off_of_day: Computed<ClusteredShare>,
    /// The same after taking away the mean difference of visits from diaries.
    pub off_without_bias: Computed<ClusteredShare>,
    /// Agreement of visits with diaries: bias and limits.
    pub agreement: Computed<RepeatedBlandAltman>,
    /// Standard deviation of diary scores of one day, over days that have several.
    pub within_day: Option<f64>,
    /// Those days.
    pub days_with_several: usize,
}

/// A share of visits, with errors by patient.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ClusteredShare {
    /// Visits that count.
    pub count: usize,
    /// Visits.
    pub n: usize,
    /// Patients.
    pub patients: usize,
    /// The share.
    pub share: f64,
    /// Wilson interval with the effective number of visits.
    pub interval: Interval,
    /// Number of independent visits that would know as much.
    pub effective_n: f64,
}

impl ClusteredShare {
    /// Share of the visits that count, each with its patient.
    ///
    /// # Definition
    /// ```text
    /// p = Σ yᵢ / Σ nᵢ,   Var p = k/(k − 1) Σ (yᵢ − p nᵢ)² / N²,   n_eff = p (1 − p) / Var p, at least k, at most N
    /// ```
    /// over the k patients i; the interval is Wilson's with `n_eff` in place of N. Where all or none count, `n_eff` is k: the visits of
    /// a patient may then be alike.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] below two patients.
    ///
    /// # References
    /// Korn & Graubard (1998), *Surv Methodol* 24:193–201. Wilson (1927), *J Am Stat Assoc* 22:209–212.
    pub fn of(visits: &[(usize, bool)], level: f64) -> Result<Self, StatsError> {
        let mut own: Vec<(usize, f64, f64)> = Vec::new();
        for &(patient, counts) in visits {
            match own.last_mut() {
                Some(last) if last.0 == patient => (last.1, last.2) = (last.1 + f64::from(counts), last.2 + 1.0),
                _ => own.push((patient, f64::from(counts), 1.0)),
            }
        }
        let patients = own.len();
        if patients < 2 {
            return Err(StatsError::TooFew { found: patients, needed: 2 });
        }
        let (n, count) = (visits.len() as f64, visits.iter().filter(|visit| visit.1).count());
        let share = count as f64 / n;
        let k = patients as f64;
        let variance = k / (k - 1.0) * own.iter().map(|(_, y, m)| (y - share * m).powi(2)).sum::<f64>() / (n * n);
        // No variance between patients although visits differ: they are as good as independent.
        let effective_n = match (count > 0 && count < visits.len(), variance > 0.0) {
            (true, true) => (share * (1.0 - share) / variance).clamp(k, n),
            (true, false) => n,
            (false, _) => k,
        };
        let z = normal_quantile(f64::midpoint(1.0, level));
        let z2 = z * z;
        let center = share + z2 / (2.0 * effective_n);
        let half = z * (share * (1.0 - share) / effective_n + z2 / (4.0 * effective_n * effective_n)).sqrt();
        let scale = 1.0 + z2 / effective_n;
        let lower = if count == 0 { 0.0 } else { ((center - half) / scale).max(0.0) };
        let upper = if count == visits.len() { 1.0 } else { ((center + half) / scale).min(1.0) };
        Ok(Self { count, n: visits.len(), patients, share, interval: Interval { lower, upper, level }, effective_n })
    }

    /// Two-sided p of a share, by the score test whose inversion is the interval.
    #[must_use]
    pub fn p_against(&self, share: f64) -> f64 {
        normal_two_sided_p((self.share - share) / (share * (1.0 - share) / self.effective_n).sqrt())
    }
}

/// Days on either side of a visit whose diary it is compared with, and a wider window.
const AROUND: i32 = 3;
const WIDER: i32 = 7;
/// A diary of fewer days around a visit does not say what pain was like.
const LEAST_DAYS: usize = 3;

/// A visit with the diary around it.
struct Visit {
    patient: usize,
    reading: f64,
    around: f64,
    wider: f64,
    same_day: Option<f64>,
}

/// Compares visits with diaries.
///
/// # Definition
/// The *reading* of a visit is the mean of the day's scores whose `context` is a visit; the *diary* is every other score. A visit is
/// compared with the mean of the diary over the days from 3 before to 3 after it, of which at least 3 must be logged. It is *off* if the
/// two differ by `pain.important_points` or more, either way.
///
/// # References
/// Bland & Altman (2007), *J Biopharm Stat* 17:571–582.
#[must_use]
pub fn analyze_visit_readings(logs: &Logs, settings: &Settings) -> VisitReadings {
    let level = settings.model.level;
    let each: Vec<(usize, Vec<Visit>, f64, usize, usize)> =
        (0..logs.n_patients()).into_par_iter().map(|patient| of_patient(logs, patient)).collect();
    let visits: usize = each.iter().map(|own| own.0).sum();
    let (squares, freedom): (f64, usize) = each.iter().fold((0.0, 0), |sum, own| (sum.0 + own.2, sum.1 + own.3));
    let days_with_several = each.iter().map(|own| own.4).sum();
    let compared: Vec<Visit> = each.into_iter().flat_map(|own| own.1).collect();
    let points = settings.pain.important_points;
    let share = |off: &dyn Fn(&Visit) -> Option<f64>| -> Computed<ClusteredShare> {
        let rows: Vec<(usize, bool)> =
            compared.iter().filter_map(|visit| Some((visit.patient, off(visit)?.abs() >= points - 1e-9))).collect();
        ClusteredShare::of(&rows, level).into()
    };
    let column = |value: fn(&Visit) -> f64| compared.iter().map(value).collect::<Vec<f64>>();
    let subject: Vec<usize> = compared.iter().map(|visit| visit.patient).collect();
    let mut patients = subject.clone();
    patients.dedup();
    let bias = compared.iter().map(|visit| visit.reading - visit.around).sum::<f64>() / compared.len().max(1) as f64;
    VisitReadings {
        visits,
        compared: compared.len(),
        patients: patients.len(),
        points,
        off: share(&|visit| Some(visit.reading - visit.around)),
        off_of_week: share(&|visit| Some(visit.reading - visit.wider)),
        off_of_day: share(&|visit| Some(visit.reading - visit.same_day?)),
        off_without_bias: share(&|visit| Some(visit.reading - visit.around - bias)),
        agreement: bland_altman_repeated(&subject, &column(|visit| visit.reading), &column(|visit| visit.around), 0.95, level).into(),
        within_day: (freedom > 0).then(|| (squares / freedom as f64).sqrt()),
        days_with_several,
    }
}

/// The visits of a patient: how many days have one, those with a diary around them, and sums of squares, degrees of freedom and days of
/// diary days with several scores.
fn of_patient(logs: &Logs, patient: usize) -> (usize, Vec<Visit>, f64, usize, usize) {
    let log = &logs.pain;
    let rows = log.rows(patient);
    let diary = |from: i32, to: i32, least: usize| -> Option<f64> {
        let days = &log.day[rows.clone()];
        let (first, end) = (days.partition_point(|&day| day < from), days.partition_point(|&day| day <= to));
        let scores: Vec<f64> = (rows.start + first..rows.start + end)
            .filter(|&row| log.context.get(row).copied().flatten() != Some(PainContext::Visit))
            .map(|row| log.score(row))
            .collect();
        (scores.len() >= least).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    };
    let several: Vec<usize> = log.same_day.rows(patient).collect();
    let (mut days, mut visits, mut squares, mut freedom, mut with_several) = (0, Vec::new(), 0.0, 0, 0);
    for of_day in several.chunk_by(|&one, &next| log.same_day.day[one] == log.same_day.day[next]) {
        let Some(day) = of_day.first().map(|&row| log.same_day.day[row]) else { continue };
        let of = |visit: bool| -> Vec<f64> {
            of_day.iter().filter(|&&row| log.same_day.is_visit(row) == visit).map(|&row| log.same_day.score(row)).collect()
        };
        let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
        let (readings, written) = (of(true), of(false));
        if written.len() > 1 {
            let own = mean(&written);
            squares += written.iter().map(|score| (score - own).powi(2)).sum::<f64>();
            freedom += written.len() - 1;
            with_several += 1;
        }
        if readings.is_empty() {
            continue;
        }
        days += 1;
        if let (Some(around), Some(wider)) = (diary(day - AROUND, day + AROUND, LEAST_DAYS), diary(day - WIDER, day + WIDER, LEAST_DAYS)) {
            visits.push(Visit { patient, reading: mean(&readings), around, wider, same_day: diary(day, day, 1) });
        }
    }
    (days, visits, squares, freedom, with_several)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_of_one_patient_that_are_alike_count_as_one() {
        // Four patients with two visits each, all alike within a patient, half of the patients off: p = ½, Var = 4/3 · 4 · 1 / 64 = 1/12,
        // n_eff = ¼ · 12 = 3, held at the 4 patients.
        let visits: Vec<(usize, bool)> =
            [(0, true), (1, true), (2, false), (3, false)].into_iter().flat_map(|visit| [visit, visit]).collect();
        let share = ClusteredShare::of(&visits, 0.95).unwrap();
        assert_eq!((share.count, share.n, share.patients), (4, 8, 4));
        assert!((share.effective_n - 4.0).abs() < 1e-12);
        // Wilson for 2 of 4: 0.150 to 0.850.
        assert!((share.interval.lower - 0.150).abs() < 5e-4 && (share.interval.upper - 0.850).abs() < 5e-4, "{share:?}");
        // Where every patient has one of each, the visits know no less than 8 independent ones: Wilson for 4 of 8, 0.215 to 0.785.
        let mixed: Vec<(usize, bool)> = (0..4).flat_map(|patient| [(patient, true), (patient, false)]).collect();
        let share = ClusteredShare::of(&mixed, 0.95).unwrap();
        assert!((share.effective_n - 8.0).abs() < 1e-12);
        assert!((share.interval.lower - 0.215).abs() < 5e-4, "{share:?}");
        assert!(ClusteredShare::of(&[(0, true), (0, false)], 0.95).is_err());
    }
}
