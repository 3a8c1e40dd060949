//! The bundled font: measuring, wrapping and shortening text.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, ScaleFont};

/// Inter Regular, a subset; see `assets/fonts/README.md`.
pub const FONT_REGULAR: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular-subset.otf");
/// Inter `SemiBold`, a subset; see `assets/fonts/README.md`.
pub const FONT_SEMIBOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold-subset.otf");

/// The two weights figures use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Body.
    Regular,
    /// Titles and group labels.
    SemiBold,
}

static REGULAR: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| FontRef::try_from_slice(FONT_REGULAR).ok());
static SEMIBOLD: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| FontRef::try_from_slice(FONT_SEMIBOLD).ok());

/// Width of `text` at `size` pixels. Kerning, which only tightens, is left out: a label is never wider than this says.
#[must_use]
pub fn text_width(text: &str, size: f64, weight: Weight) -> f64 {
    let font = match weight {
        Weight::Regular => &*REGULAR,
        Weight::SemiBold => &*SEMIBOLD,
    };
    let Some(font) = font else { return text.chars().count() as f64 * size * 0.6 };
    let units = f64::from(font.units_per_em().unwrap_or(2048.0));
    let unscaled = font.as_scaled(ab_glyph::PxScale::from(font.height_unscaled()));
    let advance: f64 = text
        .chars()
        .map(|c| {
            let glyph = font.glyph_id(c);
            // A character outside the subset comes from a fallback font: assume a wide one.
            if glyph.0 == 0 { units } else { f64::from(unscaled.h_advance(glyph)) }
        })
        .sum();
    advance / units * size
}

/// Breaks `text` into lines no wider than `width`, at spaces; a word wider than a line is broken inside.
#[must_use]
pub fn wrap(text: &str, width: f64, size: f64, weight: Weight) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if text_width(&joined, size, weight) <= width {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for c in word.chars() {
            let mut longer = line.clone();
            longer.push(c);
            if !line.is_empty() && text_width(&longer, size, weight) > width {
                lines.push(std::mem::take(&mut line));
                line.push(c);
            } else {
                line = longer;
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The widest of the lines.
#[must_use]
pub fn widest(lines: &[String], size: f64, weight: Weight) -> f64 {
    lines.iter().map(|line| text_width(line, size, weight)).fold(0.0, f64::max)
}

/// `text` if it fits in `width`, else as much of it as fits before `…`; `None` if fewer than three letters would be left.
#[must_use]
pub fn shorten(text: &str, width: f64, size: f64, weight: Weight) -> Option<String> {
    if text_width(text, size, weight) <= width {
        return Some(text.to_owned());
    }
    let letters: Vec<char> = text.chars().collect();
    (3..letters.len()).rev().find_map(|keep| {
        let short: String = letters[..keep].iter().collect::<String>().trim_end().to_owned() + "…";
        (text_width(&short, size, weight) <= width).then_some(short)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_fonts_can_be_read_and_measured() {
        assert!(REGULAR.is_some() && SEMIBOLD.is_some());
        let narrow = text_width("iiii", 12.0, Weight::Regular);
        let wide = text_width("MMMM", 12.0, Weight::Regular);
        assert!(narrow > 0.0 && wide > 2.0 * narrow);
        assert!(text_width("Pain", 12.0, Weight::SemiBold) > text_width("Pain", 12.0, Weight::Regular));
        assert!((text_width("Pain", 24.0, Weight::Regular) - 2.0 * text_width("Pain", 12.0, Weight::Regular)).abs() < 1e-9);
    }

    #[test]
    fn lines_fit_the_width_and_lose_no_word() {
        let text = "Recurrence-free after the program, by maintenance at the landmark of 84 days";
        let lines = wrap(text, 150.0, 12.0, Weight::Regular);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| text_width(line, 12.0, Weight::Regular) <= 150.0));
        assert_eq!(lines.join(" "), text);
        assert_eq!(wrap(&"x".repeat(60), 100.0, 12.0, Weight::Regular).concat(), "x".repeat(60));
    }

    #[test]
    fn a_shortened_label_ends_in_an_ellipsis_and_fits() {
        let short = shorten("Proprioception", 50.0, 12.0, Weight::Regular).unwrap();
        assert!(short.ends_with('…') && text_width(&short, 12.0, Weight::Regular) <= 50.0);
        assert_eq!(shorten("Strength", 8.0, 12.0, Weight::Regular), None);
    }
}
