//! `staywell stats iptw`.

use clap::ValueEnum;

use super::columns::{Columns, FileOptions};
use super::numbers::finite;
use super::outcome_columns::tidy as term_block;
use super::table::{Block, StatisticTable, cells, high, low};
use super::terms::{TermOptions, columns_of};
use crate::cli::error::CliError;
use crate::stats::causal::{SmdDenominator, WeightKind, balance, propensity_weights, weighted_difference};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats iptw --data clinic.csv --exposure maintained --covariates age,pain_at_start --truncate 0.01,0.99 --weights-too\n\n\
    Blocks: tidy (balance of each covariate), glance, model (the logistic model of exposure), with --y the weighted difference, with\n\
    --weights-too a line per row."
)]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// Column that says who was exposed (0/1, true/false, yes/no)
    #[arg(long, value_name = "COLUMN")]
    exposure: String,
    /// The value of --exposure that means exposed
    #[arg(long, allow_negative_numbers = true, value_name = "VALUE")]
    event_code: Option<String>,
    /// Columns that may have decided the exposure; a:b is the product of two: name both main effects too
    #[arg(long, value_delimiter = ',', required = true, value_name = "COLUMNS")]
    covariates: Vec<String>,
    #[command(flatten)]
    terms: TermOptions,
    /// For whom the comparison is to speak
    #[arg(long, value_enum, default_value_t = TargetOption::All)]
    target: TargetOption,
    /// 1/probability instead of stabilized weights
    #[arg(long)]
    unstabilized: bool,
    /// Percentiles at which weights are cut, such as 0.01,0.99
    #[arg(long, allow_hyphen_values = true, value_parser = finite, value_delimiter = ',', num_args = 1, value_name = "LOW,HIGH")]
    truncate: Vec<f64>,
    /// Column of an outcome to compare with the weights (robust standard error)
    #[arg(long, value_name = "COLUMN")]
    y: Option<String>,
    /// Also print each row's probability and weight
    #[arg(long)]
    weights_too: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TargetOption {
    All,
    Exposed,
    Overlap,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let truncate = match args.truncate[..] {
        [] => None,
        [low, high] => Some((low, high)),
        _ => return Err(CliError::Usage("--truncate: expected two percentiles, such as 0.01,0.99".to_owned())),
    };
    let used: Vec<&str> = std::iter::once(args.exposure.as_str()).chain(columns_of(&args.covariates)).chain(args.y.as_deref()).collect();
    let columns = Columns::read(&args.file.data, &used)?;
    let exposed = columns.truths(&args.exposure, args.event_code.as_deref(), "event-code")?;
    let covariates = columns.terms(&args.covariates, &args.terms)?;
    let kind = match (args.target, args.unstabilized) {
        (TargetOption::All, false) => WeightKind::StabilizedAverage,
        (TargetOption::All, true) => WeightKind::Average,
        (TargetOption::Exposed, _) => WeightKind::Exposed,
        (TargetOption::Overlap, _) => WeightKind::Overlap,
    };
    let found = propensity_weights(&exposed, &covariates, kind, truncate, args.file.level)?;
    let denominator = if args.target == TargetOption::Exposed { SmdDenominator::Exposed } else { SmdDenominator::Pooled };
    let balance = balance(&exposed, &covariates, &found.weights, denominator)?;
    let header = [
        "term",
        "mean.exposed",
        "mean.unexposed",
        "smd",
        "weighted.mean.exposed",
        "weighted.mean.unexposed",
        "weighted.smd",
        "weighted.variance.ratio",
    ];
    let mut tidy = Block::new("tidy", &header);
    for row in &balance.rows {
        tidy.push(cells![
            &row.name,
            row.mean_exposed,
            row.mean_unexposed,
            row.smd,
            row.weighted_mean_exposed,
            row.weighted_mean_unexposed,
            row.weighted_smd,
            row.weighted_variance_ratio,
        ]);
    }
    let header = ["n.exposed", "n.unexposed", "ess.exposed", "ess.unexposed", "max.weight", "share.extreme", "max.smd", "max.weighted.smd"];
    let glance = Block::new("glance", &header).with(cells![
        balance.n_exposed,
        balance.n_unexposed,
        balance.effective_exposed,
        balance.effective_unexposed,
        found.weights.iter().copied().fold(0.0, f64::max),
        found.share_extreme,
        balance.largest_smd,
        balance.largest_weighted_smd,
    ]);
    let mut model = term_block(&found.model.coefficients, Some("odds.ratio"));
    model.name = "model";
    let mut blocks = vec![tidy, glance, model];
    if let Some(y) = &args.y {
        let effect = weighted_difference(&columns.numbers(y)?, &exposed, &covariates, &found, args.file.level)?;
        let header = ["term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high"];
        let mut block = Block::new("difference", &header);
        let test = effect.test;
        for (name, estimate, test) in
            [("exposed", effect.exposed, None), ("unexposed", effect.unexposed, None), ("difference", effect.difference, test)]
        {
            let interval = estimate.interval;
            let (statistic, p) = (test.map(|test| test.statistic), test.map(|test| test.p_value));
            block.push(cells![name, estimate.estimate, estimate.std_error, statistic, p, low(interval), high(interval)]);
        }
        blocks.push(block);
    }
    if args.weights_too {
        let mut weights = Block::new("weights", &["line", "exposed", "propensity", "weight"]);
        for (row, &exposed) in exposed.iter().enumerate() {
            weights.push(cells![columns.line(row), exposed, found.propensity[row], found.weights[row]]);
        }
        blocks.push(weights);
    }
    let mut notes = vec![
        columns.note(),
        "Inverse-probability weights by logistic regression; smd: difference of means over the unweighted standard deviation, imbalance above \
         0.1; ess: effective number of rows; difference: weighted means, their standard error counts that the weights were estimated."
            .to_owned(),
    ];
    notes.extend(found.warnings.iter().map(|warning| format!("Warning: {warning}.")));
    if let Some(largest) = balance.largest_weighted_smd.filter(|largest| *largest > 0.1) {
        notes.push(format!("Warning: after weighting a covariate still differs by {largest:.2} standard deviations."));
    }
    Ok(StatisticTable { title: "Inverse-probability weights".to_owned(), blocks, notes })
}
