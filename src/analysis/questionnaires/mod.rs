//! Questionnaires from `measures.csv`: scores, change from start to end, important change.

mod instrument;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cohort::{Cohort, Course};
use crate::domain::{Day, Exclusion, Tally};
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::{Estimate, Proportion, Summary, mean_interval, summarize, wilson};

use super::computed::Computed;

pub use instrument::{EARS_ACCEPTABLE, Instrument, NoScore, ODI_BANDS, Part};

/// One questionnaire over programs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuestionnaireAnalysis {
    /// Which.
    pub instrument: Instrument,
    /// Patients with a score.
    pub patients: usize,
    /// Scores.
    pub scores: usize,
    /// Of those, scores from items.
    pub from_items: usize,
    /// Days whose answers give no score, by reason.
    pub refused: BTreeMap<NoScore, usize>,
    /// Programs with a score at the start.
    pub programs: usize,
    /// Patients of these.
    pub patients_at_start: usize,
    /// At the start.
    pub start: Computed<Summary>,
    /// At the end.
    pub end: Computed<Summary>,
    /// Mean change of programs with both (t interval); `None` where a change of scores has no meaning.
    pub change: Option<Computed<Estimate>>,
    /// Important changes for the better; empty where a change of scores has no meaning.
    pub important: Vec<ImportantChange>,
    /// Programs in each band at start and end (ODI).
    pub bands: Vec<BandCount>,
    /// The share that speaks for the questionnaire by itself at the end: PGIC in its best two categories, EARS from 17 on.
    pub good_at_end: Option<Computed<Proportion>>,
}

/// Important changes by one threshold, among programs that have ended and have a score at the start.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportantChange {
    /// The threshold in words.
    pub threshold: String,
    /// Programs without a score at the end count as unchanged.
    pub imputed: Computed<Proportion>,
    /// Only programs with a score at the end.
    pub observed: Computed<Proportion>,
}

/// Programs in one band.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BandCount {
    /// The band.
    pub band: &'static str,
    /// At the start.
    pub start: usize,
    /// At the end.
    pub end: usize,
}

/// A score counts for the start up to so many days after program start, and from so many before.
pub const START_AFTER: i32 = 7;
/// See [`START_AFTER`].
pub const START_BEFORE: i32 = 90;
/// A score counts for the end up to so many days after program end, and from so many before.
pub const END_AROUND: i32 = 28;

/// Every questionnaire that is in the log.
///
/// # Definition
/// A day's score comes from its items where it has some, else from the total given. *Start*: the last score from 90 days before to 7
/// days after program start. *End*: the last score from 28 days before to 28 days after the program's end, after the start's and before
/// the next program; none of a program still running. *Important*: ODI 10 points, RMDQ 5 points, and 30 % of the score at the start, each
/// alone. PGIC: the best two of seven categories. EARS: 17 of 24 and more.
///
/// # References
/// Ostelo and others (2008), Spine 33:90, on important change; Farrar and others (2001), Pain 94:149, on the PGIC; de Lira and others
/// (2020) on the cut-off of the EARS.
#[must_use]
pub fn analyze_questionnaires(logs: &Logs, cohort: &Cohort, settings: &Settings) -> Vec<QuestionnaireAnalysis> {
    let mut parts: Vec<Option<(Instrument, Part)>> = logs.measures.names.iter().map(|name| Instrument::recognize(name)).collect();
    for instrument in Instrument::ALL {
        totals_named_by_length(instrument, &mut parts);
    }
    Instrument::ALL
        .into_iter()
        .filter(|wanted| parts.iter().flatten().any(|(found, _)| found == wanted))
        .map(|instrument| analyze(logs, cohort, instrument, &parts, settings))
        .collect()
}

/// `RMDQ-24` without any other item is the questionnaire of 24 items, not its last item.
fn totals_named_by_length(instrument: Instrument, parts: &mut [Option<(Instrument, Part)>]) {
    let Some((length, _)) = instrument.items() else { return };
    let mut items = parts.iter_mut().flatten().filter(|(of, part)| *of == instrument && *part != Part::Total);
    if let (Some((_, part)), None) = (items.next(), items.next())
        && *part == Part::Item(length)
    {
        *part = Part::Total;
    }
}

/// The scores of one patient in the order of their days.
struct Scores {
    scores: Vec<(Day, f64)>,
    from_items: usize,
    refused: Vec<NoScore>,
}

fn scores(logs: &Logs, patient: usize, instrument: Instrument, parts: &[Option<(Instrument, Part)>]) -> Scores {
    let mut found = Scores { scores: Vec::new(), from_items: 0, refused: Vec::new() };
    let n_items = instrument.items().map_or(0, |(items, _)| items);
    let rows: Vec<usize> = logs.measures.rows(patient).collect();
    for rows in rows.chunk_by(|one, other| logs.measures.day[*one] == logs.measures.day[*other]) {
        let (mut total, mut items) = (None, vec![None; n_items]);
        for &row in rows {
            let value = logs.measures.value[row];
            match parts.get(logs.measures.measure[row] as usize).copied().flatten() {
                Some((of, Part::Total)) if of == instrument => total = Some(value),
                Some((of, Part::Item(item))) if of == instrument => {
                    if let Some(answer) = items.get_mut(item - 1) {
                        *answer = Some(value);
                    }
                }
                _ => {}
            }
        }
        let answered = items.iter().any(Option::is_some);
        let score = match (answered, total) {
            (true, _) => instrument.score_items(&items),
            (false, Some(total)) => instrument.check_total(total),
            (false, None) => continue,
        };
        match score {
            Ok(score) => {
                found.scores.push((Day(logs.measures.day[rows[0]]), score));
                found.from_items += usize::from(answered);
            }
            Err(reason) => found.refused.push(reason),
        }
    }
    found
}

