//! "Keep it up" against "drop it", as a trial would compare them: clone, censor, weight.

use serde::Serialize;

use super::super::comparison::{GroupOutcome, HazardRatio, MaintainedRow};
use super::super::computed::Computed;
use super::super::covariates::CovariateChoice;
use super::clones::{StrategyClone, clone_of, exposure_on, spans_of, stretches_of};
use super::confounders::Confounders;
use super::distribution::{WeightDistribution, Weights};
use super::followed::{Followed, Loss, LossModel, Person};
use super::history::{KnownPain, PainHistory};
use super::outcome::{WeightedRow, joined, weighted_curves, weighted_ratio};
use super::staying::{FEWEST_LEFT, Stretch, cumulative, staying};
use super::treatment::{TreatmentModel, treatment_weights};
use super::warnings;
use crate::cohort::{Cohort, Exposure, ExposureSpan, SHORTEST_WINDOW};
use crate::domain::{Counted, Tally};
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::StatsError;
use crate::stats::survival::HorizonContrast;

/// The comparison of the two strategies.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CloneCensorWeight {
    /// Days after the first day at risk from which a strategy has to be followed.
    pub grace: i32,
    /// Programs, each cloned into both strategies.
    pub n: usize,
    /// Their patients.
    pub patients: usize,
    /// Recurrences among the programs.
    pub n_events: usize,
    /// Programs at risk left out because a covariate is missing.
    pub missing_covariate: usize,
    /// Hazard ratio of the clones without weights.
    pub unweighted: Computed<HazardRatio>,
    /// Weighted, from the first day at risk on; up to the grace day both strategies share everybody, which pulls it towards 1.
    pub hazard_ratio: HazardRatio,
    /// Weighted, of the time after the grace day.
    pub after_grace: Computed<HazardRatio>,
    /// Weighted curves: drop it, then keep it up.
    pub groups: Vec<GroupOutcome>,
    /// Difference of the weighted curves at the horizon: keep it up less drop it.
    pub contrast: Computed<HorizonContrast>,
    /// Drop it, then keep it up.
    pub arms: [StrategyArm; 2],
    /// The model of who kept it up at the grace day.
    pub treatment: TreatmentModel,
    /// The model of who was lost.
    pub loss: LossModel,
    /// What speaks against the comparison.
    pub warnings: Vec<String>,
}

/// The clones of one strategy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StrategyArm {
    /// The state that is to be kept.
    pub strategy: Exposure,
    /// Clones: one of each program.
    pub clones: usize,
    /// Recurrences while the strategy was followed.
    pub recurrences: usize,
    /// Clones censored at the grace day, not being in the state by then.
    pub censored_at_grace: usize,
    /// Clones censored later, when they left the state.
    pub censored_later: usize,
    /// Share of the clones censored for either reason.
    pub share_censored: f64,
    /// Days at risk under the strategy.
    pub days: i64,
    /// Terms of the model of who left the state after the grace day; empty where there is none.
    pub terms: Vec<String>,
    /// Terms that could not be used, or not as they are, each with the reason; or why there is no model.
    pub dropped: Vec<String>,
    /// The weights over the intervals.
    pub weights: WeightDistribution,
}

/// Labels of the strategies in the order of the groups.
const LABELS: [&str; 2] = ["drop it", "keep it up"];

