//! What the measurements say of the configured values, and what the notes say of the application and of the end.

mod ending;
mod heartbeat;
mod ladder;
mod reset;
mod settings;

pub use ending::ending;
pub use heartbeat::heartbeat;
pub use ladder::{LadderEnd, ended_on};
pub use reset::{Origin, origin};
pub use settings::settings;
