//! Claims a clinic defines in `study.toml`, from the vocabulary of exposures and outcomes.

mod check;
mod exposure;

pub use check::{OwnClaimError, check_own_claims};

use super::Evidence;
use super::detectable::detectable;
use super::draft::adjusted_for;
use super::guards;
use super::result::{Effect, EffectRole, Evaluation, Excluded, Tested};
use super::scale::Scale;
use super::verdict::Claimed;
use crate::analysis::vocabulary::{Described, Known, OutcomeKind, OutcomeValues};
use crate::analysis::{Adjustment, Contrast, EventRow, adjusted_hazard, adjusted_slope};
use crate::domain::Counted;
use crate::domain::number::{p_equals, percent};
use crate::settings::{ClaimedDirection, EstimateKind, OwnClaim};
use crate::stats::StatsError;

use exposure::{COLUMN, Compared, compared};

/// The estimates of a claim.
struct Fitted {
    scale: Scale,
    primary: Contrast,
    others: Vec<Other>,
    /// What it is not adjusted for, and why.
    notes: Vec<String>,
}

/// An estimate beside the primary one.
struct Other {
    label: String,
    contrast: Contrast,
    /// Whether its direction counts. Where the margin is for one unit, halves of the programs are no test of it.
    judged: bool,
}

pub(super) fn evaluate(own: &OwnClaim, evidence: &Evidence<'_>) -> Evaluation {
    let described = Described { logs: evidence.logs, cohort: evidence.cohort, settings: evidence.settings };
    let kind = match check::check(own) {
        Ok(kind) => kind,
        Err(problem) => return Evaluation::not_testable(problem, "Change the claim in study.toml."),
    };
    let mut compared = match compared(own, &described) {
        Ok(compared) => compared,
        Err((reason, remedy)) => return Evaluation::not_testable(reason, remedy),
    };
    let values = (kind.values)(&described, compared.known);
    let scale = match kind.estimate {
        EstimateKind::HazardRatio => Scale::HazardRatio,
        EstimateKind::RiskDifference => Scale::RiskDifference,
        EstimateKind::MeanDifference => Scale::Points,
    };
    if let Some(refusal) = refusal(&compared, &values, kind, evidence) {
        return refusal;
    }
    // Covariates of its own choice are not those by which the groups of the landmark are alike or not.
    if compared.known == Known::Landmark
        && own.adjust.is_none()
        && let Some(refusal) = guards::landmark_overlap(evidence)
    {
        return refusal;
    }
    let baseline: Vec<Option<f64>> =
        evidence.cohort.courses.iter().map(|course| course.pain.as_ref()?.baseline.map(|(pain, _)| pain)).collect();
    let covariates = Covariates::of(own, &compared, scale, evidence);
    let adjustment = |adjusted: bool| {
        let adjustment =
            if adjusted { Adjustment::but(&evidence.recurrence.covariates, &covariates.left_out) } else { Adjustment::default() };
        // Pain at the end means little without the pain at the beginning.
        if covariates.with_baseline { adjustment.and("baseline_pain", &baseline) } else { adjustment }
    };
    let fit = |exposure: &[Option<f64>], per: f64, adjusted: bool| contrast(&values, exposure, per, evidence, &adjustment(adjusted));
    let adjusted = match fit(&compared.values, compared.per, true) {
        Ok(found) => found,
        Err(error) => {
            return Evaluation::not_testable(
                format!("the estimate could not be computed: {error}"),
                "More patients, or fewer covariates (adjust = []), may make it computable.",
            );
        }
    };
    let mut others: Vec<Other> = Vec::new();
    if !adjusted.adjusted_for.is_empty()
        && let Ok(contrast) = fit(&compared.values, compared.per, false)
    {
        others.push(Other { label: format!("{}, not adjusted", compared.per_in_words), contrast, judged: true });
    }
    if !compared.yes_no
        && let Some((middle, halves)) = upper_half(&compared.values)
        && let Ok(contrast) = fit(&halves, 1.0, true)
    {
        let judged = own.claim != ClaimedDirection::NoDifference;
        others.push(Other { label: format!("{} of {middle:.2} or more against less", compared.label), contrast, judged });
    }
    if adjusted.missing_covariate > 0 {
        // The groups of the model are smaller than those with exposure and outcome.
        let in_model = adjustment(true);
        for (course, value) in compared.values.iter_mut().enumerate() {
            *value = value.filter(|_| in_model.is_known(&adjusted.adjusted_for, course));
        }
        if let Some(refusal) = refusal(&compared, &values, kind, evidence) {
            return refusal;
        }
    }
    let fitted = Fitted { scale, primary: adjusted, others, notes: covariates.notes };
    Evaluation::Tested(Box::new(tested(own, kind, &compared, &fitted, evidence)))
}

/// Which of the study's covariates a claim is adjusted for.
struct Covariates<'a> {
    /// Names of those it is not adjusted for.
    left_out: Vec<&'a str>,
    /// Whether baseline pain is added to them.
    with_baseline: bool,
    /// What was asked for or usual and is not adjusted for, and why: one sentence each.
    notes: Vec<String>,
}

