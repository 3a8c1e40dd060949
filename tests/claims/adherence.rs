//! `adherence-relieves-pain`.

use staywell::claims::{EffectRole, Verdict};

use super::cohorts::{Chance, Clinic, END, START, close, other, reason, turn, warns};

const ID: &str = "adherence-relieves-pain";

/// Two sessions a week are prescribed; one or two are done in each of the seven weeks that count. What is done in the last week is
/// `last_week` sessions.
fn sessions(clinic: &mut Clinic, id: &str, a_week: i32, weeks: i32, last_week: i32) {
    for week in 0..weeks {
        for slot in 0..a_week {
            clinic.session(id, START + 7 * week + 3 * slot, "functional", "");
        }
    }
    for slot in 0..last_week {
        clinic.session(id, END - 1 - slot, "functional", "");
    }
}

/// Thirty patients do all, and end at 3 ± 1; thirty do half, and end at 5 ± 1.
fn clinic(last_week: i32) -> Clinic {
    let mut clinic = Clinic::new("", "");
    for n in 0..60 {
        let id = clinic.patient(40.0);
        let all = n < 30;
        sessions(&mut clinic, &id, if all { 2 } else { 1 }, 7, last_week);
        clinic.six_to(&id, if all { 3.0 } else { 5.0 } + turn(n), "");
    }
    clinic
}

/// Half more adherence goes with 2 points less, so 10 % with 0.4. The HC3 error of the difference of two groups of 30 with residuals of 1
/// is √(2 · (30/29)²/30) = 0.267103, a fifth of it for 10 %.
#[test]
fn ten_percent_of_adherence_are_a_fifth_of_the_difference_between_half_and_all() {
    let claim = clinic(1).claim(ID);
    let primary = claim.primary.as_ref().unwrap();
    close(primary.estimate, -0.4);
    let half_width = 2.001_717 * 0.267_103 / 5.0;
    assert!((primary.interval.upper - (-0.4 + half_width)).abs() < 1e-5, "{primary:?}");
    assert_eq!((claim.verdict, claim.n_used), (Verdict::Supported, 60), "{} {:?}", claim.sentence, claim.doubt);
    assert!(
        claim.sentence.starts_with(
            "Among 60 patients, every 10 % more adherence went with 0.40 points less pain at the end of the program at equal baseline pain \
         (difference −0.40, 95 % interval −0.51 to −0.29, p < 0.001)."
        ),
        "{}",
        claim.sentence
    );
    // 3 ± 1 from 6 are 2 or 4 points less: all respond. 5 ± 1 respond where they are 4.
    let bands = claim.checks.iter().find(|check| check.contains("by adherence")).unwrap();
    assert!(bands.contains("50 to 79 % 50 % of 30 programs") && bands.contains("80 % and more 100 % of 30 programs"), "{bands}");
}

#[test]
fn what_is_done_in_the_days_that_measure_the_end_does_not_count() {
    let primary = |last_week| clinic(last_week).claim(ID).primary.unwrap();
    assert_eq!(primary(0), primary(4));
}

#[test]
fn who_left_without_a_last_score_is_not_in_the_estimate_and_the_report_says_so() {
    let mut clinic = clinic(1);
    for _ in 0..30 {
        let id = clinic.drop_out(40.0);
        sessions(&mut clinic, &id, 1, 3, 0);
        clinic.pain(&id, 5, 6.0, "");
    }
    let claim = clinic.claim(ID);
    close(claim.primary.as_ref().unwrap().estimate, -0.4);
    assert_eq!(claim.excluded.iter().map(|excluded| excluded.programs).sum::<usize>(), 30);
    assert!(warns(&claim, "missing-ends"), "{:?}", claim.warnings);
    // As if nothing had changed: thirty more at half adherence end at 6, so half adherence is at 5.5 on average, and 2.5 above.
    let unchanged = claim.others.iter().find(|effect| effect.label.starts_with("pain at the end as at baseline")).unwrap();
    assert_eq!(unchanged.role, EffectRole::Biased);
    close(unchanged.estimate, -0.5);
}

/// The three weeks that a drop-out was there count, not the five after it: two sessions in each are all that was prescribed.
#[test]
fn a_drop_out_is_judged_by_the_weeks_in_the_program() {
    let mut clinic = Clinic::new("", "");
    for n in 0..60 {
        let id = if n < 30 { clinic.drop_out(40.0) } else { clinic.patient(40.0) };
        let weeks = if n < 30 { 3 } else { 7 };
        sessions(&mut clinic, &id, 2, weeks, 0);
        // The last session of the third week falls on its last day.
        if n < 30 {
            clinic.session(&id, START + 20, "functional", "");
        }
        clinic.six_to(&id, 4.0 + turn(n), "");
    }
    let claim = clinic.claim(ID);
    assert_eq!(reason(&claim), "adherence is the same in all of them, so there is nothing to compare.");
}

#[test]
fn more_pain_with_more_adherence_contradicts_the_claim() {
    let mut clinic = Clinic::new("", "");
    for n in 0..60 {
        let id = clinic.patient(40.0);
        sessions(&mut clinic, &id, if n < 30 { 1 } else { 2 }, 7, 0);
        clinic.six_to(&id, if n < 30 { 3.0 } else { 5.0 } + turn(n), "");
    }
    assert_eq!(clinic.claim(ID).verdict, Verdict::Contradicted);
}

#[test]
fn with_too_few_programs_it_is_not_testable() {
    let few = {
        let mut clinic = Clinic::new("", "");
        for n in 0..20 {
            let id = clinic.patient(40.0);
            sessions(&mut clinic, &id, 1 + n % 2, 7, 0);
            clinic.six_to(&id, 4.0, "");
        }
        clinic.claim(ID)
    };
    assert_eq!(reason(&few), "20 programs have adherence and the outcome; at least 40 are needed.");
}

/// Adherence does nothing; the less adherent leave without a last score, pain falls by itself. Counting them as unchanged finds an effect
/// that is not there, the primary estimate does not.
#[test]
fn leaving_does_not_make_an_effect_of_adherence() {
    let (mut false_alarms, mut fooled) = (0, 0);
    for seed in 0..20 {
        let (mut chance, mut clinic) = (Chance::new(seed), Clinic::new("", ""));
        for _ in 0..160 {
            let a_week = 1 + i32::from(chance.share() < 0.5);
            let leaves = chance.share() < if a_week == 1 { 0.5 } else { 0.1 };
            let baseline = chance.score(6.0, 1.5);
            let id = if leaves { clinic.drop_out(40.0) } else { clinic.patient(40.0) };
            sessions(&mut clinic, &id, a_week, if leaves { 4 } else { 7 }, 0);
            clinic.pain(&id, 5, baseline, "");
            let end = chance.score(0.5 * baseline, 1.5);
            if !leaves {
                clinic.pain(&id, END, end, "");
            }
        }
        let claim = clinic.claim(ID);
        false_alarms += i32::from(claim.primary.as_ref().unwrap().p_value < 0.05);
        fooled += i32::from(other(&claim, "pain at the end as at baseline") < -0.1);
        assert_ne!(claim.verdict, Verdict::Supported, "seed {seed}: {}", claim.sentence);
    }
    // Of 20 null cohorts, 4 or more below 0.05 have a chance of 1.6 %.
    assert!(false_alarms <= 3 && fooled >= 18, "{false_alarms} {fooled}");
}
