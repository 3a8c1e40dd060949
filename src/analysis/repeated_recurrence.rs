//! Recurrences after the first: how many a patient has by each day, and the rate while the exercise is kept up.

use rayon::prelude::*;
use serde::Serialize;

use crate::cohort::{Cohort, Course, Episodes, Exposure, LandmarkFate, exposure_spans_of, landmark_fate};
use crate::domain::{Day, Tally};
use crate::settings::Settings;
use crate::stats::StatsError;
use crate::stats::recurrent::{
    CountDifference, CountInterval, CountPoint, MeanCumulativeFunction, RecurrentRows, mean_count_difference, mean_cumulative_function,
};
use crate::stats::survival::{Covariates, CoxModel, CoxOptions, Ties, TimeToEvent};

use super::clusters::Clusters;
use super::comparison::{AdjustedHazard, HazardRatio, MaintainedRow, adjusted_ratio, unadjusted_ratio};
use super::computed::Computed;
use super::covariates::CovariateChoice;
use super::time_varying::{DAYS_OF_A_YEAR, PersonTime, person_time};

/// Every recurrence of the cohort.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RepeatedRecurrence {
    /// Programs after which the patient was at risk.
    pub programs: usize,
    /// Their patients.
    pub patients: usize,
    /// Recurrences, the first and all later ones.
    pub recurrences: usize,
    /// Programs by their number of recurrences: the first element counts those without any.
    pub by_number: Vec<usize>,
    /// Recurrences after which a new remission was confirmed, so that the patient was at risk again.
    pub remitted: usize,
    /// Days at risk, in all spells.
    pub days_at_risk: i64,
    /// Recurrences per patient-year at risk; `None` without a day at risk.
    pub per_patient_year: Option<f64>,
    /// Mean number of recurrences by each day since the patient was first at risk.
    pub mean_count: Computed<MeanCumulativeFunction>,
    /// The tabled days.
    pub times: Vec<f64>,
    /// The mean at those days; `None` beyond the last follow-up.
    pub at: Vec<Option<CountPoint>>,
    /// The same from the landmark on, by exposure.
    pub arms: Vec<ArmCount>,
    /// Difference of the arms' means at the horizon, or at the end of the shorter arm: maintained less not maintained.
    pub difference: Computed<CountDifference>,
    /// Days at risk in all spells by the exposure of the day: not maintained, then maintained.
    pub states: [PersonTime; 2],
    /// Andersen–Gill rate ratio without covariates.
    pub unadjusted: Computed<HazardRatio>,
    /// With covariates.
    pub adjusted: Computed<AdjustedHazard>,
    /// Prentice–Williams–Peterson hazard ratio on gap time, with the same covariates: a check.
    pub gap_time: Computed<HazardRatio>,
}

/// Recurrences of one arm of the landmark comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArmCount {
    /// The arm.
    pub exposure: Exposure,
    /// Mean number by each day since the landmark.
    pub mean_count: Computed<MeanCumulativeFunction>,
    /// At the tabled days.
    pub at: Vec<Option<CountPoint>>,
}

impl RepeatedRecurrence {
    /// The adjusted rate ratio, else the unadjusted one.
    #[must_use]
    pub fn rate_ratio(&self) -> Option<&HazardRatio> {
        self.adjusted.value().map(|adjusted| &adjusted.ratio).or_else(|| self.unadjusted.value())
    }
}

