//! What one end of a connection is known to have sent, and what it has received.

use super::duplicate::Prints;
use crate::decode::{Flags, Segment};
use crate::seq::SeqNum;
use crate::time::{Span, Timestamp};

/// How long after a FIN or the last data a segment may still be one that was overtaken on the way.
pub(crate) const OVERTAKING: Span = Span::from_secs(1);

/// … and by how many IP identifications it may be behind: further away lies another sequence of them (an offloading card, a raw socket).
const OVERTAKING_IDS: u16 = 256;

/// An ACK that is ahead of everything seen by more than this is no acknowledgement of lost data but nonsense.
const MAX_ACK_JUMP: i32 = 1 << 30;

mod known {
    /// A segment of this end was captured.
    pub(super) const SEEN: u16 = 1 << 0;
    /// SND.NXT is known, if only provisionally.
    pub(super) const NXT: u16 = 1 << 1;
    /// SND.NXT comes from a bare ACK alone, which may be a probe one below it.
    pub(super) const NXT_PROVISIONAL: u16 = 1 << 2;
    /// SND.NXT comes from the peer's acknowledgement: what it covers was not captured.
    pub(super) const NXT_BY_ACK: u16 = 1 << 3;
    /// SND.UNA is known.
    pub(super) const UNA: u16 = 1 << 4;
    /// The octet at SND.NXT-1 is known.
    pub(super) const OCTET: u16 = 1 << 5;
    /// A FIN of this end was captured, and SND.NXT-1 is its number.
    pub(super) const FIN_IS_LAST: u16 = 1 << 6;
    /// The window it offers is known.
    pub(super) const WINDOW: u16 = 1 << 7;
    /// `t_acc` is known.
    pub(super) const T_ACC: u16 = 1 << 8;
    /// When it last sent something new is known.
    pub(super) const NEW: u16 = 1 << 9;
    /// Different segments had the same IP identification: it tells nothing.
    pub(super) const ID_FIXED: u16 = 1 << 10;
    /// An IP identification was seen.
    pub(super) const ID: u16 = 1 << 11;
    /// `t_acc` comes from a bare ACK that may have been a probe, which is no acceptable segment.
    pub(super) const T_ACC_HEARSAY: u16 = 1 << 12;
    /// Its initial sequence number was captured.
    pub(super) const ISN: u16 = 1 << 13;
    /// It sent time stamps.
    pub(super) const TIMESTAMPS: u16 = 1 << 14;
    /// The TTL is that of a segment that occupies sequence numbers: nobody but this end can have sent it.
    pub(super) const TTL_PROVEN: u16 = 1 << 15;
}

/// One end of a connection, as sender and as receiver, up to some segment.
///
/// Small on purpose: two of them are most of a quiet flow's hot record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Half {
    t_acc: Timestamp,
    last_sent: Timestamp,
    new_at: Timestamp,
    snd_nxt: SeqNum,
    snd_una: SeqNum,
    prints: Prints,
    isn: SeqNum,
    window: u16,
    known: u16,
    ip_id: u16,
    octet: u8,
    /// 0: unknown.
    ttl: u8,
}

impl Half {
    const fn knows(&self, what: u16) -> bool {
        self.known & what != 0
    }

    const fn knows_all(&self, what: u16) -> bool {
        self.known & what == what
    }

    fn set(&mut self, what: u16, on: bool) {
        if on {
            self.known |= what;
        } else {
            self.known &= !what;
        }
    }

    /// Whether a segment of this end was captured.
    #[must_use]
    pub const fn is_seen(&self) -> bool {
        self.knows(known::SEEN)
    }

    /// SND.NXT: the end of the highest sequence number it sent or the peer acknowledged (RFC 9293 §3.3.1).
    #[must_use]
    pub const fn snd_nxt(&self) -> Option<SeqNum> {
        if self.knows(known::NXT) { Some(self.snd_nxt) } else { None }
    }

    /// Whether [`snd_nxt`](Self::snd_nxt) is more than the number of a lone bare ACK.
    #[must_use]
    pub const fn is_snd_nxt_proven(&self) -> bool {
        self.knows(known::NXT) && !self.knows(known::NXT_PROVISIONAL)
    }

    /// SND.UNA: the highest number the peer acknowledged.
    #[must_use]
    pub const fn snd_una(&self) -> Option<SeqNum> {
        if self.knows(known::UNA) { Some(self.snd_una) } else { None }
    }

