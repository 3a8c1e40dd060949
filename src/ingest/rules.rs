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
}

macro_rules! rules {
    ($($name:ident = $id:literal, $meaning:literal, $fix:literal;)+) => {
        $(#[doc = $meaning] pub const $name: Rule = Rule { id: $id, meaning: $meaning, fix: $fix };)+
        /// Every rule, in the order in which a row is checked.
        pub const RULES: &[Rule] = &[$($name),+];
    };
}

rules! {
    UNTERMINATED_QUOTE = "unterminated_quote",
        "A quotation mark opens a cell and is not closed within 100 lines, or closes in the middle of another cell.",
        "Close the quotation mark, or double it (\"\") if it belongs to the text.";
    WRONG_NUMBER_OF_CELLS = "wrong_number_of_cells",
        "More cells than the header has names (and they are not empty), or so few that a column in use is missing.",
        "Give the row as many cells as the header; quote a cell that contains the separator.";
    MISSING_PATIENT_ID = "missing_patient_id",
        "No patient id.",
        "Enter the patient id.";
    UNKNOWN_PATIENT = "unknown_patient",
        "The patient is not in patients.csv (setting `checks.unknown_patient`).",
        "Add the patient to patients.csv or correct the id; checks.unknown_patient = \"keep\" uses such rows.";
    REPEATED_PATIENT = "repeated_patient",
        "The patient already has a row in patients.csv; the first one is used.",
        "Keep one row per patient.";
    MISSING_DATE = "missing_date",
        "No date.",
        "Enter the date.";
    INVALID_DATE = "invalid_date",
        "Not a calendar day, or not in the order of the column.",
        "Write the date as YYYY-MM-DD, such as 2024-03-31.";
    BEFORE_1900 = "before_1900",
        "A date before 1900.",
        "Correct the year.";
    AFTER_CUT_OFF = "after_cut_off",
        "A date after the declared cut-off (`study.cut_off`).",
        "Correct the date, or move study.cut_off.";
    MISSING_VALUE = "missing_value",
        "A required value is empty or means missing.",
        "Enter the value, or delete the row if nothing was logged.";
    NOT_A_NUMBER = "not_a_number",
        "Not a number where one is needed.",
        "Write a plain number, such as 7 or 7.5.";
    PAIN_OUT_OF_RANGE = "pain_out_of_range",
        "Pain off the declared scale.",
        "Correct the value, or declare the scale the file uses (scale = … under [files.pain]).";
    OUT_OF_RANGE = "out_of_range",
        "A number outside what its column can hold (negative minutes, `fraction_done` above 1, technique outside 1–5).",
        "Correct the value, or leave the cell empty.";
    UNKNOWN_WORD = "unknown_word",
        "A word its column does not know (phase, status, outcome, event, yes/no).",
        "Use one of the known words, or leave the cell empty.";
    END_BEFORE_START = "end_before_start",
        "A program that ends before it starts.",
        "Correct the start or the end of the program.";
    SECOND_PROGRAM = "second_program",
        "The patient already has a program; this version analyzes the first one in the file.",
        "Keep the program to be analyzed first, and log the other one as the event new_program.";
    BEFORE_PROGRAM = "before_program",
        "Pain logged before the program's start (setting `checks.pain_before_program`).",
        "Correct the date; checks.pain_before_program = \"keep\" uses such rows.";
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn rule_ids_are_unique_and_every_rule_says_what_to_do() {
        for (index, rule) in RULES.iter().enumerate() {
            assert!(RULES[..index].iter().all(|other| other.id != rule.id), "{} twice", rule.id);
            assert!(rule.fix.ends_with(['.', '\u{201d}']) && rule.meaning.ends_with('.'), "{} needs full sentences", rule.id);
        }
    }
}
