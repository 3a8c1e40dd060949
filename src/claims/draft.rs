//! A tested claim in the making: the primary estimate, others beside it, and whether they agree with it.

use crate::analysis::Contrast;
use crate::domain::number::{p_equals, percent};
use crate::settings::ClaimSettings;
use crate::stats::{EffectMeasure, StatsError, e_value_of};

use super::detectable::detectable;
use super::result::{ClaimWarning, Effect, EffectRole, Evaluation, Excluded, Tested};
use super::scale::Scale;
use super::verdict::Claimed;

/// p of an estimate one standard error from no effect: nearer to it an estimate has no direction.
const ONE_ERROR: f64 = 0.317;

/// An estimate beside the primary one.
pub(super) struct Variant {
    effect: Effect,
    /// Programs in it.
    n: usize,
    /// Events in it, where the outcome is one.
    n_events: Option<usize>,
}

/// An effect for `per` of a unit.
pub(super) fn effect(label: impl Into<String>, scale: Scale, contrast: &Contrast, per: f64) -> Effect {
    let mut interval = contrast.interval;
    (interval.lower, interval.upper) = (per * interval.lower, per * interval.upper);
    Effect {
        label: label.into(),
        scale,
        estimate: per * contrast.estimate,
        interval,
        p_value: contrast.p_value,
        role: EffectRole::Estimate,
    }
}

/// A variant, unless it could not be estimated.
pub(super) fn variant(label: impl Into<String>, scale: Scale, contrast: Result<Contrast, StatsError>, per: f64) -> Option<Variant> {
    contrast.ok().map(|contrast| Variant { effect: effect(label, scale, &contrast, per), n: contrast.n, n_events: contrast.n_events })
}

/// `adjusted for age, sex=male`, or `not adjusted`.
pub(super) fn adjusted_for(contrast: &Contrast) -> String {
    adjusted_for_covariates(&contrast.adjusted_for)
}

/// The same of the names alone.
pub(super) fn adjusted_for_covariates(names: &[String]) -> String {
    if names.is_empty() { "not adjusted".to_owned() } else { format!("adjusted for {}", names.join(", ")) }
}

/// Estimates that go the other way, of those with enough programs.
pub(super) struct Draft {
    tested: Tested,
    std_error: f64,
    rule: ClaimSettings,
    grid: usize,
    contrary: Vec<String>,
}

impl Draft {
    /// From the primary estimate, which is of `contrast` for `per` of a unit.
    pub fn new(primary: Effect, contrast: &Contrast, per: f64, claimed: Claimed, rule: &ClaimSettings) -> Self {
        let std_error = per.abs() * contrast.std_error;
        let tested = Tested {
            primary,
            claimed,
            others: vec![],
            n_used: contrast.n,
            n_patients: contrast.patients,
            n_events: contrast.n_events,
            excluded: vec![],
            keeps_direction: true,
            finding: String::new(),
            doubt: String::new(),
            checks: contrast.dropped.iter().map(|dropped| format!("Not adjusted for {dropped}.")).collect(),
            e_value: None,
            e_value_limit: None,
            minimum_detectable: Some(detectable(std_error, rule)).filter(|value| value.is_finite()),
            warnings: vec![],
        };
        Self { tested, std_error, rule: rule.clone(), grid: 0, contrary: vec![] }
    }

    /// The primary estimate.
    pub fn primary(&self) -> &Effect {
        &self.tested.primary
    }

    /// An estimate that takes no part in the judgment of direction: another outcome.
    pub fn beside(&mut self, variant: Option<Variant>) {
        self.tested.others.extend(variant.map(|variant| variant.effect));
    }

    /// An estimate known to be biased, for contrast.
    pub fn biased(&mut self, variant: Option<Variant>) {
        self.tested.others.extend(variant.map(|variant| Effect { role: EffectRole::Biased, ..variant.effect }));
    }

