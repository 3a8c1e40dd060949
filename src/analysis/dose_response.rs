//! Sessions a week as a dose: a line, bands, and a smooth curve of the hazard of recurrence.

use rayon::prelude::*;
use serde::Serialize;

use super::comparison::HazardRatio;
use super::computed::Computed;
use super::covariates::CovariateChoice;
use super::usable_covariates::UsableCovariates;
use crate::cohort::{Cohort, Course, ExposureSpan, dose_spans};
use crate::domain::Tally;
use crate::settings::Settings;
use crate::stats::survival::{CoxFit, CoxModel, CoxOptions, TimeToEvent};
use crate::stats::{Covariates, Interval, RestrictedCubicSpline, StatsError, TestResult, normal_quantile};

/// Days between two looks at the dose: the shortest of these that keeps the rows below [`MOST_ROWS`].
const STEPS: [i32; 4] = [1, 7, 14, 28];
const MOST_ROWS: i64 = 150_000;
/// Where the doses are cut into bands: none, some but less than 1, 1 to less than 3, 3 and more.
const CUTS: [f64; 3] = [f64::MIN_POSITIVE, 1.0, 3.0];
/// Recurrences for four knots instead of three.
const EVENTS_FOR_FOUR_KNOTS: usize = 100;
/// Points of the curve.
const POINTS: u32 = 40;
/// Width of a bar of days, in sessions a week.
const BAR: f64 = 0.5;

/// Hazard of recurrence by the dose of each day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DoseResponse {
    /// Days between the end of the window and the day.
    pub lag: i32,
    /// Days of the window.
    pub window: i32,
    /// Days between two looks at the dose.
    pub step: i32,
    /// Programs with a known dose at risk.
    pub programs: usize,
    /// Their patients.
    pub patients: usize,
    /// Recurrences among them.
    pub n_events: usize,
    /// Programs left out because a covariate is missing.
    pub missing_covariate: usize,
    /// Covariates in every model beside the dose.
    pub covariates: Vec<String>,
    /// Those left out, each with the reason.
    pub dropped: Vec<String>,
    /// Hazard ratio for each session a week more.
    pub per_session: Computed<HazardRatio>,
    /// Bands of dose, the first of none.
    pub bands: Vec<DoseBand>,
    /// Test for trend: the bands' mean doses as one number in place of the bands.
    pub trend: Computed<TestResult>,
    /// The smooth curve.
    pub curve: Computed<DoseCurve>,
    /// Days at risk by dose, in bars half a session a week wide; the first is of none at all.
    pub days: Vec<DoseDays>,
}

/// A band of dose.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DoseBand {
    /// Sessions a week, in words.
    pub label: &'static str,
    /// Days at risk in it.
    pub days: i64,
    /// Recurrences.
    pub recurrences: usize,
    /// Mean dose of its days; `None` without any.
    pub mean_dose: Option<f64>,
    /// Hazard ratio against no session; the first band has none.
    pub hazard_ratio: Option<Computed<HazardRatio>>,
}

/// The hazard over the dose, relative to none.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DoseCurve {
    /// Knots of the spline, in sessions a week.
    pub knots: Vec<f64>,
    /// Points, from no session on.
    pub points: Vec<DosePoint>,
    /// Wald test of the terms that bend the curve.
    pub nonlinearity: Option<TestResult>,
    /// Wald test of all its terms.
    pub overall: Option<TestResult>,
}

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DosePoint {
    /// Sessions a week.
    pub dose: f64,
    /// Hazard ratio against no session.
    pub hazard_ratio: f64,
    /// Lower pointwise limit.
    pub lower: f64,
    /// Upper pointwise limit.
    pub upper: f64,
}

/// Days at risk at a dose.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DoseDays {
    /// Sessions a week above this; the first bar holds none at all.
    pub above: f64,
    /// Up to this.
    pub up_to: f64,
    /// Days at risk.
    pub days: i64,
    /// Recurrences on them.
    pub recurrences: usize,
}

