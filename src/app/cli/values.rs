//! Words that options take.

use clap::ValueEnum;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::app) enum Format {
    /// For people.
    Text,
    /// One document.
    Json,
    /// A line per event, flow and summary, as they are decided.
    Ndjson,
    /// A row per flow, for spreadsheets.
    Csv,
    /// One page for a browser, with everything in it.
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::app) enum Flows {
    /// With keepalive, zero-window or ambiguous probes, a heartbeat, a warning or a problem.
    Relevant,
    /// All.
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::app) enum Time {
    /// Seconds since the first frame.
    Relative,
    /// Date and time in UTC.
    Utc,
    /// Date and time here (TZ).
    Local,
    /// Seconds since 1970.
    Epoch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::app) enum Color {
    /// On a terminal, unless NO_COLOR is set; always where CLICOLOR_FORCE is.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::app) enum ListFormat {
    /// For people.
    Text,
    /// One document.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::app) enum SchemaOf {
    /// --format json
    Report,
    /// --format ndjson
    Event,
    /// keepscope check --format json
    Check,
    /// keepscope profiles --format json
    Profiles,
    /// keepscope diff --format json
    Diff,
}
