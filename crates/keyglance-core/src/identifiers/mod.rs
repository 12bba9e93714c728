//! Public identifiers of other programs' keys, which devices share on their cards: each
//! read strictly, and shown as its own program shows it.
//!
//! What stands here is a claim of whoever shared it. A value that its program would
//! refuse, or that would let anybody in, is no identifier.

mod host_name;
mod minisign;
mod openpgp;
mod ssh;
mod syncthing;
mod x25519;

use std::fmt;

pub use host_name::HostName;
pub use minisign::MinisignKey;
pub use openpgp::OpenPgpFingerprint;
pub use ssh::SshKey;
pub use syncthing::SyncthingId;
pub use x25519::{AgeRecipient, WireGuardKey};

use crate::pairing::{Card, CardError, CardItem, CardItemKind};

/// What kind of identifier, in the order of cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentifierKind {
    /// The key by which an SSH server is known.
    SshHost,
    /// The key by which a person logs in over SSH.
    SshUser,
    /// A Syncthing device.
    Syncthing,
    /// A WireGuard public key.
    WireGuard,
    /// The fingerprint of an OpenPGP key.
    OpenPgp,
    /// An age recipient.
    Age,
    /// The name of a computer in its network.
    HostName,
    /// The key that checks minisign's signatures.
    Minisign,
}

impl IdentifierKind {
    /// Every kind, in the order of cards.
    pub const ALL: [Self; 8] = [
        Self::SshHost,
        Self::SshUser,
        Self::Syncthing,
        Self::WireGuard,
        Self::OpenPgp,
        Self::Age,
        Self::HostName,
        Self::Minisign,
    ];

    /// As the command line and JSON call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SshHost => "ssh-host",
            Self::SshUser => "ssh-user",
            Self::Syncthing => "syncthing",
            Self::WireGuard => "wireguard",
            Self::OpenPgp => "openpgp",
            Self::Age => "age",
            Self::HostName => "host-name",
            Self::Minisign => "minisign",
        }
    }

    /// As a list calls it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::SshHost => "SSH host key",
            Self::SshUser => "SSH key",
            Self::Syncthing => "Syncthing device ID",
            Self::WireGuard => "WireGuard public key",
            Self::OpenPgp => "OpenPGP fingerprint",
            Self::Age => "age recipient",
            Self::HostName => "host name",
            Self::Minisign => "minisign public key",
        }
    }

    /// Reads [`IdentifierKind::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind on a card.
    #[must_use]
    pub const fn on_card(self) -> CardItemKind {
        match self {
            Self::SshHost => CardItemKind::SSH_HOST_KEY,
            Self::SshUser => CardItemKind::SSH_USER_KEY,
            Self::Syncthing => CardItemKind::SYNCTHING_DEVICE,
            Self::WireGuard => CardItemKind::WIREGUARD_KEY,
            Self::OpenPgp => CardItemKind::OPENPGP_FINGERPRINT,
            Self::Age => CardItemKind::AGE_RECIPIENT,
            Self::HostName => CardItemKind::HOST_NAME,
            Self::Minisign => CardItemKind::MINISIGN_KEY,
        }
    }

    /// The kind of a card's item; `None` for one of a later version.
    #[must_use]
    pub fn of(kind: CardItemKind) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.on_card() == kind)
    }

    /// Reads a text or the content of a public file: an OpenSSH `.pub` line, a device ID,
    /// base64, hexadecimal, `age1…`, a name, a minisign `.pub` file. What people and
    /// programs put around it does not count.
    ///
    /// # Errors
    /// [`IdentifierError`].
    pub fn parse(self, text: &str) -> Result<Identifier, IdentifierError> {
        if text.contains("PRIVATE KEY") || text.to_ascii_uppercase().contains("SECRET-KEY-") {
            return Err(IdentifierError::Private);
        }
        Ok(match self {
            Self::SshHost => Identifier::SshHost(SshKey::parse(text)?),
            Self::SshUser => Identifier::SshUser(SshKey::parse(text)?),
            Self::Syncthing => Identifier::Syncthing(SyncthingId::parse(text)?),
            Self::WireGuard => Identifier::WireGuard(WireGuardKey::parse(text)?),
            Self::OpenPgp => Identifier::OpenPgp(OpenPgpFingerprint::parse(text)?),
            Self::Age => Identifier::Age(AgeRecipient::parse(text)?),
            Self::HostName => Identifier::HostName(HostName::parse(text)?),
            Self::Minisign => Identifier::Minisign(MinisignKey::parse(text)?),
        })
    }
}

/// An identifier. Its text is that of its own program, on one line.
///
/// ```
/// use keyglance_core::identifiers::{Identifier, IdentifierKind};
///
/// # fn main() -> Result<(), keyglance_core::identifiers::IdentifierError> {
/// let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZm bo@laptop";
/// let key = IdentifierKind::SshUser.parse(line)?;
/// assert!(key.to_string().starts_with("SHA256:"));
/// assert_eq!(Identifier::from_item(&key.to_item()), Some(Ok(key)));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identifier {
    /// The key by which an SSH server is known.
    SshHost(SshKey),
    /// The key by which a person logs in over SSH.
    SshUser(SshKey),
    /// A Syncthing device.
    Syncthing(SyncthingId),
    /// A WireGuard public key.
    WireGuard(WireGuardKey),
    /// The fingerprint of an OpenPGP key.
    OpenPgp(OpenPgpFingerprint),
    /// An age recipient.
    Age(AgeRecipient),
    /// The name of a computer in its network.
    HostName(HostName),
    /// The key that checks minisign's signatures.
    Minisign(MinisignKey),
}

