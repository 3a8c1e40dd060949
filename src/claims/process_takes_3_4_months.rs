//! The whole process of recovering takes three to four months.

use crate::analysis::{RecoveryTime, analyze_recovery_time, half_recovered_p};
use crate::domain::Counted;
use crate::domain::number::{counted, decimal, interval, p_equals, percent};
use crate::stats::Interval;
use crate::stats::survival::{CurvePoint, SurvivalCurve};

use super::result::{ClaimWarning, Effect, EffectRole, Evaluation, Excluded, Tested};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence};

pub(super) const CLAIM: Claim = Claim {
    id: "process-takes-3-4-months",
    statement: "Recovering from back pain by working through a whole program takes three to four months.",
    source: "A physician's article on where to start with back exercise; a patient forum adds that some change should show by 8 weeks and \
             that healing takes about 6 months on average.",
    exposure: "none: a description of everybody who started a program with pain",
    outcome: "days from the start of the program to the first day of a remission that held",
    estimand: "median time to recovery by Kaplan–Meier, claimed to lie between 91 and 122 days",
    trap: "those still in pain at the end of the log have not recovered in the time seen (censoring), and those who leave are not known to \
           recover as the others do (competing exits)",
    needs: "a program start (programs.csv, or sessions) and pain logged from then on, also by those who stop early",
    evaluate,
};

/// Three months and four, in days.
const CLAIMED: (f64, f64) = (91.0, 122.0);

/// Weeks at which the share recovered is told: eight, three months, four months, half a year.
const WEEKS: [u32; 4] = [8, 13, 17, 26];

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let remedy = "Log pain from before the first session until well after the program, for everybody who starts one.";
    let found = analyze_recovery_time(evidence.logs, evidence.cohort, &WEEKS, evidence.settings);
    let found = match (found.value(), found.reason()) {
        (Some(found), _) => found,
        (None, reason) => return Evaluation::not_testable(reason.unwrap_or("nobody is followed from the start of a program"), remedy),
    };
    let rule = &evidence.settings.claims;
    let still_followed = found.curve.at_risk_at(CLAIMED.1);
    if found.recovered < rule.min_events && still_followed < rule.min_events as f64 {
        return Evaluation::not_testable(
            format!(
                "{} and {} still followed without one after four months; the rule asks for at least {} of either",
                counted(found.recovered, "recovery was seen", "recoveries were seen"),
                found.counted().count(still_followed as usize),
                rule.min_events
            ),
            remedy,
        );
    }
    match primary(found) {
        Some((effect, claimed)) => Evaluation::Tested(Box::new(tested(found, effect, claimed))),
        None => Evaluation::not_testable("nobody is followed for four months from the start of a program", remedy),
    }
}

/// The median, or where half have not recovered within the time seen (or its upper limit is unknown) the share recovered after four months.
fn primary(found: &RecoveryTime) -> Option<(Effect, Claimed)> {
    let (low, high) = CLAIMED;
    let (median, last) = (&found.median, found.curve.last_time());
    // Once everybody has recovered the bands have no limits left, and the median cannot lie later.
    let everybody = found.curve.estimate.last().is_some_and(|&left| left <= 0.0).then_some(last);
    if let (Some(estimate), Some(lower), Some(upper)) = (median.estimate, median.lower.or(everybody), median.upper.or(everybody)) {
        // Past the last follow-up fewer are left than at its end, which is then what is known.
        let at = |time: f64| half_recovered_p(&found.curve, time.min(last));
        let one_sided = if estimate < low {
            at(low)?.1
        } else if estimate > high {
            at(high)?.0
        } else {
            // Both limits have to be ruled out: the median before three months, and after four.
            at(low)?.0.max(at(high)?.1)
        };
        let effect = Effect {
            label: "median time from the start of the program to recovery".to_owned(),
            scale: Scale::DurationDays,
            estimate,
            interval: Interval { lower, upper, level: found.curve.level },
            p_value: (2.0 * one_sided).min(1.0),
            role: EffectRole::Estimate,
        };
        return Some((effect, Claimed::Within(low, high)));
    }
    let point = found.curve.at(high)?;
    let p = half_recovered_p(&found.curve, high)?;
    let effect = Effect {
        label: "recovered within four months (the median, or its upper limit, is not reached)".to_owned(),
        scale: Scale::Share,
        estimate: 1.0 - point.estimate,
        interval: share_interval(&found.curve, &point)?,
        p_value: (2.0 * p.0.min(p.1)).min(1.0),
        role: EffectRole::Estimate,
    };
    Some((effect, Claimed::Above(0.5)))
}

/// Interval of the share recovered; as long as nobody has, the exact one of none among those at risk.
fn share_interval(curve: &SurvivalCurve, point: &CurvePoint) -> Option<Interval> {
    let level = curve.level;
    if point.estimate >= 1.0 {
        return Some(Interval { lower: 0.0, upper: 1.0 - ((1.0 - level) / 2.0).powf(1.0 / point.at_risk.max(1.0)), level });
    }
    Some(Interval { lower: 1.0 - point.upper?, upper: 1.0 - point.lower?, level })
}

