//! `staywell report STUDY --out DIR`: the whole cohort.

use std::path::PathBuf;

use rayon::prelude::*;

use super::error::{CliError, Outcome};
use super::options::{Format, StudyOptions};
use super::output::{Folder, json_text, print, width};
use super::progress::Progress;
use super::study::{Opened, outcome};
use crate::report::{csv_text, findings_csv, rejected_csv, render};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell report sample-data --out report\n\n\
    The folder gets report.html (one file, works offline), report.md, report.json, figures/*.svg and *.png, tables/*.csv,\n\
    findings.csv and rejected.csv.")]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyOptions,
    /// Folder to write into; made if it is not there
    #[arg(long, value_name = "DIR", default_value = "report")]
    out: PathBuf,
    /// How the summary is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let folder = Folder::create(&args.out)?;
    let (study, provenance) = Opened::read(&args.study)?.analyze(&args.study);
    let progress = Progress::start(args.study.quiet.quiet, "drawing and writing the report");
    let report = crate::report::build(&study, &provenance)?;
    folder.write("report.html", render::html(&report.document, &report.figures).as_bytes())?;
    folder.write("report.md", render::markdown(&report.document, &report.figures).as_bytes())?;
    folder.write("report.json", json_text(&report.json).as_bytes())?;
    folder.write("rejected.csv", rejected_csv(&study.logs.reading).as_bytes())?;
    folder.write("findings.csv", findings_csv(&study.logs.reading).as_bytes())?;
    report.figures.par_iter().try_for_each(|figure| {
        folder.write(&format!("figures/{}.svg", figure.id), figure.svg_file.as_bytes())?;
        folder.write(&format!("figures/{}.csv", figure.id), csv_text(&figure.numbers).as_bytes())?;
        folder.write(&format!("figures/{}.png", figure.id), &crate::charts::render_png(&figure.svg_file)?)
    })?;
    report.tables.par_iter().try_for_each(|table| folder.write(&format!("tables/{}.csv", table.name), csv_text(table).as_bytes()))?;
    drop(progress);
    match args.format {
        Format::Table => print(&crate::report::summary(&study, &folder.path().join("report.html").display().to_string(), width()))?,
        Format::Json => print(&json_text(&report.json))?,
        Format::Csv => print(&csv_text(&report.headline))?,
    }
    Ok(outcome(&args.study, &study.logs.reading))
}
