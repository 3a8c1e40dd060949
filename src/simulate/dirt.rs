//! Damage as real logs have it: slips of the pen, double entries, strangers.

use crate::domain::Day;

use super::line::Line;
use super::options::SimulationOptions;
use super::person::Draws;

/// Damages a share of a patient's rows; returns how many. The kinds take turns, so that a cohort shows every one.
pub(super) fn damage(
    draws: &mut Draws,
    pain: &mut Vec<Line>,
    sessions: &mut Vec<Line>,
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

fn damaged_pain(row: Line, turn: usize, cut_off: Day, stranger: &str) -> Vec<Line> {
    let cells: Vec<&str> = row.core.split(',').collect();
    let [id, date, pain] = cells[..] else { return vec![row] };
    let changed = match turn % 9 {
        0 => format!("{id},{date},11"),
        1 => format!("{id},{date},"),
        2 => format!("{id},2023-02-31,{pain}"),
        3 => format!("{stranger},{date},{pain}"),
        4 => return vec![row.clone(), row],
        5 => {
            let other = if pain == "0" { "1" } else { "0" };
            return vec![Line { core: format!("{id},{date},{other}"), ..row.clone() }, row];
        }
        6 => format!("{id},{},{pain}", cut_off.plus(200)),
        7 => format!("{id},{date},mild"),
        _ => return vec![Line { core: format!("{id},{date}"), further: String::new(), ..row }],
    };
    vec![Line { core: changed, ..row }]
}

fn damaged_session(row: Line, turn: usize, stranger: &str) -> Vec<Line> {
    let mut cells: Vec<&str> = row.core.split(',').collect();
    match turn % 5 {
        0 => cells[5] = "-20",
        1 => cells[3] = "dnoe",
        2 => cells[1] = "2023-04-31",
        3 => return vec![row.clone(), row],
        _ => cells[0] = stranger,
    }
    let core = cells.join(",");
    vec![Line { core, ..row }]
}
