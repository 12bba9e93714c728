//! What can go wrong with a profile, with what is in it, and with backups of it.

use std::io::ErrorKind;
use std::path::Path;

use keyglance_core::contacts::{IdentityError, LocalNameError};
use keyglance_core::crypto::PublicKeyError;
use keyglance_core::keyfile::PassphraseError;
use keyglance_core::pairing::NameError;
use keyglance_profile::{
    BackupError, Candidate, CandidateId, IdentityChangeError, Refusal, StoreError, printable_path,
    shell_argument, shell_path,
};

use super::{Explain, Face, NO_SPACE, Notification, UNCHANGED, UPDATE, read_failed, sentence};
use crate::messages::{DIFFER, DIFFER_STEPS};

impl Explain for StoreError {
    fn explain(&self, face: Face) -> Notification {
        let another_folder = face.choose(
            "Nothing was changed. Choose another folder.",
            "Nothing was changed. Choose another folder with --profile DIR.",
        );
        let (what, advice) = match self {
            Self::NoHome => (
                "There is no home folder to keep a profile in.".to_owned(),
                face.choose("Choose a folder.", "Name a folder with --profile DIR."),
            ),
            Self::NotAFolder(path) => {
                (format!("{} is not a folder.", printable_path(path)), another_folder)
            }
            Self::NotAProfile(path) => (
                format!("The folder {} is not Keyglance’s, or damaged.", printable_path(path)),
                another_folder,
            ),
            Self::NotOurs(path) => (
                format!("The folder {} belongs to another user.", printable_path(path)),
                face.choose(
                    another_folder,
                    "Nothing was changed. Run it as that user, or choose another folder with \
                     --profile DIR.",
                ),
            ),
            Self::ReadOnly(path) => (
                format!("The folder {} can be read, but not changed.", printable_path(path)),
                face.choose("Pairing and saving are off.", ALLOW_OR_CHOOSE),
            ),
            Self::Permission(path) => (
                format!("{} may not be read or changed.", printable_path(path)),
                face.choose(
                    "Nothing was changed. Allow access to it, then try again.",
                    ALLOW_OR_CHOOSE,
                ),
            ),
            Self::NotMoved { from, to } => (
                format!(
                    "The profile in {} could not be moved to {}.",
                    printable_path(from),
                    printable_path(to)
                ),
                face.choose(
                    "Nothing was changed. Close what has it open, or move the folder yourself.",
                    "Nothing was changed. Close what has it open, or move the folder yourself; \
                     --profile DIR uses it where it is.",
                ),
            ),
            Self::Io { path, kind: ErrorKind::NotFound } => {
                (format!("The folder {} is gone.", printable_path(folder(path))), another_folder)
            }
            Self::Busy => (
                "Another program is changing the profile, and does not end.".to_owned(),
                "Nothing was changed. End it, then try again.",
            ),
            Self::NoSpace(_) => ("There is no space left on the disk.".to_owned(), NO_SPACE),
            Self::Io { path, .. } => (
                format!("{} could not be read or changed.", printable_path(path)),
                "Nothing was changed. Check the disk, then try again.",
            ),
            Self::Newer(_) => ("This profile was made by a newer Keyglance.".to_owned(), UPDATE),
            error => return contact_or_key(error, face),
        };
        Notification::new(what, advice)
    }
}

const ALLOW_OR_CHOOSE: &str =
    "Nothing was changed. Allow it, or choose another folder with --profile DIR.";

/// The profile's own folder, of a file or a folder in it.
fn folder(path: &Path) -> &Path {
    let within = |name: &str| matches!(name, "contacts" | "keys" | "lock" | "profile.json");
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if within(name) { path.parent().unwrap_or(path) } else { path }
}

