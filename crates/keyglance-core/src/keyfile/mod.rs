//! The shared key file: a JSON document that holds a pairing's exporter, plain
//! or inside an age passphrase file.
//!
//! Plain files end in `.keyglance`, protected ones in `.keyglance.age`. MIME
//! `application/vnd.keyglance.key+json`.

#[cfg(feature = "age")]
mod age_header;
mod json;
#[cfg(feature = "age")]
mod passphrase;
#[cfg(feature = "age")]
mod sealing;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::crypto::{Exporter, Fingerprint, KeyId, SafetyNumber, Suite};
use crate::pairing::{Card, CardError, NotAcknowledged, Pairing, Party, Role};
use crate::trust::Verified;

#[cfg(feature = "age")]
pub use passphrase::{
    MAX_PASSPHRASE, MAX_PASSPHRASE_FILE, MAX_WORK, Passphrase, PassphraseError, WorkFactor,
    decrypt_with_passphrase, decrypt_within, encrypt_with_passphrase, encrypt_within, is_age_file,
    passphrase_memory,
};
#[cfg(feature = "age")]
pub use sealing::{
    DecryptedStream, SealedBy, StreamError, UnknownSealer, decrypt_stream, encrypt_stream,
};

/// Most bytes of a key file: 1 MiB.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Why a document is no key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// Not a JSON document of ours.
    #[error("this is not a Keyglance key file")]
    NotOurs,
    /// A version before the first.
    #[error("the key file has version {0}, older than any known")]
    Older(u64),
    /// A version of a later program.
    #[error("the key file has version {0}, newer than this program")]
    Newer(u64),
    /// Cut off, or a member missing or wrong.
    #[error("the key file is damaged")]
    Damaged,
    /// The key id is not the key's: one of them was changed.
    #[error("the key file is damaged: its id does not belong to its key")]
    KeyId,
    /// The safety number is not that of the two public keys.
    #[error("the key file is damaged: its safety number does not belong to its public keys")]
    SafetyNumber,
    /// Over [`MAX_BYTES`].
    #[error("the file is larger than 1 MiB, too large for a key file")]
    TooLarge,
}

/// A shared key and what is known of it. Its secret is wiped on drop.
///
/// ```
/// use keyglance_core::crypto::Purpose;
/// use keyglance_core::keyfile::KeyFile;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/example.keyglance"));
/// let key = KeyFile::from_json(bytes)?;
/// assert_eq!(key.key_id().to_string(), "e68440671c142fda");
/// assert_eq!(key.peer.name.as_str(), "Bob laptop");
///
/// // A key for your own program, the same on both devices.
/// let key = key.exporter()?.derive32("app org.example.notes", &Purpose::new("diary")?)?;
/// # assert_eq!(key.len(), 32);
/// # Ok(())
/// # }
/// ```
pub struct KeyFile {
    /// This device's part in the pairing.
    pub role: Role,
    /// What the two devices spoke when they paired.
    pub suite: Suite,
    /// When this device made it.
    pub created: Timestamp,
    /// This device.
    pub local: Party,
    /// The other one.
    pub peer: Party,
    /// How the user made sure, if at all. Of a file that came from elsewhere it is a
    /// claim: anybody can write it.
    pub verified: Option<Verified>,
    acknowledged: bool,
    exporter: Exporter,
    safety_number: SafetyNumber,
    peer_fingerprint: Fingerprint,
    /// Members of later versions: at the top, in `local`, `peer` and `verified`.
    extra: [Map<String, Value>; 4],
}

impl KeyFile {
    /// The key file of a pairing that this device made at `created`.
    #[must_use]
    pub fn from_pairing(pairing: &Pairing, created: Timestamp) -> Self {
        let exporter = Exporter::from_secret_bytes(pairing.exporter.secret_bytes().clone());
        let (safety_number, peer_fingerprint) = fingerprints(&pairing.local, &pairing.peer);
        let mut key = Self {
            role: pairing.role,
            suite: pairing.suite,
            created: whole_seconds(created),
            local: pairing.local.clone(),
            peer: pairing.peer.clone(),
            verified: None,
            acknowledged: pairing.acknowledged,
            exporter,
            safety_number,
            peer_fingerprint,
            extra: Default::default(),
        };
        key.set_card(&pairing.peer_card);
        key
    }

    /// Keeps what the other device told of itself; nothing of an empty card.
    pub fn set_card(&mut self, card: &Card) {
        let text = (!card.is_empty()).then(|| URL_SAFE_NO_PAD.encode(card.to_bytes()));
        self.set_member("card", text.map(Value::String));
    }

    /// What the other device told of itself; empty where it told nothing.
    ///
    /// # Errors
    /// [`CardError`]: the file was changed since.
    pub fn card(&self) -> Result<Card, CardError> {
        let Some(member) = self.member("card") else { return Ok(Card::default()) };
        let bytes = member.as_str().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        Card::from_bytes(&bytes.ok_or(CardError::Damaged)?)
    }

    /// Reads a plain key file.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, KeyFileError> {
        json::read(bytes)
    }

    /// The plain key file: pretty JSON and a line feed. Wiped on drop.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<Vec<u8>> {
        json::write(self)
    }

    /// Whether the other device is known to hold the key too.
    #[must_use]
    pub const fn is_acknowledged(&self) -> bool {
        self.acknowledged
    }

    /// The user says that the other device shows Paired: the key can be used.
    pub const fn acknowledge(&mut self) {
        self.acknowledged = true;
    }

    /// The secret of the pairing, to derive keys from.
    ///
    /// # Errors
    /// [`NotAcknowledged`]: nobody else could open what is protected with a
    /// key that only this device holds.
    pub const fn exporter(&self) -> Result<&Exporter, NotAcknowledged> {
        if self.acknowledged { Ok(&self.exporter) } else { Err(NotAcknowledged) }
    }

    /// The public id of the key, the same on both devices.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.exporter.key_id()
    }

    /// The sixty digits of the two identities.
    #[must_use]
    pub const fn safety_number(&self) -> &SafetyNumber {
        &self.safety_number
    }

    /// The fingerprint of the other device's identity. Kept, for it takes a
    /// millisecond to compute.
    #[must_use]
    pub const fn peer_fingerprint(&self) -> &Fingerprint {
        &self.peer_fingerprint
    }

    /// A member that this version does not know.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.extra[0].get(name)
    }

    /// Sets or removes a member that this version does not know. A known
    /// one's name must not be used.
    pub fn set_member(&mut self, name: &str, value: Option<Value>) {
        let [top, ..] = &mut self.extra;
        match value {
            Some(value) => top.insert(name.to_owned(), value),
            None => top.remove(name),
        };
    }
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile")
            .field("key_id", &self.key_id())
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

/// Key files count in seconds (RFC 3339 without a fraction).
#[allow(clippy::expect_used, reason = "a timestamp's own seconds are within its range")]
fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).expect("the seconds of a timestamp are in range")
}

/// The safety number of both, and the fingerprint of `peer`.
fn fingerprints(local: &Party, peer: &Party) -> (SafetyNumber, Fingerprint) {
    let peer = Fingerprint::of(&peer.identity);
    (SafetyNumber::new(&Fingerprint::of(&local.identity), &peer), peer)
}
