//! Lines, areas and words on a plotters drawing area, in CSS pixels with a tenth of a pixel's precision.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::prelude::SVGBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, ShapeStyle, TextStyle};

use super::error::ChartError;
use super::lettering::Weight;
use super::theme::FONT_FAMILY;

/// plotters places things on whole units, so a pixel has ten of them: curves of small steps stay smooth.
pub const UNITS_PER_PIXEL: u32 = 10;

/// A point in CSS pixels from the upper left corner.
pub type Point = (f64, f64);

/// A rectangle in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Area {
    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Height of the middle, in pixels from the top of the figure.
    #[must_use]
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.top, self.bottom)
    }

    /// Half way between left and right.
    #[must_use]
    pub fn center(&self) -> f64 {
        f64::midpoint(self.left, self.right)
    }
}

/// Color, opacity (0–1) and width of a line; areas use the first two.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    /// Color.
    pub color: RGBColor,
    /// 1 is solid.
    pub opacity: f64,
    /// Line width in pixels.
    pub width: f64,
}

/// A solid line of this color and width.
#[must_use]
pub fn solid(color: RGBColor, width: f64) -> Ink {
    Ink { color, opacity: 1.0, width }
}

/// A see-through fill of this color.
#[must_use]
pub fn sheer(color: RGBColor, opacity: f64) -> Ink {
    Ink { color, opacity, width: 1.0 }
}

/// Size, weight, color and anchor of a label.
#[derive(Clone, Copy)]
pub struct Lettering {
    /// Size in pixels.
    pub size: f64,
    /// Weight.
    pub weight: Weight,
    /// Color.
    pub color: RGBColor,
    /// Which end of the text stands at the point given.
    pub anchor: HPos,
    /// 1 is solid.
    pub opacity: f64,
}

impl Lettering {
    /// Regular weight, starting at the point.
    #[must_use]
    pub fn regular(size: f64, color: RGBColor) -> Self {
        Self { size, weight: Weight::Regular, color, anchor: HPos::Left, opacity: 1.0 }
    }

    /// Semi-bold, starting at the point.
    #[must_use]
    pub fn semibold(size: f64, color: RGBColor) -> Self {
        Self { weight: Weight::SemiBold, ..Self::regular(size, color) }
    }

    /// The same, centered on the point.
    #[must_use]
    pub fn centered(self) -> Self {
        Self { anchor: HPos::Center, ..self }
    }

    /// The same, ending at the point.
    #[must_use]
    pub fn ending(self) -> Self {
        Self { anchor: HPos::Right, ..self }
    }
}

/// Where figures draw.
pub struct Canvas<'a, 'b> {
    area: &'a DrawingArea<SVGBackend<'b>, Shift>,
}

fn unit(pixels: f64) -> i32 {
    (pixels * f64::from(UNITS_PER_PIXEL)).round() as i32
}

fn units(points: impl IntoIterator<Item = Point>) -> Vec<(i32, i32)> {
    let mut path: Vec<(i32, i32)> = points.into_iter().map(|(x, y)| (unit(x), unit(y))).collect();
    path.dedup();
    path
}

fn refused(error: impl std::fmt::Display) -> ChartError {
    ChartError::Drawing(error.to_string())
}

fn style(ink: Ink, filled: bool) -> ShapeStyle {
    ShapeStyle { color: ink.color.mix(ink.opacity), filled, stroke_width: unit(ink.width).unsigned_abs() }
}

impl<'a, 'b> Canvas<'a, 'b> {
    /// A canvas over a drawing area of ten units a pixel.
    #[must_use]
    pub fn new(area: &'a DrawingArea<SVGBackend<'b>, Shift>) -> Self {
        Self { area }
    }

    /// A line through the points.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] if the library refuses.
    pub fn line(&self, points: impl IntoIterator<Item = Point>, ink: Ink) -> Result<(), ChartError> {
        let path = units(points);
        if path.len() < 2 {
            return Ok(());
        }
        self.area.draw(&PathElement::new(path, style(ink, false))).map_err(refused)
    }

