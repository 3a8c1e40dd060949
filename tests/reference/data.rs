//! A data set as columns of text, and what the tests take from it.

use std::collections::BTreeMap;

use super::HERE;

pub(super) struct Data {
    columns: BTreeMap<String, Vec<String>>,
}

impl Data {
    pub(super) fn read(file: &str) -> Self {
        let mut reader = csv::Reader::from_path(format!("{HERE}/{file}")).unwrap();
        let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let mut columns: BTreeMap<String, Vec<String>> = header.iter().map(|name| (name.clone(), vec![])).collect();
        for record in reader.records() {
            for (name, cell) in header.iter().zip(record.unwrap().iter()) {
                columns.get_mut(name).unwrap().push(cell.to_owned());
            }
        }
        Self { columns }
    }

    pub(super) fn n_rows(&self) -> usize {
        self.columns.values().next().map_or(0, Vec::len)
    }

    pub(super) fn text(&self, name: &str) -> &[String] {
        self.columns.get(name).unwrap_or_else(|| panic!("no column {name}"))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    /// A column as numbers; empty is missing.
    pub(super) fn numbers(&self, name: &str) -> Vec<Option<f64>> {
        self.text(name).iter().map(|cell| cell.parse().ok()).collect()
    }

    /// A column as numbers, or as levels 0, 1, … in sorted order where it holds words.
    pub(super) fn is_number(&self, name: &str) -> bool {
        self.text(name).iter().all(|cell| cell.is_empty() || cell.parse::<f64>().is_ok())
    }

    /// Sorted distinct values (numbers by value), with each row's index; empty is missing.
    pub(super) fn levels(&self, name: &str) -> (Vec<String>, Vec<Option<usize>>) {
        let mut levels: Vec<&String> = self.text(name).iter().filter(|cell| !cell.is_empty()).collect();
        levels.sort();
        levels.dedup();
        if self.is_number(name) {
            levels.sort_by(|a, b| a.parse::<f64>().unwrap().total_cmp(&b.parse::<f64>().unwrap()));
        }
        let codes = self.text(name).iter().map(|cell| levels.iter().position(|level| *level == cell)).collect();
        (levels.into_iter().cloned().collect(), codes)
    }
}
