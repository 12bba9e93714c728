//! The one gate: may this key be used?
//!
//! Everything that makes something of a key asks here: an export, a code, a
//! sealed file; and so does a face before it offers one of these. What cannot be
//! known is refused.

use std::ops::Deref;

use keyglance_core::contacts::Contact;
use keyglance_core::crypto::KeyId;
use keyglance_core::trust::Trust;

use crate::storage::{Profile, StoreError, StoredKey};

/// Why a key must not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A comparison with its contact failed.
    #[error("the numbers of {0:?} did not match")]
    Mismatch(String),
    /// Another identity came under its contact's name.
    #[error("{contact:?} has a different key than before, and it is not decided which to use")]
    Undecided {
        /// The contact that the key belongs to.
        contact: String,
        /// The one that came.
        other: String,
    },
    /// It was retired.
    #[error("the key {0:?} is retired")]
    Retired(String),
    /// The other device has not confirmed that it holds the key.
    #[error("the other device has not confirmed the key {0:?}")]
    NotAcknowledged(String),
    /// Its contact's file is missing, damaged or newer than this program, so that
    /// nobody can say how far the key is to be trusted.
    #[error("the contact of the key {0:?} cannot be read")]
    ContactUnreadable(String),
}

/// A key that passed the gate. Only [`Profile::usable_key`] makes one, so what
/// takes it cannot be reached around the gate.
#[derive(Debug)]
pub struct UsableKey(StoredKey);

impl UsableKey {
    /// Whether nobody has compared anything with the other device. The key can
    /// be used all the same; a face says so.
    #[must_use]
    pub const fn is_unverified(&self) -> bool {
        self.0.file.verified.is_none()
    }
}

impl Deref for UsableKey {
    type Target = StoredKey;

    fn deref(&self) -> &StoredKey {
        &self.0
    }
}

/// Why `key` must not be used, as far as `contacts`, all of the profile's, say.
/// `None` if it may.
#[must_use]
pub fn refusal(key: &StoredKey, contacts: &[Contact]) -> Option<Refusal> {
    if key.retired_at.is_some() {
        return Some(Refusal::Retired(key.name.clone()));
    }
    let Some(contact) = contacts.iter().find(|contact| contact.id() == key.contact) else {
        return Some(Refusal::ContactUnreadable(key.name.clone()));
    };
    if contact.trust() == Trust::Broken {
        return Some(Refusal::Mismatch(contact.name.to_string()));
    }
    let conflicts =
        |other: &&Contact| other.name_conflict.as_ref().is_some_and(|r| r.id == key.contact);
    if let Some(other) = contacts.iter().find(conflicts) {
        let (contact, other) = (contact.name.to_string(), other.name.to_string());
        return Some(Refusal::Undecided { contact, other });
    }
    (!key.file.is_acknowledged()).then(|| Refusal::NotAcknowledged(key.name.clone()))
}

/// Which of a contact's keys is meant if none is named: a usable one; verified
/// before unverified, paired before imported, then the one stored last. If none is
/// usable, one whose refusal says why.
#[must_use]
pub fn best_key<'a>(
    keys: impl Iterator<Item = &'a StoredKey>,
    contacts: &[Contact],
) -> Option<&'a StoredKey> {
    keys.max_by_key(|key| {
        let usable = refusal(key, contacts).is_none();
        (usable, key.file.verified.is_some(), !key.imported, key.stored_at())
    })
}

impl Profile {
    /// The key with this id, if it may be used.
    ///
    /// # Errors
    /// [`StoreError::Refused`], [`StoreError::NotFound`].
    pub fn usable_key(&self, id: KeyId) -> Result<UsableKey, StoreError> {
        self.pass(self.key(id)?)
    }

    /// The key that a person means by `text`, if it may be used: a key's name or
    /// the start of its id; or a contact's name, which means its best key.
    ///
    /// # Errors
    /// [`StoreError::Refused`], [`StoreError::NotFound`], [`StoreError::NoKey`].
    pub fn find_usable_key(&self, text: &str) -> Result<UsableKey, StoreError> {
        match self.find_key(text) {
            // Neither: it is a key that was asked for.
            Err(no_key @ StoreError::NotFound { .. }) => match self.usable_key_of(text) {
                Err(StoreError::NotFound { .. }) => Err(no_key),
                key => key,
            },
            key => self.pass(key?),
        }
    }

    /// The best key of the contact that a person means by `text`.
    ///
    /// # Errors
    /// [`StoreError::Refused`], [`StoreError::NotFound`], [`StoreError::NoKey`].
    pub fn usable_key_of(&self, text: &str) -> Result<UsableKey, StoreError> {
        let contact = self.find_contact(text)?;
        let contacts = self.contacts_to_change()?;
        let (keys, _) = self.keys()?;
        let own = keys.iter().filter(|key| key.contact == contact.id());
        let id = best_key(own, &contacts).map(|key| key.file.key_id());
        let id = id.ok_or_else(|| StoreError::NoKey(contact.name.to_string()))?;
        self.usable_key(id)
    }

    pub(crate) fn pass(&self, key: StoredKey) -> Result<UsableKey, StoreError> {
        match refusal(&key, &self.contacts_to_change()?) {
            Some(refusal) => Err(refusal.into()),
            None => Ok(UsableKey(key)),
        }
    }
}
