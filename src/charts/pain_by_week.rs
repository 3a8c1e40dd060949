//! Mean pain of a cohort by program week, with interval and interquartile range.

use crate::domain::Counted;
use crate::domain::number::{counted, decimal};

use super::axes::{self, Tick};
use super::canvas::{Area, Canvas, Lettering, sheer, solid};
use super::chart::{Chart, NumbersTable, cell};
use super::error::ChartError;
use super::frame::Frame;
use super::legend::{Key, item};
use super::lettering::{Weight, wrap};
use super::scale::Scale;
use super::theme::{BLUE, GRAY, GREEN, THEME, Theme};
use super::ticks::{tick_label, value_ticks};
use super::week_axis;

/// Its name in [`super::CHARTS`].
pub const ID: &str = "pain-by-week";

/// Pain of a cohort, week by week.
#[derive(Clone, Debug)]
pub struct PainByWeek {
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Name of the scale, for the axis title: `0–10 NRS`.
    pub scale_name: String,
    /// Greatest value of the scale.
    pub scale_max: f64,
    /// What is averaged over: patients or programs.
    pub averaged: Counted,
    /// Weeks, ascending.
    pub weeks: Vec<PainWeek>,
    /// The pain score (a height on the scale, not a difference) that lies one important change below the mean baseline.
    pub important_change_from_baseline: Option<f64>,
    /// Footnotes.
    pub notes: Vec<String>,
}

/// One program week.
#[derive(Clone, Debug, PartialEq)]
pub struct PainWeek {
    /// Program week, from 1; 0 for the baseline.
    pub week: u32,
    /// Patients with a log in this week.
    pub patients: usize,
    /// Mean of the means averaged.
    pub mean: f64,
    /// Lower limit of the mean, if it has one.
    pub lower: Option<f64>,
    /// Upper limit of the mean, if it has one.
    pub upper: Option<f64>,
    /// First quartile of the means averaged.
    pub lower_quartile: f64,
    /// Third quartile of the means averaged.
    pub upper_quartile: f64,
}

const PANEL_HEIGHT: f64 = 310.0;
const CHANGE_LABEL_WIDTH: f64 = 84.0;

impl PainByWeek {
    fn frame(&self) -> Frame {
        let mut keys = vec![item(Key::LineAndDot(BLUE.mark), format!("mean of {}", self.averaged.plural()))];
        if self.weeks.iter().any(|week| week.lower.is_some() && week.upper.is_some()) {
            keys.push(item(Key::Box(BLUE.mark, 0.28), "interval of the mean"));
        }
        keys.push(item(Key::Box(GRAY.mark, 0.22), format!("middle half of {} (interquartile range)", self.averaged.plural())));
        Frame::new(&self.title, &self.subtitle, &self.notes).with_legend(keys)
    }

    /// Ribbons between two values of each week; a week by itself becomes a short block so that it can be seen.
    fn ribbons(&self, half: f64, x: Scale, y: Scale, limits: impl Fn(&PainWeek) -> Option<(f64, f64)>) -> Vec<Vec<(f64, f64)>> {
        let of_week = |number: u32| self.weeks.iter().find(|week| week.week == number).and_then(&limits);
        let lows: Vec<(u32, f64)> = self.weeks.iter().filter_map(|week| limits(week).map(|(low, _)| (week.week, low))).collect();
        week_axis::stretches(&lows)
            .into_iter()
            .map(|stretch| {
                let mut lower = Vec::new();
                let mut upper = Vec::new();
                let alone = if stretch.len() == 1 { half } else { 0.0 };
                for (week, low) in stretch {
                    let at = x.at(f64::from(week));
                    let high = of_week(week).map_or(low, |pair| pair.1);
                    lower.extend([(at - alone, y.at(low)), (at + alone, y.at(low))]);
                    upper.extend([(at - alone, y.at(high)), (at + alone, y.at(high))]);
                }
                upper.into_iter().chain(lower.into_iter().rev()).collect()
            })
            .collect()
    }
}

