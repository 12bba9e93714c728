//! Where frames come from: still pictures, a watched picture file, a webcam,
//! a simulated camera. All look alike through [`FrameSource`].

#[cfg(feature = "camera")]
pub mod camera;
mod error;
mod simulated;
mod still;
mod watched;

use std::time::Duration;

use image::GrayImage;

pub use error::OpticsError;
pub use simulated::{Rate, Screen, SimulatedCamera, View};
pub use still::{StillPictures, read_picture_file};
pub use watched::WatchedPicture;

/// One picture, as the decoder sees it: grey, never mirrored.
pub type Frame = GrayImage;

/// What a source gives when it is asked.
#[derive(Debug)]
pub enum Next {
    /// A frame.
    Frame(Frame),
    /// None yet.
    Nothing,
    /// None any more.
    Ended,
}

/// Anything that gives frames.
pub trait FrameSource: Send {
    /// The next frame, waiting for it at most about `wait`.
    ///
    /// # Errors
    /// [`OpticsError`]: the source gives nothing more.
    fn next_frame(&mut self, wait: Duration) -> Result<Next, OpticsError>;
}
