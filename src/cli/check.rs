//! `staywell check STUDY`: what is wrong with the logs.

use std::path::PathBuf;

use super::error::{CliError, Outcome};
use super::options::{Format, OutputOptions, StudyOptions};
use super::output::{Destination, Folder, deliver, json_text};
use super::study::{Opened, outcome};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell check sample-data --out findings\n\n\
    Every row is accounted for: read = used + rejected + merged + filtered. With --out, findings/rejected.csv lists each\n\
    rejected row with its file, line, column, value, rule, what was expected and what to do.")]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyOptions,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Also write rejected.csv and check.json into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let folder = args.out.as_deref().map(Folder::create).transpose()?;
    let opened = Opened::read(&args.study)?;
    let result = crate::report::check(&opened.logs, &opened.provenance());
    if let Some(folder) = &folder {
        folder.write("rejected.csv", crate::report::rejected_csv(&opened.logs.reading).as_bytes())?;
        folder.write("check.json", json_text(&result.json).as_bytes())?;
    }
    let to_stdout = OutputOptions { format: args.format, out: None };
    let destination = Destination::open(&to_stdout)?;
    deliver(&result, &to_stdout, destination)?;
    Ok(outcome(&args.study, opened.logs.reading.rows_rejected()))
}
