//! One look for every figure: colors, type sizes, line widths, margins.

use plotters::style::RGBColor;

/// The family every label is set in, with what a viewer without the bundled font falls back to.
pub const FONT_FAMILY: &str = "Inter, system-ui, sans-serif";

/// A color for what is drawn, and a darker one of the same hue for words (contrast of at least 4.5 : 1 on white).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hue {
    /// For lines, dots and areas.
    pub mark: RGBColor,
    /// For words.
    pub text: RGBColor,
}

/// Sizes in CSS pixels and the colors of the figures.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// Width of every figure, so that type has one size down the whole report.
    pub width: f64,
    /// Space around a figure.
    pub margin: f64,
    /// Size of the title.
    pub title_size: f64,
    /// Size of the subtitle.
    pub subtitle_size: f64,
    /// Size of axis titles and direct labels.
    pub label_size: f64,
    /// Size of tick labels and of the numbers in strips.
    pub tick_size: f64,
    /// Size of footnotes.
    pub note_size: f64,
    /// Lines of text stand this many times their size apart.
    pub leading: f64,
    /// Width of curves.
    pub curve_width: f64,
    /// Width of axes and rules.
    pub rule_width: f64,
    /// Words that matter most, and axes.
    pub ink: RGBColor,
    /// Words that matter less.
    pub muted: RGBColor,
    /// Axis lines.
    pub axis: RGBColor,
    /// Grid lines.
    pub grid: RGBColor,
    /// Tint behind strips.
    pub tint: RGBColor,
    /// Background.
    pub paper: RGBColor,
    /// Colors of groups, by index.
    pub groups: [Hue; 6],
    /// Grays for a comparison that is shown only because it is biased.
    pub biased: [Hue; 3],
}

const fn hue(mark: RGBColor, text: RGBColor) -> Hue {
    Hue { mark, text }
}

/// Blue of the palette.
pub const BLUE: Hue = hue(RGBColor(0x00, 0x72, 0xB2), RGBColor(0x00, 0x5F, 0x96));
/// Vermillion of the palette.
pub const VERMILLION: Hue = hue(RGBColor(0xD5, 0x5E, 0x00), RGBColor(0xAD, 0x4B, 0x00));
/// Bluish green of the palette.
pub const GREEN: Hue = hue(RGBColor(0x00, 0x9E, 0x73), RGBColor(0x00, 0x72, 0x53));
/// Reddish purple of the palette.
pub const PURPLE: Hue = hue(RGBColor(0xCC, 0x79, 0xA7), RGBColor(0x9A, 0x40, 0x72));
/// Orange of the palette.
pub const ORANGE: Hue = hue(RGBColor(0xE6, 0x9F, 0x00), RGBColor(0x8A, 0x5F, 0x00));
/// Sky blue of the palette.
pub const SKY: Hue = hue(RGBColor(0x56, 0xB4, 0xE9), RGBColor(0x1F, 0x6F, 0xA3));
/// Gray for what was not logged or is not to be relied on.
pub const GRAY: Hue = hue(RGBColor(0x8A, 0x90, 0x97), RGBColor(0x5A, 0x61, 0x68));

/// The theme all figures are drawn with: colors after Okabe & Ito (2008), told apart by readers with any color vision.
pub const THEME: Theme = Theme {
    width: 800.0,
    margin: 24.0,
    title_size: 17.0,
    subtitle_size: 13.0,
    label_size: 12.5,
    tick_size: 12.0,
    note_size: 11.0,
    leading: 1.36,
    curve_width: 2.0,
    rule_width: 1.0,
    ink: RGBColor(0x1B, 0x1F, 0x24),
    muted: RGBColor(0x57, 0x60, 0x6A),
    axis: RGBColor(0x6E, 0x77, 0x81),
    grid: RGBColor(0xE6, 0xE9, 0xED),
    tint: RGBColor(0xF3, 0xF5, 0xF7),
    paper: RGBColor(0xFF, 0xFF, 0xFF),
    groups: [BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY],
    biased: [
        hue(RGBColor(0x4D, 0x54, 0x5B), RGBColor(0x4D, 0x54, 0x5B)),
        hue(RGBColor(0x9A, 0xA1, 0xA8), RGBColor(0x66, 0x6D, 0x74)),
        hue(RGBColor(0xBE, 0xC4, 0xCA), RGBColor(0x73, 0x79, 0x80)),
    ],
};

impl Theme {
    /// Color of the group with this index; the palette repeats after six.
    #[must_use]
    pub fn group(&self, index: usize) -> Hue {
        self.groups[index % self.groups.len()]
    }

    /// Gray of the group with this index, for a biased comparison.
    #[must_use]
    pub fn biased_group(&self, index: usize) -> Hue {
        self.biased[index % self.biased.len()]
    }
}
