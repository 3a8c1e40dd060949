//! The true value of what each estimator is after, from large cohorts of which every day is known.

use staywell::simulate::{SimulationOptions, TrueCourse, Uptake, true_courses};
use staywell::stats::survival::{Covariates, CoxModel, CoxOptions, TimeToEvent};

/// What an estimator is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Maintained at the landmark or not, among people alike in the covariates.
    Landmark,
    /// The same among all.
    LandmarkMarginal,
    /// The hazard of a day on which the plan is to maintain, against one on which it is not.
    Daily,
    /// Everybody keeps it up against nobody does, after the days of grace.
    Strategies,
}

/// Log hazard ratios that are true of a scenario.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimands {
    /// The generator's: the hazard of a day.
    pub daily: f64,
    /// See [`Target::Landmark`].
    pub landmark: f64,
    /// See [`Target::LandmarkMarginal`].
    pub landmark_marginal: f64,
    /// What the exposure of each day, told from the sessions of the window before it, makes of the daily ratio in perfect logs.
    pub by_window: f64,
    /// See [`Target::Strategies`].
    pub strategies: f64,
    /// Largest standard error of the four.
    pub std_error: f64,
}

impl Estimands {
    /// The value of a target.
    pub fn of(&self, target: Target) -> f64 {
        match target {
            Target::Landmark => self.landmark,
            Target::LandmarkMarginal => self.landmark_marginal,
            Target::Daily => self.daily,
            Target::Strategies => self.strategies,
        }
    }
}

/// Values worked out already.
#[derive(Default)]
pub struct Known(Vec<(SimulationOptions, Estimands)>);

/// Patients simulated at a time.
const CHUNK: usize = 50_000;
/// Seeds of the true cohorts, apart from those of the cohorts.
const SEED: u64 = 900_000_000;
/// The definitions' defaults: landmark, lag, window, and the days of grace of the strategies.
const LANDMARK: i32 = 84;
const LAG: i32 = 7;
const WINDOW: i32 = 28;
const SHORTEST_WINDOW: i32 = 7;
const GRACE: i32 = 28;

impl Known {
    /// The values of a scenario. Where the exercise does nothing all are 0.
    pub fn of(&mut self, scenario: &SimulationOptions, patients: usize) -> Result<Estimands, String> {
        let daily = scenario.maintenance_hazard_ratio.ln();
        if daily == 0.0 {
            return Ok(Estimands { daily, landmark: 0.0, landmark_marginal: 0.0, by_window: 0.0, strategies: 0.0, std_error: 0.0 });
        }
        // What concerns the logs alone changes nothing that is true.
        let perfect = SimulationOptions {
            reverse_causation: 0.0,
            dropout_per_year: 0.0,
            informative_dropout: 0.0,
            logs_per_week: 7.0,
            logging_when_stopped: 1.0,
            dirty_share: 0.0,
            ..scenario.clone()
        };
        if let Some((_, known)) = self.0.iter().find(|(options, _)| *options == perfect) {
            return Ok(*known);
        }
        let mut pooled = [Pooled::default(); 4];
        for chunk in 0..patients.div_ceil(CHUNK).max(1) {
            let of = |uptake| {
                let patients = CHUNK.min(patients - chunk * CHUNK).max(1_000);
                let options = SimulationOptions { uptake, patients, seed: SEED + chunk as u64, ..perfect.clone() };
                true_courses(&options).map_err(|error| error.to_string())
            };
            let random = of(Uptake::Random)?;
            pooled[0].add(landmark(&random, true)?);
            pooled[1].add(landmark(&random, false)?);
            pooled[2].add(by_window(&random)?);
            pooled[3].add(strategies(&of(Uptake::Always)?, &of(Uptake::Never)?)?);
        }
        let [landmark, landmark_marginal, by_window, strategies] = pooled.map(|pooled| pooled.mean());
        let std_error = pooled.iter().map(Pooled::std_error).fold(0.0, f64::max);
        let found = Estimands { daily, landmark, landmark_marginal, by_window, strategies, std_error };
        self.0.push((perfect, found));
        Ok(found)
    }
}

/// Mean of estimates weighted by the inverse of their variance.
#[derive(Clone, Copy, Default)]
struct Pooled {
    weight: f64,
    sum: f64,
}

impl Pooled {
    fn add(&mut self, (estimate, std_error): (f64, f64)) {
        let weight = std_error.powi(-2);
        self.weight += weight;
        self.sum += weight * estimate;
    }

    fn mean(&self) -> f64 {
        self.sum / self.weight
    }

