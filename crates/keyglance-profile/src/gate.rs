//! The one gate: may this key be used?
//!
//! Everything that makes something of a key asks here: an export, a code, a
//! sealed file; and so does a face before it offers one of these. What cannot be
//! known is refused.

use std::ops::Deref;

use keyglance_core::contacts::{ConflictDecision, Contact, ContactId, NameConflict};
use keyglance_core::crypto::KeyId;
use keyglance_core::trust::{KeyTrust, Trust};

use crate::lookup::Meant;
use crate::storage::{Profile, StoreError, StoredKey};

/// Why a key must not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A comparison with its contact failed.
    #[error("the numbers of {0:?} did not match")]
    Mismatch(String),
    /// Its contact came under the name of another one, and a person has not
    /// decided and compared it yet.
    #[error("{known:?} has a different key than before; the new one is held back")]
    HeldBack {
        /// The contact that the key belongs to.
        contact: String,
        /// The one that was known by the name.
        known: String,
        /// Whether only the comparison is missing.
        decided: bool,
    },
    /// Its contact came under the name of another one, and a person blocked it.
    #[error("{0:?} is blocked")]
    Blocked(String),
    /// It was retired.
    #[error("the key {0:?} is not in use any more")]
    Retired(String),
    /// The other device has not confirmed that it holds the key.
    #[error("the other device has not confirmed the key {0:?}")]
    NotAcknowledged(String),
    /// Its contact's file is missing, damaged or newer than this program, so that
    /// nobody can say how far the key is to be trusted.
    #[error("the contact of the key {0:?} cannot be read")]
    ContactUnreadable(String),
    /// Nobody has compared anything with the other device, and only compared keys
    /// were asked for.
    #[error("the key {0:?} is not compared")]
    NotCompared(String),
    /// Nobody has compared anything with the other device, and what it shared is theirs only
    /// if it was really them: it would stay in another program's trust even after the
    /// pairing was thrown away.
    #[error("what {0:?} shared is not compared")]
    SharedNotCompared(String),
}

impl Refusal {
    /// The spelling in JSON.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Mismatch(_) => "mismatch",
            Self::HeldBack { .. } => "held_back",
            Self::Blocked(_) => "blocked",
            Self::Retired(_) => "not_in_use",
            Self::NotAcknowledged(_) => "unconfirmed",
            Self::ContactUnreadable(_) => "contact_unreadable",
            Self::NotCompared(_) | Self::SharedNotCompared(_) => "not_compared",
        }
    }
}

/// What must be known of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Require {
    /// Nothing more than that the gate has no objection.
    #[default]
    Usable,
    /// A person compared something with the other device, on this profile.
    Compared,
}

/// A key that passed the gate. Only the gate makes one, so what takes it cannot be
/// reached around the gate.
#[derive(Debug)]
pub struct UsableKey {
    key: StoredKey,
    newcomers: Vec<String>,
    shared_accepted: bool,
}

impl UsableKey {
    /// A person was told that what the other device shared is not compared, and goes on.
    #[must_use]
    pub fn accept_not_compared(mut self) -> Self {
        self.shared_accepted = true;
        self
    }

    /// Whether something may be made of what the other device shared: of a compared key
    /// only, or if a person goes on all the same.
    ///
    /// # Errors
    /// [`Refusal::SharedNotCompared`].
    pub fn check_shared(&self) -> Result<(), Refusal> {
        match shared_refusal(&self.key) {
            Some(refusal) if !self.shared_accepted => Err(refusal),
            _ => Ok(()),
        }
    }

    /// Whether nobody has compared anything with the other device. The key can
    /// be used all the same; a face says so.
    #[must_use]
    pub const fn is_unverified(&self) -> bool {
        !matches!(self.key.trust(), KeyTrust::Verified(_))
    }

    /// The contacts that came under the name of this key's contact, each with
    /// another identity, and that nobody has decided about yet; a face says so
    /// wherever it shows the key.
    #[must_use]
    pub fn newcomers(&self) -> &[String] {
        &self.newcomers
    }
}

impl Deref for UsableKey {
    type Target = StoredKey;

    fn deref(&self) -> &StoredKey {
        &self.key
    }
}

/// Why `key` must not be used, as far as `contacts`, all of the profile's, say.
/// `None` if it may.
#[must_use]
pub fn refusal(key: &StoredKey, contacts: &[Contact], require: Require) -> Option<Refusal> {
    if key.retired_at.is_some() {
        return Some(Refusal::Retired(key.name.clone()));
    }
    let Some(contact) = contacts.iter().find(|contact| contact.id() == key.contact) else {
        return Some(Refusal::ContactUnreadable(key.name.clone()));
    };
    if contact.trust() == Trust::Broken {
        return Some(Refusal::Mismatch(contact.name.to_string()));
    }
    if let (true, Some(conflict)) = (contact.is_held_back(), &contact.name_conflict) {
        return Some(held_back(contact, conflict, contacts));
    }
    if !key.file.is_acknowledged() {
        return Some(Refusal::NotAcknowledged(key.name.clone()));
    }
    let compared = matches!(key.trust(), KeyTrust::Verified(_));
    (require == Require::Compared && !compared).then(|| Refusal::NotCompared(key.name.clone()))
}