/// Counts and compares all recurrences.
///
/// # Definition
/// *Mean count*: Nelson's mean cumulative function over everybody still observed, in an episode too, so that it is the mean number
/// of recurrences per patient. *Rate ratio*: `λ(t) = λ₀(t) exp(β maintained(t − lag) + γ x)` over the spells at risk only, t since
/// the patient was first at risk (Andersen–Gill), each day by its exposure as in the first-recurrence analysis. *Gap time*: the same
/// with time since the spell began, stratified by the number of the recurrence to come (PWP).
///
/// # Conventions
/// Errors of the ratios are robust by patient; those of the mean counts by program. A competing event ends observation as a
/// censoring: the mean is of patients who live on without surgery and new program.
///
/// # References
/// Lawless & Nadeau (1995), *Technometrics* 37:158–168. Andersen & Gill (1982), *Ann Stat* 10:1100–1120. Prentice, Williams &
/// Peterson (1981), *Biometrika* 68:373–379. Amorim & Cai (2015), *Int J Epidemiol* 44:324–333.
#[must_use]
pub fn analyze_repeated(cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> RepeatedRecurrence {
    let at_risk: Vec<(usize, &Course, &Episodes)> =
        cohort.courses.iter().enumerate().filter_map(|(index, course)| Some((index, course, course.episodes.as_ref()?))).collect();
    let times = settings.model.times.clone();
    let level = settings.model.level;
    let tally = Tally::of(at_risk.iter().map(|(_, course, _)| course.patient));
    let mut by_number: Vec<usize> = Vec::new();
    for (_, _, episodes) in &at_risk {
        let number = episodes.episodes.len();
        by_number.resize(by_number.len().max(number + 1), 0);
        by_number[number] += 1;
    }
    let all = at_risk.iter().filter_map(|(index, _, episodes)| Some((*index, *episodes, episodes.spells.first()?.at_risk_from)));
    let mean_count = counts(all, level);
    let arms: Vec<ArmCount> = [Exposure::NotMaintained, Exposure::Maintained]
        .into_iter()
        .map(|exposure| {
            let members = at_risk.iter().filter_map(|(index, course, episodes)| {
                match landmark_fate(course, settings.landmark.day, settings.landmark.origin, &settings.maintenance)? {
                    LandmarkFate::Member(member) if member.exposure == exposure => Some((*index, *episodes, member.landmark)),
                    _ => None,
                }
            });
            let mean_count = counts(members, level);
            ArmCount { exposure, at: at_times(&mean_count, &times), mean_count }
        })
        .collect();
    let rows = rows(&at_risk, settings);
    let days_at_risk = at_risk.iter().flat_map(|(_, _, episodes)| &episodes.spells).map(|spell| i64::from(spell.days())).sum();
    let recurrences = at_risk.iter().map(|(_, _, episodes)| episodes.episodes.len()).sum();
    let states = [Exposure::NotMaintained, Exposure::Maintained].map(|exposure| person_time(&rows, exposure));
    let (unadjusted, adjusted, gap_time) = if states.iter().any(|state| state.days == 0) {
        let reason = "there are not days at risk both with and without the exercise kept up";
        (Computed::NotTestable(reason.to_owned()), Computed::NotTestable(reason.to_owned()), Computed::NotTestable(reason.to_owned()))
    } else {
        let adjusted = adjusted_ratio(&rows, covariates, &settings.model);
        let used = adjusted.value().map_or(&[][..], |adjusted| &adjusted.covariates);
        let gap_time = gap_time(&at_risk, &rows, used, covariates, level).into();
        (unadjusted_ratio(&rows, &settings.model).into(), adjusted, gap_time)
    };
    RepeatedRecurrence {
        programs: tally.programs,
        patients: tally.patients,
        recurrences,
        by_number,
        remitted: at_risk.iter().flat_map(|(_, _, episodes)| &episodes.episodes).filter(|episode| episode.remission.is_some()).count(),
        days_at_risk,
        per_patient_year: (days_at_risk > 0).then(|| recurrences as f64 / (days_at_risk as f64 / DAYS_OF_A_YEAR)),
        at: at_times(&mean_count, &times),
        mean_count,
        difference: difference(&arms, settings.model.horizon),
        arms,
        times,
        states,
        unadjusted,
        adjusted,
        gap_time,
    }
}

fn at_times(mean_count: &Computed<MeanCumulativeFunction>, times: &[f64]) -> Vec<Option<CountPoint>> {
    times.iter().map(|&time| mean_count.value().and_then(|curve| curve.at(time).ok())).collect()
}

fn difference(arms: &[ArmCount], horizon: f64) -> Computed<CountDifference> {
    let [first, second] = arms else { return Computed::NotTestable("there are not two arms".to_owned()) };
    match (&first.mean_count, &second.mean_count) {
        (Computed::Value(first), Computed::Value(second)) => {
            mean_count_difference(first, second, horizon.min(first.last_time()).min(second.last_time())).into()
        }
        (Computed::NotTestable(reason), _) | (_, Computed::NotTestable(reason)) => Computed::NotTestable(reason.clone()),
    }
}

/// Mean number of recurrences after a day of each patient.
pub(super) fn counts<'a>(members: impl Iterator<Item = (usize, &'a Episodes, Day)>, level: f64) -> Computed<MeanCumulativeFunction> {
    let (mut id, mut start, mut stop, mut event) = (vec![], vec![], vec![], vec![]);
    for (index, episodes, zero) in members {
        let since = |day: Day| f64::from(day.days_since(zero));
        let recurrences = episodes.episodes.iter().map(|episode| (since(episode.recurrence), true));
        let mut from = 0.0;
        for (to, recurs) in recurrences.chain([(since(episodes.observed_to), false)]) {
            if to > from {
                id.push(index);
                start.push(from);
                stop.push(to);
                event.push(recurs);
                from = to;
            }
        }
    }
    if id.is_empty() {
        return Computed::NotTestable("nobody is followed".to_owned());
    }
    RecurrentRows::new(id, start, stop, event).and_then(|rows| mean_cumulative_function(&rows, CountInterval::Log, level)).into()
}

