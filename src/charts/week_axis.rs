//! The axis of program weeks, with the number of patients under each: for figures that follow a cohort by week.

use super::axes::{self, TICK_ROW, TITLE_ROW, Tick};
use super::canvas::{Area, Canvas, Lettering};
use super::error::ChartError;
use super::lettering::{Weight, text_width};
use super::scale::Scale;
use super::theme::Theme;
use super::ticks::week_step;

/// Height of the axis, its title and the row of patients.
pub const HEIGHT: f64 = TICK_ROW + TITLE_ROW + 8.0 + 20.0;

/// Width left of the panel: the y axis and the word before the numbers of patients.
pub const GUTTER: f64 = 78.0;

/// Title of the axis.
pub const TITLE: &str = "Week of the program";

/// Weeks onto a panel, each week in the middle of its own strip.
#[must_use]
pub fn scale(weeks: impl IntoIterator<Item = u32>, panel: Area) -> Scale {
    let (mut first, mut last) = (u32::MAX, 0);
    for week in weeks {
        first = first.min(week);
        last = last.max(week);
    }
    if first > last {
        (first, last) = (1, 1);
    }
    Scale::new((f64::from(first) - 0.5, f64::from(last) + 0.5), (panel.left, panel.right))
}

/// Draws the axis for `(week, patients)`, weeks ascending; where not every week's numbers fit, every second, fourth … is marked,
/// and the first if there is room before the next.
///
/// # Errors
/// [`ChartError::Drawing`] if the drawing library refuses.
pub fn draw(canvas: &Canvas<'_, '_>, theme: &Theme, panel: Area, x: Scale, weeks: &[(u32, usize)]) -> Result<(), ChartError> {
    let widest = weeks
        .iter()
        .map(|(_, patients)| text_width(&patients.to_string(), theme.tick_size, Weight::Regular))
        .fold(text_width("00", theme.tick_size, Weight::Regular), f64::max);
    let column = widest + 8.0;
    let most = (panel.width() / column).floor().max(1.0) as usize;
    let (first, last) = (weeks.first().map_or(1, |week| week.0), weeks.last().map_or(1, |week| week.0));
    let step = week_step(f64::from(last.saturating_sub(first) + 1), most);
    let room_for_first = f64::from(first.next_multiple_of(step) - first) * x.pixels_per_unit() >= column;
    let marked: Vec<&(u32, usize)> = weeks.iter().filter(|(week, _)| week % step == 0 || (*week == first && room_for_first)).collect();
    let ticks: Vec<Tick> = marked.iter().map(|(week, _)| Tick { at: x.at(f64::from(*week)), label: week.to_string() }).collect();
    axes::draw_x(canvas, theme, panel, &ticks)?;
    axes::draw_x_title(canvas, theme, panel, panel.bottom + TICK_ROW + TITLE_ROW / 2.0, &[TITLE.to_owned()])?;
    let y = panel.bottom + TICK_ROW + TITLE_ROW + 8.0 + 10.0;
    canvas.text((theme.margin, y), "Patients", Lettering::semibold(theme.tick_size, theme.ink))?;
    for (week, patients) in marked {
        let at = (x.at(f64::from(*week)), y);
        canvas.text(at, &patients.to_string(), Lettering::regular(theme.tick_size, theme.ink).centered())?;
    }
    Ok(())
}

/// Points cut into stretches of consecutive weeks: a line must not bridge a week without data.
#[must_use]
pub fn stretches(points: &[(u32, f64)]) -> Vec<Vec<(u32, f64)>> {
    let mut stretches: Vec<Vec<(u32, f64)>> = Vec::new();
    for &(week, value) in points {
        match stretches.last_mut() {
            Some(stretch) if stretch.last().is_some_and(|last| last.0 + 1 == week) => stretch.push((week, value)),
            _ => stretches.push(vec![(week, value)]),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_week_breaks_the_line() {
        let stretches = stretches(&[(1, 5.0), (2, 4.0), (4, 3.0)]);
        assert_eq!(stretches, [vec![(1, 5.0), (2, 4.0)], vec![(4, 3.0)]]);
    }
}
