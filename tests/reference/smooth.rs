//! LOWESS against R's `lowess`: ties, an outlier, both spans, and a long series that R interpolates.

use std::fs;

use serde_json::Value;
use staywell::stats::lowess;

use super::HERE;
use super::expected::all_same;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[test]
fn smoothing_is_rs() {
    let expected: Value = serde_json::from_str(&fs::read_to_string(format!("{HERE}/lowess.json")).unwrap()).unwrap();
    let (x, y) = (numbers(&expected["x"]), numbers(&expected["y"]));
    for (name, span) in [("span_0.2", 0.2), ("span_2/3", 2.0 / 3.0)] {
        all_same(name, lowess(&x, &y, span, 3).unwrap().into_iter().map(Some), &expected[name], 1e-9);
    }
    let x: Vec<f64> = (1..=300).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|x| ((5.0 * (-x / 60.0).exp() + (x * 1.7).sin().abs()) * 1000.0).round() / 1000.0).collect();
    let smooth = lowess(&x, &y, 0.2, 3).unwrap();
    let found = numbers(&expected["long"]["at"]).into_iter().map(|at| Some(smooth[at as usize - 1]));
    all_same("long", found, &expected["long"]["smooth"], 1e-9);
}
