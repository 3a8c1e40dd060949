//! Columns of any CSV: the rows without a missing value, as numbers, levels, clusters and terms.

use std::borrow::Cow;
use std::cmp::Ordering::Equal;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::cli::error::CliError;
use crate::ingest::{Table, read_table};
use crate::stats::Covariates;

/// The file and the level of all intervals.
#[derive(Args, Clone, Debug)]
pub(super) struct FileOptions {
    /// Any CSV with a header
    #[arg(long, value_name = "FILE")]
    pub(super) data: PathBuf,
    /// Confidence level
    #[arg(long, default_value_t = 0.95, value_name = "LEVEL", value_parser = confidence_level)]
    pub(super) level: f64,
}

fn confidence_level(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(level) if level > 0.0 && level < 1.0 => Ok(level),
        Ok(level) if level > 1.0 && level < 100.0 => Err(format!("a share between 0 and 1 is expected, such as {}", level / 100.0)),
        _ => Err("a share between 0 and 1 is expected, such as 0.95".to_owned()),
    }
}

/// Rows of one task when cells are parsed in parallel.
const ROWS_AT_ONCE: usize = 1 << 15;

/// Which columns explain, and which of them are categories.
#[derive(Args, Clone, Debug)]
pub(super) struct TermOptions {
    /// Covariates that are categories although their values are numbers
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    pub(super) factor: Vec<String>,
    /// Reference level of a category, such as sex=male (else its first in sorted order)
    #[arg(long = "ref", value_name = "COLUMN=LEVEL")]
    pub(super) reference: Vec<String>,
}

/// A file's rows that have a value in every used column.
pub(super) struct Columns {
    table: Table,
    rows: Vec<usize>,
}

impl Columns {
    /// Reads the file; rows with an empty cell or `NA` in one of the used columns are left out.
    pub(super) fn read(file: &Path, used: &[&str]) -> Result<Self, CliError> {
        let table = read_table(file).map_err(CliError::Table)?;
        let columns = used.iter().map(|name| table.column(name)).collect::<Result<Vec<_>, _>>()?;
        let is_complete = |row: &usize| columns.iter().all(|&column| !table.is_missing(*row, column));
        let rows = (0..table.n_rows()).into_par_iter().filter(is_complete).collect();
        Ok(Self { table, rows })
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn dropped(&self) -> usize {
        self.table.n_rows() - self.rows.len()
    }

    /// How many rows are used and how many were dropped.
    pub(super) fn note(&self) -> String {
        format!("{} rows used; {} dropped because a used column is missing.", self.len(), self.dropped())
    }

    /// Physical line of the i-th row in use.
    pub(super) fn line(&self, index: usize) -> usize {
        self.table.line(self.rows[index])
    }

    pub(super) fn file(&self) -> &str {
        self.table.file()
    }

    pub(super) fn numbers(&self, name: &str) -> Result<Vec<f64>, CliError> {
        let column = self.table.column(name)?;
        self.parsed(|row| Ok(self.table.number(row, column)?.unwrap_or_default()))
    }

    /// Numbers of a column that may be empty.
    pub(super) fn optional_numbers(&self, name: &str) -> Result<Vec<Option<f64>>, CliError> {
        let column = self.table.column(name)?;
        self.parsed(|row| Ok(self.table.number(row, column)?))
    }

    /// What `parse` makes of each row in use, or the first error from above.
    fn parsed<T: Default + Send>(&self, parse: impl Fn(usize) -> Result<T, CliError> + Sync) -> Result<Vec<T>, CliError> {
        let failed = AtomicBool::new(false);
        let or_note = |_| {
            failed.store(true, Ordering::Relaxed);
            T::default()
        };
        let all = self.rows.par_iter().with_min_len(ROWS_AT_ONCE).map(|&row| parse(row).unwrap_or_else(or_note)).collect();
        if failed.into_inner()
            && let Some(error) = self.rows.iter().find_map(|&row| parse(row).err())
        {
            return Err(error);
        }
        Ok(all)
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<Cow<'_, str>>, CliError> {
        let column = self.table.column(name)?;
        Ok(self.rows.iter().map(|&row| self.table.text(row, column).unwrap_or_default()).collect())
    }

    /// 1 and 0 (or true/false, yes/no, or one value named by `code`) as a truth value. Anything else is refused, never guessed.
    pub(super) fn truths(&self, name: &str, code: Option<&str>, option: &str) -> Result<Vec<bool>, CliError> {
        let column = self.table.column(name)?;
        let known = |text: &str| match code {
            Some(code) => Some(same_value(text, code)),
            None if ["1", "true", "yes", "t", "y"].iter().any(|yes| text.eq_ignore_ascii_case(yes)) => Some(true),
            None if ["0", "false", "no", "f", "n"].iter().any(|no| text.eq_ignore_ascii_case(no)) => Some(false),
            None if same_value(text, "1") => Some(true),
            None => same_value(text, "0").then_some(false),
        };
        self.parsed(|row| {
            let text = self.table.text(row, column).unwrap_or_default();
            known(&text).ok_or_else(|| {
                CliError::Usage(format!(
                    "{}, line {}, column \"{name}\": \"{text}\" does not say whether the event happened. Expected 0/1, true/false or yes/no. \
                     If one value means the event, name it: --{option} {text}",
                    self.file(),
                    self.table.line(row),
                ))
            })
        })
    }

    /// Levels of a column in sorted order (numbers by value), with each row's level. 1 and 1.0 are one level, 1 and 01 are two.
    pub(super) fn levels(&self, name: &str) -> Result<(Vec<String>, Vec<usize>), CliError> {
        let (mut labels, mut codes) = self.identities(name)?;
        let value = |label: &String| label.parse::<f64>().ok().filter(|value| value.is_finite());
        let mut order: Vec<usize> = (0..labels.len()).collect();
        if labels.iter().all(|label| value(label).is_some()) {
            order.sort_by(|&a, &b| value(&labels[a]).partial_cmp(&value(&labels[b])).unwrap_or(Equal).then(labels[a].cmp(&labels[b])));
        } else {
            order.sort_by(|&a, &b| labels[a].cmp(&labels[b]));
        }
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(rank, &code)| place[code] = rank);
        codes.iter_mut().for_each(|code| *code = place[*code]);
        labels = order.into_iter().map(|code| std::mem::take(&mut labels[code])).collect();
        Ok((labels, codes))
    }

