//! `staywell patient STUDY ID`: one patient, and nothing of any other.

use std::path::PathBuf;

use super::error::{CliError, Outcome};
use super::options::{Format, OutputOptions, StudyOptions};
use super::output::{Destination, Folder, deliver, note};
use super::study::{Opened, outcome, pseudonyms};
use crate::report::render;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  staywell patient sample-data P0042\n  staywell patient sample-data P0042 --out P0042\n\n\
    With --out, the folder gets patient.html (to print or hand over), patient.md, patient.json, and figures/pain.svg, .png and\n\
    .csv (the numbers behind the figure). It holds nothing of any other patient.")]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyOptions,
    /// The patient's id, as in the logs; with --pseudonymize also the pseudonym
    #[arg(value_name = "ID")]
    id: String,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write the patient's page and figure into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let names = ["patient.html", "patient.md", "patient.json", "figures/"];
    let folder = args.out.as_deref().map(|path| Folder::create(path, &names)).transpose()?;
    let (study, provenance) = Opened::read(&args.study)?.analyze(&args.study);
    let patient = match pseudonyms(&args.study)? {
        // An id that is no patient's is not repeated: it may be a slip of one that is.
        Some(pseudonyms) => study.patient(&args.id).or_else(|_| study.patient(&pseudonyms.of(&args.id)))?,
        None => study.patient(&args.id)?,
    };
    let page = crate::report::patient(&study, &patient, &provenance)?;
    if let Some(folder) = &folder {
        folder.write("patient.html", render::html(&page.report.document, &page.report.figures).as_bytes())?;
        folder.write("patient.md", render::markdown(&page.report.document, &page.report.figures).as_bytes())?;
        folder.write_json("patient.json", &page.report.json)?;
        for figure in &page.report.figures {
            folder.write(&format!("figures/{}.svg", figure.id), figure.svg_file.as_bytes())?;
            folder.write(&format!("figures/{}.png", figure.id), &crate::charts::render_png(&figure.svg_file)?)?;
            folder.write(&format!("figures/{}.csv", figure.id), crate::report::csv_text(&figure.numbers).as_bytes())?;
        }
    }
    let to_stdout = OutputOptions { format: args.format, out: None };
    let destination = Destination::open(&to_stdout)?;
    deliver(&page.command, &to_stdout, destination)?;
    if !args.study.quiet.quiet {
        match &folder {
            Some(folder) => note(&format!("Page and figure: {}", folder.path().join("patient.html").display())),
            None => note("Add --out DIR for the page with the figure."),
        }
    }
    Ok(outcome(&args.study, &study.logs.reading))
}
