//! Picture files, each given once.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{CaptureError, FrameSource, NextFrame, PictureFileError, SourceInfo};
use keyglance_qr::{MAX_PICTURE_BYTES, Picture, PictureError};

/// Reads one picture file: PNG, JPEG, WebP, GIF or BMP, at most 64 MiB and 64 megapixels.
///
/// Only a regular file is opened, so that a pipe or a device cannot hang it.
///
/// # Errors
/// [`PictureFileError::NotFound`], `IsDirectory`, `NotAFile`, `Unreadable` or `Picture`.
pub fn read_picture(path: impl AsRef<Path>) -> Result<Picture, PictureFileError> {
    let path = path.as_ref();
    let bytes = read_bytes(path)?;
    Picture::load(bytes).map_err(|error| PictureFileError::Picture { path: path.to_owned(), error })
}

/// Picture files as a source: each is a frame, in order, then the end.
///
/// A file that cannot be read is an error in its turn; the next ones still come.
#[derive(Debug)]
pub struct StillPictures {
    info: SourceInfo,
    paths: VecDeque<PathBuf>,
}

impl StillPictures {
    /// These files, in this order. Nothing is opened yet.
    #[must_use]
    pub fn new(paths: Vec<PathBuf>) -> Self {
        let names: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
        let info = SourceInfo { name: names.join(", "), ..SourceInfo::default() };
        Self { info, paths: paths.into() }
    }
}

impl FrameSource for StillPictures {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn next_frame(&mut self, _wait: Duration) -> Result<NextFrame, CaptureError> {
        match self.paths.pop_front() {
            Some(path) => Ok(NextFrame::Picture(read_picture(path)?)),
            None => Ok(NextFrame::Ended),
        }
    }
}

/// A file's bytes, of which there are at most [`MAX_PICTURE_BYTES`].
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, PictureFileError> {
    let failed = |error: io::Error| match error.kind() {
        ErrorKind::NotFound => PictureFileError::NotFound(path.to_owned()),
        ErrorKind::IsADirectory => PictureFileError::IsDirectory(path.to_owned()),
        kind => PictureFileError::Unreadable { path: path.to_owned(), kind },
    };
    // Checked before opening, since opening a pipe would wait for its writer.
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        return Err(PictureFileError::IsDirectory(path.to_owned()));
    }
    if !metadata.is_file() {
        return Err(PictureFileError::NotAFile(path.to_owned()));
    }
    let too_large =
        || PictureFileError::Picture { path: path.to_owned(), error: PictureError::TooManyBytes };
    let limit = MAX_PICTURE_BYTES as u64;
    if metadata.len() > limit {
        return Err(too_large());
    }
    // The file may grow while it is read.
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(limit + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit { Err(too_large()) } else { Ok(bytes) }
}