    /// Groups of one column or of several together, labelled `a=1` or `a=1, b=2`, in sorted order.
    pub(super) fn groups(&self, names: &[String]) -> Result<(Vec<String>, Vec<usize>), CliError> {
        let mut labels = vec![String::new()];
        let mut codes = vec![0_usize; self.len()];
        for name in names {
            let (levels, column) = self.levels(name)?;
            codes.iter_mut().zip(&column).for_each(|(code, level)| *code = *code * levels.len() + level);
            let join = |label: &String, level: &String| {
                if label.is_empty() { format!("{name}={level}") } else { format!("{label}, {name}={level}") }
            };
            labels = labels.iter().flat_map(|label| levels.iter().map(move |level| join(label, level))).collect();
        }
        // Combinations that nobody has are no groups.
        let used: BTreeSet<usize> = codes.iter().copied().collect();
        let place: FxHashMap<usize, usize> = used.iter().enumerate().map(|(place, &code)| (code, place)).collect();
        for code in &mut codes {
            *code = place[code];
        }
        let labels = used.into_iter().map(|code| if names.is_empty() { "all".to_owned() } else { labels[code].clone() }).collect();
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
            let code = *code_of.entry(Value::of(text)).or_insert(next);
            if code == labels.len() {
                labels.push(text.to_string());
            }
            codes.push(code);
        }
        Ok((labels, codes))
    }

    /// A column's numbers, or `None` if it holds words. One that holds both is refused: a mistyped number is no category.
    fn numbers_or_words(&self, name: &str) -> Result<Option<Vec<f64>>, CliError> {
        let column = self.table.column(name)?;
        match self.numbers(name) {
            Ok(numbers) => Ok(Some(numbers)),
            Err(error) if self.rows.iter().any(|&row| self.table.number(row, column).is_ok()) => {
                Err(CliError::Usage(format!("{error} If \"{name}\" holds categories, say so: --factor {name}")))
            }
            Err(_) => Ok(None),
        }
    }

    /// One column per number, one per level but the reference of a category, named `column=level`; of `a:b` the products of both.
    pub(super) fn terms(&self, names: &[String], options: &TermOptions) -> Result<Covariates, CliError> {
        let reference_of = references(names, options)?;
        let (mut term_names, mut columns) = (Vec::new(), Vec::new());
        for (place, name) in names.iter().enumerate() {
            if names[..place].contains(name) {
                return Err(CliError::Usage(format!("\"{name}\" is named twice among the covariates")));
            }
            let mut product: Vec<(String, Vec<f64>)> = Vec::new();
            for part in name.split(':') {
                let own = self.one_term(part, options, &reference_of)?;
                product = if product.is_empty() { own } else { products(&product, &own) };
            }
            for (name, column) in product {
                term_names.push(name);
                columns.push(column);
            }
        }
        Ok(Covariates::new(term_names, columns)?)
    }

    fn one_term(
        &self,
        name: &str,
        options: &TermOptions,
        reference_of: &FxHashMap<&str, &str>,
    ) -> Result<Vec<(String, Vec<f64>)>, CliError> {
        let declared = options.factor.iter().any(|factor| factor == name) || reference_of.contains_key(name);
        if !declared && let Some(numbers) = self.numbers_or_words(name)? {
            return Ok(vec![(name.to_owned(), numbers)]);
        }
        let (levels, codes) = self.levels(name)?;
        let reference = match reference_of.get(name) {
            None => 0,
            Some(wanted) => levels
                .iter()
                .position(|level| same_value(level, wanted))
                .ok_or_else(|| CliError::Usage(format!("--ref {name}={wanted}: the levels of \"{name}\" are {}", levels.join(", "))))?,
        };
        if levels.len() < 2 {
            return Err(CliError::Stats(crate::stats::StatsError::ConstantCovariate { term: name.to_owned() }));
        }
        let indicator = |code: usize| codes.iter().map(|&row_code| f64::from(row_code == code)).collect();
        let others = levels.iter().enumerate().filter(|(code, _)| *code != reference);
        Ok(others.map(|(code, level)| (format!("{name}={level}"), indicator(code))).collect())
    }
}

