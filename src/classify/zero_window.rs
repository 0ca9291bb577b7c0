//! Segments into a zero window (R5).

use super::{Candidate, Class};
use crate::flow::Observation;

fn window_is_closed(o: &Observation<'_>) -> bool {
    o.receiver.offers_zero_window() == Some(true)
}

/// **Window probe.** One octet at SND.UNA, beyond the closed window, new or repeated: as BSD and Windows send it (RFC 9293 §3.8.6.1).
pub(super) fn octet_beyond_the_window(o: &Observation<'_>) -> Option<Class> {
    let (una, nxt) = (o.sender.snd_una()?, o.sender.snd_nxt()?);
    let is_beyond = o.seg.payload_len == 1 && o.seg.seq == una && nxt.distance_from(una) <= 1;
    (is_beyond && window_is_closed(o)).then_some(Class::WindowProbe)
}

/// **Into a zero window.** Of a probe's shape, everything acknowledged, the peer's window closed: a window probe of Linux or a
/// keepalive, and only the rhythm can tell. Where an octet beyond the window was refused before, one below SND.UNA counts too.
pub(super) fn into_a_zero_window(o: &Observation<'_>) -> Option<Class> {
    let (una, nxt) = (o.sender.snd_una()?, o.sender.snd_nxt()?);
    let one_below = o.seg.seq == una.one_before() && nxt.distance_from(una) <= 1;
    let is_probe = one_below && window_is_closed(o) && super::ordinary::overtaken(o).is_none();
    is_probe.then_some(Class::Candidate(Candidate::ZeroWindow))
}
