//! `staywell stats trend`.

use super::columns::{Columns, FileOptions};
use super::percent::percent;
use super::table::{Block, StatisticTable, cells, high, low};
use crate::cli::error::CliError;
use crate::stats::{mann_kendall, theil_sen};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats trend --data pain.csv --y pain --x week --id patient\n\n\
    One line per patient (or one in all): Theil-Sen slope with limits and the Mann-Kendall test. – where a patient has too few values.")]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// Column of the values
    #[arg(long, value_name = "COLUMN")]
    y: String,
    /// Column of the times
    #[arg(long, value_name = "COLUMN")]
    x: String,
    /// Column of the patients
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let mut used = vec![args.y.as_str(), &args.x];
    used.extend(args.id.as_deref());
    let columns = Columns::read(&args.file.data, &used)?;
    let (x, y) = (columns.numbers(&args.x)?, columns.numbers(&args.y)?);
    let (labels, codes) = match &args.id {
        None => (vec!["all".to_owned()], vec![0; x.len()]),
        Some(id) => columns.identities(id)?,
    };
    let mut series = vec![(vec![], vec![]); labels.len()];
    for (row, &code) in codes.iter().enumerate() {
        series[code].0.push(x[row]);
        series[code].1.push(y[row]);
    }
    let header = ["id", "n", "estimate", "conf.low", "conf.high", "intercept", "n.pairs", "s", "s.variance", "tau", "statistic", "p.value"];
    let mut tidy = Block::new("tidy", &header);
    for (label, (x, y)) in labels.iter().zip(&series) {
        // One series alone says why there is no slope; among many, a short one is a line of blanks.
        let slope = match theil_sen(x, y, args.file.level) {
            Err(error) if args.id.is_none() => return Err(error.into()),
            slope => slope.ok(),
        };
        let test = mann_kendall(Some(x), y).ok();
        let interval = slope.as_ref().and_then(|slope| slope.interval);
        tidy.push(cells![
            label,
            x.len(),
            slope.as_ref().map(|slope| slope.slope),
            low(interval),
            high(interval),
            slope.as_ref().map(|slope| slope.intercept),
            slope.as_ref().map(|slope| slope.n_pairs),
            test.map(|test| test.score as f64),
            test.map(|test| test.variance),
            test.map(|test| test.tau),
            test.map(|test| test.test.statistic),
            test.map(|test| test.test.p_value),
        ]);
    }
    let notes = vec![
        columns.note(),
        format!(
            "Theil–Sen slope, Sen's limits at {} %; Mann–Kendall test: S, its variance with ties, tau-b, z with continuity correction.",
            percent(args.file.level)
        ),
    ];
    Ok(StatisticTable { title: "Trend".to_owned(), blocks: vec![tidy], notes })
}
