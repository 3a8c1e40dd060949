//! Forest of hazard ratios on a ratio axis: primary, secondary, and biased ones grayed and named as such.

use crate::domain::number::ratio;

use super::axes::{self, TICK_ROW, TITLE_ROW, Tick};
use super::canvas::{Area, Canvas, Lettering, sheer, solid};
use super::chart::{Chart, NumbersTable, cell};
use super::error::ChartError;
use super::frame::Frame;
use super::lettering::{Weight, text_width, wrap};
use super::scale::RatioScale;
use super::theme::{BLUE, GRAY, GREEN, Hue, THEME, Theme};
use super::ticks::{ratio_ticks, tick_label};

/// Its name in [`super::CHARTS`].
pub const ID: &str = "effects";

/// Ratios with their intervals, a row each.
#[derive(Clone, Debug)]
pub struct Effects {
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Title of the axis: what the ratio is of, and its interval's level.
    pub x_label: String,
    /// Rows, from the top.
    pub rows: Vec<EffectRow>,
    /// Ranges to compare with, such as published ones.
    pub reference_bands: Vec<ReferenceBand>,
    /// What ratios below 1 and above 1 speak for.
    pub favours: (String, String),
    /// Footnotes.
    pub notes: Vec<String>,
}

/// One ratio.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectRow {
    /// What was compared.
    pub label: String,
    /// How: patients, events, model.
    pub detail: String,
    /// The ratio.
    pub estimate: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// How far it may be relied on.
    pub kind: EffectKind,
}

/// How far an effect may be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectKind {
    /// The answer.
    Primary,
    /// Stands beside the answer.
    Secondary,
    /// Of something that cannot have an effect: it should be 1.
    Control,
    /// Shown only because it misleads.
    Biased,
}

impl EffectKind {
    fn word(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Control => "control",
            Self::Biased => "biased",
        }
    }

    fn hue(self) -> Hue {
        match self {
            Self::Primary => BLUE,
            Self::Secondary => Hue { mark: THEME.muted, text: THEME.ink },
            Self::Control => Hue { mark: GRAY.mark, text: THEME.ink },
            Self::Biased => GRAY,
        }
    }
}

/// A range of ratios to compare with.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceBand {
    /// Name.
    pub label: String,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

const LABEL_WIDTH: f64 = 248.0;
const VALUE_WIDTH: f64 = 132.0;
const LEADING: f64 = 16.0;
const ROW_PADDING: f64 = 9.0;
const HEADER: f64 = 24.0;
const BAND_ROW: f64 = 17.0;

struct RowText {
    label: Vec<String>,
    detail: Vec<String>,
    height: f64,
}

impl Effects {
    fn frame(&self) -> Frame {
        Frame::new(&self.title, &self.subtitle, &self.notes)
    }

    fn row_texts(&self) -> Vec<RowText> {
        self.rows
            .iter()
            .map(|row| {
                let label = wrap(&row.label, LABEL_WIDTH, THEME.label_size, Weight::SemiBold);
                let detail = wrap(&row.detail, LABEL_WIDTH, THEME.note_size, Weight::Regular);
                let height = (label.len() + detail.len()).max(2) as f64 * LEADING + 2.0 * ROW_PADDING;
                RowText { label, detail, height }
            })
            .collect()
    }

    fn top_rows(&self) -> f64 {
        HEADER + self.reference_bands.len() as f64 * BAND_ROW
    }

    fn x_title(&self) -> Vec<String> {
        let width = THEME.width - 2.0 * THEME.margin - LABEL_WIDTH;
        wrap(&self.x_label, width, THEME.label_size, Weight::Regular)
    }

    fn body_height(&self) -> f64 {
        let rows: f64 = self.row_texts().iter().map(|row| row.height).sum();
        self.top_rows() + rows + TICK_ROW + 20.0 + self.x_title().len().max(1) as f64 * TITLE_ROW
    }

    /// Ends of the axis: all estimates and bands, and as much of the intervals as lies within a factor of three of those; one very
    /// wide interval must not squeeze the others into a point.
    fn ends(&self) -> (f64, f64) {
        const ROOM_FOR_INTERVALS: f64 = 3.0;
        const MARGIN: f64 = 1.12;
        let shown = |ratio: &f64| ratio.is_finite() && *ratio > 0.0;
        let bands = self.reference_bands.iter().flat_map(|band| [band.lower, band.upper]);
        let centers: Vec<f64> = self.rows.iter().map(|row| row.estimate).chain(bands).filter(shown).collect();
        let low_center = centers.iter().copied().fold(0.5, f64::min);
        let high_center = centers.iter().copied().fold(2.0, f64::max);
        let low = self.rows.iter().map(|row| row.lower).filter(shown).fold(low_center, f64::min);
        let high = self.rows.iter().map(|row| row.upper).filter(shown).fold(high_center, f64::max);
        (low.max(low_center / ROOM_FOR_INTERVALS) / MARGIN, high.min(high_center * ROOM_FOR_INTERVALS) * MARGIN)
    }

