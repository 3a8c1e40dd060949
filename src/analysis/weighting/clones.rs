//! Each program twice: once for each strategy, followed as long as it kept to it.

use super::followed::{Followed, Person};
use super::staying::Stretch;
use crate::cohort::{Exposure, ExposureSpan};
use crate::settings::ExposureSettings;

/// A program as one that follows a strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StrategyClone {
    /// Place of the person among those compared.
    pub person: usize,
    /// Days until the end of follow-up, or until it was known that the strategy was not followed.
    pub days: i32,
    /// Whether they ended in the recurrence.
    pub recurred: bool,
    /// Whether they ended because the strategy was not followed.
    pub deviated: bool,
}

/// The clone of a person in one strategy: to be in the state `strategy` on every day from `grace` on.
///
/// # Definition
/// Follow-up ends on the first day `d ≥ grace` whose exposure, as known at its start, is not the strategy's. Days of unknown
/// exposure break no strategy, and up to the grace day none can be broken: a recurrence by then belongs to both clones.
pub(super) fn clone_of(
    person: usize,
    (days, recurred): (i32, bool),
    spans: &[ExposureSpan],
    strategy: Exposure,
    grace: i32,
    rule: &ExposureSettings,
) -> StrategyClone {
    let broken = spans.iter().find(|span| span.to > grace && span.exposure(rule) != strategy).map(|span| span.from.max(grace));
    match broken.filter(|&day| day < days) {
        Some(day) => StrategyClone { person, days: day, recurred: false, deviated: true },
        None => StrategyClone { person, days, recurred, deviated: false },
    }
}

/// The exposure as known at the start of a day; `None` while it is not known.
pub(super) fn exposure_on(spans: &[ExposureSpan], day: i32, rule: &ExposureSettings) -> Option<Exposure> {
    let span = spans.get(spans.partition_point(|span| span.to <= day))?;
    (span.from <= day).then(|| span.exposure(rule))
}

/// The stretches of the clones of one strategy, and the stretch of their person each is (a part of).
pub(super) fn stretches_of(clones: &[StrategyClone], followed: &Followed) -> (Vec<Stretch>, Vec<usize>) {
    let (mut stretches, mut places) = (Vec::new(), Vec::new());
    for clone in clones {
        for place in followed.first[clone.person]..followed.first[clone.person + 1] {
            let whole = followed.stretches[place];
            if whole.from >= clone.days {
                break;
            }
            let ends = clone.days <= whole.to;
            stretches.push(Stretch {
                to: whole.to.min(clone.days),
                left: ends && clone.deviated,
                recurred: ends && clone.recurred,
                ..whole
            });
            places.push(place);
        }
    }
    (stretches, places)
}

/// Spans of everybody compared.
pub(super) fn spans_of(people: &[Person<'_>], rule: &ExposureSettings) -> Vec<Vec<ExposureSpan>> {
    use rayon::prelude::*;
    people.par_iter().map(|person| crate::cohort::exposure_spans(person.course, rule)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i32, to: i32, sessions: f64) -> ExposureSpan {
        ExposureSpan { from, to, sessions, window_days: 28, recurred: false }
    }

    /// Four sessions in 28 days are kept up.
    fn rule() -> ExposureSettings {
        ExposureSettings::default()
    }

    #[test]
    fn a_clone_is_followed_until_the_day_its_deviation_is_known() {
        // Kept up to day 60, not from then to day 100, kept up again to the end on day 200.
        let spans = [span(14, 60, 4.0), span(60, 100, 3.0), span(100, 200, 5.0)];
        let of = |strategy, grace| clone_of(0, (200, true), &spans, strategy, grace, &rule());
        let broken = |days| StrategyClone { person: 0, days, recurred: false, deviated: true };
        assert_eq!(of(Exposure::Maintained, 28), broken(60));
        assert_eq!(of(Exposure::NotMaintained, 28), broken(28));
        // With 80 days of grace the lapse is still on at their end; with 120 it is over.
        assert_eq!(of(Exposure::Maintained, 80), broken(80));
        assert_eq!(of(Exposure::NotMaintained, 80), broken(100));
        assert_eq!(of(Exposure::Maintained, 120), StrategyClone { person: 0, days: 200, recurred: true, deviated: false });
    }

    #[test]
    fn a_recurrence_within_the_grace_days_belongs_to_both_clones() {
        let spans = [span(14, 20, 0.0)];
        for strategy in [Exposure::Maintained, Exposure::NotMaintained] {
            let clone = clone_of(0, (20, true), &spans, strategy, 28, &rule());
            assert_eq!((clone.days, clone.recurred, clone.deviated), (20, true, false));
        }
    }

    #[test]
    fn the_exposure_of_a_day_is_that_of_the_span_that_begins_by_it() {
        let spans = [span(14, 60, 4.0), span(60, 100, 3.0)];
        let on = |day| exposure_on(&spans, day, &rule());
        assert_eq!((on(13), on(14), on(59)), (None, Some(Exposure::Maintained), Some(Exposure::Maintained)));
        assert_eq!((on(60), on(99), on(100)), (Some(Exposure::NotMaintained), Some(Exposure::NotMaintained), None));
    }
}
