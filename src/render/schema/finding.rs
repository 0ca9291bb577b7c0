//! What was concluded beyond the figures.

use super::endpoint::ends;
use super::value::{Bounds, FrameRefs, Frames, Network, Seconds};
use super::{Endpoint, SideName};
use crate::render::Pieces;
use crate::report;
use schemars::JsonSchema;
use serde::Serialize;

/// A conclusion about one flow, with the frames that show it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Finding<'a> {
    /// Its name, for example "reset-by-middlebox".
    pub id: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Whom it is about; null where it is about both ends or neither.
    pub side: Option<SideName>,
    /// One sentence for people.
    pub text: &'a str,
    /// The frames that show it, at most 64.
    pub frames: Frames<'a>,
    /// How many there are.
    pub frames_total: u64,
    /// Where these frames lie; only where several files were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_refs: Option<FrameRefs>,
    /// How sure it is.
    pub confidence: Confidence,
}

/// A conclusion that spans flows.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CaptureFinding<'a> {
    /// What was concluded.
    #[serde(flatten)]
    pub finding: Finding<'a>,
    /// The indexes of the flows it is about, at most 64.
    pub flows: &'a [u64],
    /// How many there are.
    pub flows_total: u64,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Something is wrong.
    Problem,
    /// Something may go wrong.
    Warning,
    /// Worth knowing.
    Info,
}

/// How sure a conclusion is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The capture leaves no other explanation.
    Certain,
    /// Everything seen fits, and other explanations are far-fetched.
    Likely,
    /// Others are as good.
    Possible,
}

/// What the network between clients and a server does to quiet connections.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Path<'a> {
    /// The clients' network.
    pub client_net: Network,
    /// The server.
    pub server: Endpoint,
    /// The longest quiet time a connection survived.
    pub survived_idle_s: Option<Seconds>,
    /// The connection that survived it, and the frames that bound the quiet.
    pub survived: Option<Witness>,
    /// The shortest quiet time after which one was dead.
    pub died_idle_s: Option<Seconds>,
    /// The connection that died of it, and the frames that bound the quiet.
    pub died: Option<Witness>,
    /// The idle time-out of a box on the way; null where the two contradict each other.
    pub idle_timeout_s: Option<Bounds>,
    /// Known boxes whose default it may be.
    pub candidates: &'a [String],
}

/// The quiet time of a connection that a path is judged by.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Witness {
    /// The flow's index.
    pub flow: u64,
    /// The last frame before and the first frame after the quiet.
    pub frames: [u64; 2],
    /// Where these frames lie; only where several files were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_refs: Option<FrameRefs>,
}

impl<'a> Finding<'a> {
    pub(super) fn new(finding: &'a report::Finding, pieces: Pieces<'_>) -> Self {
        Self {
            id: finding.id,
            severity: match finding.severity {
                report::Severity::Problem => Severity::Problem,
                report::Severity::Warning => Severity::Warning,
                report::Severity::Info => Severity::Info,
            },
            side: finding.side.map(SideName::from),
            text: &finding.text,
            frames: Frames(&finding.frames),
            frames_total: finding.frames_total,
            frame_refs: FrameRefs::of(finding.frames.iter().copied(), pieces),
            confidence: finding.confidence.into(),
        }
    }
}

impl From<report::Confidence> for Confidence {
    fn from(confidence: report::Confidence) -> Self {
        match confidence {
            report::Confidence::Certain => Self::Certain,
            report::Confidence::Likely => Self::Likely,
            report::Confidence::Possible => Self::Possible,
        }
    }
}

impl<'a> CaptureFinding<'a> {
    /// `across`, whose frames lie in `pieces`.
    #[must_use]
    pub fn new(across: &'a report::CaptureFinding, pieces: Pieces<'_>) -> Self {
        Self {
            finding: Finding::new(&across.finding, pieces),
            flows: &across.flows,
            flows_total: across.flows_total,
        }
    }
}

impl<'a> Path<'a> {
    /// `path`, whose frames lie in `pieces`.
    #[must_use]
    pub fn new(path: &'a report::Path, pieces: Pieces<'_>) -> Self {
        let (client, server) = ends(&path.tuple);
        let witness = |(gap, flow): (report::Gap, u64)| Witness {
            flow,
            frames: [gap.from.get(), gap.to.get()],
            frame_refs: FrameRefs::of([gap.from, gap.to], pieces),
        };
        let length = |(gap, _): (report::Gap, u64)| Seconds(gap.length);
        Self {
            client_net: Network(client.addr.0, path.prefix),
            server,
            survived_idle_s: path.survived.map(length),
            survived: path.survived.map(witness),
            died_idle_s: path.died.map(length),
            died: path.died.map(witness),
            idle_timeout_s: path.idle_timeout.map(Bounds::from),
            candidates: &path.candidates,
        }
    }
}