/// Relates the hazard of recurrence to the sessions a week of each day's window.
///
/// # Definition
/// The dose of a day is the sessions done in the study's window of history (`window` days ending `lag` days before), a week. Cox models with
/// one row per stretch of one dose ([`dose_spans`]), time from the first day at risk, Efron ties, errors by patient, adjusted for the
/// covariates that most have:
/// - a line: `λ(t) = λ₀(t) exp(β dose(t) + γ x)`;
/// - bands of none, less than 1, 1 to less than 3, 3 and more a week, against none; a band without a recurrence has no ratio, and its
///   rows leave the model, as they would at a ratio of 0. Trend: the bands' mean doses, by their days, as one term;
/// - a restricted cubic spline with knots at percentiles 10, 50 and 90 of the doses above none (by days; 5, 35, 65 and 95 from 100 recurrences on),
///   shown relative to none with pointwise limits up to the 99th percentile; nonlinearity is the Wald test of its bending terms.
///
/// # Edge cases
/// In very large studies the dose is looked at every 7, 14 or 28 days only (`step`), so that rows stay few (some 150,000, or one per 28 days where even these are more); it is then up
/// to `step − 1` days older. Not testable without recurrences or with one dose only; no curve where the knots fall together.
///
/// # References
/// Andersen & Gill (1982), Ann Stat 10:1100–1120. Durrleman & Simon (1989), Stat Med 8:551–561. Harrell (2015), Regression Modeling
/// Strategies, 2nd ed., section 2.4.
#[must_use]
pub fn analyze_dose_response(cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> DoseResponse {
    let rule = &settings.maintenance;
    let at_risk: i64 = cohort.courses.iter().filter_map(|course| course.follow_up.ok()).map(|follow_up| i64::from(follow_up.days())).sum();
    let step = STEPS.into_iter().find(|&step| at_risk / i64::from(step) <= MOST_ROWS).unwrap_or(STEPS[3]);
    let of_course = |(index, course): (usize, &Course)| {
        let row = move |span: ExposureSpan| DoseRow { course: index, span };
        dose_spans(course, rule, step).into_iter().map(row).collect::<Vec<_>>()
    };
    let rows: Vec<DoseRow> = cohort.courses.par_iter().enumerate().flat_map_iter(of_course).collect();
    let mut courses: Vec<usize> = rows.iter().map(|row| row.course).collect();
    courses.dedup();
    let tally = Tally::of(courses.iter().map(|&course| cohort.courses[course].patient));
    let adjustment = UsableCovariates::of(covariates, cohort, &courses);
    let complete = courses.iter().filter(|&&course| adjustment.values(course).is_some()).count();
    let model = Models { cohort, rows: &rows, adjustment: &adjustment, level: settings.model.level };
    let (per_session, (bands, curve)) =
        rayon::join(|| model.per_session().into(), || rayon::join(|| model.bands(), || model.curve().into()));
    let (bands, trend) = bands;
    DoseResponse {
        lag: rule.lag,
        window: rule.window,
        step,
        programs: tally.programs,
        patients: tally.patients,
        n_events: rows.iter().filter(|row| row.span.recurred).count(),
        missing_covariate: courses.len() - complete,
        per_session,
        bands,
        trend,
        curve,
        days: days_by_dose(&rows),
        covariates: adjustment.names,
        dropped: adjustment.dropped,
    }
}

/// A stretch of one dose.
struct DoseRow {
    course: usize,
    span: ExposureSpan,
}

impl DoseRow {
    /// Sessions a week.
    fn dose(&self) -> f64 {
        // A share done is held in 32 bits: what their rounding leaves is nothing.
        let dose = self.span.sessions * 7.0 / f64::from(self.span.window_days);
        if dose < 1e-6 { 0.0 } else { dose }
    }

    fn days(&self) -> i64 {
        i64::from(self.span.to - self.span.from)
    }
}

fn band_of(dose: f64) -> usize {
    CUTS.iter().filter(|&&cut| dose >= cut - 1e-9 && dose > 0.0).count()
}

struct Models<'a> {
    cohort: &'a Cohort,
    rows: &'a [DoseRow],
    adjustment: &'a UsableCovariates<'a>,
    level: f64,
}

