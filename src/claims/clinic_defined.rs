//! Claims a clinic defines in `study.toml`, from the vocabulary of exposures and outcomes.

use super::guards;
use super::result::{Effect, Evaluation, Excluded, Tested};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{CLAIMS, Evidence};
use crate::analysis::vocabulary::{Described, EXPOSURES, ExposureKind, Known, OUTCOMES, OutcomeKind, OutcomeValues, exposure, outcome};
use crate::analysis::{Adjustment, Contrast, EventRow, adjusted_hazard, adjusted_slope};
use crate::domain::number::{p_equals, percent};
use crate::domain::{Counted, nearest};
use crate::ingest::{Covariate, CovariateValues};
use crate::settings::{ClaimedDirection, EstimateKind, OwnClaim, Settings};
use crate::stats::{StatsError, minimum_detectable_hazard_ratio, normal_quantile, normal_upper_p};

/// A claim of the clinic names something the vocabulary does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the claim \"{id}\" in study.toml: {problem}")]
pub struct OwnClaimError {
    /// Id of the claim.
    pub id: String,
    /// What is wrong, what would do.
    pub problem: String,
}

/// What stands before the name of a column of `patients.csv`.
const COLUMN: &str = "patients.";

/// Checks the names of the clinic's claims against the vocabulary and the register.
///
/// # Errors
/// [`OwnClaimError`] for the first unknown exposure or outcome with the nearest known one, an id of the register, an estimate that
/// does not fit its outcome, or an outcome that is over before its exposure is known.
pub fn check_own_claims(settings: &Settings) -> Result<(), OwnClaimError> {
    settings.claims.own.iter().try_for_each(|own| check(own).map_err(|problem| OwnClaimError { id: own.id.clone(), problem }))
}

fn check(own: &OwnClaim) -> Result<(), String> {
    if CLAIMS.iter().any(|claim| claim.id == own.id) {
        return Err("its id is that of a claim of the register; choose another".to_owned());
    }
    let unknown = |what: &str, name: &str, known: Vec<&'static str>| {
        let near = nearest(name, known.iter().copied()).map(|near| format!(" Did you mean \"{near}\"?")).unwrap_or_default();
        format!("there is no {what} \"{name}\"; there are {}.{near}", known.join(", "))
    };
    let outcome = outcome(&own.outcome).ok_or_else(|| unknown("outcome", &own.outcome, OUTCOMES.iter().map(|kind| kind.name).collect()))?;
    if own.exposure.starts_with(COLUMN) {
        return Ok(());
    }
    let exposure = exposure(&own.exposure).ok_or_else(|| {
        let known = EXPOSURES.iter().map(|kind| kind.name).chain(["patients.COLUMN"]).collect();
        unknown("exposure", &own.exposure, known)
    })?;
    if own.is.is_some() {
        return Err("`is` names a level of a column of patients.csv; of this exposure, at_least makes a yes or no".to_owned());
    }
    if exposure.known == Known::Landmark && !outcome.after_landmark {
        return Err(format!("{} is known at the landmark only, and {} comes before it", exposure.label, outcome.label));
    }
    Ok(())
}

/// The exposure of a claim, one value per course.
struct Compared {
    values: Vec<Option<f64>>,
    /// Between yes and no, not by an amount.
    yes_no: bool,
    known: Known,
    label: String,
    per: f64,
    per_in_words: String,
}

