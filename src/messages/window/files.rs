//! Files that are encrypted, opened or dropped.

use std::io::ErrorKind;
use std::path::Path;

use keyglance_core::keyfile::{KeyFile, KeyFileError, PassphraseError, StreamError};
use keyglance_profile::{
    FileKindError, OpenKeyError, OpenedStream, SealFileError, printable, printable_path,
};

use super::{Notification, day, sentence, write};
use crate::messages;

/// Several files were dropped on a contact.
pub fn one_file_at_a_time() -> Notification {
    Notification::new("One file at a time: only the first was taken.", "")
}

pub const KEY_KNOWN: &str = "You have this key already.";

/// What a key file says of itself.
pub fn found_key(key: &KeyFile) -> String {
    let name = printable(key.peer.name.as_str());
    let made = format!("A shared key for “{name}”, made {}.", day(key.created));
    let mut about = match key.verified {
        Some(_) => format!("{made} It says it was compared; only you can know."),
        None => format!("{made} It was not compared."),
    };
    if !key.is_acknowledged() {
        about.push_str(" The other device may not have it.");
    }
    about
}

/// A file that this program can do nothing with.
pub fn unknown_file(path: &Path) -> Notification {
    let name = path.file_name().map(Path::new).unwrap_or(path);
    Notification::new(
        format!("Keyglance does not know what {} is.", printable_path(name)),
        "It opens key files, encrypted files, backups, and pictures or texts with a code.",
    )
}

/// Why a file cannot be looked at.
pub fn file_kind(error: &FileKindError) -> Notification {
    let name = |path: &Path| printable_path(path.file_name().map(Path::new).unwrap_or(path));
    let (what, advice) = match error {
        FileKindError::Missing(path) => (format!("There is no file {}.", name(path)), ""),
        FileKindError::Folder(path) => {
            (format!("{} is a folder.", name(path)), "Pack it into one file first, then use that.")
        }
        FileKindError::NotAFile(path) => (format!("{} is not a file.", name(path)), ""),
        FileKindError::Empty(path) => (format!("{} is empty.", name(path)), ""),
        FileKindError::Denied(path) => {
            (format!("{} may not be read.", name(path)), "Allow access to it, then try again.")
        }
        FileKindError::Io { path, .. } => {
            (format!("{} could not be read.", name(path)), "Check the disk, then try again.")
        }
        _ => ("The file could not be read.".to_owned(), ""),
    };
    Notification::new(what, advice)
}

/// Why a key file was not read.
pub fn open_key(error: &OpenKeyError) -> Notification {
    match error {
        OpenKeyError::File(error) => file_kind(error),
        OpenKeyError::Passphrase(PassphraseError::Wrong) => Notification::new(
            "That is not the passphrase of this file.",
            "Nothing was lost. Try again.",
        ),
        OpenKeyError::Key(KeyFileError::Newer(_)) => {
            Notification::new(sentence(error), "Update Keyglance, then try again.")
        }
        error => Notification::new(sentence(error), "Nothing was changed."),
    }
}

/// Why a file was not encrypted or opened.
pub fn seal_file(error: &SealFileError) -> Notification {
    match error {
        SealFileError::File(error) => file_kind(error),
        SealFileError::Write(error) => write(error),
        SealFileError::Stream(error) => stream(error),
        error => Notification::new(sentence(error), "Nothing was written."),
    }
}

fn stream(error: &StreamError) -> Notification {
    let (what, advice) = match error {
        StreamError::NoKey => (
            "None of your keys opens this file.",
            "It was encrypted for somebody else, or with a separate key.",
        ),
        StreamError::ByPassphrase => ("A passphrase protects this file, not a key.", ""),
        StreamError::TooManyRecipients => ("The file is encrypted for more than 64.", ""),
        StreamError::NotAgeFile | StreamError::UnknownVersion => {
            ("Keyglance does not know this kind of encrypted file.", "")
        }
        StreamError::Damaged => ("The file is damaged or cut off.", "Nothing was written."),
        StreamError::Read(_) => ("The file could not be read to its end.", "Nothing was written."),
        StreamError::Write(error) if error.kind() == ErrorKind::StorageFull => (
            "There is no space left for it.",
            "Nothing was changed. Free some space, then try again.",
        ),
        StreamError::Write(_) => ("The file could not be written.", "Nothing was written."),
        error => return Notification::new(sentence(error), "Nothing was written."),
    };
    Notification::new(what, advice)
}

/// The numbers of whoever sealed it did not match.
pub fn mismatched_sealer(opened: &OpenedStream<'_>) -> String {
    format!(
        "The numbers of {} did not match. Somebody else may have encrypted this.",
        messages::sealer(opened)
    )
}
