//! Every rule of reading: one list, from which `rejected.csv`, `findings.csv`, the messages and the documentation are made.

use serde::Serialize;

use super::error::IngestError;
use crate::domain::nearest;
use crate::settings::Checks;

/// What a finding does to the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The row is not used.
    Reject,
    /// The row is used, and is probably wrong.
    Warn,
    /// Worth knowing; nothing need be wrong.
    Note,
}

impl Severity {
    /// Name in every output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reject => "reject",
            Self::Warn => "warn",
            Self::Note => "note",
        }
    }
}

/// One rule of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Id in `rejected.csv` and `findings.csv`.
    pub id: &'static str,
    /// What becomes of what it finds.
    pub severity: Severity,
    /// What a row that breaks it looks like.
    pub meaning: &'static str,
    /// What to do, where the row itself does not say more.
    pub fix: &'static str,
    /// Why the rule is there: what such a row does to the numbers.
    pub why: &'static str,
}

macro_rules! rules {
    ($($name:ident = $id:literal $(($severity:ident))?, $meaning:literal, $fix:literal, $why:literal;)+) => {
        $(#[doc = $meaning] pub const $name: Rule =
            Rule { id: $id, severity: severity!($($severity)?), meaning: $meaning, fix: $fix, why: $why };)+
        /// Every rule: those a row can break in the order in which it is checked, then those of the logs together.
        pub const RULES: &[Rule] = &[$($name),+];
    };
}

/// A rule without a severity rejects rows.
macro_rules! severity {
    () => {
        Severity::Reject
    };
    ($severity:ident) => {
        Severity::$severity
    };
}

