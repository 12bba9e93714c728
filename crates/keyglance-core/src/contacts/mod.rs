//! Contacts: other devices, what we call them and how far we trust that a key
//! is theirs.

mod conflict;
mod id;
mod json;
mod name;

use jiff::Timestamp;
use serde_json::{Map, Value};

pub use conflict::{ConflictDecision, NameConflict};
pub use id::{ContactId, ContactIdError};
pub use name::{Found, LocalNameError, Name, find_by_name};

pub use crate::text::same_name;

use crate::crypto::{
    Fingerprint, FingerprintCode, FingerprintCodeError, PublicKey, PublicKeyError,
};
use crate::trust::{Change, History, Trust};

/// Another device.
///
/// ```
/// use keyglance_core::contacts::{Contact, PeerIdentity};
/// use keyglance_core::crypto::PublicKey;
/// use keyglance_core::trust::{Method, Trust, Verified};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let at = "2026-11-23T04:00:00Z".parse()?;
/// let identity = PeerIdentity::of(PublicKey::from_bytes([2; 32]));
/// let mut contact = Contact::from_public_key("Bo".parse()?, identity, at);
/// assert_eq!(contact.trust(), Trust::Unverified);
///
/// // A person compared the safety numbers.
/// contact.set_trust(Trust::Verified(Verified { method: Method::SafetyNumber, at }), at);
/// assert_eq!(Contact::from_json(&contact.to_json())?, contact);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// What we call it.
    pub name: Name,
    /// What it called itself; empty if we have not paired yet.
    pub suggested_name: String,
    /// When we first paired, or when it was added.
    pub since: Timestamp,
    /// Another contact with the name that this one wanted, until a person has decided
    /// and compared it.
    pub name_conflict: Option<NameConflict>,
    identity: PeerIdentity,
    history: History,
    /// Members of later versions.
    extra: Map<String, Value>,
}

/// Who a contact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerIdentity {
    /// Its long-term key; `None` if we know only its fingerprint.
    pub key: Option<PublicKey>,
    /// The key's fingerprint.
    pub fingerprint: Fingerprint,
}

/// Why a text does not name somebody's identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// Neither a public key nor a fingerprint code.
    #[error("this is neither a Keyglance public key nor a verification code")]
    NotOurs,
    /// A damaged public key.
    #[error(transparent)]
    Key(#[from] PublicKeyError),
    /// A fingerprint code that cannot be read.
    #[error(transparent)]
    Code(#[from] FingerprintCodeError),
    /// This device's own.
    #[error("this is this device itself")]
    Own,
    /// A fingerprint code that its device shows to somebody else.
    #[error("this verification code is meant for another device than this one")]
    NotForUs,
}

impl PeerIdentity {
    /// The identity that has this key. Takes about a millisecond.
    #[must_use]
    pub fn of(key: PublicKey) -> Self {
        Self { key: Some(key), fingerprint: Fingerprint::of(&key) }
    }

    /// The identity that a text names: a public key, `keyglance1…`, or the fingerprint
    /// code that its device shows to `own`.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn read(text: &str, own: &Fingerprint) -> Result<Self, IdentityError> {
        let identity = match text.parse::<PublicKey>() {
            Ok(key) => Self::of(key),
            Err(PublicKeyError::NotOurs) => match FingerprintCode::from_text(text) {
                Err(FingerprintCodeError::NotOurs) => return Err(IdentityError::NotOurs),
                Err(error) => return Err(error.into()),
                Ok(code) if code.meant_for() != own && code.shown_by() != own => {
                    return Err(IdentityError::NotForUs);
                }
                Ok(code) => Self { key: None, fingerprint: *code.shown_by() },
            },
            Err(error) => return Err(error.into()),
        };
        if identity.fingerprint == *own { Err(IdentityError::Own) } else { Ok(identity) }
    }
}

/// Why a document is not a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContactError {
    /// Not a JSON document of ours.
    #[error("this is not a Keyglance contact")]
    NotOurs,
    /// A version of a later program.
    #[error("the contact has version {0}, newer than this program")]
    Newer(u64),
    /// A member is missing or wrong.
    #[error("the contact is damaged")]
    Damaged,
}

impl Contact {
    /// A contact that this device has just paired with.
    #[must_use]
    pub fn from_pairing(
        name: Name,
        suggested_name: String,
        identity: PeerIdentity,
        trust: Trust,
        at: Timestamp,
    ) -> Self {
        let history = History::new(trust, at);
        let (name_conflict, extra) = (None, Map::new());
        Self { name, suggested_name, since: at, name_conflict, identity, history, extra }
    }

    /// A contact that this device has not paired with yet.
    #[must_use]
    pub fn from_public_key(name: Name, identity: PeerIdentity, at: Timestamp) -> Self {
        Self::from_pairing(name, String::new(), identity, Trust::Unverified, at)
    }

    /// Who it is.
    #[must_use]
    pub const fn identity(&self) -> &PeerIdentity {
        &self.identity
    }

    /// The key's fingerprint.
    #[must_use]
    pub const fn fingerprint(&self) -> &Fingerprint {
        &self.identity.fingerprint
    }

    /// Records another pairing with the same device: its key is known now, and its
    /// trust rises if the new pairing is better.
    pub fn record_pairing(&mut self, suggested: &str, key: PublicKey, trust: Trust, at: Timestamp) {
        self.identity.key = Some(key);
        if self.suggested_name.is_empty() {
            suggested.clone_into(&mut self.suggested_name);
        }
        let raised = self.trust().raised(trust);
        if raised != self.trust() {
            self.history.push(raised, at);
        }
    }

    /// How far its key is known to be its own.
    #[must_use]
    pub fn trust(&self) -> Trust {
        self.history.trust()
    }

    /// The changes of its trust, the newest last: at most the last twenty.
    #[must_use]
    pub fn history(&self) -> &[Change] {
        self.history.changes()
    }

    /// An explicit act: a comparison matched, or it did not; or what was
    /// compared does not hold any more.
    pub fn set_trust(&mut self, trust: Trust, at: Timestamp) {
        self.history.push(trust, at);
    }

    /// Whether nothing may be done with its keys: it came under the name of another
    /// contact, and a person has not decided and compared it, or has blocked it.
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        let compared = matches!(self.trust(), Trust::Verified(_));
        self.name_conflict.as_ref().is_some_and(|conflict| match conflict.decision {
            None | Some(ConflictDecision::Blocked) => true,
            Some(_) => !compared,
        })
    }

    /// Identifies the contact whatever its name is, and names its file.
    #[must_use]
    pub const fn id(&self) -> ContactId {
        ContactId::of(&self.identity.fingerprint)
    }
}
