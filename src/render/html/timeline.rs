//! What a flow's timeline shows beside its runs: bursts of data, and the frames that stand out.

use super::Teller;
use crate::explain::{Burst, Mark, MarkKind};
use crate::render::schema::SideName;
use crate::report::{Flow, icmp};
use crate::time::Timestamp;
use serde::Serialize;

/// Times are seconds from the capture's first frame.
#[derive(Debug, Default, Serialize)]
pub(super) struct Timeline {
    /// Until when, and to which frame, nothing but its record is known of the flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<(f64, u64)>,
    bursts: Vec<BurstOfData>,
    marks: Vec<Marked>,
    /// How many frames that stand out are not among the marks.
    left_out: u64,
}

#[derive(Debug, Serialize)]
struct BurstOfData {
    from_s: f64,
    to_s: f64,
    frames: [u64; 2],
    segments: u64,
    bytes: [u64; 2],
}

#[derive(Debug, Serialize)]
struct Marked {
    at_s: f64,
    frame: u64,
    side: SideName,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// The timeline of `flow`.
pub(super) fn timeline(flow: &Flow, teller: Teller<'_>) -> Timeline {
    let Some(sketch) = teller.background.sketches.get(flow.index) else {
        // What was never drawn is known by its record alone.
        let until = flow.last_data.unwrap_or(flow.start);
        return Timeline {
            earlier: Some((since(teller, until), flow.first_frame.get())),
            ..Timeline::default()
        };
    };
    let burst = |burst: &Burst| BurstOfData {
        from_s: since(teller, burst.start),
        to_s: since(teller, burst.end),
        frames: [burst.first_frame.get(), burst.last_frame.get()],
        segments: burst.segments,
        bytes: burst.bytes,
    };
    let mark = |mark: &Mark| Marked {
        at_s: since(teller, mark.at),
        frame: mark.frame.get(),
        side: mark.side.into(),
        kind: name(mark.kind),
        text: match mark.kind {
            MarkKind::Icmp(kind, code, from) => {
                Some(format!("ICMP from {from}: {}", icmp::text(from.is_ipv6(), kind, code)))
            }
            _ => None,
        },
    };
    Timeline {
        earlier: sketch.earlier.map(|(until, frame)| (since(teller, until), frame.get())),
        bursts: sketch.bursts.iter().map(burst).collect(),
        marks: sketch.marks().iter().map(mark).collect(),
        left_out: sketch.left_out,
    }
}

fn since(teller: Teller<'_>, at: Timestamp) -> f64 {
    at.since(teller.background.capture.start.unwrap_or(at)).as_secs_f64()
}

const fn name(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Handshake => "handshake",
        MarkKind::Fin => "fin",
        MarkKind::Reset => "reset",
        MarkKind::Retransmission => "retransmission",
        MarkKind::WindowProbe => "window_probe",
        MarkKind::Ambiguous => "ambiguous",
        MarkKind::Icmp(..) => "icmp",
    }
}
