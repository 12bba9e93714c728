//! What a finished pairing leaves.

use std::fmt;

use super::DisplayName;
use crate::crypto::{Exporter, Fingerprint, KeyId, PublicKey, SafetyNumber};

/// Which part of the handshake a device had. The device with the bytewise
/// lower commitment is the initiator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Wrote messages 1 and 3.
    Initiator,
    /// Wrote message 2.
    Responder,
}

/// One side of a pairing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The name it gave itself.
    pub name: DisplayName,
    /// Its long-term key.
    pub identity: PublicKey,
}

/// Six digits that both screens show: made from values that were committed to
/// before any ephemeral key was shown.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CheckCode(u32);

impl CheckCode {
    /// From the hash's first 8 bytes: the big-endian number modulo 10^6.
    pub(super) const fn from_hash_start(start: [u8; 8]) -> Self {
        // The remainder is below 10^6.
        #[allow(clippy::cast_possible_truncation)]
        Self((u64::from_be_bytes(start) % 1_000_000) as u32)
    }

    /// The six digits without a space.
    #[must_use]
    pub fn digits(&self) -> String {
        format!("{:06}", self.0)
    }
}

impl fmt::Display for CheckCode {
    /// `123 456`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03} {:03}", self.0 / 1000, self.0 % 1000)
    }
}

impl fmt::Debug for CheckCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CheckCode({self})")
    }
}

/// A pairing that this device can keep.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Pairing {
    /// This device.
    pub local: Party,
    /// The other one.
    pub peer: Party,
    /// This device's part.
    pub role: Role,
    /// To compare with the other screen.
    pub check_code: CheckCode,
    /// The shared secret.
    pub exporter: Exporter,
    /// Whether this device knows that the other one holds the same key. Only
    /// then may it be exported; the user can say so too.
    pub acknowledged: bool,
}

impl Pairing {
    /// The handshake's name, for the key file.
    pub const SUITE: &str = "Noise_XX_25519_ChaChaPoly_SHA256";

    /// The sixty digits of the two identities. Takes about two milliseconds.
    #[must_use]
    pub fn safety_number(&self) -> SafetyNumber {
        SafetyNumber::new(
            &Fingerprint::of(&self.local.identity),
            &Fingerprint::of(&self.peer.identity),
        )
    }

    /// The public name of the shared key.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.exporter.key_id()
    }
}
