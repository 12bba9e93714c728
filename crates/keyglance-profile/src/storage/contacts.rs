//! Contacts in the profile.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{CONTACTS, Profile, StoreError, StoredKey, read_file};
use keyglance_core::contacts::{Contact, ContactError, ContactId, Name, PeerIdentity, same_name};
use keyglance_core::trust::Trust;

impl Profile {
    /// The contact with this id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn contact(&self, id: ContactId) -> Result<Contact, StoreError> {
        let contact = self.contacts_to_change()?.into_iter().find(|contact| contact.id() == id);
        contact.ok_or_else(|| not_found("contact", &id.to_string()))
    }

    /// The same, of its own file alone: where that has an earlier build's name, nothing.
    pub(super) fn contact_alone(&self, id: ContactId) -> Option<Contact> {
        let bytes = read_file(&self.folder.join(CONTACTS).join(format!("{id}.json"))).ok()??;
        Contact::from_json(&bytes).ok().filter(|contact| contact.id() == id)
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

    /// A comparison of the contact with this id matched, or it did not. Where it
    /// matched, so do the contact's keys that were agreed on with it: the same
    /// identity made them. A decision about its name that waited for it is
    /// carried out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_trust(&self, id: ContactId, trust: Trust, at: Timestamp) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        let mut contact = self.contact(id)?;
        contact.set_trust(trust, at);
        self.settle(&mut contact, at)?;
        // The contact first: cut off here, its keys claim too little.
        self.write_contact(&contact, false)?;
        if let Trust::Verified(verified) = trust {
            for mut key in self.keys_to_change()? {
                let ours = key.contact == contact.id() && key.provenance.is_paired();
                if ours && key.file.verified.is_none() {
                    key.file.verified = Some(verified);
                    // Digits that are mistyped must not wipe what is known to be right.
                    key.comparison = None;
                    self.write_key(&mut key)?;
                }
            }
        }
        Ok(())
    }

    /// Renames a contact, and with it its keys.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`], [`StoreError::NotFound`], [`StoreError::Name`].
    pub fn rename_contact(&self, id: ContactId, to: &str) -> Result<(), StoreError> {
        let to: Name = to.parse()?;
        let _lock = self.lock()?;
        let mut contact = self.contact(id)?;
        self.rename_locked(&mut contact, to)?;
        self.write_contact(&contact, false)
    }

    /// Changes the name, unless another contact has it.
    pub(super) fn rename_locked(&self, contact: &mut Contact, to: Name) -> Result<(), StoreError> {
        let contacts = self.contacts_to_change()?;
        if contacts.iter().any(|c| same_name(&c.name, &to) && c.id() != contact.id()) {
            return Err(StoreError::NameTaken(to.to_string()));
        }
        contact.name = to;
        Ok(())
    }

    /// Removes a contact and its keys. Gives the keys' names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove_contact(&self, id: ContactId) -> Result<Vec<String>, StoreError> {
        let _lock = self.lock()?;
        let contact = self.contact(id)?;
        let mut keys = self.keys_to_change()?;
        self.name_keys(&mut keys);
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

/// Every contact once, and with the whole id of the one that it has a conflict
/// with. Where a profile of version 1 is being brought over, a contact can have a
/// file of either name; they come sorted, and the later one has the whole id.
pub(super) fn one_each(mut contacts: Vec<Contact>) -> Vec<Contact> {
    contacts.reverse();
    let mut seen = Vec::new();
    contacts.retain(|contact| {
        let new = !seen.contains(&contact.id());
        seen.push(contact.id());
        new
    });
    for conflict in contacts.iter_mut().filter_map(|contact| contact.name_conflict.as_mut()) {
        conflict.id = conflict.id.completed(seen.iter().copied());
    }
    contacts
}
