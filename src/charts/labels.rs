//! Keeping labels off each other.

use plotters::style::RGBColor;

use super::canvas::{Area, Canvas, Lettering};
use super::error::ChartError;
use super::theme::Theme;

/// Where labels of the given heights may stand, as near to where they would like to be as they can without touching: middles,
/// in the order given. `wanted` holds (middle, height).
#[must_use]
pub fn spread(wanted: &[(f64, f64)], top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].0.total_cmp(&wanted[*b].0).then(a.cmp(b)));
    let mut middles: Vec<f64> = wanted.iter().map(|label| label.0).collect();
    let mut edge = top;
    for index in &order {
        let half = wanted[*index].1 / 2.0;
        middles[*index] = middles[*index].max(edge + half);
        edge = middles[*index] + half;
    }
    let mut edge = bottom;
    for index in order.iter().rev() {
        let half = wanted[*index].1 / 2.0;
        middles[*index] = middles[*index].min(edge - half);
        edge = middles[*index] - half;
    }
    middles
}

/// Labels to the right of a panel, each beside the height at which its line ends, moved apart where they would touch.
///
/// # Errors
/// [`ChartError`] if the canvas cannot be drawn on.
pub fn draw_end_labels(
    canvas: &Canvas<'_, '_>,
    theme: &Theme,
    panel: Area,
    labels: &[(f64, &[String], RGBColor)],
) -> Result<(), ChartError> {
    let leading = theme.label_size * 1.2;
    let height = |lines: &[String]| if lines.is_empty() { 0.0 } else { lines.len() as f64 * leading + 5.0 };
    let wanted: Vec<(f64, f64)> = labels.iter().map(|(y, lines, _)| (*y, height(lines))).collect();
    for ((_, lines, color), middle) in labels.iter().zip(spread(&wanted, panel.top - 8.0, panel.bottom + 8.0)) {
        let first = middle - (lines.len() as f64 - 1.0) / 2.0 * leading;
        canvas.lines((panel.right + 8.0, first), lines, leading, Lettering::semibold(theme.label_size, *color))?;
    }
    Ok(())
}

/// A label beside a vertical line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flag {
    /// The row it stands in; 0 is the lowest, next to the figure.
    pub row: usize,
    /// Whether it stands to the left of its line, because there is no room to the right.
    pub leftward: bool,
}

/// More rows than this look like a staircase.
const MOST_ROWS: usize = 4;

/// Rows for labels that stand beside vertical lines at `(x, width)`, so that no label covers another.
///
/// Lines run from the label's row down through all rows below it. Where few rows suffice no line runs behind another's label either;
/// where marks are too many for that, labels are packed and interrupt the lines behind them.
#[must_use]
pub fn stagger(lines: &[(f64, f64)], right_edge: f64) -> Vec<Flag> {
    let flags = clear_of_lines(lines, right_edge);
    if flags.iter().all(|flag| flag.row < MOST_ROWS) { flags } else { packed(lines, right_edge) }
}

