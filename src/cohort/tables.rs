//! The cohort as tables: one row per program, and one per program and week.

use polars::prelude::{Column, DataFrame, PolarsResult};

use crate::ingest::Logs;

use super::build::Cohort;
use super::course::Course;
use super::follow_up::FollowUpEnd;
use super::peripheralization::peripheralizations;

/// One row per patient and program (a patient without any has one row): program dates, adherence, pain, follow-up. Dates are ISO text, missing is null.
///
/// # Errors
/// Only if columns differ in length, which cannot happen here.
pub fn patient_table(logs: &Logs, cohort: &Cohort) -> PolarsResult<DataFrame> {
    let courses = &cohort.courses;
    let text =
        |name: &str, part: &dyn Fn(&Course) -> Option<String>| Column::new(name.into(), courses.iter().map(part).collect::<Vec<_>>());
    let number = |name: &str, part: &dyn Fn(&Course) -> Option<f64>| Column::new(name.into(), courses.iter().map(part).collect::<Vec<_>>());
    let whole = |name: &str, part: &dyn Fn(&Course) -> Option<i32>| Column::new(name.into(), courses.iter().map(part).collect::<Vec<_>>());
    let columns = vec![
        text("patient_id", &|course| Some(logs.patients.ids[course.patient].clone())),
        Column::new("program".into(), courses.iter().map(|course| course.program_number).collect::<Vec<_>>()),
        text("program_start", &|course| course.program.map(|program| program.start.to_string())),
        text("completed_on", &|course| course.program?.completion.ok().map(|day| day.to_string())),
        number("prescribed_sessions", &|course| course.adherence.as_ref().map(|adherence| adherence.prescribed)),
        number("done_sessions", &|course| course.adherence.as_ref().map(|adherence| adherence.done)),
        number("missed_sessions", &|course| course.adherence.as_ref().map(|adherence| adherence.missed)),
        number("unlogged_sessions", &|course| course.adherence.as_ref().map(|adherence| adherence.unlogged)),
        number("adherence", &|course| course.adherence.as_ref().map(|adherence| adherence.value)),
        number("adherence_weekly_capped", &|course| course.adherence.as_ref().map(|adherence| adherence.weekly_capped)),
        number("adherence_raw", &|course| course.adherence.as_ref().map(|adherence| adherence.raw)),
        number("adherence_if_unlogged_done", &|course| course.adherence.as_ref().map(|adherence| adherence.upper_bound)),
        number("adherent_weeks", &|course| course.adherence.as_ref().map(|adherence| adherence.adherent_weeks)),
        number("adherence_raw_if_unlogged_done", &|course| course.adherence.as_ref().map(|adherence| adherence.raw_upper)),
        number("weeks_over_100_percent", &|course| course.adherence.as_ref().map(|adherence| adherence.weeks_over)),
        text("dose_band", &|course| course.adherence.as_ref().map(|adherence| adherence.band.as_str().to_owned())),
        number("adherence_exercises", &|course| Some(course.adherence.as_ref()?.exercises?.weekly_capped)),
        number("adherence_minutes", &|course| Some(course.adherence.as_ref()?.in_minutes?.weekly_capped)),
        number("minutes_done", &|course| course.adherence.as_ref()?.minutes),
        whole("initiation_days", &|course| course.adherence.as_ref()?.initiation.days),
        text("initiated", &|course| {
            course.adherence.as_ref()?.initiation.within.map(|within| if within { "yes" } else { "no" }.to_owned())
        }),
        whole("persistence_days", &|course| course.adherence.as_ref().map(|adherence| adherence.persistence_days)),
        number("baseline_pain", &|course| course.pain.as_ref()?.baseline.map(|(pain, _)| pain)),
        number("end_pain", &|course| course.pain.as_ref()?.end),
        number("change", &|course| course.pain.as_ref()?.change()),
        // The rules of patterns are for scores from 0 to 10.
        text("pattern", &|course| {
            course.trajectory.pattern.ok().filter(|_| logs.scale.is_zero_to_ten()).map(|pattern| pattern.as_str().to_owned())
        }),
        number("flares", &|course| (course.flares.judged_days > 0).then_some(course.flares.flares.len() as f64)),
        text("peripheralized_on", &|course| {
            peripheralizations(&logs.pain, course.pain_rows.clone()).first().map(|found| found.day.to_string())
        }),
        text("at_risk_from", &|course| course.follow_up.ok().map(|follow_up| follow_up.at_risk_from.to_string())),
        text("followed_to", &|course| course.follow_up.ok().map(|follow_up| follow_up.end.to_string())),
        whole("days_at_risk", &|course| course.follow_up.ok().map(|follow_up| follow_up.days())),
        text("ended_by", &|course| {
            Some(match course.follow_up {
                Ok(follow_up) => match follow_up.ended_by {
                    FollowUpEnd::Recurrence => "recurrence".to_owned(),
                    FollowUpEnd::Censored(reason) => format!("censored: {reason}"),
                },
                Err(reason) => format!("not at risk: {reason}"),
            })
        }),
    ];
    DataFrame::new(courses.len(), columns)
}

/// One row per patient, program and week of it: prescription, done, missed, unlogged, and mean pain where logged.
///
/// # Errors
/// Only if columns differ in length, which cannot happen here.
pub fn patient_week_table(logs: &Logs, cohort: &Cohort) -> PolarsResult<DataFrame> {
    let mut ids: Vec<&str> = Vec::new();
    let mut program = vec![];
    let (mut week_number, mut prescribed, mut done, mut missed, mut unlogged) = (vec![], vec![], vec![], vec![], vec![]);
    let (mut pain, mut pain_days) = (vec![], vec![]);
    for course in &cohort.courses {
        let weeks = course.adherence.as_ref().map_or(&[][..], |adherence| &adherence.weeks);
        let pain_weeks = course.pain.as_ref().map_or(&[][..], |pain| &pain.weeks);
        let n_weeks = weeks.len().max(pain_weeks.last().map_or(0, |week| week.week as usize + 1));
        let mut logged = pain_weeks.iter().peekable();
        for week in 0..n_weeks {
            let adherence = weeks.get(week);
            let logged_now = logged.next_if(|logged| logged.week as usize == week);
            if adherence.is_none() && logged_now.is_none() {
                continue;
            }
            ids.push(&logs.patients.ids[course.patient]);
            program.push(course.program_number);
            week_number.push(week as u32 + 1);
            prescribed.push(adherence.map(|week| week.prescribed));
            done.push(adherence.map(|week| week.done));
            missed.push(adherence.map(|week| week.missed));
            unlogged.push(adherence.map(|week| week.unlogged));
            pain.push(logged_now.map(|week| week.mean));
            pain_days.push(logged_now.map(|week| week.days));
        }
    }
    let height = ids.len();
    let columns = vec![
        Column::new("patient_id".into(), ids),
        Column::new("program".into(), program),
        Column::new("week".into(), week_number),
        Column::new("prescribed".into(), prescribed),
        Column::new("done".into(), done),
        Column::new("missed".into(), missed),
        Column::new("unlogged".into(), unlogged),
        Column::new("mean_pain".into(), pain),
        Column::new("pain_days".into(), pain_days),
    ];
    DataFrame::new(height, columns)
}