impl Models<'_> {
    /// Cox model of these terms of the dose, first, and the covariates, on the rows for which there are terms.
    fn fit(&self, names: &[String], terms: impl Fn(&DoseRow) -> Option<Vec<f64>>) -> Result<(CoxFit, Tally), StatsError> {
        let (mut from, mut to, mut recurred, mut cluster) = (vec![], vec![], vec![], vec![]);
        let mut columns: Vec<Vec<f64>> = vec![vec![]; names.len() + self.adjustment.names.len()];
        let mut tally = Tally::default();
        let mut current: Option<(usize, Option<Vec<f64>>, bool)> = None;
        for row in self.rows {
            if current.as_ref().is_none_or(|(course, ..)| *course != row.course) {
                current = Some((row.course, self.adjustment.values(row.course), false));
            }
            let Some((_, Some(values), counted)) = &mut current else { continue };
            let Some(dose) = terms(row) else { continue };
            let patient = self.cohort.courses[row.course].patient;
            if !*counted {
                tally.add(patient);
                *counted = true;
            }
            from.push(f64::from(row.span.from));
            to.push(f64::from(row.span.to));
            recurred.push(row.span.recurred);
            cluster.push(patient);
            columns.iter_mut().zip(dose.iter().chain(values.iter())).for_each(|(column, value)| column.push(*value));
        }
        let names = names.iter().chain(&self.adjustment.names).cloned().collect();
        let outcome = TimeToEvent::new(to, recurred)?.with_entry(from)?;
        let options = CoxOptions { level: self.level, cluster: Some(&cluster), ..CoxOptions::default() };
        CoxModel::fit(&outcome, &Covariates::new(names, columns)?, &options).map(|model| (model.fit, tally))
    }

    fn per_session(&self) -> Result<HazardRatio, StatsError> {
        let (fit, tally) = self.fit(&["sessions a week".to_owned()], |row| Some(vec![row.dose()]))?;
        ratio(&fit, tally, 0)
    }

    fn bands(&self) -> (Vec<DoseBand>, Computed<TestResult>) {
        const LABELS: [&str; 4] = ["none", "less than 1", "1 to less than 3", "3 and more"];
        let mut totals = [(0_i64, 0_usize, 0.0_f64); 4];
        for row in self.rows {
            let (days, recurrences, doses) = &mut totals[band_of(row.dose())];
            *days += row.days();
            *recurrences += usize::from(row.span.recurred);
            *doses += row.dose() * row.days() as f64;
        }
        let mean_dose = totals.map(|(days, _, doses)| (days > 0).then(|| doses / days as f64));
        let estimable: Vec<usize> = (1..4).filter(|&band| totals[band].1 > 0).collect();
        let names: Vec<String> = estimable.iter().map(|&band| LABELS[band].to_owned()).collect();
        let fit = if totals[0].1 == 0 {
            Computed::NotTestable(
                "no recurrence fell on a day without any session in its window, so there is nothing to compare with".to_owned(),
            )
        } else if estimable.is_empty() {
            Computed::NotTestable("no recurrence fell on a day with a session in its window".to_owned())
        } else {
            self.fit(&names, |row| {
                let mine = band_of(row.dose());
                (mine == 0 || estimable.contains(&mine)).then(|| estimable.iter().map(|&band| f64::from(band == mine)).collect())
            })
            .into()
        };
        let ratio_of = |band: usize| -> Computed<HazardRatio> {
            match (&fit, estimable.iter().position(|&other| other == band)) {
                (Computed::NotTestable(reason), _) => Computed::NotTestable(reason.clone()),
                (Computed::Value(_), None) => Computed::NotTestable("no recurrence fell on a day of this dose".to_owned()),
                (Computed::Value((fit, tally)), Some(term)) => ratio(fit, *tally, term).into(),
            }
        };
        let band = |band: usize| DoseBand {
            label: LABELS[band],
            days: totals[band].0,
            recurrences: totals[band].1,
            mean_dose: mean_dose[band],
            hazard_ratio: (band > 0).then(|| ratio_of(band)),
        };
        let trend = self.fit(&["mean dose of the band".to_owned()], |row| mean_dose[band_of(row.dose())].map(|dose| vec![dose]));
        let trend = trend.and_then(|(fit, _)| fit.wald_of(&[0]).ok_or(StatsError::UndefinedVariance { what: "the test for trend" }));
        ((0..4).map(band).collect(), trend.into())
    }

    fn curve(&self) -> Result<DoseCurve, StatsError> {
        let mut doses: Vec<(f64, i64)> = self.rows.iter().map(|row| (row.dose(), row.days())).filter(|(dose, _)| *dose > 0.0).collect();
        doses.sort_by(|one, other| one.0.total_cmp(&other.0));
        let events = self.rows.iter().filter(|row| row.span.recurred).count();
        let percentiles: &[f64] = if events < EVENTS_FOR_FOUR_KNOTS { &[0.1, 0.5, 0.9] } else { &[0.05, 0.35, 0.65, 0.95] };
        let knots = percentiles.iter().map(|&share| by_days(&doses, share)).collect::<Option<Vec<f64>>>();
        let spline = RestrictedCubicSpline::new(knots.ok_or(StatsError::NoVariation { what: "the doses" })?)?;
        let names: Vec<String> =
            (0..spline.width()).map(|term| if term == 0 { "dose".to_owned() } else { format!("bend {term}") }).collect();
        let (fit, _) = self.fit(&names, |row| Some(spline.terms(row.dose())))?;
        let greatest = by_days(&doses, 0.99).unwrap_or(0.0);
        let z = normal_quantile(0.5 + self.level / 2.0);
        let point = |number: u32| {
            let dose = greatest * f64::from(number) / f64::from(POINTS);
            // At no session all terms are 0: the knots lie above it.
            let terms = spline.terms(dose);
            let log: f64 = terms.iter().zip(&fit.terms).map(|(value, term)| value * term.coefficient).sum();
            let covariance = |j: usize, k: usize| fit.covariance[j][k] * terms[j] * terms[k];
            let variance: f64 = (0..terms.len()).flat_map(|j| (0..terms.len()).map(move |k| (j, k))).map(|(j, k)| covariance(j, k)).sum();
            let half = z * variance.max(0.0).sqrt();
            DosePoint { dose, hazard_ratio: log.exp(), lower: (log - half).exp(), upper: (log + half).exp() }
        };
        let all: Vec<usize> = (0..spline.width()).collect();
        Ok(DoseCurve {
            points: (0..=POINTS).map(point).collect(),
            nonlinearity: fit.wald_of(&all[1..]),
            overall: fit.wald_of(&all),
            knots: spline.knots().to_vec(),
        })
    }
}

