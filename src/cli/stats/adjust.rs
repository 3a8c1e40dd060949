//! `staywell stats adjust`.

use std::path::PathBuf;

use super::columns::Columns;
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::{StatsError, benjamini_hochberg, benjamini_yekutieli, bonferroni, hochberg, holm};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats adjust --data tests.csv --p p.value")]
pub(super) struct Args {
    /// Any CSV with a header
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Column of the p values
    #[arg(long, value_name = "COLUMN")]
    p: String,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let columns = Columns::read(&args.data, &[args.p.as_str()])?;
    let p = columns.numbers(&args.p)?;
    if let Some(&value) = p.iter().find(|value| !(0.0..=1.0).contains(*value)) {
        return Err(StatsError::OutOfRange { what: "a p value", value, expected: "it must be between 0 and 1" }.into());
    }
    let adjusted = [holm(&p), hochberg(&p), benjamini_hochberg(&p), benjamini_yekutieli(&p), bonferroni(&p)];
    let mut tidy = Block::new("tidy", &["line", "p.value", "holm", "hochberg", "BH", "BY", "bonferroni"]);
    for row in 0..p.len() {
        let [holm, hochberg, bh, by, bonferroni] = [0, 1, 2, 3, 4].map(|method: usize| adjusted[method][row]);
        tidy.push(cells![columns.line(row), p[row], holm, hochberg, bh, by, bonferroni]);
    }
    let notes = vec![
        columns.note(),
        "Holm, Hochberg and Bonferroni keep the chance of any false finding; BH and BY the share of false among the findings (R's p.adjust)."
            .to_owned(),
    ];
    Ok(StatisticTable { title: "Adjusted p values".to_owned(), blocks: vec![tidy], notes })
}
