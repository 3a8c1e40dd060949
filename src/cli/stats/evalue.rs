//! `staywell stats evalue`.

use super::numbers::finite;
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::{EffectMeasure, Interval, e_value_of};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats evalue --hazard-ratio 0.72 --conf-low 0.60 --conf-high 0.85\n\n\
    A hazard ratio is taken to be of a common outcome; one of a rare outcome is a risk ratio.")]
pub(super) struct Args {
    /// Hazard ratio of a common outcome
    #[arg(long, allow_negative_numbers = true, value_parser = finite, value_name = "RATIO", required_unless_present = "risk_ratio", conflicts_with = "risk_ratio")]
    hazard_ratio: Option<f64>,
    /// Risk ratio (or a hazard or odds ratio of a rare outcome)
    #[arg(long, allow_negative_numbers = true, value_parser = finite, value_name = "RATIO")]
    risk_ratio: Option<f64>,
    /// Lower limit
    #[arg(long, allow_negative_numbers = true, value_parser = finite, value_name = "RATIO", requires = "conf_high")]
    conf_low: Option<f64>,
    /// Upper limit
    #[arg(long, allow_negative_numbers = true, value_parser = finite, value_name = "RATIO", requires = "conf_low")]
    conf_high: Option<f64>,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let ratio = args.hazard_ratio.or(args.risk_ratio).unwrap_or(1.0);
    let interval = args.conf_low.zip(args.conf_high).map(|(lower, upper)| Interval { lower, upper, level: 0.95 });
    let measure = if args.hazard_ratio.is_some() { EffectMeasure::HazardRatioCommon } else { EffectMeasure::RiskRatio };
    let found = e_value_of(measure, ratio, interval)?;
    let tidy = Block::new("tidy", &["ratio", "evalue", "evalue.limit"]).with(cells![ratio, found.estimate, found.limit]);
    let notes = vec![
        "E-value (VanderWeele & Ding 2017): how strongly an unmeasured confounder would have to go with both exposure and outcome, as risk \
         ratios, to explain the estimate (its limit nearest to 1) away."
            .to_owned(),
    ];
    Ok(StatisticTable { title: "E-value".to_owned(), blocks: vec![tidy], notes })
}