    /// SND.UNA == SND.NXT, both known: everything it sent is acknowledged in the capture.
    #[must_use]
    pub fn has_nothing_in_flight(&self) -> bool {
        self.knows_all(known::UNA | known::NXT) && self.snd_una == self.snd_nxt
    }

    /// The octet at SND.NXT-1, where it was captured.
    #[must_use]
    pub const fn last_octet(&self) -> Option<u8> {
        if self.knows(known::OCTET) { Some(self.octet) } else { None }
    }

    /// Whether SND.NXT-1 is the number of its FIN.
    #[must_use]
    pub const fn is_fin_last(&self) -> bool {
        self.knows(known::FIN_IS_LAST)
    }

    /// Whether the window it last offered is zero (raw 0 is 0 whatever the scale); `None` before any.
    #[must_use]
    pub const fn offers_zero_window(&self) -> Option<bool> {
        if self.knows(known::WINDOW) { Some(self.window == 0) } else { None }
    }

    /// `t_acc`: when it last received an acceptable segment. Linux measures keepalive idle from here.
    #[must_use]
    pub const fn t_acc(&self) -> Option<Timestamp> {
        if self.knows(known::T_ACC) { Some(self.t_acc) } else { None }
    }

    /// When it last sent a segment of any kind: the peer's `t_any`.
    #[must_use]
    pub const fn last_sent(&self) -> Option<Timestamp> {
        if self.knows(known::SEEN) { Some(self.last_sent) } else { None }
    }

    /// When it last sent something that occupies a new sequence number.
    #[must_use]
    pub const fn new_at(&self) -> Option<Timestamp> {
        if self.knows(known::NEW) { Some(self.new_at) } else { None }
    }

    /// Its initial sequence number, where its SYN was captured.
    #[must_use]
    pub const fn isn(&self) -> Option<SeqNum> {
        if self.knows(known::ISN) { Some(self.isn) } else { None }
    }

    /// Whether it sent time stamps (RFC 7323): every segment of it but a RST should have them then.
    #[must_use]
    pub const fn has_timestamps(&self) -> bool {
        self.knows(known::TIMESTAMPS)
    }

    /// The TTL or hop limit of its newest segment that occupies sequence numbers, or, before any, of its newest bare ACK. Of a RST it is
    /// not taken: that may be a box's.
    #[must_use]
    pub const fn ttl(&self) -> Option<u8> {
        if self.ttl == 0 { None } else { Some(self.ttl) }
    }

    /// Whether [`ttl`](Self::ttl) is that of a segment that occupies sequence numbers, and not one that a box can have answered with.
    #[must_use]
    pub const fn is_ttl_proven(&self) -> bool {
        self.knows(known::TTL_PROVEN)
    }

    /// The identification of its newest IPv4 packet; `None` where it is always 0, always the same, or IPv6.
    #[must_use]
    pub const fn ip_id(&self) -> Option<u16> {
        if self.knows(known::ID) && !self.knows(known::ID_FIXED) { Some(self.ip_id) } else { None }
    }

    /// For how long this end has had reason to probe, at `now`: both ends captured, nothing in flight, the peer's window open.
    #[inline]
    pub(super) fn quiet_beside(&self, peer: &Self, now: Timestamp) -> Option<Span> {
        let observable = self.knows_all(known::SEEN | known::UNA | known::NXT | known::T_ACC)
            && peer.knows_all(known::SEEN | known::WINDOW)
            && self.snd_una == self.snd_nxt
            && peer.window != 0;
        observable.then(|| now.since(self.t_acc))
    }

    /// Whether `seg` left this end before the newest segment seen, by the IP identification; false where that tells nothing.
    #[must_use]
    pub fn is_overtaken(&self, seg: &Segment) -> bool {
        let Some(id) = seg.ip_id else { return false };
        let is_counting = id != 0 && self.knows(known::ID) && !self.knows(known::ID_FIXED);
        let behind = self.ip_id.wrapping_sub(id);
        is_counting && (1..=OVERTAKING_IDS).contains(&behind) && seg.ts.since(self.last_sent) < OVERTAKING
    }

    /// Whether `seg`, with this [print](super::duplicate::print_of), is a second copy of one of the last segments of this end.
    pub(super) fn has_sent(&self, seg: &Segment, print: u32) -> bool {
        let told_by_id = seg.ip_id.is_some_and(|id| id != 0) && !self.knows(known::ID_FIXED);
        self.last_sent().is_some_and(|last_sent| self.prints.hold_copy(print, seg.ts, last_sent, told_by_id))
    }

