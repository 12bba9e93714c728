//! Why something is not shared when this device pairs.

use std::path::PathBuf;

use keyglance_core::identifiers::{IdentifierError, IdentifierKind};
use keyglance_profile::{
    CardNotice, CardReadError, GpgError, ShareError, printable, printable_path,
};

use super::{Explain, Face, Notification, read_failed, sentence};

fn again(face: Face, kind: IdentifierKind) -> String {
    face.choose(
        "Look at it in Settings, and choose it again if it is right.".to_owned(),
        format!("If that is right: keyglance card --set {}", kind.name()),
    )
}

fn changed(kind: IdentifierKind) -> String {
    format!("Your {} has changed since you chose to share it.", kind.title())
}

/// Something chosen is not shared.
impl Explain for CardNotice {
    fn explain(&self, face: Face) -> Notification {
        match self {
            Self::Changed(kind) => Notification::new(
                format!("{} It is not shared any more.", changed(*kind)),
                again(face, *kind),
            ),
            Self::Unreadable(kind, error) => {
                let Notification { what, .. } = error.explain(face);
                let what = format!("Your {} is not shared any more. {what}", kind.title());
                Notification::new(what, again(face, *kind))
            }
            Self::NothingKnown(error) => {
                let Notification { what, advice } = error.explain(face);
                Notification::new(format!("Nothing is shared. {what}"), advice)
            }
        }
    }
}

impl Explain for ShareError {
    fn explain(&self, face: Face) -> Notification {
        match self {
            Self::Store(error) => error.explain(face),
            Self::Read { kind, error: CardReadError::Given } => Notification::new(
                format!("Your {} is not known yet.", kind.title()),
                face.choose(
                    "Give it in Settings.".to_owned(),
                    format!("Give it once: keyglance card --set {}=FILE", kind.name()),
                ),
            ),
            Self::Read { kind, error: CardReadError::Several(_) } => Notification::new(
                format!("There is more than one {}.", kind.title()),
                face.choose(
                    "Choose one in Settings.".to_owned(),
                    format!("Choose one: keyglance card --set {}", kind.name()),
                ),
            ),
            Self::Read { error, .. } => error.explain(face),
            Self::Changed(kind) => Notification::new(changed(*kind), again(face, *kind)),
            error => Notification::new(sentence(error), ""),
        }
    }
}

const NOT_SHARED: &str = "It is not shared.";

impl Explain for CardReadError {
    fn explain(&self, face: Face) -> Notification {
        let about = |path: &Option<PathBuf>| {
            path.as_deref()
                .map_or_else(|| face.choose("This", "The text").to_owned(), printable_path)
        };
        let (what, advice) = match self {
            Self::Missing(path) => {
                (format!("There is no file {}.", printable_path(path)), NOT_SHARED.to_owned())
            }
            Self::NotAFile(path) => (
                format!("{} is a link, or no file at all.", printable_path(path)),
                format!("{NOT_SHARED} Name the file itself."),
            ),
            Self::TooLarge(path) => (
                format!("{} is larger than 16 KiB: this is no public key.", printable_path(path)),
                NOT_SHARED.to_owned(),
            ),
            Self::PrivateKey(path) => (
                format!(
                    "STOP: {} holds a PRIVATE key, which nobody else may ever have.",
                    about(path)
                ),
                format!("{NOT_SHARED} Give the public key: a file that ends in .pub, mostly."),
            ),
            Self::LooksPrivate { path, unless_public } => {
                let what = format!("STOP: {} looks like a PRIVATE key of WireGuard.", about(path));
                let advice = match (unless_public, face) {
                    (None, Face::Terminal) => {
                        format!("{NOT_SHARED} The public one is printed by: wg pubkey < FILE")
                    }
                    (None, Face::Window) => format!("{NOT_SHARED} Give the public one."),
                    (Some(_), Face::Terminal) => format!(
                        "{NOT_SHARED} The public one is printed by: wg pubkey < FILE\nOne public \
                         key in sixteen looks so too. If this is one, add --yes."
                    ),
                    (Some(_), Face::Window) => {
                        format!("{NOT_SHARED} One public key in sixteen looks so too.")
                    }
                };
                (what, advice)
            }
            Self::Io { path, kind } => {
                (read_failed(&printable_path(path), *kind), NOT_SHARED.to_owned())
            }
            Self::Invalid { path, error } => {
                let Notification { what, .. } = error.explain(face);
                let what = match path {
                    Some(path) => format!("{}: {what}", printable_path(path)),
                    None => what,
                };
                (what, NOT_SHARED.to_owned())
            }
            Self::Given => (
                "It is kept nowhere that could be read.".to_owned(),
                face.choose(
                    "Type it, or choose its file.",
                    "Give it: keyglance card --set KIND=FILE",
                )
                .to_owned(),
            ),
            Self::Several(_) => ("There is more than one.".to_owned(), "Choose one.".to_owned()),
            Self::NoHostName => (
                "This computer has no name that could be told.".to_owned(),
                face.choose("Type one.", "Give one: keyglance card --set host-name=NAME")
                    .to_owned(),
            ),
            Self::Gpg(error) => return error.explain(face),
            error => (sentence(error), NOT_SHARED.to_owned()),
        };
        Notification::new(what, advice)
    }
}

impl Explain for GpgError {
    fn explain(&self, face: Face) -> Notification {
        let type_it = face.choose(
            "It is not shared. Type the fingerprint instead.",
            "It is not shared. Give the fingerprint: keyglance card --set openpgp=FINGERPRINT",
        );
        Notification::new(sentence(self), type_it)
    }
}

impl Explain for IdentifierError {
    fn explain(&self, _: Face) -> Notification {
        let what = match self {
            Self::NotThis(IdentifierKind::Age) | Self::Mistyped(IdentifierKind::Age) => {
                "This is not a whole age1\u{2026} public key.".to_owned()
            }
            Self::Unsafe(IdentifierKind::Age) => "This age1\u{2026} key is no safe key.".to_owned(),
            Self::OtherType(name) => format!(
                "This is a key of the type {}; only ssh-ed25519 is shared.",
                printable(name)
            ),
            error => sentence(error),
        };
        Notification::new(what, "")
    }
}
