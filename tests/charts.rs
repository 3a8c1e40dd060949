//! What figures draw, not how they look: words, numbers, steps, and the same bytes every time.

// clippy.toml allows it inside `#[test]` functions; these are their helpers too.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use resvg::tiny_skia::Pixmap;
use resvg::usvg::{Options, Tree};
use staywell::charts::{
    AdherenceByWeek, AdherenceWeekBar, Balance, BalanceDifference, Bar, Bars, CHARTS, Chart, CurveGroup, DoseBar, DoseCurve, DoseRatio,
    EffectKind, EffectRow, Effects, FontUse, IncidenceLayer, MarkKind, Overlap, OverlapBars, PainByWeek, PainWeek, PatientTimeline,
    PhaseSpan, ProfilePanel, ProfilePoint, Profiles, ReferenceBand, Specification, SpecificationChoice, SpecificationCurve,
    StackedIncidence, SurvivalCurves, TimeLine, TimeLines, TimePoint, TimelineMark, render_png, render_svg,
};
use staywell::domain::{Counted, Day, SessionStatus};
use staywell::stats::survival::{CurveInterval, SurvivalCurve};

/// Six patients: events on days 2, 3 (two) and 8, censored on days 3 and 6; S = 5/6, 1/2, 1/2, 0.
fn six_patients() -> SurvivalCurve {
    SurvivalCurve {
        n: 6,
        n_events: 4,
        time: vec![2.0, 3.0, 6.0, 8.0],
        at_risk: vec![6.0, 5.0, 2.0, 1.0],
        events: vec![1.0, 2.0, 0.0, 1.0],
        censored: vec![0.0, 1.0, 1.0, 0.0],
        estimate: vec![5.0 / 6.0, 0.5, 0.5, 0.0],
        std_error: vec![0.152, 0.204, 0.204, 0.0],
        std_error_log: vec![],
        lower: vec![Some(0.27), Some(0.11), Some(0.11), None],
        upper: vec![Some(0.97), Some(0.80), Some(0.80), None],
        cumulative_hazard: vec![],
        cumulative_hazard_std_error: vec![],
        level: 0.95,
        interval_method: CurveInterval::LogLog,
        robust: false,
    }
}

/// Three patients, all censored.
fn nobody_recurred() -> SurvivalCurve {
    SurvivalCurve {
        n: 3,
        n_events: 0,
        time: vec![4.0, 9.0],
        at_risk: vec![3.0, 1.0],
        events: vec![0.0, 0.0],
        censored: vec![2.0, 1.0],
        estimate: vec![1.0, 1.0],
        std_error: vec![0.0, 0.0],
        std_error_log: vec![],
        lower: vec![Some(1.0), Some(1.0)],
        upper: vec![Some(1.0), Some(1.0)],
        cumulative_hazard: vec![],
        cumulative_hazard_std_error: vec![],
        level: 0.95,
        interval_method: CurveInterval::LogLog,
        robust: false,
    }
}

fn empty() -> SurvivalCurve {
    SurvivalCurve {
        n: 0,
        n_events: 0,
        time: vec![],
        at_risk: vec![],
        events: vec![],
        censored: vec![],
        estimate: vec![],
        std_error: vec![],
        std_error_log: vec![],
        lower: vec![],
        upper: vec![],
        cumulative_hazard: vec![],
        cumulative_hazard_std_error: vec![],
        level: 0.95,
        interval_method: CurveInterval::LogLog,
        robust: false,
    }
}

