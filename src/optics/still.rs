//! Picture files, each once.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Frame, FrameSource, Next, OpticsError};
use crate::qr::{self, PictureError};

/// Gives each of some picture files once, then ends.
#[derive(Debug)]
pub struct StillPictures {
    paths: std::vec::IntoIter<PathBuf>,
}

impl StillPictures {
    /// These files, in this order. They are opened when their turn comes.
    #[must_use]
    pub fn new(paths: Vec<PathBuf>) -> Self {
        Self { paths: paths.into_iter() }
    }
}

impl FrameSource for StillPictures {
    fn next_frame(&mut self, _wait: Duration) -> Result<Next, OpticsError> {
        match self.paths.next() {
            Some(path) => read_picture_file(&path).map(Next::Frame),
            None => Ok(Next::Ended),
        }
    }
}

/// Reads a PNG or JPEG file of at most [`qr::MAX_BYTES`]. Opens regular files only, so
/// that a pipe or a device cannot hold the program up.
///
/// # Errors
/// [`OpticsError`], naming the file.
pub fn read_picture_file(path: &Path) -> Result<Frame, OpticsError> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => OpticsError::NotFound(path.to_owned()),
        kind => OpticsError::Unreadable { path: path.to_owned(), kind },
    };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(OpticsError::IsFolder(path.to_owned()));
    }
    if !metadata.is_file() {
        return Err(OpticsError::NotAFile(path.to_owned()));
    }
    let picture = |error| OpticsError::Picture { path: path.to_owned(), error };
    if metadata.len() > qr::MAX_BYTES {
        return Err(picture(PictureError::TooManyBytes));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    // The file may have grown since; one byte more is enough to be refused.
    file.take(qr::MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    qr::read_picture(&bytes).map_err(picture)
}
