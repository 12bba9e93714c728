//! Contacts and keys: what a pairing leaves in the profile.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{KEYS, Profile, StoreError};
use crate::contacts::{Contact, Trust, local_name, unique_name};
use crate::crypto::KeyId;
use crate::keyfile::{KeyFile, Verified};

/// The member of a stored key file that is the profile's own. Never exported.
const MEMBER: &str = "profile";

/// A shared key in the profile.
#[derive(Debug)]
pub struct StoredKey {
    /// What we call it.
    pub name: String,
    /// The id of its contact.
    pub contact: String,
    /// The key file, without the profile's own member.
    pub file: KeyFile,
}

/// What [`Profile::keep`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The key.
    pub key_id: KeyId,
    /// What the key is called now.
    pub key_name: String,
    /// What its contact is called.
    pub contact_name: String,
    /// Whether the contact was not there before.
    pub new_contact: bool,
    /// A contact that has the wanted name, and another identity.
    pub key_changed: Option<String>,
}

impl Profile {
    /// Keeps a pairing's key, and its contact where it is new. Nothing that
    /// was there is replaced: a second key of a contact gets a name of its
    /// own, and so does a new identity under a known name.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is kept then.
    pub fn keep(
        &self,
        file: KeyFile,
        name: Option<&str>,
        trust: Trust,
    ) -> Result<Kept, StoreError> {
        let _lock = self.lock()?;
        self.keep_locked(file, name, trust)
    }

    /// Keeps a key that came from a file. A contact that is there already
    /// stays as it is: a file does not say how far it is to be trusted.
    ///
    /// # Errors
    /// [`StoreError::KeyKnown`]: the key is here, and nothing was changed.
    /// [`StoreError`]; nothing is kept then.
    pub fn import(
        &self,
        file: KeyFile,
        name: Option<&str>,
        trust: Trust,
    ) -> Result<Kept, StoreError> {
        let _lock = self.lock()?;
        let keys = self.keys_to_change()?;
        if let Some(known) = keys.into_iter().find(|key| key.file.key_id() == file.key_id()) {
            return Err(StoreError::KeyKnown(known.name));
        }
        let contacts = self.contacts_to_change()?;
        let known = contacts.iter().any(|contact| contact.identity == file.peer.identity);
        self.keep_locked(file, name, if known { Trust::Unverified } else { trust })
    }

    fn keep_locked(
        &self,
        file: KeyFile,
        name: Option<&str>,
        trust: Trust,
    ) -> Result<Kept, StoreError> {
        let suggested = file.peer.name.as_str().to_owned();
        let wanted = match name {
            Some(name) => local_name(name)?,
            None => local_name(&suggested).unwrap_or_else(|_| "Unnamed device".to_owned()),
        };
        let contacts = self.contacts_to_change()?;
        let known = contacts.iter().find(|c| c.identity == file.peer.identity);
        let same_name = contacts.iter().find(|c| same(&c.name, &wanted));
        let key_changed = match (known, same_name) {
            (None, Some(other)) => Some(other.name.clone()),
            _ => None,
        };
        let contact = match known {
            Some(known) => {
                let mut known = known.clone();
                known.trust = known.trust.raised(trust);
                known
            }
            None => {
                let name = unique_name(&wanted, contacts.iter().map(|c| c.name.as_str()));
                Contact::new(name, suggested, file.peer.identity, trust, file.created)
            }
        };
        let keys = self.keys_to_change()?;
        let key_id = file.key_id();
        let others = keys.iter().filter(|key| key.file.key_id() != key_id);
        let base = if name.is_some() && key_changed.is_none() { &wanted } else { &contact.name };
        let key_name = unique_name(base, others.map(|key| key.name.as_str()));

        // The contact first: a key is never there without one.
        self.write(&self.contact_path(&contact), &contact.to_json())?;
        let mut key = StoredKey { name: key_name.clone(), contact: contact.id(), file };
        self.write_key(&mut key)?;
        Ok(Kept {
            key_id,
            key_name,
            contact_name: contact.name,
            new_contact: known.is_none(),
            key_changed,
        })
    }

