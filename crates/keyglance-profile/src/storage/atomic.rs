//! The one way in which this program writes files. A file that replaces another
//! is written and synced beside it, then renamed over it. A new file has no name
//! at all until it is whole, or a temporary one where the disk wants one. Then the
//! folder is synced. Whatever happens in between, the target is whole, old or new,
//! and nothing has two names.
//!
//! Only files of the profile are overwritten with zeros, and only what
//! [`overwrite`] knows to be ours. In other folders a killed program's leftovers
//! stay: by its name alone nobody can tell whose a file is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{disk, ownership};

/// Begins the names of files that are being written. What follows is as long for
/// every target, so that a name that fits the disk has a temporary one that does.
pub(super) const TEMPORARY: &str = ".keyglance-tmp-";

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The user alone.
    Private,
    /// Everybody whom the system's defaults allow.
    Shared,
}

/// Writes `path`, replacing the file that may be there.
///
/// # Errors
/// As the system gives them; `path` is then as it was.
pub fn replace(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    let temporary = write_temporary(path, bytes, access)?;
    disk::rename(&temporary, path).inspect_err(|_| remove_quietly(&temporary))?;
    disk::sync_folder(folder_of(path))
}

/// Writes `path`, which must not exist.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] leaves the other file alone.
pub fn create(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    let mut file = NewFile::create(path, access)?;
    file.write_all(bytes)?;
    file.persist()
}

/// A file that is written piece by piece and appears only when it is persisted:
/// never half written, and never in place of another.
#[derive(Debug)]
pub struct NewFile {
    file: File,
    /// Its name meanwhile; none where the disk needs none. Such a file is gone
    /// with the program, however that ends.
    temporary: Option<PathBuf>,
    path: PathBuf,
    /// Bytes written since the last background sync began.
    unsynced: usize,
    disk: Option<SyncSender<()>>,
}

/// A long file is synced in the background each time this many bytes were written,
/// so that little is left to wait for at the end.
const SYNC_INTERVAL_BYTES: usize = 16 * 1024 * 1024;

impl NewFile {
    /// Begins a file at `path`, where none may be.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`], or as the system gives them.
    pub fn create(path: &Path, access: Access) -> io::Result<Self> {
        if fs::symlink_metadata(path).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let (file, temporary) = match create_unnamed(path, access) {
            Some(file) => (file, None),
            None => {
                let (file, temporary) = create_temporary(path, access)?;
                (file, Some(temporary))
            }
        };
        Ok(Self { file, temporary, path: path.to_owned(), unsynced: 0, disk: None })
    }

    /// Syncs what is written so far, on a thread of its own. An error there comes
    /// again when the whole file is synced.
    fn start_background_sync(&mut self) {
        if self.disk.is_none()
            && let Ok(file) = self.file.try_clone()
        {
            let (sender, bursts) = sync_channel(1);
            let work = move || bursts.iter().for_each(|()| drop(file.sync_data()));
            let thread = thread::Builder::new().name("disk".to_owned()).spawn(work);
            self.disk = thread.is_ok().then_some(sender);
        }
        if let Some(disk) = &self.disk {
            // If it is still busy, the next sync covers these bytes too.
            let _ = disk.try_send(());
        }
    }

    /// Puts the finished file in its place.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] where another file came there since,
    /// or as the system gives them.
    pub fn persist(mut self) -> io::Result<()> {
        disk::sync(&self.file)?;
        match self.temporary.take() {
            Some(temporary) => {
                rename_new(&temporary, &self.path).inspect_err(|_| remove_quietly(&temporary))?;
            }
            None => self.name_unnamed()?,
        }
        disk::sync_folder(folder_of(&self.path))
    }

