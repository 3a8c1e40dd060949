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

/// A study of 40 rows with everything a method may ask for.
fn everything() -> StudyFolder {
    let mut text = String::from("id,start,time,event,cause,x,g,word,y,z,w,left,right,p\n");
    for row in 0..40_u32 {
        let (time, event) = (2 + (row * 7) % 29, row % 3);
        let right = if row % 5 == 0 { String::new() } else { (time + 3).to_string() };
        text.push_str(&format!(
            "{},{},{time},{},{},{},{},{},{},{},{},{time},{right},{}\n",
            row / 4,
            row % 2,
            u32::from(event > 0),
            event,
            (row * 13) % 17,
            row % 2,
            ["a", "b", "c"][row as usize / 2 % 3],
            (row * 11) % 10,
            (row * 5) % 9 + row / 10,
            1.0 + f64::from(row % 3) / 2.0,
            f64::from(row + 1) / 50.0,
        ));
    }
    StudyFolder::new().file("d.csv", &text)
}

/// Every method with options that use most of it.
const METHODS: [&str; 37] = [
    "km --time time --event event --by g --times 5,10 --horizon 10 --entry start --weights w --ci logit",
    "km --time time --event event --estimator fleming-harrington --cluster id --reverse",
    "rmst --time time --event event --by g --horizon 12",
    "logrank --time time --event event --by word --strata g --rho 1 --trend",
    "cox --time time --event event --covariates x,word --ref word=b --strata g --cluster id --baseline --residuals --zph --at x=3",
    "cox --time time --event event --entry start --covariates x,g,x:g --weights w --ties breslow",
    "cox --time time --event event --covariates x --firth",
    "zph --time time --event event --covariates x,g --transform rank",
    "pyears --time time --event event --by g --scale 7",
    "turnbull --left left --right right --by g --times 5",
    "pseudo --time time --event event --times 5,10 --of rmst",
    "cuminc --time time --event cause --by g --times 5,10 --variance delta",
    "finegray --time time --event cause --cause 2 --covariates x,g --method weighted-robust",
    "mcf --entry start --time time --event event --id y --times 5",
    "lmm --y y --x z --id id --random slope --blups",
    "lmm --y y --id id --method ml",
    "gee --y y --x z,g --id id --corr ar1",
    "gee --y event --x x --id id --family binomial",
    "ols --y y --x z,word --errors hc3",
    "ols --y y --x z --cluster id",
    "logistic --y event --x x,g",
    "poisson --y y --x x --errors hc0",
    "trend --y y --x time --id id",
    "lowess --y y --x time --span 0.5",
    "summary --y y --by word --quantiles 0.1,0.9 --type 6",
    "ttest --y y --by g",
    "ttest --y y --second z",
    "ranktest --y y --by g",
    "ranktest --y y --by word",
    "ranktest --y y --second z",
    "tost --y y --by g --lower=-3 --upper 3",
    "crosstab --rows g --columns event",
    "proportion --event event --by g",
    "correlation --x x --y y",
    "bland-altman --first y --second z",
    "icc --raters y,z",
    "iptw --exposure g --covariates x,z --y y --truncate 0.01,0.99 --weights-too",
];

/// NaN or infinity where a number should be.
fn holds_no_number(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| ["NaN", "nan", "inf", "infinity", "Infinity"].contains(&word))
}

