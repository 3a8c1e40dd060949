//! What the measures of bias warn of, by rules fixed before looking.

use serde::Serialize;

use super::BiasAnalysis;
use super::event_centered::ChangeBefore;
use super::group_differences::GroupDifference;
use crate::analysis::comparison::GroupComparison;
use crate::analysis::computed::Computed;
use crate::analysis::landmark::LandmarkAnalysis;
use crate::analysis::time_varying::TimeVaryingAnalysis;
use crate::domain::number::{change, decimal, interval, ratio};
use crate::settings::Settings;

/// Days with a log a week below which short recurrences go unseen.
const SPARSE: f64 = 2.0;
/// A signal that warns: its p value is below this. Several are looked at in every study, so that 0.05 each would too often warn of nothing.
const SIGNAL: f64 = 0.01;
/// Pain that rises by this much before a recurrence, in points beside the others.
const RISE: f64 = 0.2;
/// A difference in logging that matters: a fifth.
const DENSITY: f64 = 1.2;
/// Standard deviations from which groups count as different.
const DIFFERENT: f64 = 0.25;
/// What is left of the log hazard ratio at the longest lag if the difference has collapsed.
const LEFT: f64 = 0.25;
/// The naive ratio over that of the landmark below which immortal time is what one sees.
const NAIVE_GAP: f64 = 0.75;

/// Something that could make the comparison mislead in these data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BiasWarning {
    /// Its name.
    pub id: &'static str,
    /// What was found and what it can mean.
    pub sentence: String,
}

/// The comparisons that are warned about.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// The core comparison.
    pub landmark: &'a LandmarkAnalysis,
    /// The comparison by the exposure of each day.
    pub time_varying: &'a TimeVaryingAnalysis,
    /// The biased one.
    pub naive: &'a Computed<GroupComparison>,
}

/// The warnings, the gravest first.
///
/// # Definition
/// | id | fires if | after |
/// |---|---|---|
/// | `reverse-causation` | sessions of the last week before the recurrence, against those of the four weeks before it, change for the worse beside others at risk for as long (p < 0.01); or sessions fall (p < 0.01) while pain rises by 0.2 points or more (p < 0.01) in days −28 to −8 against days −60 to −29 | Horwitz & Feinstein (1980) |
/// | `lag-sweep` | the hazard ratio at the shortest lag has its interval below 1, and at the longest lag less than a quarter of its logarithm is left | Horwitz & Feinstein (1980) |
/// | `negative-exposure` | exercise after the recurrence goes with it at equal exercise before (p < 0.01) | Flanders et al. (2011) |
/// | `negative-outcome` | the named event goes with the exercise (the interval excludes 1) | Lipsitch et al. (2010) |
/// | `groups-differ` | some covariate known before differs by a quarter of a standard deviation or more between the groups of the landmark (Holm-adjusted p < 0.01) | Rubin (2001); Stuart (2010) |
/// | `detection` | entries a week differ by more than a fifth, by the exposure of the day or at the landmark, and the interval excludes 1 | Lipsitch et al. (2010) |
/// | `loss-by-arm` | one group of the landmark stops logging faster (the interval excludes 1) | Howe et al. (2016) |
/// | `sparse-logging` | fewer than two days a week with a log while at risk | Pocovi et al. (2025): recurrences last 3 to 4 days |
/// | `immortal-time` | ever maintained against never gives less than three quarters of the ratio of the landmark, with its interval below 1 | Suissa (2008) |
///
/// `immortal-time` is about the obvious comparison only, which is biased in every study; the others are about the honest ones. What is not logged and
/// changes neither the days around a recurrence nor the exercise after it is seen by none of them.
#[must_use]
pub fn bias_warnings(bias: &BiasAnalysis, compared: &Compared<'_>, settings: &Settings) -> Vec<BiasWarning> {
    let found = [
        ("reverse-causation", reverse_causation(bias)),
        ("lag-sweep", lag_sweep(compared.time_varying)),
        ("negative-exposure", negative_exposure(bias, settings)),
        ("negative-outcome", negative_outcome(bias)),
        ("groups-differ", groups_differ(bias)),
        ("detection", detection(bias)),
        ("loss-by-arm", loss_by_arm(bias)),
        ("sparse-logging", sparse_logging(bias)),
        ("immortal-time", immortal_time(compared)),
    ];
    found.into_iter().filter_map(|(id, sentence)| Some(BiasWarning { id, sentence: sentence? })).collect()
}

