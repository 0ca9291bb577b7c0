//! All that a connection costs while nobody probes: one small, fixed-size record.

use super::compact::{Span16, Span32, U48};
use super::duplicate::print_of;
use super::half::Half;
use super::id::FlowId;
use super::key::FlowKey;
use super::observation::Observation;
use super::roles::roles;
use super::side::Side;
use crate::decode::encapsulation::EncapsulationId;
use crate::decode::{Flags, Segment, Tuple};
use crate::frame::FrameNo;
use crate::report::{LastWord, Roles, State};
use crate::time::{Span, Timestamp};

/// Where everything else about a flow is kept, if there is anything: a place in the list of annexes of its partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnnexId(pub u32);

const NO_ANNEX: u32 = u32::MAX;

mod status {
    pub(super) const CLIENT_IS_LOW: u16 = 1 << 0;
    pub(super) const HANDSHAKE: u16 = 1 << 1;
    pub(super) const FIN: [u16; 2] = [1 << 2, 1 << 3];
    /// A RST that its receiver must accept (RFC 5961 §3.2: exactly at RCV.NXT).
    pub(super) const RST_EXACT: u16 = 1 << 4;
    /// A RST somewhere else, by the client or by the server: it counts until its receiver goes on.
    pub(super) const RST_LOOSE: [u16; 2] = [1 << 5, 1 << 6];
    /// The round-trip time to the client, or to the server, was seen in the handshake.
    pub(super) const RTT: [u16; 2] = [1 << 7, 1 << 8];
    pub(super) const DATA: u16 = 1 << 9;
    pub(super) const ENDING: u16 = 1 << 10;
    pub(super) const RETIRED: u16 = 1 << 11;
    /// It went on while its end was being waited out, and the wait is not over.
    pub(super) const REOPENED: u16 = 1 << 12;
    /// The FIN or RST that ended it came from the client, or pretends to.
    pub(super) const ENDED_BY_CLIENT: u16 = 1 << 13;
    /// Data began an exchange after a pause: once, and again.
    pub(super) const PAUSED: [u16; 2] = [1 << 14, 1 << 15];
}

/// What every segment of the flow touches.
#[derive(Clone, Copy, Debug)]
struct Hot {
    halves: [Half; 2],
    annex: u32,
    segments: u32,
    last_frame: U48,
    status: u16,
}

/// What says who the flow is, and what reports want to know of it.
#[derive(Clone, Copy, Debug)]
struct Cold {
    key: FlowKey,
    start: Timestamp,
    last_data: Timestamp,
    longest_quiet: [Span32; 2],
    /// From the capture point to the client and back, and to the server and back, as the handshake shows it.
    rtt: [Span16; 2],
    /// The frame that ended it: the first FIN, or the RST.
    end_frame: U48,
    /// How long it had been quiet before that frame.
    end_quiet: Span32,
    index: u32,
    data: [U48; 2],
    first_frame: U48,
    encapsulation: EncapsulationId,
}

/// One connection.
#[derive(Clone, Copy, Debug)]
pub struct FlowRecord {
    hot: Hot,
    cold: Cold,
}

/// Bounds the design promises; a quiet flow costs its record and its place in the index (8 bytes, at least 3/8 of them taken).
const _: () = assert!(size_of::<Hot>() <= 128 && size_of::<FlowRecord>() * 3 + 8 * 8 <= 256 * 3);

impl Cold {
    fn measure_quiet(&mut self, side: Side, prober: &Half, peer: &Half, now: Timestamp) {
        if let Some(quiet) = prober.quiet_beside(peer, now)
            && let Some(longest) = self.longest_quiet.get_mut(at(side))
        {
            longest.raise_to(quiet);
        }
    }
}

const fn at(side: Side) -> usize {
    match side {
        Side::Client => 0,
        Side::Server => 1,
    }
}

impl FlowRecord {
    /// A new flow by its first segment.
    pub(super) fn new(key: FlowKey, src_is_low: bool, index: u32, seg: &Segment) -> Self {
        let (sender, how) = roles(seg);
        let client_is_low = src_is_low == (sender == Side::Client);
        let mut flags = if client_is_low { status::CLIENT_IS_LOW } else { 0 };
        if how == Roles::Handshake {
            flags |= status::HANDSHAKE;
        }
        Self {
            hot: Hot {
                halves: [Half::default(); 2],
                annex: NO_ANNEX,
                segments: 0,
                last_frame: U48::default(),
                status: flags,
            },
            cold: Cold {
                key,
                start: seg.ts,
                last_data: Timestamp::default(),
                longest_quiet: [Span32::default(); 2],
                rtt: [Span16::default(); 2],
                end_frame: U48::default(),
                end_quiet: Span32::default(),
                index,
                data: [U48::default(); 2],
                first_frame: U48::new(seg.frame.get()),
                encapsulation: seg.encapsulation,
            },
        }
    }

