//! Pain over the cohort: baseline, change, responders, weekly means, slopes.

use rayon::prelude::*;
use serde::Serialize;

use crate::cohort::{BaselineSource, Cohort, PainCourse};
use crate::domain::{Counted, Exclusion, Tally};
use crate::settings::{PainSettings, Settings};
use crate::stats::{Estimate, Proportion, Summary, least_squares_slope, mean_interval, quantile, summarize, theil_sen_slope, wilson};

use super::computed::Computed;

/// Pain of the cohort.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PainAnalysis {
    /// Patients with a program and at least one log in it or a baseline.
    pub patients: usize,
    /// Programs with one.
    pub programs: usize,
    /// Patients with pain logs but no program start: in none of these numbers.
    pub without_program: usize,
    /// Programs whose baseline lies before the first session.
    pub baselines_before_first_session: usize,
    /// Programs whose baseline had to be taken from the first days of the program.
    pub baselines_in_program: usize,
    /// Baseline pain.
    pub baseline: Computed<Summary>,
    /// End-of-program pain.
    pub end: Computed<Summary>,
    /// Mean change from baseline to the end of the program (t interval).
    pub change: Computed<Estimate>,
    /// Important change (30 % and 2 points by default).
    pub important: Responders,
    /// Substantial change (50 % by default).
    pub substantial: Responders,
    /// Program week by program week.
    pub by_week: Vec<PainByWeek>,
    /// Weekly slopes per patient.
    pub slopes: Computed<SlopeSummary>,
}

/// Responders among programs that have ended and whose baseline allows a percent change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Responders {
    /// Least share of baseline.
    pub share: f64,
    /// Least points.
    pub points: f64,
    /// Baseline too low for a percent change: left out of both.
    pub baseline_too_low: usize,
    /// No baseline at all: left out of both.
    pub no_baseline: usize,
    /// Programs without a log at the end count as non-responders.
    pub imputed: Computed<Proportion>,
    /// Only programs with a log at the end.
    pub observed: Computed<Proportion>,
}

/// One program week over all programs with a log in it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PainByWeek {
    /// Program week, from 1.
    pub week: u32,
    /// Patients with a log in that week.
    pub patients: usize,
    /// Programs with one.
    pub programs: usize,
    /// Mean over programs of their weekly mean.
    pub mean: f64,
    /// Interval of the mean (t), from two patients on.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
    /// Lower quartile over programs.
    pub lower_quartile: f64,
    /// Upper quartile over programs.
    pub upper_quartile: f64,
}

/// Slopes of weekly mean pain on program week, in points per week.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlopeSummary {
    /// Patients with enough weeks.
    pub patients: usize,
    /// Programs with enough weeks.
    pub programs: usize,
    /// Least-squares slopes.
    pub least_squares: Summary,
    /// Theil–Sen slopes.
    pub theil_sen: Summary,
}

impl PainAnalysis {
    /// What is averaged over: patients, or programs where some patient has several.
    #[must_use]
    pub fn counted(&self) -> Counted {
        Counted::of(self.programs, self.patients)
    }
}

/// Summarizes the cohort's pain.
#[must_use]
pub fn analyze_pain(cohort: &Cohort, settings: &Settings) -> PainAnalysis {
    let level = settings.model.level;
    let logged: Vec<(usize, &PainCourse)> = cohort
        .courses
        .iter()
        .filter_map(|course| Some((course.patient, course.pain.as_ref()?)))
        .filter(|(_, pain)| pain.baseline.is_some() || !pain.weeks.is_empty())
        .collect();
    let tally = Tally::of(logged.iter().map(|(patient, _)| *patient));
    let courses: Vec<&PainCourse> = logged.iter().map(|(_, pain)| *pain).collect();
    let baselines = |source| courses.iter().filter(|pain| pain.baseline.is_some_and(|(_, from)| from == source)).count();
    let summary = |values: Vec<f64>| -> Computed<Summary> { summarize(&values).into() };
    // A change is read off programs that have ended.
    let ended: Vec<&PainCourse> = cohort
        .courses
        .iter()
        .filter(|course| course.program.is_some_and(|program| program.completion != Err(Exclusion::ProgramOngoing)))
        .filter_map(|course| course.pain.as_ref())
        .filter(|pain| pain.baseline.is_some() || !pain.weeks.is_empty())
        .collect();
    let changes: Vec<f64> = ended.iter().filter_map(|pain| pain.change()).collect();
    PainAnalysis {
        patients: tally.patients,
        programs: tally.programs,
        without_program: cohort.courses.iter().filter(|course| course.program.is_none() && course.pain_logged.is_some()).count(),
        baselines_before_first_session: baselines(BaselineSource::BeforeFirstSession),
        baselines_in_program: baselines(BaselineSource::FirstProgramDays),
        baseline: summary(courses.iter().filter_map(|pain| pain.baseline.map(|(value, _)| value)).collect()),
        end: summary(ended.iter().filter_map(|pain| pain.end).collect()),
        change: mean_interval(&changes, level).into(),
        important: responders(&ended, settings.pain.important_share, &settings.pain, level),
        substantial: responders(&ended, settings.pain.substantial_share, &settings.pain, level),
        by_week: by_week(&logged, level),
        slopes: slopes(&logged, settings.pain.slope_weeks),
    }
}

