//! What a file is, by its content: both faces ask here before they do what it is for.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use keyglance_core::intake;
use keyglance_core::keyfile::{
    KeyFile, KeyFileError, MAX_BYTES, Passphrase, PassphraseError, decrypt_within, is_age_file,
    passphrase_memory,
};
use keyglance_qr::is_picture;
use zeroize::Zeroizing;

use crate::storage::Backup;

/// What is looked at of a file.
const START: u64 = 64 * 1024;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// A shared key, without a passphrase.
    Key,
    /// Something under a passphrase, which tells what it is: [`open_protected`].
    Protected,
    /// Sealed to keys: [`Profile::opener`](crate::Profile::opener).
    Sealed,
    /// The key of a device itself, without a passphrase.
    Device,
    /// A picture, which may have codes in it.
    Picture,
    /// Text, which may be a code.
    Text,
    /// Nothing that this program knows.
    Other,
}

/// Why a file cannot be looked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileKindError {
    /// Nothing of this name.
    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),
    /// A folder.
    #[error("{} is a folder", .0.display())]
    Folder(PathBuf),
    /// A pipe or a device, which might never end.
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// Nothing in it.
    #[error("{} is empty", .0.display())]
    Empty(PathBuf),
    /// The system says no.
    #[error("{} may not be read", .0.display())]
    Denied(PathBuf),
    /// Reading it fails otherwise.
    #[error("{} could not be read: {kind}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        kind: io::ErrorKind,
    },
}

impl FileKindError {
    fn new(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing(path),
            io::ErrorKind::IsADirectory => Self::Folder(path),
            io::ErrorKind::PermissionDenied => Self::Denied(path),
            kind => Self::Io { path, kind },
        }
    }
}

/// What the file at `path` is. Only its beginning is read, and only of a regular file.
///
/// # Errors
/// [`FileKindError`].
pub fn file_kind(path: &Path) -> Result<FileKind, FileKindError> {
    let failed = |error: io::Error| FileKindError::new(path, &error);
    // Before it is opened, since opening a pipe waits for its writer.
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        return Err(FileKindError::Folder(path.to_owned()));
    }
    if !metadata.is_file() {
        return Err(FileKindError::NotAFile(path.to_owned()));
    }
    let mut start = Zeroizing::new(Vec::with_capacity(START as usize));
    File::open(path).and_then(|file| file.take(START).read_to_end(&mut start)).map_err(failed)?;
    if start.is_empty() {
        return Err(FileKindError::Empty(path.to_owned()));
    }
    Ok(kind_of(&start))
}

/// What a file is that begins so.
#[must_use]
pub fn kind_of(start: &[u8]) -> FileKind {
    if is_age_file(start) {
        let by_passphrase = passphrase_memory(start).is_some();
        return if by_passphrase { FileKind::Protected } else { FileKind::Sealed };
    }
    if is_picture(start) {
        return FileKind::Picture;
    }
    match document_format(start) {
        Some("keyglance-shared-key") => return FileKind::Key,
        Some("keyglance-identity") => return FileKind::Device,
        _ => {}
    }
    if is_text(start) { FileKind::Text } else { FileKind::Other }
}

/// The format that one of our documents says it has. It may be damaged: what reads it says.
pub(crate) fn document_format(start: &[u8]) -> Option<&'static str> {
    let document = intake::document(start);
    let head = document.get(..256).unwrap_or(document);
    let head = String::from_utf8_lossy(head);
    let formats = ["keyglance-shared-key", "keyglance-identity"];
    let ours = |format: &&str| head.contains(&format!("\"{format}\""));
    formats.into_iter().find(ours).filter(|_| head.starts_with('{'))
}

/// Whether it is UTF-8 as far as it was read, without bytes that no text has.
fn is_text(start: &[u8]) -> bool {
    let whole = match std::str::from_utf8(start) {
        Ok(_) => true,
        // A letter that was cut by the end of what is looked at.
        Err(error) => error.error_len().is_none() && start.len() as u64 == START,
    };
    whole && !start.contains(&0)
}

/// What was under a passphrase.
#[derive(Debug)]
#[non_exhaustive]
pub enum Protected {
    /// A shared key.
    Key(Box<KeyFile>),
    /// A backup of a whole profile: [`Backup::open`].
    Backup,
    /// The key of a device itself: [`IdentityBackup`](crate::IdentityBackup).
    Device,
    /// Something that another program is to read: most exports.
    Other,
}

/// Why a protected file was not opened, or a key file not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenKeyError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] FileKindError),
    /// The passphrase does not open it.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// It is a key file, and cannot be read.
    #[error(transparent)]
    Key(#[from] KeyFileError),
}

fn read_whole(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, OpenKeyError> {
    file_kind(path)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(16 * 1024));
    File::open(path)
        .and_then(|file| file.take(limit as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| FileKindError::new(path, &error))?;
    if bytes.len() > limit {
        return Err(KeyFileError::TooLarge.into());
    }
    Ok(bytes)
}

/// Reads a key file that has no passphrase.
///
/// # Errors
/// [`OpenKeyError`].
pub fn read_key(path: &Path) -> Result<KeyFile, OpenKeyError> {
    Ok(KeyFile::from_json(&read_whole(path, MAX_BYTES)?)?)
}

/// Opens what a passphrase protects, and tells what it is. Takes about a second.
///
/// # Errors
/// [`OpenKeyError`].
pub fn open_protected(path: &Path, passphrase: &Passphrase) -> Result<Protected, OpenKeyError> {
    let bytes = read_whole(path, Backup::MAX_BYTES)?;
    // One byte more than a key file has: a backup is larger, and told by its beginning.
    let plain = decrypt_within(&bytes, passphrase, MAX_BYTES)?;
    if plain.starts_with(Backup::MAGIC.as_bytes()) {
        return Ok(Protected::Backup);
    }
    match document_format(&plain) {
        Some("keyglance-shared-key") => Ok(Protected::Key(Box::new(KeyFile::from_json(&plain)?))),
        Some(_) => Ok(Protected::Device),
        None => Ok(Protected::Other),
    }
}
