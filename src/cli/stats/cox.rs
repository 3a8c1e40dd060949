//! `staywell stats cox`.

use clap::ValueEnum;

use super::columns::{Columns, FileOptions};
use super::km::Limits;
use super::percent::percent;
use super::survival_columns::SurvivalOptions;
use super::table::{Block, Cell, StatisticTable, cells};
use super::terms::{TermOptions, columns_of};
use crate::cli::error::CliError;
use crate::stats::Covariates;
use crate::stats::survival::{CoxFit, CoxModel, CoxOptions, ProportionalHazards, Ties, TimeToEvent, TimeTransform};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  staywell stats cox --data lung.csv --time time --event status --event-code 2 --covariates age,sex,ph.ecog\n  \
    staywell stats cox --data heart.csv --entry start --time stop --event event --covariates age,transplant --cluster id\n\n\
    A covariate whose values are words, or one named in --factor, becomes one term per level but the reference: its first level in\n\
    sorted order unless --ref sex=male. Time-dependent covariates are start-stop rows (--entry). --zph tests proportional\n\
    hazards; --residuals adds a block with a line per row, --at a prediction."
)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) model: ModelOptions,
    /// Also test proportional hazards (staywell stats zph does it alone)
    #[arg(long)]
    zph: bool,
    /// Also print each row's residuals (martingale, deviance, score, dfbeta) and the Schoenfeld residuals of the events
    #[arg(long)]
    residuals: bool,
    /// Also print the cumulative baseline hazard (all covariates 0)
    #[arg(long)]
    baseline: bool,
    /// Also print the survival predicted at these values of the terms, such as age=60,sex=1; other terms are 0, a:b follows a and b
    #[arg(long, value_delimiter = ',', value_name = "TERM=VALUE")]
    at: Vec<String>,
    /// Limits of the prediction
    #[arg(long, value_enum, default_value_t = Limits::LogLog)]
    ci: Limits,
}