    /// Whether `seg` has the shape of a probe: nothing or one octet, one below SND.NXT.
    #[must_use]
    pub fn is_look_alike(&self, seg: &Segment) -> bool {
        seg.payload_len <= 1
            && seg.is_plain()
            && self.knows(known::NXT)
            && seg.seq == self.snd_nxt.one_before()
    }

    /// How many octets of `seg`'s data lie beyond SND.NXT.
    pub(super) fn new_octets(&self, seg: &Segment) -> u32 {
        match self.snd_nxt() {
            Some(nxt) => seg.payload_len.min(seg.end().distance_from(nxt).max(0) as u32),
            None => seg.payload_len,
        }
    }

    /// Whether `seg`, sent by this end, is acceptable to `receiver` and so restarts its idle clock: in-order data, or an acknowledgement
    /// in SND.UNA..=SND.NXT that is not itself a probe (Linux `tcp_sequence`, `tcp_ack`; R12).
    fn is_acceptable_to(&self, receiver: &Self, seg: &Segment) -> bool {
        if seg.flags.rst() {
            return false;
        }
        let ahead = self.snd_nxt().map_or(0, |nxt| seg.end().distance_from(nxt));
        if !seg.is_empty() {
            return ahead > 0 || !self.knows(known::NXT);
        }
        let in_order = ahead >= 0 && !self.is_look_alike(seg);
        let acknowledges = match (seg.ack, receiver.snd_nxt()) {
            (Some(ack), Some(nxt)) => {
                !receiver.snd_una().is_some_and(|una| ack.is_before(una))
                    && ack.distance_from(nxt) < MAX_ACK_JUMP
            }
            (Some(_), None) => true,
            (None, _) => false,
        };
        in_order && acknowledges
    }

    /// Takes notice that this end received an acceptable segment; `hearsay`: that it may have been a probe.
    fn receive(&mut self, at: Timestamp, hearsay: bool) {
        self.t_acc = at;
        self.set(known::T_ACC, true);
        self.set(known::T_ACC_HEARSAY, hearsay);
    }

    /// Forgets what it received, if that turned out to be a probe.
    fn unreceive_hearsay(&mut self) {
        if self.knows(known::T_ACC_HEARSAY) {
            self.set(known::T_ACC | known::T_ACC_HEARSAY, false);
        }
    }

    /// Takes notice of the peer's acknowledgement: SND.NXT is the larger of what was sent and what was acknowledged. True if that shows
    /// a lone bare ACK, which was all that told SND.NXT, to have been a probe one below it.
    fn acknowledge(&mut self, ack: SeqNum) -> bool {
        let was_probe = self.knows(known::NXT_PROVISIONAL) && ack == self.snd_nxt.advance(1);
        let ahead = if self.knows(known::NXT) { ack.distance_from(self.snd_nxt) } else { 1 };
        if ahead >= MAX_ACK_JUMP {
            return false;
        }
        if ahead > 0 {
            self.snd_nxt = ack;
            self.set(known::NXT | known::NXT_BY_ACK, true);
            self.set(known::OCTET | known::FIN_IS_LAST, false);
        }
        if ahead >= 0 {
            self.set(known::NXT_PROVISIONAL, false);
        }
        if !self.knows(known::UNA) || ack.is_after(self.snd_una) {
            self.snd_una = ack;
            self.set(known::UNA, ahead > -MAX_ACK_JUMP);
        }
        was_probe
    }

    /// Takes notice of a segment with this [print](super::duplicate::print_of) on both ends.
    #[inline]
    pub(super) fn exchange(sender: &mut Self, receiver: &mut Self, seg: &Segment, print: u32) {
        match sender.going_on(receiver, seg) {
            Some(ack) => {
                sender.go_on(seg, print);
                receiver.hear(seg.ts, ack);
            }
            None => Self::exchange_any(sender, receiver, seg, print),
        }
    }

    /// As [`exchange`](Self::exchange), without the shortcut for the plainest segments.
    #[inline(never)]
    fn exchange_any(sender: &mut Self, receiver: &mut Self, seg: &Segment, print: u32) {
        let acceptable = sender.is_acceptable_to(receiver, seg);
        if let (Some(ack), false) = (seg.ack, seg.flags.rst())
            && receiver.acknowledge(ack)
        {
            sender.unreceive_hearsay();
        }
        sender.send(seg, print);
        let hearsay = seg.is_empty() && !sender.is_snd_nxt_proven();
        if acceptable {
            receiver.receive(seg.ts, hearsay);
        }
    }