/// What is wrong with a contact or a key.
fn contact_or_key(error: &StoreError, face: Face) -> Notification {
    let run = |command: String| face.choose(String::new(), command);
    let named = |name: &str| face.named(name);
    let (what, advice) = match error {
        StoreError::Refused(error) => return error.explain(face),
        StoreError::Passphrase(error) => return error.explain(face),
        StoreError::Name(error) => return error.explain(face),
        // The window asks by ids, which say nothing to people.
        StoreError::NotFound { what, name } => face.choose(
            (format!("This {what} is not here any more."), UNCHANGED.to_owned()),
            (format!("There is no {what} called {}.", named(name)), format!("keyglance {what}s")),
        ),
        StoreError::NothingCalled { text, close } => {
            let close = match list(close.iter().map(|name| named(name))) {
                none if none.is_empty() => none,
                close => format!(" Close: {close}."),
            };
            (
                format!("Nothing is called {}.{close}", named(text)),
                run("keyglance contacts".to_owned()),
            )
        }
        StoreError::Ambiguous { text, candidates } => face.choose(
            (format!("More than one fits {}.", named(text)), String::new()),
            (several_fit(text, candidates, face), "say which id".to_owned()),
        ),
        StoreError::OwnCardDamaged(path) => (
            format!("{} says what you share, and is damaged.", printable_path(path)),
            face.choose(
                "Choose in Settings what you share.".to_owned(),
                "Choose anew what you share: keyglance card --set KIND".to_owned(),
            ),
        ),
        StoreError::NothingToCompare(name) => {
            (format!("{} has no check code to compare.", named(name)), String::new())
        }
        StoreError::NoKey(name) => (
            format!("You share no key with {} yet.", named(name)),
            face.choose("Pair to share one.", "Pair with it: keyglance pair").to_owned(),
        ),
        StoreError::Known(name) => (
            format!("You know this device already: {}.", named(name)),
            run(format!("This shows it: keyglance contacts show {}", shell_argument(name))),
        ),
        StoreError::Decided(name) => {
            (format!("{} is decided already.", named(name)), String::new())
        }
        StoreError::KeyKnown(name) => {
            (format!("You have this key already: {}.", named(name)), UNCHANGED.to_owned())
        }
        StoreError::KeyRejected => (
            "The two devices did not agree on this key, so it was deleted here.".to_owned(),
            "Nothing was changed. Somebody in between may have it: pair again, in person."
                .to_owned(),
        ),
        StoreError::NameTaken(name) => (
            format!("There is already one called {}.", named(name)),
            "Choose another name.".to_owned(),
        ),
        StoreError::NoIdentity => (
            "This device has no name and no key yet.".to_owned(),
            face.choose(UNCHANGED, "keyglance device makes one.").to_owned(),
        ),
        error => return file_of_profile(error, face),
    };
    Notification::new(what, advice)
}

/// What is wrong with a file of the profile.
fn file_of_profile(error: &StoreError, face: Face) -> Notification {
    let mend = |path: &Path| face.choose(UNCHANGED.to_owned(), mend(path));
    let (what, advice) = match error {
        StoreError::NotAFile(path) => (format!("{} is not a file.", face.file(path)), None),
        StoreError::TooLarge(path) => (format!("{} is too large.", face.file(path)), None),
        StoreError::ForeignFile(path) => {
            (format!("{} belongs to another user.", face.file(path)), Some(mend(path)))
        }
        StoreError::WritableByOthers(path) => {
            (format!("{} can be changed by other users.", face.file(path)), Some(mend(path)))
        }
        StoreError::IdentityDamaged => (
            "This device’s own key is damaged.".to_owned(),
            Some(face.choose("Restore a backup of it.", "Restore a backup.").to_owned()),
        ),
        StoreError::ProtectionLost => return protection_lost(face),
        StoreError::IdentityExists => ("This device has its own key already.".to_owned(), None),
        error => (sentence(error), None),
    };
    Notification::new(what, advice.unwrap_or_else(|| UNCHANGED.to_owned()))
}

fn list(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn several_fit(text: &str, candidates: &[Candidate], face: Face) -> String {
    let many = match candidates.len() {
        2 => "Two".to_owned(),
        many => many.to_string(),
    };
    let candidate = |candidate: &Candidate| {
        let name = face.named(&candidate.name);
        match candidate.id {
            CandidateId::Contact(id) => format!("the contact {name} ({id})"),
            CandidateId::Key(id) => format!("the key {name} ({id})"),
        }
    };
    format!("{many} fit {}: {}.", face.named(text), list(candidates.iter().map(candidate)))
}

/// How a file of the profile that others own or can change is made one's own.
fn mend(path: &Path) -> String {
    let path = shell_path(path);
    format!(
        "Nothing was changed. If you know what is in it, make it yours; otherwise move it away.\n  \
         sudo chown \"$(id -u)\" {path} && chmod 600 {path}"
    )
}

fn protection_lost(face: Face) -> Notification {
    Notification::new(
        "A passphrase protects this device, and would not protect what takes its place.",
        face.choose(
            "Nothing was changed. Remove the passphrase in the settings first, then set one again.",
            "Nothing was changed. Add --protect to protect the new one too, or first remove the \
             passphrase with: keyglance device protect --undo",
        ),
    )
}

/// Why nothing may be made of a key.
impl Explain for Refusal {
    fn explain(&self, face: Face) -> Notification {
        let what = match self {
            Self::Mismatch(name) => face.choose(
                DIFFER.to_owned(),
                format!("The numbers of {} did not match.", face.named(name)),
            ),
            Self::HeldBack { known, .. } => format!(
                "{} has a different key than before; the new one is held back.",
                face.named(known)
            ),
            Self::Blocked(name) => format!("{} is blocked.", face.named(name)),
            Self::Retired(_) => "This key is not in use any more.".to_owned(),
            Self::NotAcknowledged(name) => {
                format!("The other device has not confirmed the key {}.", face.named(name))
            }
            Self::ContactUnreadable(name) => {
                format!("The contact of the key {} cannot be read.", face.named(name))
            }
            Self::NotCompared(name) => format!("The key {} is not compared.", face.named(name)),
            Self::SharedNotCompared(name) => format!(
                "What {} shared is theirs only if the pairing was with them: compare first.",
                face.named(name)
            ),
            error => sentence(error),
        };
        let advice = match (face, self) {
            (Face::Window, Self::Mismatch(_)) => {
                format!("{DIFFER_STEPS}\nNothing is done with the key until then.")
            }
            (Face::Window, _) => after(self).to_owned(),
            (Face::Terminal, Self::SharedNotCompared(_)) => format!(
                "Nothing was made of it.\n  keyglance {}\nTo go on all the same: --not-compared",
                command(self)
            ),
            (Face::Terminal, _) => {
                format!("Nothing was made of it. {}\n  keyglance {}", after(self), command(self))
            }
        };
        Notification::new(what, advice)
    }
}

/// What to do about a key that must not be used.
const fn after(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Mismatch(_) => "Compare again. If they still differ, pair again in person.",
        Refusal::HeldBack { decided: false, .. } => {
            "Ask in person whether it is their new device, then decide."
        }
        Refusal::HeldBack { .. } => "Compare it first.",
        Refusal::Blocked(_) => "To take it back, decide once more.",
        Refusal::Retired(_) => "Use another key, or use this one again.",
        Refusal::NotAcknowledged(_) => {
            "If the other device shows Same key, say so; else pair again."
        }
        Refusal::NotCompared(_) | Refusal::SharedNotCompared(_) => {
            "Compare the check code or the safety number first."
        }
        Refusal::ContactUnreadable(_) => {
            "Its contact's file is missing, damaged, or from a newer Keyglance."
        }
        _ => "",
    }
}