fn curves<'a>(groups: &[(&str, &'a SurvivalCurve)]) -> SurvivalCurves<'a> {
    SurvivalCurves {
        title: "Recurrence-free after completion".to_owned(),
        subtitle: "9 patients".to_owned(),
        x_label: "Days since landmark (84 days after at-risk start)".to_owned(),
        y_label: "Recurrence-free (%)".to_owned(),
        counted: Counted::Patients,
        groups: groups.iter().map(|(label, curve)| CurveGroup { label: (*label).to_owned(), curve }).collect(),
        x_max: None,
        annotations: vec!["HR 0.62 (0.45–0.85)".to_owned()],
        notes: vec!["Log–log limits.".to_owned()],
        watermark: None,
    }
}

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn timeline() -> PatientTimeline {
    let mark = |text: &str, kind: MarkKind, label: &str| TimelineMark { day: day(text), kind, label: label.to_owned() };
    PatientTimeline {
        title: "Patient P0042".to_owned(),
        subtitle: "Adherence 67 %".to_owned(),
        scale_name: "0–10 NRS".to_owned(),
        scale_min: 0.0,
        scale_max: 10.0,
        pain: vec![(day("2024-01-01"), 7.0), (day("2024-02-01"), 4.0), (day("2024-03-01"), 1.0)],
        smooth: vec![(day("2024-01-01"), 6.5), (day("2024-02-01"), 4.0), (day("2024-03-01"), 1.5)],
        baseline: Some(7.0),
        important_change_band: Some((0.0, 4.9)),
        programs: vec![],
        phases: vec![PhaseSpan { label: "Strengthening".to_owned(), from: day("2024-01-01"), to: day("2024-03-01") }],
        sessions: vec![
            (day("2024-01-02"), SessionStatus::Done),
            (day("2024-01-09"), SessionStatus::Partial),
            (day("2024-01-16"), SessionStatus::Missed),
        ],
        marks: vec![
            mark("2024-01-01", MarkKind::ProgramStart, "program start"),
            mark("2024-02-20", MarkKind::Completion, "completed"),
            mark("2024-02-25", MarkKind::Event("injection".to_owned()), "injection"),
        ],
        notes: vec!["Smoothed: 7-day mean.".to_owned()],
    }
}

fn adherence() -> AdherenceByWeek {
    let bar =
        |week, patients, done, missed, unlogged, capped_mean| AdherenceWeekBar { week, patients, done, missed, unlogged, capped_mean };
    AdherenceByWeek {
        title: "Adherence by week".to_owned(),
        subtitle: "All patients with a prescription".to_owned(),
        averaged: Counted::Patients,
        weeks: vec![bar(1, 412, 0.75, 0.125, 0.125, 0.7), bar(2, 397, 1.0, 0.0, 0.0, 1.0)],
        notes: vec!["Exercise cannot be banked.".to_owned()],
    }
}

fn pain() -> PainByWeek {
    let week = |week, patients, mean, lower, upper| PainWeek {
        week,
        patients,
        mean,
        lower,
        upper,
        lower_quartile: mean - 1.0,
        upper_quartile: mean + 1.0,
    };
    PainByWeek {
        title: "Pain by week".to_owned(),
        subtitle: "Observed cases".to_owned(),
        scale_name: "0–10 NRS".to_owned(),
        scale_max: 10.0,
        averaged: Counted::Patients,
        weeks: vec![week(1, 388, 6.5, Some(6.25), Some(6.75)), week(2, 371, 5.5, None, None)],
        important_change_from_baseline: Some(4.5),
        notes: vec!["Interval: 95 %.".to_owned()],
    }
}

fn effects() -> Effects {
    let row = |label: &str, estimate, lower, upper, kind| EffectRow {
        label: label.to_owned(),
        detail: "580 patients".to_owned(),
        estimate,
        lower,
        upper,
        kind,
    };
    Effects {
        title: "Effects".to_owned(),
        subtitle: "Maintained against not".to_owned(),
        x_label: "Hazard ratio of recurrence (95 % interval)".to_owned(),
        rows: vec![
            row("Landmark at 84 days", 0.58, 0.44, 0.76, EffectKind::Primary),
            row("Ever against never", 0.31, 0.22, 0.43, EffectKind::Biased),
            row("No events in a group", f64::NAN, f64::NAN, f64::NAN, EffectKind::Secondary),
        ],
        reference_bands: vec![ReferenceBand { label: "published 0.50–0.75".to_owned(), lower: 0.5, upper: 0.75 }],
        favours: ("favors maintenance".to_owned(), "favors none".to_owned()),
        notes: vec!["Efron ties.".to_owned()],
    }
}

fn classes() -> Bars {
    let bar = |label: &str, counts: [usize; 2]| Bar { label: label.to_owned(), counts: counts.to_vec() };
    Bars {
        title: "Classes".to_owned(),
        subtitle: "Ten patients".to_owned(),
        x_label: "Patients".to_owned(),
        parts: vec!["Mild".to_owned(), "Severe".to_owned()],
        bars: vec![bar("Episodic", [4, 2]), bar("Ongoing", [0, 4])],
        total: 10,
        notes: vec![],
    }
}

