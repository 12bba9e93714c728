//! What this device tells of itself to whoever it pairs with: its own card.
//!
//! Nothing is shared that the user did not choose. What was chosen is copied into the
//! profile, and read again when a pairing begins: what has changed since is not shared
//! any more, and told. Only public files are opened, where programs keep them or where
//! the user says, and one that holds a private key is refused.

mod gpg;
mod places;
mod read;
mod share;

use std::path::PathBuf;

use jiff::Timestamp;
use keyglance_core::identifiers::{Identifier, IdentifierError, IdentifierKind};
use keyglance_core::pairing::Card;

pub use gpg::GpgError;
pub use places::{CardPlace, CardPlaces};
pub use share::{CardNotice, Share, ShareError, SharedCard};

/// One of the entries of the own card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCardEntry {
    /// What is told.
    pub identifier: Identifier,
    /// Where it was read.
    pub source: CardSource,
    /// When.
    pub read_at: Timestamp,
    /// Whether it is told to whoever pairs with this device.
    pub shared: bool,
}

/// Where an entry came from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CardSource {
    /// A public file.
    File(PathBuf),
    /// The system's host name.
    HostName,
    /// Asked of gpg.
    Gpg,
    /// Given as text.
    Given,
}

/// What this device tells of itself: at most one entry of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnCard(Vec<OwnCardEntry>);

impl OwnCard {
    /// The entries, in the order of their kinds.
    #[must_use]
    pub fn entries(&self) -> &[OwnCardEntry] {
        &self.0
    }

    /// The entry of this kind.
    #[must_use]
    pub fn entry(&self, kind: IdentifierKind) -> Option<&OwnCardEntry> {
        self.0.iter().find(|entry| entry.identifier.kind() == kind)
    }

    /// What is told: the entries that the user chose.
    #[must_use]
    pub fn card(&self) -> Card {
        card_of(&self.shared())
    }

    /// The identifiers that the user chose.
    #[must_use]
    pub fn shared(&self) -> Vec<Identifier> {
        let shared = self.0.iter().filter(|entry| entry.shared);
        shared.map(|entry| entry.identifier.clone()).collect()
    }

    /// `None` where one kind stands there twice.
    pub(crate) fn new(mut entries: Vec<OwnCardEntry>) -> Option<Self> {
        entries.sort_by_key(|entry| entry.identifier.kind());
        let kinds = |pair: &[OwnCardEntry]| match pair {
            [one, other] => one.identifier.kind() < other.identifier.kind(),
            _ => true,
        };
        entries.windows(2).all(kinds).then_some(Self(entries))
    }

    pub(crate) fn entries_mut(&mut self) -> &mut [OwnCardEntry] {
        &mut self.0
    }

    /// Gives whether it was there.
    pub(crate) fn remove(&mut self, kind: IdentifierKind) -> bool {
        let before = self.0.len();
        self.0.retain(|entry| entry.identifier.kind() != kind);
        self.0.len() < before
    }

    pub(crate) fn set(&mut self, entry: OwnCardEntry) {
        self.0.retain(|other| other.identifier.kind() != entry.identifier.kind());
        self.0.push(entry);
        self.0.sort_by_key(|entry| entry.identifier.kind());
    }
}

/// One identifier of each kind is always a card.
fn card_of(identifiers: &[Identifier]) -> Card {
    Card::of(identifiers).unwrap_or_default()
}

/// Something that can be told of this device, to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardCandidate {
    /// What is told.
    pub identifier: Identifier,
    /// Where it was read.
    pub source: CardSource,
    /// What its program calls it: a key's user ID.
    pub label: Option<String>,
}

/// Why nothing could be read for the card.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardReadError {
    /// None of the files where it would be is there: the first of them.
    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),
    /// A link, a pipe, a folder or a device.
    #[error("{} is not a regular file, or a link to one", .0.display())]
    NotAFile(PathBuf),
    /// No public key is so long.
    #[error("{} is larger than 16 KiB, so it is not a public key", .0.display())]
    TooLarge(PathBuf),
    /// The file, or the text, holds a private key.
    #[error("{} holds a PRIVATE key, which nobody else may ever have", named(.0.as_ref()))]
    PrivateKey(Option<PathBuf>),
    /// By its form it is more likely a private key than a public one.
    #[error("{} looks like a PRIVATE key of WireGuard", named(.path.as_ref()))]
    LooksPrivate {
        /// The file, if it was one.
        path: Option<PathBuf>,
        /// It, to be taken if the user says that it is public. None where only its
        /// owner can read the file: public keys are not kept so.
        unless_public: Option<Box<CardCandidate>>,
    },
    /// The system does not give it.
    #[error("{} could not be read: {kind}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        kind: std::io::ErrorKind,
    },
    /// It is something else.
    #[error("{}{error}", .path.as_ref().map(|path| format!("{}: ", path.display())).unwrap_or_default())]
    Invalid {
        /// The file, if it was one.
        path: Option<PathBuf>,
        /// What is wrong with it.
        error: IdentifierError,
    },
    /// Nothing is read for this kind: the user gives it.
    #[error("this is kept nowhere that could be read")]
    Given,
    /// There is more than one, and the user is to choose.
    #[error("there is more than one")]
    Several(Vec<CardCandidate>),
    /// The system says no host name that could be told.
    #[error("this computer has no host name that could be told")]
    NoHostName,
    /// gpg was asked in vain.
    #[error(transparent)]
    Gpg(#[from] GpgError),
}

/// What an error is about.
fn named(path: Option<&PathBuf>) -> String {
    path.map_or_else(|| "the text".to_owned(), |path| path.display().to_string())
}
