//! How long the rows of a session log took.

use crate::ingest::SessionLog;

/// Minutes of each of these rows, which stand in the order of days; `None` where no row has any.
///
/// A row without minutes counts nothing where another of its day has them, which then are the day's. A day without minutes counts
/// those of the mean day with them, shared by its rows.
pub(super) fn minutes_of_rows(log: &SessionLog, rows: &[usize]) -> Option<Vec<f64>> {
    let logged = |row: &usize| log.minutes.get(*row).and_then(|minutes| minutes.get()).map(f64::from);
    let days = || rows.chunk_by(|&one, &other| log.day[one] == log.day[other]);
    let (n, sum) = days()
        .filter(|day| day.iter().any(|row| logged(row).is_some()))
        .fold((0_u32, 0.0), |(n, sum), day| (n + 1, sum + day.iter().filter_map(logged).sum::<f64>()));
    if n == 0 {
        return None;
    }
    let usual = sum / f64::from(n);
    let of_day = |day: &[usize]| -> Vec<f64> {
        let otherwise = if day.iter().any(|row| logged(row).is_some()) { 0.0 } else { usual / day.len() as f64 };
        day.iter().map(|row| logged(row).unwrap_or(otherwise)).collect()
    };
    Some(days().flat_map(of_day).collect())
}
