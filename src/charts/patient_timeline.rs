//! One patient: pain over weeks with phases, sessions and the days that matter.

use std::fmt::Write as _;

use crate::domain::number::{counted, decimal};
use crate::domain::{Day, SessionStatus};

use super::axes::{self, TICK_ROW, TITLE_ROW, Tick, Y_AXIS_WIDTH};
use super::canvas::{Area, Canvas, Ink, Lettering, sheer, solid};
use super::chart::{Chart, NumbersTable, cell};
use super::error::ChartError;
use super::frame::Frame;
use super::labels::{Flag, spread};
use super::legend::{Key, LegendItem, item};
use super::lettering::{Weight, text_width, widest, wrap};
use super::phase_ribbon::{self, PhaseSpan};
use super::program_spans::{self, ProgramSpan};
use super::scale::Scale;
use super::session_strip::SessionStrip;
use super::theme::{BLUE, Hue, PURPLE, THEME, Theme};
use super::ticks::{calendar_ticks, tick_label, value_ticks, week_ticks};
use super::timeline_marks::{self, MarkKind, TimelineMark};

/// Its name in [`super::CHARTS`].
pub const ID: &str = "patient-timeline";

/// One patient's course.
#[derive(Clone, Debug)]
pub struct PatientTimeline {
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Name of the pain scale: `0–10 NRS`.
    pub scale_name: String,
    /// Least value of the scale.
    pub scale_min: f64,
    /// Greatest value of the scale.
    pub scale_max: f64,
    /// Logged pain.
    pub pain: Vec<(Day, f64)>,
    /// Smoothed pain, days ascending; the line breaks where no log is near for more than 35 days.
    pub smooth: Vec<(Day, f64)>,
    /// Baseline pain.
    pub baseline: Option<f64>,
    /// Pain scores that are an important improvement on the baseline: lower and upper end.
    pub important_change_band: Option<(f64, f64)>,
    /// Programs to shade, where there are several; one is told by its marks.
    pub programs: Vec<ProgramSpan>,
    /// Phases of care.
    pub phases: Vec<PhaseSpan>,
    /// Sessions.
    pub sessions: Vec<(Day, SessionStatus)>,
    /// Days that matter.
    pub marks: Vec<TimelineMark>,
    /// Footnotes.
    pub notes: Vec<String>,
}

const PANEL_HEIGHT: f64 = 250.0;
const STRIP_GAP: f64 = 12.0;
const CALENDAR_ROW: f64 = 20.0;
const SIDE_LABEL_WIDTH: f64 = 82.0;
/// A smoothed line does not bridge a longer gap: silence is not a level.
const LONGEST_BRIDGE: i32 = 35;

struct Layout {
    frame: Frame,
    panel: Area,
    x: Scale,
    flags: Vec<Flag>,
    ribbons_top: f64,
    flags_bottom: f64,
    sessions: SessionStrip,
    strip: Option<Area>,
    first: Day,
    last: Day,
    origin: Day,
    body_height: f64,
}

