//! Restoring a backup of a profile: what is missing comes back, and nothing that is
//! there is replaced or lost.

use jiff::Timestamp;
use keyglance_core::contacts::{Contact, NameConflict, same_name};
use keyglance_core::keyfile::PassphraseError;
use keyglance_core::trust::{Provenance, Trust};

use super::backup::{Backup, BackupError};
use super::keys::name_by_contacts;
use super::{Identity, IdentityState, Profile, StoreError, StoredKey, identity};

/// What becomes of the identity of a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestoredIdentity {
    /// The profile has none: it is taken, protected as it was.
    Taken,
    /// It is this profile's, and stays as it is.
    Same,
    /// This profile is somebody else, and stays so. What the backup says of its keys
    /// is only a claim then.
    Foreign,
}

/// What restoring a backup does, or has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restoration {
    /// What becomes of the identity.
    pub identity: RestoredIdentity,
    /// The names of contacts that come back.
    pub contacts: Vec<String>,
    /// The names of keys that come back.
    pub keys: Vec<String>,
    /// The names of keys that stay away: they were wiped since the devices did not
    /// agree on them.
    pub rejected: Vec<String>,
    /// How many contacts are there, and stay as they are.
    pub kept_contacts: usize,
    /// How many keys are there, and stay as they are.
    pub kept_keys: usize,
}

/// What is to be written, in this order, and what is said of it.
struct Plan {
    contacts: Vec<Contact>,
    keys: Vec<StoredKey>,
    said: Restoration,
}

