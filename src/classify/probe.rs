//! Keepalive probes.

use super::{Candidate, Class, ProbeRule};
use crate::flow::{OVERTAKING, Observation};

/// **Keepalive probe.** Nothing, or one octet that differs from the one the peer has, at SND.NXT-1, while everything sent is
/// acknowledged and the peer's window is open (R1; RFC 9293 §3.8.4).
///
/// Stands after `into_a_zero_window`: Linux sends the same segment for both, and only the peer's window tells.
pub(super) fn keepalive(o: &Observation<'_>) -> Option<Class> {
    if !o.sender.is_look_alike(o.seg) || !o.sender.has_nothing_in_flight() {
        return None;
    }
    let is_garbage = match (o.seg.first_octet, o.sender.last_octet()) {
        (Some(sent), Some(true_one)) => sent != true_one,
        _ => false,
    };
    (o.seg.is_empty() || is_garbage).then_some(Class::Probe(ProbeRule::Certain))
}

/// **Keepalive over unacknowledged data.** Nothing, at SND.UNA-1, while more is outstanding: FreeBSD and XNU go on probing then (R1b).
/// It acknowledges nothing new, and the peer's window is open: with data behind a closed one, a persist timer may have sent it.
pub(super) fn over_unacknowledged_data(o: &Observation<'_>) -> Option<Class> {
    let (una, nxt) = (o.sender.snd_una()?, o.sender.snd_nxt()?);
    let is_below_una = o.seg.is_empty() && o.seg.seq == una.one_before() && una.is_before(nxt);
    let may_be_persisting = o.receiver.offers_zero_window() == Some(true);
    (is_below_una && !may_be_persisting && !o.acknowledges_new_data())
        .then_some(Class::Probe(ProbeRule::OverUnacknowledgedData))
}

/// **Repeated octet.** One octet at SND.NXT-1 that equals the one the peer has acknowledged, or may: a probe where PSH is clear and
/// nothing new was sent for a second, else its rhythm must tell (R2, R7).
pub(super) fn repeated_octet(o: &Observation<'_>) -> Option<Class> {
    if o.seg.payload_len != 1 || !o.sender.is_look_alike(o.seg) || !o.sender.has_nothing_in_flight() {
        return None;
    }
    let soon = o.since_new().is_some_and(|since| since < OVERTAKING);
    let is_true_octet = o.seg.first_octet.is_some() && o.seg.first_octet == o.sender.last_octet();
    Some(match (o.seg.flags.psh(), soon) {
        (false, false) => Class::Probe(ProbeRule::LoneOctet),
        // A keepalive carries no PSH, and none comes within a second: the acknowledgement was lost beyond the capture point.
        (true, true) if is_true_octet => Class::OneOctetRetransmission,
        _ => Class::Candidate(Candidate::Octet),
    })
}

/// **Unproven.** Of a probe's shape, where the capture does not yet know SND.NXT or whether everything is acknowledged: at the start of a
/// direction, ahead of what is known (frames were lost), or while only one direction was captured (R3).
pub(super) fn unproven(o: &Observation<'_>) -> Option<Class> {
    // A probe tells no gaps: this is an acknowledgement of data that came out of order.
    if o.seg.options.sack_blocks > 0 {
        return None;
    }
    let octet = o.seg.payload_len == 1;
    let candidate = |known| {
        Class::Candidate(if octet {
            Candidate::UnprovenOctet { known }
        } else {
            Candidate::Unproven { known }
        })
    };
    let Some(nxt) = o.sender.snd_nxt() else { return Some(candidate(false)) };
    if !octet {
        let at_hearsay = !o.sender.is_snd_nxt_proven() && o.seg.seq == nxt;
        if at_hearsay || o.seg.seq.is_after(nxt) {
            return Some(candidate(false));
        }
    }
    // A bare ACK may have been overtaken by what is new; an octet sent again so soon may be a retransmission or not.
    let soon = !octet && o.since_new().is_some_and(|since| since < OVERTAKING);
    let unacknowledged = o.sender.snd_una().is_none() && o.sender.is_look_alike(o.seg);
    (unacknowledged && !soon).then(|| candidate(true))
}
