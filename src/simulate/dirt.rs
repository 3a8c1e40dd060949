//! Damage as real logs have it: slips of the pen, double entries, strangers.

use crate::domain::Day;

use super::options::SimulationOptions;
use super::person::Draws;

/// Damages a share of a patient's rows; returns how many. The kinds take turns, so that a cohort shows every one.
pub(super) fn damage(
    draws: &mut Draws,
    pain: &mut Vec<String>,
    sessions: &mut Vec<String>,
    patient: usize,
    options: &SimulationOptions,
) -> usize {
    let mut damaged = 0;
    let stranger = stranger(options.patients);
    *pain = std::mem::take(pain)
        .into_iter()
        .flat_map(|row| {
            if !draws.happens(options.dirty_share) {
                return vec![row];
            }
            damaged += 1;
            damaged_pain(row, patient + damaged, options.cut_off, &stranger)
        })
        .collect();
    let of_pain = damaged;
    *sessions = std::mem::take(sessions)
        .into_iter()
        .flat_map(|row| {
            if !draws.happens(options.dirty_share) {
                return vec![row];
            }
            damaged += 1;
            damaged_session(row, patient + damaged - of_pain, &stranger)
        })
        .collect();
    damaged
}

/// An id that nobody in the cohort has.
fn stranger(patients: usize) -> String {
    if patients < 9_999 { "P9999".to_owned() } else { format!("P{}", "9".repeat(patients.to_string().len() + 1)) }
}

fn damaged_pain(row: String, turn: usize, cut_off: Day, stranger: &str) -> Vec<String> {
    let cells: Vec<&str> = row.trim_end().split(',').collect();
    let [id, date, pain] = cells[..] else { return vec![row] };
    let changed = match turn % 9 {
        0 => format!("{id},{date},11\n"),
        1 => format!("{id},{date},\n"),
        2 => format!("{id},2023-02-31,{pain}\n"),
        3 => format!("{stranger},{date},{pain}\n"),
        4 => return vec![row.clone(), row],
        5 => {
            let other = if pain == "0" { "1" } else { "0" };
            return vec![format!("{id},{date},{other}\n"), row];
        }
        6 => format!("{id},{},{pain}\n", cut_off.plus(200)),
        7 => format!("{id},{date},mild\n"),
        _ => format!("{id},{date}\n"),
    };
    vec![changed]
}

fn damaged_session(row: String, turn: usize, stranger: &str) -> Vec<String> {
    let mut cells: Vec<&str> = row.trim_end().split(',').collect();
    match turn % 5 {
        0 => cells[5] = "-20",
        1 => cells[3] = "dnoe",
        2 => cells[1] = "2023-04-31",
        3 => return vec![row.clone(), row],
        _ => cells[0] = stranger,
    }
    vec![format!("{}\n", cells.join(","))]
}