#[test]
fn every_method_runs_in_every_form_and_names_a_missing_column() {
    let folder = everything();
    let more = [
        "adjust --p p",
        "bootstrap --statistic mean-difference --y y --by g --replicates 200",
        "bootstrap --statistic rmst-ratio --time time --event event --by g --horizon 9 --cluster w --replicates 200",
        "recurrent --entry time --time right --event event --id x --covariates g",
    ];
    for method in METHODS.iter().chain(&more) {
        let words: Vec<&str> = method.split(' ').collect();
        let run = |format: &str| {
            let mut all = vec!["stats", words[0], "--data", "STUDY/d.csv", "--format", format];
            all.extend(&words[1..]);
            folder.run(&all)
        };
        // Rows of one patient that overlap are refused in a sentence; everything else works.
        let json = run("json");
        if words[0] == "recurrent" || words[0] == "mcf" {
            assert!(json.code == 0 || json.stderr.contains("overlap"), "{method}: {}", json.stderr);
            continue;
        }
        assert_eq!(json.code, 0, "{method}: {}", json.stderr);
        let value: Value = serde_json::from_str(&json.stdout).unwrap();
        assert!(value["tidy"].as_array().is_some_and(|rows| !rows.is_empty()), "{method}: {}", json.stdout);
        let (table, csv) = (run("table"), run("csv"));
        for text in [&json.stdout, &table.stdout, &csv.stdout] {
            assert!(!holds_no_number(text), "{method}: {text}");
        }
        assert_eq!((table.code, csv.code), (0, 0), "{method}");
        assert!(csv.stdout.lines().count() > 1 && csv.stdout.lines().all(|line| line.contains(',')), "{method}: {}", csv.stdout);
        // The first column named on the command line, misspelled.
        let column = words.iter().position(|word| word.starts_with("--")).unwrap() + 1;
        let mut wrong = vec!["stats", words[0], "--data", "STUDY/d.csv"];
        wrong.extend(&words[1..]);
        let place = wrong.iter().position(|word| *word == words[column]).unwrap();
        if !["mean-difference", "rmst-ratio"].contains(&words[column]) {
            wrong[place] = "nowhere";
            let refused = folder.run(&wrong);
            assert!(refused.code == 2 && refused.stderr.contains("no column \"nowhere\""), "{method}: {}", refused.stderr);
        }
    }
}

/// Columns that ask for trouble: one value, an event that is separated, numbers near 1e9, times of 0, words among numbers.
#[test]
fn hostile_columns_end_in_a_sentence_and_never_in_nan_or_a_panic() {
    let header = "id,start,time,event,cause,x,g,word,y,z,w,left,right,p\n";
    let body = |row: &dyn Fn(u32) -> String, n: u32| (0..n).fold(header.to_owned(), |text, i| text + &row(i) + "\n");
    let studies = [
        body(&|_| "1,0,5,1,1,2,0,a,3,4,1,5,8,0.5".to_owned(), 1),
        body(&|_| "1,0,5,0,0,2,0,a,3,4,1,5,8,0.5".to_owned(), 12),
        body(&|i| format!("1,0,5,1,{},7,{},a,3,3,1,5,8,0.5", 1 + i % 2, i % 2), 12),
        body(
            &|i| {
                format!(
                    "{i},0,{},{},{},{},{},{},{},{},1,{},{},0.5",
                    i + 1,
                    u32::from(i < 6),
                    u32::from(i < 6),
                    u32::from(i < 6),
                    u32::from(i < 6),
                    ["a", "b"][usize::from(i < 6)],
                    i,
                    i,
                    i,
                    i + 1
                )
            },
            12,
        ),
        body(
            &|i| {
                format!(
                    "{},0,{},{},{},{},{},b,{},{},1,{},{},0.5",
                    i / 3,
                    i + 1,
                    i % 2,
                    i % 3,
                    1_000_000_000_u64 + u64::from(i),
                    i % 2,
                    1_000_000_000_u64 + u64::from(i * i % 7),
                    i,
                    i,
                    i + 1
                )
            },
            12,
        ),
        body(&|i| format!("{i},0,0,{},{},{},{},c,{},{},1,0,{},0.5", i % 2, i % 2, i, i % 2, i % 4, i % 3, i), 12),
        body(
            &|i| {
                if i == 5 {
                    "1,0,NaN,1,1,inf,0,a,nan,-inf,1,5,8,0.5".to_owned()
                } else {
                    format!("{i},0,{},1,1,{i},0,a,{i},3,1,5,8,0.5", i + 1)
                }
            },
            12,
        ),
    ];
    for (number, text) in studies.iter().enumerate() {
        let folder = StudyFolder::new().file("d.csv", text);
        for method in METHODS {
            let words: Vec<&str> = method.split(' ').collect();
            let mut all = vec!["stats", words[0], "--data", "STUDY/d.csv", "--format", "json"];
            all.extend(&words[1..]);
            let run = folder.run(&all);
            let place = format!("study {number}, {method}: {}{}", run.stdout, run.stderr);
            assert!(run.code == 0 || run.code == 2, "{place}");
            assert!(!run.stderr.contains("panicked"), "{place}");
            assert!(run.code == 2 || !holds_no_number(&run.stdout), "{place}");
            assert!(run.code == 0 || run.stderr.starts_with("error: "), "{place}");
        }
    }
}

