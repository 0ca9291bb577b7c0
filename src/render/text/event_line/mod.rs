//! What a running analysis hands out, a line each: for a stream that is no screen.
//!
//! Each line stands by itself, as those of tcpdump do: when, which frame, from whom to whom, and what.

pub(crate) mod words;

use super::clock::{Clock, Dial};
use super::finding;
use super::style::{Paint, Tone};
use crate::analyzer::{EndReason, Output};
use crate::decode::{Tuple, ip_addr};
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::render::foreign;
use crate::report::{Finding, Flow, Severity};
use crate::time::Timestamp;
use std::net::SocketAddr;

/// How wide the column of frame numbers is, the sign before them included.
const FRAME_WIDTH: usize = 8;

/// How lines are told.
#[derive(Debug)]
pub struct Telling {
    dial: Dial,
    paint: Paint,
}

/// What is before the words of a line.
#[derive(Clone, Copy, Debug)]
struct Place<'a> {
    at: Option<Timestamp>,
    frame: Option<FrameNo>,
    /// The flow, and which end sent what the line is about.
    ends: Option<(&'a Tuple, Side)>,
}

impl Telling {
    /// By `clock`, of a capture whose first frame came at `start` (what [`Clock::Relative`] counts from), in colour or not.
    #[must_use]
    pub fn new(clock: Clock, start: Option<Timestamp>, color: bool) -> Self {
        Self { dial: Dial::new(clock, start), paint: Paint(color) }
    }

    fn line(&self, place: Place<'_>, words: &str, tone: Tone) -> String {
        let time = place.at.map_or_else(String::new, |at| self.dial.tell(at));
        let frame = place.frame.map_or_else(String::new, |frame| format!("#{frame}"));
        let ends = place.ends.map_or_else(String::new, |(tuple, side)| {
            let (client, server) = (end(tuple, Side::Client), end(tuple, Side::Server));
            match side {
                Side::Client => format!("{client} → {server}: "),
                Side::Server => format!("{server} → {client}: "),
            }
        });
        let words = self.paint.tone(tone, words);
        format!("{time:>0$}  {frame:>FRAME_WIDTH$}  {ends}{words}", self.dial.width())
    }

    fn flow(&self, flow: &Flow, reason: EndReason) -> Vec<String> {
        let place = Place {
            at: Some(flow.end),
            frame: Some(flow.last_frame),
            ends: Some((&flow.tuple, Side::Client)),
        };
        let (words, tone) = words::of_flow(flow, reason);
        let findings = flow.findings.iter().filter(|finding| finding.severity < Severity::Info);
        let findings = findings.map(|finding| self.finding(place, finding));
        std::iter::once(self.line(place, &words, tone)).chain(findings).collect()
    }

    fn finding(&self, place: Place<'_>, finding: &Finding) -> String {
        let (severity, doubt) = (finding.severity, finding::doubt(finding.confidence));
        let words = format!("{}: {}{doubt}", severity.name(), foreign::for_terminal(&finding.text));
        self.line(place, &words, finding::tone(severity))
    }
}

/// What was handed out as a line without its end; `None` where the line before has said it: an answer ends the run that it answers. A flow
/// that is final has a further line for each of its findings that is more than worth knowing, the gravest first.
#[must_use]
pub fn event_line(output: &Output, telling: &Telling) -> Option<String> {
    match output {
        Output::Event(event) => {
            let (words, tone) = words::of_event(event)?;
            let ends = Some((&event.tuple, event.side));
            Some(telling.line(Place { at: Some(event.time), frame: Some(event.frame), ends }, &words, tone))
        }
        Output::Notice(notice) => {
            let (words, tone) = words::of_notice(notice);
            let ends = Some((&notice.tuple, notice.side));
            Some(telling.line(Place { at: Some(notice.at), frame: Some(notice.frame), ends }, &words, tone))
        }
        Output::Loss(loss) => {
            let place = Place { at: loss.at, frame: None, ends: None };
            Some(telling.line(place, &words::of_loss(loss), Tone::Doubtful))
        }
        Output::Told(told) => {
            let side = told.finding.side.unwrap_or(Side::Client);
            let place = Place { at: Some(told.at), frame: Some(told.frame), ends: Some((&told.tuple, side)) };
            Some(telling.finding(place, &told.finding))
        }
        Output::Flow { flow, reason, .. } => Some(telling.flow(flow, *reason).join("\n")),
    }
}

/// Address and port of an end.
fn end(tuple: &Tuple, side: Side) -> SocketAddr {
    let (addr, port) = match side {
        Side::Client => (tuple.src, tuple.src_port),
        Side::Server => (tuple.dst, tuple.dst_port),
    };
    SocketAddr::new(ip_addr(addr, tuple.is_ipv6), port)
}