/// Why something is no identifier of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentifierError {
    /// Another text, or cut off.
    #[error("this is not {}", .0.what())]
    NotThis(IdentifierKind),
    /// A check letter or checksum does not fit.
    #[error("a letter of this {} is wrong", .0.title())]
    Mistyped(IdentifierKind),
    /// An SSH key of another type than Ed25519.
    #[error("this is a key of the type {0}; only ssh-ed25519 is shared")]
    OtherType(String),
    /// A key that its program refuses, or that everybody could use.
    #[error("this {} is no safe key", .0.title())]
    Unsafe(IdentifierKind),
    /// A private key, which no card ever carries.
    #[error("this is a private key, which must never be shared")]
    Private,
}

impl IdentifierKind {
    const fn what(self) -> &'static str {
        match self {
            Self::SshHost | Self::SshUser => "the line of an SSH public key",
            Self::Syncthing => "a Syncthing device ID",
            Self::WireGuard => "a WireGuard public key, which has 44 characters of base64",
            Self::OpenPgp => "an OpenPGP fingerprint, which has 40 or 64 hexadecimal digits",
            Self::Age => "an age recipient, which begins with age1",
            Self::HostName => "a host name of at most 63 bytes",
            Self::Minisign => "a minisign public key",
        }
    }
}

impl Identifier {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> IdentifierKind {
        match self {
            Self::SshHost(_) => IdentifierKind::SshHost,
            Self::SshUser(_) => IdentifierKind::SshUser,
            Self::Syncthing(_) => IdentifierKind::Syncthing,
            Self::WireGuard(_) => IdentifierKind::WireGuard,
            Self::OpenPgp(_) => IdentifierKind::OpenPgp,
            Self::Age(_) => IdentifierKind::Age,
            Self::HostName(_) => IdentifierKind::HostName,
            Self::Minisign(_) => IdentifierKind::Minisign,
        }
    }

    /// Its text as programs take it: of an SSH key its line, since the fingerprint is for
    /// people.
    #[must_use]
    pub fn to_program_text(&self) -> String {
        match self {
            Self::SshHost(key) | Self::SshUser(key) => key.to_line(),
            other => other.to_string(),
        }
    }

    /// Reads a card's item. `None` where a later version knows its kind.
    #[must_use]
    pub fn from_item(item: &CardItem) -> Option<Result<Self, IdentifierError>> {
        let kind = IdentifierKind::of(item.kind)?;
        let value = item.value.as_slice();
        let read = match kind {
            IdentifierKind::SshHost => SshKey::from_slice(value).map(Self::SshHost),
            IdentifierKind::SshUser => SshKey::from_slice(value).map(Self::SshUser),
            IdentifierKind::Syncthing => SyncthingId::from_slice(value).map(Self::Syncthing),
            IdentifierKind::WireGuard => WireGuardKey::from_slice(value).map(Self::WireGuard),
            IdentifierKind::OpenPgp => OpenPgpFingerprint::from_slice(value).map(Self::OpenPgp),
            IdentifierKind::Age => AgeRecipient::from_slice(value).map(Self::Age),
            IdentifierKind::HostName => str::from_utf8(value)
                .ok()
                .and_then(|text| HostName::new(text).ok())
                .map(Self::HostName),
            IdentifierKind::Minisign => MinisignKey::from_slice(value).map(Self::Minisign),
        };
        Some(read.ok_or(IdentifierError::Unsafe(kind)))
    }

    /// The item on a card.
    #[must_use]
    pub fn to_item(&self) -> CardItem {
        let value = match self {
            Self::SshHost(key) | Self::SshUser(key) => key.as_bytes().to_vec(),
            Self::Syncthing(id) => id.as_bytes().to_vec(),
            Self::WireGuard(key) => key.as_bytes().to_vec(),
            Self::OpenPgp(fingerprint) => fingerprint.as_bytes().to_vec(),
            Self::Age(recipient) => recipient.as_bytes().to_vec(),
            Self::HostName(name) => name.as_str().as_bytes().to_vec(),
            Self::Minisign(key) => key.as_bytes().to_vec(),
        };
        CardItem { kind: self.kind().on_card(), value }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SshHost(key) | Self::SshUser(key) => key.fmt(f),
            Self::Syncthing(id) => id.fmt(f),
            Self::WireGuard(key) => key.fmt(f),
            Self::OpenPgp(fingerprint) => fingerprint.fmt(f),
            Self::Age(recipient) => recipient.fmt(f),
            Self::HostName(name) => name.fmt(f),
            Self::Minisign(key) => key.fmt(f),
        }
    }
}

impl Card {
    /// A card of these identifiers, in their right order.
    ///
    /// # Errors
    /// [`CardError::Order`] where one stands there twice.
    pub fn of(identifiers: &[Identifier]) -> Result<Self, CardError> {
        Self::new(identifiers.iter().map(Identifier::to_item).collect())
    }

    /// What is known of its items, in their order: what cannot be what it claims to be is
    /// an error of its own, and the rest stands.
    pub fn identifiers(&self) -> impl Iterator<Item = Result<Identifier, IdentifierError>> + '_ {
        self.items().iter().filter_map(Identifier::from_item)
    }

    /// The first identifier of a kind; `None` where none was shared.
    #[must_use]
    pub fn identifier(&self, kind: IdentifierKind) -> Option<Result<Identifier, IdentifierError>> {
        self.items().iter().find(|item| item.kind == kind.on_card()).and_then(Identifier::from_item)
    }
}