fn signal(change: &ChangeBefore) -> bool {
    change.p_value.is_some_and(|p| p < SIGNAL)
}

fn reverse_causation(bias: &BiasAnalysis) -> Option<String> {
    let days = &bias.event_centered;
    let falls = |change: &&ChangeBefore| change.difference.estimate < 0.0 && signal(change);
    if let Some(week) = days.sessions_last_week.value().filter(falls) {
        return Some(format!(
            "In the last week before a recurrence sessions changed by {} a week against the four weeks before, by {} among others who were at risk for as \
             long ({}): pain on its way seems to stop the exercise, and then a lapse does not explain the pain.",
            change(week.change, 1),
            change(week.control_change, 1),
            difference(week)
        ));
    }
    let sessions = days.sessions_before.value().filter(falls)?;
    let pain = days.pain_before.value().filter(|pain| pain.difference.estimate >= RISE && signal(pain))?;
    Some(format!(
        "In days −28 to −8 before a recurrence sessions fall ({} a week) while pain already rises ({} points): the exercise may stop because of the pain, \
         weeks before it counts as a recurrence.",
        difference(sessions),
        difference(pain)
    ))
}

fn difference(change: &ChangeBefore) -> String {
    let limits =
        change.difference.interval.map_or_else(String::new, |limits| format!(", interval {}", interval(limits.lower, limits.upper, 1)));
    format!("difference {}{limits}", decimal(change.difference.estimate, 1))
}

fn lag_sweep(time_varying: &TimeVaryingAnalysis) -> Option<String> {
    let at = |cell: &crate::analysis::time_varying::LagCell| Some((cell.lag, cell.hazard_ratio.value()?.clone()));
    let (first_lag, first) = time_varying.lags.iter().filter_map(at).min_by_key(|(lag, _)| *lag)?;
    let (last_lag, last) = time_varying.lags.iter().filter_map(at).max_by_key(|(lag, _)| *lag)?;
    let collapsed = first.interval.upper < 1.0 && last_lag > first_lag && last.hazard_ratio.ln() > LEFT * first.hazard_ratio.ln();
    collapsed.then(|| {
        format!(
            "The hazard ratio is {} if exercise counts up to {first_lag} days before the day, but {} if only up to {last_lag} days before: little of the difference \
             outlasts the weeks before the pain.",
            ratio(first.hazard_ratio),
            ratio(last.hazard_ratio)
        )
    })
}

fn negative_exposure(bias: &BiasAnalysis, settings: &Settings) -> Option<String> {
    let found = &bias.negative_exposure;
    let odds = match &found.adjusted {
        Computed::Value(adjusted) => adjusted,
        Computed::NotTestable(_) => return None,
    };
    (odds.p_value < SIGNAL).then(|| {
        let reading = if odds.odds_ratio < 1.0 {
            "patients who exercise seem to be patients who recur less anyway, or a recurrence stops the exercise for long"
        } else {
            "a recurrence seems to make patients exercise"
        };
        format!(
            "Keeping the exercise up in days {} to {} after a recurrence cannot have prevented it, yet goes with it (odds ratio {}, {} interval {}): {reading}.",
            found.from,
            found.to,
            ratio(odds.odds_ratio),
            crate::domain::number::percent(settings.model.level),
            interval(odds.interval.lower, odds.interval.upper, 2)
        )
    })
}

