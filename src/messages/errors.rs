//! What happened, in words: the text of every error that a face shows. The libraries say
//! what they know; what the system says is for programmers, and is put plainly here.

use std::io::ErrorKind;

use keyglance_capture::{CaptureError, PictureFileError};
use keyglance_core::contacts::{IdentityError, LocalNameError};
use keyglance_core::crypto::{PublicKeyError, PurposeError};
use keyglance_core::exports::ExportError;
use keyglance_core::keyfile::{KeyFileError, PassphraseError, StreamError};
use keyglance_core::pairing::NameError;
use keyglance_profile::{
    BackupError, CodeFileError, ExportFailure, IdentityChangeError, StoreError, WriteError,
    printable_path,
};
use keyglance_qr::{EncodeError, RenderError};

/// An error that can be shown.
pub trait Told {
    /// What happened.
    fn told(&self) -> String;
}

/// What happened.
#[allow(clippy::needless_pass_by_value)]
pub fn told(error: impl Told) -> String {
    error.told()
}

/// What became of a file that the system did not let us read or write.
pub fn file_error(name: &str, kind: ErrorKind, writes: bool) -> String {
    match kind {
        ErrorKind::NotFound if writes => format!("the folder of {name} is not there"),
        ErrorKind::NotFound => format!("there is no file {name}"),
        ErrorKind::PermissionDenied if writes => format!("{name} may not be written"),
        ErrorKind::PermissionDenied => format!("{name} may not be read"),
        ErrorKind::IsADirectory => format!("{name} is a folder"),
        ErrorKind::NotADirectory => format!("{name} is below something that is no folder"),
        ErrorKind::AlreadyExists => format!("{name} is already there"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            format!("there is no space left to write {name}")
        }
        ErrorKind::ReadOnlyFilesystem => format!("{name} is on a read-only disk"),
        ErrorKind::BrokenPipe => format!("what reads {name} has stopped"),
        _ if writes => format!("{name} could not be written"),
        _ => format!("{name} could not be read"),
    }
}

/// The same of a file that is named before it.
pub const fn file_state(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotFound => "there is no such file",
        ErrorKind::PermissionDenied => "it may not be read",
        ErrorKind::IsADirectory => "it is a folder",
        ErrorKind::NotADirectory => "it is below something that is no folder",
        _ => "it could not be read",
    }
}

/// What to do about a file that could not be written.
pub const fn file_advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "Nothing was changed. Free some space, then try again."
        }
        _ => "Nothing was written. Choose another place.",
    }
}

impl<E: Told + ?Sized> Told for &E {
    fn told(&self) -> String {
        (**self).told()
    }
}

/// Errors that say everything themselves.
macro_rules! as_they_say {
    ($($error:ty),+) => {$(
        impl Told for $error {
            fn told(&self) -> String {
                self.to_string()
            }
        }
    )+};
}

as_they_say!(
    EncodeError,
    ExportError,
    IdentityError,
    KeyFileError,
    LocalNameError,
    NameError,
    PassphraseError,
    PublicKeyError,
    PurposeError,
    RenderError
);

impl Told for StoreError {
    fn told(&self) -> String {
        match self {
            Self::Io { path, kind: ErrorKind::NotFound } => {
                format!("{} is not there any more", printable_path(path))
            }
            Self::Io { path, kind } => file_error(&printable_path(path), *kind, false),
            error => error.to_string(),
        }
    }
}

impl Told for WriteError {
    fn told(&self) -> String {
        match self {
            Self::Io { path, kind } => file_error(&printable_path(path), *kind, true),
            error => error.to_string(),
        }
    }
}

impl Told for StreamError {
    fn told(&self) -> String {
        match self {
            Self::Read(error) => file_state(error.kind()).to_owned(),
            Self::Write(error) => file_error("the result", error.kind(), true),
            error => error.to_string(),
        }
    }
}

impl Told for CaptureError {
    fn told(&self) -> String {
        match self {
            Self::File(PictureFileError::Unreadable { path, kind }) => {
                file_error(&printable_path(path), *kind, false)
            }
            error => error.to_string(),
        }
    }
}

impl Told for BackupError {
    fn told(&self) -> String {
        match self {
            Self::Store(error) => error.told(),
            Self::Write(error) => error.told(),
            Self::Read(kind) => file_error("the backup", *kind, false),
            error => error.to_string(),
        }
    }
}

impl Told for IdentityChangeError {
    fn told(&self) -> String {
        match self {
            Self::Store(error) => error.told(),
            Self::Write(error) => error.told(),
            Self::Read { path, kind } => file_error(&printable_path(path), *kind, false),
            error => error.to_string(),
        }
    }
}

impl Told for CodeFileError {
    fn told(&self) -> String {
        match self {
            Self::Write(error) => error.told(),
            error => error.to_string(),
        }
    }
}

impl Told for ExportFailure {
    fn told(&self) -> String {
        match self {
            Self::Store(error) => error.told(),
            Self::Write(error) => error.told(),
            error => error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// Every kind of error that the system gives, as far as Rust can make one of a number.
    fn kinds() -> Vec<ErrorKind> {
        let mut kinds: Vec<ErrorKind> =
            (1..134).map(|number| io::Error::from_raw_os_error(number).kind()).collect();
        kinds.extend([ErrorKind::UnexpectedEof, ErrorKind::WriteZero, ErrorKind::Other]);
        kinds
    }

    #[test]
    fn no_error_speaks_to_programmers() {
        let path = || "/home/ana/key".into();
        let mut all = Vec::new();
        for kind in kinds() {
            all.push(file_error("key", kind, true));
            all.push(file_error("key", kind, false));
            all.push(format!("key: {}", file_state(kind)));
            all.push(told(StoreError::Io { path: path(), kind }));
            all.push(told(WriteError::Io { path: path(), kind }));
            all.push(told(StreamError::Read(kind.into())));
            all.push(told(StreamError::Write(kind.into())));
            all.push(told(BackupError::Read(kind)));
            all.push(told(BackupError::Store(StoreError::Io { path: path(), kind })));
            all.push(told(IdentityChangeError::Read { path: path(), kind }));
            all.push(told(ExportFailure::Write(WriteError::Io { path: path(), kind })));
            all.push(told(CodeFileError::Write(WriteError::Io { path: path(), kind })));
            all.push(told(CaptureError::File(PictureFileError::Unreadable { path: path(), kind })));
        }
        for text in all {
            // The system's own words, and what Debug prints.
            let words = ["entity", "os error", "errno", "uncategorized", "Kind", "{", "Error("];
            for word in words {
                assert!(!text.contains(word), "{text}");
            }
            for kind in kinds() {
                let theirs = kind.to_string();
                assert!(theirs.len() < 12 || !text.contains(&theirs), "{text}: {theirs}");
            }
        }
    }
}
