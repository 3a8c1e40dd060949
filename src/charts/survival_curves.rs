//! Recurrence-free curves by group: steps, pointwise band, censor marks, numbers at risk.

use crate::domain::Counted;
use crate::domain::number::{counted, percent};
use crate::stats::survival::SurvivalCurve;

use super::at_risk_strip::{self, AtRiskRow};
use super::axes::{self, TICK_ROW, TITLE_ROW, Tick, Y_AXIS_WIDTH};
use super::canvas::{Area, Canvas, Lettering, Point, sheer, solid};
use super::chart::{Chart, NumbersTable, cell};
use super::error::ChartError;
use super::frame::Frame;
use super::labels::draw_end_labels;
use super::lettering::{Weight, text_width, widest, wrap};
use super::scale::Scale;
use super::steps::{censor_marks, step_bands, step_curve};
use super::theme::{Hue, THEME, Theme};
use super::ticks::{day_ticks, tick_label};

/// Its name in [`super::CHARTS`].
pub const ID: &str = "survival-curves";

/// Event-free curves of one or more groups.
#[derive(Clone, Debug)]
pub struct SurvivalCurves<'a> {
    /// Title.
    pub title: String,
    /// Subtitle: who, n, time zero.
    pub subtitle: String,
    /// Title of the time axis, with unit and time zero.
    pub x_label: String,
    /// Title of the probability axis; its ticks are in percent.
    pub y_label: String,
    /// What a curve counts: patients or programs.
    pub counted: Counted,
    /// The groups, in the order of their colors.
    pub groups: Vec<CurveGroup<'a>>,
    /// Where the time axis ends; `None` for the last time followed.
    pub x_max: Option<f64>,
    /// Results, each short, set in a strip above the curves.
    pub annotations: Vec<String>,
    /// Footnotes.
    pub notes: Vec<String>,
    /// Words laid across a figure that is shown only because it misleads; its curves turn gray.
    pub watermark: Option<String>,
}

/// A curve and its name.
#[derive(Clone, Debug)]
pub struct CurveGroup<'a> {
    /// Name of the group.
    pub label: String,
    /// Its curve.
    pub curve: &'a SurvivalCurve,
}

struct Layout {
    frame: Frame,
    panel: Area,
    x_end: f64,
    x_title: Vec<String>,
    end_labels: Vec<Vec<String>>,
    body_height: f64,
}

const PANEL_HEIGHT: f64 = 330.0;
/// Keeps the topmost tick label off the strip of results.
const PANEL_GAP: f64 = 6.0;
const END_LABEL_WIDTH: f64 = 132.0;
/// Half the height of a censor mark.
const CENSOR_REACH: f64 = 3.6;

impl SurvivalCurves<'_> {
    fn hue(&self, index: usize) -> Hue {
        if self.watermark.is_some() { THEME.biased_group(index) } else { THEME.group(index) }
    }

    fn layout(&self) -> Layout {
        let mut notes = self.notes.clone();
        if let Some(first) = self.groups.first() {
            let level = tick_label(first.curve.level * 100.0);
            notes.insert(0, format!("Shaded: {level} % intervals, pointwise. Vertical ticks: follow-up censored there."));
        }
        let frame = Frame::new(&self.title, &self.subtitle, &notes).with_strip(&self.annotations);
        let last = self.groups.iter().filter_map(|group| group.curve.time.last().copied()).fold(0.0, f64::max);
        let x_end = self.x_max.unwrap_or(last);
        let x_end = if x_end.is_finite() && x_end > 0.0 { x_end } else { 1.0 };
        let beside = at_risk_strip::label_width(self.groups.iter().map(|group| group.label.as_str()), &THEME);
        // The first number is centered under day 0 and needs half its width clear of the labels.
        let first_numbers = self.groups.iter().map(|group| at_risk_strip::at_risk_and_events(group.curve, 0.0));
        let half = first_numbers.map(|numbers| text_width(&numbers, THEME.tick_size, Weight::Regular) / 2.0).fold(0.0, f64::max);
        let gutter = beside.map_or(Y_AXIS_WIDTH, |width| (width + half + 12.0).max(Y_AXIS_WIDTH));
        let end_labels: Vec<Vec<String>> = self
            .groups
            .iter()
            .map(|group| if group.curve.time.is_empty() { "" } else { group.label.as_str() })
            .map(|label| wrap(label, END_LABEL_WIDTH, THEME.label_size, Weight::SemiBold))
            .collect();
        let label_width = end_labels.iter().map(|lines| widest(lines, THEME.label_size, Weight::SemiBold)).fold(0.0, f64::max);
        let top = frame.body_top() + PANEL_GAP;
        let panel = Area {
            left: THEME.margin + gutter,
            top,
            right: THEME.width - THEME.margin - (label_width + 10.0).max(30.0),
            bottom: top + PANEL_HEIGHT,
        };
        let x_title = wrap(&self.x_label, panel.width() + 40.0, THEME.label_size, Weight::Regular);
        let strip = at_risk_strip::height(self.groups.len(), beside.is_some());
        let body_height = PANEL_GAP + PANEL_HEIGHT + TICK_ROW + x_title.len().max(1) as f64 * TITLE_ROW + 8.0 + strip;
        Layout { frame, panel, x_end, x_title, end_labels, body_height }
    }

    fn draw_curve(
        canvas: &Canvas<'_, '_>,
        curve: &SurvivalCurve,
        hue: Hue,
        x_end: f64,
        place: &dyn Fn((f64, f64)) -> Point,
    ) -> Result<(), ChartError> {
        canvas.line(step_curve(curve, x_end).into_iter().map(place), solid(hue.mark, THEME.curve_width))?;
        for mark in censor_marks(curve, x_end) {
            let (x, y) = place(mark);
            canvas.line([(x, y - CENSOR_REACH), (x, y + CENSOR_REACH)], sheer(hue.mark, 0.8))?;
        }
        Ok(())
    }
}