fn negative_outcome(bias: &BiasAnalysis) -> Option<String> {
    let (event, found) = (bias.negative_outcome.event?, bias.negative_outcome.hazard_ratio.value()?);
    (found.interval.upper < 1.0 || found.interval.lower > 1.0).then(|| {
        format!(
            "Exercise cannot prevent the event {event}, yet it is {} often among those who keep it up (hazard ratio {}, interval {}): the groups differ in more than \
             the exercise.",
            if found.hazard_ratio < 1.0 { "less" } else { "more" },
            ratio(found.hazard_ratio),
            interval(found.interval.lower, found.interval.upper, 2)
        )
    })
}

fn groups_differ(bias: &BiasAnalysis) -> Option<String> {
    let size = |difference: &GroupDifference| difference.standardized.map_or(0.0, f64::abs);
    let clear = |difference: &&GroupDifference| size(difference) >= DIFFERENT && difference.p_value.is_some_and(|p| p < SIGNAL);
    let most = bias.group_differences.iter().filter(clear).max_by(|one, other| size(one).total_cmp(&size(other)))?;
    let [without, with] = most.mean;
    Some(format!(
        "Those who kept the exercise up by the landmark were other patients already before: {} {} against {} on average, {} standard deviations apart. The \
         comparison adjusts for most of what is logged; patients who differ in what is logged mostly differ in what is not.",
        most.name,
        decimal(with, 2),
        decimal(without, 2),
        decimal(size(most), 1)
    ))
}

fn detection(bias: &BiasAnalysis) -> Option<String> {
    let density = &bias.density;
    let differs = |found: &&crate::stats::regression::RatioEstimate| {
        let limits = found.interval;
        (found.ratio > DENSITY && limits.lower > 1.0) || (found.ratio < 1.0 / DENSITY && limits.upper < 1.0)
    };
    let by_day = density.by_day_ratio.value().filter(differs).map(|found| (found, "while they keep the exercise up", "while not"));
    let by_landmark = || {
        density.by_landmark_ratio.value().filter(differs).map(|found| (found, "who kept the exercise up at the landmark", "who did not"))
    };
    let (found, those, others) = by_day.or_else(by_landmark)?;
    let direction = if found.ratio > 1.0 { "more" } else { "less" };
    Some(format!(
        "Patients {those} log pain {} times as often as {others} (interval {}): their recurrences are {direction} likely to be seen.",
        ratio(found.ratio),
        interval(found.interval.lower, found.interval.upper, 2)
    ))
}

fn loss_by_arm(bias: &BiasAnalysis) -> Option<String> {
    let found = bias.loss.hazard_ratio.value().filter(|found| found.interval.upper < 1.0 || found.interval.lower > 1.0)?;
    Some(format!(
        "After the landmark patients who kept the exercise up stop logging {} times as fast as those who did not (interval {}): if some of them stop because \
         pain comes back, those recurrences go unseen on one side more than on the other.",
        ratio(found.estimate),
        interval(found.interval.lower, found.interval.upper, 2)
    ))
}

fn sparse_logging(bias: &BiasAnalysis) -> Option<String> {
    let (entries, days) = bias.density.by_day.iter().fold((0, 0), |(entries, days), arm| (entries + arm.entries, days + arm.days));
    let per_week = 7.0 * entries as f64 / days as f64;
    (days > 0 && per_week < SPARSE).then(|| {
        format!(
            "There are {} days with a log a week while patients are at risk. Recurrences often last three to four days, so that some are never logged, and more of \
             them where logs are fewer.",
            decimal(per_week, 1)
        )
    })
}

fn immortal_time(compared: &Compared<'_>) -> Option<String> {
    let naive = compared.naive.value()?.hazard_ratio()?;
    let landmark = compared.landmark.comparison.value()?.hazard_ratio()?;
    (naive.hazard_ratio < NAIVE_GAP * landmark.hazard_ratio && naive.interval.upper < 1.0).then(|| {
        format!(
            "Whoever ever kept the exercise up seems to recur {} times as often as who never did, at the landmark it is {} times: the difference is time that had to pass \
             without a recurrence to count as keeping it up.",
            ratio(naive.hazard_ratio),
            ratio(landmark.hazard_ratio)
        )
    })
}