    /// What `seg`, sent by this end, acknowledges to `receiver`, if it is the plainest there is: at a SND.NXT that is proved, with an
    /// acknowledgement of what `receiver` is known to have in flight, and nothing but data beside it.
    ///
    /// Nearly all segments are, and what they change is little: [`go_on`](Self::go_on) and [`hear`](Self::hear) are then all that
    /// [`exchange_any`](Self::exchange_any) would come to.
    #[inline]
    fn going_on(&self, receiver: &Self, seg: &Segment) -> Option<SeqNum> {
        const PROVED: u16 = known::SEEN | known::NXT;
        const IN_FLIGHT: u16 = known::NXT | known::UNA;
        let in_sequence = seg.is_plain()
            && self.known & (PROVED | known::NXT_PROVISIONAL) == PROVED
            && seg.seq == self.snd_nxt
            && receiver.known & (IN_FLIGHT | known::NXT_PROVISIONAL) == IN_FLIGHT;
        let ack = seg.ack.filter(|_| in_sequence)?;
        let in_flight = receiver.snd_nxt.distance_from(receiver.snd_una);
        let told = ack.distance_from(receiver.snd_una);
        (0 <= told && told <= in_flight && in_flight < MAX_ACK_JUMP).then_some(ack)
    }

    /// Takes notice of a segment this end sent, for which [`going_on`](Self::going_on) answered.
    #[inline]
    fn go_on(&mut self, seg: &Segment, print: u32) {
        self.prints.push(print, self.last_sent);
        let overtaken = self.is_overtaken(seg);
        if seg.payload_len > 0 {
            self.snd_nxt = seg.end();
            self.new_at = seg.ts;
            let lost = known::NXT_BY_ACK | known::FIN_IS_LAST | known::OCTET;
            let octet = seg.last_octet.map_or(0, |octet| {
                self.octet = octet;
                known::OCTET
            });
            self.known = self.known & !lost | known::NEW | octet;
        }
        self.send_any(seg, overtaken);
    }

    /// Takes notice of a segment this end received, for which [`going_on`](Self::going_on) answered `ack`.
    #[inline]
    fn hear(&mut self, at: Timestamp, ack: SeqNum) {
        self.snd_una = ack;
        self.receive(at, false);
    }

    /// Takes notice of a segment this end sent, with its [print](super::duplicate::print_of).
    fn send(&mut self, seg: &Segment, print: u32) {
        self.prints.push(print, self.last_sent().unwrap_or(seg.ts));
        let overtaken = self.is_overtaken(seg);
        if !seg.flags.rst() {
            self.advance(seg);
            if seg.flags.syn() {
                self.isn = seg.seq;
                self.set(known::ISN, true);
            }
        }
        self.send_any(seg, overtaken);
    }

    /// What every segment tells of its sender, whatever its numbers.
    #[inline]
    fn send_any(&mut self, seg: &Segment, overtaken: bool) {
        if !seg.flags.rst() {
            self.learn(seg);
        }
        // The window of a RST says nothing, and one that was overtaken is out of date.
        if !seg.flags.rst() && !overtaken {
            self.window = seg.window;
            self.set(known::WINDOW, true);
        }
        if let Some(id) = seg.ip_id
            && id != 0
            && !overtaken
        {
            self.set(
                known::ID_FIXED,
                self.knows(known::ID_FIXED) || self.knows(known::ID) && self.ip_id == id,
            );
            self.ip_id = id;
            self.set(known::ID, true);
        }
        self.last_sent = seg.ts;
        self.set(known::SEEN, true);
    }

    /// Takes what tells this end's packets from those of a box.
    #[inline]
    fn learn(&mut self, seg: &Segment) {
        if !seg.is_empty() || !self.knows(known::TTL_PROVEN) {
            self.ttl = seg.ttl;
            self.set(known::TTL_PROVEN, !seg.is_empty());
        }
        if seg.options.timestamps.is_some() {
            self.known |= known::TIMESTAMPS;
        }
    }

