//! The document of `--format json`.

use super::{Capture, CaptureFinding, Flow, Path, Summary};
use schemars::JsonSchema;
use serde::Serialize;

/// What one capture tells: keepscope's report.
///
/// ```json
/// {"schema": "keepscope.report/1", "generator": {"name": "keepscope", "version": "0.1.0"},
///  "capture": {…}, "flows": [{…}, …], "paths": [], "findings": [], "summary": {…}}
/// ```
///
/// This type is the shape of the whole; a [`json::Document`](crate::render::json::Document) is written member by member, so that no two flows are in memory at once.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "keepscope.report/1")]
pub struct Report<'a> {
    /// Name and number of this schema.
    pub schema: ReportSchema,
    /// Who wrote the report.
    pub generator: Generator,
    /// What was read.
    pub capture: Capture<'a>,
    /// The connections, in the order of their first frame.
    pub flows: Vec<Flow<'a>>,
    /// What the network between clients and a server does to quiet connections.
    pub paths: Vec<Path<'a>>,
    /// Findings that span flows.
    pub findings: Vec<CaptureFinding<'a>>,
    /// Sums over all flows.
    pub summary: Summary,
}

/// The schema of a report.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub enum ReportSchema {
    /// Number 1.
    #[serde(rename = "keepscope.report/1")]
    V1,
}

/// The program that wrote a report.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Generator {
    /// "keepscope".
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Generator {
    /// This program.
    pub const THIS: Self = Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
}
