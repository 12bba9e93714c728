//! What a pairing leaves in the profile: a key, and its contact.

use jiff::Timestamp;
use keyglance_core::contacts::same_name;

use super::{Profile, StoreError, StoredKey};
use keyglance_core::contacts::{Contact, Name, NameConflict, PeerIdentity};
use keyglance_core::crypto::KeyId;
use keyglance_core::keyfile::KeyFile;
use keyglance_core::pairing::PendingCheck;
use keyglance_core::trust::{Method, Trust, Verified};

/// Where a key came from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The devices agreed on it, each by its identity, and their check codes can be
    /// compared.
    Pairing(Option<PendingCheck>),
    /// A file, which proves nothing of whose it is.
    File,
}

impl Origin {
    const fn is_pairing(self) -> bool {
        matches!(self, Self::Pairing(_))
    }
}

/// What [`Profile::save_pairing`] stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedPairing {
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
    /// Set if the contact was verified before: the same identity made this key.
    pub verified: Option<Verified>,
}

impl Profile {
    /// Stores a pairing's key, and its contact if it is new. Nothing that
    /// was there is replaced: a second key of a contact gets a name of its
    /// own, and so does a new identity under a known name, whose old key is
    /// then not exported until [`Profile::decide`]. `comparison` is what a person can
    /// still type ([`Profile::enter_check_code`]).
    ///
    /// # Errors
    /// [`StoreError`]; nothing is stored then.
    pub fn save_pairing(
        &self,
        file: KeyFile,
        name: Option<&str>,
        trust: Trust,
        comparison: Option<PendingCheck>,
    ) -> Result<SavedPairing, StoreError> {
        let _lock = self.lock()?;
        let at = file.created;
        self.save_locked(file, name, trust, Origin::Pairing(comparison), at)
    }

    /// Stores a key that came from a file. A contact that is there already
    /// stays as it is, and vouches for nothing: anybody can write a file with
    /// its public key.
    ///
    /// # Errors
    /// [`StoreError::KeyKnown`]: the key is here, and nothing was changed.
    /// [`StoreError`]; nothing is stored then.
    pub fn import(
        &self,
        file: KeyFile,
        name: Option<&str>,
        trust: Trust,
        at: Timestamp,
    ) -> Result<SavedPairing, StoreError> {
        let _lock = self.lock()?;
        let keys = self.keys_to_change()?;
        if let Some(known) = keys.into_iter().find(|key| key.file.key_id() == file.key_id()) {
            return Err(StoreError::KeyKnown(known.name));
        }
        self.save_locked(file, name, trust, Origin::File, at)
    }

    fn save_locked(
        &self,
        mut file: KeyFile,
        name: Option<&str>,
        trust: Trust,
        origin: Origin,
        at: Timestamp,
    ) -> Result<SavedPairing, StoreError> {
        let suggested = file.peer.name.as_str().to_owned();
        let wanted = match name {
            Some(name) => name.parse::<Name>()?,
            None => suggested.parse().or_else(|_| "Unnamed device".parse())?,
        };
        let peer = PeerIdentity::of(file.peer.identity);
        let contacts = self.contacts_to_change()?;
        let known = contacts.iter().find(|c| *c.fingerprint() == peer.fingerprint);
        let rival = contacts.iter().find(|c| known.is_none() && same_name(&c.name, &wanted));
        let key_changed = rival.map(|rival| rival.name.to_string());
        let contact = match known {
            Some(known) => {
                let mut known = known.clone();
                let trust = if origin.is_pairing() { trust } else { Trust::Unverified };
                known.record_pairing(&suggested, file.peer.identity, trust, file.created);
                known
            }
            None => {
                let name = wanted.unique(contacts.iter().map(|c| c.name.as_str()));
                let mut new = Contact::from_pairing(name, suggested, peer, trust, file.created);
                // A file is no reason to doubt a contact.
                let rival = rival.filter(|_| origin.is_pairing());
                new.name_conflict =
                    rival.map(|rival| NameConflict { id: rival.id(), name: rival.name.clone() });
                new
            }
        };
        if let (Trust::Verified(verified), Origin::Pairing(_)) = (contact.trust(), origin) {
            file.verified = file.verified.or(Some(verified));
        }
        let verified = file.verified;
        let keys = self.keys_to_change()?;
        let key_id = file.key_id();
        let others = keys.iter().filter(|key| key.file.key_id() != key_id);
        let base = if name.is_some() && key_changed.is_none() { &wanted } else { &contact.name };
        let key_name = base.unique(others.map(|key| key.name.as_str())).to_string();

        // The contact first: a key is never there without one.
        self.write_contact(&contact, known.is_none())?;
        let mut key = StoredKey::new(key_name.clone(), contact.id(), file, at);
        key.imported = !origin.is_pairing();
        key.brought_contact = known.is_none();
        if let Origin::Pairing(comparison) = origin {
            key.comparison = comparison;
        }
        self.write_key(&mut key)?;
        Ok(SavedPairing {
            key_id,
            key_name,
            contact_name: contact.name.to_string(),
            new_contact: known.is_none(),
            key_changed,
            verified,
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

    /// Wipes a key. Its contact goes too if it came with this key, has no other one,
    /// and nobody made sure of it in another way.
    pub(super) fn discard_locked(&self, key: &StoredKey) -> Result<(), StoreError> {
        let id = key.file.key_id();
        let keys = self.keys_to_change()?;
        let last = !keys.iter().any(|k| k.contact == key.contact && k.file.key_id() != id);
        self.shred(&self.key_path(id))?;
        let contact = self.contact_of(key)?;
        // A check code is of this very key.
        let known = matches!(contact.trust(), Trust::Verified(v) if v.method != Method::CheckCode);
        if key.brought_contact && last && !known {
            self.remove(&self.contact_path(&contact))?;
        }
        Ok(())
    }
}
