use staywell::analysis::{CovariateChoice, MaintainedRow, compare};
use staywell::cohort::Exposure;
use staywell::settings::ModelSettings;

/// Forty patients, every other one maintained, with recurrences on distinct days in two of three.
fn rows() -> Vec<MaintainedRow> {
    (0..40)
        .map(|patient| MaintainedRow {
            course: patient,
            patient,
            days: 10 + 7 * ((patient as i32 * 17) % 40),
            recurred: patient % 3 != 0,
            exposure: if patient % 2 == 0 { Exposure::Maintained } else { Exposure::NotMaintained },
        })
        .collect()
}

#[test]
fn a_covariate_many_lack_is_left_out_and_those_who_lack_another_are_counted() {
    let covariates = CovariateChoice {
        names: ["age", "clinic", "episodes"].map(str::to_owned).to_vec(),
        sources: vec![String::new(); 3],
        left_out: vec![],
        columns: vec![
            // Missing in 10 of 40, the same in all, missing in 4 of 40.
            (0..40).map(|patient| (patient >= 10).then_some(f64::from(patient))).collect(),
            vec![Some(1.0); 40],
            (0..40).map(|patient| (patient >= 4).then_some(f64::from(patient * patient % 7))).collect(),
        ],
    };
    let found = compare(&rows(), &covariates, &ModelSettings::default()).unwrap();
    let adjusted = found.adjusted.value().unwrap();
    assert_eq!(adjusted.covariates, ["episodes"]);
    assert_eq!(adjusted.dropped, ["age: missing in 10 of 40 patients compared", "clinic: the same in every patient compared"]);
    assert_eq!((adjusted.missing_covariate, adjusted.ratio.n, found.n), (4, 36, 40));
    assert_eq!(found.unadjusted.value().unwrap().n, 40);
}

#[test]
fn one_group_alone_has_a_curve_and_a_reason_instead_of_a_test() {
    let alone: Vec<MaintainedRow> = rows().into_iter().filter(|row| row.exposure == Exposure::Maintained).collect();
    let none = CovariateChoice { names: vec![], sources: vec![], left_out: vec![], columns: vec![] };
    let found = compare(&alone, &none, &ModelSettings::default()).unwrap();
    assert_eq!(found.groups.len(), 1);
    let reason = "all 20 patients are in one group (maintained), so there is nothing to compare";
    assert_eq!((found.log_rank.reason(), found.rmst.reason()), (Some(reason), Some(reason)));
}
