//! Columns of any CSV as the terms of a model: numbers, categories, products.

use clap::Args;
use rustc_hash::FxHashMap;

use super::absent_value::listed;
use super::columns::Columns;
use crate::cli::error::CliError;
use crate::stats::Covariates;

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

/// The columns that covariates are made of: both sides of a product `a:b`.
pub(super) fn columns_of(covariates: &[String]) -> impl Iterator<Item = &str> {
    covariates.iter().flat_map(|term| term.split(':'))
}

impl Columns {
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
            Some(wanted) => self
                .place_named(&levels, wanted, &format!("ref {name} ="))?
                .ok_or_else(|| CliError::Usage(format!("--ref {name}={wanted}: the levels of \"{name}\" are {}", listed(&levels))))?,
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
        if let Some(before) = found.insert(name, level) {
            return Err(CliError::Usage(format!("--ref {setting}: {name}={before} is given already")));
        }
    }
    let stray = options.factor.iter().map(|name| ("factor", name.as_str())).chain(found.keys().map(|&name| ("ref", name)));
    for (option, name) in stray {
        if !names.iter().any(|known| known.split(':').any(|part| part == name)) {
            return Err(CliError::Usage(format!("--{option} {name}: it is not among the covariates {}", names.join(", "))));
        }
    }
    Ok(found)
}
