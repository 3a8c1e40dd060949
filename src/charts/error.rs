//! Why a figure could not be drawn.

/// Why a figure could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChartError {
    /// The drawing library refused.
    #[error("the figure could not be drawn: {0}")]
    Drawing(String),
    /// The SVG could not be turned into pixels.
    #[error("the figure could not be turned into a PNG: {0}")]
    Png(String),
}
