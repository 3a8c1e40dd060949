//! Recurrences of those whose program had balance and coordination training, and of those whose program had none.

use serde::Serialize;

use crate::analysis::clusters::Clusters;
use crate::analysis::computed::Computed;
use crate::analysis::contrast::{Adjustment, Contrast, EventRow, adjusted_hazard};
use crate::analysis::covariates::CovariateChoice;
use crate::analysis::repeated_recurrence::counts;
use crate::cohort::{Cohort, Course, Episodes};
use crate::domain::{Day, Phase};
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::recurrent::{CountDifference, MeanCumulativeFunction, mean_count_difference};

/// Recurrences with and without balance training.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BalanceTraining {
    /// Programs at risk with their phases logged.
    pub n: usize,
    /// Their patients.
    pub patients: usize,
    /// Programs at risk of which no session has a phase: left out.
    pub no_phases: usize,
    /// Programs with balance training, and without.
    pub with: usize,
    /// Programs without.
    pub without: usize,
    /// Recurrences of both, the first and later ones.
    pub recurrences_with: usize,
    /// Recurrences without.
    pub recurrences_without: usize,
    /// Mean number of recurrences by day: with, without.
    pub mean_counts: [Computed<MeanCumulativeFunction>; 2],
    /// Difference of these at `horizon`: without less with.
    pub difference: Computed<CountDifference>,
    /// Days since first at risk at which the means are compared.
    pub horizon: f64,
    /// Rate ratio of all recurrences, without against with (Andersen–Gill).
    pub not_adjusted: Computed<Contrast>,
    /// The same at equal covariates.
    pub adjusted: Computed<Contrast>,
    /// The same at equal pain at the end of the program, too.
    pub at_equal_end_pain: Computed<Contrast>,
    /// Hazard ratio of the first recurrence alone, at equal covariates.
    pub first_only: Computed<Contrast>,
    /// As `adjusted`, where fewer than four sessions count as none.
    pub few_as_none: Computed<Contrast>,
}

/// Fewer sessions than this hardly train anything.
const FEW: usize = 4;

struct Member<'a> {
    index: usize,
    course: &'a Course,
    episodes: &'a Episodes,
    sessions: usize,
}

/// Recurrences by whether the program had balance and coordination training.
///
/// # Definition
/// Programs at risk of recurrence with at least one session whose phase is known. *With*: a session of the phase proprioception was done
/// from the program's start to its planned end, or to completion if that is earlier or no end was planned. This is known on completion,
/// before anybody is at risk, and a program prolonged because it went badly does not collect sessions late. All recurrences count
/// (`cohort/episodes.rs`): `λ(t) = λ₀(t) exp(β none + γ x)` over the spells at risk, t since first at risk, errors by patient.
///
/// # References
/// Andersen & Gill (1982), *Ann Stat* 10:1100–1120. Lawless & Nadeau (1995), *Technometrics* 37:158–168.
#[must_use]
pub fn analyze_balance_training(logs: &Logs, cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> BalanceTraining {
    let level = settings.model.level;
    let mut no_phases = 0;
    let mut members: Vec<Member<'_>> = Vec::new();
    for (index, course) in cohort.courses.iter().enumerate() {
        let (Some(episodes), Some(known_on)) = (course.episodes.as_ref(), planned_end(course, logs)) else { continue };
        let start = course.program.map_or(known_on, |program| program.start);
        let sessions = &course.sessions;
        let in_program = || (0..sessions.day.len()).filter(move |&at| sessions.day[at] >= start.0 && sessions.day[at] <= known_on.0);
        if in_program().all(|at| sessions.phase[at].is_none()) {
            no_phases += 1;
            continue;
        }
        let balance = |at: &usize| sessions.phase[*at] == Some(Phase::Proprioception) && sessions.done[*at] > 0.0;
        members.push(Member { index, course, episodes, sessions: in_program().filter(balance).count() });
    }
    let with = |wanted: bool| members.iter().filter(move |member| (member.sessions > 0) == wanted);
    let recurrences = |wanted: bool| with(wanted).map(|member| member.episodes.episodes.len()).sum::<usize>();
    let mean = |wanted: bool| {
        let rows = with(wanted).filter_map(|member| Some((member.index, member.episodes, member.episodes.spells.first()?.at_risk_from)));
        counts(rows, level)
    };
    let mean_counts = [mean(true), mean(false)];
    let last = |count: &Computed<MeanCumulativeFunction>| count.value().map_or(0.0, MeanCumulativeFunction::last_time);
    let horizon = settings.model.horizon.min(last(&mean_counts[0])).min(last(&mean_counts[1]));
    let difference = match (mean_counts[0].value(), mean_counts[1].value()) {
        (Some(first), Some(second)) => mean_count_difference(first, second, horizon).into(),
        _ => Computed::NotTestable("one of the groups is empty".to_owned()),
    };
    let adjustment = || Adjustment::but(covariates, &[]);
    let end_pain: Vec<Option<f64>> = cohort.courses.iter().map(|course| course.pain.as_ref()?.end).collect();
    let all = rows(&members, 1, false);
    BalanceTraining {
        n: members.len(),
        patients: Clusters::of(members.iter().map(|member| member.course.patient)).patients,
        no_phases,
        with: with(true).count(),
        without: with(false).count(),
        recurrences_with: recurrences(true),
        recurrences_without: recurrences(false),
        mean_counts,
        difference,
        horizon,
        not_adjusted: adjusted_hazard(&all, &Adjustment::default(), level).into(),
        adjusted: adjusted_hazard(&all, &adjustment(), level).into(),
        at_equal_end_pain: adjusted_hazard(&all, &adjustment().and("pain at the end of the program", &end_pain), level).into(),
        first_only: adjusted_hazard(&rows(&members, 1, true), &adjustment(), level).into(),
        few_as_none: adjusted_hazard(&rows(&members, FEW, false), &adjustment(), level).into(),
    }
}

/// The day on which it is known whether the program had balance training.
fn planned_end(course: &Course, logs: &Logs) -> Option<Day> {
    let completion = course.program?.completion.ok()?;
    let record = usize::try_from(course.program_number).ok()?.checked_sub(1).and_then(|at| logs.programs.of(course.patient).get(at));
    Some(record.and_then(|record| record.planned_end).map_or(completion, |planned| planned.min(completion)))
}

/// Spells at risk as rows, from the first day at risk; the exposure is having had fewer than `least` sessions.
fn rows(members: &[Member<'_>], least: usize, first_only: bool) -> Vec<EventRow> {
    let mut rows = Vec::new();
    for member in members {
        let Some(zero) = member.episodes.spells.first().map(|spell| spell.at_risk_from) else { continue };
        for spell in member.episodes.spells.iter().take(if first_only { 1 } else { usize::MAX }) {
            let (from, to) = (spell.at_risk_from.days_since(zero), spell.end.days_since(zero));
            if to > from {
                rows.push(EventRow {
                    course: member.index,
                    patient: member.course.patient,
                    from,
                    to,
                    event: spell.recurred(),
                    exposure: f64::from(member.sessions < least),
                });
            }
        }
    }
    rows
}
