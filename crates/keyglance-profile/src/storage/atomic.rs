//! The one way in which this program writes files: a new file beside the target
//! is written and synced, then put in the target's place, then the folder is
//! synced. Whatever happens in between, the target is whole, either old or new.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

/// A temporary file that nobody has written to for this long is a leftover.
const STALE_AFTER: Duration = Duration::from_secs(60);

/// Begins the names of files that are being written.
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
    fs::rename(&temporary, path).inspect_err(|_| remove_quietly(&temporary))?;
    sync_folder(path)
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
    temporary: PathBuf,
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
        let temporary = temporary_of(path)?;
        let file = create_new(&temporary, access)?;
        remove_stale_temporaries(&temporary);
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
    pub fn persist(self) -> io::Result<()> {
        self.file.sync_all()?;
        // A link never replaces; where there are none, the check before has to do.
        match fs::hard_link(&self.temporary, &self.path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
            Err(_) => fs::rename(&self.temporary, &self.path)?,
            // Dropped, its other name goes.
            Ok(()) => {}
        }
        sync_folder(&self.path)
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
        remove_quietly(&self.temporary);
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
    // The public half first: without it nobody could use the secret one.
    if let Some((path, text)) = &public {
        create(path, text.as_bytes(), Access::Shared).map_err(|error| (path.clone(), error))?;
    }
    create(path, bytes, Access::Private).map_err(|error| {
        if let Some((public, _)) = &public {
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
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => sync_folder(path),
    }
}

/// Overwrites a secret file and removes it. If the program stops in between, the
/// file has a name that [`remove_temporaries`] finds.
///
/// # Errors
/// As the system gives them; a file that is not there is no error.
pub(super) fn shred(path: &Path) -> io::Result<()> {
    let tombstone = temporary_of(path)?;
    match fs::rename(path, &tombstone) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        renamed => renamed?,
    }
    sync_folder(path)?;
    overwrite(&tombstone)?;
    remove(&tombstone)
}

/// Overwrites a file with zeros, as far as the file system writes in place.
fn overwrite(path: &Path) -> io::Result<()> {
    // The target of a link belongs to somebody else.
    if !fs::symlink_metadata(path)?.is_file() {
        return Ok(());
    }
    let mut file = OpenOptions::new().write(true).open(path)?;
    let length = file.metadata()?.len();
    io::copy(&mut io::repeat(0).take(length), &mut file)?;
    file.sync_all()
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
    while fs::symlink_metadata(&free).is_ok() {
        let mut numbered = aside.clone();
        numbered.push(format!("-{number}"));
        free = PathBuf::from(numbered);
        number += 1;
    }
    fs::rename(path, free)?;
    sync_folder(path)
}

/// Removes files that an earlier run left half written or half removed.
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

/// Removes what killed programs left half written beside this file; of a long file
/// that may be much. Only if the system can tell which processes are alive, and
/// only what nobody has written to for a while: another computer or container may
/// share the folder.
fn remove_stale_temporaries(beside: &Path) {
    let folder = beside.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !Path::new("/proc/self").exists() {
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let rest = name.strip_prefix(TEMPORARY).and_then(|rest| rest.split_once('-'));
        let process = rest.and_then(|(number, _)| number.parse::<u32>().ok());
        let dead = process.is_some_and(|n| !Path::new(&format!("/proc/{n}")).exists());
        let age = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        let age = age.and_then(|written| written.elapsed().ok());
        if dead && age.is_some_and(|age| age > STALE_AFTER) {
            let _ = overwrite(&entry.path());
            remove_quietly(&entry.path());
        }
    }
}

/// A name beside `path` that no other file has.
fn temporary_of(path: &Path) -> io::Result<PathBuf> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let mut temporary = OsString::from(format!("{TEMPORARY}{}-{count}-", std::process::id()));
    temporary.push(name);
    Ok(path.with_file_name(temporary))
}

fn write_temporary(path: &Path, bytes: &[u8], access: Access) -> io::Result<PathBuf> {
    let temporary = temporary_of(path)?;
    let mut file = create_new(&temporary, access)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.inspect_err(|_| remove_quietly(&temporary))?;
    Ok(temporary)
}

fn create_new(path: &Path, access: Access) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if access == Access::Private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = access;
    options.open(path)
}

/// The name itself must survive a power cut too.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn remove_quietly(path: &Path) {
    // It is a leftover either way; the next run removes it.
    let _ = fs::remove_file(path);
}
