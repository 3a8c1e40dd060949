//! `active-beats-passive`, `technique-matters`, `stretch-dose-rules`, `traction-adds-little`, `aquatic-suits-older`.

use staywell::analysis::vocabulary::{Described, exposure};
use staywell::claims::{ClaimResult, Scale, Verdict};

use super::cohorts::{Chance, Clinic, END, START, close, other, reason, turn, warns};

/// √(2 · (30/29)²/30): HC3's error of a difference of two groups of 30 whose residuals are all 1 or −1; t with 58 degrees of freedom.
const ERROR: f64 = 0.267_103;
const T58: f64 = 2.001_717;

/// Sixty patients of 40 years; the first thirty have the sessions of `first`, the others those of `second`, as (phase, further columns).
fn two_kinds(columns: &str, first: &[(&str, &str)], second: &[(&str, &str)], ends: (f64, f64)) -> Clinic {
    let mut clinic = Clinic::new(columns, "");
    for n in 0..60 {
        let id = clinic.patient(40.0);
        let sessions = if n < 30 { first } else { second };
        for (slot, (phase, rest)) in (0..).zip(sessions) {
            clinic.session(&id, START + 2 * slot, phase, rest);
        }
        clinic.six_to(&id, if n < 30 { ends.0 } else { ends.1 } + turn(n), "");
    }
    clinic
}

fn active(ends: (f64, f64)) -> ClaimResult {
    // 30 of 40 minutes are exercise, or 10 of 40; "other" is neither.
    let first = [("functional", ",30,core"), ("functional", ",10,heat"), ("functional", ",50,other")];
    let second = [("functional", ",10,aerobic"), ("functional", ",30,stimulation")];
    two_kinds(",minutes,modality", &first, &second, ends).claim("active-beats-passive")
}

#[test]
fn active_time_is_counted_in_minutes_and_what_is_neither_is_left_out() {
    let claim = active((3.0, 5.0));
    let primary = claim.primary.as_ref().unwrap();
    // Half of the time more goes with 2 points less.
    close(primary.estimate, -0.4);
    assert!((primary.interval.upper - (-0.4 + T58 * ERROR / 5.0)).abs() < 1e-5, "{primary:?}");
    assert_eq!(claim.verdict, Verdict::Supported, "{}", claim.doubt);
    // All of the mostly active respond, half of the mostly passive.
    close(other(&claim, "important change, mostly active"), 0.5);
    assert_eq!(active((5.0, 3.0)).verdict, Verdict::Contradicted);
}

/// Everybody is free of pain from the last day of the program and recurs, those of the passive program 30 days sooner.
#[test]
fn recurrence_after_active_and_passive_programs_stands_beside_pain_at_their_end() {
    let mut clinic = Clinic::new(",minutes,modality", "");
    for n in 0..60 {
        let (id, active) = (clinic.patient(40.0), n < 30);
        let (exercise, heat) = if active { (30, 10) } else { (10, 30) };
        clinic.session(&id, START, "functional", &format!(",{exercise},core"));
        clinic.session(&id, START + 2, "functional", &format!(",{heat},heat"));
        clinic.pain(&id, 5, 6.0, "");
        let recurs = 120 + 3 * (n % 30) + if active { 30 } else { 0 };
        for on in END..=recurs + 1 {
            clinic.pain(&id, on, if on >= recurs { 5.0 } else { f64::from(n % 2) }, "");
        }
    }
    let claim = clinic.claim("active-beats-passive");
    let label = "recurrence after remission and completion, for 10 % more active time";
    let found = claim.others.iter().find(|effect| effect.label == label).unwrap();
    assert!(found.scale == Scale::HazardRatio && 0.5 < found.estimate && found.estimate < 1.0, "{found:?}");
}

#[test]
fn without_minutes_each_session_counts_alike() {
    let first = [("functional", ",core"), ("functional", ",core"), ("functional", ",core"), ("functional", ",manual")];
    let second = [("functional", ",core"), ("functional", ",heat"), ("functional", ",cold"), ("functional", ",manual")];
    let claim = two_kinds(",modality", &first, &second, (3.0, 5.0)).claim("active-beats-passive");
    close(claim.primary.unwrap().estimate, -0.4);
}

