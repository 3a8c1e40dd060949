//! Specification curve: one ratio for each way of defining things, sorted, and below it which way each one is.

use crate::domain::number::{count, ratio};

use super::axes::{self, TITLE_ROW, Tick, Y_AXIS_WIDTH};
use super::canvas::{Area, Canvas, Lettering, sheer, solid};
use super::chart::{Chart, NumbersTable, cell};
use super::error::ChartError;
use super::frame::Frame;
use super::legend::{Key, item};
use super::scale::{RatioScale, Scale};
use super::theme::{BLUE, GRAY, Hue, ORANGE, THEME, Theme, VERMILLION};
use super::ticks::{ratio_ticks, tick_label};

/// Its name in [`super::CHARTS`].
pub const ID: &str = "specification-curve";

/// Ratios under many definitions.
#[derive(Clone, Debug)]
pub struct SpecificationCurve {
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Title of the ratio axis.
    pub y_label: String,
    /// One for each definition, from the smallest ratio to the greatest.
    pub specifications: Vec<Specification>,
    /// The choices a definition is made of.
    pub choices: Vec<SpecificationChoice>,
    /// Results, each short, set in a strip above the curve.
    pub annotations: Vec<String>,
    /// Footnotes.
    pub notes: Vec<String>,
}

/// A ratio under one definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Specification {
    /// The ratio.
    pub estimate: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Level of each choice, as an index into its levels.
    pub levels: Vec<usize>,
    /// Whether it is the one the report answers with.
    pub own: bool,
}

/// A choice and its levels.
#[derive(Clone, Debug, PartialEq)]
pub struct SpecificationChoice {
    /// Name.
    pub name: String,
    /// What is said of it, such as its part in the spread.
    pub detail: String,
    /// Its levels.
    pub levels: Vec<String>,
    /// The level that the report answers with.
    pub own: usize,
}

const LABEL_WIDTH: f64 = 196.0;
const PANEL_HEIGHT: f64 = 250.0;
const LEVEL_ROW: f64 = 14.0;
const CHOICE_ROW: f64 = 21.0;
/// Columns of marks there is room for: more definitions than this share a column, which is the darker the more of them it holds.
const MOST_COLUMNS: usize = 112;

impl SpecificationCurve {
    fn frame(&self) -> Frame {
        let frame = Frame::new(&self.title, &self.subtitle, &self.notes).with_strip(&self.annotations);
        frame.with_legend(vec![
            item(Key::Line(BLUE.mark), "interval below 1"),
            item(Key::Line(GRAY.mark), "interval holds 1"),
            item(Key::Line(VERMILLION.mark), "interval above 1"),
            item(Key::Dot(ORANGE.mark, 1.0), "the definition of this report"),
        ])
    }

    fn marks_height(&self) -> f64 {
        self.choices.iter().map(|choice| CHOICE_ROW + choice.levels.len() as f64 * LEVEL_ROW).sum()
    }

    fn body_height(&self) -> f64 {
        PANEL_HEIGHT + TITLE_ROW + 8.0 + self.marks_height()
    }

    /// Ends of the axis: every ratio, and as much of the intervals as lies within a factor of two of those.
    fn ends(&self) -> (f64, f64) {
        const ROOM_FOR_INTERVALS: f64 = 2.0;
        let shown = |ratio: &f64| ratio.is_finite() && *ratio > 0.0;
        let all = |part: fn(&Specification) -> f64| self.specifications.iter().map(part).filter(shown);
        let low_center = all(|one| one.estimate).fold(0.8, f64::min);
        let high_center = all(|one| one.estimate).fold(1.25, f64::max);
        let low = all(|one| one.lower).fold(low_center, f64::min).max(low_center / ROOM_FOR_INTERVALS);
        let high = all(|one| one.upper).fold(high_center, f64::max).min(high_center * ROOM_FOR_INTERVALS);
        (low / 1.05, high * 1.05)
    }

    fn place(&self, rank: usize, panel: Area) -> f64 {
        let n = self.specifications.len().max(1) as f64;
        Scale::new((0.0, n), (panel.left, panel.right)).at(rank as f64 + 0.5)
    }

