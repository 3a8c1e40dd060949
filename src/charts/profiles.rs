//! Means over days or weeks by group, with their intervals, in panels one above the other.

use crate::domain::number::{count, decimal};

use super::axes::{self, TICK_ROW, TITLE_ROW, Tick, Y_AXIS_WIDTH};
use super::canvas::{Area, Canvas, Lettering, sheer, solid};
use super::chart::{Chart, NumbersTable, cell};
use super::error::ChartError;
use super::frame::Frame;
use super::legend::{Key, item};
use super::scale::Scale;
use super::theme::{Hue, THEME, Theme};
use super::ticks::{tick_label, value_ticks};

/// Its name in [`super::CHARTS`].
pub const ID: &str = "profiles";

/// Means over time by group.
#[derive(Clone, Debug)]
pub struct Profiles {
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Title of the axis that the panels share.
    pub x_label: String,
    /// What happens at 0, marked by a line, if anything does.
    pub at_zero: Option<String>,
    /// Names of the groups.
    pub groups: Vec<String>,
    /// Panels, from the top.
    pub panels: Vec<ProfilePanel>,
    /// What the numbers under the axis count.
    pub counted: String,
    /// Footnotes.
    pub notes: Vec<String>,
}

/// One quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfilePanel {
    /// Title of its axis, which begins at 0.
    pub y_label: String,
    /// Points of each group, in the groups' order, each rising along the axis.
    pub profiles: Vec<Vec<ProfilePoint>>,
}

/// A mean at a place of the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProfilePoint {
    /// Place, such as the middle of five days.
    pub at: f64,
    /// How many it is of.
    pub n: usize,
    /// The mean, if it has one.
    pub mean: Option<f64>,
    /// Its lower limit, if it has one.
    pub lower: Option<f64>,
    /// Its upper limit, if it has one.
    pub upper: Option<f64>,
}

const PANEL_HEIGHT: f64 = 190.0;
const PANEL_GAP: f64 = 22.0;
const N_ROW: f64 = 18.0;

impl Profiles {
    fn frame(&self) -> Frame {
        let keys =
            self.groups.iter().enumerate().map(|(index, name)| item(Key::LineAndDot(THEME.group(index).mark), name.clone())).collect();
        Frame::new(&self.title, &self.subtitle, &self.notes).with_legend(keys)
    }

    fn points(&self) -> impl Iterator<Item = &ProfilePoint> {
        self.panels.iter().flat_map(|panel| &panel.profiles).flatten()
    }

    fn body_height(&self) -> f64 {
        let panels = self.panels.len() as f64;
        panels * PANEL_HEIGHT + (panels - 1.0).max(0.0) * PANEL_GAP + TICK_ROW + TITLE_ROW + 8.0 + (self.groups.len() + 1) as f64 * N_ROW
    }

    fn ends(&self) -> (f64, f64) {
        let low = self.points().map(|point| point.at).fold(f64::INFINITY, f64::min);
        let high = self.points().map(|point| point.at).fold(f64::NEG_INFINITY, f64::max);
        if low <= high { (low, high) } else { (0.0, 1.0) }
    }

    fn draw_profile(canvas: &Canvas<'_, '_>, points: &[ProfilePoint], hue: Hue, x: Scale, y: Scale) -> Result<(), ChartError> {
        for stretch in points.split(|point| point.mean.is_none()) {
            let limits = |limit: fn(&ProfilePoint) -> Option<f64>| {
                stretch.iter().filter_map(move |point| Some((x.at(point.at), y.at(limit(point)?))))
            };
            let upper: Vec<(f64, f64)> = limits(|point| point.lower.and(point.upper)).collect();
            let mut lower: Vec<(f64, f64)> = limits(|point| point.upper.and(point.lower)).collect();
            lower.reverse();
            canvas.shape(upper.into_iter().chain(lower), sheer(hue.mark, 0.16))?;
        }
        for stretch in points.split(|point| point.mean.is_none()) {
            let means = || stretch.iter().filter_map(|point| Some((x.at(point.at), y.at(point.mean?))));
            canvas.line(means(), solid(hue.mark, THEME.curve_width))?;
            for at in means() {
                canvas.dot(at, 2.8, solid(hue.mark, 1.0))?;
            }
        }
        Ok(())
    }

    fn draw_panel(&self, canvas: &Canvas<'_, '_>, theme: &Theme, panel: &ProfilePanel, area: Area, x: Scale) -> Result<(), ChartError> {
        let greatest = |point: &ProfilePoint| point.upper.or(point.mean).unwrap_or(0.0);
        let top = panel.profiles.iter().flatten().map(greatest).fold(0.0, f64::max).max(1e-6) * 1.06;
        let y = Scale::new((0.0, top), (area.bottom, area.top));
        let ticks: Vec<Tick> =
            value_ticks(0.0, top, 5).into_iter().map(|value| Tick { at: y.at(value), label: tick_label(value) }).collect();
        axes::draw_y(canvas, theme, area, &ticks, &panel.y_label, area.left - Y_AXIS_WIDTH + 12.0)?;
        if self.at_zero.is_some() {
            canvas.dashed((x.at(0.0), area.top), (x.at(0.0), area.bottom), (5.0, 4.0), solid(theme.axis, 1.4))?;
        }
        for (index, points) in panel.profiles.iter().enumerate() {
            Self::draw_profile(canvas, points, theme.group(index), x, y)?;
        }
        Ok(())
    }

