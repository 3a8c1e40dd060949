//! Patients worth a look: the clinic's own list.

use super::super::document::{Block, Table};
use super::{SectionKind, points_note, reason};
use crate::domain::capitalized;
use crate::domain::number::{count, counted, percent};
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "look-list", title: "Worth a look", build };

/// Patients in the section; the table `look_list` has all.
const SHOWN: usize = 50;

fn build(study: &Study) -> Vec<Block> {
    let list = &study.look_list;
    let rule = &study.settings.look_list;
    if list.followed == 0 {
        return vec![reason(&format!(
            "no patient has a log in the {} days before the cut-off ({}), so there is nobody to look at now",
            rule.silence_until.max(rule.days),
            study.logs.cut_off
        ))];
    }
    if list.entries.is_empty() {
        return vec![reason(&format!("of {} followed at the cut-off none stands out", counted(list.followed, "patient", "patients")))];
    }
    let mut table = Table::new(
        format!("{} of {} followed at the cut-off", count(list.entries.len()), counted(list.followed, "patient", "patients")),
        &["Patient", "Why", "Since", "What was logged", "Last log", "Program"],
    );
    for entry in list.entries.iter().take(SHOWN) {
        for (number, look) in entry.looks.iter().enumerate() {
            let once = |text: String| if number == 0 { text } else { String::new() };
            table.push([
                once(entry.id.clone()),
                capitalized(look.reason.as_str()),
                look.since.to_string(),
                look.detail.clone(),
                once(entry.last_log.to_string()),
                once(if entry.in_program { "running" } else { "ended" }.to_owned()),
            ]);
        }
    }
    if list.entries.len() > SHOWN {
        table.notes.push(format!("The first {SHOWN}; all are in the table look_list."));
    }
    table.notes.push(format!(
        "By the {} days up to {}. Of patients whose pain is steady, a few in a hundred are listed for a rise by chance ({} intervals).",
        rule.days,
        study.logs.cut_off,
        percent(study.settings.model.level)
    ));
    table.notes.extend(points_note(study));
    vec![
        Block::Paragraph(
            "These patients may be worth a look or a call; the list says what was logged and finds no cause. New numbness or weakness is for \
             the clinician, and at once with numbness around the saddle, trouble with bladder or bowel, or weakness that grows."
                .to_owned(),
        ),
        Block::Table(table),
        Block::Paragraph(
            "This section and the table look_list hold ids of patients: leave both out of a report that leaves the clinic.".to_owned(),
        ),
    ]
}
