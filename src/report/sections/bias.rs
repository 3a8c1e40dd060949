//! What could mislead: warnings, the days around a recurrence, the same patient at other times, negative controls, logging.

use super::super::document::{Block, CalloutKind, Table};
use super::super::figures;
use super::SectionKind;
use crate::analysis::{ArmDensity, ChangeBefore, Computed, OddsRatio, OverTrend};
use crate::cohort::Exposure;
use crate::domain::capitalized;
use crate::domain::number::{count, counted, decimal, interval, p_value, percent, ratio};
use crate::stats::Interval;
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "bias", title: "What could mislead", build };

fn build(study: &Study) -> Vec<Block> {
    let bias = &study.recurrence.bias;
    if study.recurrence.recurrences == 0 {
        return vec![super::reason("there is no recurrence, so nothing about one can mislead")];
    }
    let mut blocks = vec![Block::Paragraph(
        "Patients choose how much they exercise and how much they log, so a difference between those who keep the exercise up and those who do not need \
         not be the exercise. Each number here moves if a certain other explanation is at work; those that look before a recurrence move with an effect of \
         the exercise too. None of them alone answers the claim."
            .to_owned(),
    )];
    if bias.warnings.is_empty() {
        blocks.push(Block::Paragraph("None of these checks warns. A bias that none of them sees is still possible.".to_owned()));
    }
    for warning in &bias.warnings {
        blocks.push(Block::Callout {
            kind: CalloutKind::Warning,
            title: title_of(warning.id).to_owned(),
            text: vec![warning.sentence.clone()],
        });
    }
    if bias.event_centered.compared > 0 {
        blocks.push(Block::Heading("The days around a recurrence".to_owned()));
        blocks.push(Block::Figure(figures::EVENT_CENTERED.to_owned()));
        blocks.push(Block::Table(changes(study)));
    }
    blocks.push(Block::Heading("The same patient at other times, and exercise that comes too late".to_owned()));
    blocks.push(Block::Table(odds(study)));
    if !bias.group_differences.is_empty() {
        blocks.push(Block::Heading("Who keeps the exercise up".to_owned()));
        blocks.push(Block::Table(groups(study)));
    }
    blocks.push(Block::Heading("Who logs more".to_owned()));
    blocks.push(Block::Table(logging(study)));
    if bias.density.weeks.len() >= figures::FEWEST_WEEKS {
        blocks.push(Block::Figure(figures::DENSITY.to_owned()));
    }
    blocks
}

fn title_of(id: &str) -> &'static str {
    match id {
        "reverse-causation" => "The pain may come first",
        "lag-sweep" => "The difference does not outlast the last weeks",
        "negative-exposure" => "Exercise afterwards goes with it too",
        "negative-outcome" => "The groups differ in more than the exercise",
        "groups-differ" => "Other patients keep the exercise up",
        "detection" => "One group is watched more closely",
        "loss-by-arm" => "One group is lost faster",
        "sparse-logging" => "There are few logs",
        "immortal-time" => "Ever against never shows mostly time",
        _ => "Be careful",
    }
}

fn changes(study: &Study) -> Table {
    let days = &study.recurrence.bias.event_centered;
    let mut table = Table::new(
        "Change before a recurrence",
        &["What", "#Recurrences", "#With the recurrence", "#Others", "#Difference", "#Interval", "#p"],
    );
    for (name, change) in [
        ("Sessions a week, days −28 to −8 against −60 to −29", &days.sessions_before),
        ("Mean pain, the same days", &days.pain_before),
        ("Sessions a week, days −7 to −1 against −35 to −8", &days.sessions_last_week),
    ] {
        match change {
            Computed::Value(change) => table.push([name.to_owned()].into_iter().chain(change_cells(change))),
            Computed::NotTestable(reason) => {
                table.push([name.to_owned()].into_iter().chain(std::iter::repeat_n("–".to_owned(), 6)));
                table.notes.push(format!("{name}: {reason}."));
            }
        }
    }
    table.notes.push(
        "Others: patients as long at risk who did not recur on that day. An exercise window that ends a week before the day does not see what falls only in the last week."
            .to_owned(),
    );
    table
}

fn change_cells(change: &ChangeBefore) -> [String; 6] {
    let limits = change.difference.interval;
    [
        count(change.n),
        decimal(change.change, 2),
        decimal(change.control_change, 2),
        decimal(change.difference.estimate, 2),
        limits.map_or_else(|| "–".to_owned(), |limits| interval(limits.lower, limits.upper, 2)),
        change.p_value.map_or_else(|| "–".to_owned(), p_value),
    ]
}

