//! One patient's pain over weeks.

use crate::analysis::{PatientAnalysis, PatientProgram};
use crate::charts::{MarkKind, PatientTimeline, PhaseSpan, ProgramSpan, TimelineMark};
use crate::domain::number::counted;
use crate::domain::{Day, Exclusion, PainScale, Phase};

/// The figure of one patient; it holds nothing of any other.
pub(in crate::report) fn patient_timeline(patient: &PatientAnalysis, scale: &PainScale, made: &str) -> PatientTimeline {
    let first = patient.pain.first().map(|(day, _)| *day);
    let last = patient.pain.last().map(|(day, _)| *day);
    let subtitle = match (first, last) {
        (Some(first), Some(last)) => {
            format!("{} from {first} to {last}.", counted(patient.pain.len(), "day with a pain log", "days with a pain log"))
        }
        _ => "No pain logged.".to_owned(),
    };
    // With several programs each has its own baseline.
    let only = patient.programs.first().filter(|_| patient.programs.len() == 1);
    PatientTimeline {
        title: format!("Pain of {} over time", patient.id),
        subtitle,
        scale_name: scale.name.clone(),
        scale_min: scale.min,
        scale_max: scale.max,
        pain: patient.pain.clone(),
        smooth: patient.smooth.clone(),
        baseline: only.and_then(|program| program.baseline).map(|(pain, _)| pain),
        important_change_band: only.and_then(|program| program.important_change_at).map(|at| (scale.min, at)),
        programs: programs(patient),
        phases: spans(patient),
        sessions: patient.sessions.clone(),
        marks: marks(patient),
        notes: vec!["Line: LOWESS through the daily scores.".to_owned(), made.to_owned()],
    }
}

/// Ribbons: each phase from its first to its last session, short interruptions by another phase merged away.
fn spans(patient: &PatientAnalysis) -> Vec<PhaseSpan> {
    let mut spans: Vec<(Phase, Day, Day)> = Vec::new();
    for stretch in &patient.phases {
        match spans.iter_mut().find(|(phase, _, to)| *phase == stretch.phase && stretch.from.days_since(*to) <= 14) {
            Some((_, _, to)) => *to = (*to).max(stretch.to),
            None => spans.push((stretch.phase, stretch.from, stretch.to)),
        }
    }
    // Ribbons stand side by side: one ends where the next begins.
    spans.sort_by_key(|(_, from, _)| *from);
    for index in 1..spans.len() {
        let next = spans[index].1;
        spans[index - 1].2 = spans[index - 1].2.min(next);
    }
    spans.into_iter().map(|(phase, from, to)| PhaseSpan { label: phase.as_str().to_owned(), from, to }).collect()
}

/// Each program as a shaded stretch with its baseline, where there are several; one is told by its marks.
fn programs(patient: &PatientAnalysis) -> Vec<ProgramSpan> {
    if patient.programs.len() < 2 {
        return Vec::new();
    }
    let span = |program: &PatientProgram| {
        let baseline = program.baseline.map(|(pain, _)| pain);
        Some(ProgramSpan { label: format!("Program {}", program.number), from: program.start?, to: program.end?, baseline })
    };
    patient.programs.iter().filter_map(span).collect()
}

fn marks(patient: &PatientAnalysis) -> Vec<TimelineMark> {
    let mark = |day: Day, kind: MarkKind, label: &str| TimelineMark { day, kind, label: label.to_owned() };
    let mut marks = Vec::new();
    for program in &patient.programs {
        let (start, completed) = if patient.programs.len() > 1 {
            (format!("Program {}", program.number), format!("Completed {}", program.number))
        } else if program.completion.reason() == Some(Exclusion::NoCompletion.as_str()) {
            // Sessions without phases or a record show a first session, not a program.
            ("First session".to_owned(), "Completed".to_owned())
        } else {
            ("Program start".to_owned(), "Completed".to_owned())
        };
        marks.extend(program.start.map(|day| mark(day, MarkKind::ProgramStart, &start)));
        marks.extend(program.completion.value().map(|&day| mark(day, MarkKind::Completion, &completed)));
        marks.extend(program.at_risk_from.value().map(|&day| mark(day, MarkKind::AtRisk, "In remission")));
        marks.extend(program.recurrence.map(|day| mark(day, MarkKind::Recurrence, "Recurrence")));
    }
    marks.extend(patient.events.iter().map(|(day, kind)| mark(*day, MarkKind::Event(kind.as_str().to_owned()), kind.as_str())));
    marks.sort_by_key(|mark| mark.day);
    marks
}
