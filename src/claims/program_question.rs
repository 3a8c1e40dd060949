//! A claim about how programs end: the exposure, what is adjusted for, who is left out, and what the logs say against the comparison.

use crate::analysis::vocabulary::{Described, ExposureKind, Known, OutcomeValues, outcome};
use crate::analysis::{Adjustment, Contrast, EventRow, ProgramEnds, adjusted_hazard, adjusted_slope};
use crate::domain::number::{count, counted, decimal, p_equals, percent};
use crate::stats::comparison::welch_t_test;
use crate::stats::{StatsError, median, summarize};

use super::Evidence;
use super::draft::{Variant, variant};
use super::result::{ClaimWarning, Excluded};
use super::scale::Scale;

/// What an exposure in the program goes with at its end.
pub(super) struct ProgramQuestion<'a> {
    evidence: &'a Evidence<'a>,
    /// How programs ended.
    pub ends: ProgramEnds,
    /// One value per course.
    pub exposure: Vec<Option<f64>>,
    /// What the exposure is, as a noun.
    name: &'static str,
    yes_no: bool,
    /// Shown as a share.
    is_share: bool,
    further: Vec<(&'static str, Vec<Option<f64>>)>,
    left_out: Vec<&'static str>,
}

/// Differences in covariates beyond this many standard deviations are named.
const UNBALANCED: f64 = 0.25;
/// A p below which a check speaks up.
const SPEAKS_UP: f64 = 0.05;

/// A covariate by name, one value per course.
pub(super) type Column<'a> = (&'static str, &'a [Option<f64>]);

impl<'a> ProgramQuestion<'a> {
    /// An exposure of the vocabulary, adjusted for baseline pain and the study's covariates but adherence, which the exposure may
    /// change.
    pub fn of(evidence: &'a Evidence<'a>, kind: &ExposureKind) -> Self {
        let exposure = (kind.values)(&described(evidence));
        Self {
            evidence,
            ends: ProgramEnds::of(evidence.cohort, evidence.settings),
            exposure,
            name: kind.label,
            yes_no: kind.yes_no,
            is_share: !kind.yes_no && kind.per < 1.0,
            further: vec![],
            left_out: vec!["baseline_pain", "adherence"],
        }
    }

    /// Adjusted for one more column.
    pub fn and(mut self, name: &'static str, column: Vec<Option<f64>>) -> Self {
        self.further.push((name, column));
        self
    }

    /// Not adjusted for a covariate of the study.
    pub fn without(mut self, name: &'static str) -> Self {
        self.left_out.push(name);
        self
    }

