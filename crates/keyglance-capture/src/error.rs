//! What can go wrong between the light and a frame.

use std::io::ErrorKind;
use std::path::PathBuf;

use keyglance_qr::PictureError;

/// Why there is no frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpticsError {
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
    /// The camera opened, then gave nothing for four seconds.
    #[error("the camera gives no pictures")]
    Stalled,
    /// The camera went away.
    #[error("the camera was unplugged")]
    Unplugged,
    /// The camera offers none of the pixel formats that are understood.
    #[error("the camera offers no picture format that can be read")]
    Format,
    /// The camera system failed in another way.
    #[error("the camera failed")]
    Failed,
    /// Built without the feature `camera`.
    #[error("this program was built without camera support")]
    NotBuilt,
    /// No display that could be asked for its screen.
    #[error("there is no screen to read")]
    NoScreen,
    /// The display does not let this program in.
    #[error("the screen is blocked by the system")]
    ScreenDenied,
    /// A desktop that shows programs nothing but their own windows: Wayland,
    /// macOS, Windows.
    #[error("this desktop does not let programs read the screen")]
    ScreenNotSupported,
    /// The screen's pixels are not three bytes of colour.
    #[error("a screen with a colour depth of {0} bits cannot be read")]
    ScreenFormat(u8),
    /// The display ended, or gave nothing more.
    #[error("the screen went away")]
    ScreenLost,
    /// Built without the feature `screen`.
    #[error("this program was built without screen support")]
    ScreenNotBuilt,
    /// No such file.
    #[error("there is no file {}", .0.display())]
    NotFound(PathBuf),
    /// A folder in a file's place.
    #[error("{} is a folder", .0.display())]
    IsDirectory(PathBuf),
    /// A pipe, a device or a socket in a file's place.
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// The file could not be read.
    #[error("{} could not be read: {kind}", .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        kind: ErrorKind,
    },
    /// The file was read and is no picture that can be used.
    #[error("{}: {error}", .path.display())]
    Picture {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        error: PictureError,
    },
}

impl OpticsError {
    /// Whether an open source gives nothing more after this. A bad picture file
    /// is only that one file, and a camera that went away may come back.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::NoCamera
            | Self::NoSuchCamera(_)
            | Self::Busy
            | Self::Denied
            | Self::Format
            | Self::Failed
            | Self::NotBuilt
            | Self::NoScreen
            | Self::ScreenDenied
            | Self::ScreenNotSupported
            | Self::ScreenFormat(_)
            | Self::ScreenLost
            | Self::ScreenNotBuilt => true,
            Self::Stalled
            | Self::Unplugged
            | Self::NotFound(_)
            | Self::IsDirectory(_)
            | Self::NotAFile(_)
            | Self::Unreadable { .. }
            | Self::Picture { .. } => false,
        }
    }
}
