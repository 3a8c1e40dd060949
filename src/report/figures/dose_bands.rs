//! Programs by how much of their prescription was done.

use crate::charts::{Bar, Bars};
use crate::domain::Counted;
use crate::domain::number::count;
use crate::study::Study;

pub(super) fn dose_bands(study: &Study, made: &str) -> Option<Bars> {
    let analysis = &study.adherence;
    let variants = &analysis.variants;
    if variants.bands.is_empty() {
        return None;
    }
    let counted = analysis.counted();
    let over = match variants.programs_over {
        0 => String::new(),
        programs => format!("; in {} at least one week had more than its prescription", count(programs)),
    };
    Some(Bars {
        title: "How much of the prescription was done".to_owned(),
        subtitle: format!("Sessions done over sessions prescribed, not capped, by {}.", counted.singular()),
        x_label: counted.plural().to_owned(),
        parts: vec![],
        bars: variants.bands.iter().map(|band| Bar { label: band.band.to_owned(), counts: vec![band.programs] }).collect(),
        total: analysis.programs,
        notes: vec![
            format!(
                "{} with a prescription{over}. What was not logged counts as not done.",
                Counted::in_words(analysis.programs, analysis.patients)
            ),
            made.to_owned(),
        ],
    })
}
