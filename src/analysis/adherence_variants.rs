//! Adherence in all its variants: by unit, by phase of care, in bands of dose, at several cuts, and as begun and kept up.

use serde::Serialize;

use crate::cohort::{AdherenceMeasure, Cohort, DoseBand, PatientAdherence};
use crate::domain::{Phase, Setting};
use crate::settings::Settings;
use crate::stats::{Proportion, Summary, median, summarize, wilson};

use super::computed::Computed;

/// A summary with every unlogged session counted as missed, and with each counted as done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoundedSummary {
    /// Unlogged counted as missed.
    pub lower: Summary,
    /// Unlogged counted as done.
    pub upper: Summary,
}

/// Adherence in one unit over programs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnitAdherence {
    /// Programs in which it can be computed.
    pub programs: usize,
    /// Mean over weeks of the capped share.
    pub weekly_capped: BoundedSummary,
    /// Done over prescribed, not capped.
    pub raw: BoundedSummary,
    /// Share of weeks with enough of their prescription.
    pub adherent_weeks: BoundedSummary,
    /// Share of weeks with more than their prescription.
    pub weeks_over: Summary,
}

/// Programs in one band of the dose.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DoseBandCount {
    /// The band.
    pub band: &'static str,
    /// Programs in it.
    pub programs: usize,
    /// Their share.
    pub share: f64,
}

/// Programs with at least so much of their prescription done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AdherentAtCut {
    /// The least share of the prescription, weekly and capped.
    pub cut: f64,
    /// With every unlogged session counted as missed.
    pub lower: Computed<Proportion>,
    /// With every unlogged session counted as done.
    pub upper: Computed<Proportion>,
}

/// Whether and when programs were begun.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InitiationAnalysis {
    /// The days within which the first session counts as a beginning.
    pub within_days: i32,
    /// Programs begun in time, of those of which it is known.
    pub begun: Computed<Proportion>,
    /// Median days from start to the first session, of programs with one whose start is recorded.
    pub median_days: Computed<f64>,
    /// Programs whose start is their first session, or that run too short to tell.
    pub unknown: usize,
}

/// Adherence in the weeks of one phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PhaseAdherenceSummary {
    /// The phase.
    pub phase: Phase,
    /// Programs with a week of it.
    pub programs: usize,
    /// Weeks of it in all.
    pub weeks: usize,
    /// Mean over weeks of the capped share.
    pub weekly_capped: BoundedSummary,
    /// Done over prescribed, not capped.
    pub raw: BoundedSummary,
}

/// Sessions logged in one setting, over all programs with a prescription or without.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SettingSummary {
    /// Where.
    pub setting: Setting,
    /// Programs with a session logged there.
    pub programs: usize,
    /// Sessions done there.
    pub done: f64,
    /// Sessions logged as missed there.
    pub missed: f64,
    /// Done over done and missed, over programs.
    pub done_of_logged: Summary,
}

/// What stands beside the adherence called so.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AdherenceVariants {
    /// In sessions.
    pub sessions: Computed<UnitAdherence>,
    /// In exercises.
    pub exercises: Computed<UnitAdherence>,
    /// In minutes.
    pub minutes: Computed<UnitAdherence>,
    /// Programs by what was done of their prescription (sessions, not capped).
    pub bands: Vec<DoseBandCount>,
    /// Programs with a week of more than its prescription.
    pub programs_over: usize,
    /// Weeks in which nothing was prescribed: in none of the shares.
    pub undefined_weeks: usize,
    /// Programs that are adherent at each cut.
    pub cuts: Vec<AdherentAtCut>,
    /// Whether and when programs were begun.
    pub initiation: InitiationAnalysis,
    /// Programs without a gap longer than the permissible one.
    pub persistent: Computed<Proportion>,
    /// Sessions logged by where they took place; empty if the log does not say.
    pub settings: Vec<SettingSummary>,
    /// By phase of care.
    pub phases: Vec<PhaseAdherenceSummary>,
}

/// The cuts at which programs count as adherent: any single one, 80 % too, is convention.
pub const CUTS: [f64; 5] = [0.5, 0.6, 0.7, 0.8, 0.9];