pub(super) fn evaluate(own: &OwnClaim, evidence: &Evidence<'_>) -> Evaluation {
    let described = Described { logs: evidence.logs, cohort: evidence.cohort, settings: evidence.settings };
    let Some(kind) = outcome(&own.outcome) else {
        return Evaluation::not_testable(format!("there is no outcome \"{}\"", own.outcome), "Name one of the vocabulary in study.toml.");
    };
    let compared = match compared(own, &described) {
        Ok(compared) => compared,
        Err((reason, remedy)) => return Evaluation::not_testable(reason, remedy),
    };
    let values = (kind.values)(&described, compared.known);
    let scale = match (own.estimate, &values) {
        (None | Some(EstimateKind::HazardRatio), OutcomeValues::TimeToEvent(_)) => Scale::HazardRatio,
        (None | Some(EstimateKind::RiskDifference), OutcomeValues::YesNo(_)) => Scale::RiskDifference,
        (None | Some(EstimateKind::MeanDifference), OutcomeValues::Number(_)) => Scale::Points,
        _ => {
            return Evaluation::not_testable(
                format!("the estimate asked for does not fit the outcome \"{}\"", own.outcome),
                "Leave `estimate` out, or choose: recurrence and other times have a hazard ratio, a yes or no a difference of risks, a number a \
                 difference of means.",
            );
        }
    };
    if let Some(refusal) = refusal(&compared, &values, kind, evidence) {
        return refusal;
    }
    let baseline: Vec<Option<f64>> =
        evidence.cohort.courses.iter().map(|course| course.pain.as_ref()?.baseline.map(|(pain, _)| pain)).collect();
    let adjustment = |adjusted: bool| {
        let choice = &evidence.recurrence.covariates;
        let kept = |name: &&String| own.adjust.as_ref().is_none_or(|asked| asked.iter().any(|asked| name.split('=').next() == Some(asked)));
        let exposure = own.exposure.trim_start_matches(COLUMN);
        let left_out: Vec<&str> = choice
            .names
            .iter()
            .filter(|name| !adjusted || !kept(name) || name.split('=').next() == Some(exposure))
            .map(String::as_str)
            .collect();
        let adjustment = Adjustment::but(choice, &left_out);
        // Pain at the end means little without the pain at the beginning.
        if scale == Scale::Points && own.exposure != "baseline_pain" { adjustment.and("baseline_pain", &baseline) } else { adjustment }
    };
    let fit = |exposure: &[Option<f64>], adjusted: bool| contrast(&values, exposure, compared.per, evidence, &adjustment(adjusted));
    let adjusted = match fit(&compared.values, true) {
        Ok(found) => found,
        Err(error) => {
            return Evaluation::not_testable(
                format!("the estimate could not be computed: {error}"),
                "More patients, or fewer covariates (adjust = []), may make it computable.",
            );
        }
    };
    let mut others: Vec<(String, Contrast)> = Vec::new();
    if !adjusted.adjusted_for.is_empty()
        && let Ok(found) = fit(&compared.values, false)
    {
        others.push((format!("{}, not adjusted", compared.per_in_words), found));
    }
    if !compared.yes_no
        && let Some((middle, halves)) = upper_half(&compared.values)
        && let Ok(found) = contrast(&values, &halves, 1.0, evidence, &adjustment(true))
    {
        others.push((format!("{} of {middle:.2} or more against less", compared.label), found));
    }
    Evaluation::Tested(Box::new(tested(own, kind, &compared, scale, &adjusted, &others, evidence)))
}

fn compared(own: &OwnClaim, described: &Described<'_>) -> Result<Compared, (String, String)> {
    let (values, yes_no, known, label, per, per_in_words) = if let Some(column) = own.exposure.strip_prefix(COLUMN) {
        let (values, level) = of_column(column, own.is.as_deref(), described)?;
        let yes_no = level.is_some();
        let words = level.map_or_else(|| format!("one more of {column}"), |level| format!("{column} \"{level}\" against the others"));
        (values, yes_no, Known::Start, column.to_owned(), 1.0, words)
    } else {
        let Some(ExposureKind { values, yes_no, known, label, per, per_in_words, .. }) = exposure(&own.exposure) else {
            return Err((format!("there is no exposure \"{}\"", own.exposure), "Name one of the vocabulary in study.toml.".to_owned()));
        };
        (values(described), *yes_no, *known, (*label).to_owned(), *per, (*per_in_words).to_owned())
    };
    Ok(match own.at_least {
        Some(limit) if !yes_no => Compared {
            values: values.into_iter().map(|value| value.map(|value| f64::from(value >= limit - 1e-9))).collect(),
            yes_no: true,
            known,
            per: 1.0,
            per_in_words: format!("{label} of {limit} or more against less"),
            label,
        },
        _ => Compared { values, yes_no, known, label, per, per_in_words },
    })
}

/// One value per course, and the level that is 1 in a column of words.
type Column = (Vec<Option<f64>>, Option<String>);

/// A column of `patients.csv`: its numbers, or 1 for the level asked for and 0 for the others.
fn of_column(column: &str, level: Option<&str>, described: &Described<'_>) -> Result<Column, (String, String)> {
    let listed = &described.logs.patients.covariates;
    let Some(Covariate { values, .. }) = listed.iter().find(|covariate| covariate.name == column) else {
        let names: Vec<&str> = listed.iter().map(|covariate| covariate.name.as_str()).collect();
        let known = if names.is_empty() { "it has none to compare".to_owned() } else { format!("it has {}", names.join(", ")) };
        return Err((
            format!("patients.csv has no column \"{column}\" ({known})"),
            format!("Log {column} for each patient in patients.csv."),
        ));
    };
    let courses = &described.cohort.courses;
    match (values, level) {
        (CovariateValues::Number(values), None) => Ok((courses.iter().map(|course| values[course.patient]).collect(), None)),
        (CovariateValues::Number(_), Some(level)) => Err((
            format!("the column \"{column}\" holds numbers, so \"{level}\" is no level of it"),
            "Use at_least in place of is in study.toml.".to_owned(),
        )),
        (CovariateValues::Category { levels, codes }, level) => {
            // Two levels need no word: the second in sorted order ("yes" after "no") is compared with the first.
            let wanted = match level {
                Some(level) => levels.iter().position(|known| known.eq_ignore_ascii_case(level)),
                None => (levels.len() == 2).then_some(1),
            };
            let Some(wanted) = wanted else {
                let known = levels.iter().map(|level| format!("\"{level}\"")).collect::<Vec<_>>().join(", ");
                return Err((
                    format!("the column \"{column}\" holds {known}, and it is not said which of them to compare with the others"),
                    "Name one of them in study.toml: is = \"…\".".to_owned(),
                ));
            };
            let value = |patient: usize| codes[patient].map(|code| f64::from(code as usize == wanted));
            Ok((courses.iter().map(|course| value(course.patient)).collect(), levels.get(wanted).cloned()))
        }
    }
}

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
        OutcomeValues::Number(_) | OutcomeValues::YesNo(_) => None,
    }
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

