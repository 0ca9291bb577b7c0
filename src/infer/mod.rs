//! What the measurements say of the configured values.

mod settings;

pub use settings::settings;
