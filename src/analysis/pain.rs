//! Pain over the cohort: baseline, change, responders, weekly means, slopes.

use rayon::prelude::*;
use serde::Serialize;

use crate::cohort::{BaselineSource, Cohort, PainCourse};
use crate::domain::{Counted, Exclusion, Tally};
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::{Estimate, Summary, least_squares_slope, mean_interval, quantile, summarize, theil_sen_slope};

use super::computed::Computed;
use super::pain_by_adherence::{PainByAdherence, pain_by_adherence};
use super::pain_course::{PainCourses, analyze_courses};
use super::responders::{Responders, SimpleResponders, responders, simple_responders};

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
    /// At least 30 %, 50 %, and 2 points, each alone.
    pub simple: Vec<SimpleResponders>,
    /// Program week by program week.
    pub by_week: Vec<PainByWeek>,
    /// Trends, patterns and flares.
    pub courses: PainCourses,
    /// Weekly pain by the week and the adherence so far.
    pub by_adherence: Computed<PainByAdherence>,
    /// Weekly slopes per patient.
    pub slopes: Computed<SlopeSummary>,
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
pub fn analyze_pain(logs: &Logs, cohort: &Cohort, settings: &Settings) -> PainAnalysis {
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
        baselines_in_program: baselines(BaselineSource::FirstProgramDays) + baselines(BaselineSource::FirstScore),
        baseline: summary(courses.iter().filter_map(|pain| pain.baseline.map(|(value, _)| value)).collect()),
        end: summary(ended.iter().filter_map(|pain| pain.end).collect()),
        change: mean_interval(&changes, level).into(),
        important: responders(&ended, settings.pain.important_share, &settings.pain, level),
        substantial: responders(&ended, settings.pain.substantial_share, &settings.pain, level),
        simple: simple_responders(&ended, &settings.pain, level),
        by_week: by_week(&logged, level),
        courses: analyze_courses(logs, cohort, settings),
        by_adherence: pain_by_adherence(cohort, settings),
        slopes: slopes(&logged, settings.pain.slope_weeks),
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
