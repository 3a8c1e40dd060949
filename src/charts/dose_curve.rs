//! A ratio over a dose, with its band, bands of dose beside it, and the days at risk at each dose below.

use crate::domain::number::ratio;

use super::axes::{self, TICK_ROW, TITLE_ROW, Tick, Y_AXIS_WIDTH};
use super::canvas::{Area, Canvas, Lettering, sheer, solid};
use super::chart::{Chart, NumbersTable, cell};
use super::error::ChartError;
use super::frame::Frame;
use super::legend::{Key, item};
use super::scale::{RatioScale, Scale};
use super::theme::{BLUE, GRAY, ORANGE, THEME, Theme};
use super::ticks::{ratio_ticks, tick_label, value_ticks};

/// Its name in [`super::CHARTS`].
pub const ID: &str = "dose-curve";

/// A ratio over a dose.
#[derive(Clone, Debug)]
pub struct DoseCurve {
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Title of the axis of the dose.
    pub x_label: String,
    /// Title of the axis of the ratio.
    pub y_label: String,
    /// The smooth curve: dose, ratio, lower and upper limit.
    pub curve: Vec<DoseRatio>,
    /// Ratios of bands of dose, each at its mean dose.
    pub bands: Vec<DoseRatio>,
    /// Days at risk between two doses; the first may be of none at all.
    pub bars: Vec<DoseBar>,
    /// Footnotes.
    pub notes: Vec<String>,
}

/// A ratio at a dose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DoseRatio {
    /// The dose.
    pub dose: f64,
    /// The ratio.
    pub ratio: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// Days at risk between two doses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DoseBar {
    /// From this dose; equal to `to` for none at all.
    pub from: f64,
    /// To this.
    pub to: f64,
    /// How many.
    pub days: f64,
}

const PANEL_HEIGHT: f64 = 280.0;
const GAP: f64 = 16.0;
const BARS_HEIGHT: f64 = 74.0;
const SHAPE_GAP: f64 = 6.0;

impl DoseCurve {
    fn frame(&self) -> Frame {
        let mut keys = vec![item(Key::Line(BLUE.mark), "smooth curve"), item(Key::Box(BLUE.mark, 0.16), "its interval, point by point")];
        if !self.bands.is_empty() {
            keys.push(item(Key::Dot(ORANGE.mark, 1.0), "bands of dose, at their mean"));
        }
        keys.push(item(Key::Box(GRAY.mark, 0.55), "days at risk"));
        Frame::new(&self.title, &self.subtitle, &self.notes).with_legend(keys)
    }

    fn body_height() -> f64 {
        PANEL_HEIGHT + GAP + BARS_HEIGHT + TICK_ROW + TITLE_ROW
    }

    fn greatest_dose(&self) -> f64 {
        self.curve.iter().chain(&self.bands).map(|point| point.dose).fold(1.0, f64::max)
    }

    /// Ends of the ratio's axis: all ratios, and as much of the intervals as lies within a factor of three of them.
    fn ratio_ends(&self) -> (f64, f64) {
        const ROOM: f64 = 3.0;
        let points = || self.curve.iter().chain(&self.bands);
        let shown = |ratio: &f64| ratio.is_finite() && *ratio > 0.0;
        let low_center = points().map(|point| point.ratio).filter(shown).fold(0.5, f64::min);
        let high_center = points().map(|point| point.ratio).filter(shown).fold(2.0, f64::max);
        let low = points().map(|point| point.lower).filter(shown).fold(low_center, f64::min);
        let high = points().map(|point| point.upper).filter(shown).fold(high_center, f64::max);
        (low.max(low_center / ROOM) / 1.08, high.min(high_center * ROOM) * 1.08)
    }

    fn draw_ratios(&self, canvas: &Canvas<'_, '_>, x: Scale, y: RatioScale) -> Result<(), ChartError> {
        let upper = self.curve.iter().filter_map(|point| Some((x.at(point.dose), y.at(point.upper)?)));
        let lower = self.curve.iter().rev().filter_map(|point| Some((x.at(point.dose), y.at(point.lower)?)));
        canvas.shape(upper.chain(lower), sheer(BLUE.mark, 0.16))?;
        let line = self.curve.iter().filter_map(|point| Some((x.at(point.dose), y.at(point.ratio)?)));
        canvas.line(line, solid(BLUE.mark, THEME.curve_width))?;
        for band in &self.bands {
            let (Some(at), Some(low), Some(high)) = (y.at(band.ratio), y.at(band.lower), y.at(band.upper)) else { continue };
            let dose = x.at(band.dose);
            canvas.line([(dose, low), (dose, high)], solid(ORANGE.mark, 1.8))?;
            canvas.dot((dose, at), 4.5, solid(ORANGE.mark, 1.0))?;
        }
        Ok(())
    }

