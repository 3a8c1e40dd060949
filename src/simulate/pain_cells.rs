//! The cells of a pain score that only the further claims need, and scores at visits and in the evening.

use crate::domain::Day;

use super::line::Line;
use super::patient::Patient;
use super::person::Draws;

/// Names of the further columns.
pub(super) const HEADER: &str = ",site,numbness,weakness,lasted_24h,limited,context";
/// Diary days from program start on which some are asked twice.
const ASKED_TWICE_DAYS: i32 = 14;

/// Further cells of a diary score. Without pain they are empty, as in most diaries.
pub(super) fn diary(draws: &mut Draws, patient: &Patient, day: Day, score: i32) -> String {
    let (spread, numb, weak, lasts, limits) = (draws.share(), draws.share(), draws.share(), draws.share(), draws.share());
    if score < 1 {
        return ",,,,,,".to_owned();
    }
    let travelled = patient.travelled_by(day);
    // Low back or buttock; thigh and calf once it travels.
    let site = 1 + i32::from(spread < 0.12) + if travelled { 2 } else { 0 };
    if score < 2 {
        return format!(",{site},,,,,");
    }
    let word = |yes: bool| if yes { "yes" } else { "no" };
    let lasting = patient.lasting_pain(day) && lasts < 0.75;
    let limited = limits < if score >= 4 { 0.6 } else { 0.12 };
    format!(",{site},{},{},{},{},", word(travelled && numb < 0.4), word(travelled && weak < 0.1), word(lasting), word(limited))
}

/// Scores beside the diary: at visits of some patients, which fall on bad days, and in the evening of some.
pub(super) fn beside_the_diary(draws: &mut Draws, id: &str, patient: &Patient, diary_days: &[Day]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = |day: Day, time: &str, score: i32, context: &str| {
        lines.push(Line { day, core: format!("{id},{day}{time},{score}"), further: format!(",,,,,,{context}") });
    };
    if patient.care.asked.at_visits {
        for session in patient.program.sessions.iter().filter(|session| session.setting == "clinic") {
            let reading = patient.pain(session.day) + 0.8 + 1.1 * draws.normal();
            if draws.happens(0.4) {
                line(session.day, "", reading.round().clamp(0.0, 10.0) as i32, "visit");
            }
        }
    }
    if patient.care.asked.twice_a_day {
        let first_days = diary_days.iter().filter(|day| (0..ASKED_TWICE_DAYS).contains(&day.days_since(patient.person.start)));
        for &day in first_days {
            let reading = patient.pain(day) + 0.4 + 1.0 * draws.normal();
            line(day, " 19:30", reading.round().clamp(0.0, 10.0) as i32, "diary");
        }
    }
    lines
}
