//! `staywell check STUDY`: what is wrong with the logs.

use std::path::PathBuf;

use super::error::{CliError, Outcome};
use super::options::{Format, OutputOptions, StudyOptions};
use super::output::{Destination, Folder, deliver, note, print_error};
use super::study::{Opened, outcome};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell check sample-data --out findings\n\n\
    Every row is accounted for: read = used + rejected + merged + filtered. With --out, findings/findings.csv lists every\n\
    rejected row, warning and note with its place, what was expected and what to do; findings/rejected.csv the rejected\n\
    rows as they stand; findings/check.json all of it. A file that cannot be used does not hide what is wrong with the\n\
    others (exit code 2). `staywell explain RULE` says why a rule is there.")]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyOptions,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Also write findings.csv, rejected.csv and check.json into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

const WRITTEN: [&str; 3] = ["findings.csv", "rejected.csv", "check.json"];

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let folder = args.out.as_deref().map(|path| Folder::create(path, &WRITTEN)).transpose()?;
    let (checked, provenance) = Opened::check(&args.study)?;
    let reading = &checked.logs.reading;
    let result = crate::report::check(&checked, &provenance);
    if let Some(folder) = &folder {
        let [findings, rejected, all] = WRITTEN;
        folder.write_with(findings, |out| result.write_csv(out))?;
        folder.write_with(rejected, |out| Ok(crate::report::write_rejected(reading, out)?))?;
        folder.write_with(all, |out| result.write_json(out))?;
    }
    // Where a study cannot be used and nothing else was found, the errors are all there is to say.
    let found_something = reading.all_findings().next().is_some();
    if checked.errors.is_empty() || found_something || args.format == Format::Json {
        let to_stdout = OutputOptions { format: args.format, out: None };
        let destination = Destination::open(&to_stdout)?;
        deliver(&result, &to_stdout, destination)?;
    }
    if let Some(folder) = folder.filter(|_| !args.study.quiet.quiet) {
        note(&format!("Wrote findings.csv, rejected.csv and check.json into {}.", folder.path().display()));
    }
    drop(result);
    let mut errors = checked.errors.into_iter().map(CliError::Ingest).rev();
    let Some(last) = errors.next() else { return Ok(outcome(&args.study, reading)) };
    errors.rev().for_each(|error| print_error(&error));
    Err(last)
}