fn balance() -> Balance {
    let row = |label: &str, before, after| BalanceDifference { label: label.to_owned(), before, after };
    Balance {
        title: "Balance".to_owned(),
        subtitle: "Kept up against not".to_owned(),
        x_label: "Difference of means".to_owned(),
        rows: vec![row("Age", Some(-0.5), Some(0.05)), row("Never varies", None, None)],
        threshold: 0.1,
        notes: vec!["Unweighted spreads.".to_owned()],
    }
}

fn overlap() -> Overlap {
    Overlap {
        title: "Overlap".to_owned(),
        subtitle: "By what was known before".to_owned(),
        x_label: "Probability of keeping it up".to_owned(),
        counted: Counted::Patients,
        groups: ("Kept it up".to_owned(), "Did not".to_owned()),
        bars: vec![OverlapBars { from: 0.0, to: 0.5, up: 3, down: 10 }, OverlapBars { from: 0.5, to: 1.0, up: 12, down: 0 }],
        support: (0.25, 0.75),
        notes: vec!["Nobody outside.".to_owned()],
    }
}

/// Two choices of two levels, the report's own definition second.
fn specification() -> SpecificationCurve {
    let one = |estimate: f64, levels: [usize; 2], own: bool| Specification {
        estimate,
        lower: estimate * 0.8,
        upper: estimate * 1.25,
        levels: levels.to_vec(),
        own,
    };
    let choice = |name: &str, own: usize| SpecificationChoice {
        name: name.to_owned(),
        detail: "50 % of the spread".to_owned(),
        levels: vec!["7".to_owned(), "30".to_owned()],
        own,
    };
    SpecificationCurve {
        title: "Definitions".to_owned(),
        subtitle: "Every combination".to_owned(),
        y_label: "Hazard ratio".to_owned(),
        specifications: vec![one(0.5, [0, 0], false), one(0.7, [1, 0], true), one(1.0, [0, 1], false), one(1.5, [1, 1], false)],
        choices: vec![choice("Days", 1), choice("Lag", 0)],
        annotations: vec!["Median 0.85".to_owned()],
        notes: vec![],
    }
}

/// On day 10 a fifth has had a recurrence, on day 20 two fifths, and a tenth surgery.
fn exits() -> StackedIncidence {
    let layer = |label: &str, color: usize, at_start: f64, share: [f64; 2]| IncidenceLayer {
        label: label.to_owned(),
        color,
        at_start,
        share: share.to_vec(),
    };
    StackedIncidence {
        title: "Exits".to_owned(),
        subtitle: "Ten patients".to_owned(),
        x_label: "Days".to_owned(),
        y_label: "Share".to_owned(),
        time: vec![10.0, 20.0],
        layers: vec![
            layer("Recurrence", 0, 0.0, [0.2, 0.4]),
            layer("Surgery", 1, 0.0, [0.0, 0.1]),
            layer("Still well", 5, 1.0, [0.8, 0.5]),
        ],
        annotations: vec![],
        notes: vec![],
    }
}

fn counts() -> TimeLines {
    let point = |time: f64, value: f64| TimePoint { time, value, limits: Some((value * 0.5, value * 1.5)) };
    let line = |label: &str, dashed: bool| TimeLine {
        label: label.to_owned(),
        steps: !dashed,
        dashed,
        points: vec![point(0.0, 0.0), point(30.0, 0.4), point(90.0, 1.1)],
    };
    TimeLines {
        title: "Counts".to_owned(),
        subtitle: "Two groups".to_owned(),
        x_label: "Days".to_owned(),
        y_label: "Mean number".to_owned(),
        shares: false,
        lines: vec![line("Not maintained", false), line("Maintained", true)],
        annotations: vec![],
        notes: vec![],
    }
}

#[test]
fn a_specification_curve_counts_its_intervals_and_names_its_levels() {
    let chart = specification();
    let alt = chart.alt_text();
    // Intervals 0.4–0.625, 0.56–0.875, 0.8–1.25, 1.2–1.875.
    assert!(alt.contains("under 4 definitions, from 0.50 to 1.50; the interval is below 1 in 2 and above 1 in 1"), "{alt}");
    let numbers = chart.numbers();
    assert_eq!(numbers.header, ["estimate", "lower", "upper", "own", "Days", "Lag"]);
    assert_eq!(numbers.rows[1], ["0.7", "0.5599999999999999", "0.875", "true", "30", "7"]);
    let svg = svg(&chart);
    for word in ["Days", "50 % of the spread", "the definition of this report", "4 definitions, from the smallest ratio to the greatest"] {
        assert!(svg.contains(word), "{word}");
    }
}

