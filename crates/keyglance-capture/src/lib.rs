//! Where frames come from, and what is seen in them.
//!
//! A [`FrameSource`] gives grey frames: a webcam, what is on the screen, picture
//! files, a picture file that is watched, a simulated camera. A [`Scanner`] reads
//! the codes in them, a [`Feed`] in the background.

#[cfg(feature = "camera")]
mod camera;
mod error;
mod feed;
mod scanner;
#[cfg(feature = "screen")]
mod screen;
pub mod simulated;
mod still;
#[cfg(feature = "test-util")]
pub mod test_util;
mod watched;

use std::time::Duration;

use image::GrayImage;

#[cfg(feature = "camera")]
pub use camera::{Camera, CameraInfo, CameraKind, list};
pub use error::OpticsError;
pub use feed::{Feed, PREVIEW_WIDTH, ScanEvent, ScannedFrame};
pub use scanner::{Quality, Scan, Scanner, scan_still};
#[cfg(feature = "screen")]
pub use screen::{Region, Screen};
pub use still::{StillPictures, read_picture};
pub use watched::{AGAIN, WatchedPicture};

/// Something that gives frames, one after another.
pub trait FrameSource: Send {
    /// What it is.
    fn info(&self) -> &SourceInfo;

    /// The newest frame that was not given yet, waiting for one at most `wait`.
    ///
    /// # Errors
    /// [`OpticsError`]; whether the source can go on after one, its variant says
    /// ([`OpticsError::is_final`]).
    fn next_frame(&mut self, wait: Duration) -> Result<NextFrame, OpticsError>;
}

/// What a source gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextFrame {
    /// A new frame.
    Frame(Frame),
    /// None within the wait.
    Nothing,
    /// None, and none will come.
    Ended,
}

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Grey pixels as the decoder sees them, never mirrored.
    pub luma: GrayImage,
}

/// What a source says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceInfo {
    /// The camera's own name, or a path.
    pub name: String,
    /// Pixels across; 0 where it differs by picture.
    pub width: u32,
    /// Pixels down; 0 where it differs by picture.
    pub height: u32,
    /// Frames a second; none for pictures.
    pub frames_per_second: Option<f64>,
}
