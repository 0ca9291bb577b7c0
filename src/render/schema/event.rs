//! A line of `--format ndjson`.

use super::finding::{CaptureFinding, Finding, Path};
use super::value::{Address, FrameRefs, Seconds, Time};
use super::{Capture, Dropped, Flow, Outcome, Run, SideName, Summary};
use crate::analyzer::EndReason;
use crate::frame::FrameNo;
use crate::render::{CommunityId, Pieces};
use crate::report::{NoticeKind, icmp};
use crate::{report, run};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// One line of keepscope's NDJSON: a label of a frame, the end of a run, a flow, or the summary.
///
/// ```json
/// {"schema": "keepscope.event/1", "type": "keepalive_answer", "time": "2026-01-01T00:00:02.016310000Z", "frame": 8,
///  "decided_frame": 8, "flow": "1:LQU9qZlK+B5F3KDmev6m5PMibrg=", "index": 0, "side": "server",
///  "probe_frame": 7, "rtt_s": 0.00031, "by": "ack"}
/// ```
///
/// Lines are ordered by `decided_frame`, then `frame`. A frame gets one final label, written when it is decided. Of a running capture, what
/// time decides, and what does not happen in time, is written when its time is over.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "keepscope.event/1")]
pub struct Record<'a> {
    /// Name and number of this schema.
    pub schema: EventSchema,
    /// What the line tells.
    #[serde(flatten)]
    pub body: Body<'a>,
}

/// The schema of an event.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub enum EventSchema {
    /// Number 1.
    #[serde(rename = "keepscope.event/1")]
    V1,
}

/// What every line tells after its type.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Head {
    /// The segment's time; a flow's last; the capture's last for the summary; when it became known for dropped frames.
    pub time: Option<Time>,
    /// The segment's frame; a flow's last; null for the summary and for dropped frames.
    pub frame: Option<u64>,
    /// Where that frame lies; only where several files were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_refs: Option<FrameRefs>,
    /// The frame that settled it; null where the end of the capture, or of time, did.
    pub decided_frame: Option<u64>,
    /// The flow's Community ID; null for the summary and for dropped frames.
    pub flow: Option<CommunityId>,
    /// The flow's number in the capture; null for the summary and for dropped frames.
    pub index: Option<u64>,
    /// Who sent the segment; the prober of a run; the sender of what an ICMP error quotes; null for flows, the summary
    /// and dropped frames.
    pub side: Option<SideName>,
}

impl Head {
    /// Of what is about no flow and no frame.
    const NONE: Self = Self {
        time: None,
        frame: None,
        frame_refs: None,
        decided_frame: None,
        flow: None,
        index: None,
        side: None,
    };
}