    /// The other device is known to hold the key too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn acknowledge(&self, key_id: KeyId) -> Result<(), StoreError> {
        self.change_key(key_id, |key| key.file.acknowledged = true).map(drop)
    }

    /// The user made sure of the other device: the key and its contact are
    /// verified now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn verify(&self, key_id: KeyId, verified: Verified) -> Result<(), StoreError> {
        let key = self.change_key(key_id, |key| key.file.verified = Some(verified))?;
        let _lock = self.lock()?;
        let (contacts, _) = self.contacts()?;
        let mut contact = contacts
            .into_iter()
            .find(|contact| contact.id() == key.contact)
            .ok_or_else(|| not_found("contact", &key.contact))?;
        contact.trust = Trust::Verified(verified);
        self.write(&self.contact_path(&contact), &contact.to_json())
    }

    /// A comparison of the contact with this name matched, or it did not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_trust(&self, name: &str, trust: Trust) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        let mut contact = self.contact(name)?;
        contact.trust = trust;
        self.write(&self.contact_path(&contact), &contact.to_json())
    }

    /// Undoes [`Profile::keep`]: the key goes, and the contact if it came with it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget(&self, kept: &Kept) -> Result<(), StoreError> {
        let key = self.key(&kept.key_id.to_string())?;
        let _lock = self.lock()?;
        self.remove(&self.key_path(kept.key_id))?;
        if kept.new_contact {
            let (contacts, _) = self.contacts()?;
            if let Some(contact) = contacts.iter().find(|contact| contact.id() == key.contact) {
                self.remove(&self.contact_path(contact))?;
            }
        }
        Ok(())
    }

    /// The key with this name, or whose id begins so (at least 4 digits).
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn key(&self, name: &str) -> Result<StoredKey, StoreError> {
        let (keys, _) = self.keys()?;
        let by_name = keys.iter().position(|key| same(&key.name, name));
        let index = by_name.or_else(|| {
            let id = name.to_lowercase();
            let fits = |key: &StoredKey| key.file.key_id().to_string().starts_with(&id);
            let mut fitting = keys.iter().enumerate().filter(|(_, key)| fits(key));
            let (index, _) = fitting.next()?;
            (id.len() >= 4 && fitting.next().is_none()).then_some(index)
        });
        index.and_then(|i| keys.into_iter().nth(i)).ok_or_else(|| not_found("key", name))
    }

    /// Removes a key. Its contact stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove_key(&self, name: &str) -> Result<StoredKey, StoreError> {
        let key = self.key(name)?;
        let _lock = self.lock()?;
        self.remove(&self.key_path(key.file.key_id()))?;
        Ok(key)
    }

    /// The contact with this name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn contact(&self, name: &str) -> Result<Contact, StoreError> {
        let (contacts, _) = self.contacts()?;
        contacts.into_iter().find(|c| same(&c.name, name)).ok_or_else(|| not_found("contact", name))
    }

    /// Calls a contact otherwise. Keys keep their names.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`], [`StoreError::NotFound`], [`StoreError::Name`].
    pub fn rename_contact(&self, name: &str, to: &str) -> Result<(), StoreError> {
        let to = local_name(to)?;
        let _lock = self.lock()?;
        let mut contact = self.contact(name)?;
        let contacts = self.contacts_to_change()?;
        if contacts.iter().any(|c| same(&c.name, &to) && c.identity != contact.identity) {
            return Err(StoreError::NameTaken(to));
        }
        contact.name = to;
        self.write(&self.contact_path(&contact), &contact.to_json())
    }

    /// Removes a contact and its keys. Gives the keys' names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove_contact(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let _lock = self.lock()?;
        let contact = self.contact(name)?;
        let mut keys = self.keys_to_change()?;
        keys.sort_by_key(|key| key.name.to_lowercase());
        let mut removed = Vec::new();
        // The keys first: a key is never there without a contact.
        for key in keys.into_iter().filter(|key| key.contact == contact.id()) {
            self.remove(&self.key_path(key.file.key_id()))?;
            removed.push(key.name);
        }
        self.remove(&self.contact_path(&contact))?;
        Ok(removed)
    }

    fn change_key(
        &self,
        key_id: KeyId,
        change: impl FnOnce(&mut StoredKey),
    ) -> Result<StoredKey, StoreError> {
        let _lock = self.lock()?;
        let mut key = self.key(&key_id.to_string())?;
        change(&mut key);
        self.write_key(&mut key)?;
        Ok(key)
    }

    fn write_key(&self, key: &mut StoredKey) -> Result<(), StoreError> {
        let own = json!({ "name": key.name, "contact": key.contact });
        key.file.set_member(MEMBER, Some(own));
        let written = self.write(&self.key_path(key.file.key_id()), &key.file.to_json());
        key.file.set_member(MEMBER, None);
        written
    }

    fn key_path(&self, key_id: KeyId) -> PathBuf {
        self.folder.join(KEYS).join(format!("{key_id}.json"))
    }
}

impl StoredKey {
    pub(super) fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let mut file = KeyFile::from_json(bytes).map_err(|error| error.to_string())?;
        let own = |member: &str| {
            let value = file.member(MEMBER)?.get(member)?;
            value.as_str().map(str::to_owned)
        };
        let (Some(name), Some(contact)) = (own("name"), own("contact")) else {
            return Err("it does not say whose key it is".to_owned());
        };
        file.set_member(MEMBER, None::<Value>);
        Ok(Self { name, contact, file })
    }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.trim().to_lowercase()
}

fn not_found(what: &'static str, name: &str) -> StoreError {
    StoreError::NotFound { what, name: name.to_owned() }
}
