//! The window's sentences for what can go wrong with a profile, with backups of it, and with
//! files that are written: what happened, and what to do in the window about it.

use std::io::ErrorKind;
use std::path::Path;

use super::Notification;
use super::window::sentence;
use crate::messages;
use keyglance_core::contacts::LocalNameError;
use keyglance_core::keyfile::PassphraseError;
use keyglance_profile::{
    BackupError, IdentityChangeError, Refusal, StoreError, WriteError, printable, printable_path,
};

const CHOOSE: &str = "Nothing was changed. Choose another folder.";
const UNCHANGED: &str = "Nothing was changed.";
const NO_SPACE: &str = "Nothing was changed. Free some space, then try again.";

/// A name within a sentence.
fn named(name: &str) -> String {
    format!("“{}”", printable(name))
}

fn file(path: &Path) -> String {
    printable_path(path.file_name().map(Path::new).unwrap_or(path))
}

/// What is wrong with the profile, and what to do.
pub fn store(error: &StoreError) -> Notification {
    let (what, advice) = match error {
        StoreError::NoHome => {
            ("There is no home folder to keep a profile in.".to_owned(), "Choose a folder.")
        }
        StoreError::NotAFolder(path) => {
            (format!("{} is not a folder.", printable_path(path)), CHOOSE)
        }
        StoreError::NotAProfile(path) => {
            (format!("The folder {} is not Keyglance’s, or damaged.", printable_path(path)), CHOOSE)
        }
        StoreError::NotOurs(path) => {
            (format!("The folder {} belongs to another user.", printable_path(path)), CHOOSE)
        }
        StoreError::ReadOnly(path) => (
            format!("The folder {} can be read, but not changed.", printable_path(path)),
            "Pairing and saving are off.",
        ),
        StoreError::Permission(path) => (
            format!("{} may not be read or changed.", printable_path(path)),
            "Nothing was changed. Allow access to it, then try again.",
        ),
        StoreError::Io { path, kind: ErrorKind::NotFound } => {
            (format!("The folder {} is gone.", printable_path(folder(path))), CHOOSE)
        }
        StoreError::NoSpace(_) => ("There is no space left on the disk.".to_owned(), NO_SPACE),
        StoreError::Io { path, .. } => (
            format!("{} could not be read or changed.", printable_path(path)),
            "Nothing was changed. Check the disk, then try again.",
        ),
        StoreError::Newer(_) => (
            "This profile was made by a newer Keyglance.".to_owned(),
            "Nothing was changed. Update Keyglance, then try again.",
        ),
        error => return contact_or_key(error),
    };
    Notification::new(what, advice)
}

/// The profile's own folder, of a file or a folder in it.
fn folder(path: &Path) -> &Path {
    let within = |name: &str| matches!(name, "contacts" | "keys" | "lock" | "profile.json");
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if within(name) { path.parent().unwrap_or(path) } else { path }
}

/// What is wrong with something in the profile.
fn contact_or_key(error: &StoreError) -> Notification {
    let (what, advice) = match error {
        StoreError::Refused(error) => return refusal(error),
        StoreError::Passphrase(error) => return passphrase(error),
        StoreError::Name(LocalNameError::Hidden(letter)) => (
            format!("This name holds a letter that cannot be seen (U+{:04X}).", u32::from(*letter)),
            "",
        ),
        // The window asks by ids, which say nothing to people.
        StoreError::NotFound { what, .. } => {
            (format!("This {what} is not here any more."), UNCHANGED)
        }
        StoreError::Ambiguous { text, .. } => (format!("More than one fits {}.", named(text)), ""),
        StoreError::NothingToCompare(name) => {
            (format!("{} has no check code to compare.", named(name)), "")
        }
        StoreError::NoKey(name) => {
            (format!("You share no key with {} yet.", named(name)), "Pair to share one.")
        }
        StoreError::Known(name) => (format!("You know this device already: {}.", named(name)), ""),
        StoreError::Decided(name) => (format!("{} is decided already.", named(name)), ""),
        StoreError::KeyKnown(name) => {
            (format!("You have this key already: {}.", named(name)), UNCHANGED)
        }
        StoreError::KeyRejected => (
            "The two devices did not agree on this key, so it was deleted here.".to_owned(),
            "Pair again in person.",
        ),
        StoreError::NameTaken(name) => {
            (format!("There is already one called {}.", named(name)), "Choose another name.")
        }
        StoreError::NotAFile(path) => (format!("{} is not a file.", file(path)), UNCHANGED),
        StoreError::TooLarge(path) => (format!("{} is too large.", file(path)), UNCHANGED),
        StoreError::ForeignFile(path) => {
            (format!("{} belongs to another user.", file(path)), UNCHANGED)
        }
        StoreError::WritableByOthers(path) => {
            (format!("{} can be changed by other users.", file(path)), UNCHANGED)
        }
        StoreError::IdentityDamaged => {
            ("This device’s own key is damaged.".to_owned(), "Restore a backup of it.")
        }
        StoreError::ProtectionLost => protection_lost(),
        StoreError::IdentityExists => {
            ("This device has its own key already.".to_owned(), UNCHANGED)
        }
        StoreError::NoIdentity => ("This device has no name and no key yet.".to_owned(), UNCHANGED),
        error => (sentence(error), UNCHANGED),
    };
    Notification::new(what, advice)
}

