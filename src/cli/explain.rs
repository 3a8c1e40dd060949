//! `staywell explain [RULE]`: what a rule of reading means, why it is there, what to do.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};

use super::error::{CliError, Outcome};
use super::output::{print, width};
use crate::domain::nearest;
use crate::ingest::{RULES, Rule};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell explain unknown_patient\n\nRule ids stand in rejected.csv. Without one, all rules are listed."
)]
pub(super) struct Args {
    /// Rule id, as in rejected.csv
    #[arg(value_name = "RULE")]
    rule: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    match &args.rule {
        None => print(&list())?,
        Some(id) => print(&explained(find(id)?))?,
    }
    Ok(Outcome::Clean)
}

/// The rule of that id; tables print ids with spaces for underscores.
fn find(id: &str) -> Result<&'static Rule, CliError> {
    let wanted = id.trim().to_lowercase().replace([' ', '-'], "_");
    RULES.iter().find(|rule| rule.id == wanted).ok_or_else(|| {
        let near = nearest(&wanted, RULES.iter().map(|rule| rule.id)).map_or_else(String::new, |near| format!(" Did you mean {near}?"));
        CliError::Usage(format!("there is no rule \"{id}\".{near} `staywell explain` lists all of them"))
    })
}

fn list() -> String {
    in_columns(RULES.iter().map(|rule| [rule.id, rule.meaning]))
}

fn explained(rule: &Rule) -> String {
    format!("{}\n\n{}", rule.id, in_columns([["What", rule.meaning], ["Why", rule.why], ["What to do", rule.fix]]))
}

/// Labels beside their texts, which are broken over lines.
fn in_columns(rows: impl IntoIterator<Item = [&'static str; 2]>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width() as u16);
    for row in rows {
        table.add_row(row);
    }
    if let Some(labels) = table.column_mut(0) {
        labels.set_padding((0, 1)).set_constraint(ColumnConstraint::ContentWidth);
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}