impl Chart for SurvivalCurves<'_> {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn alt_text(&self) -> String {
        let x_end = self.layout().x_end;
        let groups: Vec<String> = self
            .groups
            .iter()
            .map(|group| {
                let end = step_curve(group.curve, x_end).last().copied().unwrap_or((0.0, 1.0));
                format!(
                    "{}: {}, {}, {} event-free at day {}",
                    group.label,
                    self.counted.count(group.curve.n),
                    counted(group.curve.n_events, "event", "events"),
                    percent(end.1),
                    tick_label(end.0)
                )
            })
            .collect();
        let mut text = format!("Step curves of {} by {}. {}.", self.y_label, self.x_label, groups.join("; "));
        for part in self.annotations.iter().chain(&self.watermark) {
            text.push(' ');
            text.push_str(part);
            text.push('.');
        }
        text
    }

    fn size(&self) -> (u32, u32) {
        let layout = self.layout();
        layout.frame.size(layout.body_height)
    }

    fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme) -> Result<(), ChartError> {
        let layout = self.layout();
        let panel = layout.panel;
        layout.frame.draw(canvas, theme, layout.body_height)?;
        let x = Scale::new((0.0, layout.x_end), (panel.left, panel.right));
        let y = Scale::new((0.0, 1.0), (panel.bottom, panel.top));
        let place = |(time, probability): (f64, f64)| (x.at(time), y.at(probability));

        let y_ticks: Vec<Tick> =
            [0.0, 0.25, 0.5, 0.75, 1.0].into_iter().map(|share| Tick { at: y.at(share), label: percent(share) }).collect();
        axes::draw_y(canvas, theme, panel, &y_ticks, &self.y_label, panel.left - Y_AXIS_WIDTH + 6.0)?;
        if let Some(words) = &self.watermark {
            let size = (panel.width() * 0.9 / text_width(words, 1.0, Weight::SemiBold).max(1.0)).min(56.0);
            let lettering = Lettering { opacity: 0.16, ..Lettering::semibold(size, theme.groups[1].mark).centered() };
            canvas.slanted((panel.center(), panel.middle()), words, lettering)?;
        }
        for (index, group) in self.groups.iter().enumerate() {
            for band in step_bands(group.curve, layout.x_end) {
                canvas.shape(band.into_iter().map(place), sheer(self.hue(index).mark, 0.16))?;
            }
        }
        for (index, group) in self.groups.iter().enumerate() {
            Self::draw_curve(canvas, group.curve, self.hue(index), layout.x_end, &place)?;
        }
        let ends = self.groups.iter().map(|group| y.at(step_curve(group.curve, layout.x_end).last().map_or(1.0, |corner| corner.1)));
        let labels: Vec<_> =
            ends.zip(&layout.end_labels).enumerate().map(|(index, (end, lines))| (end, lines.as_slice(), self.hue(index).text)).collect();
        draw_end_labels(canvas, theme, panel, &labels)?;

        let widest_numbers = self.groups.iter().map(|group| {
            let numbers = at_risk_strip::at_risk_and_events(group.curve, 0.0);
            text_width(&numbers, theme.tick_size, Weight::Regular).max(text_width("000 (00)", theme.tick_size, Weight::Regular))
        });
        let column = widest_numbers.fold(40.0, f64::max) + 14.0;
        let most = ((panel.width() / column) as usize).clamp(2, 10);
        let ticks: Vec<(f64, Tick)> =
            day_ticks(layout.x_end, most).into_iter().map(|time| (time, Tick { at: x.at(time), label: tick_label(time) })).collect();
        let axis_ticks: Vec<Tick> = ticks.iter().map(|(_, tick)| tick.clone()).collect();
        axes::draw_x(canvas, theme, panel, &axis_ticks)?;
        let title_y = panel.bottom + TICK_ROW + TITLE_ROW / 2.0;
        axes::draw_x_title(canvas, theme, panel, title_y, &layout.x_title)?;
        let rows: Vec<AtRiskRow<'_>> = self
            .groups
            .iter()
            .enumerate()
            .map(|(index, group)| AtRiskRow { label: &group.label, curve: group.curve, hue: self.hue(index) })
            .collect();
        let strip_top = panel.bottom + TICK_ROW + layout.x_title.len().max(1) as f64 * TITLE_ROW + 8.0;
        at_risk_strip::draw(canvas, theme, (theme.margin, strip_top), &rows, &ticks)
    }

    fn numbers(&self) -> NumbersTable {
        let mut table =
            NumbersTable::new(&["group", "time", "at_risk", "events", "censored", "estimate", "std_error", "lower", "upper", "level"]);
        for group in &self.groups {
            let curve = group.curve;
            for row in 0..curve.time.len() {
                table.rows.push(vec![
                    group.label.clone(),
                    cell(curve.time.get(row).copied()),
                    curve.at_risk.get(row).map_or_else(String::new, ToString::to_string),
                    curve.events.get(row).map_or_else(String::new, ToString::to_string),
                    curve.censored.get(row).map_or_else(String::new, ToString::to_string),
                    cell(curve.estimate.get(row).copied()),
                    cell(curve.std_error.get(row).copied()),
                    cell(curve.lower.get(row).copied().flatten()),
                    cell(curve.upper.get(row).copied().flatten()),
                    cell(Some(curve.level)),
                ]);
            }
        }
        table
    }
}
