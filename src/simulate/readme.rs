//! What goes with the logs: `study.toml`, and a README that says what is true of them.

use crate::domain::number::decimal;

use super::options::{Columns, SimulationOptions, Uptake};

pub(super) fn settings(options: &SimulationOptions) -> String {
    format!(
        "# A synthetic study: see README.md. Every definition is the default.\n\n[study]\nname = \"Simulated back clinic\"\ncut_off = {}\n",
        options.cut_off
    )
}

fn command(options: &SimulationOptions) -> String {
    if *options == SimulationOptions::sample() {
        return "staywell simulate --sample --out sample-data".to_owned();
    }
    format!(
        "staywell simulate --patients {} --seed {} --first-start {} --enrolment-days {} --cut-off {} --maintenance-hazard-ratio {} --program-effect {} \
         --program-dropout {} --uptake {} --confounding {} --confounding-measured {} --reverse-causation {} --dropout-per-year {} \
         --informative-dropout {} --logs-per-week {} --logging-when-stopped {} --dirty-share {} --columns {}{} --out DIR",
        options.patients,
        options.seed,
        options.first_start,
        options.enrolment_days,
        options.cut_off,
        options.maintenance_hazard_ratio,
        options.program_effect,
        options.program_dropout,
        options.uptake,
        options.confounding,
        options.confounding_measured,
        options.reverse_causation,
        options.dropout_per_year,
        options.informative_dropout,
        options.logs_per_week,
        options.logging_when_stopped,
        options.dirty_share,
        options.columns,
        if options.claim_effects { "" } else { " --null-claims" },
    )
}

pub(super) fn readme(options: &SimulationOptions) -> String {
    let full = options.columns == Columns::Full;
    let only = |text: &'static str| if full { text } else { "" };
    let mut text = format!(
        "# A synthetic study\n\nNobody in these files exists. They were made by\n\n```sh\n{command}\n```\n\nwith seed {seed}; the same command gives \
         the same bytes.\n\n| file | what |\n|---|---|\n\
         | patients.csv | {patients} patients: age, sex, previous episodes{activity} |\n\
         | programs.csv | start, planned end, completion, outcome, sessions a week prescribed |\n\
         | sessions.csv | sessions done, partial or missed, by phase and setting, with minutes, pain before and after, technique in the clinic{exercises} |\n\
         | pain.csv | 0–10 NRS, about {logs} days a week after the program{cells} |\n\
         | events.csv | surgery, injection, imaging, referral, new program, withdrawal |\n{measures}\
         | study.toml | name and cut-off ({cut_off}) |\n\n\
         ## The truth behind them\n\n",
        command = command(options),
        seed = options.seed,
        patients = options.patients,
        activity = only(", activity level 0–10"),
        logs = options.logs_per_week,
        cells = only(
            "; site, numbness, weakness, whether it lasted 24 hours and limited activity; scores at visits of some, two a day of a few"
        ),
        exercises = only(
            "; pain during, modality, exercise, muscle group, sets, repeats, seconds held; one row per exercise where there were several \
             stretches"
        ),
        measures = only("| measures.csv | ODI, RMDQ, PGIC and EARS at start, completion, half a year and a year later, of six in ten |\n"),
        cut_off = options.cut_off,
    );
    for line in truths(options) {
        text.push_str(&format!("- {line}\n"));
    }
    if full {
        text.push_str("\n## What is true of the further claims\n\n");
        for line in claims(options) {
            text.push_str(&format!("- {line}\n"));
        }
    }
    text.push_str(&format!(
        "\n## The dirt in them\n\n\
         About {} of the rows are damaged: pain 11, a word for a number, no pain, 31 February, a stranger's id, exact and conflicting double \
         entries, a date after the cut-off, a cell missing, negative minutes, a misspelt status. `staywell check` finds each.\n",
        percent(options.dirty_share)
    ));
    text
}