impl Profile {
    /// What [`Profile::restore`] would do. `own` is this profile's identity, if it has
    /// one and it is protected.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn plan_restoration(
        &self,
        backup: &Backup,
        own: Option<&Identity>,
    ) -> Result<Restoration, BackupError> {
        let identity = self.whose(backup, own)?;
        Ok(self.plan(backup, identity, Timestamp::UNIX_EPOCH)?.said)
    }

    /// Restores a backup. Keys and contacts are as they were where this profile is
    /// empty, or the very one that made the backup; else the keys are imported, and
    /// nothing is verified by them. Cut off anywhere, restoring once more does the
    /// rest.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn restore(
        &self,
        backup: &Backup,
        own: Option<&Identity>,
        at: Timestamp,
    ) -> Result<Restoration, BackupError> {
        let lock = self.lock()?;
        let whose = self.whose(backup, own)?;
        let Plan { contacts, mut keys, said } = self.plan(backup, whose, at)?;
        // The identity first: with it, what is left is this profile's own.
        if whose == RestoredIdentity::Taken {
            match &backup.sealed {
                Some(sealed) => self.write(&self.folder.join(identity::SEALED), sealed)?,
                None => {
                    self.write(&self.folder.join(identity::PLAIN), &backup.identity.to_json())?;
                }
            }
        }
        for contact in &contacts {
            self.write_contact(contact, true)?;
        }
        for key in &mut keys {
            // What cannot be read is moved out of the way, and not lost.
            self.quarantine(&self.key_path(key.file.key_id()))?;
            self.write_key(key)?;
        }
        drop(lock);
        if let (RestoredIdentity::Taken, Some(settings)) = (said.identity, &backup.settings) {
            self.restore_settings(settings)?;
        }
        Ok(said)
    }

    fn whose(
        &self,
        backup: &Backup,
        own: Option<&Identity>,
    ) -> Result<RestoredIdentity, BackupError> {
        let made_by = |own: &Identity| {
            let ours = own.key.made_backup_tag(&backup.body, &backup.tag);
            if ours { RestoredIdentity::Same } else { RestoredIdentity::Foreign }
        };
        Ok(match (self.identity()?, own) {
            (IdentityState::Plain(own), _) => made_by(&own),
            (IdentityState::Sealed(_), Some(own)) => made_by(own),
            (IdentityState::Sealed(_), None) => return Err(PassphraseError::Empty.into()),
            (IdentityState::Missing, _) if self.holds_nothing()? => RestoredIdentity::Taken,
            (IdentityState::Missing, _) => RestoredIdentity::Foreign,
        })
    }

    fn holds_nothing(&self) -> Result<bool, StoreError> {
        let ((contacts, more), (keys, warnings)) = (self.contacts()?, self.keys()?);
        Ok(contacts.is_empty() && more.is_empty() && keys.is_empty() && warnings.is_empty())
    }

    fn plan(
        &self,
        backup: &Backup,
        identity: RestoredIdentity,
        at: Timestamp,
    ) -> Result<Plan, StoreError> {
        let own = identity != RestoredIdentity::Foreign;
        let (mut contacts, mut keys) = (self.contacts_to_change()?, self.keys_to_change()?);
        let (kept_contacts, kept_keys) = (contacts.len(), keys.len());
        let rejected = self.rejected_keys()?;
        // They were read before.
        let read = backup.keys.iter().filter_map(|bytes| StoredKey::from_json(bytes).ok());
        let (mut come, mut away): (Vec<StoredKey>, Vec<StoredKey>) = (Vec::new(), Vec::new());
        for key in read {
            let away_too = rejected.contains(&key.file.key_id().to_string());
            if away_too { &mut away } else { &mut come }.push(key);
        }
        for contact in &backup.contacts {
            // A contact that came with a rejected key went with it.
            let went = away.iter().any(|key| key.takes_along(contact, &come));
            if went || contacts.iter().any(|known| known.id() == contact.id()) {
                continue;
            }
            let names = [contact.name.as_str(), &contact.suggested_name];
            let rival = contacts.iter().find(|c| names.iter().any(|name| same_name(&c.name, name)));
            let mut new = if own { contact.clone() } else { stranger(contact, at) };
            new.name = contact.name.unique(contacts.iter().map(|c| c.name.as_str()));
            if let (Some(rival), None, false) = (rival, &new.name_conflict, own) {
                new.name_conflict = Some(NameConflict::new(rival.id(), rival.name.clone()));
            }
            contacts.push(new);
        }
        let mut order = keys.iter().map(StoredKey::order).max().map_or(0, |(order, _)| order);
        come.sort_by_key(StoredKey::order);
        for mut key in come {
            let known = keys.iter().any(|known| known.file.key_id() == key.file.key_id());
            // Nobody can say how far a key without a contact is to be trusted.
            if known || !contacts.iter().any(|contact| contact.id() == key.contact) {
                continue;
            }
            // Each restoring would forget the wrong entries that came after the backup. The
            // safety number can be compared.
            key.comparison = None;
            if own {
                key.restored_at = Some(at);
            } else {
                order += 1;
                key.became_imported(at, order);
            }
            keys.push(key);
        }
        name_by_contacts(&mut keys, &contacts);
        let contacts = contacts.split_off(kept_contacts);
        let keys = keys.split_off(kept_keys);
        let said = Restoration {
            identity,
            contacts: contacts.iter().map(|contact| contact.name.to_string()).collect(),
            keys: keys.iter().map(|key| key.name.clone()).collect(),
            rejected: away.into_iter().map(|key| key.name).collect(),
            kept_contacts,
            kept_keys,
        };
        Ok(Plan { contacts, keys, said })
    }
}

/// A contact of which only somebody else's profile tells: what was compared there does
/// not hold here, and what did not match there is not used here either.
fn stranger(contact: &Contact, at: Timestamp) -> Contact {
    let trust = match contact.trust() {
        Trust::Broken => Trust::Broken,
        Trust::Unverified | Trust::SeenByCamera | Trust::Verified(_) => Trust::Unverified,
    };
    let (name, suggested) = (contact.name.clone(), contact.suggested_name.clone());
    Contact::from_pairing(name, suggested, *contact.identity(), trust, at)
}

impl StoredKey {
    /// As if its file had been imported at `at`.
    fn became_imported(&mut self, at: Timestamp, order: u64) {
        self.claim = self.file.verified.take().or(self.claim);
        self.provenance = Provenance::Imported;
        self.brought_contact = false;
        self.exports.clear();
        (self.restored_at, self.stored, self.order) = (None, Some(at), order);
    }
}
