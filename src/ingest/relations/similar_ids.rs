//! Two spellings that may be one patient. They are named and never merged.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::folded_id::folded;
use super::{At, Found, Logs, counted};
use crate::ingest::accounting::{Finding, Rejected};
use crate::ingest::privacy::KnownIds;
use crate::ingest::rules;

/// An unknown id on more rows than this is no slip of the key.
const FEW_ROWS: usize = 5;
/// More unknown ids than this are another roster, and not typed wrong one by one.
const FEW_IDS: usize = 500;
/// Beyond this many, and this share of patients, similar ids are how a study numbers its patients.
const SYSTEM: (usize, usize) = (20, 10);

pub(super) fn findings(logs: &Logs, known: &KnownIds) -> Vec<Finding> {
    let ids = &logs.patients.ids;
    let (by_fold, pairs) = folds(logs, known);
    let mut found = if pairs.len() > SYSTEM.0 && pairs.len() * SYSTEM.1 > ids.len() {
        vec![system(logs, &pairs)]
    } else {
        pairs.iter().map(|&(one, other)| pair(logs, one, other)).collect()
    };
    found.extend(unknown(logs, &by_fold, known));
    found
}

/// Of ids that are not in the roster only.
pub(super) fn unknown_alone(logs: &Logs, known: &KnownIds) -> Vec<Finding> {
    unknown(logs, &folds(logs, known).0, known)
}

/// The first patient of each spelling, and the pairs of patients that share one.
fn folds(logs: &Logs, known: &KnownIds) -> (FxHashMap<String, u32>, Vec<(usize, usize)>) {
    let ids = &logs.patients.ids;
    let mut by_fold: FxHashMap<String, u32> = FxHashMap::default();
    by_fold.reserve(ids.len());
    let mut pairs = Vec::new();
    for (patient, id) in ids.iter().enumerate() {
        let fold = folded(known.meaning(id));
        if fold.is_empty() {
            continue;
        }
        match by_fold.get(&fold) {
            Some(&first) => pairs.push((first as usize, patient)),
            None => {
                by_fold.insert(fold, patient as u32);
            }
        }
    }
    (by_fold, pairs)
}

fn rows(logs: &Logs, patient: usize) -> usize {
    logs.pain.rows(patient).len() + logs.sessions.rows(patient).len() + logs.events.rows(patient).len()
}

/// Two patients; the one with fewer rows is the one to look at.
fn pair(logs: &Logs, one: usize, other: usize) -> Finding {
    let (rare, common) = if rows(logs, one) < rows(logs, other) { (one, other) } else { (other, one) };
    let named = |patient: usize| format!("\"{}\" ({})", logs.patients.ids[patient], counted(rows(logs, patient), "row"));
    let sentence = format!("{} and {} may be one patient.", named(rare), named(common));
    let value = logs.patients.ids[rare].clone();
    Found { rule: rules::SIMILAR_IDS, at: At::first_of(logs, rare), column: "patient_id", value, sentence }.of(logs, rare)
}

/// Many pairs at once.
fn system(logs: &Logs, pairs: &[(usize, usize)]) -> Finding {
    let (one, other) = pairs[0];
    let (one_id, other_id) = (&logs.patients.ids[one], &logs.patients.ids[other]);
    let sentence = format!(
        "{} of ids differ only in case, marks, leading zeros or lookalike letters (\"{one_id}\" and \"{other_id}\" are the first); two files may number the same patients in two ways.",
        counted(pairs.len(), "pair")
    );
    let value = other_id.clone();
    Found { rule: rules::SIMILAR_IDS, at: At::first_of(logs, other), column: "patient_id", value, sentence }.of(logs, other)
}

/// Ids that were rejected as unknown and are nearly one of the roster.
fn unknown(logs: &Logs, by_fold: &FxHashMap<String, u32>, known: &KnownIds) -> Vec<Finding> {
    let mut strangers: BTreeMap<&str, Vec<&Rejected>> = BTreeMap::new();
    for row in logs.reading.rejected.iter().filter(|row| row.rule == rules::UNKNOWN_PATIENT.id) {
        strangers.entry(&row.value).or_default().push(row);
    }
    let few = strangers.len() <= FEW_IDS;
    // Pseudonyms are compared by what they stand for.
    let mut patients: Vec<(&str, usize)> = logs.patients.ids.iter().enumerate().map(|(at, id)| (known.meaning(id), at)).collect();
    patients.sort_unstable();
    let mut found = Vec::new();
    for (id, rows) in strangers {
        let meant = known.meaning(id);
        let same = by_fold.get(&folded(meant)).map(|&patient| patient as usize);
        let near = same.or_else(|| if few && rows.len() <= FEW_ROWS { one_letter_off(meant, &patients) } else { None });
        let Some((near, first)) = near.zip(rows.first()) else { continue };
        let (other, rejected) = (&logs.patients.ids[near], counted(rows.len(), "row"));
        found.push(Finding {
            rule: rules::SIMILAR_IDS.id,
            severity: rules::SIMILAR_IDS.severity,
            file: first.file.clone(),
            line: Some(first.line),
            column: first.column.clone(),
            value: id.to_owned(),
            patient: Some(id.to_owned()),
            sentence: format!("\"{id}\" ({rejected}) is not in patients.csv, but \"{other}\" is: one patient?"),
            fix: Cow::Borrowed(rules::SIMILAR_IDS.fix),
        });
    }
    found
}

/// The one known id that is this one with a letter changed, added or left out; none if there are several.
fn one_letter_off(id: &str, known: &[(&str, usize)]) -> Option<usize> {
    let letters: Vec<char> = id.chars().collect();
    if letters.len() < 3 || letters.len() > 24 {
        return None;
    }
    let find = |text: &str| known.binary_search_by(|(other, _)| (*other).cmp(text)).ok().map(|at| known[at].1);
    let mut near = None;
    let mut keep = |candidate: Option<usize>| match (near, candidate) {
        (Some(one), Some(other)) if one != other => false,
        (None, Some(_)) => {
            near = candidate;
            true
        }
        _ => true,
    };
    let alphabet: Vec<char> = ('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
    for at in 0..=letters.len() {
        let (head, tail): (String, &[char]) = (letters[..at].iter().collect(), &letters[at..]);
        let rest: String = tail.iter().skip(1).collect();
        let whole: String = tail.iter().collect();
        if !tail.is_empty() && !keep(find(&format!("{head}{rest}"))) {
            return None;
        }
        for letter in &alphabet {
            let changed = if tail.is_empty() { None } else { find(&format!("{head}{letter}{rest}")) };
            if !keep(changed) || !keep(find(&format!("{head}{letter}{whole}"))) {
                return None;
            }
        }
    }
    near
}
