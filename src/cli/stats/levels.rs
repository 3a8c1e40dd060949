//! Columns of any CSV as categories and identities: which values are one, and in what order.

use std::cmp::Ordering::Equal;
use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::columns::Columns;
use crate::cli::error::CliError;

impl Columns {
    /// Whether two cells are one value.
    pub(super) fn is_same(&self, one: &str, other: &str) -> bool {
        one == other || Value::of(one, self.table.decimal_marks()) == Value::of(other, self.table.decimal_marks())
    }

    /// The value of a column, rows out of use included, that a word of the command line means: the same text, else the same plain decimal,
    /// else the only one of that number, or of that word in capitals or small letters.
    pub(super) fn value_named(&self, name: &str, wanted: &str, option: &str) -> Result<Option<String>, CliError> {
        let mut values = self.values(name)?;
        Ok(self.place_named(&values, wanted, option)?.map(|place| values.swap_remove(place)))
    }

    /// The same among values at hand.
    pub(super) fn place_named(&self, values: &[String], wanted: &str, option: &str) -> Result<Option<usize>, CliError> {
        let (marks, any) = (self.table.decimal_marks(), &['.', ','][..]);
        let same = values.iter().position(|value| value == wanted);
        let same_decimal = || values.iter().position(|value| Value::of(value, marks) == Value::of(wanted, any));
        if let Some(place) = same.or_else(same_decimal) {
            return Ok(Some(place));
        }
        let alike = |value: &String| match (number(value, marks), number(wanted, any)) {
            (Some(a), Some(b)) => a.total_cmp(&b).is_eq(),
            _ => value.eq_ignore_ascii_case(wanted),
        };
        let found: Vec<usize> = (0..values.len()).filter(|&place| alike(&values[place])).collect();
        match found[..] {
            [] => Ok(None),
            [only] => Ok(Some(only)),
            _ => {
                let names: Vec<&str> = found.iter().map(|&place| values[place].as_str()).collect();
                Err(CliError::Usage(format!("--{option} {wanted}: it may mean {}; write it as it stands", names.join(" or "))))
            }
        }
    }

    /// Distinct values of a column in sorted order, rows out of use included.
    pub(super) fn values(&self, name: &str) -> Result<Vec<String>, CliError> {
        let texts = self.table.texts(name)?;
        let marks = self.table.decimal_marks();
        let mut seen: FxHashSet<Value<'_>> = FxHashSet::default();
        let values: Vec<String> =
            texts.iter().flatten().filter(|text| seen.insert(Value::of(text, marks))).map(ToString::to_string).collect();
        Ok(in_order(&values, marks).into_iter().map(|place| values[place].clone()).collect())
    }

    /// Levels of a column in sorted order (numbers by value), with each row's level. 1 and 1.0 are one level, 1 and 01 are two.
    pub(super) fn levels(&self, name: &str) -> Result<(Vec<String>, Vec<usize>), CliError> {
        let (mut labels, mut codes) = self.identities(name)?;
        let order = in_order(&labels, self.table.decimal_marks());
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(rank, &code)| place[code] = rank);
        codes.iter_mut().for_each(|code| *code = place[*code]);
        labels = order.into_iter().map(|code| std::mem::take(&mut labels[code])).collect();
        Ok((labels, codes))
    }

    /// Groups of one column or of several together, labelled `a=1` or `a=1, b=2`, in sorted order.
    pub(super) fn groups(&self, names: &[String]) -> Result<(Vec<String>, Vec<usize>), CliError> {
        let mut labels = vec!["all".to_owned()];
        let mut codes = vec![0_usize; self.len()];
        for (place, name) in names.iter().enumerate() {
            if names[..place].contains(name) {
                return Err(CliError::Usage(format!("\"{name}\" is named twice among the columns of groups")));
            }
            let (levels, column) = self.levels(name)?;
            // Combinations that nobody has are no groups.
            let used: BTreeSet<(usize, usize)> = codes.iter().copied().zip(column.iter().copied()).collect();
            let code_of: FxHashMap<(usize, usize), usize> = used.iter().enumerate().map(|(code, &pair)| (pair, code)).collect();
            codes.iter_mut().zip(&column).for_each(|(code, &level)| *code = code_of[&(*code, level)]);
            let join = |&(before, level): &(usize, usize)| {
                let own = format!("{name}={}", levels[level]);
                if place == 0 { own } else { format!("{}, {own}", labels[before]) }
            };
            labels = used.iter().map(join).collect();
        }
        Ok((labels, codes))
    }

    /// A number per distinct value, in order of appearance: clusters, patients. 1 and 1.0 are one value, 1 and 01 are two.
    pub(super) fn identities(&self, name: &str) -> Result<(Vec<String>, Vec<usize>), CliError> {
        let texts = self.texts(name)?;
        let mut code_of: FxHashMap<Value<'_>, usize> = FxHashMap::default();
        let mut labels = Vec::new();
        let mut codes = Vec::with_capacity(texts.len());
        for text in &texts {
            let next = code_of.len();
            let code = *code_of.entry(Value::of(text, self.table.decimal_marks())).or_insert(next);
            if code == labels.len() {
                labels.push(text.to_string());
            }
            codes.push(code);
        }
        Ok((labels, codes))
    }
}

/// Places of labels in sorted order: by value where all are numbers.
fn in_order(labels: &[String], decimal_marks: &[char]) -> Vec<usize> {
    let value = |place: usize| number(&labels[place], decimal_marks);
    let mut order: Vec<usize> = (0..labels.len()).collect();
    let by_text = |a: usize, b: usize| labels[a].cmp(&labels[b]);
    if order.iter().all(|&place| value(place).is_some()) {
        order.sort_by(|&a, &b| value(a).partial_cmp(&value(b)).unwrap_or(Equal).then(by_text(a, b)));
    } else {
        order.sort_by(|&a, &b| by_text(a, b));
    }
    order
}

/// A label as a number, if it is one.
fn number(label: &str, decimal_marks: &[char]) -> Option<f64> {
    label.replace(decimal_marks, ".").parse::<f64>().ok().filter(|value| value.is_finite())
}

/// What makes two cells of a category or an identity the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Value<'a> {
    /// Sign, digits before the point, digits after it without zeros at the end.
    Decimal(bool, &'a str, &'a str),
    Text(&'a str),
}

impl<'a> Value<'a> {
    /// A plain decimal by its value; all else, also 007, 1e3 or a long number a float would round, as it stands.
    fn of(text: &'a str, decimal_marks: &[char]) -> Self {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let (whole, part) = digits.split_once(decimal_marks).unwrap_or((digits, ""));
        let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        let starts_plainly = whole == "0" || (!whole.is_empty() && !whole.starts_with('0'));
        if !starts_plainly || !plain(whole) || !plain(part) {
            return Self::Text(text);
        }
        let part = part.trim_end_matches('0');
        Self::Decimal(negative && !(whole == "0" && part.is_empty()), whole, part)
    }
}
