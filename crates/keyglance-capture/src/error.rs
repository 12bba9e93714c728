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
    /// The same of a camera that cannot be unplugged: a built-in one, or one that a
    /// program feeds.
    #[error("the camera sends no pictures")]
    FixedStalled,
    /// The camera was unplugged.
    #[error("the camera was unplugged")]
    Unplugged,
    /// The camera offers no pixel format that is understood.
    #[error("the camera offers no picture format that can be read")]
    UnsupportedFormat,
    /// The camera system failed in another way.
    #[error("the camera failed")]
    Failed,
    /// The same of a camera that cannot be unplugged.
    #[error("the camera failed")]
    FixedFailed,
    /// All that there is gives raw pictures of a sensor, of which PipeWire makes pictures.
    #[error("the camera is reached through PipeWire")]
    NeedsPipeWire,
    /// Built without the feature `camera`.
    #[error("this program was built without camera support")]
    NotBuilt,
}

impl CameraError {
    /// Whether an open camera may go on after this by itself.
    #[must_use]
    pub const fn may_pass(self) -> bool {
        matches!(
            self,
            Self::AwaitingPermission | Self::Stalled | Self::FixedStalled | Self::Unplugged
        )
    }

    /// The error of a camera that cannot be plugged in again.
    #[cfg_attr(not(feature = "camera"), allow(dead_code))]
    pub(crate) const fn of_fixed(self) -> Self {
        match self {
            Self::Stalled => Self::FixedStalled,
            Self::Failed => Self::FixedFailed,
            error => error,
        }
    }
}

/// Why a screen gives no frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScreenError {
    /// There is no display to ask for its screen.
    #[error("there is no screen to read")]
    NoScreen,
    /// The display does not let this program in.
    #[error("the screen is blocked by the system")]
    Denied,
    /// A desktop that shows programs nothing but their own windows: macOS, Windows,
    /// Wayland without a Screenshot portal.
    #[error("this desktop does not let programs read the screen")]
    NotSupported,
    /// Somebody was asked whether this program may have a picture of the screen, and said
    /// no.
    #[error("you said no")]
    Refused,
    /// The desktop's portal did not answer in time.
    #[error("the desktop did not answer")]
    NoAnswer,
    /// The desktop's portal took no picture, and did not say why.
    #[error("the desktop could not take a picture of its screen")]
    PortalFailed,
    /// The portal named a file that is a link, no regular file, somebody else's, or older
    /// than the question. It is not read, and not deleted.
    #[error("the desktop gave a picture that is not ours to read")]
    NotOurs,
    /// The portal's file is gone, too large, or no picture.
    #[error("the picture that the desktop took of its screen cannot be read")]
    Unreadable,
    /// The picture was read, and could not be deleted. The source goes on.
    #[error("a picture of the screen is left in {}", .0.display())]
    PictureLeft(PathBuf),
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
            Self::Screen(ScreenError::PictureLeft(_)) | Self::File(_) => false,
            Self::Screen(_) | Self::NoThread => true,
        }
    }
}
