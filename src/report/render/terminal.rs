//! Plain text for a terminal: no colours, no figures, no trailing spaces.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table as Grid, Width, presets};

use crate::report::document::{Block, Definition, Document, Table};

/// Renders a document as text of at most `width` columns where words allow.
#[must_use]
pub fn terminal(document: &Document, width: usize) -> String {
    let mut text = format!("{}\n", document.title);
    paragraph(&mut text, &document.subtitle, width, "");
    for card in &document.headline {
        paragraph(&mut text, &format!("{}: {} {}", card.label, card.value, card.detail), width, "  ");
    }
    for section in &document.sections {
        text.push_str(&format!("\n{}\n{}\n", section.title, "─".repeat(section.title.chars().count())));
        for block in &section.blocks {
            render(&mut text, block, width);
        }
    }
    text.push('\n');
    for line in &document.provenance {
        paragraph(&mut text, line, width, "");
    }
    text
}

fn render(text: &mut String, block: &Block, width: usize) {
    match block {
        Block::Heading(title) => text.push_str(&format!("\n{title}\n\n")),
        Block::Paragraph(words) => {
            paragraph(text, words, width, "");
            text.push('\n');
        }
        Block::Callout { title, text: paragraphs, .. } => {
            text.push_str(&format!("» {}\n", title.to_uppercase()));
            for words in paragraphs {
                paragraph(text, words, width, "  ");
            }
            text.push('\n');
        }
        Block::Table(table) => grid(text, table, width),
        Block::Figure(_) => {}
        Block::Definitions(definitions) => meanings(text, definitions, width),
        Block::List(items) => {
            for item in items {
                let before = text.len();
                paragraph(text, item, width, "  ");
                // The first line of an item carries its mark.
                if text.len() > before {
                    text.replace_range(before..=before, "•");
                }
            }
            text.push('\n');
        }
    }
}

/// Words wrapped to the width, each line behind the indent.
fn paragraph(text: &mut String, words: &str, width: usize, indent: &str) {
    let room = width.saturating_sub(indent.chars().count()).max(20);
    let mut line = String::new();
    for word in words.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
            text.push_str(&format!("{indent}{line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        text.push_str(&format!("{indent}{line}\n"));
    }
}

fn grid(text: &mut String, table: &Table, width: usize) {
    let mut grid = Grid::new();
    grid.load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none())).set_content_arrangement(ContentArrangement::Dynamic);
    grid.set_width(u16::try_from(width).unwrap_or(80));
    let align = |column: usize| {
        if table.columns.get(column).is_some_and(|column| column.numeric) { CellAlignment::Right } else { CellAlignment::Left }
    };
    let cells =
        |row: &[String]| row.iter().enumerate().map(|(column, cell)| Cell::new(cell).set_alignment(align(column))).collect::<Vec<_>>();
    grid.set_header(cells(&table.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>()));
    for row in &table.rows {
        grid.add_row(cells(row));
    }
    // Names are copied from the first column into settings and options, so they are not broken where there is room.
    let longest =
        table.rows.iter().filter_map(|row| row.first()).flat_map(|cell| cell.split_whitespace()).map(|word| word.chars().count()).max();
    let padded = longest.unwrap_or(0) + 2;
    if padded <= width * 2 / 5
        && let Some(column) = grid.column_mut(0)
    {
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(u16::try_from(padded).unwrap_or(0))));
    }
    text.push_str(&format!("{}\n", table.caption));
    for line in grid.to_string().lines() {
        text.push_str(&format!("{}\n", line.trim_end()));
    }
    for note in &table.notes {
        paragraph(text, note, width, "");
    }
    text.push('\n');
}

fn meanings(text: &mut String, definitions: &[Definition], width: usize) {
    let longest = definitions.iter().map(|definition| definition.term.chars().count()).max().unwrap_or(0) + 2;
    let indent = " ".repeat(longest);
    for Definition { term, meaning, changed } in definitions {
        let before = text.len();
        let mark = if *changed { " (changed by this study)" } else { "" };
        paragraph(text, &format!("{meaning}{mark}"), width, &indent);
        if text.len() > before {
            text.replace_range(before..before + term.chars().count(), term);
        }
    }
    text.push('\n');
}