/// Scores of one program.
struct StartAndEnd {
    start: Option<f64>,
    end: Option<f64>,
    ended: bool,
}

fn start_and_end(course: &Course, scores: &[(Day, f64)]) -> Option<StartAndEnd> {
    let program = course.program?;
    let within = |from: Day, to: Day| scores.iter().rev().copied().find(|(day, _)| (from..=to).contains(day));
    let start = within(program.start.plus(-START_BEFORE), program.start.plus(START_AFTER));
    let ended = program.completion != Err(Exclusion::ProgramOngoing);
    let latest = course.next_start.map_or(program.end.plus(END_AROUND), |next| program.end.plus(END_AROUND).min(next.plus(-1)));
    let earliest = program.end.plus(-END_AROUND).max(program.start.plus(START_AFTER + 1));
    let end = if ended { within(earliest, latest) } else { None };
    Some(StartAndEnd { start: start.map(|(_, score)| score), end: end.map(|(_, score)| score), ended })
}

fn analyze(
    logs: &Logs,
    cohort: &Cohort,
    instrument: Instrument,
    parts: &[Option<(Instrument, Part)>],
    settings: &Settings,
) -> QuestionnaireAnalysis {
    let level = settings.model.level;
    let (mut patients, mut n_scores, mut from_items) = (0, 0, 0);
    let mut refused: BTreeMap<NoScore, usize> = BTreeMap::new();
    let mut programs: Vec<(usize, StartAndEnd)> = Vec::new();
    for patient in 0..cohort.n_patients() {
        let found = scores(logs, patient, instrument, parts);
        patients += usize::from(!found.scores.is_empty());
        n_scores += found.scores.len();
        from_items += found.from_items;
        for reason in found.refused {
            *refused.entry(reason).or_default() += 1;
        }
        if !found.scores.is_empty() {
            programs.extend(cohort.of(patient).iter().filter_map(|course| Some((patient, start_and_end(course, &found.scores)?))));
        }
    }
    let at_start = Tally::of(programs.iter().filter(|(_, program)| program.start.is_some()).map(|(patient, _)| *patient));
    let values = |part: fn(&StartAndEnd) -> Option<f64>| programs.iter().filter_map(|(_, program)| part(program)).collect::<Vec<f64>>();
    let summary = |values: &[f64], when: &str| -> Computed<Summary> {
        summarize(values).map_or_else(|_| Computed::NotTestable(format!("no program has a score at its {when}")), Computed::Value)
    };
    let (starts, ends) = (values(|program| program.start), values(|program| program.end));
    let changes = values(|program| Some(program.end? - program.start?));
    let good = |good: &dyn Fn(f64) -> bool| -> Computed<Proportion> {
        wilson(ends.iter().filter(|score| good(**score)).count(), ends.len(), level).into()
    };
    let best = f64::from(settings.questionnaires.pgic_best);
    QuestionnaireAnalysis {
        instrument,
        patients,
        scores: n_scores,
        from_items,
        refused,
        programs: at_start.programs,
        patients_at_start: at_start.patients,
        start: summary(&starts, "start"),
        end: summary(&ends, "end"),
        change: instrument.important_points().map(|_| mean_interval(&changes, level).into()),
        important: instrument.important_points().map(|points| important(&programs, points, level)).unwrap_or_default(),
        bands: if instrument == Instrument::Odi { bands(&starts, &ends) } else { Vec::new() },
        good_at_end: match instrument {
            Instrument::Pgic => Some(good(&|score| (score - best).abs() <= 1.0)),
            Instrument::Ears => Some(good(&|score| score >= EARS_ACCEPTABLE)),
            Instrument::Odi | Instrument::Rmdq => None,
        },
    }
}

fn important(programs: &[(usize, StartAndEnd)], points: f64, level: f64) -> Vec<ImportantChange> {
    let by = |threshold: String, least_start: f64, needed: &dyn Fn(f64) -> f64| {
        let (mut eligible, mut observed, mut responded) = (0, 0, 0);
        for (_, program) in programs.iter().filter(|(_, program)| program.ended) {
            let Some(start) = program.start.filter(|start| *start >= least_start && *start > 0.0) else { continue };
            eligible += 1;
            if let Some(end) = program.end {
                observed += 1;
                responded += usize::from(start - end >= needed(start) - 1e-9);
            }
        }
        ImportantChange {
            threshold,
            imputed: wilson(responded, eligible, level).into(),
            observed: wilson(responded, observed, level).into(),
        }
    };
    vec![by(format!("at least {points} points less"), points, &|_| points), by("at least 30 % less".to_owned(), 0.0, &|start| 0.3 * start)]
}

fn bands(starts: &[f64], ends: &[f64]) -> Vec<BandCount> {
    let mut floor = f64::NEG_INFINITY;
    ODI_BANDS
        .into_iter()
        .map(|(top, band)| {
            let within = |scores: &[f64]| scores.iter().filter(|score| **score > floor && **score <= top).count();
            let count = BandCount { band, start: within(starts), end: within(ends) };
            floor = top;
            count
        })
        .collect()
}