/// Why nothing must be made of what came with `key` on its card without a word of a person,
/// also where the key itself may be used. `None` if it may.
#[must_use]
pub fn shared_refusal(key: &StoredKey) -> Option<Refusal> {
    (!key.trust().vouches_for_card()).then(|| Refusal::SharedNotCompared(key.name.clone()))
}

fn held_back(contact: &Contact, conflict: &NameConflict, contacts: &[Contact]) -> Refusal {
    let name = contact.name.to_string();
    if conflict.decision == Some(ConflictDecision::Blocked) {
        return Refusal::Blocked(name);
    }
    let known = contacts.iter().find(|known| known.id() == conflict.id);
    let known = known.map_or(&conflict.name, |known| &known.name).to_string();
    Refusal::HeldBack { contact: name, known, decided: conflict.decision.is_some() }
}

/// The contacts that came under the name of the one with this id, with another
/// identity, as long as they are not known to be somebody else.
pub fn newcomers(known: ContactId, contacts: &[Contact]) -> impl Iterator<Item = &Contact> {
    contacts.iter().filter(move |contact| {
        let conflict = contact.name_conflict.as_ref();
        conflict.is_some_and(|conflict| conflict.id == known && conflict.concerns_known())
    })
}

/// Which of a contact's keys is meant if none is named: a usable one; verified
/// before unverified, paired before imported, then the one that this profile took
/// in last. If none is usable, one whose refusal says why.
#[must_use]
pub fn best_key<'a>(
    keys: impl Iterator<Item = &'a StoredKey>,
    contacts: &[Contact],
) -> Option<&'a StoredKey> {
    keys.max_by_key(|key| {
        let usable = refusal(key, contacts, Require::Usable).is_none();
        let verified = matches!(key.trust(), KeyTrust::Verified(_));
        (usable, verified, key.provenance.is_paired(), key.order())
    })
}

impl Profile {
    /// The key with this id, if it may be used.
    ///
    /// # Errors
    /// [`StoreError::Refused`], [`StoreError::NotFound`].
    pub fn usable_key(&self, id: KeyId, require: Require) -> Result<UsableKey, StoreError> {
        let key = self.key(id)?;
        let contacts = self.contacts_to_change()?;
        if let Some(refusal) = refusal(&key, &contacts, require) {
            return Err(refusal.into());
        }
        let newcomers = newcomers(key.contact, &contacts).map(|new| new.name.to_string()).collect();
        Ok(UsableKey { key, newcomers, shared_accepted: false })
    }

    /// The key that a person means by `text`, if it may be used: a key; or a
    /// contact, which means its best key. Where a contact and its own key have one
    /// name, the key is meant.
    ///
    /// # Errors
    /// [`StoreError::Refused`], [`StoreError::NotFound`], [`StoreError::Ambiguous`],
    /// [`StoreError::NoKey`].
    pub fn find_usable_key(&self, text: &str, require: Require) -> Result<UsableKey, StoreError> {
        match self.find(text)? {
            Meant::Key(key) | Meant::Both(_, key) => self.usable_key(key, require),
            Meant::Contact(contact) => self.usable_key_of(contact, require),
        }
    }

    /// The key to seal with for whom a person means by `text`: a contact, which
    /// means its best key, or a key. Where a contact and its own key have one name,
    /// the contact is meant.
    ///
    /// # Errors
    /// [`StoreError::Refused`], [`StoreError::NotFound`], [`StoreError::Ambiguous`],
    /// [`StoreError::NoKey`].
    pub fn find_key_to_seal(&self, text: &str, require: Require) -> Result<UsableKey, StoreError> {
        match self.find(text)? {
            Meant::Contact(contact) | Meant::Both(contact, _) => {
                self.usable_key_of(contact, require)
            }
            Meant::Key(key) => self.usable_key(key, require),
        }
    }

    /// The best key of a contact.
    ///
    /// # Errors
    /// [`StoreError::Refused`], [`StoreError::NotFound`], [`StoreError::NoKey`].
    pub fn usable_key_of(
        &self,
        contact: ContactId,
        require: Require,
    ) -> Result<UsableKey, StoreError> {
        let contacts = self.contacts_to_change()?;
        let name = self.contact(contact)?.name;
        let (keys, _) = self.keys()?;
        let own = keys.iter().filter(|key| key.contact == contact);
        let id = best_key(own, &contacts).map(|key| key.file.key_id());
        let id = id.ok_or_else(|| StoreError::NoKey(name.to_string()))?;
        self.usable_key(id, require)
    }
}
