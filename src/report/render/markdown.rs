//! Markdown with figures as links.

use crate::report::document::{Block, CalloutKind, Document, Figure, Table};

/// Renders a document as Markdown; figures are linked as `figures/<id>.svg`.
#[must_use]
pub fn markdown(document: &Document, figures: &[Figure]) -> String {
    let mut text = format!("# {}\n\n", escaped(&document.title));
    if !document.subtitle.is_empty() {
        text.push_str(&format!("{}\n\n", escaped(&document.subtitle)));
    }
    for card in &document.headline {
        text.push_str(&format!("- **{}: {}** {}\n", escaped(&card.label), escaped(&card.value), escaped(&card.detail)));
    }
    if !document.headline.is_empty() {
        text.push('\n');
    }
    for section in &document.sections {
        text.push_str(&format!("## {}\n\n", escaped(&section.title)));
        for block in &section.blocks {
            render(&mut text, block, figures);
        }
    }
    text.push_str("---\n\n");
    for line in &document.provenance {
        text.push_str(&format!("{}\n\n", escaped(line)));
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn render(text: &mut String, block: &Block, figures: &[Figure]) {
    match block {
        Block::Heading(title) => text.push_str(&format!("### {}\n\n", escaped(title))),
        Block::Paragraph(words) => text.push_str(&format!("{}\n\n", escaped(words))),
        Block::Callout { kind, title, text: paragraphs } => {
            let label = if matches!(kind, CalloutKind::Warning | CalloutKind::Note) { "" } else { "Verdict: " };
            text.push_str(&format!("> **{label}{}**\n", escaped(title)));
            for words in paragraphs {
                text.push_str(&format!(">\n> {}\n", escaped(words)));
            }
            text.push('\n');
        }
        Block::Table(table) => grid(text, table),
        Block::Figure(id) => {
            if let Some(figure) = figures.iter().find(|figure| figure.id == *id) {
                text.push_str(&format!("![{}](figures/{id}.svg)\n\n", escaped(&figure.alt_text).replace(['[', ']'], "")));
            }
        }
        Block::Definitions(definitions) => {
            for definition in definitions {
                let mark = if definition.changed { " *(changed by this study)*" } else { "" };
                text.push_str(&format!("- **{}**: {}{mark}\n", escaped(&definition.term), escaped(&definition.meaning)));
            }
            text.push('\n');
        }
        Block::List(items) => {
            for item in items {
                text.push_str(&format!("- {}\n", escaped(item)));
            }
            text.push('\n');
        }
    }
}

fn grid(text: &mut String, table: &Table) {
    text.push_str(&format!("**{}**\n\n|", escaped(&table.caption)));
    for column in &table.columns {
        text.push_str(&format!(" {} |", escaped(&column.name)));
    }
    text.push_str("\n|");
    for column in &table.columns {
        text.push_str(if column.numeric { "--:|" } else { "---|" });
    }
    text.push('\n');
    for row in &table.rows {
        text.push('|');
        for cell in row {
            text.push_str(&format!(" {} |", escaped(cell)));
        }
        text.push('\n');
    }
    text.push('\n');
    for note in &table.notes {
        text.push_str(&format!("{}\n\n", escaped(note)));
    }
}

/// Text that reads as itself: marks of Markdown and HTML are escaped, line ends become spaces.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '<' | '>' | '#' | '|' | '[' | ']' | '~' => {
                text.push('\\');
                text.push(letter);
            }
            '\n' | '\r' => text.push(' '),
            '&' => text.push_str("&amp;"),
            _ => text.push(letter),
        }
    }
    text
}