/// Compares keeping the exercise up with dropping it, from the first day at risk.
///
/// # Definition
/// Target trial: everybody at risk, time zero the first day at risk, strategies "be maintained on every day from the grace day on" and
/// "be maintained on none". Every program is cloned into both; a clone ends on the first day on which its exposure, as known at the
/// day's start from the window before it, breaks its strategy. What a clone loses by this is made up for by weights:
/// ```text
/// at the grace day g:   P(A = a) / P(A = a | L),  L: covariates, and pain and logging before the exposure window
/// later, each strategy: Π_{j<k} P(goes on in j) / P(goes on in j | L, recent pain and logging)
/// loss of follow-up:    Π_{j<k} P(not lost in j) / P(not lost in j | exposure, L, recent pain and logging)
/// ```
/// over intervals that begin anew at g; each interval has the weight known at its start. The Cox model and the curves are those of
/// the weighted clones, errors by patient, so that a patient's clones are one. Surgery, new programs, deaths and the cut-off censor
/// without weights.
///
/// # Conventions
/// A recurrence by the grace day counts in both strategies. The grace day is at least lag + 7, by which everybody's exposure is known.
/// Weights are cut at the percentiles of the settings, those of the grace day and those for staying each for themselves. Errors take
/// the weights as known.
///
/// # References
/// Cain et al. (2010), *Int J Biostat* 6:18. Hernán (2018), *BMJ* 360:k182. Maringe et al. (2020), *Int J Epidemiol* 49:1719–1729.
#[must_use]
pub fn clone_censor_weight(logs: &Logs, cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> Computed<CloneCensorWeight> {
    match weigh(logs, cohort, covariates, settings) {
        Ok(found) => Computed::Value(found),
        Err(reason) => Computed::NotTestable(reason),
    }
}

fn weigh(logs: &Logs, cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> Result<CloneCensorWeight, String> {
    let rule = &settings.maintenance;
    let grace = settings.weights.grace.max(rule.lag.saturating_add(SHORTEST_WINDOW));
    let (at_risk, known) = at_risk(logs, cohort, grace, settings);
    let confounders = Confounders::of(&at_risk, covariates, &known);
    let people: Vec<Person<'_>> = confounders
        .complete
        .iter()
        .filter_map(|&place| {
            let course = &cohort.courses[at_risk[place].course];
            Some(Person { row: at_risk[place], course, time_zero: course.follow_up.ok()?.at_risk_from })
        })
        .collect();
    let tally = Tally::of(people.iter().map(|person| person.row.patient));
    let counted = Counted::of(tally.programs, tally.patients);
    let n_events = people.iter().filter(|person| person.row.recurred).count();
    let spans = spans_of(&people, rule);

    // Who is still followed at the grace day, and on which side.
    let there: Vec<usize> = (0..people.len()).filter(|&place| people[place].row.days > grace).collect();
    let exposed: Vec<bool> = there.iter().map(|&place| exposure_on(&spans[place], grace, rule) == Some(Exposure::Maintained)).collect();
    enough(&exposed, n_events, grace, counted, settings)?;
    let (grace_weights, treatment) =
        treatment_weights(&exposed, &confounders.among(&there), settings.weights.truncate, settings.model.level)?;
    let mut at_grace: Vec<Option<usize>> = vec![None; people.len()];
    there.iter().enumerate().for_each(|(weight, &place)| at_grace[place] = Some(weight));

    let followed = Followed::of(logs, &people, grace, settings);
    let now = |stretch: &Stretch| f64::from(exposure_on(&spans[stretch.person], stretch.from, rule) == Some(Exposure::Maintained));
    let group = followed.stretches.iter().map(now).collect();
    let loss = Loss::of(&followed, &confounders, ("kept up at the time", group), false, settings)?;

    let inputs = Inputs {
        people: &people,
        spans: &spans,
        confounders: &confounders,
        followed: &followed,
        loss: &loss,
        of_grace: (&grace_weights, &at_grace),
    };
    let (drop_it, drop_rows) = inputs.arm(Exposure::NotMaintained, grace, settings)?;
    let (keep_up, keep_rows) = inputs.arm(Exposure::Maintained, grace, settings)?;
    let arms = [drop_it, keep_up];
    let rows: Vec<WeightedRow> = drop_rows.into_iter().chain(keep_rows).collect();
    let level = settings.model.level;
    let cannot = |error: StatsError| format!("the weighted model could not be fitted: {error}");
    let hazard_ratio = weighted_ratio(&rows, level).map_err(cannot)?;
    let (groups, contrast) = weighted_curves(&rows, LABELS, &settings.model).map_err(cannot)?;
    let after: Vec<WeightedRow> = rows.iter().filter(|row| row.from >= grace).copied().collect();
    let plain = joined(rows.iter().map(|row| WeightedRow { weight: 1.0, ..*row }), grace);
    let mut warnings = warnings::of_treatment(&treatment, counted.plural());
    for (arm, label) in arms.iter().zip(LABELS) {
        warnings.extend(warnings::of_weights(&format!("the clones of \"{label}\""), &arm.weights));
    }
    Ok(CloneCensorWeight {
        grace,
        n: tally.programs,
        patients: tally.patients,
        n_events,
        missing_covariate: at_risk.len() - people.len(),
        unweighted: weighted_ratio(&plain, level).into(),
        hazard_ratio,
        after_grace: weighted_ratio(&after, level).into(),
        groups,
        contrast,
        arms,
        treatment,
        loss: loss.model,
        warnings,
    })
}

/// Everybody with a day at risk, and what the pain log said before the window that ends the days of grace.
fn at_risk(logs: &Logs, cohort: &Cohort, grace: i32, settings: &Settings) -> (Vec<MaintainedRow>, Vec<Option<KnownPain>>) {
    let rule = &settings.maintenance;
    let (mut rows, mut known) = (Vec::new(), Vec::new());
    for (index, course) in cohort.courses.iter().enumerate() {
        let Ok(follow_up) = course.follow_up else { continue };
        if follow_up.days() < 1 {
            continue;
        }
        rows.push(MaintainedRow {
            course: index,
            patient: course.patient,
            from: 0,
            days: follow_up.days(),
            recurred: follow_up.recurred(),
            exposure: Exposure::NotMaintained,
        });
        let before = follow_up.at_risk_from.plus(grace.saturating_sub(rule.lag).saturating_sub(rule.window));
        known.push(PainHistory::of(logs, course, settings).and_then(|history| history.before(before)));
    }
    (rows, known)
}

/// Whether there are enough to weigh.
fn enough(exposed: &[bool], n_events: usize, grace: i32, counted: Counted, settings: &Settings) -> Result<(), String> {
    let rule = &settings.claims;
    for (group, what) in [(true, "kept the exercise up"), (false, "did not keep it up")] {
        let n = exposed.iter().filter(|&&exposed| exposed == group).count();
        if n < rule.min_group {
            return Err(format!(
                "only {} with all covariates {what} {grace} days after the first day at risk, and weighting needs {}; log more patients, \
                 and the covariates of all of them",
                counted.count(n),
                rule.min_group
            ));
        }
    }
    if n_events < rule.min_events {
        return Err(format!("only {n_events} recurrences, and weighting needs {}; follow patients for longer", rule.min_events));
    }
    Ok(())
}

/// What both strategies are made from.
struct Inputs<'a> {
    people: &'a [Person<'a>],
    spans: &'a [Vec<ExposureSpan>],
    confounders: &'a Confounders,
    followed: &'a Followed,
    loss: &'a Loss,
    /// Weights of those followed at the grace day, and the place of each person among them.
    of_grace: (&'a Weights, &'a [Option<usize>]),
}

