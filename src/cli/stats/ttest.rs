//! `staywell stats ttest`.

use super::percent::percent;
use super::table::{Block, StatisticTable, cells, high, low};
use super::two_samples::TwoSampleOptions;
use crate::cli::error::CliError;
use crate::stats::comparison::{paired_t_test, student_t_test, variance_test, welch_t_test};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  staywell stats ttest --data sleep.csv --y extra --by group\n  staywell stats ttest --data pain.csv --y before --second after\n\n\
    --by: Welch's test of two groups (Student's with --equal-variances). --second: the paired test of two columns."
)]
pub(super) struct Args {
    #[command(flatten)]
    samples: TwoSampleOptions,
    /// One variance for both groups
    #[arg(long)]
    equal_variances: bool,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let samples = args.samples.two()?;
    let level = args.samples.file.level;
    let (x, y) = (&samples.values[0], &samples.values[1]);
    let (difference, test) = if samples.paired {
        let found = paired_t_test(x, y, level)?;
        (found.mean, found.test)
    } else {
        let found = if args.equal_variances { student_t_test(x, y, level) } else { welch_t_test(x, y, level) }?;
        (found.difference, found.test)
    };
    let interval = difference.interval;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let header = ["term", "estimate", "estimate1", "estimate2", "std.error", "statistic", "p.value", "parameter", "conf.low", "conf.high"];
    let mut blocks = vec![Block::new("tidy", &header).with(cells![
        format!("{} − {}", samples.labels[0], samples.labels[1]),
        difference.estimate,
        mean(x),
        mean(y),
        difference.std_error,
        test.statistic,
        test.p_value,
        test.df,
        low(interval),
        high(interval),
    ])];
    if let (false, Ok(found)) = (samples.paired, variance_test(x, y, level)) {
        let header = ["estimate", "num.df", "den.df", "p.value", "conf.low", "conf.high"];
        let (interval, p) = (found.interval, found.test.p_value);
        let row = cells![found.ratio, found.numerator_df, found.denominator_df, p, interval.lower, interval.upper];
        blocks.push(Block::new("variance_ratio", &header).with(row));
    }
    let title = match (samples.paired, args.equal_variances) {
        (true, _) => "Paired t test",
        (false, true) => "Student's t test",
        (false, false) => "Welch's t test",
    };
    let notes = vec![samples.columns.note(), format!("{title}, two-sided; limits at {} %.", percent(level))];
    Ok(StatisticTable { title: title.to_owned(), blocks, notes })
}
