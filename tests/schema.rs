//! The JSON Schemas in `schema/` are those of the types, and what the program writes about every recorded fixture fits them.
//!
//! After a wanted change: `KEEPSCOPE_BLESS=1 cargo test --test schema`.

#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

use keepscope::render::schema;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn the_report_schema_in_the_repository_is_current() {
    compare("schema/report.schema.json", &schema::report_schema());
}

#[test]
fn the_event_schema_in_the_repository_is_current() {
    compare("schema/event.schema.json", &schema::event_schema());
}

#[test]
fn the_profiles_schema_in_the_repository_is_current() {
    compare("schema/profiles.schema.json", &schema::profiles_schema());
}

#[test]
fn the_diff_schema_in_the_repository_is_current() {
    compare("schema/diff.schema.json", &schema::diff_schema());
}

#[test]
fn the_check_schema_in_the_repository_is_current() {
    compare("schema/check.schema.json", &schema::check_schema());
}

#[test]
fn the_sockets_schema_in_the_repository_is_current() {
    compare("schema/sockets.schema.json", &schema::sockets_schema());
}

#[test]
fn the_list_of_profiles_fits_its_schema() {
    let validator = jsonschema::validator_for(schema::profiles_schema().as_value()).unwrap();
    let list = Command::new(env!("CARGO_BIN_EXE_keepscope"))
        .args(["profiles", "--format", "json"])
        .output()
        .unwrap();
    assert_fits(&validator, &serde_json::from_slice(&list.stdout).unwrap(), Path::new("profiles"));
}

#[track_caller]
fn compare(path: &str, schema: &schemars::Schema) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let current = serde_json::to_string_pretty(schema).unwrap() + "\n";
    if std::env::var_os("KEEPSCOPE_BLESS").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == current, "{} is not what the types say; see the comment of this test", path.display());
}

#[test]
fn reports_of_all_recorded_fixtures_fit_the_schema() {
    let validator = jsonschema::validator_for(schema::report_schema().as_value()).unwrap();
    for capture in recorded() {
        let report: Value = serde_json::from_str(&keepscope("json", &[&capture])).unwrap();
        assert_fits(&validator, &report, &capture);
        let flows = report["flows"].as_array().unwrap();
        let segments: u64 = flows.iter().filter_map(|flow| flow["segments"].as_u64()).sum();
        assert_eq!(report["capture"]["segments"].as_u64(), Some(segments), "{}", capture.display());
    }
}

#[test]
fn events_of_all_recorded_fixtures_fit_the_schema_and_come_in_order() {
    let validator = jsonschema::validator_for(schema::event_schema().as_value()).unwrap();
    for capture in recorded() {
        let mut last = (0, 0);
        for line in keepscope("ndjson", &[&capture]).lines() {
            let event: Value = serde_json::from_str(line).unwrap();
            assert_fits(&validator, &event, &capture);
            // What no frame decided comes last.
            let at = |name| event[name].as_u64().unwrap_or(u64::MAX);
            let place = (at("decided_frame"), at("frame"));
            assert!(last <= place, "{}: out of order: {line}", capture.display());
            last = place;
        }
    }
}

#[test]
fn pieces_of_a_capture_name_the_file_of_each_frame() {
    let validator = jsonschema::validator_for(schema::report_schema().as_value()).unwrap();
    let mut pieces = recorded();
    pieces.retain(|path| path.ends_with("alive/capture.pcap") || path.ends_with("vanishes/capture.pcap"));
    let [first, second] = pieces.as_slice() else { panic!("two fixtures are wanted: {pieces:?}") };
    let report: Value = serde_json::from_str(&keepscope("json", &[first, second])).unwrap();
    assert_fits(&validator, &report, first);
    let runs = report["flows"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|flow| flow["client_keepalive"]["runs"].as_array());
    for run in runs.flatten() {
        let refs = run["frame_refs"].as_array().unwrap();
        assert_eq!(refs.len(), run["probe_frames"].as_array().unwrap().len());
        assert!(refs.iter().all(|frame| frame["file"] == 1 || frame["file"] == 2), "{refs:?}");
    }
}

fn recorded() -> Vec<PathBuf> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let directories = std::fs::read_dir(fixtures).unwrap().map(|entry| entry.unwrap().path());
    let mut captures: Vec<PathBuf> =
        directories.map(|directory| directory.join("capture.pcap")).filter(|path| path.exists()).collect();
    captures.sort();
    assert!(!captures.is_empty());
    captures
}

fn keepscope(format: &str, captures: &[&PathBuf]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keepscope"));
    let run = command.args(["--quiet", "--format", format]).args(captures).output().unwrap();
    String::from_utf8(run.stdout).unwrap()
}

#[track_caller]
fn assert_fits(validator: &jsonschema::Validator, value: &Value, capture: &Path) {
    let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{}: {errors:?}", capture.display());
}
