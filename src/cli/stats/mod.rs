//! `staywell stats METHOD --data any.csv`: one statistic, so that any number can be checked elsewhere.

mod absent_value;
mod adjust;
mod at_times;
mod bland_altman;
mod bootstrap;
mod columns;
mod competing_columns;
mod correlation;
mod cox;
mod crosstab;
mod cuminc;
mod evalue;
mod finegray;
mod gee;
mod groups;
mod icc;
mod iptw;
mod km;
mod levels;
mod lmm;
mod located;
mod logistic;
mod logrank;
mod lowess;
mod mcf;
mod numbers;
mod ols;
mod outcome_columns;
mod percent;
mod poisson;
mod power;
mod proportion;
mod pseudo;
mod pyears;
mod ranktest;
mod recurrent;
mod recurrent_columns;
mod rmst;
mod summary;
mod survival_columns;
mod table;
mod terms;
mod tost;
mod trend;
mod ttest;
mod turnbull;
mod two_samples;
mod zph;

use clap::{Args as ClapArgs, Subcommand};

use super::error::{CliError, Outcome};
use super::options::{Format, OutputOptions};
use super::output::{Destination, note};
use table::StatisticTable;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  staywell stats km --data lung.csv --time time --event status --event-code 2 --by sex --times 180,365")]
pub(super) struct Args {
    #[command(subcommand)]
    method: Method,
    #[command(flatten)]
    output: OutputOptions,
    /// Print one block of the result only: tidy, glance, tests, …
    #[arg(long, value_name = "NAME", global = true)]
    block: Option<String>,
    /// No progress and no notes on standard error
    #[arg(long, short, global = true)]
    quiet: bool,
}

/// One line per method: its name, its options, what it does.
macro_rules! methods {
    ($($(#[$doc:meta])* $variant:ident($module:ident)),* $(,)?) => {
        #[derive(Debug, Subcommand)]
        enum Method {
            $($(#[$doc])* $variant($module::Args)),*
        }

        impl Method {
            fn run(&self) -> Result<StatisticTable, CliError> {
                match self {
                    $(Self::$variant(args) => $module::run(args)),*
                }
            }
        }
    };
}

methods! {
    /// Kaplan–Meier curves, quantiles, restricted means, differences at a time
    Km(km),
    /// Restricted mean time without the event, difference and ratio
    Rmst(rmst),
    /// Log-rank tests: two groups or more, strata, weights over time, trend
    Logrank(logrank),
    /// Cox proportional-hazards model
    Cox(cox),
    /// Test of proportional hazards
    Zph(zph),
    /// Events per person-time, rate ratio
    Pyears(pyears),
    /// Event-free probability from interval-censored times
    Turnbull(turnbull),
    /// Pseudo-observations of a curve
    Pseudo(pseudo),
    /// Cumulative incidence of competing events, Gray's test
    Cuminc(cuminc),
    /// Fine and Gray's subdistribution hazard model
    Finegray(finegray),
    /// Mean cumulative function of recurrent events
    Mcf(mcf),
    /// Andersen-Gill and PWP models of recurrent events
    Recurrent(recurrent),
    /// Linear mixed model: patients that differ in level and slope
    Lmm(lmm),
    /// Generalized estimating equations
    Gee(gee),
    /// Linear regression, analysis of covariance
    Ols(ols),
    /// Logistic regression
    Logistic(logistic),
    /// Poisson regression of counts and rates
    Poisson(poisson),
    /// Theil-Sen slope and Mann-Kendall test
    Trend(trend),
    /// Smooth line
    Lowess(lowess),
    /// Mean, spread, quantiles, Shapiro-Wilk
    Summary(summary),
    /// t tests: Welch, Student, paired
    Ttest(ttest),
    /// Rank tests: Mann-Whitney, signed rank, Kruskal-Wallis
    Ranktest(ranktest),
    /// Equivalence of two means
    Tost(tost),
    /// Chi-square, Fisher and paired tests, risk and odds ratios of two columns
    Crosstab(crosstab),
    /// Shares with Wilson and exact limits, their difference
    Proportion(proportion),
    /// Pearson, Spearman, Kendall
    Correlation(correlation),
    /// Bland-Altman limits of agreement
    BlandAltman(bland_altman),
    /// Intraclass correlations, measurement error
    Icc(icc),
    /// Bootstrap limits, by row or by patient
    Bootstrap(bootstrap),
    /// Inverse-probability weights and balance
    Iptw(iptw),
    /// Adjusted p values
    Adjust(adjust),
    /// E-value of a ratio
    Evalue(evalue),
    /// Events and patients needed, detectable hazard ratio
    Power(power),
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let destination = Destination::open(&args.output)?;
    let mut table = args.method.run()?;
    if let Some(name) = &args.block {
        table = table.only(name)?;
    }
    let text = match args.output.format {
        Format::Table => table.text(),
        Format::Json => table.json(),
        Format::Csv => table.csv(),
    };
    destination.write(&text)?;
    // CSV has no place for notes.
    if args.output.format == Format::Csv && !args.quiet {
        table.notes.iter().for_each(|text| note(text));
    }
    Ok(Outcome::Clean)
}
