//! Pain: baseline, change, responders, weeks, slopes.

use super::super::document::{Block, Table};
use super::super::figures;
use super::{SectionKind, points_note, programs_note, reason, share};
use crate::analysis::{Computed, FlareSummary, PainByAdherence, PatternTable, Responders, TrendCounts};
use crate::cohort::{Pattern, Severity};
use crate::domain::number::{change, count, counted, decimal, interval, p_equals, p_value, percent};
use crate::domain::{Counted, capitalized};
use crate::stats::Summary;
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "pain", title: "Pain", build };

fn build(study: &Study) -> Vec<Block> {
    let analysis = &study.pain;
    if analysis.patients == 0 {
        return vec![reason("no patient has a pain log in a program, so there is no baseline and no change to report")];
    }
    let mut blocks = Vec::new();
    match analysis.change.value() {
        Some(found) => {
            let limits = found.interval.map(|limits| interval(limits.lower, limits.upper, 1)).unwrap_or_default();
            blocks.push(Block::Paragraph(format!(
                "Pain changed by {} points on average from baseline to the end of the program ({} interval {limits}; scale {}).",
                change(found.estimate, 1),
                percent(study.settings.model.level),
                study.logs.scale.name
            )));
        }
        None => blocks.push(reason("no program has both a baseline and a log at its end, so no change can be reported")),
    }
    if analysis.without_program > 0 {
        blocks.push(Block::Paragraph(format!(
            "{} with pain logs {} no program start (neither a session nor programs.csv) and {} in none of these numbers.",
            counted(analysis.without_program, "patient", "patients"),
            if analysis.without_program == 1 { "has" } else { "have" },
            if analysis.without_program == 1 { "is" } else { "are" }
        )));
    }
    blocks.push(Block::Figure(figures::PAIN.to_owned()));
    let unit = analysis.counted();
    let columns = ["Measure", "#Mean", "#Median", "#Middle half", unit.column()];
    let mut table = Table::new(format!("Pain over {}", unit.plural()), &columns);
    table.push(summary_row("Baseline", &analysis.baseline));
    table.push(summary_row("End of the program", &analysis.end));
    if let Some(slopes) = analysis.slopes.value() {
        table.push(summary_row("Slope, points a week (least squares)", &Computed::Value(slopes.least_squares)));
        table.push(summary_row("Slope, points a week (Theil–Sen)", &Computed::Value(slopes.theil_sen)));
    }
    table.notes.push(format!(
        "Baseline: {} from the days before the first session, {} from the first days of the program (treatment had begun).",
        count(analysis.baselines_before_first_session),
        count(analysis.baselines_in_program)
    ));
    table.notes.extend(programs_note(analysis.programs, analysis.patients));
    blocks.push(Block::Table(table));
    if analysis.important.imputed.value().is_some() {
        blocks.push(Block::Table(responder_table(study)));
    }
    blocks.push(Block::Heading("Courses".to_owned()));
    match &analysis.courses.trends {
        Computed::Value(trends) => blocks.push(Block::Table(trend_table(trends, study.settings.model.level))),
        Computed::NotTestable(why) => blocks.push(reason(why)),
    }
    match &analysis.courses.patterns {
        Computed::Value(patterns) => {
            blocks.push(Block::Figure(figures::PATTERNS.to_owned()));
            blocks.push(Block::Table(pattern_table(patterns, study.settings.pain.trajectory_weeks)));
        }
        Computed::NotTestable(why) => blocks.push(reason(why)),
    }
    match &analysis.courses.flares {
        Computed::Value(flares) => blocks.push(Block::Table(flare_table(flares, study))),
        Computed::NotTestable(why) => blocks.push(reason(why)),
    }
    if let Some(spread) = analysis.courses.within_day.value() {
        blocks.push(Block::Paragraph(format!(
            "{} of {} have several scores: they lie {} points apart on average (median {}, middle half {}).",
            counted(spread.days, "day", "days"),
            counted(spread.patients, "patient", "patients"),
            decimal(spread.spread.mean, 1),
            decimal(spread.spread.median, 1),
            interval(spread.spread.lower_quartile, spread.spread.upper_quartile, 1)
        )));
    }
    blocks.push(Block::Heading("Weekly pain and adherence so far".to_owned()));
    match &analysis.by_adherence {
        Computed::Value(model) => blocks.extend(by_adherence(model, study.settings.model.level)),
        Computed::NotTestable(why) => blocks.push(reason(why)),
    }
    blocks
}