/// All variants over these programs.
pub(super) fn variants(
    cohort: &Cohort,
    programs: &[&PatientAdherence],
    has_exercise: bool,
    has_minutes: bool,
    settings: &Settings,
) -> AdherenceVariants {
    let level = settings.model.level;
    let none = "no program has a prescription";
    let share_of = |keeps: &dyn Fn(&PatientAdherence) -> bool| -> Computed<Proportion> {
        wilson(programs.iter().filter(|program| keeps(program)).count(), programs.len(), level).into()
    };
    let n = programs.len() as f64;
    AdherenceVariants {
        sessions: unit(&programs.iter().map(|program| in_sessions(program)).collect::<Vec<_>>(), none),
        exercises: unit(
            &programs.iter().filter_map(|program| program.exercises).collect::<Vec<_>>(),
            if has_exercise { none } else { "the session log has no column exercise with a row for each exercise" },
        ),
        minutes: unit(
            &programs.iter().filter_map(|program| program.in_minutes).collect::<Vec<_>>(),
            match (has_minutes, settings.adherence.prescribed_minutes) {
                (false, _) => "the session log has no column minutes",
                (true, None) => "no minutes are prescribed; set adherence.prescribed_minutes",
                (true, Some(_)) => none,
            },
        ),
        bands: DoseBand::ALL
            .into_iter()
            .filter(|_| !programs.is_empty())
            .map(|band| {
                let count = programs.iter().filter(|program| program.band == band).count();
                DoseBandCount { band: band.as_str(), programs: count, share: count as f64 / n }
            })
            .collect(),
        programs_over: programs.iter().filter(|program| program.weeks_over > 0.0).count(),
        undefined_weeks: programs.iter().map(|program| program.undefined_weeks).sum(),
        cuts: CUTS
            .into_iter()
            .map(|cut| AdherentAtCut {
                cut,
                lower: share_of(&|program| program.weekly_capped >= cut - 1e-9),
                upper: share_of(&|program| program.upper_bound >= cut - 1e-9),
            })
            .collect(),
        initiation: initiation(programs, settings),
        persistent: share_of(&|program| program.persistent),
        settings: Setting::ALL.iter().filter_map(|&setting| of_setting(cohort, setting)).collect(),
        phases: Phase::ALL.iter().filter_map(|&phase| of_phase(programs, phase)).collect(),
    }
}

fn in_sessions(program: &PatientAdherence) -> AdherenceMeasure {
    AdherenceMeasure {
        weeks: program.weeks.len() - program.undefined_weeks,
        weekly_capped: program.weekly_capped,
        weekly_capped_upper: program.upper_bound,
        raw: program.raw,
        raw_upper: program.raw_upper,
        adherent_weeks: program.adherent_weeks,
        adherent_weeks_upper: program.adherent_weeks_upper,
        weeks_over: program.weeks_over,
    }
}

fn bounded(
    measures: &[AdherenceMeasure],
    lower: fn(&AdherenceMeasure) -> f64,
    upper: fn(&AdherenceMeasure) -> f64,
) -> Option<BoundedSummary> {
    let summary = |part: fn(&AdherenceMeasure) -> f64| summarize(&measures.iter().map(part).collect::<Vec<_>>()).ok();
    Some(BoundedSummary { lower: summary(lower)?, upper: summary(upper)? })
}

fn unit(measures: &[AdherenceMeasure], reason: &str) -> Computed<UnitAdherence> {
    let computed = || {
        Some(UnitAdherence {
            programs: measures.len(),
            weekly_capped: bounded(measures, |measure| measure.weekly_capped, |measure| measure.weekly_capped_upper)?,
            raw: bounded(measures, |measure| measure.raw, |measure| measure.raw_upper)?,
            adherent_weeks: bounded(measures, |measure| measure.adherent_weeks, |measure| measure.adherent_weeks_upper)?,
            weeks_over: summarize(&measures.iter().map(|measure| measure.weeks_over).collect::<Vec<_>>()).ok()?,
        })
    };
    computed().map_or_else(|| Computed::NotTestable(reason.to_owned()), Computed::Value)
}

fn of_phase(programs: &[&PatientAdherence], phase: Phase) -> Option<PhaseAdherenceSummary> {
    let of_phase = programs.iter().flat_map(|program| program.phases.iter().filter(|found| found.phase == phase));
    let measures: Vec<AdherenceMeasure> = of_phase.map(|found| found.sessions).collect();
    Some(PhaseAdherenceSummary {
        phase,
        programs: measures.len(),
        weeks: measures.iter().map(|measure| measure.weeks).sum(),
        weekly_capped: bounded(&measures, |measure| measure.weekly_capped, |measure| measure.weekly_capped_upper)?,
        raw: bounded(&measures, |measure| measure.raw, |measure| measure.raw_upper)?,
    })
}

fn of_setting(cohort: &Cohort, setting: Setting) -> Option<SettingSummary> {
    let found = cohort.courses.iter().flat_map(|course| course.settings.iter().filter(|sessions| sessions.setting == setting));
    let (mut done, mut missed, mut shares) = (0.0, 0.0, Vec::new());
    for sessions in found {
        done += sessions.done;
        missed += sessions.missed;
        shares.push(sessions.done / (sessions.done + sessions.missed));
    }
    Some(SettingSummary { setting, programs: shares.len(), done, missed, done_of_logged: summarize(&shares).ok()? })
}

fn initiation(programs: &[&PatientAdherence], settings: &Settings) -> InitiationAnalysis {
    let known: Vec<_> = programs.iter().filter_map(|program| Some((program.initiation.within?, program.initiation.days))).collect();
    let days: Vec<f64> = known.iter().filter_map(|(_, days)| days.map(f64::from)).collect();
    let begun = if known.is_empty() {
        Computed::NotTestable("no start of a program is recorded (programs.csv), or none has run long enough".to_owned())
    } else {
        wilson(known.iter().filter(|(within, _)| *within).count(), known.len(), settings.model.level).into()
    };
    InitiationAnalysis {
        within_days: settings.adherence.initiation_days,
        begun,
        median_days: median(&days).into(),
        unknown: programs.len() - known.len(),
    }
}