fn protection_lost() -> (String, &'static str) {
    (
        "A passphrase protects this device, and would not protect what takes its place.".to_owned(),
        "Nothing was changed. Remove the passphrase in the settings first, then set one again.",
    )
}

fn passphrase(error: &PassphraseError) -> Notification {
    match error {
        PassphraseError::Wrong => {
            Notification::new("That is not the passphrase.", "Nothing was lost.")
        }
        error => Notification::new(sentence(error), UNCHANGED),
    }
}

/// Why nothing was backed up or restored.
pub fn backup(error: &BackupError) -> Notification {
    let (what, advice) = match error {
        BackupError::Store(error) => return store(error),
        BackupError::Write(error) => return write(error),
        BackupError::Passphrase(error) => return passphrase(error),
        BackupError::Read(ErrorKind::NotFound) => {
            ("There is no file of this name.".to_owned(), "Choose the backup’s file.")
        }
        BackupError::Read(_) => ("The backup could not be read.".to_owned(), UNCHANGED),
        BackupError::NotABackup => {
            ("This file is not a backup of Keyglance.".to_owned(), UNCHANGED)
        }
        BackupError::Newer(_) => (
            "This backup was made by a newer Keyglance.".to_owned(),
            "Nothing was changed. Update Keyglance, then try again.",
        ),
        BackupError::Incomplete(_) => (
            "A contact or a key cannot be read, and would be missing in the backup.".to_owned(),
            "No backup was made.",
        ),
        error => (sentence(error), UNCHANGED),
    };
    Notification::new(what, advice)
}

/// Why this device's own key was not changed.
pub fn identity(error: &IdentityChangeError) -> Notification {
    let (what, advice) = match error {
        IdentityChangeError::Store(error) => return store(error),
        IdentityChangeError::Write(error) => return write(error),
        IdentityChangeError::ProtectionLost => protection_lost(),
        IdentityChangeError::Read { path, kind: ErrorKind::NotFound } => {
            (format!("There is no file {}.", file(path)), UNCHANGED)
        }
        IdentityChangeError::Read { path, .. } => {
            (format!("{} could not be read.", file(path)), UNCHANGED)
        }
        error => (sentence(error), UNCHANGED),
    };
    Notification::new(what, advice)
}

/// Why a file was not written.
pub fn write(error: &WriteError) -> Notification {
    let (what, advice) = match error {
        WriteError::Exists(path) => {
            (format!("{} is already there.", file(path)), "Choose another name.")
        }
        WriteError::Io { path, kind } => {
            let name = file(path);
            match kind {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                    ("There is no space left on the disk.".to_owned(), NO_SPACE)
                }
                ErrorKind::NotFound | ErrorKind::NotADirectory => {
                    ("There is no such folder.".to_owned(), "Choose another place.")
                }
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                    (format!("{name} may not be written there."), "Choose another place.")
                }
                ErrorKind::InvalidFilename => {
                    ("The disk does not take this name.".to_owned(), "Choose another name.")
                }
                _ => (format!("{name} could not be written."), "Choose another place."),
            }
        }
        error => (sentence(error), "Choose another place."),
    };
    Notification::new(what, advice)
}