/// How many trends rise or fall for sure, and how much a log tells.
fn trend_table(trends: &TrendCounts, level: f64) -> Table {
    let unit = Counted::of(trends.programs, trends.patients);
    let mut table = Table::new("Trend of daily pain in the program, patient by patient", &["Trend", unit.column(), "#Share"]);
    for (name, found) in [("Falling", trends.falling), ("Rising", trends.rising), ("Not clear", trends.unclear)] {
        table.push([name.to_owned(), count(found), percent(found as f64 / trends.programs as f64)]);
    }
    table.notes.push(format!(
        "Falling or rising: the {} interval of the least-squares slope does not hold 0. Logs of neighboring days resemble each other \
         (median correlation {}): the interval counts a log as {} of an independent one, in the median.",
        percent(level),
        decimal(trends.autocorrelation.median, 2),
        decimal(trends.effective_share.median, 2)
    ));
    if trends.without > 0 {
        table.notes.push(format!("Without an interval, for too few logs or logs too alike: {}.", unit.count(trends.without)));
    }
    table
}

fn pattern_table(patterns: &PatternTable, least_weeks: usize) -> Table {
    let names: Vec<String> = Pattern::ALL.iter().map(|pattern| format!("#{}", capitalized(pattern.as_str()))).collect();
    let columns: Vec<&str> = std::iter::once("Mean pain").chain(names.iter().map(String::as_str)).collect();
    let unit = Counted::of(patterns.programs, patterns.patients);
    let mut table = Table::new(format!("Patterns of pain, {}", unit.plural()), &columns);
    for severity in Severity::ALL {
        let band = match severity {
            Severity::MinorOrRecovered => "0–1",
            Severity::Mild => "2–3",
            Severity::Moderate => "4–5",
            Severity::Severe => "6–10",
        };
        let cells = patterns.classes.iter().filter(|class| class.severity == severity).map(|class| count(class.programs));
        table.push(std::iter::once(format!("{} ({band})", capitalized(severity.as_str()))).chain(cells));
    }
    let reasons: Vec<String> = patterns
        .unclassified
        .iter()
        .filter(|reason| reason.programs > 0)
        .map(|found| format!("{} ({})", count(found.programs), found.reason.as_str()))
        .collect();
    if !reasons.is_empty() {
        table.notes.push(format!("Without a pattern: {}.", reasons.join(", ")));
    }
    let changes: Vec<String> =
        patterns.changes.iter().map(|found| format!("{} {}", found.change.as_str(), count(found.programs))).collect();
    table.notes.push(format!(
        "Change over the course: {}. People begin programs when pain is high; some of any fall is the way back to their usual pain.",
        changes.join(", ")
    ));
    table.notes.push(format!(
        "Rules of Kongsted and others (2016) on weekly means, rounded to whole numbers first; at least {least_weeks} weeks with a log. Where \
         the rules were applied to a year of weekly answers, hardly anyone was \"ongoing\"; the number of classes is a choice, not a finding."
    ));
    table
}

fn flare_table(flares: &FlareSummary, study: &Study) -> Table {
    let settings = &study.settings.pain;
    let mut table = Table::new("Pain-defined flares", &["Measure", "#Value"]);
    table.push([
        "Patients with at least one".to_owned(),
        format!(
            "{} of {} ({})",
            count(flares.patients_with),
            count(flares.patients),
            percent(flares.patients_with as f64 / flares.patients as f64)
        ),
    ]);
    table.push(["Flares".to_owned(), count(flares.flares)]);
    table.push([
        "Logged days in a flare".to_owned(),
        format!("{} of {}", count(usize::try_from(flares.days).unwrap_or(0)), count(usize::try_from(flares.judged_days).unwrap_or(0))),
    ]);
    table.push(["Flares per 100 logged days, all patients together".to_owned(), decimal(flares.per_100_days, 2)]);
    table.push([
        "Flares per 100 logged days, median of patients (middle half)".to_owned(),
        format!("{} ({})", decimal(flares.rate.median, 2), interval(flares.rate.lower_quartile, flares.rate.upper_quartile, 2)),
    ]);
    if let Some(length) = flares.length {
        table.push([
            "Days from first to last of a flare, median (middle half)".to_owned(),
            format!("{} ({})", decimal(length.median, 0), interval(length.lower_quartile, length.upper_quartile, 0)),
        ]);
    }
    let average = match settings.flare_average {
        0 => "all of the patient's logged days".to_owned(),
        days => format!("the {days} logged days before (at least 7)"),
    };
    table.notes.push(format!(
        "A score at least {} points above the mean of {average}. Most flares that patients report are not above their average pain, so scores \
         alone find few of them.",
        decimal(settings.flare_points, 1)
    ));
    table.notes.extend(points_note(study));
    table
}