impl PatientTimeline {
    fn days(&self) -> impl Iterator<Item = Day> + '_ {
        let logged = self.pain.iter().chain(&self.smooth).map(|(day, _)| *day);
        let spans = self.phases.iter().flat_map(|phase| [phase.from, phase.to]);
        let programs = self.programs.iter().flat_map(|program| [program.from, program.to]);
        logged.chain(spans).chain(programs).chain(self.sessions.iter().map(|(day, _)| *day)).chain(self.marks.iter().map(|mark| mark.day))
    }

    fn program_start(&self) -> Option<Day> {
        self.marks.iter().filter(|mark| mark.kind == MarkKind::ProgramStart).map(|mark| mark.day).min()
    }

    /// Words in the right margin: (height on the scale, lines, color).
    fn side_labels(&self, theme: &Theme) -> Vec<(f64, Vec<String>, Hue)> {
        let broken = |text: &str| wrap(text, SIDE_LABEL_WIDTH, theme.tick_size, Weight::Regular);
        let mut labels = Vec::new();
        if let Some(score) = self.baseline {
            let text = format!("baseline {}", decimal(score, 1));
            labels.push((score, broken(&text), Hue { mark: theme.axis, text: theme.muted }));
        }
        if let Some((low, high)) = self.important_change_band {
            labels.push((f64::midpoint(low, high), broken("important improvement"), PURPLE));
        }
        labels
    }

    fn legend(&self, dots: &Dots, sessions: &SessionStrip, x: Scale) -> Vec<LegendItem> {
        let mut keys = Vec::new();
        if !self.pain.is_empty() {
            keys.push(item(Key::Dot(BLUE.mark, dots.opacity.max(0.5)), "pain log"));
        }
        if !self.smooth.is_empty() {
            keys.push(item(Key::Line(BLUE.text), "smoothed"));
        }
        keys.extend(program_spans::legend(&self.programs, &THEME));
        keys.extend(sessions.legend());
        keys.extend(phase_ribbon::legend(&self.phases, x, &THEME));
        keys
    }

    fn layout(&self) -> Layout {
        let first = self.days().min().unwrap_or(Day(0));
        let last = self.days().max().unwrap_or(first);
        let origin = self.program_start().unwrap_or(first);
        let side = self.side_labels(&THEME).iter().map(|label| widest(&label.1, THEME.tick_size, Weight::Regular)).fold(0.0, f64::max);
        let left = THEME.margin + Y_AXIS_WIDTH + 6.0;
        let right = THEME.width - THEME.margin - if side > 0.0 { side + 8.0 } else { 0.0 };
        let x = Scale::new((f64::from(first.0), f64::from(last.0) + 1.0), (left, right));
        let sessions = SessionStrip::new(&self.sessions, origin, x.pixels_per_unit());
        let frame =
            Frame::new(&self.title, &self.subtitle, &self.notes).with_legend(self.legend(&Dots::among(self.pain.len()), &sessions, x));

        let flags = timeline_marks::flags(&self.marks, x, &THEME);
        let rows = flags.iter().map(|flag| flag.row + 1).max().unwrap_or(0) as f64;
        let lanes = phase_ribbon::lanes(&self.phases).into_iter().map(|lane| lane + 1).max().unwrap_or(0) as f64;
        let flags_bottom = frame.body_top() + rows * timeline_marks::ROW;
        let ribbons_top = flags_bottom + if rows > 0.0 { 4.0 } else { 0.0 };
        let top = ribbons_top + lanes * phase_ribbon::LANE + if lanes > 0.0 { 6.0 } else { 0.0 };
        let panel = Area { left, top, right, bottom: top + PANEL_HEIGHT };
        let strip = (!self.sessions.is_empty()).then(|| {
            let top = panel.bottom + STRIP_GAP;
            Area { left, top, right, bottom: top + sessions.height() }
        });
        let bottom = strip.map_or(panel.bottom, |area| area.bottom);
        let body_height = bottom - frame.body_top() + TICK_ROW + CALENDAR_ROW + TITLE_ROW;
        Layout { frame, panel, x, flags, ribbons_top, flags_bottom, sessions, strip, first, last, origin, body_height }
    }

    fn draw_levels(&self, canvas: &Canvas<'_, '_>, theme: &Theme, panel: Area, y: Scale) -> Result<(), ChartError> {
        if let Some((low, high)) = self.important_change_band {
            let band = Area { top: y.at(low.max(high)), bottom: y.at(low.min(high)), ..panel };
            canvas.rectangle(band, sheer(PURPLE.mark, 0.13))?;
        }
        if let Some(score) = self.baseline {
            let at = y.at(score);
            canvas.dashed((panel.left, at), (panel.right, at), (5.0, 4.0), solid(theme.axis, 1.2))?;
        }
        let leading = theme.tick_size * 1.2;
        let labels = self.side_labels(theme);
        let wanted: Vec<(f64, f64)> = labels.iter().map(|(score, lines, _)| (y.at(*score), lines.len() as f64 * leading + 4.0)).collect();
        for ((_, lines, hue), middle) in labels.iter().zip(spread(&wanted, panel.top - 6.0, panel.bottom + 6.0)) {
            let first = middle - (lines.len() as f64 - 1.0) / 2.0 * leading;
            canvas.lines((panel.right + 8.0, first), lines, leading, Lettering::regular(theme.tick_size, hue.text))?;
        }
        Ok(())
    }

    fn draw_days(&self, canvas: &Canvas<'_, '_>, theme: &Theme, layout: &Layout, weeks: &[Tick]) -> Result<(), ChartError> {
        let panel = layout.panel;
        let floor = layout.strip.map_or(panel.bottom, |strip| strip.bottom);
        axes::draw_x(canvas, theme, Area { bottom: floor, ..panel }, weeks)?;
        let since = match (self.program_start(), self.programs.len()) {
            (Some(_), 0 | 1) => "program start",
            (Some(_), _) => "the first program's start",
            (None, _) => "the first log",
        };
        let title = [format!("Weeks since {since} ({})", layout.origin)];
        let title_y = floor + TICK_ROW + TITLE_ROW / 2.0 - 1.0;
        axes::draw_x_title(canvas, theme, panel, title_y, &title)?;
        let y = floor + TICK_ROW + TITLE_ROW + 3.0;
        canvas.line([(panel.left, y), (panel.right, y)], solid(theme.grid, 1.0))?;
        let most = (panel.width() / 66.0) as usize;
        for tick in calendar_ticks(layout.first, layout.last, most) {
            let x = layout.x.at(f64::from(tick.day.0));
            // A tick whose label would run out of the figure says nothing.
            if x + 4.0 + text_width(&tick.label, theme.tick_size, Weight::Regular) <= theme.width - 4.0 {
                canvas.line([(x, y), (x, y + 14.0)], solid(theme.axis, 1.0))?;
                canvas.text((x + 4.0, y + 9.0), &tick.label, Lettering::regular(theme.tick_size, theme.muted))?;
            }
        }
        Ok(())
    }
}

