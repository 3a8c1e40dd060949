//! The pattern of a pain course, by Kongsted's rules.

use serde::Serialize;

use crate::ingest::PainLog;
use crate::settings::PainSettings;

/// How severe a course is on average: weekly means, averaged, rounded to the nearest whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// 0–1.
    MinorOrRecovered,
    /// 2–3.
    Mild,
    /// 4–5.
    Moderate,
    /// 6–10.
    Severe,
}

/// How a course varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pattern {
    /// No pain in any week.
    NoPain,
    /// One period of pain of at most 2 weeks.
    SingleEpisode,
    /// Several periods of pain, a pain-free month between them.
    Episodic,
    /// Varies by more than 2 points, without a pain-free month.
    Fluctuating,
    /// Within 1 point of its own mean, pain on more than 4 days a week.
    Ongoing,
}

/// Why a course has no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoPattern {
    /// Fewer weeks with a log than a pattern needs.
    TooFewWeeks,
    /// Fewer than three quarters of the weeks from the first to the last have a log.
    TooManyGaps,
    /// One period of pain longer than 2 weeks, and a pain-free month.
    OneLongEpisode,
    /// Varies by 2 points at most, but leaves 1 point around its mean, or has pain on 4 days a week at most.
    Between,
}

/// Whether a course rises or falls as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CourseChange {
    /// A marked fall within the first month that lasts to the end.
    RapidImprovement,
    /// A marked fall over more than a month.
    GradualImprovement,
    /// A marked rise.
    Progressing,
    /// Neither.
    NoMarkedChange,
}

/// The course of pain from the program's start (without one, from the first log) to the last log of it, week by week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trajectory {
    /// Weeks with a log.
    pub weeks: u32,
    /// Severity; `None` without a log.
    pub severity: Option<Severity>,
    /// Pattern, or why none.
    pub pattern: Result<Pattern, NoPattern>,
    /// Change; `None` where there are too few weeks for a pattern.
    pub change: Option<CourseChange>,
}

impl Severity {
    /// All, the least first.
    pub const ALL: [Self; 4] = [Self::MinorOrRecovered, Self::Mild, Self::Moderate, Self::Severe];

    fn of(mean: f64) -> Self {
        match mean.round() {
            mean if mean >= 6.0 => Self::Severe,
            mean if mean >= 4.0 => Self::Moderate,
            mean if mean >= 2.0 => Self::Mild,
            _ => Self::MinorOrRecovered,
        }
    }

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MinorOrRecovered => "minor or recovered",
            Self::Mild => "mild",
            Self::Moderate => "moderate",
            Self::Severe => "severe",
        }
    }
}

impl Pattern {
    /// All.
    pub const ALL: [Self; 5] = [Self::NoPain, Self::SingleEpisode, Self::Episodic, Self::Fluctuating, Self::Ongoing];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoPain => "no pain",
            Self::SingleEpisode => "single episode",
            Self::Episodic => "episodic",
            Self::Fluctuating => "fluctuating",
            Self::Ongoing => "ongoing",
        }
    }
}

impl NoPattern {
    /// All.
    pub const ALL: [Self; 4] = [Self::TooFewWeeks, Self::TooManyGaps, Self::OneLongEpisode, Self::Between];

    /// In words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooFewWeeks => "too few weeks with a log",
            Self::TooManyGaps => "too many weeks without a log",
            Self::OneLongEpisode => "one longer period of pain with a pain-free month",
            Self::Between => "between ongoing and fluctuating",
        }
    }
}

impl CourseChange {
    /// All.
    pub const ALL: [Self; 4] = [Self::RapidImprovement, Self::GradualImprovement, Self::Progressing, Self::NoMarkedChange];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RapidImprovement => "rapid improvement",
            Self::GradualImprovement => "gradual improvement",
            Self::Progressing => "progressing",
            Self::NoMarkedChange => "no marked change",
        }
    }
}

/// Weeks of a month.
const MONTH: u32 = 4;
/// A single episode lasts at most so many weeks.
const SHORT: u32 = 2;

/// A week with a log.
#[derive(Clone, Copy)]
struct Week {
    week: u32,
    days: u32,
    days_with_pain: u32,
    mean: f64,
}