    /// Another reasonable way to ask the same question, with where the claim has its estimate.
    pub fn in_grid(&mut self, variant: Option<Variant>, claimed: Claimed) {
        let Some(Variant { effect, n, n_events }) = variant else { return };
        let enough = n >= 2 * self.rule.min_group && n_events.is_none_or(|events| events >= self.rule.min_events);
        if enough {
            self.grid += 1;
            let other_side = claimed.points_to(effect.estimate) != self.tested.claimed.points_to(self.tested.primary.estimate);
            if other_side && (matches!(claimed, Claimed::Within(..)) || effect.p_value < ONE_ERROR) {
                self.contrary.push(format!("{}: {}", effect.label, effect.scale.print(effect.estimate)));
            }
        }
        self.tested.others.push(effect);
    }

    /// E-values of a difference of means; `spread` is the outcome's standard deviation.
    pub fn e_values_of_points(&mut self, spread: Option<f64>) {
        let Some(std_dev) = spread else { return };
        let (estimate, interval) = (self.tested.primary.estimate, self.tested.primary.interval);
        if let Ok(values) = e_value_of(EffectMeasure::MeanDifference { std_dev }, estimate, Some(interval)) {
            (self.tested.e_value, self.tested.e_value_limit) = (Some(values.estimate), values.limit);
        }
    }

    /// E-values of a difference of risks, through the ratio it makes with the risk of the unexposed.
    pub fn e_values_of_risk(&mut self, unexposed: f64) {
        let Effect { estimate, mut interval, .. } = self.tested.primary.clone();
        if unexposed <= 0.0 {
            return;
        }
        let ratio = |difference: f64| ((unexposed + difference) / unexposed).max(1e-9);
        (interval.lower, interval.upper) = (ratio(interval.lower), ratio(interval.upper));
        if let Ok(values) = e_value_of(EffectMeasure::RiskRatio, ratio(estimate), Some(interval)) {
            (self.tested.e_value, self.tested.e_value_limit) = (Some(values.estimate), values.limit);
        }
    }

    /// Programs not used.
    pub fn excluded(&mut self, excluded: Vec<Excluded>) {
        self.tested.excluded = excluded;
    }

    /// One more check.
    pub fn check(&mut self, sentence: Option<String>) {
        self.tested.checks.extend(sentence);
    }

    /// One more warning.
    pub fn warn(&mut self, warning: Option<ClaimWarning>) {
        self.tested.warnings.extend(warning);
    }

    /// `difference −0.12, 95 % interval −0.20 to −0.04, p = 0.003`; the p of little difference is one `against the margin`.
    pub fn numbers(&self) -> String {
        let Tested { primary: Effect { scale, estimate, interval, p_value, .. }, claimed, .. } = &self.tested;
        let name = if scale.is_ratio() { scale.name() } else { "difference" };
        let print = format!("{name} {}, {} interval {}", scale.print(*estimate), percent(interval.level), scale.print_interval(*interval));
        format!("{print}, {}{}", p_equals(*p_value), claimed.p_is_of())
    }

    /// Done: `finding` without the numbers in brackets, and the reason to doubt it that is left if the numbers give no stronger one.
    pub fn finish(mut self, finding: &str, doubt: &str) -> Evaluation {
        let Effect { scale, interval, .. } = &self.tested.primary;
        let minimum = scale.print(detectable(self.std_error, &self.rule));
        let nothing = scale.no_effect().is_some_and(|none| interval.lower <= none && none <= interval.upper);
        let in_general = matches!(self.tested.claimed, Claimed::Within(..));
        self.tested.keeps_direction = self.contrary.is_empty();
        self.tested.doubt = if !self.contrary.is_empty() {
            format!("The direction is not stable: {}.", self.contrary.join("; "))
        } else if nothing && !in_general && !scale.is_ratio() {
            format!(
                "The interval includes no difference at all; with this many patients only one of {}{} or more would usually be found.",
                minimum.trim_start_matches('+'),
                if *scale == Scale::Points { " points" } else { "" }
            )
        } else {
            doubt.to_owned()
        };
        if self.grid > 0 {
            self.tested.checks.insert(
                0,
                if self.contrary.is_empty() {
                    format!(
                        "None of the {} other ways to ask the question for which there are enough programs points the other way by more than its standard error.",
                        self.grid
                    )
                } else {
                    format!("The direction turns in {} of {} other ways to ask the question.", self.contrary.len(), self.grid)
                },
            );
        }
        self.tested.finding = format!("{finding} ({}).", self.numbers());
        Evaluation::Tested(Box::new(self.tested))
    }
}
