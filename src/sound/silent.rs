//! The speaker of a build without the feature `sound`.

use super::Cue;

/// Silent: this was built without the feature `sound`.
#[derive(Debug)]
pub struct Speaker;

impl Speaker {
    /// Does nothing.
    #[must_use]
    pub fn start() -> Self {
        Self
    }

    /// Does nothing.
    pub fn play(&self, _cue: Cue) {}
}
