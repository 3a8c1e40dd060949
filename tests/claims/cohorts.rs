//! Small cohorts for claims about the program: eight weeks from day 8 to day 63, whose last seven days measure its end, so that what is
//! compared is counted from day 8 to day 56.

use std::fmt::Write;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use staywell::claims::ClaimResult;
use staywell::study::Study;

use crate::cohort::{day, study};

/// The logs of a cohort in the making.
pub(super) struct Clinic {
    patients: String,
    programs: String,
    sessions: String,
    pain: String,
    events: String,
    settings: String,
    n: usize,
}

/// First and last day of every program.
pub(super) const START: i32 = 8;
pub(super) const END: i32 = 63;

impl Clinic {
    /// No patient yet; `session_columns` come after id, date, phase and status, `pain_columns` after id, date and pain.
    pub fn new(session_columns: &str, pain_columns: &str) -> Self {
        Self {
            patients: "patient_id,age\n".to_owned(),
            programs: "patient_id,start,planned_end,completed_on,outcome,prescribed_per_week\n".to_owned(),
            sessions: format!("patient_id,date,phase,status{session_columns}\n"),
            pain: format!("patient_id,date,pain{pain_columns}\n"),
            events: "patient_id,date,event\n".to_owned(),
            settings: String::new(),
            n: 0,
        }
    }

    pub fn settings(mut self, settings: &str) -> Self {
        settings.clone_into(&mut self.settings);
        self
    }

    /// One more patient with a program that was completed.
    pub fn patient(&mut self, age: f64) -> String {
        self.with_outcome(age, &day(END).to_string(), "completed")
    }

    /// One more patient with a program that was left.
    pub fn drop_out(&mut self, age: f64) -> String {
        self.with_outcome(age, "", "dropped_out")
    }

    /// One more patient with a program that was completed, of an age not on record.
    pub fn of_unknown_age(&mut self) -> String {
        self.listed("", &day(END).to_string(), "completed")
    }

    fn with_outcome(&mut self, age: f64, completed: &str, outcome: &str) -> String {
        self.listed(&age.to_string(), completed, outcome)
    }

    fn listed(&mut self, age: &str, completed: &str, outcome: &str) -> String {
        let id = format!("P{:04}", self.n);
        self.n += 1;
        writeln!(self.patients, "{id},{age}").unwrap();
        writeln!(self.programs, "{id},{},{},{completed},{outcome},2", day(START), day(END)).unwrap();
        id
    }

    /// A session of a patient; `rest` are the further columns.
    pub fn session(&mut self, id: &str, on: i32, phase: &str, rest: &str) {
        writeln!(self.sessions, "{id},{},{phase},done{rest}", day(on)).unwrap();
    }

    pub fn pain(&mut self, id: &str, on: i32, score: f64, rest: &str) {
        writeln!(self.pain, "{id},{},{score}{rest}", day(on)).unwrap();
    }

    /// Pain of 6 on day 5, and this much on the last day.
    pub fn six_to(&mut self, id: &str, end: f64, rest: &str) {
        self.pain(id, 5, 6.0, rest);
        self.pain(id, END, end, rest);
    }

    /// The study as analyzed.
    pub fn study(&self) -> Study {
        let mut files = vec![
            ("patients.csv", self.patients.as_str()),
            ("programs.csv", &self.programs),
            ("sessions.csv", &self.sessions),
            ("pain.csv", &self.pain),
            ("study.toml", &self.settings),
        ];
        if self.events.lines().count() > 1 {
            files.push(("events.csv", &self.events));
        }
        study(&files)
    }

    /// The claims' results.
    pub fn claims(&self) -> Vec<ClaimResult> {
        self.study().claims
    }

    pub fn claim(&self, id: &str) -> ClaimResult {
        self.claims().into_iter().find(|claim| claim.id == id).unwrap()
    }
}

/// Why a claim could not be tested.
pub(super) fn reason(claim: &ClaimResult) -> &str {
    assert!(claim.primary.is_none(), "{}", claim.sentence);
    claim.sentence.trim_start_matches("These logs cannot test this: ")
}

/// The other estimate whose label begins so.
pub(super) fn other(claim: &ClaimResult, label: &str) -> f64 {
    let found = claim.others.iter().find(|effect| effect.label.starts_with(label));
    found.unwrap_or_else(|| panic!("{label}: {:?}", claim.others.iter().map(|effect| &effect.label).collect::<Vec<_>>())).estimate
}

/// Whether the claim has a warning of this id.
pub(super) fn warns(claim: &ClaimResult, id: &str) -> bool {
    claim.warnings.iter().any(|warning| warning.id == id)
}

pub(super) fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
}

/// Seeded chance.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    pub fn share(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    pub fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.share()).ln()).sqrt() * (std::f64::consts::TAU * self.share()).cos()
    }

    /// A score of 0 to 10 near `mean`.
    pub fn score(&mut self, mean: f64, spread: f64) -> f64 {
        (mean + spread * self.normal()).clamp(0.0, 10.0).round()
    }
}

/// ±1 in turn.
pub(super) fn turn(n: i32) -> f64 {
    f64::from(1 - 2 * (n % 2))
}
