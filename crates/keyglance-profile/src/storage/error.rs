//! What can go wrong with a profile.

use std::io;
use std::path::{Path, PathBuf};

use crate::gate::Refusal;
use crate::lookup::{Candidate, list};
use keyglance_core::contacts::LocalNameError;
use keyglance_core::keyfile::PassphraseError;

/// Why the profile could not be read or changed. It is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The system knows no home folder.
    #[error("there is no home folder to keep a profile in")]
    NoHome,
    /// A file where the folder should be.
    #[error("{} is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// A folder, link or device where a file should be.
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// Much larger than anything we write.
    #[error("{} is too large to be a file of a profile", .0.display())]
    TooLarge(PathBuf),
    /// The folder is something else's.
    #[error("{} is not a Keyglance profile, or a damaged one", .0.display())]
    NotAProfile(PathBuf),
    /// Another user's folder: they could change what is in it.
    #[error("{} belongs to another user of this computer", .0.display())]
    NotOurs(PathBuf),
    /// Another user's file within the profile: they may have put it there.
    #[error("{} belongs to another user of this computer, who may have put it there", .0.display())]
    ForeignFile(PathBuf),
    /// A file of the profile that others may write.
    #[error("{} can be changed by other users of this computer", .0.display())]
    WritableByOthers(PathBuf),
    /// A later program's.
    #[error("the profile has version {0}, newer than this program")]
    Newer(u64),
    /// The system denies access.
    #[error("{} may not be read or written", .0.display())]
    Permission(PathBuf),
    /// The disk is read-only.
    #[error("{} is on a read-only disk", .0.display())]
    ReadOnly(PathBuf),
    /// Another program holds it and does not let go.
    #[error("another program is changing the profile")]
    Busy,
    /// The disk is full.
    #[error("there is no space left to write {}", .0.display())]
    NoSpace(PathBuf),
    /// The profile is in a place where it should not stay, and could not be moved.
    #[error("the profile in {} could not be moved to {}", .from.display(), .to.display())]
    NotMoved {
        /// Where it is.
        from: PathBuf,
        /// Where it should be.
        to: PathBuf,
    },
    /// Any other error of the system.
    #[error("{}: {kind}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The kind of error.
        kind: io::ErrorKind,
    },
    /// The identity file cannot be read.
    #[error("the file that says who this device is, is damaged")]
    IdentityDamaged,
    /// The file that says what is shared cannot be read.
    #[error("{} says what this device shares, and is damaged", .0.display())]
    OwnCardDamaged(PathBuf),
    /// The identity is under a passphrase, and the one that was to take its place
    /// would not be.
    #[error("this device is protected by a passphrase, and would not be any more")]
    ProtectionLost,
    /// The identity is already there.
    #[error("this profile is a device's already")]
    IdentityExists,
    /// It has none yet.
    #[error("this profile is no device's yet")]
    NoIdentity,
    /// The passphrase does not open the identity, or cannot protect it.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// No contact or key has this name.
    #[error("there is no {what} called {name:?}")]
    NotFound {
        /// `contact` or `key`.
        what: &'static str,
        /// The name asked for.
        name: String,
    },
    /// No contact and no key is called so, or has an id that begins so.
    #[error("{}", nothing_called(text, close))]
    NothingCalled {
        /// What was asked for.
        text: String,
        /// Names that are near it, at most three.
        close: Vec<String>,
    },
    /// Nobody can type a check code for this key: it was compared, or did not come
    /// from a pairing.
    #[error("there is no check code to compare for {0:?}")]
    NothingToCompare(String),
    /// More than one contact or key may be meant.
    #[error("{} fit {text:?}: {}", count(.candidates.len()), list(.candidates))]
    Ambiguous {
        /// What was asked for.
        text: String,
        /// All that fit, each with the id by which it alone is found.
        candidates: Vec<Candidate>,
    },
    /// A contact without a key.
    #[error("{0:?} has no key that you share")]
    NoKey(String),
    /// A contact has this identity already.
    #[error("this is {0:?}, who is already among your contacts")]
    Known(String),
    /// No other identity came under this contact's name.
    #[error("there is nothing to decide about {0:?}")]
    Decided(String),
    /// The key is not to be used.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The very same key is in the profile.
    #[error("this key is already here, called {0:?}")]
    KeyKnown(String),
    /// A key that was wiped for good.
    #[error("this key was wiped here, since the two devices did not agree on it")]
    KeyRejected,
    /// Another one has it.
    #[error("there is already one called {0:?}")]
    NameTaken(String),
    /// Not a name.
    #[error(transparent)]
    Name(#[from] LocalNameError),
}

fn nothing_called(text: &str, close: &[String]) -> String {
    let close: Vec<String> = close.iter().map(|name| format!("{name:?}")).collect();
    match &close[..] {
        [] => format!("Nothing is called {text:?}."),
        close => format!("Nothing is called {text:?}. Close: {}.", close.join(", ")),
    }
}

fn count(number: usize) -> String {
    if number == 2 { "Two".to_owned() } else { number.to_string() }
}

impl StoreError {
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::Permission(path),
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(path),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoSpace(path),
            io::ErrorKind::NotADirectory => Self::NotAFolder(path),
            kind => Self::Io { path, kind },
        }
    }
}

/// Something that did not stop us and that the user should know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// A file that cannot be read was left where it is; the others were read.
    #[error("{} was left aside: {why}", .path.display())]
    Quarantined {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// A file that others own or can change was left where it is; the others were
    /// read.
    #[error("{0}; it was left aside")]
    NotOurs(StoreError),
    /// The profile is on a read-only disk: it can be looked at and used, and
    /// nothing can be changed or recorded in it.
    #[error("{} is on a read-only disk: nothing can be changed or recorded in it", .0.display())]
    ReadOnly(PathBuf),
    /// Other users could read the folder; now they cannot.
    #[error("{} was open to other users of this computer; it is private now", .0.display())]
    WasOpen(PathBuf),
    /// A new profile outside the user's own folder, on a system whose permissions are
    /// not looked at.
    #[error("{} is not in your own folder: other users of this computer may be able to read it", .0.display())]
    NotPrivate(PathBuf),
    /// The profile was where the system may copy it to other computers.
    #[error("{} holds your profile now: it was moved there from {}, which the system may copy to other computers", .to.display(), .from.display())]
    Moved {
        /// Where it was.
        from: PathBuf,
        /// Where it is.
        to: PathBuf,
    },
}

/// Why a file outside the profile was not written. None is there, or the one that
/// was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// Another file has this name, and stays as it is.
    #[error("{} is already there", .0.display())]
    Exists(PathBuf),
    /// The system says no.
    #[error("{} could not be written: {kind}", .path.display())]
    Io {
        /// The file's path.
        path: PathBuf,
        /// What the system said.
        kind: io::ErrorKind,
    },
}

impl WriteError {
    /// What `error` means for the file at `path`.
    #[must_use]
    pub fn new(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::AlreadyExists => Self::Exists(path),
            kind => Self::Io { path, kind },
        }
    }
}
