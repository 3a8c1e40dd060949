//! Figure → SVG → PNG. The same figure gives the same bytes.

use std::sync::{Arc, LazyLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use plotters::drawing::IntoDrawingArea;
use plotters::prelude::SVGBackend;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::canvas::{Area, Canvas, UNITS_PER_PIXEL, sheer};
use super::chart::Chart;
use super::error::ChartError;
use super::lettering::{FONT_REGULAR, FONT_SEMIBOLD};
use super::theme::THEME;

/// Where a viewer of the SVG finds the font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FontUse {
    /// In the SVG itself: the file looks right wherever it is opened.
    Embedded,
    /// In the document around it, which carries [`font_face_css`] once for all its figures.
    External,
}

/// PNGs have this many pixels for one of the SVG.
pub const PNG_SCALE: f32 = 2.0;

/// How a watermark rises, in degrees.
const SLANT: &str = "rotate(-22,";

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(FONT_REGULAR.to_vec());
    fonts.load_font_data(FONT_SEMIBOLD.to_vec());
    fonts.set_sans_serif_family("Inter");
    Arc::new(fonts)
});

/// The bundled font as two CSS `@font-face` rules with the data inside.
#[must_use]
pub fn font_face_css() -> String {
    let face = |weight: &str, data: &[u8]| {
        format!(
            "@font-face{{font-family:Inter;font-style:normal;font-weight:{weight};src:url(data:font/otf;base64,{}) format(\"opentype\")}}",
            STANDARD.encode(data)
        )
    };
    face("400", FONT_REGULAR) + "\n" + &face("600 700", FONT_SEMIBOLD)
}

/// The figure as SVG, with its title and description for screen readers.
///
/// # Errors
/// [`ChartError::Drawing`] if the drawing library refuses.
pub fn render_svg(chart: &dyn Chart, font: FontUse) -> Result<String, ChartError> {
    let (width, height) = chart.size();
    let mut drawn = String::new();
    {
        let root = SVGBackend::with_string(&mut drawn, (width * UNITS_PER_PIXEL, height * UNITS_PER_PIXEL)).into_drawing_area();
        let canvas = Canvas::new(&root);
        let page = Area { left: 0.0, top: 0.0, right: f64::from(width), bottom: f64::from(height) };
        canvas.rectangle(page, sheer(THEME.paper, 1.0))?;
        chart.draw(&canvas, &THEME)?;
        root.present().map_err(|error| ChartError::Drawing(error.to_string()))?;
    }
    let (_, body) = drawn.split_once(">\n").ok_or_else(|| ChartError::Drawing("the drawing library wrote no SVG".to_owned()))?;
    let (units_wide, units_high) = (width * UNITS_PER_PIXEL, height * UNITS_PER_PIXEL);
    let style = match font {
        FontUse::Embedded => format!("<style>{}</style>\n", font_face_css()),
        FontUse::External => String::new(),
    };
    let title = escaped(chart.title());
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {units_wide} {units_high}\" \
         role=\"img\" aria-label=\"{title}\" stroke-linejoin=\"round\">\n<title>{title}</title>\n<desc>{}</desc>\n{style}{}",
        escaped(&chart.alt_text()),
        body.replace("transform=\"rotate(90,", &format!("transform=\"{SLANT}"))
    ))
}

/// The SVG as a PNG of twice its size, lettered with the bundled font whatever the machine has installed.
///
/// # Errors
/// [`ChartError::Png`] if the text is not an SVG or is too large to draw.
pub fn render_png(svg: &str) -> Result<Vec<u8>, ChartError> {
    let refused = |error: &dyn std::fmt::Display| ChartError::Png(error.to_string());
    let options = Options { fontdb: Arc::clone(&FONTS), font_family: "Inter".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| refused(&error))?;
    let size = tree.size().to_int_size();
    let (width, height) = ((size.width() as f32 * PNG_SCALE) as u32, (size.height() as f32 * PNG_SCALE) as u32);
    let mut pixels = Pixmap::new(width, height).ok_or_else(|| ChartError::Png(format!("{width} × {height} pixels are too many")))?;
    resvg::render(&tree, Transform::from_scale(PNG_SCALE, PNG_SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| refused(&error))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
