//! `staywell init DIR`: a commented study.toml and empty templates.

use std::path::PathBuf;

use super::error::{CliError, Outcome};
use super::options::QuietOption;
use super::output::{Folder, print};
use crate::settings::{LogKind, TEMPLATE};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell init back-class-2026")]
pub(super) struct Args {
    /// Folder to make
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Write into the folder even if it is not empty
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    quiet: QuietOption,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let folder = Folder::create_new(&args.folder, args.force)?;
    folder.write("study.toml", TEMPLATE.as_bytes())?;
    for &kind in LogKind::ALL {
        let header: Vec<&str> = crate::ingest::columns_of(kind).iter().map(|column| column.name).collect();
        folder.write(&format!("{}.csv", kind.as_str()), format!("{}\n", header.join(",")).as_bytes())?;
    }
    if !args.quiet.quiet {
        print(&format!(
            "Wrote study.toml and empty templates into {0}.\nFill in sessions.csv and pain.csv (the others are optional), then:\n  \
             staywell check {0}\n  staywell report {0} --out report\n",
            folder.path().display()
        ))?;
    }
    Ok(Outcome::Clean)
}