rules! {
    UNTERMINATED_QUOTE = "unterminated_quote",
        "A quotation mark opens a cell and is not closed within 100 lines, or closes in the middle of another cell.",
        "Close the quotation mark, or double it (\"\") if it belongs to the text.",
        "Everything up to the next quotation mark, perhaps hundreds of rows, would be read as one cell. Giving up one line keeps the others.";
    NUL_BYTE = "nul_byte",
        "NUL bytes in the row, which no text has.",
        "Export the file again, or correct the row.",
        "They come from an interrupted save or copy; whatever stood in their place is lost, and an id with one in it is another patient.";
    WRONG_NUMBER_OF_CELLS = "wrong_number_of_cells",
        "More cells than the header has names (and they are not empty), or so few that a column in use is missing.",
        "Give the row as many cells as the header; quote a cell that contains the separator.",
        "After a missing or an extra separator every value stands in its neighbour's column: minutes would be read as pain.";
    REPEATED_HEADER = "repeated_header",
        "The line with the names of the columns again, as in files put together from several.",
        "Delete the line.",
        "In the list of patients it would be a patient called patient_id, and every number beside it a word.";
    NOTHING_TO_REPEAT = "nothing_to_repeat",
        "An empty cell of a column that is filled down, below a row whose cells could not be told apart.",
        "Correct the row above, or enter the value.",
        "The row that could not be read may have begun another patient or day; repeating the one before it would give this row to a stranger.";
    MIXED_ENCODING = "mixed_encoding",
        "A cell in use holds bytes that are no text in the encoding of the file, while other rows with letters beyond A–Z are read well.",
        "Export the file again as UTF-8; if files of two encodings were joined, give each of them alone.",
        "Read in another encoding, the letters of an id turn into others, and one patient becomes two.";
    MISSING_PATIENT_ID = "missing_patient_id",
        "No patient id.",
        "Enter the patient id.",
        "A log that is nobody's can be counted for nobody, and adding it to the row above would be a guess.";
    SPREADSHEET_ERROR = "spreadsheet_error",
        "A spreadsheet's error (#REF!, #NAME?, #VALUE! …) stands where the patient id should.",
        "Correct the formula in the spreadsheet and export it again.",
        "Every row with such an error would become a log of one more patient, called #REF!, who is several people.";
    UNKNOWN_PATIENT = "unknown_patient",
        "The patient is not in patients.csv (setting `checks.unknown_patient`).",
        "Add the patient to patients.csv or correct the id; checks.unknown_patient = \"keep\" uses such rows.",
        "Mostly a mistyped id: used as it is, one patient becomes two, the one with a gap in the diary, the other with a single day.";
    ANOTHER_PATIENT = "another_patient",
        "The file is one patient's by its name (setting `patient_from_path`), and the row another one's by its id.",
        "Correct the id or the name of the file; without patient_from_path the id in the row counts.",
        "Either the file was named wrongly or the row copied from another file; whose log it is only the clinic knows.";
    REPEATED_PATIENT = "repeated_patient",
        "The patient already has a row in patients.csv, which says something else; the first one is used.",
        "Keep one row per patient.",
        "Two rows may say two ages or sexes; which one is right only the clinic knows.";
    MISSING_DATE = "missing_date",
        "No date.",
        "Enter the date.",
        "Weeks, gaps, remission and recurrence are counted in days; a log without one belongs to no week.";
    INVALID_DATE = "invalid_date",
        "Not a calendar day, not in the order of the column, or written in a way that needs a setting (year of two digits, day number of a spreadsheet, month names of another language).",
        "Write the date as YYYY-MM-DD, such as 2024-03-31.",
        "A day that does not exist (31 June) was mistyped; the nearest day that exists may be a month off.";
    BEFORE_1900 = "before_1900",
        "A date before 1900.",
        "Correct the year.",
        "Such dates come from empty cells of a spreadsheet or from two-digit years; one of them would stretch a patient's follow-up by a century.";
    WEEKDAY_MISMATCH = "weekday_mismatch",
        "A weekday written beside the date that is not the date's.",
        "Correct the date or the weekday.",
        "One of the two was mistyped: in \"Mon 2024-03-05\" (a Tuesday) the session may have been on the 4th, the 5th, or in another month.";
    FUTURE_DATE = "future_date",
        "A date after the day of export (`study.exported_on`), or without that setting after the day on which the files are read.",
        "Correct the date, or study.exported_on if the files were exported later.",
        "Nobody logged it on that day: the year or the month was mistyped, and follow-up would end on a day that has not come.";
    AFTER_CUT_OFF = "after_cut_off",
        "A date after the declared cut-off (`study.cut_off`).",
        "Correct the date, or move study.cut_off.",
        "Days after the cut-off are not complete for everybody; using some of them makes patients who log quickly look better followed.";
    MISSING_VALUE = "missing_value",
        "A required value is empty or means missing.",
        "Enter the value, or delete the row if nothing was logged.",
        "An empty score is not a score of 0: silence must not count as freedom from pain.";
    NOT_A_NUMBER = "not_a_number",
        "Not a number where one is needed.",
        "Write a plain number, such as 7 or 7.5.",
        "A word, a range (3-4) or a number with a unit has no one value; choosing one is for whoever knows what was meant.";
    PAIN_OUT_OF_RANGE = "pain_out_of_range",
        "Pain off the declared scale.",
        "Correct the value, or declare the scale the file uses (scale = … under [files.pain]).",
        "A 55 among scores of 0 to 10 is a slip of the key or another scale; one such value outweighs weeks of true ones.";
    OUT_OF_RANGE = "out_of_range",
        "A number outside what its column can hold (negative minutes, `fraction_done` above 1, technique outside 1–5).",
        "Correct the value, or leave the cell empty.",
        "Negative minutes or a fraction done above 1 would be added to what was truly done.";
    UNKNOWN_WORD = "unknown_word",
        "A word its column does not know (phase, status, outcome, event, yes/no).",
        "Use one of the known words, leave the cell empty, or say what the word means (words = … under [files.…]).",
        "A status that is neither done, partial nor missed would have to be guessed, and adherence is made of these guesses.";
    END_BEFORE_START = "end_before_start",
        "A program that ends before it starts.",
        "Correct the start or the end of the program.",
        "A program of negative length has no weeks to be adherent in and no completion to recur after.";
    CONFLICTING_PROGRAM = "conflicting_program",
        "A program that starts on the day another program of the patient starts, and says something else.",
        "Keep the row that is right, or correct the start of one of them.",
        "The same program entered twice, or two that differ: its end, outcome and prescription would be a matter of luck. The first row is used.";
    SEVERAL_ANSWERS = "several_answers",
        "Several different answers for one week (setting `weekly.corrections = \"refuse\"`).",
        "Keep the answer that counts; corrections = \"last\" takes the last one in the file.",
        "A second answer is mostly a correction, but only the study knows whether late ones count.";
    CONFLICTING_VALUES = "conflicting_values",
        "A value that stands once per patient stands twice in an export, and differently.",
        "Correct one of them, or name the event it is to be taken from: redcap = { events = [\"…\"] }.",
        "Two ages or two starts of one patient: which one is right only the clinic knows, and neither is used.";
    BEFORE_PROGRAM = "before_program",
        "Pain logged before the program's start (setting `checks.pain_before_program`).",
        "Correct the date; checks.pain_before_program = \"keep\" uses such rows.",
        "Set so by the study: pain logged before the start is kept by default, since the baseline is taken from it.";
    CELL_NOT_READ = "cell_not_read" (Warn),
        "A cell of a further column that cannot be read (a setting, modality, site or answer that is no known word; sets, repetitions, seconds or pain with exercise that are no number or off the scale).",
        "Correct the cell, or leave it empty; if the word is the clinic's own, say what it means (words = … under [files.…]).",
        "The row is used and the cell counts as missing. Results that need the column are made of the other rows, and where many cells are lost, of the patients who happened to be written down well.";
    CONFLICTING_PAIN = "conflicting_pain" (Note),
        "Several pain scores of one patient on one day that differ.",
        "Keep the score that is right; checks.same_day_pain says which one is used (max, mean, last) or that none is (refuse).",
        "One of them is used, by the rule of the study. Where the diary asks once a day, the other one is a slip or a second export.";
    CONFLICTING_MEASURE = "conflicting_measure" (Note),
        "Several values of one measure of a patient on one day that differ.",
        "Keep the value that is right; of several the last one in the files is used.",
        "A questionnaire is filled in once a day: the second value is mostly a correction, and sometimes a slip.";
    REPEATED_ROWS = "repeated_rows" (Note),
        "Rows that say again what another row says in every value, or a pain score logged twice on its day.",
        "Nothing, if an export was made twice; if one session was truly held twice on a day, set checks.repeated_sessions = \"keep\".",
        "Counted twice, they would raise adherence; they are merged into one and counted in the account of the file.";
    MANY_SCORES_A_DAY = "many_scores_a_day" (Note),
        "A pain log that holds differing scores on more than a fifth of its days.",
        "Nothing, if the diary asks several times a day; checks.same_day_pain says which score is used.",
        "Such a log asks more than once a day. The days are not listed one by one, which would hide everything else.";
    OVERLAPPING_PROGRAMS = "overlapping_programs" (Warn),
        "A program that starts before an earlier program of the patient has ended.",
        "Correct the start of the later or the end of the earlier one; a program that was broken off has outcome dropped_out.",
        "Both are analyzed, the earlier one up to the day before the later one starts: its last weeks and its completion are lost.";
    MORE_THAN_A_DAY = "more_than_a_day" (Warn),
        "More than 24 hours of exercise on one day.",
        "Correct the minutes; often they are seconds, or a total was entered with each exercise.",
        "A day has 1,440 minutes; the sum is used as it stands and outweighs weeks of true ones.";
    SCALE_CHANGE = "scale_change" (Warn),
        "A patient's pain log that falls or rises about tenfold from one log to the next and stays there.",
        "Compare the entries before and after that day with the diary; a score on another scale must be converted or left out.",
        "Read on one scale, a change from 0–100 to 0–10, or to yes and no, looks like a cure from one day to the next.";
    PAUSE_IN_LOG = "pause_in_log" (Note),
        "A pain log with a pause longer than checks.silence (28 days) between two entries.",
        "Look for the missing entries; a lost page or export is the usual cause.",
        "Nothing is known of these days. By default a silence longer than censoring.silence ends a patient's follow-up.";
    WENT_SILENT = "went_silent" (Note),
        "A pain log that ends more than checks.silence (28 days) before the last exercise session.",
        "Look for later entries; ask the patient whether logging or the pain has stopped.",
        "Patients in pain may stop writing, and so may patients without; follow-up ends at the last entry.";
    SIMILAR_IDS = "similar_ids" (Warn),
        "Two ids that may be one patient: they differ only in case, spaces, dashes, leading zeros, or in O for 0 and l for 1.",
        "If they are one patient, use one spelling in all files; if not, add \"similar_ids\" to checks.ignore.",
        "Read as two, one patient has a diary without exercise and the other exercise without a diary. Only the clinic knows.";
    PATIENT_WITHOUT_LOGS = "patient_without_logs" (Note),
        "A patient without a session, without a pain score, or without either.",
        "Look for the patient's logs, perhaps under another spelling of the id; or nothing, if there are none yet.",
        "Without sessions there is no adherence, without scores no change and no recurrence: the patient is missing from that result.";
    EXERCISE_BEFORE_PROGRAM = "exercise_before_program" (Warn),
        "A session before the patient's program starts (setting `checks.exercise_before_program`).",
        "Correct the date of the session or the start of the program; checks.exercise_before_program = \"reject\" leaves such rows out.",
        "One of the two dates is wrong, or the program began earlier than recorded, which moves every week counted from its start.";
    EVENT_BEFORE_PROGRAM = "event_before_program" (Note),
        "A clinical event before the patient's program starts.",
        "Nothing, if it is history; else correct the date.",
        "Events before the program do not end follow-up; one with a wrong year would be overlooked so.";
    LOG_AFTER_DEATH = "log_after_death" (Warn),
        "A session or a pain score after the patient's death.",
        "Correct the date of the log or of the death, or the id.",
        "One of the dates is wrong, or the log is another patient's.";
    LOG_AFTER_WITHDRAWAL = "log_after_withdrawal" (Warn),
        "A session or a pain score after the patient withdrew.",
        "Correct the date; a patient who withdrew consent must be taken out of the files.",
        "Whoever has withdrawn may have withdrawn the use of later data too, and follow-up ends on that day in any case.";
    COMPLETED_AFTER_CUT_OFF = "completed_after_cut_off" (Warn),
        "A program completed after the data cut-off.",
        "Correct completed_on, leave it empty while the program goes on, or move study.cut_off.",
        "Nobody can have seen it: it is a plan, or a mistyped year. As a completion it would start a follow-up that has no days.";
    LONE_LAST_DAY = "lone_last_day" (Warn),
        "A last day of all logs that lies more than 180 days after the last day of every other patient.",
        "Correct the date, or declare study.cut_off.",
        "Without a declared cut-off the last day is the cut-off; one mistyped year adds empty time to the follow-up of everybody.";
    NOT_UTF8 = "not_utf8" (Note),
        "A file that is not UTF-8 throughout: it was read as Windows-1252 or, where other lines have letters in UTF-8, without the lines that are not.",
        "Nothing, if names with accents look right and no row was rejected; else export the file as UTF-8.",
        "In the wrong encoding an id such as Müller becomes another id.";
    COLUMNS_NOT_USED = "columns_not_used" (Note),
        "Columns of a file that mean nothing to this version.",
        "Nothing, unless one of them is misspelt: name it under columns in [files.…] of study.toml.",
        "A column under an unknown name is not read: minutes called time_spent are no minutes.";
    PERSONAL_COLUMN = "personal_column" (Note),
        "A column that looks like names, phone numbers, e-mail or postal addresses, birth dates or insurance numbers.",
        "Nothing: it is carried into no output. Leave it out of files that are shared; [privacy] keep in study.toml uses a column mistaken for one.",
        "No result needs to know who somebody is, and a report that says so cannot be shown. A column birth_year serves as well as a birth date.";
    PERSONAL_IDS = "personal_ids" (Warn),
        "Patient ids that look like names, phone numbers or e-mail addresses.",
        "Replace them with --pseudonymize KEYFILE, or give patients numbers.",
        "The id is needed to put the logs of a patient together, and so stands in tables, on pages and in rejected rows.";
    NO_ROWS = "no_rows" (Note),
        "A file with a header and no rows.",
        "Export it again, or remove it.",
        "Perhaps the export failed; the study is read as if the file were not there.";
}

