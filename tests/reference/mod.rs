//! Against R: every analysis of `results/*.json` is asserted, or left out for a stated reason.

mod comparison;
mod competing;
mod cox;
mod data;
mod expected;
mod immortal_time;
mod mixed;
mod model;
mod recurrent;
mod regression;
mod series_slope;
mod smooth;
mod survival;
mod trend;

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use serde_json::Value;

use data::Data;

pub(crate) const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference");

/// One analysis with its data.
struct Analysis<'a> {
    id: String,
    method: &'a str,
    call: &'a str,
    result: &'a Value,
    data: &'a Data,
    /// The analyses of the same file, by id: some refer to others.
    others: &'a BTreeMap<String, (String, Value)>,
}

/// What a test made of an analysis.
enum Fate {
    Asserted,
    LeftOut(&'static str),
}

fn check(analysis: &Analysis<'_>) -> Fate {
    match analysis.method {
        "survfit_km" => survival::curve(analysis),
        "survfit_fleming_harrington" => survival::fleming_harrington(analysis),
        "survdiff" => survival::log_rank_test(analysis),
        "logrank_trend" => survival::log_rank_trend_test(analysis),
        "coxph" => cox::cox_model(analysis),
        "cox_zph" => cox::proportional_hazards(analysis),
        "pyears" => recurrent::person_years(analysis),
        "mean_cumulative_function" => recurrent::mean_cumulative_function(analysis),
        "cuminc_gray" => competing::cumulative_incidence_and_gray(analysis),
        "aalen_johansen" => competing::aalen_johansen(analysis),
        "finegray_coxph" => competing::fine_gray_weighted(analysis),
        "cmprsk_crr" => competing::fine_gray_crr(analysis),
        "pseudo_values" => competing::pseudo_values(analysis),
        "lmer" => mixed::linear_mixed_model(analysis),
        "nlme_lme" => mixed::nlme_model(analysis),
        "nlme_gls" => Fate::LeftOut("models of correlated errors without random effects stay out: estimating equations do this"),
        "lm" => regression::line(analysis),
        "glm" => regression::glm(analysis),
        "geeglm" => regression::geeglm(analysis),
        "theil_sen" => regression::pairwise_slopes(analysis),
        "htest" => comparison::hypothesis_test(analysis),
        "numbers" => comparison::numbers(analysis),
        unknown => panic!("{}: no rule for the method {unknown}", analysis.id),
    }
}

#[test]
fn every_analysis_agrees_with_r_or_is_left_out_for_a_reason() {
    let mut files: Vec<PathBuf> = fs::read_dir(format!("{HERE}/results")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut asserted: BTreeMap<String, usize> = BTreeMap::new();
    let mut failed: Vec<String> = Vec::new();
    let mut left_out: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in files {
        let whole: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let data = Data::read(whole["file"].as_str().unwrap());
        let others = whole["analyses"].as_array().unwrap().iter();
        let others: BTreeMap<String, (String, Value)> = others
            .map(|entry| (entry["id"].as_str().unwrap().to_owned(), (entry["call"].as_str().unwrap().to_owned(), entry["result"].clone())))
            .collect();
        for entry in whole["analyses"].as_array().unwrap() {
            let analysis = Analysis {
                id: format!("{} {}", whole["dataset"].as_str().unwrap(), entry["id"].as_str().unwrap()),
                method: entry["method"].as_str().unwrap(),
                call: entry["call"].as_str().unwrap(),
                result: &entry["result"],
                data: &data,
                others: &others,
            };
            // One that fails does not hide the others.
            let Ok(fate) = catch_unwind(AssertUnwindSafe(|| check(&analysis))) else {
                failed.push(analysis.id);
                continue;
            };
            match fate {
                Fate::Asserted => *asserted.entry(analysis.method.to_owned()).or_default() += 1,
                Fate::LeftOut(reason) => left_out.entry(reason).or_default().push(analysis.id),
            }
        }
    }
    assert!(failed.is_empty(), "not as in R: {}", failed.join(", "));
    let total: usize = asserted.values().sum();
    println!("asserted {total}: {asserted:?}");
    for (reason, ids) in &left_out {
        println!("left out {} ({reason}): {}", ids.len(), ids.join(", "));
    }
    for (method, least) in [
        ("survfit_km", 33),
        ("survfit_fleming_harrington", 6),
        ("survdiff", 22),
        ("logrank_trend", 1),
        ("coxph", 36),
        ("cox_zph", 36),
        ("pyears", 3),
        ("mean_cumulative_function", 2),
        ("cuminc_gray", 1),
        ("aalen_johansen", 1),
        ("finegray_coxph", 1),
        ("cmprsk_crr", 1),
        ("pseudo_values", 2),
        ("lmer", 5),
        ("nlme_lme", 1),
        ("lm", 1),
        ("glm", 1),
        ("geeglm", 9),
        ("theil_sen", 19),
        ("htest", 13),
        ("numbers", 24),
    ] {
        assert!(asserted.get(method).copied().unwrap_or(0) >= least, "only {:?} of {method} were asserted", asserted.get(method));
    }
}
