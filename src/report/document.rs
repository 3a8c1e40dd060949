//! A document before it has a syntax: sections of blocks. Text is plain; each renderer escapes it.

/// A document.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Title.
    pub title: String,
    /// One line under the title.
    pub subtitle: String,
    /// Headline numbers shown as cards above the sections.
    pub headline: Vec<Headline>,
    /// Sections in reading order.
    pub sections: Vec<Section>,
    /// How the document was made: version, hashes, cut-off; small print at the end.
    pub provenance: Vec<String>,
}

/// One headline number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// What it is, such as `Adherence`.
    pub label: String,
    /// The number as printed.
    pub value: String,
    /// What it is of, such as `of 3.2 sessions a week prescribed`.
    pub detail: String,
}

/// A section with a heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Anchor.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Content in order.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading inside the section.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A marked paragraph with a title.
    Callout {
        /// How it is marked.
        kind: CalloutKind,
        /// Its title.
        title: String,
        /// Its paragraphs.
        text: Vec<String>,
    },
    /// A table.
    Table(Table),
    /// A figure by its id.
    Figure(String),
    /// Terms and what they mean.
    Definitions(Vec<Definition>),
    /// A list of sentences.
    List(Vec<String>),
}

/// How a callout is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalloutKind {
    /// A verdict: supported.
    Supported,
    /// A verdict: contradicted.
    Contradicted,
    /// A verdict: inconclusive.
    Inconclusive,
    /// A verdict: not testable.
    NotTestable,
    /// Something to be careful about.
    Warning,
    /// A remark.
    Note,
}

/// A term and its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The term.
    pub term: String,
    /// Its meaning in these data.
    pub meaning: String,
    /// Whether the study changed it from the default.
    pub changed: bool,
}

/// A table for reading: cells are already words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Caption above it.
    pub caption: String,
    /// Column heads.
    pub columns: Vec<TableColumn>,
    /// Rows of cells.
    pub rows: Vec<Vec<String>>,
    /// Small print below it.
    pub notes: Vec<String>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableColumn {
    /// Head.
    pub name: String,
    /// Whether cells are numbers (set to the right).
    pub numeric: bool,
}

/// A drawn figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Id, also the file name.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it shows, for those who cannot see it.
    pub alt_text: String,
    /// SVG for a page that brings the font.
    pub svg_inline: String,
    /// SVG that stands alone.
    pub svg_file: String,
    /// The numbers behind it.
    pub numbers: DataTable,
}

/// A table of data at full precision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataTable {
    /// Name, also the file name.
    pub name: String,
    /// Column names.
    pub header: Vec<String>,
    /// Cells; empty is missing.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table whose columns are named with `#` in front where they are numeric.
    #[must_use]
    pub fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        let column = |name: &&str| TableColumn { name: name.trim_start_matches('#').to_owned(), numeric: name.starts_with('#') };
        Self { caption: caption.into(), columns: columns.iter().map(column).collect(), rows: vec![], notes: vec![] }
    }

    /// Adds a row.
    pub fn push(&mut self, row: impl IntoIterator<Item = String>) {
        self.rows.push(row.into_iter().collect());
    }
}
