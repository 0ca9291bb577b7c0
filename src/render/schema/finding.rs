//! What was concluded beyond the figures.

use super::value::{Bounds, FrameRefs, Seconds};
use super::{Endpoint, SideName};
use schemars::JsonSchema;
use serde::Serialize;

/// A conclusion about one flow, with the frames that show it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// Its name, for example "reset-by-middlebox".
    pub id: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Whom it is about; null where it is about both ends or neither.
    pub side: Option<SideName>,
    /// One sentence for people.
    pub text: String,
    /// The frames that show it.
    pub frames: Vec<u64>,
    /// Where these frames lie; only where several files were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_refs: Option<FrameRefs>,
    /// How sure it is.
    pub confidence: Confidence,
}

/// A conclusion that spans flows.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CaptureFinding {
    /// What was concluded.
    #[serde(flatten)]
    pub finding: Finding,
    /// The indexes of the flows it is about.
    pub flows: Vec<u64>,
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
pub struct Path {
    /// The clients' network.
    pub client_net: String,
    /// The server.
    pub server: Endpoint,
    /// The longest quiet time a connection survived.
    pub survived_idle_s: Option<Seconds>,
    /// The shortest quiet time after which one was dead.
    pub died_idle_s: Option<Seconds>,
    /// The idle time-out of a box on the way; null where the two contradict each other.
    pub idle_timeout_s: Option<Bounds>,
    /// Known boxes whose default it may be.
    pub candidates: Vec<String>,
}
