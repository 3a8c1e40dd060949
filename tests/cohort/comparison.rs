use staywell::analysis::{CovariateChoice, MaintainedRow, compare};
use staywell::cohort::Exposure;
use staywell::settings::ModelSettings;

/// Forty patients, every other one maintained, with recurrences on distinct days in two of three.
fn rows() -> Vec<MaintainedRow> {
    (0..40)
        .map(|patient| MaintainedRow {
            course: patient,
            patient,
            from: 0,
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

/// Forty programs of thirty patients, the first ten of whom have two, some in different groups; with ties.
fn several_programs() -> (Vec<MaintainedRow>, CovariateChoice) {
    let row = |course: usize| MaintainedRow {
        course,
        patient: course % 30,
        from: 0,
        days: 10 + 7 * (((course as i32 * 17) % 40) / 2),
        recurred: !course.is_multiple_of(3),
        exposure: if course * 7 % 11 < 5 { Exposure::Maintained } else { Exposure::NotMaintained },
    };
    let age = (0..40).map(|course| Some(f64::from(30 + course * course % 23))).collect();
    let covariates = CovariateChoice { names: vec!["age".to_owned()], sources: vec![String::new()], left_out: vec![], columns: vec![age] };
    ((0..40).map(row).collect(), covariates)
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} instead of {expected}");
}

/// R survival 3.5-3, `i <- 0:39; d <- 10 + 7*(((i*17) %% 40) %/% 2); e <- i %% 3 != 0; m <- (i*7) %% 11 < 5; id <- i %% 30;
/// age <- 30 + (i*i) %% 23`, and as said at each number.
#[test]
fn programs_of_one_patient_are_a_cluster_as_in_r() {
    let (rows, covariates) = several_programs();
    let settings = ModelSettings { horizon: 120.0, times: vec![90.0], ..ModelSettings::default() };
    let found = compare(&rows, &covariates, &settings).unwrap();
    assert_eq!((found.n, found.patients), (40, 30));
    // coxph(Surv(d, e) ~ m + cluster(id))
    let ratio = found.unadjusted.value().unwrap();
    close(ratio.hazard_ratio, 1.391_482_779_52);
    close(ratio.interval.lower, 0.619_802_296_63);
    close(ratio.interval.upper, 3.123_938_611_1);
    close(ratio.p_value, 0.423_328_737_706);
    // coxph(Surv(d, e) ~ age + m + cluster(id))
    let adjusted = found.adjusted.value().unwrap();
    close(adjusted.ratio.hazard_ratio, 1.578_711_489_59);
    close(adjusted.ratio.p_value, 0.262_873_697_793_5);
    assert!(adjusted.fit.robust && adjusted.ratio.patients == 30);
    close(adjusted.fit.terms[0].std_error, 0.032_967_774_273_6);
    // coxph(Surv(d, e) ~ m + cluster(id), ties = "breslow")$rscore
    let test = found.log_rank.value().unwrap();
    close(test.statistic, 0.610_989_043_674);
    close(test.p_value, 0.434_415_660_588);
    // summary(survfit(Surv(d, e) ~ 1, subset = m == g, cluster = id), times = 90)$std.err
    for (group, std_error) in found.groups.iter().zip([0.122_910_120_32, 0.139_428_749_174]) {
        close(group.at[0].unwrap().std_error, std_error);
    }
    // r <- residuals(survfit(Surv(d, e) ~ 1, subset = m == g), times = 120, type = "rmst") in each group g;
    // sqrt(sum(rowsum(ifelse(m, r, -r), id)^2)), and the same over one group
    let rmst = found.rmst.value().unwrap();
    close(rmst.difference.estimate, -8.741_541_829_8);
    close(rmst.difference.std_error, 12.270_295_569_048);
    close(rmst.test.p_value, 0.476_207_869_404);
    close(rmst.first.std_error, 8.296_504_839_96);
    close(rmst.second.std_error, 9.040_362_868_4);
}

#[test]
fn with_one_program_each_errors_are_the_models() {
    let (mut rows, covariates) = several_programs();
    for row in &mut rows {
        row.patient = row.course;
    }
    let found = compare(&rows, &covariates, &ModelSettings::default()).unwrap();
    assert_eq!((found.n, found.patients), (40, 40));
    assert!(!found.adjusted.value().unwrap().fit.robust && !found.groups[0].curve.robust);
    // R: survdiff(Surv(d, e) ~ m)$chisq
    close(found.log_rank.value().unwrap().statistic, 0.627_943_535_506);
}

#[test]
fn nothing_is_called_adjusted_where_no_covariate_can_be_used() {
    let covariates = CovariateChoice {
        names: ["age", "adherence"].map(str::to_owned).to_vec(),
        sources: vec![String::new(); 2],
        left_out: vec![],
        columns: vec![(0..40).map(|n| (n % 2 == 0).then_some(f64::from(n))).collect(), vec![Some(1.0); 40]],
    };
    let found = compare(&rows(), &covariates, &ModelSettings::default()).unwrap();
    let reason = found.adjusted.reason().unwrap();
    assert!(reason.contains("age: missing in 20 of 40") && reason.contains("adherence: the same"), "{reason}");
    assert!(found.unadjusted.value().is_some() && found.proportional_hazards.is_some());
}