    /// Under the axis: how many the means nearest to each tick are of, in the panel with the fewest.
    fn draw_counts(&self, canvas: &Canvas<'_, '_>, theme: &Theme, top: f64, ticks: &[(f64, f64)]) -> Result<(), ChartError> {
        canvas.text((theme.margin, top + N_ROW / 2.0), &self.counted, Lettering::regular(theme.note_size, theme.muted))?;
        for (index, _) in self.groups.iter().enumerate() {
            let y = top + (index as f64 + 1.5) * N_ROW;
            canvas.dot((theme.margin + 5.0, y), 3.4, solid(theme.group(index).mark, 1.0))?;
            for &(value, at) in ticks {
                let near = |panel: &ProfilePanel| {
                    let points = panel.profiles.get(index)?;
                    points.iter().min_by(|one, other| (one.at - value).abs().total_cmp(&(other.at - value).abs())).map(|point| point.n)
                };
                if let Some(n) = self.panels.iter().filter_map(near).min() {
                    let lettering = Lettering::regular(theme.note_size, theme.group(index).text).centered();
                    canvas.text((at, y), &count(n), lettering)?;
                }
            }
        }
        Ok(())
    }
}

impl Chart for Profiles {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn alt_text(&self) -> String {
        let say = |points: &Vec<ProfilePoint>| {
            let known: Vec<(f64, f64)> = points.iter().filter_map(|point| Some((point.at, point.mean?))).collect();
            match (known.first(), known.last()) {
                (Some(first), Some(last)) => {
                    format!("{} at {} and {} at {}", decimal(first.1, 1), tick_label(first.0), decimal(last.1, 1), tick_label(last.0))
                }
                _ => "no data".to_owned(),
            }
        };
        let panels: Vec<String> = self
            .panels
            .iter()
            .map(|panel| {
                let groups: Vec<String> =
                    self.groups.iter().zip(&panel.profiles).map(|(name, points)| format!("{name}: {}", say(points))).collect();
                format!("{}. {}", panel.y_label, groups.join("; "))
            })
            .collect();
        format!("Lines of means by {}. {}.", self.x_label, panels.join(". "))
    }

    fn size(&self) -> (u32, u32) {
        self.frame().size(self.body_height())
    }

    fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme) -> Result<(), ChartError> {
        let frame = self.frame();
        frame.draw(canvas, theme, self.body_height())?;
        let (left, right) = (theme.margin + Y_AXIS_WIDTH, theme.width - theme.margin - 12.0);
        let (low, high) = self.ends();
        let pad = (high - low).max(1.0) * 0.02;
        let x = Scale::new((low - pad, high + pad), (left, right));
        let ticks: Vec<(f64, f64)> = value_ticks(low - pad, high + pad, 10).into_iter().map(|value| (value, x.at(value))).collect();
        let marks: Vec<Tick> = ticks.iter().map(|&(value, at)| Tick { at, label: tick_label(value) }).collect();
        let mut top = frame.body_top();
        let mut bottom = top;
        for (number, panel) in self.panels.iter().enumerate() {
            let area = Area { left, top, right, bottom: top + PANEL_HEIGHT };
            self.draw_panel(canvas, theme, panel, area, x)?;
            canvas.line([(left, area.bottom), (right, area.bottom)], solid(theme.axis, theme.rule_width))?;
            if let Some(event) = self.at_zero.as_ref().filter(|_| number == 0) {
                canvas.text((x.at(0.0) + 6.0, area.top + 4.0), event, Lettering::regular(theme.note_size, theme.muted))?;
            }
            bottom = area.bottom;
            top = area.bottom + PANEL_GAP;
        }
        let area = Area { left, top: bottom - PANEL_HEIGHT, right, bottom };
        axes::draw_x(canvas, theme, area, &marks)?;
        axes::draw_x_title(canvas, theme, area, bottom + TICK_ROW + TITLE_ROW / 2.0, std::slice::from_ref(&self.x_label))?;
        self.draw_counts(canvas, theme, bottom + TICK_ROW + TITLE_ROW + 8.0, &ticks)
    }

    fn numbers(&self) -> NumbersTable {
        let mut table = NumbersTable::new(&["panel", "group", "at", "n", "mean", "lower", "upper"]);
        for panel in &self.panels {
            for (name, points) in self.groups.iter().zip(&panel.profiles) {
                for point in points {
                    table.rows.push(vec![
                        panel.y_label.clone(),
                        name.clone(),
                        cell(Some(point.at)),
                        point.n.to_string(),
                        cell(point.mean),
                        cell(point.lower),
                        cell(point.upper),
                    ]);
                }
            }
        }
        table
    }
}
