//! `--format csv`: a row per flow, for spreadsheets. A column's name is the path of its value in the JSON report.

use super::foreign::for_csv;
use super::{Pieces, schema};
use crate::report::Flow;
use serde_json::Value;
use std::io::{self, Write};

/// What is told of a flow. A list becomes one cell, its items separated by [`BETWEEN`]; what is unknown is empty.
const FLOW: [&str; 32] = [
    "id",
    "index",
    "client.addr",
    "client.port",
    "server.addr",
    "server.port",
    "roles",
    "encapsulation",
    "start",
    "end",
    "duration_s",
    "first_frame",
    "last_frame",
    "segments",
    "data_bytes.client",
    "data_bytes.server",
    "last_data",
    "state",
    "one_sided",
    "ending.by",
    "ending.how",
    "ending.timer",
    "ending.frame",
    "ending.quiet_before_s",
    "ending.client_errno",
    "ending.server_errno",
    "ending.confidence",
    "heartbeat.period_s.median",
    "heartbeat.from",
    "findings.severity",
    "findings.id",
    "findings.text",
];

/// The members of a flow that tell of an end as prober.
const PROBERS: [&str; 2] = ["client_keepalive", "server_keepalive"];

/// What is told of each of them.
const PROBER: [&str; 23] = [
    "status",
    "longest_quiet_s",
    "probes",
    "answered",
    "unanswered",
    "undecided",
    "window_probes",
    "ambiguous_probes",
    "idle_s.median",
    "interval_s.median",
    "rtt_s.median",
    "runs_total",
    "outcome",
    "settings.idle_s.low",
    "settings.idle_s.high",
    "settings.idle_s.nearest",
    "settings.interval_s.low",
    "settings.interval_s.high",
    "settings.interval_s.nearest",
    "settings.count.value",
    "settings.count.kind",
    "settings.stack",
    "settings.profiles",
];

/// Between the items of a list.
const BETWEEN: &str = "; ";

/// A table that is being written.
pub struct Table<'a, W: Write> {
    out: csv::Writer<&'a mut W>,
    columns: Vec<String>,
}

impl<'a, W: Write> Table<'a, W> {
    /// Begins with the names of the columns.
    ///
    /// # Errors
    /// What `out` reports, here as below.
    pub fn begin(out: &'a mut W) -> io::Result<Self> {
        let of_probers =
            PROBERS.iter().flat_map(|end| PROBER.iter().map(move |path| format!("{end}.{path}")));
        let columns: Vec<String> = FLOW.iter().copied().map(str::to_owned).chain(of_probers).collect();
        let mut table = Self { out: csv::Writer::from_writer(out), columns };
        table.out.write_record(&table.columns)?;
        Ok(table)
    }

    /// Adds a flow.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn flow(&mut self, flow: &Flow) -> io::Result<()> {
        let value = serde_json::to_value(schema::Flow::new(flow, Pieces::SINGLE))?;
        let Self { out, columns } = self;
        Ok(out.write_record(columns.iter().map(|path| cell(&value, path)))?)
    }

    /// Ends it.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn end(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What lies at `path` in `value`; of a list, what lies there in each of its items.
fn cell(value: &Value, path: &str) -> String {
    let Some((member, rest)) = path.split_once('.') else {
        return words(value.get(path).unwrap_or(&Value::Null));
    };
    match value.get(member) {
        Some(Value::Array(items)) => {
            items.iter().map(|item| cell(item, rest)).collect::<Vec<_>>().join(BETWEEN)
        }
        Some(value) => cell(value, rest),
        None => String::new(),
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => for_csv(text).to_string(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(BETWEEN),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{cell, words};
    use serde_json::json;

    #[test]
    fn a_cell_is_what_the_path_names() {
        let flow =
            json!({"a": {"b": 1.5}, "none": null, "list": ["x", "y"], "many": [{"id": "p"}, {"id": "q"}]});
        for (path, told) in
            [("a.b", "1.5"), ("a.c", ""), ("none", ""), ("none.x", ""), ("list", "x; y"), ("many.id", "p; q")]
        {
            assert_eq!(cell(&flow, path), told, "{path}");
        }
    }

    #[test]
    fn a_strangers_formula_is_text() {
        assert_eq!(words(&json!(["=HYPERLINK(1)"])), "'=HYPERLINK(1)");
        assert_eq!(words(&json!(-1.5)), "-1.5", "a figure of ours is none");
    }
}