impl Inputs<'_> {
    /// The clones of a strategy, and their weighted rows.
    fn arm(&self, strategy: Exposure, grace: i32, settings: &Settings) -> Result<(StrategyArm, Vec<WeightedRow>), String> {
        let clone = |(place, person): (usize, &Person<'_>)| {
            clone_of(place, (person.row.days, person.row.recurred), &self.spans[place], strategy, grace, &settings.maintenance)
        };
        let clones: Vec<StrategyClone> = self.people.iter().enumerate().map(clone).collect();
        let (stretches, places) = stretches_of(&clones, self.followed);
        let (ratios, terms, dropped) = self.going_on(&stretches, &places, grace, settings);
        let ratios: Vec<f64> = ratios.iter().zip(&places).map(|(ratio, &place)| ratio * self.loss.ratios[place]).collect();
        let stayed = Weights::truncated(cumulative(&stretches, &ratios), settings.weights.truncate).map_err(|error| error.to_string())?;
        let (grace_weights, place_of) = self.of_grace;
        let weights = stayed.times(grace_weights, |place| {
            let stretch = &stretches[place];
            if stretch.from < grace { None } else { place_of[stretch.person] }
        });
        let at_grace = clones.iter().filter(|clone| clone.deviated && clone.days == grace).count();
        let censored = clones.iter().filter(|clone| clone.deviated).count();
        let arm = StrategyArm {
            strategy,
            clones: clones.len(),
            recurrences: clones.iter().filter(|clone| clone.recurred).count(),
            censored_at_grace: at_grace,
            censored_later: censored - at_grace,
            share_censored: censored as f64 / clones.len().max(1) as f64,
            days: clones.iter().map(|clone| i64::from(clone.days)).sum(),
            terms,
            dropped,
            weights: weights.distribution().map_err(|error| error.to_string())?,
        };
        let rows = stretches.iter().zip(&weights.values).map(|(stretch, &weight)| {
            let person = &self.people[stretch.person].row;
            WeightedRow {
                patient: person.patient,
                program: person.course,
                exposure: strategy,
                from: stretch.from,
                to: stretch.to,
                recurred: stretch.recurred,
                weight,
            }
        });
        Ok((arm, joined(rows, grace)))
    }

    /// Ratios of going on in the state after the grace day: 1 before it, and where too few leave for a model.
    fn going_on(&self, stretches: &[Stretch], places: &[usize], grace: i32, settings: &Settings) -> (Vec<f64>, Vec<String>, Vec<String>) {
        let mut ratios = vec![1.0; stretches.len()];
        let later: Vec<usize> = (0..stretches.len()).filter(|&place| stretches[place].from >= grace).collect();
        let own: Vec<Stretch> = later.iter().map(|&place| stretches[place]).collect();
        let left = own.iter().filter(|stretch| stretch.left).count();
        if left < FEWEST_LEFT {
            return (ratios, vec![], vec![format!("{left} left the strategy after the grace day, too few for a model of who does")]);
        }
        let history = self.followed.history(self.confounders, &later.iter().map(|&place| places[place]).collect::<Vec<_>>());
        match staying(&own, settings.weights.interval, vec![], history) {
            Err(error) => (ratios, vec![], vec![format!("the model of who left the strategy could not be fitted: {error}")]),
            Ok(found) => {
                later.iter().zip(&found.ratios).for_each(|(&place, &ratio)| ratios[place] = ratio);
                (ratios, found.terms, found.dropped)
            }
        }
    }
}
