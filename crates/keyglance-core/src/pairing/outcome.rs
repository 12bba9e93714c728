//! What a finished pairing leaves.

use super::{Card, CheckCodes, DisplayName};
use crate::crypto::{Exporter, Fingerprint, KeyId, PublicKey, SafetyNumber, Suite};

/// Which part of the handshake a device had. The device with the bytewise
/// lower commitment is the initiator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Wrote messages 1 and 3.
    Initiator,
    /// Wrote message 2.
    Responder,
}

impl Role {
    /// The role as files and JSON spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Initiator => "initiator",
            Self::Responder => "responder",
        }
    }

    /// Reads [`Role::as_str`]; `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Initiator, Self::Responder].into_iter().find(|role| role.as_str() == text)
    }
}

/// The other device has not confirmed that it holds the key. What a key that
/// only this device may hold protects, nobody else could open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the other device has not confirmed this key")]
pub struct NotAcknowledged;

/// One side of a pairing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The name it gave itself.
    pub name: DisplayName,
    /// Its long-term key.
    pub identity: PublicKey,
}

/// A pairing that this device can keep.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Pairing {
    /// What both devices spoke.
    pub suite: Suite,
    /// This device.
    pub local: Party,
    /// The other one.
    pub peer: Party,
    /// This device's part.
    pub role: Role,
    /// What this screen shows, and what is typed here.
    pub check_codes: CheckCodes,
    /// What the other device tells of itself. Empty until it has confirmed the key.
    pub peer_card: Card,
    pub(crate) exporter: Exporter,
    pub(crate) acknowledged: bool,
}

impl Pairing {
    /// The sixty digits of the two identities. Takes about two milliseconds.
    #[must_use]
    pub fn safety_number(&self) -> SafetyNumber {
        SafetyNumber::new(
            &Fingerprint::of(&self.local.identity),
            &Fingerprint::of(&self.peer.identity),
        )
    }

    /// The pairing once more, secret and all, for a thread that stores it.
    /// There is no `Clone`, so that no copy is made unnoticed.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self {
            suite: self.suite,
            local: self.local.clone(),
            peer: self.peer.clone(),
            role: self.role,
            check_codes: self.check_codes,
            peer_card: self.peer_card.clone(),
            exporter: Exporter::from_secret_bytes(self.exporter.secret_bytes().clone()),
            acknowledged: self.acknowledged,
        }
    }

    /// Whether this device knows that the other one holds the same key. The
    /// user can say so with [`Session::acknowledge`](super::Session::acknowledge).
    #[must_use]
    pub const fn is_acknowledged(&self) -> bool {
        self.acknowledged
    }

    /// The shared secret, to derive keys from.
    ///
    /// # Errors
    /// [`NotAcknowledged`]. Such a pairing can still be kept as a key file.
    pub const fn exporter(&self) -> Result<&Exporter, NotAcknowledged> {
        if self.acknowledged { Ok(&self.exporter) } else { Err(NotAcknowledged) }
    }

    /// The public id of the shared key, the same on both devices.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.exporter.key_id()
    }
}