    /// Gives a file without a name its own.
    fn name_unnamed(&mut self) -> io::Result<()> {
        let error = match link_unnamed(&self.file, &self.path) {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::StorageFull) {
            return Err(error);
        }
        // Some sandboxes allow no links, so a copy takes its place.
        let access = if is_private(&self.file)? { Access::Private } else { Access::Shared };
        let (mut copy, temporary) = create_temporary(&self.path, access)?;
        let named = self
            .file
            .rewind()
            .and_then(|()| io::copy(&mut self.file, &mut copy))
            .and_then(|_| disk::sync(&copy))
            .and_then(|()| rename_new(&temporary, &self.path));
        named.inspect_err(|_| remove_quietly(&temporary))
    }
}

impl io::Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.unsynced += written;
        if self.unsynced >= SYNC_INTERVAL_BYTES {
            self.unsynced = 0;
            self.start_background_sync();
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            remove_quietly(temporary);
        }
    }
}

/// Writes an export: the secret file, plain or sealed, and beside it the public
/// one where there is one (its name's additional ending, and its text). Both,
/// or neither; neither may exist. Gives the files' paths, the secret one first.
///
/// # Errors
/// Which file, and what the system says. [`io::ErrorKind::AlreadyExists`]
/// leaves the other file alone.
pub fn write_export(
    path: &Path,
    bytes: &[u8],
    public: Option<&(&str, String)>,
) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let public = public.map(|(ending, text)| {
        let mut public = path.as_os_str().to_owned();
        public.push(format!(".{ending}"));
        (PathBuf::from(public), text)
    });
    // The public half first: without it nobody could use the secret one. If it is
    // there already, word for word, an export was cut off just after it.
    let mut made = None;
    if let Some((path, text)) = &public {
        match create(path, text.as_bytes(), Access::Shared) {
            Ok(()) => made = Some(path),
            Err(error)
                if error.kind() == io::ErrorKind::AlreadyExists && holds(path, text.as_bytes()) => {
            }
            Err(error) => return Err((path.clone(), error)),
        }
    }
    create(path, bytes, Access::Private).map_err(|error| {
        if let Some(public) = made {
            remove_quietly(public);
        }
        (path.to_owned(), error)
    })?;
    Ok(std::iter::once(path.to_owned()).chain(public.map(|(path, _)| path)).collect())
}

/// Removes a file for good.
///
/// # Errors
/// As the system gives them; a file that is not there is no error.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match disk::remove(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => disk::sync_folder(folder_of(path)),
    }
}

/// Whether a regular file holds just these bytes.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    let is_file = fs::symlink_metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() == bytes.len() as u64);
    let limit = bytes.len() as u64 + 1;
    let mut found = Vec::new();
    is_file
        && File::open(path).and_then(|file| file.take(limit).read_to_end(&mut found)).is_ok()
        && found == bytes
}

/// Overwrites a secret file of the profile and removes it. If the program stops in
/// between, the file has a name that [`remove_temporaries`] finds.
///
/// # Errors
/// As the system gives them; a file that is not there is no error.
pub(super) fn shred(path: &Path) -> io::Result<()> {
    let tombstone = temporary_of(path);
    match disk::rename(path, &tombstone) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        renamed => renamed?,
    }
    disk::sync_folder(folder_of(path))?;
    overwrite(&tombstone)?;
    remove(&tombstone)
}

/// Overwrites a file of the profile with zeros, as far as the file system writes in
/// place. Only a regular file of ours that has no other name: under another one it
/// may be what somebody still needs, or not be a secret of the profile at all. What
/// is checked is what was opened, whatever the name means by then.
fn overwrite(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true);
    ownership::follow_no_link(&mut options);
    let mut file = match options.open(path) {
        Err(_) if !fs::symlink_metadata(path)?.is_file() => return Ok(()),
        opened => opened?,
    };
    if !ownership::is_ours_alone(&file.metadata()?) {
        return Ok(());
    }
    let length = file.metadata()?.len();
    io::copy(&mut io::repeat(0).take(length), &mut file)?;
    disk::sync(&file)
}

