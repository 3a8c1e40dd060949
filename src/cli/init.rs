//! `staywell init DIR`: a commented study.toml and empty templates.

use std::path::PathBuf;

use super::error::{CliError, Outcome};
use super::options::QuietOption;
use super::output::{Folder, print};
use crate::ingest::columns_of;
use crate::settings::{LogKind, TEMPLATE};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell init back-class-2026")]
pub(super) struct Args {
    /// Folder to make
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Add to the folder what it lacks, even if it has a study.toml; nothing that is there is overwritten
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    quiet: QuietOption,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    // A folder with logs of other names needs settings, no templates beside them.
    let bare = args.folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) && !args.folder.join("study.toml").exists();
    let folder = Folder::create_new(&args.folder, args.force || bare)?;
    let template = |kind: LogKind| {
        let header: Vec<&str> = columns_of(kind).iter().map(|column| column.name).collect();
        (format!("{}.csv", kind.as_str()), format!("{}\n", header.join(",")))
    };
    let templates = LogKind::ALL.iter().copied().map(template).filter(|_| args.force || !bare);
    let (mut wrote, mut kept) = (Vec::new(), Vec::new());
    for (name, text) in [("study.toml".to_owned(), TEMPLATE.to_owned())].into_iter().chain(templates) {
        // What is there may be the only copy of somebody's logs.
        if folder.path().join(&name).exists() {
            kept.push(name);
        } else {
            folder.write(&name, text.as_bytes())?;
            wrote.push(name);
        }
    }
    if !args.quiet.quiet {
        let kept = if kept.is_empty() { String::new() } else { format!("Left as they were: {}.\n", kept.join(", ")) };
        let wrote = if wrote.is_empty() { "nothing".to_owned() } else { wrote.join(", ") };
        let next = if bare && !args.force {
            "Say under [files.…] in study.toml what your files are called"
        } else {
            "Fill in sessions.csv and pain.csv (the others are optional)"
        };
        print(&format!(
            "Wrote {wrote} into {0}.\n{kept}{next}, then:\n  staywell check {0}\n  staywell report {0} --out report\n",
            folder.path().display()
        ))?;
    }
    Ok(Outcome::Clean)
}
