//! What the measurements say of the configured values, and what the notes say of the application and of the end.

mod change;
mod count;
mod ending;
mod evidence;
mod heartbeat;
mod ladder;
mod nearest;
mod range;
mod regime;
mod reset;
mod settings;
pub mod timer;
mod vantage;

pub use ending::ending;
pub use heartbeat::heartbeat;
pub use ladder::{LadderEnd, ended_on};
pub use nearest::nearest;
pub use reset::{Origin, origin};
pub use settings::{Plausible, changes, settings};
pub use vantage::Vantage;
