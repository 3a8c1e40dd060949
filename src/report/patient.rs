//! One patient's page: what the logs say, in words, with the figure. It holds nothing of any other patient.

use serde_json::{Value, json};

use super::command::{CommandReport, definitions};
use super::csv::write_csv;
use super::document::{Block, DataTable, Document, Headline, Section, Table};
use super::figures::{figure, patient_timeline};
use super::json::write_json;
use super::provenance::Provenance;
use super::{Report, ReportError};
use crate::analysis::{PatientAnalysis, PatientProgram};
use crate::cohort::{BaselineSource, Exposure};
use crate::domain::number::{change, count, counted, decimal, interval, percent};
use crate::study::Study;

/// A patient's page and what the command prints.
pub struct PatientPage {
    /// The page with its figure.
    pub report: Report,
    /// What is printed.
    pub command: CommandReport<'static>,
}

/// Builds one patient's page.
///
/// # Errors
/// [`ReportError::Chart`] if the figure cannot be drawn.
pub fn patient(study: &Study, patient: &PatientAnalysis, provenance: &Provenance) -> Result<PatientPage, ReportError> {
    let chart = patient_timeline(patient, &study.logs.scale, &provenance.figure_line(&study.logs));
    let figure = figure("pain", &chart)?;
    let title = format!("Patient {}", patient.id);
    let words = words(study, patient);
    let mut blocks = vec![Block::Figure("pain".to_owned())];
    blocks.extend(patient.programs.iter().filter_map(|program| weeks(patient, program)).map(Block::Table));
    let pain = Section { id: "pain".to_owned(), title: "Pain over time".to_owned(), blocks };
    let document = Document {
        title: title.clone(),
        subtitle: study.logs.study_name.clone(),
        headline: cards(patient),
        sections: words.iter().cloned().chain([pain, definitions(study)]).collect(),
        provenance: provenance.lines(&study.logs),
    };
    let json = json!({
        "study": study.logs.study_name,
        "provenance": super::json::provenance(&study.logs, provenance),
        "settings": study.settings,
        "patient": json_of(patient),
    });
    let printed = Document { headline: vec![], sections: words, ..document.clone() };
    let (numbers, all) = (figure.numbers.clone(), json.clone());
    let headline = DataTable { name: "headline".to_owned(), header: vec![], rows: vec![] };
    Ok(PatientPage {
        command: CommandReport {
            document: printed,
            csv: Box::new(move |out| Ok(write_csv(&numbers, out)?)),
            json: Box::new(move |out| Ok(write_json(&all, out)?)),
        },
        report: Report { document, figures: vec![figure], tables: vec![], headline, json },
    })
}

/// The analysis, with the adherence of each program in figures.
fn json_of(patient: &PatientAnalysis) -> Value {
    let mut whole = json!(patient);
    for (index, program) in patient.programs.iter().enumerate() {
        whole["programs"][index]["adherence"] = json!(program.adherence.as_ref().map(|adherence| json!({
            "prescribed": adherence.prescribed,
            "done": adherence.done,
            "missed": adherence.missed,
            "unlogged": adherence.unlogged,
            "weekly_capped": adherence.weekly_capped,
            "if_unlogged_done": adherence.upper_bound,
            "raw": adherence.raw,
            "value": adherence.value,
            "value_if_unlogged_done": adherence.value_upper,
        })));
    }
    whole
}

/// ` of program 2`, where there are several.
fn of_program(patient: &PatientAnalysis, program: &PatientProgram) -> String {
    if patient.programs.len() > 1 { format!(" of program {}", program.number) } else { String::new() }
}

