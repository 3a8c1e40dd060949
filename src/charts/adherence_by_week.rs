//! Share of prescribed sessions done, logged as missed and not logged, by program week.

use crate::domain::Counted;
use crate::domain::number::{counted, percent};

use super::axes::{self, Tick};
use super::canvas::{Area, Canvas, sheer, solid};
use super::chart::{Chart, NumbersTable, cell};
use super::error::ChartError;
use super::frame::Frame;
use super::legend::{Key, item};
use super::scale::Scale;
use super::theme::{GRAY, SKY, THEME, Theme, VERMILLION};
use super::week_axis;

/// Its name in [`super::CHARTS`].
pub const ID: &str = "adherence-by-week";

/// Adherence of a cohort, week by week.
#[derive(Clone, Debug)]
pub struct AdherenceByWeek {
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// What is averaged over: patients or programs.
    pub averaged: Counted,
    /// Weeks, ascending.
    pub weeks: Vec<AdherenceWeekBar>,
    /// Footnotes.
    pub notes: Vec<String>,
}

/// One program week; the three shares are of the sessions prescribed in it.
#[derive(Clone, Debug, PartialEq)]
pub struct AdherenceWeekBar {
    /// Program week, from 1.
    pub week: u32,
    /// Patients with a prescription in this week.
    pub patients: usize,
    /// Share done, 0–1.
    pub done: f64,
    /// Share logged as missed, 0–1.
    pub missed: f64,
    /// Share not logged either way, 0–1.
    pub unlogged: f64,
    /// Mean over patients, or programs, of adherence capped at 1, 0–1.
    pub capped_mean: f64,
}

const PANEL_HEIGHT: f64 = 300.0;

impl AdherenceByWeek {
    fn frame(&self) -> Frame {
        Frame::new(&self.title, &self.subtitle, &self.notes).with_legend(vec![
            item(Key::Box(SKY.mark, 0.85), "done"),
            item(Key::Hatched(GRAY.mark), "not logged (adherence lies within)"),
            item(Key::Box(VERMILLION.mark, 0.55), "logged as missed"),
            item(Key::LineAndDot(THEME.ink), format!("mean of {}, capped at 100 %", self.averaged.plural())),
        ])
    }
}

impl Chart for AdherenceByWeek {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn alt_text(&self) -> String {
        let ends: Vec<String> = [self.weeks.first(), self.weeks.last()]
            .into_iter()
            .flatten()
            .map(|bar| {
                format!(
                    "week {}: {}, {} done, {} logged as missed, {} not logged",
                    bar.week,
                    counted(bar.patients, "patient", "patients"),
                    percent(bar.done),
                    percent(bar.missed),
                    percent(bar.unlogged)
                )
            })
            .collect();
        let weeks = if self.weeks.len() == 1 { &ends[..1] } else { &ends[..] };
        format!(
            "Stacked bars of prescribed sessions by program week, {}. {}.",
            counted(self.weeks.len(), "week", "weeks"),
            weeks.join("; ")
        )
    }

    fn size(&self) -> (u32, u32) {
        self.frame().size(PANEL_HEIGHT + week_axis::HEIGHT)
    }

    fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme) -> Result<(), ChartError> {
        let frame = self.frame();
        frame.draw(canvas, theme, PANEL_HEIGHT + week_axis::HEIGHT)?;
        let top = frame.body_top();
        let panel = Area { left: theme.margin + week_axis::GUTTER, top, right: theme.width - theme.margin, bottom: top + PANEL_HEIGHT };
        let x = week_axis::scale(self.weeks.iter().map(|bar| bar.week), panel);
        let y = Scale::new((0.0, 1.0), (panel.bottom, panel.top));
        let ticks: Vec<Tick> =
            [0.0, 0.2, 0.4, 0.6, 0.8, 1.0].into_iter().map(|share| Tick { at: y.at(share), label: percent(share) }).collect();
        axes::draw_y(canvas, theme, panel, &ticks, "Share of prescribed sessions (%)", theme.margin + 6.0)?;

        let half = (x.pixels_per_unit() * 0.41).min(34.0);
        for bar in &self.weeks {
            let center = x.at(f64::from(bar.week));
            let piece = |from: f64, to: f64| Area { left: center - half, top: y.at(to), right: center + half, bottom: y.at(from) };
            let unlogged = piece(bar.done, bar.done + bar.unlogged);
            canvas.rectangle(piece(0.0, 1.0), solid(theme.paper, 1.0))?;
            canvas.rectangle(piece(0.0, bar.done), sheer(SKY.mark, 0.85))?;
            canvas.rectangle(unlogged, sheer(GRAY.mark, 0.18))?;
            canvas.hatching(unlogged, 5.0, solid(GRAY.mark, 0.7))?;
            let missed = piece(bar.done + bar.unlogged, bar.done + bar.unlogged + bar.missed);
            canvas.rectangle(missed, sheer(VERMILLION.mark, 0.55))?;
        }
        let means: Vec<(u32, f64)> = self.weeks.iter().map(|bar| (bar.week, bar.capped_mean)).collect();
        let place = |(week, share): (u32, f64)| (x.at(f64::from(week)), y.at(share));
        for stretch in week_axis::stretches(&means) {
            canvas.line(stretch.iter().copied().map(place), solid(theme.paper, 4.5))?;
            canvas.line(stretch.iter().copied().map(place), solid(theme.ink, theme.curve_width))?;
        }
        let radius = if self.weeks.len() > 60 { 1.8 } else { 3.2 };
        for mean in means {
            canvas.dot(place(mean), radius + 1.2, solid(theme.paper, 1.0))?;
            canvas.dot(place(mean), radius, solid(theme.ink, 1.0))?;
        }
        let weeks: Vec<(u32, usize)> = self.weeks.iter().map(|bar| (bar.week, bar.patients)).collect();
        week_axis::draw(canvas, theme, panel, x, &weeks)
    }

    fn numbers(&self) -> NumbersTable {
        let mut table = NumbersTable::new(&["week", "patients", "done", "missed", "unlogged", "capped_mean"]);
        for bar in &self.weeks {
            table.rows.push(vec![
                bar.week.to_string(),
                bar.patients.to_string(),
                cell(Some(bar.done)),
                cell(Some(bar.missed)),
                cell(Some(bar.unlogged)),
                cell(Some(bar.capped_mean)),
            ]);
        }
        table
    }
}
