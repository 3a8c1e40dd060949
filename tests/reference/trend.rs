//! Kendall's S of the series whose pairwise slopes are compared.

use std::fs;

use serde_json::Value;
use staywell::stats::mann_kendall;

use super::HERE;
use super::data::Data;
use super::expected::same;

#[test]
fn kendalls_s_is_rs_for_every_series() {
    let whole: Value = serde_json::from_str(&fs::read_to_string(format!("{HERE}/results/sleepstudy.json")).unwrap()).unwrap();
    let data = Data::read(whole["file"].as_str().unwrap());
    let column = |name: &str| data.numbers(name).into_iter().map(Option::unwrap).collect::<Vec<f64>>();
    let (x, y) = (column("Days"), column("Reaction"));
    let mut asserted = 0;
    for analysis in whole["analyses"].as_array().unwrap().iter().filter(|analysis| analysis["method"] == "theil_sen") {
        // "… of Reaction[11:20] on Days[11:20] …": rows counted from 1.
        let call = analysis["call"].as_str().unwrap();
        let range = call.split_once('[').and_then(|(_, rest)| rest.split_once(']')).unwrap().0;
        let (from, to): (usize, usize) = range.split_once(':').map(|(a, b)| (a.parse().unwrap(), b.parse().unwrap())).unwrap();
        let found = mann_kendall(Some(&x[from - 1..to]), &y[from - 1..to]).unwrap();
        let id = analysis["id"].as_str().unwrap();
        same(&format!("{id}: S"), Some(found.score as f64), &analysis["result"]["mann_kendall_S"], 0.0);
        asserted += 1;
    }
    assert!(asserted >= 19, "only {asserted} series");
}