#[test]
fn a_reference_level_a_block_and_a_mistyped_number_are_handled() {
    let folder = everything();
    let cox = |extra: &[&str]| {
        let mut all = vec!["stats", "cox", "--data", "STUDY/d.csv", "--time", "time", "--event", "event", "--format", "csv"];
        all.extend(extra);
        folder.run(&all)
    };
    let terms = |text: &str| text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(terms(&cox(&["--covariates", "word"]).stdout), ["word=b", "word=c"]);
    assert_eq!(terms(&cox(&["--covariates", "word", "--ref", "word=c"]).stdout), ["word=a", "word=b"]);
    assert_eq!(terms(&cox(&["--covariates", "x,word,x:word"]).stdout), ["x", "word=b", "word=c", "x:word=b", "x:word=c"]);
    assert!(cox(&["--covariates", "x", "--block", "tests"]).stdout.starts_with("test,statistic,df,p.value\nlikelihood ratio,"));
    assert_eq!(
        cox(&["--covariates", "x", "--block", "tide"]).stderr,
        "error: --block tide: this result has the blocks tidy, glance, tests\n"
    );
    assert_eq!(cox(&["--covariates", "word", "--ref", "word=d"]).stderr, "error: --ref word=d: the levels of \"word\" are a, b, c\n");
    let mistyped = StudyFolder::new().file("d.csv", "time,event,x\n1,1,3\n2,1,4\n3,0,5o\n");
    let run = mistyped.run(&["stats", "cox", "--data", "STUDY/d.csv", "--time", "time", "--event", "event", "--covariates", "x"]);
    assert!(run.code == 2 && run.stderr.contains("line 4") && run.stderr.contains("--factor x"), "{}", run.stderr);
}

