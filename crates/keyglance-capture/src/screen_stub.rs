//! Screens in a build without the feature `screen`, and on systems where they cannot be
//! read.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use crate::screen_access::{ScreenAccess, ScreenOptions, Shutter};
use crate::{CaptureError, FrameSource, NextFrame, Region, ScreenError, SourceInfo};

const WHY: ScreenError =
    if cfg!(feature = "screen") { ScreenError::NotSupported } else { ScreenError::NotBuilt };

/// What is on the screen. This build has no way to it: it cannot be opened.
#[derive(Debug)]
pub struct Screen(Infallible);

impl Screen {
    /// Fails.
    ///
    /// # Errors
    /// [`ScreenError::NotBuilt`] or `NotSupported`.
    pub const fn open(_options: &ScreenOptions) -> Result<Self, ScreenError> {
        Err(WHY)
    }

    /// Fails.
    ///
    /// # Errors
    /// [`ScreenError::NotBuilt`] or `NotSupported`.
    pub const fn open_portal(_options: &ScreenOptions) -> Result<Self, ScreenError> {
        Err(WHY)
    }

    /// Fails.
    ///
    /// # Errors
    /// [`ScreenError::NotBuilt`] or `NotSupported`.
    pub const fn open_display(_display: &str) -> Result<Self, ScreenError> {
        Err(WHY)
    }

    /// How the screen is read.
    #[must_use]
    pub const fn access(&self) -> ScreenAccess {
        match self.0 {}
    }

    /// One picture, and the source ends.
    #[must_use]
    pub const fn once(self) -> Self {
        self
    }

    /// What lets the next picture be taken.
    #[must_use]
    pub const fn shutter(&self) -> Option<Arc<Shutter>> {
        None
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

/// Fails.
///
/// # Errors
/// [`ScreenError::NotBuilt`] or `NotSupported`.
pub const fn portal_version(_options: &ScreenOptions) -> Result<u32, ScreenError> {
    Err(WHY)
}

/// Returns at once: no picture is taken.
pub const fn finish_screen_pictures(_limit: Duration) {}
