//! Words that options take.

use clap::ValueEnum;
use std::time::Duration;

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
    /// A report to paste into a ticket.
    Markdown,
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
    /// keepscope sockets --format json
    Sockets,
}

/// A length of time: a number of seconds, from a millisecond to a hundred years.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let known = text.parse().ok().filter(|seconds: &f64| (0.001..=3.2e9).contains(seconds));
    let duration = known.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration.ok_or_else(|| "a number of seconds above 0 is wanted, for example 60 or 0.5".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_a_length_of_time() {
        assert_eq!(seconds("60"), Ok(Duration::from_secs(60)));
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["0", "-1", "nan", "inf", "1e300", "1m", ""] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
