//! The single scores of days that have several.

use super::logs::SameDayLog;
use crate::domain::PainContext;

/// One score of a day.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    pub score: f32,
    pub context: Option<PainContext>,
    /// The file it stands in.
    pub file: usize,
}

impl SameDayLog {
    /// Adds the readings of a day, if they are several or those of a visit.
    pub(super) fn push_day(&mut self, day: i32, readings: &[Reading]) {
        let kept = once_told(readings);
        let visit = |reading: &Reading| reading.context == Some(PainContext::Visit);
        if kept.len() < 2 && !kept.iter().any(visit) {
            return;
        }
        for reading in kept {
            self.day.push(day);
            self.score.push(reading.score);
            self.context.push(reading.context);
        }
    }
}

/// The readings without those that another file tells of as well: each score as often as the file has it that has it most often.
fn once_told(readings: &[Reading]) -> Vec<Reading> {
    let first = readings.first().map(|reading| reading.file);
    if readings.iter().all(|reading| Some(reading.file) == first) {
        return readings.to_vec();
    }
    let key = |reading: &Reading| (reading.score.to_bits(), reading.context);
    let mut order: Vec<usize> = (0..readings.len()).collect();
    order.sort_by_key(|&at| (key(&readings[at]), readings[at].file));
    let mut kept: Vec<usize> = Vec::with_capacity(readings.len());
    for same in order.chunk_by(|&one, &other| key(&readings[one]) == key(&readings[other])) {
        let files = same.chunk_by(|&one, &other| readings[one].file == readings[other].file);
        // Of files that have it equally often the first one.
        let most = files.fold(&[][..], |most, file| if file.len() > most.len() { file } else { most });
        kept.extend(most);
    }
    kept.sort_unstable();
    kept.into_iter().map(|at| readings[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_exports_tell_of_a_score_once_and_one_export_as_often_as_it_says() {
        let reading = |score, file| Reading { score, context: None, file };
        let scores = |readings: &[Reading]| once_told(readings).iter().map(|reading| reading.score).collect::<Vec<_>>();
        assert_eq!(scores(&[reading(4.0, 0), reading(4.0, 0)]), [4.0, 4.0]);
        assert_eq!(scores(&[reading(4.0, 0), reading(6.0, 0), reading(4.0, 1), reading(6.0, 1), reading(2.0, 1)]), [4.0, 6.0, 2.0]);
        let visit = Reading { context: Some(PainContext::Visit), ..reading(4.0, 1) };
        assert_eq!(scores(&[reading(4.0, 0), visit]), [4.0, 4.0]);
    }

    #[test]
    fn a_lone_score_is_kept_apart_only_if_it_is_of_a_visit() {
        let mut log = SameDayLog::default();
        log.push_day(1, &[Reading { score: 4.0, context: Some(PainContext::Diary), file: 0 }]);
        log.push_day(2, &[Reading { score: 5.0, context: Some(PainContext::Visit), file: 0 }]);
        log.push_day(3, &[Reading { score: 6.0, context: None, file: 0 }, Reading { score: 6.0, context: None, file: 1 }]);
        assert_eq!((log.day, log.score), (vec![2], vec![5.0]));
    }
}
