//! Reading a JSON report: of the contract, what is compared.

use super::super::Error;
use super::input::Input;
use crate::diff::{Facts, Found, ProberFacts};
use crate::report::{Count, SettingRange};
use crate::time::Span;
use serde::Deserialize;
use serde_json::Deserializer;
use std::fs::File;
use std::io::{BufReader, Read};
use std::net::IpAddr;

/// The largest report that is read.
const MAX_BYTES: u64 = 1 << 30;

/// The schema this reads.
const SCHEMA: &str = "keepscope.report/1";

/// Hands out what the report in `input` says of each flow.
pub(super) fn read(input: &Input, take: impl FnMut(Facts)) -> Result<(), Error> {
    let name = input.name();
    let failed = |e| Error::io(format!("cannot read {name}"), e);
    let file = File::open(input.path()).map_err(failed)?;
    if file.metadata().map_err(failed)?.len() > MAX_BYTES {
        return Err(Error::Usage(format!("{name}: more than {} MiB of report", MAX_BYTES >> 20)));
    }
    // Only the first value: what follows it matters no more where its schema is another one.
    let mut values = Deserializer::from_reader(BufReader::new(file).take(MAX_BYTES)).into_iter::<Report>();
    let report = match values.next() {
        Some(Ok(report)) => report,
        Some(Err(why)) => return Err(Error::Usage(format!("{name}: not a report of keepscope: {why}"))),
        None => return Err(Error::Usage(format!("{name}: nothing in it"))),
    };
    if report.schema != SCHEMA {
        let hint =
            if report.schema == "keepscope.event/1" { ": use --format json instead of ndjson" } else { "" };
        return Err(Error::Usage(format!("{name}: its schema is '{}', not {SCHEMA}{hint}", report.schema)));
    }
    report.flows.into_iter().map(Flow::facts).for_each(take);
    Ok(())
}

#[derive(Deserialize)]
struct Report {
    schema: String,
    #[serde(default)]
    flows: Vec<Flow>,
}

#[derive(Deserialize)]
struct Flow {
    server: Endpoint,
    client_keepalive: Side,
    server_keepalive: Side,
    ending: Option<Ending>,
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
struct Endpoint {
    addr: IpAddr,
    port: u16,
}

#[derive(Deserialize)]
struct Side {
    status: String,
    outcome: Option<String>,
    settings: Option<Settings>,
}

#[derive(Deserialize)]
struct Settings {
    idle_s: Option<Range>,
    interval_s: Option<Range>,
    count: Option<ProbeCount>,
}

#[derive(Deserialize)]
struct Range {
    low: f64,
    high: f64,
    nearest: Option<f64>,
    samples: u64,
}

#[derive(Deserialize)]
struct ProbeCount {
    value: u64,
    kind: Kind,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Exact,
    AtLeast,
    ExactOrUserTimeout,
}

#[derive(Deserialize)]
struct Ending {
    by: String,
    how: String,
    timer: Option<String>,
}

#[derive(Deserialize)]
struct Finding {
    id: String,
    severity: String,
}

impl Flow {
    fn facts(self) -> Facts {
        let found = |finding: Finding| Found {
            id: finding.id,
            is_grave: matches!(&*finding.severity, "problem" | "warning"),
        };
        Facts {
            port: self.server.port,
            addr: Some(self.server.addr),
            client: self.client_keepalive.facts(),
            server: self.server_keepalive.facts(),
            ending: self.ending.map(|ending| Facts::ending(&ending.by, &ending.how, ending.timer.as_deref())),
            findings: self.findings.into_iter().map(found).collect(),
        }
    }
}

impl Side {
    fn facts(self) -> ProberFacts {
        let (mut idle, mut interval, mut count) = (None, None, None);
        if let Some(settings) = self.settings {
            idle = settings.idle_s.map(Range::domain);
            interval = settings.interval_s.map(Range::domain);
            count = settings.count.map(|ProbeCount { value, kind }| match kind {
                Kind::Exact => Count::Exact(value),
                Kind::AtLeast => Count::AtLeast(value),
                Kind::ExactOrUserTimeout => Count::ExactOrUserTimeout(value),
            });
        }
        ProberFacts { status: self.status, outcome: self.outcome, idle, interval, count }
    }
}

impl Range {
    fn domain(self) -> SettingRange {
        // Out of range saturates: a report from elsewhere may hold any number.
        let span = |seconds: f64| Span((seconds * 1e9).round() as i64);
        SettingRange {
            low: span(self.low),
            high: span(self.high),
            nearest: self.nearest.map(span),
            samples: self.samples,
        }
    }
}