/// The last program's numbers.
fn cards(patient: &PatientAnalysis) -> Vec<Headline> {
    let card = |label: &str, value: String, detail: String| Headline { label: label.to_owned(), value, detail };
    let mut cards = Vec::new();
    let Some(program) = patient.programs.last() else { return cards };
    let of_program = of_program(patient, program);
    if let Some(adherence) = &program.adherence {
        cards.push(card(
            "Adherence",
            percent(adherence.value),
            format!("{} of {} prescribed sessions{of_program} done", decimal(adherence.done, 0), decimal(adherence.prescribed, 0)),
        ));
    }
    if let (Some((baseline, _)), Some(end)) = (program.baseline, program.end_pain) {
        cards.push(card(
            "Pain",
            format!("{} → {}", decimal(baseline, 1), decimal(end, 1)),
            if of_program.is_empty() {
                "from baseline to the end of the program".to_owned()
            } else {
                format!("from baseline to the end{of_program}")
            },
        ));
    }
    if let Some(&day) = program.at_risk_from.value() {
        cards.push(card(
            "Since remission",
            program
                .recurrence
                .map_or_else(|| "well".to_owned(), |back| counted(back.days_since(day).unsigned_abs() as usize, "day", "days")),
            program.recurrence.map_or_else(
                || program.followed_to.as_ref().map_or_else(String::new, |(end, _)| format!("no recurrence logged to {end}")),
                |back| format!("then pain came back on {back}"),
            ),
        ));
    }
    cards
}

/// What the physiotherapist can read out: in one list, or program by program where there are several.
fn words(study: &Study, patient: &PatientAnalysis) -> Vec<Section> {
    let mut lines = Vec::new();
    match (patient.pain.first(), patient.pain.last()) {
        (Some((first, _)), Some((last, _))) => lines.push(format!(
            "Pain was logged on {} from {first} to {last} (scale {}).",
            counted(patient.pain.len(), "day", "days"),
            study.logs.scale.name
        )),
        _ => lines.push("No pain was logged.".to_owned()),
    }
    let title = "What the logs say".to_owned();
    let mut blocks = Vec::new();
    if let [program] = &patient.programs[..] {
        program_sentences(program, &mut lines);
        pain_sentences(study, program, &mut lines);
        lines.extend(trend_sentence(patient));
        course_sentences(program, &mut lines);
        lines.extend(later_sentences(study, patient));
        blocks.push(Block::List(lines));
    } else {
        lines.push(format!(
            "{} are recorded; each is followed to the day before the next.",
            counted(patient.programs.len(), "program", "programs")
        ));
        lines.extend(trend_sentence(patient));
        lines.extend(later_sentences(study, patient));
        blocks.push(Block::List(lines));
        for program in &patient.programs {
            let mut lines = Vec::new();
            program_sentences(program, &mut lines);
            pain_sentences(study, program, &mut lines);
            course_sentences(program, &mut lines);
            blocks.push(Block::Heading(format!("Program {}", program.number)));
            blocks.push(Block::List(lines));
        }
    }
    vec![Section { id: "course".to_owned(), title, blocks }]
}

fn program_sentences(program: &PatientProgram, lines: &mut Vec<String>) {
    if let Some(start) = program.start {
        lines.push(match (program.completion.value(), program.completion.reason()) {
            (Some(day), _) => format!("The program ran from {start} to {day}."),
            (None, reason) => format!("The program began on {start}; {}.", reason.unwrap_or("its end is not known")),
        });
    }
    match &program.adherence {
        Some(adherence) => {
            let unlogged = if adherence.unlogged >= 0.5 {
                format!(
                    "; {} were not logged, so the truth lies between {} and {}",
                    decimal(adherence.unlogged, 0),
                    percent(adherence.value),
                    percent(adherence.value_upper)
                )
            } else {
                String::new()
            };
            lines.push(format!(
                "Of {} prescribed sessions {} were done and {} logged as missed: adherence {}{unlogged}.",
                decimal(adherence.prescribed, 0),
                decimal(adherence.done, 0),
                decimal(adherence.missed, 0),
                percent(adherence.value)
            ));
        }
        None => lines.push(format!(
            "{} logged; without a prescription adherence cannot be computed.",
            counted(program.sessions, "session is", "sessions are")
        )),
    }
}

