//! `staywell stats bland-altman`.

use super::columns::{Columns, FileOptions};
use super::numbers::finite;
use super::percent::percent;
use super::table::{Block, StatisticTable, cells, high, low};
use crate::cli::error::CliError;
use crate::stats::agreement::{bland_altman, bland_altman_repeated, concordance_correlation};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats bland-altman --data nrs.csv --first paper --second app")]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// Column of the first measurement
    #[arg(long, value_name = "COLUMN")]
    first: String,
    /// Column of the second measurement
    #[arg(long, value_name = "COLUMN")]
    second: String,
    /// Column of the patients, where each has several pairs
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,
    /// Share of differences between the limits of agreement
    #[arg(long, allow_negative_numbers = true, value_parser = finite, default_value_t = 0.95, value_name = "SHARE")]
    coverage: f64,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let mut used = vec![args.first.as_str(), &args.second];
    used.extend(args.id.as_deref());
    let columns = Columns::read(&args.file.data, &used)?;
    let (first, second) = (columns.numbers(&args.first)?, columns.numbers(&args.second)?);
    let level = args.file.level;
    let mut tidy = Block::new("tidy", &["term", "estimate", "std.error", "conf.low", "conf.high"]);
    let glance;
    let mut note = String::new();
    if let Some(id) = &args.id {
        let found = bland_altman_repeated(&columns.identities(id)?.1, &first, &second, args.coverage, level)?;
        for (name, estimate) in [("bias", found.bias), ("lower limit", found.lower), ("upper limit", found.upper)] {
            tidy.push(cells![name, estimate.estimate, estimate.std_error, low(estimate.interval), high(estimate.interval)]);
        }
        glance = Block::new("glance", &["nobs", "n.patients", "std.dev", "variance.between", "variance.within"]).with(cells![
            found.n_pairs,
            found.n_subjects,
            found.std_dev,
            found.between_variance,
            found.within_variance
        ]);
    } else {
        let found = bland_altman(&first, &second, args.coverage, level)?;
        let bias = found.bias;
        tidy.push(cells!["bias", bias.estimate, bias.std_error, low(bias.interval), high(bias.interval)]);
        for (name, limit) in [("lower limit", found.lower), ("upper limit", found.upper)] {
            tidy.push(cells![name, limit.estimate, limit.std_error, limit.exact.lower, limit.exact.upper]);
        }
        let line = found.proportional_bias.as_ref();
        let agreement = concordance_correlation(&first, &second, level).ok();
        let header =
            ["nobs", "std.dev", "proportional.slope", "proportional.p.value", "concordance.correlation", "ccc.conf.low", "ccc.conf.high"];
        glance = Block::new("glance", &header).with(cells![
            found.n,
            found.std_dev,
            line.map(|line| line.slope.estimate),
            line.and_then(|line| line.test).map(|test| test.p_value),
            agreement.as_ref().map(|agreement| agreement.estimate),
            agreement.as_ref().map(|agreement| agreement.interval.lower),
            agreement.as_ref().map(|agreement| agreement.interval.upper)
        ]);
        note.push_str("; limits of the limits exact (Carkeet); proportional: slope of the differences on the means; concordance: Lin's");
    }
    let notes = vec![
        columns.note(),
        format!(
            "Bland–Altman: {} less {}; the limits of agreement hold {} % of differences if these are normal; intervals at {} %{note}.",
            args.first,
            args.second,
            percent(args.coverage),
            percent(level)
        ),
    ];
    Ok(StatisticTable { title: "Limits of agreement".to_owned(), blocks: vec![tidy, glance], notes })
}