#[test]
fn stacked_layers_end_at_their_last_share() {
    let svg = svg(&exits());
    for word in ["Recurrence 40 %", "Surgery 10 %", "Still well 50 %"] {
        assert!(svg.contains(word), "{word}");
    }
    assert_eq!(exits().numbers().rows, [["0", "0", "0", "1"], ["10", "0.2", "0", "0.8"], ["20", "0.4", "0.1", "0.5"]]);
}

fn svg(chart: &dyn Chart) -> String {
    render_svg(chart, FontUse::External).unwrap()
}

/// The words a figure shows, in order.
fn words(svg: &str) -> Vec<String> {
    svg.split("<text").skip(1).filter_map(|rest| Some(rest.split_once(">\n")?.1.split_once("\n</text>")?.0.to_owned())).collect()
}

/// All words as one text: wrapped lines are joined by a space.
fn text(svg: &str) -> String {
    words(svg).join(" ")
}

/// The corners of the unfilled lines in this color, thicker than a tick mark.
fn curve_corners(svg: &str, color: &str) -> Vec<(i32, i32)> {
    let stroke = format!("stroke=\"{color}\" stroke-width=\"20\"");
    svg.lines()
        .filter(|line| line.starts_with("<polyline") && line.contains(&stroke))
        .flat_map(|line| {
            let points = line.split_once("points=\"").unwrap().1.split('"').next().unwrap();
            points.split_whitespace().map(|point| {
                let (x, y) = point.split_once(',').unwrap();
                (x.parse().unwrap(), y.parse().unwrap())
            })
        })
        .collect()
}

fn vertical_steps(corners: &[(i32, i32)]) -> usize {
    corners.windows(2).filter(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1).count()
}

const BLUE: &str = "#0072B2";
const VERMILLION: &str = "#D55E00";

#[test]
fn survival_curves_name_their_axes_groups_results_and_notes() {
    let (a, b) = (six_patients(), nobody_recurred());
    let words = text(&svg(&curves(&[("Maintained", &a), ("Not maintained", &b)])));
    for expected in [
        "Days since landmark (84 days after at-risk start)",
        "Recurrence-free (%)",
        "100 %",
        "Maintained",
        "Not maintained",
        "HR 0.62 (0.45–0.85)",
        "Shaded: 95 % intervals, pointwise.",
        "Log–log limits.",
    ] {
        assert!(words.contains(expected), "{expected} is missing in: {words}");
    }
}

#[test]
fn the_numbers_at_risk_are_the_curves_own() {
    let (a, b) = (six_patients(), nobody_recurred());
    let words = words(&svg(&curves(&[("Maintained", &a), ("Not maintained", &b)])));
    let at_risk: Vec<&str> = words.iter().map(String::as_str).filter(|word| word.ends_with(')') && word.len() == 5).collect();
    // Days 0, 2, 4, 6 and 8: at risk just before, events up to and including.
    assert_eq!(
        at_risk,
        [
            "6 (0)", "6 (1)", "2 (3)", "2 (3)", "1 (4)", // events on days 2, 3 (two) and 8, censored on days 3 and 6
            "3 (0)", "3 (0)", "3 (0)", "1 (0)", "1 (0)", // two censored on day 4, one on day 9
        ]
    );
}

#[test]
fn a_curve_has_one_vertical_step_for_each_distinct_event_time() {
    let (a, b) = (six_patients(), nobody_recurred());
    let svg = svg(&curves(&[("Maintained", &a), ("Not maintained", &b)]));
    let curve = curve_corners(&svg, BLUE);
    assert_eq!(vertical_steps(&curve), 3);
    assert_eq!(vertical_steps(&curve_corners(&svg, VERMILLION)), 0);
    // Half way down the axis of 330 pixels after day 3, at its foot after day 8.
    let fall = curve.last().unwrap().1 - curve[0].1;
    assert_eq!(fall, 3300);
    assert!(curve.iter().any(|corner| corner.1 - curve[0].1 == 1650));
}

