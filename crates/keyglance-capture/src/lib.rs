//! Frames from cameras, screens and picture files, and the codes seen in them.
//!
//! A [`FrameSource`] gives grey frames: a [`Camera`], a [`Screen`], picture files
//! ([`StillPictures`]), a picture file that is watched ([`WatchedPicture`]) or a
//! [simulated camera](simulated). [`SourceSpec::open`] opens whichever a user names.
//! A [`Scanner`] reads the codes in a source's frames, and a [`Feed`] does so on a
//! thread of its own, for programs that must not wait.
//!
//! ```
//! use std::time::Duration;
//!
//! use keyglance_capture::simulated::{SimulatedCamera, SimulatedDisplay, Timing, View};
//! use keyglance_capture::{Scan, Scanner};
//! use keyglance_qr::{Code, Reading};
//!
//! // A real one: `SourceSpec::Camera(CameraChoice::First).open()?`.
//! let display = SimulatedDisplay::new();
//! display.show(Duration::ZERO, Some(&Code::new("hello")?));
//! let camera = SimulatedCamera::new(display, View::default(), Timing::default(), 1);
//!
//! let mut scanner = Scanner::new(Box::new(camera));
//! let seen = (0..10).find_map(|_| match scanner.poll(Duration::from_millis(100)) {
//!     Ok(Scan::Seen { readings, .. }) => readings.into_iter().next(),
//!     _ => None,
//! });
//! assert_eq!(seen.and_then(Reading::into_text).as_deref(), Some("hello"));
//! # Ok::<(), keyglance_qr::EncodeError>(())
//! ```
//!
//! # Features
//!
//! `camera` and `screen` (X11, and the Screenshot portal of Wayland desktops) build these
//! sources in. Without them the same types are there, and opening one says that it was not
//! built.

#[cfg(feature = "camera")]
mod camera;
#[cfg(not(feature = "camera"))]
#[path = "camera_stub.rs"]
mod camera;
mod camera_info;
mod error;
mod feed;
pub mod frame_stream;
pub mod pixels;
mod scanner;
#[cfg(all(feature = "screen", unix, not(target_os = "macos")))]
mod screen;
#[cfg(not(all(feature = "screen", unix, not(target_os = "macos"))))]
#[path = "screen_stub.rs"]
mod screen;
mod screen_access;
mod screen_region;
pub mod simulated;
mod source_spec;
mod still;
#[cfg(feature = "test-util")]
pub mod test_util;
mod watched;

use std::time::Duration;

pub use image;
use image::GrayImage;
pub use keyglance_qr;
use keyglance_qr::Picture;

pub use camera::{Camera, all_cameras, cameras, pipewire_helper};
pub use camera_info::{CameraInfo, CameraKind};
pub use error::{CameraError, CaptureError, PictureFileError, ScreenError};
pub use feed::{Feed, PREVIEW_WIDTH, ScanEvent, ScannedFrame};
pub use scanner::{Quality, Scan, Scanner, scan_picture};
pub use screen::{Screen, finish_screen_pictures, portal_version};
pub use screen_access::{ScreenAccess, ScreenOptions, Shutter};
pub use screen_region::Region;
pub use source_spec::{CameraChoice, SourceSpec};
pub use still::{StillPictures, read_picture};
pub use watched::WatchedPicture;

/// Something that gives frames, one after another.
pub trait FrameSource: Send {
    /// What the source is.
    fn info(&self) -> &SourceInfo;

    /// The newest frame that was not given yet, waiting for one at most `wait`.
    ///
    /// # Errors
    /// [`CaptureError`]; whether the source can go on after one, its variant says
    /// ([`CaptureError::is_final`]).
    fn next_frame(&mut self, wait: Duration) -> Result<NextFrame, CaptureError>;
}

/// The answer of a source that was asked for a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextFrame {
    /// A new frame: grey pixels, never mirrored.
    Frame(GrayImage),
    /// A picture file, with what else may be seen in it.
    Picture(Picture),
    /// None within the wait.
    Nothing,
    /// None now, and no more will come.
    Ended,
}

/// What a source is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceInfo {
    /// The camera's own name, or a path.
    pub name: String,
    /// Pixels across; 0 if it differs by picture.
    pub width: u32,
    /// Pixels down; 0 if it differs by picture.
    pub height: u32,
    /// Frames per second; `None` for pictures.
    pub frames_per_second: Option<f64>,
}