/// Why nothing may be made of a key.
pub fn refusal(refusal: &Refusal) -> Notification {
    let what = match refusal {
        Refusal::Mismatch(_) => {
            let steps =
                format!("{}\nNothing is done with the key until then.", messages::DIFFER_STEPS);
            return Notification::new(messages::DIFFER, steps);
        }
        Refusal::HeldBack { contact, known, .. } => format!(
            "{} came with a different key than {} has, and is held back.",
            named(contact),
            named(known)
        ),
        Refusal::Blocked(name) => format!("{} is blocked.", named(name)),
        Refusal::Retired(name) => format!("The key {} is not in use any more.", named(name)),
        Refusal::NotAcknowledged(name) => {
            format!("The other device has not confirmed the key {}.", named(name))
        }
        Refusal::ContactUnreadable(name) => {
            format!("The contact of the key {} cannot be read.", named(name))
        }
        Refusal::NotCompared(name) => format!("The key {} is not compared.", named(name)),
        error => sentence(error),
    };
    Notification::new(what, messages::refusal(refusal))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::messages::window;
    use keyglance_core::exports::{ExportError, OptionError, Target};
    use keyglance_core::keyfile::{KeyFileError, StreamError};
    use keyglance_profile::{CodeFileError, ExportFailure, FileKindError, OpenKeyError};

    /// Every kind of error that a system gives.
    const KINDS: [ErrorKind; 9] = [
        ErrorKind::NotFound,
        ErrorKind::PermissionDenied,
        ErrorKind::StorageFull,
        ErrorKind::ReadOnlyFilesystem,
        ErrorKind::NotADirectory,
        ErrorKind::IsADirectory,
        ErrorKind::Interrupted,
        ErrorKind::InvalidFilename,
        ErrorKind::Other,
    ];

    fn path() -> PathBuf {
        PathBuf::from("/home/ana/\u{202e}it's \"here\"")
    }

    fn refusals() -> Vec<Refusal> {
        let name = || "Zoë \"x\"\u{200b}".to_owned();
        vec![
            Refusal::Mismatch(name()),
            Refusal::HeldBack { contact: name(), known: name(), decided: false },
            Refusal::HeldBack { contact: name(), known: name(), decided: true },
            Refusal::Blocked(name()),
            Refusal::Retired(name()),
            Refusal::NotAcknowledged(name()),
            Refusal::ContactUnreadable(name()),
            Refusal::NotCompared(name()),
        ]
    }

    fn passphrases() -> Vec<PassphraseError> {
        vec![
            PassphraseError::Empty,
            PassphraseError::Wrong,
            PassphraseError::NotAgeFile,
            PassphraseError::NotByPassphrase,
            PassphraseError::Damaged,
        ]
    }

    fn stores() -> Vec<StoreError> {
        let name = || "Zoë \"x\"\u{200b}".to_owned();
        let mut all = vec![
            StoreError::NoHome,
            StoreError::NotAFolder(path()),
            StoreError::NotAFile(path()),
            StoreError::TooLarge(path()),
            StoreError::NotAProfile(path()),
            StoreError::NotOurs(path()),
            StoreError::ForeignFile(path()),
            StoreError::WritableByOthers(path()),
            StoreError::Newer(9),
            StoreError::Permission(path()),
            StoreError::ReadOnly(path()),
            StoreError::NoSpace(path()),
            StoreError::IdentityDamaged,
            StoreError::ProtectionLost,
            StoreError::IdentityExists,
            StoreError::NoIdentity,
            StoreError::NotFound { what: "contact", name: name() },
            StoreError::NothingToCompare(name()),
            StoreError::Ambiguous { text: name(), candidates: Vec::new() },
            StoreError::NoKey(name()),
            StoreError::Known(name()),
            StoreError::Decided(name()),
            StoreError::KeyKnown(name()),
            StoreError::KeyRejected,
            StoreError::NameTaken(name()),
            StoreError::Name(LocalNameError::Empty),
            StoreError::Name(LocalNameError::TooLong),
            StoreError::Name(LocalNameError::Hidden('\u{200b}')),
        ];
        all.extend(KINDS.map(|kind| StoreError::Io { path: path(), kind }));
        all.extend(refusals().into_iter().map(StoreError::Refused));
        all.extend(passphrases().into_iter().map(StoreError::Passphrase));
        all
    }

    /// Everything that can go wrong and that the window says.
    fn all() -> Vec<Notification> {
        let writes = || KINDS.map(|kind| WriteError::Io { path: path(), kind }).into_iter();
        let writes = || writes().chain([WriteError::Exists(path())]);
        let files = || {
            let mut files = vec![
                FileKindError::Missing(path()),
                FileKindError::Folder(path()),
                FileKindError::NotAFile(path()),
                FileKindError::Empty(path()),
                FileKindError::Denied(path()),
            ];
            files.extend(KINDS.map(|kind| FileKindError::Io { path: path(), kind }));
            files
        };
        let os = |kind: ErrorKind| std::io::Error::from(kind);
        let streams = || {
            let mut streams = vec![
                StreamError::NotAgeFile,
                StreamError::UnknownVersion,
                StreamError::HeaderTooLarge,
                StreamError::TooManyRecipients,
                StreamError::ByPassphrase,
                StreamError::NoKey,
                StreamError::Damaged,
            ];
            streams.push(StreamError::Read(std::io::Error::from_raw_os_error(5)));
            streams.push(StreamError::Write(std::io::Error::from_raw_os_error(28)));
            streams.extend(KINDS.map(|kind| StreamError::Read(os(kind))));
            streams.extend(KINDS.map(|kind| StreamError::Write(os(kind))));
            streams
        };
        let mut said: Vec<Notification> = stores().iter().map(store).collect();
        said.extend(writes().map(|error| write(&error)));
        said.extend(refusals().iter().map(refusal));
        said.extend(writes().map(|error| backup(&BackupError::Write(error))));
        said.extend(stores().into_iter().map(|error| backup(&BackupError::Store(error))));
        said.extend(KINDS.map(|kind| backup(&BackupError::Read(kind))));
        said.extend(passphrases().into_iter().map(|e| backup(&BackupError::Passphrase(e))));
        for error in [
            BackupError::NotABackup,
            BackupError::Newer(9),
            BackupError::Damaged,
            BackupError::Changed,
            BackupError::Incomplete("x: entity not found".to_owned()),
            BackupError::TooLarge,
        ] {
            said.push(backup(&error));
        }
        said.push(identity(&IdentityChangeError::ProtectionLost));
        let read = |kind| identity(&IdentityChangeError::Read { path: path(), kind });
        said.extend(KINDS.map(read));
        said.extend(files().iter().map(window::files::file_kind));
        said.extend(files().into_iter().map(|e| window::files::open_key(&OpenKeyError::File(e))));
        said.extend(passphrases().into_iter().map(|e| window::files::open_key(&e.into())));
        for error in [
            KeyFileError::NotOurs,
            KeyFileError::Older(0),
            KeyFileError::Newer(9),
            KeyFileError::Damaged,
            KeyFileError::KeyId,
            KeyFileError::SafetyNumber,
            KeyFileError::TooLarge,
        ] {
            said.push(window::files::open_key(&error.into()));
        }
        said.extend(files().into_iter().map(|e| window::files::seal_file(&e.into())));
        said.extend(streams().into_iter().map(|e| window::files::seal_file(&e.into())));
        said.extend(writes().map(|e| window::files::seal_file(&e.into())));
        said.extend(writes().map(|e| window::exports::export(&e.into())));
        said.extend(stores().into_iter().map(|e| window::exports::export(&e.into())));
        for error in [
            OptionError::Missing,
            OptionError::TooLong(32),
            OptionError::Empty,
            OptionError::Hidden('\u{200b}'),
            OptionError::Address,
            OptionError::Endpoint,
            OptionError::Brackets,
            OptionError::NotAscii,
            OptionError::Port,
            OptionError::PublicKey,
            OptionError::NotWith("own-devices"),
            OptionError::Onion,
        ] {
            let error = ExportError::InvalidOption { option: "peer-public-key", error };
            said.push(window::exports::export(&ExportFailure::Target(error)));
        }
        let wifi = Target::find("wifi").unwrap().name;
        said.push(window::exports::export(&ExportFailure::NotScanned(wifi)));
        said.push(window::exports::export(&ExportFailure::Incomplete(wifi)));
        let ending = CodeFileError::Ending { path: path(), wanted: ".png" };
        said.push(window::exports::code_file(&ending));
        said.push(window::exports::code_file(&CodeFileError::Several));
        said.extend(writes().map(|e| window::exports::code_file(&CodeFileError::Write(e))));
        said.push(window::files::unknown_file(&path()));
        said.push(window::exports::no_file_manager(&path()));
        said.push(window::what_code::no_code());
        said.push(window::files::one_file_at_a_time());
        said
    }

    /// What a system, a programmer or a shell says is not for a window.
    #[test]
    fn no_sentence_of_the_window_speaks_of_systems_shells_or_types() {
        let said = all();
        assert!(said.len() > 200);
        for Notification { what, advice } in said {
            let whole = format!("{what} {advice}");
            for foreign in [
                "entity not found",
                "os error",
                " --",
                "\\\"",
                "PathBuf",
                "Some(",
                "None)",
                "Err(",
                "Error",
                "stdin",
                "shell",
                "\u{202e}",
                "\u{200b}",
                "storage full",
                "permission denied",
                "read-only filesystem",
                "operation interrupted",
                "other error",
            ] {
                assert!(!whole.contains(foreign), "{foreign:?} in {whole}");
            }
            // The glossary: one word a thing.
            for word in ["fingerprint code", "retire", "purpose", "identity", "recipient"] {
                assert!(!whole.to_lowercase().contains(word), "{word:?} in {whole}");
            }
            let begins =
                what.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_alphabetic());
            let file = what.starts_with("\\u{202e}");
            assert!((begins || file) && what.ends_with('.'), "{what}");
        }
    }
}
