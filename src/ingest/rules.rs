//! Every rule a row can break: one list, from which `rejected.csv`, the messages and the documentation are made.

/// One rule of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Id in `rejected.csv`.
    pub id: &'static str,
    /// What a row that breaks it looks like.
    pub meaning: &'static str,
    /// What to do, where the row itself does not say more.
    pub fix: &'static str,
    /// Why such a row is not used: what it would do to the numbers.
    pub why: &'static str,
}

macro_rules! rules {
    ($($name:ident = $id:literal, $meaning:literal, $fix:literal, $why:literal;)+) => {
        $(#[doc = $meaning] pub const $name: Rule = Rule { id: $id, meaning: $meaning, fix: $fix, why: $why };)+
        /// Every rule, in the order in which a row is checked.
        pub const RULES: &[Rule] = &[$($name),+];
    };
}

rules! {
    UNTERMINATED_QUOTE = "unterminated_quote",
        "A quotation mark opens a cell and is not closed within 100 lines, or closes in the middle of another cell.",
        "Close the quotation mark, or double it (\"\") if it belongs to the text.",
        "Everything up to the next quotation mark, perhaps hundreds of rows, would be read as one cell. Giving up one line keeps the others.";
    WRONG_NUMBER_OF_CELLS = "wrong_number_of_cells",
        "More cells than the header has names (and they are not empty), or so few that a column in use is missing.",
        "Give the row as many cells as the header; quote a cell that contains the separator.",
        "After a missing or an extra separator every value stands in its neighbour's column: minutes would be read as pain.";
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
        "Not a calendar day, or not in the order of the column.",
        "Write the date as YYYY-MM-DD, such as 2024-03-31.",
        "A day that does not exist (31 June) was mistyped; the nearest day that exists may be a month off.";
    BEFORE_1900 = "before_1900",
        "A date before 1900.",
        "Correct the year.",
        "Such dates come from empty cells of a spreadsheet or from two-digit years; one of them would stretch a patient's follow-up by a century.";
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
        "Use one of the known words, or leave the cell empty.",
        "A status that is neither done, partial nor missed would have to be guessed, and adherence is made of these guesses.";
    END_BEFORE_START = "end_before_start",
        "A program that ends before it starts.",
        "Correct the start or the end of the program.",
        "A program of negative length has no weeks to be adherent in and no completion to recur after.";
    SECOND_PROGRAM = "second_program",
        "The patient already has a program; this version analyzes the first one in the file.",
        "Keep the program to be analyzed first, and log the other one as the event new_program.",
        "Weeks of two programs counted as one would mix two prescriptions and put the completion in the wrong place.";
    BEFORE_PROGRAM = "before_program",
        "Pain logged before the program's start (setting `checks.pain_before_program`).",
        "Correct the date; checks.pain_before_program = \"keep\" uses such rows.",
        "Set so by the study: pain logged before the start is kept by default, since the baseline is taken from it.";
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
