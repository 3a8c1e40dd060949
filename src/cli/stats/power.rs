//! `staywell stats power`.

use super::numbers::finite;
use super::percent::percent;
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::{events_needed, exact_text, log_rank_power, minimum_detectable_hazard_ratio};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  staywell stats power --hazard-ratio 0.6 --exposed 0.4 --event-share 0.5\n  staywell stats power --events 120 --exposed 0.4\n\n\
    --hazard-ratio: the events (and with --event-share the patients) needed. --events: what so many can find; with both, the power."
)]
pub(super) struct Args {
    /// Hazard ratio to be found
    #[arg(long, allow_negative_numbers = true, value_parser = finite, value_name = "RATIO", required_unless_present = "events")]
    hazard_ratio: Option<f64>,
    /// Events there will be
    #[arg(long, allow_negative_numbers = true, value_parser = finite, value_name = "N")]
    events: Option<f64>,
    /// Share of patients exposed
    #[arg(long, allow_negative_numbers = true, value_parser = finite, default_value_t = 0.5, value_name = "SHARE")]
    exposed: f64,
    /// Share of patients who have the event during follow-up
    #[arg(long, allow_negative_numbers = true, value_parser = finite, value_name = "SHARE")]
    event_share: Option<f64>,
    /// Power
    #[arg(long, allow_negative_numbers = true, value_parser = finite, default_value_t = 0.8, value_name = "SHARE")]
    power: f64,
    /// Size of the two-sided test
    #[arg(long, allow_negative_numbers = true, value_parser = finite, default_value_t = 0.05, value_name = "SHARE")]
    alpha: f64,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let mut tidy = Block::new("tidy", &["term", "estimate"]);
    if let Some(ratio) = args.hazard_ratio {
        let events = events_needed(ratio, args.exposed, args.power, args.alpha)?;
        tidy.push(cells!["events needed", events]);
        if let Some(share) = args.event_share {
            if !(share > 0.0 && share <= 1.0) {
                return Err(CliError::Usage(format!("--event-share {share}: expected a share above 0, at most 1")));
            }
            tidy.push(cells!["patients needed", events / share]);
        }
    }
    if let Some(events) = args.events {
        tidy.push(cells![
            "minimum detectable hazard ratio",
            minimum_detectable_hazard_ratio(events, args.exposed, args.power, args.alpha)?
        ]);
        if let Some(ratio) = args.hazard_ratio {
            tidy.push(cells!["power", log_rank_power(events, ratio, args.exposed, args.alpha)?]);
        }
    }
    let notes = vec![format!(
        "Schoenfeld's formula; {} % of patients exposed; two-sided test at {}; power {} where it is given.",
        percent(args.exposed),
        exact_text(args.alpha),
        exact_text(args.power)
    )];
    Ok(StatisticTable { title: "Power".to_owned(), blocks: vec![tidy], notes })
}
