//! What the measurements say of the configured values, and what the notes say of the application and of the end.

mod alarm;
mod catalogue;
mod change;
mod count;
mod distance;
mod due;
mod ending;
mod evidence;
pub mod fingerprint;
mod heartbeat;
mod ladder;
pub mod middleboxes;
mod nearest;
pub mod profiles;
mod range;
mod regime;
mod reset;
mod settings;
mod source;
pub mod timer;
mod vantage;
mod wheel;

pub use alarm::{Alarm, Stage, next_alarm};
pub use catalogue::{Catalogue, Seen};
pub use distance::{hops, is_elsewhere};
pub use due::{Heard, due};
pub use ending::ending;
pub use heartbeat::heartbeat;
pub use ladder::ended_on;
pub use middleboxes::{Margin, Middlebox};
pub use nearest::nearest;
pub use reset::{Origin, origin};
pub use settings::{Plausible, cycle, settings};
pub use source::{Grade, Source};
pub use vantage::Vantage;