/// What a line tells, by its type.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Body<'a> {
    /// A keepalive probe.
    KeepaliveProbe {
        /// When, where and whose.
        #[serde(flatten)]
        head: Head,
        /// The number of its run among its side's runs, from 0.
        run: u32,
        /// Its number in the run, from 1.
        number: u64,
        /// SEG.SEQ as on the wire.
        seq: u32,
        /// How many octets it carries: 0 or 1.
        payload: u8,
        /// From the last sign of life; of the first probe of a run.
        idle_s: Option<Seconds>,
        /// From the probe before; of the others.
        interval_s: Option<Seconds>,
        /// The rule that made it a probe.
        rule: &'static str,
    },
    /// A segment that answers open probes.
    KeepaliveAnswer {
        /// When, where and whose.
        #[serde(flatten)]
        head: Head,
        /// The newest open probe.
        probe_frame: u64,
        /// From that probe; null where several were open.
        rtt_s: Option<Seconds>,
        /// What carried the answer.
        by: AnsweredBy,
    },
    /// A zero-window probe.
    WindowProbe {
        /// When, where and whose.
        #[serde(flatten)]
        head: Head,
        /// SEG.SEQ as on the wire.
        seq: u32,
        /// How many octets it carries: 0 or 1.
        payload: u8,
    },
    /// Undecidable from the capture: a keepalive or a zero-window probe.
    KeepaliveOrWindowProbe {
        /// When, where and whose.
        #[serde(flatten)]
        head: Head,
        /// SEG.SEQ as on the wire.
        seq: u32,
        /// How many octets it carries: 0 or 1.
        payload: u8,
    },
    /// Undecidable from the capture: a keepalive or a retransmission of one octet.
    KeepaliveOrRetransmission {
        /// When, where and whose.
        #[serde(flatten)]
        head: Head,
        /// SEG.SEQ as on the wire.
        seq: u32,
    },
    /// One octet at SND.NXT-1 that is a retransmission, which other tools call a keepalive.
    OneByteRetransmission {
        /// When, where and whose.
        #[serde(flatten)]
        head: Head,
        /// SEG.SEQ as on the wire.
        seq: u32,
    },
    /// An ICMP error that quotes a segment of a flow.
    IcmpError {
        /// When, where and whose.
        #[serde(flatten)]
        head: Head,
        /// ICMP or ICMPv6 type.
        icmp_type: u8,
        /// ICMP or ICMPv6 code.
        icmp_code: u8,
        /// Who sent it.
        from: Address,
        /// Type and code in plain words.
        text: Cow<'static, str>,
    },
    /// A run's outcome.
    RunEnd {
        /// When, where and whose.
        #[serde(flatten)]
        head: Head,
        /// Its number among its side's runs, from 0.
        run: u32,
        /// How it ended.
        outcome: Outcome,
        /// All of it.
        run_report: Run<'a>,
    },
    /// Live only: a probe got no answer in the time in which answers come. No verdict: an answer may still come.
    ProbeUnanswered {
        /// When, where and whose: of the probe.
        #[serde(flatten)]
        head: Head,
        /// When patience ran out.
        at: Time,
        /// The number of its run among its side's runs, from 0.
        run: u32,
        /// Its number in the run, from 1.
        number: u64,
        /// How long an answer was waited for.
        waited_s: Seconds,
        /// When the next probe is expected, or the RST that gives up; null where no interval was seen.
        next: Option<Time>,
    },
    /// Live only: a run waits, and neither its next probe came in time, nor the RST that gives up.
    ProbeOverdue {
        /// When, where and whose: of the newest probe.
        #[serde(flatten)]
        head: Head,
        /// When patience ran out.
        at: Time,
        /// The number of the run among its side's runs, from 0.
        run: u32,
        /// How many probes it has so far.
        number: u64,
        /// For how long nothing came after the newest of them.
        waited_s: Seconds,
        /// When the next was expected; null where no interval was seen to go by, and it is two idle times that nothing came.
        expected: Option<Time>,
    },
    /// Live only: nothing was heard of a flow for longer than the idle time after which this end used to probe.
    FlowSilent {
        /// When, where and whose: of the flow's last segment, and the end that used to probe.
        #[serde(flatten)]
        head: Head,
        /// When patience ran out.
        at: Time,
        /// The idle time that was seen last.
        idle_s: Seconds,
        /// For how long nothing was heard.
        quiet_s: Seconds,
    },
    /// Live only: frames were lost while capturing, so that "unanswered" may mean "not captured".
    FramesDropped {
        /// When it became known.
        #[serde(flatten)]
        head: Head,
        /// Since this was last told.
        more: Dropped,
        /// In all.
        total: Dropped,
    },
    /// Live only: the kernel of this host contradicts the wire. Once for each kind, flow and side; the flow's report has it too, brought up to
    /// date.
    Finding {
        /// When, where and whose: of the flow's last segment, and the end that is on this host.
        #[serde(flatten)]
        head: Head,
        /// When it became known.
        at: Time,
        /// What was concluded.
        finding: Finding<'a>,
    },
    /// A flow.
    Flow {
        /// When, where and whose.
        #[serde(flatten)]
        head: Head,
        /// Whether nothing can be added: its ports are used again, it was evicted, it ended a minute ago, or the capture did. Where it is
        /// not, the report is what it would be if the capture ended now.
        r#final: bool,
        /// "evicted" where the flow table was full; null otherwise.
        end_reason: Option<FlowEnd>,
        /// All of it.
        flow_report: Box<Flow<'a>>,
    },
    /// The last line.
    Summary {
        /// When, where and whose.
        #[serde(flatten)]
        head: Head,
        /// What was read.
        capture: Box<Capture<'a>>,
        /// What the network between clients and a server does to quiet connections.
        paths: Vec<Path<'a>>,
        /// Findings that span flows.
        findings: Vec<CaptureFinding<'a>>,
        /// Sums over all flows.
        summary: Box<Summary>,
    },
}

/// What carried an answer.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// A bare ACK.
    Ack,
    /// A segment with data.
    Data,
    /// A FIN.
    Fin,
}

/// Why a flow is final though its connection goes on.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlowEnd {
    /// The flow table was full.
    Evicted,
}

impl<'a> Record<'a> {
    /// The line of `event`.
    #[must_use]
    pub fn event(event: &'a run::Event, pieces: Pieces<'_>) -> Self {
        let head = Head {
            time: Some(Time(event.time)),
            frame: Some(event.frame.get()),
            frame_refs: FrameRefs::of([event.frame], pieces),
            decided_frame: event.decided.map(FrameNo::get),
            flow: Some(CommunityId::of(&event.tuple)),
            index: Some(event.index),
            side: Some(event.side.into()),
        };
        Self { schema: EventSchema::V1, body: body(head, &event.kind, pieces) }
    }

    /// The line of something that did not happen in time.
    #[must_use]
    pub fn notice(notice: &report::Notice, pieces: Pieces<'_>) -> Self {
        let head = Head {
            time: Some(Time(notice.time)),
            frame: Some(notice.frame.get()),
            frame_refs: FrameRefs::of([notice.frame], pieces),
            decided_frame: None,
            flow: Some(CommunityId::of(&notice.tuple)),
            index: Some(notice.index),
            side: Some(notice.side.into()),
        };
        let at = Time(notice.at);
        let body = match notice.kind {
            NoticeKind::ProbeUnanswered { run, number, waited, next } => Body::ProbeUnanswered {
                head,
                at,
                run,
                number,
                waited_s: Seconds(waited),
                next: next.map(Time),
            },
            NoticeKind::ProbeOverdue { run, number, waited, expected } => Body::ProbeOverdue {
                head,
                at,
                run,
                number,
                waited_s: Seconds(waited),
                expected: expected.map(Time),
            },
            NoticeKind::Silent { idle, quiet } => {
                Body::FlowSilent { head, at, idle_s: Seconds(idle), quiet_s: Seconds(quiet) }
            }
        };
        Self { schema: EventSchema::V1, body }
    }

