//! The true value of what each estimator is after, from large cohorts of which every day is known.

use staywell::domain::Day;
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
    /// The same from the first day at risk on: during the days of grace everybody is in both groups.
    StrategiesFromStart,
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
    /// What the exposure of each day, told from the sessions of a window that ends each of [`LAGS`] before it, makes of the daily
    /// ratio in perfect logs.
    pub by_window: [f64; 2],
    /// See [`Target::Strategies`].
    pub strategies: f64,
    /// See [`Target::StrategiesFromStart`].
    pub strategies_from_start: f64,
    /// Largest standard error of those worked out from cohorts.
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
            Target::StrategiesFromStart => self.strategies_from_start,
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
/// The definitions' defaults: the lag, and another one of their sweep.
pub const LAGS: [i32; 2] = [7, 42];
/// The definitions' defaults: landmark, window, and the days of grace of the strategies.
const LANDMARK: i32 = 84;
const WINDOW: i32 = 28;
const SHORTEST_WINDOW: i32 = 7;
const GRACE: i32 = 28;

impl Known {
    /// The values of a scenario. Where the exercise does nothing all are 0.
    pub fn of(&mut self, scenario: &SimulationOptions, patients: usize) -> Result<Estimands, String> {
        let daily = scenario.maintenance_hazard_ratio.ln();
        if daily == 0.0 {
            return Ok(Estimands {
                daily,
                landmark: 0.0,
                landmark_marginal: 0.0,
                by_window: [0.0; 2],
                strategies: 0.0,
                strategies_from_start: 0.0,
                std_error: 0.0,
            });
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
        let mut pooled = [Pooled::default(); 6];
        for chunk in 0..patients.div_ceil(CHUNK).max(1) {
            let of = |uptake| {
                let patients = CHUNK.min(patients - chunk * CHUNK).max(1_000);
                let options = SimulationOptions { uptake, patients, seed: SEED + chunk as u64, ..perfect.clone() };
                true_courses(&options).map_err(|error| error.to_string())
            };
            let random = of(Uptake::Random)?;
            pooled[0].add(landmark(&random, true)?);
            pooled[1].add(landmark(&random, false)?);
            pooled[2].add(by_window(&random, LAGS[0])?);
            pooled[3].add(by_window(&random, LAGS[1])?);
            let (always, never) = (of(Uptake::Always)?, of(Uptake::Never)?);
            pooled[4].add(strategies(&always, &never)?);
            pooled[5].add(strategies_from_start(&random, &always, &never)?);
        }
        let [landmark, landmark_marginal, short_lag, long_lag, strategies, strategies_from_start] = pooled.map(|pooled| pooled.mean());
        let std_error = pooled.iter().map(Pooled::std_error).fold(0.0, f64::max);
        let by_window = [short_lag, long_lag];
        let found = Estimands { daily, landmark, landmark_marginal, by_window, strategies, strategies_from_start, std_error };
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

/// Sessions a week, on average, in the window that ends `lag` days before a day, are one or more; `None` with too few days of it.
fn maintained(course: &TrueCourse, day: Day, lag: i32) -> Option<bool> {
    let completed = course.completed?;
    let to = day.plus(-lag);
    let from = to.plus(1 - WINDOW).max(completed.plus(1));
    let days = to.days_since(from) + 1;
    let up_to = |day| course.maintenance.partition_point(|session| *session <= day);
    let done = up_to(to) - up_to(from.plus(-1));
    (days >= SHORTEST_WINDOW).then(|| done as f64 >= f64::from(days) / 7.0 - 1e-9)
}

/// Last day of follow-up, and whether it ends in a recurrence.
fn end(course: &TrueCourse) -> (Day, bool) {
    course.recurrence.map_or((course.last_day, false), |day| (day, true))
}

fn landmark(courses: &[TrueCourse], adjusted: bool) -> Result<(f64, f64), String> {
    let rows = courses.iter().filter_map(|course| {
        let day = course.at_risk_from?.plus(LANDMARK);
        let (end, event) = end(course);
        let time = end.days_since(day);
        (time > 0).then_some(())?;
        Some(Row { course, entry: 0, time, event, maintained: maintained(course, day, LAGS[0])? })
    });
    log_ratio(&rows.collect::<Vec<_>>(), adjusted)
}

fn by_window(courses: &[TrueCourse], lag: i32) -> Result<(f64, f64), String> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for course in courses {
        let Some(risk) = course.at_risk_from else { continue };
        let (end, event) = end(course);
        let first = rows.len();
        for day in 0..end.days_since(risk) {
            let Some(maintained) = maintained(course, risk.plus(day), lag) else { continue };
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
    log_ratio(&after_grace(always, never), false)
}

fn strategies_from_start(random: &[TrueCourse], always: &[TrueCourse], never: &[TrueCourse]) -> Result<(f64, f64), String> {
    let grace = [true, false].into_iter().flat_map(|maintained| {
        random.iter().filter_map(move |course| {
            let (end, event) = end(course);
            let time = end.days_since(course.at_risk_from?);
            (time > 0).then_some(Row { course, entry: 0, time: time.min(GRACE), event: event && time <= GRACE, maintained })
        })
    });
    let mut rows: Vec<Row<'_>> = grace.collect();
    rows.extend(after_grace(always, never));
    log_ratio(&rows, false)
}

/// The days after those of grace, as everybody keeps it up and as nobody does.
fn after_grace<'a>(always: &'a [TrueCourse], never: &'a [TrueCourse]) -> Vec<Row<'a>> {
    let rows = [(always, true), (never, false)].into_iter().flat_map(|(courses, maintained)| {
        courses.iter().filter_map(move |course| {
            let (end, event) = end(course);
            let time = end.days_since(course.at_risk_from?);
            (time > GRACE).then_some(Row { course, entry: GRACE, time, event, maintained })
        })
    });
    rows.collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A course at risk from its first day, with a recurrence on a day at risk or none by day 100.
    fn course(recurrence: Option<i32>) -> TrueCourse {
        let risk = Day::parse_iso("2024-01-01").unwrap();
        TrueCourse {
            age: 40.0,
            female: false,
            previous_episodes: 0.0,
            activity_level: 5.0,
            health_trait: 0.0,
            baseline_pain: 5.0,
            adherence: 0.8,
            started: risk.plus(-90),
            completed: Some(risk),
            at_risk_from: Some(risk),
            recurrence: recurrence.map(|day| risk.plus(day)),
            last_day: risk.plus(100),
            maintained_to: None,
            maintenance: Vec::new(),
        }
    }

    // Day 40: one of two in "never", beside one in "always"; day 50: the one in "always", beside the other one in "never". The score is
    // 1 − x/(2 + x) − x/(1 + x), so x² = 2.
    // From the start, day 10 adds one of two people who are in both groups: 1 − 2x/(1 + x), the risk set of the second of the two tied
    // events being the first's with the same share on each side. So 2x² + x = 4.
    #[test]
    fn the_days_of_grace_draw_the_ratio_of_the_strategies_towards_1() {
        let (always, never) = ([course(Some(50))], [course(Some(40)), course(None)]);
        let random = [course(Some(10)), course(None)];
        let after = strategies(&always, &never).unwrap().0.exp();
        assert!((after - 2.0_f64.sqrt()).abs() < 1e-6, "{after}");
        let from_start = strategies_from_start(&random, &always, &never).unwrap().0.exp();
        assert!((from_start - (33.0_f64.sqrt() - 1.0) / 4.0).abs() < 1e-6, "{from_start}");
    }

    // Sessions every third day from 1 to 28. Of day 62 the window that ends 7 days before holds day 28 alone, the one that ends 42 days
    // before seven sessions in 20 days.
    #[test]
    fn the_window_of_a_longer_lag_lies_further_back() {
        let mut course = course(None);
        let risk = course.at_risk_from.unwrap();
        course.maintenance = (1..=28).step_by(3).map(|day| risk.plus(day)).collect();
        assert_eq!(LAGS.map(|lag| maintained(&course, risk.plus(62), lag)), [Some(false), Some(true)]);
        assert_eq!(LAGS.map(|lag| maintained(&course, risk.plus(20), lag)), [Some(true), None]);
    }
}
