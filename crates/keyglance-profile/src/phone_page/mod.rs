//! The page by which a phone pairs: where it is, and the files of it that are installed
//! with this program.

mod address;

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

pub use address::{MAX_PAGE_ADDRESS, PageAddress, PageAddressError};

use crate::storage::{Access, WriteError, create_file};

/// The page itself.
const INDEX: &str = "index.html";
/// Their hashes, as `sha256sum` writes them; lines that begin with `#` are comments.
const SUMS: &str = "SHA256SUMS";
/// Every file of the page.
pub const PHONE_PAGE_FILES: [&str; 6] =
    [INDEX, "sw.js", "manifest.webmanifest", "icon-192.png", "icon-512.png", SUMS];
/// Most bytes of one of them: ten times of what there is.
const MAX_FILE: u64 = 10 * 1024 * 1024;

/// Why the page cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PhonePageError {
    /// It is optional, and was not installed with this program.
    #[error("the page for phones is not installed")]
    NotInstalled,
    /// A file of it is missing, or not the one that it was built with.
    #[error("{} is missing or not as it was built", .0.display())]
    Damaged(PathBuf),
    /// Something that is no folder is where the page is to be written.
    #[error("{} is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// A file of it was not written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// The page that is installed with this program, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhonePage {
    folder: PathBuf,
    sha256: String,
    /// In the order of [`PHONE_PAGE_FILES`].
    files: Vec<Vec<u8>>,
}

impl PhonePage {
    /// The page that was installed with `program`, this program's own file.
    ///
    /// # Errors
    /// [`PhonePageError::NotInstalled`], [`PhonePageError::Damaged`].
    pub fn of_program(program: &Path) -> Result<Self, PhonePageError> {
        let found = places(program).into_iter().find(|folder| folder.join(INDEX).is_file());
        Self::in_folder(&found.ok_or(PhonePageError::NotInstalled)?)
    }

    /// The page in this folder, if each file has the hash that is written there.
    ///
    /// # Errors
    /// [`PhonePageError::Damaged`].
    pub fn in_folder(folder: &Path) -> Result<Self, PhonePageError> {
        let read = |name: &str| {
            let path = folder.join(name);
            read_limited(&path).map_err(|_| PhonePageError::Damaged(path))
        };
        let files = PHONE_PAGE_FILES.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let sums = files.last().map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        let mut sha256 = None;
        for (name, bytes) in PHONE_PAGE_FILES.into_iter().zip(&files) {
            if name == SUMS {
                continue;
            }
            let sum = hexadecimal(&Sha256::digest(bytes));
            let line = format!("{sum}  {name}");
            if !sums.lines().any(|given| given == line) {
                return Err(PhonePageError::Damaged(folder.join(name)));
            }
            sha256.get_or_insert(sum);
        }
        let sha256 = sha256.ok_or(PhonePageError::NotInstalled)?;
        Ok(Self { folder: folder.to_owned(), sha256, files })
    }

    /// Where it is installed.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// SHA-256 of the page itself, in hexadecimal: one file holds all that it does.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Writes the page's files into `folder`, which is made where it is not there. All of
    /// them, or none; a file that is there already is never replaced, and one that holds
    /// the same bytes is left. Gives their paths.
    ///
    /// # Errors
    /// [`PhonePageError::NotAFolder`], [`PhonePageError::Write`].
    pub fn write_to(&self, folder: &Path) -> Result<Vec<PathBuf>, PhonePageError> {
        if folder.exists() && !folder.is_dir() {
            return Err(PhonePageError::NotAFolder(folder.to_owned()));
        }
        let paths: Vec<PathBuf> = PHONE_PAGE_FILES.iter().map(|name| folder.join(name)).collect();
        let mut missing = Vec::new();
        for (path, bytes) in paths.iter().zip(&self.files) {
            match fs::symlink_metadata(path) {
                Err(_) => missing.push((path, bytes)),
                Ok(there) if there.is_file() && read_limited(path).is_ok_and(|it| it == *bytes) => {
                }
                Ok(_) => return Err(WriteError::Exists(path.clone()).into()),
            }
        }
        fs::create_dir_all(folder).map_err(|error| WriteError::new(folder, &error))?;
        let mut made: Vec<&PathBuf> = Vec::new();
        for (path, bytes) in missing {
            if let Err(error) = create_file(path, bytes, Access::Shared) {
                for path in made {
                    // It is ours, and of no use without the others.
                    let _ = fs::remove_file(path);
                }
                return Err(WriteError::new(path, &error).into());
            }
            made.push(path);
        }
        Ok(paths)
    }
}

/// Where the page may be that came with `program`: as installed below a prefix, in the
/// bundle of macOS, beside the program as on Windows, and in the folder that Cargo builds in.
fn places(program: &Path) -> Vec<PathBuf> {
    // What was installed is often started by a link to it.
    let program = program.canonicalize().unwrap_or_else(|_| program.to_owned());
    let Some(beside) = program.parent() else { return Vec::new() };
    let mut places = Vec::new();
    if let Some(above) = beside.parent() {
        places.push(above.join("share/keyglance/phone"));
        places.push(above.join("Resources/phone"));
        // Cargo marks its folder so.
        if above.join("CACHEDIR.TAG").is_file() {
            places.push(above.join("phone"));
        }
    }
    if cfg!(windows) {
        places.push(beside.join("phone"));
    }
    places
}

fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let length = File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if length as u64 > MAX_FILE { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
