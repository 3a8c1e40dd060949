//! Documents in a syntax, one file each, listed in [`RENDERERS`].

mod html;
mod markdown;
mod terminal;

pub use html::html;
pub use markdown::markdown;
pub use terminal::terminal;

use super::document::{Document, Figure};

/// Width of a terminal rendering that nobody chose.
const USUAL_WIDTH: usize = 80;

/// A syntax.
#[derive(Clone, Copy, Debug)]
pub struct Renderer {
    /// Its name, and that of its file.
    pub id: &'static str,
    /// Extension of files in it.
    pub extension: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// Renders a document with its figures.
    pub render: fn(&Document, &[Figure]) -> String,
}

/// Every syntax.
pub const RENDERERS: &[Renderer] = &[
    Renderer { id: "html", extension: "html", description: "one self-contained page, figures inside", render: html },
    Renderer { id: "markdown", extension: "md", description: "text with figures beside it", render: markdown },
    Renderer {
        id: "terminal",
        extension: "txt",
        description: "plain text without figures",
        render: |document, _| terminal(document, USUAL_WIDTH),
    },
];