fn products(left: &[(String, Vec<f64>)], right: &[(String, Vec<f64>)]) -> Vec<(String, Vec<f64>)> {
    let product =
        |(a, x): &(String, Vec<f64>), (b, y): &(String, Vec<f64>)| (format!("{a}:{b}"), x.iter().zip(y).map(|(x, y)| x * y).collect());
    right.iter().flat_map(|right| left.iter().map(move |left| product(left, right))).collect()
}

fn references<'a>(names: &[String], options: &'a TermOptions) -> Result<FxHashMap<&'a str, &'a str>, CliError> {
    let mut found = FxHashMap::default();
    for setting in &options.reference {
        let Some((name, level)) = setting.split_once('=') else {
            return Err(CliError::Usage(format!("--ref {setting}: expected COLUMN=LEVEL, such as sex=male")));
        };
        found.insert(name, level);
    }
    let stray = options.factor.iter().map(|name| ("factor", name.as_str())).chain(found.keys().map(|&name| ("ref", name)));
    for (option, name) in stray {
        if !names.iter().any(|known| known.split(':').any(|part| part == name)) {
            return Err(CliError::Usage(format!("--{option} {name}: it is not among the covariates {}", names.join(", "))));
        }
    }
    Ok(found)
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
    fn of(text: &'a str) -> Self {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        let starts_plainly = whole == "0" || (!whole.is_empty() && !whole.starts_with('0'));
        if !starts_plainly || !plain(whole) || !plain(part) {
            return Self::Text(text);
        }
        let part = part.trim_end_matches('0');
        Self::Decimal(negative && !(whole == "0" && part.is_empty()), whole, part)
    }
}

pub(super) fn same_value(text: &str, code: &str) -> bool {
    match (text.parse::<f64>(), code.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() < f64::EPSILON,
        _ => text.eq_ignore_ascii_case(code),
    }
}
