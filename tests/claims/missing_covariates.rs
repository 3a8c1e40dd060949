//! Groups and shares are those of the programs in the estimate: without those that lack a covariate of its model.

use super::cohorts::{Clinic, END, START, reason, turn};

/// So many of each kind of known age, and three of unknown age; the first kind begins in a flare, has flexibility work before strengthening,
/// traction, and symptoms that travel. Of known age 20 of the first kind and 10 of the second respond, of unknown age nobody.
fn clinic(exposed: usize, others: usize) -> Clinic {
    let mut clinic = Clinic::new(",modality", ",site");
    for (n, first) in [(exposed, true), (others, false)] {
        for rank in 0..n + 3 {
            let known = rank < n;
            let id = if known { clinic.patient(45.0 + 5.0 * turn(rank as i32)) } else { clinic.of_unknown_age() };
            if first {
                for on in [START, START + 3, START + 8] {
                    clinic.session(&id, on, "flexibility", ",stretching");
                }
            }
            clinic.session(&id, START + if first { 14 } else { 0 }, "strengthening", if first { ",traction" } else { ",core" });
            for (on, score) in (1..8).zip(if first { [8.0, 5.0, 4.0, 4.0, 5.0, 5.0, 4.0] } else { [5.0; 7] }) {
                clinic.pain(&id, on, score, ",low_back");
            }
            for on in [20, 24, 28, 40] {
                clinic.pain(&id, on, 5.0, if first { ",calf" } else { ",low_back" });
            }
            let responds = known && rank < if first { 20 } else { 10 };
            clinic.pain(&id, END, if responds { 3.0 } else { 5.0 }, ",");
        }
    }
    clinic
}

#[test]
fn groups_and_shares_are_those_of_the_estimate() {
    let claims = clinic(30, 30).claims();
    for (id, expected) in [
        ("traction-adds-little", "Among 60 patients, the 30 with traction ended"),
        ("traction-adds-little", "than the 30 without"),
        ("starting-in-flare-fails", "Among 60 programs, the 30 that began"),
        ("starting-in-flare-fails", "than the 30 others"),
        ("flexibility-first", "Among 60 patients with strengthening, 67 % of the 30 with 2 weeks"),
        ("flexibility-first", "against 33 % of the 30 without"),
        ("peripheralising-predicts-failure", "Among 60 patients, 67 % of the 30 whose"),
        ("peripheralising-predicts-failure", "against 33 % of the 30 others"),
    ] {
        let claim = claims.iter().find(|claim| claim.id == id).unwrap();
        assert!(claim.sentence.contains(expected), "{id}: {}", claim.sentence);
        assert!(claim.primary.as_ref().unwrap().label.contains("age"), "{:?}", claim.primary);
        let missing = claim.excluded.iter().find(|excluded| excluded.reason == "a covariate is missing");
        assert_eq!((claim.n_used, missing.map(|excluded| excluded.programs)), (60, Some(6)), "{id}");
    }
}

#[test]
fn a_group_too_small_without_those_who_lack_a_covariate_is_refused() {
    let claims = clinic(19, 30).claims();
    for (id, expected) in [
        ("traction-adds-little", "19 patients had traction, 30 patients had none; each group needs at least 20."),
        ("starting-in-flare-fails", "19 patients began in a flare, 30 patients did not; each group needs at least 20."),
        (
            "flexibility-first",
            "19 patients had flexibility work first, 30 patients began strengthening without it; each group needs at least 20.",
        ),
        ("peripheralising-predicts-failure", "19 patients had symptoms that traveled, 30 patients had not; each group needs at least 20."),
    ] {
        assert_eq!(reason(claims.iter().find(|claim| claim.id == id).unwrap()), expected, "{id}");
    }
}
