//! `staywell explain [RULE]`: what a rule of reading means, why it is there, what to do.

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
    let longest = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let room = width().saturating_sub(longest + 2).max(30);
    RULES.iter().map(|rule| column(&format!("{:longest$}  ", rule.id), rule.meaning, room)).collect()
}

fn explained(rule: &Rule) -> String {
    let room = width().saturating_sub(12);
    let parts = [("What", rule.meaning), ("Why", rule.why), ("What to do", rule.fix)];
    let body: String = parts.into_iter().map(|(name, text)| column(&format!("{name:10}  "), text, room)).collect();
    format!("{}\n\n{body}", rule.id)
}

/// A text in lines of at most `room` characters beside its label.
fn column(label: &str, text: &str, room: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        if let Some(line) = lines.last_mut() {
            if line.is_empty() {
                line.push_str(word);
            } else if line.chars().count() + 1 + word.chars().count() <= room {
                line.push(' ');
                line.push_str(word);
            } else {
                lines.push(word.to_owned());
            }
        }
    }
    let indent = " ".repeat(label.chars().count());
    let lines = lines.iter().enumerate().map(|(place, line)| format!("{}{line}\n", if place == 0 { label } else { &indent }));
    lines.collect()
}
