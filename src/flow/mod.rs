//! Connections: who they are, and what both ends were known to be before each segment.
//!
//! [`FlowRecord::observe`] shows what was known *before* the segment and then updates the record. It never learns what the segment was
//! judged to be. It also finds second copies of a segment, and joins quotations in ICMP errors to their flow.

mod community_id;
mod compact;
mod duplicate;
mod half;
mod id;
mod index;
mod key;
mod observation;
mod prefetch;
mod record;
mod roles;
mod side;
mod table;

pub use community_id::CommunityId;
pub use half::Half;
pub(crate) use half::OVERTAKING;
pub use id::FlowId;
pub use key::{FlowKey, PARTITIONS};
pub use observation::Observation;
pub use prefetch::prefetch;
pub use record::{AnnexId, FlowRecord};
pub use side::Side;
pub use table::{FlowTable, Hasher, Lookup, Seen};