    const fn is(&self, flag: u16) -> bool {
        self.hot.status & flag != 0
    }

    /// Its key.
    pub(super) const fn key(&self) -> &FlowKey {
        &self.cold.key
    }

    /// Who sends from the lower end (or the higher).
    #[must_use]
    pub const fn side_of(&self, src_is_low: bool) -> Side {
        if src_is_low == self.is(status::CLIENT_IS_LOW) { Side::Client } else { Side::Server }
    }

    /// What `side` is known to have sent and received.
    #[must_use]
    pub const fn half(&self, side: Side) -> &Half {
        let [client, server] = &self.hot.halves;
        match side {
            Side::Client => client,
            Side::Server => server,
        }
    }

    /// Both ends, from client to server.
    #[must_use]
    pub fn tuple(&self) -> Tuple {
        self.cold.key.tuple(self.is(status::CLIENT_IS_LOW))
    }

    /// How client and server were told apart.
    #[must_use]
    pub const fn roles(&self) -> Roles {
        if self.is(status::HANDSHAKE) { Roles::Handshake } else { Roles::Assumed }
    }

    /// Its number in the capture.
    #[must_use]
    pub const fn index(&self) -> u32 {
        self.cold.index
    }

    /// Its first segment's time.
    #[must_use]
    pub const fn start(&self) -> Timestamp {
        self.cold.start
    }

    /// Its last segment's time.
    #[must_use]
    pub fn end(&self) -> Timestamp {
        let [client, server] = &self.hot.halves;
        client.last_sent().max(server.last_sent()).unwrap_or(self.cold.start)
    }

    /// Its first segment's frame.
    #[must_use]
    pub fn first_frame(&self) -> FrameNo {
        FrameNo::new(self.cold.first_frame.get()).unwrap_or(FrameNo::FIRST)
    }

    /// Its last segment's frame.
    #[must_use]
    pub fn last_frame(&self) -> FrameNo {
        FrameNo::new(self.hot.last_frame.get()).unwrap_or(self.first_frame())
    }

    /// How many segments it had, without duplicates.
    #[must_use]
    pub const fn segments(&self) -> u32 {
        self.hot.segments
    }

    /// How many octets of new data `side` sent.
    #[must_use]
    pub fn data_bytes(&self, side: Side) -> u64 {
        self.cold.data.get(at(side)).copied().unwrap_or_default().get()
    }

    /// When the last new data was sent.
    #[must_use]
    pub const fn last_data(&self) -> Option<Timestamp> {
        if self.is(status::DATA) { Some(self.cold.last_data) } else { None }
    }

    /// VLANs and tunnels around its first segment.
    #[must_use]
    pub const fn encapsulation(&self) -> EncapsulationId {
        self.cold.encapsulation
    }

    /// Whether only one direction was captured.
    #[must_use]
    pub const fn is_one_sided(&self) -> bool {
        !self.half(Side::Client).is_seen() || !self.half(Side::Server).is_seen()
    }

    /// Whether it was seen from its handshake on.
    #[must_use]
    pub const fn began_with_handshake(&self) -> bool {
        self.is(status::HANDSHAKE)
    }

    /// What became of it so far.
    #[must_use]
    pub const fn state(&self) -> State {
        let [loose_client, loose_server] = status::RST_LOOSE;
        let [fin_client, fin_server] = status::FIN;
        if self.is(status::RST_EXACT | loose_client | loose_server) {
            State::Reset
        } else if self.is(fin_client) && self.is(fin_server) {
            State::Closed
        } else if self.is(fin_client | fin_server) {
            State::HalfClosed
        } else {
            State::Open
        }
    }

    /// Whether `side` sent FIN.
    #[must_use]
    pub fn has_sent_fin(&self, side: Side) -> bool {
        status::FIN.get(at(side)).is_some_and(|&flag| self.is(flag))
    }