#[test]
fn curves_stop_at_the_end_of_the_axis() {
    let a = six_patients();
    let cut = SurvivalCurves { x_max: Some(5.0), ..curves(&[("Maintained", &a)]) };
    let whole = curve_corners(&svg(&curves(&[("Maintained", &a)])), BLUE);
    let curve = curve_corners(&svg(&cut), BLUE);
    assert_eq!(vertical_steps(&curve), 2);
    assert_eq!(curve.last().unwrap().0, whole.last().unwrap().0, "both reach the right edge of the panel");
}

#[test]
fn a_biased_comparison_is_gray_under_its_watermark() {
    let a = six_patients();
    let svg = svg(&SurvivalCurves { watermark: Some("BIASED: immortal time".to_owned()), ..curves(&[("Ever", &a)]) });
    assert!(curve_corners(&svg, BLUE).is_empty());
    assert!(svg.contains("rotate(-22,") && text(&svg).contains("BIASED: immortal time"));
}

#[test]
fn curves_without_patients_or_events_are_drawn() {
    let (none, flat) = (empty(), nobody_recurred());
    let words = text(&svg(&curves(&[("Nobody", &none), ("All censored", &flat)])));
    assert!(words.contains("Nobody") && words.contains("All censored") && words.contains("0 (0)"));
    assert!(!svg(&curves(&[("Nobody", &none)])).contains("NaN"));
    assert!(!svg(&curves(&[])).contains("NaN"));
}

#[test]
fn a_patients_timeline_shows_pain_phases_sessions_and_marks() {
    let svg = svg(&timeline());
    let words = text(&svg);
    for expected in [
        "Pain (0–10 NRS)",
        "Weeks since program start (2024-01-01)",
        "Jan 2024",
        "Strengthening",
        "Sessions",
        "session done",
        "done in part",
        "logged as missed",
        "program start",
        "completed",
        "injection",
        "baseline 7.0",
        "important improvement",
        "Smoothed: 7-day mean.",
    ] {
        assert!(words.contains(expected), "{expected} is missing in: {words}");
    }
    // Three logs and the legend's dot.
    assert_eq!(svg.matches("<circle").count(), 4);
}

#[test]
fn a_patient_without_logs_gets_a_figure_that_says_so() {
    let nothing =
        PatientTimeline { pain: vec![], smooth: vec![], phases: vec![], sessions: vec![], marks: vec![], baseline: None, ..timeline() };
    let words = text(&svg(&nothing));
    assert!(words.contains("Nothing was logged for this patient."), "{words}");
    assert!(!words.contains("1970"));
}

#[test]
fn labels_of_neighboring_marks_stand_at_different_heights() {
    let svg = svg(&timeline());
    let height = |label: &str| -> String {
        let element = svg.split("<text").find(|element| element.contains(&format!(">\n{label}\n"))).unwrap();
        element.split_once(" y=\"").unwrap().1.split('"').next().unwrap().to_owned()
    };
    assert_ne!(height("completed"), height("injection"));
}

#[test]
fn adherence_shows_every_share_and_the_patients_below() {
    let svg = svg(&adherence());
    let words = text(&svg);
    for expected in
        ["Share of prescribed sessions (%)", "Week of the program", "Patients 412 397", "done", "not logged", "logged as missed"]
    {
        assert!(words.contains(expected), "{expected} is missing in: {words}");
    }
    assert!(words.ends_with("412 397") && words.contains("Exercise cannot be banked."));
    // 75 % of the panel's 300 pixels in week 1, all of it in week 2; the legend's box is 11 high.
    let heights: BTreeSet<&str> = svg
        .lines()
        .filter(|line| line.starts_with("<rect") && line.contains("#56B4E9"))
        .map(|line| line.split_once("height=\"").unwrap().1.split('"').next().unwrap())
        .collect();
    assert_eq!(heights, BTreeSet::from(["110", "2250", "3000"]));
}

#[test]
fn pain_by_week_shows_scale_patients_and_the_important_change() {
    let words = text(&svg(&pain()));
    for expected in
        ["Pain (0–10 NRS)", "Week of the program", "Patients 388 371", "baseline (4.5)", "interquartile range", "Interval: 95 %."]
    {
        assert!(words.contains(expected), "{expected} is missing in: {words}");
    }
}

