//! `staywell explain [RULE]`: what a rule of reading means, why it is there, what to do.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};

use super::error::{CliError, Outcome};
use super::output::{print, width};
use crate::domain::nearest;
use crate::ingest::{RULES, Rule, columns_of};
use crate::settings::LogKind;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell explain unknown_patient\n\nRule ids stand in findings.csv. Without one, all rules are listed.\n\
        --markdown rules and --markdown columns print the tables of docs/data.md."
)]
pub(super) struct Args {
    /// Rule id, as in findings.csv
    #[arg(value_name = "RULE")]
    rule: Option<String>,
    /// Print all rules, or the columns of the native files, as a Markdown table
    #[arg(long, value_enum, value_name = "TABLE", conflicts_with = "rule")]
    markdown: Option<MarkdownTable>,
}

/// The tables of the documentation that are made from the program.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum MarkdownTable {
    /// Every rule: id, severity, meaning, what to do, why
    Rules,
    /// Every column of the native files
    Columns,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    match (&args.rule, args.markdown) {
        (_, Some(MarkdownTable::Rules)) => print(&rules_in_markdown())?,
        (_, Some(MarkdownTable::Columns)) => print(&columns_in_markdown())?,
        (None, None) => print(&list())?,
        (Some(id), None) => print(&explained(find(id)?))?,
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

fn rules_in_markdown() -> String {
    let mut text = "| rule | severity | what it is | what to do | why |\n|---|---|---|---|---|\n".to_owned();
    for rule in RULES {
        let cells = [&format!("`{}`", rule.id), rule.severity.as_str(), rule.meaning, rule.fix, rule.why];
        text.push_str(&format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | ")));
    }
    text
}

fn columns_in_markdown() -> String {
    let mut text = String::new();
    for &kind in LogKind::ALL {
        let needed = if kind.required() { "needed" } else { "optional" };
        text.push_str(&format!("\n**{}.csv** ({needed})\n\n| column | holds | also read as |\n|---|---|---|\n", kind.as_str()));
        for column in columns_of(kind) {
            let star = if column.required { " *" } else { "" };
            text.push_str(&format!("| `{}`{star} | {} | {} |\n", column.name, column.holds, column.aliases.join(", ")));
        }
    }
    text.trim_start().to_owned()
}

fn explained(rule: &Rule) -> String {
    format!(
        "{} ({})\n\n{}",
        rule.id,
        rule.severity.as_str(),
        in_columns([["What", rule.meaning], ["Why", rule.why], ["What to do", rule.fix]])
    )
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
