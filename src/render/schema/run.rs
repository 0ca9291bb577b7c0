//! A row of probes between two signs of life.

use super::value::{Address, FrameRefs, Frames, Seconds, Time};
use crate::frame::FrameNo;
use crate::render::Pieces;
use crate::report::icmp;
use crate::run;
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// The row of probes between two signs of life, and how it ended. An answered probe is a run of one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Run<'a> {
    /// The first probe's time.
    pub start: Time,
    /// The time of what ended it; the last probe's where time or the end of the capture did.
    pub end: Time,
    /// When the prober last received an acceptable segment; null where none was captured.
    pub quiet_since: Option<Time>,
    /// The first probe's frame.
    pub first_frame: u64,
    /// The frame that ended it; null where time or the end of the capture did.
    pub end_frame: Option<u64>,
    /// The probes' frames, at most 64.
    pub probe_frames: Frames<'a>,
    /// Where the probes' frames lie; only where several files were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_refs: Option<FrameRefs>,
    /// How many probes there were.
    pub probes_total: u64,
    /// From the last sign of life to the first probe.
    pub idle_s: Option<Seconds>,
    /// Between successive probes, at most 64.
    pub intervals_s: Vec<Seconds>,
    /// From the last probe to the prober's RST.
    pub last_wait_s: Option<Seconds>,
    /// How it ended.
    pub outcome: Outcome,
    /// From the last sign of life to the end, where the run ended the connection.
    pub detected_after_s: Option<Seconds>,
    /// Why its figures may be off.
    pub doubt: Vec<Doubt>,
    /// ICMP errors that quoted its probes, at most 64.
    pub icmp: Vec<IcmpNote>,
}

/// What ended a run of probes.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The far end, or a box on the way, sent RST.
    Reset,
    /// The first probe was answered.
    Answered,
    /// A probe was answered after one or more were lost.
    Recovered,
    /// The peer is seen alive afterwards but never answers probes.
    Ignored,
    /// The prober sent data or FIN before an answer.
    Superseded,
    /// The prober's RST at SND.NXT, one interval after the last probe.
    TimedOut,
    /// The prober's RST at another moment.
    Closed,
    /// The answering direction was not captured.
    Unknown,
    /// Nothing more from the prober, though the capture goes on.
    Stopped,
    /// The capture ends before anything else.
    Pending,
}

/// Why the figures of a run may be off.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The capturing machine lost frames.
    Drops,
    /// The capture's clock ran backwards.
    TimeStep,
}

/// An ICMP error that quoted a probe.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IcmpNote {
    /// The frame it came in.
    pub frame: u64,
    /// Where that frame lies; only where several files were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_refs: Option<FrameRefs>,
    /// ICMP or ICMPv6 type.
    pub r#type: u8,
    /// ICMP or ICMPv6 code.
    pub code: u8,
    /// Who sent it.
    pub from: Address,
    /// Type and code in plain words.
    pub text: Cow<'static, str>,
}

impl<'a> Run<'a> {
    pub(super) fn new(run: &'a run::Run, pieces: Pieces<'_>) -> Self {
        Self {
            start: Time(run.start),
            end: Time(run.end),
            quiet_since: run.quiet_since.map(Time),
            first_frame: run.first_frame.get(),
            end_frame: run.end_frame.map(FrameNo::get),
            probe_frames: Frames(&run.probe_frames),
            frame_refs: FrameRefs::of(run.probe_frames.iter().copied(), pieces),
            probes_total: run.probes,
            idle_s: run.idle.map(Seconds),
            intervals_s: run.intervals.iter().copied().map(Seconds).collect(),
            last_wait_s: run.last_wait.map(Seconds),
            // A run that nothing has ended yet is what the contract calls pending.
            outcome: run.outcome.map_or(Outcome::Pending, Outcome::from),
            detected_after_s: run.detected_after.map(Seconds),
            doubt: run.doubt.iter().copied().map(Doubt::from).collect(),
            icmp: run.icmp.iter().map(|note| IcmpNote::new(note, pieces)).collect(),
        }
    }
}

impl IcmpNote {
    fn new(note: &run::IcmpNote, pieces: Pieces<'_>) -> Self {
        Self {
            frame: note.frame.get(),
            frame_refs: FrameRefs::of([note.frame], pieces),
            r#type: note.kind,
            code: note.code,
            from: Address(note.from),
            text: icmp::text(note.from.is_ipv6(), note.kind, note.code),
        }
    }
}

impl From<run::Outcome> for Outcome {
    fn from(outcome: run::Outcome) -> Self {
        match outcome {
            run::Outcome::Reset => Self::Reset,
            run::Outcome::Answered => Self::Answered,
            run::Outcome::Recovered => Self::Recovered,
            run::Outcome::Ignored => Self::Ignored,
            run::Outcome::Superseded => Self::Superseded,
            run::Outcome::TimedOut => Self::TimedOut,
            run::Outcome::Closed => Self::Closed,
            run::Outcome::Unknown => Self::Unknown,
            run::Outcome::Stopped => Self::Stopped,
            run::Outcome::Pending => Self::Pending,
        }
    }
}

impl From<run::Doubt> for Doubt {
    fn from(doubt: run::Doubt) -> Self {
        match doubt {
            run::Doubt::Drops => Self::Drops,
            run::Doubt::TimeStep => Self::TimeStep,
        }
    }
}
