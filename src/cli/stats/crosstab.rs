//! `staywell stats crosstab`.

use super::columns::{Columns, FileOptions};
use super::percent::percent;
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::comparison::{chi_squared_test, fisher_exact, fisher_exact_two_by_two, mcnemar};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats crosstab --data clinic.csv --rows maintained --columns recurred\n\n\
    Counts, chi-square and Fisher's exact test; for two by two also the difference, risk ratio and odds ratio of the second column's\n\
    level, second row against first, and, where both have the same two levels, McNemar's test of paired answers.")]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// Column of the rows
    #[arg(long, value_name = "COLUMN")]
    rows: String,
    /// Column of the columns
    #[arg(long, value_name = "COLUMN")]
    columns: String,
    /// Yates's continuity correction
    #[arg(long)]
    correct: bool,
}

/// Cells of a table beyond which a column must have been mistaken for a category.
const MOST_CELLS: usize = 1_000_000;

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let columns = Columns::read(&args.file.data, &[args.rows.as_str(), &args.columns])?;
    let level = args.file.level;
    let ((row_levels, row_codes), (column_levels, column_codes)) = (columns.levels(&args.rows)?, columns.levels(&args.columns)?);
    if row_levels.len().saturating_mul(column_levels.len()) > MOST_CELLS {
        return Err(CliError::Usage(format!(
            "\"{}\" has {} levels and \"{}\" has {}: a table of so many cells says nothing; name columns of categories",
            args.rows,
            row_levels.len(),
            args.columns,
            column_levels.len()
        )));
    }
    let mut table = vec![vec![0_u64; column_levels.len()]; row_levels.len()];
    row_codes.iter().zip(&column_codes).for_each(|(&row, &column)| table[row][column] += 1);
    let chi = chi_squared_test(&table, args.correct)?;
    let mut counts = Block::new("counts", &["row", "column", "n", "expected"]);
    for (row, row_level) in row_levels.iter().enumerate() {
        for (column, column_level) in column_levels.iter().enumerate() {
            counts.push(cells![row_level, column_level, table[row][column] as usize, chi.expected[row][column]]);
        }
    }
    let mut notes = vec![columns.note()];
    let mut tidy = Block::new("tidy", &["method", "estimate", "statistic", "p.value", "parameter", "conf.low", "conf.high"]);
    tidy.push(cells!["chi-square", chi.cramers_v, chi.test.statistic, chi.test.p_value, chi.test.df, None::<f64>, None::<f64>]);
    let square = row_levels.len() == 2 && column_levels.len() == 2;
    if square {
        let fisher = fisher_exact_two_by_two([[table[0][0], table[0][1]], [table[1][0], table[1][1]]], level)?;
        tidy.push(cells!["fisher", fisher.odds_ratio, None::<f64>, fisher.p_value, None::<f64>, fisher.lower, fisher.upper]);
    } else {
        match fisher_exact(&table) {
            Ok(test) => tidy.push(cells!["fisher", None::<f64>, None::<f64>, test.p_value, None::<f64>, None::<f64>, None::<f64>]),
            Err(error) => notes.push(format!("No exact test: {error}.")),
        }
    }
    let mut blocks = vec![tidy, counts];
    if square {
        // Paired answers are answers to one question: the same two levels.
        if row_levels == column_levels
            && let Ok(test) = mcnemar(&table, true)
        {
            blocks[0].push(cells!["mcnemar", None::<f64>, test.statistic, test.p_value, test.df, None::<f64>, None::<f64>]);
        }
        let share = |row: usize| (table[row][1] as usize, (table[row][0] + table[row][1]) as usize);
        blocks.push(super::proportion::effects(share(0), share(1), level)?);
        notes.push(format!(
            "Effects of {}={} against {} on {}={}; difference with Newcombe's limits; standard errors of ratios are those of their logarithms.",
            args.rows, row_levels[1], row_levels[0], args.columns, column_levels[1]
        ));
    }
    if chi.smallest_expected < 5.0 {
        notes.push("An expected count is below 5: prefer the exact test.".to_owned());
    }
    notes.push(format!(
        "chi-square: estimate is Cramér's V; fisher: conditional odds ratio with exact limits at {} %; two-sided.",
        percent(level)
    ));
    Ok(StatisticTable { title: "Cross table".to_owned(), blocks, notes })
}
