//! Every definition in force, in words, with those the study changed marked.

use super::super::document::{Block, Definition};
use super::{SectionKind, rule_in_words};
use crate::domain::number::{decimal, percent};
use crate::settings::{
    AdherenceRule, AdherenceSettings, BaselineRule, GridSettings, Hold, LandmarkOrigin, RemissionLogs, SessionUnit, Settings,
};
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "definitions", title: "Definitions used", build };

fn build(study: &Study) -> Vec<Block> {
    let used = sentences(&study.settings);
    let default = sentences(&Settings::default());
    let definitions = used
        .into_iter()
        .zip(default)
        .map(|((term, meaning), (_, usual))| Definition { term: term.to_owned(), changed: meaning != usual, meaning })
        .collect();
    vec![
        Block::Paragraph("All of these are settings (study.toml); those this study changed from the default are marked.".to_owned()),
        Block::Definitions(definitions),
    ]
}

fn sentences(settings: &Settings) -> Vec<(&'static str, String)> {
    let Settings { adherence, pain, look_list, remission, recurrence, censoring, maintenance, landmark, .. } = settings;
    let Settings { grid, model, weights, claims, negative_control, questionnaires, .. } = settings;
    let unit = match adherence.session {
        SessionUnit::Auto => "a row of the log, or a day where the log has an exercise column",
        SessionUnit::Row => "a row of the log",
        SessionUnit::Day => "a day with a row in the log",
    };
    let silence = |days: i32, then: &str| if days == 0 { String::new() } else { then.replace("{}", &days.to_string()) };
    vec![
        ("Week", "7 days counted from program start".to_owned()),
        (
            "Session",
            format!("{unit}; a partial one counts its fraction done, or {} where that is not logged", decimal(adherence.partial_counts, 2)),
        ),
        ("Adherence", format!("{}{}", rule_in_words(adherence.rule), adherent_week(adherence.rule, adherence.adherent_week))),
        (
            "Adherence preset",
            adherence.preset.map_or_else(
                || "none".to_owned(),
                |preset| {
                    let own =
                        if of_preset(adherence) == of_preset(&preset.settings()) { "" } else { "; other values are written beside it" };
                    format!("{}: {}{own}", preset.name(), preset.source())
                },
            ),
        ),
        (
            "Initiation",
            format!(
                "a first session within {} days of the recorded start of the program; unknown where the start is the first session",
                adherence.initiation_days
            ),
        ),
        ("Persistence", format!("days from program start to the first gap longer than {} days", adherence.permissible_gap)),
        (
            "Baseline",
            match pain.baseline {
                BaselineRule::BeforeFirstSession => format!(
                    "mean pain of the {0} days before the first session, else of the first {0} logged days of the program",
                    pain.baseline_days
                ),
                BaselineRule::FirstLoggedDays => format!("mean pain of the first {} logged days of the program", pain.baseline_days),
                BaselineRule::FirstScore => "the first score of the program".to_owned(),
            },
        ),
        ("End of the program", format!("mean pain of its last {} days", pain.end_days)),
        (
            "Important change",
            format!(
                "at least {} and {} points less than baseline (substantial: {}), for baselines of {} and more",
                percent(pain.important_share),
                decimal(pain.important_points, 1),
                percent(pain.substantial_share),
                decimal(pain.share_from_baseline, 1)
            ),
        ),
        (
            "Pain-defined flare",
            format!(
                "scores at least {} points above the mean of {}, on logged days at most 3 days apart",
                decimal(pain.flare_points, 1),
                match pain.flare_average {
                    0 => "all of the patient's logged days".to_owned(),
                    days => format!("the {days} logged days before (of as many as there are, at least 7)"),
                }
            ),
        ),
        (
            "Pattern of pain",
            format!("Kongsted's rules on weekly means rounded to whole numbers, with at least {} weeks logged", pain.trajectory_weeks),
        ),
        ("Patient global impression of change", format!("PGIC 1–7, of which {} is very much improved", questionnaires.pgic_best)),
        (
            "Worth a look",
            format!(
                "by the {} days to the cut-off: pain rising (slope above 0 with {} logs and more, or the weekly mean up by {} points), a flare, \
                 new numbness or weakness, pain further down the leg, no log for more than {} days",
                look_list.days,
                look_list.logs,
                decimal(look_list.rise, 1),
                look_list.silence
            ),
        ),
        (
            "Remission",
            format!(
                "every log at or below {} for {} days{}{}; confirmed by the log that completes them",
                decimal(remission.ceiling, 1),
                remission.days,
                silence(remission.max_silence, ", no silence longer than {} days inside"),
                match remission.logs {
                    RemissionLogs::SinceStart => "",
                    RemissionLogs::AfterCompletion => ", logs after completion only",
                }
            ),
        ),
        ("At risk", "from completion or confirmed remission, whichever is later; the confirming days are not time at risk".to_owned()),
        (
            "Recurrence",
            format!(
                "the first log at or above {}{} while at risk{}",
                decimal(recurrence.floor, 1),
                if recurrence.limiting { ", by a pain said to limit activity," } else { "" },
                match recurrence.hold {
                    Hold::OneLog => "; one log is enough".to_owned(),
                    Hold::TwoLogs => format!(
                        " that holds: the next logged day is as high and at most {} days later, or it lasted 24 hours",
                        recurrence.hold_within
                    ),
                    Hold::ThreeOfSeven => " that holds: three logged days as high within 7 days, or it lasted 24 hours".to_owned(),
                }
            ),
        ),
        (
            "End of follow-up",
            format!(
                "the last log{}{}",
                silence(censoring.silence, ", or the last before a silence longer than {} days"),
                if censoring.competing_events { "; surgery, a new program, withdrawal or death" } else { "" }
            ),
        ),
        (
            "Maintained",
            format!(
                "at least {} session{} a week on average over {} days{}, counted after completion",
                decimal(maintenance.sessions_per_week, 1),
                if maintenance.sessions_per_week > 1.0 { "s" } else { "" },
                maintenance.window,
                if maintenance.lag == 0 { String::new() } else { format!(" ending {} days before", maintenance.lag) }
            ),
        ),
        (
            "Landmark",
            format!(
                "{} days after {}",
                landmark.day,
                match landmark.origin {
                    LandmarkOrigin::AtRisk => "the first day at risk",
                    LandmarkOrigin::Completion => "completion",
                }
            ),
        ),
        ("Other definitions tried", other_definitions(grid)),
        (
            "Intervals",
            format!("{} ; recurrence-free days compared over {} days", percent(model.level), decimal(model.horizon, 0)).replace(" ;", ";"),
        ),
        (
            "Exposures of the claims",
            format!(
                "flexibility first: {} program weeks of it before the first strengthening; begun in a flare: pain of {} or more in the 7 \
                 days before the first session; painful session: pain during or after it at least {} points above before; little \
                 difference: within {} points; counted up to the days that measure the end of the program",
                claims.flexibility_weeks,
                decimal(claims.flare_pain, 1),
                decimal(claims.painful_rise, 1),
                decimal(claims.equivalence_margin, 1)
            ),
        ),
        (
            "Weights",
            format!(
                "{}; leaving is modeled over intervals of {} days; a strategy is to be followed from day {} at risk on",
                if weights.truncate > 0.0 {
                    format!("{} % at each end set to the percentile there", decimal(100.0 * weights.truncate, 1))
                } else {
                    "as they come, none cut".to_owned()
                },
                weights.interval,
                weights.grace
            ),
        ),
        (
            "Verdict",
            format!(
                "supported if the Holm-adjusted p is below {} with the interval on the claimed side, and the direction holds in every other way \
                 to ask that has enough patients and events (for the core claim: every landmark and lag); not testable below {} events or {} \
                 patients in a group",
                decimal(claims.alpha, 2),
                claims.min_events,
                claims.min_group
            ),
        ),
        (
            "Negative control",
            negative_control.event.map_or_else(
                || "no event is named that exercise cannot prevent".to_owned(),
                |event| format!("{event}: an event that exercise cannot prevent"),
            ),
        ),
    ]
}

