//! What a pairing leaves in the profile: a key, and its contact.

use jiff::Timestamp;
use keyglance_core::contacts::same_name;

use super::keys::{key_name, next_number};
use super::{Profile, StoreError, StoredKey};
use keyglance_core::contacts::{Contact, ContactId, Name, NameConflict, PeerIdentity};
use keyglance_core::crypto::KeyId;
use keyglance_core::keyfile::KeyFile;
use keyglance_core::pairing::PendingCheck;
use keyglance_core::trust::{Method, Provenance, Trust, Verified};

/// What [`Profile::save_pairing`] stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedPairing {
    /// The key.
    pub key_id: KeyId,
    /// What the key is called now.
    pub key_name: String,
    /// The id of its contact.
    pub contact: ContactId,
    /// What its contact is called.
    pub contact_name: String,
    /// Whether the contact was not there before.
    pub new_contact: bool,
    /// What the contact is called that has the wanted name, and another identity.
    /// The key is held back until a person has decided and compared.
    pub key_changed: Option<String>,
    /// Set if the contact was verified before: the same identity made this key.
    pub verified: Option<Verified>,
    /// What the file that was imported claims: that somebody verified it.
    pub claim: Option<Verified>,
}

impl Profile {
    /// Stores a pairing's key, and its contact if it is new. Nothing that
    /// was there is replaced: a second key of a contact gets a name of its
    /// own, and so does a new identity under a known name, whose key is held back
    /// until a person has decided ([`Profile::decide`]) and compared it. `comparison`
    /// is what a person can still type ([`Profile::enter_check_code`]).
    ///
    /// # Errors
    /// [`StoreError`]; nothing is stored then.
    pub fn save_pairing(
        &self,
        file: KeyFile,
        name: Option<&str>,
        provenance: Provenance,
        comparison: Option<PendingCheck>,
    ) -> Result<SavedPairing, StoreError> {
        let _lock = self.lock()?;
        let at = file.created;
        self.save_locked(file, name, (provenance, comparison), at)
    }

    /// Stores a key that came from a file. Nothing is verified by it, whatever it
    /// says: that is kept as a claim. A contact that is there already stays as it
    /// is, and vouches for nothing: anybody can write a file with its public key.
    ///
    /// # Errors
    /// [`StoreError::KeyKnown`]: the key is here, and nothing was changed.
    /// [`StoreError::KeyRejected`]: it was wiped since the devices did not agree on it.
    /// [`StoreError`]; nothing is stored then.
    pub fn import(
        &self,
        file: KeyFile,
        name: Option<&str>,
        at: Timestamp,
    ) -> Result<SavedPairing, StoreError> {
        let _lock = self.lock()?;
        let keys = self.keys_to_change()?;
        if keys.iter().any(|key| key.file.key_id() == file.key_id()) {
            return Err(StoreError::KeyKnown(self.key(file.key_id())?.name));
        }
        if self.is_rejected(file.key_id())? {
            return Err(StoreError::KeyRejected);
        }
        self.save_locked(file, name, (Provenance::Imported, None), at)
    }

