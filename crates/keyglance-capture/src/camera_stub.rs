//! Cameras in a build without the feature `camera`.

use std::convert::Infallible;
use std::time::Duration;

use crate::{CameraError, CameraInfo, CaptureError, FrameSource, NextFrame, SourceInfo};

/// A webcam. This build has none: it cannot be opened.
#[derive(Debug)]
pub struct Camera(Infallible);

impl Camera {
    /// Fails.
    ///
    /// # Errors
    /// [`CameraError::NotBuilt`].
    pub const fn open(_index: Option<usize>) -> Result<Self, CameraError> {
        Err(CameraError::NotBuilt)
    }
}

impl FrameSource for Camera {
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
/// [`CameraError::NotBuilt`].
pub const fn cameras() -> Result<Vec<CameraInfo>, CameraError> {
    Err(CameraError::NotBuilt)
}

/// Fails.
///
/// # Errors
/// [`CameraError::NotBuilt`].
pub const fn all_cameras() -> Result<Vec<CameraInfo>, CameraError> {
    Err(CameraError::NotBuilt)
}

/// None.
pub const fn pipewire_helper() -> Option<std::path::PathBuf> {
    None
}
