//! Settings that changed while a connection was open.

use crate::frame::FrameNo;
use crate::time::{Span, Timestamp};

/// Which setting changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// TCP_KEEPIDLE; or, while every probe is answered, TCP_KEEPINTVL, if it was raised above it.
    Idle,
    /// TCP_KEEPINTVL.
    Interval,
    /// SO_KEEPALIVE was switched on, or TCP_KEEPIDLE lowered, while the connection was quiet: the first probe came later than the idle time.
    LateStart,
}

/// A setting that was another at first. Ranges are such that the configured value must lie in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingChange {
    /// Which.
    pub what: Changed,
    /// Its range before; for a late start, the wait before the first probe.
    pub from: (Span, Span),
    /// Its range after.
    pub to: (Span, Span),
    /// The first probe that was sent by the new setting; for a late start, the one that was late. Where not all runs are kept, there may
    /// have been one before.
    pub frame: FrameNo,
    /// Its time.
    pub at: Timestamp,
}
