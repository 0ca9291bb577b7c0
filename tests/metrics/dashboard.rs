//! The dashboard asks for what there is, and shows all of it.

use crate::exposition::{Dialect, Page};
use keepscope::render::openmetrics::{Metrics, Standing, plain};
use keepscope::report::{Capture, FlowCounts};
use keepscope::source::Dropped;
use keepscope::time::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Metrics that no panel shows, and why.
const NOT_SHOWN: [(&str, &str); 1] =
    [("keepscope_capture_first_frame_timestamp_seconds", "when it began tells nothing of how it goes")];

/// Every series there can be, as Prometheus stores it: its labels by its name.
pub(crate) fn series() -> BTreeMap<String, BTreeSet<String>> {
    let mut metrics = Metrics::new("1.2.3");
    let moment = Some(Timestamp(0));
    let capture =
        Capture { start: moment, end: moment, dropped: Some(Dropped::default()), ..Capture::default() };
    metrics.refresh(&capture, &FlowCounts::default());
    metrics.stand(&Standing::default());
    let page = metrics.encode();
    let (newer, older) = (Page::read(&page, Dialect::OpenMetrics), Page::read(&plain(&page), Dialect::Plain));
    let mut series: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for sample in newer.samples().chain(older.samples()) {
        series.entry(sample.name.clone()).or_default().extend(sample.labels.keys().cloned());
    }
    series
}

fn dashboard() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/grafana/keepscope.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the dashboard")).expect("JSON")
}

fn panels(dashboard: &Value) -> &[Value] {
    dashboard["panels"].as_array().expect("panels")
}

/// What a panel asks for, and what it calls the answers.
fn targets(panel: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let targets = panel["targets"].as_array().map(Vec::as_slice).unwrap_or_default();
    targets.iter().map(|target| (text(&target["expr"]), text(&target["legendFormat"]))).collect()
}

/// The words of a text, with the character after each.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// The names of our series in an expression.
fn ours(expression: &str) -> impl Iterator<Item = &str> {
    words(expression).filter(|word| word.starts_with("keepscope_"))
}

/// What stands between each `open` and the `close` after it.
fn between<'t>(text: &'t str, open: &'t str, close: char) -> impl Iterator<Item = &'t str> {
    text.split(open).skip(1).filter_map(move |rest| rest.split(close).next())
}

#[test]
fn panels_ask_for_series_and_labels_that_exist() {
    let (dashboard, series) = (dashboard(), series());
    for panel in panels(&dashboard) {
        let title = &panel["title"];
        for (expression, legend) in targets(panel) {
            let names: Vec<&str> = ours(&expression).collect();
            assert!(!names.is_empty(), "{title} asks for nothing of ours: {expression}");
            let mut labels: BTreeSet<&str> = BTreeSet::from(["instance"]);
            for name in &names {
                let of_series = series.get(*name).unwrap_or_else(|| panic!("{title}: there is no {name}"));
                labels.extend(of_series.iter().map(String::as_str));
            }
            let grouped = between(&expression, "by (", ')').flat_map(words);
            let selected = between(&expression, "{", '}')
                .flat_map(|all| all.split(", ").filter_map(|label| label.split(['=', '!']).next()));
            let shown = between(&legend, "{{", '}');
            for label in grouped.chain(selected).chain(shown) {
                assert!(labels.contains(label), "{title}: {names:?} have no label {label:?}");
            }
            assert_eq!(expression.matches('(').count(), expression.matches(')').count(), "{expression}");
        }
    }
}

#[test]
fn counters_are_shown_as_rates_and_gauges_are_not() {
    for panel in panels(&dashboard()) {
        for (expression, _) in targets(panel) {
            let is_rate = expression.contains("rate(") || expression.contains("increase(");
            let counts = ours(&expression).any(|name| name.ends_with("_total") || name.ends_with("_bucket"));
            assert_eq!(is_rate, counts, "{}: {expression}", panel["title"]);
        }
    }
}

#[test]
fn every_metric_is_shown_somewhere() {
    let dashboard = dashboard();
    let shown: BTreeSet<String> = panels(&dashboard)
        .iter()
        .flat_map(targets)
        .flat_map(|(expression, _)| ours(&expression).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let family = |name: &str| {
        let suffix = ["_bucket", "_sum", "_count"].into_iter().find_map(|suffix| name.strip_suffix(suffix));
        suffix.unwrap_or(name).to_owned()
    };
    let shown: BTreeSet<String> = shown.iter().map(|name| family(name)).collect();
    let all: BTreeSet<String> = series().keys().map(|name| family(name)).collect();
    let missing: Vec<&String> = all.difference(&shown).collect();
    let expected: Vec<&str> = NOT_SHOWN.iter().map(|(name, _)| *name).collect();
    assert_eq!(missing, expected);
}

#[test]
fn panels_lie_side_by_side_and_ask_the_chosen_source() {
    let dashboard = dashboard();
    let variables = dashboard["templating"]["list"].as_array().expect("variables");
    let named = |name: &str| variables.iter().find(|variable| variable["name"] == name).expect("a variable");
    assert_eq!(named("datasource")["type"], "datasource");
    assert_eq!(named("instance")["datasource"]["uid"], "${datasource}");
    assert!(
        ours(named("instance")["definition"].as_str().expect("a query"))
            .all(|name| series().contains_key(name))
    );

    let mut ids = BTreeSet::new();
    let mut taken = BTreeSet::new();
    for panel in panels(&dashboard) {
        assert!(ids.insert(panel["id"].as_u64().expect("an id")), "{} has an id twice", panel["title"]);
        let at = |side: &str| panel["gridPos"][side].as_u64().expect("a place");
        assert!(at("x") + at("w") <= 24, "{} is too far right", panel["title"]);
        for cell in
            (at("x")..at("x") + at("w")).flat_map(|x| (at("y")..at("y") + at("h")).map(move |y| (x, y)))
        {
            assert!(taken.insert(cell), "{} lies on another panel", panel["title"]);
        }
        if panel["type"] != "row" {
            assert_eq!(panel["datasource"]["uid"], "${datasource}", "{}", panel["title"]);
            assert!(
                panel["description"].as_str().is_some_and(|text| text.ends_with('.')),
                "{}",
                panel["title"]
            );
            assert!(!targets(panel).is_empty(), "{} asks for nothing", panel["title"]);
        }
    }
}
