//! How long a connection may be quiet on the way between some clients and a server: bracketed by what survived and what died.

use super::across;
use crate::decode::{AddrBytes, NetworkId, Tuple};
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::infer::{Catalogue, Middlebox};
use crate::notes::{Death, How};
use crate::report::words::{count, counted, duration};
use crate::report::{CaptureFinding, Confidence, Finding, Flow, Gap, Killer, Path, Severity};
use crate::run::MAX_LISTED_FRAMES;
use crate::time::Span;
use std::collections::BTreeMap;

/// How many paths are kept; those beyond the first are not judged.
const MAX_PATHS: usize = 1 << 16;

/// Clients of one IPv4 network mostly pass the same boxes …
const PREFIX_V4: u8 = 24;

/// … and those of one IPv6 network.
const PREFIX_V6: u8 = 64;

/// Bits of an IPv4-mapped address before the IPv4 address.
const MAPPED_BITS: u8 = 96;

/// What died must have been quiet longer than what survived by more than the lateness and jitter of timers, in percent, for a time-out to
/// lie between the two.
const LONGER_PERCENT: i64 = 101;

/// … and where nothing but one dead connection speaks for a box, by more than the timers of Linux are late: else it is the same idle time,
/// survived once and not the next time.
const CLEARLY_LONGER_PERCENT: i64 = 113;

/// The way between some clients and a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    network: u32,
    is_ipv6: bool,
    client_net: AddrBytes,
    server: AddrBytes,
    port: u16,
}

/// What became of quiet connections on one way.
#[derive(Debug, Default)]
struct Fates {
    survived: Option<(Gap, u64)>,
    died: Option<(Gap, u64)>,
    /// The longest idle time of an end that probes, its flow, and the frame of its first probe.
    slowest: Option<(Span, u64, FrameNo)>,
    /// The flows that died, in order: as many of the first as are listed.
    dead: Vec<u64>,
    /// How many died.
    dead_total: u64,
    /// Whether a box was seen to reset one.
    by_box: bool,
    /// Whether one was reset at all.
    by_reset: bool,
}

/// All ways on which a long silence was noted.
#[derive(Debug, Default)]
pub(super) struct Paths {
    ways: BTreeMap<Way, Fates>,
    /// Flows on ways for which there was no room, and the first of them.
    left_out: u64,
    first_left_out: Option<(u64, FrameNo)>,
}

impl Paths {
    pub(super) fn add(&mut self, flow: &Flow) {
        if flow.survived.is_none() && flow.death.is_none() {
            return;
        }
        let way = Way::of(&flow.tuple);
        if self.ways.len() >= MAX_PATHS && !self.ways.contains_key(&way) {
            self.left_out += 1;
            self.first_left_out.get_or_insert((flow.index, flow.first_frame));
            return;
        }
        let fates = self.ways.entry(way).or_default();
        for prober in Side::BOTH.map(|side| flow.prober(side)) {
            let idle = prober.settings.as_ref().and_then(|settings| settings.idle).map(|idle| idle.low);
            if let (Some(idle), Some(run)) = (idle, prober.runs.first())
                && fates.slowest.is_none_or(|(slowest, ..)| idle > slowest)
            {
                fates.slowest = Some((idle, flow.index, run.first_frame));
            }
        }
        if let Some(survived) = flow.survived {
            let gap = survived.gap;
            if fates.survived.is_none_or(|(longest, _)| gap.length > longest.length) {
                fates.survived = Some((gap, flow.index));
            }
        }
        // An end that had closed, or an application that aborts, needs no box to explain it.
        let by_itself = |death: &Death| death.is_half_closed || death.how == How::Abort;
        if let Some(death) = flow.death.filter(|death| !by_itself(death)) {
            let gap = death.gap;
            if fates.died.is_none_or(|(shortest, _)| gap.length < shortest.length) {
                fates.died = Some((gap, flow.index));
            }
            fates.dead_total += 1;
            fates.list(flow.index);
            fates.by_reset |= death.how == How::Rst;
            fates.by_box |= flow.ending.is_some_and(|ending| ending.by == Killer::Middlebox);
        }
    }

    pub(super) fn conclusions(&self, catalogue: &Catalogue) -> (Vec<Path>, Vec<CaptureFinding>) {
        let paths = self.ways.iter().map(|(way, fates)| way.path(fates, catalogue)).collect();
        let findings = self.ways.values().flat_map(|fates| fates.findings(catalogue));
        (paths, findings.chain(self.not_judged()).collect())
    }

    /// What is said of the ways for which there was no room.
    fn not_judged(&self) -> Option<CaptureFinding> {
        let (flow, frame) = self.first_left_out?;
        let text = format!(
            "quiet connections were watched on {} ways only: {} on others were not judged",
            count(MAX_PATHS as u64),
            counted(self.left_out, "connection"),
        );
        let (severity, certain) = (Severity::Info, Confidence::Certain);
        let mut across =
            across(Finding::new("path-idle-timeout", severity, certain, None, text, [frame]), [flow]);
        across.flows_total = self.left_out;
        Some(across)
    }
}