/// What is true of the core question.
fn truths(options: &SimulationOptions) -> Vec<String> {
    let measured = percent(options.confounding_measured);
    let shown = match options.columns {
        Columns::Full => format!(
            "The logs show {measured} of its variance: in the activity level, and a part of that in previous episodes and in adherence."
        ),
        Columns::Minimal => format!("Of {measured} of its variance the logs show a part, in previous episodes and adherence only."),
    };
    let uptake = match options.uptake {
        Uptake::ByTrait => format!(
            "Healthy adherers (strength {}): a trait raises the odds of taking up and keeping up the exercise and lowers the hazard. {shown}",
            options.confounding,
        ),
        Uptake::Random => format!(
            "Who takes the exercise up is drawn, as in a trial; a trait (strength {}) lowers the hazard only. {shown}",
            options.confounding,
        ),
        Uptake::Always => "Everybody keeps the exercise up.".to_owned(),
        Uptake::Never => "Nobody keeps the exercise up.".to_owned(),
    };
    let dropout = if options.dropout_per_year == 0.0 {
        "Nobody stops logging.".to_owned()
    } else if options.informative_dropout == 0.0 {
        format!("Patients stop logging at a rate of {} a year.", options.dropout_per_year)
    } else {
        format!(
            "Patients stop logging at a rate of {} a year; those who do not maintain, whose trait is low, and whose pain is coming back do so \
             more often (strength {}).",
            options.dropout_per_year, options.informative_dropout
        )
    };
    let stopped = if options.logging_when_stopped < 1.0 {
        format!(" Those who do not maintain log {} as often as those who do.", percent(options.logging_when_stopped))
    } else {
        String::new()
    };
    vec![
        format!(
            "While a patient's plan is to maintain, the hazard of recurrence is {} times that of a patient who does not.",
            options.maintenance_hazard_ratio
        ),
        uptake,
        format!(
            "Reverse causation: {} of recurrences are announced by twinges (ones, now and then a 2) that stop the exercise 10 to 45 days before \
             they are logged. The plan, and so the hazard, stays as it was.",
            percent(options.reverse_causation)
        ),
        format!(
            "{}; about one in six keeps pain whatever is done; {} drop out.",
            if options.claim_effects {
                "Pain falls faster the more of the program is done"
            } else {
                "How much of the program is done changes nothing"
            },
            percent(options.program_dropout)
        ),
        dropout + &stopped,
        "A referral for another complaint comes to a third of the patients a year; the trait lowers its rate as that of recurrence, and the \
         exercise does not: a negative control."
            .to_owned(),
        "Up to a quarter of those who maintain pause once for three to six weeks, which leaves the plan as it was.".to_owned(),
    ]
}

/// What is true of the further claims.
fn claims(options: &SimulationOptions) -> Vec<String> {
    let nothing = [
        "How many sessions a week somebody who maintains does, and whether at home or in a class, changes nothing.",
        "Beginning with strengthening (15 % do), leaving out balance and coordination (a quarter), traction, and stretching by the rule change \
         nothing. Pain at the start changes nothing but the start.",
        "Surgery comes after 3 % of recurrences, and to patients whose pain stayed, at a rate that nothing changes.",
        "A visit's score is 0.8 higher than the day's mean, with a spread of 1.1 against the diary's 0.8.",
    ];
    let effects = [
        "A point of technique is worth 20 % of the rate of relief; passive sessions all through cost a third of it against none, and are given \
         more to those with worse pain; water adds 12 % per ten years above 46 where 40 % of the sessions are in it.",
        "One in twenty sessions hurts, and adds 0.6 points in the three days after it.",
        "In 6 % the pain travels down the leg, which halves the rate of relief; 7 % lose again what they gained in the first weeks.",
        "A pause in maintenance brings up to 0.6 points of pain back, below what counts as a recurrence.",
    ];
    let without = [
        "Technique, passive sessions, water, painful sessions, pain that travels down the leg and pauses change nothing: every claim is untrue.",
    ];
    let effects: &[&str] = if options.claim_effects { &effects } else { &without };
    effects.iter().chain(&nothing).map(|line| (*line).to_owned()).collect()
}

fn percent(share: f64) -> String {
    format!("{} %", decimal(100.0 * share, 1).trim_end_matches(".0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_columns_that_are_there_are_named() {
        for uptake in [Uptake::ByTrait, Uptake::Random] {
            let readme = |columns| readme(&SimulationOptions { uptake, columns, ..SimulationOptions::default() });
            assert!(readme(Columns::Full).contains("in the activity level"));
            let minimal = readme(Columns::Minimal);
            assert!(!minimal.contains("activity level") && minimal.contains("in previous episodes and adherence only"), "{minimal}");
        }
    }
}
