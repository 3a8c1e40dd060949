//! One self-contained page: figures and font inside, no script, nothing fetched.

use maud::{DOCTYPE, Markup, PreEscaped, html as page};

use crate::charts::font_face_css;
use crate::report::document::{Block, CalloutKind, Document, Figure, Section, Table};

const STYLE: &str = include_str!("style.css");

/// Renders a document as a page.
#[must_use]
pub fn html(document: &Document, figures: &[Figure]) -> String {
    page! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (document.title) }
                style { (PreEscaped(font_face_css())) (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#content" { "Skip to the content" }
                header {
                    h1 { (document.title) }
                    @if !document.subtitle.is_empty() { p class="subtitle" { (document.subtitle) } }
                }
                @if document.sections.len() > 2 {
                    nav aria-label="Sections" {
                        ul { @for section in &document.sections { li { a href=(format!("#{}", section.id)) { (section.title) } } } }
                    }
                }
                main id="content" {
                    @if !document.headline.is_empty() {
                        dl class="cards" {
                            @for card in &document.headline {
                                div class="card" {
                                    dt { (card.label) }
                                    dd class="value" { (card.value) }
                                    dd class="detail" { (card.detail) }
                                }
                            }
                        }
                    }
                    @for part in &document.sections { (section(part, figures)) }
                }
                footer { @for line in &document.provenance { p { (line) } } }
            }
        }
    }
    .into_string()
}

fn section(section: &Section, figures: &[Figure]) -> Markup {
    page! {
        section id=(section.id) aria-labelledby=(format!("{}-heading", section.id)) {
            h2 id=(format!("{}-heading", section.id)) { (section.title) }
            @for part in &section.blocks { (block(part, figures)) }
        }
    }
}

fn block(block: &Block, figures: &[Figure]) -> Markup {
    match block {
        Block::Heading(title) => page! { h3 { (title) } },
        Block::Paragraph(words) => page! { p { (words) } },
        Block::Callout { kind, title, text } => page! {
            div class=(format!("callout {}", class_of(*kind))) {
                p class="badge" { @if is_verdict(*kind) { span class="label" { "Verdict" } " " } (title) }
                @for words in text { p { (words) } }
            }
        },
        Block::Table(table) => grid(table),
        Block::Figure(id) => page! {
            @if let Some(figure) = figures.iter().find(|figure| figure.id == *id) {
                figure id=(format!("figure-{id}")) tabindex="0" aria-label=(figure.title) { (PreEscaped(&figure.svg_inline)) }
            }
        },
        Block::Definitions(definitions) => page! {
            dl class="definitions" {
                @for definition in definitions {
                    dt { (definition.term) @if definition.changed { " " span class="changed" { "changed" } } }
                    dd { (definition.meaning) }
                }
            }
        },
        Block::List(items) => page! { ul { @for item in items { li { (item) } } } },
    }
}

fn grid(table: &Table) -> Markup {
    let class = |column: usize| if table.columns.get(column).is_some_and(|column| column.numeric) { "number" } else { "text" };
    page! {
        div class="table" role="region" tabindex="0" aria-label=(table.caption) {
            table {
                caption { (table.caption) }
                thead { tr { @for (index, column) in table.columns.iter().enumerate() { th scope="col" class=(class(index)) { (column.name) } } } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (index, cell) in row.iter().enumerate() {
                                @if index == 0 { th scope="row" class=(class(0)) { (cell) } } @else { td class=(class(index)) { (cell) } }
                            }
                        }
                    }
                }
            }
        }
        @for note in &table.notes { p class="note" { (note) } }
    }
}

fn is_verdict(kind: CalloutKind) -> bool {
    !matches!(kind, CalloutKind::Warning | CalloutKind::Note)
}

fn class_of(kind: CalloutKind) -> &'static str {
    match kind {
        CalloutKind::Supported => "supported",
        CalloutKind::Contradicted => "contradicted",
        CalloutKind::Inconclusive => "inconclusive",
        CalloutKind::NotTestable => "not-testable",
        CalloutKind::Warning => "warning",
        CalloutKind::Note => "remark",
    }
}
