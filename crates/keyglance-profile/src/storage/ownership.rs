//! Whose files are read, and whose are written.

use std::fs::{File, Metadata, OpenOptions};
use std::path::Path;

use super::StoreError;

/// Opens a file of the profile to read it: no link, no pipe, and nobody else's.
///
/// # Errors
/// [`StoreError::NotAFile`], [`StoreError::ForeignFile`],
/// [`StoreError::WritableByOthers`], or as the system gives them.
pub(super) fn open_own(path: &Path, options: &mut OpenOptions) -> Result<File, StoreError> {
    follow_no_link(options);
    let file = match options.open(path) {
        // What is said of a link differs between systems.
        Err(_) if std::fs::symlink_metadata(path).is_ok_and(|m| !m.is_file()) => {
            return Err(StoreError::NotAFile(path.to_owned()));
        }
        opened => opened.map_err(|error| StoreError::io(path, &error))?,
    };
    let metadata = file.metadata().map_err(|error| StoreError::io(path, &error))?;
    check(path, &metadata)?;
    Ok(file)
}

/// Refuses a file that somebody else has put there, or can change.
fn check(path: &Path, metadata: &Metadata) -> Result<(), StoreError> {
    if !metadata.is_file() {
        return Err(StoreError::NotAFile(path.to_owned()));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if metadata.uid() != own_user() {
            return Err(StoreError::ForeignFile(path.to_owned()));
        }
        if metadata.mode() & 0o022 != 0 {
            return Err(StoreError::WritableByOthers(path.to_owned()));
        }
    }
    Ok(())
}

/// Whether this is a regular file of ours that has one name.
pub(super) fn is_ours_alone(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        metadata.is_file() && metadata.uid() == own_user() && metadata.nlink() == 1
    }
    #[cfg(not(unix))]
    metadata.is_file()
}

/// Neither follows a link nor waits for the other end of a pipe.
pub(crate) fn follow_no_link(options: &mut OpenOptions) {
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
        std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags.cast_signed());
    }
    #[cfg(not(unix))]
    let _ = options;
}

/// Refuses a folder of somebody else: they could put anything into it, and files
/// of root in another user's folder would lock them out of their own profile.
pub(super) fn check_folder(folder: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        match std::fs::metadata(folder) {
            Ok(metadata) if metadata.uid() != own_user() => {
                return Err(StoreError::NotOurs(folder.to_owned()));
            }
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                return Err(StoreError::io(folder, &error));
            }
            _ => {}
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// The user that this process acts as. What `/proc/self` belongs to says something
/// else as soon as the process cannot be dumped.
#[cfg(unix)]
fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
}
