//! Recurrent events and rates.

use staywell::stats::recurrent::{CountInterval, MeanCumulativeFunction, RecurrentRows, mean_cumulative_function as estimate};
use staywell::stats::survival::person_years as rates;

use super::expected::all_same;
use super::{Analysis, Fate};

const CLOSED_FORM: f64 = 1e-9;

/// Names in `Surv(…) ~ term`, with the code of the event.
fn formula(call: &str) -> (Vec<String>, f64, String) {
    let (inside, rest) = call.split("Surv(").nth(1).and_then(|rest| rest.split_once(") ~ ")).unwrap();
    let mut names: Vec<String> = inside.split(", ").map(str::to_owned).collect();
    let last = names.pop().unwrap();
    let (event, code) = last.split_once(" == ").map_or((last.as_str(), 1.0), |(name, code)| (name, code.parse().unwrap()));
    names.push(event.to_owned());
    (names, code, rest.split(", ").next().unwrap().to_owned())
}

fn columns(analysis: &Analysis<'_>, names: &[String]) -> Vec<Vec<f64>> {
    names.iter().map(|name| analysis.data.numbers(name).into_iter().map(Option::unwrap).collect()).collect()
}

pub(super) fn mean_cumulative_function(analysis: &Analysis<'_>) -> Fate {
    let (names, code, term) = formula(analysis.call);
    let columns = columns(analysis, &names);
    let (ids, groups) =
        (analysis.data.levels("id").1, if term == "1" { vec![Some(0); columns[0].len()] } else { analysis.data.levels(&term).1 });
    let curves: Vec<MeanCumulativeFunction> = (0..=groups.iter().flatten().max().copied().unwrap())
        .map(|group| {
            let rows: Vec<usize> = (0..groups.len()).filter(|&row| groups[row] == Some(group)).collect();
            let take = |column: usize| rows.iter().map(|&row| columns[column][row]).collect::<Vec<f64>>();
            let id = rows.iter().map(|&row| ids[row].unwrap()).collect();
            let event = take(2).into_iter().map(|event| (event - code).abs() < 1e-9).collect();
            estimate(&RecurrentRows::new(id, take(0), take(1), event).unwrap(), CountInterval::Log, 0.95).unwrap()
        })
        .collect();
    let result = analysis.result;
    let place = |field: &str| format!("{}: {field}", analysis.id);
    let column = |part: fn(&MeanCumulativeFunction, usize) -> f64| -> Vec<Option<f64>> {
        curves.iter().flat_map(|curve| (0..curve.time.len()).map(move |row| Some(part(curve, row)))).collect()
    };
    if result["strata_len"].is_array() {
        all_same(&place("strata_len"), curves.iter().map(|curve| Some(curve.time.len() as f64)), &result["strata_len"], CLOSED_FORM);
    }
    all_same(&place("time"), column(|curve, row| curve.time[row]), &result["time"], CLOSED_FORM);
    all_same(&place("n_risk"), column(|curve, row| curve.at_risk[row] as f64), &result["n_risk"], CLOSED_FORM);
    all_same(&place("n_event"), column(|curve, row| curve.events[row] as f64), &result["n_event"], CLOSED_FORM);
    all_same(&place("cumhaz"), column(|curve, row| curve.estimate[row]), &result["cumhaz"], CLOSED_FORM);
    all_same(&place("std_chaz_robust"), column(|curve, row| curve.std_error[row]), &result["std_chaz_robust"], CLOSED_FORM);
    Fate::Asserted
}

pub(super) fn person_years(analysis: &Analysis<'_>) -> Fate {
    let (names, code, term) = formula(analysis.call);
    let scale: f64 = analysis.call.split("scale = ").nth(1).unwrap().trim_end_matches(')').parse().unwrap();
    let columns = columns(analysis, &names);
    let (levels, codes) = analysis.data.levels(&term);
    let groups: Vec<usize> = codes.into_iter().map(Option::unwrap).collect();
    let event: Vec<bool> = columns.last().unwrap().iter().map(|event| (event - code).abs() < 1e-9).collect();
    let (entry, time) = match &columns[..] {
        [entry, time, _] => (Some(&entry[..]), &time[..]),
        [time, _] => (None, &time[..]),
        _ => panic!("{}: columns", analysis.id),
    };
    let found = rates(entry, time, &event, &groups, scale, 0.95).unwrap();
    let result = analysis.result;
    let place = |field: &str| format!("{}: {field}", analysis.id);
    assert_eq!(found.iter().map(|row| levels[row.group].clone()).collect::<Vec<_>>(), {
        let cells = result["cells"][&term].as_array().unwrap();
        cells.iter().map(|cell| cell.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    });
    all_same(&place("pyears"), found.iter().map(|row| Some(row.person_time)), &result["pyears"], CLOSED_FORM);
    all_same(&place("n"), found.iter().map(|row| Some(row.n as f64)), &result["n"], CLOSED_FORM);
    all_same(&place("event"), found.iter().map(|row| Some(row.n_events as f64)), &result["event"], CLOSED_FORM);
    all_same(&place("rate"), found.iter().map(|row| Some(row.rate)), &result["rate"], CLOSED_FORM);
    all_same(&place("lower"), found.iter().map(|row| Some(row.interval.lower)), &result["rate_exact_lower95"], CLOSED_FORM);
    all_same(&place("upper"), found.iter().map(|row| Some(row.interval.upper)), &result["rate_exact_upper95"], CLOSED_FORM);
    Fate::Asserted
}