    /// The line of frames that were lost.
    #[must_use]
    pub fn loss(loss: &report::Loss) -> Self {
        let head = Head { time: loss.at.map(Time), ..Head::NONE };
        let body = Body::FramesDropped { head, more: loss.more.into(), total: loss.total.into() };
        Self { schema: EventSchema::V1, body }
    }

    /// The line of a finding that somebody else handed in.
    #[must_use]
    pub fn told(told: &'a report::Told, pieces: Pieces<'_>) -> Self {
        let head = Head {
            time: Some(Time(told.time)),
            frame: Some(told.frame.get()),
            frame_refs: FrameRefs::of([told.frame], pieces),
            decided_frame: None,
            flow: Some(CommunityId::of(&told.tuple)),
            index: Some(told.index),
            side: told.finding.side.map(SideName::from),
        };
        let finding = Finding::new(&told.finding, pieces);
        Self { schema: EventSchema::V1, body: Body::Finding { head, at: Time(told.at), finding } }
    }

    /// The line of a flow, with why it is final; `None`: it is not.
    #[must_use]
    pub fn flow(
        flow: &'a report::Flow,
        decided: Option<FrameNo>,
        reason: Option<EndReason>,
        pieces: Pieces<'_>,
    ) -> Self {
        let report = Box::new(Flow::new(flow, pieces));
        let head = Head {
            time: Some(report.end),
            frame: Some(report.last_frame),
            frame_refs: FrameRefs::of([flow.last_frame], pieces),
            decided_frame: decided.map(FrameNo::get),
            flow: Some(report.id),
            index: Some(report.index),
            side: None,
        };
        let end_reason = match reason {
            Some(EndReason::Evicted) => Some(FlowEnd::Evicted),
            Some(EndReason::Ended | EndReason::EndOfCapture) | None => None,
        };
        Self {
            schema: EventSchema::V1,
            body: Body::Flow { head, r#final: reason.is_some(), end_reason, flow_report: report },
        }
    }

    /// The last line.
    #[must_use]
    pub fn summary(
        capture: &'a report::Capture,
        conclusions: &'a report::Conclusions,
        summary: &report::Summary,
        pieces: Pieces<'_>,
    ) -> Self {
        let head = Head { time: capture.end.map(Time), ..Head::NONE };
        let body = Body::Summary {
            head,
            capture: Box::new(capture.into()),
            paths: conclusions.paths.iter().map(|path| Path::new(path, pieces)).collect(),
            findings: conclusions.findings.iter().map(|across| CaptureFinding::new(across, pieces)).collect(),
            summary: Box::new(summary.into()),
        };
        Self { schema: EventSchema::V1, body }
    }
}

fn body<'a>(head: Head, kind: &'a run::EventKind, pieces: Pieces<'_>) -> Body<'a> {
    use run::EventKind;
    match kind {
        EventKind::Probe { run, number, seq, payload, idle, interval, rule } => Body::KeepaliveProbe {
            head,
            run: *run,
            number: *number,
            seq: seq.0,
            payload: *payload,
            idle_s: idle.map(Seconds),
            interval_s: interval.map(Seconds),
            rule,
        },
        EventKind::Answer { probe_frame, rtt, by } => Body::KeepaliveAnswer {
            head,
            probe_frame: probe_frame.get(),
            rtt_s: rtt.map(Seconds),
            by: match by {
                run::AnsweredBy::Ack => AnsweredBy::Ack,
                run::AnsweredBy::Data => AnsweredBy::Data,
                run::AnsweredBy::Fin => AnsweredBy::Fin,
            },
        },
        EventKind::WindowProbe { seq, payload } => Body::WindowProbe { head, seq: seq.0, payload: *payload },
        EventKind::KeepaliveOrWindowProbe { seq, payload } => {
            Body::KeepaliveOrWindowProbe { head, seq: seq.0, payload: *payload }
        }
        EventKind::KeepaliveOrRetransmission { seq } => Body::KeepaliveOrRetransmission { head, seq: seq.0 },
        EventKind::OneByteRetransmission { seq } => Body::OneByteRetransmission { head, seq: seq.0 },
        EventKind::IcmpError { icmp_type, icmp_code, from } => Body::IcmpError {
            head,
            icmp_type: *icmp_type,
            icmp_code: *icmp_code,
            from: Address(*from),
            text: icmp::text(from.is_ipv6(), *icmp_type, *icmp_code),
        },
        EventKind::RunEnd(run) => {
            let run_report = Run::new(run, pieces);
            Body::RunEnd { head, run: run.number, outcome: run_report.outcome, run_report }
        }
    }
}