fn packed(lines: &[(f64, f64)], right_edge: f64) -> Vec<Flag> {
    let mut flags: Vec<Flag> = lines.iter().map(|(x, width)| Flag { row: 0, leftward: x + width > right_edge }).collect();
    let start = |index: usize| if flags[index].leftward { lines[index].0 - lines[index].1 } else { lines[index].0 };
    let mut order: Vec<(usize, f64)> = (0..lines.len()).map(|index| (index, start(index))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let mut ends: Vec<f64> = Vec::new();
    for (index, start) in order {
        let row = ends.iter().position(|end| *end <= start).unwrap_or(ends.len());
        if row == ends.len() {
            ends.push(0.0);
        }
        ends[row] = start + lines[index].1;
        flags[index].row = row;
    }
    flags
}

fn clear_of_lines(lines: &[(f64, f64)], right_edge: f64) -> Vec<Flag> {
    let extent = |index: usize, leftward: bool| -> (f64, f64) {
        let (x, width) = lines[index];
        if leftward { (x - width, x) } else { (x, x + width) }
    };
    let mut flags = vec![Flag { row: 0, leftward: false }; lines.len()];
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by(|a, b| lines[*b].0.total_cmp(&lines[*a].0).then(b.cmp(a)));
    // From the right: a label turns left if it has no room, or if it and a turned one would each stand in the other's line.
    let mut turned: Vec<usize> = Vec::new();
    for &index in &order {
        let (x, width) = lines[index];
        let tangled = turned.iter().any(|&other| lines[other].0 - lines[other].1 <= x && x + width >= lines[other].0);
        if x + width > right_edge || tangled {
            flags[index].leftward = true;
            turned.push(index);
        }
    }
    // Each label must stand above those whose lines it crosses: rightward ones are settled from the right, leftward ones from the left.
    let (rightward, mut leftward): (Vec<usize>, Vec<usize>) = order.iter().partition(|index| !flags[**index].leftward);
    leftward.reverse();
    let mut placed: Vec<usize> = Vec::new();
    for index in rightward.into_iter().chain(leftward) {
        let mine = extent(index, flags[index].leftward);
        let clear = |row: usize, placed: &[usize]| {
            placed.iter().all(|&other| {
                let theirs = extent(other, flags[other].leftward);
                let overlap = mine.0 < theirs.1 && theirs.0 < mine.1;
                let i_cross = mine.0 <= lines[other].0 && lines[other].0 <= mine.1;
                let they_cross = theirs.0 <= lines[index].0 && lines[index].0 <= theirs.1;
                let other_row = flags[other].row;
                !(overlap && row == other_row || i_cross && other_row >= row || they_cross && row >= other_row)
            })
        };
        let top = placed.iter().map(|other| flags[*other].row + 1).max().unwrap_or(0);
        flags[index].row = (0..=top).find(|row| clear(*row, &placed)).unwrap_or(top);
        placed.push(index);
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_want_the_same_place_are_moved_apart_and_stay_inside() {
        let middles = spread(&[(98.0, 16.0), (97.0, 16.0), (20.0, 16.0)], 0.0, 100.0);
        assert!((middles[0] - 92.0).abs() < 1e-9 && (middles[1] - 76.0).abs() < 1e-9 && (middles[2] - 20.0).abs() < 1e-9);
    }

    #[test]
    fn a_label_stands_above_the_lines_it_crosses() {
        let flags = stagger(&[(10.0, 80.0), (50.0, 80.0), (300.0, 50.0)], 400.0);
        assert_eq!(flags.iter().map(|flag| flag.row).collect::<Vec<_>>(), [1, 0, 0]);
        assert!(flags.iter().all(|flag| !flag.leftward));
    }

    #[test]
    fn many_labels_are_packed_without_touching_each_other() {
        let lines: Vec<(f64, f64)> = (0..10).map(|number| (f64::from(number) * 60.0, 100.0)).collect();
        let flags = stagger(&lines, 620.0);
        assert!(flags.iter().all(|flag| flag.row < 3), "{flags:?}");
        let extent = |index: usize| {
            let (x, width) = lines[index];
            if flags[index].leftward { (x - width, x) } else { (x, x + width) }
        };
        for a in 0..10 {
            for b in 0..a {
                let apart = extent(a).1 <= extent(b).0 || extent(b).1 <= extent(a).0;
                assert!(apart || flags[a].row != flags[b].row, "{a} and {b}");
            }
        }
    }

    #[test]
    fn labels_without_room_to_the_right_turn_left() {
        let flags = stagger(&[(360.0, 80.0), (380.0, 80.0)], 400.0);
        assert!(flags.iter().all(|flag| flag.leftward));
        assert_eq!(flags.iter().map(|flag| flag.row).collect::<Vec<_>>(), [0, 1]);
    }
}