#[test]
fn effects_print_each_ratio_and_name_the_biased_one() {
    let words = text(&svg(&effects()));
    for expected in [
        "Hazard ratio of recurrence (95 % interval)",
        "Landmark at 84 days",
        "0.58 (0.44–0.76)",
        "0.31 (0.22–0.43) biased",
        "not estimable",
        "published 0.50–0.75",
        "← favors maintenance",
        "favors none →",
        "Efron ties.",
    ] {
        assert!(words.contains(expected), "{expected} is missing in: {words}");
    }
    assert_eq!(words.matches("biased").count(), 1);
}

#[test]
fn differences_are_drawn_by_their_size_and_what_does_not_vary_has_no_dot() {
    let svg = svg(&balance());
    let words = text(&svg);
    for expected in ["Age", "Never varies", "Difference of means", "before weighting", "0.1: differences below it are small"] {
        assert!(words.contains(expected), "{expected} is missing in: {words}");
    }
    // The dot of age and the legend's.
    assert_eq!(svg.matches("<circle").count(), 2);
    assert_eq!(balance().numbers().rows[0], ["Age", "-0.5", "0.05"]);
    assert_eq!(balance().numbers().rows[1], ["Never varies", "", ""]);
    assert!(balance().alt_text().contains("Age: 0.50 before, 0.05 after; Never varies: none before, none after"));
}

#[test]
fn an_overlap_has_a_bar_for_each_count_above_none() {
    let svg = svg(&overlap());
    let words = text(&svg);
    for expected in ["Kept it up", "Did not", "Probability of keeping it up", "Patients", "Nobody outside."] {
        assert!(words.contains(expected), "{expected} is missing in: {words}");
    }
    let nobody = Overlap { bars: vec![], support: (f64::INFINITY, f64::NEG_INFINITY), ..overlap() };
    let empty = self::svg(&nobody);
    assert_eq!(svg.matches("fill=\"#D55E00\"").count() - empty.matches("fill=\"#D55E00\"").count(), 2);
    assert_eq!(svg.matches("fill=\"#0072B2\"").count() - empty.matches("fill=\"#0072B2\"").count(), 1);
    assert!(overlap().alt_text().contains("Kept it up 15 patients (above), Did not 10 patients (below)"));
}

#[test]
fn every_figure_has_the_same_bytes_twice_a_description_and_a_png_of_twice_its_size() {
    let curve = six_patients();
    let survival = curves(&[("Maintained", &curve)]);
    let (timeline, adherence, pain, effects) = (timeline(), adherence(), pain(), effects());
    let classes = classes();
    let (balance, overlap) = (balance(), overlap());
    let (profiles, dose_curve) = (profiles(), dose_curve());
    let (specification, exits, counts) = (specification(), exits(), counts());
    let new: [&dyn Chart; 7] = [&balance, &overlap, &profiles, &dose_curve, &specification, &exits, &counts];
    let all: [&dyn Chart; 6] = [&survival, &timeline, &adherence, &pain, &classes, &effects];
    let all: Vec<&dyn Chart> = all.into_iter().chain(new).collect();
    let drawn: Vec<&str> = all.iter().map(|chart| chart.id()).collect();
    assert_eq!(drawn, CHARTS.iter().map(|kind| kind.id).collect::<Vec<_>>());
    for chart in all {
        let svg = svg(chart);
        assert_eq!(svg, self::svg(chart), "{}", chart.id());
        assert!(svg.contains("role=\"img\"") && svg.contains(&format!("<title>{}</title>\n<desc>", chart.title())), "{}", chart.id());
        Tree::from_str(&svg, &Options::default()).unwrap();
        let (width, height) = chart.size();
        let png = render_png(&svg).unwrap();
        assert_eq!(png, render_png(&svg).unwrap(), "{}", chart.id());
        let pixels = Pixmap::decode_png(&png).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (2 * width, 2 * height), "{}", chart.id());
    }
}

#[test]
fn a_png_has_its_words_in_the_bundled_font() {
    let with_title = adherence();
    let without = AdherenceByWeek { title: " ".to_owned(), ..adherence() };
    let dark = |chart: &AdherenceByWeek| {
        let pixels = Pixmap::decode_png(&render_png(&svg(chart)).unwrap()).unwrap();
        pixels.pixels().iter().take(1600 * 80).filter(|pixel| pixel.red() < 100).count()
    };
    assert!(dark(&with_title) > dark(&without) + 500, "the title is drawn without any font of the machine's");
}

