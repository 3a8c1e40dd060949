//! `painful-sessions-harm` and `peripheralising-predicts-failure`.

use staywell::claims::Verdict;
use staywell::cohort::{PeripheralSign, peripheralization};
use staywell::domain::PainSite;

use super::cohorts::{Chance, Clinic, END, START, close, reason, turn};
use crate::cohort::{day, study};

const PAINFUL: &str = "painful-sessions-harm";
const TRAVELED: &str = "peripheralising-predicts-failure";

/// Three sessions 16 days apart, the second painful; pain 3 in the week before each, and after it 3, but `after ± 0.5` after the painful
/// one.
fn painful(patients: i32, after: f64, rise: i32) -> Clinic {
    let mut clinic = Clinic::new(",pain_before,pain_during,pain_after", "");
    for n in 0..patients {
        let id = clinic.patient(40.0);
        for (number, on) in [START + 7, START + 23, START + 39].into_iter().enumerate() {
            let hurts = number == 1;
            let during = if hurts { 3 + rise } else { 3 };
            clinic.session(&id, on, "functional", &format!(",3,{during},"));
            for day in 1..=7 {
                clinic.pain(&id, on - day, 3.0, "");
                clinic.pain(&id, on + day, if hurts { after + 0.5 * turn(n) } else { 3.0 }, "");
            }
        }
    }
    clinic
}

/// Each patient's own difference is 1.5 or 0.5, so the mean is 1. Within a program the distances from its mean are d·(2/3, −1/3, −1/3)
/// and those of the exposure (2/3, −1/3, −1/3): residuals ± 0.5 times these, which make clusters' scores ± 0.5 · 2/3; the robust variance
/// is Σ (1/3)² / (60 · 2/3)² times G/(G − 1) · (N − 1)/(N − p) with 60 clusters, 180 rows and two coefficients.
#[test]
fn a_painful_session_is_compared_with_the_same_patients_other_sessions() {
    let claim = painful(60, 4.0, 2).claim(PAINFUL);
    let primary = claim.primary.as_ref().unwrap_or_else(|| panic!("{}", claim.sentence));
    assert!((primary.estimate - 1.0).abs() < 1e-9, "{primary:?}");
    assert_eq!((claim.verdict, claim.n_used), (Verdict::Supported, 60), "{}", claim.doubt);
    assert!(
        claim.sentence.starts_with(
            "In 60 patients with both kinds of session, 60 painful sessions were followed by 1.00 points more pain over the next 7 days than the \
             same patients' other sessions, at equal pain before"
        ),
        "{}",
        claim.sentence
    );
    let unadjusted = claim.others.iter().find(|effect| effect.label.starts_with("not adjusted")).unwrap();
    let error = ((60.0 / 9.0) / 1_600.0 * (60.0 / 59.0) * (179.0 / 178.0_f64)).sqrt();
    // t with 59 degrees of freedom.
    assert!((unadjusted.interval.upper - (1.0 + 2.000_995 * error)).abs() < 1e-5, "{unadjusted:?}");
    assert_eq!(painful(60, 2.0, 2).claim(PAINFUL).verdict, Verdict::Contradicted);
}

#[test]
fn a_rise_of_less_than_the_setting_is_no_painful_session() {
    let claim = painful(60, 4.0, 1).claim(PAINFUL);
    assert_eq!(reason(&claim), "0 patients with both painful and other sessions; at least 40 are needed.");
    let lower = painful(60, 4.0, 1).settings("[claims]\npainful_rise = 1\n").claim(PAINFUL);
    assert_eq!(lower.verdict, Verdict::Supported);
    assert_eq!(reason(&painful(39, 4.0, 2).claim(PAINFUL)), "39 patients with both painful and other sessions; at least 40 are needed.");
}

/// Sessions hurt by chance, pain moves by itself.
#[test]
fn sessions_that_hurt_by_chance_are_followed_by_no_more_pain() {
    let mut false_alarms = 0;
    for seed in 0..20 {
        let (mut chance, mut clinic) = (Chance::new(300 + seed), Clinic::new(",pain_before,pain_during,pain_after", ""));
        for _ in 0..60 {
            let id = clinic.patient(40.0);
            let (level, mut state) = (4.5 + chance.normal(), 0.0);
            for on in 1..=END {
                state = 0.6 * state + 0.8 * chance.normal();
                let pain = chance.score(level + state, 0.5);
                clinic.pain(&id, on, pain, "");
                if on >= START && on % 4 == 0 {
                    let rise = if chance.share() < 0.25 { 3.0 } else { 0.0 };
                    clinic.session(&id, on, "functional", &format!(",{pain},{},", (pain + rise).min(10.0)));
                }
            }
        }
        let claim = clinic.claim(PAINFUL);
        false_alarms += i32::from(claim.primary.as_ref().unwrap().p_value < 0.05);
        assert_ne!(claim.verdict, Verdict::Supported, "seed {seed}: {}", claim.sentence);
    }
    assert!(false_alarms <= 3, "{false_alarms}");
}

/// What the rule makes of these entries of days 1, 2, … as (site, numbness).
fn sign(entries: &[(&str, &str)], from: i32) -> Option<(i32, i32, PeripheralSign)> {
    let mut pain = "patient_id,date,pain,site,numbness\n".to_owned();
    for (on, (site, numb)) in (1..).zip(entries) {
        pain.push_str(&format!("A,{},4,{site},{numb}\n", day(on)));
    }
    let logs = study(&[("pain.csv", &pain), ("sessions.csv", &format!("patient_id,date\nA,{}\n", day(1)))]).logs;
    let number = |found: staywell::domain::Day| found.days_since(day(1)) + 1;
    peripheralization(&logs.pain, 0, day(from), day(30)).map(|found| (number(found.from), number(found.confirmed), found.sign))
}

