//! Errors of frame sources.

use std::io::ErrorKind;
use std::path::PathBuf;

use keyglance_qr::PictureError;

/// Why a frame source gives no frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// A camera.
    #[error(transparent)]
    Camera(#[from] CameraError),
    /// A screen.
    #[error(transparent)]
    Screen(#[from] ScreenError),
    /// A picture file.
    #[error(transparent)]
    File(#[from] PictureFileError),
    /// The system has no thread left to scan on.
    #[error("the system has no thread left to scan on")]
    NoThread,
}

/// Why a camera gives no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CameraError {
    /// The computer has no camera, or shows none.
    #[error("there is no camera")]
    NoCamera,
    /// No camera has that number.
    #[error("there is no camera {0}")]
    NoSuchCamera(usize),
    /// Another program holds the camera.
    #[error("the camera is in use by another program")]
    Busy,
    /// The system does not let this program use the camera.
    #[error("the camera is blocked by the system")]
    Denied,
    /// The system is asking the user whether this program may use the camera.
    #[error("the system asks whether the camera may be used")]
    AwaitingPermission,
    /// The camera opened, then sent nothing for four seconds.
    #[error("the camera sends no pictures")]
    Stalled,
    /// The camera was unplugged.
    #[error("the camera was unplugged")]
    Unplugged,
    /// The camera offers no pixel format that is understood.
    #[error("the camera offers no picture format that can be read")]
    UnsupportedFormat,
    /// The camera system failed in another way.
    #[error("the camera failed")]
    Failed,
    /// Built without the feature `camera`.
    #[error("this program was built without camera support")]
    NotBuilt,
}

impl CameraError {
    /// Whether an open camera may go on after this by itself.
    #[must_use]
    pub const fn may_pass(self) -> bool {
        matches!(self, Self::AwaitingPermission | Self::Stalled | Self::Unplugged)
    }
}

/// Why a screen gives no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScreenError {
    /// There is no display to ask for its screen.
    #[error("there is no screen to read")]
    NoScreen,
    /// The display does not let this program in.
    #[error("the screen is blocked by the system")]
    Denied,
    /// A desktop that shows programs nothing but their own windows: Wayland,
    /// macOS, Windows.
    #[error("this desktop does not let programs read the screen")]
    NotSupported,
    /// The screen's pixels do not have three bytes of colour. The number is its
    /// depth in bits.
    #[error("a screen with a colour depth of {0} bits cannot be read")]
    ColourDepth(u8),
    /// The display ended, or sends nothing more.
    #[error("the screen went away")]
    Lost,
    /// Built without the feature `screen`.
    #[error("this program was built without screen support")]
    NotBuilt,
}

/// Why a picture file gives no frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureFileError {
    /// There is no such file.
    #[error("there is no file {}", .0.display())]
    NotFound(PathBuf),
    /// It is a folder.
    #[error("{} is a folder", .0.display())]
    IsDirectory(PathBuf),
    /// It is a pipe, a device or a socket.
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// The file could not be read.
    #[error("{} could not be read: {kind}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        kind: ErrorKind,
    },
    /// The file was read and is not a usable picture.
    #[error("{}: {error}", .path.display())]
    Picture {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        error: PictureError,
    },
}

impl CaptureError {
    /// Whether an open source gives nothing more after this. A bad picture file
    /// is only that one file, and a camera that went away may come back.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Camera(error) => !error.may_pass(),
            Self::Screen(_) | Self::NoThread => true,
            Self::File(_) => false,
        }
    }
}
