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
    let (mut patient, mut day, mut score) = (PatientRuns::default(), Vec::new(), Vec::new());
    for file in files {
        patient.append(&file.patient, &same);
        day.extend_from_slice(&file.day);
        score.extend_from_slice(&file.score);
    }
    let order = Order::of(&patient, &day, n_patients);
    let mut refused = RefusedDays::default();
    for (patient, id) in interner.ids.iter().enumerate() {
        let rows: Vec<usize> = (order.offsets[patient]..order.offsets[patient + 1]).map(|place| order.row(place)).collect();
        for of_day in rows.chunk_by(|&one, &other| day[one] == day[other]) {
            let least = of_day.iter().map(|&row| score[row]).fold(f32::INFINITY, f32::min);
            let greatest = of_day.iter().map(|&row| score[row]).fold(f32::NEG_INFINITY, f32::max);
            if greatest - least > f32::EPSILON {
                refused.entry(id.clone()).or_default().insert(day[of_day[0]], (least, greatest));
            }
        }
    }
    refused
}
