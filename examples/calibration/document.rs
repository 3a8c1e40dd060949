//! `docs/calibration.md`: what was simulated, what is true of it, and what the estimates, verdicts and warnings made of it.

use std::fmt::Write;

use super::Run;
use super::estimands::LAGS;
use super::estimators::PRIMARY;
use super::options::Asked;
use super::table::{NOT_FALSE, Performance, any_supported, performances, share, supported, verdicts, warned, warnings};

const INTRODUCTION: &str = "\
A tool that says *supported* has to show how often it says so of nothing. Here staywell reads cohorts that `staywell simulate` made, of which
the truth is known, through the same code that reads a clinic's files, and what it says is held against that truth.

## How to read this

**What is estimated.** Three different questions go by the name of \"hazard ratio\", and they have three different true values:

- *The ratio of a day.* The generator multiplies the hazard of a day by the hazard ratio while the patient's own plan is to keep the exercise
  up. This is the truth that `simulate` states. The time-varying estimates are after it. They tell the plan from the sessions of a window that ends
  7 or 42 days before the day, and so see a stop late; what that makes of the ratio in perfect logs is given for each lag.
- *The ratio of those who kept it up at the landmark, against those who did not.* The landmark comparison forms its groups once, 84 days after
  recovery, from what was logged by then. Later some of the first group stop. What they did at the landmark therefore says less
  and less of what they do, and the ratio over the whole time after it lies nearer to 1. That is no error of the estimate: it is the answer to its
  question. Its true value was worked out from a very large cohort in which who keeps the exercise up is drawn as in a trial, every day is
  known, and nobody is lost (where some are, the value lies a little further from 1, since less of the late time is seen); *adjusted*
  compares people who are alike in the covariates, *marginal* compares all.
- *Everybody keeps it up, against nobody does*, from four weeks after recovery on: the question of clone-censor-weight. Its true value comes from two
  very large cohorts, one in which everybody keeps it up for good and one in which nobody does. Where a trait that is not in the model moves the
  hazard, the frail recur first, so also this ratio lies nearer to 1 than that of a day. The estimate that counts the first four weeks as
  well, in which both groups are the same people, is held against the ratio with these weeks, which lies nearer to 1 still. Its
  stabilized weights keep everybody in both groups for these weeks and only those who follow a strategy afterwards, so that it counts
  them more than a trial would and lies nearer to 1 than the value it is held against; the estimate after the grace time does not.

**Bias** is the mean of the estimated log hazard ratios less the log of the true one (0.1 is about 10 %), with its Monte Carlo error. *Factor* is the
same as a ratio: 1.10 says that the estimate is on average 10 % above the truth. *Against a day* is the bias if one takes the landmark for an
estimate of the ratio of a day. **Errors**: *spread* is the standard deviation of the estimates, *stated* the mean of the standard errors they
came with; if an interval is honest they agree. **Coverage** is the share of 95 % intervals that hold the true value, with its Monte Carlo error;
an honest interval covers 93 to 97 %. *Below 1* is the share of intervals that lie below 1: under no effect a false alarm, else power.

The naive comparison (whoever kept it up at any time, against never) is held against the landmark's value. It is shown in reports as the biased one, and
this is how biased it is.
";

const LIMITS: &str = "\
## What these numbers cannot show

- The cohorts are as regular as their generator: one hazard for all but for a trait and previous episodes, effects that are there at once and end at
  once, covariates that act as the model supposes. Real logs break more assumptions at a time than any scenario here.
- Coverage of an interval says nothing of a wrong question. In the scenario of unmeasured confounding every interval is exact about the wrong
  number, and only a comparison that nobody chose (a trial) would tell.
- A warning that fires in nine of ten cohorts here fires because the bias was made strong. A weaker one hides better, and biases less.
";

