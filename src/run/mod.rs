//! Settling of candidates, pairing of probes with answers, outcomes of runs.
//!
//! Which probe does this ACK answer? Did the peer acknowledge the octet after all? These are relations between segments, and relations
//! live here; what one segment is by itself is [`classify`](crate::classify)'s question.

mod candidate;
mod context;
mod event;
mod fact;
mod figures;
mod interval;
mod kept;
mod list;
mod machine;
mod marks;
mod outcome;
mod own_clock;
mod rhythm;
mod settle;
mod track;

pub use context::Context;
pub use event::{AnsweredBy, Event, EventKind};
pub use interval::next_interval;
pub use machine::{Awaited, Close};
pub use marks::Marks;
pub use outcome::{Doubt, IcmpNote, MAX_LISTED_FRAMES, Outcome, OwnFigures, Run};
pub use track::Track;
