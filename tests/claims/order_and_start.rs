//! `flexibility-first` and `starting-in-flare-fails`.

use staywell::claims::{ClaimResult, EffectRole, Verdict};

use super::cohorts::{Chance, Clinic, END, START, close, other, reason};

const ORDER: &str = "flexibility-first";
const FLARE: &str = "starting-in-flare-fails";

/// Of `first` patients with flexibility in the weeks before strengthening, and of `not` without, these many respond.
fn order(first: (usize, usize), not: (usize, usize), strengthening: i32) -> ClaimResult {
    let mut clinic = Clinic::new("", "");
    for ((n, respond), flexible) in [(first, true), (not, false)] {
        for index in 0..n {
            let id = clinic.patient(40.0);
            if flexible {
                for on in [START, START + 3, START + 8] {
                    clinic.session(&id, on, "flexibility", "");
                }
                clinic.session(&id, START + strengthening, "strengthening", "");
            } else {
                clinic.session(&id, START, "strengthening", "");
            }
            clinic.six_to(&id, if index < respond { 3.0 } else { 6.0 }, "");
        }
    }
    clinic.claim(ORDER)
}

/// 30 of 40 against 10 of 40: a difference of 0.5, with HC3's √((0.75 · 0.25 + 0.25 · 0.75)/40 · (40/39)²) = 0.099308.
#[test]
fn flexibility_first_compares_shares_that_responded() {
    let claim = order((40, 30), (40, 10), 14);
    let primary = claim.primary.as_ref().unwrap();
    close(primary.estimate, 0.5);
    let half_width = 1.990_847 * 0.099_308;
    assert!((primary.interval.lower - (0.5 - half_width)).abs() < 1e-5, "{primary:?}");
    assert_eq!(claim.verdict, Verdict::Supported, "{}", claim.doubt);
    assert!(
        claim.sentence.starts_with(
            "Among 80 patients with strengthening, 75 % of the 40 with 2 weeks of flexibility work before it had an important change of pain by \
             the end, against 25 % of the 40 without (difference +50 points of 100"
        ),
        "{}",
        claim.sentence
    );
    // Through the ratio: risks of 0.75 and 0.25 are a ratio of 3, and 3 + √(3 · 2) = 5.449.
    assert!((claim.e_value.unwrap() - 5.449_490).abs() < 1e-5);
    assert_eq!(order((40, 10), (40, 30), 14).verdict, Verdict::Contradicted);
    assert_eq!(order((40, 20), (40, 21), 14).verdict, Verdict::Inconclusive);
}

/// Flexibility on days 0, 3 and 8: before a strengthening on day 13, in the second week, only one whole week of it has gone by.
#[test]
fn weeks_of_flexibility_end_before_the_week_of_the_first_strengthening() {
    let claim = order((40, 30), (40, 10), 13);
    assert_eq!(
        reason(&claim),
        "0 patients had flexibility work first, 80 patients began strengthening without it; each group needs at least 20."
    );
}

#[test]
fn the_order_is_not_testable_without_phases_violators_or_an_error() {
    let claim = order((40, 30), (19, 10), 14);
    assert_eq!(
        reason(&claim),
        "40 patients had flexibility work first, 19 patients began strengthening without it; each group needs at least 20."
    );
    let claim = order((40, 40), (40, 10), 14);
    assert_eq!(
        reason(&claim),
        "every one of the 40 with flexibility first had an important change, so the difference has no usable error."
    );
    let claim = order((40, 30), (40, 0), 14);
    assert_eq!(reason(&claim), "none of the 40 without it had an important change, so the difference has no usable error.");
}

/// Everybody has a mean of 5 in the week before the first session: some by one day of 8 among lower ones, others by 5 throughout.
fn flares(end_in_flare: f64, end_calm: f64) -> ClaimResult {
    let mut clinic = Clinic::new("", "");
    for n in 0..60 {
        let id = clinic.patient(40.0);
        clinic.session(&id, START, "functional", "");
        let flare = n < 30;
        for (on, score) in (1..8).zip(if flare { [8.0, 5.0, 4.0, 4.0, 5.0, 5.0, 4.0] } else { [5.0; 7] }) {
            clinic.pain(&id, on, score, "");
        }
        let end = if flare { end_in_flare } else { end_calm } + super::cohorts::turn(n);
        clinic.pain(&id, END, end, "");
    }
    clinic.claim(FLARE)
}

#[test]
fn a_flare_is_compared_at_equal_mean_pain_of_its_week() {
    let claim = flares(5.0, 3.0);
    let primary = claim.primary.as_ref().unwrap();
    close(primary.estimate, 2.0);
    assert!((primary.interval.lower - (2.0 - 2.001_717 * 0.267_103)).abs() < 1e-5, "{primary:?}");
    assert_eq!(claim.verdict, Verdict::Supported, "{}", claim.doubt);
    assert!(
        claim.sentence.starts_with(
            "Among 60 programs, the 30 that began with pain of 7 or more ended with 2.00 points more pain than the 30 others at equal mean pain \
             before"
        ),
        "{}",
        claim.sentence
    );
    assert_eq!(flares(3.0, 5.0).verdict, Verdict::Contradicted);
}

#[test]
fn flares_whose_pain_nobody_else_had_are_not_compared() {
    let mut clinic = Clinic::new("", "");
    for n in 0..60 {
        let id = clinic.patient(40.0);
        clinic.session(&id, START, "functional", "");
        clinic.pain(&id, START - 1, if n < 30 { 8.0 } else { 4.0 }, "");
        clinic.pain(&id, END, f64::from(2 + n % 3), "");
    }
    assert_eq!(
        reason(&clinic.claim(FLARE)),
        "only 0 of those who began in a flare had a mean pain in that week that others had too; at least 20 are needed to compare like with \
         like."
    );
    let mut clinic = Clinic::new("", "");
    let id = clinic.patient(40.0);
    clinic.session(&id, START, "functional", "");
    clinic.pain(&id, START, 8.0, "");
    assert_eq!(reason(&clinic.claim(FLARE)), "no pain is logged in the 7 days before a first session.");
}

/// Pain has a level of its own and noise from day to day; programs take half of the level away, flare or not. The raw change flatters
/// those who began in a flare, the comparison at equal pain does not.
#[test]
fn regression_to_the_mean_does_not_pass_for_an_effect_of_the_flare() {
    let (mut false_alarms, mut flattered) = (0, 0);
    for seed in 0..20 {
        let (mut chance, mut clinic) = (Chance::new(100 + seed), Clinic::new("", ""));
        for _ in 0..240 {
            let level = 5.0 + 1.2 * chance.normal();
            let id = clinic.patient(40.0);
            clinic.session(&id, START, "functional", "");
            for on in [2, 4, 6] {
                clinic.pain(&id, on, chance.score(level, 1.5), "");
            }
            for on in [END - 4, END] {
                clinic.pain(&id, on, chance.score(0.6 * level, 1.0), "");
            }
        }
        let claim = clinic.claim(FLARE);
        let primary = claim.primary.as_ref().unwrap_or_else(|| panic!("{}", claim.sentence));
        false_alarms += i32::from(primary.p_value < 0.05);
        let raw = claim.others.iter().find(|effect| effect.label.starts_with("raw change")).unwrap();
        assert_eq!(raw.role, EffectRole::Biased);
        flattered += i32::from(raw.p_value < 0.05 && other(&claim, "raw change") < 0.0);
    }
    assert!(false_alarms <= 3 && flattered >= 15, "{false_alarms} {flattered}");
}
