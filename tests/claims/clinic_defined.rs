//! Claims a clinic defines in `study.toml`.

use std::fmt::Write;

use staywell::claims::{CORE, ClaimResult, Verdict, check_own_claims};
use staywell::settings::parse;

use super::cohorts::{Clinic, END, START};
use crate::cohort::{day, study};

/// Sixty patients with a pain of 6 before a program of 30 days, with these columns in patients.csv and this pain at its end.
fn sixty(columns: &str, of: impl Fn(usize) -> (String, f64), own: &str) -> Vec<ClaimResult> {
    let mut patients = format!("patient_id,{columns}\n");
    let mut programs = "patient_id,start,completed_on,outcome,prescribed_per_week\n".to_owned();
    let mut sessions = "patient_id,date,phase,status\n".to_owned();
    let mut pain = "patient_id,date,pain\n".to_owned();
    for n in 0..60 {
        let (cells, end) = of(n);
        writeln!(patients, "P{n:02},{cells}").unwrap();
        writeln!(programs, "P{n:02},{},{},completed,1", day(8), day(37)).unwrap();
        writeln!(sessions, "P{n:02},{},functional,done", day(8)).unwrap();
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

/// Those with `walks` "yes" end with 2 or 4 in turn, the others with 4 or 6: means of 3 and 5, and every residual is 1 or −1.
fn walker(n: usize) -> (String, f64) {
    let walks = n < 30;
    (if walks { "yes" } else { "no" }.to_owned(), if walks { 3.0 } else { 5.0 } - turn(n))
}

/// 1 and −1 in turn.
fn turn(n: usize) -> f64 {
    if n.is_multiple_of(2) { 1.0 } else { -1.0 }
}

fn walkers(own: &str) -> Vec<ClaimResult> {
    sixty("walks", walker, own)
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

/// Against margins of ±3 the nearer statistic is 1/0.267103 = 3.743859; t of 58 degrees of freedom lies above it with p 0.000209, the
/// normal with 0.000091. The smallest detectable difference is (1.959964 + 0.841621) · 0.267103 = 0.748313, whatever the interval's level.
#[test]
fn no_difference_is_tested_by_t_and_the_detectable_difference_goes_by_alpha() {
    let claims = walkers(&own("claim = \"no-difference\"\nmargin = 3"));
    let claim = last(&claims);
    let primary = claim.primary.as_ref().unwrap();
    assert!((primary.p_value - 0.000_209_157).abs() < 1e-6, "{}", primary.p_value);
    assert!(claim.sentence.contains("(95 % interval −2.53 to −1.47, p < 0.001 against the margin)"), "{}", claim.sentence);
    let minimum = |settings: &str| last(&walkers(&format!("{settings}{}", own("claim = \"less\"")))).minimum_detectable.unwrap();
    assert!((minimum("[model]\nlevel = 0.9\n") - 0.748_313).abs() < 1e-5);
    // 2.575829 + 0.841621 standard errors.
    assert!((minimum("[claims]\nalpha = 0.01\n") - 0.912_810).abs() < 1e-4);
}

/// A tenth of a point less for each of 0 to 9 kilometers; the upper five have half a point less than the lower five.
#[test]
fn a_margin_for_one_unit_is_not_held_against_halves() {
    let of = |n: usize| {
        let km = n / 2 % 10;
        (km.to_string(), 4.0 - 0.1 * km as f64 + 0.2 * turn(n))
    };
    let claim = "claim = \"no-difference\"\nmargin = 0.3";
    let claims = sixty("km", of, &own(claim).replace("patients.walks", "patients.km"));
    let claim = last(&claims);
    assert!((claim.primary.as_ref().unwrap().estimate + 0.1).abs() < 1e-9);
    let halves = claim.others.iter().find(|other| other.label.contains("or more against less")).unwrap();
    assert!((halves.estimate + 0.5).abs() < 1e-9, "{halves:?}");
    assert_eq!(claim.verdict, Verdict::Supported, "{}", claim.doubt);
}

#[test]
fn a_covariate_that_is_none_of_the_study_is_named() {
    let claims =
        sixty("walks,age", |n| (format!("{},{}", walker(n).0, 40 + n % 7), walker(n).1), &own("claim = \"less\"\nadjust = [\"smokr\"]"));
    let claim = last(&claims);
    assert!(claim.primary.as_ref().unwrap().label.ends_with("not adjusted"));
    let note = "Not adjusted for smokr: no covariate of this study (it has age, baseline_pain, adherence).";
    assert!(claim.checks.iter().any(|check| check == note), "{:?}", claim.checks);
}

/// Eleven of the thirty who walk have no age: the model compares nineteen.
#[test]
fn a_group_is_as_large_as_in_the_model() {
    let of = |n: usize| (format!("{},{}", walker(n).0, if n < 11 { String::new() } else { (40 + n % 7).to_string() }), walker(n).1);
    let claims = sixty("walks,age", of, &own("claim = \"less\""));
    let claim = last(&claims);
    assert!(
        claim.sentence.contains("19 patients have walks and the outcome, 30 patients have the outcome and not that"),
        "{}",
        claim.sentence
    );
}

/// Two sessions a week are prescribed. Thirty patients do both in each of the seven weeks before the one that measures the end, and end
/// with 3 ± 1; thirty do one, and end with 5 ± 1: 10 % more go with 0.4 points less. Four in five of those who end better
/// than the others of their group do two sessions in the last week, and one in five of the others. Of 16 sessions the first do 14 to 16 and
/// the others 7 to 9: at equal adherence of the whole program nobody can be compared with anybody.
#[test]
fn an_exposure_of_the_program_is_not_adjusted_for_what_comes_after_it() {
    let claim = |adjust: &str| {
        let text = own(&format!("claim = \"less\"\n{adjust}")).replace("patients.walks", "early_adherence");
        let mut clinic = Clinic::new("", "").settings(&text);
        for n in 0..60_usize {
            let (id, all) = (clinic.patient(40.0), n < 30);
            for week in 0..7 {
                for slot in 0..if all { 2 } else { 1 } {
                    clinic.session(&id, START + 7 * week + 3 * slot, "functional", "");
                }
            }
            let better = turn(n) < 0.0;
            for slot in 0..if better == (n % 10 > 1) { 2 } else { 0 } {
                clinic.session(&id, END - 1 - slot, "functional", "");
            }
            clinic.six_to(&id, if all { 3.0 } else { 5.0 } + turn(n), "");
        }
        clinic.claim("walkers")
    };
    let plain = claim("");
    assert!((plain.primary.as_ref().unwrap().estimate + 0.4).abs() < 1e-9, "{}", plain.sentence);
    assert!(plain.checks.iter().any(|check| check == "Not adjusted for adherence: what is compared may change it."), "{:?}", plain.checks);
    let asked = claim("adjust = [\"adherence\"]");
    assert!(asked.primary.is_none() && asked.sentence.contains("\"adherence\" tells the groups apart"), "{}", asked.sentence);
}

/// At risk from day 41, landmark on day 69. Of 60 who keep it up then, 15 stop after day 98 and recur on day 110; of 35 who do not, 30
/// recur: far fewer recurrences, but exercise stops before them.
#[test]
fn what_undermines_the_core_claim_undermines_its_double() {
    let mut logs = [
        "patient_id,date,phase,status\n".to_owned(),
        "patient_id,date,pain\n".to_owned(),
        "patient_id,start,completed_on,outcome,prescribed_per_week\n".to_owned(),
    ];
    let [sessions, pain, programs] = &mut logs;
    for n in 0..95 {
        let id = format!("P{n:02}");
        let (last, recurs) = match n {
            0..15 => (98, Some(110)),
            15..60 => (300, None),
            60..90 => (0, Some(50 + n)),
            _ => (0, None),
        };
        writeln!(programs, "{id},{},{},completed,2", day(1), day(10)).unwrap();
        writeln!(sessions, "{id},{},functional,done", day(1)).unwrap();
        for session in (21..=last).step_by(7) {
            writeln!(sessions, "{id},{},maintenance,done", day(session)).unwrap();
        }
        for log in 11..=300 {
            let high = recurs.is_some_and(|recurs| log == recurs || log == recurs + 1);
            writeln!(pain, "{id},{},{}", day(log), if high { 5 } else { 0 }).unwrap();
        }
    }
    let double = own("claim = \"less\"").replace("patients.walks", "maintained_at_landmark").replace("end_pain", "recurrence");
    let settings = format!("[landmark]\nday = 28\n{double}");
    let [sessions, pain, programs] = &logs;
    let claims = study(&[("sessions.csv", sessions), ("pain.csv", pain), ("programs.csv", programs), ("study.toml", &settings)]).claims;
    let (core, double) = (claims.iter().find(|claim| claim.id == CORE).unwrap(), last(&claims));
    let (primary, of_core) = (double.primary.as_ref().unwrap(), core.primary.as_ref().unwrap());
    assert!((primary.estimate - of_core.estimate).abs() < 1e-9 && primary.interval.upper < 1.0, "{}", double.sentence);
    assert_eq!((core.verdict, double.verdict), (Verdict::Inconclusive, Verdict::Inconclusive));
    assert!(double.warnings.iter().any(|warning| warning.id == "reverse-causation"), "{:?}", double.warnings);
    assert_eq!(double.doubt, core.doubt);
    // By the error of the model, (1.959964 + 0.841621) of them on the scale of logarithms.
    let error = (primary.interval.upper / primary.interval.lower).ln() / (2.0 * 1.959_964);
    assert!((double.minimum_detectable.unwrap() - (-2.801_585 * error).exp()).abs() < 1e-5);
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
        sentence(&own("claim = \"less\"\nat_least = 1")),
        "These logs cannot test this: the column \"walks\" holds words, of which none is at least another."
    );
    // 2 and 4 are at least 2 points and a third less than 6; 4 and 6 are so in turn.
    assert_eq!(
        sentence(&own("claim = \"more\"").replace("end_pain", "responder")),
        "These logs cannot test this: every one of the 30 with walks had an important change of pain by the end of the program, so the difference \
         has no usable error."
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
    let over = own("claim = \"less\"").replace("patients.walks", "adherence").replace("end_pain", "drop_out");
    assert!(refused(&over).ends_with("is known at the end of the program only, and dropping out of the program comes before it"));
    assert!(
        refused(&own("claim = \"less\"\nestimate = \"hazard-ratio\"")).ends_with(
            "estimate = \"hazard-ratio\" does not fit pain at the end of the program, which has a mean-difference; leave it out"
        )
    );
    let flare = own("claim = \"less\"\nat_least = 5").replace("patients.walks", "flare_at_start");
    assert!(refused(&flare).ends_with("beginning in a flare is a yes or no already; leave at_least out"));
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