/// One row per stretch of one exposure in a spell at risk, in days since the course was first at risk.
fn rows(at_risk: &[(usize, &Course, &Episodes)], settings: &Settings) -> Vec<MaintainedRow> {
    let rule = &settings.maintenance;
    at_risk
        .par_iter()
        .flat_map_iter(|(index, course, episodes)| {
            let mut rows: Vec<MaintainedRow> = Vec::new();
            let zero = episodes.spells.first().map(|spell| spell.at_risk_from);
            for spell in &episodes.spells {
                let shift = zero.map_or(0, |zero| spell.at_risk_from.days_since(zero));
                for span in exposure_spans_of(course, spell, rule) {
                    let (from, days, exposure, recurred) = (span.from + shift, span.to + shift, span.exposure(rule), span.recurred);
                    match rows.last_mut() {
                        Some(last) if last.exposure == exposure && last.days == from && !last.recurred => {
                            (last.days, last.recurred) = (days, recurred);
                        }
                        _ => rows.push(MaintainedRow { course: *index, patient: course.patient, from, days, recurred, exposure }),
                    }
                }
            }
            rows
        })
        .collect()
}

/// A row on the clock of its spell.
struct GapRow<'a> {
    row: &'a MaintainedRow,
    /// The spell, from 0: recurrences before it.
    spell: usize,
    /// Days from the first day at risk of the course to that of the spell.
    shift: i32,
}

/// The row's spell, by all spells of its course: one without a row of a known exposure counts too.
fn in_spell<'a>(at_risk: &[(usize, &Course, &Episodes)], row: &'a MaintainedRow) -> Option<GapRow<'a>> {
    let course = at_risk.binary_search_by_key(&row.course, |course| course.0).ok()?;
    let spells = &at_risk.get(course)?.2.spells;
    let zero = spells.first()?.at_risk_from;
    let shifts = spells.iter().map(|spell| spell.at_risk_from.days_since(zero)).enumerate();
    let (spell, shift) = shifts.take_while(|(_, shift)| *shift <= row.from).last()?;
    Some(GapRow { row, spell, shift })
}

/// Hazard ratio of the exposure on gap time, stratified by the number of the recurrence to come, errors by patient. Whose exposure is
/// not known from the first day of a spell on enters it late.
fn gap_time(
    at_risk: &[(usize, &Course, &Episodes)],
    rows: &[MaintainedRow],
    used: &[String],
    covariates: &CovariateChoice,
    level: f64,
) -> Result<HazardRatio, StatsError> {
    let columns: Vec<&Vec<Option<f64>>> =
        covariates.names.iter().zip(&covariates.columns).filter(|(name, _)| used.contains(name)).map(|(_, column)| column).collect();
    let complete = rows.iter().filter(|row| columns.iter().all(|column| column[row.course].is_some()));
    let gaps: Vec<GapRow<'_>> = complete.filter_map(|row| in_spell(at_risk, row)).collect();
    let days = |part: fn(&GapRow<'_>) -> i32| gaps.iter().map(|gap| f64::from(part(gap))).collect::<Vec<f64>>();
    let outcome = TimeToEvent::new(days(|gap| gap.row.days - gap.shift), gaps.iter().map(|gap| gap.row.recurred).collect())?
        .with_entry(days(|gap| gap.row.from - gap.shift))?;
    let mut names: Vec<String> = used.to_vec();
    let mut values: Vec<Vec<f64>> = columns.iter().map(|column| gaps.iter().filter_map(|gap| column[gap.row.course]).collect()).collect();
    names.push("maintained".to_owned());
    values.push(gaps.iter().map(|gap| f64::from(gap.row.exposure == Exposure::Maintained)).collect());
    let strata: Vec<usize> = gaps.iter().map(|gap| gap.spell).collect();
    let Clusters { patients, of_row } = Clusters::of(gaps.iter().map(|gap| gap.row.patient));
    let options = CoxOptions { ties: Ties::Efron, level, strata: Some(&strata), cluster: of_row.as_deref(), ..CoxOptions::default() };
    let fit = CoxModel::fit(&outcome, &Covariates::new(names, values)?, &options)?.fit;
    let term = fit.terms.last().ok_or(StatsError::EmptySample)?;
    let programs = Tally::of(gaps.iter().map(|gap| gap.row.course)).patients;
    Ok(HazardRatio {
        hazard_ratio: term.hazard_ratio,
        interval: term.interval,
        p_value: term.p_value,
        n: programs,
        patients,
        n_events: fit.n_events,
    })
}
