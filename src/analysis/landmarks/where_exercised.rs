//! Recurrence from the landmark on, of those who went to a class, who exercised at home, and who did neither.

use serde::Serialize;

use crate::analysis::clusters::Clusters;
use crate::analysis::computed::Computed;
use crate::analysis::contrast::{Adjustment, Contrast, EventRow, adjusted_hazard};
use crate::analysis::covariates::CovariateChoice;
use crate::cohort::{Cohort, Course, Exposure, LandmarkFate, LandmarkMember, landmark_fate};
use crate::domain::{SessionStatus, Setting};
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::holm;
use crate::stats::survival::{CurveEstimator, CurveInterval, SurvivalCurve, TimeToEvent, curve};

/// Where the exercise was kept up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// It was not.
    None,
    /// Mostly at home or in the clinic.
    Home,
    /// At least half of the sessions in a class.
    Class,
}

impl Place {
    /// As a clause about patients: "went to a class".
    #[must_use]
    pub fn clause(self) -> &'static str {
        match self {
            Self::None => "did not keep the exercise up",
            Self::Home => "kept it up at home",
            Self::Class => "went to a class",
        }
    }
}

/// Three groups compared from the landmark on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WhereExercised {
    /// Days after the origin.
    pub landmark: i32,
    /// Programs compared.
    pub n: usize,
    /// Their patients.
    pub patients: usize,
    /// Recurrences after the landmark.
    pub recurrences: usize,
    /// Programs at risk, but not in a group at the landmark (recurred, no longer followed, too early to tell).
    pub not_at_landmark: usize,
    /// Programs that kept the exercise up without a setting logged for most of their sessions.
    pub no_setting: usize,
    /// None, home, class.
    pub groups: [PlaceOutcome; 3],
    /// Class against none, class against home, home against none.
    pub pairs: [PlacePair; 3],
}

/// One group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceOutcome {
    /// Which.
    pub place: Place,
    /// Programs.
    pub n: usize,
    /// Recurrences.
    pub recurrences: usize,
    /// Curve of being free of recurrence.
    pub curve: Computed<SurvivalCurve>,
}

/// Two groups against each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlacePair {
    /// The group of interest.
    pub one: Place,
    /// The other.
    pub other: Place,
    /// Hazard ratio of recurrence.
    pub not_adjusted: Computed<Contrast>,
    /// The same at equal covariates.
    pub adjusted: Computed<Contrast>,
    /// p of the adjusted ratio (else the unadjusted one), adjusted for the three pairs (Holm).
    pub holm_p: Option<f64>,
}

impl PlacePair {
    /// The adjusted ratio, else the unadjusted one.
    #[must_use]
    pub fn contrast(&self) -> Option<&Contrast> {
        self.adjusted.value().or(self.not_adjusted.value())
    }
}

/// Groups by where the exercise was kept up, at a landmark.
///
/// # Definition
/// Who is at the landmark, and who keeps the exercise up there, is as in the core comparison. Of the sessions done in its window of
/// history with a setting logged, at least half in a class make a *class* member; others who keep it up exercise at *home*. Who keeps it
/// up with fewer than half of the sessions' settings logged is left out. Hazard ratios by Cox models of two groups each.
///
/// # References
/// Anderson, Cain & Gelber (1983), *J Clin Oncol* 1:710–719. Holm (1979), *Scand J Stat* 6:65–70.
#[must_use]
pub fn analyze_where_exercised(
    logs: &Logs,
    cohort: &Cohort,
    covariates: &CovariateChoice,
    landmark: i32,
    settings: &Settings,
) -> WhereExercised {
    let level = settings.model.level;
    let (mut not_at_landmark, mut no_setting) = (0, 0);
    let mut members: Vec<(Place, EventRow)> = Vec::new();
    for (index, course) in cohort.courses.iter().enumerate() {
        let Some(fate) = landmark_fate(course, landmark, settings.landmark.origin, &settings.maintenance) else { continue };
        let LandmarkFate::Member(member) = fate else {
            not_at_landmark += 1;
            continue;
        };
        let Some(place) = place(course, &member, logs, settings) else {
            no_setting += 1;
            continue;
        };
        let row = EventRow { course: index, patient: course.patient, from: 0, to: member.days, event: member.recurred, exposure: 0.0 };
        members.push((place, row));
    }
    let group = |place: Place| {
        let own: Vec<&EventRow> = members.iter().filter(|(of, _)| *of == place).map(|(_, row)| row).collect();
        let cluster = Clusters::of(own.iter().map(|row| row.patient)).of_row;
        PlaceOutcome {
            place,
            n: own.len(),
            recurrences: own.iter().filter(|row| row.event).count(),
            curve: TimeToEvent::new(own.iter().map(|row| f64::from(row.to)).collect(), own.iter().map(|row| row.event).collect())
                .and_then(|rows| curve(&rows, CurveEstimator::KaplanMeier, CurveInterval::LogLog, level, cluster.as_deref()))
                .into(),
        }
    };
    let adjustment = Adjustment::but(covariates, &[]);
    let pair = |one: Place, other: Place| {
        let rows: Vec<EventRow> = members
            .iter()
            .filter(|(of, _)| *of == one || *of == other)
            .map(|(of, row)| EventRow { exposure: f64::from(*of == one), ..*row })
            .collect();
        PlacePair {
            one,
            other,
            not_adjusted: adjusted_hazard(&rows, &Adjustment::default(), level).into(),
            adjusted: adjusted_hazard(&rows, &adjustment, level).into(),
            holm_p: None,
        }
    };
    let mut pairs = [pair(Place::Class, Place::None), pair(Place::Class, Place::Home), pair(Place::Home, Place::None)];
    let p_values: Vec<f64> = pairs.iter().filter_map(|pair| pair.contrast().map(|contrast| contrast.p_value)).collect();
    let mut adjusted = holm(&p_values).into_iter();
    for pair in &mut pairs {
        if pair.contrast().is_some() {
            pair.holm_p = adjusted.next();
        }
    }
    WhereExercised {
        landmark,
        n: members.len(),
        patients: Clusters::of(members.iter().map(|(_, row)| row.patient)).patients,
        recurrences: members.iter().filter(|(_, row)| row.event).count(),
        not_at_landmark,
        no_setting,
        groups: [Place::None, Place::Home, Place::Class].map(group),
        pairs,
    }
}

/// Where a member of the landmark keeps the exercise up; `None` where too few sessions say.
fn place(course: &Course, member: &LandmarkMember, logs: &Logs, settings: &Settings) -> Option<Place> {
    if member.exposure == Exposure::NotMaintained {
        return Some(Place::None);
    }
    let rule = &settings.maintenance;
    let completion = course.program?.completion.ok()?;
    let to = member.landmark.plus(-rule.lag);
    let from = to.plus(1 - rule.window).max(completion.plus(1));
    let rows = logs.sessions.rows(course.patient);
    let days = &logs.sessions.day[rows.clone()];
    let window = rows.start + days.partition_point(|&day| day < from.0)..rows.start + days.partition_point(|&day| day <= to.0);
    let done = window.filter(|&row| logs.sessions.status[row] != SessionStatus::Missed);
    let (mut sessions, mut known, mut class) = (0, 0, 0);
    for row in done {
        sessions += 1;
        if let Some(setting) = logs.sessions.setting(row) {
            known += 1;
            class += usize::from(setting == Setting::Class);
        }
    }
    (known > 0 && 2 * known >= sessions).then_some(if 2 * class >= known { Place::Class } else { Place::Home })
}
