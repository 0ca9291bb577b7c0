//! What the measurements say of the configured values, and what the notes say of the application and of the end.

mod heartbeat;
mod ladder;
mod settings;

pub use heartbeat::heartbeat;
pub use ladder::{LadderEnd, ended_on};
pub use settings::settings;
