//! Claims a clinic defines in `study.toml`.

use std::fmt::Write;

use staywell::claims::{ClaimResult, Verdict, check_own_claims};
use staywell::settings::parse;

use crate::cohort::{day, study};

/// Sixty patients with a pain of 6 before a program of 30 days. Those with `walks` "yes" end it with 2 or 4 in turn, the others with 4 or
/// 6: means of 3 and 5, and every residual is 1 or −1.
fn walkers(own: &str) -> Vec<ClaimResult> {
    let mut patients = "patient_id,walks\n".to_owned();
    let mut programs = "patient_id,start,completed_on,outcome,prescribed_per_week\n".to_owned();
    let mut sessions = "patient_id,date,phase,status\n".to_owned();
    let mut pain = "patient_id,date,pain\n".to_owned();
    for n in 0..60 {
        let walks = n < 30;
        writeln!(patients, "P{n:02},{}", if walks { "yes" } else { "no" }).unwrap();
        writeln!(programs, "P{n:02},{},{},completed,1", day(8), day(37)).unwrap();
        writeln!(sessions, "P{n:02},{},functional,done", day(8)).unwrap();
        let end = if walks { 2 } else { 4 } + 2 * (n % 2);
        writeln!(pain, "P{n:02},{},6\nP{n:02},{},{end}", day(5), day(37)).unwrap();
    }
    let files = [
        ("patients.csv", patients.as_str()),
        ("programs.csv", &programs),
        ("sessions.csv", &sessions),
        ("pain.csv", &pain),
        ("study.toml", own),
    ];
    study(&files).claims
}

fn own(claim: &str) -> String {
    format!(
        "[[claims.own]]\nid = \"walkers\"\nstatement = \"Walkers have less pain.\"\nexposure = \"patients.walks\"\noutcome = \"end_pain\"\n{claim}\n"
    )
}

fn last(claims: &[ClaimResult]) -> &ClaimResult {
    claims.last().unwrap()
}

/// The difference is −2. By HC3 each group's variance is Σ e²/(1 − 1/30)² / 30² = (30/29)²/30 = 0.035672, the standard error
/// √0.071344 = 0.267103, and t with 58 degrees of freedom is 2.001717: ± 0.534664.
#[test]
fn a_difference_of_means_is_that_of_the_groups_with_its_hc3_error() {
    let claims = walkers(&own("claim = \"less\""));
    let claim = last(&claims);
    let primary = claim.primary.as_ref().unwrap_or_else(|| panic!("{}", claim.sentence));
    assert!((primary.estimate + 2.0).abs() < 1e-12);
    assert!((primary.interval.lower + 2.534_664).abs() < 1e-5 && (primary.interval.upper + 1.465_336).abs() < 1e-5, "{primary:?}");
    assert_eq!((claim.verdict, claim.n_used, claim.n_patients), (Verdict::Supported, 60, 60));
    assert_eq!(
        claim.sentence,
        "Among 60 patients, walks \"yes\" against the others went with a difference of −2.00 in pain at the end of the program \
         (95 % interval −2.53 to −1.47, p < 0.001). The claim is supported by these logs."
    );
    // Everybody's baseline is 6.
    assert!(claim.checks.iter().any(|check| check.contains("baseline_pain: the same in every patient")), "{:?}", claim.checks);
}

#[test]
fn the_same_logs_contradict_the_contrary_and_settle_no_difference_by_its_margin() {
    let verdict = |claim: &str| last(&walkers(&own(claim))).verdict;
    assert_eq!(verdict("claim = \"more\""), Verdict::Contradicted);
    // The whole interval lies between −3 and 3; beyond 1; across 2.
    assert_eq!(verdict("claim = \"no-difference\"\nmargin = 3"), Verdict::Supported);
    assert_eq!(verdict("claim = \"no-difference\"\nmargin = 1"), Verdict::Contradicted);
    assert_eq!(verdict("claim = \"no-difference\"\nmargin = 2"), Verdict::Inconclusive);
}

#[test]
fn a_claim_that_lacks_something_says_what() {
    let sentence = |claim: &str| last(&walkers(claim)).sentence.clone();
    assert_eq!(
        sentence(&own("claim = \"less\"").replace("patients.walks", "patients.smokes")),
        "These logs cannot test this: patients.csv has no column \"smokes\" (it has walks)."
    );
    assert_eq!(
        sentence(&own("claim = \"less\"").replace("end_pain", "recurrence")),
        "These logs cannot test this: 0 patients have walks and the outcome, 0 patients have the outcome and not that; each group needs at \
         least 20."
    );
    assert_eq!(
        sentence(&own("claim = \"less\"\nis = \"often\"")),
        "These logs cannot test this: the column \"walks\" holds \"no\", \"yes\", and it is not said which of them to compare with the others."
    );
    assert_eq!(
        sentence(&own("claim = \"less\"\nestimate = \"hazard-ratio\"")),
        "These logs cannot test this: the estimate asked for does not fit the outcome \"end_pain\"."
    );
}

#[test]
fn names_that_are_not_in_the_vocabulary_are_refused_with_the_nearest() {
    let refused = |text: &str| {
        let file = parse(text, "study.toml").unwrap();
        check_own_claims(&file.settings).unwrap_err().to_string()
    };
    let message = refused(&own("claim = \"less\"").replace("patients.walks", "adherance"));
    assert!(
        message.starts_with("the claim \"walkers\" in study.toml: there is no exposure \"adherance\"; there are adherence, "),
        "{message}"
    );
    assert!(message.ends_with("Did you mean \"adherence\"?"), "{message}");
    assert!(refused(&own("claim = \"less\"").replace("end_pain", "end-pain")).ends_with("Did you mean \"end_pain\"?"));
    assert!(refused(&own("claim = \"less\"").replace("\"walkers\"", "\"maintenance-delays-recurrence\"")).contains("register"));
    let before = own("claim = \"less\"").replace("patients.walks", "maintained_at_landmark");
    assert!(refused(&before).ends_with("is known at the landmark only, and pain at the end of the program comes before it"));
}

#[test]
fn parts_that_do_not_fit_are_refused_when_the_settings_are_read() {
    let refused = |text: &str| parse(text, "s").unwrap_err().to_string();
    assert_eq!(
        refused(&own("claim = \"no-difference\"")),
        "s: claims.own.margin of \"walkers\" = nothing, but claim = \"no-difference\" needs the largest difference that counts as none"
    );
    assert!(refused(&own("claim = \"less\"\nmargin = 1")).ends_with("only claim = \"no-difference\" has a margin"));
    assert!(refused(&own("claim = \"less\"\nat_least = 1\nis = \"yes\"")).contains("at_least is given too"));
    assert!(refused(&own("claim = \"less\"").replace("\"walkers\"", "\"Walkers!\"")).contains("small letters, digits and hyphens"));
    assert!(refused(&format!("{}{}", own("claim = \"less\""), own("claim = \"more\""))).ends_with("another claim has the same id"));
}