/// The interaction in words, and the whole model.
fn by_adherence(model: &PainByAdherence, level: f64) -> Vec<Block> {
    let effect = &model.interaction;
    let limits = effect
        .interval
        .map_or_else(String::new, |limits| format!(", {} interval {}", percent(level), interval(limits.lower, limits.upper, 3)));
    let mut table = Table::new(
        format!("Mean pain of a week, {} weeks of {}", count(model.weeks), Counted::in_words(model.programs, model.patients)),
        &["Term", "#Points", "#Interval", "#p"],
    );
    for term in &model.fixed_effects {
        table.push([
            if term.name == "(Intercept)" { "Level".to_owned() } else { capitalized(&term.name) },
            decimal(term.estimate, 3),
            term.interval.map_or_else(|| "–".to_owned(), |limits| interval(limits.lower, limits.upper, 3)),
            p_value(term.p_value),
        ]);
    }
    table.notes.push(format!(
        "Linear mixed model, a level and a weekly change for each patient (standard deviations {} and {}; weeks around their line {}), REML, \
         Satterthwaite's degrees of freedom. Adherence so far: the mean of the capped shares of the weeks before, so that nothing is explained \
         by what came later.",
        decimal(model.level_std_dev, 2),
        decimal(model.slope_std_dev, 2),
        decimal(model.residual_std_dev, 2)
    ));
    table.notes.extend(model.singular.as_ref().map(|part| format!("The fit lies on the edge of what is possible: {part}.")));
    vec![
        Block::Paragraph(format!(
            "With 10 percentage points more adherence so far, the weekly change of pain differed by {} points ({}{limits}). Pain also decides who \
             goes on exercising, and adherent patients differ in other ways: this is a difference between patients, not an effect of exercise.",
            change(effect.estimate, 3),
            p_equals(effect.p_value)
        )),
        Block::Table(table),
    ]
}

fn responder_table(study: &Study) -> Table {
    let analysis = &study.pain;
    let mut table =
        Table::new("Responders at the end of the program", &["Change", "#Not seen at the end = no response", "#Seen at the end only"]);
    for (name, responders) in [("Important", &analysis.important), ("Substantial", &analysis.substantial)] {
        table.push([
            format!("{name}: at least {} and {} points less", percent(responders.share), decimal(responders.points, 0)),
            share(responders.imputed.value()),
            share(responders.observed.value()),
        ]);
    }
    for simple in &analysis.simple {
        table.push([capitalized(&simple.threshold), share(simple.imputed.value()), share(simple.observed.value())]);
    }
    let Responders { baseline_too_low, no_baseline, .. } = analysis.important;
    if baseline_too_low + no_baseline > 0 {
        table.notes.push(format!(
            "Not in the rows with a percentage: {} with a baseline below {} (a percent change means little there), {} without a baseline.",
            count(baseline_too_low),
            decimal(study.settings.pain.share_from_baseline, 0),
            count(no_baseline)
        ));
    }
    if !analysis.simple.is_empty() {
        table.notes.push("At least 2 points less: of baselines of 2 and more.".to_owned());
    }
    table.notes.push("Programs that are still running are not counted.".to_owned());
    table.notes.extend(points_note(study));
    table
}

fn summary_row(name: &str, summary: &Computed<Summary>) -> Vec<String> {
    match summary.value() {
        None => vec![name.to_owned(), "–".to_owned(), "–".to_owned(), "–".to_owned(), "0".to_owned()],
        Some(summary) => vec![
            name.to_owned(),
            decimal(summary.mean, 2),
            decimal(summary.median, 2),
            interval(summary.lower_quartile, summary.upper_quartile, 2),
            count(summary.n),
        ],
    }
}