/// Rules that are not to be heard of exist, and reject nothing: a rejected row is always listed.
pub(super) fn check_ignored(checks: &Checks) -> Result<(), IngestError> {
    for id in &checks.ignore {
        let problem = match RULES.iter().find(|rule| rule.id == id) {
            Some(rule) if rule.severity != Severity::Reject => continue,
            Some(_) => format!("names \"{id}\", a rule that rejects rows; rejected rows are always listed"),
            None => {
                let near =
                    nearest(id, RULES.iter().map(|rule| rule.id)).map_or_else(String::new, |near| format!(" (did you mean \"{near}\"?)"));
                format!("names \"{id}\", which is no rule{near}")
            }
        };
        return Err(IngestError::Setting {
            file: "study.toml".to_owned(),
            setting: "checks.ignore".to_owned(),
            problem,
            fix: "`staywell explain` lists the rules.".to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn rule_ids_are_unique_and_every_rule_says_what_to_do() {
        for (index, rule) in RULES.iter().enumerate() {
            assert!(RULES[..index].iter().all(|other| other.id != rule.id), "{} twice", rule.id);
            assert!(
                rule.fix.ends_with(['.', '\u{201d}']) && rule.meaning.ends_with('.') && rule.why.ends_with('.'),
                "{} needs full sentences",
                rule.id
            );
        }
    }
}