fn tested(found: &RecoveryTime, primary: Effect, claimed: Claimed) -> Tested {
    let unit = found.counted();
    let mut others: Vec<Effect> = found
        .by
        .iter()
        .map(|by| Effect {
            label: format!("recovered by week {} (p: against half)", by.week),
            scale: Scale::Share,
            estimate: by.recovered,
            interval: by.interval,
            p_value: by.p_value,
            role: EffectRole::Estimate,
        })
        .collect();
    others.extend(response(found));
    let with_leaving: Vec<String> =
        found.by.iter().filter_map(|by| Some(format!("{} by week {}", percent(by.with_leaving?), by.week))).collect();
    let keeps_direction = keeps_direction(found, &primary, claimed);
    let mut checks = Vec::new();
    if found.left > 0 {
        let shares =
            if with_leaving.is_empty() { String::new() } else { format!("the shares recovered are {}; ", with_leaving.join(", ")) };
        checks.push(format!(
            "{} left before recovering (gave the program up, surgery, withdrawal, death or another program). Counted as not recovering \
             (Aalen–Johansen), {shares}{}.",
            unit.count(found.left),
            found
                .median_with_leaving
                .map_or_else(|| "half never have".to_owned(), |days| format!("half have after {} days", decimal(days, 0)))
        ));
    }
    if let Some(days) = found.program_days {
        checks.push(format!("Programs that were completed lasted {} days (median).", decimal(days, 0)));
    }
    checks.push(
        "Recovery is pain at or below the ceiling of a remission for as long as a remission asks; a stricter or longer one comes later."
            .to_owned(),
    );
    let left_share = found.left as f64 / found.n as f64;
    let warnings = (left_share > 0.2).then(|| ClaimWarning {
        id: "many-left",
        sentence: format!(
            "{} of {} left before recovering: the median holds only if they would have recovered like those who stayed.",
            percent(left_share),
            unit.count(found.n)
        ),
    });
    Tested {
        finding: finding(found, &primary),
        doubt: doubt(found, keeps_direction),
        primary,
        claimed,
        others,
        n_used: found.n,
        n_patients: found.patients,
        n_events: Some(found.recovered),
        excluded: Excluded::for_reasons(found.left_out.iter().copied()).collect(),
        keeps_direction,
        checks,
        e_value: None,
        e_value_limit: None,
        minimum_detectable: None,
        warnings: warnings.into_iter().collect(),
    }
}

/// Whether counting those who left as not recovering puts half of all on the same side of what is claimed.
fn keeps_direction(found: &RecoveryTime, primary: &Effect, claimed: Claimed) -> bool {
    let (low, high) = CLAIMED;
    let too_late = |median: Option<f64>| median.is_none_or(|days| days > high);
    match claimed {
        Claimed::Within(..) if primary.estimate > high => too_late(found.median_with_leaving),
        Claimed::Within(..) if primary.estimate < low => found.median_with_leaving.is_some_and(|days| days < low),
        Claimed::Within(..) => found.median_with_leaving.is_some_and(|days| claimed.points_to(days)),
        _ if primary.estimate < 0.5 => too_late(found.median_with_leaving),
        _ => !too_late(found.median_with_leaving),
    }
}

/// The share with an important change by week 8.
fn response(found: &RecoveryTime) -> Option<Effect> {
    let curve = found.response.value()?;
    let point = curve.at(56.0)?;
    let p = half_recovered_p(curve, 56.0)?;
    Some(Effect {
        label: format!("an important change that held for two weeks, by week 8, of {} (p: against half)", found.response_n),
        scale: Scale::Share,
        estimate: 1.0 - point.estimate,
        interval: Interval { lower: 1.0 - point.upper?, upper: 1.0 - point.lower?, level: curve.level },
        p_value: (2.0 * p.0.min(p.1)).min(1.0),
        role: EffectRole::Estimate,
    })
}

fn finding(found: &RecoveryTime, primary: &Effect) -> String {
    let followed = Counted::in_words(found.n, found.patients);
    let Interval { lower, upper, level } = primary.interval;
    let by = found
        .by
        .iter()
        .filter(|by| by.week == 17 || by.week == 26)
        .map(|by| format!("{} by week {}", percent(by.recovered), by.week))
        .collect::<Vec<_>>()
        .join(", ");
    let by = if by.is_empty() { String::new() } else { format!("; {by}") };
    if primary.scale == Scale::DurationDays {
        format!(
            "Of {followed} who started a program with pain, half had recovered after {} days ({} interval {}, {} against the limits of \
             the 91 to 122 days claimed){by}.",
            decimal(primary.estimate, 0),
            percent(level),
            interval(lower, upper, 0),
            p_equals(primary.p_value)
        )
    } else {
        format!(
            "Of {followed} who started a program with pain, {} had recovered after four months ({} interval {}–{}, {} against the half that the \
             claim asks for){by}.",
            percent(primary.estimate),
            percent(level),
            decimal(100.0 * lower, 0),
            percent(upper),
            p_equals(primary.p_value)
        )
    }
}

fn doubt(found: &RecoveryTime, keeps_direction: bool) -> String {
    if !keeps_direction {
        return format!(
            "{} left before recovering, and if they are counted as not recovered the answer changes: {}.",
            found.counted().count(found.left),
            found
                .median_with_leaving
                .map_or_else(|| "half never recover".to_owned(), |days| format!("half have recovered after {} days", decimal(days, 0)))
        );
    }
    if found.left > 0 {
        return "The curve takes for granted that those who left would have recovered like those who stayed; and nobody knows from these logs \
                how long the same people would have taken without a program."
            .to_owned();
    }
    "Nobody knows from these logs how long the same people would have taken without a program: most back pain eases by itself within weeks."
        .to_owned()
}