    fn advance(&mut self, seg: &Segment) {
        let len = seg.len();
        let ahead = if self.knows(known::NXT) { seg.end().distance_from(self.snd_nxt) } else { 1 };
        if ahead > 0 {
            self.set(known::NXT_PROVISIONAL, len == 0);
            self.snd_nxt = seg.end();
            self.set(known::NXT, true);
            self.set(known::NXT_BY_ACK | known::FIN_IS_LAST | known::OCTET, false);
        } else if len == 0
            && ahead < -1
            && self.knows(known::NXT_BY_ACK)
            && seg.is_plain()
            && !self.is_probe_below_una(seg)
        {
            // Every stack sends bare ACKs at SND.NXT: the peer acknowledged what was never sent.
            self.snd_nxt = seg.seq;
            self.set(known::NXT_BY_ACK | known::UNA, false);
        }
        if len > 0 && ahead > 0 {
            self.new_at = seg.ts;
            self.set(known::NEW, true);
            self.set(known::FIN_IS_LAST, seg.flags.fin());
            if let (Some(octet), false) = (seg.last_octet, seg.flags.any(Flags::FIN | Flags::SYN)) {
                self.octet = octet;
                self.set(known::OCTET, true);
            }
        }
    }

    fn is_probe_below_una(&self, seg: &Segment) -> bool {
        self.knows(known::UNA) && seg.seq == self.snd_una.one_before()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{EncapsulationId, NetworkId, Options, Tuple};
    use crate::flow::Side;
    use crate::frame::FrameNo;
    use proptest::prelude::*;

    fn segment(
        at: usize,
        (step, ack): (i32, i32),
        len: u32,
        flags: u8,
        ip_id: u16,
        base: [SeqNum; 2],
    ) -> Segment {
        let [seq, acknowledged] = base;
        let seen = |octet: u8| (len > 0 && ip_id % 5 != 1).then_some(octet);
        Segment {
            frame: FrameNo::FIRST,
            ts: Timestamp(at as i64 * 300_000_000),
            tuple: Tuple {
                src: [1; 16],
                dst: [2; 16],
                src_port: 1,
                dst_port: 2,
                is_ipv6: true,
                network: NetworkId::NONE,
            },
            seq: seq.advance(step as u32),
            ack: (flags & Flags::ACK != 0).then_some(acknowledged.advance(ack as u32)),
            flags: Flags(flags),
            window: ip_id % 3,
            options: Options::default(),
            payload_len: len,
            first_octet: seen(1),
            last_octet: seen(ip_id as u8),
            ttl: 64,
            ip_id: (ip_id % 7 != 2).then_some(ip_id),
            encapsulation: EncapsulationId::default(),
            payload: (0, 0),
        }
    }

    proptest! {
        /// Segments that mostly go on where the last one ended, in all the states that those which do not lead to.
        #[test]
        fn the_shortcut_is_only_shorter(
            start in prop_oneof![Just(0_u32), Just(u32::MAX - 3), any::<u32>()],
            segments in proptest::collection::vec(
                (
                    any::<bool>(),
                    prop_oneof![8 => Just(0), 1 => -3..3_i32, 1 => any::<i32>()],
                    prop_oneof![8 => Just(0), 2 => -3..3_i32, 1 => any::<i32>()],
                    prop_oneof![Just(0_u32), Just(1), 2..9_u32],
                    prop_oneof![
                        6 => Just(Flags::ACK),
                        2 => Just(Flags::ACK | Flags::PSH),
                        1 => any::<u8>().prop_map(|bits| bits & 0x3F),
                    ],
                    0..12_u16,
                ),
                0..60,
            ),
        ) {
            let mut halves = [Half::default(); 2];
            for (at, (by_client, step, ack, len, flags, ip_id)) in segments.into_iter().enumerate() {
                let side = if by_client { Side::Client } else { Side::Server };
                let [client, server] = halves;
                let (sender, receiver) = if side == Side::Client { (client, server) } else { (server, client) };
                let next = |half: &Half| half.snd_nxt().unwrap_or(SeqNum(start));
                let seg = segment(at, (step, ack), len, flags, ip_id, [next(&sender), next(&receiver)]);
                let (mut short, mut general) = ([sender, receiver], [sender, receiver]);
                let [s, r] = &mut short;
                Half::exchange(s, r, &seg, at as u32 + 1);
                let [s, r] = &mut general;
                Half::exchange_any(s, r, &seg, at as u32 + 1);
                prop_assert_eq!(short, general, "{:?}", seg);
                let [s, r] = short;
                halves = if side == Side::Client { [s, r] } else { [r, s] };
            }
        }
    }
}
