//! How soon patients are free of pain after surgery, by their adherence before it.

use rayon::prelude::*;
use serde::Serialize;

use super::surgery::adherence_by;
use crate::analysis::clusters::Clusters;
use crate::analysis::computed::Computed;
use crate::analysis::contrast::{Adjustment, Contrast, EventRow, adjusted_hazard};
use crate::analysis::covariates::CovariateChoice;
use crate::cohort::{Cohort, Course, remissions};
use crate::domain::{Day, EventKind};
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::survival::{CurveEstimator, CurveInterval, SurvivalCurve, TimeToEvent, curve};

/// Recovery after surgery by adherence before it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecoveryAfterSurgery {
    /// Surgeries after the start of a program.
    pub surgeries: usize,
    /// Of those, with adherence before and pain after.
    pub n: usize,
    /// Their patients.
    pub patients: usize,
    /// Recoveries among them.
    pub recovered: usize,
    /// Surgeries not compared: less than a week of a prescription before.
    pub no_adherence: usize,
    /// Surgeries not compared: pain not logged for long enough afterwards.
    pub no_pain: usize,
    /// Surgeries not compared: in remission on the day.
    pub in_remission: usize,
    /// Adherence from which a program is in the high band.
    pub cut: f64,
    /// Programs in the low and the high band.
    pub sizes: [usize; 2],
    /// Curves of not having recovered yet: low band, high band.
    pub curves: [Computed<SurvivalCurve>; 2],
    /// Hazard ratio of recovery, high against low band.
    pub not_adjusted: Computed<Contrast>,
    /// The same at equal covariates.
    pub adjusted: Computed<Contrast>,
    /// The ratio for 10 % more adherence, at equal covariates.
    pub per_tenth: Computed<Contrast>,
}

struct Row {
    course: usize,
    patient: usize,
    days: i32,
    recovered: bool,
    adherence: f64,
}

enum Found {
    Row(Row),
    NoAdherence,
    NoPain,
    InRemission,
}

/// Time from surgery to recovery.
///
/// # Definition
/// The first surgery after the start of a program. Adherence before it: mean over the program's weeks that had ended by the day before of
/// min(done, prescribed) / prescribed. *Recovery* is the first day of the first remission that begins after surgery; the log is followed
/// to its last day before a silence longer than `censoring.silence`, the next program, withdrawal or death, less the days a remission
/// takes to be seen (as for the time from the start of a program).
#[must_use]
pub fn analyze_recovery_after_surgery(
    logs: &Logs,
    cohort: &Cohort,
    covariates: &CovariateChoice,
    settings: &Settings,
) -> RecoveryAfterSurgery {
    let (cut, level) = (settings.adherence.adherent_week, settings.model.level);
    let each: Vec<Found> =
        cohort.courses.par_iter().enumerate().filter_map(|(index, course)| after_surgery(index, course, logs, settings)).collect();
    let count = |wanted: fn(&Found) -> bool| each.iter().filter(|found| wanted(found)).count();
    let (no_adherence, no_pain) = (count(|found| matches!(found, Found::NoAdherence)), count(|found| matches!(found, Found::NoPain)));
    let (surgeries, in_remission) = (each.len(), count(|found| matches!(found, Found::InRemission)));
    let rows: Vec<Row> = each
        .into_iter()
        .filter_map(|found| match found {
            Found::Row(row) => Some(row),
            _ => None,
        })
        .collect();
    let high = |row: &Row| row.adherence >= cut - 1e-9;
    let band = |wanted: bool| -> Computed<SurvivalCurve> {
        let members: Vec<&Row> = rows.iter().filter(|row| high(row) == wanted).collect();
        TimeToEvent::new(members.iter().map(|row| f64::from(row.days)).collect(), members.iter().map(|row| row.recovered).collect())
            .and_then(|rows| curve(&rows, CurveEstimator::KaplanMeier, CurveInterval::LogLog, level, None))
            .into()
    };
    let events = |exposure: &dyn Fn(&Row) -> f64| -> Vec<EventRow> {
        rows.iter()
            .map(|row| EventRow {
                course: row.course,
                patient: row.patient,
                from: 0,
                to: row.days,
                event: row.recovered,
                exposure: exposure(row),
            })
            .collect()
    };
    let by_band = events(&|row| f64::from(high(row)));
    let adjustment = Adjustment::but(covariates, &["adherence"]);
    let n_high = rows.iter().filter(|row| high(row)).count();
    RecoveryAfterSurgery {
        surgeries,
        n: rows.len(),
        patients: Clusters::of(rows.iter().map(|row| row.patient)).patients,
        recovered: rows.iter().filter(|row| row.recovered).count(),
        no_adherence,
        no_pain,
        in_remission,
        cut,
        sizes: [rows.len() - n_high, n_high],
        curves: [band(false), band(true)],
        not_adjusted: adjusted_hazard(&by_band, &Adjustment::default(), level).into(),
        adjusted: adjusted_hazard(&by_band, &adjustment, level).into(),
        per_tenth: adjusted_hazard(&events(&|row| row.adherence / 0.1), &adjustment, level).into(),
    }
}

/// What a course says of recovery after surgery; `None` without surgery after its start.
fn after_surgery(index: usize, course: &Course, logs: &Logs, settings: &Settings) -> Option<Found> {
    let start = course.program?.start;
    let own = |row: &usize| {
        let day = logs.events.day[*row];
        day > start.0 && course.next_start.is_none_or(|next| day < next.0)
    };
    let surgery = logs.events.rows(course.patient).filter(own).find(|&row| logs.events.kind[row] == EventKind::Surgery)?;
    let surgery = logs.events.day[surgery];
    let before = course.adherence.as_ref().and_then(|adherence| adherence_by(adherence, surgery - start.0, false));
    let Some(adherence) = before else { return Some(Found::NoAdherence) };
    let exit = logs.events.rows(course.patient).find(|&row| {
        logs.events.day[row] > surgery && logs.events.kind[row] != EventKind::Surgery && logs.events.kind[row].ends_follow_up()
    });
    let exit = exit.map(|row| logs.events.day[row]).into_iter().chain(course.next_start.map(|next| next.0 - 1)).min();
    let days = &logs.pain.day[logs.pain.rows(course.patient)];
    let silence = settings.censoring.silence;
    let mut last = surgery;
    for &day in &days[days.partition_point(|&day| day <= surgery)..] {
        if (silence > 0 && day - last > silence) || exit.is_some_and(|exit| day > exit) {
            break;
        }
        last = day;
    }
    let spans = remissions(&logs.pain, course.patient, settings);
    if spans.iter().any(|span| span.holds_on(Day(surgery), &logs.pain, course.patient, settings)) {
        return Some(Found::InRemission);
    }
    let recovery = spans.iter().find(|span| span.from.0 > surgery && span.confirmed.0 <= last).map(|span| span.from.0 - surgery);
    let watched = last - settings.remission.days - surgery;
    if recovery.is_none() && watched < 1 {
        return Some(Found::NoPain);
    }
    let days = recovery.unwrap_or(watched);
    Some(Found::Row(Row { course: index, patient: course.patient, days, recovered: recovery.is_some(), adherence }))
}
