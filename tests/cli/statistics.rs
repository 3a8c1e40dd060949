//! `staywell stats` on data of other programs.

use serde_json::Value;

use crate::harness::{StudyFolder, staywell};
use crate::reference::HERE;

fn lung(args: &[&str]) -> Value {
    let data = format!("{HERE}/data/lung.csv");
    let mut all = vec!["stats", args[0], "--data", &data, "--time", "time", "--event", "status", "--event-code", "2", "--format", "json"];
    all.extend(&args[1..]);
    let run = staywell(&all);
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

fn close(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap();
    assert!((found - expected).abs() < 1e-9 * expected.abs(), "{found} is not {expected}");
}

#[test]
fn a_curve_by_sex_is_rs() {
    let found = lung(&["km", "--by", "sex", "--times", "180,365", "--horizon", "500"]);
    // R: summary(survfit(Surv(time, status == 2) ~ sex, lung, conf.type = "log-log"), times = c(180, 365)).
    let row = &found["tidy"][0];
    assert_eq!((row["n.risk"].as_u64(), row["strata"].as_str()), (Some(89), Some("sex=1")));
    close(&row["estimate"], 0.644_465_001_541_782_7);
    close(&row["std.error"], 0.040_786_425_085_295_03);
    close(&row["conf.low"], 0.558_412_473_005_288);
    close(&row["conf.high"], 0.718_013_598_078_103_3);
    assert_eq!(found["glance"][0]["median"], 270.0);
    close(&found["rmst_difference"][0]["estimate"], 82.147_722_665_472_09);
    close(&found["rmst_difference"][0]["std.error"], 22.098_134_834_188_13);
}

#[test]
fn a_log_rank_test_and_a_cox_model_are_rs() {
    let test = lung(&["logrank", "--by", "sex"]);
    close(&test["glance"][0]["statistic"], 10.326_741_954_885_632);
    close(&test["tidy"][0]["exp"], 91.581_739_029_572_8);
    let cox = lung(&["cox", "--covariates", "age,sex,ph.ecog,wt.loss"]);
    assert_eq!((cox["glance"][0]["nobs"].as_u64(), cox["glance"][0]["nevent"].as_u64()), (Some(213), Some(151)));
    assert!((cox["tidy"][0]["estimate"].as_f64().unwrap() - 0.013_369_094_487_560_724).abs() < 1e-9);
    assert!(cox["notes"][0].as_str().unwrap().starts_with("213 rows used, 151 events; 15 dropped"));
}

#[test]
fn an_event_column_in_an_unknown_code_is_refused_and_not_guessed() {
    let folder = StudyFolder::new().file("d.csv", "time,status\n5,2\n6,1\n");
    let run = folder.run(&["stats", "km", "--data", "STUDY/d.csv", "--time", "time", "--event", "status"]);
    assert_eq!(
        run.stderr,
        "error: STUDY/d.csv, line 2, column \"status\": \"2\" does not say whether the event happened. Expected 0/1, true/false or yes/no. If one \
         value means the event, name it: --event-code 2\n"
    );
    assert_eq!(run.code, 2);
}

#[test]
fn a_column_that_is_not_there_and_numbers_that_are_none_are_named() {
    let folder = StudyFolder::new().file("d.csv", "time,event,x\n5,1,2\nsoon,0,3\n");
    let missing = folder.run(&["stats", "km", "--data", "STUDY/d.csv", "--time", "tmie", "--event", "event"]);
    assert_eq!(
        missing.stderr,
        "error: STUDY/d.csv has no column \"tmie\". Its columns are \"time\", \"event\", \"x\". Did you mean \"time\"?\n"
    );
    let words = folder.run(&["stats", "km", "--data", "STUDY/d.csv", "--time", "time", "--event", "event"]);
    assert!(words.code == 2 && words.stderr.contains("line 3") && words.stderr.contains("soon"), "{}", words.stderr);
    let separated = StudyFolder::new().file("d.csv", "time,event,x\n1,1,1\n2,1,1\n3,0,0\n4,0,0\n");
    let run = separated.run(&["stats", "cox", "--data", "STUDY/d.csv", "--time", "time", "--event", "event", "--covariates", "x"]);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (2, "error: \"x\" separates the events from the rest: every larger effect fits better, so there is no finite estimate\n")
    );
}