fn responders(ended: &[&PainCourse], share: f64, settings: &PainSettings, level: f64) -> Responders {
    let (mut no_baseline, mut baseline_too_low) = (0, 0);
    let (mut eligible, mut observed, mut responded) = (0, 0, 0);
    for pain in ended {
        match pain.baseline {
            None => no_baseline += 1,
            Some((baseline, _)) if baseline < settings.share_from_baseline => baseline_too_low += 1,
            Some((baseline, _)) => {
                eligible += 1;
                if let Some(end) = pain.end {
                    observed += 1;
                    let relief = baseline - end;
                    // A hair of slack, so that 7 to 4.9 is 30 % whatever the last bit says.
                    responded += usize::from(relief >= share * baseline - 1e-9 && relief >= settings.important_points - 1e-9);
                }
            }
        }
    }
    Responders {
        share,
        points: settings.important_points,
        baseline_too_low,
        no_baseline,
        imputed: wilson(responded, eligible, level).into(),
        observed: wilson(responded, observed, level).into(),
    }
}

fn by_week(courses: &[(usize, &PainCourse)], level: f64) -> Vec<PainByWeek> {
    let n_weeks = courses.iter().filter_map(|(_, pain)| pain.weeks.last()).map(|week| week.week as usize + 1).max().unwrap_or(0);
    let mut weeks: Vec<(Tally, Vec<f64>)> = vec![(Tally::default(), Vec::new()); n_weeks];
    for (patient, week) in courses.iter().flat_map(|(patient, pain)| pain.weeks.iter().map(move |week| (*patient, week))) {
        let (tally, means) = &mut weeks[week.week as usize];
        tally.add(patient);
        means.push(week.mean);
    }
    weeks
        .into_par_iter()
        .enumerate()
        .filter_map(|(week, (tally, means))| {
            let interval = mean_interval(&means, level).ok().and_then(|estimate| estimate.interval);
            Some(PainByWeek {
                week: week as u32 + 1,
                patients: tally.patients,
                programs: tally.programs,
                mean: summarize(&means).ok()?.mean,
                lower: interval.map(|interval| interval.lower),
                upper: interval.map(|interval| interval.upper),
                lower_quartile: quantile(&means, 0.25).ok()?,
                upper_quartile: quantile(&means, 0.75).ok()?,
            })
        })
        .collect()
}

fn slopes(courses: &[(usize, &PainCourse)], least_weeks: usize) -> Computed<SlopeSummary> {
    let found: Vec<(usize, (f64, f64))> = courses
        .par_iter()
        .map_init(
            || (Vec::new(), Vec::new(), Vec::new()),
            |(x, y, scratch), (patient, pain)| {
                if pain.weeks.len() < least_weeks {
                    return None;
                }
                x.clear();
                y.clear();
                x.extend(pain.weeks.iter().map(|week| f64::from(week.week)));
                y.extend(pain.weeks.iter().map(|week| week.mean));
                Some((*patient, (least_squares_slope(x, y)?, theil_sen_slope(x, y, scratch)?)))
            },
        )
        .flatten()
        .collect();
    if found.is_empty() {
        return Computed::NotTestable(format!("no patient has pain logged in {least_weeks} weeks of a program"));
    }
    let tally = Tally::of(found.iter().map(|(patient, _)| *patient));
    let (least_squares, theil_sen): (Vec<f64>, Vec<f64>) = found.into_iter().map(|(_, slopes)| slopes).unzip();
    match (summarize(&least_squares), summarize(&theil_sen)) {
        (Ok(ols), Ok(robust)) => {
            Computed::Value(SlopeSummary { patients: tally.patients, programs: tally.programs, least_squares: ols, theil_sen: robust })
        }
        (Err(error), _) | (_, Err(error)) => Computed::NotTestable(error.to_string()),
    }
}
