//! What is simulated, and what ought to come of it.

use staywell::simulate::{SimulationOptions, Uptake};

/// A scenario.
pub struct Scenario {
    /// Name on the command line.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// What was simulated, in plain words.
    pub what: &'static str,
    /// What is to be expected of each estimate, and why.
    pub reading: &'static str,
    /// Whether the assumptions of the primary estimate hold.
    pub holds: bool,
    /// Warnings that ought to fire where they do not.
    pub ought_to_warn: &'static [&'static str],
    /// The options, apart from those of every scenario.
    pub options: fn(SimulationOptions) -> SimulationOptions,
}

impl Scenario {
    /// The options of its cohorts.
    pub fn options(&self) -> SimulationOptions {
        // Healthy adherers of the usual strength whom the logged covariates describe, and no twinges.
        let usual = SimulationOptions {
            confounding: 0.5,
            confounding_measured: 1.0,
            reverse_causation: 0.0,
            uptake: Uptake::ByTrait,
            ..SimulationOptions::default()
        };
        (self.options)(usual)
    }
}

/// Settings of every cohort: the covariates, with the column that shows the trait, and an event the exercise cannot prevent.
pub const SETTINGS: &str = "\
[model]
covariates = [\"age\", \"sex\", \"previous_episodes\", \"activity_level\", \"baseline_pain\", \"adherence\"]

[negative_control]
event = \"referral\"
";

/// Every scenario, in the order of the document.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "null",
        title: "Nothing works",
        what: "Keeping the exercise up changes nothing (hazard ratio 1), and none of the further claims is true: relief does not depend on \
               adherence, technique, kind of treatment or anything else that is logged. Nobody drops out of the program. Patients who stick to \
               the exercise are healthier (strength 0.5), and the logged covariates tell how healthy they are. This is the scenario in which every \
               `supported` is false, except of the claims of little difference or of the course of pain (listed below the promises), which \
               are not counted.",
        reading: "The naive comparison finds an effect where there is none: to be counted as having kept the exercise up, a patient first has \
                  to stay well for four weeks. The others should find nothing more often than 1 time in 20.",
        holds: true,
        ought_to_warn: &[],
        options: |usual| SimulationOptions { maintenance_hazard_ratio: 1.0, claim_effects: false, program_dropout: 0.0, ..usual },
    },
    Scenario {
        id: "hr-0.5",
        title: "A strong effect: half the hazard",
        what: "While a patient's plan is to keep the exercise up, the hazard of recurrence is half of what it is otherwise. Healthy adherers as \
               above, described by the covariates.",
        reading: "The landmark looks at one day. Of those who kept it up by then, some stop soon after, and of the others a few take it up, so \
                  the ratio over the time after the landmark is nearer to 1 than the ratio of a day: it is diluted, not biased. The time-varying \
                  estimate follows each day, up to the four weeks its window needs to notice that somebody has stopped.",
        holds: true,
        ought_to_warn: &[],
        options: |usual| SimulationOptions { maintenance_hazard_ratio: 0.5, ..usual },
    },
    Scenario {
        id: "hr-0.72",
        title: "A moderate effect: hazard ratio 0.72",
        what: "As above with a hazard ratio of 0.72, about what trials of exercise after recovery have found.",
        reading: "With about 200 patients at the landmark there are too few recurrences to see an effect of this size reliably: most cohorts \
                  end as `inconclusive`, which is right.",
        holds: true,
        ought_to_warn: &[],
        options: |usual| SimulationOptions { maintenance_hazard_ratio: 0.72, ..usual },
    },
    Scenario {
        id: "reverse-causation",
        title: "Pain stops the exercise",
        what: "Keeping the exercise up changes nothing, but 80 % of recurrences are announced by weeks of twinges, which stop the exercise 10 to \
               45 days before the recurrence is logged. The twinges are logged as ones, now and then a 2 that does not hold.",
        reading: "The estimate by the exposure of each day takes the stop for the cause: with a lag of 7 days it is far below 1, and only lags \
                  beyond the twinges (42 days and more) bring it back. The landmark is affected only where the twinges fall on the weeks before \
                  it, so its bias is smaller. Clone-censor-weight takes the stop for the cause as well. What tells is the lag sweep and the days \
                  before the recurrence.",
        holds: false,
        ought_to_warn: &["reverse-causation", "lag-sweep"],
        options: |usual| SimulationOptions { maintenance_hazard_ratio: 1.0, reverse_causation: 0.8, ..usual },
    },
    Scenario {
        id: "confounding-measured",
        title: "Healthy adherers whom the logs describe",
        what: "Keeping the exercise up changes nothing. A trait of strength 1.5 (three times the usual) makes patients take up and keep up the \
               exercise, and lowers their hazard: one standard deviation halves it. The column `activity_level` of patients.csv shows the \
               trait.",
        reading: "Without covariates every comparison finds an effect. With them those that adjust should find none, be it by a model of the \
                  outcome or by weights.",
        holds: true,
        ought_to_warn: &[],
        options: |usual| SimulationOptions { maintenance_hazard_ratio: 1.0, confounding: 1.5, ..usual },
    },
    Scenario {
        id: "confounding-unmeasured",
        title: "Healthy adherers whom nothing logged describes",
        what: "As above, but nothing that is logged has anything to do with the trait. Referrals for another complaint (an event the exercise \
               cannot prevent) become rarer with it as recurrences do.",
        reading: "No estimate can be right: they all find an effect where there is none, and more patients only make them surer of it. Logs that \
                  hold nothing of the trait cannot show it. The negative controls are blunt: they miss it in most cohorts. The band of \
                  adherence to placebo holds the estimate as well where the exercise works, so it does not tell the two apart, and the \
                  E-value says only how strong a trait would have to be. Many of these cohorts are therefore told that the exercise works.",
        holds: false,
        ought_to_warn: &["negative-outcome", "negative-exposure", "placebo-band", "stronger-than-trials"],
        options: |usual| SimulationOptions { maintenance_hazard_ratio: 1.0, confounding: 1.5, confounding_measured: 0.0, ..usual },
    },
    Scenario {
        id: "informative-dropout",
        title: "Those who are about to recur stop logging",
        what: "Hazard ratio 0.5. Patients stop logging at a rate of 0.5 a year, those who do not maintain at e times that rate; the rate falls with \
               the trait, and is 4.5 times as high from two weeks before a recurrence to its end. So recurrences go unseen, and more of them among \
               those who stopped exercising.",
        reading: "The estimates by the exposure of each day are drawn towards 1, since what is missing is missing mostly on one side; the \
                  landmark, whose groups are formed once, is moved less. Weights for loss of follow-up mend only what the logs foretell: the \
                  exposure and the covariates, not the pain that nobody has logged yet.",
        holds: false,
        ought_to_warn: &["loss-by-arm", "detection"],
        options: |usual| SimulationOptions { maintenance_hazard_ratio: 0.5, dropout_per_year: 0.5, informative_dropout: 1.0, ..usual },
    },
    Scenario {
        id: "sparse-logging",
        title: "Few logs, and fewer from those who stopped",
        what: "Hazard ratio 0.5. Pain is logged one and a half times a week instead of three times, and by those who do not maintain half as \
               often as that.",
        reading: "A recurrence has to be seen twice within three days or be said to have lasted: with few logs short ones are missed, and more of \
                  them where logs are fewer. Remission needs logs no more than a week apart, so many are never known to be at risk. \
                  Estimates are drawn towards 1 or beyond it.",
        holds: false,
        ought_to_warn: &["detection", "sparse-logging"],
        options: |usual| SimulationOptions { maintenance_hazard_ratio: 0.5, logs_per_week: 1.5, logging_when_stopped: 0.5, ..usual },
    },
];
