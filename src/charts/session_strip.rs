//! Sessions done, done in part and missed, under a patient's timeline: a mark each, or bars by week where marks would run together.

use std::collections::BTreeMap;

use crate::domain::{Day, SessionStatus};

use super::canvas::{Area, Canvas, Lettering, sheer, solid};
use super::error::ChartError;
use super::legend::{self, Key, LegendItem, item};
use super::scale::Scale;
use super::theme::{GRAY, GREEN, Theme, VERMILLION};

const DONE_OPACITY: f64 = 0.85;
const PART_OPACITY: f64 = 0.4;
const MISSED_OPACITY: f64 = 0.5;
/// More sessions than this are shown by week.
const MOST_MARKS: usize = 150;
/// So are sessions on days narrower than this.
const NARROWEST_DAY: f64 = 2.5;

/// How the sessions are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionStrip {
    /// A mark for each.
    Marks(Vec<(Day, SessionStatus)>),
    /// Counts of done, in part and missed by week, weeks counted from the timeline's day 0.
    Weeks(BTreeMap<i32, [usize; 3]>),
}

impl SessionStrip {
    /// The strip for these sessions on days this many pixels wide.
    #[must_use]
    pub fn new(sessions: &[(Day, SessionStatus)], origin: Day, pixels_per_day: f64) -> Self {
        if sessions.len() <= MOST_MARKS && pixels_per_day >= NARROWEST_DAY {
            let mut marks = sessions.to_vec();
            marks.sort_by_key(|(day, _)| *day);
            return Self::Marks(marks);
        }
        let mut weeks: BTreeMap<i32, [usize; 3]> = BTreeMap::new();
        for (day, status) in sessions {
            let counts = weeks.entry(day.days_since(origin).div_euclid(7)).or_default();
            counts[match status {
                SessionStatus::Done => 0,
                SessionStatus::Partial => 1,
                SessionStatus::Missed => 2,
            }] += 1;
        }
        Self::Weeks(weeks)
    }

    /// Height of the strip.
    #[must_use]
    pub fn height(&self) -> f64 {
        match self {
            Self::Marks(marks) if marks.is_empty() => 0.0,
            Self::Marks(_) => 26.0,
            Self::Weeks(_) => 50.0,
        }
    }

    /// Keys for the statuses that occur.
    #[must_use]
    pub fn legend(&self) -> Vec<LegendItem> {
        let occurs = |index: usize, status: SessionStatus| match self {
            Self::Marks(marks) => marks.iter().any(|mark| mark.1 == status),
            Self::Weeks(weeks) => weeks.values().any(|counts| counts[index] > 0),
        };
        let by_week = matches!(self, Self::Weeks(_));
        let mut keys = Vec::new();
        if occurs(0, SessionStatus::Done) {
            keys.push(item(Key::Box(GREEN.mark, DONE_OPACITY), "session done"));
        }
        if occurs(1, SessionStatus::Partial) {
            let key = if by_week { Key::Box(GREEN.mark, PART_OPACITY) } else { Key::HalfBox(GREEN.mark) };
            keys.push(item(key, "done in part"));
        }
        if occurs(2, SessionStatus::Missed) {
            let key = if by_week { Key::Box(VERMILLION.mark, MISSED_OPACITY) } else { Key::Cross(VERMILLION.mark) };
            keys.push(item(key, "logged as missed"));
        }
        keys
    }

    /// Draws the strip in `area`; its name goes to the left of it.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] if the drawing library refuses.
    pub fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme, area: Area, x: Scale, origin: Day) -> Result<(), ChartError> {
        canvas.rectangle(area, sheer(theme.tint, 1.0))?;
        let name = Lettering::regular(theme.tick_size, theme.ink).ending();
        match self {
            Self::Marks(marks) => {
                canvas.text((area.left - 8.0, area.middle()), "Sessions", name)?;
                let half = (x.pixels_per_unit() * 0.4).clamp(1.2, 3.5);
                for (day, status) in marks {
                    let center = x.at(f64::from(day.0) + 0.5);
                    let bar = Area { left: center - half, top: area.top + 5.0, right: center + half, bottom: area.bottom - 5.0 };
                    match status {
                        SessionStatus::Done => canvas.rectangle(bar, sheer(GREEN.mark, DONE_OPACITY))?,
                        SessionStatus::Partial => {
                            canvas.rectangle(bar, sheer(GREEN.mark, 0.2))?;
                            canvas.rectangle(Area { top: bar.middle(), ..bar }, sheer(GREEN.mark, 0.75))?;
                        }
                        SessionStatus::Missed => {
                            legend::cross(canvas, (center, area.middle()), half.clamp(2.0, 3.2), VERMILLION.mark)?;
                        }
                    }
                }
                Ok(())
            }
            Self::Weeks(weeks) => {
                let most = weeks.values().map(|counts| counts.iter().sum::<usize>()).max().unwrap_or(1).max(1);
                canvas.text((area.left - 8.0, area.middle() + 1.0), "Sessions", name)?;
                canvas.text((area.left - 8.0, area.middle() + 15.0), "per week", name)?;
                let ceiling = area.top + 6.0;
                let y = Scale::new((0.0, most as f64), (area.bottom, ceiling));
                canvas.line([(area.left, ceiling), (area.right, ceiling)], solid(theme.grid, 1.0))?;
                let small = Lettering::regular(theme.note_size, GRAY.text).ending();
                canvas.text((area.left - 4.0, ceiling), &most.to_string(), small)?;
                for (week, counts) in weeks {
                    let first = f64::from(origin.plus(week * 7).0);
                    let (left, right) = (x.at(first), x.at(first + 7.0));
                    let gap = ((right - left) * 0.15).min(1.5);
                    let mut base = 0;
                    let fills = [(GREEN, DONE_OPACITY), (GREEN, PART_OPACITY), (VERMILLION, MISSED_OPACITY)];
                    for (count, (hue, opacity)) in counts.iter().zip(fills) {
                        let piece = Area {
                            left: left + gap / 2.0,
                            top: y.at((base + count) as f64),
                            right: right - gap / 2.0,
                            bottom: y.at(base as f64),
                        };
                        canvas.rectangle(piece, sheer(hue.mark, opacity))?;
                        base += count;
                    }
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_sessions_keep_a_mark_each_and_many_are_counted_by_week() {
        let few = [(Day(10), SessionStatus::Done), (Day(3), SessionStatus::Missed)];
        assert_eq!(
            SessionStrip::new(&few, Day(0), 5.0),
            SessionStrip::Marks(vec![(Day(3), SessionStatus::Missed), (Day(10), SessionStatus::Done)])
        );
        let narrow = SessionStrip::new(&few, Day(4), 0.5);
        assert_eq!(narrow, SessionStrip::Weeks(BTreeMap::from([(-1, [0, 0, 1]), (0, [1, 0, 0])])));
        let many: Vec<_> = (0..151).map(|day| (Day(day), SessionStatus::Partial)).collect();
        let SessionStrip::Weeks(weeks) = SessionStrip::new(&many, Day(0), 5.0) else { panic!("by week") };
        assert_eq!(weeks[&0], [0, 7, 0]);
        assert_eq!(weeks.values().flatten().sum::<usize>(), 151);
    }
}
