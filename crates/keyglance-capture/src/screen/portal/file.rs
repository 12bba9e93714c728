//! The file that a portal names: read if it is what it ought to be, and deleted.
//!
//! Some desktops write to a name in a shared folder, where others can put what they like.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read as _;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use keyglance_qr::{MAX_PICTURE_BYTES, Picture};
use rustix::fs::{AtFlags, Mode, OFlags, open, openat, statat, unlinkat};
use rustix::io::Errno;

use crate::ScreenError;

/// File systems know the time less exactly than the clock.
const INEXACT: Duration = Duration::from_secs(2);

/// A picture that was read.
#[derive(Debug)]
pub(super) struct Taken {
    pub picture: Picture,
    /// Where it is, if it could not be deleted.
    pub left: Option<PathBuf>,
}

/// Reads the picture at this address, and deletes its file. Nothing is read or deleted that
/// was not written since `asked`, for us.
pub(super) fn take(uri: &str, asked: SystemTime) -> Result<Taken, ScreenError> {
    let path = path_of(uri).ok_or(ScreenError::NotOurs)?;
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(ScreenError::NotOurs);
    };
    // What is done to the file from here on is done in this folder, wherever its name leads.
    let folder =
        open(folder, OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).map_err(refused)?;
    let mut file = open_in(folder.as_fd(), name)?;
    if !is_ours(&file, asked) {
        return Err(ScreenError::NotOurs);
    }
    let bytes = read(&mut file);
    // Before anything is made of it that may take long or fail.
    let left = (!delete(folder.as_fd(), name, &file)).then(|| path.clone());
    match bytes.and_then(|bytes| Picture::load(bytes).ok()) {
        Some(picture) => Ok(Taken { picture, left }),
        None => Err(left.map_or(ScreenError::Unreadable, ScreenError::PictureLeft)),
    }
}

/// The path that a `file:` address means (RFC 8089), on this computer.
fn path_of(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    let path = PathBuf::from(percent_decoded(path)?);
    path.is_absolute().then_some(path)
}

/// Percent-encoded bytes as such (RFC 3986 section 2.1). `None` where a percent sign stands
/// for nothing, or for the end of a name.
fn percent_decoded(text: &str) -> Option<OsString> {
    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
    let mut rest = text.bytes();
    let mut bytes = Vec::with_capacity(text.len());
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => u8::try_from(16 * digit(rest.next())? + digit(rest.next())?).ok()?,
            byte => byte,
        });
    }
    (!bytes.contains(&0)).then(|| OsString::from_vec(bytes))
}

const fn refused(error: Errno) -> ScreenError {
    match error {
        Errno::NOENT | Errno::NOTDIR | Errno::IO => ScreenError::Unreadable,
        _ => ScreenError::NotOurs,
    }
}

/// Follows no link, and waits for no writer of a pipe.
fn open_in(folder: BorrowedFd<'_>, name: &OsStr) -> Result<File, ScreenError> {
    let how = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file: OwnedFd = openat(folder, Path::new(name), how, Mode::empty()).map_err(refused)?;
    Ok(file.into())
}

/// A regular file of ours, under this name alone, written since then.
fn is_ours(file: &File, asked: SystemTime) -> bool {
    let Ok(is) = file.metadata() else { return false };
    let since = asked.duration_since(UNIX_EPOCH).unwrap_or_default().saturating_sub(INEXACT);
    let written = is.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    is.is_file()
        && is.uid() == rustix::process::geteuid().as_raw()
        && is.nlink() == 1
        && written.is_some_and(|written| written >= since)
}

/// `None` where there is too much of it.
fn read(file: &mut File) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = MAX_PICTURE_BYTES as u64;
    file.take(limit + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= limit).then_some(bytes)
}

/// Deletes the name, if it is still this file's. Gives whether the file is gone.
fn delete(folder: BorrowedFd<'_>, name: &OsStr, file: &File) -> bool {
    let Ok(is) = file.metadata() else { return false };
    let name = Path::new(name);
    match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) if (found.st_dev, found.st_ino) == (is.dev(), is.ino()) => {
            unlinkat(folder, name, AtFlags::empty()).is_ok()
        }
        // Somebody moved it, or deleted it.
        _ => file.metadata().is_ok_and(|is| is.nlink() == 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_this_computer_have_a_path() {
        let path = |uri| path_of(uri).map(|path| path.into_os_string().into_encoded_bytes());
        let is = |path: &[u8]| Some(path.to_vec());
        assert_eq!(path("file:///tmp/a%20b%25.png"), is(b"/tmp/a b%.png"));
        assert_eq!(path("file:///tmp/%ff%C3%a4"), is(b"/tmp/\xff\xc3\xa4"));
        assert_eq!(path("file://localhost/tmp/a"), is(b"/tmp/a"));
        for other in [
            "",
            "/tmp/a.png",
            "file:/tmp/a.png",
            "file://",
            "file://a.png",
            "file://another.host/a.png",
            "http://localhost/a.png",
            "FILE:///tmp/%",
            "file:///tmp/%",
            "file:///tmp/%2",
            "file:///tmp/%zz",
            "file:///tmp/a%00.png",
            "file:///tmp/%é",
        ] {
            assert_eq!(path(other), None, "{other}");
        }
    }

    /// Somebody else may put another file in its place while it is read.
    #[test]
    fn another_file_that_took_the_name_stays() {
        let place = tempfile::tempdir().unwrap();
        let path = |name: &str| place.path().join(name);
        let folder = File::open(place.path()).unwrap();
        let made = |name: &str| {
            std::fs::write(path(name), name).unwrap();
            File::open(path(name)).unwrap()
        };
        let delete = |file: &File| delete(folder.as_fd(), OsStr::new("ours"), file);
        let ours = made("ours");
        std::fs::rename(path("ours"), path("moved")).unwrap();
        assert!(!delete(&ours), "it is somewhere, under another name");
        made("theirs");
        std::fs::rename(path("theirs"), path("ours")).unwrap();
        assert!(!delete(&ours));
        std::fs::remove_file(path("moved")).unwrap();
        assert!(delete(&ours), "it is gone");
        assert_eq!(std::fs::read(path("ours")).unwrap(), b"theirs");
        let ours = made("ours");
        assert!(delete(&ours) && !path("ours").exists());
    }
}