/// The command that does it.
fn command(refusal: &Refusal) -> String {
    let (command, name) = match refusal {
        Refusal::HeldBack { contact, decided: false, .. } | Refusal::Blocked(contact) => {
            ("contacts decide", contact)
        }
        Refusal::Mismatch(name)
        | Refusal::HeldBack { contact: name, .. }
        | Refusal::NotCompared(name)
        | Refusal::SharedNotCompared(name) => ("compare", name),
        Refusal::Retired(name) => ("keys stop --undo", name),
        Refusal::NotAcknowledged(name) => ("keys confirm", name),
        _ => return "contacts".to_owned(),
    };
    format!("{command} {}", shell_argument(name))
}

impl Explain for PassphraseError {
    fn explain(&self, _: Face) -> Notification {
        match self {
            Self::Wrong => {
                Notification::new("That is not the passphrase.", "Nothing was lost. Try again.")
            }
            error => Notification::new(sentence(error), UNCHANGED),
        }
    }
}

/// A letter that cannot be seen in something that was written.
pub(super) fn hidden_letter(subject: &str, letter: char) -> String {
    format!("{subject} holds a letter that cannot be seen (U+{:04X}).", u32::from(letter))
}

impl Explain for LocalNameError {
    fn explain(&self, _: Face) -> Notification {
        match self {
            Self::Hidden(letter) => Notification::new(hidden_letter("This name", *letter), ""),
            error => Notification::new(sentence(error), ""),
        }
    }
}

impl Explain for NameError {
    fn explain(&self, _: Face) -> Notification {
        match self {
            Self::Hidden(letter) => Notification::new(hidden_letter("This name", *letter), ""),
            error => Notification::new(sentence(error), ""),
        }
    }
}

impl Explain for IdentityError {
    fn explain(&self, _: Face) -> Notification {
        Notification::new(sentence(self), "")
    }
}

impl Explain for PublicKeyError {
    fn explain(&self, _: Face) -> Notification {
        Notification::new(sentence(self), "")
    }
}

/// Why nothing was backed up or restored.
impl Explain for BackupError {
    fn explain(&self, face: Face) -> Notification {
        let (what, advice) = match self {
            Self::Store(error) => return error.explain(face),
            Self::Write(error) => return error.explain(face),
            Self::Passphrase(error) => return error.explain(face),
            Self::Read(ErrorKind::NotFound) => {
                ("There is no file of this name.".to_owned(), "Choose the backup’s file.")
            }
            Self::Read(_) => ("The backup could not be read.".to_owned(), UNCHANGED),
            Self::NotABackup => ("This file is not a backup of Keyglance.".to_owned(), UNCHANGED),
            Self::Newer(_) => ("This backup was made by a newer Keyglance.".to_owned(), UPDATE),
            Self::Incomplete(_) => (
                "A contact or a key cannot be read, and would be missing in the backup.".to_owned(),
                face.choose(
                    "No backup was made.",
                    "No backup was made. keyglance doctor tells which.",
                ),
            ),
            error => (sentence(error), UNCHANGED),
        };
        Notification::new(what, advice)
    }
}

/// Why this device's own key was not changed.
impl Explain for IdentityChangeError {
    fn explain(&self, face: Face) -> Notification {
        match self {
            Self::Store(error) => error.explain(face),
            Self::Write(error) => error.explain(face),
            Self::ProtectionLost => protection_lost(face),
            Self::Read { path, kind } => {
                Notification::new(read_failed(&face.file(path), *kind), UNCHANGED)
            }
            error => Notification::new(sentence(error), UNCHANGED),
        }
    }
}
