//! A study from logs to verdicts: what reports, figures and notebooks take.

use std::sync::OnceLock;

use crate::analysis::{
    AdherenceAnalysis, DataQuality, DefinitionGrid, LookList, PainAnalysis, PatientAnalysis, QuestionnaireAnalysis, RecurrenceAnalysis,
    analyze_adherence, analyze_definition_grid, analyze_pain, analyze_patient, analyze_questionnaires, analyze_recurrence,
    assess_data_quality, choose_covariates, list_looks,
};
use crate::claims::{CLAIMS, ClaimResult, Evidence, test_claims};
use crate::cohort::Cohort;
use crate::domain::nearest;
use crate::domain::number::counted;
use crate::ingest::Logs;
use crate::settings::Settings;

/// A study, analyzed.
#[derive(Clone, Debug)]
pub struct Study {
    /// The logs as read.
    pub logs: Logs,
    /// The definitions used.
    pub settings: Settings,
    /// One course per program of a patient.
    pub cohort: Cohort,
    /// Adherence.
    pub adherence: AdherenceAnalysis,
    /// Pain.
    pub pain: PainAnalysis,
    /// Recurrence.
    pub recurrence: RecurrenceAnalysis,
    /// Patients worth a look.
    pub look_list: LookList,
    /// Questionnaires that are in the logs.
    pub questionnaires: Vec<QuestionnaireAnalysis>,
    /// How the logs were kept.
    pub quality: DataQuality,
    /// The claims, tested as one family.
    pub claims: Vec<ClaimResult>,
    grid: OnceLock<DefinitionGrid>,
}

/// No patient of the study has this id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no patient \"{id}\" in this study of {}{}", counted(*patients, "patient", "patients"), suggestion.as_ref().map_or_else(String::new, |near| format!("; did you mean \"{near}\"?")))]
pub struct UnknownPatient {
    /// The id asked for.
    pub id: String,
    /// Patients in the study.
    pub patients: usize,
    /// The nearest id.
    pub suggestion: Option<String>,
}

impl Study {
    /// Analyzes a study.
    #[must_use]
    pub fn run(mut logs: Logs, mut settings: Settings) -> Self {
        // A rule about a column that nobody filled would count no recurrence at all.
        if settings.recurrence.limiting && logs.pain.limited.iter().all(Option::is_none) {
            settings.recurrence.limiting = false;
            logs.reading.notes.push(
                "recurrence.limiting asks for logs that say the pain limited activity, but no pain log does (limited in pain.csv): recurrences \
                 are counted by the score alone"
                    .to_owned(),
            );
        }
        let cohort = Cohort::build(&logs, &settings);
        let covariates = choose_covariates(&logs, &cohort, &settings);
        let (adherence, (pain, recurrence)) = rayon::join(
            || analyze_adherence(&logs, &cohort, &settings),
            || rayon::join(|| analyze_pain(&logs, &cohort, &settings), || analyze_recurrence(&logs, &cohort, covariates, &settings)),
        );
        let claims = test_claims(
            CLAIMS,
            &Evidence { logs: &logs, cohort: &cohort, adherence: &adherence, pain: &pain, recurrence: &recurrence, settings: &settings },
        );
        let quality = assess_data_quality(&logs);
        let questionnaires = analyze_questionnaires(&logs, &cohort, &settings);
        let look_list = list_looks(&logs, &cohort, &settings);
        Self { logs, settings, cohort, adherence, pain, recurrence, look_list, questionnaires, quality, claims, grid: OnceLock::new() }
    }

    /// The core comparison under other definitions; worked out when it is first asked for.
    #[must_use]
    pub fn definition_grid(&self) -> &DefinitionGrid {
        self.grid.get_or_init(|| analyze_definition_grid(&self.logs, &self.cohort, &self.recurrence.covariates, &self.settings))
    }

    /// One patient's analysis.
    ///
    /// # Errors
    /// [`UnknownPatient`] with the nearest id.
    pub fn patient(&self, id: &str) -> Result<PatientAnalysis, UnknownPatient> {
        let ids = &self.logs.patients.ids;
        let patient = ids.binary_search_by(|known| known.as_str().cmp(id)).map_err(|_| UnknownPatient {
            id: id.to_owned(),
            patients: ids.len(),
            suggestion: nearest(id, ids.iter().map(String::as_str)).map(str::to_owned),
        })?;
        Ok(analyze_patient(&self.logs, &self.cohort, patient, &self.settings))
    }
}