#[test]
fn the_font_is_in_the_file_only_when_asked_for() {
    let embedded = render_svg(&pain(), FontUse::Embedded).unwrap();
    assert_eq!(embedded.matches("@font-face").count(), 2);
    assert!(!svg(&pain()).contains("@font-face"));
    Tree::from_str(&embedded, &Options::default()).unwrap();
}

#[test]
fn text_with_markup_in_it_stays_text() {
    let curve = six_patients();
    let nasty = "<script>&\"'\u{0}</script>";
    let mut chart = curves(&[(nasty, &curve)]);
    chart.title = nasty.to_owned();
    chart.notes = vec![nasty.to_owned()];
    let svg = svg(&chart);
    assert!(!svg.contains("<script") && !svg.contains('\u{0}'));
    assert!(svg.contains("&lt;script&gt;&amp;&quot;"));
    let mark = TimelineMark { day: day("2024-02-01"), kind: MarkKind::Event(nasty.to_owned()), label: nasty.to_owned() };
    let timeline = self::svg(&PatientTimeline { marks: vec![mark], ..timeline() });
    assert!(!timeline.contains("<script"));
    for svg in [svg, timeline] {
        Tree::from_str(&svg, &Options::default()).unwrap();
    }
}

#[test]
fn the_numbers_behind_a_figure_are_its_input() {
    let curve = six_patients();
    let numbers = curves(&[("Maintained", &curve)]).numbers();
    assert_eq!(numbers.header, ["group", "time", "at_risk", "events", "censored", "estimate", "std_error", "lower", "upper", "level"]);
    assert_eq!(numbers.rows.len(), 4);
    assert_eq!(numbers.rows[1], ["Maintained", "3", "5", "2", "1", "0.5", "0.204", "0.11", "0.8", "0.95"]);
    assert_eq!(numbers.rows[3], ["Maintained", "8", "1", "1", "0", "0", "0", "", "", "0.95"]);
    assert_eq!(numbers.rows[0][5].parse::<f64>().unwrap().to_bits(), (5.0_f64 / 6.0).to_bits());

    assert_eq!(adherence().numbers().rows[0], ["1", "412", "0.75", "0.125", "0.125", "0.7"]);
    assert_eq!(pain().numbers().rows[1], ["2", "371", "5.5", "", "", "4.5", "6.5"]);
    assert_eq!(effects().numbers().rows[1], ["Ever against never", "580 patients", "0.31", "0.22", "0.43", "biased"]);
    assert_eq!(effects().numbers().rows[2][2..5], ["", "", ""]);
    let timeline = timeline().numbers();
    assert_eq!(timeline.rows[1], ["pain", "2024-02-01", "4", ""]);
    assert!(timeline.rows.contains(&["session", "2024-01-16", "", "missed"].map(str::to_owned).to_vec()));
    assert!(timeline.rows.contains(&["completion", "2024-02-20", "", "completed"].map(str::to_owned).to_vec()));
}

#[test]
fn extremes_are_drawn_inside_the_figure() {
    let curve = six_patients();
    let long = "A group whose label has forty characters";
    let survival = curves(&[(long, &curve), ("B", &curve), ("C", &curve)]);
    let many: Vec<(Day, f64)> = (0..2000).map(|number| (Day(19_000 + number), f64::from(number % 11))).collect();
    let sessions: Vec<(Day, SessionStatus)> = (0..2000).map(|number| (Day(19_000 + number), SessionStatus::Done)).collect();
    let years = PatientTimeline { pain: many.clone(), smooth: many, sessions, ..timeline() };
    let one_week = AdherenceByWeek { weeks: vec![adherence().weeks[1].clone()], ..adherence() };
    let no_week = PainByWeek { weeks: vec![], ..pain() };
    let far = Effects { rows: vec![EffectRow { lower: 1e-9, upper: f64::INFINITY, ..effects().rows[0].clone() }], ..effects() };
    let titled = PainByWeek { title: "a long title ".repeat(30), ..pain() };
    let all: [&dyn Chart; 6] = [&survival, &years, &one_week, &no_week, &far, &titled];
    for chart in all {
        let (width, height) = chart.size();
        let svg = svg(chart);
        assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{}", chart.id());
        let tree = Tree::from_str(&svg, &Options::default()).unwrap();
        // Shapes (text needs the fonts and is measured when it is placed).
        let drawn = tree.root().abs_bounding_box();
        assert!(drawn.left() >= 0.0 && drawn.top() >= 0.0, "{}", chart.id());
        assert!(drawn.right() <= width as f32 && drawn.bottom() <= height as f32, "{}", chart.id());
    }
}