impl Way {
    fn of(tuple: &Tuple) -> Self {
        let bits = if tuple.is_ipv6 { PREFIX_V6 } else { MAPPED_BITS + PREFIX_V4 };
        let mask = u128::MAX << (u128::BITS - u32::from(bits));
        Self {
            network: tuple.network.0,
            is_ipv6: tuple.is_ipv6,
            client_net: (u128::from_be_bytes(tuple.src) & mask).to_be_bytes(),
            server: tuple.dst,
            port: tuple.dst_port,
        }
    }

    fn path(&self, fates: &Fates, catalogue: &Catalogue) -> Path {
        Path {
            tuple: Tuple {
                src: self.client_net,
                dst: self.server,
                src_port: 0,
                dst_port: self.port,
                is_ipv6: self.is_ipv6,
                network: NetworkId(self.network),
            },
            prefix: if self.is_ipv6 { PREFIX_V6 } else { PREFIX_V4 },
            survived: fates.survived,
            died: fates.died,
            idle_timeout: fates.timeout(),
            candidates: fates.candidates(catalogue).map(|middlebox| middlebox.id.to_string()).collect(),
        }
    }
}

impl Fates {
    /// Lists a flow that died.
    fn list(&mut self, flow: u64) {
        let place = self.dead.partition_point(|listed| *listed < flow);
        self.dead.insert(place, flow);
        self.dead.truncate(MAX_LISTED_FRAMES);
    }

    /// The time-out of a box on the way: more than what survived, at most what died.
    fn timeout(&self) -> Option<(Span, Span)> {
        let (survived, died) = (self.survived?.0.length, self.died?.0.length);
        let longer = if self.is_likely() { LONGER_PERCENT } else { CLEARLY_LONGER_PERCENT };
        (survived.scale(longer, 100) < died).then_some((survived, died))
    }

    /// Boxes whose default lies between what survived and what died.
    fn candidates<'a>(&self, catalogue: &'a Catalogue) -> impl Iterator<Item = &'a Middlebox> + use<'a> {
        let bracket = self.timeout();
        bracket.into_iter().flat_map(|(low, high)| catalogue.middleboxes_matching(low, high))
    }

    fn findings(&self, catalogue: &Catalogue) -> Vec<CaptureFinding> {
        let Some(bracket) = self.timeout() else { return Vec::new() };
        self.timed_out(bracket, catalogue).into_iter().chain(self.too_slow(bracket)).collect()
    }

    /// Whether it is the way that kills them: one that died may as well have crashed.
    fn is_likely(&self) -> bool {
        self.dead_total > 1 || self.by_box
    }

    /// Probes that come too late for the box of this way.
    fn too_slow(&self, (low, high): (Span, Span)) -> Option<CaptureFinding> {
        let (idle, flow, frame) = self.slowest.filter(|(idle, ..)| *idle > low && self.is_likely())?;
        let text = format!(
            "probes after {} of quiet come too late on this way, where connections die after more than {} and at most {}: an idle time \
             below {} would keep them",
            duration(idle),
            duration(low),
            duration(high),
            duration(low),
        );
        let finding =
            Finding::new("slower-than-middlebox", Severity::Warning, Confidence::Likely, None, text, [frame]);
        Some(across(finding, [flow]))
    }

    fn timed_out(&self, (low, high): (Span, Span), catalogue: &Catalogue) -> Option<CaptureFinding> {
        let ((survivor, spared), (victim, killed)) = (self.survived?, self.died?);
        let names: Vec<String> =
            self.candidates(catalogue).map(|middlebox| middlebox.name.to_string()).collect();
        let names = if names.is_empty() { String::new() } else { format!(", such as {}", names.join(", ")) };
        let is_likely = self.is_likely();
        let how = if self.by_reset { "was reset" } else { "got no answer" };
        let text = format!(
            "quiet connections die on this way: {} died after at least {} of quiet (flow {killed} {how}), while {} were survived \
             (flow {spared}); this fits a box that forgets connections after more than {} and at most {}{names}",
            counted(self.dead_total, "connection"),
            duration(high),
            duration(low),
            duration(low),
            duration(high),
        );
        let finding = Finding::new(
            "path-idle-timeout",
            if is_likely { Severity::Problem } else { Severity::Info },
            if is_likely { Confidence::Likely } else { Confidence::Possible },
            None,
            text,
            [survivor.from, survivor.to, victim.from, victim.to],
        );
        let mut across = across(finding, self.dead.iter().copied().chain([spared]));
        across.flows_total = self.dead_total + u64::from(!self.dead.contains(&spared));
        Some(across)
    }
}
