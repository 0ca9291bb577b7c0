//! Retransmissions that look like probes.

use super::Class;
use crate::flow::Observation;

/// **One-octet retransmission.** One octet at SND.NXT-1 that the peer has not acknowledged: a retransmission or a tail loss probe,
/// whatever its spacing (R6; RFC 8985 §7).
pub(super) fn one_octet(o: &Observation<'_>) -> Option<Class> {
    if o.seg.payload_len != 1 {
        return None;
    }
    Some(if o.sender.is_look_alike(o.seg) { Class::OneOctetRetransmission } else { Class::Retransmission })
}
