//! One screen: the logs, the patients, adherence, pain, recurrence, the verdict, and where the report is.

use super::document::{DataTable, Headline};
use super::sections::{core_claim, rule_in_words};
use crate::claims::{CORE, ClaimResult, Verdict};
use crate::domain::Counted;
use crate::domain::number::{change, count, counted, decimal, interval, percent};
use crate::study::Study;

/// The headline numbers.
pub(super) fn headline(study: &Study) -> Vec<Headline> {
    let card = |label: &str, value: String, detail: String| Headline { label: label.to_owned(), value, detail };
    let none = || "–".to_owned();
    let recurrence = &study.recurrence;
    let adherence = match (study.adherence.adherence.value(), study.adherence.upper.value()) {
        (Some(value), Some(upper)) => card(
            "Adherence",
            percent(value.mean),
            format!("{}; up to {} if all unlogged sessions were done", rule_in_words(study.adherence.rule), percent(upper.mean)),
        ),
        _ => card("Adherence", none(), "nothing was prescribed in the logs".to_owned()),
    };
    let pain = match study.pain.change.value() {
        Some(found) => card(
            "Pain change",
            change(found.estimate, 1),
            match study.pain.important.imputed.value() {
                Some(share) => format!("points by the end of the program; {} responded", percent(share.proportion)),
                None => "points by the end of the program".to_owned(),
            },
        ),
        None => card("Pain change", none(), "no program with a baseline and an end".to_owned()),
    };
    let came_back = if recurrence.curve.value().is_some() {
        let median = recurrence.median.and_then(|median| median.estimate);
        card(
            "Recurrence",
            format!("{} of {}", count(recurrence.recurrences), count(recurrence.at_risk)),
            median
                .map_or_else(|| "at risk; median time not reached".to_owned(), |days| format!("at risk; median {} days", decimal(days, 0))),
        )
    } else {
        card("Recurrence", "not testable".to_owned(), "no patient is at risk".to_owned())
    };
    let at_risk = match recurrence.counted() {
        Counted::Patients => format!("{} at risk of recurrence", count(recurrence.at_risk)),
        Counted::Programs => {
            format!("{}; at risk of recurrence after {}", Counted::Programs.count(recurrence.programs), count(recurrence.at_risk))
        }
    };
    let mut cards = vec![card("Patients", count(recurrence.patients), at_risk), adherence, pain, came_back];
    cards.extend(core_claim(study).map(|claim| {
        card(
            "Keeping it up",
            claim.verdict.as_str().to_owned(),
            claim.primary.as_ref().map_or_else(
                || "see the answer below".to_owned(),
                |primary| {
                    format!(
                        "hazard ratio {} ({})",
                        crate::domain::number::ratio(primary.estimate),
                        interval(primary.interval.lower, primary.interval.upper, 2)
                    )
                },
            ),
        )
    }));
    cards
}

/// The headline numbers as data.
pub(super) fn headline_data(headline: &[Headline]) -> DataTable {
    DataTable {
        name: "headline".to_owned(),
        header: ["label", "value", "detail"].map(str::to_owned).to_vec(),
        rows: headline.iter().map(|card| vec![card.label.clone(), card.value.clone(), card.detail.clone()]).collect(),
    }
}

const LABEL: usize = 12;

/// Lines of a labelled block, wrapped to the width with the label in front of the first.
fn block(text: &mut String, label: &str, sentences: &str, width: usize) {
    let room = width.saturating_sub(LABEL).max(30);
    let mut line = String::new();
    let mut label = label;
    for word in sentences.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
            text.push_str(&format!("{label:LABEL$}{line}\n"));
            label = "";
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    text.push_str(&format!("{label:LABEL$}{line}\n"));
}