    fn save_locked(
        &self,
        mut file: KeyFile,
        name: Option<&str>,
        (provenance, comparison): (Provenance, Option<PendingCheck>),
        at: Timestamp,
    ) -> Result<SavedPairing, StoreError> {
        let suggested = file.peer.name.as_str().to_owned();
        let wanted = match name {
            Some(name) => name.parse::<Name>()?,
            None => Name::suggested_by(&file.peer.name),
        };
        let peer = PeerIdentity::of(file.peer.identity);
        let contacts = self.contacts_to_change()?;
        let known = contacts.iter().find(|c| *c.fingerprint() == peer.fingerprint);
        let rival = contacts.iter().find(|c| known.is_none() && same_name(&c.name, &wanted));
        let open = known.and_then(|known| known.name_conflict.as_ref());
        let open = open.and_then(|open| contacts.iter().find(|c| c.id() == open.id));
        let key_changed = rival.or(open).map(|rival| rival.name.to_string());
        let (paired, trust) = (provenance.is_paired(), provenance.contact_trust());
        let contact = match known {
            Some(known) => {
                let mut known = known.clone();
                known.record_pairing(&suggested, file.peer.identity, trust, file.created);
                known
            }
            None => {
                let name = wanted.unique(contacts.iter().map(|c| c.name.as_str()));
                // A date in a file from elsewhere says nothing.
                let since = if paired { file.created } else { at };
                let mut new = Contact::from_pairing(name, suggested, peer, trust, since);
                // A file is no reason to doubt a contact.
                let rival = rival.filter(|_| paired);
                new.name_conflict = rival.map(|r| NameConflict::new(r.id(), r.name.clone()));
                new
            }
        };
        let claim = if paired { None } else { file.verified };
        file.verified = match contact.trust() {
            Trust::Verified(verified) if paired => Some(verified),
            _ => None,
        };
        let verified = file.verified;
        let key_id = file.key_id();
        // A program that was killed while it stored this key may have got that far.
        let (before, keys): (Vec<_>, Vec<_>) =
            self.keys_to_change()?.into_iter().partition(|key| key.file.key_id() == key_id);
        let before = before.first();
        let order = 1 + keys.iter().map(|key| key.order).max().unwrap_or_default();
        let number = before.and_then(|before| before.number);
        let number = number.unwrap_or_else(|| next_number(&keys, contact.id()));
        let key_name = key_name(&contact.name, number);

        // The contact first: a key is never there without one.
        self.write_contact(&contact, known.is_none())?;
        let mut key = StoredKey::new((key_name.clone(), number), file, provenance, (at, order));
        key.claim = claim;
        key.comparison = comparison;
        key.brought_contact =
            known.is_none() || before.is_some_and(|before| before.brought_contact);
        self.write_key(&mut key)?;
        Ok(SavedPairing {
            key_id,
            key_name,
            contact: contact.id(),
            contact_name: contact.name.to_string(),
            new_contact: known.is_none(),
            key_changed,
            verified,
            claim,
        })
    }

    /// The user made sure of the other device: the key and its contact are
    /// verified now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn verify(&self, key_id: KeyId, verified: Verified) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        self.verify_locked(self.key(key_id)?, verified)
    }

    pub(super) fn verify_locked(
        &self,
        mut key: StoredKey,
        verified: Verified,
    ) -> Result<(), StoreError> {
        key.file.verified = Some(verified);
        self.write_key(&mut key)?;
        let mut contact = self.contact_of(&key)?;
        contact.set_trust(Trust::Verified(verified), verified.at);
        self.settle(&mut contact, verified.at)?;
        self.write_contact(&contact, false)
    }

    /// Undoes [`Profile::save_pairing`]: the key goes, and the contact if it came with it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn discard_pairing(&self, kept: &SavedPairing) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        self.discard_locked(&self.key(kept.key_id)?)
    }

    /// Wipes a key, and its contact if it goes with it ([`StoredKey::takes_along`]).
    pub(super) fn discard_locked(&self, key: &StoredKey) -> Result<(), StoreError> {
        let keys = self.keys_to_change()?;
        self.shred(&self.key_path(key.file.key_id()))?;
        let contact = self.contact_of(key)?;
        if key.takes_along(&contact, &keys) {
            self.remove(&self.contact_path(&contact))?;
        }
        Ok(())
    }
}

impl StoredKey {
    /// Whether `contact` goes when this key is wiped: it came with the key, has no
    /// other one among `keys`, and nobody made sure of it in another way.
    pub(super) fn takes_along(&self, contact: &Contact, keys: &[Self]) -> bool {
        let id = self.file.key_id();
        let another = keys.iter().any(|k| k.contact == contact.id() && k.file.key_id() != id);
        // A check code is of this very key.
        let known = matches!(contact.trust(), Trust::Verified(v) if v.method != Method::CheckCode);
        self.contact == contact.id() && self.brought_contact && !another && !known
    }
}