    fn draw_bands(&self, canvas: &Canvas<'_, '_>, theme: &Theme, panel: Area, x: RatioScale) -> Result<(), ChartError> {
        for (number, band) in self.reference_bands.iter().enumerate() {
            let (Some(left), Some(right)) = (x.at(band.lower), x.at(band.upper)) else { continue };
            let y = panel.top - BAND_ROW * ((self.reference_bands.len() - number) as f64 - 0.5);
            canvas.rectangle(Area { left, top: y + BAND_ROW / 2.0, right, bottom: panel.bottom }, sheer(GREEN.mark, 0.13))?;
            let half = text_width(&band.label, theme.note_size, Weight::Regular) / 2.0;
            let center = f64::midpoint(left, right).max(panel.left + half).min(theme.width - theme.margin - half);
            canvas.text((center, y), &band.label, Lettering::regular(theme.note_size, GREEN.text).centered())?;
        }
        Ok(())
    }

    fn draw_row(canvas: &Canvas<'_, '_>, row: &EffectRow, panel: Area, y: f64, x: RatioScale) -> Result<(), ChartError> {
        let hue = row.kind.hue();
        let Some(at) = x.at(row.estimate) else { return Ok(()) };
        if let (Some(low), Some(high)) = (x.at(row.lower), x.at(row.upper)) {
            if row.kind == EffectKind::Biased {
                canvas.dashed((low, y), (high, y), (4.0, 3.0), solid(hue.mark, 1.6))?;
            } else {
                canvas.line([(low, y), (high, y)], solid(hue.mark, 2.0))?;
            }
            for (end, edge, inward) in [(low, panel.left, 6.0), (high, panel.right, -6.0)] {
                // An interval that runs out of the panel ends in an arrow.
                if (end - edge).abs() < 0.5 {
                    canvas.line([(end + inward, y - 4.0), (end, y), (end + inward, y + 4.0)], solid(hue.mark, 1.8))?;
                } else {
                    canvas.line([(end, y - 4.0), (end, y + 4.0)], solid(hue.mark, 1.8))?;
                }
            }
        }
        let diamond = |reach: f64| [(at, y - reach), (at + reach, y), (at, y + reach), (at - reach, y)];
        match row.kind {
            EffectKind::Primary => canvas.shape(diamond(8.0), sheer(hue.mark, 1.0)),
            EffectKind::Secondary => {
                canvas.rectangle(Area { left: at - 5.0, top: y - 5.0, right: at + 5.0, bottom: y + 5.0 }, sheer(hue.mark, 1.0))
            }
            EffectKind::Control => {
                let corners = [(at - 5.0, y - 5.0), (at + 5.0, y - 5.0), (at + 5.0, y + 5.0), (at - 5.0, y + 5.0)];
                canvas.shape(corners, sheer(THEME.paper, 1.0))?;
                canvas.line(corners.into_iter().chain([(at - 5.0, y - 5.0), (at + 5.0, y - 5.0)]), solid(hue.mark, 1.5))
            }
            EffectKind::Biased => {
                canvas.shape(diamond(7.0), sheer(THEME.paper, 1.0))?;
                canvas.line(diamond(7.0).into_iter().chain([(at, y - 7.0), (at + 7.0, y)]), solid(hue.mark, 1.5))
            }
        }
    }
}

fn estimate_and_interval(row: &EffectRow) -> String {
    let shown = |value: f64| value.is_finite() && value >= 0.0;
    if !shown(row.estimate) {
        "not estimable".to_owned()
    } else if shown(row.lower) && shown(row.upper) {
        format!("{} ({}–{})", ratio(row.estimate), ratio(row.lower), ratio(row.upper))
    } else {
        format!("{} (no interval)", ratio(row.estimate))
    }
}

impl Chart for Effects {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn alt_text(&self) -> String {
        let rows: Vec<String> =
            self.rows.iter().map(|row| format!("{} ({}): {}", row.label, row.kind.word(), estimate_and_interval(row))).collect();
        let bands: Vec<String> =
            self.reference_bands.iter().map(|band| format!(" {}: {}–{}.", band.label, ratio(band.lower), ratio(band.upper))).collect();
        format!("Forest plot of {}. {}.{}", self.x_label, rows.join("; "), bands.concat())
    }

    fn size(&self) -> (u32, u32) {
        self.frame().size(self.body_height())
    }

    fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme) -> Result<(), ChartError> {
        let frame = self.frame();
        let body = self.body_height();
        frame.draw(canvas, theme, body)?;
        let texts = self.row_texts();
        let rows_height: f64 = texts.iter().map(|row| row.height).sum();
        let top = frame.body_top() + self.top_rows();
        let (left, right) = (theme.margin, theme.width - theme.margin);
        let panel = Area { left: left + LABEL_WIDTH + 20.0, top, right: right - VALUE_WIDTH - 12.0, bottom: top + rows_height };
        let (low, high) = self.ends();
        let x = RatioScale::new((low, high), (panel.left, panel.right));

        let header_y = frame.body_top() + HEADER / 2.0;
        canvas.text((left, header_y), "Comparison", Lettering::semibold(theme.tick_size, theme.muted))?;
        canvas.text((right, header_y), "Ratio (interval)", Lettering::semibold(theme.tick_size, theme.muted).ending())?;
        let mut y = top;
        for (row, text) in self.rows.iter().zip(&texts) {
            if row.kind == EffectKind::Biased {
                let area = Area { left: left - 8.0, top: y + 1.0, right: right + 8.0, bottom: y + text.height - 1.0 };
                canvas.rectangle(area, sheer(theme.tint, 1.0))?;
                canvas.hatching(Area { left: panel.left, right: panel.right, ..area }, 7.0, solid(theme.grid, 1.0))?;
            }
            canvas.line([(left, y), (right, y)], solid(theme.grid, 1.0))?;
            y += text.height;
        }
        self.draw_bands(canvas, theme, panel, x)?;
        let ticks: Vec<Tick> = ratio_ticks(low, high, (panel.width() / 38.0) as usize)
            .into_iter()
            .filter_map(|value| x.at(value).map(|at| Tick { at, label: tick_label(value) }))
            .collect();
        axes::draw_vertical_grid(canvas, theme, panel, &ticks)?;
        if let Some(one) = x.at(1.0) {
            canvas.line([(one, panel.top), (one, panel.bottom)], solid(theme.axis, 1.4))?;
        }
        let mut y = top;
        for (row, text) in self.rows.iter().zip(&texts) {
            let middle = y + text.height / 2.0;
            let color = if row.kind == EffectKind::Biased { GRAY.text } else { theme.ink };
            let lines = (text.label.len() + text.detail.len()) as f64;
            let first = middle - (lines - 1.0) / 2.0 * LEADING;
            let next = canvas.lines((left, first), &text.label, LEADING, Lettering::semibold(theme.label_size, color))?;
            canvas.lines((left, next), &text.detail, LEADING, Lettering::regular(theme.note_size, theme.muted))?;
            Self::draw_row(canvas, row, panel, middle, x)?;
            let value = Lettering { weight: Weight::SemiBold, ..Lettering::regular(theme.label_size, color).ending() };
            let remark = match row.kind {
                EffectKind::Biased => Some("biased"),
                EffectKind::Control => Some("should be 1"),
                EffectKind::Primary | EffectKind::Secondary => None,
            };
            if let Some(remark) = remark {
                let value = Lettering { weight: Weight::Regular, ..value };
                canvas.text((right, middle - LEADING / 2.0), &estimate_and_interval(row), value)?;
                canvas.text((right, middle + LEADING / 2.0), remark, Lettering::semibold(theme.note_size, GRAY.text).ending())?;
            } else {
                canvas.text((right, middle), &estimate_and_interval(row), value)?;
            }
            y += text.height;
        }
        axes::draw_x(canvas, theme, panel, &ticks)?;
        let favours_y = panel.bottom + TICK_ROW + 9.0;
        let lettering = Lettering::regular(theme.tick_size, theme.muted);
        if let Some(one) = x.at(1.0) {
            canvas.text((one - 12.0, favours_y), &format!("← {}", self.favours.0), lettering.ending())?;
            canvas.text((one + 12.0, favours_y), &format!("{} →", self.favours.1), lettering)?;
        }
        let title_y = panel.bottom + TICK_ROW + 20.0 + TITLE_ROW / 2.0;
        axes::draw_x_title(canvas, theme, panel, title_y, &self.x_title())
    }

    fn numbers(&self) -> NumbersTable {
        let mut table = NumbersTable::new(&["label", "detail", "estimate", "lower", "upper", "kind"]);
        for row in &self.rows {
            table.rows.push(vec![
                row.label.clone(),
                row.detail.clone(),
                cell(Some(row.estimate)),
                cell(Some(row.lower)),
                cell(Some(row.upper)),
                row.kind.word().to_owned(),
            ]);
        }
        table
    }
}