    /// Every interval in its definition's color: a line each or, where they are many, side by side as a band with an edge for each.
    fn draw_curve(&self, canvas: &Canvas<'_, '_>, panel: Area, y: RatioScale) -> Result<(), ChartError> {
        let column = panel.width() / self.specifications.len().max(1) as f64;
        let dots = column >= 3.0;
        let mut first = 0;
        for run in self.specifications.chunk_by(|one, other| !dots && hue(one) == hue(other)) {
            let limits = run
                .iter()
                .enumerate()
                .filter_map(|(rank, one)| Some((self.place(first + rank, panel), y.at(one.lower)?, y.at(one.upper)?)));
            let limits: Vec<(f64, f64, f64)> = limits.collect();
            if let (true, [(x, low, high)], [one]) = (dots, &limits[..], run) {
                canvas.line([(*x, *low), (*x, *high)], solid(hue(one).mark, 1.2))?;
            } else if let Some(one) = run.first() {
                let edges = limits.iter().flat_map(|&(x, low, high)| [(x - column / 2.0, low, high), (x + column / 2.0, low, high)]);
                let edges: Vec<(f64, f64, f64)> = edges.collect();
                let lower = edges.iter().map(|&(x, low, _)| (x, low));
                canvas.shape(lower.chain(edges.iter().rev().map(|&(x, _, high)| (x, high))), sheer(hue(one).mark, 0.3))?;
            }
            first += run.len();
        }
        let mut path: Vec<(f64, f64)> = Vec::new();
        for (rank, one) in self.specifications.iter().enumerate() {
            let Some(at) = y.at(one.estimate) else { continue };
            let x = self.place(rank, panel);
            if dots {
                canvas.dot((x, at), 2.6, solid(hue(one).mark, 1.0))?;
            } else {
                path.extend([(x - column / 2.0, at), (x + column / 2.0, at)]);
            }
        }
        canvas.line(path, solid(THEME.ink, 1.6))
    }

    fn draw_own(&self, canvas: &Canvas<'_, '_>, panel: Area, marks: f64, y: RatioScale) -> Result<(), ChartError> {
        let Some((rank, own)) = self.specifications.iter().enumerate().find(|(_, one)| one.own) else { return Ok(()) };
        let x = self.place(rank, panel);
        canvas.line([(x, panel.top), (x, panel.bottom)], sheer(ORANGE.mark, 0.9))?;
        canvas.line([(x, marks), (x, marks + self.marks_height())], sheer(ORANGE.mark, 0.9))?;
        match y.at(own.estimate) {
            Some(at) => canvas.dot((x, at), 5.0, solid(ORANGE.mark, 1.0)),
            None => Ok(()),
        }
    }

    /// For each level a row, darker where more of the definitions in a column take it.
    fn draw_marks(&self, canvas: &Canvas<'_, '_>, theme: &Theme, panel: Area, top: f64) -> Result<(), ChartError> {
        let n = self.specifications.len();
        let columns = n.min(MOST_COLUMNS);
        let mut y = top;
        for (number, choice) in self.choices.iter().enumerate() {
            let heading = y + CHOICE_ROW / 2.0 + 2.0;
            canvas.text((theme.margin, heading), &choice.name, Lettering::semibold(theme.tick_size, theme.ink))?;
            canvas.text((panel.right, heading), &choice.detail, Lettering::regular(theme.note_size, theme.muted).ending())?;
            y += CHOICE_ROW;
            for (level, label) in choice.levels.iter().enumerate() {
                let middle = y + LEVEL_ROW / 2.0;
                let own = level == choice.own;
                let lettering =
                    if own { Lettering::semibold(theme.note_size, ORANGE.text) } else { Lettering::regular(theme.note_size, theme.muted) };
                canvas.text((panel.left - 8.0, middle), label, lettering.ending())?;
                canvas.line([(panel.left, y + LEVEL_ROW), (panel.right, y + LEVEL_ROW)], sheer(theme.grid, 1.0))?;
                for column in 0..columns {
                    let (from, to) = (column * n / columns, (column + 1) * n / columns);
                    let inside = &self.specifications[from..to];
                    let taken = inside.iter().filter(|one| one.levels.get(number) == Some(&level)).count();
                    if taken > 0 {
                        let edge = |rank: usize| panel.left + panel.width() * rank as f64 / n as f64;
                        let area = Area { left: edge(from) + 0.2, top: y + 2.0, right: edge(to) - 0.2, bottom: y + LEVEL_ROW - 2.0 };
                        canvas.rectangle(area, sheer(theme.ink, 0.85 * taken as f64 / inside.len() as f64))?;
                    }
                }
                y += LEVEL_ROW;
            }
        }
        Ok(())
    }
}

