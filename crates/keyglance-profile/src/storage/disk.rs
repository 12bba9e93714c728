//! What some disks and systems cannot do, or not just now, so that files are written
//! in one way on all of them.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// Brings a file's content to the disk, as far as the disk goes along.
///
/// # Errors
/// As the system gives them.
pub(super) fn sync(file: &File) -> io::Result<()> {
    sync_by(|| file.sync_all(), || plain_sync(file))
}

/// Brings the names in a folder to the disk: they must survive a power cut too. By
/// then the files are there, so what cannot be asked of this disk is no failure.
///
/// # Errors
/// As the system gives them.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Windows has no such thing.
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(folder) {
        Ok(folder) => sync(&folder),
        // One may be let into a folder and not read it.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        Err(error) => Err(error),
    }
}

/// macOS empties the disk's own cache too, which network disks know nothing of.
fn sync_by(
    full: impl FnOnce() -> io::Result<()>,
    plain: impl FnOnce() -> io::Result<()>,
) -> io::Result<()> {
    let known = |error: &io::Error| !is_unknown_to_the_disk(error);
    match full() {
        Err(error) if !known(&error) => match plain() {
            Err(error) if !known(&error) => Ok(()),
            synced => synced,
        },
        synced => synced,
    }
}

/// On macOS both of the standard library's ways empty the disk's cache.
#[cfg(unix)]
fn plain_sync(file: &File) -> io::Result<()> {
    Ok(rustix::fs::fsync(file)?)
}

#[cfg(not(unix))]
fn plain_sync(file: &File) -> io::Result<()> {
    file.sync_data()
}

/// Whether the disk or its driver has no such operation.
fn is_unknown_to_the_disk(error: &io::Error) -> bool {
    /// `ENOTTY`, alike on every Unix, or Windows's `ERROR_INVALID_FUNCTION`.
    const NO_SUCH_FUNCTION: i32 = if cfg!(windows) { 1 } else { 25 };
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
        || error.raw_os_error() == Some(NO_SUCH_FUNCTION)
}

/// Renames a file over another.
///
/// # Errors
/// As the system gives them.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    patiently(|| fs::rename(from, to), is_held, thread::sleep)
}

/// Removes a file's name.
///
/// # Errors
/// As the system gives them.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    patiently(|| fs::remove_file(path), is_held, thread::sleep)
}

/// Between five tries, half a second in all.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(20),
    Duration::from_millis(60),
    Duration::from_millis(140),
    Duration::from_millis(280),
];

fn patiently(
    mut act: impl FnMut() -> io::Result<()>,
    passes: impl Fn(&io::Error) -> bool,
    pause: impl Fn(Duration),
) -> io::Result<()> {
    for rest in PAUSES {
        match act() {
            Err(error) if passes(&error) => pause(rest),
            done => return done,
        }
    }
    act()
}

/// On Windows a file cannot be replaced or removed while a virus scanner or an indexer
/// has it open, which is never for long.
fn is_held(error: &io::Error) -> bool {
    cfg!(windows) && error.raw_os_error().is_some_and(is_held_on_windows)
}

fn is_held_on_windows(code: i32) -> bool {
    const ACCESS_DENIED: i32 = 5;
    const SHARING_VIOLATION: i32 = 32;
    const LOCK_VIOLATION: i32 = 33;
    matches!(code, ACCESS_DENIED | SHARING_VIOLATION | LOCK_VIOLATION)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn failed(kind: io::ErrorKind) -> io::Result<()> {
        Err(kind.into())
    }

    #[test]
    fn a_disk_that_cannot_empty_its_cache_is_synced_as_far_as_it_goes() {
        let plain = RefCell::new(0);
        let count = |result| {
            *plain.borrow_mut() += 1;
            result
        };
        for unknown in [io::ErrorKind::Unsupported, io::ErrorKind::InvalidInput] {
            sync_by(|| failed(unknown), || count(Ok(()))).unwrap();
            sync_by(|| failed(unknown), || count(failed(unknown))).unwrap();
        }
        #[cfg(unix)]
        sync_by(|| Err(io::Error::from_raw_os_error(25)), || count(Ok(()))).unwrap();
        sync_by(|| Ok(()), || count(Ok(()))).unwrap();
        assert_eq!(plain.into_inner(), if cfg!(unix) { 5 } else { 4 });
        // What did not reach the disk is told.
        for lost in [io::ErrorKind::StorageFull, io::ErrorKind::Other] {
            let told = sync_by(|| failed(lost), || Ok(())).unwrap_err();
            assert_eq!(told.kind(), lost);
            let told = sync_by(|| failed(io::ErrorKind::Unsupported), || failed(lost));
            assert_eq!(told.unwrap_err().kind(), lost);
        }
    }

    /// How often a file was tried that is free after so many tries, and how long the
    /// pauses were.
    fn tries(free_after: usize, passes: bool) -> (io::Result<()>, usize, Duration) {
        let (tried, paused) = (RefCell::new(0), RefCell::new(Duration::ZERO));
        let act = || {
            *tried.borrow_mut() += 1;
            let free = *tried.borrow() > free_after;
            if free { Ok(()) } else { failed(io::ErrorKind::PermissionDenied) }
        };
        let done = patiently(act, |_| passes, |rest| *paused.borrow_mut() += rest);
        (done, tried.into_inner(), paused.into_inner())
    }

    #[test]
    fn a_file_that_is_open_elsewhere_is_tried_five_times_in_half_a_second() {
        let (done, tried, paused) = tries(0, true);
        assert!(done.is_ok() && tried == 1 && paused.is_zero());
        let (done, tried, _) = tries(4, true);
        assert!(done.is_ok() && tried == 5);
        let (done, tried, paused) = tries(5, true);
        assert!(done.is_err() && tried == 5, "{tried}");
        assert_eq!(paused, Duration::from_millis(500));
        // What does not pass is told at once.
        let (done, tried, _) = tries(1, false);
        assert!(done.is_err() && tried == 1);
    }

    #[test]
    fn only_what_windows_says_of_open_files_passes() {
        let passing: Vec<i32> = (0..200).filter(|code| is_held_on_windows(*code)).collect();
        assert_eq!(passing, [5, 32, 33]);
        // 5 is another error elsewhere.
        assert_eq!(is_held(&io::Error::from_raw_os_error(5)), cfg!(windows));
    }
}
