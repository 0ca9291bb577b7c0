//! The manual names every metric as it is.

use crate::dashboard::series;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn manual() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/metrics.md");
    std::fs::read_to_string(path).expect("the manual")
}

/// The table's rows: a metric's name, and its labels but for those that each histogram has.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let manual = manual();
    let rows = manual.lines().filter_map(|line| line.strip_prefix("| `keepscope_"));
    rows.map(|row| {
        let (name, rest) = row.split_once('`').expect("a name in quotes");
        let labels = rest.split('|').nth(2).expect("a column of labels");
        let labels = labels.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        (format!("keepscope_{name}"), labels)
    })
    .collect()
}

#[test]
fn the_table_of_metrics_is_complete() {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, mut labels) in series() {
        let suffix = ["_bucket", "_sum", "_count"].into_iter().find_map(|suffix| name.strip_suffix(suffix));
        labels.remove("le");
        all.entry(suffix.unwrap_or(&name).to_owned()).or_default().extend(labels);
    }
    assert_eq!(documented(), all);
}

#[test]
fn the_manual_names_files_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manual = manual();
    let named: Vec<&str> =
        manual.split(['`', ' ', '(', ')', '\n']).filter(|word| word.starts_with("packaging/")).collect();
    assert!(named.len() >= 2, "{named:?}");
    for file in named {
        assert!(root.join(file).is_file(), "{file}");
    }
}