/// Power at which the smallest detectable effect is stated.
const POWER: f64 = 0.8;

fn tested(
    own: &OwnClaim,
    kind: &OutcomeKind,
    compared: &Compared,
    scale: Scale,
    primary: &Contrast,
    others: &[(String, Contrast)],
    evidence: &Evidence<'_>,
) -> Tested {
    let claimed = claimed(own, scale);
    let contrary: Vec<String> = others
        .iter()
        .filter(|(_, other)| claimed.points_to(other.estimate) != claimed.points_to(primary.estimate))
        .map(|(label, other)| format!("{label}: {}", scale.print(other.estimate)))
        .collect();
    let effect = |label: String, found: &Contrast, p_value: f64| Effect {
        label,
        scale,
        estimate: found.estimate,
        interval: found.interval,
        p_value,
        biased: false,
    };
    let words = if primary.adjusted_for.is_empty() {
        format!("{}, not adjusted", compared.per_in_words)
    } else {
        format!("{}, adjusted for {}", compared.per_in_words, primary.adjusted_for.join(", "))
    };
    let p_value = p_of_claim(claimed, primary, scale);
    let in_model = Counted::in_words(primary.n, primary.patients);
    let estimate = scale.print(primary.estimate);
    let (went_with, of) = match scale {
        Scale::HazardRatio => (format!("a hazard ratio of {estimate}"), "for"),
        Scale::RiskDifference => (format!("a difference of {estimate}"), "in the chance of"),
        _ => (format!("a difference of {estimate}"), "in"),
    };
    let finding = format!(
        "Among {in_model}, {} went with {went_with} {of} {} ({} interval {}, {}).",
        compared.per_in_words,
        kind.label,
        percent(primary.interval.level),
        scale.print_interval(primary.interval),
        p_equals(p_value),
    );
    let doubt = if contrary.is_empty() {
        "Nobody was assigned to it: those who have it may differ from the others in ways the logs do not show.".to_owned()
    } else {
        format!("The direction is not stable: {}.", contrary.join("; "))
    };
    let mut checks: Vec<String> = primary.dropped.iter().map(|dropped| format!("Not adjusted for {dropped}.")).collect();
    checks.extend(evidence.recurrence.covariates.left_out.iter().map(|left_out| format!("Not adjusted for {left_out}.")));
    checks.push(if contrary.is_empty() {
        format!("The direction is the same in all {} estimates.", others.len() + 1)
    } else {
        format!("The direction turns in {} of {} estimates.", contrary.len(), others.len() + 1)
    });
    let z = normal_quantile(0.5 + evidence.settings.model.level / 2.0) + normal_quantile(POWER);
    let minimum_detectable = match (scale, primary.n_events) {
        (Scale::HazardRatio, Some(events)) if compared.yes_no => {
            let present = compared.values.iter().flatten();
            let share = present.clone().sum::<f64>() / present.count().max(1) as f64;
            minimum_detectable_hazard_ratio(events as f64, share, POWER, evidence.settings.claims.alpha).ok()
        }
        (Scale::HazardRatio, _) => Some((-z * primary.std_error).exp()),
        _ => Some(z * primary.std_error),
    };
    let used = primary.n + primary.missing_covariate;
    let mut excluded = vec![];
    for (reason, programs) in [
        ("the exposure or the outcome is not known", evidence.cohort.courses.len() - used),
        ("a covariate is missing", primary.missing_covariate),
    ] {
        if programs > 0 {
            excluded.push(Excluded { reason: reason.to_owned(), programs });
        }
    }
    Tested {
        primary: effect(words, primary, p_value),
        claimed,
        others: others.iter().map(|(label, found)| effect(label.clone(), found, found.p_value)).collect(),
        n_used: primary.n,
        n_patients: primary.patients,
        n_events: primary.n_events,
        excluded,
        keeps_direction: contrary.is_empty(),
        finding,
        doubt,
        checks,
        e_value: None,
        e_value_limit: None,
        minimum_detectable,
        warnings: vec![],
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

/// p of the claim: two-sided of no effect; of "about the same", the larger of two one-sided ones against the margins.
fn p_of_claim(claimed: Claimed, found: &Contrast, scale: Scale) -> f64 {
    let Claimed::Within(low, high) = claimed else { return found.p_value };
    let on_line = |value: f64| if scale.is_ratio() { value.ln() } else { value };
    if found.std_error <= 0.0 {
        return found.p_value;
    }
    let above_low = (on_line(found.estimate) - on_line(low)) / found.std_error;
    let below_high = (on_line(high) - on_line(found.estimate)) / found.std_error;
    let same = normal_upper_p(above_low).max(normal_upper_p(below_high));
    // Far outside the margins the question is the other one: is it certainly more than the margin?
    let other = normal_upper_p(-above_low).min(normal_upper_p(-below_high));
    same.min(2.0 * other).min(1.0)
}
