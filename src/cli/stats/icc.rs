//! `staywell stats icc`.

use super::columns::{Columns, FileOptions};
use super::percent::percent;
use super::table::{Block, StatisticTable, cells, high, low};
use crate::cli::error::CliError;
use crate::stats::agreement::{intraclass_correlation, measurement_error};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats icc --data retest.csv --raters day_1,day_8")]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// Columns of the ratings, one row per thing rated
    #[arg(long, value_delimiter = ',', required = true, value_name = "COLUMNS")]
    raters: Vec<String>,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let used: Vec<&str> = args.raters.iter().map(String::as_str).collect();
    let columns = Columns::read(&args.file.data, &used)?;
    let ratings = used.iter().map(|name| columns.numbers(name)).collect::<Result<Vec<_>, _>>()?;
    let ratings: Vec<&[f64]> = ratings.iter().map(Vec::as_slice).collect();
    let found = intraclass_correlation(&ratings, args.file.level)?;
    let mut tidy = Block::new("tidy", &["term", "estimate", "conf.low", "conf.high", "statistic", "df1", "df2", "p.value"]);
    let named = [
        ("ICC(1,1) one-way", found.one_way_single),
        ("ICC(2,1) agreement", found.agreement_single),
        ("ICC(3,1) consistency", found.consistency_single),
        ("ICC(1,k) one-way, mean", found.one_way_mean),
        ("ICC(2,k) agreement, mean", found.agreement_mean),
        ("ICC(3,k) consistency, mean", found.consistency_mean),
    ];
    for (name, icc) in named {
        let icc = icc.as_ref();
        let interval = icc.and_then(|icc| icc.interval);
        tidy.push(cells![
            name,
            icc.map(|icc| icc.estimate),
            low(interval),
            high(interval),
            icc.and_then(|icc| icc.f_statistic),
            icc.map(|icc| icc.df_numerator),
            icc.map(|icc| icc.df_denominator),
            icc.map(|icc| icc.p_value)
        ]);
    }
    let error = measurement_error(&ratings, args.file.level)?;
    let header = ["n", "raters", "sem.consistency", "sem.conf.low", "sem.conf.high", "sem.agreement", "mdc.consistency", "mdc.agreement"];
    let glance = Block::new("glance", &header).with(cells![
        found.variance.n_subjects,
        found.variance.n_raters,
        error.sem_consistency,
        error.sem_interval.lower,
        error.sem_interval.upper,
        error.sem_agreement,
        error.mdc_consistency,
        error.mdc_agreement
    ]);
    let notes = vec![
        columns.note(),
        format!(
            "Intraclass correlations (Shrout & Fleiss, McGraw & Wong), F limits at {} %; sem: standard error of measurement; mdc: smallest \
             change beyond it.",
            percent(args.file.level)
        ),
    ];
    Ok(StatisticTable { title: "Intraclass correlation".to_owned(), blocks: vec![tidy, glance], notes })
}
