//! The outcome under weights: curves by group, hazard ratio, and the difference at the horizon.

use super::super::clusters::Clusters;
use super::super::comparison::{GroupOutcome, HazardRatio};
use super::super::computed::Computed;
use crate::cohort::Exposure;
use crate::settings::ModelSettings;
use crate::stats::StatsError;
use crate::stats::survival::{
    ClusteredGroup, Covariates, CoxModel, CoxOptions, CurveEstimator, CurveInterval, HorizonContrast, TimeToEvent, curve,
    weighted_difference,
};

/// A stretch of time of a program in a group, with its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct WeightedRow {
    /// Index of the patient.
    pub patient: usize,
    /// The program, by any number of its own.
    pub program: usize,
    /// Group.
    pub exposure: Exposure,
    /// Days from time zero to its first day.
    pub from: i32,
    /// Its last day.
    pub to: i32,
    /// Whether it ended in a recurrence.
    pub recurred: bool,
    /// Its weight.
    pub weight: f64,
}

/// Rows of one program in one group that follow each other with one weight, as one; but not over the day `apart`.
pub(super) fn joined(rows: impl IntoIterator<Item = WeightedRow>, apart: i32) -> Vec<WeightedRow> {
    let mut joined: Vec<WeightedRow> = Vec::new();
    for row in rows {
        match joined.last_mut() {
            Some(last)
                if (last.program, last.exposure, last.to) == (row.program, row.exposure, row.from)
                    && row.from != apart
                    && last.weight.total_cmp(&row.weight).is_eq() =>
            {
                (last.to, last.recurred) = (row.to, row.recurred);
            }
            _ => joined.push(row),
        }
    }
    joined
}

fn time_to_event(rows: &[WeightedRow]) -> Result<TimeToEvent, StatsError> {
    TimeToEvent::new(rows.iter().map(|row| f64::from(row.to)).collect(), rows.iter().map(|row| row.recurred).collect())?
        .with_entry(rows.iter().map(|row| f64::from(row.from)).collect())?
        .with_weights(rows.iter().map(|row| row.weight).collect())
}

/// Each row's patient, counted from 0 among them.
fn clusters(rows: &[WeightedRow]) -> (usize, Vec<usize>) {
    let found = Clusters::of(rows.iter().map(|row| row.patient));
    (found.patients, found.of_row.unwrap_or_else(|| (0..rows.len()).collect()))
}

fn distinct(mut programs: Vec<usize>) -> usize {
    programs.sort_unstable();
    programs.dedup();
    programs.len()
}

/// Hazard ratio of the exposure by a weighted Cox model, Efron ties, errors by patient; weights are taken as known.
pub(super) fn weighted_ratio(rows: &[WeightedRow], level: f64) -> Result<HazardRatio, StatsError> {
    let (patients, cluster) = clusters(rows);
    let maintained = rows.iter().map(|row| f64::from(row.exposure == Exposure::Maintained)).collect();
    let options = CoxOptions { level, cluster: Some(&cluster), ..CoxOptions::default() };
    let covariates = Covariates::new(vec!["maintained".to_owned()], vec![maintained])?;
    let fit = CoxModel::fit(&time_to_event(rows)?, &covariates, &options)?.fit;
    let term = fit.terms.last().ok_or(StatsError::EmptySample)?;
    Ok(HazardRatio {
        hazard_ratio: term.hazard_ratio,
        interval: term.interval,
        p_value: term.p_value,
        n: distinct(rows.iter().map(|row| row.program).collect()),
        patients,
        n_events: distinct(rows.iter().filter(|row| row.recurred).map(|row| row.program).collect()),
    })
}

/// The weighted curves of both groups, and their difference at the horizon or the last common day of follow-up before it.
pub(super) fn weighted_curves(
    rows: &[WeightedRow],
    labels: [&str; 2],
    settings: &ModelSettings,
) -> Result<(Vec<GroupOutcome>, Computed<HorizonContrast>), StatsError> {
    let (_, cluster) = clusters(rows);
    let mut groups = Vec::new();
    let mut parts = Vec::new();
    for (exposure, label) in [Exposure::NotMaintained, Exposure::Maintained].into_iter().zip(labels) {
        let places: Vec<usize> = (0..rows.len()).filter(|&place| rows[place].exposure == exposure).collect();
        let own: Vec<WeightedRow> = places.iter().map(|&place| rows[place]).collect();
        let own_cluster: Vec<usize> = places.iter().map(|&place| cluster[place]).collect();
        let times = time_to_event(&own)?;
        let mut curve = curve(&times, CurveEstimator::KaplanMeier, CurveInterval::LogLog, settings.level, Some(&own_cluster))?;
        curve.n = distinct(own.iter().map(|row| row.program).collect());
        // The end of an interval is no end of follow-up.
        curve.censored.fill(0.0);
        for (place, row) in own.iter().enumerate() {
            let goes_on = own.get(place + 1).is_some_and(|next| next.program == row.program && next.from == row.to);
            if !row.recurred && !goes_on {
                let step = curve.time.partition_point(|&time| time < f64::from(row.to));
                if let Some(censored) = curve.censored.get_mut(step) {
                    *censored += row.weight;
                }
            }
        }
        groups.push(GroupOutcome {
            label: label.to_owned(),
            exposure,
            median: curve.median(),
            at: settings.times.iter().map(|&time| curve.at(time)).collect(),
            curve,
        });
        parts.push((times, own_cluster));
    }
    let contrast = match (&groups[..], &parts[..]) {
        ([first, second], [(first_rows, first_cluster), (second_rows, second_cluster)]) => {
            let horizon = settings.horizon.min(first.curve.last_time()).min(second.curve.last_time());
            let part = |curve, rows, cluster| ClusteredGroup { rows, curve, cluster };
            weighted_difference(
                part(&first.curve, first_rows, first_cluster),
                part(&second.curve, second_rows, second_cluster),
                horizon,
                settings.level,
            )
            .into()
        }
        _ => Computed::NotTestable("there is only one group".to_owned()),
    };
    Ok((groups, contrast))
}
