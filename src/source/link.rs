//! Link types as others write them down.

use crate::frame::LinkType;

/// The LINKTYPE_ number of what a file, or libpcap, says a link type is: some systems write their DLT_ number instead, and where the two
/// differ the meaning is clear (<https://www.tcpdump.org/linktypes.html>; the same choices as Wireshark's).
pub(super) const fn link_type(written: u16) -> LinkType {
    LinkType(match written {
        11 => 100,      // ATM RFC 1483
        12 | 14 => 101, // raw IP: 14 is OpenBSD's
        15 => 102,      // SLIP of BSD/OS
        16 => 103,      // PPP of BSD/OS
        17 => 117,      // OpenBSD's pflog
        19 => 106,      // ATM CLIP
        other => other,
    })
}