#[test]
fn symptoms_travel_if_the_site_rises_and_stays_for_two_further_entries() {
    let sites = |sites: &[&'static str], from: i32| sign(&sites.iter().map(|site| (*site, "")).collect::<Vec<_>>(), from);
    let rise = |before, now| PeripheralSign::Site { before, now };
    let (back, buttock, thigh, calf) = (PainSite::LowBack, PainSite::Buttock, PainSite::Thigh, PainSite::Calf);
    assert_eq!(sites(&["low_back", "thigh", "buttock", "calf"], 1), Some((2, 4, rise(back, thigh))));
    assert_eq!(sites(&["low_back", "thigh", "buttock", "low_back"], 1), None);
    assert_eq!(sites(&["low_back", "thigh", "thigh"], 1), None);
    // Days that do not say where are no entries; days without pain end a rise, and are no place to rise from.
    assert_eq!(sites(&["buttock", "", "calf", "", "thigh", "foot"], 1), Some((3, 6, rise(buttock, calf))));
    assert_eq!(sites(&["buttock", "calf", "none", "calf", "calf"], 1), None);
    assert_eq!(sites(&["none", "low_back", "low_back", "low_back"], 1), None);
    // It has to begin in the period; what was before is what it rises from.
    assert_eq!(sites(&["low_back", "calf", "calf", "calf", "calf"], 3), None);
    assert_eq!(sites(&["low_back", "low_back", "calf", "calf", "calf"], 3), Some((3, 5, rise(back, calf))));
}

#[test]
fn numbness_is_new_where_the_answer_before_was_no() {
    let numb = |answers: &[&'static str], from: i32| sign(&answers.iter().map(|answer| ("", *answer)).collect::<Vec<_>>(), from);
    assert_eq!(numb(&["no", "", "yes"], 1), Some((3, 3, PeripheralSign::Numbness)));
    assert_eq!(numb(&["yes", "no", "yes"], 1), Some((3, 3, PeripheralSign::Numbness)));
    assert_eq!(numb(&["yes", "yes"], 1), None);
    assert_eq!(numb(&["", "yes"], 1), None);
    assert_eq!(numb(&["no", "yes", "yes", "yes"], 3), None);
}

/// Thirty whose pain moves to the calf, of whom 6 respond, and thirty whose pain stays, of whom 24 do: a difference of −0.6.
#[test]
fn response_is_compared_between_those_whose_symptoms_traveled_and_others() {
    let cohort = |traveled: usize, responded: (usize, usize)| {
        let mut clinic = Clinic::new("", ",site");
        for n in 0..60 {
            let id = clinic.patient(40.0);
            let travels = n < traveled;
            let responds = if travels { n < responded.0 } else { n - traveled < responded.1 };
            clinic.session(&id, START, "functional", "");
            clinic.pain(&id, 5, 6.0, ",low_back");
            for on in [20, 24, 28, 32] {
                clinic.pain(&id, on, 5.0, if travels { ",calf" } else { ",low_back" });
            }
            clinic.pain(&id, END, if responds { 3.0 } else { 6.0 }, ",");
        }
        clinic.claim(TRAVELED)
    };
    let claim = cohort(30, (6, 24));
    let primary = claim.primary.as_ref().unwrap_or_else(|| panic!("{}", claim.sentence));
    close(primary.estimate, -0.6);
    assert_eq!(claim.verdict, Verdict::Supported, "{}", claim.doubt);
    assert!(
        claim.sentence.starts_with(
            "Among 60 patients, 20 % of the 30 whose symptoms traveled down the leg had an important change of pain by the end of the program, \
             against 80 % of the 30 others"
        ),
        "{}",
        claim.sentence
    );
    assert_eq!(cohort(30, (24, 6)).verdict, Verdict::Contradicted);
    assert_eq!(reason(&cohort(19, (6, 24))), "19 patients had symptoms that traveled, 41 patients had not; each group needs at least 20.");
    assert_eq!(
        reason(&cohort(30, (0, 24))),
        "none of the 30 with symptoms that traveled had an important change, so the difference has no usable error."
    );
}

/// Entries with a site every day up to day 56: 22 of those whose pain moves to the calf, 11 of the others, one more or less in turn, and the
/// other way round in one of each thirty. They are counted over seven weeks of the program and the four before it.
#[test]
fn entries_a_week_are_those_of_the_weeks_they_are_counted_in() {
    let mut clinic = Clinic::new("", ",site");
    for n in 0..60 {
        let id = clinic.patient(40.0);
        let travels = n < 30;
        clinic.session(&id, START, "functional", "");
        clinic.pain(&id, 5, 6.0, ",");
        let entries = if travels == (n % 30 > 0) { 22 } else { 11 } + turn(n) as i32;
        for on in 57 - entries..=56 {
            clinic.pain(&id, on, 5.0, if travels && on >= 48 { ",calf" } else { ",low_back" });
        }
        clinic.pain(&id, END, if n % 3 == 0 { 3.0 } else { 6.0 }, ",");
    }
    let claim = clinic.claim(TRAVELED);
    let balance = "entries with a site a week higher (2.0 against 1.0)";
    assert!(claim.checks.iter().any(|check| check.contains(balance)), "{} {:?}", claim.sentence, claim.checks);
}