    /// A dashed straight line.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] if the library refuses.
    pub fn dashed(&self, from: Point, to: Point, (dash, gap): (f64, f64), ink: Ink) -> Result<(), ChartError> {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        if length <= 0.0 || dash + gap <= 0.0 {
            return Ok(());
        }
        let at = |share: f64| (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
        let dashes = (length / (dash + gap)).ceil() as u32;
        for number in 0..dashes {
            let start = f64::from(number) * (dash + gap);
            self.line([at(start / length), at(((start + dash) / length).min(1.0))], ink)?;
        }
        Ok(())
    }

    /// A filled shape.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] if the library refuses.
    pub fn shape(&self, points: impl IntoIterator<Item = Point>, ink: Ink) -> Result<(), ChartError> {
        let path = units(points);
        if path.len() < 3 {
            return Ok(());
        }
        self.area.draw(&Polygon::new(path, style(ink, true))).map_err(refused)
    }

    /// A filled rectangle.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] if the library refuses.
    pub fn rectangle(&self, area: Area, ink: Ink) -> Result<(), ChartError> {
        let corners = [(unit(area.left), unit(area.top)), (unit(area.right), unit(area.bottom))];
        if corners[0].0 >= corners[1].0 || corners[0].1 >= corners[1].1 {
            return Ok(());
        }
        self.area.draw(&Rectangle::new(corners, style(ink, true))).map_err(refused)
    }

    /// Diagonal hatching inside a rectangle.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] if the library refuses.
    pub fn hatching(&self, area: Area, spacing: f64, ink: Ink) -> Result<(), ChartError> {
        let height = area.bottom - area.top;
        if area.width() <= 0.0 || height <= 0.0 {
            return Ok(());
        }
        // Lines x + y = constant, on one lattice for the whole figure so that neighbouring areas match, cut to the rectangle.
        let first = ((area.left + area.top) / spacing).ceil() as i64;
        let last = ((area.right + area.bottom) / spacing).floor() as i64;
        for number in first..=last {
            let sum = number as f64 * spacing;
            let left = (sum - area.bottom).max(area.left);
            let right = (sum - area.top).min(area.right);
            self.line([(left, sum - left), (right, sum - right)], ink)?;
        }
        Ok(())
    }

    /// A filled dot.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] if the library refuses.
    pub fn dot(&self, at: Point, radius: f64, ink: Ink) -> Result<(), ChartError> {
        self.area.draw(&Circle::new((unit(at.0), unit(at.1)), unit(radius), style(ink, true))).map_err(refused)
    }

    /// Text whose middle height is at the point.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] if the library refuses.
    pub fn text(&self, at: Point, text: &str, lettering: Lettering) -> Result<(), ChartError> {
        self.lettered(at, text, lettering, FontTransform::None)
    }

    /// Lines of text, the first at the point, the others below it. Returns the height where the next line would stand.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] if the library refuses.
    pub fn lines(&self, at: Point, lines: &[String], leading: f64, lettering: Lettering) -> Result<f64, ChartError> {
        let mut y = at.1;
        for line in lines {
            self.text((at.0, y), line, lettering)?;
            y += leading;
        }
        Ok(y)
    }

    /// Text reading upwards, for axis titles.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] if the library refuses.
    pub fn upwards(&self, at: Point, text: &str, lettering: Lettering) -> Result<(), ChartError> {
        self.lettered(at, text, lettering, FontTransform::Rotate270)
    }

    /// Text rising slantwise, for watermarks. plotters knows quarter turns only: `render` turns this one's quarter turn, which
    /// nothing else uses, into the slant.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] if the library refuses.
    pub fn slanted(&self, at: Point, text: &str, lettering: Lettering) -> Result<(), ChartError> {
        self.lettered(at, text, lettering, FontTransform::Rotate90)
    }

    fn lettered(&self, at: Point, text: &str, lettering: Lettering, turn: FontTransform) -> Result<(), ChartError> {
        let weight = match lettering.weight {
            Weight::Regular => FontStyle::Normal,
            Weight::SemiBold => FontStyle::Bold,
        };
        let color = lettering.color.mix(lettering.opacity);
        // The SVG backend divides sizes by 1.24.
        let size = lettering.size * f64::from(UNITS_PER_PIXEL) * 1.24;
        let style = TextStyle::from(FontDesc::new(FontFamily::Name(FONT_FAMILY), size, weight).transform(turn))
            .color(&color)
            .pos(Pos::new(lettering.anchor, VPos::Center));
        let printable: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.area.draw_text(&printable, &style, (unit(at.0), unit(at.1))).map_err(refused)
    }
}