fn odds(study: &Study) -> Table {
    let bias = &study.recurrence.bias;
    let (within, later) = (&bias.within_person, &bias.negative_exposure);
    let mut table = Table::new(
        "Odds ratios and hazard ratios that other explanations would show in",
        &["Comparison", "#Compared", "#Differing", "#Ratio", "#Interval", "#p"],
    );
    let mut push = |name: &str, compared: String, differing: String, found: Computed<(f64, Interval, f64)>| match found {
        Computed::Value((estimate, limits, p)) => {
            table.push([name.to_owned(), compared, differing, ratio(estimate), interval(limits.lower, limits.upper, 2), p_value(p)]);
        }
        Computed::NotTestable(reason) => {
            table.push([name.to_owned(), compared, differing, "–".to_owned(), "–".to_owned(), "–".to_owned()]);
            table.notes.push(format!("{name}: {reason}."));
        }
    };
    let of = |odds: &Computed<OddsRatio>| match odds {
        Computed::Value(odds) => Computed::Value((odds.odds_ratio, odds.interval, odds.p_value)),
        Computed::NotTestable(reason) => Computed::NotTestable(reason.clone()),
    };
    push("Before the recurrence against earlier, same patient", count(within.sets), count(within.discordant), of(&within.maintained));
    let freed = |found: &Computed<OverTrend>| match found {
        Computed::Value(found) => of(&Computed::Value(found.ratio.clone())),
        Computed::NotTestable(reason) => Computed::NotTestable(reason.clone()),
    };
    push("The same, freed of everybody's trend", count(within.sets), count(within.discordant), freed(&within.maintained_over_trend));
    push("Same patient, for each session a week more", count(within.sets), "–".to_owned(), of(&within.per_session));
    push("Sessions, freed of everybody's trend", count(within.sets), "–".to_owned(), freed(&within.per_session_over_trend));
    push(
        "Exercise after the recurrence (negative control)",
        count(later.adjusted_sets),
        count(later.adjusted_discordant),
        of(&later.adjusted),
    );
    let event = bias
        .negative_outcome
        .event
        .map_or_else(|| "An event exercise cannot prevent".to_owned(), |event| capitalized(&format!("{event} (negative control)")));
    let outcome = match &bias.negative_outcome.hazard_ratio {
        Computed::Value(found) => Computed::Value((found.hazard_ratio, found.interval, found.p_value)),
        Computed::NotTestable(reason) => Computed::NotTestable(reason.clone()),
    };
    push(&event, count(bias.negative_outcome.n), count(bias.negative_outcome.events), outcome);
    table.notes.push(format!(
        "Same patient: exercise kept up in the {} days that end {} before the recurrence, against up to three such windows earlier at risk. It is free of whatever stays the same in \
         a patient, not of what changes with the exercise; where exercise falls off with time it falls below 1 by itself, which the rows freed of the trend take out.",
        within.window,
        counted(usize::try_from(within.lag).unwrap_or(0), "day", "days"),
    ));
    table.notes.push(format!(
        "After: exercise kept up in days {} to {} after the recurrence, between those who recurred and those at risk who did not, at equal exercise before ({} of {} no longer log \
         then). It should be 1; below, it shows who exercises, or that a recurrence ends the exercise.",
        later.from,
        later.to,
        count(later.not_followed),
        counted(later.recurrences, "recurrence", "recurrences"),
    ));
    table
}

fn groups(study: &Study) -> Table {
    let mut table = Table::new(
        "The groups of the landmark analysis before it",
        &["Mean of", "#Not maintained", "#Maintained", "#Standardized difference", "#p (Holm)"],
    );
    for difference in &study.recurrence.bias.group_differences {
        let [without, with] = difference.mean;
        table.push([
            difference.name.clone(),
            decimal(without, 2),
            decimal(with, 2),
            difference.standardized.map_or_else(|| "–".to_owned(), |size| decimal(size, 2)),
            difference.p_value.map_or_else(|| "–".to_owned(), p_value),
        ]);
    }
    table.notes.push(
        "Difference in standard deviations, maintained less not maintained, before any adjustment; a category counts as 1 or 0.".to_owned(),
    );
    table
}

fn logging(study: &Study) -> Table {
    let density = &study.recurrence.bias.density;
    let mut table = Table::new(
        "Pain entries by exposure",
        &["Time at risk", study.recurrence.counted().column(), "#Days", "#Entries a week", "#Median days between"],
    );
    let rows = [("each day", &density.by_day), ("from the landmark", &density.by_landmark)];
    for (name, arm) in rows.into_iter().flat_map(|(name, arms)| arms.iter().map(move |arm| (name, arm))) {
        table.push(arm_cells(name, arm));
    }
    let level = percent(study.settings.model.level);
    for (name, found) in [("By the exposure of the day", &density.by_day_ratio), ("By that at the landmark", &density.by_landmark_ratio)] {
        table.notes.push(match found {
            Computed::Value(found) => format!(
                "{name}: entries a week with the exercise kept up over those without {} ({level} interval {}, by patient).",
                ratio(found.ratio),
                interval(found.interval.lower, found.interval.upper, 2)
            ),
            Computed::NotTestable(reason) => format!("{name}: {reason}."),
        });
    }
    let loss = &study.recurrence.bias.loss;
    let [dropped, kept] = [0, 1].map(|group| format!("{} of {}", count(loss.lost[group]), count(loss.n[group])));
    table.notes.push(match &loss.hazard_ratio {
        Computed::Value(found) => format!(
            "Lost after the landmark (silence, withdrawal): {kept} with the exercise kept up, {dropped} without; hazard ratio of loss {} ({level} interval {}).",
            ratio(found.estimate),
            interval(found.interval.lower, found.interval.upper, 2)
        ),
        Computed::NotTestable(reason) => format!("Loss after the landmark: {reason}."),
    });
    table
}

fn arm_cells(name: &str, arm: &ArmDensity) -> [String; 5] {
    let state = if arm.exposure == Exposure::Maintained { "kept up" } else { "not kept up" };
    [
        format!("{}, exercise {state}", capitalized(name)),
        count(arm.programs),
        count(usize::try_from(arm.days).unwrap_or(0)),
        arm.per_week.map_or_else(|| "–".to_owned(), |rate| decimal(rate, 2)),
        arm.median_gap.map_or_else(|| "–".to_owned(), |days| days.to_string()),
    ]
}