fn hue(one: &Specification) -> Hue {
    if one.upper < 1.0 {
        BLUE
    } else if one.lower > 1.0 {
        VERMILLION
    } else {
        GRAY
    }
}

impl Chart for SpecificationCurve {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn alt_text(&self) -> String {
        let ends = match (self.specifications.first(), self.specifications.last()) {
            (Some(first), Some(last)) => format!("from {} to {}", ratio(first.estimate), ratio(last.estimate)),
            _ => "none".to_owned(),
        };
        let of = |accept: fn(&Specification) -> bool| count(self.specifications.iter().filter(|one| accept(one)).count());
        let choices: Vec<String> = self.choices.iter().map(|choice| format!("{} ({})", choice.name, choice.levels.join(", "))).collect();
        format!(
            "Specification curve of {} under {} definitions, {ends}; the interval is below 1 in {} and above 1 in {}. Choices: {}. {}",
            self.y_label,
            count(self.specifications.len()),
            of(|one| one.upper < 1.0),
            of(|one| one.lower > 1.0),
            choices.join("; "),
            self.annotations.join(". ")
        )
    }

    fn size(&self) -> (u32, u32) {
        self.frame().size(self.body_height())
    }

    fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme) -> Result<(), ChartError> {
        let frame = self.frame();
        frame.draw(canvas, theme, self.body_height())?;
        let top = frame.body_top();
        let panel = Area { left: theme.margin + LABEL_WIDTH, top, right: theme.width - theme.margin, bottom: top + PANEL_HEIGHT };
        let (low, high) = self.ends();
        let y = RatioScale::new((low, high), (panel.bottom, panel.top));
        let ticks: Vec<Tick> =
            ratio_ticks(low, high, 9).into_iter().filter_map(|value| y.at(value).map(|at| Tick { at, label: tick_label(value) })).collect();
        axes::draw_y(canvas, theme, panel, &ticks, &self.y_label, panel.left - Y_AXIS_WIDTH + 6.0)?;
        self.draw_curve(canvas, panel, y)?;
        if let Some(one) = y.at(1.0) {
            canvas.line([(panel.left, one), (panel.right, one)], solid(theme.axis, 1.4))?;
        }
        let words = format!("{} definitions, from the smallest ratio to the greatest", count(self.specifications.len()));
        let lettering = Lettering::regular(theme.label_size, theme.ink).centered();
        canvas.text((panel.center(), panel.bottom + TITLE_ROW / 2.0 + 2.0), &words, lettering)?;
        let marks = panel.bottom + TITLE_ROW + 8.0;
        self.draw_marks(canvas, theme, panel, marks)?;
        self.draw_own(canvas, panel, marks, y)
    }

    fn numbers(&self) -> NumbersTable {
        let mut table = NumbersTable::new(&["estimate", "lower", "upper", "own"]);
        table.header.extend(self.choices.iter().map(|choice| choice.name.clone()));
        for one in &self.specifications {
            let mut row = vec![cell(Some(one.estimate)), cell(Some(one.lower)), cell(Some(one.upper)), one.own.to_string()];
            let levels = self.choices.iter().enumerate();
            row.extend(
                levels.map(|(number, choice)| {
                    one.levels.get(number).and_then(|level| choice.levels.get(*level)).cloned().unwrap_or_default()
                }),
            );
            table.rows.push(row);
        }
        table
    }
}
