//! The layers, the registries and the sizes of files, kept by a test.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use staywell::charts::CHARTS;
use staywell::claims::CLAIMS;
use staywell::ingest::FORMATS;
use staywell::report::{RENDERERS, SECTIONS};

const SRC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// Each layer, and the layers it may import.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("stats", &[]),
    ("simulate", &["domain"]),
    ("settings", &["domain", "stats"]),
    ("ingest", &["settings", "domain"]),
    ("cohort", &["ingest", "settings", "domain"]),
    ("analysis", &["cohort", "ingest", "settings", "domain", "stats"]),
    ("claims", &["analysis", "cohort", "ingest", "settings", "domain", "stats"]),
    ("charts", &["domain", "stats"]),
    ("study", &["claims", "analysis", "cohort", "ingest", "settings", "domain", "stats"]),
    ("report", &["study", "claims", "charts", "analysis", "cohort", "ingest", "settings", "domain", "stats"]),
    ("cli", &["report", "study", "claims", "charts", "analysis", "cohort", "ingest", "settings", "domain", "stats", "simulate"]),
    ("main", &["cli"]),
];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn layer_of(file: &Path) -> String {
    let relative = file.strip_prefix(SRC).unwrap();
    relative.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The layers a file names after `crate::` (or `staywell::` in main), in code lines.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for prefix in ["crate::", "staywell::"] {
            for (position, _) in line.match_indices(prefix) {
                let word: String = line[position + prefix.len()..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if !word.is_empty() {
                    found.insert(word);
                }
            }
        }
    }
    found
}

#[test]
fn a_file_imports_only_from_layers_below_its_own() {
    let mut broken = Vec::new();
    for file in rust_files(Path::new(SRC)) {
        let layer = layer_of(&file);
        if layer == "lib" {
            continue;
        }
        let (_, allowed) = LAYERS.iter().find(|(name, _)| *name == layer).unwrap_or_else(|| panic!("{} is in no layer", file.display()));
        for import in imports(&fs::read_to_string(&file).unwrap()) {
            let is_layer = LAYERS.iter().any(|(name, _)| *name == import);
            if is_layer && import != layer && !allowed.contains(&import.as_str()) {
                broken.push(format!("{}: {layer} may not import {import}", file.display()));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "main → cli → report → study → claims | charts → analysis → cohort → ingest → settings → domain | stats\n{}",
        broken.join("\n")
    );
}

#[test]
fn polars_stays_in_the_table_layers_and_plotters_in_charts_and_clap_in_cli() {
    for (needle, layers) in [("polars::", &["ingest", "cohort", "report"][..]), ("plotters::", &["charts"]), ("clap::", &["cli"])] {
        for file in rust_files(Path::new(SRC)) {
            let uses = fs::read_to_string(&file).unwrap().lines().any(|line| !line.trim_start().starts_with("//") && line.contains(needle));
            assert!(!uses || layers.contains(&layer_of(&file).as_str()), "{} uses {needle}", file.display());
        }
    }
}

#[test]
fn only_ingest_reads_files_and_only_cli_writes_and_prints() {
    for file in rust_files(Path::new(SRC)) {
        let text = fs::read_to_string(&file).unwrap();
        let code: Vec<&str> =
            text.split("#[cfg(test)]").next().unwrap().lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let has = |needle: &str| code.iter().any(|line| line.contains(needle));
        let layer = layer_of(&file);
        if layer != "cli" {
            assert!(!has("fs::write") && !has("File::create") && !has("println!"), "{} writes", file.display());
            assert!(
                !has("SystemTime") && !has("Instant::now") && !has("Utc::now") && !has("Local::now"),
                "{} reads the clock",
                file.display()
            );
        }
        if layer != "ingest" && layer != "cli" {
            assert!(!has("fs::read") && !has("File::open"), "{} reads a file", file.display());
        }
    }
}

#[test]
fn no_file_is_a_catch_all_and_none_grows_without_end() {
    for file in rust_files(Path::new(SRC)) {
        let name = file.file_stem().unwrap().to_str().unwrap();
        assert!(
            !["utils", "util", "helpers", "helper", "common", "misc", "types"].contains(&name),
            "{} says nothing of what it holds",
            file.display()
        );
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= 450, "{} has {lines} lines: does it hold two things?", file.display());
    }
}

/// The files of a folder that are things of the folder's kind, without `mod.rs` and the named machinery.
fn things(folder: &str, machinery: &[&str]) -> BTreeSet<String> {
    rust_files(&Path::new(SRC).join(folder))
        .iter()
        .filter(|file| file.parent().unwrap().ends_with(folder))
        .map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| name != "mod" && !machinery.contains(&name.as_str()))
        .collect()
}

fn names<'a>(registry: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let listed: Vec<String> = registry.map(|id| id.replace('-', "_")).collect();
    let set: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(set.len(), listed.len(), "an id stands twice: {listed:?}");
    set
}

#[test]
fn every_claim_file_is_in_the_list_of_claims() {
    assert_eq!(
        things("claims", &["clinic_defined", "detectable", "draft", "family", "guards", "program_question", "result", "scale", "verdict"]),
        names(CLAIMS.iter().map(|claim| claim.id))
    );
}

#[test]
fn every_section_and_renderer_file_is_in_its_list() {
    assert_eq!(things("report/sections", &[]), names(SECTIONS.iter().map(|section| section.id)));
    assert_eq!(things("report/render", &[]), names(RENDERERS.iter().map(|renderer| renderer.id)));
}

#[test]
fn every_chart_is_in_the_list_of_charts() {
    let charts = names(CHARTS.iter().map(|chart| chart.id));
    for id in &charts {
        assert!(Path::new(SRC).join(format!("charts/{id}.rs")).is_file(), "no file charts/{id}.rs");
    }
    // A file that implements a figure says so in code; each must be listed.
    for file in rust_files(&Path::new(SRC).join("charts")) {
        if fs::read_to_string(&file).unwrap().contains("impl Chart for") || fs::read_to_string(&file).unwrap().contains("> Chart for") {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            assert!(charts.contains(&name), "charts/{name}.rs is not in CHARTS");
        }
    }
}

#[test]
fn every_format_is_in_the_list_of_formats() {
    let formats = names(FORMATS.iter().map(|format| format.id));
    // A file that describes a format says so in code; each must be listed under its own name.
    for file in rust_files(&Path::new(SRC).join("ingest/formats")) {
        if fs::read_to_string(&file).unwrap().contains("const FORMAT: Format") {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            assert!(formats.contains(&name), "ingest/formats/{name}.rs is not in FORMATS");
        }
    }
    assert!(formats.iter().all(|id| Path::new(SRC).join(format!("ingest/formats/{id}.rs")).is_file()), "{formats:?}");
}