/// Dots shrink and thin out as there are more of them, so that a dense log shows as a cloud.
struct Dots {
    radius: f64,
    opacity: f64,
}

impl Dots {
    fn among(count: usize) -> Self {
        match count {
            0..=120 => Self { radius: 3.2, opacity: 0.7 },
            121..=450 => Self { radius: 2.5, opacity: 0.45 },
            451..=1000 => Self { radius: 2.0, opacity: 0.32 },
            _ => Self { radius: 1.7, opacity: 0.24 },
        }
    }
}

/// The line cut where the next point is further than [`LONGEST_BRIDGE`] days away.
fn unbroken(points: &[(Day, f64)]) -> Vec<Vec<(Day, f64)>> {
    let mut stretches: Vec<Vec<(Day, f64)>> = Vec::new();
    for &(day, value) in points {
        match stretches.last_mut() {
            Some(stretch) if stretch.last().is_some_and(|last| day.days_since(last.0) <= LONGEST_BRIDGE) => stretch.push((day, value)),
            _ => stretches.push(vec![(day, value)]),
        }
    }
    stretches
}

impl Chart for PatientTimeline {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn alt_text(&self) -> String {
        let mut text = format!("Pain ({}) over time, {}", self.scale_name, counted(self.pain.len(), "log", "logs"));
        if let (Some(first), Some(last)) = (self.pain.iter().min_by_key(|log| log.0), self.pain.iter().max_by_key(|log| log.0)) {
            _ = write!(text, " from {} ({}) to {} ({})", first.0, tick_label(first.1), last.0, tick_label(last.1));
        }
        let count = |status: SessionStatus| self.sessions.iter().filter(|session| session.1 == status).count();
        _ = write!(
            text,
            ". Sessions: {} done, {} done in part, {} logged as missed.",
            count(SessionStatus::Done),
            count(SessionStatus::Partial),
            count(SessionStatus::Missed)
        );
        for mark in &self.marks {
            _ = write!(text, " {}: {}.", mark.words(), mark.day);
        }
        text
    }