    /// Baseline pain, the study's covariates and the further columns.
    pub fn adjustment(&self) -> Adjustment<'_> {
        let adjustment = self.covariates().and("baseline_pain", &self.ends.baseline);
        self.further.iter().fold(adjustment, |adjustment, (name, column)| adjustment.and(name, column))
    }

    /// The study's covariates, without baseline pain and the further columns.
    pub fn covariates(&self) -> Adjustment<'_> {
        Adjustment::but(&self.evidence.recurrence.covariates, &self.left_out)
    }

    /// Baseline pain alone.
    pub fn baseline_only(&self) -> Adjustment<'_> {
        Adjustment::default().and("baseline_pain", &self.ends.baseline)
    }

    /// The slope of an outcome on an exposure; both may be other than those of the question.
    pub fn slope(&self, outcome: &[Option<f64>], exposure: &[Option<f64>], adjustment: &Adjustment<'_>) -> Result<Contrast, StatsError> {
        adjusted_slope(self.evidence.cohort, outcome, exposure, adjustment, self.evidence.settings.model.level)
    }

    /// Hazard ratio of an outcome of the vocabulary after the program for `per` more of the exposure, if there are enough events.
    pub fn hazard(&self, name: &str, per: f64, label: String) -> Option<Variant> {
        let OutcomeValues::TimeToEvent(rows) = (outcome(name)?.values)(&described(self.evidence), Known::End) else { return None };
        let rows: Vec<EventRow> =
            rows.into_iter().filter_map(|row| Some(EventRow { exposure: self.exposure[row.course]? / per, ..row })).collect();
        let events = rows.iter().filter(|row| row.event).count();
        (events >= self.evidence.settings.claims.min_events).then_some(())?;
        variant(label, Scale::HazardRatio, adjusted_hazard(&rows, &self.adjustment(), self.evidence.settings.model.level), 1.0)
    }

    /// The outcome of the programs in an estimate: not known where a covariate of its model is missing. `own` are columns of the model
    /// that are not the question's. Without an estimate the outcome as it is.
    pub fn complete(&self, outcome: &[Option<f64>], estimate: Option<&Contrast>, own: &[Column<'_>]) -> Vec<Option<f64>> {
        let studied = &self.evidence.recurrence.covariates;
        let studied = studied.names.iter().map(String::as_str).zip(studied.columns.iter().map(Vec::as_slice));
        let further = self.further.iter().map(|(name, column)| (*name, column.as_slice()));
        let known: Vec<(&str, &[Option<f64>])> =
            own.iter().copied().chain([("baseline_pain", self.ends.baseline.as_slice())]).chain(studied).chain(further).collect();
        let column = |used: &String| known.iter().find(|(name, _)| name == used).map(|(_, column)| *column);
        let used: Vec<&[Option<f64>]> = estimate.map_or(&[][..], |estimate| &estimate.adjusted_for).iter().filter_map(column).collect();
        let value = |(course, outcome): (usize, &Option<f64>)| outcome.filter(|_| used.iter().all(|column| column[course].is_some()));
        outcome.iter().enumerate().map(value).collect()
    }

    /// Values of the exposure where the outcome is known.
    pub fn used(&self, outcome: &[Option<f64>]) -> Vec<f64> {
        self.exposure.iter().zip(outcome).filter_map(|(exposure, outcome)| outcome.and(*exposure)).collect()
    }

    /// Programs with exposure 1 and with 0 where the outcome is known.
    pub fn group_sizes(&self, outcome: &[Option<f64>]) -> (usize, usize) {
        let used = self.used(outcome);
        let exposed = used.iter().filter(|&&exposure| exposure > 0.5).count();
        (exposed, used.len() - exposed)
    }

    /// Sum and number of an outcome at exposure 1 and at 0.
    pub fn sums(&self, outcome: &[Option<f64>]) -> [(f64, usize); 2] {
        let mut sums = [(0.0, 0); 2];
        for (exposure, outcome) in self.exposure.iter().zip(outcome).filter_map(|(exposure, outcome)| Some(((*exposure)?, (*outcome)?))) {
            let group = &mut sums[usize::from(exposure <= 0.5)];
            group.0 += outcome;
            group.1 += 1;
        }
        sums
    }

    /// The share with an outcome of yes or no at exposure 1 and at 0.
    pub fn shares(&self, outcome: &[Option<f64>]) -> [f64; 2] {
        self.sums(outcome).map(|(sum, n)| sum / (n as f64).max(1.0))
    }

    /// Programs not in the primary estimate, by the first reason that fits. `unknown` says when the exposure is not known.
    pub fn excluded(&self, outcome: &[Option<f64>], unknown: &str, no_outcome: &str, contrast: &Contrast) -> Vec<Excluded> {
        let mut excluded: Vec<Excluded> = Vec::new();
        let mut add = |reason: String, programs: usize| {
            if programs == 0 {
                return;
            }
            match excluded.iter_mut().find(|known| known.reason == reason) {
                Some(known) => known.programs += programs,
                None => excluded.push(Excluded { reason, programs }),
            }
        };
        for course in 0..self.evidence.cohort.courses.len() {
            if let Some(reason) = self.ends.not_ended[course] {
                add(reason.to_string(), 1);
            } else if self.exposure[course].is_none() {
                add(unknown.to_owned(), 1);
            } else if self.ends.baseline[course].is_none() {
                add("no pain logged at the start".to_owned(), 1);
            } else if outcome[course].is_none() {
                add(no_outcome.to_owned(), 1);
            }
        }
        add("a covariate is missing".to_owned(), contrast.missing_covariate);
        excluded
    }

    /// Where the end is missing more often at one level of the exposure than at another, what became of those is not in the estimate.
    pub fn missing_ends(&self) -> Option<ClaimWarning> {
        let ended = |course: &usize| self.ends.not_ended[*course].is_none() && self.ends.baseline[*course].is_some();
        let (mut known, mut missing) = (Vec::new(), Vec::new());
        for course in (0..self.exposure.len()).filter(ended) {
            if let Some(exposure) = self.exposure[course] {
                if self.ends.pain[course].is_some() { known.push(exposure) } else { missing.push(exposure) }
            }
        }
        let total = known.len() + missing.len();
        let share = missing.len() as f64 / (total as f64).max(1.0);
        let test = welch_t_test(&missing, &known, 0.95).ok()?;
        let (lost, kept) = (summarize(&missing).ok()?.mean, summarize(&known).ok()?.mean);
        (share >= 0.05 && test.test.p_value < SPEAKS_UP).then(|| ClaimWarning {
            id: "missing-ends",
            sentence: format!(
                "{} of {} have no pain logged at their end, and {} differs in them ({} on average against {}): what became of them is not \
                 in the estimate, and can have moved it either way.",
                count(missing.len()),
                counted(total, "program", "programs"),
                self.name,
                self.print(lost),
                self.print(kept)
            ),
        })
    }

    /// A value of the exposure, or a mean of it.
    pub fn print(&self, value: f64) -> String {
        if self.yes_no || self.is_share { percent(value) } else { decimal(value, 1) }
    }

    /// How baseline and covariates differ between more and less of the exposure.
    pub fn balance(&self, outcome: &[Option<f64>]) -> Option<String> {
        let used: Vec<usize> = (0..self.exposure.len()).filter(|&course| outcome[course].and(self.exposure[course]).is_some()).collect();
        let cut = if self.yes_no { 0.5 } else { median(&self.used(outcome)).ok()? };
        let more = |course: usize| self.exposure[course].is_some_and(|exposure| exposure > cut);
        let choice = &self.evidence.recurrence.covariates;
        let studied = choice.names.iter().map(String::as_str).zip(choice.columns.iter().map(Vec::as_slice));
        let columns = std::iter::once(("baseline_pain", self.ends.baseline.as_slice()))
            .chain(studied.filter(|(name, _)| !self.left_out.contains(name)))
            .chain(self.further.iter().filter(|(_, column)| *column != self.exposure).map(|(name, column)| (*name, column.as_slice())));
        let (mut unequal, mut looked_at) = (Vec::new(), 0);
        for (name, column) in columns {
            let of = |wanted: bool| -> Vec<f64> {
                used.iter().filter(|&&course| more(course) == wanted).filter_map(|&course| column.get(course).copied().flatten()).collect()
            };
            let (Ok(high), Ok(low)) = (summarize(&of(true)), summarize(&of(false))) else { continue };
            let (Some(high_sd), Some(low_sd)) = (high.std_dev, low.std_dev) else { continue };
            let pooled = f64::midpoint(high_sd * high_sd, low_sd * low_sd).sqrt();
            looked_at += 1;
            if pooled > 0.0 && (high.mean - low.mean).abs() > UNBALANCED * pooled {
                let more = if high.mean > low.mean { "higher" } else { "lower" };
                unequal.push(format!("{name} {more} ({} against {})", decimal(high.mean, 1), decimal(low.mean, 1)));
            }
        }
        let with = if self.yes_no {
            format!("With {} against without", self.name)
        } else {
            format!("Above the median of {} against below", self.name)
        };
        (looked_at > 0).then(|| {
            if unequal.is_empty() {
                format!("{with}: baseline pain and the other covariates differ by no more than a quarter of a standard deviation.")
            } else {
                format!("{with}: {}. The estimate is adjusted for it, by a straight line.", unequal.join(", "))
            }
        })
    }

    /// Whether a curve fits better than the straight line that the slope is of.
    pub fn straightness(&self, outcome: &[Option<f64>]) -> Option<String> {
        let mean = summarize(&self.used(outcome)).ok()?.mean;
        let squared: Vec<Option<f64>> = self.exposure.iter().map(|value| value.map(|value| (value - mean) * (value - mean))).collect();
        let adjustment = self.adjustment().and("exposure itself", &self.exposure);
        let curve = self.slope(outcome, &squared, &adjustment).ok()?;
        let p = p_equals(curve.p_value);
        Some(if curve.p_value < SPEAKS_UP {
            format!(
                "A straight line does not fit well: a curve in {} fits better ({p}), so the slope is an average over unlike steps.",
                self.name
            )
        } else {
            format!("A straight line fits as well as a curve in {} ({p}).", self.name)
        })
    }
}

/// What the vocabulary takes.
pub(super) fn described<'a>(evidence: &Evidence<'a>) -> Described<'a> {
    Described { logs: evidence.logs, cohort: evidence.cohort, settings: evidence.settings }
}

/// The values of an exposure of the vocabulary; all unknown if it has none of that name.
pub(super) fn values_of(evidence: &Evidence<'_>, name: &str) -> Vec<Option<f64>> {
    crate::analysis::vocabulary::exposure(name)
        .map_or_else(|| vec![None; evidence.cohort.courses.len()], |kind| (kind.values)(&described(evidence)))
}

/// Standard deviation of an outcome where the exposure is known.
pub(super) fn spread(outcome: &[Option<f64>], exposure: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = outcome.iter().zip(exposure).filter_map(|(outcome, exposure)| exposure.and(*outcome)).collect();
    summarize(&known).ok()?.std_dev
}
