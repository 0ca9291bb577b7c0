//! The document of `keepscope diff --format json`.

use super::{Address, Count, Generator, SettingRange, SideName};
use crate::diff;
use schemars::JsonSchema;
use serde::Serialize;

/// What changed between two captures or reports.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "keepscope.diff/1")]
pub struct Diff<'a> {
    /// Name and number of this schema.
    pub schema: DiffSchema,
    /// Who compared.
    pub generator: Generator,
    /// The name of the first input.
    pub before: &'a str,
    /// The name of the second one.
    pub after: &'a str,
    /// What is not as it was, in the order of the services.
    pub changes: Vec<Change<'a>>,
}

/// The schema of a comparison.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub enum DiffSchema {
    /// Number 1.
    #[serde(rename = "keepscope.diff/1")]
    V1,
}

/// Something that is not as it was.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Change<'a> {
    /// The server it is about.
    pub service: Service,
    /// The end it is about; null where it is about the connections.
    pub side: Option<SideName>,
    /// What of it.
    pub what: What,
    /// What the first input shows.
    pub before: Vec<Shown<'a>>,
    /// What the second one shows.
    pub after: Vec<Shown<'a>>,
}

/// What connections are compared by.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Service {
    /// The server's address; null where services are told apart by the port alone.
    pub addr: Option<Address>,
    /// The server's port.
    pub port: u16,
}

/// What can change.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Whether the service is there at all.
    Service,
    /// Whether an end probes.
    Status,
    /// TCP_KEEPIDLE.
    Idle,
    /// TCP_KEEPINTVL.
    Interval,
    /// TCP_KEEPCNT.
    Count,
    /// How the last runs of probes ended.
    Outcomes,
    /// What ended the connections.
    Endings,
    /// The ids of what was concluded.
    Findings,
}

/// One thing that a capture shows: a name, the range of a time, or a count.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Shown<'a> {
    /// A status, an outcome, an ending, or the id of a finding.
    Name(&'a str),
    /// The range of a configured time.
    Range(SettingRange),
    /// A probe count.
    Count(Count),
}

impl<'a> Diff<'a> {
    /// The comparison of two inputs of these names.
    #[must_use]
    pub fn new(names: &'a [String; 2], changes: &'a [diff::Change]) -> Self {
        let [before, after] = names;
        Self {
            schema: DiffSchema::V1,
            generator: Generator::THIS,
            before,
            after,
            changes: changes.iter().map(Change::from).collect(),
        }
    }
}

impl<'a> From<&'a diff::Change> for Change<'a> {
    fn from(change: &'a diff::Change) -> Self {
        Self {
            service: Service { addr: change.service.addr.map(Address), port: change.service.port },
            side: change.side.map(SideName::from),
            what: match change.what {
                diff::What::Service => What::Service,
                diff::What::Status => What::Status,
                diff::What::Idle => What::Idle,
                diff::What::Interval => What::Interval,
                diff::What::Count => What::Count,
                diff::What::Outcomes => What::Outcomes,
                diff::What::Endings => What::Endings,
                diff::What::Findings => What::Findings,
            },
            before: change.before.iter().map(Shown::from).collect(),
            after: change.after.iter().map(Shown::from).collect(),
        }
    }
}

impl<'a> From<&'a diff::Shown> for Shown<'a> {
    fn from(shown: &'a diff::Shown) -> Self {
        match shown {
            diff::Shown::Name(name) => Self::Name(name),
            diff::Shown::Range(range) => Self::Range((*range).into()),
            diff::Shown::Count(count) => Self::Count((*count).into()),
        }
    }
}