impl Chart for PainByWeek {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn alt_text(&self) -> String {
        let say = |week: &PainWeek| {
            format!("{} in week {} ({})", decimal(week.mean, 1), week.week, counted(week.patients, "patient", "patients"))
        };
        let course = match (self.weeks.first(), self.weeks.last()) {
            (Some(first), Some(last)) if first.week != last.week => format!("Mean pain is {} and {}.", say(first), say(last)),
            (Some(only), _) => format!("Mean pain is {}.", say(only)),
            _ => "No week has data.".to_owned(),
        };
        format!("Line of mean pain ({}) by program week, {}. {course}", self.scale_name, counted(self.weeks.len(), "week", "weeks"))
    }

    fn size(&self) -> (u32, u32) {
        self.frame().size(PANEL_HEIGHT + week_axis::HEIGHT)
    }

    fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme) -> Result<(), ChartError> {
        let frame = self.frame();
        frame.draw(canvas, theme, PANEL_HEIGHT + week_axis::HEIGHT)?;
        let top = frame.body_top();
        let right = theme.width - theme.margin - self.important_change_from_baseline.map_or(0.0, |_| CHANGE_LABEL_WIDTH + 6.0);
        let panel = Area { left: theme.margin + week_axis::GUTTER, top, right, bottom: top + PANEL_HEIGHT };
        let x = week_axis::scale(self.weeks.iter().map(|week| week.week), panel);
        let y = Scale::new((0.0, self.scale_max), (panel.bottom, panel.top));
        let ticks: Vec<Tick> =
            value_ticks(0.0, self.scale_max, 7).into_iter().map(|value| Tick { at: y.at(value), label: tick_label(value) }).collect();
        axes::draw_y(canvas, theme, panel, &ticks, &format!("Pain ({})", self.scale_name), theme.margin + 6.0)?;

        let half = (x.pixels_per_unit() * 0.4).min(16.0);
        for ribbon in self.ribbons(half, x, y, |week| Some((week.lower_quartile, week.upper_quartile))) {
            canvas.shape(ribbon, sheer(GRAY.mark, 0.2))?;
        }
        for ribbon in self.ribbons(half, x, y, |week| week.lower.zip(week.upper)) {
            canvas.shape(ribbon, sheer(BLUE.mark, 0.28))?;
        }
        if let Some(score) = self.important_change_from_baseline {
            let height = y.at(score);
            canvas.dashed((panel.left, height), (panel.right, height), (5.0, 4.0), solid(GREEN.mark, 1.4))?;
            let label = format!("important change from baseline ({})", decimal(score, 1));
            let lines = wrap(&label, CHANGE_LABEL_WIDTH, theme.tick_size, Weight::Regular);
            let leading = theme.tick_size * 1.2;
            let middle = height.clamp(panel.top, panel.bottom - (lines.len() as f64 - 1.0) / 2.0 * leading);
            let first = middle - (lines.len() as f64 - 1.0) / 2.0 * leading;
            canvas.lines((panel.right + 6.0, first), &lines, leading, Lettering::regular(theme.tick_size, GREEN.text))?;
        }
        let means: Vec<(u32, f64)> = self.weeks.iter().map(|week| (week.week, week.mean)).collect();
        let place = |(week, mean): (u32, f64)| (x.at(f64::from(week)), y.at(mean));
        for stretch in week_axis::stretches(&means) {
            canvas.line(stretch.into_iter().map(place), solid(BLUE.mark, theme.curve_width + 0.2))?;
        }
        let radius = if self.weeks.len() > 60 { 1.8 } else { 3.4 };
        for mean in means {
            canvas.dot(place(mean), radius + 1.0, solid(THEME.paper, 1.0))?;
            canvas.dot(place(mean), radius, solid(BLUE.mark, 1.0))?;
        }
        let weeks: Vec<(u32, usize)> = self.weeks.iter().map(|week| (week.week, week.patients)).collect();
        week_axis::draw(canvas, theme, panel, x, &weeks)
    }

    fn numbers(&self) -> NumbersTable {
        let mut table = NumbersTable::new(&["week", "patients", "mean", "lower", "upper", "lower_quartile", "upper_quartile"]);
        for week in &self.weeks {
            table.rows.push(vec![
                week.week.to_string(),
                week.patients.to_string(),
                cell(Some(week.mean)),
                cell(week.lower),
                cell(week.upper),
                cell(Some(week.lower_quartile)),
                cell(Some(week.upper_quartile)),
            ]);
        }
        table
    }
}