/// Fires where the estimate is as strong as adherence to a placebo, be it true or not.
const PLACEBO_BAND: &str = "placebo-band";
/// What is claimed of keeping the exercise up: false where its hazard ratio is 1.
const OF_NO_EFFECT: [&str; 2] = ["maintenance-delays-recurrence", "maintenance-dose-response"];

/// The whole document.
pub fn document(runs: &[Run], asked: &Asked) -> String {
    let mut text = format!("# Calibration on cohorts with a known truth\n\n{INTRODUCTION}\n");
    let _ = write!(
        text,
        "**What was run.** {} cohorts of {} patients in each scenario, from seed {}; the true values from {} patients. Settings are the defaults, \
         with the covariates `age`, `sex`, `previous_episodes`, `activity_level`, `baseline_pain` and `adherence` in every scenario. 0.2 % of \
         the rows are damaged. To run it again:\n\n```sh\ncargo run --release --example calibration -- --cohorts {} --patients {} --seed {} \
         --truth-patients {}\n```\n\n",
        asked.cohorts, asked.patients, asked.seed, asked.truth_patients, asked.cohorts, asked.patients, asked.seed, asked.truth_patients
    );
    text.push_str(&promises(runs));
    for run in runs {
        text.push_str(&scenario(run));
    }
    text.push_str(LIMITS);
    text
}

/// What was promised, and whether it holds.
fn promises(runs: &[Run]) -> String {
    let mut text = "## What was promised, and what holds\n\n| promise | scenario | found | |\n|---|---|---|---|\n".to_owned();
    let mut row = |promise: &str, run: &Run, found: String, kept: &str| {
        let _ = writeln!(text, "| {promise} | {} | {found} | {kept} |", run.scenario.id);
    };
    let word = |kept: bool| if kept { "kept" } else { "**not kept**" };
    for run in runs {
        let found = performances(run);
        let primary = found.iter().find(|(estimator, _)| estimator.name == PRIMARY).and_then(|(_, performance)| performance.as_ref());
        if run.scenario.holds {
            let Some(primary) = primary else { continue };
            // Two Monte Carlo errors of a coverage of 95 %.
            let chance = 2.0 * (0.05 * 0.95 / primary.n as f64).sqrt();
            let kept = match (primary.coverage - 0.95).abs() {
                off if off <= 0.02 => "kept",
                off if off <= 0.02 + chance => "not told apart from chance",
                _ => "**not kept**",
            };
            row("the primary estimate covers 93–97 % where its assumptions hold", run, coverage(primary), kept);
        }
        if run.scenario.id == "null" {
            let any = any_supported(run);
            row("at most 5 % of cohorts with any false `supported`", run, percent(any), word(any <= 0.05));
        }
        if !run.scenario.holds {
            let promise = "a warning about it in at least 80 % of cohorts where an assumption fails";
            let any = warned(run, &[]);
            row(promise, run, percent(any), word(any >= 0.8));
            if run.scenario.ought_to_warn.contains(&PLACEBO_BAND) {
                let specific = warned(run, &[PLACEBO_BAND]);
                row(&format!("{promise}, without `{PLACEBO_BAND}`{}", elsewhere(runs)), run, percent(specific), word(specific >= 0.8));
            }
        }
        if run.truth.daily == 0.0 && !run.scenario.holds {
            for claim in OF_NO_EFFECT {
                let falsely = supported(run, claim);
                row(&format!("at most 5 % of cohorts with a false `supported` of `{claim}`"), run, percent(falsely), word(falsely <= 0.05));
            }
        }
    }
    let _ = write!(
        text,
        "\nNot counted as false where nothing works, since they say that something adds little, or describe the course of pain: {}.\n\n",
        NOT_FALSE.map(|claim| format!("`{claim}`")).join(", ")
    );
    text
}

/// Where else the band of adherence to placebo holds the estimate, though every assumption holds.
fn elsewhere(runs: &[Run]) -> String {
    let fires = |run: &Run| share(run, |cohort| cohort.warnings.contains(PLACEBO_BAND));
    let most = runs.iter().filter(|run| run.scenario.holds).max_by(|one, other| fires(one).total_cmp(&fires(other)));
    let also = |run: &Run| format!(", which also fires in {} where the assumptions hold ({})", percent(fires(run)), run.scenario.id);
    most.map(also).unwrap_or_default()
}