/// The one-screen summary of a report written to `place`.
#[must_use]
pub fn summary(study: &Study, place: &str, width: usize) -> String {
    let mut text = String::new();
    let rule = "─".repeat(width.min(80));
    text.push_str(&format!("{}\n{rule}\n", study.logs.study_name));
    for file in &study.logs.reading.files {
        let filtered = if file.filtered > 0 { format!(", {} filtered", count(file.filtered)) } else { String::new() };
        block(
            &mut text,
            file.kind.as_str(),
            &format!(
                "{}: {} read = {} used, {} rejected, {} merged{filtered}",
                file.file,
                counted(file.read, "row", "rows"),
                count(file.used),
                count(file.rejected),
                count(file.merged)
            ),
            width,
        );
    }
    let recurrence = &study.recurrence;
    let excluded: Vec<String> =
        recurrence.excluded.iter().map(|excluded| format!("{} {}", count(excluded.programs), excluded.reason)).collect();
    block(
        &mut text,
        "patients",
        &format!(
            "{}{} at risk of recurrence{}",
            match recurrence.counted() {
                Counted::Patients => format!("{}, ", count(recurrence.patients)),
                Counted::Programs => {
                    format!("{} with {}, of which ", count(recurrence.patients), Counted::Programs.count(recurrence.programs))
                }
            },
            count(recurrence.at_risk),
            if excluded.is_empty() { String::new() } else { format!("; not at risk: {}", excluded.join(", ")) }
        ),
        width,
    );
    block(&mut text, "adherence", &adherence_line(study), width);
    block(&mut text, "pain", &pain_line(study), width);
    block(&mut text, "recurrence", &recurrence_line(study), width);
    text.push_str(&format!("{rule}\n"));
    if let Some(claim) = core_claim(study) {
        block(&mut text, "claim", &claim.statement, width);
        block(&mut text, "verdict", &claim.verdict.as_str().to_uppercase(), width);
        block(&mut text, "", &claim.sentence, width);
        block(&mut text, if claim.primary.is_some() { "but" } else { "to test it" }, &claim.doubt, width);
    }
    if let Some(line) = other_claims(study) {
        block(&mut text, "others", &line, width);
    }
    text.push_str(&format!("{rule}\n"));
    block(&mut text, "report", place, width);
    text
}

/// The verdicts of the other claims in one sentence.
fn other_claims(study: &Study) -> Option<String> {
    let others: Vec<&ClaimResult> = study.claims.iter().filter(|claim| claim.id != CORE).collect();
    let verdicts = [Verdict::Supported, Verdict::Contradicted, Verdict::Inconclusive, Verdict::NotTestable];
    let told: Vec<String> = verdicts
        .iter()
        .map(|&verdict| (others.iter().filter(|claim| claim.verdict == verdict).count(), verdict))
        .filter(|(n, _)| *n > 0)
        .map(|(n, verdict)| format!("{n} {}", verdict.as_str()))
        .collect();
    (!others.is_empty()).then(|| format!("of {} {}", counted(others.len(), "other claim", "other claims"), told.join(", ")))
}

fn adherence_line(study: &Study) -> String {
    match (study.adherence.adherence.value(), study.adherence.upper.value()) {
        (Some(value), Some(upper)) => format!(
            "{} on average over {} (up to {} if every unlogged session was done)",
            percent(value.mean),
            Counted::in_words(study.adherence.programs, study.adherence.patients),
            percent(upper.mean)
        ),
        _ => study.adherence.adherence.reason().unwrap_or("not computed").to_owned(),
    }
}

fn pain_line(study: &Study) -> String {
    let responders = study.pain.important.imputed.value().map_or_else(String::new, |share| {
        format!("; {} of {} ({}) had an important change", count(share.count), count(share.n), percent(share.proportion))
    });
    match study.pain.change.value() {
        Some(found) => format!(
            "{} points from baseline to the end of the program ({}){responders}",
            change(found.estimate, 1),
            found.interval.map(|limits| interval(limits.lower, limits.upper, 1)).unwrap_or_default()
        ),
        None => format!(
            "logged by {} with a program and {} without; no program has both a baseline and a log at its end",
            counted(study.pain.patients, "patient", "patients"),
            study.pain.without_program
        ),
    }
}

fn recurrence_line(study: &Study) -> String {
    let recurrence = &study.recurrence;
    if let Some(reason) = recurrence.curve.reason() {
        return reason.to_owned();
    }
    let median = recurrence.median.and_then(|median| median.estimate);
    let year = recurrence.times.iter().zip(&recurrence.at).rev().find_map(|(time, point)| Some((time, point.as_ref()?)));
    format!(
        "{} of {} at risk; median {}{}",
        count(recurrence.recurrences),
        count(recurrence.at_risk),
        median.map_or_else(|| "not reached".to_owned(), |days| format!("{} days", decimal(days, 0))),
        year.map_or_else(String::new, |(time, point)| format!("; {} free of it after {} days", percent(point.estimate), decimal(*time, 0)))
    )
}
