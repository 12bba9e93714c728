//! What can go wrong with files that are read, written, encrypted or opened.

use std::io::ErrorKind;

use keyglance_core::keyfile::{KeyFileError, PassphraseError, StreamError};
use keyglance_profile::{FileKindError, OpenKeyError, SealFileError, WriteError};

use super::{Explain, Face, NO_SPACE, Notification, UNCHANGED, UNWRITTEN, UPDATE, sentence};

/// Why the system did not let us read a file.
pub fn read_failed(name: &str, kind: ErrorKind) -> String {
    match kind {
        ErrorKind::NotFound => format!("There is no file {name}."),
        ErrorKind::PermissionDenied => format!("{name} may not be read."),
        ErrorKind::IsADirectory => format!("{name} is a folder."),
        ErrorKind::NotADirectory => format!("{name} is below something that is no folder."),
        _ => format!("{name} could not be read."),
    }
}

/// The same of a file that is named before it.
#[cfg(feature = "cli")]
pub const fn file_state(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotFound => "There is no such file.",
        ErrorKind::PermissionDenied => "It may not be read.",
        ErrorKind::IsADirectory => "It is a folder.",
        ErrorKind::NotADirectory => "It is below something that is no folder.",
        _ => "It could not be read.",
    }
}

/// Why the system did not let us write a file.
pub fn write_failed(name: &str, kind: ErrorKind) -> String {
    match kind {
        ErrorKind::NotFound => format!("The folder of {name} is not there."),
        ErrorKind::PermissionDenied => format!("{name} may not be written there."),
        ErrorKind::IsADirectory => format!("{name} is a folder."),
        ErrorKind::NotADirectory => format!("{name} is below something that is no folder."),
        ErrorKind::AlreadyExists => format!("{name} is already there."),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            format!("There is no space left to write {name}.")
        }
        ErrorKind::ReadOnlyFilesystem => format!("{name} is on a read-only disk."),
        ErrorKind::InvalidFilename => format!("The disk does not take the name {name}."),
        ErrorKind::BrokenPipe => format!("What reads {name} has stopped."),
        _ => format!("{name} could not be written."),
    }
}

const fn is_full(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

/// Why a file was not written.
impl Explain for WriteError {
    fn explain(&self, face: Face) -> Notification {
        let another_name = face.choose(
            "Nothing was written. Choose another name.",
            "Nothing was written. Choose another name with --out FILE.",
        );
        let (what, advice) = match self {
            Self::Exists(path) => {
                (write_failed(&face.file(path), ErrorKind::AlreadyExists), another_name)
            }
            Self::Io { path, kind } => {
                let advice = match kind {
                    kind if is_full(*kind) => NO_SPACE,
                    ErrorKind::InvalidFilename => another_name,
                    _ => "Nothing was written. Choose another place.",
                };
                (write_failed(&face.file(path), *kind), advice)
            }
            error => (sentence(error), UNWRITTEN),
        };
        Notification::new(what, advice)
    }
}

/// Why a file cannot be looked at.
impl Explain for FileKindError {
    fn explain(&self, face: Face) -> Notification {
        let (what, advice) = match self {
            Self::Missing(path) => (read_failed(&face.file(path), ErrorKind::NotFound), ""),
            Self::Folder(path) => (
                read_failed(&face.file(path), ErrorKind::IsADirectory),
                "Pack it into one file first, then use that.",
            ),
            Self::NotAFile(path) => (format!("{} is not a file.", face.file(path)), ""),
            Self::Empty(path) => (format!("{} is empty.", face.file(path)), ""),
            Self::Denied(path) => (
                read_failed(&face.file(path), ErrorKind::PermissionDenied),
                "Allow access to it, then try again.",
            ),
            Self::Io { path, .. } => (
                format!("{} could not be read.", face.file(path)),
                "Check the disk, then try again.",
            ),
            error => (sentence(error), ""),
        };
        Notification::new(what, advice)
    }
}

impl Explain for KeyFileError {
    fn explain(&self, _: Face) -> Notification {
        let advice = if matches!(self, Self::Newer(_)) { UPDATE } else { UNCHANGED };
        Notification::new(sentence(self), advice)
    }
}

/// Why a key file was not read.
impl Explain for OpenKeyError {
    fn explain(&self, face: Face) -> Notification {
        match self {
            Self::File(error) => error.explain(face),
            Self::Passphrase(PassphraseError::Wrong) => Notification::new(
                "That is not the passphrase of this file.",
                "Nothing was lost. Try again.",
            ),
            Self::Passphrase(error) => error.explain(face),
            Self::Key(error) => error.explain(face),
            error => Notification::new(sentence(error), UNCHANGED),
        }
    }
}

/// Why a file was not encrypted or opened.
impl Explain for SealFileError {
    fn explain(&self, face: Face) -> Notification {
        match self {
            Self::File(error) => error.explain(face),
            Self::Write(error) => error.explain(face),
            Self::Stream(error) => error.explain(face),
            error => Notification::new(sentence(error), UNWRITTEN),
        }
    }
}

impl Explain for StreamError {
    fn explain(&self, face: Face) -> Notification {
        let (what, advice) = match self {
            Self::NoKey => (
                "None of your keys opens this file.",
                face.choose(
                    "It was encrypted for somebody else, or with a separate key.",
                    "Was it sealed with a separate key? Name it with --separate-key-for TEXT.",
                ),
            ),
            Self::ByPassphrase => (
                "A passphrase protects this file, not a key.",
                face.choose("", "To open it: age -d FILE"),
            ),
            Self::TooManyRecipients => ("The file is encrypted for more than 64.", ""),
            Self::NotAgeFile => face.choose(
                ("Keyglance does not know this kind of encrypted file.", ""),
                ("This is not an age file.", UNWRITTEN),
            ),
            Self::UnknownVersion => ("Keyglance does not know this kind of encrypted file.", ""),
            Self::Damaged => ("The file is damaged or cut off.", UNWRITTEN),
            Self::Read(error) if error.kind() == ErrorKind::IsADirectory => {
                ("This is a folder.", UNWRITTEN)
            }
            Self::Read(_) => ("The file could not be read to its end.", UNWRITTEN),
            Self::Write(error) if is_full(error.kind()) => {
                return Notification::new(write_failed("the result", error.kind()), NO_SPACE);
            }
            Self::Write(error) if error.kind() == ErrorKind::BrokenPipe => {
                return Notification::new(write_failed("the result", error.kind()), "");
            }
            Self::Write(_) => ("The result could not be written.", UNWRITTEN),
            error => return Notification::new(sentence(error), UNWRITTEN),
        };
        Notification::new(what, advice)
    }
}