fn scenario(run: &Run) -> String {
    let (what, reading, truth) = (run.scenario.what, run.scenario.reading, run.truth);
    let mut text = format!("## {} (`{}`)\n\n{what}\n\n{reading}\n\n", run.scenario.title, run.scenario.id);
    let n = run.cohorts.len() as f64;
    let mean = |of: fn(&(usize, usize)) -> usize| run.cohorts.iter().map(|cohort| of(&cohort.compared) as f64).sum::<f64>() / n;
    let _ = write!(
        text,
        "True hazard ratios: of a day {}, at the landmark {} (marginal {}), everybody against nobody {} ({} with the first four weeks)",
        ratio(truth.daily),
        ratio(truth.landmark),
        ratio(truth.landmark_marginal),
        ratio(truth.strategies),
        ratio(truth.strategies_from_start)
    );
    if truth.std_error > 0.0 {
        let _ = write!(
            text,
            "; of a day as the window of sessions tells it in perfect logs {} with a lag of {} days and {} with {} (standard error of the log \
             ratios at most {:.3})",
            ratio(truth.by_window[0]),
            LAGS[0],
            ratio(truth.by_window[1]),
            LAGS[1],
            truth.std_error
        );
    }
    let _ = write!(
        text,
        ". On average {:.0} patients were compared at the landmark, with {:.0} recurrences.\n\n",
        mean(|of| of.0),
        mean(|of| of.1)
    );
    text.push_str(
        "| estimate | true | mean | bias | factor | against a day | spread | stated | coverage | below 1 | none |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for (estimator, performance) in performances(run) {
        let Some(found) = performance else {
            let _ = writeln!(text, "| {} | {} | | | | | | | | | 100 % |", estimator.name, ratio(truth.of(estimator.target)));
            continue;
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} ± {:.2} | {:.2} | {} | {:.2} | {:.2} | {} | {} | {} |",
            found.estimator.name,
            ratio(found.target),
            ratio(found.mean),
            signed(found.bias),
            found.bias_error(),
            found.bias.exp(),
            signed(found.bias_of_daily),
            found.empirical_error,
            found.model_error,
            coverage(&found),
            percent(found.below_one),
            percent(found.not_estimable)
        );
    }
    text.push_str("\n| claim | supported | contradicted | inconclusive | not testable |\n|---|---:|---:|---:|---:|\n");
    for (claim, shares) in verdicts(run) {
        let of = |verdict| percent(shares.get(verdict).copied().unwrap_or(0.0));
        let _ = writeln!(
            text,
            "| `{claim}` | {} | {} | {} | {} |",
            of("supported"),
            of("contradicted"),
            of("inconclusive"),
            of("not testable")
        );
    }
    let fired = warnings(run);
    if fired.is_empty() {
        text.push_str("\nNo warning fired in any cohort.\n");
    } else {
        text.push_str("\n| warning | fired in |\n|---|---:|\n");
        for (name, share) in fired {
            let ought = if run.scenario.ought_to_warn.contains(&name.as_str()) { " (it ought to)" } else { "" };
            let _ = writeln!(text, "| {name}{ought} | {} |", percent(share));
        }
    }
    text.push('\n');
    text
}

fn coverage(found: &Performance) -> String {
    format!("{:.1} ± {:.1} %", 100.0 * found.coverage, 100.0 * found.coverage_error())
}

fn ratio(log: f64) -> String {
    format!("{:.2}", log.exp())
}

fn signed(value: f64) -> String {
    let text = format!("{:.2}", value.abs());
    match text.as_str() {
        "0.00" => text,
        _ if value < 0.0 => format!("−{text}"),
        _ => format!("+{text}"),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
