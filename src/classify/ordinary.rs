//! Segments that are certainly no probe: nearly all there are, so their rules stand first.

use super::Class;
use crate::decode::Flags;
use crate::flow::Observation;

/// **Control.** SYN, FIN and RST are what they say, whatever their numbers: a repeated SYN or FIN lies at SND.NXT-1 too (R8).
#[inline]
pub(super) fn control(o: &Observation<'_>) -> Option<Class> {
    let flags = o.seg.flags;
    if !flags.any(Flags::RST | Flags::SYN | Flags::FIN) {
        return None;
    }
    Some(match (flags.rst(), flags.syn()) {
        (true, _) => Class::Reset,
        (_, true) => Class::Handshake,
        _ => Class::Fin,
    })
}

/// **Longer than a probe.** More than one octet, or urgent, or without an ACK: data, new or repeated (R6, R7).
#[inline]
pub(super) fn longer_than_a_probe(o: &Observation<'_>) -> Option<Class> {
    if o.seg.payload_len <= 1 && o.seg.is_plain() {
        return None;
    }
    Some(match (o.sends_new(), o.seg.payload_len) {
        (true, _) => Class::Data,
        (_, 0) => Class::BareAck,
        _ => Class::Retransmission,
    })
}

/// **Acknowledgement in sequence.** Nothing, at a SND.NXT that is proved: where every bare ACK lies that is not a probe.
#[inline]
pub(super) fn acknowledgement_in_sequence(o: &Observation<'_>) -> Option<Class> {
    let at_snd_nxt =
        o.seg.is_empty() && o.sender.is_snd_nxt_proven() && o.sender.snd_nxt() == Some(o.seg.seq);
    at_snd_nxt.then_some(Class::BareAck)
}

/// **In sequence.** At SND.NXT: an octet is data, and nothing is an acknowledgement, a window update or an answer (R9).
///
/// Stands after `unproven`, which judges segments at a SND.NXT that only a bare ACK has told.
pub(super) fn in_sequence(o: &Observation<'_>) -> Option<Class> {
    let nxt = o.sender.snd_nxt()?;
    if o.seg.seq.is_before(nxt) {
        return None;
    }
    Some(if o.seg.payload_len > 0 { Class::Data } else { Class::BareAck })
}

/// **Overtaken.** An acknowledgement that left before what it comes behind: by its IP identification, because it acknowledges less than
/// one sent within the last second, because it is at the number of a FIN sent within the last second, or because it acknowledges something
/// new in a flow that was not quiet.
pub(super) fn overtaken(o: &Observation<'_>) -> Option<Class> {
    let is_recent = |span: Option<crate::time::Span>| span.is_some_and(|s| s < crate::flow::OVERTAKING);
    let behind_its_fin = o.seg.is_empty() && o.sender.is_fin_last() && is_recent(o.since_new());
    let acknowledges_in_passing = o.acknowledges_new_data() && is_recent(o.quiet());
    let left_before = o.sender.is_overtaken(o.seg) || o.acknowledges_less() && is_recent(o.since_sent());
    (behind_its_fin || acknowledges_in_passing || left_before).then_some(if o.seg.is_empty() {
        Class::BareAck
    } else {
        Class::Retransmission
    })
}
