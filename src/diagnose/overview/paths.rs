//! How long a connection may be quiet on the way between some clients and a server: bracketed by what survived and what died.

use super::across;
use crate::decode::{AddrBytes, NetworkId, Tuple};
use crate::notes::How;
use crate::report::words::{counted, duration};
use crate::report::{CaptureFinding, Confidence, Finding, Flow, Gap, Killer, Path, Severity};
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
    /// The flows that died.
    dead: Vec<u64>,
    /// Whether a box was seen to reset one.
    by_box: bool,
    /// Whether one was reset at all.
    by_reset: bool,
}

/// All ways on which a long silence was noted.
#[derive(Debug, Default)]
pub(super) struct Paths(BTreeMap<Way, Fates>);

impl Paths {
    pub(super) fn add(&mut self, flow: &Flow) {
        if flow.survived.is_none() && flow.death.is_none() {
            return;
        }
        let way = Way::of(&flow.tuple);
        if self.0.len() >= MAX_PATHS && !self.0.contains_key(&way) {
            return;
        }
        let fates = self.0.entry(way).or_default();
        if let Some(survived) = flow.survived {
            let gap = gap(survived.gap);
            if fates.survived.is_none_or(|(longest, _)| gap.length > longest.length) {
                fates.survived = Some((gap, flow.index));
            }
        }
        if let Some(death) = flow.death {
            let gap = gap(death.gap);
            if fates.died.is_none_or(|(shortest, _)| gap.length < shortest.length) {
                fates.died = Some((gap, flow.index));
            }
            fates.dead.push(flow.index);
            fates.by_reset |= death.how == How::Rst;
            fates.by_box |= flow.ending.is_some_and(|ending| ending.by == Killer::Middlebox);
        }
    }

    pub(super) fn conclusions(&self) -> (Vec<Path>, Vec<CaptureFinding>) {
        let paths = self.0.iter().map(|(way, fates)| way.path(fates)).collect();
        let findings = self.0.values().filter_map(Fates::finding).collect();
        (paths, findings)
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

    fn path(&self, fates: &Fates) -> Path {
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
            candidates: Vec::new(),
        }
    }
}

impl Fates {
    /// The time-out of a box on the way: more than what survived, at most what died.
    fn timeout(&self) -> Option<(Span, Span)> {
        let (survived, died) = (self.survived?.0.length, self.died?.0.length);
        (survived.scale(LONGER_PERCENT, 100) < died).then_some((survived, died))
    }

    fn finding(&self) -> Option<CaptureFinding> {
        let (low, high) = self.timeout()?;
        let ((survivor, spared), (victim, killed)) = (self.survived?, self.died?);
        // One that died may as well have crashed.
        let is_likely = self.dead.len() > 1 || self.by_box;
        let how = if self.by_reset { "was reset" } else { "got no answer" };
        let text = format!(
            "quiet connections die on this way: {} were dead after at least {} of quiet (flow {killed} {how}), while {} were survived \
             (flow {spared}); this fits a box that forgets connections after more than {} and at most {}",
            counted(self.dead.len() as u64, "flow"),
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
        Some(across(finding, self.dead.iter().copied().chain([spared])))
    }
}

fn gap(gap: crate::notes::Gap) -> Gap {
    Gap { length: gap.quiet, from: gap.before, to: gap.after }
}
