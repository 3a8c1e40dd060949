//! R's survival formulas, taken apart.

use staywell::stats::survival::{Covariates, TimeToEvent};

use super::Analysis;
use super::data::Data;

/// `Surv(start, stop, event == 2) ~ sex + factor(age) + a:b + strata(s), weights = w, cluster = id` in parts.
pub(super) struct Model {
    entry: Option<String>,
    time: String,
    /// `Surv(stop - start, event)`: gap times.
    gap_from: Option<String>,
    event: String,
    event_code: f64,
    /// Terms without strata; `a:b` and `factor(a)` as they stand.
    pub(super) terms: Vec<String>,
    pub(super) strata: Option<String>,
    pub(super) weights: Option<String>,
    pub(super) cluster: Option<String>,
}

fn argument(call: &str, name: &str) -> Option<String> {
    let rest = call.split(&format!("{name} = ")).nth(1)?;
    Some(rest.split([',', ')']).next().unwrap().to_owned())
}

impl Model {
    pub(super) fn of(analysis: &Analysis<'_>) -> Self {
        let call = analysis.call;
        let (surv, rest) = call.split("Surv(").nth(1).and_then(|rest| rest.split_once(") ~ ")).unwrap();
        let parts: Vec<&str> = surv.split(", ").collect();
        let (entry, time, event) = match parts[..] {
            [time, event] => (None, time, event),
            [entry, time, event] => (Some(entry.to_owned()), time, event),
            _ => panic!("{call}"),
        };
        let (time, gap_from) = time.split_once(" - ").map_or((time, None), |(stop, start)| (stop, Some(start.to_owned())));
        let (event, event_code) = event.split_once(" == ").map_or((event, 1.0), |(name, code)| (name, code.parse().unwrap()));
        let formula = rest.split(", ").next().unwrap();
        let formula = if formula.matches('(').count() < formula.matches(')').count() { &formula[..formula.len() - 1] } else { formula };
        // (a + b) * c is a + b + c + a:c + b:c.
        let expanded = match formula.strip_prefix('(').and_then(|rest| rest.split_once(") * ")) {
            None => formula.to_owned(),
            Some((inside, by)) => {
                let each: Vec<String> = inside.split(" + ").map(|term| format!("{term}:{by}")).collect();
                format!("{inside} + {by} + {}", each.join(" + "))
            }
        };
        let (strata, terms): (Vec<&str>, Vec<&str>) = expanded.split(" + ").partition(|term| term.starts_with("strata("));
        Self {
            entry,
            time: time.to_owned(),
            gap_from,
            event: event.to_owned(),
            event_code,
            terms: terms.into_iter().filter(|term| *term != "1").map(str::to_owned).collect(),
            strata: strata.first().map(|term| term.trim_start_matches("strata(").trim_end_matches(')').to_owned()),
            weights: argument(call, "weights"),
            cluster: argument(call, "cluster"),
        }
    }

    /// Whether a row has all the times.
    pub(super) fn complete(&self, data: &Data, row: usize) -> bool {
        [Some(&self.time), Some(&self.event), self.entry.as_ref(), self.weights.as_ref()]
            .into_iter()
            .flatten()
            .all(|name| data.numbers(name)[row].is_some())
    }

    pub(super) fn sample(&self, data: &Data, rows: &[usize]) -> TimeToEvent {
        let column = |name: &str| -> Vec<f64> {
            let all = data.numbers(name);
            rows.iter().map(|&row| all[row].unwrap()).collect()
        };
        let mut time = column(&self.time);
        if let Some(start) = &self.gap_from {
            time.iter_mut().zip(column(start)).for_each(|(time, start)| *time -= start);
        }
        let event = column(&self.event).into_iter().map(|value| (value - self.event_code).abs() < 1e-9).collect();
        let mut sample = TimeToEvent::new(time, event).unwrap();
        if let Some(entry) = &self.entry {
            sample = sample.with_entry(column(entry)).unwrap();
        }
        match &self.weights {
            Some(weights) => sample.with_weights(column(weights)).unwrap(),
            None => sample,
        }
    }

    /// Columns of the terms by R's treatment contrasts, missing where a part is.
    pub(super) fn columns(&self, data: &Data) -> (Vec<String>, Vec<Vec<Option<f64>>>) {
        let (mut names, mut columns) = (Vec::new(), Vec::new());
        for term in &self.terms {
            for (name, column) in term_columns(data, term) {
                names.push(name);
                columns.push(column);
            }
        }
        (names, columns)
    }

    /// Rows with everything, and their covariates.
    pub(super) fn design(&self, data: &Data) -> (Vec<usize>, Covariates) {
        let (names, columns) = self.columns(data);
        let coded: Vec<Vec<Option<usize>>> = [&self.strata, &self.cluster].into_iter().flatten().map(|name| data.levels(name).1).collect();
        let rows: Vec<usize> = (0..data.n_rows())
            .filter(|&row| {
                columns.iter().all(|column| column[row].is_some())
                    && coded.iter().all(|codes| codes[row].is_some())
                    && self.complete(data, row)
            })
            .collect();
        let picked = columns.iter().map(|column| rows.iter().map(|&row| column[row].unwrap()).collect()).collect();
        (rows, Covariates::new(names, picked).unwrap())
    }
}

pub(super) fn term_columns(data: &Data, term: &str) -> Vec<(String, Vec<Option<f64>>)> {
    if let Some((left, right)) = term.split_once(':') {
        let mut result = Vec::new();
        for (right_name, right) in term_columns(data, right) {
            for (left_name, left) in term_columns(data, left) {
                let product = left.iter().zip(&right).map(|(a, b)| Some((*a)? * (*b)?)).collect();
                result.push((format!("{left_name}:{right_name}"), product));
            }
        }
        return result;
    }
    let factor = term.strip_prefix("factor(").map(|rest| rest.trim_end_matches(')'));
    let name = factor.unwrap_or(term);
    // R read some 0/1 columns as factors; a single indicator column is the same model.
    if factor.is_none() && data.is_number(name) {
        return vec![(name.to_owned(), data.numbers(name))];
    }
    let (levels, codes) = data.levels(name);
    let indicator = |code: usize| codes.iter().map(|found| found.map(|found| f64::from(found == code))).collect();
    levels.iter().enumerate().skip(1).map(|(code, level)| (format!("{term}{level}"), indicator(code))).collect()
}