/// What defines a Cox model.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ModelOptions {
    #[command(flatten)]
    pub(super) file: FileOptions,
    #[command(flatten)]
    survival: SurvivalOptions,
    /// Columns in the model; a:b is the product of two: name both main effects too
    #[arg(long, value_delimiter = ',', required = true, value_name = "COLUMNS")]
    covariates: Vec<String>,
    #[command(flatten)]
    terms: TermOptions,
    /// Columns of the strata, each with a baseline hazard of its own
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    strata: Vec<String>,
    /// Column of a known part of the log hazard
    #[arg(long, value_name = "COLUMN")]
    offset: Option<String>,
    /// Column of the clusters (patients): robust standard errors by cluster
    #[arg(long, value_name = "COLUMN")]
    cluster: Option<String>,
    /// Robust standard errors with every row its own cluster (done on its own with fractional weights)
    #[arg(long)]
    robust: bool,
    /// Ties between events
    #[arg(long, value_enum, default_value_t = TiesOption::Efron)]
    ties: TiesOption,
    /// Firth's penalty, for events that are separated
    #[arg(long)]
    firth: bool,
    /// Scale of time in the test of proportional hazards
    #[arg(long, value_enum, default_value_t = TransformOption::Km)]
    transform: TransformOption,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TiesOption {
    Efron,
    Breslow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TransformOption {
    Km,
    Rank,
    Log,
    Identity,
}

/// A fitted model with what it was fitted to.
pub(super) struct Fitted {
    pub(super) columns: Columns,
    pub(super) rows: TimeToEvent,
    covariates: Covariates,
    pub(super) model: CoxModel,
    strata: Vec<String>,
}

impl ModelOptions {
    pub(super) fn fit(&self) -> Result<Fitted, CliError> {
        let mut used = self.survival.used();
        used.extend(columns_of(&self.covariates));
        used.extend(self.strata.iter().chain(&self.offset).chain(&self.cluster).map(String::as_str));
        let columns = Columns::read(&self.file.data, &used)?;
        let rows = self.survival.sample(&columns)?;
        let covariates = columns.terms(&self.covariates, &self.terms)?;
        let strata = if self.strata.is_empty() { None } else { Some(columns.groups(&self.strata)?) };
        let cluster = self.cluster.as_ref().map(|name| columns.identities(name)).transpose()?;
        let offset = self.offset.as_ref().map(|name| columns.numbers(name)).transpose()?;
        let options = CoxOptions {
            ties: match self.ties {
                TiesOption::Efron => Ties::Efron,
                TiesOption::Breslow => Ties::Breslow,
            },
            level: self.file.level,
            strata: strata.as_ref().map(|(_, codes)| codes.as_slice()),
            offset: offset.as_deref(),
            cluster: cluster.as_ref().map(|(_, codes)| codes.as_slice()),
            robust: self.robust || rows.has_fractional_weights(),
            firth: self.firth,
        };
        let model = CoxModel::fit(&rows, &covariates, &options)?;
        Ok(Fitted { columns, rows, covariates, model, strata: strata.map_or_else(Vec::new, |(labels, _)| labels) })
    }

    pub(super) fn proportional_hazards(&self, fitted: &Fitted) -> Result<ProportionalHazards, CliError> {
        let transform = match self.transform {
            TransformOption::Km => TimeTransform::Km,
            TransformOption::Rank => TimeTransform::Rank,
            TransformOption::Log => TimeTransform::Log,
            TransformOption::Identity => TimeTransform::Identity,
        };
        Ok(fitted.model.proportional_hazards(&fitted.rows, transform)?)
    }

    pub(super) fn transform_name(&self) -> &'static str {
        match self.transform {
            TransformOption::Km => "km",
            TransformOption::Rank => "rank",
            TransformOption::Log => "log",
            TransformOption::Identity => "identity",
        }
    }
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let fitted = args.model.fit()?;
    let fit = &fitted.model.fit;
    let mut blocks = vec![tidy(fit), glance(&fitted.model), tests(fit)];
    let mut notes = vec![
        format!(
            "{} rows used, {} events; {} dropped because a used column is missing.",
            fitted.columns.len(),
            fit.n_events,
            fitted.columns.dropped()
        ),
        note(args, fit),
    ];
    if args.zph {
        let found = args.model.proportional_hazards(&fitted);
        notes.push(match &found {
            Ok(_) => format!("zph: score test of proportional hazards, time on the scale {}.", args.model.transform_name()),
            Err(error) => format!("No test of proportional hazards: {error}."),
        });
        blocks.push(
            found.map_or_else(|_| super::zph::without_test("zph", fitted.covariates.names()), |tests| super::zph::block("zph", &tests)),
        );
    }
    if args.baseline {
        blocks.push(predicted("baseline", &fitted, &vec![0.0; fit.terms.len()], args)?);
    }
    if !args.at.is_empty() {
        let values = values_at(&fitted.covariates, &args.at)?;
        let at: Vec<String> = fitted.covariates.names().iter().zip(&values).map(|(term, value)| format!("{term} {value}")).collect();
        notes.push(format!("prediction: at {}.", at.join(", ")));
        blocks.push(predicted("prediction", &fitted, &values, args)?);
    }
    if args.residuals {
        blocks.extend(residuals(&fitted));
    }
    Ok(StatisticTable { title: "Cox proportional hazards".to_owned(), blocks, notes })
}

fn note(args: &Args, fit: &CoxFit) -> String {
    let ties = if fit.ties == Ties::Efron { "Efron" } else { "Breslow" };
    let errors = match (&args.model.cluster, fit.robust) {
        (Some(cluster), _) => format!("robust standard errors clustered by {cluster}"),
        (None, true) => "robust standard errors by row".to_owned(),
        (None, false) => "model-based standard errors".to_owned(),
    };
    let firth = if fit.firth { "Firth's penalty; " } else { "" };
    format!(
        "Cox model; {ties} ties; {firth}{errors}; estimate is the log hazard ratio; limits of the hazard ratio at {} %; p two-sided (Wald).",
        percent(args.model.file.level)
    )
}

pub(super) fn tidy(fit: &CoxFit) -> Block {
    let mut block = Block::new(
        "tidy",
        &["term", "estimate", "std.error", "statistic", "p.value", "hazard.ratio", "conf.low", "conf.high", "model.std.error"],
    );
    for term in &fit.terms {
        block.push(cells![
            &term.name,
            term.coefficient,
            term.std_error,
            term.statistic,
            term.p_value,
            term.hazard_ratio,
            term.interval.lower,
            term.interval.upper,
            term.model_std_error,
        ]);
    }
    block
}

