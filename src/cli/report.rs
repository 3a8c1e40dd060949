//! `staywell report STUDY --out DIR`: the whole cohort.

use std::path::PathBuf;

use rayon::prelude::*;

use super::error::{CliError, Outcome};
use super::options::{Format, StudyOptions};
use super::output::{Folder, print, print_json, width};
use super::progress::Progress;
use super::study::{Opened, outcome};
use crate::report::{csv_text, render, write_csv, write_findings, write_rejected};

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
    let names = ["report.html", "report.md", "report.json", "rejected.csv", "findings.csv", "figures/", "tables/"];
    let folder = Folder::create(&args.out, &names)?;
    let (study, provenance) = Opened::read(&args.study)?.analyze(&args.study);
    let progress = Progress::start(args.study.quiet.quiet, "drawing and writing the report");
    let report = crate::report::build(&study, &provenance)?;
    folder.write("report.html", render::html(&report.document, &report.figures).as_bytes())?;
    folder.write("report.md", render::markdown(&report.document, &report.figures).as_bytes())?;
    folder.write_json("report.json", &report.json)?;
    for name in ["rejected.csv", "tables/rejected.csv"] {
        folder.write_with(name, |out| Ok(write_rejected(&study.logs.reading, out)?))?;
    }
    for name in ["findings.csv", "tables/findings.csv"] {
        folder.write_with(name, |out| Ok(write_findings(&study.logs.reading, out)?))?;
    }
    report.figures.par_iter().try_for_each(|figure| {
        folder.write(&format!("figures/{}.svg", figure.id), figure.svg_file.as_bytes())?;
        folder.write(&format!("figures/{}.csv", figure.id), csv_text(&figure.numbers).as_bytes())?;
        folder.write(&format!("figures/{}.png", figure.id), &crate::charts::render_png(&figure.svg_file)?)
    })?;
    report
        .tables
        .par_iter()
        .try_for_each(|table| folder.write_with(&format!("tables/{}.csv", table.name), |out| Ok(write_csv(table, out)?)))?;
    drop(progress);
    match args.format {
        Format::Table => print(&crate::report::summary(&study, &folder.path().join("report.html").display().to_string(), width()))?,
        Format::Json => print_json(&report.json)?,
        Format::Csv => print(&csv_text(&report.headline))?,
    }
    Ok(outcome(&args.study, &study.logs.reading))
}