    fn size(&self) -> (u32, u32) {
        let layout = self.layout();
        layout.frame.size(layout.body_height)
    }

    fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme) -> Result<(), ChartError> {
        let layout = self.layout();
        layout.frame.draw(canvas, theme, layout.body_height)?;
        let (panel, x) = (layout.panel, layout.x);
        let y = Scale::new((self.scale_min, self.scale_max), (panel.bottom, panel.top));
        let ticks: Vec<Tick> = value_ticks(self.scale_min, self.scale_max, 7)
            .into_iter()
            .map(|value| Tick { at: y.at(value), label: tick_label(value) })
            .collect();
        axes::draw_y(canvas, theme, panel, &ticks, &format!("Pain ({})", self.scale_name), theme.margin + 6.0)?;
        if self.days().next().is_none() {
            let lettering = Lettering::regular(theme.label_size, theme.muted).centered();
            return canvas.text((panel.center(), panel.middle()), "Nothing was logged for this patient.", lettering);
        }
        let (from, to) =
            (f64::from(layout.first.days_since(layout.origin)) / 7.0, f64::from(layout.last.days_since(layout.origin) + 1) / 7.0);
        let weeks: Vec<Tick> = week_ticks(from, to, 14)
            .into_iter()
            .map(|week| Tick { at: x.at(f64::from(layout.origin.0) + week * 7.0), label: tick_label(week) })
            .collect();
        axes::draw_vertical_grid(canvas, theme, panel, &weeks)?;
        program_spans::draw(canvas, theme, panel, x, y, &self.programs)?;
        self.draw_levels(canvas, theme, panel, y)?;
        let lines: Vec<f64> = self.marks.iter().map(|mark| x.at(f64::from(mark.day.0))).collect();
        phase_ribbon::draw(canvas, theme, layout.ribbons_top, x, &self.phases, &lines)?;
        if let Some(strip) = layout.strip {
            layout.sessions.draw(canvas, theme, strip, x, layout.origin)?;
        }
        let floor = layout.strip.map_or(panel.bottom, |strip| strip.bottom);
        timeline_marks::draw(canvas, theme, &self.marks, &layout.flags, x, (layout.flags_bottom, floor))?;
        let place = |(day, pain): (Day, f64)| (x.at(f64::from(day.0) + 0.5), y.at(pain));
        let dots = Dots::among(self.pain.len());
        for log in self.pain.iter().filter(|log| log.1 >= self.scale_min && log.1 <= self.scale_max) {
            canvas.dot(place(*log), dots.radius, sheer(BLUE.mark, dots.opacity))?;
        }
        for stretch in unbroken(&self.smooth) {
            canvas.line(stretch.iter().copied().map(place), Ink { opacity: 0.7, ..solid(theme.paper, 3.6) })?;
            canvas.line(stretch.iter().copied().map(place), solid(BLUE.text, theme.curve_width + 0.2))?;
        }
        self.draw_days(canvas, theme, &layout, &weeks)
    }

    fn numbers(&self) -> NumbersTable {
        let mut table = NumbersTable::new(&["series", "date", "value", "label"]);
        let mut add = |series: &str, day: Day, value: String, label: &str| {
            table.rows.push(vec![series.to_owned(), day.to_string(), value, label.to_owned()]);
        };
        for (series, points) in [("pain", &self.pain), ("smoothed", &self.smooth)] {
            for (day, value) in points {
                add(series, *day, cell(Some(*value)), "");
            }
        }
        for phase in &self.phases {
            add("phase from", phase.from, String::new(), &phase.label);
            add("phase to", phase.to, String::new(), &phase.label);
        }
        for program in &self.programs {
            add("program from", program.from, cell(program.baseline), &program.label);
            add("program to", program.to, String::new(), &program.label);
        }
        for (day, status) in &self.sessions {
            add("session", *day, String::new(), status.as_str());
        }
        for mark in &self.marks {
            add(mark.kind.word(), mark.day, String::new(), &mark.label);
        }
        table
    }
}
