//! What staywell kept of a study, by file and line: the one place of these tests that knows the shape of [`Logs`].

use std::collections::BTreeMap;

use staywell::domain::{Day, OptionalNumber, SessionStatus};
use staywell::ingest::{CovariateValues, Logs, Place};

use super::valid::{Fields, spelled};

/// The rows of one file that were kept, by line.
pub type KeptRows = BTreeMap<usize, Fields>;

struct Collector<'a> {
    logs: &'a Logs,
    files: BTreeMap<String, KeptRows>,
    twice: Vec<String>,
}

impl Collector<'_> {
    fn add(&mut self, place: Option<Place>, fields: Fields) {
        let Some(account) = place.and_then(|place| self.logs.reading.files.get(place.file)) else {
            self.twice.push(format!("a kept row has no place: {fields:?}"));
            return;
        };
        let (file, line) = (account.file.clone(), place.map_or(0, |place| place.line));
        if self.files.entry(file.clone()).or_default().insert(line, fields).is_some() {
            self.twice.push(format!("{file}, line {line} was kept twice"));
        }
    }
}

fn fields(id: &str, day: i32, more: &[(&str, Option<String>)]) -> Fields {
    let mut fields: Fields = more.iter().filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?))).collect();
    fields.insert("patient_id".to_owned(), id.to_owned());
    fields.insert("date".to_owned(), Day(day).to_string());
    fields
}

/// Rows of sessions, pain and events; faults such as a line kept twice.
pub fn long_logs(logs: &Logs) -> (BTreeMap<String, KeptRows>, Vec<String>) {
    let mut all = Collector { logs, files: BTreeMap::new(), twice: Vec::new() };
    let short =
        |column: &[OptionalNumber], row: usize| column.get(row).and_then(|value| value.get()).map(|value| spelled(f64::from(value)));
    for (patient, id) in logs.patients.ids.iter().enumerate() {
        for row in logs.pain.rows(patient) {
            let lasted = logs.pain.lasted(row).then(|| "yes".to_owned());
            let more = [("pain", Some(spelled(f64::from(logs.pain.score[row])))), ("lasted_24h", lasted)];
            all.add(logs.pain.places.of(row), fields(id, logs.pain.day[row], &more));
        }
        let sessions = &logs.sessions;
        for row in sessions.rows(patient) {
            let more = [
                ("phase", sessions.phase[row].map(|phase| phase.as_str().to_owned())),
                ("status", Some(sessions.status[row].as_str().to_owned())),
                ("minutes", short(&sessions.minutes, row)),
                ("fraction_done", short(&sessions.fraction_done, row)),
            ];
            all.add(sessions.places.of(row), fields(id, sessions.day[row], &more));
        }
        for row in logs.events.rows(patient) {
            let more = [("event", Some(logs.events.kind[row].as_str().to_owned()))];
            all.add(logs.events.places.of(row), fields(id, logs.events.day[row], &more));
        }
    }
    (all.files, all.twice)
}

/// Programs, in the order of patients.
pub fn programs(logs: &Logs) -> Vec<Fields> {
    let of_all =
        logs.patients.ids.iter().enumerate().flat_map(|(patient, id)| logs.programs.of(patient).iter().map(move |program| (id, program)));
    of_all
        .map(|(id, program)| {
            let day = |day: Option<Day>| day.map(|day| day.to_string());
            let more = [
                ("start", Some(program.start.to_string())),
                ("planned_end", day(program.planned_end)),
                ("completed_on", day(program.completed_on)),
                ("outcome", program.outcome.map(|outcome| outcome.as_str().to_owned())),
                ("prescribed_per_week", program.prescribed_per_week.map(spelled)),
            ];
            let mut fields = fields(id, 0, &more);
            fields.remove("date");
            fields
        })
        .collect()
}

/// Patients with what the roster says of them, numbers spelled one way.
pub fn patients(logs: &Logs) -> BTreeMap<String, Fields> {
    let ids = logs.patients.ids.iter().enumerate();
    ids.map(|(patient, id)| {
        let said = logs.patients.covariates.iter().filter_map(|covariate| {
            let value = match &covariate.values {
                CovariateValues::Number(values) => spelled(values[patient]?),
                CovariateValues::Category { levels, codes } => levels[codes[patient]? as usize].clone(),
            };
            Some((covariate.name.clone(), value))
        });
        (id.clone(), said.collect())
    })
    .collect()
}

/// The status of a row that says none.
pub fn silent_status() -> String {
    SessionStatus::Done.as_str().to_owned()
}
