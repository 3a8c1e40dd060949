//! `staywell stats ranktest`.

use clap::ValueEnum;

use super::percent::percent;
use super::table::{Block, StatisticTable, cells, high, low};
use super::two_samples::TwoSampleOptions;
use crate::cli::error::CliError;
use crate::stats::comparison::{Calculation, kolmogorov_smirnov, kruskal_wallis, rank_sum, signed_rank};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  staywell stats ranktest --data sleep.csv --y extra --by group\n  staywell stats ranktest --data pain.csv --y before --second after\n\n\
    --by with two groups: Mann-Whitney with the Hodges-Lehmann shift; with more: Kruskal-Wallis. --second: Wilcoxon's signed ranks."
)]
pub(super) struct Args {
    #[command(flatten)]
    samples: TwoSampleOptions,
    /// Exact p value: auto (without ties, below 50 values), always, or never
    #[arg(long, value_enum, default_value_t = ExactOption::Auto)]
    exact: ExactOption,
    /// No continuity correction
    #[arg(long)]
    no_correction: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExactOption {
    Auto,
    Always,
    Never,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let samples = args.samples.samples()?;
    let level = args.samples.file.level;
    let calculation = match args.exact {
        ExactOption::Auto => Calculation::Automatic,
        ExactOption::Always => Calculation::Exact,
        ExactOption::Never => Calculation::Asymptotic,
    };
    let continuity = !args.no_correction;
    let header = ["term", "estimate", "statistic", "p.value", "conf.low", "conf.high", "exact"];
    let mut notes = vec![samples.columns.note()];
    let (title, blocks) =
        match &samples.values[..] {
            [x, y] if samples.paired => {
                let differences: Vec<f64> = x.iter().zip(y).map(|(x, y)| x - y).collect();
                let found = signed_rank(&differences, calculation, continuity, level)?;
                let row = cells![
                    format!("{} − {}", samples.labels[0], samples.labels[1]),
                    found.pseudo_median,
                    found.test.statistic,
                    found.test.p_value,
                    low(found.interval),
                    high(found.interval),
                    found.exact
                ];
                notes.push(format!("{} differences of 0 left out; estimate is the pseudo-median.", found.zeros));
                ("Wilcoxon signed-rank test", vec![Block::new("tidy", &header).with(row)])
            }
            [x, y] => {
                let found = rank_sum(x, y, calculation, continuity, level)?;
                let row = cells![
                    format!("{} − {}", samples.labels[0], samples.labels[1]),
                    found.shift,
                    found.test.statistic,
                    found.test.p_value,
                    low(found.interval),
                    high(found.interval),
                    found.exact
                ];
                let ks = kolmogorov_smirnov(x, y, calculation)?;
                let superiority = Block::new("glance", &["n1", "n2", "probability.of.superiority", "ks.statistic", "ks.p.value"])
                    .with(cells![x.len(), y.len(), found.probability_above, ks.statistic, ks.p_value]);
                notes.push(
                "Statistic is R's W; estimate the Hodges–Lehmann shift, the median of all differences, its limits their order statistics; \
                 probability of superiority: first above second, ties half; ks: Kolmogorov–Smirnov."
                    .to_owned(),
            );
                ("Mann-Whitney test", vec![Block::new("tidy", &header).with(row), superiority])
            }
            many => {
                let slices: Vec<&[f64]> = many.iter().map(Vec::as_slice).collect();
                let test = kruskal_wallis(&slices)?;
                let row = cells![test.statistic, test.p_value, test.df, many.len()];
                ("Kruskal-Wallis test", vec![Block::new("tidy", &["statistic", "p.value", "parameter", "groups"]).with(row)])
            }
        };
    notes.push(format!("Two-sided; limits at {} %.", percent(level)));
    Ok(StatisticTable { title: title.to_owned(), blocks, notes })
}
