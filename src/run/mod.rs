//! Settling of candidates, pairing of probes with answers, outcomes of runs.

mod event;
mod outcome;

pub use event::{AnsweredBy, Event, EventKind};
pub use outcome::{Doubt, IcmpNote, MAX_LISTED_FRAMES, Outcome, Run};