/// Seven weeks count. Three rows a day with 30 minutes on the first: two such days and one without minutes, which counts as one of them.
/// Treatment is no exercise, and its minutes are not those of the exercise beside it: where it alone has minutes, rows are counted.
#[test]
fn minutes_of_exercise_are_those_of_the_day_and_not_of_treatment() {
    let mut clinic = Clinic::new(",minutes,modality", "");
    let days: [&[(i32, &str)]; 4] = [
        &[
            (8, ",30,core"),
            (8, ",,aerobic"),
            (8, ",,balance"),
            (10, ",30,core"),
            (10, ",,aerobic"),
            (10, ",,balance"),
            (12, ",,core"),
            (12, ",,aerobic"),
        ],
        &[(8, ",20,core"), (8, ",15,heat"), (9, ",40,traction")],
        &[(8, ",15,heat")],
        &[(8, ",,core"), (8, ",15,heat")],
    ];
    for rows in days {
        let id = clinic.patient(40.0);
        rows.iter().for_each(|(on, rest)| clinic.session(&id, *on, "functional", rest));
        clinic.six_to(&id, 3.0, "");
    }
    let study = clinic.study();
    let described = Described { logs: &study.logs, cohort: &study.cohort, settings: &study.settings };
    let values = |name: &str| (exposure(name).unwrap().values)(&described);
    assert_eq!(values("minutes_per_week"), [Some(90.0 / 7.0), Some(20.0 / 7.0), Some(0.0), None]);
    assert_eq!(values("active_share"), [Some(1.0), Some(20.0 / 75.0), Some(0.0), Some(0.5)]);
}

/// At `alpha = 0.01` and 80 % power 2.575829 + 0.841621 standard errors, of 10 % more active time each ERROR/5.
#[test]
fn the_detectable_difference_goes_by_the_rule_of_the_verdict() {
    let first = [("functional", ",30,core"), ("functional", ",10,heat")];
    let second = [("functional", ",10,aerobic"), ("functional", ",30,stimulation")];
    let clinic = two_kinds(",minutes,modality", &first, &second, (3.0, 5.0)).settings("[claims]\nalpha = 0.01\n");
    let minimum = clinic.claim("active-beats-passive").minimum_detectable.unwrap();
    assert!((minimum - 3.417_450 * ERROR / 5.0).abs() < 1e-5, "{minimum}");
}

#[test]
fn care_that_is_not_logged_cannot_be_compared() {
    let clinic = two_kinds("", &[("functional", "")], &[("functional", "")], (3.0, 5.0));
    for (id, expected) in [
        ("active-beats-passive", "sessions have no modality, so active and passive ones cannot be told apart."),
        ("technique-matters", "technique is not rated in the session log."),
        ("stretch-dose-rules", "the session log does not say how long stretches were held and how often they were repeated."),
        ("traction-adds-little", "sessions have no modality, so traction cannot be told."),
        ("aquatic-suits-older", "sessions have no modality, so those in water cannot be told."),
        ("painful-sessions-harm", "the session log does not say how much it hurt before and during or after a session."),
        ("peripheralising-predicts-failure", "the pain log says neither where the pain was nor whether there was numbness."),
    ] {
        let claim = clinic.claim(id);
        assert_eq!((claim.verdict, reason(&claim)), (Verdict::NotTestable, expected), "{id}");
        assert!(claim.doubt.starts_with("Log") || claim.doubt.starts_with("Have"), "{}", claim.doubt);
    }
    let same = two_kinds(",modality", &[("functional", ",core")], &[("functional", ",core")], (3.0, 5.0));
    assert_eq!(
        reason(&same.claim("active-beats-passive")),
        "a share of active time is the same in all of them, so there is nothing to compare."
    );
}

/// Patients who hurt more get more passive treatment, which does nothing: at equal baseline nothing is left of it.
#[test]
fn treatment_by_indication_does_not_pass_for_its_effect() {
    let mut false_alarms = 0;
    for seed in 0..20 {
        let (mut chance, mut clinic) = (Chance::new(200 + seed), Clinic::new(",modality", ""));
        for _ in 0..120 {
            let id = clinic.patient(40.0);
            let baseline = chance.score(5.5, 1.5);
            for slot in 0..8 {
                let passive = chance.share() < if baseline > 6.0 { 0.7 } else { 0.2 };
                clinic.session(&id, START + 3 * slot, "functional", if passive { ",heat" } else { ",core" });
            }
            clinic.pain(&id, 5, baseline, "");
            clinic.pain(&id, END, chance.score(0.5 * baseline, 1.5), "");
        }
        let claim = clinic.claim("active-beats-passive");
        false_alarms += i32::from(claim.primary.as_ref().unwrap().p_value < 0.05);
    }
    // It is the only claim that can be tested here: of 20 null cohorts, 4 or more below 0.05 have a chance of 1.6 %.
    assert!(false_alarms <= 3, "{false_alarms}");
}

#[test]
fn technique_is_the_mean_rating_before_the_end() {
    // 4 and 2 on average; the rating of the last days, day 60, would make them alike.
    let mut clinic = Clinic::new(",setting,technique", "");
    for n in 0..60 {
        let id = clinic.patient(40.0);
        let good = n < 30;
        for (on, rating) in [(START, if good { 5 } else { 1 }), (START + 30, 3), (60, if good { 1 } else { 5 })] {
            clinic.session(&id, on, "functional", &format!(",home,{rating}"));
        }
        clinic.six_to(&id, if good { 3.0 } else { 5.0 } + turn(n), "");
    }
    let claim = clinic.claim("technique-matters");
    let primary = claim.primary.as_ref().unwrap();
    close(primary.estimate, -1.0);
    assert!((primary.interval.upper - (-1.0 + T58 * ERROR / 2.0)).abs() < 1e-5, "{primary:?}");
    // Five against one in the first half.
    close(other(&claim, "technique in the first half"), -0.5);
    assert_eq!(claim.verdict, Verdict::Supported, "{}", claim.doubt);
    assert!(warns(&claim, "rated-at-home"));
}

