//! Days whose pain scores differ, where the study uses none of them.

use super::file::Interner;
use super::order::Order;
use super::pain::PainColumns;
use super::rows::RefusedDays;
use super::runs::PatientRuns;

/// The days of each patient on which scores differ, all files taken together.
pub(super) fn refused_days(files: &[PainColumns], interner: &Interner) -> RefusedDays {
    let n_patients = interner.ids.len();
    let same: Vec<u32> = (0..n_patients as u32).collect();
    let (mut patient, mut day, mut score, mut visit) = (PatientRuns::default(), Vec::new(), Vec::new(), Vec::new());
    for file in files {
        patient.append(&file.patient, &same);
        day.extend_from_slice(&file.day);
        score.extend_from_slice(&file.score);
        visit.extend((0..file.day.len()).map(|row| file.details.is_visit(row)));
    }
    let order = Order::of(&patient, &day, n_patients);
    let mut refused = RefusedDays::default();
    for (patient, id) in interner.ids.iter().enumerate() {
        let rows: Vec<usize> = (order.offsets[patient]..order.offsets[patient + 1]).map(|place| order.row(place)).collect();
        for of_day in rows.chunk_by(|&one, &other| day[one] == day[other]) {
            // Where the diary has a score, the reading of a visit is no other score of the day.
            let diary: Vec<usize> = of_day.iter().copied().filter(|&row| !visit[row]).collect();
            let of_day = if diary.is_empty() { of_day } else { &diary };
            let least = of_day.iter().map(|&row| score[row]).fold(f32::INFINITY, f32::min);
            let greatest = of_day.iter().map(|&row| score[row]).fold(f32::NEG_INFINITY, f32::max);
            if greatest - least > f32::EPSILON {
                refused.entry(id.clone()).or_default().insert(day[of_day[0]], (least, greatest));
            }
        }
    }
    refused
}