/// The levels of the grid.
fn other_definitions(grid: &GridSettings) -> String {
    let days = |list: &[i32]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let scores = |list: &[f64]| list.iter().map(|score| decimal(*score, 1)).collect::<Vec<_>>().join(", ");
    let holds: Vec<&str> = grid
        .holds
        .iter()
        .map(|hold| match hold {
            Hold::OneLog => "one log",
            Hold::TwoLogs => "two logs",
            Hold::ThreeOfSeven => "three of seven days",
        })
        .collect();
    format!(
        "remission at or below {} for {} days; recurrence at or above {}, holding for {}; silence of {} days; lag of {} days; landmark on day {}; \
         beside the study's own",
        scores(&grid.ceilings),
        days(&grid.remissions),
        scores(&grid.floors),
        holds.join(", "),
        days(&grid.silences),
        days(&grid.lags),
        days(&grid.landmarks)
    )
}

/// The settings a preset decides.
fn of_preset(adherence: &AdherenceSettings) -> (AdherenceRule, f64, i32, i32) {
    (adherence.rule, adherence.adherent_week, adherence.initiation_days, adherence.permissible_gap)
}

fn adherent_week(rule: AdherenceRule, share: f64) -> String {
    if rule == AdherenceRule::AdherentWeeks { format!(" (at least {})", percent(share)) } else { String::new() }
}
