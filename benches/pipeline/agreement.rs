//! Compares a study, analyzed under `study.toml` beside this file, with the summary that four other programs agree on.

#![allow(clippy::expect_used, reason = "a part that is missing is a disagreement, and ends the comparison by name")]

use serde_json::Value;
use staywell::cohort::Exposure;
use staywell::study::Study;

/// One number of the summary, ours beside theirs.
pub struct Line {
    pub name: String,
    pub expected: f64,
    pub found: f64,
}

impl Line {
    /// Counts must be equal; estimates agree to one part in a million.
    pub fn agrees(&self) -> bool {
        (self.found - self.expected).abs() <= 1e-6 * self.expected.abs().max(1e-3)
    }
}

struct Lines<'a> {
    expected: &'a Value,
    lines: Vec<Line>,
}

impl Lines<'_> {
    fn add(&mut self, path: &str, found: f64) {
        let expected = self.expected.pointer(path).and_then(Value::as_f64).unwrap_or(f64::NAN);
        self.lines.push(Line { name: path.trim_start_matches('/').replace('/', "."), expected, found });
    }
}

/// Every number of the expected summary.
pub fn compare(study: &Study, expected: &Value) -> Vec<Line> {
    let mut lines = Lines { expected, lines: Vec::new() };
    counts(study, &mut lines);

    let adherence = study.adherence.adherence.value().expect("adherence");
    lines.add("/adherence/mean", adherence.mean);
    lines.add("/adherence/median", adherence.median);

    for (index, week) in study.pain.by_week.iter().enumerate() {
        lines.add(&format!("/weekly/{index}/week"), f64::from(week.week - 1));
        lines.add(&format!("/weekly/{index}/n"), week.patients as f64);
        lines.add(&format!("/weekly/{index}/mean"), week.mean);
    }
    let slopes = study.pain.slopes.value().expect("slopes");
    lines.add("/slopes/n", slopes.patients as f64);
    lines.add("/slopes/ols_mean", slopes.least_squares.mean);
    lines.add("/slopes/ols_sd", slopes.least_squares.std_dev.expect("more than one patient"));
    lines.add("/slopes/ts_mean", slopes.theil_sen.mean);
    lines.add("/slopes/ts_median", slopes.theil_sen.median);

    let recurrence = &study.recurrence;
    lines.add("/recovery/n_recovered", recurrence.at_risk as f64);
    lines.add("/recovery/n_recurrence", recurrence.recurrences as f64);
    lines.add("/recovery/mean_days", recurrence.days_to_risk.value().expect("somebody recovers").mean);

    let comparison = recurrence.landmark.comparison.value().expect("a comparison at the landmark");
    lines.add("/landmark/n", comparison.n as f64);
    lines.add("/landmark/events", comparison.n_events as f64);
    lines.add("/landmark/n_maintainers", recurrence.landmark.counts.maintained as f64);
    for (key, exposure) in [("0", Exposure::NotMaintained), ("1", Exposure::Maintained)] {
        let group = comparison.group(exposure).expect("both groups");
        lines.add(&format!("/km/{key}/n"), group.curve.n as f64);
        lines.add(&format!("/km/{key}/events"), group.curve.n_events as f64);
        if let Some(median) = group.median.estimate {
            lines.add(&format!("/km/{key}/median"), median);
        }
        for (time, point) in comparison.times.iter().zip(&group.at) {
            let Some(point) = point else { continue };
            let at = format!("/km/{key}/at/{time:.0}");
            lines.add(&format!("{at}/s"), point.estimate);
            lines.add(&format!("{at}/lo"), point.lower.expect("a limit"));
            lines.add(&format!("{at}/hi"), point.upper.expect("a limit"));
            lines.add(&format!("{at}/n"), point.at_risk);
        }
    }
    let log_rank = comparison.log_rank.value().expect("a log-rank test");
    lines.add("/logrank/chi2", log_rank.statistic);
    lines.add("/logrank/p", log_rank.p_value);
    let cox = &comparison.adjusted.value().expect("a Cox model").fit;
    for (index, term) in cox.terms.iter().enumerate() {
        lines.add(&format!("/cox/coef/{index}"), term.coefficient);
        lines.add(&format!("/cox/se/{index}"), term.std_error);
        lines.add(&format!("/cox/p/{index}"), term.p_value);
    }
    lines.add("/cox/loglik", cox.log_likelihood);
    lines.lines
}

fn counts(study: &Study, lines: &mut Lines<'_>) {
    let reading = &study.logs.reading;
    let file = |name: &str| reading.files.iter().find(|file| file.file == name).expect("the file was read");
    let rejected = |name: &str, rules: &[&str]| {
        reading.rejected.iter().filter(|rejected| rejected.file == name && rules.contains(&rejected.rule)).count() as f64
    };
    let (pain, sessions) = (file("pain.csv"), file("sessions.csv"));
    let bad_date = ["invalid_date", "missing_date", "after_cut_off", "before_1900"];
    let bad_value = ["missing_value", "not_a_number", "pain_out_of_range"];
    lines.add("/counts/patients", study.logs.n_patients() as f64);
    lines.add("/counts/pain_rows", pain.read as f64);
    lines.add("/counts/session_rows", sessions.read as f64);
    lines.add("/counts/pain_unknown_patient", rejected("pain.csv", &["unknown_patient"]));
    lines.add("/counts/pain_bad_date", rejected("pain.csv", &bad_date));
    lines.add("/counts/pain_bad_value", rejected("pain.csv", &bad_value));
    lines.add("/counts/pain_before_program", rejected("pain.csv", &["before_program"]));
    lines.add("/counts/pain_duplicates", pain.merged as f64);
    lines.add("/counts/pain_valid", pain.used as f64);
    lines.add("/counts/session_unknown_patient", rejected("sessions.csv", &["unknown_patient"]));
    lines.add("/counts/session_bad_date", rejected("sessions.csv", &bad_date));
}
