//! Stanford heart transplants: the known contrast between the obvious comparison and the honest ones, by the machinery the claims use.
//!
//! Hazard ratios of R survival 3.5-3 on `data/heart.csv`: ever transplanted, coded at baseline, 0.27; transplant as a covariate
//! that changes on the day of the operation 1.14 (p 0.67); landmark at day 30 0.92, at day 60 0.77.

use std::collections::BTreeMap;

use staywell::analysis::{CovariateChoice, MaintainedRow, compare, unadjusted_ratio};
use staywell::cohort::Exposure;
use staywell::settings::ModelSettings;

use super::data::Data;

/// Some operations are at half days; tenths of a day are whole numbers, and hazard ratios do not mind the unit.
const UNIT: f64 = 10.0;

/// One row per stretch of time: patient, from, to, died, transplanted.
fn stretches() -> Vec<(usize, i32, i32, bool, bool)> {
    let data = Data::read("data/heart.csv");
    let column = |name: &str| data.numbers(name).into_iter().map(Option::unwrap).collect::<Vec<f64>>();
    let (start, stop, event, transplant, id) = (column("start"), column("stop"), column("event"), column("transplant"), column("id"));
    let tenths = |days: f64| (days * UNIT).round() as i32;
    (0..data.n_rows())
        .map(|row| (id[row] as usize, tenths(start[row]), tenths(stop[row]), event[row] > 0.0, transplant[row] > 0.0))
        .collect()
}

fn row(patient: usize, from: i32, days: i32, recurred: bool, exposed: bool) -> MaintainedRow {
    let exposure = if exposed { Exposure::Maintained } else { Exposure::NotMaintained };
    MaintainedRow { course: patient, patient, from, days, recurred, exposure }
}

/// One row per patient: last day, whether dead by then, day of the transplant.
fn patients() -> BTreeMap<usize, (i32, bool, Option<i32>)> {
    let mut patients: BTreeMap<usize, (i32, bool, Option<i32>)> = BTreeMap::new();
    for (id, from, to, died, transplanted) in stretches() {
        let patient = patients.entry(id).or_insert((0, false, None));
        (patient.0, patient.1) = (to.max(patient.0), died || patient.1);
        if transplanted {
            patient.2 = Some(patient.2.map_or(from, |day| day.min(from)));
        }
    }
    patients
}

fn close(found: f64, published: f64) {
    assert!((found - published).abs() < 0.005 + 1e-9, "{found} instead of {published}");
}

#[test]
fn the_obvious_comparison_hands_the_wait_to_the_transplant_and_the_others_do_not() {
    let none = CovariateChoice { names: vec![], sources: vec![], left_out: vec![], columns: vec![] };
    let settings = ModelSettings::default();
    let ratio_of = |rows: &[MaintainedRow]| compare(rows, &none, &settings).unwrap().hazard_ratio().unwrap().clone();

    let naive: Vec<MaintainedRow> =
        patients().iter().map(|(&id, &(last, died, transplant))| row(id, 0, last, died, transplant.is_some())).collect();
    assert_eq!((naive.len(), naive.iter().filter(|row| row.recurred).count()), (103, 75));
    close(ratio_of(&naive).hazard_ratio, 0.27);

    let over_time: Vec<MaintainedRow> =
        stretches().into_iter().map(|(id, from, to, died, transplanted)| row(id, from, to, died, transplanted)).collect();
    let found = unadjusted_ratio(&over_time, &settings).unwrap();
    close(found.hazard_ratio, 1.14);
    close(found.p_value, 0.67);
    assert_eq!((found.n, found.patients, found.n_events), (103, 103, 75));

    for (landmark, published) in [(30, 0.92), (60, 0.77)] {
        // The file counts the day of acceptance as day 1, the published landmarks as day 0.
        let day = (landmark + 1) * UNIT as i32;
        let rows: Vec<MaintainedRow> = patients()
            .iter()
            .filter(|(_, patient)| patient.0 > day)
            .map(|(&id, &(last, died, transplant))| row(id, 0, last - day, died, transplant.is_some_and(|at| at <= day)))
            .collect();
        close(ratio_of(&rows).hazard_ratio, published);
    }
}