pub(super) fn glance(model: &CoxModel) -> Block {
    let fit = &model.fit;
    let concordance = model.concordance().ok();
    let header = ["nobs", "nevent", "logLik", "logLik.null", "AIC", "BIC", "concordance", "std.error.concordance", "iterations", "robust"];
    Block::new("glance", &header).with(cells![
        fit.n,
        fit.n_events,
        fit.log_likelihood,
        fit.log_likelihood_null,
        fit.aic,
        fit.bic,
        concordance.map(|concordance| concordance.estimate),
        concordance.map(|concordance| concordance.std_error),
        fit.iterations,
        fit.robust,
    ])
}

pub(super) fn tests(fit: &CoxFit) -> Block {
    let mut tests = vec![("likelihood ratio", fit.likelihood_ratio)];
    tests.extend(fit.wald.map(|test| ("wald", test)));
    tests.push(("score", fit.score));
    tests.extend(fit.robust_score.map(|test| ("robust score", test)));
    Block::tests(&tests)
}

/// `age=60,sex=1`: a value for each term. Terms that are not named are 0, but a product is that of its parts.
fn values_at(covariates: &Covariates, settings: &[String]) -> Result<Vec<f64>, CliError> {
    let terms = covariates.names();
    let is_known = |name: &str| terms.iter().any(|term| term == name || term.split(':').any(|part| part == name));
    let mut named: Vec<(&str, f64)> = Vec::new();
    for setting in settings {
        // A term of a category is column=level itself; its value is after the last =, or 1.
        let (name, value) = match setting.rsplit_once('=') {
            _ if is_known(setting) => (setting.as_str(), 1.0),
            Some((name, value)) if is_known(name) => match value.parse::<f64>() {
                Ok(value) if value.is_finite() => (name, value),
                _ => return Err(unknown_term(setting, covariates)),
            },
            _ => return Err(unknown_term(setting, covariates)),
        };
        let column = |name: &str| name.split_once('=').map(|(column, _)| column.to_owned());
        if let Some((other, _)) = named.iter().find(|(other, theirs)| {
            *other == name || (value != 0.0 && *theirs != 0.0 && column(name).is_some() && column(other) == column(name))
        }) {
            return Err(CliError::Usage(format!("--at {setting}: {other} is given already, and nobody is both")));
        }
        named.push((name, value));
    }
    let given = |name: &str| named.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let of_parts = |term: &String| term.split(':').map(|part| given(part).unwrap_or(0.0)).product();
    Ok(terms.iter().map(|term| given(term).unwrap_or_else(|| of_parts(term))).collect())
}

fn unknown_term(setting: &str, covariates: &Covariates) -> CliError {
    CliError::Usage(format!("--at {setting}: expected TERM=NUMBER with one of the terms {}", covariates.names().join(", ")))
}

fn predicted(name: &'static str, fitted: &Fitted, values: &[f64], args: &Args) -> Result<Block, CliError> {
    let header = ["time", "cumhaz", "std.error.cumhaz", "estimate", "conf.low", "conf.high", "strata"];
    let mut block = Block::new(name, &header);
    for curve in fitted.model.predict(values, args.ci.method().0, args.model.file.level)? {
        let label = fitted.strata.get(curve.stratum).map_or("all", String::as_str);
        for row in 0..curve.time.len() {
            block.push(cells![
                curve.time[row],
                curve.cumulative_hazard[row],
                curve.std_error[row],
                curve.survival[row],
                curve.lower[row],
                curve.upper[row],
                label,
            ]);
        }
    }
    Ok(block)
}

fn residuals(fitted: &Fitted) -> Vec<Block> {
    let residuals = fitted.model.residuals();
    let names = fitted.covariates.names();
    let mut rows = Block::new("residuals", &["line", "martingale", "deviance", "term", "score", "dfbeta"]);
    for row in 0..residuals.martingale.len() {
        for (j, name) in names.iter().enumerate() {
            rows.push(cells![
                fitted.columns.line(row),
                residuals.martingale[row],
                residuals.deviance[row],
                name,
                residuals.score[row][j],
                residuals.dfbeta[row][j],
            ]);
        }
    }
    let mut events = Block::new("schoenfeld", &["line", "time", "term", "schoenfeld", "scaled.schoenfeld"]);
    for (place, &row) in residuals.event_row.iter().enumerate() {
        for (j, name) in names.iter().enumerate() {
            let time: Cell = fitted.rows.time()[row].into();
            events.push(cells![
                fitted.columns.line(row),
                time,
                name,
                residuals.schoenfeld[place][j],
                residuals.scaled_schoenfeld[place][j],
            ]);
        }
    }
    vec![rows, events]
}