impl<'a> Covariates<'a> {
    fn of(own: &OwnClaim, compared: &Compared, scale: Scale, evidence: &'a Evidence<'_>) -> Self {
        let choice = &evidence.recurrence.covariates;
        let exposure = own.exposure.trim_start_matches(COLUMN);
        // Adherence is that of the whole program: what comes before its end may change it, and dropping out does.
        let after = if compared.known == Known::Landmark { "" } else { "adherence" };
        let kept = |name: &str| own.adjust.as_ref().map_or(name != after, |asked| asked.iter().any(|asked| asked == name));
        let column = |term: &'a String| term.split('=').next().unwrap_or(term);
        let left_out = choice.names.iter().filter(|term| !kept(column(term)) || column(term) == exposure).map(String::as_str).collect();
        let with_baseline = scale == Scale::Points && exposure != "baseline_pain";
        let mut notes = Vec::new();
        if let Some(asked) = &own.adjust {
            let mut known: Vec<&str> = choice.names.iter().map(column).collect();
            known.dedup();
            let listed = if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
            let unknown = |name: &&String| !(known.contains(&name.as_str()) || with_baseline && *name == "baseline_pain");
            notes.extend(
                asked.iter().filter(unknown).map(|name| format!("Not adjusted for {name}: no covariate of this study ({listed}).")),
            );
        } else {
            if !after.is_empty() && exposure != after && choice.names.iter().any(|name| name == after) {
                notes.push(format!("Not adjusted for {after}: what is compared may change it."));
            }
            notes.extend(choice.left_out.iter().map(|left_out| format!("Not adjusted for {left_out}.")));
        }
        Self { left_out, with_baseline, notes }
    }
}

/// Too few programs in a group, too few events, or an outcome that all or none of a group have.
fn refusal(compared: &Compared, values: &OutcomeValues, kind: &OutcomeKind, evidence: &Evidence<'_>) -> Option<Evaluation> {
    let rule = &evidence.settings.claims;
    let with_outcome: Vec<f64> = match values {
        OutcomeValues::Number(outcome) | OutcomeValues::YesNo(outcome) => {
            outcome.iter().zip(&compared.values).filter_map(|(outcome, value)| outcome.and(*value)).collect()
        }
        OutcomeValues::TimeToEvent(rows) => rows.iter().filter_map(|row| compared.values[row.course]).collect(),
    };
    let remedy = format!("Log what it needs: {}.", kind.needs);
    if compared.yes_no {
        let size = |wanted: f64| with_outcome.iter().filter(|&&value| (value - wanted).abs() < 1e-9).count();
        let name = format!("have {} and the outcome", compared.label);
        let unit = Counted::of(evidence.cohort.courses.len(), evidence.cohort.n_patients());
        if let Some(refusal) = guards::group_sizes(&[(&name, size(1.0)), ("have the outcome and not that", size(0.0))], unit, rule, &remedy)
        {
            return Some(refusal);
        }
    } else if let Some(refusal) = guards::variation(&with_outcome, &compared.label, rule, &remedy) {
        return Some(refusal);
    }
    match values {
        OutcomeValues::TimeToEvent(rows) => {
            let events = rows.iter().filter(|row| row.event && compared.values[row.course].is_some()).count();
            guards::event_count(events, "event", "events", rule)
        }
        OutcomeValues::YesNo(outcome) if compared.yes_no => {
            let names = [format!("with {}", compared.label), format!("without {}", compared.label)];
            guards::separation(&sums(&compared.values, outcome), [&names[0], &names[1]], kind.label, &remedy)
        }
        OutcomeValues::Number(_) | OutcomeValues::YesNo(_) => None,
    }
}

/// Sum and number of a yes or no at exposure 1 and at 0.
fn sums(exposure: &[Option<f64>], outcome: &[Option<f64>]) -> [(f64, usize); 2] {
    let mut sums = [(0.0, 0); 2];
    for (exposure, outcome) in exposure.iter().zip(outcome).filter_map(|(exposure, outcome)| Some(((*exposure)?, (*outcome)?))) {
        let group = &mut sums[usize::from(exposure <= 0.5)];
        *group = (group.0 + outcome, group.1 + 1);
    }
    sums
}

fn contrast(
    values: &OutcomeValues,
    exposure: &[Option<f64>],
    per: f64,
    evidence: &Evidence<'_>,
    adjustment: &Adjustment<'_>,
) -> Result<Contrast, StatsError> {
    let level = evidence.settings.model.level;
    let scaled: Vec<Option<f64>> = exposure.iter().map(|value| value.map(|value| value / per)).collect();
    match values {
        OutcomeValues::Number(outcome) | OutcomeValues::YesNo(outcome) => {
            adjusted_slope(evidence.cohort, outcome, &scaled, adjustment, level)
        }
        OutcomeValues::TimeToEvent(rows) => {
            let rows: Vec<EventRow> =
                rows.iter().filter_map(|row| scaled[row.course].map(|exposure| EventRow { exposure, ..*row })).collect();
            adjusted_hazard(&rows, adjustment, level)
        }
    }
}