    fn std_error(&self) -> f64 {
        self.weight.sqrt().recip()
    }
}

/// A row of a Cox model.
struct Row<'a> {
    course: &'a TrueCourse,
    entry: i32,
    time: i32,
    event: bool,
    maintained: bool,
}

/// Sessions a week, on average, in the window that ends `LAG` days before a day, are one or more; `None` with too few days of it.
fn maintained(course: &TrueCourse, day: staywell::domain::Day) -> Option<bool> {
    let completed = course.completed?;
    let to = day.plus(-LAG);
    let from = to.plus(1 - WINDOW).max(completed.plus(1));
    let days = to.days_since(from) + 1;
    let up_to = |day| course.maintenance.partition_point(|session| *session <= day);
    let done = up_to(to) - up_to(from.plus(-1));
    (days >= SHORTEST_WINDOW).then(|| done as f64 >= f64::from(days) / 7.0 - 1e-9)
}

/// Last day of follow-up, and whether it ends in a recurrence.
fn end(course: &TrueCourse) -> (staywell::domain::Day, bool) {
    course.recurrence.map_or((course.last_day, false), |day| (day, true))
}

fn landmark(courses: &[TrueCourse], adjusted: bool) -> Result<(f64, f64), String> {
    let rows = courses.iter().filter_map(|course| {
        let day = course.at_risk_from?.plus(LANDMARK);
        let (end, event) = end(course);
        let time = end.days_since(day);
        (time > 0).then_some(())?;
        Some(Row { course, entry: 0, time, event, maintained: maintained(course, day)? })
    });
    log_ratio(&rows.collect::<Vec<_>>(), adjusted)
}

fn by_window(courses: &[TrueCourse]) -> Result<(f64, f64), String> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for course in courses {
        let Some(risk) = course.at_risk_from else { continue };
        let (end, event) = end(course);
        let first = rows.len();
        for day in 0..end.days_since(risk) {
            let Some(maintained) = maintained(course, risk.plus(day)) else { continue };
            match rows[first..].last_mut() {
                Some(last) if last.maintained == maintained && last.time == day => last.time += 1,
                _ => rows.push(Row { course, entry: day, time: day + 1, event: false, maintained }),
            }
        }
        if let Some(last) = rows[first..].last_mut() {
            last.event = event;
        }
    }
    log_ratio(&rows, true)
}

fn strategies(always: &[TrueCourse], never: &[TrueCourse]) -> Result<(f64, f64), String> {
    let rows = [(always, true), (never, false)].into_iter().flat_map(|(courses, maintained)| {
        courses.iter().filter_map(move |course| {
            let (end, event) = end(course);
            let time = end.days_since(course.at_risk_from?);
            (time > GRACE).then_some(Row { course, entry: GRACE, time, event, maintained })
        })
    });
    log_ratio(&rows.collect::<Vec<_>>(), false)
}

/// Log hazard ratio of `maintained` and its standard error.
fn log_ratio(rows: &[Row<'_>], adjusted: bool) -> Result<(f64, f64), String> {
    let outcome = TimeToEvent::new(rows.iter().map(|row| f64::from(row.time)).collect(), rows.iter().map(|row| row.event).collect());
    let outcome = if rows.iter().any(|row| row.entry > 0) {
        outcome.and_then(|outcome| outcome.with_entry(rows.iter().map(|row| f64::from(row.entry)).collect()))
    } else {
        outcome
    };
    let column = |of: &dyn Fn(&TrueCourse) -> f64| rows.iter().map(|row| of(row.course)).collect::<Vec<f64>>();
    let mut columns = vec![("maintained", rows.iter().map(|row| f64::from(row.maintained)).collect())];
    if adjusted {
        columns.extend([
            ("age", column(&|course| course.age)),
            ("sex", column(&|course| f64::from(course.female))),
            ("previous_episodes", column(&|course| course.previous_episodes)),
            ("activity_level", column(&|course| course.activity_level)),
            ("baseline_pain", column(&|course| course.baseline_pain)),
            ("adherence", column(&|course| course.adherence)),
        ]);
    }
    let (names, columns) = columns.into_iter().map(|(name, column)| (name.to_owned(), column)).unzip();
    let fit = outcome
        .and_then(|outcome| CoxModel::fit(&outcome, &Covariates::new(names, columns)?, &CoxOptions::default()))
        .map_err(|error| error.to_string())?
        .fit;
    fit.terms.first().map(|term| (term.coefficient, term.std_error)).ok_or_else(|| "a model without terms".to_owned())
}