#[test]
fn a_stretch_is_by_the_rule_if_hold_and_repeats_are() {
    let columns = ",modality,muscle_group,sets,reps,hold_seconds";
    // 30 s by 3 and 120 s by 5 (also as sets of one); 29 s, 121 s, 2 and 6 repeats are outside. No hold is no stretch that counts.
    let inside = [
        ("flexibility", ",stretching,calves,1,3,30"),
        ("flexibility", ",stretching,hamstrings,5,1,120"),
        ("flexibility", ",,piriformis,,4,60"),
        ("flexibility", ",stretching,calves,1,3,"),
        ("strengthening", ",core,abdominals,3,10,"),
    ];
    let outside = [
        ("flexibility", ",stretching,calves,1,3,29"),
        ("flexibility", ",stretching,calves,1,5,121"),
        ("flexibility", ",stretching,calves,1,2,60"),
        ("flexibility", ",stretching,calves,2,3,60"),
        ("strengthening", ",core,abdominals,3,10,"),
    ];
    let claim = two_kinds(columns, &inside, &outside, (3.0, 5.0)).claim("stretch-dose-rules");
    let primary = claim.primary.as_ref().unwrap_or_else(|| panic!("{}", claim.sentence));
    // All against none by the rule: 2 points, a tenth of them for 10 %.
    close(primary.estimate, -0.2);
    assert_eq!(claim.verdict, Verdict::Supported, "{}", claim.doubt);
    // Days 8 to 14 are one week: calves, hamstrings, piriformis against calves alone, so two groups are 2 points.
    close(other(&claim, "for one more of the seven muscle groups"), -1.0);
    assert!(claim.checks.iter().any(|check| check.contains("2.0 of the seven muscle groups")), "{:?}", claim.checks);
}

fn traction(ends: (f64, f64)) -> ClaimResult {
    let claim = two_kinds(",modality", &[("functional", ",core"), ("functional", ",traction")], &[("functional", ",core")], ends);
    claim.claim("traction-adds-little")
}

/// The interval of ± 0.534664 about the difference has to lie within ± 1. R: `pt(-1/0.267103, 58)` = 0.000209.
#[test]
fn traction_adds_little_only_if_the_whole_interval_says_so() {
    let claim = traction((4.0, 4.0));
    assert_eq!(claim.verdict, Verdict::Supported, "{}", claim.sentence);
    assert!((claim.primary.unwrap().p_value - 0.000_209).abs() < 1e-6);
    let claim = traction((4.6, 4.0));
    assert_eq!(claim.verdict, Verdict::Inconclusive);
    assert!(claim.doubt.starts_with("The interval reaches beyond the margin"), "{}", claim.doubt);
    assert_eq!(traction((6.0, 4.0)).verdict, Verdict::Contradicted);
}

/// Four groups of 20: old and young, half of the time in water or none. Water goes with 1 point less in the old (65) and 1 point more in
/// the young (45): 2 points of difference over 20 years, so 1 point per ten years.
#[test]
fn water_by_age_is_the_difference_of_differences_per_ten_years() {
    let mut clinic = Clinic::new(",modality", "");
    for n in 0..80 {
        let (old, wet) = (n % 2 == 0, n < 40);
        let id = clinic.patient(if old { 65.0 } else { 45.0 });
        clinic.session(&id, START, "functional", if wet { ",aquatic" } else { ",core" });
        clinic.session(&id, START + 2, "functional", ",core");
        let end = 4.0 + if wet { if old { -1.0 } else { 1.0 } } else { 0.0 };
        clinic.six_to(&id, end + turn(n / 2), "");
    }
    let claim = clinic.claim("aquatic-suits-older");
    let primary = claim.primary.as_ref().unwrap_or_else(|| panic!("{}", claim.sentence));
    close(primary.estimate, -1.0);
    // Cell means of residuals ± 1 have HC3 variance (20/19)²/20; four of them over 20 years, taken to ten.
    let error = (4.0 * (20.0_f64 / 19.0).powi(2) / 20.0).sqrt() / 2.0;
    assert!((primary.interval.upper - (-1.0 + 1.991_673 * error)).abs() < 1e-5, "{primary:?}");
    assert_eq!(claim.verdict, Verdict::Supported, "{}", claim.doubt);
    close(other(&claim, "half of the time in water, at 60 years and above"), -1.0);
    close(other(&claim, "half of the time in water, below 60 years"), 1.0);
}
