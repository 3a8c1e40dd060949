//! Options of `staywell stats` that do not fit the data, and results of which a part cannot be computed.

use serde_json::Value;

use crate::harness::{Run, StudyFolder, staywell};
use crate::reference::HERE;

/// `staywell stats OPTIONS --data d.csv` on this text.
fn on(text: &str, options: &str) -> Run {
    let mut all = vec!["stats"];
    all.extend(options.split(' ').map(|word| if word == "EMPTY" { "" } else { word }));
    all.extend(["--data", "STUDY/d.csv"]);
    StudyFolder::new().file("d.csv", text).run(&all)
}

fn json(text: &str, options: &str) -> Value {
    let run = on(text, &format!("{options} --format json"));
    assert_eq!(run.code, 0, "{options}: {}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

fn refused(text: &str, options: &str, sentence: &str) {
    let run = on(text, options);
    assert_eq!((run.code, run.stderr), (2, format!("error: {sentence}\n")), "{options}");
}

fn notes(found: &Value) -> Vec<&str> {
    found["notes"].as_array().unwrap().iter().map(|note| note.as_str().unwrap()).collect()
}

const WORDS: &str = "t,e,x\n1,death,1\n2,censored,4\n3,ltx,2\n4,death,3\n5,ltx,5\n";

#[test]
fn censoring_is_never_taken_for_an_event_in_silence() {
    for method in ["cuminc", "finegray --cause death --covariates x"] {
        refused(
            WORDS,
            &format!("{method} --time t --event e"),
            "STUDY/d.csv: no row has \"0\" in column \"e\", which would mean censored; it holds censored, death, ltx. Name the one that means \
             censored: --censor VALUE (--censor '' if nobody is)",
        );
        refused(
            WORDS,
            &format!("{method} --time t --event e --censor cesnored"),
            "STUDY/d.csv: no row has \"cesnored\" in column \"e\"; it holds censored, death, ltx. Did you mean censored?",
        );
    }
    let found = json(WORDS, "cuminc --time t --event e --censor censored --times 5");
    let outcomes: Vec<&str> = found["tidy"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["death", "ltx"]);
    // A column of times in place of the causes: the first values and how many more.
    let times = (1..=20).fold("t,e\n".to_owned(), |text, time| format!("{text}{time},word{time:02}\n"));
    let run = on(&times, "cuminc --time t --event e");
    assert!(run.stderr.contains("it holds word01, ") && run.stderr.contains("word12 and 8 more. Name"), "{}", run.stderr);
}

#[test]
fn a_study_without_censoring_is_one() {
    // Two of four have cause 1: F₁ = 1/2 at the end.
    let text = "t,e,x\n1,1,3\n2,2,\n3,1,1\n4,2,5\n";
    let found = json(text, "cuminc --time t --event e --times 4");
    assert_eq!(found["tidy"][0]["estimate"], 0.5);
    assert!(notes(&found).contains(&"Nobody is censored: no row has e = 0."), "{found}");
    assert!(notes(&json(text, "finegray --time t --event e --covariates x")).contains(&"Nobody is censored: no row has e = 0."));
    refused(text, "cuminc --time t --event e --censor 3", "STUDY/d.csv: no row has \"3\" in column \"e\"; it holds 1, 2");
    // In words it has to be said.
    let found = json(&WORDS.replace("censored", "ltx"), "cuminc --time t --event e --censor EMPTY --times 5");
    assert_eq!(found["tidy"][0]["estimate"], 0.4);
    assert!(notes(&found).contains(&"Nobody is censored."), "{found}");
    // The only censored row has no covariate: it is in the file, so the value is the right one.
    let found = json("t,e,x\n1,1,3\n2,0,\n3,1,1\n4,2,5\n", "finegray --time t --event e --covariates x");
    assert!(notes(&found).contains(&"Nobody is censored: no row in use has e = 0."), "{found}");
}

#[test]
fn an_event_code_that_no_row_has_is_refused_with_those_there_are() {
    let text = "t,status,x\n5,1,1\n6,2,3\n7,1,2\n";
    for method in ["km", "cox --covariates x", "pyears"] {
        refused(
            text,
            &format!("{method} --time t --event status --event-code 7"),
            "STUDY/d.csv: no row has \"7\" in column \"status\"; it holds 1, 2",
        );
    }
    refused(text, "logistic --y status --x x --event-code -1", "STUDY/d.csv: no row has \"-1\" in column \"status\"; it holds 1, 2");
    // A value whose rows are all left out is there; then nobody in use has the event.
    let found = json("t,status,g\n5,1,a\n6,2,\n7,1,a\n", "km --time t --event status --event-code 2 --by g");
    assert_eq!(found["glance"][0]["nevent"], 0);
}

#[test]
fn curves_are_printed_where_grays_test_is_not() {
    // The only row of B is gone before the first event.
    let text = "t,e,g,w\n1,1,A,1\n2,0,A,2\n3,1,A,1\n0.5,0,B,1\n";
    let found = json(text, "cuminc --time t --event e --by g --times 1");
    // One of three has had the event; B is followed to 0.5 only, so there is no difference at 1.
    assert_eq!(found["tidy"][0]["estimate"], 1.0 / 3.0);
    assert_eq!(found["gray"][0], serde_json::json!({"outcome": "1", "statistic": null, "df": null, "p.value": null}));
    assert_eq!(found["difference"][0]["estimate"], Value::Null);
    let reasons = notes(&found);
    assert!(
        reasons.contains(&"Missing for 1: Gray's test cannot be computed: only one group has anybody at risk when the event happens."),
        "{reasons:?}"
    );
    assert!(
        reasons.contains(&"No contrast at 1: the horizon of 1 lies beyond the last follow-up at 0.5, where the curve is unknown."),
        "{reasons:?}"
    );
    let found = json(text, "cuminc --time t --event e --by g --weights w");
    // With weights 1, 2, 1: 1/4 at 1.
    assert_eq!(found["tidy"][0]["estimate"], 0.25);
    assert_eq!(found["gray"][0]["p.value"], Value::Null);
    assert!(notes(&found).contains(&"Missing for 1: Gray's test has no form for entry times or weights."), "{found}");
}

#[test]
fn a_contrast_that_does_not_exist_leaves_the_rest_there() {
    // No event before 2 in either group: both means are exactly 2.
    let text = "t,e,g\n1,0,A\n2,0,A\n3,1,A\n4,1,A\n1,0,B\n3,1,B\n5,1,B\n";
    let reason = "the difference of restricted means cannot be computed: neither group's mean has a standard error";
    let found = json(text, "km --time t --event e --by g --horizon 2 --times 1");
    assert_eq!((&found["glance"][0]["rmst"], &found["glance"][1]["rmst"]), (&Value::from(2.0), &Value::from(2.0)));
    for block in ["rmst_difference", "rmst_ratio", "survival_difference"] {
        assert_eq!((found[block].as_array().unwrap().len(), &found[block][0]["p.value"]), (1, &Value::Null), "{block}");
    }
    assert!(notes(&found).iter().any(|note| note.contains(reason)), "{found}");
    let found = json(text, "rmst --time t --event e --by g --horizon 2");
    assert_eq!((&found["tidy"][1]["estimate"], &found["contrasts"][1]["estimate"]), (&Value::from(2.0), &Value::Null));
    assert!(notes(&found).iter().any(|note| note.contains(reason)), "{found}");
    // All events at one time: a hazard ratio, but nothing that could change over time.
    let text = "t,e,x\n1,1,3\n1,1,5\n1,1,4\n2,0,1\n3,0,6\n";
    let reason = "there are too few different event times to see whether hazard ratios change over time";
    let found = json(text, "cox --time t --event e --covariates x --zph");
    assert!(found["tidy"][0]["estimate"].is_number());
    assert_eq!(found["zph"][1], serde_json::json!({"term": "GLOBAL", "statistic": null, "df": null, "p.value": null}));
    assert!(notes(&found).contains(&format!("No test of proportional hazards: {reason}.").as_str()), "{found}");
    refused(text, "zph --time t --event e --covariates x", reason);
}

#[test]
fn negative_numbers_reach_their_methods_and_no_number_at_all_does_not() {
    let text = "t,e,k,g\n1,1,1,a\n2,0,0,b\n3,1,2,a\n4,1,1,b\n";
    // Before the first time everybody is event-free, at risk: four of four.
    let found = json(text, "km --time t --event e --times -5,2");
    assert_eq!((found["tidy"][0]["time"].as_f64(), &found["tidy"][0]["n.risk"]), (Some(-5.0), &Value::from(4)));
    assert_eq!(found["tidy"][0]["estimate"], 1.0);
    assert_eq!(json(text, "cuminc --time t --event k --by g --rho -1")["gray"].as_array().unwrap().len(), 2);
    for (options, sentence) in [
        ("logrank --time t --event e --by g --rho -1", "rho is -1, but it must be 0 or more"),
        ("rmst --time t --event e --horizon -5", "the horizon is -5, but it must be above 0"),
        ("km --time t --event e --quantiles -0.5,0.5", "--quantiles -0.5: expected shares between 0 and 1"),
    ] {
        refused(text, options, sentence);
    }
    let run = staywell(&["stats", "power", "--hazard-ratio", "0.6", "--power", "-1"]);
    assert_eq!(run.stderr, "error: the power is -1, but it must be between 0 and 1\n");
    for options in
        ["km --times 1,nan", "rmst --horizon inf", "pseudo --times NaN", "cuminc --times -inf", "bootstrap --statistic mean --horizon nan"]
    {
        let run = on(text, &format!("{options} --time t --event e"));
        assert!(run.code == 2 && run.stderr.contains("a number is expected, such as 30 or 0.5"), "{options}: {}", run.stderr);
    }
}

#[test]
fn an_impossible_row_is_named_by_its_line_in_the_file() {
    // Lines 3 and 4 are not rows in use: the one is empty, the other without a time.
    let text = "s,t,e,id,x\n0,1,1,1,3\n\n0,NA,1,1,5\n3,2,1,1,4\n0,2,0,2,1\n1,3,0,2,6\n";
    let late = "STUDY/d.csv, line 5: the row enters at 3, not before its time 2; it is never at risk";
    for method in ["km", "cox --covariates x", "cuminc", "mcf --id id --by id", "recurrent --id id --covariates x"] {
        refused(text, &format!("{method} --entry s --time t --event e"), late);
    }
    refused(text, "turnbull --left s --right t --by id", "STUDY/d.csv, line 5: the row ends at 2, before its start 3");
    let negative = text.replace("3,2,1,1,4", "0,-2,1,1,4");
    for method in ["km", "finegray --covariates x", "bootstrap --statistic rmst-difference --by id --horizon 1"] {
        refused(
            &negative,
            &format!("{method} --time t --event e"),
            "STUDY/d.csv, line 5: the time is -2; times to event cannot be negative",
        );
    }
    // x is 1 in the last row alone, which therefore fits whatever its outcome.
    refused(
        "y,x\n1,0\n,0\n2,0\n4,0\n7,1\n",
        "ols --y y --x x --errors hc3",
        "STUDY/d.csv, line 6: the row alone decides a coefficient (leverage 1), so the HC2 and HC3 errors are not defined",
    );
}

fn reference(file: &str, options: &str) -> Value {
    let data = format!("{HERE}/data/{file}");
    let mut all = vec!["stats"];
    all.extend(options.split(' '));
    all.extend(["--data", &data, "--format", "json"]);
    let run = staywell(&all);
    assert_eq!(run.code, 0, "{options}: {}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn products_of_covariates_are_rs_in_every_model() {
    let close = |rows: &Value, key: &str, expected: &[f64]| {
        for (row, expected) in expected.iter().enumerate() {
            let found = rows[row][key].as_f64().unwrap();
            assert!((found / expected - 1.0).abs() < 1e-8, "{key} of row {row}: {found} is not {expected}");
        }
    };
    // R: crr(etime, estat, cbind(age, hgb, age * hgb), failcode = 1, gtol = 1e-12) on mgus2.
    let found = reference("mgus2.csv", "finegray --time etime --event estat --covariates age,hgb,age:hgb");
    assert_eq!(found["tidy"][2]["term"], "age:hgb");
    close(&found["tidy"], "estimate", &[-0.031_346_027_040_622_41, -0.094_762_721_367_316_03, 0.001_059_013_954_820_475]);
    close(&found["tidy"], "std.error", &[0.043_513_926_929_503_66, 0.208_351_745_187_133_54, 0.003_224_536_346_664_471]);
    // R: coxph(Surv(start, stop, event) ~ rx + size + rx:size + cluster(id), bladder2), eps 1e-12.
    let found = reference("bladder2.csv", "recurrent --entry start --time stop --event event --id id --covariates rx,size,rx:size");
    close(&found["tidy"], "estimate", &[0.039_453_435_782_378, 0.213_803_173_596_478_9, -0.248_545_377_775_487_6]);
    close(&found["tidy"], "std.error", &[0.453_848_848_477_919_5, 0.263_018_008_746_325_6, 0.230_107_117_363_814_8]);
    // R: glm(sex == 2 ~ age * ph.ecog, binomial, lung), epsilon 1e-14.
    let found = reference("lung.csv", "iptw --exposure sex --event-code 2 --covariates age,ph.ecog,age:ph.ecog");
    close(&found["model"], "estimate", &[3.787_360_745_329_19, -0.067_764_286_932_641_46, -2.765_210_066_914_555, 0.043_585_071_453_816_2]);
}

#[test]
fn the_note_names_survdiff_only_where_it_has_the_weights() {
    let text = "t,e,g\n1,1,a\n2,1,b\n3,1,a\n4,0,b\n";
    let note = |options: &str| json(text, &format!("logrank --time t --event e --by g {options}"))["notes"][1].as_str().unwrap().to_owned();
    assert!(note("--rho 1").ends_with("hypergeometric variance, as R's survdiff; p two-sided."));
    assert!(note("--gamma 1").ends_with("hypergeometric variance; p two-sided."));
}
