//! Contacts in the profile.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{CONTACTS, Profile, StoreError, StoredKey, read_file};
use keyglance_core::contacts::{Contact, ContactError, ContactId, Name, PeerIdentity, same_name};
use keyglance_core::trust::Trust;

/// What becomes of a contact whose name a new identity was to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Both stay, and may be exported.
    KeepBoth,
    /// The new one takes the name; the old one's keys are retired.
    Replace,
}

impl Profile {
    /// The contact that a person means by `name`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn find_contact(&self, name: &str) -> Result<Contact, StoreError> {
        let (contacts, _) = self.contacts()?;
        contacts
            .into_iter()
            .find(|c| same_name(&c.name, name))
            .ok_or_else(|| not_found("contact", name))
    }

    /// The contact with this id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn contact(&self, id: ContactId) -> Result<Contact, StoreError> {
        let contact = self.contacts_to_change()?.into_iter().find(|contact| contact.id() == id);
        contact.ok_or_else(|| not_found("contact", &id.to_string()))
    }

    /// The contact that a key belongs to.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn contact_of(&self, key: &StoredKey) -> Result<Contact, StoreError> {
        self.contact(key.contact)
    }

    /// Adds a contact that this device has not paired with yet.
    ///
    /// # Errors
    /// [`StoreError::Known`], [`StoreError::NameTaken`], [`StoreError::Name`].
    pub fn add_contact(
        &self,
        name: &str,
        identity: PeerIdentity,
        at: Timestamp,
    ) -> Result<Contact, StoreError> {
        let name: Name = name.parse()?;
        let _lock = self.lock()?;
        let contacts = self.contacts_to_change()?;
        if let Some(known) = contacts.iter().find(|c| *c.fingerprint() == identity.fingerprint) {
            return Err(StoreError::Known(known.name.to_string()));
        }
        if contacts.iter().any(|c| same_name(&c.name, &name)) {
            return Err(StoreError::NameTaken(name.to_string()));
        }
        let contact = Contact::from_public_key(name, identity, at);
        self.write_contact(&contact, true)?;
        Ok(contact)
    }

    /// A comparison of the contact with this name matched, or it did not. Where
    /// it matched, so do the contact's keys that were agreed on with it: the
    /// same identity made them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_trust(&self, name: &str, trust: Trust, at: Timestamp) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        self.trust_locked(self.contact_to_change(name)?, trust, at)
    }

    /// The same, for the contact with this id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_trust_of(
        &self,
        id: ContactId,
        trust: Trust,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        self.trust_locked(self.contact(id)?, trust, at)
    }

    fn trust_locked(
        &self,
        mut contact: Contact,
        trust: Trust,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        contact.set_trust(trust, at);
        // The contact first: cut off here, its keys claim too little.
        self.write_contact(&contact, false)?;
        if let Trust::Verified(verified) = trust {
            for mut key in self.keys_to_change()? {
                if key.contact == contact.id() && !key.imported && key.file.verified.is_none() {
                    key.file.verified = Some(verified);
                    self.write_key(&mut key)?;
                }
            }
        }
        Ok(())
    }

    /// Decides between a contact that came with another identity and the one
    /// that had its name. Returns the new one's present name.
    ///
    /// # Errors
    /// [`StoreError::Decided`] where there is nothing to decide.
    pub fn decide(
        &self,
        name: &str,
        decision: Decision,
        at: Timestamp,
    ) -> Result<String, StoreError> {
        let _lock = self.lock()?;
        let mut new = self.contact_to_change(name)?;
        let contacts = self.contacts_to_change()?;
        let rival =
            new.name_conflict.take().ok_or_else(|| StoreError::Decided(new.name.to_string()))?;
        if decision == Decision::Replace {
            // In an order that leaves the question open until all is done.
            for mut key in self.keys_to_change()? {
                if key.contact == rival.id && key.retired_at.is_none() {
                    key.retired_at = Some(at);
                    self.write_key(&mut key)?;
                }
            }
            let taken = || contacts.iter().map(|contact| contact.name.as_str());
            match contacts.iter().find(|contact| same_name(&contact.name, &rival.name)) {
                Some(old) if old.id() == rival.id => {
                    let mut old = old.clone();
                    old.name = rival.name.with_suffix(" (old)")?.unique(taken());
                    self.write_contact(&old, false)?;
                    new.name = rival.name;
                }
                // Another contact has that name by now.
                Some(_) => {}
                None => new.name = rival.name,
            }
        }
        self.write_contact(&new, false)?;
        Ok(new.name.to_string())
    }

    /// Renames a contact. Its keys keep their names.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`], [`StoreError::NotFound`], [`StoreError::Name`].
    pub fn rename_contact(&self, name: &str, to: &str) -> Result<(), StoreError> {
        let to: Name = to.parse()?;
        let _lock = self.lock()?;
        let mut contact = self.contact_to_change(name)?;
        let contacts = self.contacts_to_change()?;
        if contacts.iter().any(|c| same_name(&c.name, &to) && c.id() != contact.id()) {
            return Err(StoreError::NameTaken(to.to_string()));
        }
        contact.name = to;
        self.write_contact(&contact, false)
    }

    /// Removes a contact and its keys. Gives the keys' names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove_contact(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let _lock = self.lock()?;
        let contact = self.contact_to_change(name)?;
        let mut keys = self.keys_to_change()?;
        keys.sort_by_key(|key| key.name.to_lowercase());
        let mut removed = Vec::new();
        // The keys first: a key is never there without a contact.
        for key in keys.into_iter().filter(|key| key.contact == contact.id()) {
            self.shred(&self.key_path(key.file.key_id()))?;
            removed.push(key.name);
        }
        self.remove(&self.contact_path(&contact))?;
        Ok(removed)
    }

    fn contact_to_change(&self, name: &str) -> Result<Contact, StoreError> {
        let contacts = self.contacts_to_change()?;
        let contact = contacts.into_iter().find(|contact| same_name(&contact.name, name));
        contact.ok_or_else(|| not_found("contact", name))
    }

    /// Under the lock. A file in the new contact's place that cannot be read is
    /// renamed; one of a newer program stays, and is an error.
    pub(super) fn write_contact(&self, contact: &Contact, new: bool) -> Result<(), StoreError> {
        let path = self.contact_path(contact);
        if new {
            let newer = match read_file(&path) {
                Ok(Some(bytes)) => Contact::from_json(&bytes).err(),
                _ => None,
            };
            if let Some(ContactError::Newer(version)) = newer {
                return Err(StoreError::Newer(version));
            }
            self.quarantine(&path)?;
        }
        self.write(&path, &contact.to_json())
    }

    pub(super) fn contact_path(&self, contact: &Contact) -> PathBuf {
        self.folder.join(CONTACTS).join(format!("{}.json", contact.id()))
    }
}

pub(super) fn not_found(what: &'static str, name: &str) -> StoreError {
    StoreError::NotFound { what, name: name.to_owned() }
}
