//! Pain-defined flares: days on which pain is clearly above the patient's own average.

use std::ops::Range;

use crate::domain::Day;
use crate::ingest::PainLog;
use crate::settings::PainSettings;

/// One pain-defined flare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flare {
    /// First day.
    pub from: Day,
    /// Last day logged as one.
    pub to: Day,
    /// Logs in it.
    pub logs: u32,
    /// Highest score.
    pub peak: f64,
    /// The patient's own average on its first day.
    pub average: f64,
}

/// The pain-defined flares of a patient.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flares {
    /// Logged days that could be judged: with an average before them.
    pub judged_days: u32,
    /// The flares.
    pub flares: Vec<Flare>,
}

/// An average needs so many logged days.
const LEAST: usize = 7;
/// Two days of one flare are at most so many days apart.
const APART: i32 = 3;

impl Flares {
    /// Logged days in a flare.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.flares.iter().map(|flare| flare.logs).sum()
    }

    /// Flares of one patient's rows, in the order of their days.
    ///
    /// # Definition
    /// A day is in a flare if its score is at least `flare_points` above the patient's own average: the mean of the `flare_average`
    /// logged days before it (of as many as there are, at least 7), or of all logged days with `flare_average = 0`, which knows the
    /// future. Days of a flare enter the averages of later days as they are. A flare goes on over logged days in it at most 3 days
    /// apart.
    ///
    /// # References
    /// Two points above the person's own average: Costa and others (2021), the numeric proxy of the consensus definition of Costa and
    /// others (2019), J Pain 20:1267. Most flares that patients report are not above their average pain, so these are called
    /// pain-defined.
    pub(super) fn of(log: &PainLog, rows: Range<usize>, settings: &PainSettings) -> Self {
        let mut found = Self::default();
        let overall = || rows.clone().map(|row| log.score(row)).sum::<f64>() / rows.len() as f64;
        let fixed = (settings.flare_average == 0 && rows.len() >= LEAST).then(overall);
        let (mut sum, mut n) = (0.0, 0_usize);
        for row in rows.clone() {
            let (day, score) = (Day(log.day[row]), log.score(row));
            let average = if settings.flare_average == 0 { fixed } else { (n >= LEAST).then(|| sum / n as f64) };
            if let Some(average) = average {
                found.judged_days += 1;
                if score >= average + settings.flare_points - 1e-9 {
                    found.add(day, score, average, row > rows.start && found.ended_just_before(log, row));
                }
            }
            sum += score;
            n += 1;
            if n > settings.flare_average && settings.flare_average > 0 {
                sum -= log.score(row - settings.flare_average);
                n -= 1;
            }
        }
        found
    }

    /// Whether the log before `row` was the last of a flare.
    fn ended_just_before(&self, log: &PainLog, row: usize) -> bool {
        self.flares.last().is_some_and(|flare| flare.to.0 == log.day[row - 1])
    }

    fn add(&mut self, day: Day, score: f64, average: f64, follows: bool) {
        match self.flares.last_mut() {
            Some(flare) if follows && day.days_since(flare.to) <= APART => {
                flare.to = day;
                flare.logs += 1;
                flare.peak = flare.peak.max(score);
            }
            _ => self.flares.push(Flare { from: day, to: day, logs: 1, peak: score, average }),
        }
    }
}