fn ratio(fit: &CoxFit, tally: Tally, term: usize) -> Result<HazardRatio, StatsError> {
    let term = fit.terms.get(term).ok_or(StatsError::EmptySample)?;
    let interval = Interval { ..term.interval };
    let (n, patients, n_events) = (tally.programs, tally.patients, fit.n_events);
    Ok(HazardRatio { hazard_ratio: term.hazard_ratio, interval, p_value: term.p_value, n, patients, n_events })
}

/// The least dose at or below which this share of the days lies.
fn by_days(sorted: &[(f64, i64)], share: f64) -> Option<f64> {
    let needed = share * sorted.iter().map(|(_, days)| *days as f64).sum::<f64>();
    let mut sum = 0.0;
    sorted
        .iter()
        .find(|(_, days)| {
            sum += *days as f64;
            sum >= needed - 1e-9
        })
        .map(|(dose, _)| *dose)
}

fn days_by_dose(rows: &[DoseRow]) -> Vec<DoseDays> {
    // Nobody trains more than six times a day: what lies above belongs to the last bar.
    const MOST_BARS: usize = 84;
    let mut bars: Vec<DoseDays> = vec![DoseDays { above: 0.0, up_to: 0.0, days: 0, recurrences: 0 }];
    for row in rows {
        let number = ((row.dose() / BAR - 1e-9).ceil().max(0.0) as usize).min(MOST_BARS);
        while bars.len() <= number {
            let above = BAR * (bars.len() - 1) as f64;
            bars.push(DoseDays { above, up_to: above + BAR, days: 0, recurrences: 0 });
        }
        let bar = &mut bars[number];
        bar.days += row.days();
        bar.recurrences += usize::from(row.span.recurred);
    }
    bars
}