    /// Whether it is closed or reset.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        matches!(self.state(), State::Closed | State::Reset)
    }

    /// Marks that it has ended; true if its end is to be waited out from now on.
    pub fn begin_ending(&mut self) -> bool {
        let waits = self.is(status::ENDING | status::REOPENED);
        self.hot.status |= status::ENDING;
        !waits
    }

    /// Marks that it went on.
    pub fn stop_ending(&mut self) {
        if self.is(status::ENDING) {
            self.hot.status = self.hot.status & !status::ENDING | status::REOPENED;
        }
    }

    /// The wait is over: true if it has to be waited once more, as the end that was waited for was not the last.
    pub fn must_wait_again(&mut self) -> bool {
        let again = self.is(status::ENDING) && self.is(status::REOPENED);
        self.hot.status &= !status::REOPENED;
        again
    }

    /// Whether its end is being waited out.
    #[must_use]
    pub const fn is_ending(&self) -> bool {
        self.is(status::ENDING)
    }

    /// Whether [`mark_pause`](Self::mark_pause) was called twice.
    #[must_use]
    pub const fn has_paused_twice(&self) -> bool {
        let [_, again] = status::PAUSED;
        self.is(again)
    }

    /// Marks that data began an exchange after a pause: what happens once or twice is nothing to remember, but what recurs may be a
    /// heartbeat.
    pub const fn mark_pause(&mut self) {
        let [once, again] = status::PAUSED;
        self.hot.status |= if self.is(once) { once | again } else { once };
    }

    /// Whether it has left the index.
    #[must_use]
    pub const fn is_retired(&self) -> bool {
        self.is(status::RETIRED)
    }

    /// Takes it out at `now`: what comes later is not its own, not even quiet.
    pub(super) fn retire(&mut self, now: Timestamp) {
        if !self.has_ended() {
            for side in Side::BOTH {
                let (prober, peer) = (*self.half(side), *self.half(!side));
                self.cold.measure_quiet(side, &prober, &peer, now);
            }
        }
        self.hot.status |= status::RETIRED;
    }

    /// Where everything else about it is kept.
    #[must_use]
    pub const fn annex(&self) -> Option<AnnexId> {
        if self.hot.annex == NO_ANNEX { None } else { Some(AnnexId(self.hot.annex)) }
    }

    /// Sets where everything else about it is kept.
    pub fn set_annex(&mut self, annex: Option<AnnexId>) {
        self.hot.annex = annex.map_or(NO_ANNEX, |t| t.0);
    }

    /// The longest time in which a probe of `side` would have been seen, up to `now` if the flow is still open then: both ends
    /// captured, nothing in flight, the peer's window open. `None` where there was none.
    #[must_use]
    pub fn longest_quiet(&self, side: Side, now: Timestamp) -> Option<Span> {
        let before = self.cold.longest_quiet.get(at(side)).copied().unwrap_or_default().get();
        let is_over = self.has_ended() || self.is_retired();
        let longest = if is_over { before } else { before.max(self.quiet_of(side, now).unwrap_or_default()) };
        (longest > Span::ZERO).then_some(longest)
    }

    /// For how long `side` has had reason to probe, at `now`.
    fn quiet_of(&self, side: Side, now: Timestamp) -> Option<Span> {
        self.half(side).quiet_beside(self.half(!side), now)
    }

    /// From the capture point to `side` and back, as the handshake shows it (at most a part in a thousand less); `None` where it does not.
    #[must_use]
    pub fn rtt(&self, side: Side) -> Option<Span> {
        let is_known = status::RTT.get(at(side)).is_some_and(|&flag| self.is(flag));
        self.cold.rtt.get(at(side)).filter(|_| is_known).map(|rtt| rtt.get())
    }

    /// What ended it: the first FIN, or the RST; `None` while it is open.
    #[must_use]
    pub fn last_word(&self) -> Option<LastWord> {
        let is_reset = match self.state() {
            State::Open => return None,
            State::HalfClosed | State::Closed => false,
            State::Reset => true,
        };
        Some(LastWord {
            from: if self.is(status::ENDED_BY_CLIENT) { Side::Client } else { Side::Server },
            is_reset,
            frame: FrameNo::new(self.cold.end_frame.get())?,
            quiet_before: self.cold.end_quiet.get(),
        })
    }

    /// Whether a SYN shows that the tuple is used again, by a new connection.
    pub(super) fn is_reused_by(&self, sender: Side, seg: &Segment) -> bool {
        if !seg.flags.syn() || seg.flags.rst() {
            return false;
        }
        if !self.half(sender).is_seen() {
            // The first SYN of this end: it joins the peer's SYN, but nobody's who was in the middle of a connection.
            return self.half(!sender).isn().is_none();
        }
        self.half(sender).isn() != Some(seg.seq)
    }

    /// Takes the next segment of the flow, and before that shows `judge` what was known until then. False if it is a second copy, which
    /// is not judged and changes nothing.
    #[inline]
    pub fn observe(
        &mut self,
        id: FlowId,
        side: Side,
        seg: &Segment,
        judge: impl FnOnce(&Observation<'_>),
    ) -> bool {
        let print = print_of(seg);
        let (sender, receiver) = (self.half(side), self.half(!side));
        if sender.has_sent(seg, print) {
            return false;
        }
        let before = FrameNo::new(self.hot.last_frame.get());
        judge(&Observation { flow: id, side, seg, before, sender, receiver });
        self.measure_handshake(side, seg);
        self.note_end(side, seg);
        self.update_halves(side, seg, print);
        self.update_status(side, seg);
        self.hot.segments = self.hot.segments.saturating_add(1);
        self.hot.last_frame = U48::new(seg.frame.get());
        true
    }

    /// The first three segments show how far both ends are from the capture point (RFC 9293 §3.5). Where any was sent twice, nobody can
    /// say which one was answered.
    fn measure_handshake(&mut self, side: Side, seg: &Segment) {
        let is_due = match (self.hot.segments, side) {
            (1, Side::Server) => seg.flags.syn() && self.half(Side::Client).isn().is_some(),
            // A RST opens nothing, and may be a box's.
            (2, Side::Client) => {
                !seg.flags.any(Flags::SYN | Flags::RST) && self.half(Side::Server).isn().is_some()
            }
            _ => false,
        };
        if !is_due {
            return;
        }
        let asked = self.half(!side).last_sent();
        if let (Some(rtt), Some(slot), Some(flag)) =
            (asked.map(|at| seg.ts.since(at)), self.cold.rtt.get_mut(at(side)), status::RTT.get(at(side)))
            && rtt >= Span::ZERO
        {
            *slot = Span16::new(rtt);
            self.hot.status |= flag;
        }
    }

    /// Notes the frame that ends the flow: the first FIN, or the first RST.
    fn note_end(&mut self, side: Side, seg: &Segment) {
        let is_end = match self.state() {
            State::Open => seg.flags.any(Flags::FIN | Flags::RST),
            State::HalfClosed | State::Closed => seg.flags.rst(),
            State::Reset => false,
        };
        if is_end {
            self.cold.end_frame = U48::new(seg.frame.get());
            self.cold.end_quiet = Span32::new(seg.ts.since(self.end()));
            let by_client = if side == Side::Client { status::ENDED_BY_CLIENT } else { 0 };
            self.hot.status = self.hot.status & !status::ENDED_BY_CLIENT | by_client;
        }
    }

    fn update_halves(&mut self, side: Side, seg: &Segment, print: u32) {
        let [client, server] = &mut self.hot.halves;
        let (sender, receiver) = match side {
            Side::Client => (client, server),
            Side::Server => (server, client),
        };
        let cold = &mut self.cold;
        cold.measure_quiet(side, sender, receiver, seg.ts);
        cold.measure_quiet(!side, receiver, sender, seg.ts);
        let new_octets = sender.new_octets(seg);
        if new_octets > 0
            && let Some(data) = cold.data.get_mut(at(side))
        {
            *data = U48::new(data.get() + u64::from(new_octets));
            cold.last_data = seg.ts;
            self.hot.status |= status::DATA;
        }
        Half::exchange(sender, receiver, seg, print);
    }

    fn update_status(&mut self, side: Side, seg: &Segment) {
        let [client, server] = status::RST_LOOSE;
        if !seg.flags.any(Flags::RST | Flags::SYN | Flags::FIN) && !self.is(client | server) {
            return;
        }
        let mine = at(side);
        let flag = |pair: [u16; 2], of: usize| pair.get(of).copied().unwrap_or_default();
        if seg.flags.rst() {
            let exact = self.half(side).snd_nxt().is_none_or(|nxt| nxt == seg.seq)
                || self.half(side).snd_una() == Some(seg.seq);
            self.hot.status |= if exact { status::RST_EXACT } else { flag(status::RST_LOOSE, mine) };
            return;
        }
        if seg.flags.fin() {
            self.hot.status |= flag(status::FIN, mine);
        }
        // Whoever goes on after a RST has not accepted it.
        self.hot.status &= !flag(status::RST_LOOSE, 1 - mine);
    }
}
