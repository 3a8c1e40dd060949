//! `staywell stats lowess`.

use super::columns::{Columns, FileOptions};
use super::numbers::finite;
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::{exact_text, lowess};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats lowess --data pain.csv --y pain --x day --span 0.3")]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// Column of the values
    #[arg(long, value_name = "COLUMN")]
    y: String,
    /// Column of the times
    #[arg(long, value_name = "COLUMN")]
    x: String,
    /// Share of the points that decide each smoothed value
    #[arg(long, allow_negative_numbers = true, value_parser = finite, default_value_t = 2.0 / 3.0, value_name = "SHARE")]
    span: f64,
    /// Robustifying iterations
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=1000))]
    iterations: u16,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let columns = Columns::read(&args.file.data, &[args.y.as_str(), &args.x])?;
    let (x, y) = (columns.numbers(&args.x)?, columns.numbers(&args.y)?);
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&a, &b| x[a].total_cmp(&x[b]));
    let pick = |column: &[f64]| -> Vec<f64> { order.iter().map(|&row| column[row]).collect() };
    let (x, y) = (pick(&x), pick(&y));
    let smooth = lowess(&x, &y, args.span, args.iterations.into())?;
    let mut tidy = Block::new("tidy", &["x", "y", "estimate"]);
    for row in 0..x.len() {
        tidy.push(cells![x[row], y[row], smooth[row]]);
    }
    let notes = vec![
        columns.note(),
        format!(
            "LOWESS as R's lowess(f = {}, iter = {}): points nearer than 1 % of the range of x are interpolated.",
            exact_text(args.span),
            args.iterations
        ),
    ];
    Ok(StatisticTable { title: "LOWESS".to_owned(), blocks: vec![tidy], notes })
}
