//! The cells of a session that only the further claims need: what was done, how, and whether it hurt.

use crate::domain::{Phase, SessionStatus};

use super::care::Care;
use super::line::Line;
use super::person::Draws;
use super::program::Session;

/// Names of the further columns.
pub(super) const HEADER: &str = ",pain_during,modality,exercise,muscle_group,sets,reps,hold_seconds";

/// The seven groups of a stretching program, and a stretch for each.
const STRETCHES: [(&str, &str); 7] = [
    ("hamstrings", "hamstring stretch"),
    ("hip flexors", "kneeling hip flexor stretch"),
    ("piriformis", "figure four stretch"),
    ("gluteals", "knee to chest"),
    ("quadriceps", "standing quadriceps stretch"),
    ("calves", "wall calf stretch"),
    ("back extensors", "cat and camel"),
];
const CORE: [(&str, &str); 4] =
    [("abdominals", "curl up"), ("obliques", "side bridge"), ("back extensors", "bird dog"), ("gluteals", "bridge")];
const FUNCTIONAL: [(&str, &str); 3] = [("legs", "squat"), ("back extensors", "hip hinge"), ("abdominals", "loaded carry")];
const BALANCE: [(&str, &str); 2] = [("ankles", "single-leg stand"), ("trunk", "wobble board")];

/// A session that was held.
pub(super) struct Held<'a> {
    pub(super) session: &'a Session,
    /// Its row in the minimal columns.
    pub(super) core: String,
    /// Id up to setting, and pain before up to technique: what every row of the session has.
    pub(super) around_minutes: (String, String),
    pub(super) before: i32,
}

/// The row of a session and, of a stretching session, one for each further exercise.
pub(super) fn rows(draws: &mut Draws, held: Held<'_>, care: &Care) -> (Line, Vec<Line>) {
    let Session { day, phase, status, setting, painful } = *held.session;
    let during = during(draws, held.before, painful);
    let passive = draws.happens(care.passive) && phase.in_program();
    let aquatic = draws.happens(care.aquatic) && phase.in_program();
    let (of_the_passive, which) = (draws.share(), draws.share());
    let pick = |list: &[(&'static str, &'static str)]| list[((which * list.len() as f64) as usize).min(list.len() - 1)];
    let further = if passive {
        let modality = match of_the_passive {
            share if care.traction && setting == "clinic" && share < 0.5 => "traction",
            share if share < 0.35 => "heat",
            share if share < 0.5 => "cold",
            share if share < 0.75 => "stimulation",
            _ => "manual",
        };
        format!(",{during},{modality},,,,,")
    } else if aquatic {
        format!(",{during},aquatic,water exercise,,,,")
    } else if phase == Phase::Flexibility {
        let rows = if status == SessionStatus::Done { care.stretches } else { 1 };
        let first = (which * 7.0) as usize;
        let mut cells = (0..rows as usize).map(|row| stretch(draws, first + row, during, care)).collect::<Vec<_>>().into_iter();
        let line = Line { day, core: held.core, further: cells.next().unwrap_or_default() };
        let (from_id, to_technique) = held.around_minutes;
        return (line, cells.map(|further| Line { day, core: format!("{from_id},,{to_technique}"), further }).collect());
    } else {
        let (modality, (group, exercise)) = match phase {
            Phase::Functional if which < 0.3 => ("aerobic", ("", "brisk walk")),
            Phase::Functional => ("stabilization", pick(&FUNCTIONAL)),
            Phase::Proprioception => ("balance", pick(&BALANCE)),
            _ => ("core", pick(&CORE)),
        };
        format!(",{during},{modality},{exercise},{group},{},{},", draws.whole(2, 3), draws.whole(8, 15))
    };
    (Line { day, core: held.core, further }, vec![])
}

/// Further cells of one stretch: held 30 to 60 seconds 3 to 5 times by the rule, shorter and fewer without it.
fn stretch(draws: &mut Draws, which: usize, during: i32, care: &Care) -> String {
    let (group, exercise) = STRETCHES[which % STRETCHES.len()];
    let by_rule = draws.happens(care.stretches_by_rule);
    let (hold, reps) = if by_rule { (draws.whole(6, 12) * 5, draws.whole(3, 5)) } else { (draws.whole(2, 5) * 5, draws.whole(1, 2)) };
    format!(",{during},stretching,{exercise},{group},1,{reps},{hold}")
}

/// Pain during a session: about what it was before, or two points and more above it where it hurt.
fn during(draws: &mut Draws, before: i32, painful: bool) -> i32 {
    let usual = before + i32::from(draws.happens(0.3));
    let more = draws.whole(2, 4);
    (if painful { before + more } else { usual }).min(10)
}