/// Renames a file to `NAME.damaged`, with the first free number if that is taken.
///
/// # Errors
/// As the system gives them; a file that is not there is no error.
pub(super) fn quarantine(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path).is_err() {
        return Ok(());
    }
    let mut aside = path.as_os_str().to_owned();
    aside.push(".damaged");
    let mut free = PathBuf::from(&aside);
    let mut number = 2;
    loop {
        match rename_new(path, &free) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let mut numbered = aside.clone();
                numbered.push(format!("-{number}"));
                free = PathBuf::from(numbered);
                number += 1;
            }
            renamed => return renamed.and_then(|()| disk::sync_folder(folder_of(path))),
        }
    }
}

/// Removes files that an earlier run left half written or half removed in a folder
/// of the profile. Under its lock, so that nobody is at work on them.
pub(super) fn remove_temporaries(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
            // It may hold a secret.
            let _ = overwrite(&entry.path());
            remove_quietly(&entry.path());
        }
    }
    Ok(())
}

/// A name beside `path` that no other file is likely to have.
fn temporary_of(path: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // A process's number comes again, after a restart or in another container.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let name = format!("{TEMPORARY}{}-{:x}-{count}", std::process::id(), now.as_nanos());
    path.with_file_name(name)
}

/// Creates a file under a temporary name beside `path`.
fn create_temporary(path: &Path, access: Access) -> io::Result<(File, PathBuf)> {
    if path.file_name().is_none() {
        return Err(io::ErrorKind::InvalidFilename.into());
    }
    let temporary = temporary_of(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if access == Access::Private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = access;
    Ok((options.open(&temporary)?, temporary))
}

fn write_temporary(path: &Path, bytes: &[u8], access: Access) -> io::Result<PathBuf> {
    let (mut file, temporary) = create_temporary(path, access)?;
    let written = file.write_all(bytes).and_then(|()| disk::sync(&file));
    written.inspect_err(|_| remove_quietly(&temporary))?;
    Ok(temporary)
}

/// Creates a file without a name in the folder of `path`, where the disk can do so
/// and there is a way to name it later.
#[cfg(target_os = "linux")]
fn create_unnamed(path: &Path, access: Access) -> Option<File> {
    use rustix::fs::{Mode, OFlags, open};
    path.file_name()?;
    let mode = match access {
        Access::Private => Mode::RUSR | Mode::WUSR,
        // Less what the user's umask takes away.
        Access::Shared => Mode::from_raw_mode(0o666),
    };
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let file = File::from(open(folder_of(path), flags, mode).ok()?);
    fs::metadata(own_path(&file)).is_ok().then_some(file)
}

#[cfg(not(target_os = "linux"))]
fn create_unnamed(_: &Path, _: Access) -> Option<File> {
    None
}

/// Names a file of [`create_unnamed`]; never in place of another.
#[cfg(target_os = "linux")]
fn link_unnamed(file: &File, path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    Ok(linkat(CWD, own_path(file), CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn link_unnamed(_: &File, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Where the system shows this process its open file.
#[cfg(target_os = "linux")]
fn own_path(file: &File) -> PathBuf {
    use std::os::fd::AsRawFd as _;
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

fn is_private(file: &File) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        Ok(file.metadata()?.permissions().mode() & 0o077 == 0)
    }
    #[cfg(not(unix))]
    Ok(file.metadata().map(|_| false)?)
}

/// Renames a file to a name that must be free. There is no moment at which it has
/// both, but on disks that can do no better than to link and unlink.
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            // The disk, or the system, knows no such renaming.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            renamed => return Ok(renamed?),
        }
    }
    link_and_unlink(from, to)
}

/// Renames by a second name, which is soon gone. Where there are no links, by a
/// check beforehand.
fn link_and_unlink(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => disk::remove(from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) if fs::symlink_metadata(to).is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => disk::rename(from, to),
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn remove_quietly(path: &Path) {
    // It is a leftover either way; in the profile the next run removes it.
    let _ = disk::remove(path);
}

#[cfg(all(test, target_os = "linux"))]
#[path = "atomic_tests.rs"]
mod tests;
