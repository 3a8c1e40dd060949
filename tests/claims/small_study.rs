//! Studies of made-up patients, whose answers can be worked out.

use std::fmt::Write;

use staywell::claims::{ClaimResult, Verdict};
use staywell::study::Study;

use crate::cohort::{day, study};

/// Logs that grow patient by patient.
pub(super) struct SmallStudy {
    pain: String,
    sessions: String,
    programs: String,
    events: String,
}

impl SmallStudy {
    pub(super) fn new() -> Self {
        Self {
            pain: "patient_id,date,pain,context\n".to_owned(),
            sessions: "patient_id,date,phase,status,setting\n".to_owned(),
            programs: "patient_id,start,planned_end,completed_on,outcome,prescribed_per_week\n".to_owned(),
            events: "patient_id,date,event\n".to_owned(),
        }
    }

    /// A program from day 1 that was completed on this day.
    pub(super) fn completed(&mut self, id: &str, on: i32, per_week: u32) {
        self.completed_from(id, 1, on, per_week);
    }

    /// A program from a day on that was completed on this one.
    pub(super) fn completed_from(&mut self, id: &str, start: i32, on: i32, per_week: u32) {
        writeln!(self.programs, "{id},{},{},{},completed,{per_week}", day(start), day(on), day(on)).unwrap();
    }

    /// A program from day 1 that was given up, with the day to which it was planned, if any.
    pub(super) fn dropped_out(&mut self, id: &str, planned: Option<i32>, per_week: u32) {
        let planned = planned.map(|on| day(on).to_string()).unwrap_or_default();
        writeln!(self.programs, "{id},{},{planned},,dropped_out,{per_week}", day(1)).unwrap();
    }

    pub(super) fn pain(&mut self, id: &str, days: impl IntoIterator<Item = i32>, pain: impl Fn(i32) -> f64) {
        for n in days {
            writeln!(self.pain, "{id},{},{},diary", day(n), pain(n)).unwrap();
        }
    }

    pub(super) fn visit(&mut self, id: &str, on: i32, pain: f64) {
        writeln!(self.pain, "{id},{},{pain},visit", day(on)).unwrap();
    }

    pub(super) fn sessions(&mut self, id: &str, days: impl IntoIterator<Item = i32>, phase: &str, setting: &str) {
        for n in days {
            writeln!(self.sessions, "{id},{},{phase},done,{setting}", day(n)).unwrap();
        }
    }

    pub(super) fn event(&mut self, id: &str, on: i32, event: &str) {
        writeln!(self.events, "{id},{},{event}", day(on)).unwrap();
    }

    pub(super) fn run(&self) -> Study {
        study(&[("pain.csv", &self.pain), ("sessions.csv", &self.sessions), ("programs.csv", &self.programs), ("events.csv", &self.events)])
    }
}

pub(super) fn claim<'a>(study: &'a Study, id: &str) -> &'a ClaimResult {
    study.claims.iter().find(|claim| claim.id == id).unwrap()
}

/// The reason for which a claim is not testable.
pub(super) fn refused(study: &Study, id: &str) -> String {
    let claim = claim(study, id);
    assert_eq!(claim.verdict, Verdict::NotTestable, "{}", claim.sentence);
    assert!(claim.primary.is_none() && !claim.doubt.is_empty());
    claim.sentence.clone()
}

/// Numbers from 0 to 1 that look random and are the same every time.
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn next(&mut self) -> f64 {
        // xorshift64*: Vigna (2016).
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About normal with mean 0 and deviation 1: twelve uniforms less 6.
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}