fn printed(folder: &StudyFolder, args: &[&str]) -> Value {
    let run = folder.run(&[&["stats"], args, &["--format", "json"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn ratings_have_a_column_per_rater() {
    // Shrout & Fleiss (1979), table 2 and 4: six targets, four judges.
    let folder = StudyFolder::new().file("d.csv", "j1,j2,j3,j4\n9,2,5,8\n6,1,3,2\n8,4,6,8\n7,1,2,6\n10,5,6,9\n6,2,4,7\n");
    let found = printed(&folder, &["icc", "--data", "STUDY/d.csv", "--raters", "j1,j2,j3,j4"]);
    assert_eq!((found["glance"][0]["n"].as_u64(), found["glance"][0]["raters"].as_u64()), (Some(6), Some(4)));
    for (row, published) in [0.17, 0.29, 0.71, 0.44, 0.62, 0.91].into_iter().enumerate() {
        let estimate = found["tidy"][row]["estimate"].as_f64().unwrap();
        assert!((estimate - published).abs() < 0.006, "{estimate} is not {published}");
    }
}

#[test]
fn one_and_one_point_zero_are_one_group_and_one_patient_and_seven_and_double_oh_seven_are_two() {
    let folder = StudyFolder::new()
        .file("d.csv", "g,x,y\n1,1,2\n1.0,2,3\n2,3,5\n2,4,4\n01,5,9\n")
        .file("long.csv", "g,y\n90071992547409921,1\n90071992547409920,2\n90071992547409921,3\n");
    let groups = |file: &str| {
        let found = printed(&folder, &["summary", "--data", file, "--y", "y", "--by", "g"]);
        let names = found["tidy"].as_array().unwrap().iter().map(|row| row["strata"].as_str().unwrap().to_owned());
        names.collect::<Vec<String>>()
    };
    assert_eq!(groups("STUDY/d.csv"), ["g=01", "g=1", "g=2"]);
    assert_eq!(groups("STUDY/long.csv").len(), 2);
    let gee = printed(&folder, &["gee", "--data", "STUDY/d.csv", "--y", "y", "--x", "x", "--id", "g", "--corr", "independence"]);
    assert_eq!(gee["glance"][0]["n.clusters"].as_u64(), Some(3));
}

#[test]
fn a_product_is_predicted_from_its_parts_and_nobody_has_two_levels() {
    let folder = everything();
    let at = |values: &str| {
        let args = ["cox", "--data", "STUDY/d.csv", "--time", "time", "--event", "event", "--covariates", "x,z,x:z", "--at", values];
        printed(&folder, &args)["prediction"].clone()
    };
    assert_eq!(at("x=1,z=2"), at("x=1,z=2,x:z=2"));
    assert_ne!(at("x=1,z=2"), at("x=1,z=2,x:z=0"));
    let twice = ["stats", "cox", "--data", "STUDY/d.csv", "--time", "time", "--event", "event", "--covariates", "x", "--at", "x=1,x=2"];
    let run = folder.run(&twice);
    assert!(run.code == 2 && run.stderr.contains("--at x=2"), "{}", run.stderr);
}

#[test]
fn a_level_in_percent_is_refused_by_every_method() {
    let folder = everything();
    let run = folder.run(&["stats", "summary", "--data", "STUDY/d.csv", "--y", "y", "--level", "95"]);
    assert!(run.code == 2 && run.stderr.contains("such as 0.95"), "{}", run.stderr);
}

#[test]
fn a_result_never_takes_the_place_of_what_was_read_nor_of_an_older_one_if_the_work_fails() {
    let folder = everything().file("old.csv", "precious\n");
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name));
    let data = text("d.csv").unwrap();
    let over = folder.run(&["stats", "summary", "--data", "STUDY/d.csv", "--y", "y", "--out", "STUDY/d.csv"]);
    assert!(over.code == 2 && over.stderr.contains("is read by this command"), "{}", over.stderr);
    assert_eq!(text("d.csv").unwrap(), data);
    for failing in [["--y", "nobody"], ["--block", "nobody"]] {
        let run =
            folder.run(&[&["stats", "summary", "--data", "STUDY/d.csv", "--y", "y", "--out", "STUDY/old.csv"][..7], &failing].concat());
        assert_eq!(run.code, 2);
        assert_eq!(text("old.csv").unwrap(), "precious\n");
    }
    let failing = folder.run(&["stats", "summary", "--data", "STUDY/d.csv", "--y", "nobody", "--out", "STUDY/new.csv"]);
    assert!(failing.code == 2 && text("new.csv").is_err());
    assert_eq!(folder.run(&["stats", "summary", "--data", "STUDY/d.csv", "--y", "y", "--out", "STUDY/old.csv", "--format", "csv"]).code, 0);
    assert!(text("old.csv").unwrap().starts_with("strata,"));
}

#[test]
fn rows_left_out_are_counted_on_standard_error_where_the_result_is_csv() {
    let folder = StudyFolder::new().file("d.csv", "y\n1\nNA\n3\n");
    let args = ["stats", "summary", "--data", "STUDY/d.csv", "--y", "y", "--format", "csv"];
    let run = folder.run(&args);
    assert!(run.stderr.starts_with("2 rows used; 1 dropped") && run.stdout.starts_with("strata,"), "{}", run.stderr);
    assert_eq!(folder.run(&[&args[..], &["--quiet"]].concat()).stderr, "");
}

#[test]
fn a_decimal_comma_is_one_in_categories_and_codes_too() {
    let folder = StudyFolder::new().file("d.csv", "d;y;e\n10,0;1,5;1,0\n2,5;2,0;0,0\n10,0;3,1;1,0\n2,5;4,4;0,0\n10;2;1\n");
    let by = printed(&folder, &["summary", "--data", "STUDY/d.csv", "--y", "y", "--by", "d"]);
    let groups: Vec<&str> = by["tidy"].as_array().unwrap().iter().map(|row| row["strata"].as_str().unwrap()).collect();
    assert_eq!(groups, ["d=2,5", "d=10,0"]);
    let fit = printed(&folder, &["ols", "--data", "STUDY/d.csv", "--y", "y", "--x", "d", "--ref", "d=10"]);
    assert_eq!(fit["tidy"][1]["term"], "d=2,5");
    let share = printed(&folder, &["proportion", "--data", "STUDY/d.csv", "--event", "e"]);
    assert!((share["tidy"][0]["estimate"].as_f64().unwrap() - 0.6).abs() < 1e-12);
    let causes = printed(&folder, &["cuminc", "--data", "STUDY/d.csv", "--time", "y", "--event", "e"]);
    assert!(causes["tidy"].as_array().unwrap().iter().all(|row| row["outcome"] != "0,0"));
}

#[test]
fn a_level_is_the_one_of_that_text_and_else_the_only_one_like_it() {
    let text =
        "t,e,s,x\n1,1,male,1\n2,0,Male,2\n3,1,male,3\n4,1,Male,1\n5,1,male,2\n6,0,female,1\n7,1,female,4\n2,1,female,0\n3,1,Male,2\n";
    let folder = StudyFolder::new().file("d.csv", text);
    let cox = |reference: &str| {
        folder.run(&[
            "stats",
            "cox",
            "--data",
            "STUDY/d.csv",
            "--time",
            "t",
            "--event",
            "e",
            "--covariates",
            "s",
            "--ref",
            reference,
            "--format",
            "csv",
        ])
    };
    let male = cox("s=male").stdout;
    assert!(male.contains("s=Male,") && !male.contains("s=male,"), "{male}");
    assert!(cox("s=FEMALE").stdout.contains("s=male,"));
    let unclear = cox("s=MALE");
    assert!(unclear.code == 2 && unclear.stderr.contains("it may mean Male or male"), "{}", unclear.stderr);
}

#[test]
fn groups_of_many_columns_are_those_that_occur() {
    let mut text = String::from("a,b,y\n");
    for row in 0..20_000 {
        text.push_str(&format!("{row},{},{}\n", row * 7 % 20_000, row % 5));
    }
    let folder = StudyFolder::new().file("d.csv", &text);
    let found = printed(&folder, &["ranktest", "--data", "STUDY/d.csv", "--y", "y", "--by", "a"]);
    assert!(found["tidy"].as_array().is_some_and(|rows| !rows.is_empty()));
    let run = folder.run(&[
        "stats",
        "km",
        "--data",
        "STUDY/d.csv",
        "--time",
        "y",
        "--event",
        "y",
        "--event-code",
        "1",
        "--by",
        "a,b",
        "--times",
        "1",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let twice = folder.run(&["stats", "summary", "--data", "STUDY/d.csv", "--y", "y", "--by", "a,a"]);
    assert!(twice.code == 2 && twice.stderr.contains("named twice"), "{}", twice.stderr);
    let cells = folder.run(&["stats", "crosstab", "--data", "STUDY/d.csv", "--rows", "a", "--columns", "b"]);
    assert!(cells.code == 2 && cells.stderr.contains("\"a\" has 20000 levels"), "{}", cells.stderr);
}

#[test]
fn a_file_without_a_complete_row_and_a_name_with_a_comma_are_explained() {
    let folder = StudyFolder::new().file("d.csv", "\"height, cm\",y,z\n1,NA,2\n2,,3\n");
    let empty = folder.run(&["stats", "summary", "--data", "STUDY/d.csv", "--y", "y"]);
    assert!(empty.code == 2 && empty.stderr.contains("every one of the 2 rows lacks a value that is used: \"y\" in 2"), "{}", empty.stderr);
    let comma = folder.run(&["stats", "summary", "--data", "STUDY/d.csv", "--y", "z", "--by", "height, cm"]);
    assert!(comma.code == 2 && comma.stderr.contains("\"height, cm\""), "{}", comma.stderr);
}

#[cfg(unix)]
#[test]
fn a_file_is_known_by_what_it_is_and_not_by_its_name() {
    let log = "patient_id,date,pain\na,2024-01-01,3\n";
    let folder = StudyFolder::new()
        .file("d.csv", "g,y\n1,2\n2,3\n1,5\n2,4\n")
        .file("sessions.csv", "patient_id,date\na,2024-01-01\n")
        .file("pain_2020.csv", log)
        .file("study.toml", "[files.pain]\npath = \"pain_*.csv\"\n");
    let at = |name: &str| folder.path().join(name);
    std::fs::hard_link(at("d.csv"), at("same.csv")).unwrap();
    std::os::unix::fs::symlink("nowhere.csv", at("link.csv")).unwrap();
    let summary = |out: &str| folder.run(&["stats", "summary", "--data", "STUDY/d.csv", "--y", "y", "--by", "g", "--out", out]);
    assert!(summary("STUDY/same.csv").stderr.contains("is read by this command"));
    let over = folder.run(&["pain", "STUDY", "--format", "csv", "--out", "STUDY/pain_2020.csv"]);
    assert!(over.code == 2 && over.stderr.contains("is read by this command"), "{}", over.stderr);
    assert_eq!(std::fs::read_to_string(at("pain_2020.csv")).unwrap(), log);
    let failing = folder.run(&["stats", "summary", "--data", "STUDY/d.csv", "--y", "nobody", "--out", "STUDY/link.csv"]);
    assert!(failing.code == 2 && std::fs::symlink_metadata(at("link.csv")).is_ok(), "the link stays");
}
