//! How the logs were kept, counted by hand.

use super::{day, pain_csv, program_csv, sessions_csv, study};

/// Program of days 1–14; pain on 3 days of week 1, on none of week 2, on every day of week 3, on one of week 4.
fn four_weeks(last_session: i32) -> staywell::study::Study {
    let days = [1, 2, 3].into_iter().chain(15..=21).chain([22]);
    study(&[
        ("pain.csv", &pain_csv(days.map(|day| (day, 3.0)))),
        ("sessions.csv", &sessions_csv([(1, "flexibility", "done"), (last_session, "maintenance", "done")])),
        ("programs.csv", &program_csv(14, 3)),
    ])
}

#[test]
fn weeks_are_counted_by_the_days_logged_in_the_program_and_after_it() {
    let quality = four_weeks(28).quality;
    assert_eq!(quality.program_weeks.by_days, [1, 0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(quality.later_weeks.by_days, [0, 1, 0, 0, 0, 0, 0, 1]);
    // (0 + 3) / 2; one week of two has at least one log.
    assert_eq!(quality.program_weeks.mean_days(), Some(1.5));
    assert_eq!((quality.program_weeks.share_with(1), quality.program_weeks.share_with(4)), (Some(0.5), Some(0.0)));
    assert_eq!(quality.later_weeks.share_with(4), Some(0.5));
}

#[test]
fn a_week_that_was_not_over_at_the_last_log_is_not_counted() {
    let quality = four_weeks(27).quality;
    assert_eq!((quality.program_weeks.weeks(), quality.later_weeks.by_days), (2, [0, 0, 0, 0, 0, 0, 0, 1]));
}

#[test]
fn weekdays_start_with_monday() {
    // 2024-01-01, day 1, is a Monday, and so are days 15 and 22.
    assert_eq!(four_weeks(28).quality.weekdays, [3, 2, 2, 1, 1, 1, 1]);
}

fn scores(scores: &[f64], toml: &str) -> staywell::analysis::DataQuality {
    let rows = scores.iter().enumerate().map(|(at, &score)| (at as i32 + 1, score));
    let sessions = format!("patient_id,date,minutes\nA,{},30\nA,{},\n", day(1), day(2));
    study(&[("pain.csv", &pain_csv(rows)), ("sessions.csv", &sessions), ("study.toml", toml)]).quality
}

#[test]
fn fives_are_held_against_fours_and_sixes() {
    let quality = scores(&[4.0, 4.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 6.0, 6.0, 6.0, 6.0, 0.0], "");
    // 6 over (2 + 4) / 2.
    let fives = quality.scores.fives.unwrap();
    assert_eq!((fives.count, fives.neighbors, fives.ratio), (6, 6, 2.0));
    assert_eq!(quality.scores.whole, [1, 0, 0, 0, 2, 6, 4, 0, 0, 0, 0]);
    assert_eq!((quality.scores.zero_share, quality.scores.whole_share), (Some(1.0 / 13.0), None));
}

#[test]
fn on_a_scale_used_in_tenths_whole_numbers_are_counted_instead() {
    let quality = scores(&[50.0, 55.0, 43.0, 40.0], "[files.pain]\nscale = \"vas100\"\n");
    // 5.0 and 4.0 of 5.0, 5.5, 4.3, 4.0.
    assert_eq!((quality.scores.whole_share, quality.scores.fives, quality.scores.between), (Some(0.5), None, 2));
    assert_eq!(quality.scores.half_share, Some(0.25));
}

#[test]
fn a_streak_is_14_equal_scores_above_0() {
    let run = |score: f64, logs: usize| scores(&vec![score; logs], "").streaks;
    let streaks = run(4.0, 14);
    assert_eq!((streaks.patients, streaks.with_streak, streaks.longest), (1, 1, 14));
    let short = run(4.0, 13);
    assert_eq!((short.with_streak, short.longest), (0, 13));
    // Free of pain for weeks is what everybody hopes for.
    assert_eq!((run(0.0, 30).with_streak, run(0.0, 30).longest), (0, 0));
}

#[test]
fn cells_that_are_empty_are_counted_in_columns_that_are_there() {
    let quality = scores(&[4.0], "");
    let columns: Vec<(&str, usize, usize)> =
        quality.columns.iter().map(|column| (column.column.as_str(), column.filled, column.cells)).collect();
    assert_eq!(columns, [("minutes", 1, 2)]);
    let quality = study(&[
        ("pain.csv", "patient_id,date,pain,lasted_24h\nA,2024-01-01,4,yes\nA,2024-01-02,4,\nA,2024-01-03,4,no\n"),
        ("sessions.csv", "patient_id,date,status\nA,2024-01-01,done\nA,2024-01-02,\n"),
    ])
    .quality;
    let columns: Vec<(&str, usize, usize)> =
        quality.columns.iter().map(|column| (column.column.as_str(), column.filled, column.cells)).collect();
    assert_eq!(columns, [("status", 1, 2), ("lasted_24h", 2, 3)]);
}