fn profiles() -> Profiles {
    let point = |at: f64, n: usize, mean: Option<f64>| ProfilePoint {
        at,
        n,
        mean,
        lower: mean.map(|mean| mean - 0.5),
        upper: mean.map(|mean| mean + 0.5),
    };
    let before = vec![point(-10.0, 41, Some(1.0)), point(-5.0, 42, None), point(0.0, 43, Some(4.0)), point(5.0, 44, Some(3.0))];
    let others = vec![point(-10.0, 91, Some(1.0)), point(-5.0, 92, Some(1.0)), point(0.0, 93, Some(1.0)), point(5.0, 94, Some(1.0))];
    Profiles {
        title: "What comes first?".to_owned(),
        subtitle: String::new(),
        x_label: "Days from the recurrence".to_owned(),
        at_zero: Some("recurrence".to_owned()),
        groups: vec!["with".to_owned(), "without".to_owned()],
        panels: vec![ProfilePanel { y_label: "Pain".to_owned(), profiles: vec![before, others] }],
        counted: "Patients".to_owned(),
        notes: vec!["By patient.".to_owned()],
    }
}

#[test]
fn profiles_name_their_groups_and_count_who_is_in_them() {
    let svg = svg(&profiles());
    let words = text(&svg);
    for expected in
        ["What comes first?", "Days from the recurrence", "recurrence", "with", "without", "Pain", "Patients", "41", "94", "By patient."]
    {
        assert!(words.contains(expected), "{expected} is missing in: {words}");
    }
    // Seven means, two dots of the legend, two beside the numbers.
    assert_eq!(svg.matches("<circle").count(), 11);
    // A missing mean leaves a gap: only days 0 and 5 are joined.
    assert_eq!(curve_corners(&svg, BLUE).len(), 4, "a line of two points, and the legend's");
    assert_eq!(profiles().numbers().rows.len(), 8);
}

#[test]
fn profiles_without_a_point_are_drawn() {
    let nothing = Profiles { panels: vec![ProfilePanel { y_label: "Pain".to_owned(), profiles: vec![vec![], vec![]] }], ..profiles() };
    assert!(!svg(&nothing).contains("NaN") && nothing.alt_text().contains("no data"));
    assert!(!svg(&Profiles { panels: vec![], groups: vec![], ..profiles() }).contains("NaN"));
}

fn dose_curve() -> DoseCurve {
    let ratio = |dose, ratio, lower, upper| DoseRatio { dose, ratio, lower, upper };
    DoseCurve {
        title: "Dose".to_owned(),
        subtitle: String::new(),
        x_label: "Sessions a week".to_owned(),
        y_label: "Hazard ratio".to_owned(),
        curve: vec![ratio(0.0, 1.0, 1.0, 1.0), ratio(1.5, 0.7, 0.5, 0.98), ratio(3.0, 0.5, 0.3, 0.83)],
        bands: vec![ratio(2.0, 0.6, 0.0, f64::INFINITY)],
        bars: vec![DoseBar { from: 0.0, to: 0.0, days: 300.0 }, DoseBar { from: 0.0, to: 0.5, days: 150.0 }],
        notes: vec![],
    }
}

#[test]
fn a_dose_curve_shows_the_ratio_and_how_much_was_seen() {
    let chart = dose_curve();
    let svg = svg(&chart);
    let words = text(&svg);
    for expected in ["Dose", "Sessions a week", "Hazard ratio", "smooth curve", "bands of dose, at their mean", "days at risk"] {
        assert!(words.contains(expected), "{expected} is missing in: {words}");
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
    assert!(chart.alt_text().contains("0.50 (0.30–0.83) at 3"), "{}", chart.alt_text());
    assert_eq!(chart.numbers().rows.len(), 3 + 1 + 2);
    let empty = DoseCurve { curve: vec![], bands: vec![], bars: vec![], ..dose_curve() };
    assert!(!self::svg(&empty).contains("NaN"));
}
