//! Documents: escaped, self-contained, alike in every syntax, and true to the analysis.

use std::fmt::Write;

use staywell::domain::Day;
use staywell::domain::number::{count, percent};
use staywell::ingest::{open_study, read_study};
use staywell::report::{Provenance, Report, build, csv_text, patient, render, summary};
use staywell::study::Study;

use crate::harness::{StudyFolder, sample_data};

fn provenance() -> Provenance {
    Provenance { version: "test".to_owned(), settings_hash: "s".to_owned(), input_hash: "i".to_owned() }
}

fn analyzed(path: &std::path::Path) -> Study {
    let (folder, file) = open_study(path, None).unwrap();
    Study::run(read_study(&folder, &file).unwrap(), file.settings)
}

fn report(study: &Study) -> Report {
    build(study, &provenance()).unwrap()
}

/// A study whose patients and name try to break out of the page.
fn hostile() -> Study {
    let (mut sessions, mut pain) = ("patient_id,date,phase\n".to_owned(), "patient_id,date,pain\n".to_owned());
    for id in ["<script>alert(1)</script>", "=HYPERLINK(1)", "a|b*c_d"] {
        for n in 0..40 {
            let day = Day::from_ymd(2024, 1, 1).unwrap().plus(3 * n);
            let phase = if n < 10 { "functional" } else { "maintenance" };
            writeln!(sessions, "{id},{day},{phase}").unwrap();
            writeln!(pain, "{id},{day},{}", if n < 5 { 6 } else { 0 }).unwrap();
        }
    }
    let folder = StudyFolder::new()
        .file("sessions.csv", sessions)
        .file("pain.csv", pain)
        .file("study.toml", "[study]\nname = \"<b>Clinic</b> & Co\"\n[adherence]\nprescribed_per_week = 2\n");
    analyzed(folder.path())
}

#[test]
fn names_from_the_logs_never_become_markup_or_formulas() {
    let study = hostile();
    let whole = report(&study);
    let html = render::html(&whole.document, &whole.figures);
    assert!(html.contains("&lt;b&gt;Clinic&lt;/b&gt; &amp; Co") && !html.contains("<b>Clinic"));
    let page = patient(&study, &study.patient("<script>alert(1)</script>").unwrap(), &provenance()).unwrap();
    let html = render::html(&page.report.document, &page.report.figures);
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;"));
    assert!(!page.report.figures[0].svg_file.contains("<script"));
    let patients = whole.tables.iter().find(|table| table.name == "patients").unwrap();
    assert!(csv_text(patients).contains("\n'=HYPERLINK(1),"));
}

#[test]
fn a_page_fetches_nothing_and_runs_nothing() {
    let study = analyzed(&sample_data());
    let whole = report(&study);
    let html = render::html(&whole.document, &whole.figures);
    for outside in ["src=\"http", "href=\"http", "<script", "@import", "url(http", "<link"] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(html.contains("lang=\"en\"") && html.matches("<h1").count() == 1 && html.contains("data:font/"));
    for figure in &whole.figures {
        assert!(html.contains(&figure.svg_inline), "{} is not in the page", figure.id);
        assert!(figure.alt_text.len() > 40);
    }
}

#[test]
fn markdown_and_html_have_the_same_sections_and_the_figures_they_link() {
    let whole = report(&analyzed(&sample_data()));
    let (html, markdown) = (render::html(&whole.document, &whole.figures), render::markdown(&whole.document, &whole.figures));
    for section in &whole.document.sections {
        assert!(html.contains(&format!(">{}</h2>", section.title)), "{}", section.title);
        assert!(markdown.contains(&format!("\n## {}\n", section.title)), "{}", section.title);
    }
    for figure in &whole.figures {
        assert!(markdown.contains(&format!("](figures/{}.svg)", figure.id)));
    }
    assert!(!markdown.contains("NaN") && !whole.json.to_string().contains("NaN"));
    assert!(whole.figures.iter().all(|figure| !figure.svg_inline.contains("NaN")));
}

#[test]
fn the_summary_says_what_the_analysis_found() {
    let study = analyzed(&sample_data());
    let text = summary(&study, "report/report.html", 80);
    let recurrence = &study.recurrence;
    assert!(text.contains(&format!("{} of {} at risk", count(recurrence.recurrences), count(recurrence.at_risk))), "{text}");
    assert!(text.contains(&format!("{} on average", percent(study.adherence.adherence.value().unwrap().mean))));
    assert!(text.contains(&study.claims[0].verdict.as_str().to_uppercase()));
    assert!(text.contains("report/report.html") && text.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn who_is_in_and_who_is_not_adds_up_in_the_answer() {
    let study = analyzed(&sample_data());
    let claim = &study.claims[0];
    let excluded: usize = claim.excluded.iter().map(|reason| reason.programs).sum();
    assert_eq!(excluded + claim.n_used, study.logs.n_patients());
}

#[test]
fn a_study_that_cannot_be_tested_still_has_a_whole_report() {
    let study = analyzed(&sample_data().join("real"));
    let whole = report(&study);
    let markdown = render::markdown(&whole.document, &whole.figures);
    assert!(markdown.contains("Not testable: no completion."), "{markdown}");
    assert!(markdown.contains("**Verdict: Not testable**"));
    assert!(markdown.contains("P1\\_pain.csv"));
}

#[test]
fn a_date_mistyped_centuries_ahead_still_makes_a_report() {
    let folder = StudyFolder::new()
        .file("sessions.csv", "patient_id,date\nA,2024-01-01\n")
        .file("pain.csv", "patient_id,date,pain\nA,2024-01-01,5\nA,9999-12-31,5\n")
        .file("programs.csv", "patient_id,start,outcome,prescribed_per_week\nA,2024-01-01,ongoing,3\n");
    let whole = report(&analyzed(folder.path()));
    let adherence = whole.figures.iter().find(|figure| figure.id == "adherence").unwrap();
    assert_eq!(adherence.numbers.rows.len(), 156);
    assert!(adherence.svg_file.contains("are not drawn"));
    let weeks = whole.tables.iter().find(|table| table.name == "adherence_by_week").unwrap();
    assert!(weeks.rows.len() > 400_000);
}
