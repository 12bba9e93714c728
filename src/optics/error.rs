//! Why a source gives no frames.

use std::io;
use std::path::PathBuf;

use crate::qr::PictureError;

/// Why a source gives no frames.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpticsError {
    /// The machine has no camera, or none that this program can reach.
    #[error("no camera was found")]
    NoCamera,
    /// There are cameras, but not this one.
    #[error("there is no camera {0}")]
    NoSuchCamera(usize),
    /// Another program has it.
    #[error("another program is using the camera")]
    Busy,
    /// The system does not let us.
    #[error("the camera is blocked for this program")]
    Denied,
    /// It went away.
    #[error("the camera was unplugged")]
    Unplugged,
    /// It gave no frame for four seconds.
    #[error("the camera gives no picture")]
    Stalled,
    /// It has no format that we read.
    #[error("the camera has no picture format that this program reads")]
    Format,
    /// Built without the feature `camera`.
    #[error("this program was built without camera support")]
    NotBuilt,
    /// No such file.
    #[error("{} does not exist", .0.display())]
    NotFound(PathBuf),
    /// A folder.
    #[error("{} is a folder, not a picture", .0.display())]
    IsFolder(PathBuf),
    /// A device, a pipe or a socket.
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// The file could not be read.
    #[error("{} could not be read: {kind}", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// As the system says it.
        kind: io::ErrorKind,
    },
    /// The file holds no picture.
    #[error("{}: {error}", .path.display())]
    Picture {
        /// Which.
        path: PathBuf,
        /// Why.
        error: PictureError,
    },
}