impl Trajectory {
    /// Classifies the course of these rows of one patient, in the order of their days; week 0 begins on day `from`.
    ///
    /// # Definition
    /// Each week's mean is rounded to the nearest whole number first, since the published bands leave holes. *Severity*: the mean over
    /// weeks, rounded: 0–1, 2–3, 4–5, 6–10. A *pain-free month* is four weeks in a row, each logged, that round to 0. *Ongoing*: every
    /// week within 1 point of the mean over weeks, and pain on more than 4 of 7 days (of the days logged). *Fluctuating*: greatest less
    /// least week above 2, no pain-free month. *Episodic*: more than one period of pain with a pain-free month between. *Single
    /// episode*: one period of at most 2 weeks, and a pain-free month. *Change*: from the first week to the last four; a fall of at
    /// least `important_share` of it and `important_points`, rapid if the four weeks after the first month are as low already; a rise
    /// (progressing) of at least `important_points`.
    ///
    /// # References
    /// Kongsted and others (2016), BMC Musculoskelet Disord 17:220, as reprinted in Kongsted, Hestbaek and Kent (2017), ibid. 18:285,
    /// table 1. There the course is one year; what a marked fall is, the least number of weeks and the share of them with a log are ours.
    pub(super) fn of(log: &PainLog, rows: std::ops::Range<usize>, from: i32, settings: &PainSettings) -> Self {
        let weeks = weekly(log, rows, from);
        let n = weeks.len() as u32;
        let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else {
            return Self { weeks: 0, severity: None, pattern: Err(NoPattern::TooFewWeeks), change: None };
        };
        let mean = weeks.iter().map(|week| week.mean.round()).sum::<f64>() / f64::from(n);
        let severity = Some(Severity::of(mean));
        let spanned = last.week - first.week + 1;
        let refused = if weeks.len() < settings.trajectory_weeks {
            Some(NoPattern::TooFewWeeks)
        } else if 4 * n < 3 * spanned {
            Some(NoPattern::TooManyGaps)
        } else {
            None
        };
        match refused {
            Some(reason) => Self { weeks: n, severity, pattern: Err(reason), change: None },
            None => Self { weeks: n, severity, pattern: pattern(&weeks, mean), change: Some(change(&weeks, settings)) },
        }
    }
}

fn weekly(log: &PainLog, rows: std::ops::Range<usize>, from: i32) -> Vec<Week> {
    let mut weeks: Vec<Week> = Vec::new();
    for row in rows {
        let week = log.day[row].saturating_sub(from).unsigned_abs() / 7;
        let score = log.score(row);
        let with_pain = u32::from(score > 0.0);
        match weeks.last_mut() {
            Some(last) if last.week == week => {
                last.days += 1;
                last.days_with_pain += with_pain;
                last.mean += score;
            }
            _ => weeks.push(Week { week, days: 1, days_with_pain: with_pain, mean: score }),
        }
    }
    for week in &mut weeks {
        week.mean /= f64::from(week.days);
    }
    weeks
}

fn pattern(weeks: &[Week], mean: f64) -> Result<Pattern, NoPattern> {
    let Periods { periods, longest, pain_free_month } = periods(weeks);
    let (mut least, mut greatest, mut near, mut days) = (f64::INFINITY, f64::NEG_INFINITY, true, 0.0);
    for week in weeks {
        let score = week.mean.round();
        least = least.min(score);
        greatest = greatest.max(score);
        near &= (score - mean).abs() <= 1.0 + 1e-9;
        days += 7.0 * f64::from(week.days_with_pain) / f64::from(week.days);
    }
    match periods {
        0 => Ok(Pattern::NoPain),
        1 if pain_free_month && longest <= SHORT => Ok(Pattern::SingleEpisode),
        1 if pain_free_month => Err(NoPattern::OneLongEpisode),
        1 if near && days / weeks.len() as f64 > 4.0 => Ok(Pattern::Ongoing),
        1 if greatest - least > 2.0 => Ok(Pattern::Fluctuating),
        1 => Err(NoPattern::Between),
        _ => Ok(Pattern::Episodic),
    }
}

/// Periods of pain, a pain-free month between each two.
struct Periods {
    periods: u32,
    /// Weeks from the first to the last with pain of the longest period.
    longest: u32,
    pain_free_month: bool,
}

fn periods(weeks: &[Week]) -> Periods {
    let mut found = Periods { periods: 0, longest: 0, pain_free_month: false };
    let (mut began, mut free_run, mut before) = (None, 0, None);
    for week in weeks {
        let follows = before.is_some_and(|before| week.week == before + 1);
        before = Some(week.week);
        if week.mean.round() > 0.0 {
            free_run = 0;
            let began = *began.get_or_insert_with(|| {
                found.periods += 1;
                week.week
            });
            found.longest = found.longest.max(week.week - began + 1);
        } else {
            free_run = if follows { free_run + 1 } else { 1 };
            if free_run >= MONTH {
                found.pain_free_month = true;
                began = None;
            }
        }
    }
    found
}

fn change(weeks: &[Week], settings: &PainSettings) -> CourseChange {
    let mean = |weeks: &[Week]| weeks.iter().map(|week| week.mean).sum::<f64>() / weeks.len().max(1) as f64;
    let Some(first) = weeks.first() else { return CourseChange::NoMarkedChange };
    let last = mean(&weeks[weeks.len().saturating_sub(MONTH as usize)..]);
    let marked = (settings.important_share * first.mean).max(settings.important_points) - 1e-9;
    if last - first.mean >= settings.important_points - 1e-9 {
        return CourseChange::Progressing;
    }
    if first.mean - last < marked {
        return CourseChange::NoMarkedChange;
    }
    let after_month = weeks.partition_point(|week| week.week < first.week + MONTH);
    let then: Vec<Week> = weeks[after_month..].iter().copied().take_while(|week| week.week < first.week + 2 * MONTH).collect();
    if !then.is_empty() && first.mean - mean(&then) >= marked { CourseChange::RapidImprovement } else { CourseChange::GradualImprovement }
}