/// Whether each value is at least the median, and the median.
fn upper_half(values: &[Option<f64>]) -> Option<(f64, Vec<Option<f64>>)> {
    let present: Vec<f64> = values.iter().copied().flatten().collect();
    let middle = crate::stats::median(&present).ok()?;
    Some((middle, values.iter().map(|value| value.map(|value| f64::from(value >= middle))).collect()))
}

fn tested(own: &OwnClaim, kind: &OutcomeKind, compared: &Compared, fitted: &Fitted, evidence: &Evidence<'_>) -> Tested {
    let Fitted { scale, primary, others, notes } = fitted;
    let scale = *scale;
    let claimed = claimed(own, scale);
    let judged = others.iter().filter(|other| other.judged);
    let estimates = judged.clone().count() + 1;
    let contrary: Vec<String> = judged
        .filter(|other| claimed.points_to(other.contrast.estimate) != claimed.points_to(primary.estimate))
        .map(|other| format!("{}: {}", other.label, scale.print(other.contrast.estimate)))
        .collect();
    // Exercise after the program is doubted here for the same reasons as in the claims of the register.
    let warnings = if compared.known == Known::Landmark { guards::undermining(evidence) } else { vec![] };
    let p_value = match claimed {
        Claimed::Within(low, high) => primary.p_of_equivalence((low, high), scale.is_ratio()),
        Claimed::Below(_) | Claimed::Above(_) => primary.p_value,
    };
    let effect = |label: String, found: &Contrast, p_value: f64| Effect {
        label,
        scale,
        estimate: found.estimate,
        interval: found.interval,
        p_value,
        role: EffectRole::Estimate,
    };
    let estimate = scale.print(primary.estimate);
    let (went_with, of) = match scale {
        Scale::HazardRatio => (format!("a hazard ratio of {estimate}"), "for"),
        Scale::RiskDifference => (format!("a difference of {estimate}"), "in the chance of"),
        _ => (format!("a difference of {estimate}"), "in"),
    };
    let finding = format!(
        "Among {}, {} went with {went_with} {of} {} ({} interval {}, {}{}).",
        Counted::in_words(primary.n, primary.patients),
        compared.per_in_words,
        kind.label,
        percent(primary.interval.level),
        scale.print_interval(primary.interval),
        p_equals(p_value),
        claimed.p_is_of()
    );
    let doubt = match warnings.first() {
        Some(warning) => warning.sentence.clone(),
        None if !contrary.is_empty() => format!("The direction is not stable: {}.", contrary.join("; ")),
        None => "Nobody was assigned to it: those who have it may differ from the others in ways the logs do not show.".to_owned(),
    };
    let mut checks: Vec<String> = primary.dropped.iter().map(|dropped| format!("Not adjusted for {dropped}.")).collect();
    checks.extend_from_slice(notes);
    if estimates > 1 {
        checks.push(if contrary.is_empty() {
            format!("The direction is the same in all {estimates} estimates.")
        } else {
            format!("The direction turns in {} of {estimates} estimates.", contrary.len())
        });
    }
    let reach = detectable(primary.std_error, &evidence.settings.claims);
    let minimum_detectable = match claimed {
        Claimed::Above(_) if scale.is_ratio() => reach.exp(),
        _ if scale.is_ratio() => (-reach).exp(),
        _ => reach,
    };
    let used = primary.n + primary.missing_covariate;
    let excluded = [
        ("the exposure or the outcome is not known", evidence.cohort.courses.len() - used),
        ("a covariate is missing", primary.missing_covariate),
    ];
    Tested {
        primary: effect(format!("{}, {}", compared.per_in_words, adjusted_for(primary)), primary, p_value),
        claimed,
        others: others.iter().map(|other| effect(other.label.clone(), &other.contrast, other.contrast.p_value)).collect(),
        n_used: primary.n,
        n_patients: primary.patients,
        n_events: primary.n_events,
        excluded: Excluded::for_reasons(excluded).collect(),
        keeps_direction: contrary.is_empty() && warnings.is_empty(),
        finding,
        doubt,
        checks,
        e_value: None,
        e_value_limit: None,
        minimum_detectable: Some(minimum_detectable).filter(|value| value.is_finite()),
        warnings,
    }
}

fn claimed(own: &OwnClaim, scale: Scale) -> Claimed {
    let none = scale.no_effect().unwrap_or_default();
    match (own.claim, own.margin) {
        (ClaimedDirection::Less, _) => Claimed::Below(none),
        (ClaimedDirection::More, _) => Claimed::Above(none),
        (ClaimedDirection::NoDifference, margin) => {
            let margin = margin.unwrap_or(1.0);
            if scale.is_ratio() {
                let margin = if margin < 1.0 { 1.0 / margin } else { margin };
                Claimed::Within(1.0 / margin, margin)
            } else {
                Claimed::Within(-margin, margin)
            }
        }
    }
}
