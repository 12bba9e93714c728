//! Screens in a build without the feature `screen`.

use std::convert::Infallible;
use std::time::Duration;

use crate::{CaptureError, FrameSource, NextFrame, Region, ScreenError, SourceInfo};

/// What is on the screen. This build has no way to it: it cannot be opened.
#[derive(Debug)]
pub struct Screen(Infallible);

impl Screen {
    /// Fails.
    ///
    /// # Errors
    /// [`ScreenError::NotBuilt`].
    pub const fn open() -> Result<Self, ScreenError> {
        Err(ScreenError::NotBuilt)
    }

    /// Fails.
    ///
    /// # Errors
    /// [`ScreenError::NotBuilt`].
    pub const fn open_display(_display: &str) -> Result<Self, ScreenError> {
        Err(ScreenError::NotBuilt)
    }

    /// Limits the frames to this region.
    #[must_use]
    pub const fn only(self, _region: Region) -> Self {
        self
    }
}

impl FrameSource for Screen {
    fn info(&self) -> &SourceInfo {
        match self.0 {}
    }

    fn next_frame(&mut self, _wait: Duration) -> Result<NextFrame, CaptureError> {
        match self.0 {}
    }
}
