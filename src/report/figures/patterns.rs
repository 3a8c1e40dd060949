//! Courses by pattern, severity within.

use crate::charts::{Bar, Bars};
use crate::cohort::{Pattern, Severity};
use crate::domain::{Counted, capitalized};
use crate::study::Study;

pub(super) fn patterns(study: &Study, made: &str) -> Option<Bars> {
    let patterns = study.pain.courses.patterns.value()?;
    let counted = Counted::of(patterns.programs, patterns.patients);
    let classified: usize = patterns.classes.iter().map(|class| class.programs).sum();
    if classified == 0 {
        return None;
    }
    // The rarer, the lower.
    let order = [Pattern::Fluctuating, Pattern::Episodic, Pattern::Ongoing, Pattern::SingleEpisode, Pattern::NoPain];
    let bar = |pattern: Pattern| Bar {
        label: capitalized(pattern.as_str()),
        counts: Severity::ALL
            .iter()
            .map(|&severity| {
                let class = patterns.classes.iter().find(|class| class.pattern == pattern && class.severity == severity);
                class.map_or(0, |class| class.programs)
            })
            .collect(),
    };
    Some(Bars {
        title: "Patterns of pain".to_owned(),
        subtitle: format!("Weekly mean pain of each {} from the program's start to the last log, by Kongsted's rules.", counted.singular()),
        x_label: counted.plural().to_owned(),
        parts: ["Minor or recovered (0–1)", "Mild (2–3)", "Moderate (4–5)", "Severe (6–10)"].map(str::to_owned).to_vec(),
        bars: order.into_iter().map(bar).collect(),
        total: classified,
        notes: vec![
            format!(
                "{} with a pattern, of {} with a log. Mean pain over the whole course, pain-free weeks included.",
                counted.count(classified),
                Counted::in_words(patterns.programs, patterns.patients)
            ),
            made.to_owned(),
        ],
    })
}
