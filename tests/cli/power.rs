//! `staywell power`, `claims list` and `claims explain`.

use crate::harness::staywell;

fn run(args: &[&str]) -> (i32, String, String) {
    let run = staywell(args);
    (run.code, run.stdout, run.stderr)
}

#[test]
fn power_tells_recurrences_and_patients_for_the_rates_given() {
    // Schoenfeld: (1.959964 + 0.841621)² / (0.25 ln(HR)²) is 290.9 for 0.72 and 65.3 for 0.5; patients are these over 0.6.
    let (code, out, _) =
        run(&["power", "--recurrence", "0.6", "--maintained", "0.5", "--hazard-ratio", "0.72", "--hazard-ratio", "0.5", "--format", "csv"]);
    assert_eq!((code, out.as_str()), (0, "hazard_ratio,recurrences_needed,patients_needed\n0.72,291,485\n0.5,66,109\n"));
}

#[test]
fn power_of_a_study_takes_its_rates_and_says_what_it_could_have_found() {
    let (code, out, _) = run(&["power", "sample-data", "--format", "json"]);
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let found = &json["could_have_found"];
    let (n, recurrences) = (found["n"].as_f64().unwrap(), found["recurrences"].as_f64().unwrap());
    assert_eq!(json["assumed"]["recurrence"].as_f64().unwrap(), recurrences / n);
    // The hazard ratio it could just have found is the one it had 80 % power for: between the neighbors in the list.
    let minimum = found["minimum_detectable"].as_f64().unwrap();
    for pair in found["power"].as_array().unwrap() {
        let (ratio, power) = (pair[0].as_f64().unwrap(), pair[1].as_f64().unwrap());
        assert_eq!(ratio < minimum, power > 0.8, "{ratio} {power} {minimum}");
    }
}

#[test]
fn shares_that_are_given_are_not_called_those_of_the_study() {
    let (_, out, _) = run(&["power", "sample-data"]);
    assert!(out.contains("as in this study"), "{out}");
    let (code, out, _) = run(&["power", "sample-data", "--recurrence", "0.4"]);
    assert!(code == 0 && out.contains("40 %") && !out.contains("as in this study"), "{out}");
    // A study that cannot say anything of itself.
    let (code, out, _) =
        run(&["power", "sample-data/real", "--recurrence", "0.6", "--maintained", "0.5", "--hazard-ratio", "0.5", "--format", "csv"]);
    assert_eq!((code, out.as_str()), (0, "hazard_ratio,recurrences_needed,patients_needed\n0.5,66,109\n"));
}

#[test]
fn power_without_rates_or_with_impossible_ones_is_explained() {
    let (code, _, error) = run(&["power"]);
    assert!(code == 2 && error.contains("--recurrence") && error.contains("--maintained"), "{error}");
    for rates in [
        ["--recurrence", "1.5", "--maintained", "0.5"],
        ["--recurrence", "0.5", "--maintained", "0"],
        ["--recurrence", "nan", "--maintained", "0.5"],
    ] {
        let (code, out, error) = run(&[&["power"][..], &rates].concat());
        assert!(code == 2 && out.is_empty() && error.starts_with("error: "), "{rates:?}: {error}");
    }
    let (code, _, error) = run(&["power", "--recurrence", "0.5", "--maintained", "0.5", "--hazard-ratio", "1"]);
    assert!(code == 2 && error.contains("hazard ratio"), "{error}");
}

#[test]
fn claims_are_listed_and_explained_without_a_study() {
    let (code, list, _) = run(&["claims", "list"]);
    assert!(code == 0 && list.contains("maintenance-delays-recurrence\n") && list.contains("Patients who keep up"), "{list}");
    let (code, text, _) = run(&["claims", "explain", "maintenance-delays-recurrence"]);
    assert_eq!(code, 0);
    for part in ["Who says so", "What is compared", "What the verdict rests on", "What makes the obvious", "What has to be logged"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let (_, json, _) = run(&["claims", "list", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["id"], "maintenance-delays-recurrence");
    assert!(json[0]["trap"].as_str().unwrap().contains("immortal time"));
    let (_, csv, _) = run(&["claims", "explain", "maintenance-delays-recurrence", "--format", "csv"]);
    assert!(csv.starts_with("id,statement,source,exposure,outcome,estimand,trap,needs\n"), "{csv}");
    let (code, _, error) = run(&["claims", "explain", "maintenance-delays-recurence"]);
    assert!(code == 2 && error.contains("Did you mean \"maintenance-delays-recurrence\"?"), "{error}");
    let (code, _, error) = run(&["claims"]);
    assert!(code == 2 && error.contains("claims list"), "{error}");
}