    fn draw_bars(&self, canvas: &Canvas<'_, '_>, theme: &Theme, panel: Area, x: Scale) -> Result<(), ChartError> {
        let most = self.bars.iter().map(|bar| bar.days).fold(0.0, f64::max);
        let y = Scale::new((0.0, most.max(f64::MIN_POSITIVE)), (panel.bottom, panel.top));
        let end = self.greatest_dose() * 1.03;
        for bar in self.bars.iter().filter(|bar| bar.days > 0.0 && bar.from < end) {
            // None at all has a narrow bar at 0.
            let (left, right) =
                if bar.to > bar.from { (x.at(bar.from) + 1.0, x.at(bar.to) - 1.0) } else { (x.at(bar.from) - SHAPE_GAP, x.at(bar.from)) };
            let height = y.at(bar.days).min(panel.bottom - 1.0);
            canvas.rectangle(Area { left, top: height, right, bottom: panel.bottom }, sheer(GRAY.mark, 0.55))?;
        }
        canvas.line([(panel.left, panel.bottom), (panel.right, panel.bottom)], solid(theme.axis, theme.rule_width))
    }
}

impl Chart for DoseCurve {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn alt_text(&self) -> String {
        let say = |point: &DoseRatio| {
            let limits = if point.lower > 0.0 && point.upper.is_finite() {
                format!("{}–{}", ratio(point.lower), ratio(point.upper))
            } else {
                "no interval".to_owned()
            };
            format!("{} ({limits}) at {}", ratio(point.ratio), tick_label((point.dose * 10.0).round() / 10.0))
        };
        let curve = match (self.curve.first(), self.curve.last()) {
            (Some(first), Some(last)) => format!("The curve goes from {} to {}.", say(first), say(last)),
            _ => "There is no curve.".to_owned(),
        };
        let bands: Vec<String> = self.bands.iter().map(say).collect();
        let bands = if bands.is_empty() { String::new() } else { format!(" Bands: {}.", bands.join("; ")) };
        format!("{} by {}. {curve}{bands}", self.y_label, self.x_label)
    }

    fn size(&self) -> (u32, u32) {
        self.frame().size(Self::body_height())
    }

    fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme) -> Result<(), ChartError> {
        let frame = self.frame();
        frame.draw(canvas, theme, Self::body_height())?;
        let top = frame.body_top();
        let (left, right) = (theme.margin + Y_AXIS_WIDTH, theme.width - theme.margin - 12.0);
        let panel = Area { left, top, right, bottom: top + PANEL_HEIGHT };
        let bars = Area { left, top: panel.bottom + GAP, right, bottom: panel.bottom + GAP + BARS_HEIGHT };
        let x = Scale::new((0.0, self.greatest_dose() * 1.03), (left + SHAPE_GAP + 2.0, right));
        let (low, high) = self.ratio_ends();
        let y = RatioScale::new((low, high), (panel.bottom, panel.top));
        let ticks: Vec<Tick> =
            ratio_ticks(low, high, 8).into_iter().filter_map(|value| Some(Tick { at: y.at(value)?, label: tick_label(value) })).collect();
        axes::draw_y(canvas, theme, panel, &ticks, &self.y_label, left - Y_AXIS_WIDTH + 12.0)?;
        if let Some(one) = y.at(1.0) {
            canvas.line([(left, one), (right, one)], solid(theme.axis, 1.4))?;
        }
        self.draw_ratios(canvas, x, y)?;
        self.draw_bars(canvas, theme, bars, x)?;
        let marks: Vec<Tick> = value_ticks(0.0, self.greatest_dose() * 1.03, 10)
            .into_iter()
            .map(|value| Tick { at: x.at(value), label: tick_label(value) })
            .collect();
        axes::draw_x(canvas, theme, bars, &marks)?;
        canvas.text((left - 8.0, bars.middle()), "Days", Lettering::regular(theme.tick_size, theme.muted).ending())?;
        axes::draw_x_title(canvas, theme, bars, bars.bottom + TICK_ROW + TITLE_ROW / 2.0, std::slice::from_ref(&self.x_label))
    }

    fn numbers(&self) -> NumbersTable {
        let mut table = NumbersTable::new(&["part", "dose", "to", "value", "lower", "upper"]);
        for (part, points) in [("curve", &self.curve), ("band", &self.bands)] {
            for point in points {
                let values = [Some(point.dose), None, Some(point.ratio), Some(point.lower), Some(point.upper)].map(cell);
                table.rows.push(std::iter::once(part.to_owned()).chain(values).collect());
            }
        }
        for bar in &self.bars {
            let values = [Some(bar.from), Some(bar.to), Some(bar.days), None, None].map(cell);
            table.rows.push(std::iter::once("days".to_owned()).chain(values).collect());
        }
        table
    }
}