fn pain_sentences(study: &Study, program: &PatientProgram, lines: &mut Vec<String>) {
    let rule = &study.settings.pain;
    match (program.baseline, program.end_pain, program.change) {
        (Some((baseline, source)), Some(end), Some(difference)) => {
            let from = match source {
                BaselineSource::BeforeFirstSession => "the week before the first session",
                BaselineSource::FirstProgramDays => "the first logged days of the program",
                BaselineSource::FirstScore => "the first log of the program",
            };
            let judged = match program.important_change_at {
                Some(goal) if end <= goal + 1e-9 => ", an important improvement",
                Some(_) if difference >= rule.important_points => ", clearly worse",
                Some(_) => ", less than an important change",
                None => "",
            };
            lines.push(format!(
                "Mean pain went from {} in {from} to {} in the program's last {} days ({} points{judged}).",
                decimal(baseline, 1),
                decimal(end, 1),
                rule.end_days,
                change(difference, 1)
            ));
        }
        (Some((baseline, _)), None, _) => {
            lines.push(format!(
                "Baseline pain was {}; none was logged in the program's last {} days.",
                decimal(baseline, 1),
                rule.end_days
            ));
        }
        _ => {}
    }
}

fn trend_sentence(patient: &PatientAnalysis) -> Option<String> {
    let trend = patient.trend_per_week.value()?;
    let limits = trend.interval.map_or_else(String::new, |limits| format!(" (interval {})", interval(limits.lower, limits.upper, 2)));
    Some(format!(
        "Over the whole log pain changed by {} points a week{limits}, by the median of all pairwise slopes.",
        change(trend.slope, 2)
    ))
}

fn course_sentences(program: &PatientProgram, lines: &mut Vec<String>) {
    match (program.at_risk_from.value(), program.at_risk_from.reason()) {
        (Some(day), _) => lines.push(format!("In confirmed remission and past the program from {day}.")),
        (None, Some(reason)) => lines.push(format!("Recurrence is not testable: {reason}.")),
        (None, None) => {}
    }
    if let Some(day) = program.recurrence {
        let after = program
            .at_risk_from
            .value()
            .map_or_else(String::new, |&from| format!(", {} days later", count(day.days_since(from).unsigned_abs() as usize)));
        lines.push(format!("Pain came back on {day}{after}."));
    } else if let Some((day, ended)) = &program.followed_to {
        lines.push(format!("No recurrence up to {day} ({ended})."));
    }
}

/// Whether the exercise is kept up, and the events.
fn later_sentences(study: &Study, patient: &PatientAnalysis) -> Vec<String> {
    let mut lines: Vec<String> = patient
        .looks
        .iter()
        .map(|look| format!("Worth a look: {} since {} ({}).", look.reason.as_str(), look.since, look.detail))
        .collect();
    if let Some(exposure) = patient.maintained_now {
        let rule = &study.settings.maintenance;
        lines.push(match exposure {
            Exposure::Maintained => format!(
                "Keeping the exercise up: at least {} a week over the last {} days logged.",
                decimal(rule.sessions_per_week, 0),
                rule.window
            ),
            Exposure::NotMaintained => format!(
                "Not keeping the exercise up: fewer than {} a week over the last {} days logged.",
                decimal(rule.sessions_per_week, 0),
                rule.window
            ),
        });
    }
    for (day, kind) in &patient.events {
        lines.push(format!("{day}: {}.", kind.as_str().replace('_', " ")));
    }
    lines
}

fn weeks(patient: &PatientAnalysis, program: &PatientProgram) -> Option<Table> {
    let adherence = program.adherence.as_ref()?;
    let of_program = of_program(patient, program);
    let caption = if of_program.is_empty() { "Sessions by program week".to_owned() } else { format!("Sessions by week{of_program}") };
    let mut table = Table::new(caption, &["#Week", "#Prescribed", "#Done", "#Missed", "#Not logged"]);
    for week in &adherence.weeks {
        table.push([
            (week.week + 1).to_string(),
            decimal(week.prescribed, 1),
            decimal(week.done, 1),
            decimal(week.missed, 1),
            decimal(week.unlogged, 1),
        ]);
    }
    Some(table)
}
