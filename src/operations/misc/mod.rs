//! Misc: whether Clara is up, and which version.
//! Open to anybody; neither asks a service.

mod health;
mod version;

pub use health::Health;
pub use version::Version;
