//! The JSON Schemas in `schema/` are those of the types.
//!
//! After a wanted change: `KEEPSCOPE_BLESS=1 cargo test --test schema`.

#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

use keepscope::render::schema;
use std::path::Path;

#[test]
fn the_report_schema_in_the_repository_is_current() {
    compare("schema/report.schema.json", &schema::report_schema());
}

#[test]
fn the_event_schema_in_the_repository_is_current() {
    compare("schema/event.schema.json", &schema::event_schema());
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
