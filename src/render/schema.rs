//! The contract with programs: the only types that are `Serialize`, and the JSON Schemas generated from them.
//!
//! Two documents: [`Report`] is `--format json`, one document for a capture; [`Record`] is a line of `--format ndjson`.
//! Field names, meanings and units are fixed under their schema's number; fields may be added. The comments of the types here
//! become the descriptions in the JSON Schemas.
//!
//! Durations are float seconds and their names end in `_s`; times are RFC 3339 in UTC with nanoseconds; an unknown value is
//! `null`, never 0 or a guess; frames are 1-based, counted before any filter and through all files of a capture.

mod capture;
mod check;
mod diff;
mod endpoint;
mod event;
mod finding;
mod flow;
mod inferred;
mod listing;
mod report;
mod run;
mod side;
mod sockets;
mod value;

pub use capture::{Capture, Dropped, FindingCounts, OutcomeCounts, Skipped, Summary};
pub use check::{
    Check, CheckSchema, CheckSummary, CheckedCapture, JudgedExpectation, Reason, ReasonFlow, Verdict,
};
pub use diff::{Change, Diff, DiffSchema, Service, Shown, What};
pub use endpoint::Endpoint;
pub use event::{AnsweredBy, Body, EventSchema, FlowEnd, Head, Record};
pub use finding::{CaptureFinding, Confidence, Finding, Path, Severity};
pub use flow::{DataBytes, Flow, Origin, State};
pub use inferred::{
    Ending, Errno, Heartbeat, HeartbeatBytes, HeartbeatFrom, How, Http, HttpConnection, Killer, Timer,
};
pub use listing::Listing;
pub use report::{Generator, Report, ReportSchema};
pub use run::{Doubt, IcmpNote, Outcome, Run};
pub use side::{Count, CountKind, SettingRange, Settings, Side, SideName, Stat, Status};
pub use sockets::Sockets;
pub use value::{Address, Bounds, FrameRef, FrameRefs, Frames, Seconds, Text, Time, WiresharkFilter};

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

/// The JSON Schema (draft 2020-12) of `--format json`.
#[must_use]
pub fn report_schema() -> Schema {
    generate::<Report<'_>>()
}

/// The JSON Schema (draft 2020-12) of a line of `--format ndjson`.
#[must_use]
pub fn event_schema() -> Schema {
    generate::<Record<'_>>()
}

/// The JSON Schema (draft 2020-12) of `keepscope profiles --format json`.
#[must_use]
pub fn profiles_schema() -> Schema {
    generate::<Listing<'_>>()
}

/// The JSON Schema (draft 2020-12) of `keepscope diff --format json`.
#[must_use]
pub fn diff_schema() -> Schema {
    generate::<Diff<'_>>()
}

/// The JSON Schema (draft 2020-12) of `keepscope check --format json`.
#[must_use]
pub fn check_schema() -> Schema {
    generate::<Check<'_>>()
}

/// The JSON Schema (draft 2020-12) of `keepscope sockets --format json`.
#[must_use]
pub fn sockets_schema() -> Schema {
    generate::<Sockets<'_>>()
}

/// What is written is described, so that a field which is always there is required, be it `null`.
fn generate<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}
